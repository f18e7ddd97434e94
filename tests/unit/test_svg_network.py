"""The picture of the network: zero is not unknown, both directions are told, and it is said in words too."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.cooperation import CooperationLevel, Partner
from observatory.domain.inventory import RecordKind, rating_key
from observatory.export.svg_map import rasterise
from observatory.export.svg_network import DESK, SCREEN, WALL, Plan, network_chart
from observatory.geo import palette
from observatory.views.network import Network, NetworkLink, build_network
from tests.unit.inventory_factory import observatory_of, say

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
SVG = "{http://www.w3.org/2000/svg}"
PAIRS = list(combinations(Partner, 2))
LEAST_WALL_SCALE = 0.92
"""At 1280 by 720, under a title of two lines."""
LEGEND_NUMBERS = ["0", "1", "2", "3", "4", "5"]


def network(levels: dict[tuple[Partner, Partner], int]) -> Network:
    entries = [
        say("AM01", RecordKind.RATING, rating_key(*pair), "level", str(level))
        for pair, level in levels.items()
    ]
    return build_network(observatory_of(entries), "AM01")


def drawn(found: Network, plan: Plan = DESK) -> ElementTree.Element:
    return ElementTree.fromstring(network_chart(found, plan))


def texts(root: ElementTree.Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def numbers(root: ElementTree.Element) -> list[str]:
    """Numbers and question marks in discs, without those of the legend."""
    found = [text for text in texts(root) if text in {*LEGEND_NUMBERS, "?"}]
    for text in (*LEGEND_NUMBERS, "?"):
        found.remove(text)
    return sorted(found)


def bands(root: ElementTree.Element) -> int:
    """Amber bands, without that of the legend."""
    return sum(node.get("stroke") == palette.DISCUSS for node in root.iter(f"{SVG}polyline")) - 1


CIO, PJJ = Partner.CIO, Partner.PJJ


def test_an_empty_inventory_is_21_dashed_lines_without_a_number() -> None:
    found = network({})
    root = drawn(found)
    dashed = [n for n in root.iter(f"{SVG}polyline") if n.get("stroke-dasharray")]
    assert len(dashed) == 21 + 1
    assert numbers(root) == []
    assert found.sentences == ("21 paires non renseignées dans les deux sens.",)


def test_each_direction_has_its_number_and_zero_is_one() -> None:
    root = drawn(network({(CIO, PJJ): 0, (PJJ, CIO): 1}))
    assert numbers(root) == ["0", "1"]
    assert bands(root) == 0


def test_the_number_stands_beside_the_structure_that_says_it() -> None:
    root = drawn(network({(CIO, PJJ): 5, (PJJ, CIO): 4}))
    nodes = {n.text: n for n in root.iter(f"{SVG}text")}

    def distance(first: str, second: str) -> float:
        a, b = nodes[first], nodes[second]
        return math.dist(*((float(n.get("x", 0)), float(n.get("y", 0))) for n in (a, b)))

    # The legend comes last: the first of each number is that of the drawing.
    drawing = [n for n in root.iter(f"{SVG}text") if n.text in {"5", "4"}]
    nodes["5"], nodes["4"] = (next(n for n in drawing if n.text == t) for t in ("5", "4"))
    assert distance("5", "CIO") < distance("4", "CIO")
    assert distance("4", "PJJ") < distance("5", "PJJ")


def test_what_only_one_told_has_a_question_mark_on_the_other_side_and_no_gap() -> None:
    root = drawn(network({(CIO, PJJ): 5}))
    assert numbers(root) == ["5", "?"]
    assert bands(root) == 0


@pytest.mark.parametrize(("there", "back", "count"), [(0, 2, 1), (4, 1, 1), (3, 2, 0), (0, 0, 0)])
def test_a_gap_of_two_has_a_band_and_a_sign_of_its_own(there: int, back: int, count: int) -> None:
    root = drawn(network({(CIO, PJJ): there, (PJJ, CIO): back}))
    assert bands(root) == count
    assert texts(root).count("≠") == count + 1


def test_a_stronger_level_is_a_wider_line() -> None:
    widths = []
    for level in CooperationLevel:
        root = drawn(network({(CIO, PJJ): level}))
        mine = [n for n in root.iter(f"{SVG}polyline") if n.get("stroke") == palette.COOPERATION[level]]
        widths.append(float(mine[0].get("stroke-width", 0)))
    assert widths == sorted(set(widths))


def test_the_picture_is_told_in_words() -> None:
    found = network({(CIO, PJJ): 4, (PJJ, CIO): 1})
    told = found.sentences[0].replace("\u202f", " ").replace("\xa0", " ")
    assert told == (
        "CIO et PJJ : 4, décident ensemble selon le CIO ; 1, se connaissent selon la PJJ "
        "(sujet pour la réunion)."
    )
    assert found.sentences[1].startswith("20 paires non renseignées")
    title = drawn(found).findtext(f"{SVG}title") or ""
    assert "Digne" in title
    assert "1 paire décrite sur 21, 1 à discuter" in title


def test_on_the_wall_what_is_to_be_discussed_comes_first_and_every_pair_is_told() -> None:
    found = network({(CIO, PJJ): 4, (Partner.PJJ, Partner.CFA): 0, (Partner.CFA, Partner.PJJ): 3})
    lines = [line.replace("\u202f", " ").replace("\xa0", " ") for line in found.wall_lines]
    assert lines[:2] == ["PJJ 0 ; CFA 3, à discuter", "CIO 4 ; PJJ ?"]
    assert lines[2].startswith("19 paires non renseignées")
    assert len(lines) == 3


LEVELS = st.one_of(st.none(), st.sampled_from(CooperationLevel))


@pytest.mark.parametrize("plan", [DESK, SCREEN, WALL])
@settings(max_examples=30)
@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=21, max_size=21))
def test_any_network_keeps_everything_inside_and_no_two_discs_touch(
    plan: Plan, levels: list[tuple[CooperationLevel | None, CooperationLevel | None]]
) -> None:
    links = tuple(
        NetworkLink(a, b, x, y, x is not None and y is not None and abs(x - y) >= 2)
        for (a, b), (x, y) in zip(PAIRS, levels, strict=True)
    )
    found = replace(network({}), links=links)
    root = drawn(found, plan)
    discs = [
        (float(n.get("cx", 0)), float(n.get("cy", 0)), float(n.get("r", 0)))
        for n in root.iter(f"{SVG}circle")
    ]
    for x, y, r in discs:
        assert 0 <= x - r <= x + r <= plan.width
        assert 0 <= y - r <= y + r <= plan.height
    for a, b in combinations(discs, 2):
        assert math.dist(a[:2], b[:2]) >= a[2] + b[2] - 0.2
    signs = sum(text in {*LEGEND_NUMBERS, "?"} for text in texts(root))
    legend = len(LEGEND_NUMBERS) + 1 if plan.has_legend else 0
    assert signs == legend + 2 * sum(link.is_known for link in links)


def test_the_picture_of_the_wall_has_no_letter_under_24_pixels_at_its_size() -> None:
    root = drawn(network({(CIO, PJJ): 4, (PJJ, CIO): 1}), WALL)
    sizes = [float(node.get("font-size", 0)) for node in root.iter(f"{SVG}text")]
    assert min(sizes) * LEAST_WALL_SCALE >= 24
    assert "≠" in texts(root)


def test_a_name_is_written_as_it_is() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    found = replace(network({}), basin_name=hostile, names=(hostile,) * 7)
    root = drawn(found)
    assert texts(root).count(hostile) == 7
    assert hostile in (root.findtext(f"{SVG}title") or "").replace("\xa0", " ")


def test_the_picture_can_be_made_a_png() -> None:
    png = rasterise(network_chart(network({(CIO, PJJ): 3})), FONTS, pixels_per_inch=96)
    assert png.startswith(b"\x89PNG")
