"""A made-up campaign over the whole region, as it is published: every area, breakdown and measure.

Only small counts are hidden, not all that must be: what to hide is the business of ``disclosure``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from functools import lru_cache

import pandas as pd

from observatory.domain.campaign import CATEGORIES, RATES, Breakdown, Measure
from observatory.views.campaign import CampaignView, build_campaign
from tests.made_up_campaigns import NAMED, header, quality

BASINS = (*(f"AM{i:02}" for i in range(1, 17)), *(f"NI{i:02}" for i in range(1, 13)))
_ELEMENTS = {
    Measure.FOUND_IN_TRAINING: 0.030,
    Measure.UNKNOWN: 0.014,
    Measure.FOLLOWED: 0.016,
    Measure.WITHOUT_SOLUTION: 0.015,
    Measure.CONTRACT_BROKEN: 0.020,
    Measure.NOT_AFFECTED: 0.012,
}
_SHARES = {Breakdown.SEX: (0.4, 0.6), Breakdown.AGE_BAND: (0.4, 0.4, 0.2)}
COLUMNS = [
    "area_code", "breakdown", "category", "measure", "value", "value_lower", "value_upper", "status",
    "is_small",
]  # fmt: skip


@lru_cache(maxsize=2)
def region_figures(seed: int = 7) -> pd.DataFrame:
    """The figures of the 28 basins, the two académies and the region. Made once: never changed in place."""
    draw = random.Random(seed)
    counts: dict[tuple[str, Breakdown, str, Measure], float] = {}
    for i, basin in enumerate(BASINS):
        enrolled, exposure = 400 + 350 * i, draw.uniform(0.6, 1.5)
        for breakdown, categories in CATEGORIES.items():
            shares = _SHARES.get(breakdown, (1 / len(categories),) * len(categories))
            for category, share in zip(categories, shares, strict=True):
                for measure, count in _counts(enrolled * share, exposure, draw).items():
                    for area in (basin, "ACA02" if basin < "N" else "ACA23", "REG93"):
                        key = (area, breakdown, category, measure)
                        counts[key] = counts.get(key, 0.0) + count
    rows = [(*key[:3], key[3].value, *_published(count), 1 <= count < 20) for key, count in counts.items()]
    shown = {row[:4]: row[4] for row in rows}
    for area, breakdown, category in {key[:3] for key in counts}:
        place = (area, breakdown, category)
        for rate, (part, whole) in RATES.items():
            top, base = shown[(*place, part.value)], shown[(*place, whole.value)]
            if top is None or base is None or base < 20:
                rows.append((*place, rate.value, None, None, None, "suppressed", False))
            else:
                value = top / base
                rows.append((*place, rate.value, value, value * 0.9, min(1.0, value * 1.1), "value", False))
        rows.append((*place, Measure.RECEPTION_DELAY_DAYS.value, 74.0, None, None, "value", False))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(COLUMNS[:4], ignore_index=True)


def _counts(enrolled: float, exposure: float, draw: random.Random) -> dict[Measure, int]:
    found = {m: round(enrolled * rate * exposure * draw.uniform(0.8, 1.2)) for m, rate in _ELEMENTS.items()}
    dropout = found[Measure.FOLLOWED] + found[Measure.WITHOUT_SOLUTION]
    return {
        Measure.ENROLLED: round(enrolled),
        **found,
        Measure.DROPOUT: dropout,
        Measure.SIGNALLED: dropout + found[Measure.FOUND_IN_TRAINING] + found[Measure.UNKNOWN],
        Measure.CONTRACT: round(enrolled * 0.1) + found[Measure.CONTRACT_BROKEN],
        Measure.ASKED_PLACE: round(enrolled * 0.2) + found[Measure.NOT_AFFECTED],
    }


def _published(count: float) -> tuple[float | None, None, None, str]:
    return (None, None, None, "suppressed") if 1 <= count < 5 else (count, None, None, "value")


def hidden(
    figures: pd.DataFrame, areas: Iterable[str] | None = None, measures: Iterable[str] | None = None,
    status: str = "suppressed",
) -> pd.DataFrame:  # fmt: skip
    """``figures`` with the named cells (all of them when unsaid) in a state other than a value."""
    chosen = pd.Series(True, index=figures.index)
    if areas is not None:
        chosen &= figures["area_code"].isin(list(areas))
    if measures is not None:
        chosen &= figures["measure"].isin(list(measures))
    figures = figures.astype({"value": "float64", "value_lower": "float64", "value_upper": "float64"})
    figures.loc[chosen, ["value", "value_lower", "value_upper"]] = float("nan")
    figures.loc[chosen, "status"] = status
    figures.loc[chosen, "is_small"] = False
    return figures


def region_view(
    change: Callable[[pd.DataFrame], pd.DataFrame] = lambda figures: figures, *, is_demonstration: bool = True
) -> CampaignView:
    """The view of this campaign, as the store would have given its frames."""
    campaigns = header(is_demonstration=is_demonstration)
    campaigns["reference_on"] = pd.to_datetime(campaigns["reference_on"])
    numbers = dict.fromkeys(("value", "value_lower", "value_upper"), "float64")
    figures = change(region_figures()).assign(**NAMED).astype(numbers)
    return build_campaign(
        campaigns, figures, quality().astype(numbers), (NAMED["campaign_code"], NAMED["edition"])
    )
