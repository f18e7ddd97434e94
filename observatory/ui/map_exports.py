"""Downloads of the map page: figures, geometry, and the map fit for a report. Made when asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from observatory.config import current_settings
from observatory.french.calendar import today
from observatory.ui.data import find_geometry
from observatory.ui.downloads import can_be_made
from observatory.views.carte import MapView
from observatory.views.commune_layer import CommuneDetail
from observatory.views.map_export import (
    build_commune_map,
    build_commune_sheet,
    build_map_sheet,
    build_report_map,
)
from observatory.views.observatory import Observatory
from observatory.views.selection import Selection
from observatory.views.sheet import Sheet


def show_map_exports(
    observatory: Observatory, view: MapView, selection: Selection, detail: CommuneDetail | None
) -> None:
    """A menu of five files of what the map shows, communes if they are shown; made when clicked.

    Drawn only when it is open: five deferred downloads would be registered at each rerun.
    """
    menu = st.popover("Exporter", width="stretch", key="exports_menu", on_change="rerun")
    if not menu.open:
        return
    from observatory.export import tables

    parts = ("carte", selection.reading, selection.indicator, selection.year, "communes" if detail else "")
    name = "-".join(str(part) for part in parts if part)

    def sheet() -> Sheet:
        if detail is not None:
            return build_commune_sheet(observatory, view, detail)
        return build_map_sheet(observatory, view, selection)

    layer = "communes" if detail else "basins"

    def nothing() -> None:
        """The tables are made of what the page shows."""

    files = (
        ("Chiffres, CSV pour Excel", "csv", "text/csv", lambda: tables.to_csv(sheet()), nothing),
        (
            "Chiffres, XLSX",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda: tables.to_xlsx([sheet()]),
            nothing,
        ),
        (
            "Carte, PNG pour un rapport",
            "png",
            "image/png",
            lambda: _png(view, selection, detail),
            find_geometry,
        ),
        (
            "Carte, SVG pour un rapport",
            "svg",
            "image/svg+xml",
            lambda: _svg(view, selection, detail).encode(),
            find_geometry,
        ),
        (
            "Couche affichée, GeoPackage",
            "gpkg",
            "application/geopackage+sqlite3",
            lambda: tables.to_geopackage(sheet(), 0, _territory(), layer),
            lambda: tables.check_layer(_territory(), layer),
        ),
    )
    with menu:
        for label, extension, mime, make, check in files:
            if not can_be_made(check):
                continue
            st.download_button(
                label,
                data=make,
                file_name=f"{name}.{extension}",
                mime=mime,
                on_click="ignore",
                width="stretch",
            )


def _svg(view: MapView, selection: Selection, detail: CommuneDetail | None) -> str:
    from observatory.export.svg_map import draw_report_map

    folder, geometry = current_settings().static_dir / "geo", find_geometry()
    if detail is None:
        report = build_report_map(view, selection.basin, today())
    else:
        report = build_commune_map(view, detail, selection.basin, today())
    files = (folder / geometry.basins, folder / geometry.base, folder / geometry.communes)
    return draw_report_map(report, *files)


def _png(view: MapView, selection: Selection, detail: CommuneDetail | None) -> bytes:
    from observatory.export.svg_map import rasterise

    return rasterise(_svg(view, selection, detail), current_settings().static_dir / "fonts")


def _territory() -> Path:
    return current_settings().data_dir / "territory" / "territory.gpkg"
