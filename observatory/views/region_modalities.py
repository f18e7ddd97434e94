"""Modality by basin for the region, with the number of basins in each state.

No order of merit: basins keep the order of the territory, modalities that of the convention, and what is not
reported is counted beside the rest, never as something that is not done.
"""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.cooperation import Modality, ModalityStatus
from observatory.french import numbers
from observatory.french.cooperation import MODALITY_LABELS, STATUS_LABELS
from observatory.views.cooperation import inventories
from observatory.views.observatory import Observatory
from observatory.views.region_columns import AcademieGroup, BasinColumn, academie_groups, basin_columns


@dataclass(frozen=True)
class StatusCell:
    """State of one modality in one basin: the code of its sign, its word, and the whole in words."""

    status: str
    word: str
    meaning: str


@dataclass(frozen=True)
class StatusCount:
    """How many basins (of a line) or cells (of the table) are in a state."""

    status: str
    label: str
    count: int


@dataclass(frozen=True)
class ModalityAcross:
    """One modality over the basins."""

    modality: str
    label: str
    cells: tuple[StatusCell, ...]
    counts: tuple[StatusCount, ...]


@dataclass(frozen=True)
class RegionModalities:
    """The table. ``known`` is the share of each basin's links that is reported, in percent, as a text."""

    title: str
    academies: tuple[AcademieGroup, ...]
    columns: tuple[BasinColumn, ...]
    rows: tuple[ModalityAcross, ...]
    known: tuple[str, ...]
    counts: tuple[StatusCount, ...]


def build_region_modalities(observatory: Observatory, academie: str | None = None) -> RegionModalities:
    """The table of every basin, or of one académie."""
    columns = basin_columns(observatory, academie)
    every = inventories(observatory)
    statuses = {c.code: {m.modality: m.status for m in every[c.code].modalities} for c in columns}
    rows = tuple(
        ModalityAcross(
            modality.value,
            MODALITY_LABELS[modality],
            tuple(_cell(column, modality, statuses[column.code][modality]) for column in columns),
            _counts([statuses[column.code][modality] for column in columns]),
        )
        for modality in Modality
    )
    counts = _counts([status for basin in statuses.values() for status in basin.values()])
    answered = sum(1 for c in columns if every[c.code].completeness.modality_count)
    return RegionModalities(
        title=_title(answered, len(columns), counts),
        academies=academie_groups(columns),
        columns=columns,
        rows=rows,
        known=tuple(numbers.format_number(every[c.code].completeness.rating_share * 100) for c in columns),
        counts=counts,
    )


def _cell(column: BasinColumn, modality: Modality, status: ModalityStatus) -> StatusCell:
    label = MODALITY_LABELS[modality]
    word = STATUS_LABELS[status]
    return StatusCell(status.value, word, f"{column.label}, {label[:1].lower()}{label[1:]} : {word}")


def _counts(statuses: list[ModalityStatus]) -> tuple[StatusCount, ...]:
    return tuple(StatusCount(s.value, STATUS_LABELS[s], statuses.count(s)) for s in ModalityStatus)


def _title(answered: int, basins: int, counts: tuple[StatusCount, ...]) -> str:
    if not answered:
        return "Aucun bassin n’a encore renseigné de modalité"
    cells = sum(c.count for c in counts)
    unknown = next(c.count for c in counts if c.status == ModalityStatus.NOT_REPORTED.value)
    verb = "bassin a renseigné" if answered == 1 else "bassins ont renseigné"
    return (
        f"{answered} {verb} des modalités, sur {basins} ; "
        f"{numbers.format_share(unknown / cells)} des cases restent inconnues"
    )
