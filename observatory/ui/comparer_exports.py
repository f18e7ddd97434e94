"""Files of the comparison: CSV for a French Excel, XLSX. Made when asked for."""

from __future__ import annotations

import streamlit as st

from observatory.french.calendar import today
from observatory.views.comparer import Comparer
from observatory.views.comparer_sheet import comparison_sheets

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_comparison_downloads(view: Comparer) -> None:
    """Two buttons; nothing is computed before a click."""
    name = f"comparaison-{'-'.join(view.chosen)}-{today().isoformat()}"
    with st.container(key="comparer_exports", horizontal=True):
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


def _csv(view: Comparer) -> bytes:
    from observatory.export.tables import to_csv

    return to_csv(comparison_sheets(view, today())[0])


def _xlsx(view: Comparer) -> bytes:
    from observatory.export.tables import to_xlsx

    return to_xlsx(comparison_sheets(view, today()))
