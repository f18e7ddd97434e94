"""The nets themselves: a guard that lets everything through would pass every other test."""

from __future__ import annotations

import functools
import http.server
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.chromium import NO_BROWSER, NoBrowserError, find_chromium
from tests.e2e.harness import ROOT, run_axe

SOUND = (
    "<!doctype html><html lang='fr'><head><title>Page</title><link rel='icon' href='data:,'></head>"
    "<body><main><h1>Bassins</h1>{body}</main></body></html>"
)


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def serve_page(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Write a page with this body and give its local address."""
    site = tmp_path / "site"
    site.mkdir()
    handler = functools.partial(_QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def serve(body: str) -> str:
            (site / "index.html").write_text(SOUND.format(body=body), encoding="utf-8")
            return f"http://127.0.0.1:{server.server_address[1]}/index.html"

        yield serve
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "body",
    [
        "<img alt='' src='http://tiles.example/1.png'>",
        "<link rel='stylesheet' href='https://fonts.example/a.css'>",
        "<script>fetch('https://stats.example/', {method: 'POST'}).catch(() => 0)</script>",
        "<script>new WebSocket('ws://push.example/')</script>",
        "<iframe title='carte' srcdoc=\"<script src='http://cdn.example/leaflet.js'></script>\"></iframe>",
        "<img alt='' src='http://localhost.example/1.png'>",
    ],
    ids=["image", "stylesheet", "fetch", "socket", "script in a frame", "name that only looks local"],
)
def test_a_request_off_this_machine_is_a_problem(page_at, serve_page, body):
    page_at(serve_page(body)).wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match=r"off this machine: \w+://[a-z]+\.example/"):
        page_at.guard.check()
    page_at.guard.problems.clear()


def test_what_stays_on_this_machine_is_not_a_problem(page_at, serve_page):
    body = (
        "<img alt='' src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>"
        "<script>fetch(URL.createObjectURL(new Blob(['12,4 %'])))</script>"
        "<iframe title='local' src='index.html?frame' width=0 height=0></iframe>"
    )
    address = serve_page("<p>12,4 %</p>")
    page_at(address).set_content(SOUND.format(body=body.replace("index.html", address)))
    page_at.guard.check()


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("console.error('couche perdue')", "console error: couche perdue"),
        ("throw new Error('carte nulle')", "uncaught error.*carte nulle"),
        ("Promise.reject(new Error('promesse rompue'))", "uncaught error.*promesse rompue"),
    ],
    ids=["console error", "uncaught error", "rejected promise"],
)
def test_an_error_in_the_page_is_a_problem(page_at, serve_page, script, named):
    page_at(serve_page(f"<p>x</p><script>{script}</script>")).wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match=named):
        page_at.guard.check()
    page_at.guard.problems.clear()


def test_a_console_error_that_a_test_provokes_can_be_named_beforehand(page_at, serve_page):
    page_at.guard.allowed_console.append("couche perdue")
    page_at(serve_page("<script>console.error('couche perdue')</script>")).wait_for_load_state("networkidle")
    page_at.guard.check()


def test_a_test_whose_page_leaves_this_machine_does_not_pass(tmp_path):
    inner = tmp_path / "test_inner.py"
    inner.write_text(
        "def open_page(page_at, body):\n"
        "    page = page_at('about:blank')\n"
        "    page.set_content(body)\n"
        "    page.wait_for_load_state('networkidle')\n"
        "def test_stays(page_at):\n"
        "    open_page(page_at, '<p>12,4 %</p>')\n"
        "def test_leaves(page_at):\n"
        "    open_page(page_at, '<img src=\"http://tiles.example/1.png\">')\n",
        encoding="utf-8",
    )
    options = ["-q", "-p", "no:cacheprovider", "-p", "tests.e2e.conftest", "--rootdir", str(tmp_path)]
    done = _run([sys.executable, "-m", "pytest", str(inner), "-c", str(ROOT / "pyproject.toml"), *options])
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ERROR" in done.stdout
    assert "test_leaves" in done.stdout.split("short test summary")[1]
    assert "test_stays" not in done.stdout.split("short test summary")[1]
    assert "request off this machine: http://tiles.example/1.png" in done.stdout


@pytest.mark.parametrize(
    ("body", "rule", "target"),
    [
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>", "image-alt", "img"),
        ("<p style='color:#999;background:#fff'>Bassin de Digne</p>", "color-contrast", "p"),
        ("<iframe title='carte' srcdoc='<button></button>'></iframe>", "button-name", "iframe >> button"),
        (
            "<iframe title='carte' sandbox='allow-scripts' srcdoc='<button></button>'></iframe>",
            "button-name",
            "iframe >> button",
        ),
    ],
    ids=["image without text", "pale text", "button without name in a frame", "the same in a sandbox"],
)
def test_axe_finds_a_planted_defect(page_at, serve_page, body, rule, target):
    violations = run_axe(page_at(serve_page(body)))
    assert [(v.rule, v.targets) for v in violations] == [(rule, (target,))]


def test_axe_finds_nothing_in_a_sound_page(page_at, serve_page):
    assert run_axe(page_at(serve_page("<p>Bassin de Digne</p><button>Ouvrir</button>"))) == []


def test_the_pages_speak_french_to_the_application(page_at, serve_page):
    page = page_at(serve_page("<script>document.write((12.4).toLocaleString())</script>"), size="tablet")
    expect(page.locator("main")).to_contain_text("12,4")
    assert page.viewport_size == {"width": 820, "height": 1180}


def test_a_browser_that_only_says_to_install_another_is_not_a_browser(tmp_path):
    fake = tmp_path / "chromium-browser"
    fake.write_text("#!/bin/sh\necho 'requires the snap to be installed' >&2\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(NoBrowserError):
        find_chromium({"PATH": str(tmp_path)})


def test_without_a_browser_the_tests_fail_with_one_line(tmp_path):
    done = _run([sys.executable, "-m", "tests.e2e.chromium"], PATH=str(tmp_path), CHROMIUM="")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", NO_BROWSER + "\n")


def test_a_port_in_use_is_said_in_one_french_sentence_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run([sys.executable, "-m", "observatory.launch", "--port", str(port)])
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{port}" in done.stderr
    assert re.fullmatch(r"(?=.*\bport\b)[A-ZÀÉÊ«].*\.\n", done.stderr)
    assert "port_in_use" not in done.stderr


@pytest.mark.parametrize("port", ["0", "70000", "huit", "-1", ""])
def test_a_port_that_is_not_one_is_refused_by_the_name_of_its_setting(port):
    done = _run([sys.executable, "-m", "observatory.launch", f"--port={port}"])
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"(?=.*\bPORT\b)[A-ZÀÉÊ«].*\.\n", done.stderr)


def test_an_address_of_another_machine_is_refused_by_the_name_of_its_setting():
    done = _run([sys.executable, "-m", "observatory.launch", "--host", "192.0.2.1"])
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"(?=.*\bHOST\b)[A-ZÀÉÊ«].*\.\n", done.stderr)


@pytest.mark.parametrize(
    ("missing", "said"),
    [("version_info", "Python 3.11"), ("ensurepip", "python3-venv")],
    ids=["old Python", "no venv module"],
)
def test_make_run_says_in_one_line_what_debian_must_give(tmp_path, missing, said):
    python = tmp_path / "python3"
    refused = {"version_info": "*sys.exit*version_info*", "ensurepip": "*import*ensurepip*"}[missing]
    python.write_text(f'#!/bin/sh\ncase "$*" in {refused}) exit 1;; esac\necho 3.11\n')
    python.chmod(0o755)
    done = _run(["make", "run", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"])
    assert done.returncode != 0
    sentence, makes_own = done.stderr.splitlines()
    assert said in sentence
    assert makes_own.startswith("make: ***")
    assert not (tmp_path / "venv").exists()


def _run(command: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    return subprocess.run(
        command, cwd=ROOT, env={**kept, **environ}, capture_output=True, text=True, timeout=120, check=False
    )
