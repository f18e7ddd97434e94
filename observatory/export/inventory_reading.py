"""A filled template read back: what a person changed in it, or everything that is wrong with it.

The template (``inventory_template``) says what stood in each cell when it was made. Cells that still hold it
are passed over; the others become edits that name the change which the person had in front of them, for the
store to notice what a colleague wrote in between. An invented action or resource is an example: left or
emptied it changes nothing, written over it is a problem of its row, so that no invented word is ever signed.
"""

from __future__ import annotations

import io
import re
import uuid
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from observatory.domain.cooperation import CooperationLevel
from observatory.domain.inventory import (
    REMOVED,
    Edit,
    Entry,
    FieldForm,
    FieldKey,
    FieldSpec,
    InventoryValueError,
    RecordKind,
    check_key,
    clean_value,
    is_listed,
)
from observatory.domain.territory import Basin
from observatory.errors import FileContractError, FileProblem
from observatory.export.damaged import READING_ERRORS
from observatory.export.inventory_template import (
    CODED_RECORDS,
    FIRST_ROW,
    FORMAT_VERSION,
    HEADING_ROW,
    KEY_HEADINGS,
    KEYS_SHEET,
    NEW_KEY,
    TABLES,
    Table,
    choice_words,
    row_labels,
    shown_value,
    template_token,
)
from observatory.export.tables import FORMULA_STARTS
from observatory.french.inventory import FIELD_LABELS, NOT_REPORTED

LARGEST_TEMPLATE = 5 * 2**20
_LARGEST_UNPACKED = 60_000_000
_MOST_ROWS, _MOST_COLUMNS = 3000, 60
"""A template is far smaller: what is beyond was not written by a person, or not in a template."""

_NAMING_FIELDS = {RecordKind.RESOURCE: ("label",), RecordKind.ACTION: ("action", "finding")}
_VALUE_CODES = {
    "inventory_length": "template_length",
    "inventory_link": "template_link",
    "inventory_date": "template_date",
}
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")

Cell = tuple[Any, str]
"""Value of a cell and the letter of its kind, as openpyxl has them."""
Row = tuple[int, tuple[Cell, ...]]
_EMPTY: Cell = (None, "n")


@dataclass(frozen=True)
class _Exported:
    """What the template says of itself: its basin, its name, and what stood in its cells."""

    basin_code: str
    token: str
    values: Mapping[FieldKey, str]
    seen: Mapping[FieldKey, int | None]
    removed_since: frozenset[tuple[str, RecordKind, str]]
    """Records that somebody has taken off their list after the export."""

    def examples(self, kind: RecordKind) -> frozenset[str]:
        """Invented records of a list: each is as a whole, and none is edited."""
        if not is_listed(kind):
            return frozenset()
        return frozenset(key.record_key for key in self.values if key.kind is kind and self.seen[key] is None)

    def has_record(self, kind: RecordKind, record_key: str) -> bool:
        return any(key.kind is kind and key.record_key == record_key for key in self.values)


@dataclass
class _Findings:
    """Problems of one file, collected while it is read."""

    file_name: str
    problems: list[FileProblem] = field(default_factory=list)

    def note(
        self,
        code: str,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        **params: object,
    ) -> None:
        """Add a problem; ``params`` complete its sentence."""
        told = None if value is None else str(value)
        texts = {name: str(text) for name, text in params.items()}
        if column:
            texts["place"] = "sheet"  # the column names its sheet before its heading
        self.problems.append(FileProblem(self.file_name, row, column, told, code, texts))

    def stop(self) -> FileContractError:
        return FileContractError(self.problems)


def read_template(
    content: bytes,
    file_name: str,
    basins: Mapping[str, Basin],
    entries: Iterable[Entry],
    *,
    indicators: Mapping[str, str] | None = None,
) -> list[Edit]:
    """Changes that a person made in a template, in the order of its rows.

    ``basins`` are those whose template is awaited here; ``entries`` are the present ones: a value that
    stands already is not an edit. ``indicators`` are those that were given to the template. Raises
    :class:`FileContractError` with every problem found; nothing is to be written then.
    """
    findings = _Findings(file_name)
    sheets = _open(content, findings)
    present = {e.key: e.value for e in entries if not e.is_demonstration}
    removed = frozenset(key.record for key, value in present.items() if key.field == REMOVED and value)
    exported = _read_keys(sheets.get(KEYS_SHEET), basins, removed, findings)
    edits: list[Edit] = []
    for table in TABLES:
        rows = sheets.get(table.title)
        if rows is None:
            findings.note("template_sheet", sheet=table.title)
        elif _has_headings(table, rows, findings):
            edits += _read_table(table, rows, exported, indicators or {}, findings)
    if findings.problems:
        raise findings.stop()
    return [edit for edit in edits if present.get(edit.key) != edit.value]


def _open(content: bytes, findings: _Findings) -> dict[str, tuple[Row, ...]]:
    import openpyxl

    if not content:
        findings.note("file_empty")
        raise findings.stop()
    if not content.startswith(b"PK\x03\x04"):
        findings.note("template_not_workbook")
        raise findings.stop()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(content) > LARGEST_TEMPLATE or sum(p.file_size for p in parts) > _LARGEST_UNPACKED:
            findings.note("template_too_large")
            raise findings.stop()
        if any(p.filename.lower().endswith("vbaproject.bin") for p in parts):
            findings.note("template_program")
            raise findings.stop()
        if "xl/workbook.xml" not in {p.filename for p in parts}:
            findings.note("template_not_workbook")
            raise findings.stop()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles that do not matter here
            # Formulas stay formulas: their last computed value may be stale or absent.
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            try:
                wanted = {KEYS_SHEET, *(table.title for table in TABLES)}
                return {p.title: tuple(_rows(p)) for p in book.worksheets if p.title in wanted}
            finally:
                book.close()
    except READING_ERRORS as error:
        findings.note("template_damaged")
        raise findings.stop() from error


def _rows(page: Any) -> Iterator[Row]:
    page.reset_dimensions()  # what the file says of its own size may be wrong
    for number, cells in enumerate(page.iter_rows(), start=1):
        kept = tuple((cell.value, cell.data_type or "n") for cell in cells[:_MOST_COLUMNS])
        if any(value not in (None, "") for value, _ in kept):
            yield number, kept
        if number > _MOST_ROWS:
            return


def _read_keys(
    rows: Sequence[Row] | None,
    basins: Mapping[str, Basin],
    removed: frozenset[tuple[str, RecordKind, str]],
    findings: _Findings,
) -> _Exported:
    if not rows:
        findings.note("template_foreign")
        raise findings.stop()
    head = [_plain(cell) for cell in rows[0][1]]
    version, basin_code, made_at = (*head, "", "", "")[:3]
    if version != FORMAT_VERSION:
        findings.note("template_version", value=version, expected=FORMAT_VERSION)
        raise findings.stop()
    if basin_code not in basins:
        allowed = ", ".join(f"{b.basin_label} ({code})" for code, b in list(basins.items())[:3])
        findings.note("template_basin", value=basin_code, allowed=allowed)
        raise findings.stop()
    values: dict[FieldKey, str] = {}
    seen: dict[FieldKey, int | None] = {}
    try:
        if tuple(_plain(cell) for cell in rows[1][1][: len(KEY_HEADINGS)]) != KEY_HEADINGS:
            raise ValueError("headings")
        for _, cells in rows[2:]:
            kind, record_key, name, change, invented, value = (
                _plain(cell) for cell in (*cells, *[_EMPTY] * 6)[:6]
            )
            key = FieldKey(basin_code, RecordKind(kind), record_key, name)
            check_key(key)
            if key in values:
                raise ValueError("twice")
            values[key] = value
            seen[key] = int(change) if invented == "0" else None
    except (IndexError, ValueError, InventoryValueError) as error:
        findings.note("template_keys")
        raise findings.stop() from error
    return _Exported(basin_code, template_token(basin_code, made_at), values, seen, removed)


def _has_headings(table: Table, rows: Sequence[Row], findings: _Findings) -> bool:
    cells = dict(rows).get(HEADING_ROW, ())
    wrong = False
    for position, expected in enumerate(table.headings, start=1):
        found = _plain(cells[position]) if position < len(cells) else ""
        if found.strip() != expected:
            wrong = True
            findings.note("template_heading", HEADING_ROW, table.title, found, expected=expected)
    return not wrong


def _read_table(
    table: Table,
    rows: Sequence[Row],
    exported: _Exported,
    indicators: Mapping[str, str],
    findings: _Findings,
) -> list[Edit]:
    edits: list[Edit] = []
    first_rows: dict[str, int] = {}
    last_field = table.first_field + len(table.fields)
    examples = exported.examples(table.kind)
    for number, cells in rows:
        if number < FIRST_ROW:
            continue
        cells = (*cells, *[_EMPTY] * (last_field - len(cells)))
        _check_outside(table, number, cells[last_field:], findings)
        key, content = _plain(cells[0]).strip(), [_plain(cell).strip() for cell in cells[1 : last_field - 1]]
        is_known = key in CODED_RECORDS.get(table.kind, ()) or exported.has_record(table.kind, key)
        is_new = not is_known and table.kind not in CODED_RECORDS and bool(NEW_KEY.fullmatch(key or "#00"))
        if not any(content) and (is_new or not key):
            continue
        labels = tuple(content[: len(table.labels)])
        if not (is_new or is_known) or labels != (
            row_labels(table, exported.basin_code, key) if is_known else ()
        ):
            findings.note("template_row_unknown", number, table.title, " ".join(labels) or key)
            continue
        if key and key in first_rows:
            findings.note("duplicate_key", number, table.title, key, first_row=first_rows[key])
            continue
        first_rows[key or f"#{number}"] = number
        fields = cells[table.first_field - 1 : last_field - 1]
        if is_new:
            edits += _new_record(table, number, key, fields, exported, indicators, findings)
        else:
            changed = tuple(_changed_fields(table, number, key, fields, exported, indicators, findings))
            if changed and key in examples:
                findings.note("template_row_invented", number, table.title, _name_of(table, key, exported))
                continue
            edits += changed
            if any(e.key.record in exported.removed_since and e.key.field != REMOVED for e in changed):
                findings.note("template_row_removed", number, table.title, _name_of(table, key, exported))
    for key in _expected_rows(table, exported):
        if key not in first_rows:
            name = " – ".join(row_labels(table, exported.basin_code, key)) or _name_of(table, key, exported)
            findings.note("template_row_missing", value=name, sheet=table.title)
    return edits


def _expected_rows(table: Table, exported: _Exported) -> tuple[str, ...]:
    coded = CODED_RECORDS.get(table.kind)
    if coded is not None:
        return coded
    return tuple(dict.fromkeys(key.record_key for key in exported.values if key.kind is table.kind))


def _name_of(table: Table, record_key: str, exported: _Exported) -> str:
    for name in _NAMING_FIELDS[table.kind]:
        value = exported.values.get(FieldKey(exported.basin_code, table.kind, record_key, name))
        if value:
            return value
    return record_key


def _check_outside(table: Table, row: int, cells: Sequence[Cell], findings: _Findings) -> None:
    for cell in cells:
        if _plain(cell).strip():
            findings.note("template_outside", row, table.title, _plain(cell))


def _changed_fields(
    table: Table,
    row: int,
    record_key: str,
    cells: Sequence[Cell],
    exported: _Exported,
    indicators: Mapping[str, str],
    findings: _Findings,
) -> Iterator[Edit]:
    for spec, cell in zip(table.fields, cells, strict=True):
        key = FieldKey(exported.basin_code, table.kind, record_key, spec.name)
        before = exported.values.get(key, "")
        if _is_shown(cell, shown_value(table.kind, spec, before, indicators)):
            continue
        value = _read_cell(table, key, spec, cell, row, indicators, findings)
        seen = exported.seen.get(key)
        # An invented value that was emptied leaves nothing to write.
        if value is not None and value not in {before, _typed_text(before)} and (value or seen is not None):
            yield Edit(key, value, seen)


def _new_record(
    table: Table,
    row: int,
    key: str,
    cells: Sequence[Cell],
    exported: _Exported,
    indicators: Mapping[str, str],
    findings: _Findings,
) -> list[Edit]:
    start = len(findings.problems)
    values: dict[str, str] = {}
    for spec, cell in zip(table.fields, cells, strict=True):
        place = FieldKey(exported.basin_code, table.kind, "nouveau", spec.name)
        value = _read_cell(table, place, spec, cell, row, indicators, findings)
        if value:
            values[spec.name] = value
    naming = _NAMING_FIELDS[table.kind]
    name = next((values[field] for field in naming if field in values), "")
    if not name:
        if values and len(findings.problems) == start:
            findings.note(
                "template_name_blank",
                row,
                f"{table.title}, {FIELD_LABELS[table.kind, naming[0]]}",
                _typed_text(next(cell[0] for cell in cells if _typed_text(cell[0]).strip())),
            )
        return []
    # From the file, the row and the name: the same file imported twice adds nothing, and two colleagues who
    # fill copies of one template add two records.
    seed = f"{exported.token}/{table.kind}/{key or row}/{name.casefold()}"
    record_key = uuid.uuid5(uuid.NAMESPACE_OID, seed).hex
    return [
        Edit(FieldKey(exported.basin_code, table.kind, record_key, field), value)
        for field, value in values.items()
    ]


def _read_cell(
    table: Table,
    key: FieldKey,
    spec: FieldSpec,
    cell: Cell,
    row: int,
    indicators: Mapping[str, str],
    findings: _Findings,
) -> str | None:
    """The value of a cell as the inventory keeps it; None when it has none, which is noted."""
    value, kind = cell
    column = f"{table.title}, {FIELD_LABELS[table.kind, spec.name]}"
    if kind == "f":
        findings.note("formula", row, column, _plain(cell))
        return None
    if kind == "e":
        findings.note("template_cell", row, column, value)
        return None
    text = _typed_text(value)
    if not text.strip() or (spec.form is not FieldForm.TEXT and _folded(text) == NOT_REPORTED):
        return ""
    if spec.form is FieldForm.DATE:
        found = _day(value)
        text = text if found is None else found
    elif spec.form in {FieldForm.CHOICE, FieldForm.INDICATOR}:
        code = _code(text, table.kind, spec, indicators)
        if code is None:
            _note_choice(table.kind, spec, row, column, text, indicators, findings)
            return None
        text = code
    try:
        return clean_value(key, text)
    except InventoryValueError as error:
        params = {name: error.params[name] for name in ("length", "longest") if name in error.params}
        code = _VALUE_CODES.get(error.code, "inventory_value")
        findings.note(code, row, column, _typed_text(value), **params)
        return None


def _code(text: str, kind: RecordKind, spec: FieldSpec, indicators: Mapping[str, str]) -> str | None:
    """The code of a word of a list, however spaced or capitalised; a level is also told by its number."""
    wanted = _folded(text)
    for code, word in choice_words(kind, spec, indicators).items():
        if wanted == _folded(word):
            return code
    if spec.name == "level":
        labels = choice_words(kind, spec, indicators)
        # « aucun lien » says which level as well as « 0 – aucun lien » does.
        for code, word in labels.items():
            if wanted == _folded(word).partition(" - ")[2]:
                return code
        return wanted if wanted in {str(int(level)) for level in CooperationLevel} & set(labels) else None
    return "" if spec.name == REMOVED and wanted == "non" else None


def _note_choice(
    kind: RecordKind,
    spec: FieldSpec,
    row: int,
    column: str,
    text: str,
    indicators: Mapping[str, str],
    findings: _Findings,
) -> None:
    if spec.name == "level":
        findings.note("template_level", row, column, text)
    else:
        allowed = ", ".join(choice_words(kind, spec, indicators).values())
        findings.note("template_choice", row, column, text, allowed=allowed)


def _is_shown(cell: Cell, shown: str | date | None) -> bool:
    """Whether a cell still holds what was written in it."""
    value, kind = cell
    if kind in {"f", "e"}:
        return False
    if isinstance(value, datetime):
        return isinstance(shown, date) and value.date() == shown
    return (value or None) == shown


def _typed_text(value: object) -> str:
    """What a person typed, as text: a spreadsheet makes numbers and days of what looks like them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    text = str(value)
    # The apostrophe that the export puts before what a spreadsheet would run.
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _day(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = _FRENCH_DAY.fullmatch(str(value).strip())
    if found is None:
        return None
    day, month, year = found.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _plain(cell: Cell) -> str:
    value = cell[0]
    return "" if value is None else str(getattr(value, "text", value) or "")


def _folded(text: str) -> str:
    plain = text.casefold().replace("’", "'").replace("–", "-").replace("\u202f", " ").replace("\xa0", " ")
    return " ".join(plain.split())
