"""Fixtures of the browser tests: a real Chromium, the running application, pages under guard.

A test asks for ``page_at`` and gets ready pages; leaving this machine, a console error, an uncaught error
or a trace in the server's log fails it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import run_build
from tests.e2e.chromium import NoBrowserError, find_chromium
from tests.e2e.harness import CHROMIUM_ARGUMENTS, VIEWPORTS, AppServer, PageGuard, running_server, wait_ready

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
def app_server_without_demo(
    built_var_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppServer]:
    """The application told to show no demonstration record, on a database that once held some."""
    var_dir = tmp_path_factory.mktemp("server-real") / "var"
    shutil.copytree(built_var_dir, var_dir)
    environ = {"OBSERVATOIRE_VAR_DIR": str(var_dir), "OBSERVATOIRE_DEMO": "non"}
    run_build(environ)
    with running_server(var_dir, environ) as server:
        yield server


class PageOpener:
    """``page_at("/carte?bassin=AM13", size="tablet")``: a ready page, watched by ``guard``."""

    def __init__(self, browser: Browser, request: pytest.FixtureRequest) -> None:
        self.guard = PageGuard()
        self._browser = browser
        self._request = request
        self._contexts: list[BrowserContext] = []
        self._servers: dict[int, tuple[AppServer, int]] = {}

    def __call__(
        self,
        path: str,
        size: str | tuple[int, int] = "laptop",
        *,
        server: AppServer | None = None,
        wait: bool = True,
        locale: str = "fr-FR",
    ) -> Page:
        """Open ``path`` of the application (``server`` defaults to the one with demonstration records).

        ``path`` without its first slash is a whole address, of a page that is not the application's.
        ``wait=False`` returns as soon as the document is there.
        """
        address = path
        is_own = path.startswith("/")
        if is_own:
            server = server or self._request.getfixturevalue("app_server")
            self._servers.setdefault(server.port, (server, len(server.log())))
            address = server.url + path
        width, height = VIEWPORTS[size] if isinstance(size, str) else size
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self._contexts.append(context)
        self.guard.watch(context)
        page = context.new_page()
        page.goto(address)
        if wait and is_own:
            wait_ready(page)
        return page

    def close(self) -> None:
        """Close what was opened, then say what went wrong."""
        for context in self._contexts:
            context.close()
        for server, seen in self._servers.values():
            written = server.log()[seen:]
            if "Traceback" in written:
                self.guard.problems.append(f"trace in the server's log:\n{written}")
        self.guard.check()


@pytest.fixture
def page_at(browser: Browser, request: pytest.FixtureRequest) -> Iterator[PageOpener]:
    """Opens pages of the application; what they may not do fails the test when it ends."""
    opener = PageOpener(browser, request)
    yield opener
    opener.close()
