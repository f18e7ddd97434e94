"""Step ``review``: doubtful pairs given to persons, and their decisions taken back for the next ``link``."""

from __future__ import annotations

import argparse
import csv
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from observatory.config import LinkageSettings, Settings, current_linkage_settings
from observatory.errors import DataFileError, UserFacingError
from observatory.pipeline.findings import StepNote

STEP = "review"
DEFAULT_PORT = 8511
LOCAL_HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[2]
_SCREEN = _ROOT / "observatory" / "linkage" / "review_screen.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the queue: one thing at a time."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--export", dest="export_file", type=Path)
    what.add_argument("--import", dest="import_file", type=Path)
    what.add_argument("--status", action="store_true")
    what.add_argument("--screen", action="store_true")
    parser.add_argument("--author")
    parser.add_argument("--control", type=int, default=0)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Export, import, tell the state, or open the screen until it is closed."""
    linkage = current_linkage_settings()
    if options.screen:
        return open_screen(linkage, options.port, max(0, options.control))
    if options.export_file:
        return _export(linkage.working_dir, options.export_file, settings.data_dir, max(0, options.control))
    if options.import_file:
        return _import(linkage.working_dir, options.import_file, options.author)
    if options.status:
        return tuple(_status(linkage.working_dir))
    raise UserFacingError("review_nothing")


def read_commune_labels(data_dir: Path) -> dict[str, str]:
    """The name of each commune of the region."""
    path = data_dir / "territory" / "communes.csv"
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            return {row["commune_code"]: row["commune_label"] for row in csv.DictReader(handle)}
    except (OSError, KeyError) as error:
        raise DataFileError("file_missing", path=str(path)) from error


def _export(working_dir: Path, asked: Path, data_dir: Path, control: int) -> tuple[StepNote, ...]:
    from observatory.linkage.decisions import read_journal
    from observatory.linkage.review import ReviewQueue, read_queue
    from observatory.pipeline.nominative_files import review_path, write_review_file

    path = review_path(working_dir, asked)
    queue = read_queue(working_dir, control=control)
    settled = queue.answered(read_journal(working_dir).by_pair)
    waiting = ReviewQueue(tuple(one for one in queue.pairs if one.pair not in settled), queue.person_of)
    count = write_review_file(waiting, path, read_commune_labels(data_dir))
    return (StepNote("review_exported", {"count": str(count), "path": str(path)}),)


def _import(working_dir: Path, path: Path, author: str | None) -> tuple[StepNote, ...]:
    from observatory.linkage.decisions import Verdict
    from observatory.linkage.review import decide, read_queue
    from observatory.pipeline.nominative_files import read_review_file

    if not author:
        raise UserFacingError("review_author_option")
    # Pairs drawn for control may be in the file: all of them are known again by their code.
    queue = read_queue(working_dir, control=1_000_000)
    decisions = read_review_file(path, queue)
    decide(working_dir, queue, decisions, author)
    counts = {verdict: sum(d.verdict is verdict for d in decisions) for verdict in Verdict}
    params = {verdict.value: str(count) for verdict, count in counts.items()}
    return (StepNote("review_imported", {"count": str(len(decisions)), **params}),)


def _status(working_dir: Path) -> Iterator[StepNote]:
    from observatory.linkage.decisions import read_journal
    from observatory.linkage.review import Usefulness, calibrate, read_queue
    from observatory.pipeline.nominative_files import band_params

    queue = read_queue(working_dir)
    decisions = read_journal(working_dir).by_pair
    settled = queue.answered(decisions)
    waiting = [one for one in queue.pairs if one.pair not in settled]
    counts = {"done": len(settled), "count": len(queue.pairs), "waiting": len(waiting)}
    yield StepNote("review_status", {name: str(count) for name, count in counts.items()})
    useful = sum(one.usefulness is Usefulness.DECIDES_OF_A_LEAVER for one in waiting)
    if useful:
        yield StepNote("review_useful", {"count": str(useful)})
    if decisions:
        yield StepNote("review_kept", {"count": str(len(decisions))})
    if queue.stale:
        yield StepNote("review_stale", {"count": str(len(queue.stale))})
    if settled:
        yield StepNote("review_pending", {"count": str(len(settled))})
    bands = [band for band in calibrate(working_dir, queue) if band.observed is not None]
    if not bands:
        yield StepNote("review_no_band")
    for band in bands:
        yield StepNote("review_band", band_params(band))


def open_screen(linkage: LinkageSettings, port: int, control: int) -> tuple[StepNote, ...]:
    """Run the local screen until it is closed. Its access code is told on the terminal only.

    Another account of the same machine can reach 127.0.0.1: without the code it sees nothing.
    """
    if not linkage.review:
        raise UserFacingError("review_not_allowed")
    from observatory.linkage.review import read_queue
    from observatory.linkage.screen_access import new_access
    from observatory.pipeline.nominative_files import announce_screen

    read_queue(linkage.working_dir)  # what cannot be shown is said before a browser opens
    code = secrets.token_hex(4)
    with new_access(linkage.working_dir, code, control):
        command = [sys.executable, "-m", "streamlit", "run", str(_SCREEN), *screen_options(port)]
        announce_screen(f"http://{LOCAL_HOST}:{port}", code)
        try:
            done = subprocess.run(command, cwd=_ROOT, check=False)
        except KeyboardInterrupt:
            return (StepNote("review_screen_closed"),)
    if done.returncode not in (0, -2, 130):
        raise UserFacingError("review_not_started")
    return (StepNote("review_screen_closed"),)


def screen_options(port: int) -> tuple[str, ...]:
    """What the screen runs with: this machine only, nothing sent outside, no trace on the terminal."""
    options = {
        "server.address": LOCAL_HOST,
        "server.port": str(port),
        "server.headless": "true",
        "server.enableCORS": "true",
        "server.enableXsrfProtection": "true",
        "server.enableStaticServing": "false",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "logger.level": "critical",  # a trace may hold what was read
    }
    return tuple(f"--{name}={value}" for name, value in options.items())
