"""Projection: eight metres of room, one idea a screen, the keyboard or a clicker."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.e2e.harness import show_at, wait_ready
from tests.e2e.map_screen import map_of

SMALLEST = 24
SCREENS = ("/", "/carte", "/bassin", "/comparer?bassins=AM13,NI06", "/cooperation", "/croisement", "/methode")
COUNTED = "/comparer?bassins=AM13,NI06"
READINGS = ("contexte", "observe", "ecart", "typologie", "cooperation", "priorites")

_TEXTS = """() => {
  const found = [];
  const visit = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.ELEMENT_NODE) { if (node.shadowRoot) visit(node.shadowRoot); continue; }
      const text = node.textContent.trim(), parent = node.parentElement;
      if (!text || !parent || parent.closest('style, script, title, pattern')) continue;
      if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = [...range.getClientRects()].filter((box) => box.width > 2 && box.height > 2);
      let clipped = false;
      for (let up = parent; up; up = up.parentElement) clipped ||= getComputedStyle(up).clipPath !== 'none';
      if (clipped || parent.closest('[data-testid="stSkipToContent"]:not(:focus)')) continue;
      const drawing = parent.closest('svg') && parent.getScreenCTM ? parent.getScreenCTM() : null;
      const scale = drawing ? Math.hypot(drawing.a, drawing.b) : 1;
      const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
      // A line box is higher than its letters: what counts is the letters.
      lines.forEach((box) => {
        const spare = Math.max(0, (box.height - size) / 2);
        found.push([text, size, box.left, box.top + spare, box.right, box.bottom - spare]);
      });
    }
  };
  visit(document.body);
  return found;
}"""


def shown_texts(frame: Frame) -> list[tuple[str, float, float, float, float, float]]:
    """Every text that can be seen in the frame: text, size in pixels of the screen, and its box."""
    return [tuple(found) for found in frame.evaluate(_TEXTS)]


def small_texts(page: Page) -> list[str]:
    """Texts of the page and its frames that are too small for the back of the room."""
    return [
        f"{text[:40]!r} {size:.1f} px"
        for frame in page.frames
        for text, size, *_ in shown_texts(frame)
        if size < SMALLEST - 0.2
    ]


def cut_texts(page: Page) -> list[str]:
    """Texts that the screen cuts, and pairs of texts written one over the other."""
    size, texts = page.viewport_size, shown_texts(page.main_frame)
    assert size is not None
    cut = [
        f"{text[:40]!r} is cut"
        for text, _, _, _, right, bottom in texts
        if right > size["width"] + 1 or bottom > size["height"] + 1
    ]
    for i, (first, _, left, top, right, bottom) in enumerate(texts):
        for second, _, x, y, x2, y2 in texts[i + 1 :]:
            if min(right, x2) - max(left, x) > 3 and min(bottom, y2) - max(top, y) > 3:
                cut.append(f"{first[:30]!r} over {second[:30]!r}")
    return cut


def with_projection(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}projection=oui"


def is_map(address: str) -> bool:
    return address.startswith("/carte")


@pytest.mark.parametrize("address", SCREENS)
def test_a_projected_page_is_large_whole_and_without_any_bar(page_at, address):
    page = page_at(with_projection(address))
    if is_map(address):
        map_of(page)
    for size in ("laptop", "projector"):
        show_at(page, size)
        assert small_texts(page) == [], size
        assert cut_texts(page) == [], size
        for bar in ("stHeader", "stSidebar", "stToolbar", "stTopNav"):
            expect(page.get_by_test_id(bar)).not_to_be_visible()
        expect(page.locator("h1")).to_be_visible()
        high = page.get_by_test_id("stMain").evaluate("(main) => main.scrollHeight - main.clientHeight")
        assert high <= 0, size
        if address in ("/carte", "/bassin", "/cooperation"):
            expect(page.get_by_text("Avignon", exact=False).first).to_be_visible()


@pytest.mark.parametrize("size", ["laptop", "projector"])
@pytest.mark.parametrize("basin", ["AM13", "NI02", "NI09"])
def test_the_projected_network_is_large_and_stands_above_the_buttons(page_at, basin, size):
    page = page_at(f"/cooperation?bassin={basin}&section=reseau&projection=oui", size=size)
    assert small_texts(page) == []
    assert page.get_by_test_id("stMain").evaluate("(main) => main.scrollHeight - main.clientHeight") <= 0
    foot = page.locator(".st-key-section_steps").bounding_box()
    names = [
        box for box in page.locator(".coop-network svg text").all() if (box.bounding_box() or {}).get("y")
    ]
    assert len(names) >= 7
    assert all(box.bounding_box()["y"] + 24 <= foot["y"] for box in names)


@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_of_the_map_can_be_projected(page_at, reading):
    page = page_at(f"/carte?lecture={reading}&bassin=NI09&projection=oui")
    screen = map_of(page)
    screen.wait_painted(reading)
    wait_ready(page)
    assert small_texts(page) == []
    assert cut_texts(page) == []
    assert page.get_by_test_id("stMain").evaluate("(main) => main.scrollHeight - main.clientHeight") <= 0
    assert screen.areas_under_the_legend() == 0
    expect(page.locator(".obs-name")).to_have_text("Fréjus – Saint-Raphaël – Golfe")


@pytest.mark.parametrize(
    ("address", "name", "following"),
    [
        ("/carte", ".obs-name", "Carpentras"),
        ("/bassin", "h1", "Carpentras"),
        ("/cooperation", "h1", "Carpentras"),
    ],
)
def test_the_arrows_change_the_basin_and_escape_leaves(page_at, address, name, following):
    page = page_at(f"{address}?bassin=AM13&projection=oui")
    expect(page.locator(name).first).to_contain_text("Avignon")
    expect(page.locator(".obs-page-number")).to_have_text("13 / 28")
    page.keyboard.press("ArrowRight")
    expect(page.locator(name).first).to_contain_text(following)
    expect(page.locator(".obs-page-number")).to_have_text("14 / 28")
    expect(page).to_have_url(re.compile("bassin=AM14.*projection=oui"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(name).first).to_contain_text("Avignon")
    wait_ready(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Méthode")).to_be_visible()
    expect(page).to_have_url(re.compile(r"bassin=AM13$"))


def test_the_arrows_and_escape_still_work_after_a_click_on_the_map(page_at):
    page = page_at("/carte?bassin=NI12&projection=oui")
    screen = map_of(page)
    screen.click_area("Arles")
    expect(page.locator(".obs-page-number")).to_have_text("6 / 28")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    page.keyboard.press("ArrowRight")
    expect(page.locator(".obs-page-number")).to_have_text("7 / 28")
    wait_ready(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Méthode")).to_be_visible()
    expect(page).to_have_url(re.compile(r"bassin=AM07$"))


def test_the_projected_map_names_the_title_and_the_choice_and_dates_its_legend(page_at):
    page = page_at("/carte?bassin=AM10&projection=oui")
    screen = map_of(page)
    page.wait_for_timeout(300)
    names = screen.frame.locator(".obs-label").all_inner_texts()
    assert {"Mars. Centre", "Avignon", "Orange", "Draguignan"} <= set(names)
    assert len(names) > 5
    assert screen.labels_over_labels() == []
    assert screen.outside_the_frame() == []
    expect(screen.frame.locator(".obs-legend-title")).to_have_text("Ni emploi ni formation, 2018")
    expect(screen.frame.locator(".obs-legend-title")).to_be_visible()


@pytest.mark.parametrize("reading", ["ecart", "priorites", "cooperation"])
def test_a_legend_beside_the_projected_map_has_its_title_too(page_at, reading):
    page = page_at(f"/carte?lecture={reading}&projection=oui")
    screen = map_of(page)
    screen.wait_painted(reading)
    titles = [
        *screen.frame.locator(".obs-legend-title:visible").all_inner_texts(),
        *page.locator(".obs-legend-list strong").all_inner_texts(),
    ]
    assert len(titles) == 1
    assert len(titles[0]) > 5


def test_one_click_projects_the_page_that_is_open(page_at):
    page = page_at("/bassin?bassin=NI01")
    page.get_by_role("button", name="Projeter").click()
    expect(page.get_by_role("button", name="Quitter la projection")).to_be_visible()
    expect(page.get_by_test_id("stHeader")).not_to_be_visible()
    expect(page.locator("h1")).to_have_text("Antibes")
    expect(page).to_have_url(re.compile("bassin=NI01&projection=oui"))


@pytest.mark.parametrize("address", ["/", f"{COUNTED}&indicateur=vocational_share", "/methode"])
def test_the_screens_of_a_page_follow_each_other_by_the_arrows(page_at, address):
    page = page_at(with_projection(address))
    main, seen = page.get_by_test_id("stMain"), []
    for _ in range(3):
        wait_ready(page)
        seen.append(main.inner_text())
        assert small_texts(page) == []
        assert cut_texts(page) == []
        page.keyboard.press("ArrowRight")
        expect(main).not_to_have_text(seen[-1], use_inner_text=True)
    assert len(set(seen)) == 3
    page.keyboard.press("ArrowLeft")
    expect(main).to_have_text(seen[-1], use_inner_text=True)
