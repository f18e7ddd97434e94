"""Everything the views read, for one version of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Catalogue, Indicator
from observatory.domain.territory import REGION_CODE, Basin, Service


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

    @property
    def has_interval(self) -> bool:
        return self.lower is not None and self.upper is not None


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
    _index: dict[tuple[str, str, int], Figure] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for row in self.figures.itertuples(index=False):
            figure = Figure(
                area_code=row.area_code,
                indicator_code=row.indicator_code,
                year=int(row.year),
                value=_number(row.value),
                lower=_number(row.value_lower),
                upper=_number(row.value_upper),
                numerator=_number(row.numerator),
                denominator=_number(row.denominator),
                coverage=_number(row.coverage),
                status=FigureStatus(row.status),
                note=row.note or "",
                source_code=row.source_code,
            )
            self._index[figure.area_code, figure.indicator_code, figure.year] = figure

    @property
    def has_figures(self) -> bool:
        return bool(self._index)

    @property
    def has_demonstration(self) -> bool:
        return bool(len(self.ratings) or len(self.modalities))

    def figure(self, area_code: str, indicator_code: str, year: int) -> Figure | None:
        return self._index.get((area_code, indicator_code, year))

    def latest(self, area_code: str, indicator: Indicator) -> Figure | None:
        return self.figure(area_code, indicator.code, indicator.latest_year)

    def region(self, indicator_code: str, year: int) -> Figure | None:
        return self.figure(REGION_CODE, indicator_code, year)

    def basin_figures(self, indicator_code: str, year: int) -> list[Figure]:
        """Figures of the basins, in the order of the territory; absent rows are skipped."""
        found = (self.figure(code, indicator_code, year) for code in self.basins)
        return [figure for figure in found if figure is not None]

    def resolved(self, indicator_code: str, year: int) -> list[Figure]:
        """Basin figures that may take part in classes, ranks and comparisons."""
        return [f for f in self.basin_figures(indicator_code, year) if f.status is FigureStatus.VALUE]


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type,call-overload]
