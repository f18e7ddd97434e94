"""The inventory of cooperation: who rates whom, on which scale, and what each modality has come to.

It is an inventory: no points, no league table. What was not reported is unknown, never zero; two structures
that rate each other differently have a subject for the meeting, never a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from itertools import combinations


class Partner(StrEnum):
    """Structures of the convention that are present in a basin."""

    ETABLISSEMENT_MGI = "etablissement_mgi"
    CIO = "cio"
    MISSION_LOCALE = "mission_locale"
    PJJ = "pjj"
    REGION = "region"
    CFA = "cfa"
    ENSEIGNEMENT_AGRICOLE = "enseignement_agricole"


class CooperationLevel(IntEnum):
    """Levels of Collaboration Scale (Frey et al., 2006), as one structure sees its work with another."""

    NO_INTERACTION = 0
    NETWORKING = 1
    COOPERATION = 2
    COORDINATION = 3
    COALITION = 4
    COLLABORATION = 5


class Modality(StrEnum):
    """Modalities of cooperation named by the convention, in its order."""

    IDENTIFICATION = "identification"
    INFORMATION_EXCHANGE = "information_exchange"
    RECEPTION_AND_POSITIONING = "reception_and_positioning"
    SHARED_DIAGNOSIS = "shared_diagnosis"
    RESPONSE_AND_SOLUTION = "response_and_solution"
    SUPPORT_AND_FOLLOW_UP = "support_and_follow_up"
    HANDOVER = "handover"
    FACILITATION = "facilitation"
    SHARED_TOOLS = "shared_tools"
    PROFESSIONAL_DEVELOPMENT = "professional_development"
    EVALUATION = "evaluation"


class ModalityStatus(StrEnum):
    """State of a modality in a basin. ``NOT_REPORTED`` is an unknown, ``NOT_DONE`` an answer."""

    DONE = "done"
    PARTIAL = "partial"
    PLANNED = "planned"
    NOT_DONE = "not_done"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"


DIRECTED_PAIR_COUNT = len(Partner) * (len(Partner) - 1)
"""Ratings of a complete basin: each of the seven structures rates the six others."""


@dataclass(frozen=True)
class CooperationRating:
    """How ``from_partner`` sees its work with ``to_partner``; ``level`` None = asked, not reported."""

    basin_code: str
    from_partner: Partner
    to_partner: Partner
    level: CooperationLevel | None
    rated_on: date | None = None
    rated_by: str = ""
    evidence: str = ""

    def __post_init__(self) -> None:
        if self.from_partner is self.to_partner:
            raise ValueError("a structure does not rate itself")


@dataclass(frozen=True)
class ModalityRecord:
    """One modality in one basin. ``pilot`` (a structure, never a person) and ``frequency`` are free text."""

    basin_code: str
    modality: Modality
    status: ModalityStatus
    description: str = ""
    pilot: str = ""
    frequency: str = ""
    next_step: str = ""
    since_on: date | None = None
    updated_on: date | None = None


@dataclass(frozen=True)
class ReciprocalGap:
    """Two structures that see their work together differently: a subject for the meeting."""

    basin_code: str
    first_partner: Partner
    second_partner: Partner
    first_to_second: CooperationLevel
    second_to_first: CooperationLevel

    @property
    def size(self) -> int:
        return abs(self.first_to_second - self.second_to_first)


@dataclass(frozen=True)
class Completeness:
    """How much of a basin's inventory is known: counts out of 42 ratings and 11 modalities, shares in 0-1."""

    rating_count: int
    modality_count: int

    @property
    def rating_share(self) -> float:
        return self.rating_count / DIRECTED_PAIR_COUNT

    @property
    def modality_share(self) -> float:
        return self.modality_count / len(Modality)


def reciprocal_gaps(ratings: Iterable[CooperationRating], minimum: int = 2) -> tuple[ReciprocalGap, ...]:
    """Pairs whose two ratings are both known and at least ``minimum`` levels apart (method, section 7).

    Sorted by basin, then in the order of :class:`Partner`. ``ValueError`` when a direction is rated twice.

    >>> there = CooperationRating("AM01", Partner.CIO, Partner.PJJ, CooperationLevel(4))
    >>> back = CooperationRating("AM01", Partner.PJJ, Partner.CIO, CooperationLevel(1))
    >>> [gap.size for gap in reciprocal_gaps([back, there])]
    [3]
    """
    levels: dict[tuple[str, Partner, Partner], CooperationLevel | None] = {}
    for rating in ratings:
        key = (rating.basin_code, rating.from_partner, rating.to_partner)
        if key in levels:
            raise ValueError(f"rated twice: {key}")
        levels[key] = rating.level
    gaps = []
    for basin in sorted({basin for basin, _, _ in levels}):
        for first, second in combinations(Partner, 2):
            there, back = levels.get((basin, first, second)), levels.get((basin, second, first))
            if there is not None and back is not None and abs(there - back) >= minimum:
                gaps.append(ReciprocalGap(basin, first, second, there, back))
    return tuple(gaps)


def completeness(ratings: Iterable[CooperationRating], modalities: Iterable[ModalityRecord]) -> Completeness:
    """What is reported, for the records of one basin (``ValueError`` for several).

    "Sans objet" is an answer; "non renseigné" and a missing record are not.

    >>> completeness([], [ModalityRecord("AM01", Modality.HANDOVER, ModalityStatus.NOT_DONE)])
    Completeness(rating_count=0, modality_count=1)
    """
    ratings, modalities = tuple(ratings), tuple(modalities)
    if len({r.basin_code for r in ratings} | {m.basin_code for m in modalities}) > 1:
        raise ValueError("completeness is that of one basin")
    rated = {(r.from_partner, r.to_partner) for r in ratings if r.level is not None}
    known = {m.modality for m in modalities if m.status is not ModalityStatus.NOT_REPORTED}
    return Completeness(len(rated), len(known))
