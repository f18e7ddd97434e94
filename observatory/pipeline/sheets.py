"""Sheets as offices make them: bytes of a CSV or XLSX file in, rows of text out.

Knows encodings, separators and Excel's row numbers; knows nothing of what a column means. The separator
is the one under which most headings are recognised: guessing it from the characters alone fails on French
files, where the decimal comma and the separator look the same.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl

from observatory.errors import ObservatoryError

HEADER_SEARCH_ROWS = 30
"""Title lines and merged cells above the real headings are looked past, this far down."""

Row = tuple[int, tuple[str, ...]]
HeadingCount = Callable[[tuple[str, ...]], int]

_SEPARATORS = (";", ",", "\t")
_ZIP_MAGIC, _OLD_EXCEL_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (empty for CSV) and its rows, each with the number Excel shows."""

    name: str
    rows: tuple[Row, ...]


class UnreadableSheetError(ObservatoryError):
    """The file is no table that can be read; ``code`` says why, ``row`` where when that is known."""

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code, self.row = code, row


def read_sheets(path: Path, count_headings: HeadingCount) -> tuple[Sheet, ...]:
    """Sheets of a CSV or XLSX file, told apart by content and not by extension.

    ``count_headings(cells)`` says how many known headings a row holds; it decides the separator of a CSV.
    Raises :class:`UnreadableSheetError` with code ``file_empty``, ``file_unreadable`` (binary, another
    kind of file), ``file_truncated`` (ends inside a quoted cell or a broken archive), ``quote_misplaced``
    or ``old_excel_format``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSheetError("file_unreadable") from error
    if not content.strip():
        raise UnreadableSheetError("file_empty")
    if content.startswith(_ZIP_MAGIC):
        return _read_xlsx(content)
    if content.startswith(_OLD_EXCEL_MAGIC):
        raise UnreadableSheetError("old_excel_format")
    return (Sheet("", _read_csv(_decode(content), count_headings)),)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's «texte Unicode»
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableSheetError("file_unreadable")


def _read_csv(text: str, count_headings: HeadingCount) -> tuple[Row, ...]:
    def recognised(separator: str) -> int:
        best = 0
        try:
            for number, cells in _csv_rows(text, separator):
                if number > HEADER_SEARCH_ROWS:
                    break
                best = max(best, count_headings(cells))
        except UnreadableSheetError:
            pass  # a quote that only makes sense under another separator, or damage reported below
        return best

    return tuple(_csv_rows(text, max(_SEPARATORS, key=recognised)))


def _csv_rows(text: str, separator: str) -> Iterator[Row]:
    # Excel numbers records, not lines: a cell holding a line break is still one row.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        ends_inside_quotes = "unexpected end of data" in str(error)
        raise UnreadableSheetError(
            "file_truncated" if ends_inside_quotes else "quote_misplaced", number + 1
        ) from error


def _read_xlsx(content: bytes) -> tuple[Sheet, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles that do not matter here
            # Formulas are kept as formulas: their last computed value may be stale or absent.
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            return tuple(
                Sheet(
                    sheet.title,
                    tuple(
                        (number, tuple(_cell_text(value) for value in values))
                        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
                    ),
                )
                for sheet in workbook.worksheets
            )
    except (zipfile.BadZipFile, EOFError, ParseError) as error:
        raise UnreadableSheetError("file_truncated") from error
    except (KeyError, ValueError, OSError) as error:
        raise UnreadableSheetError("file_unreadable") from error


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel has no integers: 4001 may come back as 4001.0
    return str(value).strip()
