"""State of cooperation per basin, from the ratings and the modalities of the inventory."""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.cooperation import Modality, Partner
from observatory.views.observatory import Observatory

PAIR_COUNT = len(Partner) * (len(Partner) - 1)
MINIMUM_COMPLETENESS = 0.5
"""Under this share of the directed pairs no median level is shown: "non renseigné"."""


@dataclass(frozen=True)
class CooperationState:
    """One basin: share of the 42 directed ratings reported, their median (None if too few), gaps of two or more."""

    completeness: float
    median_level: float | None
    reciprocal_gap_count: int


@dataclass(frozen=True)
class ModalityRow:
    """One line of the list of modalities of a basin."""

    modality: str
    status: str
    description: str
    detail: str


def rating_levels(observatory: Observatory, basin_code: str) -> dict[tuple[str, str], int]:
    """Reported levels by (from, to); what is not reported is absent, never zero."""
    ratings = observatory.ratings
    mine = ratings[(ratings["basin_code"] == basin_code) & ratings["level"].notna()]
    return {
        (a, b): int(level)
        for a, b, level in zip(mine["from_partner"], mine["to_partner"], mine["level"], strict=True)
    }


def reciprocal_gaps(levels: dict[tuple[str, str], int], minimum: int = 2) -> list[tuple[str, str, int, int]]:
    """Pairs that the two partners describe at least ``minimum`` levels apart: (a, b, a to b, b to a)."""
    partners = [p.value for p in Partner]
    return [
        (a, b, levels[a, b], levels[b, a])
        for i, a in enumerate(partners)
        for b in partners[i + 1 :]
        if (a, b) in levels and (b, a) in levels and abs(levels[a, b] - levels[b, a]) >= minimum
    ]


def cooperation_states(observatory: Observatory) -> dict[str, CooperationState]:
    """State of every basin, also of those that reported nothing."""
    return {code: _state(rating_levels(observatory, code)) for code in observatory.basins}


def modality_rows(observatory: Observatory, basin_code: str) -> tuple[ModalityRow, ...]:
    """The eleven modalities of the convention, reported or not."""
    frame = observatory.modalities
    mine = {r.modality: r for r in frame[frame["basin_code"] == basin_code].itertuples(index=False)}
    rows = []
    for modality in Modality:
        row = mine.get(modality.value)
        if row is None:
            rows.append(ModalityRow(modality.value, "not_reported", "", ""))
            continue
        detail = " · ".join(str(v) for v in (row.frequency, row.pilot) if isinstance(v, str) and v)
        rows.append(ModalityRow(modality.value, row.status, row.description or "", detail))
    return tuple(rows)


def _state(levels: dict[tuple[str, str], int]) -> CooperationState:
    completeness = len(levels) / PAIR_COUNT
    ordered = sorted(levels.values())
    median = None
    if completeness >= MINIMUM_COMPLETENESS:
        half = len(ordered) // 2
        median = float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return CooperationState(completeness, median, len(reciprocal_gaps(levels)))
