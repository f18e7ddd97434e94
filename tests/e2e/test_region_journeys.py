"""The region view in a browser: freeze, change, compare; every part under axe; hostile texts; downloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from observatory.config import current_settings
from observatory.domain.inventory import Actor, Edit, FieldKey, RecordKind
from observatory.french.region import PARTS
from observatory.store.engine import Store, open_store
from observatory.store.inventory_entries import read_entries
from observatory.store.inventory_saves import save_edits
from tests.e2e.harness import HOSTILE, VIEWPORTS, AppServer, run_axe, show_at, wait_ready

TEAM = Actor("A. Exemple", "Équipe régionale", None)
FILES = {
    "Classeur XLSX": b"PK",
    "Table CSV": b"",
    "Couche GeoPackage": b"SQLite",
    "Cadre, DOCX": b"PK",
    "Cadre, PDF": b"%PDF",
}
REGION = "/cooperation?vue=region"


@pytest.fixture
def store(inventory_server: AppServer) -> Iterator[Store]:
    """The store of that server, for a colleague who writes meanwhile."""
    database = f"sqlite:///{inventory_server.var_dir / 'observatoire.sqlite'}"
    opened = open_store(replace(current_settings(), var_dir=inventory_server.var_dir, database_url=database))
    yield opened
    opened.dispose()


@pytest.fixture
def team(visit: Callable[..., Page]) -> Callable[..., Page]:
    """``team("/cooperation?bassin=AM13")``: a page of the regional team, on the empty inventory."""
    return lambda path=REGION: visit(path, name=TEAM.name, structure=TEAM.structure)


def write(store: Store, area: str, kind: RecordKind, record: str, field: str, value: str) -> None:
    key = FieldKey(area, kind, record, field)
    entries = {e.key: e for e in read_entries(store, include_demonstration=False)}
    seen = entries[key].change_id if key in entries else None
    assert save_edits(store, TEAM, [Edit(key, value, seen)]).changes


def open_part(page: Page, part: str) -> None:
    # Sections of the basin bear some of the same names, and may still be leaving the screen.
    parts = page.get_by_role("radiogroup", name="Ce que l’on lit de la région")
    parts.get_by_role("radio", name=PARTS[part], exact=True).click()
    wait_ready(page)


def freeze(page: Page, name: str) -> None:
    open_part(page, "etats")
    page.get_by_label("Nom de l’état").fill(name)
    page.get_by_label("Nom de l’état").press("Enter")
    wait_ready(page)
    page.get_by_role("button", name="Figer l’état").click()
    expect(page.locator(".reg-snapshot", has_text=name)).to_be_visible()


def test_a_state_is_frozen_an_entry_changes_and_the_comparison_says_it(team, store):
    write(store, "AM13", RecordKind.MODALITY, "handover", "status", "planned")
    page = team()
    freeze(page, "Comité de juin")
    write(store, "AM13", RecordKind.MODALITY, "handover", "status", "done")
    write(store, "NI06", RecordKind.RATING, "cio>pjj", "level", "3")
    page.get_by_role("button", name="Comparer").first.click()
    changes = page.get_by_role("region", name="Liste des changements")
    expect(changes).to_contain_text("Relais entre opérateurs, état")
    expect(changes).to_contain_text("programmé")
    expect(changes.get_by_text("3 – se coordonnent")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("réponses ont changé, dans 2 bassins")
    page.get_by_role("radio", name="Par modalité").click()
    expect(changes.get_by_role("heading", name="Relais entre opérateurs")).to_be_visible()
    expect(changes).not_to_contain_text("se coordonnent")


def test_a_cell_and_a_basin_of_the_table_open_the_basin(team):
    page = team()
    table = page.get_by_role("table", name="État des onze modalités")
    table.get_by_role("link", name="Avignon, repérage").click()
    wait_ready(page)
    assert "bassin=AM13" in page.url
    assert "section=modalites" in page.url
    page = team()
    page.get_by_role("table", name="État des onze modalités").get_by_role("link", name="Toulon").first.click()
    wait_ready(page)
    assert "vue=region" not in page.url


def test_the_framework_is_written_and_read_by_the_next_who_comes(team):
    page = team()
    open_part(page, "cadre")
    field = page.get_by_label("Pratique proposée")
    field.fill(HOSTILE)
    page.get_by_label("Qui l’adopte").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("une pratique est proposée")
    other = team()
    open_part(other, "cadre")
    expect(other.get_by_label("Pratique proposée")).to_have_value(HOSTILE)
    other.get_by_role("radio", name="Tout le cadre").click()
    expect(other.get_by_role("region", name="Cadre méthodologique")).to_contain_text(HOSTILE)
    assert other.title() not in ("1", "2")


def test_texts_that_wish_harm_stay_text_in_a_comparison(team, store):
    page = team()
    freeze(page, f"Comité {HOSTILE}")
    write(store, "AM01", RecordKind.ACTION, "act-hostile", "action", HOSTILE)
    open_part(page, "changements")
    expect(page.get_by_role("region", name="Liste des changements")).to_contain_text("<img src=x")
    assert page.locator("img[src='x']").count() == 0
    assert page.title() not in ("1", "2")


@pytest.mark.parametrize("is_invented", [True, False], ids=["demonstration", "empty"])
def test_no_part_has_a_serious_finding(team, page_at, is_invented):
    page = page_at("/cooperation") if is_invented else team("/cooperation")
    page.get_by_role("radio", name="La région", exact=True).click()
    expect(page.get_by_role("table", name="État des onze modalités")).to_be_visible()
    for part in PARTS:
        open_part(page, part)
        assert run_axe(page) == [], part
        assert page.locator("h1").count() == 1, part


def test_projected_every_screen_holds_without_scrolling_in_large_letters(page_at):
    page = page_at(f"{REGION}&projection=oui")
    for number in range(1, 11):
        expect(page.get_by_text(f"{number} / 10", exact=True)).to_be_visible()
        for size in ("laptop", "projector"):
            show_at(page, size)
            found = page.evaluate(_PROJECTED)
            assert found["small"] == [], size
            assert found["hidden"] == [], size
            assert run_axe(page) == [], size
        page.keyboard.press("ArrowRight")


def test_no_part_is_wider_than_its_screen(page_at):
    page = page_at(REGION)
    for part in PARTS:
        open_part(page, part)
        for size in VIEWPORTS:
            show_at(page, size)
            wider = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, (part, size)


def test_a_link_opens_what_its_sender_sees_and_back_goes_where_one_was(team, page_at):
    page = team("/cooperation?bassin=AM13")
    page.get_by_role("radio", name="La région", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    open_part(page, "liens")
    expect(page).to_have_url(re.compile("vue=region&partie=liens$"))
    # The address is told before the heading: a part is there once what stands under its heading is.
    expect(page.get_by_role("region", name="Liens par bassin")).to_be_visible()
    expect(heading).to_have_count(1)
    links = heading.inner_text()
    open_part(page, "cadre")
    expect(page).to_have_url(re.compile("partie=cadre$"))
    expect(page.get_by_label("Pratique proposée")).to_be_visible()
    expect(heading).to_have_count(1)
    other = team(page.url.removeprefix(page.url.split("/cooperation")[0]))
    expect(other.get_by_role("radio", name=PARTS["cadre"], exact=True)).to_be_checked()
    expect(other.get_by_role("heading", level=1)).to_have_text(heading.inner_text())
    page.go_back()
    # Two headings while the new one comes: it is sought by its words.
    expect(page.get_by_role("heading", level=1, name=links)).to_be_visible()
    expect(heading).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("radio", name=PARTS["modalites"], exact=True)).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name="Un bassin", exact=True)).to_be_checked()
    wall = page_at("/cooperation?vue=region&partie=liens&ecran=2&projection=oui")
    expect(wall.get_by_text("4 / 10", exact=True)).to_be_visible()
    wall.keyboard.press("ArrowRight")
    expect(wall).to_have_url(re.compile("partie=liens&ecran=3&projection=oui$"))
    wall.go_back()
    expect(wall.get_by_text("4 / 10", exact=True)).to_be_visible()


def test_every_file_of_the_region_comes(page_at):
    page = page_at(REGION)
    open_part(page, "exporter")
    for label, start in FILES.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(start), label
        assert len(content) > 1000, label


_PROJECTED = """() => {
  const small = [], hidden = [];
  const foot = document.querySelector('.st-key-basin_steps').getBoundingClientRect().top;
  for (const element of document.querySelectorAll('[data-testid="stMain"] *')) {
    if (!element.getClientRects().length || element.closest('.obs-visually-hidden, button, kbd')) continue;
    for (const node of element.childNodes) {
      if (node.nodeType !== 3 || !node.textContent.trim()) continue;
      if (parseFloat(getComputedStyle(element).fontSize) < 24) small.push(node.textContent.trim());
      const box = element.getBoundingClientRect();
      if (element.closest('.reg-projected') && box.bottom > foot + 1) hidden.push(node.textContent.trim());
    }
  }
  return { small, hidden };
}"""


def test_a_choice_of_several_is_in_french(page_at):
    page = page_at(f"{REGION}&partie=changements")
    wait_ready(page)
    page.locator('[data-testid="stMultiSelect"] input').click()
    expect(page.get_by_role("option", name="Tout choisir")).to_be_visible()
    page.keyboard.type("zzzz")
    expect(page.get_by_text("Aucun résultat").first).to_be_visible()
    assert "Select" not in page.locator("body").inner_text()


def test_what_a_list_hides_gives_the_page_no_empty_height(page_at):
    page = page_at(f"{REGION}&partie=changements")
    wait_ready(page)
    expect(page.locator(".reg-changes li").first).to_be_visible()
    below = """() => document.querySelector('[data-testid="stMain"]').scrollHeight
        - document.querySelector('.reg-changes').getBoundingClientRect().bottom"""
    assert page.evaluate(below) < 200


def test_priorities_show_all_their_rows_without_a_second_scroll_and_a_narrow_table_says_it_goes_on(page_at):
    page = page_at(f"{REGION}&partie=priorites")
    page.set_viewport_size({"width": 1920, "height": 1080})
    rows = page.locator(".reg-sides tbody tr")
    expect(rows).to_have_count(28)
    expect(rows.last).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 720})
    room = page.evaluate(
        "(n => [n.scrollHeight, n.clientHeight])(document.querySelector('.reg-sides .reg-list'))"
    )
    assert room[0] == room[1]
    open_part(page, "modalites")
    more = page.get_by_text("Le tableau continue à droite")
    expect(more).to_be_hidden()
    page.set_viewport_size({"width": 820, "height": 1180})
    expect(more).to_be_visible()
