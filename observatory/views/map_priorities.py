"""The map of the priorities: where is the risk high and the cooperation thin?"""

from __future__ import annotations

from observatory.domain.indicators import Indicator
from observatory.french import readings, sentences, texts
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
    ordered,
    own_value_cell,
    source_line,
    spoken_name,
    undetermined_fill,
    wider_note,
)
from observatory.views.map_pieces import (
    UNDETERMINED as UNDETERMINED_FILL,
)
from observatory.views.observatory import Observatory
from observatory.views.region_priorities import UNDETERMINED, Priority, priorities
from observatory.views.selection import OUTCOME_CODE, Selection

_ORDER = {code: position for position, code in enumerate(texts.PRIORITY_LABELS)}


def priorities_view(observatory: Observatory, selection: Selection) -> MapView:
    """Risk beside cooperation: subjects for the meeting, never a judgement."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    year = indicator.latest_year
    states = cooperation_states(observatory)
    found = priorities(observatory)
    areas = ordered(_area(observatory, code, indicator, found[code], states[code]) for code in found)
    first = [spoken_name(observatory.basins[code]) for code, p in found.items() if p.kind == "discuss_first"]
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
        note=wider_note(observatory, indicator, year),
        is_demonstration=observatory.has_demonstration,
        panel=_panel(observatory, selection.basin, found[selection.basin]),
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
    label, place = texts.PRIORITY_LABELS[found.kind], float(_ORDER[found.kind])
    sides = readings.observed_and_level(cell.text, readings.level_name(state.median_level))
    return basin_area(
        observatory.basins[code],
        fill,
        (label, sides, found.why),
        (Cell(label, place), cell),
        order=-place,
    )


def _legend(areas: tuple[MapArea, ...]) -> tuple[LegendEntry, ...]:
    kinds = kind_legend(texts.PRIORITY_LABELS, palette.PRIORITY, areas)
    signs = [line for line in kinds if line.is_sign]
    unknown = entry(readings.NO_COOPERATION, NOT_REPORTED, areas)
    return (*(line for line in kinds if not line.is_sign), unknown, *signs)


def _panel(observatory: Observatory, code: str, found: Priority) -> Panel:
    rule = f"{sentences.capitalise(found.why)}." if found.why else readings.PRIORITY_RULE
    headline = sentences.capitalise(texts.PRIORITY_LABELS[found.kind])
    return basin_panel(observatory.basins[code], headline, rule, readings.PRIORITY_CAUTION)
