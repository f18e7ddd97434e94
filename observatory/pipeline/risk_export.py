"""Step ``risk``: the risk tables as CSV files, to be read, compared or checked outside of the application."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from observatory.config import Settings
from observatory.errors import DataFileError
from observatory.pipeline.build import compute_figures_and_risk
from observatory.pipeline.build_inputs import read_inputs
from observatory.pipeline.findings import StepNote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m observatory.pipeline risk``."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the tables")


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Write ``figure.csv`` and one file by risk table in the folder, made if needed.

    Same inputs, same bytes. Raises what :func:`read_inputs` raises and ``file_not_writable``.
    """
    figures, risk = compute_figures_and_risk(read_inputs(settings))
    tables = {"figure": figures} | {field.name: getattr(risk, field.name) for field in fields(risk)}
    folder: Path = args.out
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    except OSError as error:
        raise DataFileError("file_not_writable", path=str(error.filename or folder)) from error
    return ()
