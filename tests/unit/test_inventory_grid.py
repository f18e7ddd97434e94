"""What a person fills in: grids, records, and what the browser may send back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import Change, Entry, FieldKey, RecordKind
from observatory.views.cooperation_page import build_basin_cooperation
from observatory.views.inventory_grid import (
    MAXIMUM_ITEMS,
    Entered,
    action_grid,
    due_text,
    modality_grid,
    open_actions,
    rating_grid,
    read_entered,
    resource_grid,
)
from observatory.views.inventory_history import history_lines, moment_text
from observatory.views.inventory_records import basin_records
from tests.unit.computed_observatory import make_observatory, rating

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def entry(kind: str, key: str, field: str, value: str, number: int = 1, **changes) -> Entry:
    return Entry(
        FieldKey(changes.pop("area", "AM01"), RecordKind(kind), key, field),
        value,
        number,
        AT,
        "A. Exemple",
        "CIO",
        **changes,
    )


def records_of(*entries: Entry):
    return basin_records(replace(make_observatory(), entries=entries), "AM01")


def grid_of(*entries: Entry):
    observatory = replace(make_observatory(), entries=entries)
    return rating_grid(build_basin_cooperation(observatory, "AM01"), basin_records(observatory, "AM01"))


class TestRecords:
    def test_the_records_of_another_basin_are_not_there(self):
        records = records_of(entry("rating", "cio>pjj", "level", "3", area="AM02"))
        assert records.find(RecordKind.RATING, "cio>pjj").entries == {}

    def test_an_invented_value_was_seen_as_nothing_to_write_over(self):
        real = records_of(entry("rating", "cio>pjj", "level", "3", 7)).find(RecordKind.RATING, "cio>pjj")
        invented = records_of(entry("rating", "cio>pjj", "level", "3", -7, is_demonstration=True)).find(
            RecordKind.RATING, "cio>pjj"
        )
        assert (real.seen("level"), invented.seen("level"), real.seen("evidence")) == (7, None, None)

    def test_what_was_taken_off_the_list_is_not_listed(self):
        records = records_of(
            entry("action", "aaaa", "action", "Une", 1),
            entry("action", "bbbb", "action", "Deux", 2),
            entry("action", "bbbb", "removed", "1", 3),
        )
        assert [record.title for record in records.listed(RecordKind.ACTION)] == ["Une"]

    def test_an_action_is_named_by_its_own_words_and_a_link_by_its_structures(self):
        records = records_of(entry("action", "aaaa", "action", "Navette"))
        assert records.find(RecordKind.ACTION, "aaaa").title == "Navette"
        assert records.find(RecordKind.RATING, "cio>pjj").title == "CIO à propos de PJJ"

    def test_only_an_invented_record_of_a_list_is_an_example(self):
        records = records_of(
            entry("action", "aaaa", "action", "Inventée", -3, is_demonstration=True),
            entry("resource", "bbbb", "label", "À nous", 4),
            entry("modality", "handover", "status", "done", -5, is_demonstration=True),
        )
        found = {record.key: record.is_example for record in records.records.values()}
        assert found == {"aaaa": True, "bbbb": False, "handover": False}


class TestGrids:
    def test_the_matrix_has_42_cells_that_take_a_value_and_none_on_its_diagonal(self):
        grid = grid_of()
        assert len(grid.cells) == 42
        assert all(row.cells[position].off for position, row in enumerate(grid.rows))

    def test_a_cell_holds_the_value_and_the_change_that_it_shows(self):
        grid = grid_of(entry("rating", "cio>pjj", "level", "0", 12))
        cell = grid.cells["cio>pjj"]
        assert (cell.value, cell.seen, cell.about) == ("0", 12, "CIO à propos de PJJ")
        assert grid.cells["pjj>cio"].value == ""

    def test_both_sides_of_a_link_seen_differently_are_framed(self):
        observatory = make_observatory(
            ratings=[rating("AM01", "cio", "pjj", 5), rating("AM01", "pjj", "cio", 1)]
        )
        grid = rating_grid(build_basin_cooperation(observatory, "AM01"), basin_records(observatory, "AM01"))
        assert {key for key, cell in grid.cells.items() if cell.framed} == {"cio>pjj", "pjj>cio"}

    def test_every_choice_has_a_key_of_its_own_and_not_reported_is_no_choice(self):
        for grid in (grid_of(), modality_grid(records_of()), action_grid(records_of(), TODAY)):
            keys = [choice.key for choice in grid.choices]
            assert len(set(keys)) == len(keys)
            assert "" not in {choice.value for choice in grid.choices}
            assert grid.payload()["unknown"]["label"] == "non renseigné"  # type: ignore[index]

    def test_the_eleven_modalities_are_there_reported_or_not(self):
        grid = modality_grid(records_of(entry("modality", "handover", "status", "done")))
        assert list(grid.cells) == [modality.value for modality in Modality]
        assert grid.cells["handover"].value == "done"

    def test_an_invented_action_or_resource_says_so_and_does_not_change(self):
        records = records_of(
            entry("action", "aaaa", "action", "Inventée", -3, is_demonstration=True),
            entry("action", "bbbb", "action", "À nous", 4),
            entry("resource", "cccc", "label", "Inventée", -5, is_demonstration=True),
        )
        rows = (*action_grid(records, TODAY).rows, *resource_grid(records).rows)
        assert [(row.label, row.detail, row.cells[0].fixed) for row in rows] == [
            ("Inventée", "exemple inventé", True),
            ("À nous", "", False),
            ("Inventée", "exemple inventé", True),
        ]

    def test_resources_open_and_take_no_value(self):
        grid = resource_grid(records_of(entry("resource", "aaaa", "label", "École", 1)))
        assert [row.label for row in grid.rows] == ["École"]
        assert grid.choices == ()

    @pytest.mark.parametrize(
        ("state", "text"),
        [
            ("open", "échéance passée, le 1er juin 2026"),
            ("late", "échéance passée, le 1er juin 2026"),
            ("kept", "pour le 1er juin 2026"),
        ],
    )
    def test_a_deadline_is_past_only_while_nothing_became_of_the_action(self, state, text):
        records = records_of(
            entry("action", "aaaa", "action", "Une", 1),
            entry("action", "aaaa", "due_on", "2026-06-01", 2),
            entry("action", "aaaa", "state", state, 3),
        )
        assert due_text(records.find(RecordKind.ACTION, "aaaa"), TODAY) == text

    def test_actions_that_are_kept_or_dropped_are_no_longer_open(self):
        records = records_of(
            *(
                entry("action", key, field, value, number)
                for number, (key, field, value) in enumerate(
                    [
                        ("aaaa", "action", "Une"),
                        ("bbbb", "action", "Deux"),
                        ("bbbb", "state", "kept"),
                        ("cccc", "action", "Trois"),
                        ("cccc", "state", "late"),
                    ],
                    start=1,
                )
            )
        )
        assert [record.title for record in open_actions(records)] == ["Une", "Trois"]


class TestWhatTheBrowserSends:
    def test_a_message_gives_its_number_and_its_values(self):
        grid = grid_of()
        message = {"grid": grid.name, "number": 5.5, "items": [["cio>pjj", "3", None], ["cio>cfa", "", 8]]}
        assert read_entered(message, grid) == (
            5.5,
            (Entered("cio>pjj", "3", None), Entered("cio>cfa", "", 8)),
        )

    def test_what_is_not_in_the_grid_is_let_go(self):
        grid = grid_of()
        items = [
            ["cio>cio", "3", None],
            ["cio>pjj", "6", None],
            ["cio>pjj", 3, None],
            ["cio>pjj", "3", "7"],
            ["cio>pjj", "3", True],
            ["cio>pjj", "3"],
            "cio>pjj",
        ]
        assert read_entered({"grid": grid.name, "number": 1, "items": items}, grid)[1] == ()

    def test_a_message_for_another_basin_is_let_go(self):
        message = {"grid": "AM02.rating", "number": 1, "items": [["cio>pjj", "3", None]]}
        assert read_entered(message, grid_of()) == (0.0, ())

    def test_a_message_changes_no_more_than_a_grid_holds(self):
        grid = grid_of()
        items = [["cio>pjj", "3", None]] * 500
        assert len(read_entered({"grid": grid.name, "number": 1, "items": items}, grid)[1]) == MAXIMUM_ITEMS

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(st.sampled_from(["grid", "number", "items"]), inner)
            ),
            max_leaves=12,
        )
    )
    def test_whatever_is_sent_gives_cells_of_the_grid_or_nothing(self, raw):
        grid = grid_of()
        if isinstance(raw, dict):
            raw = {**raw, "grid": grid.name}
        _, items = read_entered(raw, grid)
        assert all(item.cell in grid.cells for item in items)


class TestHistory:
    def test_a_change_is_told_in_words_with_who_and_when(self):
        key = FieldKey("AM01", RecordKind.RATING, "cio>pjj", "level")
        change = Change(1, 1, AT, "A. Exemple", "CIO", "undo", key, "", "3")
        (line,) = history_lines([change], records_of(), make_observatory().catalogue)
        assert (line.what, line.before, line.after) == (
            "CIO à propos de PJJ · Niveau",
            "non renseigné",
            "3 – se coordonnent",
        )
        assert (line.who, line.cause) == ("A. Exemple, CIO", "annulation")

    def test_an_indicator_is_told_by_its_name_and_files_by_their_number(self):
        catalogue = make_observatory().catalogue
        code = next(iter(catalogue.indicators))
        keys = [
            FieldKey("AM01", RecordKind.ACTION, "aaaa", "indicator"),
            FieldKey("AM01", RecordKind.MODALITY, "handover", "attachments"),
        ]
        values = [code, f"{'a' * 32} {'b' * 32}"]
        changes = [Change(1, 1, AT, "A", "CIO", "edit", k, "", v) for k, v in zip(keys, values, strict=True)]
        told = [line.after for line in history_lines(changes, records_of(), catalogue)]
        assert told == [catalogue.indicators[code].label, "2 pièces jointes"]

    def test_an_instant_is_told_in_the_hour_of_france_summer_and_winter(self):
        assert moment_text(datetime(2026, 7, 1, 22, 5, tzinfo=UTC)).startswith("2 juillet 2026, 0")
        assert moment_text(datetime(2026, 12, 1, 22, 5, tzinfo=UTC)).startswith("1er décembre 2026, 23")


def test_every_structure_has_its_line_and_its_column():
    grid = grid_of()
    assert len(grid.rows) == len(grid.columns) == len(Partner)
