"""Step ``consolidate``: the rule applied to the linked records; raw counts stay in the working directory."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from observatory.config import Settings, current_linkage_settings
from observatory.domain.campaign import Edition, is_campaign_code
from observatory.domain.territory import load_basin_of_commune, load_basins
from observatory.errors import UserFacingError
from observatory.pipeline.findings import StepNote

STEP = "consolidate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which campaign, on which day."""
    add_campaign_arguments(parser)
    parser.add_argument("--reference-on", dest="reference_on", type=date.fromisoformat)


def add_campaign_arguments(parser: argparse.ArgumentParser) -> None:
    """The edition of a campaign that the steps of the croisement work on."""
    parser.add_argument("--campaign", required=True)
    parser.add_argument(
        "--edition", choices=[edition.value for edition in Edition], default=Edition.PROVISIONAL.value
    )


def checked_campaign(code: str) -> str:
    """The name of a campaign, refused when it is not one."""
    if not is_campaign_code(code):
        raise UserFacingError("campaign_code", value=code)
    return code


def first_day(campaign_code: str) -> date:
    """The day of the situations when nothing else is said.

    >>> first_day("2026-11")
    datetime.date(2026, 11, 1)
    """
    return date.fromisoformat(f"{campaign_code}-01")


def read_hierarchy(data_dir: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The basin of each commune and the académie of each basin."""
    academies = {code: basin.academie_code for code, basin in load_basins(data_dir).items()}
    return load_basin_of_commune(data_dir), academies


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Count, save, note the run in the manifest; no count is told."""
    from observatory.linkage.consolidated import as_consolidated, save_consolidated
    from observatory.linkage.consolidation import count_persons
    from observatory.linkage.runs import file_sha256, now, record_run
    from observatory.linkage.working_file import LINKS_FILE, sweep_parts

    started_at = now()
    code, edition = checked_campaign(options.campaign), Edition(options.edition)
    reference_on = options.reference_on or first_day(code)
    working_dir = current_linkage_settings().working_dir
    sweep_parts(working_dir)
    raw = count_persons(working_dir, reference_on, *read_hierarchy(settings.data_dir))
    counted = as_consolidated(raw, reference_on)
    path = save_consolidated(working_dir, code, edition, counted)
    record_run(
        working_dir,
        f"{STEP} {code} {edition}",
        inputs={LINKS_FILE: file_sha256(working_dir / LINKS_FILE)},
        counts={"figures": len(counted.figures)},
        started_at=started_at,
        extra={"reference_on": reference_on.isoformat(), "sha256": {path.name: file_sha256(path)}},
    )
    return (StepNote("consolidated", {"campaign": code, "path": str(path)}),)
