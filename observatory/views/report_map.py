"""What the drawing of a map for a report shows and says, before it becomes SVG or PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.geo.palette import Fill


@dataclass(frozen=True)
class MapArea:
    """One area of the drawing: fill and short label."""

    fill: Fill
    label: str


@dataclass(frozen=True)
class ReportMap:
    """What the drawing says around the map; ``banner`` is empty for real figures.

    ``named``: basins that the title names. ``communes`` (fill by commune code) replaces the colours of the
    basins, which are then outlined.
    """

    title: str
    subtitle: str
    areas: Mapping[str, MapArea]
    legend_title: str
    legend: Sequence[tuple[str, Fill]]
    source: str
    date: str
    banner: str = ""
    selected: str = ""
    named: tuple[str, ...] = ()
    communes: Mapping[str, Fill] | None = None
