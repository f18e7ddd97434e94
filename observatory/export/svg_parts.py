"""Pieces that every drawing is made of: the document, its texts (escaped here, once) and its patterns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from observatory.geo.palette import Fill

FONT = "'Source Sans 3', 'Source Sans', sans-serif"
SWATCH_LINE = "#c9c5bb"

# The same shapes as in static/map/carte.js: size of the tile, what is drawn on it.
PATTERNS = {
    "hatch": (7, '<path d="M-1,8 L8,-1 M-1,1 L1,-1 M6,8 L8,6" stroke="#5a6372" stroke-width="1.3"/>'),
    "wide_hatch": (
        12,
        '<path d="M-2,-2 L14,14 M10,-2 L14,2 M-2,10 L2,14" stroke="#7f8b9a" stroke-width="2.6"/>',
    ),
    "dots": (
        8,
        '<circle cx="2" cy="2" r="1.3" fill="#5a6372"/><circle cx="6" cy="6" r="1.3" fill="#5a6372"/>',
    ),
    "cross": (10, '<path d="M3,3 L7,7 M7,3 L3,7" stroke="#7f8b9a" stroke-width="1.3"/>'),
    "question": (
        18,
        f'<text x="9" y="13" font-family="{FONT}" font-size="11" text-anchor="middle" '
        'fill="#5a6372">?</text>',
    ),
    "rings": (9, '<circle cx="4.5" cy="4.5" r="2" fill="none" stroke="#9aa2af" stroke-width="1"/>'),
    "lines": (6, '<path d="M0,3 L6,3" stroke="#1c2230" stroke-width="0.9"/>'),
    "outline": (4, ""),
}


def document(
    width: float, height: float, parts: Iterable[str], fills: Iterable[Fill] = (), *, title: str = ""
) -> str:
    """A whole drawing. Without a ``title`` it is hidden from screen readers: the page names it."""
    spoken = f' role="img"><title>{escape(title)}</title' if title else ' aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}"{spoken}>{_patterns(fills)}{"".join(parts)}</svg>'
    )


def text(
    x: float, y: float, content: str, size: float, colour: str, anchor: str = "start", *, bold: bool = False
) -> str:
    """One line of text; ``content`` may hold anything, it stays text."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size:.1f}" fill="{colour}" '
        f'text-anchor="{anchor}"{weight}>{escape(content)}</text>'
    )


def line(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> str:
    """An open line through ``points``."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{extra}/>'


def circle(x: float, y: float, radius: float, colour: str, extra: str = "") -> str:
    """A disc; ``extra`` holds further attributes, written by this project."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" {extra}/>'


def rect(x: float, y: float, width: float, height: float, colour: str, extra: str = "") -> str:
    """A rectangle; ``extra`` holds further attributes, written by this project."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{colour}" {extra}/>'


def swatch(x: float, y: float, width: float, height: float, fill: Fill) -> str:
    """One patch of a legend."""
    return rect(x, y, width, height, paint(fill), f'rx="2" stroke="{SWATCH_LINE}"')


def paint(fill: Fill) -> str:
    """What ``fill=`` says; the pattern that it names is defined by :func:`document`."""
    return f"url(#{_pattern_id(fill)})" if fill.pattern else fill.colour


def _pattern_id(fill: Fill) -> str:
    return f"{fill.pattern}-{fill.colour[1:]}"


def _patterns(fills: Iterable[Fill]) -> str:
    parts = []
    for fill in sorted({f for f in fills if f.pattern}, key=_pattern_id):
        size, shapes = PATTERNS[fill.pattern or ""]
        parts.append(
            f'<pattern id="{_pattern_id(fill)}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
            f'<rect width="{size}" height="{size}" fill="{fill.colour}"/>{shapes}</pattern>'
        )
    return f"<defs>{''.join(parts)}</defs>" if parts else ""
