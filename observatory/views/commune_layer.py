"""Commune detail of the map: the colour and the text of each commune, in the order of the geometry file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from observatory.domain.figures import FigureNote, FigureStatus
from observatory.domain.indicators import Indicator
from observatory.domain.territory import MARSEILLE_ARRONDISSEMENTS, MARSEILLE_CODE
from observatory.french import numbers, sentences, texts
from observatory.geo import palette
from observatory.geo.choropleth import class_index, quantile_limits
from observatory.geo.folium_map import CommunePaint, LegendLine
from observatory.geo.palette import Fill
from observatory.views.map_indicator import exposure_colours
from observatory.views.map_pieces import STATUS_FILLS


@dataclass(frozen=True)
class CommuneDetail:
    """Commune detail: what the map paints, its legend and title, and the same as a table.

    ``codes``, ``values`` (as shown: percent for a share; None without a value) and the texts and classes of
    ``paint`` are aligned.
    """

    paint: CommunePaint
    legend: tuple[LegendLine, ...]
    title: str
    codes: tuple[str, ...]
    values: tuple[float | None, ...]

    def fill(self, position: int) -> Fill:
        return self.paint.fills[ord(self.paint.classes[position]) - ord(_FIRST_CLASS)]


_FIRST_CLASS = "a"
"""Classes travel as one letter a commune, read so by ``carte.js``."""


def build_commune_figures(
    communes: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator, year: int
) -> CommuneDetail:
    """Detail of one indicator. ``communes`` is the table of the territory, ``figures`` the commune figures.

    The file of geometry is sorted by commune code, and so is what is returned.
    """
    values = dict(zip(figures["commune_code"], figures["value"], strict=True))
    codes = sorted(communes["commune_code"])
    known = [float(v) for v in values.values() if pd.notna(v)]
    limits = quantile_limits(known)
    # Without any value there is no class: the signs alone say what is drawn.
    colours = exposure_colours(len(limits) + 1, indicator) if known else ()
    signs = (FigureStatus.UNRESOLVED, FigureStatus.MISSING)
    fills = (*(Fill(c) for c in colours), *(STATUS_FILLS[s] for s in signs))
    classes, labels = [], []
    shown: list[float | None] = []
    scale = numbers.scale_of(indicator.unit)
    whole_city = values.get(MARSEILLE_CODE)
    for code in codes:
        value = values.get(code)
        shown.append(None if value is None or pd.isna(value) else round(float(value) * scale, 4))
        if (
            value is None
            and code in MARSEILLE_ARRONDISSEMENTS
            and whole_city is not None
            and pd.notna(whole_city)
        ):
            classes.append(len(fills) - 2)
            note = texts.NOTE_LABELS[FigureNote.COMMUNAL_VALUE_NOT_SPLIT]
            labels.append(f"({numbers.format_value(float(whole_city), indicator)}) {note}")
        elif value is None or pd.isna(value):
            classes.append(len(fills) - 1)
            labels.append(texts.STATUS_LABELS[FigureStatus.MISSING])
        else:
            classes.append(class_index(float(value), limits))
            labels.append(f"{numbers.format_value(float(value), indicator)} en {year}")
    class_labels = sentences.class_labels(limits, indicator) if known else ()
    lines = (*class_labels, *(texts.STATUS_LABELS[s] for s in signs))
    title = f"{indicator.short_label}, {year}, par commune"
    return _detail(fills, classes, labels, lines, title, codes, shown)


def build_confidence(communes: pd.DataFrame) -> CommuneDetail:
    """How sure the attachment of each commune to its basin is: the limits are reconstructed, not official."""
    ordered = communes.sort_values("commune_code")
    levels = list(texts.CONFIDENCE_LABELS)
    fills = tuple(Fill(palette.CONFIDENCE[level]) for level in levels)
    classes = [levels.index(level) for level in ordered["confidence"]]
    labels = [
        f"{texts.CONFIDENCE_LABELS[level]} : {texts.METHOD_LABELS.get(method, method)}"
        for level, method in zip(ordered["confidence"], ordered["method"], strict=True)
    ]
    lines = tuple(texts.CONFIDENCE_LABELS.values())
    codes = list(ordered["commune_code"])
    nothing = [None] * len(codes)
    return _detail(fills, classes, labels, lines, "Fiabilité des limites de bassins", codes, nothing)


def _detail(
    fills: tuple[Fill, ...],
    classes: list[int],
    labels: list[str],
    lines: tuple[str, ...],
    title: str,
    codes: list[str],
    values: Sequence[float | None],
) -> CommuneDetail:
    letters = "".join(chr(ord(_FIRST_CLASS) + c) for c in classes)
    legend = tuple(
        LegendLine(f"{line} ({classes.count(i)})", fill, classes.count(i))
        for i, (line, fill) in enumerate(zip(lines, fills, strict=True))
    )
    return CommuneDetail(
        CommunePaint(fills, letters, tuple(labels)), legend, title, tuple(codes), tuple(values)
    )
