"""View-model of the page Croisement: is the cross-matching reliable, and what does it change?

Everything is read from the quality published with the latest campaign; a number that was not published is a
state with its sign, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from observatory.domain.campaign import (
    WEIGHT_BANDS,
    FindingKind,
    MatchingMethod,
    QualityTopic,
    Source,
)
from observatory.domain.figures import FigureStatus
from observatory.french import campaign as words
from observatory.french import texts
from observatory.french.numbers import format_number
from observatory.views.campaign import CampaignCell, CampaignView

OTHERS = tuple(source for source in Source if source is not Source.PUPILS)
"""The bases that are matched to the pupil base."""
DEPARTEMENTS = ("04", "05", "06", "13", "83", "84", "other")
RATE_BASE = 20
"""Fewer records give no rate (method, section 6)."""
_NOTHING = (FigureStatus.MISSING, FigureStatus.NOT_APPLICABLE)
_AUTOMATIC = WEIGHT_BANDS[WEIGHT_BANDS.index("8_12") :]


@dataclass(frozen=True)
class Told:
    """A number in words, or the state that stands in its place; ``detail`` is its interval in words."""

    text: str
    status: FigureStatus = FigureStatus.VALUE
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    detail: str = ""


@dataclass(frozen=True)
class SourceLine:
    """One base: what its extract brought, and what became of its records."""

    label: str
    owner: str
    rows_in: Told
    rows_out: Told
    refused: Told
    repaired: Told
    linked: Told
    review: Told
    unlinked: Told
    rate: Told


@dataclass(frozen=True)
class ErrorLine:
    """Something to correct at the source: what, how often, what to do."""

    source: str
    what: str
    outcome: str
    count: Told
    remedy: str


@dataclass(frozen=True)
class MatchTable:
    """Match rates of each base, by département or by birth year; ``rows``: label and a cell a column."""

    caption: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Told, ...]], ...]


@dataclass(frozen=True)
class ReviewLine:
    """Doubtful pairs of one base, and what was decided of them."""

    source: str
    pairs: Told
    same: Told
    different: Told
    cannot_tell: Told


@dataclass(frozen=True)
class OverlapLine:
    """Persons that just these bases know."""

    sources: tuple[Source, ...]
    label: str
    persons: Told


@dataclass(frozen=True)
class CalibrationLine:
    """One band of weights: announced by the model, observed on the pairs that were checked."""

    label: str
    is_automatic: bool
    pairs: Told
    announced: Told
    observed: Told


@dataclass(frozen=True)
class MethodLine:
    """One way of matching, against the truth where it is known.

    ``reach``: links found among those to be made; without the truth, links made beside the most that are.
    """

    label: str
    note: str
    is_ours: bool
    reach: float | None
    reach_text: str
    pairs: Told
    precision: Told
    recall: Told
    mission_locale_recall: Told


@dataclass(frozen=True)
class CountLine:
    """A label and a number of persons, with its share where there is one."""

    label: str
    persons: Told
    share: Told


@dataclass(frozen=True)
class Croisement:
    """All that the page shows of one campaign; ``sentences``: matched, how sure, what it changes."""

    label: str
    dates: str
    is_demonstration: bool
    sentences: tuple[str, str, str]
    review_sentence: str
    sources: tuple[SourceLine, ...]
    has_findings: bool
    """Whether the campaign tells what was found in its extracts: finding nothing is not saying nothing."""
    errors: tuple[ErrorLine, ...]
    repairs: tuple[ErrorLine, ...]
    by_departement: MatchTable
    by_year: MatchTable
    review: tuple[ReviewLine, ...]
    overlap: tuple[OverlapLine, ...]
    calibration: tuple[CalibrationLine, ...]
    methods: tuple[MethodLine, ...]
    false_dropouts: tuple[CountLine, ...]
    left_out: tuple[CountLine, ...]


def build_croisement(campaign: CampaignView) -> Croisement:
    """The page of ``campaign``."""
    return Croisement(
        label=words.campaign_label(campaign.campaign_code, campaign.edition),
        dates=words.dates_sentence(campaign.reference_on, campaign.published_at.date()),
        is_demonstration=campaign.is_demonstration,
        sentences=(
            _matched(campaign),
            words.sure_sentence(*_precision(campaign), _recall(campaign), _links_of_exact(campaign)),
            _change(campaign),
        ),
        review_sentence=_review_sentence(campaign),
        sources=tuple(_source_line(campaign, source) for source in Source),
        has_findings=bool(campaign.items(QualityTopic.SOURCE_ROWS)),
        errors=_errors(campaign),
        repairs=_repairs(campaign),
        by_departement=_by_departement(campaign),
        by_year=_by_year(campaign),
        review=_review(campaign),
        overlap=_overlap(campaign),
        calibration=_calibration(campaign),
        methods=_methods(campaign),
        false_dropouts=_false_dropouts(campaign),
        left_out=_left_out(campaign),
    )


def _count(cell: CampaignCell) -> Told:
    if cell.value is None:
        return Told(texts.STATUS_LABELS[_absence(cell)], _absence(cell))
    detail = ""
    if cell.lower is not None and cell.upper is not None:
        detail = f"de {format_number(cell.lower)} à {format_number(cell.upper)}"
    return Told(format_number(cell.value), FigureStatus.VALUE, cell.value, cell.lower, cell.upper, detail)


def _share(cell: CampaignCell, decimals: int = 0) -> Told:
    if cell.value is None:
        return Told(texts.STATUS_LABELS[_absence(cell)], _absence(cell))
    return Told(
        words.honest_share(cell.value, decimals),
        FigureStatus.VALUE,
        cell.value,
        cell.lower,
        cell.upper,
        words.share_bounds(cell.lower, cell.upper, decimals),
    )


def _absence(cell: CampaignCell) -> FigureStatus:
    return FigureStatus.MISSING if cell.status is FigureStatus.VALUE else cell.status


def _sum(cells: Iterable[CampaignCell]) -> CampaignCell:
    """The sum, known when every part is; a part that is hidden hides it."""
    parts = list(cells)
    missing = [cell.status for cell in parts if cell.value is None]
    if not parts or missing:
        status = FigureStatus.SUPPRESSED if FigureStatus.SUPPRESSED in missing else FigureStatus.MISSING
        return CampaignCell(None, None, None, status)
    return CampaignCell(sum(cell.value or 0 for cell in parts), None, None, FigureStatus.VALUE)


def _ratio(part: CampaignCell, whole: CampaignCell) -> CampaignCell:
    if part.value is None:
        return part
    if whole.value is None:
        return whole
    if not whole.value:
        return CampaignCell(None, None, None, FigureStatus.NOT_APPLICABLE)
    return CampaignCell(part.value / whole.value, None, None, FigureStatus.VALUE)


def _matched(campaign: CampaignView) -> str:
    rows = {s: campaign.cell(QualityTopic.SOURCE_ROWS, s, "rows_out") for s in Source}
    linked = _sum(campaign.cell(QualityTopic.LINK_STATUS, source, "linked") for source in OTHERS)
    others = _sum(_records(campaign, source) for source in OTHERS)
    return words.matched_sentence(_sum(rows.values()).value, others.value, linked.value)


def _records(campaign: CampaignView, source: Source) -> CampaignCell:
    """Records of a base that took part in the matching: those kept, also when the few in doubt are hidden."""
    kept = campaign.cell(QualityTopic.SOURCE_ROWS, source, "rows_out")
    if kept.value is not None:
        return kept
    return _sum(
        campaign.cell(QualityTopic.LINK_STATUS, source, status) for status in ("linked", "review", "unlinked")
    )


def _precision(campaign: CampaignView) -> tuple[CampaignCell | None, bool]:
    """The share of right links, and whether it is told of those made without review only."""
    of_all = campaign.cell(QualityTopic.METHOD, MatchingMethod.SPLINK, "precision")
    if of_all.value is not None:
        return of_all, False
    return _checked_precision(campaign), True


def _checked_precision(campaign: CampaignView) -> CampaignCell | None:
    """Right links among those made without review: as checked by band, weighted by the pairs of each."""
    bands = [campaign.items(QualityTopic.CALIBRATION).get(band, {}) for band in _AUTOMATIC]
    checked = [
        (pairs, band["observed"])
        for band in bands
        if "observed" in band and "pairs" in band
        if (pairs := band["pairs"].value) and band["observed"].value is not None
    ]
    total = sum(pairs for pairs, _ in checked)

    def mean(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        if not total or len(known) < len(checked):
            return None
        return sum(pairs * value for (pairs, _), value in zip(checked, known, strict=True)) / total

    value = mean(cell.value for _, cell in checked)
    if value is None:
        return None
    lower, upper = (mean(getattr(cell, name) for _, cell in checked) for name in ("lower", "upper"))
    return CampaignCell(value, lower, upper, FigureStatus.VALUE)


def _recall(campaign: CampaignView) -> tuple[float, float | None] | None:
    ours = campaign.cell(QualityTopic.METHOD, MatchingMethod.SPLINK, "recall").value
    exact = campaign.cell(QualityTopic.METHOD, MatchingMethod.EXACT_RAW, "recall").value
    return None if ours is None else (ours, exact)


def _links_of_exact(campaign: CampaignView) -> float | None:
    """How many links identical names make, beside ours: told where the truth is not known."""
    exact, ours = (
        campaign.cell(QualityTopic.METHOD, method, "pairs")
        for method in (MatchingMethod.EXACT_RAW, MatchingMethod.SPLINK)
    )
    return _ratio(exact, ours).value


def _change(campaign: CampaignView) -> str:
    """What missed links change: by the estimate of all if there is one, else by the mission locale's."""
    cells = campaign.items(QualityTopic.FALSE_DROPOUT)
    item = "all" if "all" in cells else Source.MISSION_LOCALE.value
    persons, share = (campaign.cell(QualityTopic.FALSE_DROPOUT, item, m) for m in ("persons", "share"))
    tell = words.false_dropout_sentence if item == "all" else words.missed_sentence
    return tell(persons.value, persons.lower, persons.upper, share.value)


def _review_sentence(campaign: CampaignView) -> str:
    waiting = _sum(campaign.cell(QualityTopic.LINK_STATUS, source, "review") for source in OTHERS)
    items = campaign.items(QualityTopic.REVIEW).values()
    decided = [cells[answer] for cells in items for answer in ("same", "different") if answer in cells]
    return words.review_sentence(waiting.value, _sum(decided).value)


def _source_line(campaign: CampaignView, source: Source) -> SourceLine:
    read, kept = (campaign.cell(QualityTopic.SOURCE_ROWS, source, m) for m in ("rows_in", "rows_out"))
    linked, review, unlinked = (
        campaign.cell(QualityTopic.LINK_STATUS, source, status) for status in ("linked", "review", "unlinked")
    )
    repaired = [
        cells["count"]
        for item, cells in campaign.items(QualityTopic.FINDING).items()
        if item.startswith(f"{source}|{FindingKind.REPAIRED}|") and "count" in cells
    ]
    refused = CampaignCell(None, None, None, _absence(read if read.value is None else kept))
    if read.value is not None and kept.value is not None:
        refused = CampaignCell(read.value - kept.value, None, None, FigureStatus.VALUE)
    none = CampaignCell(0.0 if read.value is not None else None, None, None, read.status)
    return SourceLine(
        words.SOURCE_LABELS[source],
        words.SOURCE_OWNERS[source],
        rows_in=_count(read),
        rows_out=_count(kept),
        refused=_count(refused),
        repaired=_count(_sum(repaired) if repaired else none),
        linked=_count(linked),
        review=_count(review),
        unlinked=_count(unlinked),
        rate=_share(_ratio(linked, _records(campaign, source))),
    )


def _errors(campaign: CampaignView) -> tuple[ErrorLine, ...]:
    """What producers are asked to correct, the most frequent first; what is hidden last."""
    lines = [
        ErrorLine(
            words.SOURCE_LABELS[source],
            words.finding_words(kind, reason, field),
            words.KIND_LABELS[kind],
            _count(cells["count"]),
            words.remedy_words(reason),
        )
        for source, kind, reason, field, cells in _findings(campaign)
        if kind is not FindingKind.REPAIRED
    ]
    for item, cells in campaign.items(QualityTopic.DISAGREEMENT).items():
        source, field = item.split("|")
        compared = cells.get("compared")
        differing = cells.get("differing")
        if differing is None or differing.value == 0:
            continue
        outcome = "fiches reliées qui diffèrent"
        if compared is not None and compared.value is not None:
            outcome = f"sur {format_number(compared.value)} fiches reliées"
        lines.append(
            ErrorLine(
                words.SOURCE_LABELS[Source(source)],
                words.disagreement_words(field),
                outcome,
                _count(differing),
                words.disagreement_remedy(field),
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.count.value is None, -(line.count.value or 0))))


def _repairs(campaign: CampaignView) -> tuple[ErrorLine, ...]:
    lines = [
        ErrorLine(
            words.SOURCE_LABELS[source],
            words.finding_words(kind, reason, field),
            words.KIND_LABELS[kind],
            _count(cells["count"]),
            "",
        )
        for source, kind, reason, field, cells in _findings(campaign)
        if kind is FindingKind.REPAIRED
    ]
    return tuple(sorted(lines, key=lambda line: (line.count.value is None, -(line.count.value or 0))))


def _findings(
    campaign: CampaignView,
) -> Iterable[tuple[Source, FindingKind, str, str, Mapping[str, CampaignCell]]]:
    for item, cells in campaign.items(QualityTopic.FINDING).items():
        source, kind, reason, field = item.split("|")
        if "count" in cells:
            yield Source(source), FindingKind(kind), reason, field, cells


def _by_departement(campaign: CampaignView) -> MatchTable:
    topic = QualityTopic.MATCH_DEPARTEMENT
    found = {item.split("|")[1] for item in campaign.items(topic)}
    codes = [code for code in DEPARTEMENTS if code in found or (found and code != "other")]
    rows = tuple(
        (
            words.SOURCE_LABELS[source],
            tuple(_match_rate(campaign, topic, f"{source}|{code}") for code in codes),
        )
        for source in _told_of(campaign, topic)
    )
    columns = tuple(words.DEPARTEMENT_LABELS[code] for code in codes)
    return MatchTable("Taux de lien par département", "Base", columns, rows)


def _by_year(campaign: CampaignView) -> MatchTable:
    """Years go down: there are more of them than of bases."""
    topic = QualityTopic.MATCH_BIRTH_YEAR
    sources = _told_of(campaign, topic)
    years = sorted({item.split("|")[1] for item in campaign.items(topic)})
    rows = []
    for year in years:
        cells = tuple(_match_rate(campaign, topic, f"{source}|{year}") for source in sources)
        if any(cell.status not in _NOTHING for cell in cells):
            rows.append((year, cells))
    columns = tuple(words.SOURCE_LABELS[source] for source in sources)
    return MatchTable("Taux de lien par année de naissance", "Année", columns, tuple(rows))


def _match_rate(campaign: CampaignView, topic: QualityTopic, item: str) -> Told:
    """A rate on enough records to mean something; without object on fewer."""
    records = campaign.cell(topic, item, "records")
    if records.value is not None and records.value < RATE_BASE:
        return _share(CampaignCell(None, None, None, FigureStatus.NOT_APPLICABLE))
    return _share(campaign.cell(topic, item, "rate"))


def _told_of(campaign: CampaignView, topic: QualityTopic) -> tuple[Source, ...]:
    """The bases of which a topic says something."""
    named = {item.split("|")[0] for item in campaign.items(topic)}
    return tuple(source for source in OTHERS if source in named)


def _review(campaign: CampaignView) -> tuple[ReviewLine, ...]:
    """The bases of which a pair is doubtful or was decided."""
    items = campaign.items(QualityTopic.REVIEW)
    return tuple(
        ReviewLine(
            words.SOURCE_LABELS[source],
            *(
                _count(campaign.cell(QualityTopic.REVIEW, source, measure))
                for measure in ("pairs", "same", "different", "cannot_tell")
            ),
        )
        for source in OTHERS
        if source in items
    )


def _overlap(campaign: CampaignView) -> tuple[OverlapLine, ...]:
    lines = []
    for item, cells in campaign.items(QualityTopic.OVERLAP).items():
        sources = tuple(Source(code) for code in item.split("+"))
        if "persons" in cells:
            lines.append(OverlapLine(sources, words.combination_label(sources), _count(cells["persons"])))
    return tuple(sorted(lines, key=lambda line: (line.persons.value is None, -(line.persons.value or 0))))


def _calibration(campaign: CampaignView) -> tuple[CalibrationLine, ...]:
    items = campaign.items(QualityTopic.CALIBRATION)
    return tuple(
        CalibrationLine(
            words.BAND_LABELS[band],
            band in _AUTOMATIC,
            _count(campaign.cell(QualityTopic.CALIBRATION, band, "pairs")),
            _share(campaign.cell(QualityTopic.CALIBRATION, band, "announced"), 1),
            _share(campaign.cell(QualityTopic.CALIBRATION, band, "observed"), 1),
        )
        for band in WEIGHT_BANDS
        if band in items
    )


def _methods(campaign: CampaignView) -> tuple[MethodLine, ...]:
    methods = [method for method in MatchingMethod if method in campaign.items(QualityTopic.METHOD)]
    cells = {
        measure: {method: campaign.cell(QualityTopic.METHOD, method, measure) for method in methods}
        for measure in ("pairs", "precision", "recall", "mission_locale_recall")
    }
    is_known = all(cell.value is not None for cell in cells["recall"].values())
    most = max((cell.value or 0 for cell in cells["pairs"].values()), default=0)
    lines = []
    for method in methods:
        pairs, recall = cells["pairs"][method], cells["recall"][method]
        told = _share(recall, 1) if is_known else _count(pairs)
        reach = (
            recall.value if is_known else (pairs.value / most if most and pairs.value is not None else None)
        )
        lines.append(
            MethodLine(
                label=words.METHOD_LABELS[method],
                note=words.METHOD_NOTES.get(method, ""),
                is_ours=method is MatchingMethod.SPLINK,
                reach=reach,
                reach_text=told.text,
                pairs=_count(pairs),
                precision=_share(cells["precision"][method], 2),
                recall=_share(recall, 1),
                mission_locale_recall=_share(cells["mission_locale_recall"][method], 1),
            )
        )
    return tuple(lines)


def _false_dropouts(campaign: CampaignView) -> tuple[CountLine, ...]:
    items = campaign.items(QualityTopic.FALSE_DROPOUT)
    labels = {"all": "Jeunes comptés à tort sans solution"} | {
        source.value: f"Liens manqués : {words.SOURCE_LABELS[source].lower()}" for source in Source
    }
    return tuple(
        CountLine(
            label,
            _count(campaign.cell(QualityTopic.FALSE_DROPOUT, item, "persons")),
            _share(campaign.cell(QualityTopic.FALSE_DROPOUT, item, "share"), 1),
        )
        for item, label in labels.items()
        if item in items
    )


def _left_out(campaign: CampaignView) -> tuple[CountLine, ...]:
    nothing = Told("", FigureStatus.NOT_APPLICABLE)
    lines = [
        CountLine(words.left_out_label(reason), _count(cells["persons"]), nothing)
        for reason, cells in campaign.items(QualityTopic.LEFT_OUT).items()
        if "persons" in cells
    ]
    return tuple(sorted(lines, key=lambda line: (line.persons.value is None, -(line.persons.value or 0))))
