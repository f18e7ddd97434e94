"""Columns of the tables of the region: the basins in the order of the territory, by académie."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from observatory.views.observatory import Observatory


@dataclass(frozen=True)
class BasinColumn:
    """One basin: its code and names; ``opens_group`` for the first of its académie."""

    code: str
    short_label: str
    label: str
    academie: str
    opens_group: bool


@dataclass(frozen=True)
class AcademieGroup:
    """An académie over its columns."""

    label: str
    count: int


def basin_columns(observatory: Observatory, academie: str | None = None) -> tuple[BasinColumn, ...]:
    """Columns of every basin, or of one académie."""
    found: list[BasinColumn] = []
    for code, basin in observatory.basins.items():
        if academie is None or basin.academie == academie:
            opens = not found or found[-1].academie != basin.academie
            found.append(BasinColumn(code, basin.short_label, basin.basin_label, basin.academie, opens))
    return tuple(found)


def academie_groups(columns: Collection[BasinColumn]) -> tuple[AcademieGroup, ...]:
    """Académies over ``columns``, in their order."""
    groups: list[AcademieGroup] = []
    for column in columns:
        if groups and not column.opens_group:
            groups[-1] = AcademieGroup(column.academie, groups[-1].count + 1)
        else:
            groups.append(AcademieGroup(column.academie, 1))
    return tuple(groups)


def academies(observatory: Observatory) -> tuple[str, ...]:
    """Académies of the region, in the order of the territory."""
    return tuple(dict.fromkeys(basin.academie for basin in observatory.basins.values()))
