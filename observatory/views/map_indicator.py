"""The map of one indicator: the observed rupture, or one indicator of the context."""

from __future__ import annotations

from dataclasses import replace

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureNote, split_notes
from observatory.domain.indicators import Indicator, Polarity
from observatory.french import campaign_figures as words
from observatory.french import numbers, readings, sentences, texts
from observatory.geo.choropleth import class_index, natural_limits
from observatory.geo.palette import Fill
from observatory.views.campaign_indicators import is_of_campaign
from observatory.views.carte import Cell, MapArea, MapView, Panel
from observatory.views.map_pieces import (
    EMPTY,
    basin_area,
    basin_panel,
    class_legend,
    interval_text,
    largest_size,
    ordered,
    sequential_colours,
    source_line,
    spoken_name,
    status_text,
    uncoloured_fill,
    value_text,
    wider_note,
)
from observatory.views.observatory import Figure, Observatory
from observatory.views.selection import Selection

NEARLY_ALL = 0.995
"""From this coverage on (it would be shown as 100 %), nothing is said of it."""


def indicator_limits(observatory: Observatory, indicator: Indicator) -> tuple[float, ...]:
    """Class limits over all the years of an indicator, so that maps of two years can be compared."""
    return natural_limits(
        [v for year in indicator.years for v in observatory.values(indicator.code, year).values()]
    )


def indicator_view(observatory: Observatory, selection: Selection) -> MapView:
    """The map of ``selection.indicator`` in ``selection.year``, the latest by default."""
    indicator = observatory.catalogue.indicators[selection.indicator]
    year = selection.year or indicator.latest_year
    limits = indicator_limits(observatory, indicator)
    values = observatory.values(indicator.code, year)
    previous = previous_year(indicator, year)
    compared = _compared_values(observatory, indicator, year, previous)
    region = observatory.regional_value(indicator.code, year)
    region_text = None if region is None else numbers.format_value(region, indicator)
    campaign = observatory.campaign if is_of_campaign(indicator.code) else None
    is_invented = campaign is not None and campaign.is_demonstration
    largest = largest_size(values.values())
    colours = exposure_colours(len(limits) + 1, indicator)
    direction = -1 if indicator.polarity is Polarity.HIGHER_IS_BETTER else 1

    def area(code: str) -> MapArea:
        basin, figure, value = (
            observatory.basins[code],
            observatory.figure(code, indicator.code, year),
            values.get(code),
        )
        lines = _tooltip(observatory, figure, indicator, year, region_text)
        first = Cell(value_text(figure, indicator), value, numbers.scale_of(indicator.unit))
        if value is None:
            return basin_area(basin, uncoloured_fill(figure), lines, (first, EMPTY))
        fill = Fill(colours[class_index(value, limits)])
        cells = (first, _difference(value, compared.get(code), indicator))
        return basin_area(basin, fill, lines, cells, bar=value / largest, order=direction * value)

    areas = ordered(area(code) for code in observatory.basins)
    return MapView(
        title=_title(observatory, values, indicator, year),
        indicator_label=indicator.label,
        legend_title=indicator.short_label,
        period=str(year),
        areas=areas,
        legend=class_legend(sentences.class_labels(limits, indicator), colours, areas),
        headers=(str(year), "écart région" if previous is None else f"depuis {previous}"),
        list_title=indicator.short_label,
        source=source_line(
            observatory, indicator, year, sentences.resolved_phrase(len(values), len(observatory.basins))
        ),
        note=wider_note(observatory, indicator, year),
        is_demonstration=is_invented,
        banner=words.BANNER if is_invented else "",
        panel=_panel(observatory, selection.basin, indicator, year, region_text),
    )


def exposure_colours(class_count: int, indicator: Indicator) -> tuple[str, ...]:
    """Colours of the classes of an indicator, low to high: the dark end is always the more exposed one."""
    colours = sequential_colours(class_count)
    return colours[::-1] if indicator.polarity is Polarity.HIGHER_IS_BETTER else colours


def previous_year(indicator: Indicator, year: int) -> int | None:
    """The year before in the same series, None when there is none or a break lies between."""
    before = max((y for y in indicator.years if y < year), default=None)
    if before is None or any(before < first <= year for first in indicator.breaks):
        return None
    return before


def _compared_values(
    observatory: Observatory, indicator: Indicator, year: int, previous: int | None
) -> dict[str, float]:
    """What each basin is compared with: itself in the previous year, else the region."""
    if previous is not None:
        return observatory.values(indicator.code, previous)
    region = observatory.regional_value(indicator.code, year)
    return {} if region is None else dict.fromkeys(observatory.basins, region)


def _difference(value: float, compared: float | None, indicator: Indicator) -> Cell:
    if compared is None:
        return EMPTY
    change = value - compared
    scale = numbers.scale_of(indicator.unit)
    return Cell(numbers.format_signed(change * scale, indicator.decimals), change, scale)


def _title(observatory: Observatory, values: dict[str, float], indicator: Indicator, year: int) -> str:
    is_reversed = indicator.polarity is Polarity.HIGHER_IS_BETTER
    top = sorted(values, key=lambda code: values[code], reverse=not is_reversed)[:3]
    if len(top) < 3:
        return indicator.label
    names = [spoken_name(observatory.basins[code]) for code in top]
    return sentences.extreme_title(names, values[top[-1]], indicator, year)


def _tooltip(
    observatory: Observatory, figure: Figure | None, indicator: Indicator, year: int, region_text: str | None
) -> tuple[str, ...]:
    state = status_text(figure, observatory)
    if figure is None or figure.told_value is None:
        return (state,)
    lines = [f"{value_text(figure, indicator)} en {year}"]
    if region_text:
        lines.append(f"région : {region_text}")
    lines.append(state if figure.own_value is None else interval_text(figure, indicator))
    lines.extend(_campaign_lines(observatory, figure))
    if figure.coverage is not None and figure.coverage < NEARLY_ALL:
        lines.append(sentences.coverage_phrase(figure.coverage))
    said = FigureNote.COMMUNAL_VALUE_NOT_SPLIT
    lines.extend(texts.NOTE_LABELS[note] for note in split_notes(figure.note) if note is not said)
    return tuple(lines)


def _campaign_lines(observatory: Observatory, figure: Figure) -> tuple[str, ...]:
    """Of a rate of the campaign: its counts, the unknown beside it, and which edition it is of."""
    campaign = observatory.campaign
    if campaign is None or not is_of_campaign(figure.indicator_code):
        return ()
    lines = []
    if figure.numerator is not None and figure.denominator is not None:
        counts = (numbers.format_number(figure.numerator), numbers.format_number(figure.denominator))
        lines.append(" sur ".join(counts))
    if figure.indicator_code != Measure.UNKNOWN_RATE:
        unknown = observatory.figure(figure.area_code, Measure.UNKNOWN_RATE.value, figure.year)
        value = None if unknown is None else unknown.told_value
        lines.append(words.unknown_words(value, status_text(unknown)))
    mark = f", {words.MARK}" if campaign.is_demonstration else ""
    lines.append(f"campagne {words.EDITIONS[campaign.edition]}{mark}")
    return tuple(lines)


def _panel(
    observatory: Observatory, code: str, indicator: Indicator, year: int, region_text: str | None
) -> Panel:
    basin, figure = observatory.basins[code], observatory.figure(code, indicator.code, year)
    headline, state = value_text(figure, indicator), status_text(figure, observatory)
    if figure is None or figure.told_value is None:
        return basin_panel(basin, headline, f"{indicator.label} : {state}.")
    if figure.own_value is None:
        return basin_panel(basin, headline, f"{sentences.capitalise(state)}.", readings.NOT_RANKED)
    text = sentences.value_sentence(indicator, region_text)
    doubt = " ; ".join((interval_text(figure, indicator), *_campaign_lines(observatory, figure)))
    panel = basin_panel(basin, headline, text, f"{sentences.capitalise(doubt)}.")
    return replace(panel, lead=sentences.year_lead(year))
