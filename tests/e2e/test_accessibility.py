"""No serious or critical finding of axe on any page, at a desk and projected, and what axe cannot see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from observatory.french.texts import READING_LABELS
from tests.e2e.harness import run_axe, wait_ready
from tests.e2e.map_screen import map_of

PAGES = (
    "/",
    "/carte",
    "/bassin",
    "/comparer?bassins=AM13,NI06,AM01",
    "/cooperation",
    "/croisement",
    "/croisement?volet=confiance",
    "/methode",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_serious_finding_at_a_desk_or_projected(page_at, address):
    for query in ("", "projection=oui"):
        page = page_at(f"{address}{'&' if '?' in address else '?'}{query}" if query else address)
        if address == "/carte":
            map_of(page)
        wait_ready(page)
        assert run_axe(page) == []
        assert page.locator("h1").count() == 1


def test_no_reading_of_the_map_has_a_serious_finding(page_at):
    page = page_at("/carte")
    for reading in ("contexte", "ecart", "typologie", "cooperation", "priorites"):
        page.get_by_role("radio", name=READING_LABELS[reading]).click()
        map_of(page).wait_painted(reading)
        wait_ready(page)
        assert run_axe(page) == [], reading


def test_menus_that_are_open_have_no_serious_finding(page_at):
    page = page_at("/carte")
    map_of(page)
    page.get_by_role("button", name="Calques").click()
    expect(page.get_by_text("fiabilité des limites")).to_be_visible()
    wait_ready(page)
    assert run_axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Exporter").click()
    expect(page.get_by_text("Chiffres, XLSX")).to_be_visible()
    wait_ready(page)
    assert run_axe(page) == []


def test_sections_of_the_method_have_no_serious_finding(page_at):
    page = page_at("/methode")
    for section in ("L’indice de contexte", "Sources et versions", "Glossaire"):
        page.get_by_role("radio", name=section).click()
        wait_ready(page)
        assert run_axe(page) == [], section


@pytest.mark.parametrize("address", ["/", "/bassin", "/comparer?bassins=AM13,NI06", "/cooperation"])
def test_every_drawing_says_in_words_what_it_shows(page_at, address):
    page = page_at(address)
    drawings = page.locator('[role="img"]')
    for position in range(drawings.count()):
        words = drawings.nth(position).get_attribute("aria-label") or ""
        assert len(words) > 8, drawings.nth(position).inner_html()[:200]
    # A drawing outside a described one must be told to nobody, or stand inside a described widget.
    silent = page.get_by_test_id("stMain").evaluate(
        "(main) => [...main.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 60 "
        "&& !svg.closest('[role=img], [aria-hidden=true], button, .stPlotlyChart')).length"
    )
    assert silent == 0


@pytest.mark.parametrize(
    ("address", "toggle", "shown"),
    [
        ("/bassin", "Voir les chiffres", "2013"),
        ("/comparer?bassins=AM13,NI06", "Lire en tableau", "Avignon"),
    ],
)
def test_the_table_twin_of_a_chart_opens_from_the_keyboard(page_at, address, toggle, shown):
    page = page_at(address)
    summary = page.locator("summary", has_text=toggle).first
    table = page.locator("details", has=summary).locator("table").first
    expect(table).not_to_be_visible()
    summary.focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    expect(table).to_contain_text(shown)
