"""What the browser gives back is checked before it is written."""

from __future__ import annotations

import pytest

from observatory.domain.inventory import FieldKey, RecordKind
from observatory.ui.inventory_drafts import read_items

PILOT = FieldKey("AM01", RecordKind.MODALITY, "handover", "pilot")


def test_a_text_of_a_field_of_this_area_is_read_with_what_its_writer_saw():
    items = [
        ["field:AM01:modality:handover:pilot", "CIO", 7],
        ["field:AM01:modality:handover:pilot", "", None],
    ]
    assert read_items({"items": items}, "AM01") == ((PILOT, "CIO", 7), (PILOT, "", None))


@pytest.mark.parametrize(
    "item",
    [
        ["field:AM02:modality:handover:pilot", "CIO", 7],
        ["field:AM01:modality:handover:status", "done", 7],
        ["field:AM01:modality:nowhere:pilot", "CIO", 7],
        ["field:AM01:modality:handover:nothing", "CIO", 7],
        ["field:AM01:other:handover:pilot", "CIO", 7],
        ["handover:pilot", "CIO", 7],
        ["field:AM01:modality:handover:pilot", 3, 7],
        ["field:AM01:modality:handover:pilot", "CIO", True],
        ["field:AM01:modality:handover:pilot", "CIO", "7"],
        ["field:AM01:modality:handover:pilot", "CIO"],
        [None, "CIO", 7],
        "field",
    ],
)
def test_anything_else_is_passed_over(item):
    assert read_items({"items": [item]}, "AM01") == ()


@pytest.mark.parametrize("raw", [None, [], "x", {"items": None}, {"items": "abc"}])
def test_a_message_of_another_shape_is_nothing(raw):
    assert read_items(raw, "AM01") == ()


def test_a_message_is_not_read_beyond_its_limits():
    items = [["field:AM01:modality:handover:pilot", "x" * 60_000, None]] * 30
    found = read_items({"items": items}, "AM01")
    assert len(found) == 20
    assert {len(text) for _, text, _ in found} == {50_000}
