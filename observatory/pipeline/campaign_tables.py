"""From raw counts to the two tables of a campaign, and the audit of what they let through.

The only way from the working directory to the application: nothing is written by who did not come through
:func:`publishable` and :func:`audit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from observatory.disclosure.attack import attack
from observatory.disclosure.ladder import Ladder
from observatory.disclosure.quality_tables import attack_quality, protect_quality
from observatory.disclosure.relations import KEY, Relations
from observatory.disclosure.suppression import protect
from observatory.domain.campaign import RATES, Measure, QualityTopic, Source
from observatory.domain.figures import FigureStatus
from observatory.domain.territory import REGION_CODE
from observatory.stats.rates import wilson_interval

FIGURE_COLUMNS = [*KEY, "value", "value_lower", "value_upper", "status", "is_small"]
QUALITY_COLUMNS = ["topic", "item", "measure", "value", "value_lower", "value_upper", "status"]
DECIMALS = 4
QUALITY_DECIMALS = 6


@dataclass(frozen=True)
class CampaignTables:
    """``figures`` and ``quality`` as the store takes them; ``report``: figures by reason, in numbers only."""

    figures: pd.DataFrame
    quality: pd.DataFrame
    report: pd.DataFrame


@dataclass(frozen=True)
class Exposed:
    """One cell that says more than it may. ``table``: ``campaign_figure`` or ``campaign_quality``."""

    table: str
    cell: str
    finding: str


def relations_of(area_of_basin: Mapping[str, str]) -> Relations:
    """Basins in their académies, académies in the region."""
    return Relations({**area_of_basin, **dict.fromkeys(area_of_basin.values(), REGION_CODE)})


def publishable(
    raw: pd.DataFrame,
    quality: pd.DataFrame,
    area_of_basin: Mapping[str, str],
    previous: Sequence[pd.DataFrame] = (),
    ladder: Ladder | None = None,
) -> CampaignTables:
    """What may leave of the raw counts of an edition.

    ``quality``: ``topic, item, measure, value, lower, upper``. ``previous``: whatever was already published
    of this campaign, the newest first (its other edition, this edition before a correction). Bounds are given
    to rates only, from what is published beside them; "all or none of the unknown" is computed where it is
    shown, from the published counts.
    """
    ladder = ladder or Ladder()
    protected = protect(raw, relations_of(area_of_basin), ladder, _together(previous))
    controlled = protect_quality(
        quality.rename(columns={"lower": "value_lower", "upper": "value_upper"}), ladder
    )
    numbers = ["value", "value_lower", "value_upper"]
    controlled[numbers] = controlled[numbers].astype("float64").round(QUALITY_DECIMALS)
    figures = _with_bounds(protected.published, controlled).rename(columns={"is_fragile": "is_small"})
    return CampaignTables(
        figures[FIGURE_COLUMNS].sort_values(KEY, ignore_index=True),
        controlled[QUALITY_COLUMNS].sort_values(QUALITY_COLUMNS[:3], ignore_index=True),
        protected.report,
    )


def audit(
    figures: pd.DataFrame,
    quality: pd.DataFrame,
    area_of_basin: Mapping[str, str],
    others: Sequence[pd.DataFrame] = (),
    ladder: Ladder | None = None,
) -> tuple[Exposed, ...]:
    """What an attacker deduces of the published tables too closely; ``others``: what else he has read."""
    relations = relations_of(area_of_basin)
    cells: dict[Exposed, None] = {}
    for other in others or (None,):
        found = attack(figures, relations, ladder, other)
        for row in found[found["finding"] != ""][[*KEY, "finding"]].itertuples(index=False, name=None):
            cells[Exposed("campaign_figure", " ".join(row[:-1]), row[-1])] = None
    for row in attack_quality(quality, ladder)[["topic", "item", "measure", "finding"]].itertuples(
        index=False, name=None
    ):
        cells[Exposed("campaign_quality", " ".join(row[:-1]), row[-1])] = None
    return tuple(cells)


def _together(previous: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """What was hidden in any of them is hidden; else the newest value."""
    if not previous:
        return None
    rows = pd.concat(list(previous), ignore_index=True)
    is_shown = rows["status"] != FigureStatus.SUPPRESSED
    rows = rows.assign(is_shown=is_shown).sort_values("is_shown", kind="stable")
    return rows.drop_duplicates(KEY).drop(columns="is_shown").sort_values(KEY, ignore_index=True)


def _with_bounds(published: pd.DataFrame, quality: pd.DataFrame) -> pd.DataFrame:
    """95 % bounds of the rates: chance (Wilson), then the links that were missed.

    A link that is missed makes somebody who is in training or followed count as unknown or without solution.
    At most ``(found_in_training + followed) * missed / (1 - missed)`` persons, so that the lower bound of
    these two rates, and the upper bound of the share that is followed, move by as many. Only what is
    published beside a rate enters its bounds.
    """
    figures = published.assign(value_lower=float("nan"), value_upper=float("nan"))
    shown = figures[figures["status"] == FigureStatus.VALUE].set_index(KEY)["value"].to_dict()
    missed = _missed_share(quality)
    odds = missed / (1 - missed)
    for rate, (part, whole) in RATES.items():
        for row in figures.index[(figures["measure"] == rate) & (figures["status"] == FigureStatus.VALUE)]:
            place = tuple(figures.loc[row, KEY[:3]])
            count, base = shown[(*place, part.value)], shown[(*place, whole.value)]
            lowest, highest = count, count
            if part in (Measure.WITHOUT_SOLUTION, Measure.UNKNOWN):
                found = [
                    shown.get((*place, known.value), 0.0)
                    for known in (Measure.FOUND_IN_TRAINING, Measure.FOLLOWED)
                ]
                lowest = max(0.0, count - odds * sum(found))
            elif part is Measure.FOLLOWED:
                highest = min(base, count * (1 + odds))
            lower, upper = wilson_interval(lowest, base)[0], wilson_interval(highest, base)[1]
            figures.loc[row, ["value_lower", "value_upper"]] = [float(lower), float(upper)]
    bounds = ["value_lower", "value_upper"]
    figures[bounds] = figures[bounds].round(DECIMALS)
    return figures


def _missed_share(quality: pd.DataFrame) -> float:
    """The upper bound of the share of missed links, of the sources that tell who is in a solution."""
    rows = quality[
        (quality["topic"] == QualityTopic.FALSE_DROPOUT)
        & quality["item"].isin([Source.MISSION_LOCALE, Source.APPRENTICESHIP])
        & (quality["measure"] == "share")
        & (quality["status"] == FigureStatus.VALUE)
    ]
    upper = rows["value_upper"].fillna(rows["value"])
    return float(min(0.5, upper.max())) if len(rows) else 0.0
