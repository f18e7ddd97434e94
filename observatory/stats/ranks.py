"""Honest ranks: never a bare position, but where a basin may stand and whom it cannot be told from.

Rank 1 is the highest value, whatever the polarity. Unresolved figures are left out by the caller: they have
no rank.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from observatory.domain.risk import RankMethod
from observatory.stats.rates import empirical_bayes

FloatArray = npt.NDArray[np.float64]

TOP = 5
DRAWS = 4000
COLUMNS = [
    "rank_median",
    "rank_lower",
    "rank_upper",
    "top_five_probability",
    "band",
    "basin_count",
    "method",
]


def rank_from_counts(counts: pd.DataFrame, *, seed: int | list[int], draws: int = DRAWS) -> pd.DataFrame:
    """Ranks from draws of the beta-binomial posterior (Goldstein and Spiegelhalter 1996; method, section 3).

    ``counts``: index basin codes; ``numerator`` and ``denominator``, known, denominators positive. The
    prior is the beta law whose mean and variance are those of empirical Bayes (Marshall); where no variance
    between areas can be seen it carries the weight of the whole region, no more, so that ranks stay as
    uncertain as they are.

    Returns the frame of ``COLUMNS`` sorted by basin code: median rank, 5-95 % interval, probability of
    being among the five highest (0-1), band, number of basins ranked. Seeded; the order of the rows changes
    nothing.
    """
    if draws < 1:
        raise ValueError("draws must be positive")
    _check_unique(counts.index)
    counts = counts.sort_index()
    if counts.empty:
        return _empty()
    events, base = counts["numerator"].to_numpy(float), counts["denominator"].to_numpy(float)
    bayes = empirical_bayes(events, base)
    whole = float(base.sum())
    mean = float(np.clip(bayes.mean, 0.5 / whole, 1 - 0.5 / whole))
    strength = whole
    if bayes.variance > 0:
        strength = min(whole, mean * (1 - mean) / bayes.variance - 1)
    # A region of ones and zeros only would give a prior worth less than nothing.
    strength = max(strength, 1.0)
    rng = np.random.default_rng(seed)
    posterior = rng.beta(
        strength * mean + events, strength * (1 - mean) + base - events, size=(draws, events.size)
    )
    ranks = (-posterior).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    lower, median, upper = np.quantile(ranks, [0.05, 0.5, 0.95], axis=0, method="inverted_cdf")
    table = pd.DataFrame(
        {
            "rank_median": median.astype(float),
            "rank_lower": lower.astype(int),
            "rank_upper": upper.astype(int),
            "top_five_probability": (ranks <= TOP).mean(axis=0),
        },
        index=counts.index,
    )
    table["band"] = bands(table["rank_median"], table["rank_lower"], table["rank_upper"])
    table["basin_count"] = len(table)
    table["method"] = RankMethod.BETA_BINOMIAL.value
    return table[COLUMNS]


def rank_by_order(values: pd.Series) -> pd.DataFrame:
    """Ranks where no counts are published: the bare order of known values, ties sharing their interval.

    No probability is invented (``top_five_probability`` is NaN) and only equal values share a band. Same
    columns as :func:`rank_from_counts`.

    >>> rank_by_order(pd.Series({"a": 3.0, "b": 5.0, "c": 3.0}))[["rank_lower", "rank_upper"]].values.tolist()
    [[2, 3], [1, 1], [2, 3]]
    """
    _check_unique(values.index)
    values = values.sort_index().astype(float)
    if values.isna().any():
        raise ValueError("a missing value has no rank")
    if values.empty:
        return _empty()
    lower = values.rank(method="min", ascending=False).astype(int)
    upper = values.rank(method="max", ascending=False).astype(int)
    table = pd.DataFrame(
        {
            "rank_median": (lower + upper) / 2,
            "rank_lower": lower,
            "rank_upper": upper,
            "top_five_probability": np.nan,
            "band": values.rank(method="dense", ascending=False).astype(int),
            "basin_count": len(values),
            "method": RankMethod.ORDERING.value,
        }
    )
    return table[COLUMNS]


def bands(median: pd.Series, lower: pd.Series, upper: pd.Series) -> pd.Series:
    """Bands of basins that cannot be told apart: all the rank intervals of a band have a rank in common.

    Greedy from the highest: basins are taken by median rank (then by interval, then by code); one joins the
    current band while every interval of the band, its own included, still shares a rank; otherwise it opens
    the next band. Two basins of neighbouring bands may overlap; two basins of one band always do. Bands
    count from 1 = highest.
    """
    order = pd.DataFrame({"median": median, "lower": lower, "upper": upper}).sort_index()
    order = order.sort_values(["median", "lower", "upper"], kind="stable")
    band, common_low, common_high = 0, 1.0, 0.0
    numbers = []
    for _, low, high in order.itertuples(index=False):
        common_low, common_high = max(common_low, low), min(common_high, high)
        if common_low > common_high:
            band, common_low, common_high = band + 1, low, high
        numbers.append(band)
    return pd.Series(numbers, index=order.index, dtype=int).reindex(median.index)


def _check_unique(index: pd.Index) -> None:
    if index.has_duplicates:
        raise ValueError("a basin appears twice")


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS)
