"""Drawings of the cross-matching: what each base alone sees, announced and observed, methods side by side."""

from __future__ import annotations

from collections.abc import Sequence

from observatory.domain.campaign import Source
from observatory.export.svg_parts import circle, document, line, paint, rect, text
from observatory.french.numbers import format_share
from observatory.geo import palette
from observatory.views.croisement import CalibrationLine, MethodLine, OverlapLine
from observatory.views.map_pieces import STATUS_FILLS

_BAR = palette.SEQUENTIAL[3]
_OWN = palette.SEQUENTIAL[4]
_EMPTY = "#dcd8ce"
_REGION = "#8a93a2"


def overlap_chart(
    lines: Sequence[OverlapLine],
    names: Sequence[tuple[Source, str]],
    *,
    width: int = 640,
    font: int = 14,
    rows: int = 12,
) -> str:
    """The largest combinations of bases: a dot by base that knows the person, a bar for how many they are."""
    shown = lines[:rows]
    step, row_height = font * 2.3, font * 1.75
    top = font * 7.2
    left = font * 0.9
    axis = left + step * len(names) + font * 0.4
    reach = width - axis - font * 5.4
    largest = max((line_.persons.value or 0 for line_ in shown), default=0) or 1
    height = top + row_height * len(shown) + font * 0.4
    parts = []
    for i, (_, name) in enumerate(names):
        x = left + step * i
        parts.append(_slanted(x, top - font * 0.6, name, font * 0.95))
    for number, one in enumerate(shown):
        middle = top + row_height * (number + 0.5)
        if number % 2 == 0:
            parts.append(rect(0, middle - row_height / 2, width, row_height, "#f6f4ee"))
        held = [i for i, (source, _) in enumerate(names) if source in one.sources]
        if len(held) > 1:
            ends = [(left + step * held[0], middle), (left + step * held[-1], middle)]
            parts.append(line(ends, _OWN, font * 0.18))
        for i in range(len(names)):
            parts.append(circle(left + step * i, middle, font * 0.42, _OWN if i in held else _EMPTY))
        baseline = middle + font * 0.35
        if one.persons.value is None:
            fill = STATUS_FILLS[one.persons.status]
            parts.append(
                rect(axis, middle - font * 0.5, font * 2, font, paint(fill), f'stroke="{palette.SECONDARY}"')
            )
            parts.append(text(axis + font * 2.5, baseline, one.persons.text, font, palette.SECONDARY))
            continue
        length = max(reach * one.persons.value / largest, 1.5)
        parts.append(rect(axis, middle - font * 0.5, length, font, _BAR, 'rx="2"'))
        parts.append(text(axis + length + font * 0.5, baseline, one.persons.text, font, palette.INK))
    fills = [STATUS_FILLS[one.persons.status] for one in shown if one.persons.value is None]
    return document(width, height, parts, fills)


def calibration_chart(lines: Sequence[CalibrationLine], *, width: int = 570, font: int = 14) -> str:
    """By band of weights: what the model announced (ring), what was observed (disc with its interval)."""
    drawn = [v for c in lines for v in (c.announced.value, c.observed.value, c.observed.lower)]
    known = [value for value in drawn if value is not None]
    low = max(0.0, int(min(known, default=0.0) * 10) / 10)
    row_height, left, right = font * 2, font * 7, width - font * 2.2
    top = font * 2.1
    height = top + row_height * len(lines) + font * 0.4

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / ((1 - low) or 1)

    parts = []
    for tick in range(5):
        value = low + (1 - low) * tick / 4
        parts.append(line([(x(value), top), (x(value), height - font * 0.4)], palette.LINE, 1))
        if tick in (0, 2, 4):
            label = format_share(value)
            parts.append(text(x(value), top - font * 0.6, label, font, palette.SECONDARY, "middle"))
    for number, one in enumerate(lines):
        middle = top + row_height * (number + 0.5)
        parts.append(text(0, middle + font * 0.35, one.label, font, palette.INK))
        observed = one.observed
        if observed.lower is not None and observed.upper is not None:
            parts.append(line([(x(observed.lower), middle), (x(observed.upper), middle)], _BAR, font * 0.3))
        if observed.value is not None:
            parts.append(circle(x(observed.value), middle, font * 0.42, _OWN))
        if one.announced.value is not None:
            ring = f'stroke="{palette.SECONDARY}" stroke-width="2"'
            parts.append(circle(x(one.announced.value), middle, font * 0.42, "none", ring))
    return document(width, height, parts)


def method_chart(lines: Sequence[MethodLine], *, width: int = 620, font: int = 14) -> str:
    """Share of the links to be made that each method finds, with ours in colour."""
    row_height, reach = font * 2.9, width - font * 5.2
    parts = []
    for number, one in enumerate(lines):
        top = row_height * number
        label = f"{one.label} ({one.note})" if one.note else one.label
        parts.append(text(0, top + font, label, font, palette.INK, bold=one.is_ours))
        parts.append(rect(0, top + font * 1.35, reach, font * 0.9, "#efece5", 'rx="2"'))
        if one.reach is None:
            parts.append(text(reach + font * 0.5, top + font * 2.15, "–", font, palette.SECONDARY))
            continue
        colour = _OWN if one.is_ours else _REGION
        parts.append(rect(0, top + font * 1.35, max(reach * one.reach, 1.5), font * 0.9, colour, 'rx="2"'))
        parts.append(text(reach + font * 0.5, top + font * 2.15, one.reach_text, font, palette.INK))
    return document(width, row_height * len(lines) + font * 0.2, parts)


def _slanted(x: float, y: float, content: str, size: float) -> str:
    """A heading read upwards, over its column of dots."""
    return (
        f'<g transform="translate({x:.1f},{y:.1f}) rotate(-58)">{text(0, 0, content, size, palette.INK)}</g>'
    )
