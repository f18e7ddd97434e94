"""Invented actions and resources in the basin view: read as examples, with the place to add one's own."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from urllib.parse import quote

import pytest

from observatory.config import current_settings
from observatory.ui import people
from tests.pages.screen import defects_of, html_of, place_of_a_new_line, plain, text_of

INVENTED = {"actions": "action", "ressources": "resource"}


@pytest.fixture
def regional_team(monkeypatch):
    kept = quote(json.dumps({"n": "A. Exemple", "s": "Coordination du bassin", "p": ["REG93"]}), safe="")
    monkeypatch.setattr(people, "_cookie", lambda: kept)


def open_example(app_test, section: str):
    """The section with its first invented record open."""
    at = app_test("pages/cooperation.py", query={"bassin": "AM14", "section": section})
    first = grid(at)["rows"][0]["cells"][0]["key"]
    at.session_state[f"grid_opened:AM14.{INVENTED[section]}"] = first
    return at.run()


def real_fields(kind: str) -> int:
    """Fields of a kind that somebody wrote."""
    path = current_settings().var_dir / "observatoire.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT COUNT(*) FROM cooperation_entry WHERE kind = ? AND NOT is_demonstration", (kind,)
        ).fetchone()[0]


def grid(at) -> dict:
    found = [json.loads(e.proto.json or "{}") for e in at.main if e.type == "bidi_component"]
    return next(data for data in found if "writable" in data)


@pytest.mark.parametrize(
    ("section", "add"), [("actions", "Ajouter une action"), ("ressources", "Ajouter une ressource")]
)
def test_an_example_is_read_says_what_it_is_and_how_to_add_ones_own(app_test, regional_team, section, add):
    at = open_example(app_test, section)
    shown = plain(" ".join(html_of(at)))
    assert f"Exemple inventé, il ne se modifie pas : ajoutez le vôtre avec « {add} »." in shown
    place = place_of_a_new_line(at)
    assert place.label.startswith(add)
    assert not place.disabled
    others = [*at.text_area, *at.text_input, *at.selectbox, *at.date_input, *at.segmented_control]
    fields = [found for found in others if str(found.key).startswith("field:") and found.key != place.key]
    assert fields
    assert all(field.disabled for field in fields)
    assert "Retirer de la liste" not in [button.label for button in at.button]
    assert all(cell["fixed"] for row in grid(at)["rows"] for cell in row["cells"])
    assert defects_of(text_of(at)) == []


def test_ones_own_action_is_added_beside_the_examples_and_can_be_changed(app_test, regional_team):
    at = open_example(app_test, "actions")
    before = len(grid(at)["rows"])
    place_of_a_new_line(at).input("Navette du mercredi").run()
    rows = grid(at)["rows"]
    assert len(rows) == before + 1
    assert [row["cells"][0]["fixed"] for row in rows if row["label"] == "Navette du mercredi"] == [False]
    field = next(f for f in at.text_input if f.label == "Pilote")
    field.input("CIO").run()
    assert not at.exception
    assert "Exemple inventé, il" not in " ".join(html_of(at))
    assert real_fields("action") == 2, "nobody has said where it stands"


def test_undo_after_adding_takes_ones_own_away_and_leaves_the_examples(app_test, regional_team):
    at = open_example(app_test, "ressources")
    before = [row["label"] for row in grid(at)["rows"]]
    place_of_a_new_line(at).input("École de la deuxième chance").run()
    at.button(key="undo").click().run()
    assert [row["label"] for row in grid(at)["rows"]] == before
