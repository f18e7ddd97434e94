"""State of cooperation per basin, from the ratings and the modalities of the inventory.

The rules (what counts as reported, what is a subject for the meeting) are those of ``domain.cooperation``;
this module reads the frames and gives them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import pandas as pd

from observatory.domain import cooperation as domain
from observatory.domain.cooperation import (
    DIRECTED_PAIR_COUNT,
    Completeness,
    CooperationLevel,
    CooperationRating,
    Modality,
    ModalityRecord,
    ModalityStatus,
    Partner,
    ReciprocalGap,
)
from observatory.views.observatory import Observatory

PAIR_COUNT = DIRECTED_PAIR_COUNT
MINIMUM_COMPLETENESS = 0.5
"""Under this share of the directed pairs no median level is shown: "non renseigné"."""


@dataclass(frozen=True)
class CooperationState:
    """One basin: share of the 42 ratings reported, their median (None if too few), gaps of two or more.

    ``level_bounds``: what the median would be if every unknown rating were 0, and if every one were 5.
    """

    completeness: float
    median_level: float | None
    reciprocal_gap_count: int
    known_count: int = 0
    level_bounds: tuple[float, float] = (float(min(CooperationLevel)), float(max(CooperationLevel)))


@dataclass(frozen=True)
class ModalityRow:
    """One line of the list of modalities of a basin."""

    modality: str
    status: str
    description: str
    detail: str


@dataclass(frozen=True)
class Inventory:
    """What one basin reported: ratings by pair, all eleven modalities, how much is known."""

    basin_code: str
    ratings: dict[tuple[Partner, Partner], CooperationRating]
    modalities: tuple[ModalityRecord, ...]
    gaps: tuple[ReciprocalGap, ...]
    completeness: Completeness

    def level(self, first: Partner, second: Partner) -> CooperationLevel | None:
        """Level that ``first`` reports of its link with ``second``; None when not reported."""
        rating = self.ratings.get((first, second))
        return rating.level if rating else None

    @property
    def latest_on(self) -> date | None:
        """Day of the latest record, None when nothing is dated."""
        days = [r.rated_on for r in self.ratings.values()] + [m.updated_on for m in self.modalities]
        return max((day for day in days if day is not None), default=None)


def inventories(observatory: Observatory) -> dict[str, Inventory]:
    """Inventory of every basin, in the order of the territory, also of those that reported nothing."""
    ratings: dict[str, list[CooperationRating]] = {code: [] for code in observatory.basins}
    modalities: dict[str, list[ModalityRecord]] = {code: [] for code in observatory.basins}
    # Each frame is gone through once: a frame a basin takes ten times as long.
    for rating in _ratings(observatory.ratings):
        ratings.setdefault(rating.basin_code, []).append(rating)
    for record in _modalities(observatory.modalities):
        modalities.setdefault(record.basin_code, []).append(record)
    return {code: _inventory(code, ratings[code], modalities[code]) for code in observatory.basins}


def basin_inventory(observatory: Observatory, basin_code: str) -> Inventory:
    """Inventory of one basin; an unknown code gives an empty one."""
    ratings, modalities = observatory.ratings, observatory.modalities
    return _inventory(
        basin_code,
        tuple(_ratings(ratings[ratings["basin_code"] == basin_code])),
        tuple(_modalities(modalities[modalities["basin_code"] == basin_code])),
    )


def rating_levels(observatory: Observatory, basin_code: str) -> dict[tuple[str, str], int]:
    """Reported levels by (from, to); what is not reported is absent, never zero."""
    inventory = basin_inventory(observatory, basin_code)
    return {
        (first.value, second.value): int(rating.level)
        for (first, second), rating in inventory.ratings.items()
        if rating.level is not None
    }


def reciprocal_gaps(levels: dict[tuple[str, str], int], minimum: int = 2) -> list[tuple[str, str, int, int]]:
    """Pairs that the two partners describe at least ``minimum`` levels apart: (a, b, a to b, b to a)."""
    ratings = [
        CooperationRating("", Partner(first), Partner(second), CooperationLevel(level))
        for (first, second), level in levels.items()
    ]
    return [
        (
            gap.first_partner.value,
            gap.second_partner.value,
            int(gap.first_to_second),
            int(gap.second_to_first),
        )
        for gap in domain.reciprocal_gaps(ratings, minimum)
    ]


def cooperation_states(observatory: Observatory) -> dict[str, CooperationState]:
    """State of every basin, also of those that reported nothing."""
    return {code: _state(inventory) for code, inventory in inventories(observatory).items()}


def modality_rows(observatory: Observatory, basin_code: str) -> tuple[ModalityRow, ...]:
    """The eleven modalities of the convention, reported or not."""
    return tuple(
        ModalityRow(
            record.modality.value,
            record.status.value,
            record.description,
            " · ".join(text for text in (record.frequency, record.pilot) if text),
        )
        for record in basin_inventory(observatory, basin_code).modalities
    )


def _state(inventory: Inventory) -> CooperationState:
    share = inventory.completeness.rating_share
    levels = [int(r.level) for r in inventory.ratings.values() if r.level is not None]
    middle = float(median(levels)) if share >= MINIMUM_COMPLETENESS else None
    return CooperationState(share, middle, len(inventory.gaps), len(levels), median_bounds(levels))


def median_bounds(levels: Sequence[int], total: int = PAIR_COUNT) -> tuple[float, float]:
    """Median of ``total`` levels of which only ``levels`` are known: all others lowest, all others highest.

    >>> median_bounds([3, 3, 3], total=4), median_bounds([], total=4)
    ((3.0, 3.0), (0.0, 5.0))
    """
    unknown = total - len(levels)
    lowest, highest = int(min(CooperationLevel)), int(max(CooperationLevel))
    return (
        float(median([*levels, *[lowest] * unknown])),
        float(median([*levels, *[highest] * unknown])),
    )


def _inventory(
    code: str, rated: Sequence[CooperationRating], modalities: Sequence[ModalityRecord]
) -> Inventory:
    reported = {m.modality: m for m in modalities}
    records = tuple(
        reported.get(modality, ModalityRecord(code, modality, ModalityStatus.NOT_REPORTED))
        for modality in Modality
    )
    return Inventory(
        code,
        {(r.from_partner, r.to_partner): r for r in rated},
        records,
        domain.reciprocal_gaps(rated),
        domain.completeness(rated, records),
    )


def _ratings(frame: pd.DataFrame) -> Iterable[CooperationRating]:
    for row in frame.to_dict("records"):
        yield CooperationRating(
            row["basin_code"],
            Partner(row["from_partner"]),
            Partner(row["to_partner"]),
            None if pd.isna(row["level"]) else CooperationLevel(int(row["level"])),
            _day(row["rated_on"]),
            _text(row["rated_by"]),
            _text(row["evidence"]),
        )


def _modalities(frame: pd.DataFrame) -> Iterable[ModalityRecord]:
    for row in frame.to_dict("records"):
        yield ModalityRecord(
            row["basin_code"],
            Modality(row["modality"]),
            ModalityStatus(row["status"]),
            _text(row["description"]),
            _text(row["pilot"]),
            _text(row["frequency"]),
            _text(row["next_step"]),
            _day(row["since_on"]),
            _day(row["updated_on"]),
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
