"""The gap between what is observed and what the context leads one to expect, and the typology of the two.

Only resolved figures take part (method, section 1): a figure known only for a larger area, hidden or
missing neither bends the line nor receives a gap or a type, and its value, whatever it is, changes nothing
for the other basins. The relation is an association; nothing here says that context causes rupture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import GapStatus, Typology, TypologyReason

FloatArray = npt.NDArray[np.float64]

NOTABLE = 1.96
"""A studentised residual beyond this is an *écart notable* (method, section 1)."""
MINIMUM_BASINS = 5
"""Under this number of resolved basins a line says nothing, and a deleted residual hardly exists."""


@dataclass(frozen=True)
class WeightedLine:
    """A weighted least squares line y = intercept + slope x. Vectors have one value a point.

    ``studentised``: leave-one-out (externally) studentised residual, NaN where it cannot be computed (a
    point that alone carries the slope, or the others exactly aligned). ``r_squared`` is weighted; NaN when
    y is constant.
    """

    slope: float
    intercept: float
    r_squared: float
    expected: FloatArray
    residuals: FloatArray
    studentised: FloatArray


@dataclass(frozen=True)
class GapFit:
    """Line over the resolved basins, and one row a basin.

    ``table``: index ``basin_code``; ``expected``, ``gap`` (unit of observed), ``studentised``,
    ``is_notable``,
    ``status`` (:class:`GapStatus`); NaN and False where not computed. Numbers are NaN when there is no line.
    """

    table: pd.DataFrame
    slope: float
    intercept: float
    r_squared: float
    resolved_count: int


def weighted_line(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike) -> WeightedLine:
    """Weighted least squares with externally studentised residuals (Cook and Weisberg 1982, section 2.2).

    At least 4 points, positive weights (only their ratios matter), x not constant; otherwise ``ValueError``.

    >>> line = weighted_line([0, 1, 2, 3], [1, 3, 5, 8], [1, 1, 1, 1])
    >>> round(line.slope, 3), round(line.r_squared, 3)
    (2.3, 0.989)
    """
    xs, ys, w = (np.asarray(values, float) for values in (x, y, weights))
    if not xs.shape == ys.shape == w.shape or xs.ndim != 1 or xs.size < 4:
        raise ValueError("a weighted line needs three vectors of the same length, at least 4")
    if not (np.isfinite(xs).all() and np.isfinite(ys).all() and np.isfinite(w).all() and (w > 0).all()):
        raise ValueError("a weighted line needs known values and positive weights")
    w = w / w.sum()
    x_centred, y_mean = xs - w @ xs, float(w @ ys)
    x_spread = float(w @ x_centred**2)
    if x_spread <= 1e-24 * max(1.0, float(w @ xs**2)):
        raise ValueError("a weighted line needs different values of x")
    slope = float(w @ (x_centred * ys)) / x_spread
    expected = y_mean + slope * x_centred
    residuals = ys - expected
    leverage = w * (1 + x_centred**2 / x_spread)
    squares = w * residuals**2
    total = float(w @ (ys - y_mean) ** 2)
    # Deleted residual variance, without refitting: what remains of the sum of squares once the point is
    # taken out.
    freedom = xs.size - 3
    slack = 1 - leverage
    is_carried = slack > 1e-9
    safe_slack = np.where(is_carried, slack, 1.0)
    deleted = (squares.sum() - squares / safe_slack) / freedom
    can_divide = is_carried & (deleted > 1e-12 * max(total, 1e-300))
    scale = np.sqrt(np.where(can_divide, deleted, 1.0) * safe_slack)
    studentised = np.where(can_divide, np.sqrt(w) * residuals / scale, np.nan)
    is_flat = total <= 1e-24 * max(1.0, y_mean**2)
    return WeightedLine(
        slope,
        float(y_mean - slope * (w @ xs)),
        float("nan") if is_flat else float(1 - squares.sum() / total),
        expected,
        residuals,
        studentised,
    )


def fit_gap(readings: pd.DataFrame) -> GapFit:
    """Gap of each basin to the line of observed on the context index (method, section 1).

    ``readings``: index basin codes; ``context_index`` (NaN = not computed), ``observed``, ``weight``
    (denominator or population, positive), ``status`` (:class:`FigureStatus` of the observed figure). Only
    basins whose status is
    ``value`` and whose index is known take part. Any order of rows, same result.
    """
    readings = readings.sort_index()
    status = _gap_status(readings)
    taken = readings[status == GapStatus.COMPUTED.value]
    count = len(taken)
    table = pd.DataFrame(
        {"expected": np.nan, "gap": np.nan, "studentised": np.nan, "is_notable": False, "status": status},
        index=readings.index,
    )
    if count < MINIMUM_BASINS or taken["context_index"].nunique() < 2:
        table["status"] = status.replace(GapStatus.COMPUTED.value, GapStatus.TOO_FEW_BASINS.value)
        nan = float("nan")
        return GapFit(table, nan, nan, nan, count)
    line = weighted_line(taken["context_index"], taken["observed"], taken["weight"])
    table.loc[taken.index, "expected"] = line.expected
    table.loc[taken.index, "gap"] = line.residuals
    table.loc[taken.index, "studentised"] = line.studentised
    table.loc[taken.index, "is_notable"] = np.abs(line.studentised) > NOTABLE
    return GapFit(table, line.slope, line.intercept, line.r_squared, count)


def classify(readings: pd.DataFrame, context_cut: float, observed_cut: float) -> pd.DataFrame:
    """Typology of each basin: ``typology`` and ``reason`` (codes), index ``basin_code``.

    ``readings``: index basin codes; ``context_index, index_lower, index_upper, observed, observed_lower,
    observed_upper, status``. Both cuts are regional values: ``observed_cut`` is the published figure of the
    region, ``context_cut`` the population-weighted mean of the index. The interval of the index may be
    compared with that cut because every robustness variant was brought to the same regional mean
    (:mod:`observatory.stats.risk_index`): it says how far a basin moves *relative to the region*.

    An interval that touches its cut makes the basin undetermined. A figure without counts has no interval:
    it is placed by its value, and the reason says so. A cut that is NaN makes every basin undetermined.
    """
    readings = readings.sort_index()
    status = _gap_status(readings)
    rows = [
        _classify_one(row, str(status.at[code]), context_cut, observed_cut)
        for code, row in readings.iterrows()
    ]
    return pd.DataFrame(
        [(typology.value, reason.value) for typology, reason in rows],
        index=readings.index,
        columns=["typology", "reason"],
        dtype=object,
    )


def _classify_one(
    row: pd.Series, status: str, context_cut: float, observed_cut: float
) -> tuple[Typology, TypologyReason]:
    if status != GapStatus.COMPUTED.value:
        return Typology.UNDETERMINED, TypologyReason(status)
    if np.isnan(context_cut) or np.isnan(observed_cut):
        return Typology.UNDETERMINED, TypologyReason.REFERENCE_MISSING
    observed = float(row["observed"])
    has_interval = bool(pd.notna(row["observed_lower"]) and pd.notna(row["observed_upper"]))
    low, high = (row["observed_lower"], row["observed_upper"]) if has_interval else (observed, observed)
    index_crosses = bool(row["index_lower"] <= context_cut <= row["index_upper"])
    observed_crosses = bool(low <= observed_cut <= high)
    if index_crosses and observed_crosses:
        return Typology.UNDETERMINED, TypologyReason.BOTH_INTERVALS_CROSS
    if index_crosses:
        return Typology.UNDETERMINED, TypologyReason.INDEX_INTERVAL_CROSSES
    if observed_crosses:
        return Typology.UNDETERMINED, TypologyReason.OBSERVED_INTERVAL_CROSSES
    types = {
        (True, True): Typology.EXPOSED_AND_AFFECTED,
        (True, False): Typology.EXPOSED_BUT_PRESERVED,
        (False, True): Typology.PRESERVED_BUT_AFFECTED,
        (False, False): Typology.LITTLE_EXPOSED_LITTLE_AFFECTED,
    }
    reason = TypologyReason.CLEAR if has_interval else TypologyReason.CLEAR_WITHOUT_OBSERVED_INTERVAL
    return types[bool(row["context_index"] > context_cut), observed > observed_cut], reason


def _gap_status(readings: pd.DataFrame) -> pd.Series:
    """``computed`` for the basins that take part, else why not; the observed figure is looked at first."""
    status = readings["status"].astype(object).map(str)
    is_value = status == FigureStatus.VALUE.value
    is_empty = is_value & readings["observed"].isna()
    has_index = readings["context_index"].notna()
    return (
        status.mask(is_value, GapStatus.COMPUTED.value)
        .mask(is_value & ~has_index, GapStatus.INDEX_MISSING.value)
        .mask(is_empty, GapStatus.MISSING.value)
    )
