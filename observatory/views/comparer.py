"""View-model of Comparer: in what do these basins differ, from each other and from the region?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from observatory.domain.figures import FigureNote, FigureStatus, split_notes
from observatory.domain.indicators import Indicator, Polarity, Unit
from observatory.domain.risk import Comparison, RankMethod
from observatory.domain.territory import ACADEMIE_CODES, REGION_CODE
from observatory.french import comparing, numbers, sentences, texts
from observatory.stats.rates import Z_95, Z_998, compare_with_reference, funnel_limits, overdispersion
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import INDEX_CODE, MAXIMUM_COMPARED, Selection
from observatory.views.similar import most_comparable

MAXIMUM_ROWS = 12
"""Lines of the rug: what a room can read at once."""
MINIMUM_COMPARED = 2
_CURVE_POINTS = 60


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
class FunnelPoint:
    """One basin of the funnel plot: its denominator, its share (0-1), whether it is one of the chosen."""

    code: str
    label: str
    denominator: float
    value: float
    text: str
    is_chosen: bool
    is_outside: bool


@dataclass(frozen=True)
class FunnelCurve:
    """Limits at one level over ``n``: shares (0-1), widened for over-dispersion, then by chance alone."""

    level: str
    n: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    chance_lower: tuple[float, ...]
    chance_upper: tuple[float, ...]


@dataclass(frozen=True)
class Funnel:
    """Funnel plot of one indicator; ``reason`` is set, and the rest empty, when it cannot be computed."""

    title: str
    reason: str
    reference: float | None = None
    reference_text: str = ""
    points: tuple[FunnelPoint, ...] = ()
    curves: tuple[FunnelCurve, ...] = ()
    phi: float = 1.0
    note: str = ""
    denominator_label: str = ""


@dataclass(frozen=True)
class RankRow:
    """One basin of the ranks: interval (1 = highest), probability of the five highest (None if unknown)."""

    code: str
    label: str
    median: float
    lower: int
    upper: int
    top_five: float | None
    band: int
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class RankGroup:
    """Basins that share a third of the order, with their values, the highest first."""

    label: str
    members: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Ranks:
    """Honest ranks of one indicator: intervals where counts allow, groups of positions otherwise."""

    title: str
    method: str
    rows: tuple[RankRow, ...]
    groups: tuple[RankGroup, ...]
    sentences: tuple[str, ...]
    note: str

    @property
    def has_intervals(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Comparer:
    """The page, ready to show. ``notice`` is empty when enough basins are compared."""

    title: str
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
    rows = tuple(_row(observatory, i, columns) for i in observatory.catalogue.indicators.values())
    rows = (*rows[: MAXIMUM_ROWS - 1], _index_row(observatory, columns))
    names = [observatory.basins[code].short_label for code in chosen]
    notice = (
        ""
        if len(chosen) >= MINIMUM_COMPARED
        else "Il faut au moins deux bassins : ajoutez-en un dans « Bassins »."
    )
    return Comparer(
        title=_title(observatory, chosen)
        if len(chosen) >= MINIMUM_COMPARED
        else comparing.alone_title(names[0]),
        notice=notice,
        chosen=chosen,
        columns=columns,
        rows=rows,
        indicator_code=selection.indicator,
        year=selection.year,
        funnel=build_funnel(observatory, selection.indicator, selection.year, chosen),
        ranks=build_ranks(observatory, selection.indicator, selection.year, chosen),
        note=_note(observatory, columns),
        source=_source(observatory),
    )


# --- rug -------------------------------------------------------------------------------------------------


def compare_figure(figure: Figure | None, region: Figure | None, indicator: Indicator) -> Comparison:
    """Against the region, only when the 95 % interval tells (method, section 3); else ``NEUTRAL``."""
    if figure is None or figure.status is not FigureStatus.VALUE or region is None or region.value is None:
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
        *(Column(ACADEMIE_CODES[name], f"Académie {_of(name)}", "academie") for name in academies),
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
        tuple(_cell(observatory.latest(c.code, indicator), region, indicator, c) for c in columns),
    )


def _cell(figure: Figure | None, region: Figure | None, indicator: Indicator, column: Column) -> RugCell:
    if figure is None or figure.status is not FigureStatus.VALUE or figure.value is None:
        status = figure.status if figure is not None else FigureStatus.MISSING
        if status is FigureStatus.VALUE:
            status = FigureStatus.MISSING
        text = ""
        if figure is not None and figure.value is not None and status is FigureStatus.UNRESOLVED:
            text = f"({numbers.format_value(figure.value, indicator)})"
        return RugCell(text, status, Comparison.NEUTRAL, f"{column.label} : {_state(figure, status)}")
    text = numbers.format_value(figure.value, indicator)
    comparison = Comparison.NEUTRAL if column.kind == "region" else compare_figure(figure, region, indicator)
    if figure.lower is None or figure.upper is None:
        doubt = texts.NO_INTERVAL
    else:
        interval = numbers.format_interval(figure.lower, figure.upper, indicator)
        doubt = f"intervalle à 95{numbers.NNBSP}% : {interval}"
    verdict = comparing.VERDICTS[comparison][1]
    words = " ; ".join(filter(None, (f"{column.label} : {text}", verdict, doubt)))
    return RugCell(
        text,
        FigureStatus.VALUE,
        comparison,
        words,
        figure.value,
        figure.lower,
        figure.upper,
        figure.coverage,
    )


def _index_row(observatory: Observatory, columns: Sequence[Column]) -> RugRow:
    found = {r.basin_code: r for r in observatory.context_index.itertuples(index=False)}
    dimensions = observatory.catalogue.dimensions
    cells = []
    for column in columns:
        row = found.get(column.code)
        cut = observatory.summary.get("context_cut")
        if column.kind == "academie" or (column.kind == "region" and (cut is None or math.isnan(cut))):
            cells.append(
                RugCell("", FigureStatus.NOT_APPLICABLE, Comparison.NEUTRAL, f"{column.label} : sans objet")
            )
        elif column.kind == "region":
            assert cut is not None
            text = numbers.format_signed(cut, 2)
            words = f"Région : {text}, moyenne des bassins pondérée par la population"
            cells.append(RugCell(text, FigureStatus.VALUE, Comparison.NEUTRAL, words, cut))
        elif row is None or row.status != "computed":
            codes = "" if row is None else str(row.missing_dimensions or "")
            names = [dimensions[d].label.lower() for d in codes.split("|") if d in dimensions]
            why = f" : {numbers.join_words(names)}" if names else ""
            words = f"{column.label} : indice non calculé, une dimension manque{why}"
            cells.append(RugCell("", FigureStatus.MISSING, Comparison.NEUTRAL, words))
        else:
            value = float(row.context_index)
            text = numbers.format_signed(value, 2)
            span = f"de {numbers.format_signed(row.index_lower, 2)} à {numbers.format_signed(row.index_upper, 2)}"
            words = f"{column.label} : {text} ; {span} selon les variantes de calcul"
            cells.append(
                RugCell(
                    text,
                    FigureStatus.VALUE,
                    Comparison.NEUTRAL,
                    words,
                    value,
                    float(row.index_lower),
                    float(row.index_upper),
                )
            )
    return RugRow(INDEX_CODE, texts.INDEX_LABEL, "Indice de contexte", "", "indice", tuple(cells))


def _state(figure: Figure | None, status: FigureStatus) -> str:
    if figure is not None and FigureNote.COMMUNAL_VALUE_NOT_SPLIT in split_notes(figure.note):
        return texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]
    return texts.STATUS_LABELS[status]


def _title(observatory: Observatory, chosen: Sequence[str]) -> str:
    names = [observatory.basins[code].short_label for code in chosen]
    compared, best = 0, (0.0, "")
    for indicator in observatory.catalogue.indicators.values():
        figures = [observatory.latest(code, indicator) for code in chosen]
        known = [
            (f.value, f.lower, f.upper, name)
            for f, name in zip(figures, names, strict=True)
            if f is not None and f.value is not None and f.status is FigureStatus.VALUE
        ]
        if len(known) < len(chosen):
            continue
        compared += 1
        low, high = min(known, key=lambda k: k[0]), max(known, key=lambda k: k[0])
        shown = [numbers.format_value(v[0], indicator) for v in (low, high)]
        if shown[0] == shown[1]:
            continue
        if low[2] is not None and high[1] is not None and high[1] <= low[2]:
            continue
        spread = (high[0] - low[0]) / (_deviation(observatory, indicator) or math.inf)
        if spread > best[0]:
            title = comparing.difference_title(
                names, indicator.short_label, (low[3], shown[0]), (high[3], shown[1])
            )
            best = (spread, title)
    return best[1] or comparing.no_difference_title(names, compared)


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
        c.label
        for c in columns
        if any(
            f is not None and f.status is FigureStatus.UNRESOLVED
            for f in (observatory.latest(c.code, i) for i in observatory.catalogue.indicators.values())
        )
    ]
    if not wider:
        return ""
    return f"{numbers.join_words(wider)} : {texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]}."


def _source(observatory: Observatory) -> str:
    codes = dict.fromkeys(
        observatory.figures.loc[
            observatory.figures["area_code"].isin(list(observatory.basins)), "source_code"
        ]
    )
    known = observatory.catalogue.sources
    producers = dict.fromkeys(known[c].producer.split(" ;")[0] for c in codes if c in known)
    if not producers:
        return "Source : aucune donnée."
    return f"Sources : {' ; '.join(producers)}. {texts.RECONSTRUCTED}. Données réelles."


# --- funnel ----------------------------------------------------------------------------------------------


def build_funnel(
    observatory: Observatory, indicator_code: str, year: int | None, chosen: Sequence[str]
) -> Funnel:
    """Funnel plot (Spiegelhalter 2005) of the basins that have counts; otherwise the reason why not."""
    if indicator_code == INDEX_CODE:
        return Funnel(texts.INDEX_LABEL, comparing.FUNNEL_OF_INDEX)
    indicator = observatory.catalogue.indicators[indicator_code]
    year = year if year is not None else indicator.latest_year
    title = f"{indicator.short_label}, {year}"
    counted = [
        f
        for f in observatory.resolved(indicator_code, year)
        if f.numerator is not None and f.denominator is not None and f.denominator > 0
    ]
    if indicator.unit is not Unit.SHARE or len(counted) < 3:
        return Funnel(title, comparing.FUNNEL_IMPOSSIBLE)
    events = [f.numerator or 0.0 for f in counted]
    base = [f.denominator or 0.0 for f in counted]
    region = observatory.region(indicator_code, year)
    reference = sum(events) / sum(base)
    if region is not None and region.value is not None and region.status is FigureStatus.VALUE:
        reference = region.value
    if not 0 < reference < 1:
        return Funnel(title, comparing.FUNNEL_IMPOSSIBLE)
    dispersion = overdispersion(events, base, reference)
    outer_low, outer_high = funnel_limits(reference, base, Z_998, dispersion.tau_squared)
    points = tuple(
        FunnelPoint(
            f.area_code,
            observatory.basins[f.area_code].short_label,
            n,
            k / n,
            numbers.format_value(k / n, indicator),
            f.area_code in chosen,
            not low <= k / n <= high,
        )
        for f, k, n, low, high in zip(
            counted, events, base, outer_low.tolist(), outer_high.tolist(), strict=True
        )
    )
    outside = [p.label for p in sorted(points, key=lambda p: -p.value) if p.is_outside]
    missing = [observatory.basins[c].short_label for c in chosen if all(p.code != c for p in points)]
    absent = f"Sans chiffre, donc absent du graphique : {numbers.join_words(missing)}." if missing else ""
    note = " ".join(
        filter(
            None,
            (
                comparing.funnel_sentence(outside, len(points)),
                comparing.overdispersion_sentence(dispersion.phi),
                absent,
            ),
        )
    )
    return Funnel(
        title=title,
        reason="",
        reference=reference,
        reference_text=numbers.format_value(reference, indicator),
        points=tuple(sorted(points, key=lambda p: (-p.value, p.label))),
        curves=tuple(
            _curve(level, z, reference, base, dispersion.tau_squared)
            for level, z in ((f"99,8{numbers.NNBSP}%", Z_998), (f"95{numbers.NNBSP}%", Z_95))
        ),
        phi=dispersion.phi,
        note=note,
        denominator_label=indicator.denominator,
    )


def _curve(level: str, z: float, reference: float, base: Sequence[float], tau_squared: float) -> FunnelCurve:
    """Limits from half the smallest denominator to a tenth past the largest, spaced by equal ratios."""
    first, last = min(base) * 0.5, max(base) * 1.1
    n = [first * (last / first) ** (i / (_CURVE_POINTS - 1)) for i in range(_CURVE_POINTS)]
    lower, upper = funnel_limits(reference, n, z, tau_squared)
    chance_lower, chance_upper = funnel_limits(reference, n, z)
    return FunnelCurve(
        level,
        tuple(n),
        tuple(lower.tolist()),
        tuple(upper.tolist()),
        tuple(chance_lower.tolist()),
        tuple(chance_upper.tolist()),
    )


# --- ranks -----------------------------------------------------------------------------------------------


def build_ranks(
    observatory: Observatory, indicator_code: str, year: int | None, chosen: Sequence[str]
) -> Ranks:
    """Ranks of all the basins: intervals from draws, or groups of positions where no counts are published."""
    if indicator_code == INDEX_CODE:
        return _index_ranks(observatory, chosen)
    indicator = observatory.catalogue.indicators[indicator_code]
    year = year if year is not None else indicator.latest_year
    title = f"{indicator.short_label}, {year}"
    frame = observatory.ranks
    frame = frame[(frame["indicator_code"] == indicator_code) & (frame["year"] == year)]
    if frame.empty:
        return Ranks(title, "", (), (), (), "Rangs non calculables : aucun bassin n’a de valeur propre.")
    frame = frame.sort_values(["rank_median", "rank_lower", "rank_upper", "basin_code"], kind="stable")
    count = int(frame["basin_count"].iloc[0])
    absent = _absent(observatory, chosen, frame["basin_code"])
    if frame["method"].iloc[0] == RankMethod.ORDERING.value:
        note = (
            "Intervalle de rang non calculable : effectifs non diffusés. L’ordre des valeurs ne donne que de grands "
            f"groupes de position. {_reading(indicator)} {absent}"
        )
        groups = _groups(observatory, frame, indicator, year, chosen, count)
        said = tuple(
            f"{observatory.basins[r.basin_code].short_label} : "
            f"{sentences.position_phrase(int(r.rank_median), count)}"
            for r in frame.itertuples(index=False)
            if r.basin_code in chosen
        )
        return Ranks(title, RankMethod.ORDERING.value, (), groups, said, note.strip())
    rows = tuple(
        RankRow(
            r.basin_code,
            observatory.basins[r.basin_code].short_label,
            float(r.rank_median),
            int(r.rank_lower),
            int(r.rank_upper),
            None if math.isnan(r.top_five_probability) else float(r.top_five_probability),
            int(r.band),
            sentences.rank_interval_phrase(int(r.rank_lower), int(r.rank_upper)),
            r.basin_code in chosen,
        )
        for r in frame.itertuples(index=False)
        if r.basin_code in observatory.basins
    )
    said = tuple(
        comparing.rank_sentence(r.label, r.lower, r.upper, count, r.top_five) for r in rows if r.is_chosen
    )
    note = (
        f"Barre : rangs plausibles (5 à 95{numbers.NNBSP}% des tirages) ; trait : rang médian. Les bassins d’une même "
        f"bande ne peuvent pas être départagés. {_reading(indicator)} {absent}"
    )
    return Ranks(title, RankMethod.BETA_BINOMIAL.value, rows, (), said, note.strip())


def _index_ranks(observatory: Observatory, chosen: Sequence[str]) -> Ranks:
    frame = observatory.context_index
    frame = frame[frame["status"] == "computed"].sort_values(["rank_median", "rank_lower", "basin_code"])
    title = "Indice de contexte, dernières années disponibles"
    absent = _absent(observatory, chosen, frame["basin_code"])
    if frame.empty:
        return Ranks(
            title, "", (), (), (), f"Rangs non calculables : l’indice n’est pas calculé. {absent}".strip()
        )
    rows = tuple(
        RankRow(
            r.basin_code,
            observatory.basins[r.basin_code].short_label,
            float(r.rank_median),
            int(r.rank_lower),
            int(r.rank_upper),
            None,
            0,
            sentences.rank_interval_phrase(int(r.rank_lower), int(r.rank_upper)),
            r.basin_code in chosen,
        )
        for r in frame.itertuples(index=False)
        if r.basin_code in observatory.basins
    )
    said = tuple(
        comparing.rank_sentence(r.label, r.lower, r.upper, len(rows), None) for r in rows if r.is_chosen
    )
    note = (
        f"Barre : rangs d’exposition dans 5 à 95{numbers.NNBSP}% des 1{numbers.NNBSP}000 variantes de calcul ; "
        f"trait : rang médian. 1er = contexte le plus exposé. {absent}"
    )
    return Ranks(title, "variants", rows, (), said, note.strip())


def _absent(observatory: Observatory, chosen: Sequence[str], ranked: Sequence[str]) -> str:
    known = set(ranked)
    names = [observatory.basins[code].short_label for code in chosen if code not in known]
    return f"Sans rang, faute de valeur propre : {numbers.join_words(names)}." if names else ""


def _reading(indicator: Indicator) -> str:
    """What the first rank means: the highest value, which is not always the most exposed."""
    if indicator.polarity is Polarity.HIGHER_IS_BETTER:
        return "1er = valeur la plus élevée, donc la moins exposée."
    return "1er = valeur la plus élevée."


def _groups(  # type: ignore[no-untyped-def]
    observatory: Observatory, frame, indicator: Indicator, year: int, chosen: Sequence[str], count: int
) -> tuple[RankGroup, ...]:
    labels = ("Tiers le plus élevé", "Tiers du milieu", "Tiers le moins élevé")
    members: tuple[list[tuple[str, str, bool]], ...] = ([], [], [])
    for row in frame.itertuples(index=False):
        figure = observatory.figure(row.basin_code, indicator.code, year)
        if figure is None or figure.value is None or row.basin_code not in observatory.basins:
            continue
        third = 0 if row.rank_median <= count / 3 else 2 if row.rank_median > 2 * count / 3 else 1
        name = observatory.basins[row.basin_code].short_label
        members[third].append((name, numbers.format_value(figure.value, indicator), row.basin_code in chosen))
    return tuple(RankGroup(label, tuple(found)) for label, found in zip(labels, members, strict=True))


def _of(name: str) -> str:
    return f"d’{name}" if name[0] in "AÉEIOU" else f"de {name}"
