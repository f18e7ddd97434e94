"""What is measured in a real browser besides the repaint: first page, rerun, click on the map, memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from playwright.sync_api import Browser, BrowserContext, Frame, Page

from tests.bench.servers import Server, observatory_server, script_server
from tests.e2e.harness import is_local

SIZE = {"width": 1920, "height": 1080}
ALL_PAGES = ("", "carte", "bassin?bassin=AM13", "cooperation", "methode", "comparer?bassins=AM13,NI06")
_PAINTED = """() => [...document.querySelectorAll('iframe')].some(
  (frame) => frame.contentDocument?.body?.dataset.painted)"""
_DRAWN_IN_PAGE = "() => document.querySelectorAll('.obs-svg path').length >= 28"
_IDLE = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'"""
_RERUN = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  window.__rerun = 0;
  const resolve = (took) => { window.__rerun = took; };
  document.addEventListener('keydown', () => {
    const start = performance.now();
    let hasRun = false;
    const watcher = new MutationObserver(() => {
      hasRun ||= app.dataset.testScriptState !== 'notRunning';
      if (!hasRun || app.dataset.testScriptState !== 'notRunning') return;
      watcher.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
    });
    watcher.observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] });
  }, { capture: true, once: true });
}"""
_NOTE_CLICK = """() => document.addEventListener(
  'click', () => { window.top.__clicked = window.top.performance.now(); }, { capture: true })"""
_POINT_OF_AREA = """(position) => {
  const path = document.querySelectorAll('.leaflet-obs-areas-pane path')[position];
  const box = path.getBoundingClientRect(), frame = window.frameElement.getBoundingClientRect();
  for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) {
    const x = box.left + (box.width * i) / 20, y = box.top + (box.height * j) / 20;
    if (document.elementFromPoint(x, y) === path) return [frame.left + x, frame.top + y];
  }
  return null;
}"""


class OffLocalError(RuntimeError):
    """A page asked for something that is not on this machine: what was measured would need the internet."""


def new_context(browser: Browser) -> BrowserContext:
    """A browser that has seen nothing yet, on a large screen; asking for another machine is an error."""
    context = browser.new_context(viewport=SIZE, locale="fr-FR", timezone_id="Europe/Paris")

    def refuse(url: str) -> None:
        if not is_local(url):
            raise OffLocalError(url)

    context.on("request", lambda request: refuse(request.url))
    return context


def cold_start(browser: Browser, var_dir: Path, path: str) -> float:
    """Seconds from the start of ``make run``'s process to the first page with its map drawn."""
    context = new_context(browser)
    page = context.new_page()
    with observatory_server(var_dir) as server:
        page.goto(f"{server.url}/{path}", wait_until="commit")
        page.wait_for_function(_PAINTED if path else _DRAWN_IN_PAGE, timeout=30_000)
        seconds = perf_counter() - server.asked_at
    context.close()
    return seconds


def cold_start_of_script(browser: Browser, script: str, folder: Path, var_dir: Path) -> float:
    """The same for a page of a line of text: what Streamlit itself and the browser take."""
    context = new_context(browser)
    page = context.new_page()
    with script_server(script, folder, var_dir) as server:
        page.goto(server.url, wait_until="commit")
        page.get_by_text("Vide").first.wait_for(timeout=30_000)
        seconds = perf_counter() - server.asked_at
    context.close()
    return seconds


def reruns(page: Page, count: int) -> list[float]:
    """Milliseconds of reruns of the whole page: from the key that asks for one to the page drawn and idle."""
    found = []
    for _ in range(count):
        page.bring_to_front()
        page.wait_for_function(_IDLE)
        page.evaluate(_RERUN)
        page.locator("body").press("r")
        page.wait_for_function("() => window.__rerun > 0", timeout=20_000)
        found.append(float(page.evaluate("() => window.__rerun")))
        page.wait_for_timeout(150)
    return found


def map_clicks(page: Page, positions: Sequence[int]) -> list[float]:
    """Milliseconds from a click on a basin of the map to the map that shows it chosen."""
    frame = _map_frame(page)
    found = []
    for position in positions:
        point = frame.evaluate(_POINT_OF_AREA, position)
        if point is None:
            continue
        before = frame.evaluate("() => document.body.dataset.painted")
        frame.evaluate(_NOTE_CLICK)
        page.mouse.click(*point)
        page.wait_for_function(
            """(before) => [...document.querySelectorAll('iframe')].some((f) => {
                 const painted = f.contentDocument?.body?.dataset.painted;
                 return painted && painted !== before;
               }) && (window.__took = performance.now() - window.__clicked)""",
            arg=before,
        )
        found.append(float(page.evaluate("() => window.__took")))
        page.wait_for_timeout(400)
    return found


def _map_frame(page: Page) -> Frame:
    return next(f for f in page.frames if "st_folium" in f.url)


def open_all_pages(browser: Browser, server: Server) -> None:
    """Open every page once in one browser, with a pause in which it draws; Plotly's last."""
    context = new_context(browser)
    page = context.new_page()
    for path in ALL_PAGES:
        page.goto(f"{server.url}/{path}")
        page.wait_for_function(_IDLE, timeout=30_000)
        page.wait_for_timeout(700)
    context.close()
    sleep(0.5)


def typical(values: Sequence[float]) -> float:
    """Median of ``values``."""
    return median(values)
