"""What the observatory says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from observatory.domain.inventory import Entry, FieldKey, RecordKind
from observatory.views.inventory_frames import modality_frame, rating_frame
from tests.unit.observatory_factory import make_observatory

AT = datetime(2026, 6, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "is_invented", "has_banner"), [("x", True, True), ("x", False, False), ("", True, False)]
)
def test_an_invented_action_alone_asks_for_the_banner(value, is_invented, has_banner):
    key = FieldKey("AM01", RecordKind.ACTION, "a-1", "finding")
    observatory = make_observatory()
    empty = {"ratings": observatory.ratings.head(0), "modalities": observatory.modalities.head(0)}
    entry = Entry(key, value, -1, AT, "", "CIO", is_invented)
    assert replace(observatory, **empty, entries=(entry,)).has_demonstration is has_banner


@pytest.mark.parametrize(
    ("kind", "record", "fields", "is_said"),
    [
        (RecordKind.RATING, "cio>pjj", {"level": "0"}, True),
        (RecordKind.RATING, "cio>pjj", {"level": "", "evidence": "Une liste"}, True),
        (RecordKind.RATING, "cio>pjj", {"level": "", "rated_by": "CIO", "rated_on": "2026-03-02"}, False),
        (RecordKind.MODALITY, "handover", {"status": "not_done"}, True),
        (RecordKind.MODALITY, "handover", {"status": "", "participants": "Tous"}, True),
        (RecordKind.MODALITY, "handover", {"status": "", "description": ""}, False),
        (RecordKind.ACTION, "a-0001", {"action": "Navette"}, True),
        (RecordKind.ACTION, "a-0001", {"action": "Navette", "removed": "1"}, False),
    ],
)
def test_a_record_that_was_emptied_again_or_taken_off_is_no_record(kind, record, fields, is_said):
    entries = tuple(
        Entry(FieldKey("AM01", kind, record, name), value, 1, AT, "A. Exemple", "CIO")
        for name, value in fields.items()
    )
    observatory = replace(
        make_observatory(),
        entries=entries,
        ratings=rating_frame(entries),
        modalities=modality_frame(entries),
    )
    assert observatory.has_cooperation is is_said
