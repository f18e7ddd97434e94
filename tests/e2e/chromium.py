"""The Chromium of the browser tests: ``$CHROMIUM``, one of the machine, or Debian's package.

Never Playwright's own download: it comes from outside the package registries.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No Chromium for the browser tests: install the package `chromium` (apt-get install chromium), "
    "or give its path in CHROMIUM."
)


class NoBrowserError(RuntimeError):
    """No Chromium that starts; the message says what to do."""


def find_chromium(environ: Mapping[str, str] = os.environ) -> Path:
    """Path of a Chromium that answers ``--version``; :class:`NoBrowserError` when there is none.

    Asked to run, because Ubuntu's ``chromium-browser`` is a script that only says to install a snap.
    """
    asked = environ.get("CHROMIUM", "").strip()
    for name in (asked,) if asked else NAMES:
        path = shutil.which(name, path=environ.get("PATH"))
        if path and _answers(path):
            return Path(path)
    raise NoBrowserError(NO_BROWSER)


def install_chromium() -> Path:
    """Debian's Chromium, installed when this process may do so; :class:`NoBrowserError` otherwise."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowserError(NO_BROWSER)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise NoBrowserError(NO_BROWSER)
    return find_chromium()


def _answers(path: str) -> bool:
    try:
        done = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"hrom" in done.stdout


def main(arguments: list[str] | None = None) -> int:
    """Print the path of the browser; with ``--install`` fetch Debian's when there is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.chromium")
    parser.add_argument("--install", action="store_true")
    options = parser.parse_args(arguments)
    try:
        try:
            path = find_chromium()
        except NoBrowserError:
            if not options.install:
                raise
            path = install_chromium()
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Browser of the tests: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
