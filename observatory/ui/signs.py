"""The sign of a figure that is not a value: the drawing of the map, wherever a page shows one."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from observatory.domain.figures import FigureStatus
from observatory.export.svg_map import draw_swatch
from observatory.views.map_pieces import STATUS_FILLS


@lru_cache(maxsize=16)
def state_sign(status: FigureStatus, *, width: int = 26, height: int = 14) -> Markup:
    """The drawing of ``status``, hidden from screen readers: words stand beside it."""
    drawing = draw_swatch(STATUS_FILLS[status], width=width, height=height)
    return Markup('<span class="obs-sign">{}</span>').format(Markup(drawing))  # noqa: S704  (no text in it)
