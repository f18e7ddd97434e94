"""Commune detail of the map: the colour and the text of each commune, in the order of the geometry file."""

from __future__ import annotations

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

CommuneDetail = tuple[CommunePaint, tuple[LegendLine, ...], str]


def build_commune_figures(
    communes: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator, year: int
) -> CommuneDetail:
    """Detail of one indicator. ``communes`` is the table of the territory, ``figures`` the commune figures.

    The file of geometry is sorted by commune code, and so is what is returned.
    """
    values = dict(zip(figures["commune_code"], figures["value"], strict=True))
    codes = sorted(communes["commune_code"])
    limits = quantile_limits([float(v) for v in values.values() if pd.notna(v)])
    colours = exposure_colours(len(limits) + 1, indicator)
    signs = (FigureStatus.UNRESOLVED, FigureStatus.MISSING)
    fills = (*(Fill(c) for c in colours), *(STATUS_FILLS[s] for s in signs))
    classes, labels = [], []
    whole_city = values.get(MARSEILLE_CODE)
    for code in codes:
        value = values.get(code)
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
    lines = (*sentences.class_labels(limits, indicator), *(texts.STATUS_LABELS[s] for s in signs))
    return _detail(fills, classes, labels, lines, f"{indicator.short_label}, {year}, par commune")


def build_confidence(communes: pd.DataFrame) -> CommuneDetail:
    """How sure the attachment of each commune to its basin is: the limits are reconstructed, not official."""
    ordered = communes.sort_values("commune_code")
    levels = list(texts.CONFIDENCE_LABELS)
    fills = tuple(Fill(palette.CONFIDENCE[level]) for level in levels)
    classes = [levels.index(level) for level in ordered["confidence"]]
    labels = [
        f"{texts.CONFIDENCE_LABELS[level]} : {method}"
        for level, method in zip(ordered["confidence"], ordered["method"], strict=True)
    ]
    return _detail(
        fills, classes, labels, tuple(texts.CONFIDENCE_LABELS.values()), "Fiabilité des limites de bassins"
    )


def _detail(
    fills: tuple[Fill, ...], classes: list[int], labels: list[str], lines: tuple[str, ...], title: str
) -> CommuneDetail:
    paint = CommunePaint(fills, "".join(chr(97 + c) for c in classes), tuple(labels))
    legend = tuple(
        LegendLine(f"{line} ({classes.count(i)})", fill, classes.count(i))
        for i, (line, fill) in enumerate(zip(lines, fills, strict=True))
    )
    return paint, legend, title
