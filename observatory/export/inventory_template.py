"""The template of a basin: a workbook to fill in, with what is known already, that can be imported back.

A hidden column names the record of each row and a hidden sheet keeps what was exported (value and number of
the change), so that the import (``inventory_reading``) writes only the cells that a person changed and
notices what a colleague changed in between.
"""

from __future__ import annotations

import io
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import permutations
from typing import Any

from observatory.domain.cooperation import CooperationLevel, Modality, Partner
from observatory.domain.inventory import (
    FIELDS,
    REMOVED,
    Conflict,
    DiagnosisPart,
    Entry,
    FieldForm,
    FieldKey,
    FieldSpec,
    RecordKind,
    is_listed,
    rating_key,
    split_rating_key,
)
from observatory.domain.territory import Basin
from observatory.export.tables import BANNER_COLOUR, safe_text
from observatory.export.workbook import fit_rows, set_up_printing
from observatory.french import inventory_files as words
from observatory.french.calendar import local_time
from observatory.french.cooperation import (
    LEVEL_DESCRIPTIONS,
    LEVEL_LABELS,
    PARTNERS,
    SCALE_SOURCE,
    STATUS_DESCRIPTIONS,
    STATUS_LABELS,
)
from observatory.french.inventory import (
    CHOICE_LABELS,
    FIELD_LABELS,
    NOT_REPORTED,
    field_label,
    record_label,
)
from observatory.french.numbers import format_date

FORMAT_VERSION = "1"
KEYS_SHEET, LISTS_SHEET = "_reperes", "_listes"
KEY_HEADINGS = ("feuille", "enregistrement", "champ", "changement", "demonstration", "valeur")
KEY_HEADING = "Repère"
HEADING_ROW, FIRST_ROW = 3, 4
BLANK_ROWS = 20
NEW_KEY = re.compile(r"#\d{2,4}")
"""Key of a row of the template that no record fills yet; no record can have it."""

_WIDTHS = {FieldForm.TEXT: 44, FieldForm.LINE: 26, FieldForm.DATE: 13, FieldForm.CHOICE: 24}
_DATE_FORMAT = "DD/MM/YYYY"
_DAYS = (date(2000, 1, 1), date(2099, 12, 31))


@dataclass(frozen=True)
class Table:
    """One sheet to fill: the kind of its records, the columns that name them and the fields."""

    kind: RecordKind
    title: str
    labels: tuple[str, ...]
    fields: tuple[FieldSpec, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings from the second column on; the first one holds the key and is hidden."""
        names = (FIELD_LABELS[self.kind, spec.name] for spec in self.fields)
        return (*self.labels, *names, words.DEMONSTRATION_COLUMN)

    @property
    def first_field(self) -> int:
        """Number of the column of the first field."""
        return 2 + len(self.labels)


TABLES = tuple(
    Table(
        kind,
        title,
        words.LABEL_COLUMNS[kind],
        tuple(spec for spec in FIELDS[kind] if spec.form is not FieldForm.ATTACHMENTS),
    )
    for kind, title in words.TEMPLATE_SHEETS.items()
)

CODED_RECORDS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.RATING: tuple(rating_key(a, b) for a, b in permutations(Partner, 2)),
    RecordKind.MODALITY: tuple(Modality),
    RecordKind.DIAGNOSIS: tuple(DiagnosisPart),
}
"""Records that every basin has, in the order of their rows; the other kinds are free lists."""


def basin_template(
    basin: Basin,
    entries: Iterable[Entry],
    made_at: datetime,
    *,
    indicators: Mapping[str, str] | None = None,
    conflicts: Sequence[Conflict] = (),
) -> bytes:
    """The template of ``basin`` filled with its ``entries`` (those of other areas are passed over).

    ``indicators`` gives the label of each code that an action may aim at; ``conflicts`` are told in the sheet
    that explains how to fill it in. The same arguments give the same cells.
    """
    from openpyxl import Workbook

    indicators = indicators or {}
    known = {e.key: e for e in entries if e.key.area_code == basin.basin_code}
    book = Workbook()
    book.remove(book.active)
    is_invented = any(e.is_demonstration and e.value for e in known.values())
    _write_how_to(book.create_sheet(words.HOW_TO_SHEET), basin, made_at, conflicts)
    lists = _write_lists(book, indicators)
    for table in TABLES:
        page = book.create_sheet(table.title)
        _write_table(page, table, basin, known, lists, indicators, is_invented)
    _write_keys(book.create_sheet(KEYS_SHEET), basin, known, made_at)
    # The hidden sheets stand last, in the order in which the workbook opens its tabs.
    book.move_sheet(LISTS_SHEET, len(book.sheetnames))
    book.properties.title = f"{words.HOW_TO_SHEET} – {safe_text(basin.basin_label)}"
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shown_value(
    kind: RecordKind, spec: FieldSpec, value: str, indicators: Mapping[str, str]
) -> str | date | None:
    """What the cell of a field holds: a word of the list, a date, or the text; nothing when not reported."""
    if not value:
        return None
    if spec.form is FieldForm.DATE:
        return date.fromisoformat(value)
    return safe_text(choice_words(kind, spec, indicators).get(value, value))


def choice_words(kind: RecordKind, spec: FieldSpec, indicators: Mapping[str, str]) -> dict[str, str]:
    """Word of each code that a field takes; empty for a field that is written freely."""
    if spec.form is FieldForm.INDICATOR:
        count = Counter(indicators.values())
        return {c: f"{word} ({c})" if count[word] > 1 else word for c, word in indicators.items()}
    labels = CHOICE_LABELS.get((kind, spec.name), {})
    return {code: labels[code] for code in spec.codes}


def row_labels(table: Table, basin_code: str, record_key: str) -> tuple[str, ...]:
    """What a row is about, in the columns before its fields."""
    if not table.labels:
        return ()
    if table.kind is RecordKind.RATING:
        first, second = split_rating_key(record_key)
        return PARTNERS[first].label, PARTNERS[second].label
    return (record_label(FieldKey(basin_code, table.kind, record_key, table.fields[0].name)),)


def template_token(basin_code: str, made_at: str) -> str:
    """Name of one template: rows added in it keep their record when the same file is imported again."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{basin_code}/{made_at}").hex


def record_keys(table: Table, known: Iterable[FieldKey], removed: set[str]) -> tuple[str, ...]:
    """Keys of the rows of a sheet that are records: all for a coded kind, those not removed for a list."""
    coded = CODED_RECORDS.get(table.kind)
    if coded is not None:
        return coded
    return tuple(sorted({key.record_key for key in known if key.kind is table.kind} - removed))


def _write_table(
    page: Any,
    table: Table,
    basin: Basin,
    known: Mapping[FieldKey, Entry],
    lists: Mapping[tuple[RecordKind, str], str],
    indicators: Mapping[str, str],
    is_invented: bool,
) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter

    code = basin.basin_code
    edge = Side("thin", color="E5E2DA")
    border = Border(edge, edge, edge, edge)
    top = Alignment(wrap_text=True, vertical="top")
    quiet, amber = PatternFill("solid", fgColor="F3F1EA"), PatternFill("solid", fgColor=BANNER_COLOUR)
    _put(page, 1, 2, f"{table.title} – {basin.basin_label} ({code})").font = Font(bold=True, size=14)
    line = _put(page, 2, 2, words.TEMPLATE_BANNER if is_invented else words.TEMPLATE_LINE)
    line.font = Font(bold=is_invented)
    if is_invented:
        for column in range(2, len(table.headings) + 2):
            page.cell(2, column).fill = amber
    _put(page, HEADING_ROW, 1, KEY_HEADING)
    for column, heading in enumerate(table.headings, start=2):
        cell = _put(page, HEADING_ROW, column, heading)
        cell.font, cell.alignment = Font(bold=True, color="FFFFFF"), top
        cell.fill = PatternFill("solid", fgColor="1F2A44")
    keys = list(record_keys(table, known, _removed(table.kind, known)))
    if table.kind not in CODED_RECORDS:
        keys += [f"#{number:02d}" for number in range(1, BLANK_ROWS + 1)]
    for row, key in enumerate(keys, start=FIRST_ROW):
        _put(page, row, 1, key)
        for column, label in enumerate(row_labels(table, code, key), start=2):
            cell = _put(page, row, column, label)
            cell.fill, cell.alignment, cell.border = quiet, top, border
        is_example = is_listed(table.kind) and _is_invented(known, code, table, key)
        invented = False
        for column, spec in enumerate(table.fields, start=table.first_field):
            entry = known.get(FieldKey(code, table.kind, key, spec.name))
            value = shown_value(table.kind, spec, entry.value if entry else "", indicators)
            cell = _put(page, row, column, value)
            cell.alignment, cell.border, cell.protection = top, border, Protection(locked=is_example)
            cell.number_format = _DATE_FORMAT if spec.form is FieldForm.DATE else "@"
            if entry and entry.value and entry.is_demonstration:
                invented = True
                cell.fill, cell.font = amber, Font(italic=True)
        mark = _put(page, row, len(table.headings) + 1, words.INVENTED if invented else None)
        mark.fill, mark.border, mark.alignment = quiet, border, top
    last = FIRST_ROW + len(keys) - 1
    for column, spec in enumerate(table.fields, start=table.first_field):
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = _WIDTHS.get(spec.form, 30)
        _restrict(page, f"{letter}{FIRST_ROW}:{letter}{last}", spec, lists.get((table.kind, spec.name)))
    for column in range(2, table.first_field):
        page.column_dimensions[get_column_letter(column)].width = 30
    page.column_dimensions[get_column_letter(len(table.headings) + 1)].width = 15
    page.column_dimensions["A"].hidden = True
    page.freeze_panes = page.cell(FIRST_ROW, max(table.first_field, 3))
    page.protection.sheet = True
    # Widening a column or a row hurts nothing; the places of the cells are what has to stay.
    page.protection.formatColumns = page.protection.formatRows = False
    fit_rows(page)
    set_up_printing(page, HEADING_ROW)


def _is_invented(known: Mapping[FieldKey, Entry], basin_code: str, table: Table, record_key: str) -> bool:
    """Whether a record is invented: one is as a whole, or not at all."""
    names = (FieldKey(basin_code, table.kind, record_key, spec.name) for spec in table.fields)
    return any(key in known and known[key].is_demonstration for key in names)


def _restrict(page: Any, cells: str, spec: FieldSpec, choices: str | None) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if choices is not None:
        rule = DataValidation(type="list", formula1=choices, allow_blank=True)
        rule.error = words.ANSWER_IN_LIST
    elif spec.form is FieldForm.DATE:
        first, last = ((day - date(1899, 12, 30)).days for day in _DAYS)
        rule = DataValidation(type="date", operator="between", formula1=str(first), formula2=str(last))
        rule.error = words.ANSWER_DATE
    else:
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(spec.longest))
        rule.error = words.ANSWER_LENGTH.format(longest=spec.longest)
    rule.errorTitle = words.ANSWER_TITLE
    rule.showErrorMessage = rule.allow_blank = True
    rule.add(cells)
    page.add_data_validation(rule)


def _write_lists(book: Any, indicators: Mapping[str, str]) -> dict[tuple[RecordKind, str], str]:
    """A column of words per field that is a choice; where each list stands."""
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(LISTS_SHEET)
    page.sheet_state = "veryHidden"
    places: dict[tuple[RecordKind, str], str] = {}
    for table in TABLES:
        for spec in table.fields:
            choices = choice_words(table.kind, spec, indicators)
            if not choices:
                continue
            column = len(places) + 1
            shown = [*([] if spec.name == REMOVED else [NOT_REPORTED]), *choices.values()]
            for row, word in enumerate(shown, start=1):
                _put(page, row, column, word)
            letter = get_column_letter(column)
            places[table.kind, spec.name] = f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(shown)}"
    return places


def _write_keys(page: Any, basin: Basin, known: Mapping[FieldKey, Entry], made_at: datetime) -> None:
    page.sheet_state = "veryHidden"
    head = (FORMAT_VERSION, basin.basin_code, made_at.isoformat(timespec="seconds"))
    for column, value in enumerate(head, start=1):
        _put(page, 1, column, value)
    for column, value in enumerate(KEY_HEADINGS, start=1):
        _put(page, 2, column, value)
    for row, entry in enumerate(_exported(known), start=3):
        key = entry.key
        change = "" if entry.is_demonstration else str(entry.change_id)
        values = (
            key.kind.value,
            key.record_key,
            key.field,
            change,
            str(int(entry.is_demonstration)),
            entry.value,
        )
        for column, value in enumerate(values, start=1):
            _put(page, row, column, value)


def _exported(known: Mapping[FieldKey, Entry]) -> Iterator[Entry]:
    """Entries that stand in a cell of the template, also those that were emptied."""
    for table in TABLES:
        names = {spec.name for spec in table.fields}
        kept = set(record_keys(table, known, _removed(table.kind, known)))
        for key in sorted(known):
            if key.kind is table.kind and key.field in names and key.record_key in kept:
                yield known[key]


def _removed(kind: RecordKind, known: Mapping[FieldKey, Entry]) -> set[str]:
    """Records that were taken off their list, and those of which nothing is left."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for key, entry in known.items():
        if key.kind is kind:
            values[key.record_key][key.field] = entry.value
    return {key for key, fields in values.items() if fields.get(REMOVED) or not any(fields.values())}


def _write_how_to(page: Any, basin: Basin, made_at: datetime, conflicts: Sequence[Conflict]) -> None:
    from openpyxl.styles import Alignment, Font

    titles = {1}
    lines = [f"Inventaire de la coopération – {basin.basin_label} ({basin.basin_code})"]
    here = local_time(made_at)
    lines.append(f"Modèle du {format_date(here)}, à {here:%H:%M}.")
    lines += words.HOW_TO
    titles.add(len(lines) + 1)
    lines.append(words.SCALE_TITLE)
    lines += [
        f"{int(level)} – {LEVEL_LABELS[level]} : {LEVEL_DESCRIPTIONS[level]}" for level in CooperationLevel
    ]
    lines.append(SCALE_SOURCE)
    titles.add(len(lines) + 1)
    lines.append(words.STATUS_TITLE)
    lines += [f"{label} : {STATUS_DESCRIPTIONS[status]}" for status, label in STATUS_LABELS.items()]
    waiting = [c for c in conflicts if c.key.area_code == basin.basin_code]
    if waiting:
        titles.add(len(lines) + 1)
        lines.append(words.CONFLICT_TITLE)
        lines += [
            f"{record_label(c.key)}, {field_label(c.key)} : "
            + words.PROPOSED_BY.format(name=c.actor_name, proposed=c.proposed)
            for c in waiting
        ]
    for row, line in enumerate(lines, start=1):
        cell = _put(page, row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row in titles, size=14 if row == 1 else 11)
    page.column_dimensions["A"].width = 76
    page.protection.sheet = True
    fit_rows(page)
    set_up_printing(page)


def _put(page: Any, row: int, column: int, value: str | date | None) -> Any:
    cell = page.cell(row, column)
    if value is None:
        return cell
    cell.value = safe_text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # also what looks like an error of the spreadsheet, « #N/A »
    return cell
