"""Honest ranks as SVG: one bar per basin over the ranks it may hold, the chosen ones in colour.

Numbers arrive as text that ``french`` has written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.export.svg_parts import document, text
from observatory.french.numbers import ordinal
from observatory.geo import palette

_BAR = "#b5bbc6"
_BAND = "#f4f1ea"


@dataclass(frozen=True)
class RankBar:
    """One basin: its name, ranks (1 = highest), band (0 = none) and what is written at the end of its bar."""

    label: str
    lower: int
    median: float
    upper: int
    band: int
    text: str
    is_chosen: bool


def rank_chart(
    bars: Sequence[RankBar],
    *,
    width: int = 600,
    row: float = 19.0,
    font: float = 14.0,
    all_labels: bool = True,
) -> str:
    """Bars in the order given, bands shaded in turn; without ``all_labels`` only the chosen are written.

    Chosen names that would cover each other are pushed apart, so that they can be read from far away.
    """
    if not bars:
        return document(width, font * 2, [])
    count = max(bar.upper for bar in bars)
    left, right = font * 9.6, width - font * 9.0
    top = font * 1.8
    bottom = top + row * len(bars)
    height = bottom + font * 0.6

    def x(rank: float) -> float:
        return left + (right - left) * ((rank - 1) / max(count - 1, 1))

    parts = _bands(bars, top, row, width)
    for rank in (1, *range(5, count + 1, 5)):
        parts.append(
            f'<line x1="{x(rank):.1f}" x2="{x(rank):.1f}" y1="{top - 3:.1f}" y2="{bottom:.1f}" '
            'stroke="#dcd8ce" stroke-width="1"/>'
        )
        parts.append(text(x(rank), top - font * 0.5, ordinal(rank), font, palette.SECONDARY, "middle"))
    half = min(row * 0.34, font * 0.5)
    centres = [top + row * (i + 0.5) for i in range(len(bars))]
    for bar, y in zip(bars, centres, strict=True):
        colour = palette.SELECTION if bar.is_chosen else _BAR
        start, end = x(bar.lower) - font * 0.24, x(bar.upper) + font * 0.24
        parts.append(
            f'<rect x="{start:.1f}" y="{y - half:.1f}" width="{end - start:.1f}" height="{2 * half:.1f}" '
            f'rx="{min(3.0, half):.1f}" fill="{colour}"/>'
        )
        tick = "#ffffff" if bar.is_chosen else palette.SECONDARY
        parts.append(
            f'<line x1="{x(bar.median):.1f}" x2="{x(bar.median):.1f}" y1="{y - half:.1f}" '
            f'y2="{y + half:.1f}" stroke="{tick}" stroke-width="2"/>'
        )
    written = [i for i, bar in enumerate(bars) if all_labels or bar.is_chosen]
    places = _spread([centres[i] for i in written], font * 1.15, top, bottom)
    for i, y in zip(written, places, strict=True):
        bar = bars[i]
        colour = palette.SELECTION if bar.is_chosen else palette.INK
        parts.append(
            text(left - font * 0.9, y + font * 0.35, bar.label, font, colour, "end", bold=bar.is_chosen)
        )
        colour = palette.INK if bar.is_chosen else palette.SECONDARY
        parts.append(
            text(right + font * 0.9, y + font * 0.35, bar.text, font, colour, "start", bold=bar.is_chosen)
        )
    return document(width, height, parts)


def _bands(bars: Sequence[RankBar], top: float, row: float, width: float) -> list[str]:
    parts, first = [], 0
    for i in range(1, len(bars) + 1):
        if i == len(bars) or bars[i].band != bars[first].band:
            if bars[first].band % 2:
                parts.append(
                    f'<rect x="0" y="{top + row * first:.1f}" width="{width}" '
                    f'height="{row * (i - first):.1f}" fill="{_BAND}"/>'
                )
            first = i
    return parts


def _spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Places at least ``gap`` apart, in order, as near to where they were as that allows.

    >>> _spread([10.0, 12.0], 8.0, 0.0, 100.0)
    [10.0, 18.0]
    >>> _spread([10.0, 99.0, 100.0], 8.0, 0.0, 100.0)
    [10.0, 88.0, 96.0]
    """
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + gap) if found else place)
    limit = high - gap / 2
    for i in range(len(found) - 1, -1, -1):
        found[i] = max(min(found[i], limit), low)
        limit = found[i] - gap
    return found
