"""`make bench-linkage`: the cross-matching at the size of the region, against its truth and its bars.

Two seeds, each in its own layout and noise, go the whole way: generated files, ``extracts``, ``link``. The
model is held against the cascade and the two exact matches on the same extracts; then growth. Each measure is
a process of its own, so that its memory is its own. Ends with 0 whatever it finds, like ``make bench``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pandas as pd

from observatory.linkage.linking import Method, link_records
from tests.bench import results
from tests.bench.results import Line
from tests.linkage.linked_people import generated, read_links, score, write_working_file

ROOT = Path(__file__).resolve().parents[2]
TRUTH_FILE = "truth.parquet"


@dataclass(frozen=True)
class Trial:
    """A population, and the most that may be wrong or missing of its links."""

    seed: int
    noise: float
    layout: str
    wrong: float
    missed: float
    missed_mission_locale: float

    @property
    def name(self) -> str:
        return f"seed {self.seed}, noise {self.noise:g}, layout {self.layout}"


TRIALS = (
    Trial(1, 1.0, "a", wrong=0.002, missed=0.007, missed_mission_locale=0.015),
    Trial(20261101, 1.6, "b", wrong=0.003, missed=0.015, missed_mission_locale=0.030),
)
LINK_SECONDS, LINK_GB = 90, 2.0
"""On a machine that others use; 45 s when it is quiet."""
FEWER_ERRORS = 0.65
"""The model may make this share of the errors of the cascade, at most."""
GROWTH = {1: (90.0, 2.0), 2: (120.0, 4.0), 4: (180.0, 6.0)}
"""Seconds and GB at so many times the region."""
GROWTH_F1 = 0.995


@dataclass(frozen=True)
class Run:
    """What one process took and found."""

    seconds: float
    cpu_seconds: float
    gigabytes: float


def main() -> int:
    """Measure and print; ``--scale`` for a small population, ``--no-files`` to begin at the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--growth", type=int, nargs="*", default=list(GROWTH), choices=list(GROWTH))
    parser.add_argument("--no-files", dest="has_files", action="store_false")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, metavar=("DIR", "METHOD"), help=argparse.SUPPRESS)
    parser.add_argument(
        "--tables", nargs=4, metavar=("DIR", "SCALE", "SEED", "NOISE"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.one:
        return _link_here(Path(options.one[0]), Method(options.one[1]))
    if options.tables:
        folder, scale, seed, noise = options.tables
        return _write_tables(Path(folder), float(scale), int(seed), float(noise))
    load_before = os.getloadavg()[0]
    lines: list[Line] = []
    failures: list[str] = []
    for trial in TRIALS:
        with tempfile.TemporaryDirectory(prefix="bench-linkage-") as folder:
            try:
                made = measure_trial(trial, options.scale, Path(folder), has_files=options.has_files)
                lines += _tell(made)
            except subprocess.CalledProcessError as error:
                failures.append(f"{trial.name}: {error}")
    for times in options.growth:
        with tempfile.TemporaryDirectory(prefix="bench-linkage-") as folder:
            try:
                lines += _tell(measure_growth(times, options.scale, Path(folder)))
            except subprocess.CalledProcessError as error:
                failures.append(f"{times}x: {error}")
    machine = results.describe_machine("no browser", load_before)
    print(results.as_table(lines, machine, failures))
    if options.json:
        options.json.write_text(results.as_json(lines, machine, failures), encoding="utf-8")
    return 1 if failures else 0


def _tell(lines: list[Line]) -> list[Line]:
    """Say each line as soon as it is known: the whole takes a quarter of an hour."""
    for line in lines:
        print(f"{line.name}: {line.measured:.{line.decimals}f} {line.unit}  {line.detail}", file=sys.stderr)
    return lines


def measure_trial(trial: Trial, scale: float, folder: Path, *, has_files: bool) -> list[Line]:
    """One population by every method."""
    working_dir = folder / "croisement"
    lines: list[Line] = []
    if has_files:
        extracts = folder / "extracts"
        _step(working_dir, "synthetic", "--to", extracts, "--scale", scale, "--seed", trial.seed,
              "--noise", trial.noise, "--layout", trial.layout)  # fmt: skip
        started = perf_counter()
        _step(working_dir, "extracts", "--from", extracts, "--accept-refused", 0.05)
        lines.append(Line(f"Extracts, {trial.name}", perf_counter() - started, "s", decimals=1))
        truth = pd.read_parquet(extracts / TRUTH_FILE)
    else:
        _call("--tables", working_dir, scale, trial.seed, trial.noise)
        truth = pd.read_parquet(working_dir / TRUTH_FILE)
    errors: dict[Method, float] = {}
    for method in Method:
        run = _link(working_dir, method)
        found = score(read_links(working_dir), truth)
        of_all = found.loc["all"]
        errors[method] = float(of_all["errors"])
        detail = (
            f"{trial.name}; precision {of_all['precision']:.4f}, recall {of_all['recall']:.4f}, "
            f"mission locale {found.loc['mission_locale', 'recall']:.4f}; "
            f"{run.cpu_seconds:.0f} s of processor, {run.gigabytes:.1f} GB"
        )
        is_ours = method is Method.SPLINK
        lines.append(
            Line(f"Links by {method}", run.seconds, "s", LINK_SECONDS if is_ours else None, detail, 1)
        )
        if is_ours:
            shares = {
                "wrong": (1 - of_all["precision"], trial.wrong),
                "missed": (1 - of_all["recall"], trial.missed),
                "missed of mission locale": (
                    1 - found.loc["mission_locale", "recall"],
                    trial.missed_mission_locale,
                ),
            }
            lines.append(Line("Memory of the links", run.gigabytes, "GB", LINK_GB, trial.name))
            lines += [
                Line(f"Links {what}", 100 * float(share), "%", 100 * bar, trial.name, 3)
                for what, (share, bar) in shares.items()
            ]
    ratio = errors[Method.SPLINK] / max(1.0, errors[Method.CASCADE])
    lines.append(Line("Errors of the model over those of the cascade", ratio, "", FEWER_ERRORS, trial.name))
    return lines


def measure_growth(times: int, scale: float, folder: Path) -> list[Line]:
    """The model on a region so many times as large."""
    working_dir = folder / "croisement"
    _call("--tables", working_dir, scale * times, 1, 1.0)
    run = _link(working_dir, Method.SPLINK)
    found = score(read_links(working_dir), pd.read_parquet(working_dir / TRUTH_FILE)).loc["all"]
    f1 = 2 * found["precision"] * found["recall"] / (found["precision"] + found["recall"])
    seconds, gigabytes = GROWTH[times]
    return [
        Line(f"Links, {times}x", run.seconds, "s", seconds, f"{run.cpu_seconds:.0f} s of processor", 1),
        Line(f"Memory, {times}x", run.gigabytes, "GB", gigabytes),
        Line(f"1 - F1, {times}x", 100 * (1 - float(f1)), "%", 100 * (1 - GROWTH_F1), decimals=3),
    ]


def _link_here(working_dir: Path, method: Method) -> int:
    started = perf_counter()
    link_records(working_dir, method=method)
    used = resource.getrusage(resource.RUSAGE_SELF)
    taken = {
        "seconds": perf_counter() - started,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "gigabytes": used.ru_maxrss / 1e6,
    }
    print(json.dumps(taken))
    return 0


def _write_tables(working_dir: Path, scale: float, seed: int, noise: float) -> int:
    extracts = generated(scale, seed, noise)
    write_working_file(working_dir, extracts)
    extracts.truth.to_parquet(working_dir / TRUTH_FILE)
    return 0


def _link(working_dir: Path, method: Method) -> Run:
    return Run(**json.loads(_call("--one", working_dir, method.value)))


def _call(*words: object) -> str:
    command = [sys.executable, "-m", "tests.bench.linkage", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _step(working_dir: Path, *words: object) -> None:
    subprocess.run(
        [sys.executable, "-m", "observatory.pipeline", *map(str, words)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OBSERVATOIRE_CROISEMENT_DIR": str(working_dir)},
    )


if __name__ == "__main__":
    sys.exit(main())
