"""The legend of a map on a projector, beside the map: in large letters, on it, it would cover the basins."""

from __future__ import annotations

from markupsafe import Markup

from observatory.export.svg_map import draw_swatch
from observatory.ui.html import join, markup
from observatory.views.carte import LegendEntry, MapView


def large_legend(view: MapView, *, signs_only: bool = False) -> Markup:
    """Title and lines of the legend of ``view``; ``signs_only``: what is not known, without the classes."""
    lines = join(
        markup(
            '<div class="obs-legend-item"><span class="obs-swatch">{}</span>{}</div>',
            Markup(draw_swatch(entry.fill)),  # noqa: S704  (a drawing of ours, without any text)
            entry.label,
        )
        for entry in _drawn(view)
        if entry.is_sign or not signs_only
    )
    return markup('<div class="obs-legend-list"><strong>{}</strong>{}</div>', view.dated_legend_title, lines)


def longest_label(view: MapView) -> int:
    """Letters in the longest line of the legend."""
    return max((len(entry.label) for entry in _drawn(view)), default=0)


def _drawn(view: MapView) -> list[LegendEntry]:
    """The classes, and the signs that a basin has: the others would only take room."""
    return [entry for entry in view.legend if entry.count or not entry.is_sign]
