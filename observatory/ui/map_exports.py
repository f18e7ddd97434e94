"""Downloads of the map page: figures, geometry, and the map fit for a report. Made when asked for."""

from __future__ import annotations

from datetime import date

import streamlit as st

from observatory.config import current_settings
from observatory.ui.data import load_geometry
from observatory.views.carte import MapView
from observatory.views.map_export import build_map_sheet, build_report_map
from observatory.views.observatory import Observatory
from observatory.views.selection import Selection
from observatory.views.sheet import Sheet


def show_map_exports(observatory: Observatory, view: MapView, selection: Selection) -> None:
    """A menu of five files; nothing is computed before a click."""
    from observatory.export import tables

    name = f"carte-{selection.reading}-{selection.indicator}"

    def sheet() -> Sheet:
        return build_map_sheet(observatory, view, selection)

    files = (
        ("Figures, CSV pour Excel", "csv", "text/csv", lambda: tables.to_csv(sheet())),
        (
            "Figures, XLSX",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda: tables.to_xlsx([sheet()]),
        ),
        ("Carte, PNG pour un rapport", "png", "image/png", lambda: _png(view, selection)),
        ("Carte, SVG pour un rapport", "svg", "image/svg+xml", lambda: _svg(view, selection).encode()),
        (
            "Couche affichée, GeoPackage",
            "gpkg",
            "application/geopackage+sqlite3",
            lambda: _geopackage(sheet()),
        ),
    )
    with st.popover("Exporter", width="stretch"):
        for label, extension, mime, make in files:
            st.download_button(
                label.replace("Figures", "Chiffres"),
                data=make,
                file_name=f"{name}.{extension}",
                mime=mime,
                on_click="ignore",
                width="stretch",
            )


def _svg(view: MapView, selection: Selection) -> str:
    from observatory.export.svg_map import draw_report_map

    folder, geometry = current_settings().static_dir / "geo", load_geometry()
    report = build_report_map(view, selection.basin, date.today())
    return draw_report_map(report, folder / geometry.basins, folder / geometry.base)


def _png(view: MapView, selection: Selection) -> bytes:
    from observatory.export.svg_map import rasterise

    return rasterise(_svg(view, selection), current_settings().static_dir / "fonts")


def _geopackage(sheet: Sheet) -> bytes:
    from observatory.export.tables import to_geopackage

    return to_geopackage(sheet, 0, current_settings().data_dir / "territory" / "territory.gpkg", "basins")
