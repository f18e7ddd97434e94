"""A campaign: what the cross-matching of the five databases tells about each basin at one date.

Codes and rules only; French labels are in ``french.campaign``. A leaver without qualification nor solution:
Code de l'éducation L.313-7 and L.313-8, decree 2010-1781, circular 2011-028.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Source(StrEnum):
    """The five databases named by the convention, in its order."""

    PUPILS = "pupils"
    AFFECTATION = "affectation"
    APPRENTICESHIP = "apprenticeship"
    AGRICULTURAL = "agricultural"
    MISSION_LOCALE = "mission_locale"


class Edition(StrEnum):
    """A campaign is published provisional, then definitive; both are kept."""

    PROVISIONAL = "provisional"
    DEFINITIVE = "definitive"


class Breakdown(StrEnum):
    """By what the figures of an area are split. ``ALL`` has the one category ``all``."""

    ALL = "all"
    SEX = "sex"
    AGE_BAND = "age_band"
    ORIGIN = "origin"


CATEGORIES: dict[Breakdown, tuple[str, ...]] = {
    Breakdown.ALL: ("all",),
    Breakdown.SEX: ("F", "M"),
    Breakdown.AGE_BAND: ("16_17", "18_20", "21_25"),
    Breakdown.ORIGIN: ("college", "lgt", "lp", "cfa", "agricultural"),
}
"""Categories of each breakdown; within an area they add up to ``all``."""


class Measure(StrEnum):
    """What is counted or computed. Counts are persons; rates are shares in 0-1; delays are days."""

    ENROLLED = "enrolled"  # denominator: aged 16 and over at the previous campaign, resident in the area
    SIGNALLED = "signalled"  # left a cycle without level 3 or 4, enrolled nowhere in their own base
    FOUND_IN_TRAINING = "found_in_training"
    DROPOUT = "dropout"
    UNKNOWN = "unknown"
    FOLLOWED = "followed"
    WITHOUT_SOLUTION = "without_solution"
    CONTRACT = "contract"
    CONTRACT_BROKEN = "contract_broken"
    ASKED_PLACE = "asked_place"
    NOT_AFFECTED = "not_affected"
    LEAVER_WITHOUT_SOLUTION_RATE = "leaver_without_solution_rate"  # without_solution / enrolled
    UNKNOWN_RATE = "unknown_rate"  # unknown / signalled
    FOLLOWED_SHARE = "followed_share"  # followed / dropout
    CONTRACT_BROKEN_RATE = "contract_broken_rate"  # contract_broken / contract
    NOT_AFFECTED_RATE = "not_affected_rate"  # not_affected / asked_place
    RECEPTION_DELAY_DAYS = "reception_delay_days"  # median, from leaving to first reception


COUNTS: tuple[Measure, ...] = tuple(Measure)[: tuple(Measure).index(Measure.LEAVER_WITHOUT_SOLUTION_RATE)]
"""Measures that are counts of persons (or contracts, or wishes of a place)."""

RATES: dict[Measure, tuple[Measure, Measure]] = {
    Measure.LEAVER_WITHOUT_SOLUTION_RATE: (Measure.WITHOUT_SOLUTION, Measure.ENROLLED),
    Measure.UNKNOWN_RATE: (Measure.UNKNOWN, Measure.SIGNALLED),
    Measure.FOLLOWED_SHARE: (Measure.FOLLOWED, Measure.DROPOUT),
    Measure.CONTRACT_BROKEN_RATE: (Measure.CONTRACT_BROKEN, Measure.CONTRACT),
    Measure.NOT_AFFECTED_RATE: (Measure.NOT_AFFECTED, Measure.ASKED_PLACE),
}
"""Numerator and denominator of each rate."""

SUMS: tuple[tuple[Measure, tuple[Measure, ...]], ...] = (
    (Measure.SIGNALLED, (Measure.FOUND_IN_TRAINING, Measure.DROPOUT, Measure.UNKNOWN)),
    (Measure.DROPOUT, (Measure.FOLLOWED, Measure.WITHOUT_SOLUTION)),
)
"""The funnel: a whole and the parts that add up to it."""

MINIMUM_AGE = 16


@dataclass(frozen=True)
class Campaign:
    """One publication. ``campaign_code`` is ``2026-11``; ``reference_on`` the day of the situations.

    >>> Campaign("2026-11", Edition.PROVISIONAL, date(2026, 11, 1), is_demonstration=True).label_year
    2026
    """

    campaign_code: str
    edition: Edition
    reference_on: date
    is_demonstration: bool

    @property
    def label_year(self) -> int:
        return int(self.campaign_code[:4])
