"""Lines of the report: what was measured, its bar, reached or not; as a table or as JSON."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import psutil

_LIBRARIES = ("streamlit", "streamlit-folium", "folium", "pandas", "plotly")


@dataclass(frozen=True)
class Line:
    """One measure. ``bar`` is the most it may be, if there is one; ``detail`` says what is behind."""

    name: str
    measured: float
    unit: str
    bar: float | None = None
    detail: str = ""
    decimals: int = 2

    @property
    def is_reached(self) -> bool | None:
        """Compared as shown, so that the table never contradicts itself."""
        if self.bar is None:
            return None
        return round(self.measured, self.decimals) <= self.bar

    @property
    def verdict(self) -> str:
        return {True: "reached", False: "NOT REACHED", None: ""}[self.is_reached]


@dataclass(frozen=True)
class Machine:
    """Where and when it was measured; the load average says whether something else was running."""

    date: str
    cores: int
    memory_gb: float
    system: str
    python: str
    chromium: str
    libraries: str
    load_before: float
    load_after: float


def describe_machine(chromium: str, load_before: float) -> Machine:
    """This machine, now."""
    return Machine(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        cores=os.cpu_count() or 0,
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        chromium=chromium,
        libraries=", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        load_before=round(load_before, 1),
        load_after=round(os.getloadavg()[0], 1),
    )


def as_table(lines: list[Line], machine: Machine, failures: list[str]) -> str:
    """Plain text, one line a measure."""
    rows = [("Measure", "Measured", "Bar", "", "Detail")]
    for line in lines:
        bar = "" if line.bar is None else f"<= {line.bar:g} {line.unit}".rstrip()
        measured = f"{line.measured:.{line.decimals}f} {line.unit}".rstrip()
        rows.append((line.name, measured, bar, line.verdict, line.detail))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    table = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row[:4], widths, strict=True)), row[4]]).rstrip()
        for row in rows
    ]
    table.insert(1, "-" * (sum(widths) + 8))
    bars = [line for line in lines if line.bar is not None]
    reached = sum(line.is_reached is True for line in bars)
    head = (
        f"{machine.date}, {machine.cores} cores, {machine.memory_gb} GB, {machine.system}, "
        f"Python {machine.python}, {machine.chromium}\n{machine.libraries}\n"
        f"Load average (1 min): {machine.load_before} before, {machine.load_after} after. "
        "Above half the cores before, others were using the machine: trust the ratios only."
    )
    foot = [f"{reached} of {len(bars)} bars reached.", *(f"FAILED TO RUN: {f}" for f in failures)]
    return "\n".join([head, "", *table, "", *foot])


def as_json(lines: list[Line], machine: Machine, failures: list[str]) -> str:
    """The same, for a program."""
    found = {
        "machine": asdict(machine),
        "lines": [{**asdict(line), "reached": line.is_reached} for line in lines],
        "failures": failures,
    }
    return json.dumps(found, ensure_ascii=False, indent=2)
