"""The closed lists of the risk computation: what a reading, a gap, a type, a rank or a trend can be.

Codes only; their French names belong to ``french``. Nothing here says that context *causes* rupture.
"""

from __future__ import annotations

from enum import StrEnum


class Comparison(StrEnum):
    """A figure against its reference, once its interval and the polarity are taken into account."""

    BETTER = "better"
    SIMILAR = "similar"
    WORSE = "worse"
    NEUTRAL = "neutral"


class IndexStatus(StrEnum):
    """Whether the context index of a basin could be computed."""

    COMPUTED = "computed"
    MISSING_DIMENSION = "missing_dimension"
    TOO_FEW_BASINS = "too_few_basins"


class GapStatus(StrEnum):
    """Whether a basin takes part in the regression, and if not, why.

    The codes of :class:`observatory.domain.figures.FigureStatus` other than ``value`` are kept as they are.
    """

    COMPUTED = "computed"
    SUPPRESSED = "suppressed"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    UNRESOLVED = "unresolved"
    INSUFFICIENT_COVERAGE = "insufficient_coverage"
    INDEX_MISSING = "index_missing"
    TOO_FEW_BASINS = "too_few_basins"


class Typology(StrEnum):
    """The two readings crossed, each cut at the regional value."""

    EXPOSED_AND_AFFECTED = "exposed_and_affected"
    EXPOSED_BUT_PRESERVED = "exposed_but_preserved"
    PRESERVED_BUT_AFFECTED = "preserved_but_affected"
    LITTLE_EXPOSED_LITTLE_AFFECTED = "little_exposed_little_affected"
    UNDETERMINED = "undetermined"


class TypologyReason(StrEnum):
    """Why a basin has its type, or why it has none.

    ``CLEAR_WITHOUT_OBSERVED_INTERVAL``: the index is clear of its cut and the observed figure was placed
    by its value alone, because no counts are published for it.
    """

    CLEAR = "clear"
    CLEAR_WITHOUT_OBSERVED_INTERVAL = "clear_without_observed_interval"
    INDEX_INTERVAL_CROSSES = "index_interval_crosses"
    OBSERVED_INTERVAL_CROSSES = "observed_interval_crosses"
    BOTH_INTERVALS_CROSS = "both_intervals_cross"
    INDEX_MISSING = "index_missing"
    SUPPRESSED = "suppressed"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    UNRESOLVED = "unresolved"
    INSUFFICIENT_COVERAGE = "insufficient_coverage"
    REFERENCE_MISSING = "reference_missing"


class RankMethod(StrEnum):
    """How ranks were obtained: from draws of the posterior, or from the bare order of the values."""

    BETA_BINOMIAL = "beta_binomial"
    ORDERING = "ordering"


class TrendStatus(StrEnum):
    """What may be said of a series (rule of Fingertips); the last three say why nothing may be said."""

    COMPUTED_RISING = "computed_rising"
    COMPUTED_FALLING = "computed_falling"
    NO_TREND = "no_trend"
    TOO_FEW_POINTS = "too_few_points"
    NO_COUNTS = "no_counts"
    SERIES_BREAK = "series_break"


class TrendDirection(StrEnum):
    """Direction of a computed trend; ``NONE`` when no trend is claimed."""

    RISING = "rising"
    FALLING = "falling"
    NONE = "none"
