"""The map of cooperation: the median level that the structures of each basin declare."""

from __future__ import annotations

from observatory.french import numbers, readings, sentences, texts
from observatory.french.typography import alphabetical
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, MapArea, MapView, Panel
from observatory.views.cooperation import CooperationState, cooperation_states
from observatory.views.inventory_origin import Origin, cooperation_source, shown_origin
from observatory.views.map_pieces import NOT_REPORTED, basin_area, basin_panel, entry
from observatory.views.observatory import Observatory
from observatory.views.selection import Selection


def cooperation_view(observatory: Observatory, selection: Selection) -> MapView:
    """The inventory on the map: in alphabetical order, because it is no league table."""
    states = cooperation_states(observatory)
    areas = tuple(
        sorted(
            (_area(observatory, code, state) for code, state in states.items()),
            key=lambda a: alphabetical(a.label),
        )
    )
    levels = (
        entry(f"{level} · {label}", Fill(palette.COOPERATION[level]), areas)
        for level, label in enumerate(texts.COOPERATION_LEVELS)
    )
    reported = sum(state.median_level is not None for state in states.values())
    source = cooperation_source(observatory)
    origin = shown_origin(observatory, observatory.basins)
    return MapView(
        title=readings.reported_title(reported, len(states)),
        indicator_label="Coopération : niveau médian déclaré par les structures",
        legend_title="Niveau médian déclaré",
        period="état déclaré",
        areas=areas,
        legend=(*levels, entry("non renseigné, ou trop peu", NOT_REPORTED, areas)),
        headers=("Niveau médian", "Renseigné"),
        list_title="Ce que les structures déclarent (ordre alphabétique)",
        source=f"Inventaire de la coopération : {source}.",
        note=readings.INVENTORY_NOTE,
        is_demonstration=origin is not Origin.REAL,
        is_partly_real=origin is Origin.PARTLY_INVENTED,
        panel=_panel(observatory, selection.basin, states[selection.basin]),
    )


def _area(observatory: Observatory, code: str, state: CooperationState) -> MapArea:
    median, known = state.median_level, numbers.format_share(state.completeness)
    level = readings.level_name(median)
    return basin_area(
        observatory.basins[code],
        # Between two levels, the colour of the one that is reached.
        NOT_REPORTED if median is None else Fill(palette.COOPERATION[int(median)]),
        (f"niveau médian déclaré : {level}", f"renseigné à {known}"),
        (Cell(level, median), Cell(known, state.completeness, 100.0)),
        order=median,
    )


def _panel(observatory: Observatory, code: str, state: CooperationState) -> Panel:
    basin, known = observatory.basins[code], numbers.format_share(state.completeness)
    if state.median_level is None:
        text = f"Liens renseignés à {known} : trop peu pour un niveau médian."
        return basin_panel(basin, "?", text, readings.UNKNOWN_IS_NOT_ZERO)
    return basin_panel(
        basin,
        sentences.capitalise(readings.level_name(state.median_level)),
        f"est le niveau médian : la moitié des liens déclarés l’atteignent. Renseignés à {known}.",
        readings.differing_links(state.reciprocal_gap_count),
    )
