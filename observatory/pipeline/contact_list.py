"""Step ``list``: the young people of one basin to contact, as a file that only its recipients can open."""

from __future__ import annotations

import argparse
import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from observatory.config import Settings, current_linkage_settings
from observatory.domain.campaign import is_campaign_code
from observatory.domain.territory import load_basin_of_commune, load_basins
from observatory.errors import UserFacingError
from observatory.pipeline.findings import StepNote
from observatory.pipeline.review import read_commune_labels

STEP = "list"
FORMATS = ("xlsx", "csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which basin, for whom."""
    parser.add_argument("--basin", required=True)
    parser.add_argument("--recipient", dest="recipient_file", type=Path, required=True)
    parser.add_argument("--campaign")
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0])


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Refuse early, read, encrypt in memory, log, write: in that order."""
    from observatory.linkage.contact_list import find_persons
    from observatory.linkage.encryption import encrypt, read_recipients
    from observatory.linkage.list_log import write_list
    from observatory.linkage.pseudonyms import pseudonym
    from observatory.linkage.runs import now, read_manifest
    from observatory.pipeline.nominative_files import contact_list_bytes

    linkage = current_linkage_settings()
    basins = load_basins(settings.data_dir)
    if options.basin not in basins:
        raise UserFacingError("list_basin", value=options.basin)
    recipients = read_recipients(options.recipient_file)
    purpose = f"liste:{options.basin.lower()}"
    pseudonym(linkage, purpose, "0" * 32)  # without a key, refused before anything is read
    campaign, reference_on = _campaign(options.campaign, read_manifest(linkage.working_dir))
    persons = find_persons(
        linkage.working_dir, options.basin, reference_on, load_basin_of_commune(settings.data_dir)
    )
    if not persons:
        raise UserFacingError("list_empty", basin=options.basin)
    facts = {
        "basin": f"{basins[options.basin].basin_label} ({options.basin})",
        "campaign": campaign,
        "reference_on": f"{reference_on:%d/%m/%Y}",
        "count": str(len(persons)),
    }
    clear = contact_list_bytes(
        persons,
        [pseudonym(linkage, purpose, person.person_id) for person in persons],
        facts,
        read_commune_labels(settings.data_dir),
        f".{options.format}",
    )
    encrypted = encrypt(clear, recipients)
    at: datetime = now()
    noted = {
        "persons": len(persons),
        "format": options.format,
        "recipients": [recipient.fingerprint for recipient in recipients],
        "sha256": hashlib.sha256(encrypted).hexdigest(),
    }
    path = write_list(linkage.working_dir, options.basin, campaign, encrypted, noted, at)
    return (
        StepNote("list_written", {"basin": options.basin, "count": str(len(persons)), "path": str(path)}),
        *(StepNote("list_recipient", {"fingerprint": one.fingerprint}) for one in recipients),
        StepNote("list_read", {"suffix": options.format, "file": path.name}),
    )


def _campaign(asked: str | None, steps: dict[str, Any]) -> tuple[str, date]:
    """The campaign and the day of its situations: as it was counted, else the first of its month."""
    counted = {
        name.split()[1]: entry["extra"]["reference_on"]
        for name, entry in sorted(steps.items())
        if name.startswith("consolidate ") and "reference_on" in entry.get("extra", {})
    }
    if asked is None:
        if not counted:
            raise UserFacingError("list_campaign_missing")
        asked = max(counted)
    if not is_campaign_code(asked):
        raise UserFacingError("list_campaign", value=asked)
    return asked, date.fromisoformat(counted.get(asked, f"{asked}-01"))
