"""View-model of the campaign on the sheet of a basin: its path, its rates, its groups."""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.campaign import CATEGORIES, RATES, Breakdown, Measure
from observatory.domain.territory import REGION_CODE
from observatory.french import campaign_figures as words
from observatory.french import numbers
from observatory.views.campaign import CampaignCell, CampaignView
from observatory.views.campaign_indicators import exact_rate
from observatory.views.campaign_path import (
    Assumption,
    CampaignPath,
    Shown,
    campaign_path,
    shown_count,
    shown_rate,
    supposed_rate,
)
from observatory.views.key_figures import KeyFigure, key_figure
from observatory.views.observatory import Observatory

GROUP_MEASURES = (
    Measure.SIGNALLED,
    Measure.FOUND_IN_TRAINING,
    Measure.UNKNOWN,
    Measure.DROPOUT,
    Measure.WITHOUT_SOLUTION,
)
"""Counts of each group; the rate follows them."""


@dataclass(frozen=True)
class GroupRow:
    """One group of young people: its counts, then its rate of leavers without solution."""

    label: str
    counts: tuple[Shown, ...]
    rate: Shown


@dataclass(frozen=True)
class CampaignSheet:
    """What a campaign says of one basin. ``paths`` and ``rates``: by assumption on the unknown.

    ``rates``: basin, académie, region. ``delay``: the same three for the delay to the first reception.
    """

    title: str
    when: str
    is_demonstration: bool
    paths: dict[Assumption, CampaignPath]
    rates: dict[Assumption, tuple[Shown, Shown, Shown]]
    figures: tuple[KeyFigure, ...]
    counts: dict[str, str]
    delay: tuple[Shown, Shown, Shown]
    groups: tuple[tuple[str, tuple[GroupRow, ...]], ...]
    lead: str
    source: str

    @property
    def path(self) -> CampaignPath:
        """The path as published."""
        return self.paths[Assumption.APART]


def campaign_sheet(observatory: Observatory, basin_code: str) -> CampaignSheet | None:
    """The campaign of a basin; None when none was published."""
    campaign = observatory.campaign
    if campaign is None:
        return None
    areas = (basin_code, observatory.basins[basin_code].academie_code, REGION_CODE)
    title = words.campaign_title(campaign.campaign_code, campaign.edition)
    rate = shown_rate(exact_rate(campaign, basin_code, Measure.LEAVER_WITHOUT_SOLUTION_RATE))
    unknown_cell = exact_rate(campaign, basin_code, Measure.UNKNOWN_RATE)
    unknown = shown_rate(unknown_cell)
    return CampaignSheet(
        title=title,
        when=words.as_of(campaign.reference_on),
        is_demonstration=campaign.is_demonstration,
        paths={assumption: campaign_path(campaign, basin_code, assumption) for assumption in Assumption},
        rates={a: _three(*(supposed_rate(campaign, area, a) for area in areas)) for a in Assumption},
        figures=tuple(
            key_figure(observatory, basin_code, observatory.catalogue.indicators[measure.value])
            for measure in RATES
        ),
        counts={
            measure.value: _counts(campaign.figure(basin_code, part), campaign.figure(basin_code, whole))
            for measure, (part, whole) in RATES.items()
        },
        delay=_three(*(_delay(campaign, area) for area in areas)),
        groups=tuple(
            (words.BREAKDOWNS[breakdown], tuple(_group(campaign, basin_code, breakdown, c) for c in found))
            for breakdown, found in CATEGORIES.items()
            if breakdown is not Breakdown.ALL
        ),
        lead=words.lead_line(
            campaign.campaign_code,
            campaign.edition,
            rate.text or rate.detail,
            rate.detail if rate.text else "",
            words.unknown_words(unknown_cell.value, "" if unknown.text else unknown.detail),
        ),
        source=words.source_words(
            campaign.campaign_code, campaign.edition, is_demonstration=campaign.is_demonstration
        ),
    )


def _group(campaign: CampaignView, area: str, breakdown: Breakdown, category: str) -> GroupRow:
    def cell(measure: Measure) -> CampaignCell:
        return campaign.figure(area, measure, breakdown, category)

    return GroupRow(
        words.CATEGORIES[breakdown, category],
        tuple(shown_count(cell(measure)) for measure in GROUP_MEASURES),
        shown_rate(exact_rate(campaign, area, Measure.LEAVER_WITHOUT_SOLUTION_RATE, breakdown, category)),
    )


def _delay(campaign: CampaignView, area: str) -> Shown:
    cell = campaign.figure(area, Measure.RECEPTION_DELAY_DAYS)
    if cell.value is None:
        return shown_count(cell)
    return Shown(words.days(cell.value), cell.status, "", cell.is_small)


def _counts(part: CampaignCell, whole: CampaignCell) -> str:
    """``70 sur 6 200``, when both are published."""
    if part.value is None or whole.value is None:
        return ""
    return f"{numbers.format_number(part.value)} sur {numbers.format_number(whole.value)}"


def _three(basin: Shown, academie: Shown, region: Shown) -> tuple[Shown, Shown, Shown]:
    return basin, academie, region
