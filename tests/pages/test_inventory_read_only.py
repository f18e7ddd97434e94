"""The basin view on a database that can be read and not written: nothing is lost, and the page says so."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from urllib.parse import quote

import pytest
import streamlit as st

from observatory.config import current_settings
from observatory.ui import people
from tests.pages.screen import html_of, place_of_a_new_line, text_of

REAL = {"OBSERVATOIRE_DEMO": "non"}
NOTHING_SAVED = "Rien n’a été enregistré."


@pytest.fixture
def read_only(app_test, monkeypatch):
    """The application whose every connection is opened read-only by SQLite itself, for the regional team.

    File permissions would not do: they do not hold back the administrator, as whom tests may run.
    """
    connect, opened = sqlite3.connect, []

    def connect_to_read(address, **options):
        opened.append(str(address).replace("?mode=rw", "?mode=ro"))
        return connect(opened[-1], **options)

    kept = quote(json.dumps({"n": "A. Exemple", "s": "Coordination du bassin", "p": ["REG93"]}), safe="")
    monkeypatch.setattr(people, "_cookie", lambda: kept)

    def run(section: str):
        st.cache_resource.clear()  # connections of a test before this one may write
        monkeypatch.setattr(sqlite3, "connect", connect_to_read)
        return app_test("pages/cooperation.py", query={"bassin": "AM13", "section": section}, environ=REAL)

    yield run
    assert any("?mode=ro" in address for address in opened)
    monkeypatch.undo()
    st.cache_resource.clear()


def told(at) -> str:
    """The notice on top of the page."""
    return next(html for html in html_of(at) if "obs-saved" in html)


def changes_kept() -> int:
    """Changes of people in the database."""
    with closing(sqlite3.connect(str(current_settings().var_dir / "observatoire.sqlite"))) as connection:
        return connection.execute("SELECT COUNT(*) FROM cooperation_change WHERE change_id > 0").fetchone()[0]


def test_a_text_stays_in_its_field_until_it_can_be_saved(read_only):
    at = read_only("diagnostic")
    at.text_area[0].input("Un texte long.").run()
    assert not at.exception
    assert 'role="alert"' in told(at)
    assert NOTHING_SAVED in told(at)
    assert "est en lecture seule" in told(at)
    assert at.text_area[0].value == "Un texte long."
    at.text_area[1].input("Un autre.").run()
    assert [field.value for field in at.text_area[:2]] == ["Un texte long.", "Un autre."]
    assert changes_kept() == 0


def test_a_new_action_stays_in_the_place_where_it_was_typed(read_only):
    at = read_only("actions")
    place_of_a_new_line(at).input("Navette du mercredi").run()
    assert NOTHING_SAVED in told(at)
    assert place_of_a_new_line(at).value == "Navette du mercredi"
    assert "Aucune action n’est encore inscrite" in text_of(at)
    assert changes_kept() == 0
