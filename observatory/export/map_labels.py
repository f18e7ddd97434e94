"""Names on a map: written inside their area where they fit; only the selected one may pass its border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from observatory.export.map_shapes import Point, Ring
from observatory.export.svg_parts import FONT
from observatory.geo import palette
from observatory.geo.palette import Fill

_LINES = 32
_PARTS = (0.85, 0.7, 0.4, 0.15, 0.02)
"""Parts of a label that must be inside the area, tried one after the other."""
_LETTER = 0.53
"""Mean width of a letter of the font, in parts of its size, a little over the truth."""


Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True)
class Placed:
    """A label of the drawing: its SVG and the box that no other label may meet."""

    svg: str
    box: Box


def place_label(
    name: str, fill: Fill, rings: Sequence[Ring], size: float, *, frame: Box | None = None
) -> Placed | None:
    """``name`` inside ``rings`` (points of the drawing), with a halo; None when there is no room.

    With ``frame`` the label is always placed: over the border of its area if it must, inside the frame.
    """
    width, height = len(name) * size * _LETTER + 4, size * 1.1
    spot = label_spot(rings, width, height)
    is_over = spot is None and frame is not None
    if is_over and frame is not None:
        tried = ((part, label_spot(rings, width * part, height * max(part, 0.15))) for part in _PARTS)
        part, (x, y) = next(((p, place) for p, place in tried if place is not None), (0.0, rings[0][0]))
        # Nearly whole inside, it keeps the colour of a name that is.
        is_over = part < _PARTS[0]
        spot = (min(max(x, frame[0] + width / 2), frame[2] - width / 2), y)
    if spot is None or not name:
        return None
    colour = palette.INK if fill.pattern or is_over else palette.text_on(fill.colour)
    halo = "#ffffff" if colour == palette.INK else palette.INK
    opacity, stroke = (0.9, 4) if is_over else (0.9 if fill.pattern else 0.45, 2.4)
    common = (
        f'x="{spot[0]:.1f}" y="{spot[1] + size * 0.34:.1f}" font-family="{FONT}" font-size="{size:.1f}" '
        'font-weight="600" text-anchor="middle"'
    )
    svg = (
        f'<text {common} fill="none" stroke="{halo}" stroke-opacity="{opacity}" '
        f'stroke-width="{stroke}" stroke-linejoin="round" aria-hidden="true">{escape(name)}</text>'
        f'<text {common} fill="{colour}">{escape(name)}</text>'
    )
    return Placed(svg, (spot[0] - width / 2, spot[1] - height / 2, spot[0] + width / 2, spot[1] + height / 2))


def meet(first: Box, second: Box) -> bool:
    """Whether two boxes overlap."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def label_spot(rings: Sequence[Ring], width: float, height: float) -> Point | None:
    """Middle of the best room for a box of ``width`` x ``height`` inside the rings, None if there is none.

    Rings fill by the even-odd rule (a hole is a ring). Rooms near the middle of the height are preferred.
    """
    ys = [y for ring in rings for _, y in ring]
    top, bottom = min(ys), max(ys)
    best: tuple[float, Point] | None = None
    for i in range(1, _LINES):
        y = top + (bottom - top) * i / _LINES
        for low, high in _rooms(rings, y - height / 2, y + height / 2):
            worth = min(high - low, width * 1.8) - abs(y - (top + bottom) / 2) * 0.35
            if high - low >= width and (best is None or worth > best[0]):
                best = (worth, ((low + high) / 2, y))
    return None if best is None else best[1]


def _rooms(rings: Sequence[Ring], top: float, bottom: float) -> list[tuple[float, float]]:
    """Spans of x that are inside from ``top`` to ``bottom``: inside at both, and no border between."""
    rooms = _meet(_spans(rings, top), _spans(rings, bottom))
    walls = sorted(
        (min(a[0], b[0]), max(a[0], b[0])) for ring in rings for a, b in _clipped(ring, top, bottom)
    )
    for left, right in walls:
        rooms = [
            piece
            for low, high in rooms
            for piece in ((low, min(high, left)), (max(low, right), high))
            if piece[1] > piece[0]
        ]
    return rooms


def _clipped(ring: Ring, top: float, bottom: float) -> list[tuple[Point, Point]]:
    """Parts of the border of a ring between two heights."""
    found = []
    for a, b in pairwise(ring):
        (xa, ya), (xb, yb) = (a, b) if a[1] <= b[1] else (b, a)
        if yb < top or ya > bottom:
            continue
        slope = (xb - xa) / (yb - ya) if yb > ya else 0.0
        start = (xa + (top - ya) * slope, top) if ya < top else (xa, ya)
        end = (xa + (bottom - ya) * slope, bottom) if yb > bottom else (xb, yb)
        found.append((start, end))
    return found


def _spans(rings: Sequence[Ring], y: float) -> list[tuple[float, float]]:
    crossings = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for ring in rings
        for a, b in pairwise(ring)
        if (a[1] > y) != (b[1] > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _meet(
    first: Sequence[tuple[float, float]], second: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    return [(max(a, c), min(b, d)) for a, b in first for c, d in second if min(b, d) > max(a, c)]
