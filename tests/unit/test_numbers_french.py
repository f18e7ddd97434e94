"""Numbers, dates and lists are written as a French reader writes them, and can be read back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.french import numbers
from observatory.french.numbers import MINUS, NNBSP
from tests.unit.observatory_factory import CATALOGUE

NEET, INCOME = CATALOGUE.indicators["neet_rate"], CATALOGUE.indicators["median_income"]
DISTANCE, IPS = CATALOGUE.indicators["service_distance_km"], CATALOGUE.indicators["ips_college"]


def read_back(text: str) -> float:
    return float(text.replace(NNBSP, "").replace(MINUS, "-").replace(",", ".").removeprefix("+"))


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_written_number_reads_back_within_half_a_unit_of_its_last_decimal(
    value: float, decimals: int
) -> None:
    written = numbers.format_number(value, decimals)
    assert abs(read_back(written) - value) <= 0.5 * 10**-decimals * (1 + 1e-6) + abs(value) * 1e-12


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_number_that_has_these_decimals_is_written_exactly(whole: int, decimals: int) -> None:
    value = whole / 10**decimals
    assert read_back(numbers.format_number(value, decimals)) == value


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_the_opposite_of_a_number_is_written_with_the_same_digits(value: float, decimals: int) -> None:
    there, back = numbers.format_number(value, decimals), numbers.format_number(-value, decimals)
    assert there.removeprefix(MINUS) == back.removeprefix(MINUS)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_difference_is_signed_unless_it_is_shown_as_zero(value: float, decimals: int) -> None:
    text = numbers.format_signed(value, decimals)
    assert (text[0] in f"+{MINUS}") == (read_back(text) != 0)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (5030890, 0, f"5{NNBSP}030{NNBSP}890"),
        (999, 0, "999"),
        (1000, 0, f"1{NNBSP}000"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, f"{MINUS}3"),
        (0.285, 2, "0,29"),
        (1.005, 2, "1,01"),
        (8.0, 1, "8,0"),
        (0.0, 1, "0,0"),
    ],
)
def test_halves_go_away_from_zero_and_thousands_are_parted(value: float, decimals: int, text: str) -> None:
    assert numbers.format_number(value, decimals) == text


@pytest.mark.parametrize("value", [-0.0, -0.04, -1e-12])
def test_zero_never_carries_a_minus(value: float) -> None:
    assert numbers.format_number(value, 1) == numbers.format_signed(value, 1) == "0,0"


def test_a_number_that_does_not_exist_is_refused_rather_than_written() -> None:
    with pytest.raises(ValueError):
        numbers.format_number(float("nan"), 1)


def test_a_value_is_written_in_the_unit_and_with_the_decimals_of_its_indicator() -> None:
    assert numbers.format_value(0.21434, NEET) == f"21,4{NNBSP}%"
    assert numbers.format_value(18773.4, INCOME) == f"18{NNBSP}773{NNBSP}€"
    assert numbers.format_value(4.26, DISTANCE) == f"4,3{NNBSP}km"
    assert numbers.format_value(95.92, IPS) == "95,9"
    assert numbers.format_value(0.21434, NEET, with_unit=False) == "21,4"


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.0194, "+1,9 point"), (0.02, "+2,0 points"), (-0.031, f"{MINUS}3,1 points"), (0.0, "0,0 point")],
)
def test_a_difference_of_shares_is_in_points_plural_from_two(difference: float, text: str) -> None:
    assert numbers.format_difference(difference, NEET) == text


def test_an_interval_names_its_unit_once() -> None:
    assert numbers.format_interval(0.201, 0.228, NEET) == f"de 20,1 à 22,8{NNBSP}%"


def test_a_share_takes_a_narrow_space_before_the_percent() -> None:
    assert numbers.format_share(0.786) == f"79{NNBSP}%"
    assert numbers.format_share(0.125, 1) == f"12,5{NNBSP}%"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 1), "1er décembre 2026"),
        (date(2026, 11, 23), "23 novembre 2026"),
        (date(2026, 8, 11), "11 août 2026"),
        (datetime(2027, 1, 1, 9, tzinfo=UTC), "1er janvier 2027"),
    ],
)
def test_only_the_first_of_the_month_is_an_ordinal(day: date, text: str) -> None:
    assert numbers.format_date(day) == text


@given(st.lists(st.text("abcé", min_size=1), max_size=5))
def test_a_list_of_words_keeps_them_all_and_has_one_conjunction(words: list[str]) -> None:
    text = numbers.join_words(words)
    assert text.replace(" et ", ", ").split(", ") == (words or [""])
    assert text.count(" et ") == (len(words) > 1)


def test_small_counts_are_words_and_ranks_are_ordinals() -> None:
    assert [numbers.count_word(n) for n in (0, 1, 12, 13, 1500)] == [
        "zéro",
        "un",
        "douze",
        "13",
        f"1{NNBSP}500",
    ]
    assert [numbers.ordinal(n) for n in (1, 2, 28)] == ["1er", "2e", "28e"]
