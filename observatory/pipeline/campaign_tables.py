"""From raw counts to the two tables of a campaign, and the audit of what they let through.

The only way from the working directory to the application: nothing is written by who did not come through
:func:`publishable` and :func:`audit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatory.disclosure.attack import attack
from observatory.disclosure.ladder import Ladder
from observatory.disclosure.quality_tables import attack_quality, protect_quality
from observatory.disclosure.relations import KEY, Relations
from observatory.disclosure.suppression import protect
from observatory.domain.campaign import COUNTS, RATES, MatchingMethod, Measure, QualityTopic, Source
from observatory.domain.figures import FigureStatus
from observatory.domain.territory import REGION_CODE
from observatory.stats.linkage_error import LinkageTrust, bound_rate, estimate_false_dropouts
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
    """95 % bounds of the rates: chance (Wilson), and what missed or wrong links do (``stats.linkage_error``).

    Only what is published beside a rate enters its bounds: who a link found are those in training elsewhere
    and those who are followed, so that nothing hidden can be read from an interval.
    """
    is_shown = published["status"] == FigureStatus.VALUE
    shown = published[is_shown].pivot(index=KEY[:3], columns="measure", values="value")
    shown = shown.reindex(columns=[measure.value for measure in COUNTS])
    trust = _trust(quality)
    found = shown[Measure.FOUND_IN_TRAINING.value].fillna(0) + shown[Measure.FOLLOWED.value].fillna(0)
    parts = []
    for rate, (part, whole) in RATES.items():
        rows = published.loc[is_shown & (published["measure"] == rate), KEY]
        beside = shown.loc[pd.MultiIndex.from_frame(rows[KEY[:3]])]
        count, base = beside[part.value].to_numpy(), beside[whole.value].to_numpy()
        lower, upper = wilson_interval(count, base)
        if trust is not None and part in (Measure.WITHOUT_SOLUTION, Measure.UNKNOWN):
            lower, upper = bound_rate(count, base, found.loc[beside.index].to_numpy(), trust)
        elif trust is not None and part is Measure.FOLLOWED:
            most = np.minimum(base, count + estimate_false_dropouts(count, trust).upper)
            upper = wilson_interval(most, base)[1]
        parts.append(rows.assign(value_lower=lower.round(DECIMALS), value_upper=upper.round(DECIMALS)))
    return published.merge(pd.concat(parts), on=KEY, how="left")


def _trust(quality: pd.DataFrame) -> LinkageTrust | None:
    """The recall of the mission locale links and the precision of all, as published; None when neither is."""
    shown = quality[quality["status"] == FigureStatus.VALUE].set_index(["topic", "item", "measure"])
    missed = (QualityTopic.FALSE_DROPOUT.value, Source.MISSION_LOCALE.value, "share")
    if missed not in shown.index:
        return None
    share = [float(str(number)) for number in shown.loc[missed, ["value", "value_lower", "value_upper"]]]
    precise = (QualityTopic.METHOD.value, MatchingMethod.SPLINK.value, "precision")
    least = float(str(shown.loc[precise, "value_lower"])) if precise in shown.index else 1.0
    recall = [1 - one for one in share]
    return LinkageTrust(recall[0], recall[2], recall[1], 1.0 if np.isnan(least) else least)
