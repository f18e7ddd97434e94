"""The history of an indicator in a basin, and the sentence that says what may be concluded."""

from __future__ import annotations

from observatory.domain.figures import FigureNote, split_notes
from observatory.domain.indicators import Indicator
from observatory.french import numbers, sentences, sheet
from observatory.views.marks import TrendPoint
from observatory.views.observatory import Figure, Observatory


def build_trend(
    observatory: Observatory, code: str, indicator: Indicator
) -> tuple[tuple[TrendPoint, ...], str]:
    """Points of an indicator for a basin, one a year of the catalogue, and what may be said of them."""
    points = tuple(_point(observatory, code, indicator, year) for year in indicator.years)
    known = sum(point.value is not None for point in points)
    status = observatory.trend_status(code, indicator.code)
    note = sentences.capitalise(sentences.trend_phrase(known, status.value))
    latest = observatory.latest(code, indicator)
    if latest and FigureNote.COMMUNAL_VALUE_NOT_SPLIT in split_notes(latest.note):
        note += f" ; {sheet.OF_MARSEILLE}"
    return points, f"{note}."


def _point(observatory: Observatory, code: str, indicator: Indicator, year: int) -> TrendPoint:
    value = _told(observatory.figure(code, indicator.code, year))
    region = _told(observatory.region(indicator.code, year))
    return TrendPoint(year, value, _text(value, indicator), region, _text(region, indicator))


def _told(figure: Figure | None) -> float | None:
    return None if figure is None else figure.told_value


def _text(value: float | None, indicator: Indicator) -> str:
    return "" if value is None else numbers.format_value(value, indicator, with_unit=False)
