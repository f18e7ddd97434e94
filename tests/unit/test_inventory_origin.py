"""What is real and what is invented of the inventory, told basin by basin and cell by cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from observatory.domain.inventory import Change, RecordKind
from observatory.views.cooperation_page import build_basin_cooperation
from observatory.views.inventory_grid import modality_grid, rating_grid
from observatory.views.inventory_history import history_lines
from observatory.views.inventory_origin import Origin, banner, basins_with_invented, origin_of, shown_origin
from observatory.views.inventory_records import basin_records
from observatory.views.map_export import build_report_map
from observatory.views.map_readings import build_map_view
from observatory.views.selection import Reading, Selection, conform
from tests.unit.inventory_factory import WRITTEN_AT, observatory_of, say

REAL = say("AM01", RecordKind.RATING, "cio>pjj", "level", "2")
INVENTED = say("AM01", RecordKind.RATING, "pjj>cio", "level", "3", invented=True)
ELSEWHERE = say("AM02", RecordKind.RATING, "pjj>cio", "level", "3", invented=True)
PLANNED = say("AM01", RecordKind.MODALITY, "handover", "status", "planned", invented=True)


@pytest.mark.parametrize(
    ("entries", "origin"),
    [
        ((), Origin.REAL),
        ((REAL,), Origin.REAL),
        ((INVENTED,), Origin.INVENTED),
        ((REAL, INVENTED), Origin.PARTLY_INVENTED),
        ((REAL, replace(INVENTED, value="")), Origin.REAL),
        ((REAL, replace(INVENTED, key=replace(INVENTED.key, field="rated_by"))), Origin.REAL),
    ],
)
def test_only_what_is_said_counts(entries, origin):
    assert origin_of(entries) is origin


def test_what_was_taken_off_a_list_is_no_longer_shown():
    fields = (("action", "Une"), ("removed", "1"))
    gone = [say("AM01", RecordKind.ACTION, "aaaa", name, value, invented=True) for name, value in fields]
    assert origin_of(gone) is Origin.REAL


def test_each_basin_is_told_for_itself():
    observatory = observatory_of([REAL, ELSEWHERE])
    assert shown_origin(observatory, {"AM01"}) is Origin.REAL
    assert shown_origin(observatory, {"AM02"}) is Origin.INVENTED
    assert shown_origin(observatory) is Origin.PARTLY_INVENTED
    assert basins_with_invented(observatory) == {"AM02"}


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([], "aucun enregistrement"),
        ([REAL], "déclarée par les structures des bassins"),
        ([ELSEWHERE], "données de démonstration, inventées"),
        ([REAL, ELSEWHERE], "déclarée par des structures, en partie inventée pour la démonstration"),
    ],
)
@pytest.mark.parametrize("reading", [Reading.COOPERATION, Reading.PRIORITIES])
def test_the_source_line_of_a_map_tells_how_much_is_invented(entries, told, reading):
    observatory = observatory_of(entries)
    chosen = conform(Selection("AM01", (), reading, "", None, False), observatory.catalogue)
    assert told in build_map_view(observatory, chosen).source.lower()


def test_invented_values_are_marked_only_beside_real_ones():
    for entries, marked in (([INVENTED, PLANNED], False), ([REAL, INVENTED, PLANNED], True)):
        observatory = observatory_of(entries)
        records = basin_records(observatory, "AM01")
        matrix = rating_grid(build_basin_cooperation(observatory, "AM01"), records)
        states = modality_grid(records)
        found = [key for grid in (matrix, states) for key, cell in grid.cells.items() if cell.invented]
        assert found == (["pjj>cio", "handover"] if marked else [])
        (detail,) = [row.detail for row in states.rows if row.cells[0].key == "handover"]
        assert detail == ("inventé" if marked else "")


def test_the_history_tells_the_save_that_took_the_place_of_an_invented_record():
    observatory = observatory_of([REAL])
    changes = [
        Change(number, number, WRITTEN_AT, "A. Exemple", "CIO", "edit", REAL.key, "", "2")
        for number in (7, 8)
    ]
    lines = history_lines(changes, basin_records(observatory, "AM01"), observatory.catalogue, {7})
    assert [line.cause for line in lines] == ["saisie, à la place d’une fiche inventée", "saisie"]


def test_the_state_is_dated_by_the_latest_entry_whatever_its_field_in_french_time():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    evidence = replace(REAL, key=replace(REAL.key, field="evidence"), value="Une liste", changed_at=late)
    shown = build_basin_cooperation(observatory_of([REAL, evidence]), "AM01")
    assert "état au 24 novembre 2026" in shown.known


def test_the_banner_tells_what_is_invented_and_no_more():
    for with_campaign in (False, True):
        for is_short in (False, True):
            part = banner(Origin.PARTLY_INVENTED, with_campaign=with_campaign, is_short=is_short)
            whole = banner(Origin.INVENTED, with_campaign=with_campaign, is_short=is_short)
            assert "en partie" in part
            assert "en partie" not in whole
            assert ("campagne" in part) == ("campagne" in whole) == with_campaign
    assert banner(Origin.REAL) == ""
    assert "inventaire" not in banner(Origin.REAL, with_campaign=True)


def test_a_map_of_the_inventory_says_that_a_part_of_it_was_really_entered():
    part, whole = "en partie inventé", "est inventé"
    for entries, said in (([REAL, ELSEWHERE], part), ([ELSEWHERE], whole), ([REAL], "")):
        region = observatory_of(entries)
        for reading in (Reading.COOPERATION, Reading.PRIORITIES):
            chosen = conform(Selection("AM01", (), reading, "", None, False), region.catalogue)
            told = build_report_map(build_map_view(region, chosen), "AM01", WRITTEN_AT.date()).banner
            assert said in told
            assert bool(told) == bool(said)
