"""Colours can be read: by contrast, in grey, by colour-blind eyes, and never stand for a state."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import Typology
from observatory.export.svg_map import draw_swatch
from observatory.export.svg_parts import PATTERNS
from observatory.french import texts
from observatory.geo import palette
from observatory.geo.palette import contrast_ratio, relative_luminance, sequential, text_on
from observatory.ui.comparer_rug import legend
from observatory.ui.methode_sections import signs
from observatory.ui.signs import state_sign
from observatory.views.map_pieces import NOT_REPORTED, STATUS_FILLS, UNDETERMINED
from observatory.views.map_priorities import TO_CONFIRM

AA = 4.5
ASSETS = Path(__file__).parents[2] / "observatory" / "ui" / "assets"
SCALES = {
    "sequential": palette.SEQUENTIAL,
    "diverging": palette.DIVERGING,
    "cooperation": palette.COOPERATION,
    "typology": tuple(palette.TYPOLOGY.values()),
    "priority": tuple(palette.PRIORITY.values()),
    "confidence": tuple(palette.CONFIDENCE.values()),
    "service": tuple(palette.SERVICE.values()),
}
# What colour-blind eyes keep of linear red, green and blue (Machado et al. 2009, severity 1).
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.01182, 0.04294, 0.968881),
)
SCRIPT = Path(__file__).resolve().parents[2] / "static" / "map" / "carte.js"


def linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = (min(max(v, 0.0), 1.0) for v in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    f, g, h = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * g - 16, 500 * (f - g), 200 * (g - h)


def seen_by_deuteranope(colour: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    return lab(tuple(sum(m * v for m, v in zip(row, rgb, strict=True)) for row in DEUTERANOPIA))


@pytest.mark.parametrize("name", SCALES)
def test_a_label_reads_on_every_colour_it_may_stand_on(name: str) -> None:
    assert {c: contrast_ratio(c, text_on(c)) >= AA for c in SCALES[name]} == dict.fromkeys(SCALES[name], True)


@pytest.mark.parametrize("name", SCALES)
def test_an_area_is_told_from_the_land_around_it_by_its_colour_or_its_border(name: str) -> None:
    for colour in SCALES[name]:
        border = palette.edge(palette.Fill(colour))
        assert max(contrast_ratio(c, palette.LAND) for c in (colour, border)) >= 1.3
        # Between two areas of the same colour the border is seen too.
        assert contrast_ratio(colour, border) >= 1.3


@pytest.mark.parametrize("name", ["sequential", "cooperation"])
def test_a_scale_of_one_direction_darkens_at_every_step(name: str) -> None:
    grey = [relative_luminance(c) for c in SCALES[name]]
    assert all(a > b * 1.1 for a, b in pairwise(grey))


def test_a_diverging_scale_is_lightest_in_the_middle_and_darkens_both_ways() -> None:
    grey = [relative_luminance(c) for c in palette.DIVERGING]
    assert grey[0] < grey[1] < grey[2] > grey[3] > grey[4]


@pytest.mark.parametrize("name", SCALES)
def test_two_colours_of_a_scale_differ_also_for_colour_blind_eyes(name: str) -> None:
    # 2.3 is what an eye just tells apart; neighbours of the cooperation scale also carry their number.
    for first, second in combinations(SCALES[name], 2):
        assert math.dist(lab(linear(first)), lab(linear(second))) > 6
        assert math.dist(seen_by_deuteranope(first), seen_by_deuteranope(second)) > 6


def test_both_ends_of_the_diverging_scale_stay_far_apart_for_colour_blind_eyes() -> None:
    low, high = palette.DIVERGING[0], palette.DIVERGING[-1]
    assert math.dist(seen_by_deuteranope(low), seen_by_deuteranope(high)) > 40


@pytest.mark.parametrize("count", range(1, 6))
def test_fewer_classes_keep_the_order_and_both_ends_of_the_scale(count: int) -> None:
    colours = [sequential(i, count) for i in range(count)]
    places = [palette.SEQUENTIAL.index(c) for c in colours]
    assert places == sorted(set(places))
    assert count == 1 or (places[0], places[-1]) == (0, 4)


def test_a_state_has_a_pattern_of_its_own_and_no_colour_of_a_scale() -> None:
    fills = [*STATUS_FILLS.values(), UNDETERMINED, NOT_REPORTED]
    assert len({f.pattern for f in fills}) == len(fills)
    assert None not in {f.pattern for f in fills}
    assert not {f.colour for f in fills} & {c for scale in SCALES.values() for c in scale}


def test_every_closed_list_that_is_drawn_has_its_colour_and_its_words() -> None:
    assert set(palette.TYPOLOGY) == {t.value for t in Typology} - {"undetermined"}
    assert set(palette.TYPOLOGY) < set(texts.TYPOLOGY_LABELS)
    assert set(palette.PRIORITY) == set(texts.PRIORITY_LABELS) - {"undetermined"}
    assert len(palette.COOPERATION) == len(texts.COOPERATION_LEVELS)
    assert set(palette.CONFIDENCE) == set(texts.CONFIDENCE_LABELS)
    assert set(palette.SERVICE) == set(texts.SERVICE_LABELS) == set(texts.SERVICE_ONE)


@pytest.mark.parametrize("status", STATUS_FILLS)
def test_a_state_has_one_drawing_on_every_page(status: FigureStatus) -> None:
    drawn = state_sign(status)
    assert draw_swatch(STATUS_FILLS[status], width=26, height=14) in drawn
    assert drawn in str(legend())
    assert state_sign(status, width=46, height=28) in str(signs())
    for name in ("comparer.css", "methode.css"):
        assert f"-{status.value}" not in (ASSETS / name).read_text(encoding="utf-8")


def test_browser_and_drawings_know_the_same_patterns_in_the_same_sizes() -> None:
    block = SCRIPT.read_text(encoding="utf-8").split("const PATTERNS = {")[1].split("\n  };")[0]
    in_browser = {name: int(size) for name, size in re.findall(r"^    (\w+): \[(\d+),", block, re.MULTILINE)}
    assert in_browser == {name: size for name, (size, _) in PATTERNS.items()}
    assert set(in_browser) == set(palette.PATTERNS)
    assert {f.pattern for f in (*STATUS_FILLS.values(), UNDETERMINED, NOT_REPORTED, TO_CONFIRM)} == set(
        in_browser
    )


def test_contrast_is_symmetrical_and_known_for_black_on_white() -> None:
    assert contrast_ratio("#000000", "#ffffff") == contrast_ratio("#ffffff", "#000000") == pytest.approx(21)
