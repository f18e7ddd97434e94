"""View-model of the path of the young people of a campaign: signalled, found, dropouts, unknown, followed.

What is hidden stays hidden: a step without a value has its sign and no bar, and no bar lets it be measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureStatus
from observatory.domain.territory import REGION_CODE
from observatory.french import campaign_figures as words
from observatory.french import numbers, texts
from observatory.views.campaign import CampaignCell, CampaignView
from observatory.views.campaign_indicators import exact_rate


class Assumption(StrEnum):
    """What is supposed of the young people whose situation is unknown."""

    APART = "apart"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True)
class Shown:
    """A number in words, or the state that stands in its place; ``detail``: what explains it."""

    text: str
    status: FigureStatus = FigureStatus.VALUE
    detail: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class PathStep:
    """One line of the path: a count, what part it is of the line above it, and where its bar lies (0-1)."""

    measure: Measure
    label: str
    count: Shown
    share: str
    start: float
    length: float
    is_part_of_dropouts: bool = False


@dataclass(frozen=True)
class CampaignPath:
    """The path in one area under one assumption; ``can_suppose``: what an assumption needs is published."""

    title: str
    steps: tuple[PathStep, ...]
    sentence: str
    rate: Shown
    bounds: str
    note: str
    can_suppose: bool


STEPS: Mapping[Measure, tuple[Measure | None, str]] = {
    Measure.SIGNALLED: (None, ""),
    Measure.FOUND_IN_TRAINING: (Measure.SIGNALLED, "des signalés"),
    Measure.UNKNOWN: (Measure.SIGNALLED, "des signalés"),
    Measure.DROPOUT: (Measure.SIGNALLED, "des signalés"),
    Measure.FOLLOWED: (Measure.DROPOUT, "des décrocheurs"),
    Measure.WITHOUT_SOLUTION: (Measure.DROPOUT, "des décrocheurs"),
}
"""Lines of the path, each with the line that it is a part of."""
_AFTER: Mapping[Measure, tuple[Measure, ...]] = {
    Measure.UNKNOWN: (Measure.FOUND_IN_TRAINING,),
    Measure.DROPOUT: (Measure.FOUND_IN_TRAINING, Measure.UNKNOWN),
    Measure.FOLLOWED: (Measure.FOUND_IN_TRAINING, Measure.UNKNOWN),
    Measure.WITHOUT_SOLUTION: (Measure.FOUND_IN_TRAINING, Measure.UNKNOWN, Measure.FOLLOWED),
}
"""Steps that a bar lies after."""


def campaign_path(
    campaign: CampaignView, area_code: str, assumption: Assumption = Assumption.APART
) -> CampaignPath:
    """The path of ``area_code``; an assumption that cannot be computed changes nothing."""
    cells = {measure: campaign.figure(area_code, measure) for measure in STEPS}
    counts = {measure: cell.value for measure, cell in cells.items()}
    can_suppose = campaign.bounds(area_code) is not None and None not in counts.values()
    if not can_suppose:
        assumption = Assumption.APART
    supposed = _supposed(counts, assumption)
    unknown_rate = exact_rate(campaign, area_code, Measure.UNKNOWN_RATE)
    rate = campaign.figure(area_code, Measure.LEAVER_WITHOUT_SOLUTION_RATE)
    return CampaignPath(
        title=words.campaign_title(campaign.campaign_code, campaign.edition),
        steps=tuple(_step(measure, cells[measure], supposed) for measure in STEPS),
        sentence=words.path_sentence(
            counts[Measure.SIGNALLED],
            counts[Measure.FOUND_IN_TRAINING],
            counts[Measure.DROPOUT],
            counts[Measure.UNKNOWN],
            counts[Measure.FOLLOWED],
            counts[Measure.WITHOUT_SOLUTION],
        ),
        rate=supposed_rate(campaign, area_code, assumption),
        bounds=words.bounds_sentence(
            campaign.bounds(area_code) if rate.value is not None else None, unknown_rate.value
        ),
        note=words.region_is_partial(len(without_return(campaign))) if area_code == REGION_CODE else "",
        can_suppose=can_suppose,
    )


def supposed_rate(campaign: CampaignView, area_code: str, assumption: Assumption) -> Shown:
    """The rate of leavers without solution of an area, with the unknowns where the assumption puts them."""
    cell, bounds = (
        campaign.figure(area_code, Measure.LEAVER_WITHOUT_SOLUTION_RATE),
        campaign.bounds(area_code),
    )
    if assumption is Assumption.APART or bounds is None or cell.value is None:
        return shown_rate(cell)
    value = bounds[1] if assumption is Assumption.ALL else bounds[0]
    return Shown(numbers.format_share(value, 1))


def shown_rate(cell: CampaignCell) -> Shown:
    """A rate with its interval, or its state."""
    if cell.value is None:
        return Shown("", _state(cell), texts.STATUS_LABELS[_state(cell)])
    detail = ""
    if cell.lower is not None and cell.upper is not None:
        detail = words.interval_words(cell.lower, cell.upper)
    return Shown(numbers.format_share(cell.value, 1), FigureStatus.VALUE, detail, cell.is_small)


def shown_count(cell: CampaignCell) -> Shown:
    """A count, or its state. Zero is a value."""
    if cell.value is None:
        return Shown("", _state(cell), texts.STATUS_LABELS[_state(cell)])
    detail = words.SMALL if cell.is_small else ""
    return Shown(numbers.format_number(cell.value), FigureStatus.VALUE, detail, cell.is_small)


def basins_of(campaign: CampaignView) -> tuple[str, ...]:
    """Basins of which the campaign says anything."""
    return tuple(sorted({area for area, *_ in campaign.figures if area[:2] in ("AM", "NI")}))


def without_return(campaign: CampaignView, basins: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Basins that have transmitted nothing: not even their number of enrolled young people is known."""
    return tuple(
        code
        for code in basins or basins_of(campaign)
        if campaign.figure(code, Measure.ENROLLED).status is FigureStatus.MISSING
    )


def _supposed(counts: Mapping[Measure, float | None], assumption: Assumption) -> dict[Measure, float | None]:
    found = dict(counts)
    if assumption is Assumption.APART:
        return found
    unknown = counts[Measure.UNKNOWN] or 0.0
    found[Measure.UNKNOWN] = 0.0
    if assumption is Assumption.NONE:
        # With a solution: in training or followed, nobody can say which.
        return found
    for measure in (Measure.DROPOUT, Measure.WITHOUT_SOLUTION):
        found[measure] = (counts[measure] or 0.0) + unknown
    return found


def _step(measure: Measure, cell: CampaignCell, counts: Mapping[Measure, float | None]) -> PathStep:
    whole_measure, whole_words = STEPS[measure]
    value, whole = counts[measure], None if whole_measure is None else counts[whole_measure]
    count = shown_count(cell)
    if value is not None and value != cell.value:
        count = Shown(numbers.format_number(value))
    share = "" if not whole or value is None else words.share_of(value, whole, whole_words)
    start, length = _bar(measure, counts)
    return PathStep(
        measure,
        words.MEASURES[measure],
        count,
        share,
        start,
        length,
        measure in (Measure.FOLLOWED, Measure.WITHOUT_SOLUTION),
    )


def _bar(measure: Measure, counts: Mapping[Measure, float | None]) -> tuple[float, float]:
    """Where a step begins and how long it is, each part beginning where the one before it ends.

    Nothing is drawn from a hidden count: the step and all that it lies after must be published.
    """
    whole, own = counts[Measure.SIGNALLED], counts[measure]
    before = [counts[earlier] for earlier in _AFTER.get(measure, ())]
    known = [count for count in before if count is not None]
    if not whole or own is None or len(known) < len(before):
        return 0.0, 0.0
    return sum(known) / whole, own / whole


def _state(cell: CampaignCell) -> FigureStatus:
    return FigureStatus.MISSING if cell.status is FigureStatus.VALUE else cell.status
