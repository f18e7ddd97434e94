"""A table that leaves the screen, before it becomes a file."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | float | int | None


@dataclass(frozen=True)
class Sheet:
    """A table to export: title, column headers, rows, and lines of provenance shown under it."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
