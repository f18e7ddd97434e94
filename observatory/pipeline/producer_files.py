"""Producers' files, read as they are published and checked against what is declared of them.

Each file is a :class:`ProducerFile`: its columns under the producer's headings, their kind and range, its
key, the vintages expected. Reading never changes a value in silence: what is wrong becomes a
:class:`~observatory.errors.FileProblem` in the :class:`~observatory.pipeline.findings.Findings` of the
import, and the few that a person may accept by name are then repaired and counted.

National files are welcome: rows of other regions are passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pandas as pd

from observatory.domain.codes import heading_key, is_valid_uai
from observatory.domain.territory import MARSEILLE_CODE
from observatory.pipeline.findings import Findings, ProblemCode
from observatory.pipeline.sheets import HEADER_SEARCH_ROWS, Row, Sheet, UnreadableSheetError, read_sheets


class Kind(StrEnum):
    """What a column holds."""

    COMMUNE = "commune"
    IRIS = "iris"
    REGION = "region"
    UAI = "uai"
    YEAR = "year"
    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"


_NUMERIC = {Kind.COUNT, Kind.NUMBER, Kind.PERCENT}
_PLACES = {Kind.COMMUNE, Kind.IRIS, Kind.REGION, Kind.UAI}


@dataclass(frozen=True)
class Column:
    """One column: our name, the producer's heading, what it may hold, whether it may be blank."""

    name: str
    heading: str
    kind: Kind
    minimum: float = 0.0
    maximum: float = float("inf")
    blank: bool = False


@dataclass(frozen=True)
class ProducerFile:
    """What one file must be. ``code`` is its source in ``data/sources.yml``; the first column of ``key``
    is the place; ``years`` are the vintages wanted from its year column, others are passed over; ``parts``
    are pairs of counts (part, whole) of which the first cannot exceed the second."""

    code: str
    file_name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    years: tuple[int, ...] = ()
    every_departement: bool = True
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Places:
    """What is known of the territory: commune codes in use, retired codes and what replaced them."""

    communes: frozenset[str]
    retired: Mapping[str, str]
    region: str = "93"

    @property
    def departements(self) -> frozenset[str]:
        return frozenset(code[:2] for code in self.communes)


@dataclass(frozen=True)
class ProducerTable:
    """Rows of one file, numbers as published (percent stay percent).

    ``frame`` has one column per declared column, plus ``row`` (as Excel numbers it) and ``commune_code``
    (today's code of the place, absent for a region); ``hidden`` marks figures under statistical secrecy.
    """

    source_code: str
    file: str
    frame: pd.DataFrame
    hidden: pd.DataFrame


HIDDEN_MARKS = frozenset({"s", "ns", "n.s.", "n.s", "nd", "n.d.", "n.d", "n/d", "///", "secret"})
"""How producers write a figure that exists and may not be told: never zero, never merely missing."""

_TOTALS = re.compile(r"^(sous[- ]?)?(total|totaux|ensemble|somme|france|metropole)\b")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_FORMS = {
    Kind.COMMUNE: re.compile(r"^(\d{4,5}|2[AB]\d{3})$"),
    Kind.IRIS: re.compile(r"^(\d{8,9}|2[AB]\d{7})$"),
    Kind.REGION: re.compile(r"^\d{1,2}$"),
    Kind.UAI: re.compile(r"^\d{6,7}[A-Z]$"),
}


def parse_number(text: str) -> float | None:
    """A number as a French office writes it; None when it is none.

    >>> parse_number("1 234,5"), parse_number("12,4 %"), parse_number("1.234,5"), parse_number("n.c.")
    (1234.5, 12.4, 1234.5, None)
    """
    bare = _SPACES.sub("", text).removesuffix("%").replace("\u2212", "-")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    return float(bare) if re.fullmatch(r"[-+]?\d+(\.\d+)?", bare) else None


def read_producer_files(
    directory: Path,
    declared: Sequence[ProducerFile],
    places: Places,
    addresses: Mapping[str, tuple[str, str]],
    findings: Findings,
) -> dict[str, ProducerTable]:
    """Tables by source code, of all the declared files found in ``directory``.

    A file is found under its published name, or else by its columns. ``addresses`` gives dataset and
    address by source code, for the remedy of a missing file. Problems go to ``findings`` and nothing is
    raised here, so that the caller can add its own before :meth:`Findings.raise_if_any`.
    """
    if not directory.is_dir():
        findings.report(str(directory), ProblemCode.DIRECTORY_MISSING)
        return {}
    opened = _open_all(directory, declared)
    tables = {}
    for wanted in declared:
        found = _choose(wanted, opened, declared, addresses, findings)
        if found is not None:
            table = _read_table(wanted, found, places, findings)
            if table is not None:
                tables[wanted.code] = table
    return tables


@dataclass(frozen=True)
class _Opened:
    """A file of the directory: its sheets, or why it cannot be read."""

    name: str
    sheets: tuple[Sheet, ...] = ()
    failure: UnreadableSheetError | None = None


@dataclass(frozen=True)
class _Located:
    """A sheet and where its headings are."""

    file: str
    header: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]


def _open_all(directory: Path, declared: Sequence[ProducerFile]) -> dict[str, _Opened]:
    known = {heading_key(column.heading) for wanted in declared for column in wanted.columns}
    opened = {}
    for path in sorted(directory.iterdir()):
        if path.suffix.lower() not in {".csv", ".txt", ".tsv", ".xlsx", ".xls"} or path.name.startswith("~$"):
            continue
        try:
            sheets = read_sheets(path, lambda cells: len({heading_key(cell) for cell in cells} & known))
            opened[path.name] = _Opened(path.name, sheets)
        except UnreadableSheetError as failure:
            opened[path.name] = _Opened(path.name, failure=failure)
    return opened


def _choose(
    wanted: ProducerFile,
    opened: Mapping[str, _Opened],
    declared: Sequence[ProducerFile],
    addresses: Mapping[str, tuple[str, str]],
    findings: Findings,
) -> _Located | None:
    stem = Path(wanted.file_name).stem
    named = [file for name, file in opened.items() if Path(name).stem == stem]
    if len(named) > 1:
        findings.report(
            named[0].name, ProblemCode.FILE_AMBIGUOUS, expected=wanted.file_name, other=named[1].name
        )
        return None
    if named:
        return _check_named(wanted, named[0], declared, findings)
    # Under another name: recognised by what it holds, unless the name is that of another declared file.
    taken = {Path(other.file_name).stem for other in declared}
    matches = [
        located
        for name, file in opened.items()
        if Path(name).stem not in taken and (located := _locate(wanted, file)) and _fits(wanted, located)
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        others = ", ".join(match.file for match in matches[1:])
        findings.report(matches[0].file, ProblemCode.FILE_AMBIGUOUS, expected=wanted.file_name, other=others)
        return None
    dataset, address = addresses.get(wanted.code, ("", ""))
    findings.report(
        wanted.file_name,
        ProblemCode.FILE_MISSING,
        expected=wanted.file_name,
        dataset=dataset,
        address=address,
    )
    return None


def _check_named(
    wanted: ProducerFile, file: _Opened, declared: Sequence[ProducerFile], findings: Findings
) -> _Located | None:
    if file.failure is not None:
        findings.report(file.name, ProblemCode(file.failure.code), file.failure.row)
        return None
    located = _locate(wanted, file)
    if located is not None and _fits(wanted, located):
        return located
    others = [other for other in declared if other.code != wanted.code]
    recognised = [
        other.file_name for other in others if (there := _locate(other, file)) and _fits(other, there)
    ]
    missing = _missing_columns(wanted, located.header) if located else []
    # Most columns there: one was renamed or lost. Otherwise it is another file under this name.
    if located is None or recognised or 2 * len(missing) > len(wanted.columns):
        looks_like = recognised[0] if recognised else ""
        findings.report(file.name, ProblemCode.WRONG_FILE, expected=wanted.file_name, recognised=looks_like)
        return None
    for heading in missing:
        findings.report(located.file, ProblemCode.COLUMN_MISSING, located.header_row, heading)
    return None if missing else located


def _locate(wanted: ProducerFile, file: _Opened) -> _Located | None:
    """The sheet and row that hold most of the headings wanted; the first when several hold as many."""
    headings = {heading_key(column.heading) for column in wanted.columns}
    best: _Located | None = None
    best_count = 0
    for sheet in file.sheets:
        for index, (number, cells) in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
            count = len({heading_key(cell) for cell in cells} & headings)
            if count > best_count:
                label = f"{file.name} [{sheet.name}]" if len(file.sheets) > 1 else file.name
                best_count, best = count, _Located(label, cells, number, sheet.rows[index + 1 :])
    return best


def _missing_columns(wanted: ProducerFile, header: Iterable[str]) -> list[str]:
    present = {heading_key(cell) for cell in header}
    return [column.heading for column in wanted.columns if heading_key(column.heading) not in present]


def _fits(wanted: ProducerFile, located: _Located) -> bool:
    """All the headings, and codes of the right form: files by commune and by region share their headings."""
    if _missing_columns(wanted, located.header):
        return False
    place = next(column for column in wanted.columns if column.name == wanted.key[0])
    position = [heading_key(cell) for cell in located.header].index(heading_key(place.heading))
    codes = [cells[position] for _, cells in located.rows[:200] if len(cells) > position and cells[position]]
    formed = sum(1 for code in codes if _FORMS[place.kind].match(_bare_code(code)))
    return 2 * formed >= len(codes)


def _bare_code(text: str) -> str:
    return _SPACES.sub("", text).upper().removesuffix(".0")


def _read_table(
    wanted: ProducerFile, located: _Located, places: Places, findings: Findings
) -> ProducerTable | None:
    keys = [heading_key(cell) for cell in located.header]
    twice = [column.heading for column in wanted.columns if keys.count(heading_key(column.heading)) > 1]
    for heading in twice:
        findings.report(located.file, ProblemCode.COLUMN_TWICE, located.header_row, heading)
    if twice:
        return None
    reader = _RowReader(wanted, located, places, findings, keys)
    for number, cells in located.rows:
        reader.read(number, cells)
    return reader.finish()


class _RowReader:
    """Turns the rows of one sheet into records, reporting what is wrong with each."""

    def __init__(
        self,
        wanted: ProducerFile,
        located: _Located,
        places: Places,
        findings: Findings,
        keys: Sequence[str],
    ) -> None:
        self.wanted, self.file, self.width = wanted, located.file, len(located.header)
        self.places, self.findings = places, findings
        self.problems_before = len(findings.problems)
        self.position = {column.name: keys.index(heading_key(column.heading)) for column in wanted.columns}
        self.place = next(column for column in wanted.columns if column.name == wanted.key[0])
        self.records: dict[tuple[object, ...], dict[str, object]] = {}
        self.hidden: list[dict[str, bool]] = []
        self.cells_of: dict[tuple[object, ...], tuple[str, ...]] = {}

    def read(self, number: int, cells: tuple[str, ...]) -> None:
        filled = [cell for cell in cells if cell]
        if not filled or _is_footnote(filled):
            return
        if len(cells) < self.width or any(cells[self.width :]):
            expected, found = str(self.width), str(len(cells))
            self._problem(ProblemCode.ROW_LENGTH, number, None, cells[0], expected=expected, found=found)
            return
        if self._is_other_vintage(cells) or self._is_totals_row(number, cells):
            return
        before = len(self.findings.problems)
        code, commune = self._parse_place(number, self.place, cells[self.position[self.place.name]])
        if code is None and len(self.findings.problems) == before:
            return
        # The other cells of a row whose code is wrong are read too: all its problems come at once.
        record: dict[str, object] = {"row": number, "commune_code": commune, self.place.name: code}
        hidden = {}
        for column in self.wanted.columns:
            if column is not self.place:
                value, is_hidden = self._cell(number, column, cells[self.position[column.name]])
                record[column.name], hidden[column.name] = value, is_hidden
        self._check_parts(number, record, cells)
        left_out = any(record[c.name] is None for c in self.wanted.columns if c.kind in _PLACES)
        if left_out or len(self.findings.problems) > before:
            return
        key = tuple(record[name] for name in self.wanted.key)
        if key in self.records:
            problem = (
                ProblemCode.DUPLICATE_ROW if self.cells_of[key] == cells else ProblemCode.CONFLICTING_ROWS
            )
            first_row = str(self.records[key]["row"])
            self._problem(problem, number, self.place.heading, code, first_row=first_row)
            return
        self.records[key], self.cells_of[key] = record, cells
        self.hidden.append(hidden)

    def finish(self) -> ProducerTable | None:
        """The table; None when nothing in it can be used."""
        rows_are_sound = len(self.findings.problems) == self.problems_before
        if not self.records:
            if rows_are_sound:
                self._problem(ProblemCode.NO_USABLE_ROW)
            return None
        frame, hidden = pd.DataFrame(list(self.records.values())), pd.DataFrame(self.hidden)
        for year in self.wanted.years:
            if not (frame["year"] == year).any():
                self._problem(ProblemCode.YEAR_MISSING, value=str(year))
        # A file cut between two rows is well formed: only what it lacks gives it away.
        if self.wanted.every_departement and rows_are_sound:
            is_school = self.place.kind is Kind.UAI
            present = set(frame[self.place.name].str[1:3] if is_school else frame["commune_code"].str[:2])
            for departement in sorted(self.places.departements - present):
                self._problem(ProblemCode.DEPARTEMENT_MISSING, value=departement)
        for column in self.wanted.columns:
            if column.kind in _NUMERIC:
                frame[column.name] = frame[column.name].astype(float)
            if column.kind is Kind.PERCENT and _looks_like_fractions(frame[column.name]):
                top = f"{frame[column.name].max():g}"
                self._problem(ProblemCode.SHARE_NOT_PERCENT, None, column.heading, top)
        return ProducerTable(self.wanted.code, self.file, frame, hidden)

    def _problem(
        self,
        code: ProblemCode,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        **params: str,
    ) -> bool:
        return self.findings.report(self.file, code, row, column, value, **params)

    def _check_parts(self, number: int, record: Mapping[str, object], cells: tuple[str, ...]) -> None:
        headings = {column.name: column.heading for column in self.wanted.columns}
        for part, whole in self.wanted.parts:
            value, total = record[part], record[whole]
            # What is hidden or missing is NaN, which exceeds nothing.
            if isinstance(value, float) and isinstance(total, float) and value > total:
                shown = {"whole": cells[self.position[whole]], "whole_column": headings[whole]}
                raw = cells[self.position[part]]
                self._problem(ProblemCode.PART_TOO_LARGE, number, headings[part], raw, **shown)

    def _is_other_vintage(self, cells: tuple[str, ...]) -> bool:
        if not self.wanted.years:
            return False
        year = _parse_year(cells[self.position["year"]])
        return year is not None and year not in self.wanted.years

    def _is_totals_row(self, number: int, cells: tuple[str, ...]) -> bool:
        code = cells[self.position[self.place.name]]
        if _FORMS[self.place.kind].match(_bare_code(code)):
            return False
        plain = (
            unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
            for text in (code, *cells[:3])
        )
        if not any(_TOTALS.match(text) for text in plain):
            return False
        self._problem(ProblemCode.TOTALS_ROW, number, self.place.heading, code or cells[0])
        return True

    def _parse_place(self, number: int, column: Column, raw: str) -> tuple[str | None, str | None]:
        """Code of the place and its commune today; (None, None) when the row is passed over."""
        code = _bare_code(raw)
        if raw.startswith("="):
            self._problem(ProblemCode.FORMULA, number, column.heading, raw)
        elif not raw:
            self._problem(ProblemCode.CELL_BLANK, number, column.heading, raw)
        elif column.kind is Kind.REGION:
            return (code, None) if code == self.places.region else (None, None)
        elif column.kind is Kind.UAI:
            return self._parse_uai(number, column, raw), None
        elif not _FORMS[column.kind].match(code):
            self._problem(ProblemCode.BAD_INSEE_CODE, number, column.heading, raw)
        else:
            return self._parse_commune(number, column, raw)
        return None, None

    def _parse_commune(self, number: int, column: Column, raw: str) -> tuple[str | None, str | None]:
        code, is_key = _bare_code(raw), column is self.place
        if len(code) in {4, 8}:
            code = "0" + code
            if code[:2] in self.places.departements and not self._problem(
                ProblemCode.INSEE_LEADING_ZERO, number, column.heading, raw, suggestion=code
            ):
                return None, None
        commune = self.places.retired.get(code[:5], code[:5])
        # Marseille as a whole has no basin: it can carry a figure, but places neither a school nor an IRIS.
        whole_marseille = code == MARSEILLE_CODE and is_key
        if commune in self.places.communes or whole_marseille:
            return code, commune
        if commune[:2] in self.places.departements or not is_key:
            self._problem(ProblemCode.UNKNOWN_COMMUNE, number, column.heading, raw)
        return None, None

    def _parse_uai(self, number: int, column: Column, raw: str) -> str | None:
        code = _bare_code(raw)
        lost_zero = is_valid_uai("0" + code)
        if not lost_zero and not is_valid_uai(code):
            self._problem(ProblemCode.BAD_UAI, number, column.heading, raw)
            return None
        code = "0" + code if lost_zero else code
        if code[0] != "0" or code[1:3] not in self.places.departements:
            return None
        if lost_zero and not self._problem(
            ProblemCode.UAI_LEADING_ZERO, number, column.heading, raw, suggestion=code
        ):
            return None
        return code

    def _cell(self, number: int, column: Column, raw: str) -> tuple[object, bool]:
        """Value of a cell that is not the place, and whether it is under statistical secrecy."""
        nothing = float("nan") if column.kind in _NUMERIC else None
        if column.kind in _PLACES:
            return self._parse_place(number, column, raw)[1], False
        if raw.startswith("="):
            self._problem(ProblemCode.FORMULA, number, column.heading, raw)
        elif not raw:
            if not column.blank:
                self._problem(ProblemCode.CELL_BLANK, number, column.heading, raw)
        elif column.kind is Kind.TEXT:
            return raw, False
        elif column.kind is Kind.YEAR:
            year = _parse_year(raw)
            if year is None:
                self._problem(ProblemCode.BAD_YEAR, number, column.heading, raw)
            return year, False
        elif raw.lower() in HIDDEN_MARKS:
            return nothing, True
        else:
            return self._number(number, column, raw), False
        return nothing, False

    def _number(self, number: int, column: Column, raw: str) -> float:
        value = parse_number(raw)
        if value is None:
            self._problem(ProblemCode.NOT_A_NUMBER, number, column.heading, raw)
            return float("nan")
        maximum = min(column.maximum, 100.0) if column.kind is Kind.PERCENT else column.maximum
        if not column.minimum <= value <= maximum:
            bounds = {"minimum": f"{column.minimum:g}", "maximum": f"{maximum:g}".replace("inf", "∞")}
            self._problem(ProblemCode.OUT_OF_RANGE, number, column.heading, raw, **bounds)
        elif column.kind is Kind.COUNT and not value.is_integer():
            self._problem(ProblemCode.NOT_AN_INTEGER, number, column.heading, raw)
        return value


def _is_footnote(filled: Sequence[str]) -> bool:
    """A line of text under the table: one filled cell, several words."""
    return len(filled) == 1 and len(filled[0].split()) > 2 and not filled[0].startswith("=")


def _parse_year(text: str) -> int | None:
    """Year, or first year of a school year («2022-2023»)."""
    match = re.fullmatch(r"((?:19|20)\d{2})(?:\s*[-/]\s*\d{2,4})?", text)
    return int(match.group(1)) if match else None


def _looks_like_fractions(values: pd.Series) -> bool:
    """Percentages read from 0 to 1: no published share stays under 1 % everywhere."""
    positive = values[values > 0]
    return len(positive) > 0 and bool((positive <= 1).all())
