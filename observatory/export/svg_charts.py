"""Small charts as SVG: the same drawing on the screen, in projection and in the PDF.

Direct labels instead of legends, region as a dashed grey line, intervals as bars. Numbers arrive as text that
``french`` has written; every text is escaped here, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from observatory.geo import palette
from observatory.views.marks import StripMark, TrendPoint

FONT = "'Source Sans 3', 'Source Sans', sans-serif"


def trend_chart(points: Sequence[TrendPoint], *, width: int = 360, height: int = 170, font: int = 14) -> str:
    """Points of a series with the region dashed. No line is drawn over a year without a value."""
    values = [v for p in points for v in (p.value, p.region) if v is not None]
    if not values:
        return _document(width, height, [])
    low, high = min(values), max(values)
    margin = (high - low or abs(high) or 1.0) * 0.25
    low, high = low - margin, high + margin
    top, bottom, left, right = font * 1.6, height - font * 1.9, font * 1.7, width - font * 1.9

    def x(position: int) -> float:
        return left + (right - left) * (position / (len(points) - 1) if len(points) > 1 else 0.5)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    parts = []
    region = [(x(i), y(p.region)) for i, p in enumerate(points) if p.region is not None]
    if len(region) > 1:
        parts.append(_line(region, "#8a93a2", 2, dash="6 5"))
    if region:
        last_x, last_y = region[-1]
        own = points[-1].value
        below = own is not None and y(own) <= last_y
        parts.append(
            _text(
                last_x,
                last_y + (font * 1.25 if below else -font * 0.6),
                "région",
                font * 0.9,
                "#5a6372",
                "middle",
            )
        )
    run: list[tuple[float, float]] = []
    for i, p in enumerate(points):
        if p.value is None:
            parts.extend(_run(run))
            run = []
            continue
        run.append((x(i), y(p.value)))
    parts.extend(_run(run))
    for i, p in enumerate(points):
        if p.value is not None:
            parts.append(
                f'<circle cx="{x(i):.1f}" cy="{y(p.value):.1f}" r="{font * 0.33:.1f}" fill="{palette.SEQUENTIAL[4]}"/>'
            )
            above = p.region is None or p.value >= p.region
            offset = -font * 0.75 if above else font * 1.35
            parts.append(
                _text(
                    x(i), y(p.value) + offset, p.text, font * 1.1, palette.SEQUENTIAL[4], "middle", bold=True
                )
            )
        parts.append(_text(x(i), height - font * 0.4, str(p.year), font, "#5a6372", "middle"))
    return _document(width, height, parts)


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
    values = [
        *others,
        *(m.value for m in marks),
        *(interval or ()),
        *([reference] if reference is not None else []),
    ]
    if not values:
        return _document(width, height, [])
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    middle = height / 2

    def x(value: float) -> float:
        return 8 + (width - 16) * (value - low) / span

    parts = [f'<line x1="8" x2="{width - 8}" y1="{middle}" y2="{middle}" stroke="#e5e2da" stroke-width="2"/>']
    parts += [
        f'<line x1="{x(v):.1f}" x2="{x(v):.1f}" y1="{middle - 6}" y2="{middle + 6}" stroke="#b9bec8" stroke-width="1.4"/>'
        for v in others
    ]
    if reference is not None:
        parts.append(
            f'<line x1="{x(reference):.1f}" x2="{x(reference):.1f}" y1="2" y2="{height - 2}" stroke="#5a6372" '
            'stroke-width="1.6" stroke-dasharray="4 3"/>'
        )
    if interval is not None:
        parts.append(
            f'<line x1="{x(interval[0]):.1f}" x2="{x(interval[1]):.1f}" y1="{middle}" y2="{middle}" '
            f'stroke="{palette.SEQUENTIAL[3]}" stroke-width="5" stroke-opacity="0.55"/>'
        )
    for mark in marks:
        fill = palette.SEQUENTIAL[4] if mark.is_subject else "#ffffff"
        parts.append(
            f'<circle cx="{x(mark.value):.1f}" cy="{middle}" r="6" fill="{fill}" stroke="{palette.SEQUENTIAL[4]}" stroke-width="2"/>'
        )
    return _document(width, height, parts)


def contribution_chart(rows: Sequence[tuple[str, float, str]], *, width: int = 420, font: int = 14) -> str:
    """Contribution of each dimension to the index: label, signed length, text."""
    row_height = font * 1.9
    height = row_height * len(rows)
    largest = max((abs(v) for _, v, _ in rows), default=1.0) or 1.0
    axis = width * 0.66
    reach = width * 0.21
    parts = [f'<line x1="{axis}" x2="{axis}" y1="0" y2="{height}" stroke="#8b97a8" stroke-width="1"/>']
    for i, (label, value, text) in enumerate(rows):
        middle = row_height * (i + 0.5)
        length = reach * abs(value) / largest
        start = axis if value >= 0 else axis - length
        colour = palette.DIVERGING[4] if value >= 0 else palette.DIVERGING[0]
        parts.append(
            f'<rect x="{start:.1f}" y="{middle - font * 0.5:.1f}" width="{length:.1f}" height="{font}" rx="2" fill="{colour}"/>'
        )
        parts.append(_text(0, middle + font * 0.35, label, font, palette.INK, "start"))
        at = axis + length + 5 if value >= 0 else axis - length - 5
        parts.append(
            _text(
                at,
                middle + font * 0.35,
                text,
                font * 0.95,
                palette.SECONDARY,
                "start" if value >= 0 else "end",
            )
        )
    return _document(width, int(height), parts)


def matrix_chart(
    rows: Sequence[str],
    levels: Sequence[Sequence[int | None]],
    gaps: frozenset[tuple[int, int]],
    *,
    cell: int = 34,
    font: int = 15,
) -> str:
    """Cooperation in both directions: what the line says of the column; amber frame = subject for the meeting."""
    label_width = font * 9.2
    head = font * 5.6
    size = len(rows)
    parts = []
    for j, name in enumerate(rows):
        cx = label_width + cell * (j + 0.5)
        parts.append(
            f'<text transform="translate({cx + font * 0.3:.1f},{head - 6:.1f}) rotate(-40)" font-family="{FONT}" '
            f'font-size="{font * 0.9:.1f}" fill="{palette.SECONDARY}">{escape(name)}</text>'
        )
    for i, name in enumerate(rows):
        cy = head + cell * (i + 0.5)
        parts.append(_text(label_width - 8, cy + font * 0.35, name, font * 0.95, palette.INK, "end"))
        for j in range(size):
            px, py = label_width + cell * j, head + cell * i
            level = levels[i][j]
            if i == j:
                parts.append(f'<rect x="{px}" y="{py}" width="{cell}" height="{cell}" fill="#ebe9e3"/>')
                continue
            if level is None:
                parts.append(
                    f'<rect x="{px + 1}" y="{py + 1}" width="{cell - 2}" height="{cell - 2}" fill="#ffffff" stroke="#9aa2af" stroke-dasharray="3 3"/>'
                )
                parts.append(
                    _text(px + cell / 2, py + cell / 2 + font * 0.35, "?", font, "#5a6372", "middle")
                )
                continue
            colour = palette.COOPERATION[level]
            parts.append(
                f'<rect x="{px}" y="{py}" width="{cell}" height="{cell}" fill="{colour}" stroke="#ffffff"/>'
            )
            parts.append(
                _text(
                    px + cell / 2,
                    py + cell / 2 + font * 0.38,
                    str(level),
                    font * 1.1,
                    palette.text_on(colour),
                    "middle",
                    bold=True,
                )
            )
    for i, j in sorted(gaps):
        px, py = label_width + cell * j, head + cell * i
        parts.append(
            f'<rect x="{px + 1.5}" y="{py + 1.5}" width="{cell - 3}" height="{cell - 3}" fill="none" stroke="{palette.DISCUSS}" stroke-width="3"/>'
        )
    return _document(int(label_width + cell * size + font * 4), int(head + cell * size + 2), parts)


def _run(points: Sequence[tuple[float, float]]) -> list[str]:
    return [_line(points, palette.SEQUENTIAL[4], 3)] if len(points) > 1 else []


def _line(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{extra}/>'


def _text(x: float, y: float, text: str, size: float, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size:.1f}" fill="{colour}" '
        f'text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


def _document(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )
