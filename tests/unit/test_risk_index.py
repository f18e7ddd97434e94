"""The context index: what enters it, what it does with outliers and gaps, and how far it can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from observatory.domain.indicators import Polarity
from observatory.domain.risk import IndexStatus
from observatory.stats.risk_index import (
    ContextIndex,
    IndexSettings,
    compute_context_index,
    normalise,
    restandardise,
    winsorise,
)

POLARITY = {
    "income": Polarity.HIGHER_IS_BETTER,
    "single_parents": Polarity.HIGHER_IS_WORSE,
    "exam": Polarity.HIGHER_IS_BETTER,
    "access": Polarity.HIGHER_IS_BETTER,
    "distance": Polarity.HIGHER_IS_WORSE,
}
DIMENSION = {
    "income": "income",
    "single_parents": "families",
    "exam": "school",
    "access": "school",
    "distance": "service",
}
FAST = IndexSettings(variants=60)
NO_FENCE = IndexSettings(variants=6, fence_iqr=1e9)


def region(n: int = 28, seed: int = 1) -> pd.DataFrame:
    """Values of ``n`` basins without outliers."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "income": rng.uniform(17_000, 24_000, n),
            "single_parents": rng.uniform(0.1, 0.4, n),
            "exam": rng.uniform(0.7, 0.95, n),
            "access": rng.uniform(0.6, 0.9, n),
            "distance": rng.uniform(1, 20, n),
        },
        index=[f"B{i:02d}" for i in range(n)],
    )


def population(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(np.linspace(10_000, 400_000, len(frame)), index=frame.index)


def compute(frame: pd.DataFrame, settings: IndexSettings = FAST, **options: pd.Series) -> ContextIndex:
    return compute_context_index(frame, POLARITY, DIMENSION, settings=settings, **options)


def assert_same(left: ContextIndex, right: ContextIndex) -> None:
    for name in ("scores", "contributions", "winsorised", "variants"):
        assert_frame_equal(getattr(left, name), getattr(right, name), check_exact=True)
    assert left.regional_value == right.regional_value


class TestWhatItIs:
    def test_it_is_the_equal_mean_of_dimension_scores_each_the_mean_of_oriented_z_scores(self) -> None:
        # Two dimensions, ten basins: x = 1..10 (worse), and y, z = 10..1 (better) averaged in one dimension:
        # all three z-scores are equal, so the index is that z-score; deviation of 1..10 is sqrt(55/6).
        x = np.arange(1.0, 11)
        frame = pd.DataFrame({"distance": x, "exam": x[::-1], "access": x[::-1]}, index=list("abcdefghij"))
        result = compute(frame)
        assert_allclose(result.scores["context_index"], (x - 5.5) / np.sqrt(55 / 6))

    def test_inside_a_dimension_indicators_share_its_weight(self) -> None:
        result = compute(region())
        z = (region() - region().mean()) / region().std()
        school = -(z["exam"] + z["access"]) / 2
        expected = (-z["income"] + z["single_parents"] + school + z["distance"]) / 4
        assert_allclose(result.scores["context_index"], expected)

    def test_contributions_are_weight_times_score_and_add_up_to_the_index(self) -> None:
        result = compute(region())
        parts = result.contributions
        assert_allclose(parts["contribution"], parts["score"] * parts["weight"])
        assert_allclose(
            parts.groupby("basin_code")["contribution"].sum(), result.scores["context_index"], atol=1e-12
        )
        assert_allclose(parts.groupby("basin_code")["weight"].sum(), 1)

    def test_the_most_exposed_everywhere_is_first_in_every_variant(self) -> None:
        frame = region()
        frame.loc["B07"] = [16_900, 0.45, 0.69, 0.55, 21]
        row = compute(frame).scores.loc["B07"]
        assert (row["rank_lower"], row["rank_median"], row["rank_upper"]) == (1, 1, 1)

    def test_a_constant_indicator_tells_nobody_apart_and_breaks_nothing(self) -> None:
        frame = region()
        frame["distance"] = 5.0
        result = compute(frame)
        service = result.contributions.query("dimension_code == 'service'")
        assert (service["score"] == 0).all()
        assert result.scores["context_index"].notna().all()

    @pytest.mark.parametrize(("method", "expected"), [("minmax", [0, 0.25, 1]), ("rank", [0, 0.5, 1])])
    def test_other_normalisations_run_from_0_to_1(self, method: str, expected: list[float]) -> None:
        assert_allclose(normalise(np.array([[2.0], [3.0], [6.0]]), method).ravel(), expected)


class TestMissing:
    def test_a_missing_indicator_makes_the_index_missing_and_names_the_dimension(self) -> None:
        frame = region()
        frame.loc["B03", "exam"] = np.nan
        frame.loc["B03", "distance"] = np.nan
        row = compute(frame).scores.loc["B03"]
        assert row["status"] == IndexStatus.MISSING_DIMENSION
        assert row["missing_dimensions"] == "school|service"
        assert row[["context_index", "index_lower", "index_upper", "rank_median"]].isna().all()

    def test_a_basin_without_index_has_no_contribution(self) -> None:
        frame = region()
        frame.loc["B03", "exam"] = np.nan
        assert "B03" not in set(compute(frame).contributions["basin_code"])

    @given(st.floats(-1e6, 1e6))
    @settings(max_examples=20, deadline=None)
    def test_an_incomplete_basin_changes_nothing_for_the_others_whatever_its_values(
        self, value: float
    ) -> None:
        alone = compute(region())
        frame = region()
        frame.loc["ZZ"] = [value, value, value, value, np.nan]
        together = compute(frame)
        assert_frame_equal(together.scores.drop(index="ZZ"), alone.scores, check_exact=True)
        assert_frame_equal(together.contributions, alone.contributions, check_exact=True)

    def test_too_few_complete_basins_give_no_index_at_all(self) -> None:
        result = compute(region(9))
        assert set(result.scores["status"]) == {IndexStatus.TOO_FEW_BASINS}
        assert result.scores["context_index"].isna().all()
        assert result.contributions.empty
        assert np.isnan(result.regional_value)


class TestOutliers:
    def test_a_value_beyond_the_fence_is_brought_back_to_it_and_reported(self) -> None:
        frame = region()
        frame.loc["B05", "distance"] = 500.0
        report = compute(frame).winsorised
        assert report[["indicator_code", "basin_code", "value_before"]].values.tolist() == [
            ["distance", "B05", 500.0]
        ]
        first, third = frame["distance"].quantile(0.25), frame["distance"].quantile(0.75)
        assert_allclose(report["value_after"], third + 3 * (third - first))

    def test_an_ordinary_region_is_left_as_it_is(self) -> None:
        assert compute(region()).winsorised.empty

    def test_when_most_values_are_equal_nothing_is_winsorised(self) -> None:
        frame = pd.DataFrame({"x": [0.0] * 8 + [3.0, 4.0]})
        treated, report = winsorise(frame)
        assert_frame_equal(treated, frame)
        assert report.empty


class TestMonotone:
    @given(
        st.integers(0, 27), st.sampled_from(sorted(POLARITY)), st.floats(0.001, 1000), st.integers(0, 10_000)
    )
    @settings(max_examples=100, deadline=None)
    def test_a_basin_that_gets_more_exposed_gets_a_higher_index(
        self, basin: int, indicator: str, step: float, seed: int
    ) -> None:
        # The whole scale is recomputed with the new value; nothing is winsorised, so the rise is strict.
        before = region(seed=seed)
        after = before.copy()
        sign = 1 if POLARITY[indicator] is Polarity.HIGHER_IS_WORSE else -1
        after[indicator] += np.where(np.arange(28) == basin, sign * step * before[indicator].std(), 0.0)
        old, new = compute(before, NO_FENCE).scores, compute(after, NO_FENCE).scores
        assert new["context_index"].iloc[basin] > old["context_index"].iloc[basin]

    @given(st.lists(st.floats(0, 500), min_size=2, max_size=8), st.integers(0, 1000))
    @settings(max_examples=60, deadline=None)
    def test_winsorising_never_lowers_a_basin_that_gets_more_exposed(
        self, values: list[float], seed: int
    ) -> None:
        # The others lie in 1-20, inside any fence: only the basin that moves can be brought back.
        indices = []
        for value in sorted(values):
            frame = region(seed=seed)
            frame.loc["B11", "distance"] = value
            scores = compute(frame, IndexSettings(variants=1)).scores
            indices.append(float(scores["context_index"]["B11"]))
        assert np.all(np.diff(indices) >= -1e-12)

    def test_with_the_scale_held_a_score_is_increasing_up_to_the_fence_and_constant_beyond(self) -> None:
        frame = region()
        fence = frame["distance"].quantile(0.75) + 3 * (
            frame["distance"].quantile(0.75) - frame["distance"].quantile(0.25)
        )
        treated = []
        for value in (fence - 1, fence - 0.5, fence + 1, fence + 100):
            frame.loc[frame["distance"].idxmax(), "distance"] = value
            treated.append(winsorise(frame)[0]["distance"].max())
        assert treated[0] < treated[1] < treated[2] == treated[3]


class TestDeterminism:
    @given(st.randoms(use_true_random=False))
    @settings(max_examples=15, deadline=None)
    def test_rows_and_columns_in_any_order_give_the_same_bits(self, random: object) -> None:
        frame = region()
        rows, columns = list(frame.index), list(frame.columns)
        random.shuffle(rows)  # type: ignore[attr-defined]
        random.shuffle(columns)  # type: ignore[attr-defined]
        weights = population(frame)
        assert_same(
            compute(frame.loc[rows, columns], population=weights.loc[rows]),
            compute(frame, population=weights),
        )

    def test_many_indicators_in_one_dimension_add_up_to_the_same_bits_in_any_order(self) -> None:
        frame = region()
        together = dict.fromkeys(frame.columns, "one")
        reordered = frame[["distance", "access", "income", "single_parents", "exam"]]
        assert_same(
            compute_context_index(reordered, POLARITY, together, settings=FAST),
            compute_context_index(frame, POLARITY, together, settings=FAST),
        )

    @given(st.permutations(range(28)))
    @settings(max_examples=15, deadline=None)
    def test_permuting_the_basins_permutes_the_results(self, order: list[int]) -> None:
        frame, weights = region(), population(region())
        permuted = frame.iloc[order].set_axis(frame.index)
        permuted_weights = weights.iloc[order].set_axis(frame.index)
        expected = compute(frame, population=weights).scores.iloc[order].set_axis(frame.index)
        actual = compute(permuted, population=permuted_weights).scores
        numbers = list(expected.columns[:6])
        assert_allclose(actual[numbers].to_numpy(float), expected[numbers].to_numpy(float), atol=1e-9)

    def test_two_runs_give_the_same_bits_and_another_seed_does_not(self) -> None:
        assert_same(compute(region()), compute(region()))
        other = compute(region(), IndexSettings(variants=60, seed=4))
        assert not other.variants.equals(compute(region()).variants)

    def test_two_equal_basins_have_the_same_row(self) -> None:
        frame = region()
        frame.loc["B20"] = frame.loc["B02"]
        scores = compute(frame).scores
        assert_allclose(
            scores.loc["B20"].iloc[:6].to_numpy(float), scores.loc["B02"].iloc[:6].to_numpy(float)
        )


class TestRobustness:
    def test_intervals_hold_the_published_index_and_ranks_are_in_order(self) -> None:
        scores = compute(region(), IndexSettings()).scores
        assert (scores["index_lower"] <= scores["context_index"]).all()
        assert (scores["context_index"] <= scores["index_upper"]).all()
        assert (scores["rank_lower"] <= scores["rank_median"]).all()
        assert (scores["rank_median"] <= scores["rank_upper"]).all()
        assert scores["rank_lower"].min() >= 1
        assert scores["rank_upper"].max() <= 28

    def test_every_variant_has_the_regional_value_of_the_index_so_intervals_can_be_set_against_it(
        self,
    ) -> None:
        frame = region()
        weights = population(frame)
        result = compute(frame, IndexSettings(variants=120), population=weights)
        assert result.regional_value == pytest.approx(
            np.average(result.scores["context_index"], weights=weights)
        )
        assert_allclose(
            np.average(result.variants, axis=0, weights=weights), result.regional_value, atol=1e-12
        )

    def test_every_variant_has_the_spread_of_the_index(self) -> None:
        result = compute(region())
        assert_allclose(result.variants.std(ddof=0), result.scores["context_index"].std(ddof=0))

    def test_bringing_a_variant_to_the_scale_of_the_index_changes_no_order(self) -> None:
        scores = np.random.default_rng(3).exponential(size=(28, 5))
        moved = restandardise(scores, np.ones(28), -0.2, 0.7)
        assert (np.argsort(scores, axis=0) == np.argsort(moved, axis=0)).all()

    def test_the_published_choices_are_among_the_variants_when_weights_hardly_vary(self) -> None:
        # Variants come in turn: z arithmetic first. With nearly equal weights that one is the index itself.
        tight = IndexSettings(variants=6, dirichlet_concentration=1e9)
        result = compute(region(), tight)
        assert_allclose(result.variants[0], result.scores["context_index"], atol=1e-3)

    def test_a_basin_uneven_across_dimensions_is_less_certain_than_an_even_one(self) -> None:
        frame = region()
        frame.loc["B01"] = frame.median()
        frame.loc["B02"] = [17_000, 0.1, 0.7, 0.6, 1]
        scores = compute(frame, IndexSettings()).scores
        width = scores["rank_upper"] - scores["rank_lower"]
        assert width["B02"] > width["B01"]


class TestRefusals:
    def test_an_indicator_without_polarity_is_refused(self) -> None:
        with pytest.raises(ValueError, match="distance has no polarity"):
            compute_context_index(region(), {**POLARITY, "distance": Polarity.NEUTRAL}, DIMENSION)

    def test_an_indicator_without_dimension_is_refused(self) -> None:
        with pytest.raises(ValueError, match="has no dimension"):
            compute_context_index(region(), POLARITY, {"income": "income"})

    def test_a_basin_that_appears_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            compute(pd.concat([region(), region().iloc[:1]]))

    def test_an_unknown_population_is_named(self) -> None:
        with pytest.raises(ValueError, match="B04"):
            compute(region(), population=population(region()).drop("B04"))

    def test_an_infinite_value_is_refused(self) -> None:
        frame = region()
        frame.loc["B00", "income"] = np.inf
        with pytest.raises(ValueError, match="infinite"):
            compute(frame)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"variants": 0},
            {"geometric_floor": 0},
            {"dirichlet_concentration": 0},
            {"interval": (0.9, 0.1)},
            {"minimum_basins": 2},
        ],
    )
    def test_impossible_settings_are_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="must"):
            IndexSettings(**wrong)  # type: ignore[arg-type]
