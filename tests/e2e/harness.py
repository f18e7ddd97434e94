"""What a browser test stands on: the application's server, the offline guard, idleness, axe.

Plain objects and functions; the fixtures that hand them out are in ``conftest.py``.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from time import monotonic
from urllib.parse import quote, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

ROOT = Path(__file__).resolve().parents[2]
LOCAL_HOST = "127.0.0.1"

VIEWPORTS = {"laptop": (1280, 720), "projector": (1920, 1080), "tablet": (820, 1180)}
"""Width and height in CSS pixels: a meeting's laptop, a large projector, a tablet held upright."""

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The popups of the address bar, which nobody sees, are two more pages to load for each page; the rest is
    # Playwright's own list, which this one replaces.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,"
    "HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,"
    "PreconnectToSearch,ThirdPartyStoragePartitioning",
    # No name resolves: a request that the guard would miss fails all the same.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {LOCAL_HOST}",
)

START_SECONDS = 90

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> **gras** $x$'
"""What somebody who wishes harm types in a free text."""


@dataclass(frozen=True)
class AppServer:
    """A running observatory: its address without a final slash, its log, its ``var/`` directory."""

    url: str
    port: int
    var_dir: Path
    log_path: Path

    def log(self) -> str:
        """All that the server has written so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((LOCAL_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_server(var_dir: Path, environ: Mapping[str, str] | None = None) -> Iterator[AppServer]:
    """The application as ``make run`` starts it, on a free port; killed at the end, by its own handle.

    Raises ``AssertionError`` with the log when it does not answer, or when it wrote a trace.
    """
    port = free_port()
    log_path = var_dir / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "observatory.launch", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "OBSERVATOIRE_VAR_DIR": str(var_dir), **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = AppServer(f"http://{LOCAL_HOST}:{port}", port, var_dir, log_path)
    try:
        _wait_for_health(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert "Traceback" not in server.log(), server.log()


def _wait_for_health(server: AppServer, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        try:
            code = process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the server ended with {code} before answering:\n{server.log()}")
    raise AssertionError(f"the server does not answer after {START_SECONDS} s:\n{server.log()}")


@dataclass(frozen=True)
class Person:
    """Somebody who has said who they are."""

    name: str = "A. Exemple"
    structure: str = "Coordination du bassin"
    areas: tuple[str, ...] = ("REG93",)

    def cookie(self) -> dict[str, str]:
        """What their browser remembers, on any port of this machine."""
        said = json.dumps({"n": self.name, "s": self.structure, "p": list(self.areas)})
        return {"name": "observatoire_personne", "value": quote(said, safe=""), "url": f"http://{LOCAL_HOST}"}


@dataclass
class PageGuard:
    """Everything a page did that it may not do: leave this machine, write an error, let one escape.

    ``allowed_console`` holds pieces of console errors that a test provokes on purpose.
    """

    problems: list[str] = field(default_factory=list)
    allowed_console: list[str] = field(default_factory=list)
    _watched: list[BrowserContext] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page, frame and socket that the context opens from now on."""
        if context not in self._watched:
            self._watched.append(context)
            for event, listener in self._listeners():
                context.on(event, listener)  # type: ignore[call-overload]

    def unwatch(self) -> None:
        """Leave the contexts to the guard of the next test."""
        for context in self._watched:
            for event, listener in self._listeners():
                context.remove_listener(event, listener)
        self._watched.clear()

    def _listeners(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (
            ("request", self._on_request),
            ("console", self._on_console),
            ("weberror", self._on_error),
            ("page", self._on_page),
        )

    def check(self) -> None:
        """Raise ``AssertionError`` naming each problem."""
        problems = [p for p in self.problems if not any(piece in p for piece in self.allowed_console)]
        assert not problems, "the page did what it may not do:\n" + "\n".join(problems)

    def _on_page(self, page: Page) -> None:
        page.on("websocket", self._on_websocket)

    def _on_request(self, request: Request) -> None:
        if not is_local(request.url):
            self.problems.append(f"request off this machine: {request.url}")

    def _on_websocket(self, websocket: WebSocket) -> None:
        if not is_local(websocket.url):
            self.problems.append(f"socket off this machine: {websocket.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if message.type == "error" and not _is_probe_of_streamlit(address, message.text):
            self.problems.append(f"console error: {message.text} ({address})")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"uncaught error: {error.error}")


def _is_probe_of_streamlit(address: str, text: str) -> bool:
    """Opened at ``/carte``, Streamlit first looks for itself under ``/carte/``, then at the root."""
    return (
        re.search(r"//127\.0\.0\.1:\d+/[^/]+/_stcore/(health|host-config)$", address) is not None
        and "404" in text
    )


def is_local(url: str) -> bool:
    """Whether reading this address stays on this machine.

    >>> is_local("http://127.0.0.1:8501/carte"), is_local("data:image/png;base64,AA==")
    (True, True)
    >>> is_local("https://tiles.example/1/2/3.png"), is_local("http://127.0.0.1.example/")
    (False, False)
    """
    parts = urlsplit(url)
    if parts.scheme in {"data", "blob", "about"}:
        return True
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname == LOCAL_HOST


_IS_IDLE = """(quiet) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const idle = app
    && app.dataset.testConnectionState === 'CONNECTED'
    && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector(
      '[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-testid="stStatusWidget"], '
      + '[data-testid="stSpinner"], [data-stale="true"]')
    && document.fonts.status === 'loaded'
    && [...document.images].every((image) => image.complete);
  if (!idle) { window.__idleSince = undefined; return false; }
  window.__idleSince ??= performance.now();
  return performance.now() - window.__idleSince >= quiet;
}"""


def wait_ready(page: Page, *, quiet_ms: int = 250, timeout_ms: int = 30_000) -> None:
    """Wait until Streamlit has nothing left to run, draw or load.

    Idle for ``quiet_ms`` on end, because a component that has just appeared may ask for another run, and
    because a click reaches the server a little after it is made. A test still waits for *what it expects*
    (``expect(…)``); this is for the moments when nothing in particular is expected.
    """
    page.evaluate("() => { window.__idleSince = undefined; }")
    page.wait_for_function(_IS_IDLE, arg=quiet_ms, timeout=timeout_ms)
    for frame in page.frames:
        if not frame.is_detached():
            frame.wait_for_load_state("load", timeout=timeout_ms)


def show_at(page: Page, size: str) -> None:
    """Give the window another size, as who moves it to a projector, and wait until the page has followed."""
    width, height = VIEWPORTS[size]
    page.set_viewport_size({"width": width, "height": height})
    wait_ready(page)


@dataclass(frozen=True)
class Violation:
    """One finding of axe: its rule, ``serious`` or ``critical``, what it says, where (CSS selectors)."""

    rule: str
    impact: str
    summary: str
    targets: tuple[str, ...]


def run_axe(page: Page, *, impacts: tuple[str, ...] = ("serious", "critical")) -> list[Violation]:
    """Findings of axe-core in the page and all its frames, those of these impacts."""
    script = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    for frame in page.frames:
        # Each frame answers the main one, whatever its origin: a sandboxed frame has none.
        if not frame.evaluate("() => 'axe' in window"):
            frame.evaluate(script + "; axe.configure({allowedOrigins: ['<unsafe_all_origins>']});")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    return [
        Violation(
            rule=item["id"],
            impact=item["impact"],
            summary=item["help"],
            targets=tuple(" >> ".join(map(str, node["target"])) for node in item["nodes"]),
        )
        for item in found
        if item["impact"] in impacts
    ]
