"""View-model of the sheet of one basin: what to know before the meeting, on one screen and on one page."""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.cooperation import Partner
from observatory.domain.figures import FigureNote, FigureStatus, split_notes
from observatory.domain.indicators import Indicator
from observatory.domain.risk import Comparison
from observatory.french import numbers, sentences, texts
from observatory.stats.rates import compare_with_reference
from observatory.views.cooperation import (
    CooperationState,
    ModalityRow,
    cooperation_states,
    modality_rows,
    rating_levels,
    reciprocal_gaps,
)
from observatory.views.map_pieces import interval_text, status_text
from observatory.views.marks import StripMark, TrendPoint
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import OUTCOME_CODE
from observatory.views.similar import most_comparable

SIMILAR_VERDICT = ("=", "comparable à la région")
ABOVE_VERDICT = ("▲", "au-dessus de la région")
BELOW_VERDICT = ("▼", "au-dessous de la région")


@dataclass(frozen=True)
class KeyFigure:
    """One line of the key figures. ``sign`` and ``verdict`` are empty when no interval allows a comparison."""

    label: str
    year: str
    value: str
    doubt: str
    academie: str
    region: str
    position: str
    sign: str
    verdict: str
    others: tuple[float, ...]
    mark: StripMark | None
    interval: tuple[float, float] | None
    reference: float | None


@dataclass(frozen=True)
class ServiceLine:
    """Services of one kind in the basin: how many, and their names."""

    kind: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Fiche:
    """The sheet of one basin."""

    basin_code: str
    title: str
    academie: str
    identity: str
    limits: str
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
    comparable_note: str
    services: tuple[ServiceLine, ...]
    access: str
    funnel: str
    cooperation: CooperationState
    levels: tuple[tuple[int | None, ...], ...]
    gaps: frozenset[tuple[int, int]]
    modalities: tuple[ModalityRow, ...]
    has_demonstration: bool
    sources: tuple[str, ...]


def build_fiche(observatory: Observatory, basin_code: str) -> Fiche:
    """The sheet of ``basin_code``; complete even when figures are missing, which it then says."""
    basin = observatory.basins[basin_code]
    outcome = observatory.catalogue.indicators[OUTCOME_CODE]
    communes = observatory.communes[observatory.communes["basin_code"] == basin_code]
    figure = observatory.latest(basin_code, outcome)
    headline, headline_text, headline_doubt = _headline(observatory, figure, outcome)
    uncertain = int((communes["confidence"] == "low").sum())
    levels, gaps = _matrix(observatory, basin_code)
    trend, trend_note = build_trend(observatory, basin_code, outcome)
    return Fiche(
        basin_code=basin_code,
        title=basin.basin_label,
        academie=basin.academie,
        identity=(
            f"Académie {_of(basin.academie)} · {numbers.format_number(int(communes['population'].sum()))} habitants · "
            f"{len(communes)} communes ou arrondissements · {_departements(basin.departements)}"
        ),
        limits=(
            "Limites reconstituées, non officielles"
            + (
                f" ; {uncertain} commune{'s' if uncertain > 1 else ''} au rattachement incertain."
                if uncertain
                else "."
            )
        ),
        headline=headline,
        headline_text=headline_text,
        headline_doubt=headline_doubt,
        lead=_lead(observatory, basin_code, figure, outcome),
        figures=tuple(
            _key_figure(observatory, basin_code, i) for i in observatory.catalogue.indicators.values()
        ),
        trend=trend,
        trend_note=trend_note,
        contributions=_contributions(observatory, basin_code),
        context_note=_context_note(observatory, basin_code),
        comparable=_comparable(observatory, basin_code, outcome),
        comparable_note="Proximité mesurée sur les dimensions du contexte, jamais sur l’observé.",
        services=_services(observatory, basin_code),
        access=_access(observatory, basin_code),
        funnel="Aucune campagne n’est encore chargée : sortants signalés, retrouvés, suivis et sans solution restent à venir.",
        cooperation=cooperation_states(observatory)[basin_code],
        levels=levels,
        gaps=gaps,
        modalities=modality_rows(observatory, basin_code),
        has_demonstration=observatory.has_demonstration,
        sources=_sources(observatory, basin_code),
    )


def build_trend(
    observatory: Observatory, code: str, indicator: Indicator
) -> tuple[tuple[TrendPoint, ...], str]:
    """Points of an indicator for a basin, and the sentence that says what may be concluded."""
    return _trend(observatory, code, indicator), _trend_note(observatory, code, indicator)


def _headline(observatory: Observatory, figure: Figure | None, outcome: Indicator) -> tuple[str, str, str]:
    region = observatory.region(outcome.code, outcome.latest_year)
    region_text = numbers.format_value(region.value, outcome) if region and region.value is not None else None
    if figure is None or figure.value is None:
        return "–", f"{outcome.label} : {status_text(figure)}.", ""
    value = numbers.format_value(figure.value, outcome)
    if figure.status is not FigureStatus.VALUE:
        return f"({value})", f"{_capital(status_text(figure))}.", "Hors classement, écart et typologie."
    return (
        value,
        sentences.value_sentence(outcome, region_text),
        f"{_capital(interval_text(figure, outcome))}.",
    )


def _lead(observatory: Observatory, code: str, figure: Figure | None, outcome: Indicator) -> tuple[str, ...]:
    """Three short sentences: position, context, what the context leads one to expect."""
    lines = []
    resolved = observatory.resolved(outcome.code, outcome.latest_year)
    if figure and figure.value is not None and figure.status is FigureStatus.VALUE:
        rank = 1 + sum(1 for f in resolved if (f.value or 0) > figure.value)
        lines.append(f"Rupture observée : {sentences.position_phrase(rank, len(resolved))}.")
    else:
        lines.append(f"Rupture observée : {status_text(figure)}.")
    index = _row(observatory.context_index, code)
    if index is not None and index.status == "computed":
        total = int((observatory.context_index["status"] == "computed").sum())
        interval = sentences.rank_interval_phrase(int(index.rank_lower), int(index.rank_upper))
        lines.append(
            f"Contexte : rang d’exposition {interval} sur {total} bassins dont l’indice est calculé."
        )
    else:
        lines.append(_context_note(observatory, code))
    gap = _row(observatory.gap, code)
    if gap is not None and gap.status == "computed":
        expected = numbers.format_value(float(gap.expected), outcome)
        verdict = "un écart notable" if gap.is_notable else "dans la dispersion habituelle"
        lines.append(
            f"Le contexte laisse attendre {expected} : écart de "
            f"{numbers.format_difference(float(gap.gap), outcome)}, {verdict}."
        )
    return tuple(lines)


def _key_figure(observatory: Observatory, code: str, indicator: Indicator) -> KeyFigure:
    year = indicator.latest_year
    figure = observatory.figure(code, indicator.code, year)
    region = observatory.region(indicator.code, year)
    academie = observatory.figure(observatory.basins[code].academie_code, indicator.code, year)
    resolved = observatory.resolved(indicator.code, year)
    others = tuple(f.value for f in resolved if f.area_code != code and f.value is not None)
    reference = region.value if region else None
    is_value = figure is not None and figure.status is FigureStatus.VALUE and figure.value is not None
    sign = verdict = position = ""
    interval = None
    mark = None
    doubt = "" if is_value else status_text(figure)
    if is_value and figure is not None and figure.value is not None:
        rank = 1 + sum(1 for f in resolved if (f.value or 0) > figure.value)
        position = sentences.position_phrase(rank, len(resolved))
        mark = StripMark(figure.value, "", is_subject=True)
        if figure.lower is not None and figure.upper is not None:
            interval = (figure.lower, figure.upper)
            doubt = numbers.format_interval(figure.lower, figure.upper, indicator)
            if reference is not None:
                # Said by its side, not as good or bad: nobody reads a vocational track as a fault.
                comparison = compare_with_reference(figure.value, *interval, reference, indicator.polarity)
                if comparison is Comparison.SIMILAR:
                    sign, verdict = SIMILAR_VERDICT
                elif comparison is not Comparison.NEUTRAL:
                    sign, verdict = ABOVE_VERDICT if figure.value > reference else BELOW_VERDICT
        else:
            doubt = "sans intervalle"
    return KeyFigure(
        label=indicator.label,
        year=str(year),
        value=_value_text(figure, indicator),
        doubt=doubt,
        academie=_value_text(academie, indicator),
        region=_value_text(region, indicator),
        position=position,
        sign=sign,
        verdict=verdict,
        others=others,
        mark=mark,
        interval=interval,
        reference=reference,
    )


def _value_text(figure: Figure | None, indicator: Indicator) -> str:
    if figure is None or figure.value is None:
        return "–"
    text = numbers.format_value(figure.value, indicator)
    return text if figure.status is FigureStatus.VALUE else f"({text})"


def _trend(observatory: Observatory, code: str, indicator: Indicator) -> tuple[TrendPoint, ...]:
    points = []
    for year in indicator.years:
        figure, region = (
            observatory.figure(code, indicator.code, year),
            observatory.region(indicator.code, year),
        )
        value = figure.value if figure else None
        text = numbers.format_value(value, indicator, with_unit=False) if value is not None else ""
        reference = region.value if region else None
        beside = numbers.format_value(reference, indicator, with_unit=False) if reference is not None else ""
        points.append(TrendPoint(year, value, text, reference, beside))
    return tuple(points)


def _trend_note(observatory: Observatory, code: str, indicator: Indicator) -> str:
    trends = observatory.trends
    rows = trends[(trends["area_code"] == code) & (trends["indicator_code"] == indicator.code)]
    count = sum(1 for p in _trend(observatory, code, indicator) if p.value is not None)
    status = rows["status"].iloc[0] if len(rows) else "too_few_points"
    note = _capital(sentences.trend_phrase(count, status))
    figure = observatory.latest(code, indicator)
    if figure and FigureNote.COMMUNAL_VALUE_NOT_SPLIT in split_notes(figure.note):
        note += f" ; {texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]}"
    return f"{note}."


def _contributions(observatory: Observatory, code: str) -> tuple[tuple[str, float, str], ...]:
    rows = observatory.contributions
    mine = rows[(rows["basin_code"] == code) & rows["contribution"].notna()]
    labels = observatory.catalogue.dimensions
    by_code = dict(zip(mine["dimension_code"], mine["contribution"], strict=True))
    return tuple(
        (labels[d].label, float(by_code[d]), numbers.format_signed(float(by_code[d]), 2))
        for d in labels
        if d in by_code
    )


def _context_note(observatory: Observatory, code: str) -> str:
    index = _row(observatory.context_index, code)
    if index is None:
        return "Indice de contexte non calculé."
    if index.status == "computed":
        return (
            f"Indice {numbers.format_signed(float(index.context_index), 2)} (0 = moyenne des bassins ; plus haut = plus exposé). "
            "Associé à la rupture, sans en dire la cause."
        )
    missing = [
        observatory.catalogue.dimensions[d].label for d in str(index.missing_dimensions or "").split("|") if d
    ]
    if not missing:
        return "Indice de contexte non calculé."
    return (
        f"Indice de contexte non calculé : dimension {numbers.join_words(missing)} insuffisamment couverte."
    )


def _comparable(observatory: Observatory, code: str, outcome: Indicator) -> tuple[tuple[str, str], ...]:
    found = []
    for other in most_comparable(observatory, code, count=4):
        found.append(
            (observatory.basins[other].basin_label, _value_text(observatory.latest(other, outcome), outcome))
        )
    return tuple(found)


def _services(observatory: Observatory, code: str) -> tuple[ServiceLine, ...]:
    lines = []
    for kind in texts.SERVICE_LABELS:
        names = tuple(s.label for s in observatory.services if s.kind == kind and s.basin_code == code)
        lines.append(ServiceLine(texts.SERVICE_LABELS[kind], len(names), names))
    return tuple(lines)


def _access(observatory: Observatory, code: str) -> str:
    indicator = observatory.catalogue.indicators.get("service_distance_km")
    if indicator is None:
        return ""
    figure, region = (
        observatory.latest(code, indicator),
        observatory.region(indicator.code, indicator.latest_year),
    )
    if figure is None or figure.value is None:
        return ""
    start = f"À vol d’oiseau, {numbers.format_value(figure.value, indicator)} en moyenne jusqu’au plus proche lycée, CIO et mission locale"
    if region is None or region.value is None:
        return f"{start}."
    return f"{start} (région : {numbers.format_value(region.value, indicator)})."


def _matrix(
    observatory: Observatory, code: str
) -> tuple[tuple[tuple[int | None, ...], ...], frozenset[tuple[int, int]]]:
    partners = [p.value for p in Partner]
    levels = rating_levels(observatory, code)
    position = {p: i for i, p in enumerate(partners)}
    gaps = set()
    for a, b, _, _ in reciprocal_gaps(levels):
        gaps.update({(position[a], position[b]), (position[b], position[a])})
    return tuple(tuple(levels.get((a, b)) for b in partners) for a in partners), frozenset(gaps)


def _sources(observatory: Observatory, code: str) -> tuple[str, ...]:
    codes = {
        f.source_code
        for i in observatory.catalogue.indicators.values()
        if (f := observatory.latest(code, i)) is not None
    }
    sources = observatory.catalogue.sources
    return tuple(
        dict.fromkeys(
            f"{sources[c].producer.split(' ;')[0]} ({sources[c].vintage})"
            for c in sorted(codes & set(sources))
        )
    )


def _row(frame, code: str):  # type: ignore[no-untyped-def]
    rows = frame[frame["basin_code"] == code]
    return next(rows.itertuples(index=False), None)


def _departements(codes: tuple[str, ...]) -> str:
    return f"département{'s' if len(codes) > 1 else ''} {numbers.join_words(list(codes))}"


def _of(name: str) -> str:
    return f"d’{name}" if name[0] in "AÉEIOU" else f"de {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
