"""View-model of the sheet of one basin: what to know before the meeting, on one screen and on one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from observatory.domain.cooperation import Partner
from observatory.domain.indicators import Indicator
from observatory.domain.territory import MARSEILLE_ARRONDISSEMENTS
from observatory.french import campaign_figures as words
from observatory.french import numbers, sentences, sheet, texts
from observatory.views.campaign_indicators import SOURCE_CODE
from observatory.views.campaign_sheet import CampaignSheet, campaign_sheet
from observatory.views.cooperation import (
    CooperationState,
    ModalityRow,
    cooperation_states,
    modality_rows,
    rating_levels,
    reciprocal_gaps,
)
from observatory.views.inventory_origin import Origin, banner, shown_origin
from observatory.views.key_figures import KeyFigure, key_figures, position
from observatory.views.map_pieces import interval_text, status_text, value_text
from observatory.views.marks import TrendPoint
from observatory.views.missing_index import missing_index
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import OUTCOME_CODE
from observatory.views.similar import context_scores, most_comparable
from observatory.views.trend import build_trend

COMPARABLE_COUNT = 4
DISTANCE_CODE = "service_distance_km"
PROJECTED_CODES = ("median_income", "dnb_success_rate", "vocational_share")
"""Key figures of the projected sheet: the same three for every basin, so that an arrow compares them."""


@dataclass(frozen=True)
class ServiceLine:
    """Services of one kind in the basin: how many, and their names."""

    kind: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Fiche:
    """The sheet of one basin.

    ``contributions``: label, length (standard deviations) and text of each dimension. ``levels``: what the
    structure of the line says of the one of the column, None = not reported; ``gaps``: cells to discuss.
    """

    basin_code: str
    title: str
    academie: str
    identity: str
    limits: str
    subject: str
    headline: str
    headline_text: str
    headline_doubt: str
    lead: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    trend: tuple[TrendPoint, ...]
    trend_note: str
    contributions: tuple[tuple[str, float, str], ...]
    context_note: str
    comparable: tuple[tuple[str, str], ...]
    comparable_title: str
    comparable_note: str
    services: tuple[ServiceLine, ...]
    access: str
    funnel: str
    campaign: CampaignSheet | None
    cooperation: CooperationState
    levels: tuple[tuple[int | None, ...], ...]
    gaps: frozenset[tuple[int, int]]
    modalities: tuple[ModalityRow, ...]
    has_records: bool
    """Whether anything was said of its cooperation, by somebody or by the demonstration."""
    origin: Origin
    banner: str
    sources: tuple[str, ...]
    far_source: str

    @property
    def full_lead(self) -> tuple[str, ...]:
        """The short sentences, the campaign's last."""
        return (*self.lead, *((self.campaign.lead,) if self.campaign else ()))

    @property
    def all_sources(self) -> tuple[str, ...]:
        """Producers of the figures, the campaign last."""
        return (*self.sources, *((self.campaign.source,) if self.campaign else ()))

    @property
    def projected_figures(self) -> tuple[KeyFigure, ...]:
        return tuple(f for f in self.figures if f.code in PROJECTED_CODES)


def build_fiche(observatory: Observatory, basin_code: str) -> Fiche:
    """The sheet of ``basin_code``; complete even when figures are missing, which it then says."""
    basin = observatory.basins[basin_code]
    outcome = observatory.catalogue.indicators[OUTCOME_CODE]
    communes = observatory.communes[observatory.communes["basin_code"] == basin_code]
    figure = observatory.latest(basin_code, outcome)
    headline, headline_text, headline_doubt = _headline(observatory, figure, outcome)
    in_marseille = int(communes["commune_code"].isin(MARSEILLE_ARRONDISSEMENTS).sum())
    levels, gaps = _matrix(observatory, basin_code)
    near = most_comparable(observatory, basin_code, count=COMPARABLE_COUNT)
    trend, trend_note = build_trend(observatory, basin_code, outcome)
    campaign = campaign_sheet(observatory, basin_code)
    origin = shown_origin(observatory, {basin_code})
    return Fiche(
        basin_code=basin_code,
        title=basin.basin_label,
        academie=basin.academie,
        identity=sheet.identity(
            basin.academie,
            int(communes["population"].sum()),
            len(communes) - in_marseille,
            in_marseille,
            basin.departements,
        ),
        limits=sheet.limits(int((communes["confidence"] == "low").sum())),
        subject=sheet.subject(outcome, outcome.latest_year),
        headline=headline,
        headline_text=headline_text,
        headline_doubt=headline_doubt,
        lead=_lead(observatory, basin_code, figure, outcome),
        figures=key_figures(observatory, basin_code),
        trend=trend,
        trend_note=trend_note,
        contributions=_contributions(observatory, basin_code),
        context_note=_context_note(observatory, basin_code),
        comparable=tuple(
            (
                observatory.basins[code].basin_label,
                value_text(observatory.latest(code, outcome), outcome),
            )
            for code in near
        ),
        comparable_title=sheet.comparable_title(outcome),
        comparable_note=_comparable_note(observatory, basin_code, near),
        services=_services(observatory, basin_code),
        access=_access(observatory, basin_code),
        funnel=_funnel(campaign),
        campaign=campaign,
        cooperation=cooperation_states(observatory)[basin_code],
        levels=levels,
        gaps=gaps,
        modalities=modality_rows(observatory, basin_code),
        has_records=any(e.key.area_code == basin_code and e.value for e in observatory.entries),
        origin=origin,
        banner=_banner(observatory, origin),
        sources=_sources(observatory, basin_code),
        far_source=_far_source(observatory, basin_code),
    )


def _headline(observatory: Observatory, figure: Figure | None, outcome: Indicator) -> tuple[str, str, str]:
    value, state = value_text(figure, outcome), status_text(figure, observatory)
    if figure is None or figure.told_value is None:
        return value, f"{outcome.label} : {state}.", ""
    if figure.own_value is None:
        return value, f"{sentences.capitalise(state)}.", sheet.OUT_OF_EVERYTHING
    region = observatory.regional_value(outcome.code, outcome.latest_year)
    region_text = None if region is None else numbers.format_value(region, outcome)
    doubt = f"{sentences.capitalise(interval_text(figure, outcome))}."
    return value, sentences.value_sentence(outcome, region_text), doubt


def _lead(observatory: Observatory, code: str, figure: Figure | None, outcome: Indicator) -> tuple[str, ...]:
    """Short sentences: position, context, and what the context leads one to expect where it is known."""
    # Without a value of its own, the headline has said why.
    is_placed = figure is not None and figure.own_value is not None
    lines = [sheet.observed_line(position(observatory, figure, outcome))] if is_placed else []
    row, missing = observatory.context_rows.get(code), missing_index(observatory, code)
    if row is not None:
        lines.append(sheet.context_line(row.rank_lower, row.rank_upper, len(observatory.context_rows)))
    elif missing is not None:
        lines.append(sheet.missing_context(missing.reason))
    gap = observatory.gap_rows.get(code)
    if gap is not None:
        lines.append(sheet.gap_line(gap.expected, gap.gap, gap.is_notable, outcome))
    return tuple(lines)


def _funnel(campaign: CampaignSheet | None) -> str:
    """The campaign in a few lines, for the page that is printed."""
    if campaign is None:
        return words.NOT_PUBLISHED
    return f"{campaign.lead} {campaign.path.sentence} {campaign.path.bounds} Source : {campaign.source}."


def _banner(observatory: Observatory, origin: Origin) -> str:
    """What is invented on the sheet, in one line; its strong words between ``**``."""
    campaign = observatory.campaign
    return banner(origin, with_campaign=campaign is not None and campaign.is_demonstration)


def _contributions(observatory: Observatory, code: str) -> tuple[tuple[str, float, str], ...]:
    dimensions = observatory.catalogue.dimensions
    return tuple(
        (dimensions[d].label, value, numbers.format_signed(value, 2))
        for d, value in observatory.contributions_of(code).items()
    )


def _context_note(observatory: Observatory, code: str) -> str:
    missing = missing_index(observatory, code)
    if missing is not None:
        return f"{sentences.capitalise(missing.reason)}."
    return sheet.context_note(observatory.context_rows[code].value)


def _comparable_note(observatory: Observatory, code: str, near: Iterable[str]) -> str:
    dimensions, scores = observatory.catalogue.dimensions, context_scores(observatory)
    known = scores.get(code, {})
    labels = [dimension.label for d, dimension in dimensions.items() if d in known]
    return sheet.comparable_note(
        labels,
        is_whole=code in observatory.context_rows,
        is_same=all(set(known) <= set(scores[other]) for other in near),
    )


def _services(observatory: Observatory, code: str) -> tuple[ServiceLine, ...]:
    names = {
        kind: tuple(s.label for s in observatory.services if s.kind == kind and s.basin_code == code)
        for kind in texts.SERVICE_LABELS
    }
    return tuple(ServiceLine(texts.SERVICE_LABELS[kind], len(found), found) for kind, found in names.items())


def _access(observatory: Observatory, code: str) -> str:
    indicator = observatory.catalogue.indicators.get(DISTANCE_CODE)
    figure = observatory.latest(code, indicator) if indicator else None
    if indicator is None or figure is None or figure.own_value is None:
        return ""
    region = observatory.regional_value(indicator.code, indicator.latest_year)
    beside = None if region is None else numbers.format_value(region, indicator)
    return sheet.access(numbers.format_value(figure.own_value, indicator), beside)


def _matrix(
    observatory: Observatory, code: str
) -> tuple[tuple[tuple[int | None, ...], ...], frozenset[tuple[int, int]]]:
    partners = [p.value for p in Partner]
    levels = rating_levels(observatory, code)
    place = {p: i for i, p in enumerate(partners)}
    pairs = [(place[a], place[b]) for a, b, _, _ in reciprocal_gaps(levels)]
    gaps = frozenset(cell for i, j in pairs for cell in ((i, j), (j, i)))
    return tuple(tuple(levels.get((a, b)) for b in partners) for a in partners), gaps


def _sources(observatory: Observatory, code: str) -> tuple[str, ...]:
    sources, indicators = observatory.catalogue.sources, observatory.catalogue.indicators.values()
    figures = (observatory.latest(code, indicator) for indicator in indicators)
    # The campaign is named apart, with its edition.
    codes = {figure.source_code for figure in figures if figure is not None} & set(sources) - {SOURCE_CODE}
    lines = (f"{sources[c].producer.split(' ;')[0]} ({sources[c].vintage})" for c in sorted(codes))
    return tuple(dict.fromkeys(lines))


def _far_source(observatory: Observatory, code: str) -> str:
    """Producers of what the projected sheet shows, each with the years of its figures."""
    years: dict[str, set[str]] = {}
    for shown in (OUTCOME_CODE, *PROJECTED_CODES):
        indicator = observatory.catalogue.indicators.get(shown)
        figure = observatory.latest(code, indicator) if indicator else None
        source = observatory.catalogue.sources.get(figure.source_code) if figure else None
        if figure is not None and source is not None:
            producer = source.producer.split(" ;")[0].split(",")[0]
            years.setdefault(producer, set()).add(str(figure.year))
    return sheet.far_source([(producer, sorted(found)) for producer, found in years.items()])
