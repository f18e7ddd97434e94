"""The key figures of a basin: one line an indicator, with interval, comparison and position."""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.indicators import Indicator
from observatory.french import comparing, numbers, sentences, sheet
from observatory.stats.rates import compare_with_reference
from observatory.views.campaign_indicators import own_indicators
from observatory.views.map_pieces import status_text, value_text
from observatory.views.marks import StripMark
from observatory.views.observatory import Figure, Observatory


@dataclass(frozen=True)
class KeyFigure:
    """One line of the key figures; no ``sign`` nor ``verdict`` unless an interval allows a comparison."""

    code: str
    label: str
    short_label: str
    year: str
    value: str
    doubt: str
    academie: str
    region: str
    position: str
    sign: str
    verdict: str
    others: tuple[float, ...]
    mark: StripMark | None
    interval: tuple[float, float] | None
    reference: float | None


def key_figures(observatory: Observatory, basin_code: str) -> tuple[KeyFigure, ...]:
    """Every indicator of the catalogue but the campaign's, in its order, for its latest year."""
    return tuple(key_figure(observatory, basin_code, i) for i in own_indicators(observatory.catalogue))


def position(observatory: Observatory, figure: Figure | None, indicator: Indicator) -> str:
    """Where a figure stands among the basins, or its state when it takes part in no comparison."""
    if figure is None or figure.own_value is None:
        return status_text(figure, observatory)
    values = observatory.values(indicator.code, figure.year).values()
    rank = 1 + sum(value > figure.own_value for value in values)
    return sentences.position_phrase(rank, len(values))


def key_figure(observatory: Observatory, code: str, indicator: Indicator) -> KeyFigure:
    """The line of one indicator for the basin ``code``."""
    year = indicator.latest_year
    figure = observatory.figure(code, indicator.code, year)
    academie = observatory.figure(observatory.basins[code].academie_code, indicator.code, year)
    values = observatory.values(indicator.code, year)
    reference = observatory.regional_value(indicator.code, year)
    own = values.get(code)
    interval = None if figure is None or own is None else _interval(figure)
    sign, verdict = _verdict(own, interval, reference, indicator)
    return KeyFigure(
        code=indicator.code,
        label=indicator.label,
        short_label=indicator.short_label,
        year=str(year),
        value=value_text(figure, indicator),
        doubt=status_text(figure, observatory) if own is None else _doubt(interval, indicator),
        academie=value_text(academie, indicator),
        region=value_text(observatory.region(indicator.code, year), indicator),
        position="" if own is None else position(observatory, figure, indicator),
        sign=sign,
        verdict=verdict,
        others=tuple(value for other, value in values.items() if other != code),
        mark=None if own is None else StripMark(own, "", is_subject=True),
        interval=interval,
        reference=reference,
    )


def _interval(figure: Figure) -> tuple[float, float] | None:
    return None if figure.lower is None or figure.upper is None else (figure.lower, figure.upper)


def _doubt(interval: tuple[float, float] | None, indicator: Indicator) -> str:
    return numbers.format_interval(*interval, indicator) if interval else sheet.NO_INTERVAL_SHORT


def _verdict(
    value: float | None, interval: tuple[float, float] | None, reference: float | None, indicator: Indicator
) -> tuple[str, str]:
    """The same sign and words as in Comparer, so that one figure is never said two ways."""
    if value is None or interval is None or reference is None:
        return "", ""
    return comparing.VERDICTS[compare_with_reference(value, *interval, reference, indicator.polarity)]
