"""A campaign: what the cross-matching of the five databases tells about each basin at one date.

Codes and rules only; French labels are in ``french.campaign``. A leaver without qualification nor solution:
Code de l'éducation L.313-7 and L.313-8, decree 2010-1781, circular 2011-028.
"""

from __future__ import annotations

import json
import re
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


class QualityTopic(StrEnum):
    """What a campaign publishes of how far its cross-matching can be trusted."""

    SOURCE_ROWS = "source_rows"  # what each extract brought
    FINDING = "finding"  # what was repaired, blanked or refused in it
    DISAGREEMENT = "disagreement"  # linked records whose field differs from the pupil base
    LINK_STATUS = "link_status"
    REVIEW = "review"  # doubtful pairs, and what persons decided of them
    MATCH_DEPARTEMENT = "match_departement"
    MATCH_BIRTH_YEAR = "match_birth_year"
    CALIBRATION = "calibration"  # announced by the model, observed on the pairs that were checked
    OVERLAP = "overlap"  # persons by combination of sources
    METHOD = "method"  # other ways of matching, against the truth when it is known
    FALSE_DROPOUT = "false_dropout"  # young people counted without solution for want of a link
    LEFT_OUT = "left_out"  # persons that take part in no figure


class FindingKind(StrEnum):
    """What was done of a cell or row that broke the contract of its extract."""

    REPAIRED = "repaired"
    BLANKED = "blanked"
    REFUSED = "refused"


class MatchingMethod(StrEnum):
    """Ways of matching that are compared, from the one in use elsewhere to ours."""

    EXACT_RAW = "exact_raw"  # same name, first name and date of birth, as written
    EXACT_NORMALISED = "exact_normalised"
    CASCADE = "cascade"
    SPLINK = "splink"


WEIGHT_BANDS = ("below_2", "2_4", "4_6", "6_8", "8_12", "12_16", "16_plus")
"""Bands of the weight of a pair, lower bound included; from 2 on reviewed, from 8 on linked."""

QUALITY_MEASURES: dict[QualityTopic, tuple[str, ...]] = {
    QualityTopic.SOURCE_ROWS: ("rows_in", "rows_out"),
    QualityTopic.FINDING: ("count",),
    QualityTopic.DISAGREEMENT: ("compared", "differing"),
    QualityTopic.LINK_STATUS: ("linked", "review", "unlinked"),
    QualityTopic.REVIEW: ("pairs", "same", "different", "cannot_tell"),
    QualityTopic.MATCH_DEPARTEMENT: ("records", "linked", "rate"),
    QualityTopic.MATCH_BIRTH_YEAR: ("records", "linked", "rate"),
    QualityTopic.CALIBRATION: ("pairs", "announced", "observed"),
    QualityTopic.OVERLAP: ("persons",),
    QualityTopic.METHOD: ("pairs", "precision", "recall", "mission_locale_recall"),
    QualityTopic.FALSE_DROPOUT: ("persons", "share"),
    QualityTopic.LEFT_OUT: ("persons",),
}
"""Measures of each topic. ``rate``, ``share``, ``announced``, ``observed``, ``precision`` and the recalls are
shares in 0-1 (with their interval where there is one); the others count rows, pairs or persons."""

_SOURCE = "(?:" + "|".join(Source) + ")"
_CODE = "[a-z][a-z0-9_]{0,39}"
QUALITY_ITEMS: dict[QualityTopic, str] = {
    QualityTopic.SOURCE_ROWS: _SOURCE,
    QualityTopic.FINDING: rf"{_SOURCE}\|(?:{'|'.join(FindingKind)})\|{_CODE}\|(?:{_CODE})?",
    QualityTopic.DISAGREEMENT: rf"{_SOURCE}\|{_CODE}",
    QualityTopic.LINK_STATUS: _SOURCE,
    QualityTopic.REVIEW: _SOURCE,
    QualityTopic.MATCH_DEPARTEMENT: rf"{_SOURCE}\|(?:04|05|06|13|83|84|other)",
    QualityTopic.MATCH_BIRTH_YEAR: rf"{_SOURCE}\|(?:19|20)[0-9]{{2}}",
    QualityTopic.CALIBRATION: "|".join(WEIGHT_BANDS),
    QualityTopic.OVERLAP: rf"{_SOURCE}(?:\+{_SOURCE}){{0,4}}",
    QualityTopic.METHOD: "|".join(MatchingMethod),
    QualityTopic.FALSE_DROPOUT: rf"all|{_SOURCE}",
    QualityTopic.LEFT_OUT: _CODE,
}
"""Form of the items of each topic: codes only, so that nothing of a record can enter the database here."""


def is_quality_item(topic: QualityTopic, item: str) -> bool:
    """Whether ``item`` may be published under ``topic``.

    >>> is_quality_item(QualityTopic.FINDING, "pupils|repaired|lost_zeros|commune_naissance")
    True
    >>> is_quality_item(QualityTopic.LEFT_OUT, "Anna Martin")
    False
    """
    if not re.fullmatch(QUALITY_ITEMS[topic], item):
        return False
    parts = item.split("+")
    return topic is not QualityTopic.OVERLAP or parts == [s for s in Source if s in parts]


def is_figure_cell(breakdown: str, category: str, measure: str) -> bool:
    """Whether a campaign publishes such a cell.

    >>> is_figure_cell("sex", "F", "dropout"), is_figure_cell("sex", "16_17", "dropout")
    (True, False)
    """
    categories = {str(known): cells for known, cells in CATEGORIES.items()}
    return category in categories.get(breakdown, ()) and measure in set(Measure)


def is_campaign_code(code: str) -> bool:
    """``2026-11``: the year and month of the situations.

    >>> is_campaign_code("2026-11"), is_campaign_code("2026-13")
    (True, False)
    """
    return bool(re.fullmatch(r"20[0-9]{2}-(?:0[1-9]|1[0-2])", code))


def is_count_manifest(text: str) -> bool:
    """Whether a manifest holds nothing but numbers under codes, nested at will.

    >>> is_count_manifest('{"link": {"linked": 12}}'), is_count_manifest('{"link": {"nom": "Martin"}}')
    (True, False)
    """

    def holds_counts(node: object) -> bool:
        if isinstance(node, dict):
            return all(re.fullmatch(r"[a-z0-9_.|+-]{1,64}", key) for key in node) and all(
                holds_counts(value) for value in node.values()
            )
        return isinstance(node, int | float) and not isinstance(node, bool)

    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and holds_counts(content)
