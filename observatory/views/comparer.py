"""View-model of Comparer: in what do these basins differ, from each other and from the region?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator
from observatory.domain.risk import Comparison
from observatory.domain.territory import ACADEMIE_CODES, REGION_CODE
from observatory.french import campaign_figures as words
from observatory.french import comparing, numbers, readings, sentences, texts
from observatory.stats.rates import compare_with_reference
from observatory.views.campaign_indicators import compared_indicators, is_of_campaign, own_indicators
from observatory.views.funnel import Funnel, build_funnel
from observatory.views.honest_ranks import Ranks, build_ranks
from observatory.views.map_pieces import outside_marseille, status_text
from observatory.views.missing_index import missing_index
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import INDEX_CODE, MAXIMUM_COMPARED, Selection
from observatory.views.similar import most_comparable

MAXIMUM_ROWS = 12
"""Lines of the rug: what a room can read at once."""
MINIMUM_COMPARED = 2
NO_SOURCE = "Source : aucune donnée."
FAR_LIMITS = "Dernière année connue. Limites reconstituées."


@dataclass(frozen=True)
class Column:
    """One territory of the rug: ``kind`` is ``basin``, ``academie`` or ``region``."""

    code: str
    label: str
    kind: str


@dataclass(frozen=True)
class RugCell:
    """One figure: what is shown, its sign against the region, and the whole of it in words.

    ``text`` is empty when a state replaces the value; ``value``, ``lower`` and ``upper`` are in the stored
    unit (None when there is none to export).
    """

    text: str
    status: FigureStatus
    comparison: Comparison
    words: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    coverage: float | None = None

    @property
    def sign(self) -> str:
        return comparing.VERDICTS[self.comparison][0]

    @property
    def verdict(self) -> str:
        return comparing.VERDICTS[self.comparison][1]


@dataclass(frozen=True)
class RugRow:
    """One indicator of the rug, with one cell per column."""

    indicator_code: str
    label: str
    short_label: str
    period: str
    unit: str
    cells: tuple[RugCell, ...]


@dataclass(frozen=True)
class Comparer:
    """The page, ready to show. ``notice`` is empty when enough basins are compared."""

    title: str
    far_title: str
    notice: str
    chosen: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[RugRow, ...]
    indicator_code: str
    year: int | None
    funnel: Funnel
    ranks: Ranks
    note: str
    source: str
    far_source: str
    warning: str = ""
    """What of the comparison is invented; empty when nothing is."""


def compared_basins(observatory: Observatory, selection: Selection) -> tuple[str, ...]:
    """The chosen basins; by default the current one and the one its context resembles most."""
    if selection.basins:
        return selection.basins[:MAXIMUM_COMPARED]
    nearest = most_comparable(observatory, selection.basin, count=1)
    if not nearest:
        mine = observatory.basins[selection.basin].academie
        nearest = tuple(
            code
            for code, basin in observatory.basins.items()
            if code != selection.basin and basin.academie == mine
        )[:1]
    return (selection.basin, *nearest)


def build_comparer(observatory: Observatory, selection: Selection) -> Comparer:
    """The comparison of the selection; complete even when figures are missing, which it then says."""
    chosen = compared_basins(observatory, selection)
    columns = _columns(observatory, chosen)
    rows = tuple(_row(observatory, i, columns) for i in compared_indicators(observatory.catalogue))
    rows = (*rows[: MAXIMUM_ROWS - 1], _index_row(observatory, columns))
    names = [observatory.basins[code].short_label for code in chosen]
    notice = (
        ""
        if len(chosen) >= MINIMUM_COMPARED
        else "Il faut au moins deux bassins : ajoutez-en un dans « Bassins »."
    )
    alone = comparing.alone_title(names[0])
    title, far_title = _titles(observatory, chosen) if len(chosen) >= MINIMUM_COMPARED else (alone, alone)
    campaign = observatory.campaign
    own_producers, producers = _producers(observatory), _producers(observatory, has_campaign=True)
    is_invented = campaign is not None and campaign.is_demonstration
    real = words.REAL_BUT_CAMPAIGN if is_invented else "Données réelles"
    return Comparer(
        title=title,
        far_title=far_title,
        notice=notice,
        chosen=chosen,
        columns=columns,
        rows=rows,
        indicator_code=selection.indicator,
        year=selection.year,
        funnel=build_funnel(observatory, selection.indicator, selection.year, chosen),
        ranks=build_ranks(observatory, selection.indicator, selection.year, chosen),
        note=_note(observatory, columns),
        source=f"{producers} {texts.RECONSTRUCTED}. {real}." if producers else NO_SOURCE,
        far_source=f"{own_producers} {FAR_LIMITS}" if own_producers else NO_SOURCE,
        warning=words.BANNER.replace("**", "") if is_invented else "",
    )


# --- rug -------------------------------------------------------------------------------------------------


def compare_figure(figure: Figure | None, region: Figure | None, indicator: Indicator) -> Comparison:
    """Against the region, only when the 95 % interval tells (method, section 3); else ``NEUTRAL``."""
    if figure is None or figure.own_value is None or region is None or region.value is None:
        return Comparison.NEUTRAL
    if region.status is not FigureStatus.VALUE:
        return Comparison.NEUTRAL
    if figure.value is None or figure.lower is None or figure.upper is None:
        return Comparison.NEUTRAL
    return compare_with_reference(figure.value, figure.lower, figure.upper, region.value, indicator.polarity)


def _columns(observatory: Observatory, chosen: Sequence[str]) -> tuple[Column, ...]:
    academies = dict.fromkeys(observatory.basins[code].academie for code in chosen)
    return (
        *(Column(code, observatory.basins[code].short_label, "basin") for code in chosen),
        *(
            Column(ACADEMIE_CODES[name], f"Académie {sentences.of_name(name)}", "academie")
            for name in academies
        ),
        Column(REGION_CODE, "Région", "region"),
    )


def _row(observatory: Observatory, indicator: Indicator, columns: Sequence[Column]) -> RugRow:
    region = observatory.region(indicator.code, indicator.latest_year)
    return RugRow(
        indicator.code,
        indicator.label,
        indicator.short_label,
        str(indicator.latest_year),
        sentences.unit_of(indicator),
        tuple(
            _cell(observatory, observatory.latest(c.code, indicator), region, indicator, c) for c in columns
        ),
    )


def _cell(
    observatory: Observatory,
    figure: Figure | None,
    region: Figure | None,
    indicator: Indicator,
    column: Column,
) -> RugCell:
    if figure is None or figure.status is not FigureStatus.VALUE or figure.value is None:
        status = figure.status if figure is not None else FigureStatus.MISSING
        if status is FigureStatus.VALUE:
            status = FigureStatus.MISSING
        text = ""
        if figure is not None and figure.value is not None and status is FigureStatus.UNRESOLVED:
            text = f"({numbers.format_value(figure.value, indicator)})"
        state = f"{column.label} : {status_text(figure, observatory) or texts.STATUS_LABELS[status]}"
        return RugCell(text, status, Comparison.NEUTRAL, state)
    text = numbers.format_value(figure.value, indicator)
    comparison = Comparison.NEUTRAL if column.kind == "region" else compare_figure(figure, region, indicator)
    if figure.lower is None or figure.upper is None:
        doubt = sentences.no_interval(indicator)
    else:
        interval = numbers.format_interval(figure.lower, figure.upper, indicator)
        doubt = f"intervalle à 95{numbers.NNBSP}% : {interval}"
    verdict = comparing.VERDICTS[comparison][1]
    small = words.SMALL if figure.is_small else ""
    said = (f"{column.label} : {text}", verdict, doubt, _counts(figure), small, _unknown(observatory, figure))
    return RugCell(
        text,
        FigureStatus.VALUE,
        comparison,
        " ; ".join(filter(None, said)),
        figure.value,
        figure.lower,
        figure.upper,
        figure.coverage,
    )


def _counts(figure: Figure) -> str:
    """``70 sur 6 200``, for the campaign, whose counts are persons."""
    if not is_of_campaign(figure.indicator_code) or figure.numerator is None or figure.denominator is None:
        return ""
    return f"{numbers.format_number(figure.numerator)} sur {numbers.format_number(figure.denominator)}"


def _unknown(observatory: Observatory, figure: Figure) -> str:
    """The share of unknown, beside every other rate of the campaign."""
    if not is_of_campaign(figure.indicator_code) or figure.indicator_code == Measure.UNKNOWN_RATE:
        return ""
    found = observatory.figure(figure.area_code, Measure.UNKNOWN_RATE.value, figure.year)
    return words.unknown_words(None if found is None else found.told_value, status_text(found))


def _index_row(observatory: Observatory, columns: Sequence[Column]) -> RugRow:
    cells = tuple(_index_cell(observatory, column) for column in columns)
    return RugRow(INDEX_CODE, texts.INDEX_LABEL, "Indice de contexte", "", "indice", cells)


def _index_cell(observatory: Observatory, column: Column) -> RugCell:
    """One cell of the index. Its interval tells variants of computation, so it is compared with nothing."""
    cut = observatory.summary.get("context_cut", math.nan)
    if column.kind == "region" and not math.isnan(cut):
        text = numbers.format_signed(cut, 2)
        said = f"Région : {text}, moyenne des bassins selon leur population"
        return RugCell(text, FigureStatus.VALUE, Comparison.NEUTRAL, said, cut)
    if column.kind != "basin":
        said = f"{column.label} : {texts.STATUS_LABELS[FigureStatus.NOT_APPLICABLE]}"
        return RugCell("", FigureStatus.NOT_APPLICABLE, Comparison.NEUTRAL, said)
    missing = missing_index(observatory, column.code)
    if missing is not None:
        said = f"{column.label} : {missing.reason}"
        return RugCell("", missing.status, Comparison.NEUTRAL, said)
    row = observatory.context_rows[column.code]
    text = numbers.format_signed(row.value, 2)
    span = f"de {numbers.format_signed(row.lower, 2)} à {numbers.format_signed(row.upper, 2)}"
    said = f"{column.label} : {text} ; {span} selon la façon de calculer"
    return RugCell(text, FigureStatus.VALUE, Comparison.NEUTRAL, said, row.value, row.lower, row.upper)


def _titles(observatory: Observatory, chosen: Sequence[str]) -> tuple[str, str]:
    """What sets these basins apart the most, in standard deviations of all the basins; then from afar."""
    names = [observatory.basins[code].short_label for code in chosen]
    best, title, far_title = 0.0, "", ""
    compared = 0
    # What is invented does not make the title of a page of real figures.
    for indicator in own_indicators(observatory.catalogue):
        known = [
            f for f in observatory.resolved(indicator.code, indicator.latest_year) if f.area_code in chosen
        ]
        if len(known) < len(chosen):
            continue
        compared += 1
        low, high = min(known, key=_value), max(known, key=_value)
        deviation = _deviation(observatory, indicator)
        spread = (_value(high) - _value(low)) / deviation if deviation else 0.0
        if spread > best and _differ(low, high, indicator):
            best = spread
            ends = [
                (observatory.basins[f.area_code].short_label, numbers.format_value(_value(f), indicator))
                for f in (low, high)
            ]
            title = comparing.difference_title(names, indicator.short_label, ends[0], ends[1])
            far_title = comparing.far_difference_title(indicator.short_label, ends[0], ends[1])
    nothing = comparing.no_difference_title(names, compared)
    return title or nothing, far_title or nothing


def _differ(low: Figure, high: Figure, indicator: Indicator) -> bool:
    """Whether two figures read differently and, where both have an interval, the intervals are apart."""
    if numbers.format_value(_value(low), indicator) == numbers.format_value(_value(high), indicator):
        return False
    return low.upper is None or high.lower is None or low.upper < high.lower


def _value(figure: Figure) -> float:
    return figure.value if figure.value is not None else math.nan


def _deviation(observatory: Observatory, indicator: Indicator) -> float:
    values = [
        f.value for f in observatory.resolved(indicator.code, indicator.latest_year) if f.value is not None
    ]
    if len(values) < 2:
        return 0.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))


def _note(observatory: Observatory, columns: Sequence[Column]) -> str:
    wider = [
        c
        for c in columns
        if any(
            f is not None and f.status is FigureStatus.UNRESOLVED
            for f in (observatory.latest(c.code, i) for i in own_indicators(observatory.catalogue))
        )
    ]
    if not wider:
        return ""
    return readings.wider_area(
        [c.label for c in wider], outside_marseille(observatory, [c.code for c in wider])
    )


def _producers(observatory: Observatory, *, has_campaign: bool = False) -> str:
    codes = dict.fromkeys(
        observatory.figures.loc[
            observatory.figures["area_code"].isin(list(observatory.basins)), "source_code"
        ]
    )
    known = observatory.catalogue.sources
    producers = dict.fromkeys(known[c].producer.split(",")[0].split(" (")[0] for c in codes if c in known)
    if has_campaign and observatory.campaign is not None and producers:
        producers["croisement des cinq bases"] = None
    return f"Sources : {' ; '.join(producers)}." if producers else ""
