"""Step ``build``: the files of ``data/`` checked, the risk computed, all published in one transaction.

The files are hashed first: when neither they nor the code that reads them changed, nothing else happens.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.config import Settings
from observatory.pipeline.empty_demonstration import is_emptied
from observatory.pipeline.findings import StepNote
from observatory.store.stamp import read_build_stamp

if TYPE_CHECKING:
    import pandas as pd

    from observatory.pipeline.build_inputs import BuildInputs
    from observatory.pipeline.risk import RiskTables

LABEL = "build"
ACTOR = "pipeline"

HASHED_CODE = (
    "domain/*.py",
    "stats/*.py",
    "pipeline/build.py",
    "pipeline/build_inputs.py",
    "pipeline/risk.py",
    "store/tables.py",
)
"""What a published number depends on besides the files: a change in any of them makes a new build."""

_DATA = (
    "indicators.yml",
    "sources.yml",
    "context.csv",
    "context_counts.csv",
    "context_reference.csv",
    "territory/basins.csv",
    "territory/communes.csv",
)

_DEMONSTRATION = (
    "inventory.csv",
    "snapshots.csv",
    "campaigns.csv",
    "campaign_figures.csv",
    "campaign_quality.csv",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m observatory.pipeline build``."""
    parser.add_argument("--force", action="store_true", help="compute again even if nothing changed")


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Run the step for the command line: the store then holds what the files say."""
    build(settings, force=args.force)
    return ()


def build(settings: Settings, *, force: bool = False) -> int:
    """Make the store hold what the files of ``settings.data_dir`` say; returns the current version.

    Idempotent. Raises :class:`~observatory.errors.FileContractError` with every problem of the files,
    :class:`~observatory.errors.DataFileError` and :class:`~observatory.errors.StoreError`; the previous data
    stay then, as they do when the process is killed.
    """
    if is_emptied(settings):
        settings = replace(settings, demo=False)
    content_hash = hash_inputs(settings)
    stamp = read_build_stamp(settings)
    if stamp is not None and stamp.content_hash == content_hash and not force:
        return stamp.version_id
    from observatory.store.engine import open_store
    from observatory.store.readers import current_content_hash, current_version

    engine = open_store(settings)
    try:
        version = current_version(engine)
        if version is not None and not force and current_content_hash(engine) == content_hash:
            return version
        # Pandas and the statistics are imported only when there is something to compute.
        from observatory.pipeline.build_inputs import read_inputs
        from observatory.store.campaigns import invented_tables
        from observatory.store.inventory_demonstration import replace_demonstration
        from observatory.store.writers import publish_tables

        inputs = read_inputs(settings)
        tables = compute_tables(inputs)
        # Before the hash of the files is noted: cut short in between, the next build does both again.
        replace_demonstration(engine, inputs.demonstration, inputs.demonstration_snapshots)
        return publish_tables(
            engine,
            tables,
            LABEL,
            ACTOR,
            content_hash,
            force=force,
            also=lambda connection: invented_tables(connection, inputs.campaigns),
        ).version_id
    finally:
        engine.dispose()


def compute_tables(inputs: BuildInputs) -> dict[str, pd.DataFrame]:
    """All the tables of the store, by name, from checked inputs."""
    figures, risk = compute_figures_and_risk(inputs)
    return {
        "figure": figures,
        "commune_figure": inputs.communes,
        "context_index": risk.context_index,
        "context_contribution": risk.context_contribution,
        "gap": risk.gap,
        "typology": risk.typology,
        "indicator_rank": risk.indicator_rank,
        "trend": risk.trend,
        "risk_summary": risk.risk_summary,
    }


def compute_figures_and_risk(inputs: BuildInputs) -> tuple[pd.DataFrame, RiskTables]:
    """Figures with their intervals, and the risk computed from them."""
    from observatory.pipeline.risk import add_intervals, compute_risk

    figures = add_intervals(inputs.figures, inputs.catalogue)
    return figures, compute_risk(figures, inputs.catalogue, inputs.basins, inputs.populations)


def hash_inputs(settings: Settings) -> str:
    """SHA-256 of the files and of the code that a build depends on; a missing file is part of it."""
    digest = hashlib.sha256()
    for name, path in _hashed_files(settings):
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
            name += " (missing)"
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _hashed_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    package = Path(__file__).resolve().parent.parent
    for pattern in HASHED_CODE:
        for path in sorted(package.glob(pattern)):
            yield f"code {path.relative_to(package).as_posix()}", path
    for name in _DATA:
        yield f"data {name}", settings.data_dir / name
    yield "var communes.csv", settings.var_dir / "communes.csv"
    if settings.demo:
        for name in _DEMONSTRATION:
            yield f"demonstration {name}", settings.data_dir / "demonstration" / name
