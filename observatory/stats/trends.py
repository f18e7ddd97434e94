"""When a series may be said to rise or fall: the rule of Fingertips (method, section 3).

At least 5 points, a chi-squared for trend above 9.55 (p = 0.002), and the same sign of slope when any one
point is removed. Otherwise nothing is claimed, and the status says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from observatory.domain.risk import TrendDirection, TrendStatus

FloatArray = npt.NDArray[np.float64]

MINIMUM_POINTS = 5
CHI_SQUARE_LIMIT = 9.55


@dataclass(frozen=True)
class Trend:
    """What may be said of a series; ``chi_square`` is NaN where not computed, ``point_count`` those used."""

    status: TrendStatus
    direction: TrendDirection
    chi_square: float
    point_count: int


def chi_square_for_trend(
    years: npt.ArrayLike, events: npt.ArrayLike, n: npt.ArrayLike
) -> tuple[float, float]:
    """Chi-squared for linear trend of proportions (Cochran 1954, Armitage 1955) and the slope.

    The slope is the least squares change of the proportion a year, weighted by ``n``. Both are 0 when the
    years or the proportions do not vary.

    >>> chi_square, slope = chi_square_for_trend([1, 2, 3, 4], [83, 90, 129, 70], [86, 93, 136, 82])
    >>> round(chi_square, 4), slope < 0
    (8.2249, True)
    """
    x, e, b = (np.asarray(values, float) for values in (years, events, n))
    p = e.sum() / b.sum()
    x = x - (b @ x) / b.sum()
    spread, score = float(b @ x**2), float(x @ e)
    if spread == 0 or p in (0.0, 1.0):
        return 0.0, 0.0
    return float(score**2 / (p * (1 - p) * spread)), score / spread


def assess_trend(
    years: Sequence[int],
    numerators: Sequence[float],
    denominators: Sequence[float],
    breaks: Sequence[int] = (),
) -> Trend:
    """Trend of one area's series, one point a year, in any order.

    Numerators and denominators are NaN where counts are not published. ``breaks`` are the first years of a
    new series: only the points from the last break reached count, and if that leaves too few of what would
    have been enough, the status is ``series_break``. A denominator of zero is a point without counts.
    """
    x, e, b = (np.asarray(values, float) for values in (years, numerators, denominators))
    if not x.shape == e.shape == b.shape or np.unique(x).size != x.size:
        raise ValueError("a series needs one numerator and one denominator for each of its different years")
    if np.any(e < 0) or np.any(b < 0) or np.any(e > b):
        raise ValueError("a numerator must lie between zero and its denominator")
    order = np.argsort(x)
    x, e, b = x[order], e[order], b[order]
    total = x.size
    reached = [first for first in breaks if total and x[0] < first <= x[-1]]
    if reached:
        x, e, b = (values[x >= max(reached)] for values in (x, e, b))
    if x.size < MINIMUM_POINTS:
        status = TrendStatus.SERIES_BREAK if total >= MINIMUM_POINTS else TrendStatus.TOO_FEW_POINTS
        return Trend(status, TrendDirection.NONE, float("nan"), int(x.size))
    if np.isnan(e).any() or np.isnan(b).any() or np.any(b == 0):
        return Trend(TrendStatus.NO_COUNTS, TrendDirection.NONE, float("nan"), int(x.size))
    chi_square, slope = chi_square_for_trend(x, e, b)
    signs = {np.sign(_slope_without(point, x, e, b)) for point in range(x.size)}
    if chi_square <= CHI_SQUARE_LIMIT or signs != {np.sign(slope)}:
        return Trend(TrendStatus.NO_TREND, TrendDirection.NONE, chi_square, int(x.size))
    if slope > 0:
        return Trend(TrendStatus.COMPUTED_RISING, TrendDirection.RISING, chi_square, int(x.size))
    return Trend(TrendStatus.COMPUTED_FALLING, TrendDirection.FALLING, chi_square, int(x.size))


def _slope_without(point: int, x: FloatArray, e: FloatArray, b: FloatArray) -> float:
    kept = np.arange(x.size) != point
    return chi_square_for_trend(x[kept], e[kept], b[kept])[1]
