"""Extracts as offices make them: a CSV or a workbook in, one clean numbered CSV for DuckDB out.

The clean copy is UTF-8, without title, blank, total nor cut lines; each line starts with the number of its
row as Excel shows it. A file is read once, by lines: a million rows take seconds and no memory.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO
from xml.etree.ElementTree import ParseError

from observatory.domain.codes import heading_key
from observatory.errors import ObservatoryError
from observatory.linkage.mappings import ExtractMapping

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xls")
HEAD_ROWS = 40
LONGEST_RECORD_LINES = 50
"""A cell that runs over more lines than this is a quote out of place, not a text."""

_HEAD_BYTES = 65_536
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_GUESSES = ("windows-1252", "cp850", "mac-roman")
_TOTALS = re.compile(r'^[\s"]*(sous[- ]?)?(total|totaux|ensemble|somme)\b', re.IGNORECASE)
# What accents look like when a file is read in an encoding that is not its own. Letters with capitals in a
# row, such as "ÃO", are Portuguese names and are left alone.
_MISREAD = re.compile(
    "[A-Za-z][‚ˆ‰‡…‹“”€ƒ\u0081\u008d\u008f\u0090\u009d]|[‚ˆ‰‡‹€ƒ\u0081\u008d\u008f\u0090][A-Za-z]"
    "|[ÃÂ][\u00a0-\u00bfŒœŠšŸŽžƒˆ˜–-›€™\u0080-\u009f]|[A-Za-z][\u2500-\u259f]|[\u2500-\u259f][A-Za-z]"
)
_LOST = "\ufffd"
MISREAD_SHARE = 0.1
"""Share of the accented lines that look misread above which the whole file is taken to be."""
JUDGED_LINES = 20_000
"""Accented lines that are enough to tell."""


class UnreadableExtractError(ObservatoryError):
    """The file cannot be read; ``code`` says why, ``row`` where, ``params`` what the sentence needs."""

    def __init__(self, code: str, row: int | None = None, **params: str) -> None:
        super().__init__(code)
        self.code, self.row, self.params = code, row, params


@dataclass(frozen=True)
class Located:
    """Where the headings of a layout are in a file: place of each key, last line of the headings, width."""

    mapping: ExtractMapping
    positions: dict[str, int]
    headings: tuple[str, ...]
    header_row: int
    separator: str
    sheet: str
    encoding: str
    missing: tuple[str, ...]
    twice: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """The first rows of a file, in each way to read it: cells by (sheet, separator, encoding)."""

    path: Path
    readings: dict[tuple[str, str, str], list[tuple[int, list[str]]]]


@dataclass
class Copied:
    """What became of the lines of one file. ``bad``: rows that are no row (number, code, params)."""

    row_count: int = 0
    encoding: str = ""
    separator: str = ","
    has_line_breaks: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)


def read_head(path: Path, mappings: Iterable[ExtractMapping]) -> Head:
    """The first rows, in every encoding and separator that a mapping or an office may use."""
    try:
        with path.open("rb") as handle:
            start = handle.read(_HEAD_BYTES)
    except OSError as error:
        raise UnreadableExtractError("file_unreadable") from error
    if not start.strip():
        raise UnreadableExtractError("file_empty")
    if start.startswith(_OLD_EXCEL):
        raise UnreadableExtractError("old_excel_format")
    if start.startswith(_ZIP):
        return Head(path, {(name, "", ""): rows for name, rows in _workbook_heads(path).items()})
    known = list(mappings)
    separators = dict.fromkeys([mapping.separator for mapping in known] + [";", ",", "\t", "|"])
    readings = {}
    for encoding in _encodings(start, [name for mapping in known for name in mapping.encodings]):
        text = start.decode(encoding, errors="ignore")
        if "\x00" in text:
            continue
        lines = text.splitlines(keepends=True)
        if len(start) == _HEAD_BYTES:
            lines = lines[:-1]
        records = [record for record, _ in zip(_records(iter(lines)), range(HEAD_ROWS), strict=False)]
        for separator in separators:
            readings["", separator, encoding] = [
                (number, _cells(record, separator)) for number, record, _ in records
            ]
    if not readings:
        raise UnreadableExtractError("file_unreadable")
    return Head(path, readings)


def locate(head: Head, mapping: ExtractMapping) -> Located:
    """The best place of this layout's headings in a file; ``missing`` is empty when they are all there.

    Of several readings that serve as well, the one that the mapping declares.
    """
    best: tuple[tuple[int, int], Located] | None = None
    for (sheet, separator, encoding), rows in head.readings.items():
        if mapping.sheet and sheet and heading_key(sheet) != heading_key(mapping.sheet):
            continue
        for index in range(len(rows) - mapping.header_lines + 1):
            lines = [cells for _, cells in rows[index : index + mapping.header_lines]]
            headings = _merged(lines)
            keys = [heading_key(heading) for heading in headings]
            positions = {key: place for place, key in reversed(list(enumerate(keys))) if key}
            missing = mapping.missing(frozenset(positions))
            # Declared ways win; then the first of the usual ones.
            liking = (separator == mapping.separator) + (_declared(encoding, mapping))
            score = (-len(missing), liking)
            if best is None or score > best[0]:
                wanted = {key for column in mapping.columns.values() for key in column.keys}
                twice = tuple(
                    headings[positions[key]] for key in wanted if key in positions and keys.count(key) > 1
                )
                last_row = rows[index + mapping.header_lines - 1][0]
                found = Located(
                    mapping,
                    positions,
                    tuple(headings),
                    last_row,
                    separator,
                    sheet,
                    encoding,
                    tuple(missing),
                    twice,
                )
                best = (score, found)
    if best is None:
        return Located(mapping, {}, (), 0, ",", "", "", tuple(mapping.missing(frozenset())), ())
    return best[1]


def copy_rows(
    path: Path, located: Located, part: Path, advance: Callable[[int], object] = lambda _: None
) -> Copied:
    """Write the clean numbered copy of the rows under the headings to ``part``.

    Raises :class:`UnreadableExtractError` when the file as a whole cannot be used; ``advance`` is told the
    rows read, for a progress bar.
    """
    if located.separator == "":
        return _copy_workbook(path, located, part, advance)
    with path.open("rb") as handle:
        start = handle.read(_HEAD_BYTES)
    for encoding in _encodings(start, located.mapping.encodings):
        if encoding in _GUESSES and encoding not in located.mapping.encodings:
            continue  # good enough to read headings, not names
        try:
            with (
                path.open(encoding=encoding, errors="strict", newline="") as source,
                part.open("w", encoding="utf-8", newline="") as target,
            ):
                copied = _copy_lines(source, located, target, advance)
        except UnicodeError:
            continue
        copied.encoding = encoding
        return copied
    raise UnreadableExtractError("wrong_encoding", expected=", ".join(located.mapping.encodings))


def _encodings(start: bytes, declared: Iterable[str]) -> list[str]:
    """UTF-8 first: nothing else passes for it. Then what is declared, then what offices use."""
    for mark, encoding in _BOMS.items():
        if start.startswith(mark):
            return [encoding]
    utf_8 = {"utf-8", "utf8", "utf-8-sig"}
    return list(dict.fromkeys(["utf-8", *(name for name in declared if name not in utf_8), *_GUESSES]))


def _declared(encoding: str, mapping: ExtractMapping) -> bool:
    return encoding in mapping.encodings or encoding.startswith("utf-8")


def _copy_lines(source: TextIO, located: Located, target: TextIO, advance: Callable[[int], object]) -> Copied:
    width, separator = len(located.headings), located.separator
    copied = Copied(separator=separator)
    blank = separator + '" \t\r\n\u00a0'
    accented = misread = lost = 0
    cut: tuple[int, int] | None = None
    lines = _Lines(source)
    for number, record, is_whole in _records(lines, separator):
        if number <= located.header_row:
            continue
        body = record.rstrip("\r\n")
        if not record.isascii():
            accented += 1
            if accented <= JUDGED_LINES:
                misread += bool(_MISREAD.search(record))
            lost += _LOST in record
        if "\x00" in body:
            raise UnreadableExtractError("file_unreadable", number)
        if not body.strip(blank):
            copied.left_out["blank_row"] += bool(body)
            continue
        found = body.count(separator) + 1
        if '"' in body and found != width:
            found = len(_cells(body, separator))
        if _TOTALS.match(body) and 3 * sum(map(bool, _cells(body, separator))) <= width + 2:
            copied.left_out["totals_row"] += 1
            continue
        is_last_cut = not record.endswith(("\n", "\r"))
        if is_last_cut and (found < width or not is_whole):
            cut = (number, found)
            continue
        if not is_whole:
            copied.bad.append((number, "quote_misplaced", {}))
            continue
        # Cells after the last heading do no harm when they are blank: Excel leaves separators behind.
        if found != width:
            cells = _cells(body, separator)
            if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                copied.bad.append((number, "row_length", {"expected": str(width), "found": str(found)}))
                continue
            body = _line(cells[:width], separator)
        elif '"' in body and (body.count('"') % 2 or "\n" in body or "\r" in body):
            body = _line(_cells(body, separator), separator)
        if "\n" in body or "\r" in body:
            copied.has_line_breaks = True
        target.write(f"{number}{separator}{body}\n")
        copied.row_count += 1
        if copied.row_count % 10_000 == 0:
            advance(10_000)
    if cut is not None:
        raise UnreadableExtractError("file_truncated", cut[0], expected=str(width), found=str(cut[1]))
    if accented and misread >= 3 and misread > MISREAD_SHARE * min(accented, JUDGED_LINES):
        raise UnreadableExtractError("wrong_encoding", expected=", ".join(located.mapping.encodings))
    if accented and lost >= 3 and lost > MISREAD_SHARE * accented:
        raise UnreadableExtractError("accents_lost")
    return copied


class _Lines:
    """Lines of a text, which can be given back."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source, self._back = iter(source), deque[str]()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return self._back.popleft() if self._back else next(self._source)

    def give_back(self, lines: Iterable[str]) -> None:
        self._back.extendleft(reversed(list(lines)))


def _records(source: Iterable[str], separator: str = "") -> Iterator[tuple[int, str, bool]]:
    """Number, text and whether it is whole, of each record: a line, or several when a cell holds line breaks.

    A quote that is never closed makes one bad record of its line; the lines that follow are read again. With
    a separator, a quote in the middle of a cell is a character like others.
    """
    lines = source if isinstance(source, _Lines) else _Lines(source)
    number = 0
    for line in lines:
        number += 1
        if '"' not in line or line.count('"') % 2 == 0:
            yield number, line, True
            continue
        if separator and _is_one_record(line, separator):
            yield number, line, True
            continue
        gathered, is_open = [line], True
        for following in lines:
            gathered.append(following)
            if following.count('"') % 2:
                is_open = False
                break
            if len(gathered) > LONGEST_RECORD_LINES:
                break
        if is_open or (separator and not _is_one_record("".join(gathered), separator)):
            lines.give_back(gathered[1:])
            yield number, line, False
        else:
            yield number, "".join(gathered), True


def _is_one_record(text: str, separator: str) -> bool:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1


def _cells(record: str, separator: str) -> list[str]:
    if '"' not in record:
        return record.rstrip("\r\n").split(separator)
    try:
        rows = list(csv.reader(io.StringIO(record.rstrip("\r\n"), newline=""), delimiter=separator))
    except csv.Error:
        return []
    return rows[0] if rows else []


def _line(cells: Iterable[object], separator: str) -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=separator, lineterminator="").writerow(cells)
    return made.getvalue()


def _merged(lines: list[list[str]]) -> list[str]:
    """Headings of one or more lines; a merged cell holds for the cells to its right that are blank."""
    width = max((len(cells) for cells in lines), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, cells in enumerate(lines):
        above = ""
        for place in range(width):
            cell = cells[place].strip() if place < len(cells) else ""
            is_last = depth == len(lines) - 1
            above = cell if cell or is_last else above
            if cell or (above and not is_last):
                parts[place].append(cell or above)
    headings = [" ".join(part) for part in parts]
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _workbook_heads(path: Path) -> dict[str, list[tuple[int, list[str]]]]:
    return {
        name: [(number, cells) for (number, cells), _ in zip(rows, range(HEAD_ROWS), strict=False)]
        for name, rows in _workbook(path)
    }


_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, ParseError)
_NOT_A_WORKBOOK = (KeyError, ValueError, OSError)


def _workbook(path: Path) -> Iterator[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """Sheets and their rows; formulas stay formulas, for their last value may be stale."""
    import openpyxl

    # By its content: a workbook that bears the name of a CSV is read too.
    with path.open("rb") as handle:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl speaks of styles that do not matter here
                book = openpyxl.load_workbook(handle, read_only=True, data_only=False)
        except _BROKEN_ARCHIVE as error:
            raise UnreadableExtractError("file_truncated_archive") from error
        except _NOT_A_WORKBOOK as error:
            raise UnreadableExtractError("file_unreadable") from error
        for sheet in book.worksheets:
            yield sheet.title, _sheet_rows(sheet)


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, [_cell_text(value) for value in values]
    except _BROKEN_ARCHIVE as error:
        raise UnreadableExtractError("file_truncated_archive") from error
    except _NOT_A_WORKBOOK as error:
        raise UnreadableExtractError("file_unreadable") from error


def _copy_workbook(path: Path, located: Located, part: Path, advance: Callable[[int], object]) -> Copied:
    width = len(located.headings)
    copied = Copied(encoding="xlsx")
    with part.open("w", encoding="utf-8", newline="") as target:
        write = csv.writer(target, lineterminator="\n").writerow
        for name, rows in _workbook(path):
            if name != located.sheet:
                continue
            for number, cells in rows:
                if number <= located.header_row:
                    continue
                filled = [cell for cell in cells if cell.strip()]
                if not filled:
                    copied.left_out["blank_row"] += 1
                    continue
                if _TOTALS.match(cells[0]) and 3 * len(filled) <= width + 2:
                    copied.left_out["totals_row"] += 1
                    continue
                if any(cell.strip() for cell in cells[width:]):
                    params = {"expected": str(width), "found": str(len(cells))}
                    copied.bad.append((number, "row_length", params))
                    continue
                kept = cells[:width] + [""] * (width - len(cells))
                copied.has_line_breaks |= any("\n" in cell or "\r" in cell for cell in kept)
                write([number, *kept])
                copied.row_count += 1
                if copied.row_count % 10_000 == 0:
                    advance(10_000)
    return copied


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel has no integers: 4001 may come back as 4001.0
    return str(value)
