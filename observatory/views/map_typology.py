"""The map of the typology: context and observed crossed, each cut at the regional value."""

from __future__ import annotations

from observatory.domain.indicators import Indicator
from observatory.domain.risk import Typology, TypologyReason
from observatory.french import readings, sentences, texts
from observatory.geo import palette
from observatory.geo.palette import Fill
from observatory.views.carte import Cell, MapArea, MapView, Panel
from observatory.views.map_pieces import (
    STATUS_FILLS,
    basin_area,
    basin_panel,
    kind_legend,
    ordered,
    own_value_cell,
    situation_label,
    source_line,
    status_text,
    undetermined_fill,
    wider_note,
)
from observatory.views.missing_index import missing_index
from observatory.views.observatory import Observatory, TypologyRow
from observatory.views.selection import OUTCOME_CODE, Selection

_ORDER = {code: position for position, code in enumerate(texts.TYPOLOGY_LABELS)}
_NOT_COMPUTED = TypologyRow(Typology.UNDETERMINED, TypologyReason.MISSING)


def typology_view(observatory: Observatory, selection: Selection) -> MapView:
    """The map of the types; an undetermined basin is drawn and told with its reason."""
    indicator = observatory.catalogue.indicators[OUTCOME_CODE]
    year = indicator.latest_year
    areas = ordered(_area(observatory, code, indicator) for code in observatory.basins)
    types = [_row(observatory, code).typology for code in observatory.basins]
    undetermined = types.count(Typology.UNDETERMINED)
    return MapView(
        title=readings.typology_title(types.count(Typology.EXPOSED_AND_AFFECTED), undetermined, len(types)),
        indicator_label="Typologie : contexte et observé croisés, comparés à la région",
        legend_title="Contexte et observé",
        period=str(year),
        areas=areas,
        legend=kind_legend(texts.TYPOLOGY_LABELS, palette.TYPOLOGY, areas),
        headers=("Type", str(year)),
        list_title="Typologie",
        source=source_line(
            observatory, indicator, year, readings.typed_phrase(len(types) - undetermined, len(types))
        ),
        note=wider_note(observatory, indicator, year),
        is_demonstration=False,
        panel=_panel(observatory, selection.basin, indicator),
    )


def _row(observatory: Observatory, code: str) -> TypologyRow:
    return observatory.typology_rows.get(code, _NOT_COMPUTED)


def _area(observatory: Observatory, code: str, indicator: Indicator) -> MapArea:
    basin, row, figure = (
        observatory.basins[code],
        _row(observatory, code),
        observatory.latest(code, indicator),
    )
    kind = row.typology.value
    missing = missing_index(observatory, code) if row.reason is TypologyReason.INDEX_MISSING else None
    if missing is not None:
        fill = STATUS_FILLS[missing.status]
    elif row.typology is Typology.UNDETERMINED:
        fill = undetermined_fill(figure)
    else:
        fill = Fill(palette.TYPOLOGY[kind])
    place = float(_ORDER[kind])
    why = _why(observatory, code, indicator)
    label = situation_label(kind, texts.TYPOLOGY_LABELS, fill)
    return basin_area(
        basin,
        fill,
        (label, "" if label.endswith(why) else why),
        (Cell(label, place), own_value_cell(figure, indicator)),
        order=-place,
    )


def _why(observatory: Observatory, code: str, indicator: Indicator) -> str:
    """Reason of the type: the missing index and the wider area are explained, not only named."""
    reason = _row(observatory, code).reason
    missing = missing_index(observatory, code)
    if reason is TypologyReason.INDEX_MISSING and missing is not None:
        return missing.reason
    if reason is TypologyReason.UNRESOLVED:
        return status_text(observatory.latest(code, indicator), observatory) or readings.typology_reason(
            reason
        )
    return readings.typology_reason(reason)


def _panel(observatory: Observatory, code: str, indicator: Indicator) -> Panel:
    row, why = _row(observatory, code), _why(observatory, code, indicator)
    is_open = row.typology is Typology.UNDETERMINED
    return basin_panel(
        observatory.basins[code],
        sentences.capitalise(texts.TYPOLOGY_LABELS[row.typology.value]),
        readings.typology_sentence(row.typology, why),
        "" if is_open or not why else f"{sentences.capitalise(why)}.",
    )
