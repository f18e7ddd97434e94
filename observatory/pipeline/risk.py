"""The risk of the 28 basins: from the figures of the store to the tables that pages read.

Assembles what :mod:`observatory.stats` computes and decides nothing of its own, save which figures meet:
the context index takes the latest year of each context indicator; the gap and the typology take the latest
observed year of the outcome only, because older outcomes set against a newer context would mean nothing.
Only figures whose status is
``value`` take part in anything. Numbers are rounded to 6 decimals at this edge: two builds agree to the
last byte.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Catalogue, Unit
from observatory.domain.territory import REGION_CODE
from observatory.errors import DataFileError
from observatory.stats.gap import GapFit, classify, fit_gap
from observatory.stats.index_inputs import context_index_inputs
from observatory.stats.ranks import DRAWS, rank_by_order, rank_from_counts
from observatory.stats.rates import wilson_interval
from observatory.stats.risk_index import ContextIndex, IndexSettings, compute_context_index
from observatory.stats.trends import assess_trend

DECIMALS = 6
COUNT_TOLERANCE = 0.005
"""A published share and its counts may differ by rounding, not by more than half a point."""

FIGURE_COLUMNS = [
    "area_code", "indicator_code", "year", "value", "value_lower", "value_upper", "numerator", "denominator",
    "coverage", "status", "note", "source_code",
]  # fmt: skip
INDEX_COLUMNS = [
    "basin_code", "context_index", "index_lower", "index_upper", "rank_median", "rank_lower", "rank_upper",
    "status", "missing_dimensions",
]  # fmt: skip
CONTRIBUTION_COLUMNS = ["basin_code", "dimension_code", "score", "weight", "contribution"]
GAP_COLUMNS = [
    "basin_code", "year", "observed", "observed_lower", "observed_upper", "expected", "gap", "studentised",
    "is_notable", "status",
]  # fmt: skip
TYPOLOGY_COLUMNS = ["basin_code", "year", "typology", "reason"]
RANK_COLUMNS = [
    "basin_code", "indicator_code", "year", "rank_median", "rank_lower", "rank_upper", "top_five_probability",
    "band", "basin_count", "method",
]  # fmt: skip
TREND_COLUMNS = ["area_code", "indicator_code", "status", "direction", "chi_square", "point_count"]
SUMMARY_COLUMNS = ["name", "value"]
WINSORISED_COLUMNS = ["indicator_code", "basin_code", "value_before", "value_after"]


@dataclass(frozen=True)
class RiskSettings:
    """Settings of a build. ``seed`` is that of the ranks; the index has its own in ``index``."""

    index: IndexSettings = field(default_factory=IndexSettings)
    outcome_code: str = "neet_rate"
    rank_draws: int = DRAWS
    seed: int = 93


@dataclass(frozen=True)
class RiskTables:
    """Frames with the columns of the tables of the store (docs/architecture.md), sorted by their keys.

    ``winsorised`` is not a table: it is the report of the values brought back to a fence
    (``indicator_code, basin_code, value_before, value_after``).
    """

    context_index: pd.DataFrame
    context_contribution: pd.DataFrame
    gap: pd.DataFrame
    typology: pd.DataFrame
    indicator_rank: pd.DataFrame
    trend: pd.DataFrame
    risk_summary: pd.DataFrame
    winsorised: pd.DataFrame


def add_intervals(figures: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Copy of ``figures`` with Wilson 95 % bounds where they can be computed, and nowhere else.

    A row gets bounds when it is a shown share (0-1) whose numerator and denominator are known and that has
    none yet. Counts that do not give the published share raise :class:`DataFileError`.
    """
    _check_figures(figures, catalogue)
    shares = {code for code, indicator in catalogue.indicators.items() if indicator.unit is Unit.SHARE}
    figures = figures.copy()
    wanted = (
        _is_value(figures)
        & figures["indicator_code"].isin(shares)
        & (figures["denominator"] > 0)
        & figures["numerator"].notna()
        & figures["value_lower"].isna()
        & figures["value_upper"].isna()
    )
    rows = figures[wanted]
    numerator, denominator = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    value = rows["value"].to_numpy(float)
    wrong = ~(np.abs(numerator / denominator - value) <= COUNT_TOLERANCE) | (numerator > denominator)
    if wrong.any():
        first = rows[wrong].iloc[0]
        raise DataFileError(
            "counts_disagree",
            path="context_counts.csv",
            detail=f"{first['area_code']} {first['indicator_code']} {first['year']}",
        )
    lower, upper = wilson_interval(numerator, denominator)
    # A value rounded by its producer may lie a hair outside the interval of its own counts.
    figures.loc[wanted, "value_lower"] = np.minimum(lower, value)
    figures.loc[wanted, "value_upper"] = np.maximum(upper, value)
    return figures


def compute_risk(
    figures: pd.DataFrame,
    catalogue: Catalogue,
    basins: Collection[str],
    populations: pd.Series,
    *,
    settings: RiskSettings | None = None,
) -> RiskTables:
    """All the risk tables of one build.

    ``figures`` has the columns of the store's ``figure`` table, basins, académies and region together;
    ``basins`` are the basin codes (the mapping of ``load_basins`` will do); ``populations`` gives the
    inhabitants of each of them. Deterministic, whatever the order of the rows; a missing figure gives a row
    that says what is missing.
    """
    settings = settings or RiskSettings()
    _check_figures(figures, catalogue)
    codes = pd.Index(sorted(basins), name="basin_code")
    shown = figures[_is_value(figures) & figures["value"].notna()]
    shown_basins = shown[shown["area_code"].isin(codes)]

    entering = context_index_inputs(shown, catalogue, codes)
    index = compute_context_index(
        entering.values,
        entering.polarity,
        entering.dimension,
        population=populations,
        settings=settings.index,
    )
    outcome = figures[figures["indicator_code"] == settings.outcome_code]
    outcome_years = shown_basins.loc[shown_basins["indicator_code"] == settings.outcome_code, "year"]
    year = None if outcome_years.empty else int(outcome_years.max())
    readings = _readings(outcome[outcome["year"] == year], index, codes, populations)
    observed_cut = _regional_value(shown, settings.outcome_code, year)
    fit = fit_gap(readings)
    types = classify(readings, index.regional_value, observed_cut)
    observed = ["observed", "observed_lower", "observed_upper"]
    gap = readings[observed].join(fit.table).assign(year=year)
    types = types.assign(year=year)
    if year is None:
        gap, types = gap.iloc[:0], types.iloc[:0]
    return RiskTables(
        context_index=_publish(index.scores.rename_axis("basin_code").reset_index(), INDEX_COLUMNS, 1),
        context_contribution=_publish(index.contributions, CONTRIBUTION_COLUMNS, 2),
        gap=_publish(gap.reset_index(), GAP_COLUMNS, 2),
        typology=_publish(types.reset_index(), TYPOLOGY_COLUMNS, 2),
        indicator_rank=_publish(_ranks(shown_basins, catalogue, settings), RANK_COLUMNS, 3),
        trend=_publish(_trends(figures, shown, catalogue), TREND_COLUMNS, 2),
        risk_summary=_publish(_summary(fit, index, observed_cut, year), SUMMARY_COLUMNS, 1),
        winsorised=_publish(index.winsorised, WINSORISED_COLUMNS, 2),
    )


def _readings(
    outcome: pd.DataFrame, index: ContextIndex, codes: pd.Index, populations: pd.Series
) -> pd.DataFrame:
    """Both readings of each basin, with the weights of the regression.

    Denominators weigh when every basin that takes part has one; a mixture of denominators and populations
    would weigh basins by how they were published.
    """
    rows = outcome.set_index("area_code").reindex(codes)
    status = rows["status"].astype(object)
    status = status.where(status.notna(), FigureStatus.MISSING.value).map(str)
    is_value = status == FigureStatus.VALUE.value
    readings = index.scores[["context_index", "index_lower", "index_upper"]].assign(status=status)
    for name, column in (
        ("observed", "value"),
        ("observed_lower", "value_lower"),
        ("observed_upper", "value_upper"),
    ):
        # What is hidden or known only for a larger area does not reach these tables at all.
        readings[name] = rows[column].astype(float).where(is_value)
    taken = is_value & readings["observed"].notna() & readings["context_index"].notna()
    denominators = rows["denominator"].astype(float)
    has_counts = bool((denominators[taken] > 0).all())
    weights = denominators if has_counts else populations.reindex(codes).astype(float)
    return readings.assign(weight=weights).rename_axis("basin_code")


def _regional_value(shown: pd.DataFrame, indicator_code: str, year: int | None) -> float:
    rows = shown[
        (shown["area_code"] == REGION_CODE)
        & (shown["indicator_code"] == indicator_code)
        & (shown["year"] == year)
    ]
    return float("nan") if rows.empty else float(rows["value"].iloc[0])


def _ranks(shown: pd.DataFrame, catalogue: Catalogue, settings: RiskSettings) -> pd.DataFrame:
    tables = []
    pairs = sorted(set(zip(shown["indicator_code"].tolist(), shown["year"].tolist(), strict=True)))
    for code, year in pairs:
        rows = shown[(shown["indicator_code"] == code) & (shown["year"] == year)].set_index("area_code")
        is_share = catalogue.indicators[code].unit is Unit.SHARE
        if is_share and rows["numerator"].notna().all() and (rows["denominator"] > 0).all():
            # Its own stream for each indicator and year: adding one changes no other.
            seed = [settings.seed, zlib.crc32(code.encode()), int(year)]
            table = rank_from_counts(rows[["numerator", "denominator"]], seed=seed, draws=settings.rank_draws)
        else:
            table = rank_by_order(rows["value"])
        table = table.rename_axis("basin_code").reset_index()
        tables.append(table.assign(indicator_code=code, year=year))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=RANK_COLUMNS)


def _trends(figures: pd.DataFrame, shown: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    by_series = dict(list(shown.groupby(["area_code", "indicator_code"])))
    rows = []
    for area, code in sorted(set(zip(figures["area_code"], figures["indicator_code"], strict=True))):
        indicator = catalogue.indicators[code]
        points = by_series.get((area, code), shown.iloc[:0])
        # The chi-squared is that of a proportion: the counts behind a mean are not events.
        counts = points if indicator.unit is Unit.SHARE else points.assign(numerator=np.nan)
        trend = assess_trend(
            counts["year"].tolist(),
            counts["numerator"].tolist(),
            counts["denominator"].tolist(),
            breaks=indicator.breaks,
        )
        rows.append(
            (area, code, trend.status.value, trend.direction.value, trend.chi_square, trend.point_count)
        )
    return pd.DataFrame(rows, columns=TREND_COLUMNS)


def _summary(fit: GapFit, index: ContextIndex, observed_cut: float, year: int | None) -> pd.DataFrame:
    values = {
        "r_squared": fit.r_squared,
        "slope": fit.slope,
        "intercept": fit.intercept,
        "observed_cut": observed_cut,
        "context_cut": index.regional_value,
        "resolved_count": float(fit.resolved_count),
        "observed_year": float("nan") if year is None else float(year),
    }
    return pd.DataFrame(list(values.items()), columns=SUMMARY_COLUMNS)


def _publish(frame: pd.DataFrame, columns: list[str], key_length: int) -> pd.DataFrame:
    """Exact columns, sorted by key, floats rounded; no minus zero, which would be another byte."""
    frame = frame[columns].sort_values(columns[:key_length], kind="stable").reset_index(drop=True)
    floats = frame.select_dtypes("float").columns
    frame[floats] = frame[floats].round(DECIMALS) + 0.0
    return frame


def _is_value(figures: pd.DataFrame) -> pd.Series:
    return figures["status"].map(str) == FigureStatus.VALUE.value


def _check_figures(figures: pd.DataFrame, catalogue: Catalogue) -> None:
    missing = [column for column in FIGURE_COLUMNS if column not in figures.columns]
    if missing:
        raise ValueError(f"figures lack the columns {', '.join(missing)}")
    unknown = sorted(set(figures["indicator_code"]) - set(catalogue.indicators))
    if unknown:
        raise ValueError(f"figures hold indicators that the catalogue does not: {', '.join(unknown)}")
    if figures.duplicated(["area_code", "indicator_code", "year"]).any():
        raise ValueError("a figure appears twice for the same area, indicator and year")
