"""A table that leaves the screen, before it becomes a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Cell = str | float | int | date | None


@dataclass(frozen=True)
class Sheet:
    """A table to export: title, column headers, rows, and lines of provenance shown under it.

    ``banner`` is what has to be read before any row (invented data); a workbook shows it above the headers.
    """

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    banner: str = ""
