"""Step ``attack``: the audit of what the application publishes, from its database and nothing else."""

from __future__ import annotations

import argparse

from observatory.config import Settings
from observatory.domain.campaign import Edition
from observatory.errors import UserFacingError
from observatory.pipeline.consolidate import checked_campaign, read_hierarchy
from observatory.pipeline.findings import StepNote
from observatory.pipeline.progress import stages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which campaign: all of its editions are attacked, each with what the others tell."""
    parser.add_argument("--campaign", required=True)


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Raise the list of the cells that can be deduced too closely, if there is any."""
    from observatory.pipeline.campaign_tables import audit
    from observatory.pipeline.publish import refuse_exposed
    from observatory.store.campaigns import read_campaign_figures, read_campaign_quality, read_campaigns
    from observatory.store.engine import open_store

    code = checked_campaign(options.campaign)
    _, area_of_basin = read_hierarchy(settings.data_dir)
    engine = open_store(settings)
    try:
        known = read_campaigns(engine)
        editions = sorted(known.loc[known["campaign_code"] == code, "edition"])
        if not editions:
            raise UserFacingError("campaign_not_published", campaign=code)
        figures = {edition: read_campaign_figures(engine, code, edition) for edition in editions}
        quality = {edition: read_campaign_quality(engine, code, edition) for edition in editions}
    finally:
        engine.dispose()
    hidden = 0
    with stages("attack", len(figures)) as advance:
        for edition, frame in figures.items():
            others = [other for name, other in figures.items() if name != edition]
            refuse_exposed(audit(frame, quality[edition], area_of_basin, others), code, Edition(edition))
            hidden += int((frame["status"] == "suppressed").sum())
            advance()
    return (StepNote("attack_withstood", {"campaign": code, "hidden": str(hidden)}),)
