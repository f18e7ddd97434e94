"""The map and the list of the page Carte, from the first address to the last click."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from observatory.french.texts import READING_LABELS
from tests.e2e.harness import running_server, wait_ready
from tests.e2e.map_screen import map_of

SIZES = ("laptop", "projector", "tablet")
READINGS = ("contexte", "observe", "ecart", "typologie", "cooperation", "priorites")
INVENTED = ("cooperation", "priorites")
"""Readings under the banner of demonstration, which takes a line."""

_WATCH = """() => {
  const count = () => document.querySelectorAll('.leaflet-obs-areas-pane path').length;
  window.fewest = count();
  new MutationObserver(() => { window.fewest = Math.min(window.fewest, count()); })
    .observe(document.body, { childList: true, subtree: true });
  const frame = () => { window.fewest = Math.min(window.fewest, count()); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
_PLACE = """() => {
  const path = document.querySelector('.leaflet-obs-areas-pane path').getBoundingClientRect();
  return [path.x, path.y, path.width, path.height].map(Math.round);
}"""


def main_scroll(page: Page) -> int:
    """How many pixels the page is higher than its window."""
    return page.get_by_test_id("stMain").evaluate("(main) => main.scrollHeight - main.clientHeight")


def rows_in_sight(page: Page) -> int:
    """Lines of the list that are whole in its box."""
    return page.locator(".st-key-ranking_list .list").evaluate(
        "(list) => [...list.querySelectorAll('tbody tr')].filter((row) => "
        "row.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom).length"
    )


def test_the_first_address_after_a_cold_start_may_be_the_map(own_server, page_at):
    """Streamlit would run the file of the page alone: the router must frame it."""
    page = page_at("/carte", server=own_server)
    expect(page.get_by_role("link", name="Méthode")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    fills = map_of(page).area_fills()
    assert len(fills) == 28
    assert len(set(fills)) == 6  # five classes and the wider area of Marseille
    assert fills.count("url(#obs-wide_hatch-dfe3e8)") == 3


@pytest.mark.parametrize("size", SIZES)
def test_the_map_is_whole_with_its_legend_its_list_and_its_source(page_at, size):
    page = page_at("/carte", size=size)
    for reading in READINGS:
        page.get_by_role("radio", name=READING_LABELS[reading]).click()
        screen = map_of(page)
        screen.wait_painted(reading)
        wait_ready(page)
        assert len(screen.area_fills()) == 28, reading
        assert screen.areas_under_the_legend() == 0, reading
        assert screen.labels_over_labels() == [], reading
        assert screen.outside_the_frame() == [], reading
        expect(screen.rows).to_have_count(28)
        if size != "tablet":
            assert main_scroll(page) <= 0, reading
            assert rows_in_sight(page) >= (8 if reading in INVENTED else 10), reading
        for box in (page.locator(".obs-source").bounding_box(), page.locator(".st-key-side").bounding_box()):
            assert box is not None
            assert box["x"] >= 0, reading
            assert box["x"] + box["width"] <= page.viewport_size["width"], reading


def test_a_change_of_indicator_repaints_in_place_and_keeps_zoom_and_centre(page_at):
    page = page_at("/carte")
    screen = map_of(page)
    page.evaluate("() => { window.mapFrame = document.querySelector('.st-key-map_frame iframe'); }")
    before = screen.frame.evaluate(_PLACE)
    screen.frame.get_by_role("button", name="Zoomer", exact=True).click()
    screen.frame.wait_for_function(f"(old) => ({_PLACE})()[2] > old + 5", arg=before[2])
    screen.frame.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
    zoomed, first = screen.frame.evaluate(_PLACE), screen.area_fills()
    screen.frame.evaluate(_WATCH)

    page.get_by_role("radio", name="Contexte").click()
    screen.wait_painted("context_index")
    second = screen.area_fills()
    page.get_by_role("combobox", name="Indicateur").click()
    page.get_by_role("option", name="Niveau de vie médian").click()
    screen.wait_painted("median_income")

    third = screen.area_fills()
    assert screen.frame.evaluate(_PLACE) == zoomed
    page.get_by_role("radio", name="Priorités").click()  # brings the banner of demonstration
    screen.wait_painted("priorites")

    assert len({json.dumps(fills) for fills in (first, second, third, screen.area_fills())}) == 4
    assert screen.frame.evaluate("() => window.fewest") == 28
    assert page.evaluate("() => window.mapFrame === document.querySelector('.st-key-map_frame iframe')")

    screen.frame.get_by_role("button", name="Toute la région").click()
    screen.frame.wait_for_function(f"(old) => ({_PLACE})()[2] <= old * 1.05", arg=before[2])


def test_a_basin_is_chosen_from_the_map_and_from_the_list_and_the_two_agree(page_at):
    page = page_at("/carte")
    screen = map_of(page)
    screen.click_area("Gap")
    screen.expect_chosen("AM04", "Gap")
    gap = screen.outline()
    screen.row("NI06").click()
    screen.expect_chosen("NI06", "Nice et vallées")
    assert screen.outline() != gap
    # The same basin again from the map, although its last click is the last one that the map has seen.
    screen.click_area("Gap")
    screen.expect_chosen("AM04", "Gap")
    assert screen.outline() == gap
    expect(screen.chosen_row).to_have_count(1)

    page.get_by_role("link", name="Ouvrir la fiche du bassin").click()
    expect(page.locator("h1")).to_have_text("Gap")
    expect(page).to_have_url(re.compile(r"/bassin\?bassin=AM04$"))
    page.go_back()
    map_of(page).expect_chosen("AM04", "Gap")


def test_the_list_is_worked_from_the_keyboard_alone(page_at):
    page = page_at("/carte")
    screen = map_of(page)
    page.get_by_role("button", name="Exporter").focus()
    for _ in range(8):  # the map and its buttons, the link to the sheet, then the list
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED) == "Bassin":
            break
    assert page.evaluate(_FOCUSED) == "Bassin"
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-ranking_list thead th").first).to_have_attribute("aria-sort", "ascending")
    names = screen.rows.locator("th").all_inner_texts()
    assert names[:3] == ["Aix – Gardanne – Pertuis", "Antibes", "Arles"]
    assert names.index("Étang de Berre") < names.index("Fréjus – Saint-Raphaël – Golfe")  # É sorts as e
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-ranking_list thead th").nth(1)).to_have_attribute("aria-sort", "descending")
    assert screen.rows.locator("th").first.inner_text() == "Avignon"
    assert screen.rows.locator("th").all_inner_texts()[-3:] == [
        "Marseille Centre",
        "Marseille Est",
        "Marseille Nord",
    ]

    screen.row("AM13").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    focused = page.evaluate(_FOCUSED)
    page.keyboard.press("Enter")
    expect(page.locator(".obs-name")).to_have_text(focused)
    assert focused == "Orange"
    screen.expect_chosen("AM16", "Orange")
    assert page.evaluate(_FOCUSED) == "Orange"  # the keyboard stays where it was


_FOCUSED = """() => {
  let active = document.activeElement;
  while (active && active.shadowRoot) active = active.shadowRoot.activeElement;
  return active ? active.textContent.replace(/ [▾▴]$/, '') : '';
}"""

SHOWN = "() => [document.querySelector('h1').textContent, document.querySelector('.obs-card').textContent]"


@pytest.mark.parametrize(
    "query",
    [
        "lecture=contexte&indicateur=ips_college&annee=2022&bassin=NI06",
        "lecture=observe&indicateur=neet_rate&annee=2008&bassin=AM04",
        "lecture=ecart&indicateur=neet_rate&annee=2018&bassin=AM13",
        "lecture=typologie&indicateur=neet_rate&annee=2018&bassin=AM16",
    ],
)
def test_a_view_is_the_same_after_a_reload_and_on_another_machine(page_at, query):
    page = page_at(f"/carte?{query}")
    first, paint = page.evaluate(SHOWN), map_of(page).area_fills()
    assert page.url.endswith(f"/carte?{query}")
    page.reload()
    wait_ready(page)
    again = (page.evaluate(SHOWN), map_of(page).area_fills())
    other = page_at(page.url.removeprefix(page.url.split("/carte")[0]), size="projector", stranger=True)
    assert again == (first, paint)
    assert (other.evaluate(SHOWN), map_of(other).area_fills()) == (first, paint)


def test_back_returns_to_the_page_before_in_one_press(page_at):
    page = page_at("/carte?lecture=observe&indicateur=neet_rate&annee=2013&bassin=NI06")
    screen = map_of(page)
    screen.wait_painted("2013", "NI06")
    screen.row("AM04").click()
    screen.expect_chosen("AM04", "Gap")
    page.get_by_role("link", name="Bassin", exact=True).click()
    expect(page).to_have_url(re.compile(r"/bassin\?bassin=AM04$"))
    expect(page.locator("h1")).to_have_text("Gap")
    page.get_by_role("link", name="Coopération", exact=True).click()
    expect(page).to_have_url(re.compile(r"/cooperation\?bassin=AM04$"))
    expect(page.locator("h1")).to_contain_text("Gap :")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Gap")
    page.go_back()
    map_of(page).wait_painted("2013", "AM04")


def test_back_and_forward_move_between_the_views_of_one_page(page_at):
    page = page_at("/carte?lecture=observe&indicateur=neet_rate&annee=2013&bassin=NI06")
    screen = map_of(page)
    screen.wait_painted("2013", "NI06")
    screen.row("AM04").click()
    screen.expect_chosen("AM04", "Gap")
    page.get_by_role("radio", name="Écart").click()
    screen.wait_painted("ecart", "AM04")
    expect(page).to_have_url(re.compile(r"lecture=ecart.*bassin=AM04"))
    page.go_back()
    screen.wait_painted("observe", "2013", "AM04")
    page.go_back()
    screen.wait_painted("observe", "2013", "NI06")
    page.go_forward()
    screen.expect_chosen("AM04", "Gap")


def test_layers_are_one_click_away_and_say_what_they_are(page_at):
    page = page_at("/carte")
    screen = map_of(page)
    page.get_by_role("button", name="Calques").click()
    page.get_by_text("fiabilité des limites").click()
    screen.wait_painted("Fiabilité des limites de bassins")
    assert len(screen.area_fills()) == 961
    expect(screen.frame.locator(".obs-legend-title")).to_have_text("Fiabilité des limites de bassins")
    expect(screen.frame.locator(".obs-legend").first).to_contain_text("rattachement incertain")
    expect(page.get_by_text("Chiffres par commune : non chargés")).to_be_visible()
    page.get_by_text("bassins seulement").click()
    screen.wait_until(28)
    page.get_by_text("Missions locales").click()
    screen.frame.wait_for_selector(".leaflet-obs-services-pane path", state="attached")
    assert screen.frame.locator(".leaflet-obs-services-pane path").count() >= 20
    expect(screen.frame.locator(".obs-legend-card", has_text="Missions locales")).to_be_visible()


@pytest.mark.parametrize(
    ("menu", "inside", "after"),
    [("Calques", "Lycées", "Exporter"), ("Exporter", "Chiffres, CSV pour Excel", None)],
)
def test_an_open_menu_is_what_tab_reaches_after_its_button(page_at, menu, inside, after):
    page = page_at("/carte")
    map_of(page)
    button = page.get_by_role("button", name=menu)
    button.focus()
    page.keyboard.press("Enter")
    body = page.get_by_test_id("stPopoverBody")
    expect(body.get_by_text(inside)).to_be_visible()
    wait_ready(page)
    page.keyboard.press("Tab")
    expect(body.locator(":focus")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(button).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if not body.locator(":focus").count():
            break
    assert not body.locator(":focus").count()
    if after:
        expect(page.get_by_role("button", name=after)).to_be_focused()
    expect(page.locator("iframe").first).to_be_visible()


@pytest.fixture(scope="module")
def communes_server(built_var_dir: Path, open_data_dir: Path, tmp_path_factory: pytest.TempPathFactory):
    """The application of somebody who has run ``context`` on the official files: communes in ``var/``."""
    root = tmp_path_factory.mktemp("communes")
    shutil.copytree(built_var_dir, root / "var")
    project = Path(__file__).resolve().parents[2]
    shutil.copytree(project / "data", root / "data")
    environ = {"OBSERVATOIRE_VAR_DIR": str(root / "var"), "OBSERVATOIRE_DATA_DIR": str(root / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "observatory.pipeline", "context", "--from", str(open_data_dir)],
        cwd=project,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (root / "var" / "communes.csv").is_file()
    with running_server(root / "var", environ) as server:
        yield server


def test_commune_figures_light_up_once_they_are_loaded(page_at, communes_server):
    page = page_at("/carte", server=communes_server)
    screen = map_of(page)
    page.get_by_role("button", name="Calques").click()
    page.get_by_text("chiffres par commune", exact=True).click()
    screen.wait_until(961)
    fills = screen.area_fills()
    assert len(fills) == 961
    assert len({fill for fill in fills if fill.startswith("#")}) == 5
    assert fills.count("url(#obs-wide_hatch-dfe3e8)") == 16  # Marseille, published for the whole city
    expect(screen.frame.locator(".obs-legend-title")).to_contain_text("par commune")
    assert screen.areas_under_the_legend() == 0
    expect(screen.rows).to_have_count(28)


def test_the_screen_is_french_whatever_the_language_of_the_browser(page_at):
    page = page_at("/carte", locale="en-US")
    screen = map_of(page)
    expect(page.locator(".obs-figure")).to_have_text("21,4\u202f%")
    legend = screen.frame.locator(".obs-legend").first.inner_text()
    shown = legend + page.locator(".st-key-side").inner_text()
    assert re.search(r"\d\.\d", shown) is None
    assert "14,5 à 17,6\u202f%" in shown
    page.get_by_role("link", name="Bassin", exact=True).click()
    expect(page.locator("h1")).to_have_text("Avignon")
    expect(page.get_by_text("18\u202f773\u202f€")).to_be_visible()
    assert re.search(r"\d\.\d", page.get_by_test_id("stMain").inner_text()) is None


def test_an_address_that_does_not_exist_is_said_in_french(page_at):
    page_at.guard.allowed_console.append("does not seem to exist")
    page = page_at("/nimporte?bassin=AM13")
    expect(page.get_by_role("dialog")).to_contain_text("Cette page n’existe pas : l’accueil est affiché.")
    assert re.search(r"[Pp]age (that|not)|Running", page.get_by_role("dialog").inner_text()) is None


def test_a_server_that_stops_is_said_in_french(page_at, built_var_dir, tmp_path):
    shutil.copytree(built_var_dir, tmp_path / "var")
    with running_server(tmp_path / "var") as server:
        page = page_at("/carte", server=server)
        map_of(page)
        page_at.guard.allowed_console.extend(["ERR_CONNECTION_REFUSED", "WebSocket", f":{server.port}"])
    expect(page.get_by_role("dialog")).to_contain_text("ne répond plus", timeout=60_000)
    assert re.search("Connection|server|internet", page.get_by_role("dialog").inner_text()) is None


def test_a_narrow_window_keeps_a_menu_that_is_seen(page_at):
    page = page_at("/carte", size=(600, 720))
    button = page.get_by_test_id("stExpandSidebarButton")
    expect(button).to_have_css("color", "rgb(255, 255, 255)")
    assert button.evaluate("(node) => getComputedStyle(node, '::after').content") == '"Menu"'
    button.click()
    page.get_by_role("link", name="Méthode").click()
    expect(page).to_have_url(re.compile("/methode"))


@pytest.mark.parametrize("code", ["AM10", "NI12"])
def test_a_link_shows_its_basin_in_the_list_and_by_its_name_on_the_map(page_at, code):
    page = page_at(f"/carte?bassin={code}&lecture=observe")
    screen = map_of(page)
    expect(screen.chosen_row).to_be_in_viewport(ratio=0.9)
    inside = """(row) => {
      const a = row.getBoundingClientRect(), b = row.closest('.list').getBoundingClientRect();
      return a.top >= b.top && a.bottom <= b.bottom;
    }"""
    assert screen.chosen_row.evaluate(inside)
    short = {"AM10": "Mars. Centre", "NI12": "Toulon"}[code]
    expect(screen.frame.locator(".obs-label", has_text=short)).to_be_visible()
    assert screen.labels_over_labels() == []


def test_a_tooltip_stands_above_the_legend(page_at):
    page = page_at("/carte?lecture=typologie")
    screen = map_of(page)
    box = screen.frame.locator(".obs-label", has_text="Gap").first.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 3)
    page.mouse.move(box["x"] + 4, box["y"] + 5)
    expect(screen.frame.locator(".obs-tip")).to_be_visible()
    hidden = """() => {
      const tip = document.querySelector('.obs-tip').getBoundingClientRect();
      const card = document.querySelector('.obs-legend-card').getBoundingClientRect();
      const stacked = (node) => { for (; node.parentElement; node = node.parentElement)
        if (node.parentElement.id === 'map_div') return +getComputedStyle(node).zIndex || 0; return 0; };
      const legend = +getComputedStyle(document.querySelector('.leaflet-top.leaflet-left')).zIndex;
      const meets = tip.left < card.right && tip.top < card.bottom;
      return [meets, stacked(document.querySelector('.obs-tip')) > legend];
    }"""
    meets, is_above = screen.frame.evaluate(hidden)
    assert meets
    assert is_above


def test_the_reading_that_is_chosen_stays_readable_under_the_mouse_and_the_keyboard(page_at):
    page = page_at("/carte?lecture=ecart")
    chosen = page.locator(".st-key-choice_reading button[aria-checked=true]")
    for act in (chosen.hover, chosen.focus):
        act()
        expect(chosen).to_have_css("background-color", "rgb(31, 42, 68)")
        expect(chosen.locator("p")).to_have_css("color", "rgb(255, 255, 255)")


def test_the_focus_is_seen_on_the_link_to_the_sheet_and_on_the_page(page_at):
    page = page_at("/carte")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stMain")).to_have_css("outline", "rgb(11, 95, 255) solid 2px")
    link = page.locator("[data-testid=stPageLink] a").first
    link.focus()
    expect(link).to_have_css("outline", "rgb(11, 95, 255) solid 2px")


def test_hovering_a_basin_tells_its_value_its_doubt_and_its_note(page_at):
    page = page_at("/carte?lecture=contexte&indicateur=vocational_share")
    screen = map_of(page)
    box = screen.frame.locator(".obs-label", has_text="Gap").first.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 8)
    page.mouse.move(box["x"] + 14, box["y"] + 10)
    tip = screen.frame.locator(".obs-tip")
    expect(tip).to_contain_text("Gap")
    expect(tip).to_contain_text(re.compile(r"\d+,\d\u202f% en 2022"))
    expect(tip).to_contain_text(re.compile(r"région : \d+,\d\u202f%"))
    expect(tip).to_contain_text("intervalle à 95\u202f%")
