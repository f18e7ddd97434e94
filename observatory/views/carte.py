"""View-model of the map: what is coloured, what the legend, the list and the panel say.

One builder per reading in ``map_readings``; this module holds the shapes and the door,
:func:`build_map_view`.
"""

from __future__ import annotations

from dataclasses import dataclass

from observatory.geo.palette import Fill


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend; ``count`` basins are drawn so; ``is_sign`` when it tells a state, no class."""

    label: str
    fill: Fill
    count: int
    is_sign: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of the list: what is read, and what it sorts by (None sorts last).

    ``scale`` is set when ``sort`` is the figure itself: times ``scale``, it is the number that is read.
    """

    text: str
    sort: float | str | None
    scale: float | None = None


@dataclass(frozen=True)
class MapArea:
    """One basin on the map and in the list. ``bar`` is a length in -1..1, None for no bar."""

    code: str
    label: str
    short_label: str
    fill: Fill
    tooltip: tuple[str, ...]
    cells: tuple[Cell, ...]
    bar: float | None
    order: float | None


@dataclass(frozen=True)
class Panel:
    """What is said of the selected basin: a figure, a sentence, its doubt."""

    eyebrow: str
    title: str
    headline: str
    text: str
    doubt: str
    lead: str = ""
    """What comes before the figure: ``En 2018,``."""


@dataclass(frozen=True)
class MapView:
    """The map page, ready to show. ``headers`` name the cells of the list after the basin's name."""

    title: str
    indicator_label: str
    legend_title: str
    period: str
    areas: tuple[MapArea, ...]
    legend: tuple[LegendEntry, ...]
    headers: tuple[str, ...]
    list_title: str
    source: str
    note: str
    is_demonstration: bool
    panel: Panel
    is_partly_real: bool = False
    """Whether something that was really entered stands beside what is invented of the inventory."""
    banner: str = ""
    """What is invented, when it is not the inventory; its strong words between ``**``."""
    order_note: str = ""
    """In which order the title names basins, and those that it leaves out; empty when nothing is left out."""

    @property
    def dated_legend_title(self) -> str:
        """Title of the legend with the year of the figures, where there is one."""
        return f"{self.legend_title}, {self.period}" if self.period.isdecimal() else self.legend_title

    @property
    def named(self) -> tuple[str, ...]:
        """Codes of the basins that the title names."""
        return tuple(a.code for a in self.areas if a.short_label in self.title or a.label in self.title)

    def area(self, code: str) -> MapArea:
        return next(a for a in self.areas if a.code == code)
