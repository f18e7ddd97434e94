"""Made-up inventories: entries written in one line, and an observatory that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from observatory.domain.inventory import REGION_AREA, Entry, FieldKey, RecordKind
from observatory.views.inventory_frames import modality_frame, rating_frame
from observatory.views.observatory import Observatory
from tests.unit.observatory_factory import make_observatory

WRITTEN_AT = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


def say(area: str, kind: RecordKind, record: str, field: str, value: str, *, invented: bool = False) -> Entry:
    """One field as ``A. Exemple`` of the CIO wrote it; nobody wrote what is invented."""
    key = FieldKey(area, kind, record, field)
    return Entry(
        key, value, -1 if invented else 1, WRITTEN_AT, "" if invented else "A. Exemple", "CIO", invented
    )


def say_framework(modality: str, field: str, value: str) -> Entry:
    """One field of the framework, as the regional team wrote it."""
    return say(REGION_AREA, RecordKind.FRAMEWORK, modality, field, value)


def observatory_of(entries: Sequence[Entry]) -> Observatory:
    """The five basins of the made-up observatory with this inventory."""
    return replace(
        make_observatory(),
        entries=tuple(entries),
        ratings=rating_frame(entries),
        modalities=modality_frame(entries),
    )
