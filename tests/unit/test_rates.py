"""Intervals, smoothing and funnel limits, against published values and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import chi2

from observatory.domain.indicators import Polarity
from observatory.domain.risk import Comparison
from observatory.stats.rates import (
    Z_95,
    Z_998,
    byar_interval,
    compare_with_reference,
    empirical_bayes,
    funnel_limits,
    overdispersion,
    wilson_interval,
)

# Homicides 1979-84 and person-years in the 78 counties around Saint Louis (Messner, Anselin et al. 2000),
# the data on which the published smoothed rates of PySAL's `Empirical_Bayes` were computed.
HOMICIDES = [
    4, 19, 3, 2, 2, 28, 61, 3, 7, 3, 4, 0, 1, 12, 0, 2, 6, 6, 3, 4, 0, 2, 9, 2, 23, 5, 2, 2, 0, 2, 10,
    4, 95, 8, 31, 0, 407, 5, 10, 1238, 3, 14, 0, 2, 18, 369, 5, 0, 3, 0, 40, 9, 7, 1, 3, 2, 8, 5, 11,
    12, 8, 10, 2, 8, 7, 25, 6, 19, 6, 2, 2, 6, 9, 0, 1, 13, 3, 4,
]  # fmt: skip
PERSON_YEARS = [
    189087, 425580, 69649, 88540, 33697, 774843, 1056438, 172182, 224033, 113497, 218510, 87628, 36354,
    316661, 53222, 141872, 103469, 193449, 295848, 99013, 34772, 65947, 155266, 123387, 612258, 135365,
    133297, 186877, 68404, 68779, 192789, 96686, 1480530, 92864, 905683, 93388, 5863876, 109086, 265200,
    2658090, 199528, 347829, 79838, 72381, 432159, 1605518, 110883, 48352, 121762, 92348, 891502,
    225007, 113880, 46260, 108510, 55620, 213680, 131792, 109953, 108864, 205880, 260154, 90841, 255875,
    253540, 372227, 100389, 345641, 87410, 66694, 64680, 127071, 107508, 43056, 61456, 353841, 47507,
    68218,
]  # fmt: skip
PUBLISHED_SMOOTHED = [
    2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05,
    3.66494122e-05, 5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05,
]  # fmt: skip


def areas(minimum: int = 2) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Pairs (events, base) with events <= base."""
    pair = st.integers(1, 5000).flatmap(lambda b: st.tuples(st.integers(0, b), st.just(b)))
    return st.lists(pair, min_size=minimum, max_size=30)


class TestWilson:
    @pytest.mark.parametrize(
        ("successes", "n", "lower", "upper"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_it_gives_the_score_intervals_published_by_newcombe_in_1998(
        self, successes: int, n: int, lower: float, upper: float
    ) -> None:
        assert_allclose(wilson_interval(successes, n), (lower, upper), atol=5e-5)

    @given(areas(1))
    def test_it_stays_in_0_1_and_holds_the_proportion(self, pairs: list[tuple[int, int]]) -> None:
        events, trials = np.array(pairs, float).T
        lower, upper = wilson_interval(events, trials)
        assert np.all((lower >= 0) & (lower <= events / trials) & (events / trials <= upper) & (upper <= 1))

    @given(st.integers(1, 400), st.integers(1, 400))
    def test_it_is_symmetric_between_success_and_failure(self, successes: int, failures: int) -> None:
        n = successes + failures
        lower, upper = wilson_interval(successes, n)
        mirrored_lower, mirrored_upper = wilson_interval(failures, n)
        assert_allclose((lower, upper), (1 - mirrored_upper, 1 - mirrored_lower), atol=1e-12)

    def test_a_higher_confidence_is_wider(self) -> None:
        narrow, wide = wilson_interval(30, 100, Z_95), wilson_interval(30, 100, Z_998)
        assert wide[0] < narrow[0] < narrow[1] < wide[1]

    def test_no_trial_and_unknown_counts_give_no_interval(self) -> None:
        lower, upper = wilson_interval([0, np.nan, 3], [0, 10, np.nan])
        assert np.isnan(lower).all()
        assert np.isnan(upper).all()

    @pytest.mark.parametrize(("successes", "n"), [(5, 4), (-1, 4), (0, -1)])
    def test_impossible_counts_are_refused(self, successes: int, n: int) -> None:
        with pytest.raises(ValueError, match=r"count|numerator"):
            wilson_interval(successes, n)


class TestByar:
    @pytest.mark.parametrize(
        ("count", "lower", "upper"), [(10, 4.79, 18.39), (100, 81.36, 121.63), (65, 50.16, 82.85)]
    )
    def test_it_gives_the_reference_limits_of_a_poisson_count(
        self, count: int, lower: float, upper: float
    ) -> None:
        assert_allclose(byar_interval(count, 1), (lower, upper), atol=6e-3)

    @given(st.integers(5, 100_000))
    def test_from_five_events_it_is_within_two_percent_of_the_exact_poisson_limits(self, count: int) -> None:
        exact = chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2
        assert_allclose(byar_interval(count, 1), exact, rtol=0.02)

    def test_the_rate_is_expressed_per_the_unit_asked_for(self) -> None:
        assert_allclose(byar_interval(10, 2000, per=1000), np.array(byar_interval(10, 1)) / 2)

    def test_zero_events_have_a_zero_lower_limit_and_a_positive_upper_one(self) -> None:
        lower, upper = byar_interval(0, 1)
        assert lower == 0
        assert upper == pytest.approx(3.68, abs=0.02)

    def test_the_lower_limit_is_never_negative_even_at_high_confidence(self) -> None:
        assert byar_interval(1, 1, z=Z_998)[0] == 0

    def test_an_unknown_count_gives_no_interval(self) -> None:
        assert np.isnan(byar_interval(np.nan, 5)).all()

    @pytest.mark.parametrize(("count", "exposure", "per"), [(-1, 5, 1), (1, 0, 1), (1, 5, 0)])
    def test_impossible_inputs_are_refused(self, count: int, exposure: int, per: int) -> None:
        with pytest.raises(ValueError, match=r"negative|positive"):
            byar_interval(count, exposure, per)


class TestEmpiricalBayes:
    def test_it_gives_the_rates_published_for_the_saint_louis_homicides(self) -> None:
        # The published version uses m where Marshall's binomial form uses m(1-m): at 7e-5 they differ by
        # 2e-5.
        assert_allclose(empirical_bayes(HOMICIDES, PERSON_YEARS).rates[:10], PUBLISHED_SMOOTHED, rtol=3e-5)

    def test_it_gives_the_worked_example(self) -> None:
        # e = 10, 60; b = 100, 200. m = 70/300 = 7/30; m(1-m) = 161/900; mean base 150.
        # Σb(r-m)²/Σb = (100(1/10-7/30)² + 200(3/10-7/30)²)/300 = (16/9 + 8/9)/300 = 2/225.
        # A = 2/225 - 161/135000 = 1039/135000.
        # w1 = A/(A + 161/90000) = 2078/2561; w2 = A/(A + 161/180000) = 4156/4639.
        bayes = empirical_bayes([10, 60], [100, 200])
        assert_allclose(bayes.mean, 7 / 30)
        assert_allclose(bayes.variance, 1039 / 135000)
        assert_allclose(bayes.weights, [2078 / 2561, 4156 / 4639])
        assert_allclose(bayes.rates, [7 / 30 - 2078 / 2561 * 4 / 30, 7 / 30 + 4156 / 4639 * 2 / 30])

    def test_homogeneous_areas_are_put_on_the_mean_never_past_it(self) -> None:
        # Without the floor A would be negative here and 0.19 would come out above 0.20.
        bayes = empirical_bayes([19, 21], [100, 100])
        assert bayes.variance == 0
        assert_allclose(bayes.rates, [0.2, 0.2])

    @given(areas(1))
    def test_a_smoothed_rate_lies_between_its_rate_and_the_mean(self, pairs: list[tuple[int, int]]) -> None:
        events, base = np.array(pairs, float).T
        bayes = empirical_bayes(events, base)
        rates = events / base
        assert np.all(bayes.rates >= np.minimum(rates, bayes.mean))
        assert np.all(bayes.rates <= np.maximum(rates, bayes.mean))
        assert np.all((bayes.weights >= 0) & (bayes.weights <= 1))

    @given(areas())
    def test_a_larger_base_keeps_more_of_its_own_rate(self, pairs: list[tuple[int, int]]) -> None:
        events, base = np.array(pairs, float).T
        weights = empirical_bayes(events, base).weights[np.argsort(base)]
        assert np.all(np.diff(weights) >= 0)

    @given(areas())
    def test_permuting_the_areas_permutes_the_rates(self, pairs: list[tuple[int, int]]) -> None:
        events, base = np.array(pairs, float).T
        assert_allclose(
            empirical_bayes(events[::-1], base[::-1]).rates,
            empirical_bayes(events, base).rates[::-1],
            rtol=1e-6,
            atol=1e-9,
        )

    @pytest.mark.parametrize("base", [[10, 0], [10, np.nan], []])
    def test_unknown_or_empty_bases_are_refused(self, base: list[float]) -> None:
        with pytest.raises(ValueError, match="empirical Bayes"):
            empirical_bayes([0] * len(base), base)


class TestFunnel:
    def test_limits_are_the_normal_ones_around_the_reference(self) -> None:
        lower, upper = funnel_limits(0.5, [100, 10_000], z=2)
        assert_allclose(lower, [0.4, 0.49])
        assert_allclose(upper, [0.6, 0.51])

    @given(st.floats(0, 1), st.integers(1, 10**6))
    def test_the_outer_limits_hold_the_inner_ones_inside_0_1(self, theta0: float, n: int) -> None:
        inner, outer = funnel_limits(theta0, n, Z_95), funnel_limits(theta0, n, Z_998)
        assert 0 <= outer[0] <= inner[0] <= theta0 <= inner[1] <= outer[1] <= 1

    def test_binomial_dispersion_leaves_the_funnel_as_it_is(self) -> None:
        dispersion = overdispersion([20, 21, 19, 20], [100, 100, 100, 100], 0.2)
        assert dispersion.phi < 1
        assert dispersion.tau_squared == 0

    def test_extra_dispersion_gives_the_moment_estimate_of_the_variance_between_areas(self) -> None:
        # Equal bases: s² = 0.25/100 = 0.0025; z = ±2 for every area, untouched by winsorising; phi = 4;
        # tau² = (4·4 - 3)/(Σw - Σw²/Σw) with w = 400: 13/(1600 - 400) = 13/1200.
        dispersion = overdispersion([40, 60, 40, 60], [100] * 4, 0.5)
        assert dispersion.phi == pytest.approx(4)
        assert dispersion.tau_squared == pytest.approx(13 / 1200)
        plain, widened = funnel_limits(0.5, 100), funnel_limits(0.5, 100, tau_squared=dispersion.tau_squared)
        assert widened[0] < plain[0]
        assert plain[1] < widened[1]

    def test_one_extreme_area_is_winsorised_before_the_dispersion_is_measured(self) -> None:
        events = [50, 51, 49, 50, 52, 48, 50, 51, 49, 50, 100]
        assert overdispersion(events, [100] * 11, 0.5).phi < 1
        assert overdispersion(events, [100] * 11, 0.5, winsorise=0).phi > 5

    @pytest.mark.parametrize("theta0", [-0.1, 1.1])
    def test_an_impossible_reference_is_refused(self, theta0: float) -> None:
        with pytest.raises(ValueError, match="theta0"):
            funnel_limits(theta0, 10)
        with pytest.raises(ValueError, match="theta0"):
            overdispersion([1, 2], [5, 5], theta0)


class TestComparison:
    @pytest.mark.parametrize(
        ("lower", "upper", "polarity", "expected"),
        [
            (0.25, 0.35, Polarity.HIGHER_IS_WORSE, Comparison.WORSE),
            (0.25, 0.35, Polarity.HIGHER_IS_BETTER, Comparison.BETTER),
            (0.25, 0.35, Polarity.NEUTRAL, Comparison.NEUTRAL),
            (0.05, 0.15, Polarity.HIGHER_IS_WORSE, Comparison.BETTER),
            (0.05, 0.15, Polarity.HIGHER_IS_BETTER, Comparison.WORSE),
            (0.15, 0.25, Polarity.HIGHER_IS_WORSE, Comparison.SIMILAR),
            (0.20, 0.25, Polarity.HIGHER_IS_WORSE, Comparison.SIMILAR),
        ],
    )
    def test_a_colour_needs_a_polarity_and_an_interval_that_excludes_the_reference(
        self, lower: float, upper: float, polarity: Polarity, expected: Comparison
    ) -> None:
        assert compare_with_reference((lower + upper) / 2, lower, upper, 0.20, polarity) is expected

    def test_without_an_interval_nothing_is_coloured(self) -> None:
        nan = float("nan")
        assert compare_with_reference(0.9, nan, nan, 0.2, Polarity.HIGHER_IS_WORSE) is Comparison.NEUTRAL

    def test_an_interval_that_does_not_hold_its_value_is_refused(self) -> None:
        with pytest.raises(ValueError, match="does not hold"):
            compare_with_reference(0.5, 0.1, 0.2, 0.3, Polarity.HIGHER_IS_WORSE)
