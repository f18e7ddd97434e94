"""The comparison as tables to export: one line per figure, then the table as it is on the screen."""

from __future__ import annotations

from datetime import date

from observatory.domain.figures import FigureStatus
from observatory.french import numbers, texts
from observatory.views.comparer import Comparer
from observatory.views.sheet import Cell, Sheet


def comparison_sheets(view: Comparer, day: date) -> tuple[Sheet, Sheet]:
    """One line per figure, then the table as it is on the screen. Shares are in 0-1, as stored."""
    notes = tuple(
        filter(None, (view.warning, view.note, view.source, f"Édité le {numbers.format_date(day)}."))
    )
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
                    _rounded(cell.value, 6),
                    _rounded(cell.lower, 4),
                    _rounded(cell.upper, 4),
                    _rounded(cell.coverage, 3),
                    "valeur" if cell.status is FigureStatus.VALUE else texts.STATUS_LABELS[cell.status],
                    cell.verdict,
                )
            )
    headers = (
        "Code", "Territoire", "Code de l’indicateur", "Indicateur", "Année", "Unité", "Valeur",
        "Borne basse", "Borne haute", "Couverture", "État", "Comparaison à la région",
    )  # fmt: skip
    bounds = (
        f"Bornes : intervalle à 95{numbers.NNBSP}% ; pour l’indice, 5 à 95{numbers.NNBSP}% des variantes.",
        f"Comparaison : seulement quand l’intervalle à 95{numbers.NNBSP}% est connu.",
    )
    screen = ("Indicateur", "Année", *(column.label for column in view.columns))
    return (
        Sheet("Comparaison", headers, tuple(long), (*bounds, *notes)),
        Sheet("Comme à l’écran", screen, tuple(wide), (*bounds, *notes)),
    )


def _rounded(value: float | None, decimals: int) -> float | None:
    """Values keep the decimals of the stored figures; bounds and coverage those that mean something."""
    return None if value is None else round(value, decimals)


def _shown(text: str, status: FigureStatus, verdict: str) -> str:
    if status is not FigureStatus.VALUE:
        return f"{text} {texts.STATUS_LABELS[status]}".strip()
    return f"{text} ({verdict})" if verdict else text
