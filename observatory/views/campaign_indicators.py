"""The rates of the latest campaign as indicators and figures, so that pages show them beside the census.

They enter the catalogue beside the census rate and do not replace it: gap, typology and priorities keep the
census.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from observatory.domain.campaign import RATES, Breakdown, Measure
from observatory.domain.indicators import Catalogue, Indicator, Polarity, Role, Source, Unit
from observatory.french import campaign_figures as words
from observatory.french.numbers import format_date
from observatory.stats.ranks import rank_from_counts
from observatory.views.campaign import CampaignCell, CampaignView

SOURCE_CODE = "campaign"
MINIMUM_DENOMINATOR = 20
"""Under it, a rate has neither rank nor colour (method, section 6)."""
SEED = 20_261_123
CODES = frozenset(rate.value for rate in RATES)
"""Codes of the campaign's indicators in the catalogue."""
COMPARED = (Measure.LEAVER_WITHOUT_SOLUTION_RATE, Measure.UNKNOWN_RATE, Measure.FOLLOWED_SHARE)
"""Rates that the table of Comparer has room for."""
_POLARITIES = {Measure.FOLLOWED_SHARE: Polarity.HIGHER_IS_BETTER, Measure.UNKNOWN_RATE: Polarity.NEUTRAL}
"""More unknown says less of a basin, not worse of it."""

RankKey = tuple[tuple[str, float, float], ...]


def with_campaign(catalogue: Catalogue, campaign: CampaignView | None) -> Catalogue:
    """The catalogue with the campaign's rates beside the census one, or without any.

    A real campaign comes first: the map opens on it. An invented one never takes the place of real figures.
    """
    own = {code: found for code, found in catalogue.indicators.items() if code not in CODES}
    sources = {code: found for code, found in catalogue.sources.items() if code != SOURCE_CODE}
    if campaign is None:
        return replace(catalogue, indicators=own, sources=sources)
    added = {rate.value: _indicator(rate, campaign) for rate in RATES}
    outcomes = {code: found for code, found in own.items() if found.role is Role.OUTCOME}
    others = {code: found for code, found in own.items() if code not in outcomes}
    observed = {**outcomes, **added} if campaign.is_demonstration else {**added, **outcomes}
    return replace(
        catalogue,
        indicators={**observed, **others},
        sources={**sources, SOURCE_CODE: _source(campaign)},
    )


def is_of_campaign(indicator_code: str) -> bool:
    """Whether an indicator comes from the cross-matching."""
    return indicator_code in CODES


def own_indicators(catalogue: Catalogue) -> tuple[Indicator, ...]:
    """The indicators that do not come from the campaign."""
    return tuple(found for code, found in catalogue.indicators.items() if code not in CODES)


def compared_indicators(catalogue: Catalogue) -> tuple[Indicator, ...]:
    """Those that Comparer lays side by side, the campaign's three first rates among them."""
    kept = {rate.value for rate in COMPARED}
    return tuple(i for code, i in catalogue.indicators.items() if code not in CODES or code in kept)


@lru_cache(maxsize=16)
def campaign_ranks(counts: RankKey, indicator_code: str, year: int) -> pd.DataFrame:
    """Honest ranks from the published counts (basin, numerator, denominator), as the table of the store."""
    table = pd.DataFrame(counts, columns=["basin_code", "numerator", "denominator"]).set_index("basin_code")
    ranks = rank_from_counts(table, seed=[SEED, sorted(CODES).index(indicator_code)])
    return ranks.rename_axis("basin_code").reset_index().assign(indicator_code=indicator_code, year=year)


def rank_key(counts: Sequence[tuple[str, float | None, float | None]]) -> RankKey:
    """What may be ranked: basins whose counts are published, with enough of a denominator."""
    return tuple(
        (code, numerator, denominator)
        for code, numerator, denominator in counts
        if numerator is not None and denominator is not None and denominator >= MINIMUM_DENOMINATOR
    )


def exact_rate(
    campaign: CampaignView,
    area_code: str,
    rate: Measure,
    breakdown: Breakdown = Breakdown.ALL,
    category: str = "all",
) -> CampaignCell:
    """A rate as its published counts give it: rounded once, when it is shown, like all that is beside it."""
    cell = campaign.figure(area_code, rate, breakdown, category)
    part, whole = (campaign.figure(area_code, count, breakdown, category).value for count in RATES[rate])
    if cell.value is None or part is None or not whole:
        return cell
    value = part / whole
    # Published bounds are rounded: they hold the value all the same.
    lower = None if cell.lower is None else min(cell.lower, value)
    upper = None if cell.upper is None else max(cell.upper, value)
    return replace(cell, value=value, lower=lower, upper=upper)


def _indicator(rate: Measure, campaign: CampaignView) -> Indicator:
    numerator, denominator = RATES[rate]
    mark = (words.CAVEAT_DEMONSTRATION,) if campaign.is_demonstration else ()
    return Indicator(
        code=rate.value,
        label=words.MEASURES[rate] + (f" ({words.MARK})" if campaign.is_demonstration else ""),
        short_label=words.SHORT[rate],
        definition=words.DEFINITIONS[rate],
        unit=Unit.SHARE,
        decimals=1,
        polarity=_POLARITIES.get(rate, Polarity.HIGHER_IS_WORSE),
        role=Role.OUTCOME,
        numerator=words.MEASURES[numerator],
        denominator=words.MEASURES[denominator],
        weight=words.WEIGHT,
        source_codes=(SOURCE_CODE,),
        years=(campaign.reference_on.year,),
        caveats=(*mark, words.CAVEAT_OUTCOME, *words.CAVEATS),
        level=words.LEVEL,
        dimension=None,
    )


def _source(campaign: CampaignView) -> Source:
    return Source(
        code=SOURCE_CODE,
        producer="Croisement des cinq bases"
        + (f" ({words.MARK}, données inventées)" if campaign.is_demonstration else ""),
        dataset="Chiffres par bassin, après secret statistique",
        vintage=words.campaign_title(campaign.campaign_code, campaign.edition),
        licence="Publication de l’observatoire",
        address=f"publiée le {format_date(campaign.published_at)}",
        retrieved_on=campaign.published_at.date().isoformat(),
    )
