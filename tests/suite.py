"""All the tests, in two halves at once: the browser waits more than it works, the others take a second core.

``python -m tests.suite`` shows the others as they go, then the browser's half, then one summary of both. Its
exit code is 0 only when both are green.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
HALVES = {"browser": ("-m", "e2e", "-p", "no:cacheprovider"), "others": ("-m", "not e2e")}
SLOWEST = 10


@dataclass(frozen=True)
class Half:
    """What one half says at its end; a half cut short has no report."""

    name: str
    code: int
    seconds: float = 0
    tests: int = 0
    skipped: int = 0
    failed: tuple[str, ...] = ()
    times: tuple[tuple[float, str], ...] = ()


def read_half(name: str, code: int, report: Path) -> Half:
    """The half whose JUnit report is ``report``."""
    try:
        (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return Half(name, code)
    cases = {case: f"{case.get('classname')}::{case.get('name')}" for case in suite.iter("testcase")}
    return Half(
        name,
        code,
        seconds=float(suite.get("time", 0)),
        tests=len(cases),
        skipped=sum(case.find("skipped") is not None for case in cases),
        failed=tuple(
            label
            for case, label in cases.items()
            if case.find("failure") is not None or case.find("error") is not None
        ),
        times=tuple((float(case.get("time", 0)), label) for case, label in cases.items()),
    )


def summary(halves: Sequence[Half]) -> str:
    """Both halves in a few lines: the slowest tests, what failed, how many and how long.

    >>> print(summary([Half("browser", 1, 61.2, 2, 0, ("e2e::b",), ((2.0, "e2e::b"), (0.5, "e2e::a")))]))
    Slowest tests:
        2.0 s  e2e::b
        0.5 s  e2e::a
    FAILED e2e::b
    browser: 2 tests, 1 failed, 0 skipped in 1 min 01 s (exit code 1)
    """
    times = sorted((time for half in halves for time in half.times), reverse=True)
    lines = ["Slowest tests:", *(f"  {seconds:5.1f} s  {label}" for seconds, label in times[:SLOWEST])]
    lines += [f"FAILED {label}" for half in halves for label in half.failed]
    for half in halves:
        minutes, seconds = divmod(int(half.seconds), 60)
        counts = f"{half.tests} tests, {len(half.failed)} failed, {half.skipped} skipped"
        said = f"{counts} in {minutes} min {seconds:02} s" if half.tests else "no report"
        lines.append(f"{half.name}: {said} (exit code {half.code})")
    return "\n".join(lines)


def run(halves: Mapping[str, Sequence[str]], arguments: Sequence[str] = ()) -> int:
    """Run the halves at once, the last one shown as it goes; 0 when all of them ended well."""
    *hidden, _ = halves
    with tempfile.TemporaryDirectory(prefix="suite") as folder:
        reports = {name: Path(folder, f"{name}.xml") for name in halves}
        logs = {name: Path(folder, f"{name}.log") for name in hidden}
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name, options in halves.items():
                command = [
                    sys.executable,
                    "-m",
                    "pytest",
                    *options,
                    *arguments,
                    f"--junitxml={reports[name]}",
                ]
                log = logs[name].open("wb") if name in logs else None
                running[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
                if log:
                    log.close()
            codes = {name: running[name].wait() for name in reversed(running)}
        finally:
            for process in running.values():
                process.terminate()
                process.wait()
        for name, log_path in logs.items():
            print(f"\n===== {name}\n{log_path.read_text(encoding='utf-8', errors='replace')}")
        print("===== summary")
        print(summary([read_half(name, codes[name], reports[name]) for name in halves]))
    return max(abs(code) for code in codes.values())


if __name__ == "__main__":
    sys.exit(run(HALVES, sys.argv[1:]))
