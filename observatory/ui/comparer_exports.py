"""Files of the comparison: CSV for a French Excel, XLSX. Made when asked for."""

from __future__ import annotations

from datetime import date

import streamlit as st

from observatory.domain.figures import FigureStatus
from observatory.export.tables import Cell, Sheet, to_csv, to_xlsx
from observatory.french import numbers, texts
from observatory.views.comparer import Comparer

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_comparison_downloads(view: Comparer) -> None:
    """Two buttons; nothing is computed before a click."""
    with st.container(key="comparer_exports", horizontal=True):
        st.download_button(
            "CSV",
            data=lambda: to_csv(comparison_sheets(view, date.today())[0]),
            file_name="comparaison-bassins.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "XLSX",
            data=lambda: to_xlsx(comparison_sheets(view, date.today())),
            file_name="comparaison-bassins.xlsx",
            mime=_SPREADSHEET,
            icon=":material/download:",
            on_click="ignore",
        )


def comparison_sheets(view: Comparer, day: date) -> tuple[Sheet, Sheet]:
    """One line per figure, then the table as it is on the screen. Shares are in 0-1, as stored."""
    notes = tuple(filter(None, (view.note, view.source, f"Édité le {numbers.format_date(day)}.")))
    long: list[tuple[Cell, ...]] = []
    wide: list[tuple[Cell, ...]] = []
    for row in view.rows:
        wide.append(
            (row.label, row.period, *(_shown(cell.text, cell.status, cell.verdict) for cell in row.cells))
        )
        for column, cell in zip(view.columns, row.cells, strict=True):
            long.append(
                (
                    column.code,
                    column.label,
                    row.indicator_code,
                    row.label,
                    int(row.period) if row.period else None,
                    "part de 0 à 1" if row.unit == "en %" else row.unit,
                    cell.value,
                    cell.lower,
                    cell.upper,
                    cell.coverage,
                    "valeur" if cell.status is FigureStatus.VALUE else texts.STATUS_LABELS[cell.status],
                    cell.verdict,
                )
            )
    headers = (
        "Code", "Territoire", "Code de l’indicateur", "Indicateur", "Année", "Unité", "Valeur",
        "Borne basse", "Borne haute", "Couverture", "État", "Comparaison à la région",
    )  # fmt: skip
    bounds = (
        f"Bornes : intervalle à 95{numbers.NNBSP}% (5-95{numbers.NNBSP}% des variantes de calcul pour l’indice).",
        f"Comparaison : seulement quand l’intervalle à 95{numbers.NNBSP}% est connu.",
    )
    screen = ("Indicateur", "Année", *(column.label for column in view.columns))
    return (
        Sheet("Comparaison", headers, tuple(long), (*bounds, *notes)),
        Sheet("Comme à l’écran", screen, tuple(wide), (*bounds, *notes)),
    )


def _shown(text: str, status: FigureStatus, verdict: str) -> str:
    if status is not FigureStatus.VALUE:
        return f"{text} {texts.STATUS_LABELS[status]}".strip()
    return f"{text} ({verdict})" if verdict else text
