"""The generated extracts as files, as producers send them: a layout, and a few rows that should not be there.

The same records are in every layout. Dirt is added to them, never in their place, and none of it is in the
truth: a row of totals, blank rows, rows sent twice, rows whose birth date is no date. The only cells of a
record that are spoilt are dates that no figure needs (:data:`SPOILT_DATES`).
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from observatory.domain.campaign import Source
from observatory.linkage.generator import GeneratedExtracts
from observatory.linkage.generator_layouts import LAYOUTS, Column, FileLayout
from observatory.linkage.working_file import replace_file

TRUTH_FILE = "truth.parquet"

BLANK_ROW_SHARE = 0.0001
REPEATED_ROW_SHARE = 0.0005
UNUSABLE_ROW_SHARE = 0.0001
"""Rows of nobody, whose birth date is no date: they have to be refused."""
SPOILT_DATE_SHARE = 0.0002
SPOILT_DATES = {
    Source.PUPILS: "entered_on",
    Source.APPRENTICESHIP: "planned_end_on",
    Source.AGRICULTURAL: "entered_on",
    Source.MISSION_LOCALE: "last_contact_on",
}
WITH_TOTALS_ROW = (Source.APPRENTICESHIP, Source.MISSION_LOCALE)
NOT_A_DATE = {"%d/%m/%Y": "31/02/2026", "%Y-%m-%d": "2026-02-31"}
UNUSABLE_PREFIX = "ZZ"
_DIRT_STREAM = 30
_XLSX_DAY = (2026, 11, 2, 0, 0, 0)


def write_extracts(extracts: GeneratedExtracts, directory: Path, layout: str, *, seed: int) -> dict[str, int]:
    """Write the five files of a layout and the truth; rows of each file, dirt included."""
    directory.mkdir(parents=True, exist_ok=True)
    written = {}
    for number, (source, file) in enumerate(LAYOUTS[layout].items()):
        rng = np.random.default_rng([seed, _DIRT_STREAM + number])
        rows = laid_out(extracts.frames[source], source, file, rng)
        content = _workbook(rows, file) if file.sheet else _text(rows, file)
        with replace_file(directory / file.file_name) as part:
            part.write_bytes(content)
        written[file.file_name] = len(rows)
    with replace_file(directory / TRUTH_FILE) as part:
        extracts.truth.to_parquet(part, index=False)
    return written


def laid_out(frame: pd.DataFrame, source: Source, file: FileLayout, rng: np.random.Generator) -> pd.DataFrame:
    """The cells of a file as text, under its headings, with its dirt."""
    rows = pd.DataFrame({column.heading: _cells(frame, column, file, rng) for column in file.columns})
    return _with_dirt(rows, source, file, rng)


def heading_of(file: FileLayout, field: str) -> str:
    """The heading under which a file gives a field."""
    return next(column.heading for column in file.columns if field in column.fields)


def _cells(frame: pd.DataFrame, column: Column, file: FileLayout, rng: np.random.Generator) -> np.ndarray:
    if not column.fields:
        return np.full(len(frame), column.filler, dtype=object)
    if len(column.fields) == 2:
        nom, prenom = (frame[field].to_numpy(dtype=object) for field in column.fields)
        return np.array([_joined(*names) for names in zip(nom, prenom, strict=True)], dtype=object)
    values = frame[column.fields[0]]
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    if values.dtype.kind == "M":
        texts = [day.strftime(file.date_format) for day in pd.DatetimeIndex(distinct)]
    else:
        texts = [column.codes.get(value, value) for value in distinct]
    cells = np.array([*texts, ""], dtype=object)[codes]
    if column.loses_zero:
        starts = np.array([text.startswith("0") for text in texts] + [False])[codes]
        rows = np.flatnonzero(starts & (rng.random(len(cells)) < column.loses_zero))
        cells[rows] = [cell[1:] for cell in cells[rows]]
    return cells


def _joined(nom: str, prenom: str) -> str:
    """Both names in one cell, so that capitals alone tell where the nom ends.

    >>> _joined("De Sousa", "JEAN-MARC")
    'DE SOUSA Jean-Marc'
    """
    return f"{nom.upper()} {prenom.title() if prenom.isupper() else prenom}"


def _with_dirt(
    rows: pd.DataFrame, source: Source, file: FileLayout, rng: np.random.Generator
) -> pd.DataFrame:
    size = len(rows)
    record, birth = heading_of(file, "record_id"), heading_of(file, "date_naissance")
    bad_date = NOT_A_DATE[file.date_format]
    if source in SPOILT_DATES:
        rows.loc[_some(rng, size, SPOILT_DATE_SHARE), heading_of(file, SPOILT_DATES[source])] = bad_date
    repeated = rows.iloc[_some(rng, size, REPEATED_ROW_SHARE)]
    unusable = rows.iloc[_some(rng, size, UNUSABLE_ROW_SHARE)].copy()
    unusable[record] = [f"{UNUSABLE_PREFIX}{number}" for number in range(len(unusable))]
    unusable[birth] = bad_date
    blank = pd.DataFrame("", index=_some(rng, size, BLANK_ROW_SHARE), columns=rows.columns)
    dirty = pd.concat([rows, repeated, unusable, blank]).sort_index(kind="stable")
    if source in WITH_TOTALS_ROW:
        totals = pd.DataFrame("", index=[size], columns=rows.columns)
        totals[[record, birth]] = ["TOTAL", str(size)]
        dirty = pd.concat([dirty, totals])
    return dirty.reset_index(drop=True)


def _some(rng: np.random.Generator, size: int, share: float) -> np.ndarray:
    return np.sort(rng.choice(size, max(1, round(size * share)), replace=False))


def _text(rows: pd.DataFrame, file: FileLayout) -> bytes:
    text = rows.to_csv(index=False, sep=file.separator, lineterminator=file.line_end)
    return text.encode(file.encoding)


def _workbook(rows: pd.DataFrame, file: FileLayout) -> bytes:
    """A workbook with cells of dates and numbers, the same bytes every time."""
    from openpyxl import Workbook

    dates = {column.heading for column in file.columns if column.fields and _is_date(column.fields[0])}
    numbers = {column.heading for column in file.columns if column.loses_zero}
    book = Workbook(write_only=True)
    book.properties.created = datetime(*_XLSX_DAY, tzinfo=UTC)
    sheet = book.create_sheet(file.sheet)
    headings = list(rows.columns)
    sheet.append(headings)
    for row in rows.itertuples(index=False):
        sheet.append(
            [
                _cell(text, heading in dates, heading in numbers)
                for heading, text in zip(headings, row, strict=True)
            ]
        )
    content = io.BytesIO()
    book.save(content)
    return _without_times(content)


def _is_date(field: str) -> bool:
    return field.endswith("_on") or field == "date_naissance"


def _cell(text: str, is_date: bool, is_number: bool) -> str | int | date | None:
    if is_date and text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if is_number and text.isdecimal():
        return int(text)
    return text or None


def _without_times(content: io.BytesIO) -> bytes:
    """The same archive, its members dated of one day."""
    again = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _XLSX_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            # openpyxl writes the time of the save there, whatever the properties say.
            data = re.sub(
                rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-11-02T00:00:00Z", source.read(name)
            )
            target.writestr(member, data)
    return again.getvalue()
