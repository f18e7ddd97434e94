"""Step ``publish``: disclosure control, its audit, then and only then the application's database."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.config import Settings, current_linkage_settings
from observatory.domain.campaign import Edition
from observatory.errors import FileContractError, FileProblem
from observatory.pipeline.consolidate import add_campaign_arguments, checked_campaign, read_hierarchy
from observatory.pipeline.findings import StepNote
from observatory.pipeline.progress import stages

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from sqlalchemy import Engine

    from observatory.linkage.consolidated import Consolidated
    from observatory.pipeline.campaign_tables import CampaignTables, Exposed

STEP = "publish"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which edition of which campaign."""
    add_campaign_arguments(parser)


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Protect, attack, and publish what withstood; tells how many figures are shown and hidden."""
    from observatory.linkage.consolidated import consolidation_file, read_consolidated
    from observatory.linkage.runs import file_sha256, now, record_run
    from observatory.pipeline.campaign_tables import audit, publishable
    from observatory.store.campaigns import write_campaign
    from observatory.store.engine import open_store

    started_at = now()
    code, edition = checked_campaign(options.campaign), Edition(options.edition)
    working_dir = current_linkage_settings().working_dir
    counted = read_consolidated(working_dir, code, edition)
    _, area_of_basin = read_hierarchy(settings.data_dir)
    quality = read_quality(working_dir, counted)
    engine = open_store(settings)
    try:
        with stages(STEP, 3) as advance:
            previous = published_before(engine, code, edition)
            tables = publishable(counted.figures, quality, area_of_basin, previous)
            advance()
            refuse_exposed(audit(tables.figures, tables.quality, area_of_basin, previous), code, edition)
            advance()
            instant = _unchanged_since(engine, code, edition, tables) or datetime.now(UTC)
            head = header(code, edition, counted, tables, instant, is_demonstration=False)
            publication = write_campaign(engine, head, tables.figures, tables.quality)
            advance()
    finally:
        engine.dispose()
    name = consolidation_file(code, edition)
    record_run(
        working_dir,
        f"{STEP} {code} {edition}",
        inputs={name: file_sha256(working_dir / name)},
        counts={"changed_rows": publication.changed_row_count},
        started_at=started_at,
        extra={"version": publication.version_id},
    )
    states = tables.figures["status"].value_counts()
    params = {
        "campaign": code,
        "shown": str(states.get("value", 0)),
        "hidden": str(states.get("suppressed", 0)),
    }
    return (StepNote("published" if publication.is_new else "published_unchanged", params),)


def read_quality(working_dir: Path, counted: Consolidated) -> pd.DataFrame:
    """What is known of the links (``quality.parquet``, when it was made), and who takes part in no figure."""
    import pandas as pd

    from observatory.linkage.quality import QUALITY_FILE

    columns = ["topic", "item", "measure", "value", "lower", "upper"]
    left_out = pd.DataFrame(
        [
            ("left_out", reason, "persons", float(count), None, None)
            for reason, count in counted.left_out.items()
        ],
        columns=columns,
    )
    path = working_dir / QUALITY_FILE
    known = pd.read_parquet(path)[columns] if path.is_file() else pd.DataFrame(columns=columns)
    known = known[known["topic"] != "left_out"]
    parts = [part for part in (known, left_out) if len(part)]
    if not parts:
        return pd.DataFrame(columns=columns).astype({"value": "float64"})
    numbers = dict.fromkeys(("value", "lower", "upper"), "float64")
    return pd.concat([part.astype(numbers) for part in parts], ignore_index=True)


def published_before(engine: Engine, campaign_code: str, edition: Edition) -> list[pd.DataFrame]:
    """The real figures that are already published of a campaign: its other edition, this one as it stands."""
    from observatory.store.campaigns import read_campaign_figures, read_campaigns

    known = read_campaigns(engine, include_demonstration=False)
    editions = set(known.loc[known["campaign_code"] == campaign_code, "edition"])
    order = [edition.value, *(other.value for other in Edition if other is not edition)]
    return [read_campaign_figures(engine, campaign_code, name) for name in order if name in editions]


def _unchanged_since(
    engine: Engine, campaign_code: str, edition: Edition, tables: CampaignTables
) -> datetime | None:
    """When exactly these tables were published under this name; None if others were, or none."""
    from observatory.pipeline.campaign_tables import FIGURE_COLUMNS, QUALITY_COLUMNS
    from observatory.store.campaigns import read_campaign_figures, read_campaign_quality, read_campaigns

    known = read_campaigns(engine, include_demonstration=False)
    known = known[(known["campaign_code"] == campaign_code) & (known["edition"] == edition.value)]
    if known.empty:
        return None
    for read, table, columns in (
        (read_campaign_figures, tables.figures, FIGURE_COLUMNS),
        (read_campaign_quality, tables.quality, QUALITY_COLUMNS),
    ):
        key = [name for name in columns if not name.startswith(("value", "status", "is_"))]
        stored = read(engine, campaign_code, edition.value)[columns].sort_values(key, ignore_index=True)
        if stored.to_csv() != table[columns].sort_values(key, ignore_index=True).to_csv():
            return None
    published_at: datetime = known["published_at"].iloc[0].to_pydatetime()
    return published_at


def refuse_exposed(exposed: Iterable[Exposed], campaign_code: str, edition: Edition) -> None:
    """Nothing goes out when one cell can be deduced."""
    problems = [
        FileProblem(f"{one.table} {campaign_code} {edition}", None, one.cell, None, "cell_exposed")
        for one in exposed
    ]
    if problems:
        raise FileContractError(problems, "campaign_exposed")


def header(
    campaign_code: str,
    edition: Edition,
    counted: Consolidated,
    tables: CampaignTables,
    published_at: datetime,
    *,
    is_demonstration: bool,
) -> pd.DataFrame:
    """The row of a campaign; its manifest tells how many figures are shown, and why others are not."""
    import pandas as pd

    manifest: dict[str, dict[str, int]] = {}
    cells = tables.report[["kind", "reason", "cells"]].itertuples(index=False, name=None)
    for kind, reason, count in cells:
        reasons = manifest.setdefault(str(kind), {})
        reasons[str(reason)] = reasons.get(str(reason), 0) + int(count)
    return pd.DataFrame(
        {
            "campaign_code": [campaign_code],
            "edition": [edition.value],
            "reference_on": [counted.reference_on],
            "published_at": [pd.Timestamp(published_at)],
            "is_demonstration": [is_demonstration],
            "manifest": [json.dumps(manifest, sort_keys=True)],
        }
    )
