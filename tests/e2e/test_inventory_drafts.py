"""What is typed in a text of the inventory is never lost: refused, reloaded, closed, or overtaken."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.harness import Person, wait_ready
from tests.e2e.test_inventory_journeys import SAVED, expect_stored, stored

TOO_LONG = "mot " * 125


def modality(server, area: str) -> dict[tuple[str, str], str]:
    return {k: v for k, v in stored(server, area, "modality").items() if v}


def leave(page: Page) -> None:
    page.keyboard.press("Tab")
    wait_ready(page)


def test_a_refusal_stays_beside_its_field_until_it_is_solved(visit, inventory_server):
    page = visit("/cooperation?bassin=NI05&section=modalites")
    field = page.get_by_label("Participants")
    field.fill(TOO_LONG)
    leave(page)
    tools = page.get_by_label("Outils utilisés")
    tools.fill("Un tableau")
    leave(page)
    expect_stored(
        page, lambda: modality(inventory_server, "NI05"), {("identification", "tools"): "Un tableau"}
    )
    why = page.locator(".coop-why", has_text="trop long")
    expect(why).to_be_visible()
    expect(page.locator(".coop-letters", has_text="499 caractères, 400 au plus")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(TOO_LONG)
    page.reload()
    wait_ready(page)
    expect(field).to_have_value(TOO_LONG, timeout=SAVED)
    expect(why).to_be_visible()
    field.fill("CIO et MLDS")
    leave(page)
    expect(why).to_have_count(0)
    assert modality(inventory_server, "NI05")["identification", "participants"] == "CIO et MLDS"


def test_letters_are_counted_while_one_types(visit):
    page = visit("/cooperation?bassin=NI05&section=modalites")
    page.get_by_label("Instance").fill("Comité")
    page.get_by_label("Instance").focus()
    expect(page.get_by_text("6 sur 200 caractères")).to_be_visible()
    page.get_by_label("Instance").fill("")


def test_a_text_that_was_being_typed_outlives_a_reload(visit, inventory_server):
    page = visit("/cooperation?bassin=NI07&section=diagnostic")
    page.get_by_label("Besoins des publics").press_sequentially("Dicté en réunion")
    page.reload()
    wait_ready(page)
    wanted = {("needs", "text"): "Dicté en réunion"}
    expect_stored(page, lambda: stored(inventory_server, "NI07", "diagnosis"), wanted)
    expect(page.get_by_label("Besoins des publics")).to_have_value("Dicté en réunion")
    expect(page.get_by_text("Texte retrouvé")).to_be_visible()


def test_a_text_that_was_being_typed_outlives_its_window_but_not_before_it_closes(visit, inventory_server):
    page = visit("/cooperation?bassin=NI08&section=diagnostic")
    page.get_by_label("Causes observées").press_sequentially("Vu ici")
    other = visit("/cooperation?bassin=NI08&section=diagnostic")
    other.wait_for_timeout(3_000)
    assert stored(inventory_server, "NI08", "diagnosis") == {}, "somebody is still typing it"
    page.close()
    wanted = {("causes", "text"): "Vu ici"}
    expect_stored(other, lambda: stored(inventory_server, "NI08", "diagnosis"), wanted)


def test_a_text_found_again_never_overwrites_what_a_colleague_wrote_meanwhile(visit, inventory_server):
    page = visit("/cooperation?bassin=NI10&section=diagnostic")
    page.get_by_label("Causes observées").press_sequentially("Le mien")
    other = visit("/cooperation?bassin=NI10&section=diagnostic", name="B. Exemple")
    other.get_by_label("Causes observées").fill("Celui du collègue")
    leave(other)
    wanted = {("causes", "text"): "Celui du collègue"}
    expect_stored(other, lambda: stored(inventory_server, "NI10", "diagnosis"), wanted)
    page.reload()
    wait_ready(page)
    conflict = page.locator(".coop-conflict")
    expect(conflict).to_contain_text(re.compile("Celui du collègue.*Le mien", re.DOTALL), timeout=SAVED)
    assert stored(inventory_server, "NI10", "diagnosis") == wanted


def test_a_text_that_is_not_saved_is_not_given_to_the_next_person_of_the_same_browser(
    visit, inventory_server
):
    page = visit("/cooperation?bassin=NI11&section=diagnostic")
    page.get_by_label("Causes observées").press_sequentially("Le mien")
    page.context.add_cookies([Person("C. Exemple").cookie()])
    page.reload()
    wait_ready(page)
    page.wait_for_timeout(3_000)
    assert stored(inventory_server, "NI11", "diagnosis") == {}
    page.context.add_cookies([Person().cookie()])
    page.reload()
    wait_ready(page)
    wanted = {("causes", "text"): "Le mien"}
    expect_stored(page, lambda: stored(inventory_server, "NI11", "diagnosis"), wanted)


def test_a_new_action_that_was_being_typed_outlives_a_reload_and_is_one_line(visit, inventory_server):
    page = visit("/cooperation?bassin=NI09&section=actions")
    page.get_by_label("Ajouter une action").press_sequentially("Une navette")
    page.reload()
    wait_ready(page)

    def texts() -> list[str]:
        return [
            text
            for (_, field), text in stored(inventory_server, "NI09", "action").items()
            if field == "action"
        ]

    expect(page.get_by_role("grid")).to_contain_text("Une navette", timeout=SAVED)
    expect(page.get_by_text("Texte retrouvé")).to_be_visible()
    page.get_by_label("Ajouter une action").fill("Un guide")
    page.keyboard.press("Enter")
    expect(page.get_by_role("grid")).to_contain_text("Un guide")
    page.wait_for_timeout(3_000)
    assert sorted(texts()) == ["Un guide", "Une navette"]
    expect(page.get_by_label("Ajouter une action")).to_have_value("")
