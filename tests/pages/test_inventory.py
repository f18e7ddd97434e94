"""The basin view of the inventory without a browser: empty, invented, outside of the perimeter, read-only."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from observatory.config import current_settings
from observatory.ui import people
from tests.pages.screen import defects_of, html_of, text_of

SECTIONS = ("liens", "reseau", "modalites", "ressources", "diagnostic", "actions", "historique")
REAL = {"OBSERVATOIRE_DEMO": "non"}


@pytest.fixture
def person(monkeypatch):
    """Says who is in front of the screen: ``person(areas=["AM02"])``."""

    def be(name: str = "A. Exemple", areas: tuple[str, ...] = ("REG93",)) -> None:
        kept = quote(json.dumps({"n": name, "s": "Coordination du bassin", "p": list(areas)}), safe="")
        monkeypatch.setattr(people, "_cookie", lambda: kept)

    return be


def database_in_use() -> Path:
    return current_settings().var_dir / "observatoire.sqlite"


def grids(at) -> list[dict]:
    found = [json.loads(e.proto.json or "{}") for e in at.main if e.type == "bidi_component"]
    return [data for data in found if "writable" in data]


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("environ", [{}, REAL], ids=["demonstration", "empty"])
def test_a_section_is_whole_in_french_and_open_to_the_regional_team(app_test, person, section, environ):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": section}, environ=environ)
    assert not at.exception
    assert not at.error
    assert defects_of(text_of(at)) == []
    assert all(grid["writable"] for grid in grids(at))


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("environ", [{}, REAL], ids=["demonstration", "empty"])
def test_a_projected_section_is_whole_in_french(app_test, person, section, environ):
    person()
    query = {"bassin": "AM14", "section": section, "projection": "oui"}
    at = app_test("pages/cooperation.py", query=query, environ=environ)
    assert not at.exception
    assert defects_of(text_of(at)) == []


@pytest.mark.parametrize("section", SECTIONS)
def test_everyone_reads_and_nobody_writes_before_saying_who_they_are(app_test, section):
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": section})
    assert not at.exception
    assert not any(grid["writable"] for grid in grids(at))
    assert all(field.disabled for field in [*at.text_area, *at.text_input])


def test_outside_of_the_perimeter_the_page_says_why_it_is_read_only(app_test, person):
    person(areas=("AM02",))
    at = app_test("pages/cooperation.py", query={"bassin": "AM13"})
    (grid,) = grids(at)
    assert not grid["writable"]
    assert "n’est pas dans le périmètre" in " ".join(html_of(at))


def test_in_the_perimeter_the_same_person_writes(app_test, person):
    person(areas=("AM13",))
    (grid,) = grids(app_test("pages/cooperation.py", query={"bassin": "AM13"}))
    assert grid["writable"]


def test_an_empty_inventory_is_42_unknown_cells_and_no_banner(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13"}, environ=REAL)
    (grid,) = grids(at)
    cells = [cell for row in grid["rows"] for cell in row["cells"] if not cell["off"]]
    assert len(cells) == 42
    assert {(cell["value"], cell["seen"]) for cell in cells} == {("", None)}
    assert "obs-demo" not in " ".join(html_of(at))


def test_a_store_that_another_program_writes_keeps_what_was_typed_and_says_so(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": "diagnostic"}, environ=REAL)
    with closing(sqlite3.connect(database_in_use(), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        at.text_area[0].input("Un texte long.").run()
    assert not at.exception
    assert "obs-saved-problem" in " ".join(html_of(at))
    assert at.text_area[0].value == "Un texte long."


def test_a_field_is_saved_when_it_changes_and_its_history_is_told(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": "diagnostic"}, environ=REAL)
    at.text_area[0].input("Un hébergement.").run()
    assert at.text_area[0].value == "Un hébergement."
    at.segmented_control(key="cooperation_section").set_value("historique").run()
    shown = " ".join(html_of(at))
    assert "Un hébergement." in shown
    assert "A. Exemple, Coordination du bassin" in shown


def colleague_writes(database: Path, text: str) -> None:
    """Somebody else changes the field that was changed last, behind the page's back."""
    with closing(sqlite3.connect(database)) as connection:
        number = connection.execute("SELECT MAX(change_id) FROM cooperation_change").fetchone()[0]
        connection.execute(
            "INSERT INTO cooperation_change SELECT change_id + 1, batch_id + 1, changed_at, 'B. Second', "
            "actor_structure, cause, area_code, kind, record_key, field, after, ?, NULL, 0 "
            "FROM cooperation_change WHERE change_id = ?",
            (text, number),
        )
        connection.execute("UPDATE cooperation_entry SET value = ?, change_id = ?", (text, number + 1))
        connection.commit()


def button(at: AppTest, label: str) -> Button:
    return next(found for found in at.button if found.label == label)


def test_a_choice_never_overwrites_a_value_that_was_not_shown(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": "diagnostic"}, environ=REAL)
    at.text_area[0].input("Le premier.").run()
    database = database_in_use()
    colleague_writes(database, "Le second.")
    at.text_area[0].input("Le troisième.").run()
    colleague_writes(database, "Le quatrième.")
    button(at, "Prendre l’autre").click().run()
    shown = " ".join(html_of(at))
    assert "relisez les deux" in shown
    for text in ("Le troisième.", "Le quatrième."):
        assert text in shown
    button(at, "Prendre l’autre").click().run()
    assert at.text_area[0].value == "Le troisième."


def test_a_field_that_a_colleague_changed_is_a_conflict_with_both_values(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": "diagnostic"}, environ=REAL)
    at.text_area[0].input("Le premier.").run()
    colleague_writes(database_in_use(), "Le second.")
    at.text_area[0].input("Le troisième.").run()
    shown = " ".join(html_of(at))
    assert "À départager" in shown
    folded = next(found.label for found in at.expander if found.label.startswith("À départager"))
    assert "Besoins des publics" in folded, "the field is named before one unfolds"
    for text in ("Le second.", "Le troisième.", "B. Second"):
        assert text in shown
    button(at, "Prendre l’autre").click().run()
    assert at.text_area[0].value == "Le troisième."
    assert "coop-conflict" not in " ".join(html_of(at))


def test_the_regional_team_is_one_choice_and_writes_everywhere(app_test, monkeypatch):
    monkeypatch.setattr(people, "_cookie", lambda: "")
    at = app_test("pages/cooperation.py", query={"bassin": "NI06"}, environ=REAL)
    at.session_state["identity_menu"] = True
    at.run()
    at.text_input(key="identity_name").input("R. Exemple")
    at.selectbox(key="identity_structure").select("Équipe régionale")
    at.multiselect(key="identity_perimeter").set_value([])
    next(found for found in at.button if found.label == "Enregistrer").click()
    at.run()
    actor = at.session_state["actor"]
    assert (actor.name, actor.structure, actor.perimeter) == ("R. Exemple", "Équipe régionale", None)
    (grid,) = grids(at)
    assert grid["writable"]


def test_no_banner_says_invented_where_all_that_is_shown_was_entered(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM02"}, environ=REAL)
    assert "obs-demo" not in " ".join(html_of(at))


def test_the_banner_says_partly_as_soon_as_something_is_entered_beside_what_is_invented(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM13"})
    assert "affiché est inventé" in " ".join(html_of(at))
    at = app_test("pages/cooperation.py", query={"bassin": "AM13", "section": "modalites"})
    next(found for found in at.text_input if found.label == "Pilote").input("CIO").run()
    shown = " ".join(html_of(at))
    assert "est en partie inventé" in shown
    assert "La fiche inventée" in shown


def test_a_refused_text_keeps_its_reason_after_another_field_is_saved(app_test, person):
    person()
    at = app_test("pages/cooperation.py", query={"bassin": "AM02", "section": "modalites"}, environ=REAL)
    field = next(found for found in at.text_input if found.label == "Participants")
    field.input("x" * 401).run()
    next(found for found in at.text_input if found.label == "Outils utilisés").input("Un tableau").run()
    kept = [json.loads(e.proto.json or "{}") for e in at.main if e.type == "bidi_component"]
    (fields,) = [data["fields"] for data in kept if "fields" in data]
    assert "trop long" in fields["field:AM02:modality:identification:participants"]["problem"]
    assert fields["field:AM02:modality:identification:tools"]["stored"] == "Un tableau"
    assert next(f for f in at.text_input if f.label == "Participants").value == "x" * 401
