"""Basins that resemble each other by their context: who is worth asking « et chez vous ? »."""

from __future__ import annotations

import math
from collections.abc import Mapping

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator, Polarity
from observatory.views.observatory import Observatory

MINIMUM_DIMENSIONS = 3
"""Under this number of dimensions known of both, two contexts are not compared."""


def most_comparable(observatory: Observatory, basin_code: str, count: int = 4) -> tuple[str, ...]:
    """Codes of the ``count`` basins nearest to ``basin_code`` by context, the nearest first.

    The distance is Euclidean between the scores by dimension of the context index (standard deviations),
    over the dimensions known of both, divided by the square root of their number so that four dimensions
    compare with five. Empty when no other basin shares :data:`MINIMUM_DIMENSIONS` dimensions.
    """
    scores = context_scores(observatory)
    mine = scores.get(basin_code, {})
    distances = {
        code: distance
        for code, theirs in scores.items()
        if code != basin_code and (distance := context_distance(mine, theirs)) is not None
    }
    return tuple(sorted(distances, key=lambda code: (distances[code], code))[:count])


def context_distance(first: Mapping[str, float], second: Mapping[str, float]) -> float | None:
    """Root mean square difference of two profiles of scores; None under three common dimensions.

    >>> context_distance({"a": 0.0, "b": 0.0, "c": 0.0}, {"a": 3.0, "b": 0.0, "c": 0.0, "d": 9.0})
    1.7320508075688772
    >>> context_distance({"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}) is None
    True
    """
    common = sorted(set(first) & set(second))
    if len(common) < MINIMUM_DIMENSIONS:
        return None
    return math.sqrt(sum((first[d] - second[d]) ** 2 for d in common) / len(common))


def context_scores(observatory: Observatory) -> dict[str, dict[str, float]]:
    """Scores by basin and dimension, higher = more exposed; what is not known is absent.

    A basin whose index is missing is not in the store: the dimensions it does have are scored here from its
    figures, with the mean and the deviation of the basins whose index is computed, so on the same scale.
    """
    scores: dict[str, dict[str, float]] = {code: {} for code in observatory.basins}
    stored = observatory.contributions
    for code, dimension, score in zip(
        stored["basin_code"], stored["dimension_code"], stored["score"], strict=True
    ):
        if code in scores and score == score:
            scores[code][dimension] = float(score)
    reference = {code for code, found in scores.items() if found}
    without = [code for code, found in scores.items() if not found]
    for dimension, indicators in _dimensions(observatory).items():
        columns = [_standardised(observatory, indicator, reference) for indicator in indicators]
        for code in without:
            if columns and all(code in column for column in columns):
                scores[code][dimension] = sum(column[code] for column in columns) / len(columns)
    return {code: found for code, found in scores.items() if found}


def _dimensions(observatory: Observatory) -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for indicator in observatory.catalogue.context_indicators():
        if indicator.dimension is not None and indicator.polarity is not Polarity.NEUTRAL:
            found.setdefault(indicator.dimension, []).append(indicator)
    return found


def _standardised(observatory: Observatory, indicator: Indicator, reference: set[str]) -> dict[str, float]:
    """Oriented z-scores of every basin with a value, scaled on ``reference`` (on all if it is too small)."""
    figures = observatory.resolved(indicator.code, indicator.latest_year)
    values = {f.area_code: f.value for f in figures if f.value is not None and f.status is FigureStatus.VALUE}
    scale = [value for code, value in values.items() if code in reference]
    if len(scale) < MINIMUM_DIMENSIONS:
        scale = list(values.values())
    if len(scale) < 2:
        return {}
    mean = sum(scale) / len(scale)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in scale) / (len(scale) - 1))
    sign = 1.0 if indicator.polarity is Polarity.HIGHER_IS_WORSE else -1.0
    return {code: sign * (value - mean) / deviation if deviation else 0.0 for code, value in values.items()}
