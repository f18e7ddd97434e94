"""The map of the context index."""

from __future__ import annotations

from observatory.french import numbers, readings, sentences, texts
from observatory.geo import palette
from observatory.geo.choropleth import class_index, natural_limits
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, MapArea, MapView, Panel
from observatory.views.map_pieces import (
    NOTHING,
    STATUS_FILLS,
    basin_area,
    basin_panel,
    class_legend,
    largest_size,
    ordered,
    sequential_colours,
    spoken_name,
)
from observatory.views.missing_index import missing_index
from observatory.views.observatory import Observatory
from observatory.views.selection import Selection

RAISES = 0.05
"""A dimension that adds more than this to the index (standard deviations) is said to raise it."""
_ABSENT = Cell(NOTHING, None)


def index_view(observatory: Observatory, selection: Selection) -> MapView:
    """The map of the index; a basin without one is drawn and told with its reason."""
    rows = observatory.context_rows
    limits = natural_limits([row.value for row in rows.values()])
    largest = largest_size(row.value for row in rows.values())

    def area(code: str) -> MapArea:
        basin, missing = observatory.basins[code], missing_index(observatory, code)
        if missing is not None:
            return basin_area(basin, STATUS_FILLS[missing.status], (missing.reason,), (_ABSENT, _ABSENT))
        row = rows[code]
        ranks = sentences.rank_interval_phrase(row.rank_lower, row.rank_upper)
        return basin_area(
            basin,
            Fill(palette.sequential(class_index(row.value, limits), len(limits) + 1)),
            readings.index_tooltip(row.value, row.rank_lower, row.rank_upper, len(rows)),
            (Cell(numbers.format_signed(row.value, 2), row.value, 1.0), Cell(ranks, row.rank_median)),
            bar=row.value / largest,
            order=row.value,
        )

    areas = ordered(area(code) for code in observatory.basins)
    highest = [spoken_name(observatory.basins[a.code]) for a in areas[:3] if a.order is not None]
    return MapView(
        title=readings.index_title(highest, len(rows), len(observatory.basins)),
        indicator_label=texts.INDEX_LABEL,
        legend_title="Indice de contexte",
        period="dernières années disponibles",
        areas=areas,
        legend=class_legend(readings.index_class_labels(limits), sequential_colours(len(limits) + 1), areas),
        headers=("Indice", "Rang probable"),
        list_title="Indice de contexte",
        source=readings.INDEX_SOURCE,
        note="",
        is_demonstration=False,
        panel=_panel(observatory, selection.basin),
    )


def _panel(observatory: Observatory, code: str) -> Panel:
    basin, missing = observatory.basins[code], missing_index(observatory, code)
    if missing is not None:
        return basin_panel(basin, NOTHING, f"{sentences.capitalise(missing.reason)}.")
    row = observatory.context_rows[code]
    raising = raising_dimensions(observatory, code)
    text = readings.index_sentence(row.rank_lower, row.rank_upper, len(observatory.context_rows), raising)
    return basin_panel(basin, numbers.format_signed(row.value, 2), text, readings.RANK_DOUBT)


def raising_dimensions(observatory: Observatory, code: str) -> tuple[str, ...]:
    """Labels of the two dimensions that raise the index most, lower case, the highest first."""
    contributions = observatory.contributions_of(code)
    raising = sorted((d for d, v in contributions.items() if v > RAISES), key=lambda d: -contributions[d])
    return tuple(observatory.catalogue.dimensions[d].label.lower() for d in raising[:2])
