"""Small charts as SVG: the same drawing on the screen, in projection and in the PDF.

Direct labels instead of legends, region as a dashed grey line, intervals as bars. Numbers arrive as text that
``french`` has written.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from html import escape

from observatory.export.svg_parts import FONT, circle, document, line, rect, text
from observatory.geo import palette
from observatory.views.marks import StripMark, TrendPoint

_OWN = palette.SEQUENTIAL[4]
_REGION = "#8a93a2"
_TICK = "#b9bec8"
_AXIS = "#8b97a8"
_LETTER = 0.53
"""Mean width of a letter of the font, in parts of its size, a little over the truth."""


def trend_chart(points: Sequence[TrendPoint], *, width: int = 360, height: int = 170, font: int = 14) -> str:
    """Points of a series with the region dashed. No line is drawn over a year without a value."""
    values = [v for p in points for v in (p.value, p.region) if v is not None]
    if not values:
        return document(width, height, [])
    low, high = min(values), max(values)
    # A quarter of the least float is zero, which would leave no height to divide by.
    margin = max((high - low or abs(high) or 1.0) * 0.25, sys.float_info.min)
    low, high = low - margin, high + margin
    top, bottom, left, right = font * 1.6, height - font * 1.9, font * 1.7, width - font * 1.9

    def x(position: int) -> float:
        return left + (right - left) * (position / (len(points) - 1) if len(points) > 1 else 0.5)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    parts = []
    region = [(x(i), y(p.region)) for i, p in enumerate(points) if p.region is not None]
    if len(region) > 1:
        parts.append(line(region, _REGION, 2, dash="6 5"))
    if region:
        last_x, last_y = region[-1]
        own = points[-1].value
        is_below = own is not None and y(own) <= last_y
        beside = last_y + (font * 1.25 if is_below else -font * 0.6)
        parts.append(text(last_x, beside, "région", font * 0.9, palette.SECONDARY, "middle"))
    for run in _runs(points):
        parts.append(line([(x(i), y(value)) for i, value in run], _OWN, 3))
    for i, p in enumerate(points):
        if p.value is not None:
            parts.append(circle(x(i), y(p.value), font * 0.33, _OWN))
            is_above = p.region is None or p.value >= p.region
            at = y(p.value) + (-font * 0.75 if is_above else font * 1.35)
            parts.append(text(x(i), at, p.text, font * 1.1, _OWN, "middle", bold=True))
        parts.append(text(x(i), height - font * 0.4, str(p.year), font, palette.SECONDARY, "middle"))
    return document(width, height, parts)


def strip_chart(
    others: Sequence[float],
    marks: Sequence[StripMark],
    *,
    interval: tuple[float, float] | None = None,
    reference: float | None = None,
    width: int = 320,
    height: int = 34,
) -> str:
    """Where a basin stands among the others: a tick each, the subject in colour, its interval as a bar."""
    values = [*others, *(m.value for m in marks), *(interval or ())]
    values += [] if reference is None else [reference]
    if not values:
        return document(width, height, [])
    low, high = min(values), max(values)
    middle = height / 2

    def x(value: float) -> float:
        return 8 + (width - 16) * ((value - low) / (high - low) if high > low else 0.5)

    parts = [line([(8, middle), (width - 8, middle)], palette.LINE, 2)]
    parts += [line([(x(v), middle - 6), (x(v), middle + 6)], _TICK, 1.4) for v in others]
    if reference is not None:
        at = x(reference)
        parts.append(line([(at, 2), (at, height - 2)], palette.SECONDARY, 1.6, dash="4 3"))
    if interval is not None:
        start, end = (x(bound) for bound in interval)
        parts.append(rect(start, middle - 2.5, end - start, 5, palette.SEQUENTIAL[3], 'fill-opacity="0.55"'))
    for mark in marks:
        fill = _OWN if mark.is_subject else palette.CARD
        parts.append(circle(x(mark.value), middle, 6, fill, f'stroke="{_OWN}" stroke-width="2"'))
    return document(width, height, parts)


def contribution_chart(rows: Sequence[tuple[str, float, str]], *, width: int = 420, font: int = 14) -> str:
    """Contribution of each dimension to the index: label, signed length, text."""
    row_height = font * 1.9
    height = row_height * len(rows)
    largest = max((abs(v) for _, v, _ in rows), default=1.0) or 1.0
    axis, reach = width * 0.66, width * 0.21
    parts = [line([(axis, 0), (axis, height)], _AXIS, 1)]
    for i, (label, value, words) in enumerate(rows):
        middle = row_height * (i + 0.5)
        length = reach * abs(value) / largest
        is_raising = value >= 0
        colour = palette.DIVERGING[4 if is_raising else 0]
        start = axis if is_raising else axis - length
        parts.append(rect(start, middle - font * 0.5, length, font, colour, 'rx="2"'))
        baseline = middle + font * 0.35
        parts.append(text(0, baseline, label, font, palette.INK))
        at, anchor = (axis + length + 5, "start") if is_raising else (axis - length - 5, "end")
        parts.append(text(at, baseline, words, font * 0.95, palette.SECONDARY, anchor))
    return document(width, height, parts)


def matrix_chart(
    rows: Sequence[str],
    levels: Sequence[Sequence[int | None]],
    gaps: frozenset[tuple[int, int]],
    *,
    cell: int = 34,
    font: int = 15,
) -> str:
    """Cooperation in both directions: what the line says of the column.

    An amber frame is a subject for the meeting; a dashed cell with a question mark was not reported.
    """
    left, top = font * 9.2, font * 0.9 * _LETTER * max(len(name) for name in rows) + 12
    parts = []
    for i, name in enumerate(rows):
        parts.append(_upright(left + cell * (i + 0.5) + font * 0.3, top - 6, name, font * 0.9))
        middle = top + cell * (i + 0.5) + font * 0.35
        parts.append(text(left - 8, middle, name, font * 0.95, palette.INK, "end"))
        for j in range(len(rows)):
            parts.append(_cell(left + cell * j, top + cell * i, cell, font, levels[i][j], is_self=i == j))
    frame = f'stroke="{palette.DISCUSS}" stroke-width="3"'
    for i, j in sorted(gaps):
        parts.append(rect(left + cell * j + 1.5, top + cell * i + 1.5, cell - 3, cell - 3, "none", frame))
    return document(int(left + cell * len(rows) + 2), int(top + cell * len(rows) + 2), parts)


def _runs(points: Sequence[TrendPoint]) -> list[list[tuple[int, float]]]:
    """Positions and values of the stretches of at least two known years in a row."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, p in enumerate(points):
        if p.value is None:
            runs.append([])
        else:
            runs[-1].append((i, p.value))
    return [run for run in runs if len(run) > 1]


def _cell(x: float, y: float, size: float, font: float, level: int | None, *, is_self: bool) -> str:
    if is_self:
        return rect(x, y, size, size, "#ebe9e3")
    middle_x, middle_y = x + size / 2, y + size / 2
    if level is None:
        dashed = 'stroke="#9aa2af" stroke-dasharray="3 3"'
        mark = text(middle_x, middle_y + font * 0.35, "?", font, palette.SECONDARY, "middle")
        return rect(x + 1, y + 1, size - 2, size - 2, palette.CARD, dashed) + mark
    colour = palette.COOPERATION[level]
    ink = palette.text_on(colour)
    number = text(middle_x, middle_y + font * 0.38, str(level), font * 1.1, ink, "middle", bold=True)
    return rect(x, y, size, size, colour, 'stroke="#ffffff"') + number


def _upright(x: float, y: float, content: str, size: float) -> str:
    """A heading read from the bottom up, over the middle of its column."""
    return (
        f'<text transform="translate({x:.1f},{y:.1f}) rotate(-90)" font-family="{FONT}" '
        f'font-size="{size:.1f}" fill="{palette.SECONDARY}">{escape(content)}</text>'
    )
