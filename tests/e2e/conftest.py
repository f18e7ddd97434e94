"""Fixtures of the browser tests: a real Chromium, the running application, pages under guard.

A test asks for ``page_at`` and gets ready pages; leaving this machine, a console error, an uncaught error
or a trace in the server's log fails it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import run_build
from tests.e2e.chromium import NoBrowserError, find_chromium
from tests.e2e.harness import (
    CHROMIUM_ARGUMENTS,
    VIEWPORTS,
    AppServer,
    PageGuard,
    Person,
    running_server,
    wait_ready,
)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser; without one the tests fail, with one line that says what to do."""
    try:
        return find_chromium()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium_path), args=list(CHROMIUM_ARGUMENTS), headless=True
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def app_server(built_var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The application with its demonstration records, as ``make run`` opens it."""
    var_dir = tmp_path_factory.mktemp("server") / "var"
    shutil.copytree(built_var_dir, var_dir)
    with running_server(var_dir) as server:
        yield server


@pytest.fixture(scope="session")
def inventory_server(built_var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An empty inventory, told to show no demonstration record. What a test writes stays: it takes basins (or
    names of frozen states) that no other test writes to.
    """
    var_dir = tmp_path_factory.mktemp("inventory") / "var"
    shutil.copytree(built_var_dir, var_dir)
    environ = {"OBSERVATOIRE_VAR_DIR": str(var_dir), "OBSERVATOIRE_DEMO": "non"}
    run_build(environ)
    with running_server(var_dir, environ) as server:
        yield server


@pytest.fixture
def own_server(built_var_dir: Path, tmp_path: Path) -> Iterator[AppServer]:
    """A server that has shown no page yet, and whose database a test may spoil."""
    shutil.copytree(built_var_dir, tmp_path / "var")
    with running_server(tmp_path / "var") as server:
        yield server


class Visitors:
    """Browser contexts by language and person, kept from test to test: a context of its own would load all of
    Streamlit again at each page. Nothing else passes through them: the selection is in the address and in the
    session on the server, a new one for each page.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[tuple[str, Person | None], BrowserContext] = {}

    def context(self, locale: str, person: Person | None = None) -> BrowserContext:
        """The context of those who read in this language, or of one of them."""
        key = (locale, person)
        if key not in self._contexts:
            self._contexts[key] = self.stranger(locale)
            if person:
                self._contexts[key].add_cookies([person.cookie()])
        return self._contexts[key]

    def stranger(self, locale: str) -> BrowserContext:
        """Someone who has never come: no cache, nothing stored."""
        return self._browser.new_context(
            locale=locale, timezone_id="Europe/Paris", reduced_motion="reduce", accept_downloads=True
        )


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Visitors:
    return Visitors(browser)


class PageOpener:
    """``page_at("/carte?bassin=AM13", size="tablet")``: a ready page, watched by ``guard``."""

    def __init__(self, visitors: Visitors, request: pytest.FixtureRequest) -> None:
        self.guard = PageGuard()
        self._visitors = visitors
        self._request = request
        self._pages: list[Page] = []
        self._strangers: list[BrowserContext] = []
        self._servers: dict[int, tuple[AppServer, int]] = {}

    def __call__(
        self,
        path: str,
        size: str | tuple[int, int] = "laptop",
        *,
        server: AppServer | None = None,
        wait: bool = True,
        locale: str = "fr-FR",
        stranger: bool = False,
        person: Person | None = None,
    ) -> Page:
        """Open ``path`` of the application (``server`` defaults to the one with demonstration records).

        ``path`` without its first slash is a whole address, of a page that is not the application's.
        ``wait=False`` returns as soon as the document is there; ``stranger`` has never come before.
        """
        address = path
        is_own = path.startswith("/")
        if is_own:
            server = server or self._request.getfixturevalue("app_server")
            self._servers.setdefault(server.port, (server, len(server.log())))
            address = server.url + path
        width, height = VIEWPORTS[size] if isinstance(size, str) else size
        context = self._visitors.stranger(locale) if stranger else self._visitors.context(locale, person)
        if stranger:
            self._strangers.append(context)
        self.guard.watch(context)
        page = context.new_page()
        self._pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        if wait and is_own:
            wait_ready(page)
        return page

    def close(self) -> None:
        """Close what was opened, then say what went wrong."""
        for page in self._pages:
            page.close()
        for context in self._strangers:
            context.close()
        self.guard.unwatch()
        for server, seen in self._servers.values():
            written = server.log()[seen:]
            if "Traceback" in written:
                self.guard.problems.append(f"trace in the server's log:\n{written}")
        self.guard.check()


@pytest.fixture
def page_at(visitors: Visitors, request: pytest.FixtureRequest) -> Iterator[PageOpener]:
    """Opens pages of the application; what they may not do fails the test when it ends."""
    opener = PageOpener(visitors, request)
    yield opener
    opener.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(page_at: PageOpener, inventory_server: AppServer) -> Visit:
    """``visit("/cooperation?bassin=AM02", name="A. Un")``: a page of theirs, on the empty
    inventory; without a ``name``, of somebody who has never come.
    """

    def open_page(path: str, size: str = "laptop", **who: object) -> Page:
        person = Person(**who) if who.get("name", True) else None  # type: ignore[arg-type]
        return page_at(path, size, server=inventory_server, person=person, stranger=person is None)

    return open_page
