"""The map of a report: well-formed, names inside their basin, every state with its pattern."""

from __future__ import annotations

import json
import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from observatory.export.map_labels import label_spot, meet, place_label
from observatory.export.map_shapes import area_shapes, fit_projection
from observatory.export.svg_map import basin_codes, draw_report_map, draw_swatch, draw_thumbnail, rasterise
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.map_pieces import NOT_REPORTED, STATUS_FILLS, UNDETERMINED
from observatory.views.report_map import MapArea, ReportMap

ROOT = Path(__file__).resolve().parents[2]
NAMES = json.loads((ROOT / "data" / "territory" / "geometry.json").read_text(encoding="utf-8"))
BASINS, BASE = (ROOT / "static" / "geo" / NAMES[kind] for kind in ("basins", "base"))
FONTS = ROOT / "static" / "fonts"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><image href="x"/><script>alert(1)</script>&"\''
FILLS = [*STATUS_FILLS.values(), UNDETERMINED, NOT_REPORTED, *(Fill(c) for c in palette.SEQUENTIAL)]
CODES = basin_codes(BASINS)
REPORT = ReportMap(
    title="Titre inventé",
    subtitle="Sous-titre",
    areas={code: MapArea(FILLS[i % len(FILLS)], f"Nom {i}") for i, code in enumerate(CODES)},
    legend_title="Légende",
    legend=tuple((f"ligne {i}", fill) for i, fill in enumerate(FILLS)),
    source="Source : inventée.",
    date="1er décembre 2026",
    selected=CODES[0],
)


def draw(report: ReportMap = REPORT, **size: int) -> ElementTree.Element:
    root = ElementTree.fromstring(draw_report_map(report, BASINS, BASE, **size))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "defs", "pattern", "clipPath", "g", "path", "rect", "circle", "text"}
    return root


def written(root: ElementTree.Element) -> list[str]:
    return ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]


def area(rings) -> BaseGeometry:
    """Even-odd union of rings."""
    shape = Polygon()
    for ring in rings:
        shape = shape.symmetric_difference(Polygon(ring).buffer(0))
    return shape


def test_everything_said_around_the_map_is_real_text() -> None:
    said = " ".join(written(draw(replace(REPORT, banner="Données de démonstration"))))
    for part in ("Titre inventé", "Sous-titre", "Légende", "ligne 0", "Source : inventée.", "Données de"):
        assert part in said
    assert "Édité le 1er décembre 2026." in said


def test_the_banner_is_drawn_only_for_invented_records() -> None:
    assert "#fff3d6" not in draw_report_map(REPORT, BASINS, BASE)
    assert "#fff3d6" in draw_report_map(replace(REPORT, banner="Données de démonstration"), BASINS, BASE)


def test_hostile_texts_stay_texts() -> None:
    areas = {code: MapArea(Fill("#ffffff"), HOSTILE[:9]) for code in CODES}
    root = draw(
        replace(
            REPORT,
            title=HOSTILE,
            subtitle=HOSTILE,
            source=HOSTILE,
            legend=((HOSTILE, FILLS[0]),),
            areas=areas,
        )
    )
    assert written(root).count(HOSTILE) >= 3
    assert root.find(f"{SVG}title").text == HOSTILE  # type: ignore[union-attr]


@pytest.mark.parametrize("fill", FILLS)
def test_every_pattern_that_is_used_is_defined(fill: Fill) -> None:
    root = ElementTree.fromstring(draw_swatch(fill))
    used = set(re.findall(r"url\(#([\w-]+)\)", draw_swatch(fill)))
    assert used == {e.get("id") for e in root.iter(f"{SVG}pattern")}
    assert bool(used) == (fill.pattern is not None)


def test_the_report_defines_all_that_it_refers_to() -> None:
    root = draw()
    text = ElementTree.tostring(root, encoding="unicode")
    assert set(re.findall(r"url\(#([\w-]+)\)", text)) <= {e.get("id") for e in root.iter() if e.get("id")}


@pytest.mark.parametrize("width", [1280, 700])
def test_no_text_around_the_map_is_wider_than_the_drawing(width: int) -> None:
    long = "Une phrase longue qui dit ce que l’on voit sur la carte, avec son doute et sa source. " * 4
    root = draw(replace(REPORT, title=long, subtitle=long, source=long, banner=long), width=width)
    for element in root.iter(f"{SVG}text"):
        if element.get("text-anchor") == "start":
            length = len("".join(element.itertext())) * float(element.get("font-size", "0")) * 0.53
            assert float(element.get("x", "0")) + length <= width * 1.08


def test_a_label_stands_inside_its_basin() -> None:
    shapes = area_shapes(BASINS)
    projection = fit_projection(shapes, (0.0, 0.0, 1244.0, 720.0))
    placed = 0
    for rings in shapes.values():
        drawn = projection.rings(rings)
        spot = label_spot(drawn, 60.0, 16.0)
        if spot is not None:
            placed += 1
            x, y = spot
            assert area(drawn).buffer(1e-6).covers(box(x - 30, y - 8, x + 30, y + 8))
    assert placed >= 12


@given(
    st.lists(
        st.tuples(st.floats(0, 80), st.floats(0, 80), st.floats(5, 60), st.floats(5, 60)),
        min_size=1,
        max_size=5,
    ),
    st.floats(1, 40),
    st.floats(1, 20),
)
def test_a_box_is_inside_any_shape_or_nowhere(
    pieces: list[tuple[float, float, float, float]], width: float, height: float
) -> None:
    shape = unary_union([box(x, y, x + w, y + h) for x, y, w, h in pieces])
    polygons = list(getattr(shape, "geoms", [shape]))
    rings = [tuple(ring.coords) for p in polygons for ring in (p.exterior, *p.interiors)]
    spot = label_spot(rings, width, height)
    if spot is not None:
        x, y = spot
        inside = box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        assert shape.buffer(1e-6).covers(inside)


def test_a_name_without_room_is_not_written() -> None:
    ring = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0))
    assert place_label("Un nom bien trop long", Fill("#ffffff"), [ring], 15) is None
    wide = tuple((x * 100, y * 100) for x, y in ring)
    assert place_label("Court", Fill("#ffffff"), [wide], 15) is not None
    assert place_label("", Fill("#ffffff"), [wide], 15) is None


def test_the_name_of_the_selected_basin_is_written_even_without_room_and_stays_in_the_frame() -> None:
    ring = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0))
    frame = (0.0, 0.0, 400.0, 300.0)
    placed = place_label("Un nom bien trop long", Fill("#ffffff"), [ring], 15, frame=frame)
    assert placed is not None
    left, _, right, _ = placed.box
    assert left >= 0
    assert right <= 400


@pytest.mark.parametrize("code", CODES)
def test_every_basin_that_is_selected_has_its_name_on_the_map_of_a_report(code: str) -> None:
    report = replace(REPORT, selected=code, areas={c: MapArea(FILLS[0], f"Nom de {c}") for c in CODES})
    assert f"Nom de {code}" in written(draw(report))


def test_basins_that_a_title_names_are_written_however_small_and_others_give_way() -> None:
    def shown(named: tuple[str, ...]) -> list[str]:
        drawing = draw_thumbnail(REPORT.areas, BASINS, BASE, width=520, height=352, named=named)
        return written(ElementTree.fromstring(drawing))

    small = next(code for code in CODES if REPORT.areas[code].label not in shown(()))
    label = REPORT.areas[small].label
    assert label in shown((small,))
    assert shown(("ZZ99",)) == shown(())


def test_boxes_that_only_touch_do_not_meet() -> None:
    assert meet((0, 0, 10, 10), (9, 9, 20, 20))
    assert not meet((0, 0, 10, 10), (10, 0, 20, 10))


def test_a_hole_is_not_room() -> None:
    outer = ((0.0, 0.0), (100.0, 0.0), (100.0, 60.0), (0.0, 60.0), (0.0, 0.0))
    hole = ((5.0, 5.0), (95.0, 5.0), (95.0, 55.0), (5.0, 55.0), (5.0, 5.0))
    assert label_spot([outer, hole], 50, 20) is None
    assert label_spot([outer], 50, 20) is not None


def test_neighbours_that_have_no_colour_keep_a_border_between_them() -> None:
    blank = {code: MapArea(STATUS_FILLS["missing"], "") for code in CODES}
    drawing = draw_thumbnail(blank, BASINS, BASE, width=400, height=300)
    borders = re.findall(r'fill="url\(#dots-ffffff\)" stroke="(#\w+)"', drawing)
    assert len(borders) == len(CODES)
    assert palette.contrast_ratio(borders[0], "#ffffff") > 1.5


def test_the_selected_basin_has_the_accent_and_an_unknown_one_nothing() -> None:
    accent = f'stroke="{palette.SELECTION}"'
    areas = dict(REPORT.areas)
    assert draw_thumbnail(areas, BASINS, BASE, width=400, height=300, selected=CODES[3]).count(accent) == 1
    assert accent not in draw_thumbnail(areas, BASINS, BASE, width=400, height=300, selected="ZZ99")


def test_the_map_has_the_shape_of_the_ground() -> None:
    projection = fit_projection(area_shapes(BASINS), (0.0, 0.0, 1000.0, 800.0))
    west, east = projection.point((5.0, 44.0)), projection.point((6.0, 44.0))
    south, north = projection.point((5.0, 43.5)), projection.point((5.0, 44.5))
    assert east[0] > west[0]
    assert north[1] < south[1]
    assert (south[1] - north[1]) / (east[0] - west[0]) == pytest.approx(1 / 0.7193, rel=0.005)


def test_a_picture_is_a_png_of_the_asked_size_that_shows_something() -> None:
    content = rasterise(
        draw_thumbnail(REPORT.areas, BASINS, BASE, width=200, height=150), FONTS, pixels_per_inch=96
    )
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (200, 150)
    pixels = b"".join(zlib_chunks(content))
    assert len(set(zlib.decompress(pixels))) > 50


def zlib_chunks(content: bytes):
    at = 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        if kind == b"IDAT":
            yield content[at + 8 : at + 8 + length]
        at += length + 12


def test_the_same_drawing_gives_the_same_picture() -> None:
    drawing = draw_swatch(NOT_REPORTED)
    assert rasterise(drawing, FONTS) == rasterise(drawing, FONTS)


def test_commune_detail_is_drawn_under_the_outlines_of_the_basins_with_one_name() -> None:
    communes_file = ROOT / "static" / "geo" / NAMES["communes"]
    fills = dict.fromkeys(area_shapes(communes_file), Fill("#b98a9c"))
    report = replace(REPORT, communes=fills, legend=())
    root = ElementTree.fromstring(draw_report_map(report, BASINS, BASE, communes_file))
    painted = [e for e in root.iter(f"{SVG}path") if e.get("fill") == "#b98a9c"]
    assert len(painted) == len(fills)
    assert {name for name in written(root) if name.startswith("Nom ")} == {"Nom 0"}
