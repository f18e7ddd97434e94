"""The six readings of the map, each turned into a :class:`~observatory.views.carte.MapView`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from observatory.french.typography import bind
from observatory.views.carte import MapView
from observatory.views.map_cooperation import cooperation_view
from observatory.views.map_gap import gap_view
from observatory.views.map_index import index_view
from observatory.views.map_indicator import indicator_view
from observatory.views.map_priorities import priorities_view
from observatory.views.map_typology import typology_view
from observatory.views.observatory import Observatory
from observatory.views.selection import INDEX_CODE, Reading, Selection

_BUILDERS: dict[Reading, Callable[[Observatory, Selection], MapView]] = {
    Reading.OBSERVED: indicator_view,
    Reading.CONTEXT: indicator_view,
    Reading.GAP: gap_view,
    Reading.TYPOLOGY: typology_view,
    Reading.COOPERATION: cooperation_view,
    Reading.PRIORITIES: priorities_view,
}


def build_map_view(observatory: Observatory, selection: Selection) -> MapView:
    """The map of the selection; every reading is complete even when the store holds no figure."""
    is_index = selection.reading is Reading.CONTEXT and selection.indicator == INDEX_CODE
    view = (index_view if is_index else _BUILDERS[selection.reading])(observatory, selection)
    # Titles are large: a line that begins with a semicolon is seen from the back of the room.
    return replace(view, title=bind(view.title))
