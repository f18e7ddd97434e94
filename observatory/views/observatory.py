"""Everything the views read, for one version of the data.

Frames enter here once and become rows with types; a view asks for a row by the code of its area.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from observatory.domain.campaign import RATES, Breakdown
from observatory.domain.cooperation import ModalityStatus
from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Catalogue, Indicator
from observatory.domain.inventory import REMOVED, SIGNATURE, Entry
from observatory.domain.risk import GapStatus, IndexStatus, TrendStatus, Typology, TypologyReason
from observatory.domain.territory import REGION_CODE, Basin, Service
from observatory.views.campaign import CampaignView
from observatory.views.campaign_indicators import (
    MINIMUM_DENOMINATOR,
    SOURCE_CODE,
    exact_rate,
    with_campaign,
)

SET_ASIDE = (FigureStatus.UNRESOLVED, FigureStatus.INSUFFICIENT_COVERAGE)
"""States whose value may be told, in brackets, though it takes part in nothing."""


@dataclass(frozen=True)
class Figure:
    """One figure of one area: value (None when there is none), interval, state and provenance."""

    area_code: str
    indicator_code: str
    year: int
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    coverage: float | None
    status: FigureStatus
    note: str
    source_code: str
    is_small: bool = False
    """Shown without rank or colour: it rests on too few persons."""

    @property
    def has_interval(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def own_value(self) -> float | None:
        """The value when it may take part in classes, ranks and comparisons."""
        return self.value if self.status is FigureStatus.VALUE and not self.is_small else None

    @property
    def told_value(self) -> float | None:
        """The value when it may be told at all; what is hidden stays hidden even if the row held it."""
        return self.value if self.status is FigureStatus.VALUE or self.status in SET_ASIDE else None


@dataclass(frozen=True)
class ContextRow:
    """The context index of a basin (higher = more exposed), its 5-95 % robustness interval and ranks.

    Rank 1 is the most exposed of the basins whose index is computed.
    """

    value: float
    lower: float
    upper: float
    rank_median: float
    rank_lower: int
    rank_upper: int


@dataclass(frozen=True)
class GapRow:
    """Observed, expected from the context, and their difference, in the unit of the outcome."""

    observed: float
    expected: float
    gap: float
    studentised: float
    is_notable: bool


@dataclass(frozen=True)
class TypologyRow:
    """Type of a basin and why it has it, or has none."""

    typology: Typology
    reason: TypologyReason


@dataclass(frozen=True)
class Observatory:
    """Catalogue, territory and the frames of the store, as read for ``version_id``.

    Frames have the columns of ``docs/architecture.md``; they are small (28 basins) and never modified.
    """

    version_id: int
    version_at: datetime | None
    catalogue: Catalogue
    basins: dict[str, Basin]
    services: tuple[Service, ...]
    communes: pd.DataFrame
    figures: pd.DataFrame
    context_index: pd.DataFrame
    contributions: pd.DataFrame
    gap: pd.DataFrame
    typology: pd.DataFrame
    ranks: pd.DataFrame
    trends: pd.DataFrame
    summary: dict[str, float]
    ratings: pd.DataFrame
    modalities: pd.DataFrame
    commune_layers: frozenset[tuple[str, int]] = frozenset()
    entries: tuple[Entry, ...] = ()
    """The inventory of cooperation, field by field; ``ratings`` and ``modalities`` are two frames of it."""
    inventory_mark: str = ""
    campaign: CampaignView | None = None
    """The latest campaign, definitive rather than provisional; None before the first one."""
    context_rows: dict[str, ContextRow] = field(init=False, repr=False)
    """Basins whose index is computed, by code."""
    index_statuses: dict[str, tuple[IndexStatus, tuple[str, ...]]] = field(init=False, repr=False)
    """State of the index of each basin, and the codes of the dimensions it lacks."""
    gap_rows: dict[str, GapRow] = field(init=False, repr=False)
    """Basins whose gap is computed, by code, for the latest year."""
    gap_statuses: dict[str, GapStatus] = field(init=False, repr=False)
    typology_rows: dict[str, TypologyRow] = field(init=False, repr=False)
    _figures: dict[tuple[str, str, int], Figure] = field(init=False, repr=False)
    _contributions: dict[str, dict[str, float]] = field(init=False, repr=False)
    _trends: dict[tuple[str, str], TrendStatus] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Read eagerly: what lives long is made before the pages freeze it out of the garbage collector.
        index, gaps = _records(self.context_index), _records(self.gap)
        contributions: dict[str, dict[str, float]] = {}
        for row in _records(self.contributions):
            if pd.notna(row["contribution"]):
                contributions.setdefault(row["basin_code"], {})[row["dimension_code"]] = float(
                    row["contribution"]
                )
        found: dict[str, object] = {
            "_figures": {
                (f.area_code, f.indicator_code, f.year): f
                for f in (*map(_figure, _records(self.figures)), *_campaign_figures(self.campaign))
            },
            "catalogue": with_campaign(self.catalogue, self.campaign),
            "context_rows": {r["basin_code"]: _context_row(r) for r in index if r["status"] == "computed"},
            "index_statuses": {
                r["basin_code"]: (IndexStatus(r["status"]), _codes(r["missing_dimensions"])) for r in index
            },
            "gap_rows": {r["basin_code"]: _gap_row(r) for r in gaps if r["status"] == "computed"},
            "gap_statuses": {r["basin_code"]: GapStatus(r["status"]) for r in gaps},
            "typology_rows": {
                r["basin_code"]: TypologyRow(Typology(r["typology"]), TypologyReason(r["reason"]))
                for r in _records(self.typology)
            },
            "_contributions": contributions,
            "_trends": {
                (r["area_code"], r["indicator_code"]): TrendStatus(r["status"]) for r in _records(self.trends)
            },
        }
        for name, rows in found.items():
            object.__setattr__(self, name, rows)

    @property
    def state_id(self) -> str:
        """Key of what is computed from the figures and from the inventory."""
        return f"{self.version_id}/{self.inventory_mark}"

    @property
    def has_figures(self) -> bool:
        return bool(self._figures)

    @property
    def has_demonstration(self) -> bool:
        """Whether an invented record of cooperation is shown, which asks for the banner."""
        frames = any(bool(frame["is_demonstration"].any()) for frame in (self.ratings, self.modalities))
        return frames or any(entry.is_demonstration and entry.value for entry in self.entries)

    @property
    def has_cooperation(self) -> bool:
        """Whether any record of cooperation says something, invented or not.

        A record that was emptied again stays in the store, and often who had signed it; it says nothing.
        """
        said = self.ratings["level"].notna() | self.ratings["evidence"].ne("")
        if said.any() or self.modalities["status"].ne(ModalityStatus.NOT_REPORTED).any():
            return True
        removed = {entry.key.record for entry in self.entries if entry.key.field == REMOVED and entry.value}
        return any(
            entry.value and entry.key.field not in SIGNATURE and entry.key.record not in removed
            for entry in self.entries
        )

    def figure(self, area_code: str, indicator_code: str, year: int) -> Figure | None:
        return self._figures.get((area_code, indicator_code, year))

    def latest(self, area_code: str, indicator: Indicator) -> Figure | None:
        return self.figure(area_code, indicator.code, indicator.latest_year)

    def region(self, indicator_code: str, year: int) -> Figure | None:
        return self.figure(REGION_CODE, indicator_code, year)

    def regional_value(self, indicator_code: str, year: int) -> float | None:
        figure = self.region(indicator_code, year)
        return None if figure is None else figure.own_value

    def basin_figures(self, indicator_code: str, year: int) -> list[Figure]:
        """Figures of the basins, in the order of the territory; absent rows are skipped."""
        found = (self.figure(code, indicator_code, year) for code in self.basins)
        return [figure for figure in found if figure is not None]

    def resolved(self, indicator_code: str, year: int) -> list[Figure]:
        """Basin figures that may take part in classes, ranks and comparisons."""
        return [f for f in self.basin_figures(indicator_code, year) if f.own_value is not None]

    def values(self, indicator_code: str, year: int) -> dict[str, float]:
        """Values of the basins that take part in classes, ranks and comparisons, by code."""
        found = ((f.area_code, f.own_value) for f in self.basin_figures(indicator_code, year))
        return {code: value for code, value in found if value is not None}

    def contributions_of(self, basin_code: str) -> dict[str, float]:
        """What each dimension adds to the index of a basin, by dimension, in the order of the catalogue."""
        mine = self._contributions.get(basin_code, {})
        return {code: mine[code] for code in self.catalogue.dimensions if code in mine}

    def trend_status(self, area_code: str, indicator_code: str) -> TrendStatus:
        """What may be said of a series; a series that was never examined has too few points."""
        return self._trends.get((area_code, indicator_code), TrendStatus.TOO_FEW_POINTS)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame of the store, in its order (a later year replaces an earlier one of the same basin)."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _figure(row: dict[str, Any]) -> Figure:
    return Figure(
        area_code=row["area_code"],
        indicator_code=row["indicator_code"],
        year=int(row["year"]),
        value=_number(row["value"]),
        lower=_number(row["value_lower"]),
        upper=_number(row["value_upper"]),
        numerator=_number(row["numerator"]),
        denominator=_number(row["denominator"]),
        coverage=_number(row["coverage"]),
        status=FigureStatus(row["status"]),
        note=row["note"] or "",
        source_code=row["source_code"],
    )


def _campaign_figures(campaign: CampaignView | None) -> list[Figure]:
    """The rates of the campaign, of every area, with the counts that were published beside them."""
    if campaign is None:
        return []
    found = []
    for area, measure, breakdown, _ in campaign.figures:
        if measure not in RATES or breakdown is not Breakdown.ALL:
            continue
        rate = exact_rate(campaign, area, measure)
        numerator, denominator = (campaign.figure(area, count).value for count in RATES[measure])
        is_few = denominator is not None and denominator < MINIMUM_DENOMINATOR
        found.append(
            Figure(
                area_code=area,
                indicator_code=measure.value,
                year=campaign.reference_on.year,
                value=rate.value,
                lower=rate.lower,
                upper=rate.upper,
                numerator=numerator,
                denominator=denominator,
                coverage=None,
                status=rate.status,
                note="",
                source_code=SOURCE_CODE,
                is_small=rate.is_small or is_few,
            )
        )
    return found


def _context_row(row: dict[str, Any]) -> ContextRow:
    return ContextRow(
        float(row["context_index"]),
        float(row["index_lower"]),
        float(row["index_upper"]),
        float(row["rank_median"]),
        int(row["rank_lower"]),
        int(row["rank_upper"]),
    )


def _gap_row(row: dict[str, Any]) -> GapRow:
    return GapRow(
        float(row["observed"]),
        float(row["expected"]),
        float(row["gap"]),
        float(row["studentised"]),
        bool(row["is_notable"]),
    )


def _codes(joined: str | None) -> tuple[str, ...]:
    return tuple(code for code in (joined or "").split("|") if code)


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
