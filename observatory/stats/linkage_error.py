"""What missed and wrong links do to the count of young people without solution.

A young person who left school and is followed, employed or in training elsewhere is known to be so by a link
between two bases. Where that link is missed they look as if nobody knew them: a false dropout. So, of F
persons of an area whose situation a link told, with a recall r:

- F was F / r before links were missed: F (1 - r) / r persons are missing among the found, and are counted as
  unknown or without solution instead. That is the estimate, its interval that of the recall, each end widened
  by the chance of so small a count (Poisson, Byar);
- a link that is wrong (1 - precision) gives somebody the solution of another: at most F (1 - p) persons too
  few are without solution;
- a mission locale that nobody reaches any more also tells that somebody dropped out: where that link is
  missed they are unknown. Of W persons without solution, at most W (1 - r) / r are missing so.

The bounds of a count take all of the first away, as if every missed link had made a person without solution
(some make an unknown), and add all of the two others: they are wide on purpose. Bounds of a rate are Wilson's
around those two counts. Nothing is corrected: the value published stays the one that was counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from observatory.stats.rates import FloatArray, byar_interval, wilson_interval


@dataclass(frozen=True)
class LinkageTrust:
    """How far links can be trusted: the recall with its interval, and the least precision."""

    recall: float
    recall_lower: float
    recall_upper: float
    precision_lower: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.recall_lower <= self.recall <= self.recall_upper <= 1:
            raise ValueError("a recall lies in 0-1, inside its interval")
        if not 0 <= self.precision_lower <= 1:
            raise ValueError("a precision lies in 0-1")


@dataclass(frozen=True)
class FalseDropouts:
    """Persons counted as unknown or without solution for want of a link, with 95 % bounds."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray


def estimate_false_dropouts(found_by_link: npt.ArrayLike, trust: LinkageTrust) -> FalseDropouts:
    """How many persons of each area a missed link hides, given those that a link found.

    >>> of = estimate_false_dropouts(1000, LinkageTrust(0.99, 0.985, 0.995))
    >>> print(f"{of.value:.1f} {of.lower:.1f} {of.upper:.1f}")
    10.1 1.6 25.0
    """
    found = np.asarray(found_by_link, float)
    if np.any(found < 0):
        raise ValueError("a count cannot be negative")
    value, fewest, most = (
        found * (1 - recall) / recall for recall in (trust.recall, trust.recall_upper, trust.recall_lower)
    )
    lower = byar_interval(fewest, 1.0)[0]
    upper = np.where(most > 0, byar_interval(most, 1.0)[1], 0.0)
    return FalseDropouts(value, np.minimum(lower, value), np.maximum(upper, value))


def bound_count(
    without_solution: npt.ArrayLike, found_by_link: npt.ArrayLike, trust: LinkageTrust
) -> tuple[FloatArray, FloatArray]:
    """The counts between which the true one of each area lies, as far as links can change it.

    >>> lower, upper = bound_count(120, 1000, LinkageTrust(0.99, 0.985, 0.995, 0.999))
    >>> print(f"{lower:.1f} {upper:.1f}")
    95.0 128.5
    """
    counted = np.asarray(without_solution, float)
    found = np.asarray(found_by_link, float)
    if np.any(counted < 0):
        raise ValueError("a count cannot be negative")
    hidden = estimate_false_dropouts(found, trust).upper
    expected = found * (1 - trust.precision_lower) + counted * (1 - trust.recall_lower) / trust.recall_lower
    lost = np.where(expected > 0, byar_interval(expected, 1.0)[1], 0.0)
    return np.maximum(0.0, counted - hidden), counted + lost


def bound_rate(
    without_solution: npt.ArrayLike,
    base: npt.ArrayLike,
    found_by_link: npt.ArrayLike,
    trust: LinkageTrust,
) -> tuple[FloatArray, FloatArray]:
    """95 % bounds of without_solution / base: chance (Wilson) around the bounds of the count.

    >>> lower, upper = bound_rate(120, 5000, 1000, LinkageTrust(1, 1, 1))
    >>> print(f"{lower:.4f} {upper:.4f}")
    0.0201 0.0286
    """
    trials = np.asarray(base, float)
    fewest, most = bound_count(without_solution, found_by_link, trust)
    return wilson_interval(fewest, trials)[0], wilson_interval(np.minimum(most, trials), trials)[1]
