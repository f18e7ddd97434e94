"""The map of the priorities: where is the risk high and the cooperation thin?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from observatory.domain.indicators import Indicator
from observatory.french import numbers, readings, sentences, texts
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, LegendEntry, MapArea, MapView, Panel
from observatory.views.cooperation import CooperationState, cooperation_states
from observatory.views.inventory_origin import Origin, cooperation_source, shown_origin
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
from observatory.views.observatory import Observatory
from observatory.views.region_priorities import UNDETERMINED, Priority, in_order, priorities
from observatory.views.selection import OUTCOME_CODE, Selection

TO_CONFIRM = Fill("#ffffff", "lines")
"""How the legend shows the lines that are drawn over the colour of a class to be confirmed."""

_ORDER = {code: position for position, code in enumerate(texts.PRIORITY_LABELS)}


def priorities_view(observatory: Observatory, selection: Selection) -> MapView:
    """Risk beside cooperation: subjects for the meeting, never a judgement."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    year = indicator.latest_year
    states = cooperation_states(observatory)
    found = priorities(observatory)
    areas = tuple(
        _area(observatory, code, indicator, found[code], states[code])
        for code in in_order(observatory, found)
    )
    first = [spoken_name(observatory.basins[a.code]) for a in areas if found[a.code].kind == "discuss_first"]
    placed = sum(p.kind != UNDETERMINED for p in found.values())
    cooperation = cooperation_source(observatory)
    known = readings.placed_phrase(placed, len(found))
    origin = shown_origin(observatory, observatory.basins)
    return MapView(
        title=readings.priority_title(first, placed),
        indicator_label="Priorités : risque observé et état de la coopération",
        legend_title="Risque et coopération",
        period=str(year),
        areas=areas,
        legend=_legend(areas, found),
        headers=("Situation", str(year)),
        list_title="Risque observé et coopération",
        source=f"{source_line(observatory, indicator, year, known)} Coopération : {cooperation}.",
        note=" ".join(filter(None, (readings.PRIORITY_RULE, wider_note(observatory, indicator, year)))),
        is_demonstration=origin is not Origin.REAL,
        is_partly_real=origin is Origin.PARTLY_INVENTED,
        panel=_panel(observatory, selection.basin, found[selection.basin]),
        order_note=_order_note(observatory, indicator, first) if len(first) > 1 else "",
    )


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
        fill = Fill(palette.PRIORITY[found.kind], TO_CONFIRM.pattern if found.is_to_confirm else None)
    elif state.median_level is None and fill == UNDETERMINED_FILL:
        fill = NOT_REPORTED
    label, place = situation_label(found.kind, texts.PRIORITY_LABELS, fill), float(_ORDER[found.kind])
    if found.is_to_confirm:
        label = f"{label}, {readings.TO_CONFIRM}"
    why = _why(observatory, code, found)
    sides = readings.observed_and_level(cell.text, readings.level_name(state.median_level))
    return basin_area(
        observatory.basins[code],
        fill,
        (label, sides, "" if label.endswith(why) else why, *found.doubts),
        (Cell(label, place), cell),
        order=-place,
    )


def _why(observatory: Observatory, code: str, found: Priority) -> str:
    """Why a basin stands nowhere; a value of Marseille says with how many other communes it was made."""
    figure = observatory.latest(code, observatory.catalogue.indicators[OUTCOME_CODE])
    return status_text(figure, observatory) if found.why == status_text(figure) else found.why


def _legend(areas: tuple[MapArea, ...], found: Mapping[str, Priority]) -> tuple[LegendEntry, ...]:
    """The classes count their basins, sure or not; one line says what is drawn over those to be confirmed."""
    coloured = [
        replace(area, fill=Fill(area.fill.colour)) if found[area.code].doubts else area for area in areas
    ]
    kinds = kind_legend(texts.PRIORITY_LABELS, palette.PRIORITY, coloured)
    signs = [line for line in kinds if line.is_sign]
    unknown = entry(readings.NO_COOPERATION, NOT_REPORTED, areas)
    doubtful = sum(found[area.code].is_to_confirm for area in areas)
    lines = [LegendEntry(readings.TO_CONFIRM, TO_CONFIRM, doubtful)] if doubtful else []
    return (*(line for line in kinds if not line.is_sign), *lines, unknown, *signs)


def _panel(observatory: Observatory, code: str, found: Priority) -> Panel:
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    region = observatory.regional_value(indicator.code, indicator.latest_year)
    if found.why or region is None:
        text = f"{sentences.capitalise(_why(observatory, code, found))}."
    else:
        own = own_value_cell(observatory.latest(code, indicator), indicator).text
        text = readings.observed_beside_region(own, numbers.format_value(region, indicator))
    headline = sentences.capitalise(texts.PRIORITY_LABELS[found.kind])
    if found.is_to_confirm:
        headline = f"{headline}, {readings.TO_CONFIRM}"
    # One caution is enough: a place to be confirmed is no judgement either.
    doubt = found.doubt_text or readings.PRIORITY_CAUTION
    return basin_panel(observatory.basins[code], headline, text, doubt)
