"""Ranks that say what they do not know."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from observatory.domain.risk import RankMethod
from observatory.stats.ranks import COLUMNS, bands, rank_by_order, rank_from_counts


def counts(rates: list[float], base: int = 1000) -> pd.DataFrame:
    codes = [f"B{i:02d}" for i in range(len(rates))]
    return pd.DataFrame(
        {"numerator": [round(r * base) for r in rates], "denominator": base}, index=codes, dtype=float
    )


class TestFromCounts:
    def test_rates_far_apart_have_certain_ranks_from_the_highest(self) -> None:
        table = rank_from_counts(counts([0.1, 0.5, 0.3, 0.9, 0.7, 0.2, 0.8], base=100_000), seed=1)
        assert table["rank_lower"].tolist() == table["rank_upper"].tolist() == [7, 4, 5, 1, 3, 6, 2]
        assert table["top_five_probability"].tolist() == [0, 1, 1, 1, 1, 0, 1]
        assert table["band"].tolist() == [7, 4, 5, 1, 3, 6, 2]

    def test_equal_rates_on_small_bases_may_stand_anywhere_and_make_one_band(self) -> None:
        table = rank_from_counts(counts([0.2] * 20, base=50), seed=1)
        assert table["rank_lower"].max() <= 3
        assert table["rank_upper"].min() >= 18
        assert set(table["band"]) == {1}
        assert table["top_five_probability"].between(0.2, 0.3).all()

    def test_the_probabilities_of_being_among_the_five_highest_add_up_to_five(self) -> None:
        table = rank_from_counts(counts([0.1, 0.12, 0.15, 0.11, 0.2, 0.22, 0.18, 0.19], base=200), seed=1)
        assert table["top_five_probability"].sum() == pytest.approx(5)

    def test_larger_bases_give_narrower_intervals(self) -> None:
        rates = [0.1, 0.12, 0.14, 0.16, 0.18, 0.2]
        widths = []
        for base in (50, 500, 5000):
            table = rank_from_counts(counts(rates, base), seed=1)
            widths.append(float((table["rank_upper"] - table["rank_lower"]).sum()))
        assert widths[0] > widths[1] > widths[2]

    def test_a_tiny_basin_with_an_extreme_rate_is_not_crowned(self) -> None:
        frame = counts([0.2, 0.21, 0.22, 0.25, 0.30], base=5000)
        frame.loc["tiny"] = [2, 4]
        table = rank_from_counts(frame, seed=1)
        assert table["rank_upper"]["tiny"] > 3
        assert table["rank_median"]["B04"] <= table["rank_median"]["tiny"]

    @given(
        st.lists(
            st.integers(1, 300).flatmap(lambda b: st.tuples(st.integers(0, b), st.just(b))),
            min_size=1,
            max_size=12,
        )
    )
    @settings(max_examples=40, deadline=None)
    def test_intervals_are_ordered_and_inside_the_number_of_basins(
        self, pairs: list[tuple[int, int]]
    ) -> None:
        frame = pd.DataFrame(pairs, columns=["numerator", "denominator"], dtype=float)
        table = rank_from_counts(frame.set_axis([f"B{i:02d}" for i in range(len(frame))]), seed=1, draws=200)
        assert (table["rank_lower"] >= 1).all()
        assert (table["rank_lower"] <= table["rank_median"]).all()
        assert (table["rank_median"] <= table["rank_upper"]).all()
        assert (table["rank_upper"] <= len(frame)).all()
        assert table["top_five_probability"].between(0, 1).all()

    def test_the_same_seed_gives_the_same_bits_whatever_the_order_of_the_rows(self) -> None:
        frame = counts([0.1, 0.2, 0.15, 0.12, 0.3], base=80)
        assert_frame_equal(
            rank_from_counts(frame, seed=7),
            rank_from_counts(frame.sample(frac=1, random_state=1), seed=7),
            check_exact=True,
        )

    def test_a_region_without_any_event_still_ranks_nobody_for_sure(self) -> None:
        table = rank_from_counts(counts([0.0] * 6, base=100), seed=1)
        assert set(table["band"]) == {1}
        assert (table["rank_upper"] > table["rank_lower"]).all()

    def test_no_basin_no_rank(self) -> None:
        assert rank_from_counts(counts([]), seed=1).columns.tolist() == COLUMNS

    def test_unknown_counts_and_repeated_basins_are_refused(self) -> None:
        frame = counts([0.1, 0.2])
        with pytest.raises(ValueError, match="twice"):
            rank_from_counts(pd.concat([frame, frame]), seed=1)
        with pytest.raises(ValueError, match="known counts"):
            rank_from_counts(frame.assign(numerator=np.nan), seed=1)


class TestByOrder:
    def test_without_counts_the_order_is_exact_and_no_probability_is_invented(self) -> None:
        table = rank_by_order(pd.Series({"c": 0.3, "a": 0.1, "b": 0.2}))
        assert table["rank_lower"].to_dict() == {"a": 3, "b": 2, "c": 1}
        assert table["top_five_probability"].isna().all()
        assert set(table["method"]) == {RankMethod.ORDERING}
        assert set(table["basin_count"]) == {3}

    def test_ties_share_their_interval_and_their_band(self) -> None:
        table = rank_by_order(pd.Series({"a": 5.0, "b": 7.0, "c": 5.0, "d": 1.0}))
        assert (
            table.loc[["a", "c"], ["rank_lower", "rank_median", "rank_upper", "band"]].values.tolist()
            == [[2, 2.5, 3, 2]] * 2
        )
        assert table.at["d", "band"] == 3

    def test_a_missing_value_has_no_rank(self) -> None:
        with pytest.raises(ValueError, match="missing"):
            rank_by_order(pd.Series({"a": 1.0, "b": np.nan}))

    def test_no_basin_no_rank(self) -> None:
        assert rank_by_order(pd.Series(dtype=float)).empty


class TestBands:
    def test_a_band_closes_where_its_intervals_no_longer_share_a_rank(self) -> None:
        # a 1-3, b 1-4, c 3-5 share rank 3; d 4-6 meets c and b but not a: it opens the second band.
        frame = pd.DataFrame({"m": [1, 2, 4, 5], "l": [1, 1, 3, 4], "u": [3, 4, 5, 6]}, index=list("abcd"))
        assert bands(frame["m"], frame["l"], frame["u"]).to_dict() == {"a": 1, "b": 1, "c": 1, "d": 2}

    @given(st.lists(st.tuples(st.integers(1, 28), st.integers(0, 10), st.integers(0, 10)), min_size=1))
    @settings(deadline=None)
    def test_any_two_basins_of_one_band_overlap_and_bands_follow_the_median(
        self, rows: list[tuple[int, int, int]]
    ) -> None:
        frame = pd.DataFrame([(m, m - below, m + above) for m, below, above in rows], columns=["m", "l", "u"])
        numbers = bands(frame["m"], frame["l"], frame["u"])
        for _, members in frame.groupby(numbers):
            assert members["l"].max() <= members["u"].min()
        in_order = numbers[frame["m"].sort_values(kind="stable").index]
        by_median = in_order.groupby(frame["m"]).agg(["min", "max"])
        assert (by_median["max"].to_numpy()[:-1] <= by_median["min"].to_numpy()[1:]).all()
        assert sorted(set(numbers)) == list(range(1, numbers.max() + 1))
