"""Downloads of the page Méthode: the figures for a French Excel, everything in one workbook, the sources."""

from __future__ import annotations

import streamlit as st

from observatory.export.tables import to_csv, to_xlsx
from observatory.french.typography import bind
from observatory.ui import html
from observatory.views.methode import (
    catalogue_sheet,
    coverage_sheet,
    figure_sheet,
    risk_sheets,
    source_sheet,
)
from observatory.views.observatory import Observatory
from observatory.views.sheet import Sheet

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_downloads(observatory: Observatory) -> None:
    """Three files, built when they are asked for. They hold real figures only."""
    html.show(
        html.markup(
            '<section class="obs-card"><h2>Télécharger</h2><p>{}</p><p>{}</p></section>',
            bind(
                "Tous les chiffres publics de cette version, par bassin, académie et région, avec leur "
                "intervalle quand il existe, leur couverture et leur source. Aucune donnée de démonstration."
            ),
            bind(
                "Le CSV s’ouvre d’un double clic dans Excel en français (point-virgule, virgule décimale). "
                "Le classeur y ajoute l’indice, ses contributions, l’écart, la typologie, le catalogue, "
                "la couverture et les sources."
            ),
        )
    )
    stamp = f"version-{observatory.version_id}"
    with st.container(horizontal=True, key="method_downloads"):
        st.download_button(
            "Chiffres, CSV",
            lambda: to_csv(figure_sheet(observatory)),
            file_name=f"chiffres-{stamp}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Tout, classeur XLSX",
            lambda: to_xlsx(_workbook(observatory)),
            file_name=f"observatoire-des-ruptures-{stamp}.xlsx",
            mime=_XLSX,
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Sources, CSV",
            lambda: to_csv(source_sheet(observatory)),
            file_name=f"sources-{stamp}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _workbook(observatory: Observatory) -> list[Sheet]:
    return [
        figure_sheet(observatory),
        *risk_sheets(observatory),
        catalogue_sheet(observatory),
        coverage_sheet(observatory),
        source_sheet(observatory),
    ]
