"""Servers that the benchmark measures: the observatory, the map rebuilt at each change, an empty page.

The two others run from a folder of their own with the same Leaflet, the same geometry and the same settings
of Streamlit, in the same Python, on the same database.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import psutil

from tests.e2e.harness import LOCAL_HOST, ROOT, free_port

START_SECONDS = 60
_BENCH = Path(__file__).parent
# Commune figures are not in the repository: of the right size and range, invented, for the benchmark only.
_COMMUNE_LAYERS = (("neet_rate", 2008), ("neet_rate", 2013), ("neet_rate", 2018))


@dataclass(frozen=True)
class Server:
    """A server that answers: its address, its process, when it was asked for (``perf_counter``), its log."""

    url: str
    process: subprocess.Popen[bytes]
    asked_at: float
    log_path: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def resident_mb(self) -> float:
        """Resident memory of the process in MB (10^6 bytes)."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    def private_mb(self) -> float:
        """The part of it that no file holds: resident less shared (libraries mapped from the disk)."""
        memory = psutil.Process(self.process.pid).memory_info()
        return (memory.rss - memory.shared) / 1e6


def write_commune_figures(var_dir: Path) -> None:
    """``var/communes.csv`` as the context step writes it, with invented shares."""
    with (ROOT / "data" / "territory" / "communes.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["commune_code"] for row in csv.DictReader(file)]
    draw = random.Random(1)
    with (var_dir / "communes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("commune_code", "indicator_code", "year", "value", "source_code"))
        for indicator, year in _COMMUNE_LAYERS:
            for code in codes:
                if not code.startswith("132"):
                    row = (code, indicator, year, round(draw.uniform(0.05, 0.35), 4), "insee_neet_communes")
                    writer.writerow(row)


def build(var_dir: Path) -> float:
    """Seconds of ``python -m observatory.pipeline build`` into ``var_dir``."""
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "observatory.pipeline", "build"],
        cwd=ROOT,
        env=environ(var_dir),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the build ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return perf_counter() - start


@contextmanager
def observatory_server(var_dir: Path) -> Iterator[Server]:
    """The application as ``make run`` starts it: build (if anything changed), then Streamlit."""
    port = free_port()
    command = [sys.executable, "-m", "observatory.launch", "--port", str(port)]
    with _serve(command, ROOT, port, var_dir) as server:
        yield server


@contextmanager
def script_server(script: str, folder: Path, var_dir: Path, *, with_pages: bool = False) -> Iterator[Server]:
    """``tests/bench/<script>`` as an application of its own, in ``folder`` (made if it is not there).

    ``with_pages`` puts the application's own ``app.py`` and ``pages/`` beside it.
    """
    folder.mkdir(exist_ok=True)
    shutil.copy(_BENCH / script, folder / script)
    for name in ("static", ".streamlit", *(("pages",) if with_pages else ())):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    if with_pages:
        shutil.copy(ROOT / "app.py", folder / "app.py")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with _serve(command, folder, port, var_dir) as server:
        yield server


@contextmanager
def _serve(command: Sequence[str], folder: Path, port: int, var_dir: Path) -> Iterator[Server]:
    log_path = var_dir / f"server-{port}.log"
    with log_path.open("wb") as log:
        asked_at = perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environ(var_dir),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://{LOCAL_HOST}:{port}", process, asked_at, log_path)
    try:
        _wait_for_health(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_health(server: Server) -> None:
    deadline = server.asked_at + START_SECONDS
    while perf_counter() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            sleep(0.01)
    log = server.log_path.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"the server does not answer:\n{log}")


def environ(var_dir: Path) -> dict[str, str]:
    """Environment of a measured process: nothing of who runs the benchmark, and ``var_dir``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OBSERVATOIRE_", "STREAMLIT_"))}
    return {**kept, "OBSERVATOIRE_VAR_DIR": str(var_dir), "PYTHONPATH": str(ROOT)}
