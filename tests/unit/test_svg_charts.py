"""Small charts: well-formed, true to their values, and deaf to hostile labels."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from observatory.export.svg_charts import contribution_chart, matrix_chart, strip_chart, trend_chart
from observatory.geo import palette
from observatory.views.marks import StripMark, TrendPoint

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><image href="x"/><script>alert(1)</script>&"\''
VALUES = st.floats(-1e6, 1e6)
PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=12)


def parse(drawing: str) -> ElementTree.Element:
    root = ElementTree.fromstring(drawing)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {
        "svg",
        "line",
        "polyline",
        "circle",
        "rect",
        "text",
        "defs",
        "pattern",
        "path",
        "title",
        "g",
    }
    return root


def numbers(root: ElementTree.Element, tag: str, *names: str) -> list[tuple[float, ...]]:
    return [tuple(float(e.get(n, "nan")) for n in names) for e in root.iter(f"{SVG}{tag}")]


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]


def point(year: int, value: float | None, region: float | None = None) -> TrendPoint:
    return TrendPoint(year, value, "" if value is None else str(value), region)


@given(st.lists(st.tuples(st.none() | VALUES, st.none() | VALUES), max_size=6))
@example([(5e-324, None), (5e-324, None)])
@example([(0.0, 5e-324)])
def test_a_history_is_drawn_whatever_is_known(values: list[tuple[float | None, float | None]]) -> None:
    points = [point(2000 + i, value, region) for i, (value, region) in enumerate(values)]
    root = parse(trend_chart(points))
    circles = numbers(root, "circle", "cx", "cy")
    assert len(circles) == sum(value is not None for value, _ in values)
    assert all(0 <= x <= 360 and 0 <= y <= 170 for x, y in circles)


@given(st.lists(VALUES, min_size=2, max_size=6))
def test_a_higher_value_is_never_drawn_lower(values: list[float]) -> None:
    root = parse(trend_chart([point(2000 + i, value) for i, value in enumerate(values)]))
    heights = [y for _, y in numbers(root, "circle", "cx", "cy")]
    ordered = [y for _, y in sorted(zip(values, heights, strict=True), key=lambda pair: pair[0])]
    assert all(a >= b - 0.11 for a, b in pairwise(ordered))


def test_no_line_crosses_a_year_without_a_value() -> None:
    root = parse(trend_chart([point(2008, 1.0), point(2013, None), point(2018, 2.0)]))
    assert list(root.iter(f"{SVG}polyline")) == []
    assert texts(root) == ["1.0", "2008", "2013", "2.0", "2018"]


def test_the_region_is_dashed_and_named() -> None:
    root = parse(trend_chart([point(2013, 1.0, 2.0), point(2018, 2.0, 2.1)]))
    (dashed,) = (e for e in root.iter(f"{SVG}polyline") if e.get("stroke-dasharray"))
    assert len((dashed.get("points") or "").split()) == 2
    assert "région" in texts(root)


def test_nothing_known_gives_an_empty_drawing_of_the_same_size() -> None:
    for drawing in (trend_chart([point(2018, None)]), strip_chart([], [])):
        assert list(parse(drawing)) == []


@given(st.lists(VALUES, max_size=28), VALUES, VALUES, VALUES)
@example([0.0], 5e-324, 0.0, 5e-324)
def test_a_strip_keeps_every_mark_inside_and_in_order(
    others: list[float], subject: float, first: float, second: float
) -> None:
    interval = (min(first, second), max(first, second))
    drawing = strip_chart(
        others, [StripMark(subject, "", is_subject=True)], interval=interval, reference=first
    )
    root = parse(drawing)
    ((x, _, radius),) = numbers(root, "circle", "cx", "cy", "r")
    assert radius <= x <= 320 - radius
    ((left, width),) = numbers(root, "rect", "x", "width")
    assert 0 <= left <= left + width <= 320.1


def test_equal_values_stand_together_in_the_middle() -> None:
    ((x, _),) = numbers(
        parse(strip_chart([3.0, 3.0], [StripMark(3.0, "", is_subject=True)])), "circle", "cx", "cy"
    )
    assert x == 160


def test_without_an_interval_no_bar_is_invented() -> None:
    assert list(parse(strip_chart([1.0, 2.0], [StripMark(1.5, "")])).iter(f"{SVG}rect")) == []


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6))
def test_contributions_are_as_long_as_they_are_large_and_on_their_side(values: list[float]) -> None:
    root = parse(contribution_chart([(f"D{i}", value, "x") for i, value in enumerate(values)], width=420))
    largest = max(abs(v) for v in values) or 1.0
    axis = 420 * 0.66
    for value, (x, width) in zip(values, numbers(root, "rect", "x", "width"), strict=True):
        assert width == pytest.approx(420 * 0.21 * abs(value) / largest, abs=0.06)
        assert (x if value >= 0 else x + width) == pytest.approx(axis, abs=0.11)


def test_the_matrix_tells_zero_from_unknown_and_frames_both_directions() -> None:
    levels = ((None, 0, None), (5, None, 3), (None, 1, None))
    root = parse(matrix_chart(["A", "B", "C"], levels, frozenset({(1, 2), (2, 1)})))
    assert sorted(t for t in texts(root) if t not in "ABC") == ["0", "1", "3", "5", "?", "?"]
    frames = [e for e in root.iter(f"{SVG}rect") if e.get("stroke") == palette.DISCUSS]
    assert len(frames) == 2
    dashed = [e for e in root.iter(f"{SVG}rect") if e.get("stroke-dasharray")]
    assert len(dashed) == 2


def test_headings_of_the_matrix_stand_upright_inside_the_drawing() -> None:
    names = ["Établiss., MGI", "CIO", "Ens. agricole"]
    root = parse(matrix_chart(names, ((None,) * 3,) * 3, frozenset()))
    headings = [e for e in root.iter(f"{SVG}text") if e.get("transform")]
    assert [e.text for e in headings] == names
    for heading in headings:
        x, y = (float(v) for v in re.findall(r"translate\(([\d.]+),([\d.]+)\)", heading.get("transform"))[0])
        assert "rotate(-90)" in heading.get("transform")
        assert 0 < x < float(root.get("width"))
        assert y - len(heading.text or "") * 0.53 * float(heading.get("font-size")) > 0


@given(PRINTABLE)
def test_any_label_is_written_as_it_is(label: str) -> None:
    assert label in texts(parse(contribution_chart([(label, 1.0, "x")])))
    assert texts(parse(matrix_chart([label], ((None,),), frozenset())))[:1] == [label]


def test_hostile_labels_are_text() -> None:
    for drawing in (
        contribution_chart([(HOSTILE, 1.0, HOSTILE)]),
        matrix_chart([HOSTILE], ((None,),), frozenset()),
        trend_chart([TrendPoint(2018, 1.0, HOSTILE, None)]),
    ):
        assert HOSTILE in texts(parse(drawing))
