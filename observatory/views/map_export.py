"""What leaves the map page: the table of the figures shown, and the drawing fit for a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Indicator
from observatory.french import campaign_figures as words
from observatory.french import numbers, sentences, texts
from observatory.views.campaign_indicators import is_of_campaign
from observatory.views.carte import Cell, MapView
from observatory.views.commune_layer import CommuneDetail
from observatory.views.map_pieces import status_of, value_text
from observatory.views.observatory import Figure, Observatory
from observatory.views.report_map import MapArea, ReportMap
from observatory.views.selection import Reading, Selection
from observatory.views.sheet import Cell as Value
from observatory.views.sheet import Sheet

DECIMALS = 4
BOUND_DECIMALS = 2
"""An interval of sampling means nothing beyond; a value is kept as published."""
DEMONSTRATION_COLUMN = "demonstration"
"""Says, basin by basin, whether what the layer shows rests on an invented record."""
CAMPAIGN_HEADERS = ("Numérateur", "Inconnus (%)", "Édition")
"""Columns of a rate of the campaign."""


def build_map_sheet(observatory: Observatory, view: MapView, selection: Selection) -> Sheet:
    """Figures of the map, one row per basin: with interval, coverage, state and note for an indicator.

    Shares are exported as they are shown, in percent; a column of numbers holds numbers or nothing, so that
    it can be computed with. ``Code`` is the first column and joins the geometry.
    """
    indicator = _shown_indicator(observatory, selection)
    year = selection.year or (indicator.latest_year if indicator else 0)
    numeric = [any(a.cells[i].scale is not None for a in view.areas) for i in range(len(view.headers))]
    headers = ["Code", "Bassin", "Académie", *view.headers]
    if indicator is None:
        headers.append("Lecture")
    else:
        headers[3] = f"{headers[3]} ({sentences.unit_of(indicator)})"
        headers += ["Intervalle bas", "Intervalle haut", "Effectif", "Couverture (%)", "État", "Note"]
    of_campaign = indicator is not None and is_of_campaign(indicator.code)
    if of_campaign:
        headers += list(CAMPAIGN_HEADERS)
    invented = _invented(observatory, view) if view.is_demonstration else frozenset()
    if view.is_demonstration:
        headers.append(DEMONSTRATION_COLUMN)
    rows = []
    for area in view.areas:
        row: list[Value] = [area.code, area.label, observatory.basins[area.code].academie]
        row += [
            _number(cell) if n else cell.text or None for cell, n in zip(area.cells, numeric, strict=True)
        ]
        if indicator is None:
            row.append(" ; ".join(area.tooltip[1:]))
        else:
            row += _provenance(observatory.figure(area.code, indicator.code, year), indicator)
        if of_campaign and indicator is not None:
            row += _of_campaign(observatory, area.code, indicator.code, year)
        if view.is_demonstration:
            row.append("oui" if area.code in invented else "non")
        rows.append(tuple(row))
    banner = _banner(view)
    notes = (banner, view.title, view.indicator_label, view.source, view.note, texts.RECONSTRUCTED)
    return Sheet("Carte", tuple(headers), tuple(rows), tuple(note for note in notes if note), banner)


def _banner(view: MapView) -> str:
    """What of the map is invented; empty when nothing is."""
    inventory = texts.DEMONSTRATION_PART if view.is_partly_real else texts.DEMONSTRATION_BANNER
    return (view.banner or inventory).replace("**", "") if view.is_demonstration else ""


def _of_campaign(observatory: Observatory, code: str, indicator_code: str, year: int) -> list[Value]:
    """Numerator, share of unknown and edition; what is hidden stays so."""
    figure = observatory.figure(code, indicator_code, year)
    unknown = observatory.figure(code, Measure.UNKNOWN_RATE.value, year)
    unknown_rate = None if unknown is None else unknown.told_value
    campaign = observatory.campaign
    return [
        None if figure is None or figure.told_value is None else figure.numerator,
        None if unknown_rate is None else round(unknown_rate * 100, 1),
        None if campaign is None else words.EDITIONS[campaign.edition],
    ]


def _invented(observatory: Observatory, view: MapView) -> frozenset[str]:
    """Basins of which a record is invented."""
    if view.banner:
        return frozenset(observatory.basins)
    frames = (observatory.ratings, observatory.modalities)
    return frozenset(
        str(code) for frame in frames for code in frame.loc[frame["is_demonstration"].eq(True), "basin_code"]
    )


def _shown_indicator(observatory: Observatory, selection: Selection) -> Indicator | None:
    """The indicator whose figures the map shows, None for a reading that crosses several."""
    if selection.reading not in (Reading.OBSERVED, Reading.CONTEXT):
        return None
    return observatory.catalogue.indicators.get(selection.indicator)


def _number(cell: Cell) -> float | None:
    if cell.scale is None or not isinstance(cell.sort, float):
        return None
    return round(cell.sort * cell.scale, DECIMALS)


def _provenance(figure: Figure | None, indicator: Indicator) -> list[Value]:
    """Interval, denominator, coverage, state and note; a value set aside is told with its state."""
    if figure is None:
        return [None, None, None, None, texts.STATUS_LABELS[FigureStatus.MISSING], None]
    scale = numbers.scale_of(indicator.unit)
    bounds = (figure.lower, figure.upper) if figure.own_value is not None else (None, None)
    state = texts.STATUS_LABELS.get(status_of(figure), "valeur")
    if figure.own_value is None and figure.told_value is not None:
        state += f" {value_text(figure, indicator)}"
    return [
        *(None if bound is None else round(bound * scale, BOUND_DECIMALS) for bound in bounds),
        figure.denominator,
        None if figure.coverage is None else round(figure.coverage * 100, 1),
        state,
        " ; ".join(texts.note_labels(figure.note)) or None,
    ]


def build_commune_sheet(observatory: Observatory, view: MapView, detail: CommuneDetail) -> Sheet:
    """What the commune detail shows, one row per commune; ``Code`` comes first and joins the geometry."""
    places = observatory.communes.set_index("commune_code")
    rows = []
    for position, code in enumerate(detail.codes):
        place = places.loc[code]
        basin = observatory.basins[str(place["basin_code"])]
        rows.append(
            (
                code,
                str(place["commune_label"]),
                basin.basin_label,
                detail.values[position],
                detail.paint.texts[position],
            )
        )
    headers = ("Code", "Commune", "Bassin", "Valeur", "Lecture")
    return Sheet("Communes", headers, tuple(rows), (detail.title, view.source, f"{texts.RECONSTRUCTED}."))


def build_commune_map(view: MapView, detail: CommuneDetail, selected: str, edited_on: date) -> ReportMap:
    """The drawing of the commune detail for a report."""
    return replace(
        build_report_map(view, selected, edited_on),
        title=detail.title,
        subtitle="Traits foncés : limites des bassins",
        legend_title="Nombre de communes entre parenthèses",
        legend=tuple((line.label, line.fill) for line in detail.legend if line.count),
        named=(),
        communes={code: detail.fill(position) for position, code in enumerate(detail.codes)},
        banner="",
    )


def build_report_map(view: MapView, selected: str, edited_on: date) -> ReportMap:
    """The drawing of the map for a report: title, legend, source, date, banner if demonstration."""
    return ReportMap(
        title=view.title,
        subtitle=f"{view.indicator_label}, {view.period}",
        areas={a.code: MapArea(a.fill, a.short_label) for a in view.areas},
        legend_title=view.legend_title,
        legend=tuple((e.label, e.fill) for e in view.legend if e.count or not e.is_sign),
        source=" ".join(filter(None, (view.source, view.note, f"{texts.RECONSTRUCTED}."))),
        date=numbers.format_date(edited_on),
        banner=_banner(view),
        selected=selected,
        named=view.named,
    )
