"""The inventory in the store: nothing entered is lost, whoever writes, and however the writing ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, StaticPool, create_engine, event, func, select

from observatory.config import PROJECT_ROOT
from observatory.domain.inventory import (
    SIGNATURE,
    Actor,
    Change,
    Edit,
    FieldKey,
    InventoryValueError,
    RecordKind,
    replay,
)
from observatory.errors import StoreError, UserFacingError
from observatory.store.engine import open_store
from observatory.store.inventory_attachments import add_attachment, read_attachment_content, read_attachments
from observatory.store.inventory_demonstration import empty_demonstration, replace_demonstration
from observatory.store.inventory_entries import first_real_saves, read_entries, read_history, state_mark
from observatory.store.inventory_rows import PerimeterError
from observatory.store.inventory_saves import (
    InventedRecordError,
    SaveResult,
    read_conflicts,
    resolve_conflict,
    save_edits,
    undo_last,
)
from observatory.store.inventory_snapshots import freeze_snapshot, read_snapshot_state, read_snapshots
from observatory.store.tables import cooperation_change, cooperation_snapshot_entry, metadata
from observatory.views.inventory_frames import modality_frame, rating_frame

REGIONAL = Actor("R. Exemple", "Équipe régionale", None)
CIO = Actor("A. Exemple", "CIO", frozenset({"AM01"}))
MISSION = Actor("B. Exemple", "Mission locale", frozenset({"AM01", "NI12"}))

LEVEL = FieldKey("AM01", RecordKind.RATING, "cio>pjj", "level")
ANSWER = FieldKey("AM01", RecordKind.MODALITY, "shared_tools", "frequency")
EVIDENCE = replace(ANSWER, field="evidence")
PILOT = FieldKey("AM01", RecordKind.MODALITY, "handover", "pilot")
STATUS = replace(PILOT, field="status")
ACTION = FieldKey("NI12", RecordKind.ACTION, "a-0001", "finding")
ACTION_OF_AM01 = replace(ACTION, area_code="AM01")


def state(engine: Engine, *, demo: bool = False) -> dict[FieldKey, str]:
    return {e.key: e.value for e in read_entries(engine, include_demonstration=demo) if e.value}


def seen(engine: Engine, key: FieldKey) -> int | None:
    """What a page that has just been loaded gives back."""
    return next(
        (e.change_id for e in read_entries(engine, include_demonstration=False) if e.key == key), None
    )


def history(engine: Engine, **narrowed: object) -> tuple[Change, ...]:
    return read_history(engine, include_demonstration=False, limit=None, **narrowed)


def save(engine: Engine, actor: Actor, key: FieldKey, value: str) -> SaveResult:
    """Written by somebody who has the present state in front of them."""
    return save_edits(engine, actor, [Edit(key, value, seen(engine, key))])


def invented(key: FieldKey, value: str, day: int = 1) -> Change:
    at = datetime(2026, 1, day, 12, tzinfo=UTC)
    return Change(1, day, at, "", "Structure inventée", "demonstration", key, "", value, True)


# --- saving and reading -----------------------------------------------------------------------------------


def test_what_is_saved_is_read_back_with_who_and_when(engine):
    before = datetime.now(UTC)
    result = save_edits(engine, CIO, [Edit(ANSWER, "4"), Edit(PILOT, "  Mission\n locale ")])
    assert result.conflicts == ()
    assert state(engine) == {ANSWER: "4", PILOT: "Mission locale"}
    for entry in read_entries(engine, include_demonstration=False):
        assert (entry.actor_name, entry.actor_structure) == ("A. Exemple", "CIO")
        assert before <= entry.changed_at <= datetime.now(UTC)
        assert not entry.is_demonstration
    assert history(engine) == tuple(reversed(result.changes))
    assert {(c.batch_id, c.cause, c.before) for c in result.changes} == {(1, "edit", "")}


def test_hostile_text_comes_back_as_it_was_typed(engine):
    text = "=HYPERLINK(1) <script>alert('x')</script> \"; DROP TABLE cooperation_entry; -- 😀 l’été"
    save(engine, CIO, EVIDENCE, text + "\x00\x1b\ud800")
    assert state(engine) == {EVIDENCE: text}


def test_a_name_with_characters_that_no_database_holds_is_kept_without_them(engine):
    save(engine, Actor("A.\x00 \u202eExemple\n", "C\x00IO", None), ANSWER, "1")
    assert [(c.actor_name, c.actor_structure) for c in history(engine)] == [("A. Exemple", "CIO")]


def test_emptying_a_field_is_a_change_and_its_entry_stays_known(engine):
    save(engine, CIO, ANSWER, "4")
    save(engine, CIO, ANSWER, "")
    assert state(engine) == {}
    assert seen(engine, ANSWER) == 2
    assert [(c.before, c.after) for c in history(engine)] == [("4", ""), ("", "4")]


def test_a_value_that_is_already_there_is_not_written_again(engine):
    save(engine, CIO, ANSWER, "4")
    mark = state_mark(engine)
    for edit in (Edit(ANSWER, " 4 ", None), Edit(ANSWER, "4", 1), Edit(PILOT, "  "), Edit(ANSWER, "4", 77)):
        assert save_edits(engine, MISSION, [edit]) == SaveResult((), ())
    assert save_edits(engine, CIO, []) == SaveResult((), ())
    assert len(history(engine)) == 1
    assert state_mark(engine) == mark


def test_of_two_values_for_one_field_in_one_save_the_last_counts(engine):
    save_edits(engine, CIO, [Edit(ANSWER, "4"), Edit(ANSWER, "3")])
    assert state(engine) == {ANSWER: "3"}
    assert len(history(engine)) == 1


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit(LEVEL, "6"), "inventory_choice"),
        (Edit(replace(LEVEL, field="rated_on"), "23/11/2026"), "inventory_date"),
        (Edit(replace(LEVEL, record_key="cio>cio"), "3"), "inventory_key"),
        (Edit(EVIDENCE, "x" * 2001), "inventory_length"),
    ],
)
def test_one_wrong_value_and_nothing_of_the_save_is_written(engine, edit, code):
    with pytest.raises(InventoryValueError) as caught:
        save_edits(engine, CIO, [Edit(PILOT, "CIO"), edit])
    assert caught.value.code == code
    assert history(engine) == ()


def test_nobody_writes_outside_of_their_perimeter_and_nothing_of_the_save_is_written(engine):
    framework = FieldKey("REG93", RecordKind.FRAMEWORK, "handover", "practice")
    nameless = replace(REGIONAL, name="")
    for actor, key in ((CIO, ACTION), (MISSION, framework), (Actor("C", "D"), ANSWER), (nameless, ANSWER)):
        with pytest.raises(PerimeterError) as caught:
            save_edits(engine, actor, [Edit(ANSWER, "4"), Edit(key, "4")])
        assert caught.value.code == "inventory_perimeter"
    assert history(engine) == ()
    save_edits(engine, REGIONAL, [Edit(ACTION, "Peu de suites"), Edit(framework, "Une fiche")])
    assert len(state(engine)) == 2


def test_undo_choice_and_evidence_keep_to_the_perimeter_too(engine):
    stranger = Actor("C. Exemple", "PJJ", frozenset({"NI03"}))
    save(engine, CIO, ANSWER, "4")
    save_edits(engine, MISSION, [Edit(ANSWER, "2")])
    (conflict,) = read_conflicts(engine)
    attempts = (
        lambda: undo_last(engine, stranger, "AM01"),
        lambda: resolve_conflict(engine, stranger, conflict.conflict_id, keep_proposed=True),
        lambda: add_attachment(engine, stranger, "AM01", "a.pdf", "application/pdf", b"%PDF"),
        lambda: freeze_snapshot(engine, stranger, "Comité", include_demonstration=True),
        lambda: freeze_snapshot(engine, CIO, "Comité", include_demonstration=True),
    )
    for attempt in attempts:
        with pytest.raises(PerimeterError):
            attempt()
    assert read_conflicts(engine) == (conflict,)
    assert state(engine) == {ANSWER: "4"}


# --- two people -------------------------------------------------------------------------------------------


def test_the_second_of_two_people_overwrites_nothing_and_both_values_stay_readable(engine):
    first = save(engine, CIO, ANSWER, "4").changes[0]
    save_edits(engine, REGIONAL, [Edit(ANSWER, "3", first.change_id)])
    result = save_edits(engine, MISSION, [Edit(ANSWER, "1", first.change_id)])
    assert result.changes == ()
    (conflict,) = result.conflicts
    assert (conflict.key, conflict.proposed, conflict.actor_name) == (ANSWER, "1", "B. Exemple")
    assert (conflict.current.after, conflict.current.actor_name) == ("3", "R. Exemple")
    assert read_conflicts(engine, "AM01") == (conflict,)
    assert read_conflicts(engine, "NI12") == ()
    assert state(engine) == {ANSWER: "3"}


def test_the_record_of_a_conflict_is_left_whole_and_the_others_are_written(engine):
    save(engine, CIO, STATUS, "done")
    result = save_edits(engine, MISSION, [Edit(STATUS, "partial"), Edit(PILOT, "PJJ"), Edit(ANSWER, "2")])
    assert [c.key for c in result.changes] == [ANSWER]
    assert {(c.key, c.proposed) for c in result.conflicts} == {(STATUS, "partial"), (PILOT, "PJJ")}
    assert state(engine) == {STATUS: "done", ANSWER: "2"}
    assert {c.key: c.current and c.current.after for c in read_conflicts(engine)} == {
        STATUS: "done",
        PILOT: None,
    }


def test_two_fields_of_one_record_are_no_conflict(engine):
    save(engine, CIO, STATUS, "done")
    assert save_edits(engine, MISSION, [Edit(PILOT, "PJJ")]).conflicts == ()
    assert state(engine) == {STATUS: "done", PILOT: "PJJ"}


def test_a_field_that_a_colleague_emptied_in_between_is_a_conflict(engine):
    first = save(engine, CIO, ANSWER, "4").changes[0]
    save(engine, CIO, ANSWER, "")
    assert len(save_edits(engine, MISSION, [Edit(ANSWER, "5", first.change_id)]).conflicts) == 1
    assert len(save_edits(engine, REGIONAL, [Edit(ANSWER, "2", None)]).conflicts) == 1


@pytest.mark.parametrize(("keep_proposed", "expected"), [(True, "1"), (False, "4")])
def test_whoever_chooses_gets_the_value_and_the_choice_is_kept(engine, keep_proposed, expected):
    save(engine, CIO, ANSWER, "4")
    (conflict,) = save_edits(engine, MISSION, [Edit(ANSWER, "1")]).conflicts
    result = resolve_conflict(engine, REGIONAL, conflict.conflict_id, keep_proposed=keep_proposed)
    assert [(c.cause, c.before, c.after) for c in result.changes] == (
        [("choice", "4", "1")] if keep_proposed else []
    )
    assert state(engine) == {ANSWER: expected}
    assert read_conflicts(engine) == ()
    for again in (True, False):
        with pytest.raises(UserFacingError) as caught:
            resolve_conflict(engine, CIO, conflict.conflict_id, keep_proposed=again)
        assert caught.value.code == "conflict_gone"
    assert replay(history(engine)) == state(engine)


def test_a_conflict_that_never_was_is_gone(engine):
    with pytest.raises(UserFacingError) as caught:
        resolve_conflict(engine, REGIONAL, 12, keep_proposed=True)
    assert caught.value.code == "conflict_gone"


def test_a_choice_never_overwrites_a_third_value_that_was_not_shown(engine):
    save(engine, CIO, ANSWER, "4")
    (conflict,) = save_edits(engine, MISSION, [Edit(ANSWER, "1")]).conflicts
    save(engine, CIO, ANSWER, "5")
    shown = conflict.current.change_id
    back = resolve_conflict(engine, MISSION, conflict.conflict_id, keep_proposed=True, seen=shown)
    assert back.changes == ()
    assert [c.current.after for c in back.conflicts] == ["5"]
    assert state(engine) == {ANSWER: "5"}
    assert len(read_conflicts(engine)) == 1
    shown = back.conflicts[0].current.change_id
    resolve_conflict(engine, MISSION, conflict.conflict_id, keep_proposed=True, seen=shown)
    assert state(engine) == {ANSWER: "1"}


def test_the_same_value_proposed_twice_waits_once_but_two_people_wait_each(engine):
    save(engine, REGIONAL, ANSWER, "4")
    for actor in (MISSION, MISSION, CIO):
        save_edits(engine, actor, [Edit(ANSWER, "1")])
    save_edits(engine, MISSION, [Edit(ANSWER, "2")])
    assert [(c.actor_name, c.proposed) for c in read_conflicts(engine)] == [
        ("B. Exemple", "1"),
        ("A. Exemple", "1"),
        ("B. Exemple", "2"),
    ]


# --- undo -------------------------------------------------------------------------------------------------


def test_an_undo_gives_back_what_one_save_replaced_and_is_in_the_history(engine):
    save(engine, CIO, ANSWER, "4")
    save_edits(engine, CIO, [Edit(ANSWER, "2", 1), Edit(PILOT, "CIO")])
    result = undo_last(engine, CIO, "AM01")
    assert {(c.key, c.before, c.after, c.cause) for c in result.changes} == {
        (ANSWER, "2", "4", "undo"),
        (PILOT, "CIO", "", "undo"),
    }
    assert state(engine) == {ANSWER: "4"}
    assert replay(history(engine)) == state(engine)


def test_undone_again_and_again_the_field_goes_back_to_the_beginning(engine):
    for value in ("4", "2", "5", "4"):
        save(engine, CIO, ANSWER, value)
    found = []
    for _ in range(5):
        undo_last(engine, CIO, "AM01")
        found.append(state(engine).get(ANSWER, ""))
    assert found == ["5", "2", "4", "", ""]
    assert read_conflicts(engine) == ()
    assert len(history(engine)) == 8, "the fifth had nothing to take back"


def test_after_an_undo_one_writes_and_undoes_as_before(engine):
    save(engine, CIO, ANSWER, "4")
    save(engine, CIO, ANSWER, "2")
    undo_last(engine, CIO, "AM01")
    save(engine, CIO, ANSWER, "1")
    undo_last(engine, CIO, "AM01")
    assert state(engine) == {ANSWER: "4"}
    undo_last(engine, CIO, "AM01")
    assert state(engine) == {}


def test_an_undo_leaves_what_a_colleague_wrote_since_and_asks(engine):
    save(engine, CIO, ANSWER, "4")
    save(engine, CIO, ANSWER, "2")
    save(engine, MISSION, ANSWER, "5")
    result = undo_last(engine, CIO, "AM01")
    assert result.changes == ()
    assert [(c.proposed, c.current.after) for c in result.conflicts] == [("4", "5")]
    assert state(engine) == {ANSWER: "5"}


def test_asked_once_about_a_lost_save_the_next_undo_goes_further_back(engine):
    save(engine, CIO, PILOT, "CIO")
    save(engine, CIO, ANSWER, "2")
    save(engine, MISSION, ANSWER, "5")
    assert len(undo_last(engine, CIO, "AM01").conflicts) == 1
    result = undo_last(engine, CIO, "AM01")
    assert [(c.key, c.after) for c in result.changes] == [(PILOT, "")]
    assert undo_last(engine, CIO, "AM01") == SaveResult((), ())
    assert state(engine) == {ANSWER: "5"}
    assert len(read_conflicts(engine)) == 1


def test_a_question_answered_long_ago_is_not_taken_for_this_one(engine):
    save(engine, MISSION, ANSWER, "5")
    (conflict,) = save_edits(engine, CIO, [Edit(ANSWER, "1")]).conflicts
    resolve_conflict(engine, CIO, conflict.conflict_id, keep_proposed=True)
    save(engine, CIO, ANSWER, "2")
    save(engine, MISSION, ANSWER, "4")
    assert [(c.proposed, c.current.after) for c in undo_last(engine, CIO, "AM01").conflicts] == [("1", "4")]


def test_an_undo_is_that_of_ones_own_last_save_in_that_basin(engine):
    save(engine, MISSION, ANSWER, "4")
    save(engine, MISSION, ACTION, "Peu de suites")
    save(engine, CIO, PILOT, "CIO")
    save(engine, replace(MISSION, structure="PJJ"), STATUS, "done")
    assert undo_last(engine, REGIONAL, "AM01") == SaveResult((), ())
    undo_last(engine, MISSION, "AM01")
    assert state(engine) == {ACTION: "Peu de suites", PILOT: "CIO", STATUS: "done"}


def test_a_save_over_two_basins_is_undone_basin_by_basin(engine):
    save_edits(engine, MISSION, [Edit(ANSWER, "4"), Edit(ACTION, "Peu de suites")], cause="import")
    undo_last(engine, MISSION, "AM01")
    assert state(engine) == {ACTION: "Peu de suites"}
    undo_last(engine, MISSION, "NI12")
    assert state(engine) == {}


def test_a_choice_can_be_undone(engine):
    save(engine, CIO, ANSWER, "4")
    (conflict,) = save_edits(engine, MISSION, [Edit(ANSWER, "1")]).conflicts
    resolve_conflict(engine, MISSION, conflict.conflict_id, keep_proposed=True)
    undo_last(engine, MISSION, "AM01")
    assert state(engine) == {ANSWER: "4"}


# --- history ----------------------------------------------------------------------------------------------


def test_the_history_is_the_latest_first_and_is_narrowed_by_what_is_asked(engine):
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    edits = [(ANSWER, "4"), (EVIDENCE, "Réunion"), (PILOT, "CIO"), (ANSWER, "3"), (ACTION, "Peu de suites")]
    for minutes, (key, value) in enumerate(edits):
        save_edits(
            engine,
            MISSION,
            [Edit(key, value, seen(engine, key))],
            changed_at=start + timedelta(minutes=minutes),
        )
    assert [c.change_id for c in history(engine)] == [5, 4, 3, 2, 1]
    assert [c.change_id for c in read_history(engine, include_demonstration=False, limit=2)] == [5, 4]
    assert [c.change_id for c in history(engine, area_code="AM01")] == [4, 3, 2, 1]
    assert [c.change_id for c in history(engine, area_code="AM01", kind=RecordKind.MODALITY)] == [4, 3, 2, 1]
    assert [c.change_id for c in history(engine, record_key="shared_tools")] == [4, 2, 1]
    assert [c.change_id for c in history(engine, kind=RecordKind.ACTION)] == [5]
    narrowed = history(engine, area_code="AM01", record_key="shared_tools", field="frequency")
    assert [(c.before, c.after) for c in narrowed] == [("4", "3"), ("", "4")]
    assert narrowed[0].changed_at == start + timedelta(minutes=3)


def test_invented_and_real_changes_are_one_history_by_date(engine):
    replace_demonstration(engine, [invented(ANSWER, "2", 3), invented(PILOT, "CIO", 9)], {})
    save_edits(engine, CIO, [Edit(ANSWER, "4")], changed_at=datetime(2026, 1, 5, tzinfo=UTC))
    both = read_history(engine, include_demonstration=True)
    assert [(c.after, c.is_demonstration) for c in both] == [("CIO", True), ("4", False), ("2", True)]
    assert [c.after for c in history(engine)] == ["4"]


# --- layers -----------------------------------------------------------------------------------------------


def test_a_record_with_one_real_field_hides_all_that_was_invented_of_it(engine):
    replace_demonstration(
        engine, [invented(ANSWER, "2"), invented(EVIDENCE, "Inventé"), invented(PILOT, "Inventé")], {}
    )
    assert state(engine) == {}
    assert state(engine, demo=True) == {ANSWER: "2", EVIDENCE: "Inventé", PILOT: "Inventé"}
    result = save_edits(engine, CIO, [Edit(ANSWER, "4")])
    assert [(c.before, c.after) for c in result.changes] == [("", "4")], "nothing invented in a real history"
    assert state(engine, demo=True) == {ANSWER: "4", PILOT: "Inventé"}
    flags = {e.key: e.is_demonstration for e in read_entries(engine, include_demonstration=True)}
    assert flags == {ANSWER: False, PILOT: True}


def test_emptying_what_is_shown_of_an_invented_record_hides_it_and_undoing_that_shows_it_again(engine):
    replace_demonstration(engine, [invented(ANSWER, "2"), invented(EVIDENCE, "Inventé")], {})
    assert len(save_edits(engine, CIO, [Edit(ANSWER, "")]).changes) == 1
    assert state(engine, demo=True) == {}
    undo_last(engine, CIO, "AM01")
    assert state(engine, demo=True) == {ANSWER: "2", EVIDENCE: "Inventé"}
    assert save_edits(engine, CIO, [Edit(ANSWER, "3")]).conflicts == (), "as if it had never been written"
    undo_last(engine, CIO, "AM01")
    assert state(engine, demo=True) == {ANSWER: "2", EVIDENCE: "Inventé"}
    assert undo_last(engine, CIO, "AM01") == SaveResult((), ())


def test_an_undo_that_leaves_another_real_field_keeps_the_invented_record_hidden(engine):
    replace_demonstration(engine, [invented(ANSWER, "2"), invented(EVIDENCE, "Inventé")], {})
    save(engine, CIO, ANSWER, "4")
    save(engine, CIO, EVIDENCE, "Réunion")
    undo_last(engine, CIO, "AM01")
    assert state(engine, demo=True) == {ANSWER: "4"}


@pytest.mark.parametrize(
    "key", [ACTION_OF_AM01, replace(ACTION_OF_AM01, kind=RecordKind.RESOURCE, field="label")]
)
def test_an_invented_record_of_a_list_is_neither_edited_nor_taken_off_and_ones_own_is_added(engine, key):
    replace_demonstration(engine, [invented(key, "Inventé"), invented(PILOT, "Inventé")], {})
    for field, value in ((key.field, "À moi"), (key.field, ""), ("removed", "1")):
        with pytest.raises(InventedRecordError) as caught:
            save_edits(engine, CIO, [Edit(PILOT, "CIO"), Edit(replace(key, field=field), value)])
        assert caught.value.code == "inventory_invented"
    assert history(engine) == (), "nothing of such a save is written"
    own = replace(key, record_key="mine-0001")
    save_edits(engine, CIO, [Edit(own, "À moi")])
    assert state(engine, demo=True) == {key: "Inventé", PILOT: "Inventé", own: "À moi"}
    undo_last(engine, CIO, "AM01")
    assert state(engine, demo=True) == {key: "Inventé", PILOT: "Inventé"}


def test_what_was_written_once_over_an_invented_action_is_still_edited_and_undone(engine):
    save(engine, CIO, ACTION_OF_AM01, "À moi")
    replace_demonstration(engine, [invented(replace(ACTION_OF_AM01, field="pilot"), "Inventé")], {})
    save(engine, CIO, ACTION_OF_AM01, "À nous")
    assert state(engine, demo=True) == {ACTION_OF_AM01: "À nous"}
    (conflict,) = save_edits(engine, MISSION, [Edit(ACTION_OF_AM01, "À eux")]).conflicts
    undo_last(engine, CIO, "AM01")
    undo_last(engine, CIO, "AM01")
    assert state(engine, demo=True) == {replace(ACTION_OF_AM01, field="pilot"): "Inventé"}
    with pytest.raises(InventedRecordError):
        resolve_conflict(engine, CIO, conflict.conflict_id, keep_proposed=True)
    assert read_conflicts(engine) != ()
    resolve_conflict(engine, CIO, conflict.conflict_id, keep_proposed=False)
    assert read_conflicts(engine) == ()


def test_emptying_the_demonstration_keeps_real_entries_and_their_history(engine):
    changes = [invented(ANSWER, "2"), invented(ANSWER, "3", 2), invented(PILOT, "Inventé")]
    replace_demonstration(engine, changes, {"Comité inventé": datetime(2026, 1, 1, 18, tzinfo=UTC)})
    save(engine, CIO, ANSWER, "4")
    save(engine, CIO, ACTION_OF_AM01, "Peu de suites")
    real = history(engine)
    assert empty_demonstration(engine) == 2
    assert state(engine, demo=True) == {ANSWER: "4", ACTION_OF_AM01: "Peu de suites"}
    assert read_history(engine, include_demonstration=True) == real
    assert read_snapshots(engine, include_demonstration=True) == ()
    assert empty_demonstration(engine) == 0


def test_the_invented_layer_is_replaced_as_a_whole_and_in_the_order_of_its_days(engine):
    late, early = invented(ANSWER, "3", 9), invented(ANSWER, "2", 4)
    replace_demonstration(engine, [late, early], {})
    told = read_history(engine, include_demonstration=True)
    assert [(c.before, c.after, c.changed_at.day) for c in told] == [("2", "3", 9), ("", "2", 4)]
    assert all(c.change_id < 0 and c.batch_id < 0 for c in told)
    replace_demonstration(engine, [invented(PILOT, "CIO")], {})
    assert state(engine, demo=True) == {PILOT: "CIO"}
    assert len(read_history(engine, include_demonstration=True)) == 1


def test_an_invented_snapshot_gives_way_to_a_real_one_of_the_same_name(engine):
    day = datetime(2026, 1, 2, tzinfo=UTC)
    freeze_snapshot(engine, REGIONAL, "Comité", include_demonstration=True)
    replace_demonstration(engine, [invented(ANSWER, "2")], {"Comité": day, "Autre": day})
    found = read_snapshots(engine, include_demonstration=True)
    assert {(s.name, s.is_demonstration) for s in found} == {("Comité", False), ("Autre", True)}


# --- snapshots --------------------------------------------------------------------------------------------


def test_a_snapshot_never_changes_whatever_is_written_later(engine):
    save(engine, CIO, ANSWER, "4")
    save(engine, CIO, PILOT, "CIO")
    save(engine, CIO, PILOT, "")
    snapshot = freeze_snapshot(engine, REGIONAL, " Comité \n de mars ", include_demonstration=False)
    assert snapshot.name == "Comité de mars"
    assert not snapshot.is_demonstration
    frozen = read_snapshot_state(engine, snapshot.snapshot_id, include_demonstration=False)
    assert frozen == {ANSWER: "4"}
    save(engine, CIO, ANSWER, "5")
    save(engine, CIO, PILOT, "PJJ")
    undo_last(engine, CIO, "AM01")
    freeze_snapshot(engine, REGIONAL, "Comité de juin", include_demonstration=False)
    assert read_snapshot_state(engine, snapshot.snapshot_id, include_demonstration=False) == frozen
    assert read_snapshots(engine, include_demonstration=False)[0] == snapshot
    names = [s.name for s in read_snapshots(engine, include_demonstration=False)]
    assert names == ["Comité de mars", "Comité de juin"]


@pytest.mark.parametrize("name", ["", " \n\u200b ", "Comité", "  Comité\u00a0"])
def test_a_snapshot_needs_a_name_of_its_own(engine, name):
    freeze_snapshot(engine, REGIONAL, "Comité", include_demonstration=False)
    with pytest.raises(UserFacingError) as caught:
        freeze_snapshot(engine, REGIONAL, name, include_demonstration=False)
    assert caught.value.code == "snapshot_name"
    assert len(read_snapshots(engine, include_demonstration=True)) == 1


def test_a_real_snapshot_that_held_invented_values_loses_only_them(engine):
    replace_demonstration(engine, [invented(ANSWER, "2"), invented(PILOT, "Inventé")], {})
    save(engine, CIO, ANSWER, "4")
    number = freeze_snapshot(engine, REGIONAL, "Comité", include_demonstration=True).snapshot_id
    without = read_snapshot_state(engine, number, include_demonstration=False)
    whole = read_snapshot_state(engine, number, include_demonstration=True)
    assert (without, whole) == ({ANSWER: "4"}, {ANSWER: "4", PILOT: "Inventé"})
    empty_demonstration(engine)
    assert read_snapshot_state(engine, number, include_demonstration=True) == {ANSWER: "4"}
    assert [s.name for s in read_snapshots(engine, include_demonstration=False)] == ["Comité"]


def test_an_invented_snapshot_holds_what_was_invented_until_its_day(engine):
    changes = [invented(ANSWER, "2", 1), invented(PILOT, "CIO", 2), invented(ANSWER, "5", 9)]
    days = {"Hiver": datetime(2026, 1, 2, 12, tzinfo=UTC), "Été": datetime(2026, 1, 20, tzinfo=UTC)}
    replace_demonstration(engine, changes, days)
    first, second = read_snapshots(engine, include_demonstration=True)
    assert (first.name, second.name) == ("Hiver", "Été")
    assert read_snapshot_state(engine, first.snapshot_id, include_demonstration=True) == {
        ANSWER: "2",
        PILOT: "CIO",
    }
    assert read_snapshot_state(engine, second.snapshot_id, include_demonstration=True)[ANSWER] == "5"
    assert read_snapshots(engine, include_demonstration=False) == ()
    assert read_snapshot_state(engine, second.snapshot_id, include_demonstration=False) == {}


# --- what the pages keep ----------------------------------------------------------------------------------


def test_the_mark_changes_with_everything_that_a_page_shows(engine):
    marks = [state_mark(engine)]

    def note() -> None:
        marks.append(state_mark(engine))

    replace_demonstration(engine, [invented(ANSWER, "2")], {})
    note()
    replace_demonstration(engine, [invented(ANSWER, "3")], {})
    note()
    save(engine, CIO, ANSWER, "4")
    note()
    (conflict,) = save_edits(engine, MISSION, [Edit(ANSWER, "1")]).conflicts
    note()
    resolve_conflict(engine, MISSION, conflict.conflict_id, keep_proposed=False)
    save_edits(engine, MISSION, [Edit(ANSWER, "2")])
    note()
    undo_last(engine, CIO, "AM01")
    note()
    freeze_snapshot(engine, REGIONAL, "Comité", include_demonstration=True)
    note()
    empty_demonstration(engine)
    note()
    assert len(set(marks)) == len(marks)


def test_entries_become_the_frames_of_the_pages(engine):
    save_edits(
        engine,
        CIO,
        [
            Edit(LEVEL, "4"),
            Edit(replace(LEVEL, field="rated_on"), "2026-03-02"),
            Edit(replace(LEVEL, record_key="cfa>cio", field="evidence"), "À dire"),
            Edit(replace(STATUS, field="since_on"), "2024-09-01"),
            Edit(replace(STATUS, record_key="evaluation"), "not_done"),
        ],
        changed_at=datetime(2026, 5, 4, 10, tzinfo=UTC),
    )
    entries = read_entries(engine, include_demonstration=True)
    ratings, modalities = rating_frame(entries), modality_frame(entries)
    assert ratings[["from_partner", "to_partner", "evidence"]].values.tolist() == [
        ["cfa", "cio", "À dire"],
        ["cio", "pjj", ""],
    ]
    assert ratings["level"].tolist() == [pd.NA, 4], "not reported is no zero"
    assert ratings["rated_on"].isna().tolist() == [True, False]
    assert modalities[["modality", "status"]].values.tolist() == [
        ["evaluation", "not_done"],
        ["handover", "not_reported"],
    ]
    assert modalities["updated_on"].tolist() == [pd.Timestamp("2026-05-04")] * 2
    for build, full in ((rating_frame, ratings), (modality_frame, modalities)):
        pd.testing.assert_series_equal(build(()).dtypes, full.dtypes)
    assert str(ratings["level"].dtype) == "Int64"
    assert str(modalities["since_on"].dtype) == "datetime64[s]"


# --- whose level it is, and of which day ------------------------------------------------------------------

RATED_BY, RATED_ON = (replace(LEVEL, field=name) for name in SIGNATURE)
MARCH, JUNE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC)


NAMES = {"cio": "Le CIO"}


def test_a_new_level_takes_the_structure_of_its_line_and_the_day_in_france_and_the_history_says_who(engine):
    save_edits(engine, MISSION, [Edit(LEVEL, "4")], changed_at=MARCH, partner_names=NAMES)
    assert state(engine) == {LEVEL: "4", RATED_BY: "Le CIO", RATED_ON: "2026-03-03"}
    typist = {c.actor_structure for c in history(engine)}
    assert typist == {"Mission locale"}, "who typed is in the history"
    again = [Edit(LEVEL, "2", seen(engine, LEVEL))]
    result = save_edits(engine, REGIONAL, again, changed_at=JUNE, partner_names=NAMES)
    assert state(engine) == {LEVEL: "2", RATED_BY: "Le CIO", RATED_ON: "2026-06-01"}
    assert {(c.key, c.before, c.after) for c in result.changes} == {
        (LEVEL, "4", "2"),
        (RATED_ON, "2026-03-03", "2026-06-01"),
    }
    undo_last(engine, REGIONAL, "AM01")
    assert state(engine) == {LEVEL: "4", RATED_BY: "Le CIO", RATED_ON: "2026-03-03"}


def test_a_structure_without_a_name_signs_by_its_code(engine):
    save_edits(engine, MISSION, [Edit(LEVEL, "4")])
    assert state(engine)[RATED_BY] == "cio"


def test_who_and_when_said_in_the_same_save_are_kept_as_they_were_said(engine):
    save_edits(engine, CIO, [Edit(LEVEL, "4"), Edit(RATED_BY, "Proviseure")], changed_at=MARCH)
    assert state(engine) == {LEVEL: "4", RATED_BY: "Proviseure", RATED_ON: "2026-03-03"}
    edits = [Edit(key, value, seen(engine, key)) for key, value in ((LEVEL, "3"), (RATED_ON, "2026-05-20"))]
    save_edits(engine, MISSION, edits, cause="import", changed_at=JUNE, partner_names=NAMES)
    assert state(engine) == {LEVEL: "3", RATED_BY: "Le CIO", RATED_ON: "2026-05-20"}


def test_a_level_that_stays_and_any_other_field_sign_nothing(engine):
    save_edits(engine, CIO, [Edit(LEVEL, "4")], changed_at=MARCH)
    at = seen(engine, LEVEL)
    assert save_edits(engine, MISSION, [Edit(LEVEL, "4", at)]) == SaveResult((), ())
    evidence = Edit(replace(LEVEL, field="evidence"), "Une liste")
    result = save_edits(engine, MISSION, [evidence], changed_at=JUNE)
    assert {c.key.field for c in result.changes} == {"evidence"}


def test_a_level_that_is_emptied_is_no_longer_anyone_s_and_one_undo_gives_all_back(engine):
    save_edits(engine, CIO, [Edit(LEVEL, "4")], changed_at=MARCH, partner_names=NAMES)
    save_edits(engine, CIO, [Edit(LEVEL, "", seen(engine, LEVEL))], changed_at=JUNE, partner_names=NAMES)
    assert state(engine) == {}
    undo_last(engine, CIO, "AM01")
    assert state(engine) == {LEVEL: "4", RATED_BY: "Le CIO", RATED_ON: "2026-03-03"}


def test_a_level_that_waits_for_a_choice_is_one_question_and_chosen_it_keeps_the_day_it_was_said(engine):
    save_edits(engine, CIO, [Edit(LEVEL, "4")], changed_at=MARCH, partner_names=NAMES)
    late = [Edit(LEVEL, "1")]
    (conflict,) = save_edits(engine, MISSION, late, changed_at=JUNE, partner_names=NAMES).conflicts
    assert state(engine)[RATED_ON] == "2026-03-03"
    resolve_conflict(engine, CIO, conflict.conflict_id, keep_proposed=True, partner_names=NAMES)
    assert state(engine) == {LEVEL: "1", RATED_BY: "Le CIO", RATED_ON: "2026-06-01"}


# --- what a save takes off the screen ---------------------------------------------------------------------


def test_a_save_tells_the_invented_values_that_it_takes_off_the_screen_once(engine):
    replace_demonstration(engine, [invented(STATUS, "planned"), invented(PILOT, "CIO")], {})
    first = save_edits(engine, CIO, [Edit(PILOT, "Mission locale")])
    assert first.hidden == (STATUS,)
    assert save(engine, CIO, PILOT, "PJJ").hidden == ()
    assert first_real_saves(engine, "AM01") == {first.changes[0].batch_id}


def test_a_save_over_all_that_was_invented_takes_nothing_away(engine):
    signed = [invented(LEVEL, "2"), invented(RATED_BY, "Structure inventée")]
    replace_demonstration(engine, signed, {})
    assert save_edits(engine, CIO, [Edit(LEVEL, "3")]).hidden == ()


def test_an_invented_record_that_an_undo_brought_back_can_be_taken_away_again(engine):
    replace_demonstration(engine, [invented(STATUS, "planned"), invented(PILOT, "CIO")], {})
    save_edits(engine, CIO, [Edit(PILOT, "PJJ")])
    assert undo_last(engine, CIO, "AM01").hidden == ()
    assert save(engine, CIO, PILOT, "PJJ").hidden == (STATUS,)


# --- evidence ---------------------------------------------------------------------------------------------


def test_a_file_is_kept_byte_for_byte_and_its_place_is_an_entry(engine):
    content = bytes(range(256)) * 50
    first = add_attachment(engine, CIO, "AM01", "compte\x00 rendu.pdf", "application/pdf", content)
    second = add_attachment(engine, CIO, "AM01", "é" * 200 + ".png", "image/png", b"\x89PNG")
    key = replace(PILOT, field="attachments")
    save(engine, CIO, key, f"{first} {second}")
    known = read_attachments(engine, [*state(engine)[key].split(), "0" * 32])
    assert [(a.attachment_id, a.file_name, a.media_type, a.size) for a in known] == [
        (first, "compte rendu.pdf", "application/pdf", len(content)),
        (second, "é" * 116 + ".png", "image/png", 4),
    ]
    assert read_attachment_content(engine, first) == content
    with pytest.raises(UserFacingError) as caught:
        read_attachment_content(engine, "0" * 32)
    assert caught.value.code == "attachment_gone"
    undo_last(engine, CIO, "AM01")
    assert read_attachment_content(engine, second) == b"\x89PNG", "undone, it may be asked back"


# --- properties -------------------------------------------------------------------------------------------

_ACTORS = (CIO, MISSION, REGIONAL)
_KEYS = (LEVEL, ANSWER, EVIDENCE, PILOT)
_steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("save"),
            st.sampled_from(_ACTORS),
            st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(["", "1", "2", "3"]), min_size=1),
            st.integers(0, 3),
        ),
        st.tuples(st.just("undo"), st.sampled_from(_ACTORS)),
        st.tuples(st.just("choose"), st.sampled_from(_ACTORS), st.booleans()),
        st.tuples(st.just("freeze")),
    ),
    max_size=25,
)


def _memory_of_one_thread() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    return engine


def _own_last(changes: Iterable[Change], actor: Actor) -> bool:
    return any(c.actor_name == actor.name for c in changes)


@hypothesis_settings(max_examples=60)
@given(_steps)
def test_whatever_people_do_the_history_replays_to_the_present_and_to_each_snapshot(steps):
    engine = _memory_of_one_thread()
    views = [{}]  # what open pages have in front of them, the latest last
    frozen: dict[int, tuple[dict[FieldKey, str], int | None]] = {}
    proposed: set[tuple[FieldKey, str]] = set()
    for step in steps:
        before = {e.key: e for e in read_entries(engine, include_demonstration=False)}
        match step:
            case ("save", actor, values, age):
                page = views[max(len(views) - 1 - age, 0)]
                edits = [Edit(key, value, page.get(key)) for key, value in values.items()]
                result = save_edits(engine, actor, edits)
                proposed |= {(c.key, c.proposed) for c in result.conflicts}
                for key, value in values.items():
                    kept = {(c.key, c.after) for c in result.changes} | {
                        (c.key, c.proposed) for c in result.conflicts
                    }
                    is_there = (before[key].value if key in before else "") == value
                    assert (key, value) in kept or is_there, "what was typed is nowhere"
                for change in result.changes:
                    entry = before.get(change.key)
                    assert change.before == (entry.value if entry else "")
                    if change.key.field in SIGNATURE:
                        assert LEVEL in {c.key for c in result.changes}
                        continue
                    is_known = entry is None or page.get(change.key) == entry.change_id
                    assert is_known or (not entry.value and page.get(change.key) is None)
            case ("undo", actor):
                for change in undo_last(engine, actor, "AM01").changes:
                    assert change.cause == "undo"
                    assert _own_last(history(engine)[1:], actor)
            case ("choose", actor, keep):
                for conflict in read_conflicts(engine)[:1]:
                    resolve_conflict(engine, actor, conflict.conflict_id, keep_proposed=keep)
            case ("freeze",):
                name = f"Comité {len(frozen)}"
                number = freeze_snapshot(engine, REGIONAL, name, include_demonstration=False).snapshot_id
                last = max((c.change_id for c in history(engine)), default=0)
                frozen[number] = (state(engine), last)
        views.append({e.key: e.change_id for e in read_entries(engine, include_demonstration=False)})
        changes = history(engine)
        assert replay(changes) == state(engine)
        chain: dict[FieldKey, str] = {}
        for change in reversed(changes):
            assert change.before == chain.get(change.key, ""), "each change starts where the last one ended"
            chain[change.key] = change.after
    for number, (then, last) in frozen.items():
        found = read_snapshot_state(engine, number, include_demonstration=False)
        assert found == then == replay(history(engine), until=last)
    engine.dispose()


# --- at the same time -------------------------------------------------------------------------------------

_PROGRAM = """
import sys
from pathlib import Path
from observatory.config import Settings
from observatory.domain.inventory import Actor, Edit, FieldKey, RecordKind
from observatory.store.engine import open_store
from observatory.store.inventory_entries import read_entries
from observatory.store.inventory_saves import save_edits
from sqlalchemy import event
here, var_dir, url, who = Path("."), Path(sys.argv[1]), sys.argv[2], sys.argv[3]
engine = open_store(Settings(here, var_dir, here, url, True))
actor = Actor(who, "CIO", None)
shared = FieldKey("AM01", RecordKind.MODALITY, "handover", "description")
own = FieldKey("AM01", RecordKind.RESOURCE, f"res-{who}", "label")
def seen(key):
    entries = read_entries(engine, include_demonstration=False)
    return next((e.change_id for e in entries if e.key == key), None)
"""

_WRITER = (
    _PROGRAM
    + """
print("ready", flush=True)
sys.stdin.readline()
for i in range(int(sys.argv[4])):
    save_edits(engine, actor, [Edit(shared, f"{who}-{i}", seen(shared)), Edit(own, f"{who}-{i}", seen(own))])
"""
)

_KILLED = (
    _PROGRAM
    + """
import os, signal
@event.listens_for(engine, "after_cursor_execute")
def kill(connection, cursor, statement, *_):
    if statement.startswith(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
save_edits(engine, actor, [Edit(shared, "b", seen(shared)), Edit(own, "b", seen(own))])
"""
)


def start(program: str, settings, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(settings.var_dir), settings.database_url, *words],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SHARED = FieldKey("AM01", RecordKind.MODALITY, "handover", "description")


def all_that_was_kept(engine: Engine, key: FieldKey) -> set[str]:
    written = {c.after for c in history(engine) if c.key == key}
    return written | {c.proposed for c in read_conflicts(engine) if c.key == key}


def test_processes_that_write_the_same_field_and_their_own_lose_nothing(settings, engine):
    count, names = 12, ("p0", "p1", "p2")
    writers = [start(_WRITER, settings, name, str(count)) for name in names]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, trouble = writer.communicate(timeout=120)
        assert (writer.returncode, trouble) == (0, "")
    expected = {f"{name}-{i}" for name in names for i in range(count)}
    assert all_that_was_kept(engine, SHARED) == expected
    for name in names:
        own = FieldKey("AM01", RecordKind.RESOURCE, f"res-{name}", "label")
        assert [c.after for c in history(engine) if c.key == own] == [
            f"{name}-{i}" for i in reversed(range(count))
        ]
    assert replay(history(engine)) == state(engine)


def test_threads_that_start_from_the_same_page_give_one_value_and_as_many_conflicts(engine):
    barrier = threading.Barrier(6)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            barrier.wait()
            actor = Actor(f"Personne {number}", "CIO", None)
            save_edits(engine, actor, [Edit(SHARED, f"texte {number}")])
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(history(engine)) == 1
    assert len(read_conflicts(engine)) == 5
    assert all_that_was_kept(engine, SHARED) == {f"texte {number}" for number in range(6)}


def test_two_people_who_choose_at_the_same_time_are_not_both_heard(engine):
    save(engine, CIO, ANSWER, "4")
    (conflict,) = save_edits(engine, MISSION, [Edit(ANSWER, "1")]).conflicts
    barrier = threading.Barrier(2)
    told: list[str] = []

    def choose(*, keep: bool) -> None:
        barrier.wait()
        try:
            resolve_conflict(engine, REGIONAL, conflict.conflict_id, keep_proposed=keep)
            told.append("chosen")
        except UserFacingError as error:
            told.append(error.code)

    threads = [threading.Thread(target=choose, kwargs={"keep": keep}) for keep in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["chosen", "conflict_gone"]


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO cooperation_change", "UPDATE cooperation_entry", "INSERT INTO cooperation_entry"],
)
def test_a_writer_killed_in_the_middle_leaves_the_old_state_and_the_next_save_works(
    settings, engine, statement
):
    save(engine, CIO, SHARED, "a")
    killed = start(_KILLED, settings, "k", statement)
    _, trouble = killed.communicate(timeout=60)
    assert (killed.returncode, trouble) == (-signal.SIGKILL, "")
    after = open_store(settings)
    assert state(after) == {SHARED: "a"}
    assert len(history(after)) == 1
    assert save(after, CIO, SHARED, "c").conflicts == ()
    assert [(c.change_id, c.before, c.after) for c in history(after)] == [(2, "a", "c"), (1, "", "a")]
    after.dispose()


def test_writers_killed_at_any_moment_leave_whole_saves_only(settings, engine):
    for number in range(3):
        writer = start(_WRITER, settings, f"k{number}", "100000")
        assert writer.stdout.readline() == "ready\n"
        writer.stdin.write("go\n")
        writer.stdin.flush()
        own = FieldKey("AM01", RecordKind.RESOURCE, f"res-k{number}", "label")
        while own not in state(engine):
            assert writer.poll() is None
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate(timeout=60)
        assert replay(history(engine)) == state(engine)
        assert state(engine)[SHARED] == state(engine)[own], "both fields of a save or neither"
    assert save(engine, CIO, SHARED, "fin").conflicts == ()


def test_a_refused_write_leaves_nothing_half_done(engine):
    def fail(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO cooperation_entry"):
            raise RuntimeError("the power went")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        save_edits(engine, CIO, [Edit(ANSWER, "4")])
    event.remove(engine, "before_cursor_execute", fail)
    with engine.connect() as connection:
        for table in (cooperation_change, cooperation_snapshot_entry):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
    save(engine, CIO, ANSWER, "4")
    assert state(engine) == {ANSWER: "4"}


READ_ONLY = {
    "sqlite": {"PRAGMA query_only=ON": "read_only"},
    "postgresql": {
        "SET default_transaction_read_only=on": "read_only",
        "SET ROLE pg_read_all_data": "access_refused",
    },
}


def test_a_store_that_may_only_be_read_refuses_each_write_by_its_name_and_is_still_read(engine):
    save(engine, CIO, ANSWER, "4")
    writers = (
        lambda: save(engine, CIO, ANSWER, "5"),
        lambda: undo_last(engine, CIO, "AM01"),
        lambda: freeze_snapshot(engine, REGIONAL, "Comité", include_demonstration=True),
        lambda: add_attachment(engine, CIO, "AM01", "a.pdf", "application/pdf", b"%PDF"),
    )
    for statement, code in READ_ONLY[engine.dialect.name].items():

        def only_read(connection, _record, statement=statement):
            connection.execute(statement)
            connection.commit()

        engine.dispose()
        event.listen(engine, "connect", only_read)
        for write in writers:
            with pytest.raises(StoreError) as caught:
                write()
            assert caught.value.code == code
        assert state(engine) == {ANSWER: "4"}
        assert len(history(engine)) == 1
        event.remove(engine, "connect", only_read)
