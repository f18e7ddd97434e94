"""Files of the page Croisement: CSV for a French Excel, XLSX. Made when asked for."""

from __future__ import annotations

import streamlit as st

from observatory.french.calendar import today
from observatory.views.croisement import Croisement
from observatory.views.croisement_sheets import croisement_sheets

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_downloads(view: Croisement) -> None:
    """Two buttons; nothing is computed before a click."""
    name = f"croisement-{today().isoformat()}"
    with st.container(key="croisement_exports", horizontal=True):
        st.download_button(
            "CSV",
            data=lambda: _csv(view),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "XLSX",
            data=lambda: _xlsx(view),
            file_name=f"{name}.xlsx",
            mime=_SPREADSHEET,
            icon=":material/download:",
            on_click="ignore",
        )


def _csv(view: Croisement) -> bytes:
    from observatory.export.tables import to_csv

    return to_csv(croisement_sheets(view, today())[0])


def _xlsx(view: Croisement) -> bytes:
    from observatory.export.tables import to_xlsx

    return to_xlsx(croisement_sheets(view, today()))
