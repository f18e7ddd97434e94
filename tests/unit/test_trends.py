"""When a series may be said to rise or fall, and when it may not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.risk import TrendDirection, TrendStatus
from observatory.stats.trends import assess_trend, chi_square_for_trend

YEARS = [2018, 2019, 2020, 2021, 2022]


class TestChiSquare:
    def test_it_gives_the_value_published_in_the_manual_of_r_for_smokers_among_lung_patients(self) -> None:
        chi_square, _ = chi_square_for_trend([1, 2, 3, 4], [83, 90, 129, 70], [86, 93, 136, 82])
        assert chi_square == pytest.approx(8.2249, abs=5e-5)

    def test_it_gives_the_value_published_by_altman_for_caesarean_sections_by_shoe_size(self) -> None:
        chi_square, _ = chi_square_for_trend(
            [1, 2, 3, 4, 5, 6], [5, 7, 6, 7, 8, 10], [22, 35, 42, 48, 54, 150]
        )
        assert chi_square == pytest.approx(8.02, abs=5e-3)

    def test_the_slope_is_the_yearly_change_of_the_share(self) -> None:
        assert chi_square_for_trend(YEARS, [10, 12, 14, 16, 18], [100] * 5)[1] == pytest.approx(0.02)

    @pytest.mark.parametrize("events", [[0] * 5, [100] * 5])
    def test_none_and_all_have_no_trend(self, events: list[int]) -> None:
        assert chi_square_for_trend(YEARS, events, [100] * 5) == (0, 0)


class TestRule:
    def test_a_clear_steady_rise_is_said_to_rise(self) -> None:
        trend = assess_trend(YEARS, [100, 120, 140, 160, 180], [1000] * 5)
        assert (trend.status, trend.direction) == (TrendStatus.COMPUTED_RISING, TrendDirection.RISING)
        assert trend.point_count == 5

    def test_a_clear_steady_fall_is_said_to_fall(self) -> None:
        trend = assess_trend(YEARS, [180, 160, 140, 120, 100], [1000] * 5)
        assert (trend.status, trend.direction) == (TrendStatus.COMPUTED_FALLING, TrendDirection.FALLING)

    def test_the_order_of_the_points_is_that_of_the_years_not_of_the_rows(self) -> None:
        forward = assess_trend(YEARS, [100, 120, 140, 160, 180], [1000] * 5)
        assert assess_trend(YEARS[::-1], [180, 160, 140, 120, 100], [1000] * 5) == forward

    def test_three_census_years_show_their_points_and_claim_nothing(self) -> None:
        trend = assess_trend([2008, 2013, 2018], [100, 200, 400], [1000] * 3)
        assert (trend.status, trend.direction) == (TrendStatus.TOO_FEW_POINTS, TrendDirection.NONE)
        assert np.isnan(trend.chi_square)

    def test_no_point_at_all_is_too_few(self) -> None:
        assert assess_trend([], [], []).status is TrendStatus.TOO_FEW_POINTS

    def test_under_the_threshold_nothing_is_claimed(self) -> None:
        # The same shares as the clear rise, on a quarter of the young people: 8.3 is not enough.
        trend = assess_trend(YEARS, [25, 30, 35, 40, 45], [250] * 5)
        assert trend.status is TrendStatus.NO_TREND
        assert trend.chi_square == pytest.approx(8.31, abs=0.01)

    def test_one_year_that_makes_the_slope_by_itself_is_no_trend(self) -> None:
        # Falling gently but for the last year: the chi-squared is large, and without 2022 the slope turns.
        trend = assess_trend(YEARS, [110, 108, 106, 104, 200], [1000] * 5)
        assert trend.chi_square > 9.55
        assert trend.status is TrendStatus.NO_TREND

    def test_without_counts_nothing_is_computed(self) -> None:
        nan = float("nan")
        assert assess_trend(YEARS, [nan] * 5, [nan] * 5).status is TrendStatus.NO_COUNTS
        assert assess_trend(YEARS, [1, 2, nan, 3, 4], [10] * 5).status is TrendStatus.NO_COUNTS
        assert assess_trend(YEARS, [0] * 5, [10, 10, 0, 10, 10]).status is TrendStatus.NO_COUNTS

    def test_a_break_that_leaves_too_few_points_is_named(self) -> None:
        trend = assess_trend(YEARS, [100, 120, 140, 160, 180], [1000] * 5, breaks=[2020])
        assert trend.status is TrendStatus.SERIES_BREAK
        assert trend.point_count == 3

    def test_a_break_before_the_first_point_or_after_the_last_changes_nothing(self) -> None:
        points = ([100, 120, 140, 160, 180], [1000] * 5)
        plain = assess_trend(YEARS, *points)
        assert assess_trend(YEARS, *points, breaks=[2018]) == plain
        assert assess_trend(YEARS, *points, breaks=[2023]) == plain

    def test_enough_points_after_a_break_are_judged_by_themselves(self) -> None:
        years = [*range(2012, 2018), *YEARS]
        falling = [900, 800, 700, 600, 500, 400, 100, 120, 140, 160, 180]
        trend = assess_trend(years, falling, [1000] * 11, breaks=[2018])
        assert (trend.status, trend.point_count) == (TrendStatus.COMPUTED_RISING, 5)

    @given(st.lists(st.integers(0, 500), min_size=5, max_size=10))
    def test_what_rises_falls_when_read_the_other_way(self, events: list[int]) -> None:
        years = list(range(2010, 2010 + len(events)))
        opposite = {
            TrendDirection.RISING: TrendDirection.FALLING,
            TrendDirection.FALLING: TrendDirection.RISING,
        }
        forward = assess_trend(years, events, [500] * len(events)).direction
        backward = assess_trend(years, events[::-1], [500] * len(events)).direction
        assert backward is opposite.get(forward, TrendDirection.NONE)

    def test_a_repeated_year_and_impossible_counts_are_refused(self) -> None:
        with pytest.raises(ValueError, match="different years"):
            assess_trend([2018, 2018], [1, 2], [10, 10])
        with pytest.raises(ValueError, match="numerator"):
            assess_trend(YEARS, [11] * 5, [10] * 5)
