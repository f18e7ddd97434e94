"""The gap between observed and expected, and the typology: who takes part, and what is claimed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import GapStatus, Typology, TypologyReason
from observatory.stats.gap import classify, fit_gap, weighted_line

NAN = float("nan")


def readings(n: int = 25, seed: int = 2) -> pd.DataFrame:
    """Resolved readings of ``n`` basins: observed = 0.2 + 0.05 index + noise."""
    rng = np.random.default_rng(seed)
    index = rng.normal(size=n)
    observed = 0.2 + 0.05 * index + rng.normal(scale=0.02, size=n)
    return pd.DataFrame(
        {
            "context_index": index,
            "index_lower": index - 0.1,
            "index_upper": index + 0.1,
            "observed": observed,
            "observed_lower": observed - 0.005,
            "observed_upper": observed + 0.005,
            "weight": rng.uniform(1e3, 1e5, n),
            "status": FigureStatus.VALUE.value,
        },
        index=[f"B{i:02d}" for i in range(n)],
    )


class TestWeightedLine:
    def test_points_on_a_line_give_the_line_whatever_the_weights(self) -> None:
        line = weighted_line([0, 1, 2, 5], [1, 3, 5, 11], [1, 7, 2, 3])
        assert_allclose((line.slope, line.intercept, line.r_squared), (2, 1, 1))

    def test_it_solves_the_weighted_normal_equations(self) -> None:
        frame = readings()
        x, y, w = (frame[c].to_numpy() for c in ("context_index", "observed", "weight"))
        design = np.column_stack([np.ones_like(x), x])
        intercept, slope = np.linalg.solve(design.T @ (w[:, None] * design), design.T @ (w * y))
        line = weighted_line(x, y, w)
        assert_allclose((line.intercept, line.slope), (intercept, slope))
        assert_allclose(line.residuals, y - intercept - slope * x)

    def test_a_whole_weight_counts_as_that_many_points(self) -> None:
        x, y, w = np.array([0.0, 1, 2, 4]), np.array([1.0, 2, 2, 6]), np.array([1, 3, 2, 1])
        weighted, repeated = (
            weighted_line(x, y, w),
            weighted_line(np.repeat(x, w), np.repeat(y, w), np.ones(7)),
        )
        assert_allclose(
            (weighted.slope, weighted.intercept, weighted.r_squared),
            (repeated.slope, repeated.intercept, repeated.r_squared),
        )

    def test_studentised_residuals_are_those_of_refitting_without_the_basin(self) -> None:
        frame = readings(8)
        x, y, w = (frame[c].to_numpy() for c in ("context_index", "observed", "weight"))
        expected = []
        for out in range(8):
            kept = np.arange(8) != out
            design = np.column_stack([np.ones(7), x[kept]])
            gram = np.linalg.inv(design.T @ (w[kept, None] * design))
            beta = gram @ design.T @ (w[kept] * y[kept])
            variance = (w[kept] * (y[kept] - design @ beta) ** 2).sum() / (7 - 2)
            at = np.array([1, x[out]])
            expected.append((y[out] - at @ beta) / np.sqrt(variance * (1 / w[out] + at @ gram @ at)))
        assert_allclose(weighted_line(x, y, w).studentised, expected)

    def test_only_the_ratios_of_the_weights_matter(self) -> None:
        frame = readings()
        one = weighted_line(frame["context_index"], frame["observed"], frame["weight"])
        other = weighted_line(frame["context_index"], frame["observed"], frame["weight"] * 1e6)
        assert_allclose(one.studentised, other.studentised)

    def test_a_basin_that_alone_carries_the_slope_has_no_studentised_residual(self) -> None:
        line = weighted_line([0, 0, 0, 0, 1], [1, 2, 1, 2, 9], [1] * 5)
        assert np.isnan(line.studentised[4])
        assert np.isfinite(line.studentised[:4]).all()

    def test_a_constant_outcome_has_no_r_squared(self) -> None:
        assert np.isnan(weighted_line([0, 1, 2, 3], [0.2] * 4, [1] * 4).r_squared)

    @pytest.mark.parametrize(
        ("x", "y", "w"),
        [
            ([0, 1, 2], [1, 2, 3], [1, 1, 1]),
            ([1, 1, 1, 1], [1, 2, 3, 4], [1] * 4),
            ([0, 1, 2, 3], [1, 2, 3, 4], [1, 1, 1, 0]),
            ([0, 1, 2, NAN], [1, 2, 3, 4], [1] * 4),
        ],
    )
    def test_what_cannot_carry_a_line_is_refused(
        self, x: list[float], y: list[float], w: list[float]
    ) -> None:
        with pytest.raises(ValueError, match="weighted line"):
            weighted_line(x, y, w)


class TestGap:
    def test_the_gap_is_observed_minus_expected(self) -> None:
        frame = readings()
        fit = fit_gap(frame)
        expected = fit.intercept + fit.slope * frame["context_index"]
        assert_allclose(fit.table["expected"], expected)
        assert_allclose(fit.table["gap"], frame["observed"] - expected)
        assert fit.resolved_count == 25

    def test_a_gap_is_notable_beyond_1_96_and_only_there(self) -> None:
        frame = readings()
        frame["observed"] += np.where(frame.index == "B04", 0.3, 0.0)
        table = fit_gap(frame).table
        assert bool(table.at["B04", "is_notable"])
        assert (table["is_notable"] == (table["studentised"].abs() > 1.96)).all()

    @given(st.floats(0, 1), st.floats(-10, 10), st.floats(1, 1e9), st.sampled_from(list(FigureStatus)[1:]))
    @settings(max_examples=40, deadline=None)
    def test_a_figure_that_is_not_a_value_changes_nothing_for_the_others_whatever_it_holds(
        self, observed: float, index: float, weight: float, status: FigureStatus
    ) -> None:
        alone = fit_gap(readings())
        frame = readings()
        frame.loc["AM12"] = [index, index - 1, index + 1, observed, observed, observed, weight, status.value]
        together = fit_gap(frame)
        assert_frame_equal(together.table.drop(index="AM12"), alone.table, check_exact=True)
        assert (together.slope, together.r_squared, together.resolved_count) == (
            alone.slope,
            alone.r_squared,
            25,
        )
        row = together.table.loc["AM12"]
        assert row["status"] == status.value
        assert np.isnan(row["gap"])
        assert not row["is_notable"]

    def test_a_basin_without_index_or_without_value_says_which(self) -> None:
        frame = readings()
        frame.loc["B01", "context_index"] = NAN
        frame.loc["B02", "observed"] = NAN
        status = fit_gap(frame).table["status"]
        assert (status["B01"], status["B02"]) == (GapStatus.INDEX_MISSING, GapStatus.MISSING)

    def test_too_few_resolved_basins_give_no_gap(self) -> None:
        fit = fit_gap(readings(4))
        assert set(fit.table["status"]) == {GapStatus.TOO_FEW_BASINS}
        assert np.isnan(fit.r_squared)
        assert not fit.table["is_notable"].any()

    def test_rows_in_any_order_give_the_same_bits(self) -> None:
        frame = readings()
        shuffled = fit_gap(frame.sample(frac=1, random_state=5))
        assert_frame_equal(shuffled.table, fit_gap(frame).table, check_exact=True)


def basin(
    index: float,
    observed: float,
    *,
    index_half: float = 0.1,
    observed_half: float = 0.01,
    status: FigureStatus = FigureStatus.VALUE,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "context_index": [index],
            "index_lower": [index - index_half],
            "index_upper": [index + index_half],
            "observed": [observed],
            "observed_lower": [observed - observed_half],
            "observed_upper": [observed + observed_half],
            "status": [status.value],
        },
        index=["AM01"],
    )


def typed(frame: pd.DataFrame, context_cut: float = 0.0, observed_cut: float = 0.2) -> tuple[str, str]:
    row = classify(frame, context_cut, observed_cut).iloc[0]
    return row["typology"], row["reason"]


class TestTypology:
    @pytest.mark.parametrize(
        ("index", "observed", "expected"),
        [
            (1, 0.3, Typology.EXPOSED_AND_AFFECTED),
            (1, 0.1, Typology.EXPOSED_BUT_PRESERVED),
            (-1, 0.3, Typology.PRESERVED_BUT_AFFECTED),
            (-1, 0.1, Typology.LITTLE_EXPOSED_LITTLE_AFFECTED),
        ],
    )
    def test_the_two_readings_are_cut_at_the_regional_value(
        self, index: float, observed: float, expected: Typology
    ) -> None:
        assert typed(basin(index, observed)) == (expected, TypologyReason.CLEAR)

    @pytest.mark.parametrize(
        ("index_half", "observed_half", "reason"),
        [
            (1.5, 0.01, TypologyReason.INDEX_INTERVAL_CROSSES),
            (1.0, 0.01, TypologyReason.INDEX_INTERVAL_CROSSES),
            (0.1, 0.2, TypologyReason.OBSERVED_INTERVAL_CROSSES),
            (1.5, 0.2, TypologyReason.BOTH_INTERVALS_CROSS),
        ],
    )
    def test_an_interval_that_touches_its_cut_leaves_the_basin_undetermined(
        self, index_half: float, observed_half: float, reason: TypologyReason
    ) -> None:
        frame = basin(1, 0.3, index_half=index_half, observed_half=observed_half)
        assert typed(frame) == (Typology.UNDETERMINED, reason)

    def test_without_counts_the_value_alone_places_the_basin_and_the_reason_says_so(self) -> None:
        frame = basin(1, 0.3)
        frame[["observed_lower", "observed_upper"]] = NAN
        assert typed(frame) == (
            Typology.EXPOSED_AND_AFFECTED,
            TypologyReason.CLEAR_WITHOUT_OBSERVED_INTERVAL,
        )

    def test_without_counts_a_value_equal_to_the_cut_is_undetermined(self) -> None:
        frame = basin(1, 0.2)
        frame[["observed_lower", "observed_upper"]] = NAN
        assert typed(frame)[0] == Typology.UNDETERMINED

    @pytest.mark.parametrize("status", list(FigureStatus)[1:])
    def test_an_unresolved_hidden_or_missing_figure_is_undetermined_for_that_reason(
        self, status: FigureStatus
    ) -> None:
        assert typed(basin(1, 0.9, status=status)) == (Typology.UNDETERMINED, status.value)

    def test_without_an_index_a_basin_is_undetermined(self) -> None:
        frame = basin(NAN, 0.3)
        assert typed(frame) == (Typology.UNDETERMINED, TypologyReason.INDEX_MISSING)

    def test_without_a_regional_value_nobody_is_typed(self) -> None:
        assert typed(basin(1, 0.3), observed_cut=NAN) == (
            Typology.UNDETERMINED,
            TypologyReason.REFERENCE_MISSING,
        )
