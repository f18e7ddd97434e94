"""Classes of a choropleth: natural breaks whose limits a person can say aloud.

The breaks minimise the variance inside classes (Fisher 1958, Jenks); each limit is then moved, inside the
gap that separates the two classes, to the roundest number it holds, so that no value changes class.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import numpy as np


def class_index(value: float, limits: Sequence[float]) -> int:
    """Class of ``value``: 0 below the first limit; a value equal to a limit belongs to the class above.

    >>> class_index(0.18, [0.13, 0.18])
    2
    """
    return bisect_right(limits, value)


def natural_limits(values: Sequence[float], class_count: int = 5) -> tuple[float, ...]:
    """Rounded limits between at most ``class_count`` natural classes (``class_count - 1`` numbers or fewer).

    Fewer distinct values than classes give fewer classes; no value, no limit.

    >>> natural_limits([1.0, 1.1, 5.0, 5.2, 9.0], 3)
    (5.0, 7.0)
    """
    return _natural_limits(tuple(values), class_count)


@lru_cache(maxsize=128)
def _natural_limits(values: tuple[float, ...], class_count: int) -> tuple[float, ...]:
    distinct = np.unique(np.asarray([v for v in values if not math.isnan(v)], dtype=float))
    if len(distinct) < 2:
        return ()
    starts = _fisher_starts(distinct, min(class_count, len(distinct)))
    return tuple(roundest_between(float(distinct[s - 1]), float(distinct[s])) for s in starts)


def quantile_limits(values: Sequence[float], class_count: int = 5) -> tuple[float, ...]:
    """Rounded limits between classes of about the same number of values; for the many communes."""
    ordered = np.sort(np.asarray([v for v in values if not math.isnan(v)], dtype=float))
    if len(ordered) == 0 or ordered[0] == ordered[-1]:
        return ()
    span = ordered[-1] - ordered[0]
    cuts = np.quantile(ordered, [i / class_count for i in range(1, class_count)])
    limits = {roundest_between(float(c) - 0.02 * span, float(c) + 0.02 * span) for c in cuts}
    return tuple(sorted(limit for limit in limits if ordered[0] < limit <= ordered[-1]))


def symmetric_limits(values: Sequence[float]) -> tuple[float, float, float, float]:
    """Limits of a diverging scale of five classes, symmetrical around zero, rounded."""
    sizes = np.sort(np.abs([v for v in values if not math.isnan(v)]))
    largest = float(sizes[-1]) if len(sizes) else 1.0
    wide = float(np.quantile(sizes, 0.8)) if len(sizes) else 0.5
    outer = roundest_between(wide * 0.9, wide * 1.1) if wide > 0 else max(largest, 1e-9) / 2
    inner = outer / 3 if outer / 3 > 0 else outer
    inner = roundest_between(inner * 0.8, inner * 1.25)
    return (-outer, -inner, inner, outer)


def roundest_between(low: float, high: float) -> float:
    """The roundest number in ``]low, high]``: a multiple of the largest possible of …, 10, 5, 1, 0.5, …

    Of several, the nearest to the middle.

    >>> roundest_between(0.1279, 0.1342)
    0.13
    >>> roundest_between(18.93, 19.31)
    19.0
    """
    if not low < high:
        return high
    middle = (low + high) / 2
    magnitude = math.floor(math.log10(max(abs(low), abs(high), high - low)))
    for power in range(magnitude + 1, magnitude - 12, -1):
        for step in (1.0, 0.5):
            unit = step * 10.0**power
            decimals = max(0, -power + (1 if step == 0.5 else 0))
            nearest = round(middle / unit)
            # Both neighbours too: a bound that is a multiple itself may be missed by a rounding of floats.
            for multiple in sorted((nearest - 1, nearest, nearest + 1), key=lambda m: abs(m * unit - middle)):
                candidate = round(multiple * unit, decimals)
                if low < candidate <= high:
                    return candidate
    return high


def _fisher_starts(ordered: np.ndarray, class_count: int) -> list[int]:
    """Positions at which classes 2..k start, by dynamic programming on sums of squares."""
    n = len(ordered)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    squares = np.concatenate([[0.0], np.cumsum(ordered**2)])

    def within(start: int, stop: int) -> float:
        total = sums[stop] - sums[start]
        return float(squares[stop] - squares[start] - total * total / (stop - start))

    cost = [within(0, stop) if stop else math.inf for stop in range(n + 1)]
    origins: list[list[int]] = []
    for _ in range(1, class_count):
        best, origin = [math.inf] * (n + 1), [0] * (n + 1)
        for stop in range(1, n + 1):
            for start in range(1, stop):
                candidate = cost[start] + within(start, stop)
                if candidate < best[stop] - 1e-15:
                    best[stop], origin[stop] = candidate, start
        cost = best
        origins.append(origin)
    starts, stop = [], n
    for origin in reversed(origins):
        stop = origin[stop]
        starts.append(stop)
    return sorted(s for s in starts if 0 < s < n)
