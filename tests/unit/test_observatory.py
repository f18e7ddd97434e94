"""What the observatory says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from observatory.domain.inventory import Entry, FieldKey, RecordKind
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
