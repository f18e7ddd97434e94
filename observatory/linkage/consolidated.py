"""The raw counts of a campaign as a private file of the working directory: where disclosure control starts.

Never stored elsewhere, never printed: small counts are in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from observatory.domain.campaign import RATES, Edition, Measure
from observatory.errors import UserFacingError
from observatory.linkage.consolidation import RawCounts
from observatory.linkage.working_file import prepare_working_dir, replace_file

COLUMNS = ["kind", "area_code", "breakdown", "category", "measure", "count", "base"]
_FIGURE, _LEFT_OUT, _FOUND, _DAY = "figure", "left_out", "found_by_link", "reference_on"


@dataclass(frozen=True)
class Consolidated:
    """``figures``: ``area_code, breakdown, category, measure, count, base``: all of them raw.

    ``base`` is on how many persons a rate or a median rests. ``left_out``: persons by reason.
    ``found_by_link``: by area, the signalled whose situation a link told.
    """

    reference_on: date
    figures: pd.DataFrame
    left_out: dict[str, int]
    found_by_link: dict[str, int]


def consolidation_file(campaign_code: str, edition: Edition) -> str:
    """The name of the file of an edition.

    >>> consolidation_file("2026-11", Edition.PROVISIONAL)
    'consolidation-2026-11-provisional.parquet'
    """
    return f"consolidation-{campaign_code}-{edition}.parquet"


def as_consolidated(raw: RawCounts, reference_on: date) -> Consolidated:
    """Counts with the rates that they give, and the medians."""
    key = ["area_code", "breakdown", "category"]
    wide = raw.counts.pivot(index=key, columns="measure", values="count")
    parts = [raw.counts.assign(base=float("nan"))]
    for rate, (part, whole) in RATES.items():
        rows = wide[[part.value, whole.value]].dropna().reset_index()
        share = rows[part.value] / rows[whole.value].where(rows[whole.value] > 0)
        parts.append(rows[key].assign(measure=rate.value, count=share, base=rows[whole.value]))
    delays = raw.delays.rename(columns={"median_days": "count", "count": "base"})
    parts.append(delays.assign(breakdown="all", category="all", measure=Measure.RECEPTION_DELAY_DAYS.value))
    typed = [part.astype({"count": "float64", "base": "float64"}) for part in parts]
    figures = pd.concat([part[COLUMNS[1:]] for part in typed], ignore_index=True)
    figures = figures.sort_values([*key, "measure"], ignore_index=True)
    found = dict(zip(raw.found_by_link["area_code"], raw.found_by_link["count"].astype(int), strict=True))
    return Consolidated(reference_on, figures, dict(raw.left_out), found)


def save_consolidated(working_dir: Path, campaign_code: str, edition: Edition, counted: Consolidated) -> Path:
    """Write the file of an edition, 0600, in place of the previous one; the same counts, the same bytes."""
    others = pd.DataFrame(
        [(_DAY, "", "", "", counted.reference_on.isoformat(), None, None)]
        + [(_LEFT_OUT, "", "", "", reason, count, None) for reason, count in sorted(counted.left_out.items())]
        + [(_FOUND, area, "", "", "", count, None) for area, count in sorted(counted.found_by_link.items())],
        columns=COLUMNS,
    ).astype({"count": "float64", "base": "float64"})
    table = pd.concat([counted.figures.assign(kind=_FIGURE)[COLUMNS], others], ignore_index=True)
    prepare_working_dir(working_dir)
    path = working_dir / consolidation_file(campaign_code, edition)
    with replace_file(path) as part:
        table.to_parquet(part, index=False)
    return path


def read_consolidated(working_dir: Path, campaign_code: str, edition: Edition) -> Consolidated:
    """What ``consolidate`` counted; raises ``consolidation_missing`` or ``consolidation_damaged``."""
    path = working_dir / consolidation_file(campaign_code, edition)
    if not path.is_file():
        raise UserFacingError("consolidation_missing", path=str(path))
    try:
        table = pd.read_parquet(path)[COLUMNS]
        rows = {kind: table[table["kind"] == kind] for kind in (_FIGURE, _LEFT_OUT, _FOUND, _DAY)}
        reference_on = date.fromisoformat(rows[_DAY]["measure"].iloc[0])
    except (OSError, ValueError, LookupError) as error:
        raise UserFacingError("consolidation_damaged", path=str(path)) from error
    figures = rows[_FIGURE].drop(columns="kind").reset_index(drop=True)
    left_out = dict(zip(rows[_LEFT_OUT]["measure"], rows[_LEFT_OUT]["count"].astype(int), strict=True))
    found = dict(zip(rows[_FOUND]["area_code"], rows[_FOUND]["count"].astype(int), strict=True))
    return Consolidated(reference_on, figures, left_out, found)
