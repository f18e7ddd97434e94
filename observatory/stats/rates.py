"""Rates: intervals, smoothing, funnel limits, and the comparison of a rate with its reference.

Every function is vectorised: a scalar or an array comes in, an array of the broadcast shape goes out. NaN
means "not known" and gives NaN; an impossible input (more successes than trials, a negative count) raises
``ValueError``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from observatory.domain.indicators import Polarity
from observatory.domain.risk import Comparison

Z_95 = 1.959964
"""Two-sided 95 % quantile of the normal law."""
Z_998 = 3.090232
"""Two-sided 99.8 % quantile: the outer limits of a funnel plot."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EmpiricalBayes:
    """Smoothed rates. ``rates`` and ``weights`` have the shape of the input, the other two are numbers.

    ``weights`` (w, 0-1) is the share of its own rate that each area keeps; ``mean`` is m and ``variance``
    is A.
    """

    rates: FloatArray
    weights: FloatArray
    mean: float
    variance: float


@dataclass(frozen=True)
class Overdispersion:
    """``phi``: mean winsorised squared z-score (1 = binomial); ``tau_squared``: variance between areas."""

    phi: float
    tau_squared: float


def wilson_interval(
    successes: npt.ArrayLike, n: npt.ArrayLike, z: float = Z_95
) -> tuple[FloatArray, FloatArray]:
    """Wilson score interval of a proportion, bounds in 0-1 (Wilson 1927; method, section 3).

    ``successes`` need not be whole (reconstituted counts). ``n`` = 0 gives NaN: no trial, no rate.

    >>> lower, upper = wilson_interval(15, 148)
    >>> print(f"{lower:.4f} {upper:.4f}")
    0.0624 0.1605
    """
    events, trials = _counts(successes, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = events / trials
        z2 = z * z
        centre = p + z2 / (2 * trials)
        half = z * np.sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials))
        scale = 1 + z2 / trials
        lower, upper = (centre - half) / scale, (centre + half) / scale
    # At p = 0 and p = 1 the exact bound is 0 or 1; rounding would leave 1e-17 on the wrong side.
    lower = np.where(events == 0, 0.0, np.clip(lower, 0.0, 1.0))
    upper = np.where(events == trials, 1.0, np.clip(upper, 0.0, 1.0))
    unknown = np.isnan(p)
    return np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)


def byar_interval(
    count: npt.ArrayLike, exposure: npt.ArrayLike, per: float = 1, z: float = Z_95
) -> tuple[FloatArray, FloatArray]:
    """Interval of a Poisson rate by Byar's approximation (Breslow and Day 1987, vol. II, p. 69).

    Bounds are in events ``per`` units of ``exposure`` (1000 for a rate per 1 000). ``exposure`` must be
    positive.

    >>> lower, upper = byar_interval(10, 1)
    >>> print(f"{lower:.2f} {upper:.2f}")
    4.79 18.39
    """
    events, base = np.broadcast_arrays(np.asarray(count, float), np.asarray(exposure, float))
    if np.any(events < 0):
        raise ValueError("a count cannot be negative")
    if np.any(base <= 0):
        raise ValueError("an exposure must be positive")
    if per <= 0:
        raise ValueError("per must be positive")
    floor = np.where(events > 0, events, 1.0)
    lower = floor * np.maximum(1 - 1 / (9 * floor) - z / (3 * np.sqrt(floor)), 0.0) ** 3
    lower = np.where(events == 0, 0.0, lower)
    lower = np.where(np.isnan(events), np.nan, lower)
    following = events + 1
    upper = following * (1 - 1 / (9 * following) + z / (3 * np.sqrt(following))) ** 3
    return lower / base * per, upper / base * per


def empirical_bayes(events: npt.ArrayLike, base: npt.ArrayLike) -> EmpiricalBayes:
    """Rates shrunk towards the overall rate (Marshall 1991, global; method, section 3).

    ``events`` and ``base`` are vectors of counts without NaN, ``base`` positive. The variance between areas
    is floored at zero: without the floor, homogeneous areas would be pushed *past* the mean.

    >>> bayes = empirical_bayes([2, 40], [20, 100])
    >>> bool(bayes.weights[0] < bayes.weights[1])
    True
    """
    e, b = _counts(events, base)
    if e.ndim != 1 or e.size == 0:
        raise ValueError("empirical Bayes needs a vector of at least one area")
    if np.isnan(e).any() or np.isnan(b).any() or np.any(b <= 0):
        raise ValueError("empirical Bayes needs known counts and positive bases")
    rates = e / b
    mean = float(e.sum() / b.sum())
    binomial = mean * (1 - mean)
    between = float((b * (rates - mean) ** 2).sum() / b.sum())
    variance = max(0.0, between - binomial / float(b.mean()))
    weights = variance / (variance + binomial / b) if variance > 0 else np.zeros_like(rates)
    smoothed = mean + weights * (rates - mean)
    # Rounding must not carry a rate past its own value or past the mean.
    smoothed = np.clip(smoothed, np.minimum(rates, mean), np.maximum(rates, mean))
    return EmpiricalBayes(smoothed, weights, mean, variance)


def funnel_limits(
    theta0: float, n: npt.ArrayLike, z: float = Z_95, tau_squared: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Control limits around the reference proportion ``theta0`` for denominators ``n`` (Spiegelhalter 2005).

    Use ``Z_95`` and ``Z_998``; ``tau_squared`` (from :func:`overdispersion`) widens them. Bounds are kept
    in 0-1.

    >>> lower, upper = funnel_limits(0.2, 400)
    >>> print(f"{lower:.4f} {upper:.4f}")
    0.1608 0.2392
    """
    trials = np.asarray(n, float)
    if not 0 <= theta0 <= 1:
        raise ValueError("theta0 must lie in 0-1")
    if np.any(trials <= 0):
        raise ValueError("a funnel needs positive denominators")
    if tau_squared < 0:
        raise ValueError("tau_squared cannot be negative")
    half = z * np.sqrt(theta0 * (1 - theta0) / trials + tau_squared)
    return np.clip(theta0 - half, 0.0, 1.0), np.clip(theta0 + half, 0.0, 1.0)


def overdispersion(
    events: npt.ArrayLike, n: npt.ArrayLike, theta0: float, winsorise: float = 0.10
) -> Overdispersion:
    """Dispersion of proportions beyond chance, additive random-effect form (Spiegelhalter 2005, section 3.2).

    z-scores are winsorised at the ``winsorise`` quantile on each side, so that the areas one looks for do
    not hide themselves. ``tau_squared`` is zero unless phi > 1. Needs known counts, at least two areas,
    theta0 strictly in 0-1.
    """
    e, trials = _counts(events, n)
    if e.ndim != 1 or e.size < 2:
        raise ValueError("over-dispersion needs a vector of at least two areas")
    if np.isnan(e).any() or np.isnan(trials).any() or np.any(trials <= 0):
        raise ValueError("over-dispersion needs known counts and positive denominators")
    if not 0 < theta0 < 1:
        raise ValueError("theta0 must lie strictly in 0-1")
    if not 0 <= winsorise < 0.5:
        raise ValueError("winsorise must lie in [0, 0.5)")
    variances = theta0 * (1 - theta0) / trials
    scores = (e / trials - theta0) / np.sqrt(variances)
    low, high = np.quantile(scores, [winsorise, 1 - winsorise])
    scores = np.clip(scores, low, high)
    areas = scores.size
    phi = float((scores**2).mean())
    if phi <= 1:
        return Overdispersion(phi, 0.0)
    precision = 1 / variances
    total = float(precision.sum())
    tau_squared = (areas * phi - (areas - 1)) / (total - float((precision**2).sum()) / total)
    return Overdispersion(phi, tau_squared)


def compare_with_reference(
    value: float, lower: float, upper: float, reference: float, polarity: Polarity
) -> Comparison:
    """Better, similar or worse than the reference, only when the 95 % interval excludes it (method, section
    3).

    Without an interval, a reference or a polarity the answer is ``NEUTRAL``: nothing is coloured. A bound
    equal to the reference does not exclude it.

    >>> str(compare_with_reference(0.30, 0.25, 0.35, 0.20, Polarity.HIGHER_IS_WORSE))
    'worse'
    """
    known = not any(np.isnan(x) for x in (value, lower, upper, reference))
    if known and not lower <= value <= upper:
        raise ValueError(f"the interval {lower}-{upper} does not hold its value {value}")
    if polarity is Polarity.NEUTRAL or not known:
        return Comparison.NEUTRAL
    if lower <= reference <= upper:
        return Comparison.SIMILAR
    is_higher = lower > reference
    is_worse = is_higher == (polarity is Polarity.HIGHER_IS_WORSE)
    return Comparison.WORSE if is_worse else Comparison.BETTER


def _counts(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    events, trials = np.broadcast_arrays(np.asarray(successes, float), np.asarray(n, float))
    if np.any(events < 0) or np.any(trials < 0):
        raise ValueError("a count cannot be negative")
    if np.any(events > trials):
        raise ValueError("a numerator cannot exceed its denominator")
    return events, trials
