"""`make bench`: the speed of the observatory against its bars, as ratios in one run where it can be.

Not a timed test: it ends with 0 whatever it finds, with 1 only when a measurement could not be made.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from playwright.sync_api import Browser, sync_playwright

from tests.bench import pages, results, servers, sessions
from tests.bench.inventory import CHANGES as INVENTORY_CHANGES
from tests.bench.inventory import postgres_server
from tests.bench.repaint import OURS, REBUILT, MapPage, Repaint
from tests.bench.results import Line
from tests.bench.servers import Server
from tests.e2e.chromium import find_chromium
from tests.e2e.harness import CHROMIUM_ARGUMENTS, ROOT

WARM_UP = 3
CHANGES = 10
STARTS = 3
CONNECTIONS = 20
BUDGET_SECONDS = 240
"""No measure starts after that; the longest takes a minute on a machine that does nothing else."""
COMMUNES = 940
"""Fewest areas of a drawn map of communes."""


Measures = Callable[["Bench"], list[Line]]
Result = TypeVar("Result")


class Bench:
    """What the measures share: a browser, a built database, a folder for the other two applications."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser = browser
        self.folder = folder
        self.var_dir = folder / "var"
        self.var_dir.mkdir()
        servers.write_commune_figures(self.var_dir)
        self.build_seconds = servers.build(self.var_dir)


def measure_geometry(_bench: Bench) -> list[Line]:
    """Sizes of the files of geometry, as they are and compressed as a web server does."""
    names = json.loads((ROOT / "data/territory/geometry.json").read_text(encoding="utf-8"))
    lines = []
    for kind, raw, packed in (("basins", 100, 27), ("communes", 600, 140)):
        content = (ROOT / "static/geo" / names[kind]).read_bytes()
        size = len(gzip.compress(content, 6))
        lines.append(Line(f"Geometry of the {kind}", len(content) / 1000, "kB", raw, decimals=1))
        lines.append(Line(f"Geometry of the {kind}, gzip -6", size / 1000, "kB", packed, decimals=1))
    return lines


def measure_build(bench: Bench) -> list[Line]:
    """The build step, on nothing and on what is already built."""
    again = servers.build(bench.var_dir)
    return [
        Line(
            "Build of the database", bench.build_seconds, "s", detail="python -m observatory.pipeline build"
        ),
        Line("Build, nothing changed", again, "s"),
    ]


def measure_cold_start(bench: Bench) -> list[Line]:
    """From the process to the first page with its map, in a browser that has seen nothing."""
    found, empty = [], []
    for _ in range(STARTS):
        found.append(pages.cold_start(bench.browser, bench.var_dir, "carte"))
        empty.append(
            pages.cold_start_of_script(bench.browser, "blank_app.py", bench.folder / "blank", bench.var_dir)
        )
    home = pages.cold_start(bench.browser, bench.var_dir, "")
    fresh = bench.folder / "var-fresh"
    fresh.mkdir()
    with_build = pages.cold_start(bench.browser, fresh, "carte")
    each = ", ".join(f"{s:.2f}" for s in sorted(found))
    return [
        Line(
            "Cold start to the first page with its map",
            pages.typical(found),
            "s",
            3.5,
            f"/carte: {each}; a page of one line: {pages.typical(empty):.2f} s",
        ),
        Line("Cold start, home page with its drawing", home, "s", detail="/, once"),
        Line("Cold start with the build", with_build, "s", detail="no database yet, once"),
    ]


def measure_repaint(bench: Bench) -> list[Line]:
    """Change of indicator (basins) and of year (communes) against the map rebuilt at each change.

    Twice: on a page that holds nothing but a selector and the map, which is what the bars are told against,
    and on the application's own page with its map rebuilt, where the map is the only difference.
    """
    lines = []
    folder, var_dir = bench.folder, bench.var_dir
    with (
        servers.observatory_server(var_dir) as ours,
        servers.script_server("rebuilt_map_app.py", folder / "rebuilt", var_dir) as rebuilt,
        servers.script_server("same_page_app.py", folder / "same", var_dir, with_pages=True) as same,
    ):
        for level, bar in (("basins", 0.45), ("communes", 0.55)):
            lines += _repaints(bench.browser, (ours, rebuilt, same), level == "communes", bar)
        context = pages.new_context(bench.browser)
        page = context.new_page()
        page.goto(f"{ours.url}/carte?lecture=contexte")
        MapPage(page, OURS, 28, "choice_indicator").wait_for_map()
        clicks = pages.map_clicks(page, range(0, 28, 3))
        context.close()
    detail = f"median of {len(clicks)}, from the click to the map repainted"
    return [*lines, Line("Click on the map", pages.typical(clicks), "ms", detail=detail, decimals=0)]


def _repaints(
    browser: Browser, applications: tuple[Server, Server, Server], by_commune: bool, bar: float
) -> list[Line]:
    context = pages.new_context(browser)
    level, fewest = ("communes", COMMUNES) if by_commune else ("basins", 28)
    box = "choice_year" if by_commune else "choice_indicator"
    query = "lecture=observe&indicateur=neet_rate" if by_commune else "lecture=contexte"
    paths = (f"carte?{query}", f"?niveau={level}", f"carte?{query}")
    maps = []
    for server, path, selector in zip(applications, paths, (OURS, REBUILT, REBUILT), strict=True):
        page = context.new_page()
        page.goto(f"{server.url}/{path}")
        watched = MapPage(page, selector, 28, box)
        watched.wait_for_map()
        if by_commune:
            page.bring_to_front()
            if path.startswith("carte"):
                page.get_by_text("Calques").click()
                page.get_by_text("chiffres par commune").click()
            watched.fewest = fewest
            watched.wait_for_map()
            page.keyboard.press("Escape")
        watched.read_options()
        for _ in range(WARM_UP):
            watched.change()
        watched.forget()
        maps.append(watched)
    for _ in range(CHANGES):
        for watched in maps:
            watched.change()
    context.close()
    took, least, most, dark, sent = ([f(m) for m in maps] for f in _FIGURES)
    detail = "{:.0f} ms against {:.0f} ms rebuilt, medians of {}; at best {:.0f} and {:.0f}".format
    return [
        Line(
            f"Change on {level}, against the map rebuilt",
            took[0] / took[1],
            "x",
            bar,
            detail(took[0], took[1], CHANGES, least[0], least[1]) + "; nothing else on its page",
        ),
        Line(
            f"Change on {level}, same page with the map rebuilt",
            took[0] / took[2],
            "x",
            None,
            detail(took[0], took[2], CHANGES, least[0], least[2]),
        ),
        Line(
            f"Blank map, {level}",
            most[0],
            "ms",
            0,
            f"longest; rebuilt: {dark[1]:.0f} and {dark[2]:.0f} ms",
            0,
        ),
        Line(
            f"Bytes of a change, {level}",
            sent[0],
            "kB",
            None,
            f"WebSocket, received; rebuilt: {sent[1]:.0f} and {sent[2]:.0f} kB",
            1,
        ),
    ]


def _took(repaint: Repaint) -> float:
    return repaint.milliseconds


def _blank(repaint: Repaint) -> float:
    return repaint.blank


_FIGURES: tuple[Callable[[MapPage], float], ...] = (
    lambda m: m.median_of(_took),
    lambda m: min(map(_took, m.repaints)),
    lambda m: max(map(_blank, m.repaints)),
    lambda m: m.median_of(_blank),
    lambda m: m.median_of(lambda r: r.received / 1000),
)


def measure_rerun(bench: Bench) -> list[Line]:
    """A rerun of the whole page of the map against an empty page: in the browser, and on the server alone."""
    with (
        servers.observatory_server(bench.var_dir) as ours,
        servers.script_server("empty_app.py", bench.folder / "empty", bench.var_dir) as empty,
    ):
        context = pages.new_context(bench.browser)
        first, second = context.new_page(), context.new_page()
        first.goto(f"{ours.url}/carte?lecture=contexte")
        MapPage(first, OURS, 28, "choice_indicator").wait_for_map()
        second.goto(empty.url)
        second.get_by_text("Vide").first.wait_for()
        pages.reruns(first, 4), pages.reruns(second, 4)
        mine: list[float] = []
        other: list[float] = []
        for _ in range(12):
            mine += pages.reruns(first, 1)
            other += pages.reruns(second, 1)
        context.close()
        a, b = pages.typical(mine), pages.typical(other)
        alone = _aside(sessions.rerun_seconds(ours.port, "carte"))
        nothing = _aside(sessions.rerun_seconds(empty.port, ""))
    return [
        Line(
            "Rerun, against an empty page",
            a / b,
            "x",
            2,
            f"browser: {a:.0f} ms against {b:.0f} ms, medians of 12",
        ),
        Line(
            "Rerun on the server alone",
            1000 * alone,
            "ms",
            detail=f"to the last message; empty page: {1000 * nothing:.0f} ms",
            decimals=0,
        ),
    ]


def measure_in_process(bench: Bench) -> list[Line]:
    """Python time of the map code in a rerun, and the sheets as PDF."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.in_process"],
        cwd=ROOT,
        env=servers.environ(bench.var_dir),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        Line(
            "Map code of a rerun, basins",
            found["basins_ms"],
            "ms",
            10,
            "view, layer and st_folium, cached",
            1,
        ),
        Line("Map code of a rerun, communes", found["communes_ms"], "ms", detail="the same", decimals=1),
        Line("One sheet as PDF, the first", found["pdf_s"], "s", detail="the compiler loads"),
        Line(f"The {found['zip_count']} sheets in a ZIP", found["zip_s"], "s", 20),
    ]


def measure_inventory(bench: Bench) -> list[Line]:
    """The region view and one save after ten years of history, on both databases."""
    var_dir = bench.folder / "inventory"
    var_dir.mkdir()
    lines = _inventory_on("SQLite", var_dir, {})
    with postgres_server() as address:
        return lines + _inventory_on("PostgreSQL", var_dir, {"OBSERVATOIRE_DATABASE_URL": address})


def _inventory_on(database: str, var_dir: Path, address: dict[str, str]) -> list[Line]:
    environ = {**servers.environ(var_dir), "OBSERVATOIRE_DEMO": "non", **address}
    for module in ("observatory.pipeline build", "tests.bench.inventory"):
        command = [sys.executable, "-m", *module.split()]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    size = f"{INVENTORY_CHANGES} changes, {found['fields']} fields"
    opened = [
        Line(
            f"Region view, {part}, {database}",
            seconds,
            "s",
            1,
            f"just after a save, nothing cached; processor {found['open_cpu_s'][part]:.2f} s; "
            f"again: {found['again_s'][part]:.2f} s; {size}",
        )
        for part, seconds in found["open_s"].items()
    ]
    saved = Line(
        f"One entry saved, {database}",
        found["save_ms"],
        "ms",
        50,
        f"median; p95 {found['save_p95_ms']:.1f} ms",
        1,
    )
    return [*opened, saved]


def measure_load(bench: Bench) -> list[Line]:
    """Twenty connections at once with a second between their changes, and what they cost in memory."""
    with servers.observatory_server(bench.var_dir) as server:
        at_rest, private, after = _aside(_memory_of_connections(server))
        load = _aside(sessions.use_map_together(server.port, count=CONNECTIONS, changes=15, think=1.0))
        pages.open_all_pages(bench.browser, server)
        everything = server.resident_mb()
    each = (after - at_rest) / CONNECTIONS
    detail = (
        f"{len(load.seconds)} changes: median {load.median:.3f} s, max {max(load.seconds, default=0):.3f} s, "
        "WebSocket clients, think time 1 s"
    )
    return [
        Line("20 connections, p95", load.p95, "s", 0.3, detail, 3),
        Line("20 connections, errors", len(load.errors), "", 0, "; ".join(load.errors[:2]), 0),
        Line(
            "Resident memory, first page shown",
            at_rest,
            "MB",
            200,
            f"of which {private:.0f} MB are not mapped files",
            0,
        ),
        Line(
            "Memory of one more connection",
            each,
            "MB",
            0.2,
            f"{at_rest:.0f} -> {after:.0f} MB for {CONNECTIONS}",
        ),
        Line(
            "Resident memory, every page opened", everything, "MB", 250, "Plotly pages too, after the load", 0
        ),
    ]


def _aside(work: Coroutine[object, object, Result]) -> Result:
    """Run in a thread of its own: the browser's driver keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _memory_of_connections(server: Server) -> tuple[float, float, float]:
    first = await sessions.hold_open(server.port, 1)
    await asyncio.sleep(1)
    at_rest, private = server.resident_mb(), server.private_mb()
    opened = await sessions.hold_open(server.port, CONNECTIONS)
    await asyncio.sleep(1)
    after = server.resident_mb()
    for session in (*first, *opened):
        await session.socket.close()
    return at_rest, private, after


MEASURES: dict[str, Measures] = {
    "geometry": measure_geometry,
    "build": measure_build,
    "in_process": measure_in_process,
    "rerun": measure_rerun,
    "inventory": measure_inventory,
    "load": measure_load,
    "cold": measure_cold_start,
    "repaint": measure_repaint,
}


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=list(CHROMIUM_ARGUMENTS), headless=True
        )
        yield browser
        browser.close()


def main() -> int:
    """Measure and print the table, or JSON; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--json", action="store_true", help="JSON instead of the table")
    parser.add_argument("--only", default=",".join(MEASURES), help=f"among {', '.join(MEASURES)}")
    options = parser.parse_args()
    # Ended from outside, it still stops the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load_before, start = os.getloadavg()[0], perf_counter()
    lines: list[Line] = []
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="observatoire-bench-") as folder, _chromium() as browser:
        bench = Bench(browser, Path(folder))
        for name in options.only.split(","):
            print(f"{name}…", file=sys.stderr, flush=True)
            if perf_counter() - start > BUDGET_SECONDS:
                failures.append(f"{name}: not started, what came before took more than {BUDGET_SECONDS} s")
                continue
            try:
                lines += MEASURES[name](bench)
            except Exception as error:  # noqa: BLE001 - one measure that fails does not hide the others
                failures.append(f"{name}: {type(error).__name__}: {error}")
        chromium = f"Chromium {browser.version}"
    machine = results.describe_machine(chromium, load_before)
    print((results.as_json if options.json else results.as_table)(lines, machine, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
