"""The map of a report: SVG with title, legend, source, date and banner, and its PNG.

Geometry is read from the file that the browser gets; texts are real text, escaped here; patterns are those of
the screen. PNG is made from the same drawing by Typst, so that nothing of the system is needed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.report_map import MapArea, ReportMap

FONT = "'Source Sans 3', 'Source Sans', sans-serif"
Ring = tuple[tuple[float, float], ...]


_PATTERNS = {
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
    "question": (9, '<circle cx="4.5" cy="4.5" r="1.6" fill="none" stroke="#7f8b9a" stroke-width="1"/>'),
    "rings": (9, '<circle cx="4.5" cy="4.5" r="2" fill="none" stroke="#9aa2af" stroke-width="1"/>'),
    "outline": (4, ""),
}


def draw_report_map(
    report: ReportMap, basins_file: Path, base_file: Path, *, width: int = 1280, height: int = 860
) -> str:
    """The whole drawing as SVG text, ``width`` x ``height`` points."""
    top = 92 + (34 if report.banner else 0)
    frame = (18.0, float(top), float(width - 36), float(height - top - 46))
    parts = [f'<rect width="{width}" height="{height}" fill="{palette.PAPER}"/>']
    if report.banner:
        parts.append(f'<rect width="{width}" height="34" fill="#fff3d6"/>')
        parts.append(_text(18, 23, report.banner, 15, "#4a3a10", bold=True))
    parts.append(_text(18, top - 48, report.title, _title_size(report.title, width), palette.INK, bold=True))
    parts.append(_text(18, top - 16, report.subtitle, 17, palette.SECONDARY))
    parts.append(map_body(report.areas, basins_file, base_file, frame, selected=report.selected))
    parts.append(_legend(report, 34, top + 16))
    parts.append(_text(18, height - 17, f"{report.source} Édité le {report.date}.", 13, palette.SECONDARY))
    return _document(
        width, height, parts, [area.fill for area in report.areas.values()] + [f for _, f in report.legend]
    )


def draw_thumbnail(
    areas: Mapping[str, MapArea],
    basins_file: Path,
    base_file: Path,
    *,
    width: int,
    height: int,
    selected: str = "",
    labels: bool = True,
) -> str:
    """The map alone, for the first page and the sheets."""
    body = map_body(
        areas,
        basins_file,
        base_file,
        (0.0, 0.0, float(width), float(height)),
        selected=selected,
        labels=labels,
    )
    return _document(width, height, [body], [area.fill for area in areas.values()])


def map_body(
    areas: Mapping[str, MapArea],
    basins_file: Path,
    base_file: Path,
    frame: tuple[float, float, float, float],
    *,
    selected: str = "",
    labels: bool = True,
) -> str:
    """Sea, neighbours, basins, académie border, selection and labels inside ``frame`` (x, y, width, height)."""
    left, top, width, height = frame
    shapes = _basin_shapes(basins_file)
    project, scale = _projection(shapes, frame)
    clip = f"clip-{int(left)}-{int(top)}-{int(width)}"
    parts = [
        f'<clipPath id="{clip}"><rect x="{left}" y="{top}" width="{width}" height="{height}" rx="8"/></clipPath>',
        f'<g clip-path="url(#{clip})"><rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{palette.SEA}"/>',
    ]
    academies = []
    for kind, rings in _base_shapes(base_file):
        path = _path(rings, project, close=kind == "neighbour")
        if kind == "neighbour":
            parts.append(f'<path d="{path}" fill="{palette.LAND}" stroke="#dcd8cd" stroke-width="0.7"/>')
        elif kind == "academie":
            academies.append(f'<path d="{path}" fill="none" stroke="{palette.HEADER}" stroke-width="1.8"/>')
    for code, rings in shapes.items():
        if code in areas:
            paint = _paint(areas[code].fill)
            parts.append(
                f'<path d="{_path(rings, project)}" fill="{paint}" stroke="#ffffff" stroke-width="1.3" fill-rule="evenodd"/>'
            )
    parts.extend(academies)
    if selected in shapes:
        path = _path(shapes[selected], project)
        parts.append(f'<path d="{path}" fill="none" stroke="#ffffff" stroke-width="6.5"/>')
        parts.append(f'<path d="{path}" fill="none" stroke="{palette.SELECTION}" stroke-width="3"/>')
    if labels:
        parts.extend(_labels(areas, shapes, project, scale))
    parts.append("</g>")
    return "".join(parts)


def draw_swatch(fill: Fill, *, width: int = 38, height: int = 22) -> str:
    """One patch of a legend."""
    patch = f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="3" fill="{_paint(fill)}" stroke="#c9c5bb"/>'
    return _document(width, height, [patch], [fill])


def rasterise(svg: str, fonts_dir: Path, *, pixels_per_inch: float = 144.0) -> bytes:
    """PNG of a drawing of this module, with the fonts of the project only."""
    import typst

    page = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.at("drawing")), format: "svg")\n'
    )
    return bytes(
        typst.compile(
            page.encode(),
            format="png",
            ppi=pixels_per_inch,
            sys_inputs={"drawing": svg},
            font_paths=[str(fonts_dir)],
            ignore_system_fonts=True,
        )
    )


def _legend(report: ReportMap, x: float, y: float) -> str:
    line = 24
    longest = max([len(report.legend_title), *(len(label) for label, _ in report.legend)])
    width, height = 62 + longest * 7.4, 44 + line * len(report.legend)
    parts = [
        f'<rect x="{x}" y="{y}" width="{width:.0f}" height="{height}" rx="8" fill="#ffffff" stroke="{palette.LINE}"/>'
    ]
    parts.append(_text(x + 14, y + 25, report.legend_title, 15.5, palette.INK, bold=True))
    for i, (label, fill) in enumerate(report.legend):
        at = y + 38 + line * i
        parts.append(
            f'<rect x="{x + 14}" y="{at}" width="28" height="15" rx="2" fill="{_paint(fill)}" stroke="#c9c5bb"/>'
        )
        parts.append(_text(x + 52, at + 12.5, label, 14.5, palette.INK))
    return "".join(parts)


def _labels(
    areas: Mapping[str, MapArea], shapes: Mapping[str, Sequence[Ring]], project, scale: float
) -> list[str]:  # type: ignore[no-untyped-def]
    size = max(8.0, min(15.0, scale * 0.0046))
    parts = []
    for code, rings in shapes.items():
        area = areas.get(code)
        if area is None:
            continue
        points = [[project(p) for p in ring] for ring in rings]
        spot = _label_spot(points, len(area.label) * size * 0.53 + 4, size * 1.1)
        if spot is None:
            continue
        colour = palette.INK if area.fill.pattern else palette.text_on(area.fill.colour)
        halo = "#ffffff" if colour == palette.INK else palette.INK
        common = f'x="{spot[0]:.1f}" y="{spot[1] + size * 0.34:.1f}" font-family="{FONT}" font-size="{size:.1f}" font-weight="600" text-anchor="middle"'
        text = escape(area.label)
        parts.append(
            f'<text {common} fill="none" stroke="{halo}" stroke-opacity="0.45" stroke-width="2.4" stroke-linejoin="round">{text}</text>'
        )
        parts.append(f'<text {common} fill="{colour}">{text}</text>')
    return parts


def _label_spot(
    rings: Sequence[Sequence[tuple[float, float]]], width: float, height: float
) -> tuple[float, float] | None:
    """Middle of the widest room that takes a box of ``width`` x ``height`` inside the rings, None if there is none."""
    ys = [y for ring in rings for _, y in ring]
    top, bottom = min(ys), max(ys)
    best: tuple[float, float, float] | None = None
    for i in range(1, 32):
        y = top + (bottom - top) * i / 32
        rooms = _meet(_meet(_spans(rings, y - height / 2), _spans(rings, y + height / 2)), _spans(rings, y))
        for low, high in rooms:
            worth = min(high - low, width * 1.8) - abs(y - (top + bottom) / 2) * 0.35
            if high - low >= width and (best is None or worth > best[0]):
                best = (worth, (low + high) / 2, y)
    return None if best is None else (best[1], best[2])


def _spans(rings: Sequence[Sequence[tuple[float, float]]], y: float) -> list[tuple[float, float]]:
    crossings = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for ring in rings
        for a, b in zip(ring, ring[1:], strict=False)
        if (a[1] > y) != (b[1] > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _meet(
    first: Sequence[tuple[float, float]], second: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    return [(max(a, c), min(b, d)) for a, b in first for c, d in second if min(b, d) > max(a, c)]


def _projection(shapes: Mapping[str, Sequence[Ring]], frame: tuple[float, float, float, float]):  # type: ignore[no-untyped-def]
    left, top, width, height = frame
    flat = [_mercator(p) for rings in shapes.values() for ring in rings for p in ring]
    x0, x1 = min(p[0] for p in flat), max(p[0] for p in flat)
    y0, y1 = min(p[1] for p in flat), max(p[1] for p in flat)
    scale = min(width * 0.96 / (x1 - x0), height * 0.96 / (y1 - y0))
    dx = left + (width - scale * (x1 - x0)) * 0.62
    dy = top + (height - scale * (y1 - y0)) / 2

    def project(point: tuple[float, float]) -> tuple[float, float]:
        x, y = _mercator(point)
        return dx + (x - x0) * scale, dy + (y1 - y) * scale

    return project, scale


def _mercator(point: tuple[float, float]) -> tuple[float, float]:
    longitude, latitude = point
    return math.radians(longitude), math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _path(rings: Sequence[Ring], project, *, close: bool = True) -> str:  # type: ignore[no-untyped-def]
    pieces = []
    for ring in rings:
        points = [project(p) for p in ring]
        pieces.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if close else ""))
    return "".join(pieces)


def _paint(fill: Fill) -> str:
    return f"url(#{_pattern_id(fill)})" if fill.pattern else fill.colour


def _pattern_id(fill: Fill) -> str:
    return f"{fill.pattern}-{fill.colour[1:]}"


def _patterns(fills: Sequence[Fill]) -> str:
    parts = []
    for fill in sorted({f for f in fills if f.pattern}, key=_pattern_id):
        size, shapes = _PATTERNS[fill.pattern or ""]
        parts.append(
            f'<pattern id="{_pattern_id(fill)}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
            f'<rect width="{size}" height="{size}" fill="{fill.colour}"/>{shapes}</pattern>'
        )
    return f"<defs>{''.join(parts)}</defs>" if parts else ""


def _text(x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x}" y="{y}" font-family="{FONT}" font-size="{size}" fill="{colour}"{weight}>{escape(text)}</text>'


def _title_size(title: str, width: int) -> float:
    return min(27.0, (width - 40) / (len(title) * 0.53))


def _document(width: int, height: int, parts: Sequence[str], fills: Sequence[Fill]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{_patterns(fills)}{''.join(parts)}</svg>"
    )


@lru_cache(maxsize=4)
def _basin_shapes(path: Path) -> dict[str, tuple[Ring, ...]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["code"]: _rings(f["geometry"]) for f in features}


@lru_cache(maxsize=4)
def _base_shapes(path: Path) -> tuple[tuple[str, tuple[Ring, ...]], ...]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return tuple((f["properties"]["kind"], _rings(f["geometry"])) for f in features)


def _rings(geometry: dict) -> tuple[Ring, ...]:  # type: ignore[type-arg]
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        lines = [coordinates]
    elif kind in ("Polygon", "MultiLineString"):
        lines = coordinates
    else:
        lines = [ring for polygon in coordinates for ring in polygon]
    return tuple(tuple((float(x), float(y)) for x, y in line) for line in lines)


def basin_codes(path: Path) -> tuple[str, ...]:
    """Codes of the basins in a geometry file."""
    return tuple(_basin_shapes(path))
