"""Classes of a choropleth: natural, with limits a person can say, and no value in the wrong class."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.geo.choropleth import (
    class_index,
    natural_limits,
    quantile_limits,
    roundest_between,
    symmetric_limits,
)

SHARES = st.lists(st.integers(0, 10_000).map(lambda n: n / 10_000), max_size=40)
NUMBERS = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), max_size=40)


def best_cost(ordered: list[float], classes: int) -> float:
    """Smallest sum of squares inside ``classes`` classes, by trying every partition."""
    if classes == 1:
        middle = sum(ordered) / len(ordered)
        return sum((v - middle) ** 2 for v in ordered)
    return min(
        best_cost(ordered[:cut], 1) + best_cost(ordered[cut:], classes - 1)
        for cut in range(1, len(ordered) - classes + 2)
    )


@given(SHARES | NUMBERS)
def test_rounding_a_limit_never_moves_a_value_to_another_class(values: list[float]) -> None:
    limits = natural_limits(values)
    for limit in limits:
        below = [v for v in values if v < limit]
        above = [v for v in values if v >= limit]
        assert below
        assert above
        assert max(below) < limit <= min(above)


@given(SHARES | NUMBERS, st.integers(1, 7))
def test_limits_rise_and_every_class_holds_a_value(values: list[float], count: int) -> None:
    limits = natural_limits(values, count)
    assert all(a < b for a, b in pairwise(limits))
    assert len(limits) == max(0, min(count, len(set(values))) - 1)
    assert {class_index(v, limits) for v in values} == (set(range(len(limits) + 1)) if values else set())


@given(SHARES | NUMBERS)
def test_a_larger_value_is_never_in_a_lower_class(values: list[float]) -> None:
    limits = natural_limits(values)
    classes = [class_index(v, limits) for v in sorted(values)]
    assert classes == sorted(classes)


@given(st.lists(st.integers(0, 50).map(float), min_size=2, max_size=8, unique=True), st.integers(2, 4))
def test_no_other_partition_has_less_variance_inside_its_classes(values: list[float], count: int) -> None:
    ordered = sorted(values)
    count = min(count, len(ordered))
    limits = natural_limits(ordered, count)
    groups = [[v for v in ordered if class_index(v, limits) == k] for k in range(count)]
    assert sum(best_cost(g, 1) for g in groups) == pytest.approx(best_cost(ordered, count), abs=1e-6)


@given(SHARES, st.randoms(use_true_random=False))
def test_neither_the_order_nor_repetitions_of_values_change_the_limits(values: list[float], random) -> None:
    shuffled = values * 2
    random.shuffle(shuffled)
    assert natural_limits(shuffled) == natural_limits(values)


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0, 3.0], [math.nan], [math.nan, 3.0]])
def test_one_value_or_none_has_no_limit(values: list[float]) -> None:
    assert natural_limits(values) == quantile_limits(values) == ()


def test_what_is_not_a_number_is_left_out() -> None:
    assert natural_limits([1.0, math.nan, 5.0]) == natural_limits([1.0, 5.0])


def test_a_value_on_a_limit_belongs_to_the_class_above() -> None:
    assert [class_index(v, (1.0, 2.0)) for v in (0.9, 1.0, 1.9, 2.0)] == [0, 1, 1, 2]


def test_known_groups_are_found() -> None:
    assert natural_limits([1.0, 1.1, 1.2, 5.0, 5.1, 9.0, 9.2], 3) == (5.0, 7.0)


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(1e-6, 1e6))
def test_the_round_number_stays_inside_its_gap(low: float, width: float) -> None:
    high = low + width
    if low < high:
        assert low < roundest_between(low, high) <= high


@given(st.integers(-9_999, 9_999), st.integers(1, 999))
def test_no_number_of_the_gap_has_fewer_decimals(low: int, width: int) -> None:
    start, end = low / 1000, (low + width) / 1000
    found = roundest_between(start, end)
    decimals = next(d for d in range(5) if round(found, d) == found)
    coarser = 10 ** -(decimals - 1) if decimals else None
    if coarser is not None and decimals > 1:
        assert math.floor(end / coarser + 1e-9) <= math.floor(start / coarser + 1e-9)


def test_an_empty_gap_gives_its_upper_bound() -> None:
    assert roundest_between(2.0, 2.0) == 2.0


@given(NUMBERS)
def test_the_diverging_limits_are_symmetrical_around_zero_and_rise(values: list[float]) -> None:
    limits = symmetric_limits(values)
    assert limits == tuple(-v for v in reversed(limits))
    assert 0 < limits[2] < limits[3]


@given(NUMBERS)
def test_opposite_values_get_opposite_classes(values: list[float]) -> None:
    limits = symmetric_limits(values)
    for value in values:
        if value not in limits and -value not in limits:
            assert class_index(value, limits) + class_index(-value, limits) == 4


@given(SHARES)
def test_quantile_limits_rise_inside_the_range(values: list[float]) -> None:
    limits = quantile_limits(values)
    assert all(a < b for a, b in pairwise(limits))
    assert all(min(values) < limit <= max(values) for limit in limits)


def test_quantile_classes_hold_about_the_same_number_of_values() -> None:
    values = [i / 1000 for i in range(1000)]
    limits = quantile_limits(values)
    counts = [sum(class_index(v, limits) == k for v in values) for k in range(5)]
    assert max(counts) - min(counts) <= 40
