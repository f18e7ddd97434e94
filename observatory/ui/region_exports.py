"""Files of the region, made when asked for: the inventory (XLSX, CSV, GeoPackage) and the framework."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from observatory.config import current_settings
from observatory.french import numbers, region
from observatory.french.calendar import local_day, today
from observatory.store.inventory_snapshots import Snapshot
from observatory.ui import html, region_data
from observatory.ui.downloads import can_be_made
from observatory.ui.region_head import show_head
from observatory.views.framework import Framework
from observatory.views.observatory import Observatory

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOW = 0


def show_exports(observatory: Observatory, selected: str) -> None:
    """Everything that is in the inventory, as it stands or as it was frozen."""
    del selected
    show_head("Tout l’inventaire, pour d’autres outils", observatory)
    by_number = {s.snapshot_id: s for s in reversed(region_data.load_snapshots(observatory))}
    with st.container(key="region_exports"):
        number = st.selectbox(
            "État de l’inventaire",
            [_NOW, *by_number],
            format_func=lambda n: _label(by_number.get(n)),
            key="region_export_state",
        )
        chosen = by_number.get(number)
        _file(
            "Classeur XLSX, une feuille par sorte d’enregistrement",
            lambda: _workbook(observatory, chosen),
            "inventaire-cooperation.xlsx",
            _SPREADSHEET,
        )
        _file(
            "Table CSV, une ligne par réponse",
            lambda: _csv(observatory, chosen),
            "inventaire-cooperation.csv",
            "text/csv",
        )
        if can_be_made(_check_layer):
            _file(
                "Couche GeoPackage des bassins, toujours de maintenant",
                lambda: _layer(observatory),
                "inventaire-cooperation.gpkg",
                "application/geopackage+sqlite3",
            )
        show_framework_downloads(region_data.load_framework(observatory))
    html.show(html.markup('<p class="obs-small">{}</p>', region.EXPORT_NOTE))


def show_framework_downloads(framework: Framework) -> None:
    """The framework as a document; nothing is made before a click."""
    with st.container(horizontal=True, key="region_framework_files"):
        _file("Cadre, DOCX", lambda: _framework_docx(framework), "cadre-methodologique.docx", _DOCUMENT)
        _file("Cadre, PDF", lambda: _framework_pdf(framework), "cadre-methodologique.pdf", "application/pdf")


def _file(label: str, make: Callable[[], bytes], name: str, media_type: str) -> None:
    st.download_button(
        label, data=make, file_name=name, mime=media_type, icon=":material/download:", on_click="ignore"
    )


def _label(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return region.NOW
    day = numbers.format_date(local_day(snapshot.frozen_at))
    return region.snapshot_label(snapshot.name, day, is_invented=snapshot.is_demonstration)


def _workbook(observatory: Observatory, snapshot: Snapshot | None) -> bytes:
    from observatory.export.inventory_workbook import inventory_workbook

    return inventory_workbook(observatory, today(), region_data.load_frozen(observatory, snapshot))


def _csv(observatory: Observatory, snapshot: Snapshot | None) -> bytes:
    from observatory.export.inventory_workbook import inventory_csv

    return inventory_csv(observatory, today(), region_data.load_frozen(observatory, snapshot))


def _layer(observatory: Observatory) -> bytes:
    from observatory.export.inventory_workbook import inventory_geopackage

    return inventory_geopackage(observatory, _territory(), today())


def _check_layer() -> None:
    from observatory.export.inventory_workbook import LAYER
    from observatory.export.tables import check_layer

    check_layer(_territory(), LAYER)


def _territory() -> Path:
    return current_settings().data_dir / "territory" / "territory.gpkg"


def _framework_docx(framework: Framework) -> bytes:
    from observatory.export.framework_document import framework_docx

    return framework_docx(framework, today())


def _framework_pdf(framework: Framework) -> bytes:
    from observatory.export.framework_document import framework_pdf

    return framework_pdf(framework, current_settings().static_dir / "fonts", today())
