"""What leaves the map page: the table of the figures shown, and the drawing fit for a report."""

from __future__ import annotations

from datetime import date

from observatory.french import numbers, texts
from observatory.views.carte import MapView
from observatory.views.observatory import Observatory
from observatory.views.report_map import MapArea, ReportMap
from observatory.views.selection import Selection
from observatory.views.sheet import Sheet


def build_map_sheet(observatory: Observatory, view: MapView, selection: Selection) -> Sheet:
    """Figures of the map, one row per basin, with their state, interval, coverage and note.

    Shares are exported as they are shown, in percent; ``Code`` is the first column and joins the geometry.
    """
    indicator = observatory.catalogue.indicators.get(selection.indicator)
    headers = ["Code", "Bassin", "Académie", *view.headers]
    if indicator is not None and selection.year is not None:
        headers += ["Intervalle bas", "Intervalle haut", "Effectif", "Couverture (%)", "État", "Note"]
    rows = []
    for area in view.areas:
        basin = observatory.basins[area.code]
        row: list[str | float | int | None] = [area.code, area.label, basin.academie]
        scale = numbers.scale_of(indicator.unit) if indicator is not None else 1.0
        for cell in area.cells:
            if isinstance(cell.sort, float) and _is_number(cell.text):
                row.append(round(cell.sort * scale, 4))
            else:
                row.append(cell.text or None)
        if indicator is not None and selection.year is not None:
            figure = observatory.figure(area.code, indicator.code, selection.year)
            for bound in (figure.lower, figure.upper) if figure else (None, None):
                row.append(None if bound is None else round(bound * scale, 4))
            row.append(figure.denominator if figure else None)
            row.append(None if figure is None or figure.coverage is None else round(figure.coverage * 100, 1))
            row.append(texts.STATUS_LABELS.get(figure.status, "valeur") if figure else "non transmis")
            row.append("; ".join(texts.note_labels(figure.note)) if figure else None)
        rows.append(tuple(row))
    notes = [view.indicator_label, view.source, view.note, texts.RECONSTRUCTED]
    if view.is_demonstration:
        notes.insert(0, texts.DEMONSTRATION_BANNER.replace("**", ""))
    return Sheet("Carte", tuple(headers), tuple(rows), tuple(n for n in notes if n))


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
        banner=texts.DEMONSTRATION_BANNER.replace("**", "") if view.is_demonstration else "",
        selected=selected,
    )


def _is_number(text: str) -> bool:
    return text[:1] in "+-−0123456789" and not any(c.isalpha() for c in text if c not in "km")
