"""Invented actions at the keyboard, a level that is refused, and days that are asked in French."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from playwright.sync_api import expect

from tests.e2e.harness import Person

FIXED = "Exemple inventé, il ne se modifie pas"
NOT_FRENCH = ("Choose", "Previous", "Next", "Empty", "day,", "month,", "year,")
_SPOKEN = """
() => ["stDateInput", "stDateInputCalendar"]
  .flatMap((id) => [...document.querySelectorAll(`[data-testid=${id}] *`)])
  .flatMap((node) => ["aria-label", "aria-valuetext"].map((name) => node.getAttribute(name) || ""))
"""


def test_an_invented_action_takes_no_key_and_says_how_to_add_ones_own(page_at):
    page = page_at("/cooperation?bassin=AM14&section=actions", person=Person())
    cell = page.get_by_role("gridcell").first
    before = cell.inner_text()
    cell.focus()
    for key in ("1", "2", "Delete"):
        page.keyboard.press(key)
        expect(page.get_by_role("status").filter(has_text=FIXED)).to_be_visible()
        assert cell.inner_text() == before
    page.keyboard.press(" ")
    menu = page.get_by_role("dialog")
    expect(menu).to_contain_text(FIXED)
    expect(menu.get_by_role("button")).to_have_text(["Détails et preuve"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("ajoutez le vôtre avec « Ajouter une action »")).to_be_visible()
    expect(page.get_by_role("textbox", name="Ajouter une action")).to_be_enabled()


def test_a_day_is_asked_in_french(visit):
    page = visit("/cooperation?bassin=AM05&section=modalites")
    field = page.get_by_test_id("stDateInput").first
    shown = field.locator("[data-placeholder=true]").evaluate_all(
        "nodes => nodes.map(n => [getComputedStyle(n).fontSize, getComputedStyle(n, '::before').content])"
    )
    assert shown == [["0px", '"JJ"'], ["0px", '"MM"'], ["0px", '"AAAA"']]
    field.get_by_role("button", name="Choisir une date").click()
    calendar = page.get_by_test_id("stDateInputCalendar")
    expect(calendar.get_by_role("button", name="Mois précédent")).to_be_visible()
    expect(calendar).to_contain_text("Flèches pour changer de jour")
    spoken = page.evaluate(_SPOKEN)
    assert spoken
    assert [text for text in spoken if text.startswith(NOT_FRENCH)] == []


def test_a_level_that_was_refused_is_named_as_it_was_entered(visit, inventory_server):
    page = visit("/cooperation?bassin=AM05")
    cell = page.locator('[data-cell="cio>pjj"]')
    path = inventory_server.var_dir / "observatoire.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        cell.focus()
        page.keyboard.press("3")
        refusal = page.get_by_role("status").filter(has_text="Non enregistré")
        expect(refusal).to_contain_text("CIO à propos de PJJ, 3, se coordonnent", timeout=15_000)
        expect(page.get_by_role("alert")).to_contain_text("Rien n’a été enregistré.")
    expect(cell).to_have_text(re.compile(r"^\?"))
