"""Boundaries: polygons that almost fit become a coverage, and a coverage stays one."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from observatory.geo.boundaries import (
    METRES,
    MapFeature,
    dissolve,
    features_to_geojson,
    foreign_land,
    hashed_name,
    label_point,
    polygons_from_wkb,
    repair_coverage,
    shared_line,
    simplify_coverage,
)


def areas(shapes: dict[str, shapely.Geometry], crs: int | None = METRES) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes.values()), index=pd.Index(list(shapes), name="code"), crs=crs)


def is_coverage(shapes: gpd.GeoSeries) -> bool:
    return bool(shapely.coverage_is_valid(np.asarray(shapes.array)))


def staircase(west: float, south: float, east: float, north: float, steps: int) -> list[tuple[float, float]]:
    """A broken line from south-west to north-east with more vertices than a map needs."""
    xs, ys = np.linspace(west, east, steps), np.linspace(south, north, steps)
    return [(float(x), float(y + 0.001 * (i % 2))) for i, (x, y) in enumerate(zip(xs, ys, strict=True))]


def test_a_gap_goes_to_the_neighbour_with_the_longest_common_border():
    gap = shapely.box(10, 4, 11, 6)
    west = shapely.difference(shapely.box(0, 0, 11, 10), gap)
    east = shapely.box(11, 0, 20, 10)
    repaired = repair_coverage(areas({"w": west, "e": east}), 0.01, smallest_part=5)
    assert is_coverage(repaired)
    assert repaired["w"].area == pytest.approx(110)
    assert repaired["e"].area == pytest.approx(90)


def test_an_overlap_goes_to_one_area_and_nothing_is_counted_twice():
    repaired = repair_coverage(areas({"w": shapely.box(0, 0, 10, 10), "e": shapely.box(9, 0, 20, 10)}), 0.01)
    assert is_coverage(repaired)
    assert repaired.area.sum() == pytest.approx(200)
    assert min(repaired.area) >= 90


def test_vertices_of_one_side_only_are_given_to_the_other():
    left = shapely.Polygon([(0, 0), (10, 0), (10, 3), (10, 10), (0, 10)])
    right = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 7)])
    assert not is_coverage(areas({"l": left, "r": right}))
    assert is_coverage(repair_coverage(areas({"l": left, "r": right}), 0.01))


def test_a_crumb_joins_the_neighbour_that_surrounds_it():
    crumb = shapely.box(15, 4, 16, 5)
    west = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), crumb])
    east = shapely.difference(shapely.box(10, 0, 20, 10), crumb)
    repaired = repair_coverage(areas({"w": west, "e": east}), 0.01, smallest_part=2)
    assert repaired["w"].equals(shapely.box(0, 0, 10, 10))
    assert repaired["e"].equals(shapely.box(10, 0, 20, 10))


def test_an_exclave_larger_than_a_crumb_stays_where_it_belongs():
    exclave = shapely.box(15, 4, 16, 5)
    west = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), exclave])
    east = shapely.difference(shapely.box(10, 0, 20, 10), exclave)
    repaired = repair_coverage(areas({"w": west, "e": east}), 0.01, smallest_part=0.5)
    assert shapely.get_num_geometries(repaired["w"]) == 2


def test_an_island_stays_and_an_islet_goes():
    land = shapely.MultiPolygon(
        [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 21, 1), shapely.box(30, 0, 30.1, 0.1)]
    )
    repaired = repair_coverage(areas({"a": land}), 0.01, smallest_part=5, smallest_island=0.5)
    assert repaired["a"].area == pytest.approx(101)
    assert shapely.get_num_geometries(repaired["a"]) == 2


def test_a_lagoon_larger_than_a_gap_stays_water():
    around = shapely.difference(shapely.box(0, 0, 20, 20), shapely.box(5, 5, 15, 15))
    repaired = repair_coverage(areas({"a": around}), 0.01, smallest_part=50)
    assert repaired["a"].area == pytest.approx(300)


def test_an_area_covered_by_another_is_named():
    with pytest.raises(ValueError, match="'b'"):
        repair_coverage(areas({"a": shapely.box(0, 0, 10, 10), "b": shapely.box(2, 2, 2.001, 2.001)}), 1)


@given(st.lists(st.floats(-0.3, 0.3), min_size=32, max_size=32))
def test_whatever_the_drawing_errors_the_repair_is_a_coverage_of_the_same_land(errors):
    """Nine squares of 10 by 10, each drawn with its own error: gaps, overlaps and both at once. Twelve
    inner borders of 10 with at most 0.6 of error: 72."""
    noise = iter(errors * 3)
    squares = {}
    for row in range(3):
        for column in range(3):
            corners = [(0, 0), (10, 0), (10, 10), (0, 10)]
            squares[f"{row}{column}"] = shapely.Polygon(
                [(10 * column + x + next(noise), 10 * row + y + next(noise)) for x, y in corners]
            )
    repaired = repair_coverage(areas(squares), 0.01, smallest_part=90)
    assert is_coverage(repaired)
    union = shapely.union_all(list(repaired))
    assert union.area == pytest.approx(repaired.area.sum(), rel=1e-9)
    assert union.symmetric_difference(shapely.union_all(list(squares.values()))).area < 72
    assert not [ring for part in shapely.get_parts(union) for ring in part.interiors]


def test_simplifying_keeps_borders_shared_and_coordinates_on_the_written_grid():
    border = staircase(5.0, 43.0, 5.0, 44.0, 200)
    west = shapely.Polygon([(4.0, 43.0), *border, (4.0, 44.0)])
    east = shapely.Polygon([(6.0, 43.0), *border, (6.0, 44.0)])
    shapes = repair_coverage(areas({"w": west, "e": east}, 4326), 1e-4)
    simple = simplify_coverage(shapes, 500)
    assert is_coverage(simple)
    assert (
        shapely.get_num_coordinates(list(simple)).sum() < shapely.get_num_coordinates(list(shapes)).sum() / 4
    )
    coordinates = shapely.get_coordinates(list(simple))
    assert np.abs(coordinates - coordinates.round(4)).max() < 1e-9


def test_dissolving_leaves_no_trace_of_the_inner_borders():
    cells = areas({f"{x}{y}": shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(2)})
    halves = dissolve(cells, {code: "south" if code[1] == "0" else "north" for code in cells.index})
    assert list(halves.index) == ["north", "south"]
    assert halves["south"].symmetric_difference(shapely.box(0, 0, 3, 1)).is_empty
    assert shared_line(*halves.array).length == pytest.approx(3)


def test_cells_without_a_group_are_left_out_of_the_union():
    cells = areas({"a": shapely.box(0, 0, 1, 1), "b": shapely.box(1, 0, 2, 1)})
    assert list(dissolve(cells, {"a": "x"}).index) == ["x"]


def test_a_label_sits_in_the_largest_part_where_there_is_room_to_left_and_right():
    # A narrow column, a wide foot and an islet: the foot is where a word fits.
    area = shapely.union_all([shapely.box(5.0, 43.0, 5.1, 45.0), shapely.box(4.5, 43.0, 5.6, 43.4)])
    area = shapely.union_all([area, shapely.box(9.0, 43.0, 9.2, 43.2)])
    longitude, latitude = label_point(area)
    assert 4.8 < longitude < 5.3
    assert 43.1 < latitude < 43.3


def test_foreign_land_meets_the_border_without_a_gap_and_without_an_overlap():
    french = shapely.box(5.0, 43.0, 7.0, 45.0)
    too_short = shapely.box(7.02, 43.0, 9.0, 44.0)
    too_long = shapely.box(6.98, 44.0, 9.0, 45.0)
    land = foreign_land(shapely.union_all([too_short, too_long]), french)
    assert land.intersection(french).area < 1e-9
    assert shared_line(french, land).length > 1.9


def test_a_file_for_the_browser_holds_four_decimals_and_text_as_it_is():
    content = features_to_geojson([MapFeature({"name": "Étang <b>"}, shapely.Point(5.12345678, 43.5))])
    feature = json.loads(content)["features"][0]
    assert feature["geometry"]["coordinates"] == [5.1235, 43.5]
    assert feature["properties"] == {"name": "Étang <b>"}
    assert b" " not in content.replace("Étang <b>".encode(), b"")


def test_the_name_of_a_file_changes_with_its_content():
    assert hashed_name("basins", b"a") != hashed_name("basins", b"b")
    assert hashed_name("basins", b"a") == hashed_name("basins", b"a")


def test_polygons_are_read_in_the_order_of_their_codes():
    wkb = [shapely.to_wkb(shapely.Point(x, 0), hex=True) for x in (2, 1)]
    shapes = polygons_from_wkb(["13002", "04001"], wkb)
    assert [point.x for point in shapes] == [1, 2]
    assert shapes.index.tolist() == ["04001", "13002"]


def test_a_text_that_is_no_geometry_is_refused():
    with pytest.raises(ValueError, match="fromhex"):
        polygons_from_wkb(["04001"], ["\\N"])
