"""The map of a report: SVG with title, legend, source, date and banner, and its PNG.

Geometry is read from the file that the browser gets; texts are real text; patterns are those of the screen.
PNG is made from the same drawing by Typst, so that nothing of the system is needed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory.export.map_labels import Placed, meet, place_label
from observatory.export.map_shapes import Frame, Ring, area_shapes, base_shapes, fit_projection
from observatory.export.svg_parts import document, paint, swatch, text
from observatory.export.typesetting import typeset
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.report_map import MapArea, ReportMap

_PAGE = Path(__file__).with_name("drawing.typ")
_MARGIN = 18
_BANNER, _BANNER_INK = "#fff3d6", "#4a3a10"
_BORDER = "#ffffff"
_SMALL = 13


def draw_report_map(
    report: ReportMap,
    basins_file: Path,
    base_file: Path,
    communes_file: Path | None = None,
    *,
    width: int = 1280,
    height: int = 860,
) -> str:
    """The whole drawing as SVG text, ``width`` x ``height`` pixels; ``communes_file`` for commune detail."""
    inner = width - 2 * _MARGIN
    top = 92 + (34 if report.banner else 0)
    notes = _wrap(f"{report.source} Édité le {report.date}.", inner, _SMALL)
    bottom = height - 14 - 18 * len(notes)
    frame = (float(_MARGIN), float(top), float(inner), float(bottom - top))
    parts = [f'<rect width="{width}" height="{height}" fill="{palette.PAPER}"/>']
    if report.banner:
        parts.append(f'<rect width="{width}" height="34" fill="{_BANNER}"/>')
        size = _fitting_size(report.banner, inner, 15)
        parts.append(text(_MARGIN, 23, report.banner, size, _BANNER_INK, bold=True))
    size = _fitting_size(report.title, inner, 27)
    parts.append(text(_MARGIN, top - 48, report.title, size, palette.INK, bold=True))
    size = _fitting_size(report.subtitle, inner, 17)
    parts.append(text(_MARGIN, top - 16, report.subtitle, size, palette.SECONDARY))
    communes = None
    if report.communes is not None and communes_file is not None:
        communes = {c: (f, area_shapes(communes_file)[c]) for c, f in report.communes.items()}
    parts.append(
        map_body(
            report.areas,
            basins_file,
            base_file,
            frame,
            selected=report.selected,
            named=report.named,
            communes=communes,
        )
    )
    parts.append(_legend(report, _MARGIN + 16, top + 16))
    parts.extend(
        text(_MARGIN, bottom + 20 + 18 * i, line, _SMALL, palette.SECONDARY) for i, line in enumerate(notes)
    )
    fills = [*(area.fill for area in report.areas.values()), *(fill for _, fill in report.legend)]
    fills += (report.communes or {}).values()
    return document(width, height, parts, fills, title=report.title)


def draw_thumbnail(
    areas: Mapping[str, MapArea],
    basins_file: Path,
    base_file: Path,
    *,
    width: int,
    height: int,
    selected: str = "",
    named: Sequence[str] = (),
    labels: bool = True,
) -> str:
    """The map alone, for the first page and the sheets; ``named`` always have their name."""
    frame = (0.0, 0.0, float(width), float(height))
    body = map_body(areas, basins_file, base_file, frame, selected=selected, named=named, labels=labels)
    return document(width, height, [body], [area.fill for area in areas.values()])


def map_body(
    areas: Mapping[str, MapArea],
    basins_file: Path,
    base_file: Path,
    frame: Frame,
    *,
    selected: str = "",
    named: Sequence[str] = (),
    labels: bool = True,
    communes: Mapping[str, tuple[Fill, tuple[Ring, ...]]] | None = None,
) -> str:
    """Sea, neighbours, basins, académie border, selection and labels inside ``frame``.

    With ``communes`` (fill and rings by code) the basins are outlines over the communes, and only the
    selected one has a label.
    """
    left, top, width, height = frame
    box = f'x="{left}" y="{top}" width="{width}" height="{height}"'
    clip = f"clip-{int(left)}-{int(top)}-{int(width)}"
    shapes = area_shapes(basins_file)
    projection = fit_projection(shapes, frame)
    paths = {code: projection.path(rings) for code, rings in shapes.items()}
    parts = [
        f'<clipPath id="{clip}"><rect {box} rx="8"/></clipPath>',
        f'<g clip-path="url(#{clip})"><rect {box} fill="{palette.SEA}"/>',
    ]
    borders = []
    for kind, rings in base_shapes(base_file):
        path = projection.path(rings, close=kind == "neighbour")
        if kind == "neighbour":
            parts.append(f'<path d="{path}" fill="{palette.LAND}" stroke="#dcd8cd" stroke-width="0.7"/>')
        elif kind == "academie":
            borders.append(_outline(path, palette.HEADER, 1.8))
    for fill, rings in (communes or {}).values():
        parts.append(
            f'<path d="{projection.path(rings)}" fill="{paint(fill)}" stroke="{_BORDER}" stroke-width="0.3" '
            'fill-rule="evenodd"/>'
        )
    if communes:
        parts.extend(_outline(path, palette.HEADER, 1.0) for path in paths.values())
    drawn = {code: areas[code].fill for code in shapes if code in areas and not communes}
    # Patterns first: between one of them and a colour the white border wins, as on the screen.
    for code, fill in sorted(drawn.items(), key=lambda item: item[1].pattern is None):
        parts.append(
            f'<path d="{paths[code]}" fill="{paint(fill)}" stroke="{palette.edge(fill)}" stroke-width="1.3" '
            'fill-rule="evenodd"/>'
        )
    parts.extend(borders)
    if selected in paths:
        parts.append(_outline(paths[selected], "#ffffff", 6.5))
        parts.append(_outline(paths[selected], palette.SELECTION, 3))
    if labels:
        size = max(8.0, min(15.0, projection.scale * 0.0046))
        first = [code for code in (selected, *named) if code in areas and code in shapes]
        kept: list[Placed] = []
        for code in dict.fromkeys((*first, *drawn)):
            # The first may stand over a neighbour: that one keeps silent.
            around = (left, top, left + width, top + height) if code in first else None
            area, outline = areas[code], projection.rings(shapes[code])
            one = place_label(area.label, area.fill, outline, size, frame=around)
            if one is not None and not any(meet(other.box, one.box) for other in kept):
                kept.append(one)
        parts.extend(one.svg for one in kept)
    parts.append("</g>")
    return "".join(parts)


def draw_swatch(fill: Fill, *, width: int = 38, height: int = 22) -> str:
    """One patch of a legend."""
    return document(width, height, [swatch(0.5, 0.5, width - 1, height - 1, fill)], [fill])


def rasterise(svg: str, fonts_dir: Path, *, pixels_per_inch: float = 144.0) -> bytes:
    """PNG of a drawing of this module (96 pixels to an inch), with the fonts of the project only."""
    return typeset(_PAGE, {"drawing": svg}, fonts_dir, "png", pixels_per_inch=pixels_per_inch)


def basin_codes(path: Path) -> tuple[str, ...]:
    """Codes of the basins in a geometry file."""
    return tuple(area_shapes(path))


def _outline(path: str, colour: str, width: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _legend(report: ReportMap, x: float, y: float) -> str:
    row = 24
    longest = max(len(report.legend_title), *(len(name) for name, _ in report.legend), 0)
    width, height = 62 + longest * 7.4, 44 + row * len(report.legend)
    parts = [
        f'<rect x="{x}" y="{y}" width="{width:.0f}" height="{height}" rx="8" fill="{palette.CARD}" '
        f'stroke="{palette.LINE}"/>',
        text(x + 14, y + 25, report.legend_title, 15.5, palette.INK, bold=True),
    ]
    for i, (name, fill) in enumerate(report.legend):
        at = y + 38 + row * i
        parts.append(swatch(x + 14, at, 28, 15, fill))
        parts.append(text(x + 52, at + 12.5, name, 14.5, palette.INK))
    return "".join(parts)


def _fitting_size(content: str, width: float, largest: float) -> float:
    """The size at which ``content`` holds in ``width`` points, at most ``largest``."""
    return min(largest, width / (max(len(content), 1) * 0.53))


def _wrap(content: str, width: float, size: float) -> list[str]:
    return textwrap.wrap(content, int(width / (size * 0.48)))
