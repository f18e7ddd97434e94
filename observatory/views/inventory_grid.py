"""The grids in which an inventory is filled: the pairs, the states of the modalities, those of the actions.

A grid knows its cells, the values that a cell may take and the key of each; what the browser sends back is
read by :func:`read_entered`, which lets nothing through that is not in the grid.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from observatory.domain.cooperation import Modality, ModalityStatus, Partner
from observatory.domain.inventory import ActionState, RecordKind, rating_key
from observatory.french import inventory as words
from observatory.french import inventory_page as page_words
from observatory.french.cooperation import (
    LEVEL_LABELS,
    MODALITY_LABELS,
    PARTNERS,
    STATUS_DESCRIPTIONS,
    STATUS_LABELS,
)
from observatory.french.numbers import format_date, join_words
from observatory.french.typography import bind
from observatory.geo import palette
from observatory.views.cooperation_page import BasinCooperation, level_ink
from observatory.views.inventory_records import BasinRecords, Record

_READ = ("label", "full", "about", "detail", "words", "corner")
MAXIMUM_ITEMS = 64
"""Cells that one message may change; a grid of pairs has 42."""


@dataclass(frozen=True)
class GridChoice:
    """A value that a cell may take, the key that sets it, and how it looks."""

    value: str
    key: str
    text: str
    label: str
    words: str = ""
    colour: str = ""
    ink: str = ""
    sign: str = ""


@dataclass(frozen=True)
class GridCell:
    """One cell; ``seen`` is the change that stands in it, ``off`` a cell that takes no value.

    ``fixed`` is a cell that opens its record and does not change: that of an invented example.
    """

    key: str
    value: str = ""
    seen: int | None = None
    about: str = ""
    framed: bool = False
    off: bool = False
    fixed: bool = False
    invented: bool = False
    """An invented value, where others of the basin are real."""


@dataclass(frozen=True)
class GridRow:
    """One line."""

    label: str
    full: str
    cells: tuple[GridCell, ...]
    detail: str = ""


@dataclass(frozen=True)
class GridColumn:
    """One column: the name that fits, and the whole."""

    label: str
    full: str


@dataclass(frozen=True)
class Grid:
    """A grid to fill; ``field`` is the field of the records that its cells hold, blank for none."""

    name: str
    kind: RecordKind
    field: str
    label: str
    shape: str
    rows: tuple[GridRow, ...]
    choices: tuple[GridChoice, ...] = ()
    columns: tuple[GridColumn, ...] = ()
    corner: str = ""
    unknown_text: str = "?"
    unknown_sign: str = ""
    opens: bool = False
    help: str = ""

    def payload(self) -> dict[str, object]:
        """What the browser draws."""
        found = _typeset(asdict(self))
        for name in ("name", "kind", "field", "unknown_text", "unknown_sign", "help"):
            del found[name]
        return {
            **found,
            "grid": self.name,
            "unknown": {
                "text": self.unknown_text,
                "label": words.NOT_REPORTED,
                "sign": self.unknown_sign,
            },
        }

    @property
    def cells(self) -> dict[str, GridCell]:
        """Cells that take a value or open a record, by key."""
        return {cell.key: cell for row in self.rows for cell in row.cells if not cell.off}


@dataclass(frozen=True)
class Entered:
    """One value that a person entered, and the change that they had in front of them."""

    cell: str
    value: str
    seen: int | None


def read_entered(raw: object, grid: Grid) -> tuple[float, tuple[Entered, ...]]:
    """Number and content of a message of the browser; nothing of what does not belong to the grid.

    >>> read_entered("x", Grid("g", RecordKind.RATING, "level", "", "matrix", ()))
    (0.0, ())
    """
    if not isinstance(raw, dict) or raw.get("grid") != grid.name:
        return 0.0, ()
    number, items = raw.get("number"), raw.get("items")
    if not isinstance(number, int | float) or not isinstance(items, list):
        return 0.0, ()
    allowed = {"", *(choice.value for choice in grid.choices)}
    cells, found = grid.cells, []
    for item in items[:MAXIMUM_ITEMS]:
        if not isinstance(item, list) or len(item) != 3:
            continue
        cell, value, seen = item
        if not isinstance(cell, str) or not isinstance(value, str):
            continue
        is_seen_right = seen is None or (isinstance(seen, int) and not isinstance(seen, bool))
        if cell in cells and value in allowed and is_seen_right:
            found.append(Entered(cell, value, seen))
    return float(number), tuple(found)


def rating_grid(view: BasinCooperation, records: BasinRecords) -> Grid:
    """The 7 x 7 matrix: what the line says of the column."""
    rows = []
    for first, line in zip(Partner, view.rows, strict=True):
        cells = []
        for second, cell in zip(Partner, line.cells, strict=True):
            if first is second:
                cells.append(GridCell(f"{first}", off=True))
                continue
            record = records.find(RecordKind.RATING, rating_key(first, second))
            cells.append(
                GridCell(
                    record.key,
                    record.value("level"),
                    record.seen("level"),
                    record.title,
                    cell.is_gap,
                    invented=records.is_mixed and record.is_invented and bool(record.value("level")),
                )
            )
        rows.append(GridRow(line.label, line.full_label, tuple(cells)))
    return Grid(
        f"{records.area_code}.{RecordKind.RATING}",
        RecordKind.RATING,
        "level",
        view.alternative,
        "matrix",
        tuple(rows),
        tuple(
            GridChoice(
                str(int(level)),
                str(int(level)),
                str(int(level)),
                f"{int(level)}, {label}",
                label,
                palette.COOPERATION[level],
                level_ink(level),
            )
            for level, label in LEVEL_LABELS.items()
        ),
        tuple(GridColumn(PARTNERS[p].short, PARTNERS[p].label) for p in Partner),
        corner=page_words.CORNER,
        help=page_words.MATRIX_HELP,
    )


def modality_grid(records: BasinRecords) -> Grid:
    """The eleven modalities and their states."""
    rows = []
    for modality in Modality:
        record = records.find(RecordKind.MODALITY, modality)
        label = MODALITY_LABELS[modality]
        is_invented = records.is_mixed and record.is_invented
        cell = GridCell(
            modality.value, record.value("status"), record.seen("status"), label, invented=is_invented
        )
        told = (page_words.INVENTED_RECORD if is_invented else "", _told(record, "description", "next_step"))
        rows.append(GridRow(label, label, (cell,), " · ".join(text for text in told if text)))
    reported = [status for status in ModalityStatus if status is not ModalityStatus.NOT_REPORTED]
    return Grid(
        f"{records.area_code}.{RecordKind.MODALITY}",
        RecordKind.MODALITY,
        "status",
        page_words.MODALITIES_LABEL,
        "list",
        tuple(rows),
        tuple(
            GridChoice(
                status.value,
                str(number),
                STATUS_LABELS[status],
                STATUS_LABELS[status],
                f"{STATUS_LABELS[status]} : {STATUS_DESCRIPTIONS[status]}",
                sign=status.value,
            )
            for number, status in enumerate(reported, start=1)
        ),
        unknown_text=words.NOT_REPORTED,
        unknown_sign=ModalityStatus.NOT_REPORTED.value,
        opens=True,
        help=page_words.LIST_HELP.format(
            keys=join_words([f"{n} {STATUS_LABELS[s]}" for n, s in enumerate(reported, start=1)])
        ),
    )


def action_grid(records: BasinRecords, today: date) -> Grid:
    """The actions of a basin and where each one stands."""
    rows = []
    for record in records.listed(RecordKind.ACTION):
        cell = GridCell(
            record.key,
            record.value("state"),
            record.seen("state"),
            record.title,
            fixed=record.is_example,
        )
        told = (_example(record), record.value("pilot"), due_text(record, today))
        detail = " · ".join(text for text in told if text)
        rows.append(GridRow(record.title, record.value("action"), (cell,), detail))
    return Grid(
        f"{records.area_code}.{RecordKind.ACTION}",
        RecordKind.ACTION,
        "state",
        page_words.ACTIONS_LABEL,
        "list roomy",
        tuple(rows),
        tuple(
            GridChoice(state.value, str(number), label, label)
            for number, (state, label) in enumerate(words.ACTION_STATE_LABELS.items(), start=1)
        ),
        unknown_text=words.NOT_REPORTED,
        opens=True,
        help=page_words.LIST_HELP.format(
            keys=join_words([f"{n} {t}" for n, t in enumerate(words.ACTION_STATE_LABELS.values(), start=1)])
        ),
    )


def resource_grid(records: BasinRecords) -> Grid:
    """What can be called on in a basin: a list whose lines open."""
    rows = []
    for record in records.listed(RecordKind.RESOURCE):
        nature = record.value("nature")
        told = [_example(record), words.value_text(record.field("nature"), nature) if nature else ""]
        told += [record.value(name) for name in ("structure", "capacity", "place")]
        cell = GridCell(record.key, about=record.title, fixed=record.is_example)
        rows.append(GridRow(record.title, record.title, (cell,), " · ".join(t for t in told if t)))
    return Grid(
        f"{records.area_code}.{RecordKind.RESOURCE}",
        RecordKind.RESOURCE,
        "",
        page_words.RESOURCES_LABEL,
        "list plain",
        tuple(rows),
        unknown_text="›",
        opens=True,
        help=page_words.OPEN_HELP,
    )


def due_text(record: Record, today: date) -> str:
    """The deadline of an action in words, said to be past when it is and nothing says what became of it."""
    due = record.value("due_on")
    if not due:
        return ""
    day = date.fromisoformat(due)
    is_past = day < today and record.value("state") in ("", ActionState.OPEN, ActionState.LATE)
    return (page_words.PAST_DUE if is_past else page_words.DUE).format(day=format_date(day))


def open_actions(records: BasinRecords) -> tuple[Record, ...]:
    """Actions that are neither kept nor dropped."""
    ended = (ActionState.KEPT, ActionState.DROPPED)
    return tuple(r for r in records.listed(RecordKind.ACTION) if r.value("state") not in ended)


def _example(record: Record) -> str:
    return page_words.EXAMPLE if record.is_example else ""


def _typeset(shown: Any, name: str = "") -> Any:
    """Nested data whose texts to read have the spaces of French typography."""
    if isinstance(shown, dict):
        return {key: _typeset(item, key) for key, item in shown.items()}
    if isinstance(shown, list | tuple):
        return [_typeset(item, name) for item in shown]
    return bind(shown) if isinstance(shown, str) and name in _READ else shown


def _told(record: Record, *names: str) -> str:
    return next((record.value(name) for name in names if record.value(name)), "")
