"""The map of the gap between what is observed and what the context leads one to expect."""

from __future__ import annotations

import math

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator
from observatory.domain.risk import GapStatus
from observatory.french import numbers, readings, sentences
from observatory.geo import palette
from observatory.geo.choropleth import class_index, symmetric_limits
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, MapArea, MapView, Panel
from observatory.views.map_pieces import (
    EMPTY,
    NOTHING,
    STATUS_FILLS,
    basin_area,
    basin_panel,
    class_legend,
    largest_size,
    ordered,
    source_line,
    spoken_name,
    status_of,
    status_text,
    wider_note,
)
from observatory.views.missing_index import missing_index
from observatory.views.observatory import Observatory
from observatory.views.selection import OUTCOME_CODE, Selection


def gap_view(observatory: Observatory, selection: Selection) -> MapView:
    """The map of the gap, in points, with the verdict of the studentised residual."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    rows = observatory.gap_rows
    values = [row.gap for row in rows.values()]
    limits = symmetric_limits(values)
    largest = largest_size(values)

    def area(code: str) -> MapArea:
        basin, row = observatory.basins[code], rows.get(code)
        if row is None:
            status, reason = _absence(observatory, code, indicator)
            return basin_area(basin, STATUS_FILLS[status], (reason,), (Cell(NOTHING, None), EMPTY))
        spread = None if math.isnan(row.studentised) else abs(row.studentised)
        scale = numbers.scale_of(indicator.unit)
        return basin_area(
            basin,
            Fill(palette.DIVERGING[class_index(row.gap, limits)]),
            readings.gap_tooltip(row.observed, row.expected, row.gap, row.is_notable, indicator),
            (
                Cell(numbers.format_signed(row.gap * scale, indicator.decimals), row.gap, scale),
                Cell("notable" if row.is_notable else "habituel", spread),
            ),
            bar=row.gap / largest,
            order=row.gap,
        )

    areas = ordered(area(code) for code in observatory.basins)
    notable = [spoken_name(observatory.basins[code]) for code, row in rows.items() if row.is_notable]
    inner, outer = (limit * numbers.scale_of(indicator.unit) for limit in limits[2:])
    labels = readings.gap_class_labels(inner, outer) if rows else ()
    return MapView(
        title=readings.gap_title(notable, len(rows)),
        indicator_label=f"Écart entre l’observé et l’attendu ({indicator.short_label})",
        legend_title="Écart à l’attendu",
        period=str(indicator.latest_year),
        areas=areas,
        legend=class_legend(labels, palette.DIVERGING if rows else (), areas),
        headers=("Points", "Écart"),
        list_title="Écart à l’attendu, en points",
        source=_source(observatory, indicator),
        note=" ".join(
            filter(
                None,
                (
                    readings.chance_note(len(rows)) if rows else "",
                    wider_note(observatory, indicator, indicator.latest_year),
                ),
            )
        ),
        is_demonstration=False,
        panel=_panel(observatory, selection.basin, indicator),
    )


def _absence(observatory: Observatory, code: str, indicator: Indicator) -> tuple[FigureStatus, str]:
    """State to draw and reason of a gap that is not computed: the observed figure, else the index."""
    figure, missing = observatory.latest(code, indicator), missing_index(observatory, code)
    if figure is None or figure.own_value is None:
        return status_of(figure), status_text(figure, observatory)
    if missing is not None:
        return missing.status, missing.reason
    # Both are known: the line itself could not be drawn.
    is_short = observatory.gap_statuses.get(code) is GapStatus.TOO_FEW_BASINS
    return FigureStatus.MISSING, readings.TOO_FEW_GAP if is_short else readings.NO_GAP


def _source(observatory: Observatory, indicator: Indicator) -> str:
    count, total = len(observatory.gap_rows), len(observatory.basins)
    known = readings.gap_known(count, total)
    r_squared = observatory.summary.get("r_squared", math.nan)
    fit = "" if r_squared is None or math.isnan(r_squared) else f" {readings.fit_sentence(r_squared)}"
    return source_line(observatory, indicator, indicator.latest_year, known) + fit


def _panel(observatory: Observatory, code: str, indicator: Indicator) -> Panel:
    basin, row = observatory.basins[code], observatory.gap_rows.get(code)
    if row is None:
        _, reason = _absence(observatory, code, indicator)
        return basin_panel(basin, NOTHING, sentences.capitalise(readings.gap_absence(reason)))
    return basin_panel(
        basin,
        numbers.format_difference(row.gap, indicator),
        readings.gap_sentence(row.observed, row.expected, indicator),
        readings.gap_verdict(row.is_notable),
    )
