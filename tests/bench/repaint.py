"""From the click in the selector to the map repainted, seen from inside the page, and whether it went blank.

The same probe watches both maps: at each frame that the browser draws it looks whether the areas are there
and whether their colours are still those of before the click.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from playwright.sync_api import CDPSession, Page

OURS = ".leaflet-obs-areas-pane path"
REBUILT = ".leaflet-overlay-pane path"
_TIMEOUT_MS = 20_000

_PROBE = """([selector, fewest]) => {
  const look = () => {
    for (const frame of document.querySelectorAll('iframe')) {
      const box = frame.getBoundingClientRect();
      const drawn = frame.contentDocument?.querySelectorAll(selector) ?? [];
      if (box.width < 50 || box.height < 50 || drawn.length < fewest) continue;
      const step = Math.max(1, Math.floor(drawn.length / 60));
      let colours = '';
      for (let i = drawn.length - 1; i >= 0; i -= step) colours += drawn[i].getAttribute('fill');
      return colours;
    }
    return '';
  };
  const before = look();
  window.__repaint = new Promise((resolve) => {
    document.addEventListener('pointerdown', () => {
      const start = performance.now();
      let last = start, blank = 0;
      const watch = (now) => {
        const colours = look();
        if (!colours) blank += now - last;
        last = now;
        if (colours && colours !== before) requestAnimationFrame((shown) => resolve([shown - start, blank]));
        else requestAnimationFrame(watch);
      };
      requestAnimationFrame(watch);
    }, { capture: true, once: true });
  });
  return before !== '';
}"""


@dataclass(frozen=True)
class Repaint:
    """One change: milliseconds to the new colours, milliseconds without any area, bytes on the WebSocket."""

    milliseconds: float
    blank: float
    received: int


@dataclass
class MapPage:
    """A page with a map and a select box, ready to be changed and watched."""

    page: Page
    selector: str
    fewest: int
    box_key: str
    options: tuple[str, ...] = ()
    position: int = 0
    received: int = 0
    repaints: list[Repaint] = field(default_factory=list)

    def __post_init__(self) -> None:
        session: CDPSession = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._count)

    def _count(self, event: dict[str, dict[str, object]]) -> None:
        response = event["response"]
        payload = str(response["payloadData"])
        self.received += len(base64.b64decode(payload)) if response["opcode"] == 2 else len(payload)

    def wait_for_map(self) -> None:
        """Until the areas are drawn and Streamlit is idle."""
        self.page.wait_for_function(
            """([selector, fewest]) => [...document.querySelectorAll('iframe')].some(
                 (f) => (f.contentDocument?.querySelectorAll(selector).length ?? 0) >= fewest)
               && document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState
                 === 'notRunning'""",
            arg=[self.selector, self.fewest],
            timeout=_TIMEOUT_MS,
        )

    def read_options(self) -> None:
        """The choices of the select box, in their order."""
        self._open()
        items = self.page.get_by_role("option")
        items.first.wait_for()
        self.options = tuple(items.all_inner_texts())
        self.page.keyboard.press("Escape")

    def change(self) -> Repaint:
        """Choose the next option and wait for the repainted map."""
        self.page.bring_to_front()
        self.position = (self.position + 1) % len(self.options)
        self._open()
        option = self.page.get_by_role("option", name=self.options[self.position], exact=True)
        option.wait_for()
        assert self.page.evaluate(_PROBE, [self.selector, self.fewest]), "no map before the change"
        before = self.received
        option.click()
        took, blank = self.page.evaluate("() => window.__repaint")
        self.wait_for_map()
        # What streamlit-folium still sends (250 ms after a map appears) belongs to this change.
        self.page.wait_for_timeout(400)
        self.wait_for_map()
        repaint = Repaint(took, blank, self.received - before)
        self.repaints.append(repaint)
        return repaint

    def _open(self) -> None:
        self.page.locator(
            f".st-key-{self.box_key} [role=combobox], .st-key-{self.box_key} input"
        ).first.click()

    def forget(self) -> None:
        """End of the warm-up."""
        self.repaints.clear()

    def median_of(self, what: Callable[[Repaint], float]) -> float:
        return median(what(r) for r in self.repaints)
