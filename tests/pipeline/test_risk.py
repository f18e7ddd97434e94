"""From figures to the risk tables: which figures meet, what is left out, and the same bytes twice."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from observatory.config import PROJECT_ROOT
from observatory.domain.figures import FigureStatus, figure_status
from observatory.domain.indicators import (
    Catalogue,
    Dimension,
    Indicator,
    Polarity,
    Role,
    Unit,
    load_catalogue,
)
from observatory.domain.risk import GapStatus, IndexStatus, RankMethod, Typology, TypologyReason
from observatory.domain.territory import load_basins
from observatory.errors import DataFileError
from observatory.pipeline.risk import (
    CONTRIBUTION_COLUMNS,
    FIGURE_COLUMNS,
    GAP_COLUMNS,
    INDEX_COLUMNS,
    RANK_COLUMNS,
    SUMMARY_COLUMNS,
    TREND_COLUMNS,
    TYPOLOGY_COLUMNS,
    WINSORISED_COLUMNS,
    RiskSettings,
    RiskTables,
    add_intervals,
    compute_risk,
)
from observatory.stats.gap import weighted_line
from observatory.stats.risk_index import IndexSettings

BASINS = [f"AM{n:02d}" for n in range(1, 17)]
POPULATIONS = pd.Series(np.linspace(20_000, 300_000, 16), index=BASINS)
SETTINGS = RiskSettings(index=IndexSettings(variants=60), rank_draws=200)


def indicator(code: str, unit: Unit, polarity: Polarity, dimension: str | None, **more: object) -> Indicator:
    return Indicator(
        code=code,
        label=code,
        short_label=code,
        definition=code,
        unit=unit,
        decimals=1,
        polarity=polarity,
        role=Role.OUTCOME if dimension is None else Role.CONTEXT,
        numerator="",
        denominator="",
        weight="",
        source_codes=("s",),
        years=(2018,),
        caveats=(),
        level="basin",
        dimension=dimension,
        **more,  # type: ignore[arg-type]
    )


CATALOGUE = Catalogue(
    {
        i.code: i
        for i in (
            indicator("neet_rate", Unit.SHARE, Polarity.HIGHER_IS_WORSE, None),
            indicator("median_income", Unit.EURO, Polarity.HIGHER_IS_BETTER, "income"),
            indicator("vocational_share", Unit.SHARE, Polarity.HIGHER_IS_WORSE, "track", breaks=(2017,)),
        )
    },
    {code: Dimension(code, code) for code in ("income", "track")},
    {},
)


def figure(
    area: str,
    code: str,
    year: int,
    value: float,
    *,
    numerator: float = np.nan,
    denominator: float = np.nan,
    status: FigureStatus = FigureStatus.VALUE,
) -> tuple[object, ...]:
    return (area, code, year, value, np.nan, np.nan, numerator, denominator, 1.0, status.value, "", "s")


def region() -> pd.DataFrame:
    """16 basins, the région: incomes of two years, shares with counts, an outcome without counts."""
    rng = np.random.default_rng(9)
    rows = []
    for number, basin in enumerate(BASINS):
        exposure = (number - 7.5) / 5
        rows += [
            figure(basin, "median_income", 2014, 20_000 + 500 * number),
            figure(basin, "median_income", 2019, 21_000 - 1_000 * exposure + rng.normal(0, 300)),
            figure(basin, "neet_rate", 2013, 0.17),
            figure(basin, "neet_rate", 2018, 0.18 + 0.03 * exposure + rng.normal(0, 0.005)),
        ]
        pupils = 1000 + 100 * number
        vocational = round(pupils * (0.3 + 0.06 * exposure))
        rows += [
            figure(
                basin,
                "vocational_share",
                2022,
                vocational / pupils,
                numerator=vocational,
                denominator=pupils,
            )
        ]
    rows += [figure("REG93", "neet_rate", 2018, 0.18), figure("REG93", "median_income", 2019, 21_000)]
    return pd.DataFrame(rows, columns=FIGURE_COLUMNS)


def at(figures: pd.DataFrame, area: str, code: str, year: int) -> pd.Series:
    return (figures["area_code"] == area) & (figures["indicator_code"] == code) & (figures["year"] == year)


def compute(figures: pd.DataFrame) -> RiskTables:
    return compute_risk(figures, CATALOGUE, BASINS, POPULATIONS, settings=SETTINGS)


def row(table: pd.DataFrame, basin: str) -> pd.Series:
    return table.set_index("basin_code").T[basin]


def row_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("basin_code").loc[BASINS]


def summary(tables: RiskTables) -> dict[str, float]:
    return dict(zip(tables.risk_summary["name"], tables.risk_summary["value"], strict=True))


class TestTables:
    def test_every_table_has_exactly_the_columns_of_the_store(self) -> None:
        tables = compute(region())
        assert {f.name: list(getattr(tables, f.name).columns) for f in fields(tables)} == {
            "context_index": INDEX_COLUMNS,
            "context_contribution": CONTRIBUTION_COLUMNS,
            "gap": GAP_COLUMNS,
            "typology": TYPOLOGY_COLUMNS,
            "indicator_rank": RANK_COLUMNS,
            "trend": TREND_COLUMNS,
            "risk_summary": SUMMARY_COLUMNS,
            "winsorised": WINSORISED_COLUMNS,
        }

    def test_every_basin_has_one_row_of_index_gap_and_typology(self) -> None:
        tables = compute(region())
        for table in (tables.context_index, tables.gap, tables.typology):
            assert table["basin_code"].tolist() == BASINS

    def test_the_academies_and_the_region_are_neither_ranked_nor_indexed(self) -> None:
        tables = compute(region())
        assert "REG93" not in set(tables.indicator_rank["basin_code"])
        assert "REG93" not in set(tables.context_index["basin_code"])

    def test_two_builds_agree_to_the_last_bit_and_the_last_byte_in_any_order_of_rows(
        self, tmp_path: Path
    ) -> None:
        first, second = compute(region()), compute(region().sample(frac=1, random_state=3))
        for name in (f.name for f in fields(RiskTables)):
            assert_frame_equal(getattr(first, name), getattr(second, name), check_exact=True)
            paths = tmp_path / f"{name}_1.csv", tmp_path / f"{name}_2.csv"
            getattr(first, name).to_csv(paths[0], index=False)
            getattr(second, name).to_csv(paths[1], index=False)
            assert paths[0].read_bytes() == paths[1].read_bytes()

    def test_published_numbers_have_at_most_six_decimals_and_no_minus_zero(self) -> None:
        figures = region()
        # A constant outcome leaves residuals of a hair on either side of zero.
        figures.loc[figures["indicator_code"] == "neet_rate", "value"] = 0.17
        tables = compute(figures)
        for name in (f.name for f in fields(RiskTables)):
            numbers = getattr(tables, name).select_dtypes("float").to_numpy()
            known = numbers[~np.isnan(numbers)]
            assert (known == np.round(known, 6)).all()
            assert not np.signbit(known[known == 0]).any()


class TestContext:
    def test_the_index_takes_the_latest_year_of_each_indicator(self) -> None:
        figures = region()
        older = figures.copy()
        older.loc[older["year"] == 2014, "value"] = 1.0
        assert_frame_equal(compute(figures).context_index, compute(older).context_index, check_exact=True)
        newer = figures.copy()
        newer.loc[at(newer, "AM01", "median_income", 2019), "value"] = 15_000.0
        assert (
            row(compute(newer).context_index, "AM01")["context_index"]
            > row(compute(figures).context_index, "AM01")["context_index"]
        )

    def test_the_outcome_never_enters_the_index(self) -> None:
        figures = region()
        figures.loc[figures["indicator_code"] == "neet_rate", "value"] = 0.99
        assert_frame_equal(compute(figures).context_index, compute(region()).context_index, check_exact=True)

    @pytest.mark.parametrize("status", list(FigureStatus)[1:])
    def test_a_context_figure_that_is_not_a_value_makes_the_index_missing(self, status: FigureStatus) -> None:
        figures = region()
        figures.loc[at(figures, "AM03", "vocational_share", 2022), "status"] = status.value
        tables = compute(figures)
        index = row(tables.context_index, "AM03")
        assert (index["status"], index["missing_dimensions"]) == (IndexStatus.MISSING_DIMENSION, "track")
        assert row(tables.gap, "AM03")["status"] == GapStatus.INDEX_MISSING
        assert row(tables.typology, "AM03")["reason"] == TypologyReason.INDEX_MISSING

    def test_a_basin_never_falls_back_on_an_older_year_than_the_others(self) -> None:
        figures = region()
        figures = figures[~at(figures, "AM03", "median_income", 2019)]
        assert row(compute(figures).context_index, "AM03")["missing_dimensions"] == "income"

    def test_contributions_add_up_to_the_published_index(self) -> None:
        tables = compute(region())
        total = tables.context_contribution.groupby("basin_code")["contribution"].sum()
        assert np.allclose(total, tables.context_index["context_index"], atol=2e-6)

    def test_what_was_winsorised_is_reported(self) -> None:
        figures = region()
        figures.loc[at(figures, "AM02", "median_income", 2019), "value"] = 1e6
        report = compute(figures).winsorised
        assert report[["indicator_code", "basin_code", "value_before"]].values.tolist() == [
            ["median_income", "AM02", 1e6]
        ]


class TestGapAndTypology:
    def test_only_the_latest_observed_year_is_set_against_the_context(self) -> None:
        tables = compute(region())
        assert set(tables.gap["year"]) == set(tables.typology["year"]) == {2018}
        assert summary(tables)["observed_year"] == 2018

    def test_the_summary_holds_the_line_and_both_cuts(self) -> None:
        tables = compute(region())
        values = summary(tables)
        index, gap = row_order(tables.context_index), row_order(tables.gap)
        line = weighted_line(index["context_index"], gap["observed"], POPULATIONS)
        assert values["slope"] == pytest.approx(line.slope, abs=1e-5)
        assert values["intercept"] == pytest.approx(line.intercept, abs=1e-5)
        assert values["r_squared"] == pytest.approx(line.r_squared, abs=1e-5)
        assert values["observed_cut"] == 0.18
        assert values["context_cut"] == pytest.approx(
            np.average(index["context_index"], weights=POPULATIONS), abs=1e-5
        )
        assert values["resolved_count"] == 16

    def test_denominators_weigh_when_every_basin_has_one_and_populations_otherwise(self) -> None:
        figures = region()
        observed = (figures["indicator_code"] == "neet_rate") & (figures["area_code"] != "REG93")
        figures.loc[observed, "denominator"] = 1000.0
        figures.loc[at(figures, "AM01", "neet_rate", 2018), "denominator"] = 90_000.0
        tables = compute(figures)
        index, gap = row_order(tables.context_index), row_order(tables.gap)
        weights = np.array([90_000.0] + [1000.0] * 15)
        by_counts = weighted_line(index["context_index"], gap["observed"], weights)
        assert summary(tables)["slope"] == pytest.approx(by_counts.slope, abs=1e-5)
        figures.loc[at(figures, "AM05", "neet_rate", 2018), "denominator"] = np.nan
        assert_frame_equal(compute(figures).gap, compute(region()).gap, check_exact=True)

    @pytest.mark.parametrize("value", [0.05, 0.9])
    def test_an_unresolved_basin_is_in_no_gap_type_or_rank_and_its_value_moves_nobody(
        self, value: float
    ) -> None:
        figures = region()
        target = at(figures, "AM12", "neet_rate", 2018)
        figures.loc[target, "status"] = FigureStatus.UNRESOLVED.value
        reference = compute(figures)
        figures.loc[target, "value"] = value
        tables = compute(figures)
        for name in (f.name for f in fields(RiskTables)):
            assert_frame_equal(getattr(tables, name), getattr(reference, name), check_exact=True)
        gap, typology = row(tables.gap, "AM12"), row(tables.typology, "AM12")
        assert gap["status"] == GapStatus.UNRESOLVED
        assert gap[["observed", "expected", "gap", "studentised"]].isna().all()
        assert (typology["typology"], typology["reason"]) == (
            Typology.UNDETERMINED,
            TypologyReason.UNRESOLVED,
        )
        ranked = tables.indicator_rank.query("indicator_code == 'neet_rate' and year == 2018")
        assert "AM12" not in set(ranked["basin_code"])
        assert set(ranked["basin_count"]) == {15}

    def test_the_interval_of_observed_decides_with_that_of_the_index(self) -> None:
        figures = region()
        last = at(figures, "AM16", "neet_rate", 2018)
        assert (
            row(compute(figures).typology, "AM16")["reason"] == TypologyReason.CLEAR_WITHOUT_OBSERVED_INTERVAL
        )
        figures.loc[last, ["value_lower", "value_upper"]] = [0.1, 0.4]
        assert row(compute(figures).typology, "AM16")["reason"] == TypologyReason.OBSERVED_INTERVAL_CROSSES

    def test_without_a_regional_figure_nobody_is_typed(self) -> None:
        figures = region()
        tables = compute(figures[figures["area_code"] != "REG93"])
        assert set(tables.typology["reason"]) == {TypologyReason.REFERENCE_MISSING}
        assert np.isnan(summary(tables)["observed_cut"])
        assert (tables.gap["status"] == GapStatus.COMPUTED).all()

    def test_without_any_outcome_the_context_still_stands(self) -> None:
        figures = region()
        tables = compute(figures[figures["indicator_code"] != "neet_rate"])
        assert tables.gap.empty
        assert tables.typology.empty
        assert tables.context_index["context_index"].notna().all()

    def test_no_figure_at_all_gives_rows_that_say_so_and_no_error(self) -> None:
        tables = compute(region().iloc[:0])
        assert set(tables.context_index["status"]) == {IndexStatus.MISSING_DIMENSION}
        assert tables.indicator_rank.empty
        assert tables.trend.empty


class TestRanksAndTrends:
    def test_ranks_come_from_draws_where_counts_are_known_and_from_the_order_elsewhere(self) -> None:
        ranks = compute(region()).indicator_rank
        assert ranks.groupby(["indicator_code", "year"])["method"].first().to_dict() == {
            ("median_income", 2014): RankMethod.ORDERING,
            ("median_income", 2019): RankMethod.ORDERING,
            ("neet_rate", 2013): RankMethod.ORDERING,
            ("neet_rate", 2018): RankMethod.ORDERING,
            ("vocational_share", 2022): RankMethod.BETA_BINOMIAL,
        }

    def test_one_basin_without_counts_makes_the_whole_ranking_an_order(self) -> None:
        figures = region()
        figures.loc[at(figures, "AM04", "vocational_share", 2022), "numerator"] = np.nan
        ranks = compute(figures).indicator_rank.query("indicator_code == 'vocational_share'")
        assert set(ranks["method"]) == {RankMethod.ORDERING}

    def test_another_indicator_does_not_change_the_draws_of_the_first(self) -> None:
        figures = region()
        alone = compute(figures[figures["indicator_code"] == "vocational_share"]).indicator_rank
        together = compute(figures).indicator_rank.query("indicator_code == 'vocational_share'")
        assert_frame_equal(together.reset_index(drop=True), alone, check_exact=True)

    def test_every_series_says_what_may_be_claimed_of_it(self) -> None:
        trend = compute(region()).trend.set_index(["area_code", "indicator_code"])
        assert set(trend["status"]) == {"too_few_points"}
        assert trend.at[("AM01", "median_income"), "point_count"] == 2
        assert ("REG93", "neet_rate") in trend.index

    @pytest.mark.parametrize(
        ("first_year", "unit", "status"),
        [
            (2018, Unit.SHARE, "computed_rising"),
            (2014, Unit.SHARE, "series_break"),
            (2018, Unit.EURO, "no_counts"),
        ],
    )
    def test_the_trend_reads_the_breaks_and_the_unit_of_the_catalogue(
        self, first_year: int, unit: Unit, status: str
    ) -> None:
        rows = [
            figure(
                "AM01",
                "vocational_share",
                first_year + k,
                0.2 + 0.05 * k,
                numerator=200 + 50 * k,
                denominator=1000,
            )
            for k in range(5)
        ]
        figures = pd.DataFrame(rows, columns=FIGURE_COLUMNS)
        indicators = CATALOGUE.indicators
        changed = {**indicators, "vocational_share": replace(indicators["vocational_share"], unit=unit)}
        tables = compute_risk(
            figures, replace(CATALOGUE, indicators=changed), BASINS, POPULATIONS, settings=SETTINGS
        )
        assert tables.trend["status"].tolist() == [status]


class TestIntervals:
    def test_a_share_with_counts_gets_its_wilson_interval_and_nothing_else_does(self) -> None:
        figures = pd.DataFrame(
            [
                figure("AM01", "vocational_share", 2022, 15 / 148, numerator=15, denominator=148),
                figure("AM02", "vocational_share", 2022, 0.3),
                figure("AM01", "median_income", 2022, 20_000.0, numerator=1, denominator=2),
                figure("AM03", "vocational_share", 2022, 0.0, numerator=0, denominator=20),
                figure(
                    "AM04",
                    "vocational_share",
                    2022,
                    0.5,
                    numerator=2,
                    denominator=4,
                    status=FigureStatus.SUPPRESSED,
                ),
            ],
            columns=FIGURE_COLUMNS,
        )
        bounds = add_intervals(figures, CATALOGUE)[["value_lower", "value_upper"]].to_numpy()
        assert bounds[0].tolist() == pytest.approx([0.0624, 0.1605], abs=5e-5)
        assert bounds[3].tolist() == pytest.approx([0, 0.1611], abs=5e-5)
        assert np.isnan(bounds[[1, 2, 4]]).all()
        assert figures["value_lower"].isna().all()

    def test_an_interval_that_is_already_there_is_kept(self) -> None:
        figures = pd.DataFrame(
            [figure("AM01", "vocational_share", 2022, 0.5, numerator=50, denominator=100)],
            columns=FIGURE_COLUMNS,
        ).assign(value_lower=0.49, value_upper=0.51)
        assert_frame_equal(add_intervals(figures, CATALOGUE), figures)

    def test_the_interval_holds_a_value_rounded_by_its_producer(self) -> None:
        figures = pd.DataFrame(
            [figure("AM01", "vocational_share", 2022, 0.5, numerator=499_000, denominator=1_000_000)],
            columns=FIGURE_COLUMNS,
        )
        assert add_intervals(figures, CATALOGUE)["value_upper"].tolist() == [0.5]

    @pytest.mark.parametrize("numerator", [40, 101])
    def test_counts_that_do_not_give_the_published_share_are_named(self, numerator: int) -> None:
        figures = pd.DataFrame(
            [figure("AM01", "vocational_share", 2022, 0.5, numerator=numerator, denominator=100)],
            columns=FIGURE_COLUMNS,
        )
        with pytest.raises(DataFileError, match="AM01 vocational_share 2022"):
            add_intervals(figures, CATALOGUE)


class TestRefusals:
    def test_figures_of_another_shape_are_refused(self) -> None:
        with pytest.raises(ValueError, match="lack the columns coverage"):
            compute(region().drop(columns="coverage"))

    def test_an_indicator_out_of_the_catalogue_is_named(self) -> None:
        with pytest.raises(ValueError, match="mystery"):
            compute(region().assign(indicator_code="mystery"))

    def test_a_figure_that_appears_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            compute(pd.concat([region(), region().iloc[:1]]))


@pytest.fixture(scope="module", name="tables")
def tables_of_real_figures() -> RiskTables:
    """Risk on the figures kept in ``data/``, composed as the build composes them."""
    data = PROJECT_ROOT / "data"
    catalogue = load_catalogue(data)

    def read(name: str) -> pd.DataFrame:
        frame = pd.read_csv(data / name, keep_default_na=False, na_values={"value": "", "coverage": ""})
        return frame.rename(columns={"basin_code": "area_code"})

    figures = pd.concat([read("context.csv"), read("context_reference.csv")], ignore_index=True)
    figures = figures.merge(
        read("context_counts.csv"), how="left", on=["area_code", "indicator_code", "year"]
    ).assign(value_lower=np.nan, value_upper=np.nan)
    figures["status"] = [
        figure_status(value, coverage, note).value
        for value, coverage, note in zip(figures["value"], figures["coverage"], figures["note"], strict=True)
    ]
    communes = pd.read_csv(data / "territory" / "communes.csv")
    populations = communes.groupby("basin_code")["population"].sum()
    return compute_risk(add_intervals(figures, catalogue), catalogue, load_basins(data), populations)


class TestRealFigures:
    def test_marseille_nord_is_the_most_exposed_by_far(self, tables: RiskTables) -> None:
        index = tables.context_index.set_index("basin_code")["context_index"].sort_values()
        assert index.dropna().index[-1] == "AM12"
        assert index["AM12"] > 1.5 * index.dropna().iloc[-2]

    def test_the_three_basins_of_marseille_have_no_gap_and_no_type(self, tables: RiskTables) -> None:
        for basin in ("AM10", "AM11", "AM12"):
            assert row(tables.gap, basin)["status"] == GapStatus.UNRESOLVED
            assert row(tables.typology, basin)["reason"] == TypologyReason.UNRESOLVED

    def test_a_basin_without_index_names_its_missing_dimension_and_the_others_are_computed(
        self, tables: RiskTables
    ) -> None:
        index = tables.context_index
        assert len(index) == 28
        is_computed = index["status"] == IndexStatus.COMPUTED
        assert (index["missing_dimensions"].str.len().gt(0) == ~is_computed).all()
        assert is_computed.sum() >= 10

    def test_context_and_outcome_go_together(self, tables: RiskTables) -> None:
        values = summary(tables)
        assert values["slope"] > 0
        assert 0.2 < values["r_squared"] < 0.95
        assert values["observed_year"] == 2018
