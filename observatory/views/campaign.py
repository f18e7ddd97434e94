"""The latest campaign as rows with types: figures by area and measure, and the quality of its matching.

A cell that the frame does not hold was not transmitted: it is told as missing, never as zero.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from observatory.domain.campaign import Breakdown, Edition, Measure, QualityTopic
from observatory.domain.figures import FigureStatus

NUMBERED = (Edition.PROVISIONAL, Edition.DEFINITIVE)
"""Editions of a campaign, the one that replaces the other last."""


@dataclass(frozen=True, slots=True)
class CampaignCell:
    """A number with its interval and state. ``is_small``: shown without rank or colour."""

    value: float | None
    lower: float | None
    upper: float | None
    status: FigureStatus
    is_small: bool = False

    @property
    def has_interval(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def own_value(self) -> float | None:
        """The value when it may take part in classes, ranks and comparisons."""
        return self.value if self.status is FigureStatus.VALUE and not self.is_small else None


ABSENT = CampaignCell(None, None, None, FigureStatus.MISSING)

FigureKey = tuple[str, Measure, Breakdown, str]


@dataclass(frozen=True)
class CampaignView:
    """One edition of a campaign: what it says of each area, and how far its matching can be trusted."""

    campaign_code: str
    edition: Edition
    reference_on: date
    published_at: datetime
    is_demonstration: bool
    manifest: Mapping[str, Any] = field(repr=False)
    figures: Mapping[FigureKey, CampaignCell] = field(repr=False)
    quality: Mapping[QualityTopic, Mapping[str, Mapping[str, CampaignCell]]] = field(repr=False)

    def figure(
        self,
        area_code: str,
        measure: Measure,
        breakdown: Breakdown = Breakdown.ALL,
        category: str = "all",
    ) -> CampaignCell:
        """What was published of one area and measure; missing when nothing was."""
        return self.figures.get((area_code, measure, breakdown, category), ABSENT)

    def bounds(self, area_code: str) -> tuple[float, float] | None:
        """The rate of leavers without solution if none, or all, of the unknown were so; None when hidden."""
        enrolled, without, unknown = (
            self.figure(area_code, measure).value
            for measure in (Measure.ENROLLED, Measure.WITHOUT_SOLUTION, Measure.UNKNOWN)
        )
        if not enrolled or without is None or unknown is None:
            return None
        return without / enrolled, (without + unknown) / enrolled

    def items(self, topic: QualityTopic) -> Mapping[str, Mapping[str, CampaignCell]]:
        """Published cells of a topic, by item and measure; empty when the campaign says nothing of it."""
        return self.quality.get(topic, {})

    def cell(self, topic: QualityTopic, item: str, measure: str) -> CampaignCell:
        """One cell of a topic; missing when it was not published."""
        return self.items(topic).get(item, {}).get(measure, ABSENT)


def latest_edition(campaigns: pd.DataFrame) -> tuple[str, str] | None:
    """Code and edition of the campaign to show: the latest one, definitive rather than provisional."""
    if campaigns.empty:
        return None
    return max(
        zip(campaigns["campaign_code"], campaigns["edition"], strict=True),
        key=lambda name: (name[0], NUMBERED.index(Edition(name[1]))),
    )


def build_campaign(
    campaigns: pd.DataFrame, figures: pd.DataFrame, quality: pd.DataFrame, name: tuple[str, str]
) -> CampaignView:
    """The edition ``name`` of the frames of the store."""
    chosen = (campaigns["campaign_code"] == name[0]) & (campaigns["edition"] == name[1])
    header = campaigns[chosen].iloc[0]
    found: dict[FigureKey, CampaignCell] = {}
    for row in _rows(figures):
        key = (row.area_code, Measure(row.measure), Breakdown(row.breakdown), row.category)
        found[key] = _cell(row, is_small=bool(row.is_small))
    topics: dict[QualityTopic, dict[str, dict[str, CampaignCell]]] = {}
    for row in _rows(quality):
        items = topics.setdefault(QualityTopic(row.topic), {})
        items.setdefault(row.item, {})[row.measure] = _cell(row)
    return CampaignView(
        campaign_code=name[0],
        edition=Edition(name[1]),
        reference_on=header["reference_on"].date(),
        published_at=header["published_at"].to_pydatetime(),
        is_demonstration=bool(header["is_demonstration"]),
        manifest=json.loads(header["manifest"] or "{}"),
        figures=found,
        quality=topics,
    )


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _cell(row: Any, *, is_small: bool = False) -> CampaignCell:
    status = FigureStatus(row.status)
    if status is not FigureStatus.VALUE:
        return CampaignCell(None, None, None, status)
    return CampaignCell(
        _number(row.value), _number(row.value_lower), _number(row.value_upper), status, is_small
    )


def _number(value: float) -> float | None:
    return None if value != value else float(value)
