"""The map and the list of a page, as a test asks about them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Frame, Locator, Page, expect

_LEGEND_OVER_AREAS = """() => {
  const step = 3, covered = new Set();
  const areas = [...document.querySelectorAll('.leaflet-obs-areas-pane path')];
  for (const box of document.querySelectorAll('.leaflet-control .obs-legend-card')) {
    const card = box.getBoundingClientRect();
    if (!card.width || !card.height) continue;
    areas.forEach((path, position) => {
      const around = path.getBoundingClientRect();
      const apart = around.right < card.left || around.left > card.right
        || around.bottom < card.top || around.top > card.bottom;
      if (apart) return;
      const back = path.getScreenCTM().inverse();
      for (let x = card.left; x <= card.right; x += step)
        for (let y = card.top; y <= card.bottom; y += step)
          if (path.isPointInFill(new DOMPoint(x, y).matrixTransform(back))) covered.add(position);
    });
  }
  return covered.size;
}"""

_LABELS_OVER_LABELS = """() => {
  const boxes = [...document.querySelectorAll('.obs-label')]
    .map((node) => [node.textContent, node.getBoundingClientRect()]);
  const pairs = [];
  boxes.forEach(([first, a], i) => boxes.slice(i + 1).forEach(([second, b]) => {
    const over = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    if (over) pairs.push(first + ' / ' + second);
  }));
  return pairs;
}"""

_OUTSIDE = """(selector) => [...document.querySelectorAll(selector)].filter((node) => {
  const box = node.getBoundingClientRect();
  const cut = box.left < 0 || box.top < 0 || box.right > innerWidth + .5 || box.bottom > innerHeight + .5;
  return box.width && cut;
}).map((node) => node.textContent)"""


@dataclass(frozen=True)
class MapScreen:
    """The page with its map, once painted."""

    page: Page
    frame: Frame

    def wait_painted(self, *pieces: str) -> None:
        """Wait until the last paint is the one whose id holds each of ``pieces``."""
        self.frame.wait_for_function(
            "(pieces) => pieces.every((piece) => "
            "(document.body.dataset.painted || '').split(':').includes(piece))",
            arg=list(pieces),
        )

    def wait_until(self, areas: int) -> None:
        """Wait until the map holds this number of areas."""
        self.frame.wait_for_function(
            "(count) => document.querySelectorAll('.leaflet-obs-areas-pane path').length === count", arg=areas
        )

    def area_fills(self) -> list[str]:
        """Fill of each area drawn, in the order of the file of geometry."""
        return self.frame.eval_on_selector_all(
            ".leaflet-obs-areas-pane path", "(paths) => paths.map((path) => path.getAttribute('fill'))"
        )

    def areas_under_the_legend(self) -> int:
        """How many areas the cards of the legend cover, by the exact outline of the areas."""
        return self.frame.evaluate(_LEGEND_OVER_AREAS)

    def labels_over_labels(self) -> list[str]:
        """Pairs of names that overlap."""
        return self.frame.evaluate(_LABELS_OVER_LABELS)

    def outside_the_frame(self) -> list[str]:
        """Texts of the legend, the notice and the names that the frame cuts."""
        return self.frame.evaluate(_OUTSIDE, ".obs-legend-card, .obs-notice, .obs-label, .obs-home")

    def click_area(self, name: str) -> None:
        """Click inside the basin whose label on the map is ``name``."""
        box = self.frame.locator(".obs-label", has_text=name).first.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def outline(self) -> str | None:
        """The outline of the selection, as drawn."""
        return self.frame.locator(".leaflet-obs-selection-pane path").last.get_attribute("d")

    @property
    def rows(self) -> Locator:
        """The lines of the list."""
        return self.page.locator(".st-key-ranking_list tbody tr")

    @property
    def chosen_row(self) -> Locator:
        """The line of the list that is chosen."""
        return self.page.locator(".st-key-ranking_list tbody tr.chosen")

    def row(self, code: str) -> Locator:
        """The button of a basin in the list."""
        return self.page.locator(f'.st-key-ranking_list button[data-code="{code}"]')

    def expect_chosen(self, code: str, label: str) -> None:
        """The basin is chosen everywhere: panel, list, outline on the map, address."""
        self.wait_painted(code)
        expect(self.page.locator(".obs-name")).to_have_text(label)
        expect(self.chosen_row).to_contain_text(label)
        expect(self.row(code)).to_have_attribute("aria-current", "true")
        expect(self.page).to_have_url(re.compile(rf"[?&]bassin={code}\b"))
        self.frame.wait_for_selector(".leaflet-obs-selection-pane path", state="attached")


def map_of(page: Page) -> MapScreen:
    """The map of ``page``, painted at least once."""
    handle = page.wait_for_selector(".st-key-map_frame iframe")
    frame = handle.content_frame() if handle else None
    assert frame is not None
    frame.wait_for_function("document.body && document.body.dataset.painted")
    return MapScreen(page, frame)
