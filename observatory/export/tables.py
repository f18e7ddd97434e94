"""Figures as files: CSV for a French Excel, XLSX, GeoPackage.

Cells of text that a spreadsheet would take for a formula are prefixed by an apostrophe, always; numbers stay
numbers in XLSX and GeoPackage and have a decimal comma in CSV.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from observatory.errors import DataFileError
from observatory.export.workbook import fit_rows, set_up_printing
from observatory.views.sheet import Cell, Sheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BANNER_COLOUR = "FFF3D6"
WIDEST_COLUMN = 48
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that a workbook may not hold, and that nobody typed on purpose."""


def safe_text(text: str) -> str:
    """Text that no spreadsheet will run.

    >>> safe_text("=HYPERLINK(1)"), safe_text("Avignon")
    ("'=HYPERLINK(1)", 'Avignon')
    """
    text = _CONTROLS.sub("", text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def to_csv(sheet: Sheet) -> bytes:
    """``;``, decimal comma, UTF-8 with BOM, CRLF: what a French Excel opens by a double click."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_text(h) for h in sheet.headers])
    for row in sheet.rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    writer.writerow([])
    for note in sheet.notes:
        writer.writerow([safe_text(note)])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """One workbook, one sheet per table, headers frozen, provenance under the rows."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    top, wrapped = Alignment(vertical="top"), Alignment(wrap_text=True, vertical="top")
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.title))
        if sheet.banner:
            page.append([safe_text(sheet.banner)])
            page["A1"].font = Font(bold=True)
            page["A1"].fill = PatternFill("solid", fgColor=BANNER_COLOUR)
        page.append([safe_text(h) for h in sheet.headers])
        for cell in page[page.max_row]:
            cell.font = Font(bold=True)
            cell.alignment = wrapped
        for row in sheet.rows:
            page.append([safe_text(c) if isinstance(c, str) else c for c in row])
        page.append([])
        for note in sheet.notes:
            page.append([safe_text(note)])
        for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "e"):
            cell.data_type = "s"  # a text that looks like an error of the spreadsheet, « #N/A »
        page.freeze_panes = "B3" if sheet.banner else "B2"
        for i, header in enumerate(sheet.headers, start=1):
            values = [row[i - 1] for row in sheet.rows]
            shape = _number_format(header, values)
            for number, value in enumerate(values, start=3 if sheet.banner else 2):
                cell = page.cell(number, i)
                if isinstance(value, int | float):
                    cell.number_format = shape
                    cell.alignment = top
                elif isinstance(value, date):
                    cell.number_format = "dd/mm/yyyy"
                    cell.alignment = Alignment(horizontal="left", vertical="top")
                elif isinstance(value, str):
                    cell.alignment = wrapped if len(value) > WIDEST_COLUMN else top
            width = max([_header_width(header), *(_shown_length(v, shape) for v in values)])
            page.column_dimensions[get_column_letter(i)].width = min(max(width + 2, 9), WIDEST_COLUMN)
        fit_rows(page)
        set_up_printing(page, 2 if sheet.banner else 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def check_layer(source: Path, layer: str) -> None:
    """Raise :class:`DataFileError` when ``layer`` of a GeoPackage cannot be read to its end."""
    if not source.is_file():
        raise DataFileError("file_missing", path=source.name)
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(f'SELECT * FROM "{layer}"').fetchall()  # noqa: S608  (a name of ours)
    except sqlite3.Error as error:
        raise DataFileError("file_damaged", path=source.name) from error
    if not rows:
        raise DataFileError("file_damaged", path=source.name)


def to_geopackage(sheet: Sheet, code_column: int, source: Path, layer: str) -> bytes:
    """The polygons of ``layer`` of the territory's GeoPackage with the columns of ``sheet``.

    ``code_column`` is the position, in ``sheet``, of the code that joins both. Headers become column names as
    they are: QGIS and Excel read them in French. Banner and notes become the description of the layer.
    """
    import geopandas as gpd
    import pandas as pd

    shapes = gpd.read_file(source, layer=layer)
    key = "basin_code" if layer == "basins" else "commune_code"
    table = pd.DataFrame(list(sheet.rows), columns=list(sheet.headers))
    joined = shapes[[key, "geometry"]].merge(
        table, left_on=key, right_on=sheet.headers[code_column], how="left", validate="one_to_one"
    )
    joined = joined.drop(columns=[key])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "carte.gpkg"
        joined.to_file(
            path,
            layer=_layer_name(sheet.title),
            driver="GPKG",
            layer_options={"DESCRIPTION": _description(sheet)},
        )
        return path.read_bytes()


def _csv_cell(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, float):
        # A headcount is no decimal number, whatever type it is kept in.
        shown = str(int(cell)) if _is_whole(cell) else repr(cell)
        return shown.replace(".", ",")
    return safe_text(cell) if isinstance(cell, str) else str(cell)


def _is_whole(value: Cell) -> bool:
    if isinstance(value, float):
        return value.is_integer() and abs(value) < 1e15
    return isinstance(value, int)


def _number_format(header: str, values: Sequence[Cell]) -> str:
    """How a workbook shows a column of numbers, which it keeps whole: two decimals at the most.

    >>> _number_format("Effectif", [59471.0, None]), _number_format("Année", [2018])
    ('#,##0', '0')
    >>> _number_format("2018 (en %)", [21.4341, 18.0]), _number_format("Couverture (%)", [97.5, 100.0])
    ('#,##0.00', '#,##0.0')
    """
    numbers = [v for v in values if isinstance(v, int | float) and math.isfinite(v)]
    if all(_is_whole(v) for v in numbers):
        return "0" if header.startswith("Année") else "#,##0"
    return "#,##0.0" if all(round(v, 1) == v for v in numbers) else "#,##0.00"


def _shown_length(value: Cell, shape: str) -> int:
    if value is None or isinstance(value, str):
        return len(value or "")
    if isinstance(value, int | float):
        decimals = len(shape.partition(".")[2])
        return len(f"{value:,.{decimals}f}") if abs(value) < 1e15 else len(str(value))
    return 10  # a date


def _header_width(header: str) -> int:
    """Headers are wrapped, but no word is cut."""
    return max((len(word) for word in header.split()), default=0)


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\").strip("'")[:31] or "Feuille"


def _description(sheet: Sheet) -> str:
    lines = dict.fromkeys(filter(None, (sheet.banner, *sheet.notes)))
    return _CONTROLS.sub(
        "", " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in lines)
    )


def _layer_name(title: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in title.lower())[:40]
