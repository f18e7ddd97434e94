"""The map of the priorities: where is the risk high and the cooperation thin?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from observatory.domain.indicators import Indicator
from observatory.french import numbers, readings, sentences, texts
from observatory.french.typography import alphabetical
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, LegendEntry, MapArea, MapView, Panel
from observatory.views.cooperation import CooperationState, cooperation_states
from observatory.views.map_pieces import (
    NOT_REPORTED,
    basin_area,
    basin_panel,
    entry,
    kind_legend,
    own_value_cell,
    situation_label,
    source_line,
    spoken_name,
    status_text,
    undetermined_fill,
    wider_note,
)
from observatory.views.map_pieces import (
    UNDETERMINED as UNDETERMINED_FILL,
)
from observatory.views.observatory import Figure, Observatory
from observatory.views.region_priorities import UNDETERMINED, Priority, priorities
from observatory.views.selection import OUTCOME_CODE, Selection

_ORDER = {code: position for position, code in enumerate(texts.PRIORITY_LABELS)}


def priorities_view(observatory: Observatory, selection: Selection) -> MapView:
    """Risk beside cooperation: subjects for the meeting, never a judgement."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    year = indicator.latest_year
    states = cooperation_states(observatory)
    found = priorities(observatory)
    areas = tuple(
        _area(observatory, code, indicator, found[code], states[code])
        for code in _in_order(observatory, indicator, found)
    )
    first = [spoken_name(observatory.basins[a.code]) for a in areas if found[a.code].kind == "discuss_first"]
    placed = sum(p.kind != UNDETERMINED for p in found.values())
    cooperation = readings.cooperation_source(observatory.has_cooperation, observatory.has_demonstration)
    known = readings.placed_phrase(placed, len(found))
    return MapView(
        title=readings.priority_title(first, placed),
        indicator_label="Priorités : risque observé et état de la coopération",
        legend_title="Risque et coopération",
        period=str(year),
        areas=areas,
        legend=_legend(areas),
        headers=("Situation", str(year)),
        list_title="Risque observé et coopération",
        source=f"{source_line(observatory, indicator, year, known)} Coopération : {cooperation}.",
        note=" ".join(filter(None, (readings.PRIORITY_RULE, wider_note(observatory, indicator, year)))),
        is_demonstration=observatory.has_demonstration,
        panel=_panel(observatory, selection.basin, found[selection.basin]),
        order_note=_order_note(observatory, indicator, first) if len(first) > 1 else "",
    )


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


def _in_order(observatory: Observatory, indicator: Indicator, found: Mapping[str, Priority]) -> list[str]:
    """Codes of the basins: by situation, then from the farthest above the region down, then by name."""
    region_value = observatory.regional_value(indicator.code, indicator.latest_year)

    def place(code: str) -> tuple[int, float, str]:
        kind, name = found[code].kind, observatory.basins[code].basin_label
        far = distance_to_region(observatory.latest(code, indicator), region_value)
        return _ORDER[kind], 0.0 if kind == UNDETERMINED else -far, alphabetical(name)

    return sorted(found, key=place)


def _order_note(observatory: Observatory, indicator: Indicator, first: Sequence[str]) -> str:
    region_value = observatory.regional_value(indicator.code, indicator.latest_year)
    if region_value is None:
        return ""
    figures = observatory.basin_figures(indicator.code, indicator.latest_year)
    return readings.priority_order(
        first[readings.PRIORITIES_NAMED :],
        numbers.format_value(region_value, indicator),
        has_interval=any(figure.has_interval for figure in figures),
    )


def _area(
    observatory: Observatory, code: str, indicator: Indicator, found: Priority, state: CooperationState
) -> MapArea:
    figure = observatory.latest(code, indicator)
    cell = own_value_cell(figure, indicator)
    # Drawn by the reason that is told: the observed figure first, then the inventory.
    fill = undetermined_fill(figure)
    if found.kind in palette.PRIORITY:
        fill = Fill(palette.PRIORITY[found.kind])
    elif state.median_level is None and fill == UNDETERMINED_FILL:
        fill = NOT_REPORTED
    label, place = situation_label(found.kind, texts.PRIORITY_LABELS, fill), float(_ORDER[found.kind])
    why = _why(observatory, code, found)
    sides = readings.observed_and_level(cell.text, readings.level_name(state.median_level))
    return basin_area(
        observatory.basins[code],
        fill,
        (label, sides, "" if label.endswith(why) else why),
        (Cell(label, place), cell),
        order=-place,
    )


def _why(observatory: Observatory, code: str, found: Priority) -> str:
    """Why a basin stands nowhere; a value of Marseille says with how many other communes it was made."""
    figure = observatory.latest(code, observatory.catalogue.indicators[OUTCOME_CODE])
    return status_text(figure, observatory) if found.why == status_text(figure) else found.why


def _legend(areas: tuple[MapArea, ...]) -> tuple[LegendEntry, ...]:
    kinds = kind_legend(texts.PRIORITY_LABELS, palette.PRIORITY, areas)
    signs = [line for line in kinds if line.is_sign]
    unknown = entry(readings.NO_COOPERATION, NOT_REPORTED, areas)
    return (*(line for line in kinds if not line.is_sign), unknown, *signs)


def _panel(observatory: Observatory, code: str, found: Priority) -> Panel:
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    region = observatory.regional_value(indicator.code, indicator.latest_year)
    if found.why or region is None:
        text = f"{sentences.capitalise(_why(observatory, code, found))}."
    else:
        own = own_value_cell(observatory.latest(code, indicator), indicator).text
        text = readings.observed_beside_region(own, numbers.format_value(region, indicator))
    headline = sentences.capitalise(texts.PRIORITY_LABELS[found.kind])
    return basin_panel(observatory.basins[code], headline, text, readings.PRIORITY_CAUTION)
