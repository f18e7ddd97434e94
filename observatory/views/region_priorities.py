"""Observed risk against the state of cooperation, with what is not known on each side.

The one definition of the priorities, for the table of the region and for the map. It places a basin beside
two rules that anyone can check, the regional value and level 3, says which places are to be confirmed, and
gives no score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from observatory.domain.indicators import Indicator
from observatory.french import numbers, readings, region, texts
from observatory.french.typography import alphabetical
from observatory.views.cooperation import PAIR_COUNT, CooperationState, cooperation_states
from observatory.views.map_pieces import interval_text, spoken_name, status_text, value_text
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import OUTCOME_CODE

COORDINATION = 3
"""A median level under this one is a cooperation still little developed."""
ROUNDING = 0.005
"""Half a point: without an interval, an observed share this near to the region is not surely apart."""
UNDETERMINED = "undetermined"
KINDS = tuple(kind for kind in texts.PRIORITY_LABELS if kind != UNDETERMINED)


@dataclass(frozen=True)
class Priority:
    """Where a basin stands (a key of ``texts.PRIORITY_LABELS``), why it stands nowhere, and what could make
    it stand elsewhere.
    """

    kind: str
    why: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def is_to_confirm(self) -> bool:
        return bool(self.doubts)

    @property
    def doubt_text(self) -> str:
        """``À confirmer : …``, empty when the place is sure."""
        return f"À confirmer : {numbers.join_words(list(self.doubts))}." if self.doubts else ""


@dataclass(frozen=True)
class Extent:
    """A value and what it may be, in the unit of the screen; None where it is not known."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class BasinPriority:
    """Both sides of one basin, in figures and in words."""

    code: str
    label: str
    short_label: str
    kind: str
    situation: str
    why: str
    observed: Extent
    observed_text: str
    observed_interval: str
    level: Extent
    level_text: str
    level_words: str
    level_interval: str
    known: str
    doubt: str
    is_to_confirm: bool


@dataclass(frozen=True)
class Quadrant:
    """One of the four situations: its name, its rule, the question it asks, the basins that are in it."""

    kind: str
    label: str
    rule: str
    question: str
    basins: tuple[BasinPriority, ...]


@dataclass(frozen=True)
class RegionPriorities:
    """The quadrants, the basins in the order of the territory, and the scale of their drawing."""

    title: str
    year: int
    quadrants: tuple[Quadrant, ...]
    undetermined: tuple[BasinPriority, ...]
    basins: tuple[BasinPriority, ...]
    region: float | None
    region_text: str
    order_note: str
    observed_scale: tuple[float, float]
    has_interval: bool


def priority(figure: Figure | None, region_value: float | None, state: CooperationState) -> Priority:
    """Observed against the region, cooperation against :data:`COORDINATION` (method, section 1)."""
    value = None if figure is None else figure.own_value
    if figure is None or value is None:
        return Priority(UNDETERMINED, status_text(figure))
    if region_value is None:
        return Priority(UNDETERMINED, readings.NO_REGION)
    if figure.lower is not None and figure.upper is not None and figure.lower <= region_value <= figure.upper:
        return Priority(UNDETERMINED, readings.CROSSES_REGION)
    if state.median_level is None:
        return Priority(UNDETERMINED, readings.NO_COOPERATION)
    is_weak = state.median_level < COORDINATION
    kinds = (
        ("discuss_first", "high_risk_strong")
        if value > region_value
        else ("low_risk_weak", "low_risk_strong")
    )
    return Priority(
        kinds[0] if is_weak else kinds[1], doubts=tuple(_doubts(figure, value, region_value, state))
    )


def _doubts(figure: Figure, value: float, region_value: float, state: CooperationState) -> Iterator[str]:
    """What could carry a basin to the other side of a cut; an interval that crosses placed it nowhere."""
    if not figure.has_interval and abs(value - region_value) < ROUNDING - 1e-9:
        yield region.NEAR_REGION
    if _may_cross(state):
        yield region.MAY_CROSS


def _may_cross(state: CooperationState) -> bool:
    low, high = state.level_bounds
    return low < COORDINATION <= high


def priorities(observatory: Observatory) -> dict[str, Priority]:
    """Where every basin stands, for the latest year of the observed rupture."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    reference = observatory.regional_value(indicator.code, indicator.latest_year)
    states = cooperation_states(observatory)
    return {
        code: priority(observatory.latest(code, indicator), reference, states[code])
        for code in observatory.basins
    }


def distance_to_region(figure: Figure | None, region_value: float | None) -> float:
    """How far the observed figure surely stands above the region (below: negative).

    What counts is the bound of its interval that is the nearer one; without an interval, the value itself.
    """
    value = None if figure is None else figure.own_value
    if figure is None or value is None or region_value is None:
        return 0.0
    lower, upper = (figure.lower, figure.upper) if figure.has_interval else (value, value)
    if lower is not None and lower > region_value:
        return lower - region_value
    return min(0.0, (value if upper is None else upper) - region_value)


def in_order(observatory: Observatory, found: Mapping[str, Priority]) -> list[str]:
    """Codes of the basins: by situation, then from the farthest above the region down, then by name."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    region_value = observatory.regional_value(indicator.code, indicator.latest_year)
    situations = list(texts.PRIORITY_LABELS)

    def place(code: str) -> tuple[int, float, str]:
        kind, name = found[code].kind, observatory.basins[code].basin_label
        far = distance_to_region(observatory.latest(code, indicator), region_value)
        return situations.index(kind), 0.0 if kind == UNDETERMINED else -far, alphabetical(name)

    return sorted(found, key=place)


def build_region_priorities(observatory: Observatory) -> RegionPriorities:
    """The priorities of the region, with both intervals of every basin."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    states, found = cooperation_states(observatory), priorities(observatory)
    basins = tuple(
        _basin(observatory, code, indicator, found[code], states[code]) for code in observatory.basins
    )
    by_code, order = {basin.code: basin for basin in basins}, in_order(observatory, found)
    reference = observatory.regional_value(indicator.code, indicator.latest_year)
    quadrants = tuple(
        Quadrant(
            kind,
            texts.PRIORITY_LABELS[kind],
            region.QUADRANTS[kind],
            region.QUADRANT_QUESTIONS[kind],
            tuple(by_code[code] for code in order if found[code].kind == kind),
        )
        for kind in KINDS
    )
    undetermined = tuple(b for b in basins if b.kind == UNDETERMINED)
    first = [spoken_name(observatory.basins[b.code]) for b in quadrants[0].basins]
    return RegionPriorities(
        title=readings.priority_title(first, len(basins) - len(undetermined)),
        year=indicator.latest_year,
        quadrants=quadrants,
        undetermined=undetermined,
        basins=basins,
        region=reference,
        region_text="" if reference is None else numbers.format_value(reference, indicator),
        order_note=_order_note(observatory, indicator, reference),
        observed_scale=_scale([b.observed for b in basins], reference),
        has_interval=any(b.observed.lower is not None for b in basins),
    )


def _order_note(observatory: Observatory, indicator: Indicator, reference: float | None) -> str:
    if reference is None:
        return ""
    figures = observatory.basin_figures(indicator.code, indicator.latest_year)
    return readings.priority_order(
        (), numbers.format_value(reference, indicator), has_interval=any(f.has_interval for f in figures)
    )


def _basin(
    observatory: Observatory, code: str, indicator: Indicator, found: Priority, state: CooperationState
) -> BasinPriority:
    figure, basin = observatory.latest(code, indicator), observatory.basins[code]
    value = None if figure is None else figure.own_value
    low, high = state.level_bounds
    is_known = value is not None and figure is not None
    interval = figure is not None and is_known and figure.has_interval
    doubt = ""
    if state.median_level is not None and state.known_count < PAIR_COUNT:
        doubt = region.MAY_CROSS if _may_cross(state) else region.HOLDS
    return BasinPriority(
        code=code,
        label=basin.basin_label,
        short_label=basin.short_label,
        kind=found.kind,
        situation=texts.PRIORITY_LABELS[found.kind],
        why=found.why,
        observed=Extent(
            value,
            figure.lower if interval and figure else None,
            figure.upper if interval and figure else None,
        ),
        observed_text=value_text(figure, indicator),
        observed_interval=interval_text(figure, indicator) if is_known and figure else status_text(figure),
        level=Extent(state.median_level, low, high),
        level_text=readings.NOT_REPORTED if state.median_level is None else _plain(state.median_level),
        level_words=readings.level_name(state.median_level),
        level_interval="" if state.known_count == PAIR_COUNT else _between(low, high),
        known=f"{state.known_count}/{PAIR_COUNT}",
        doubt=doubt if not found.doubts else " ; ".join(found.doubts),
        is_to_confirm=found.is_to_confirm,
    )


def _between(low: float, high: float) -> str:
    return f"tient à {_plain(low)}" if low == high else f"de {_plain(low)} à {_plain(high)}"


def _plain(level: float) -> str:
    return numbers.format_number(level, 0 if level == int(level) else 1)


def _scale(observed: list[Extent], reference: float | None) -> tuple[float, float]:
    """From zero, where a share begins, to a round number above everything that is drawn."""
    seen = [v for e in observed for v in (e.value, e.upper) if v is not None]
    highest = max([*seen, reference or 0.0, 0.05])
    return 0.0, ceil(highest / 0.05 - 1e-9) * 0.05
