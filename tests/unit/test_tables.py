"""Files for a spreadsheet: what a French Excel opens, numbers that are numbers, and nothing that runs."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from observatory.errors import DataFileError
from observatory.export.tables import check_layer, safe_text, to_csv, to_geopackage, to_xlsx
from observatory.views.map_export import build_map_sheet
from observatory.views.map_readings import build_map_view
from observatory.views.selection import Reading, Selection, conform
from observatory.views.sheet import Sheet
from tests.unit.made_up_region import make_region
from tests.unit.observatory_factory import CATALOGUE

TERRITORY = Path(__file__).resolve().parents[2] / "data" / "territory" / "territory.gpkg"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
PAYLOADS = ["=1+1", "+1", "-1+2", "@SUM(A1:A2)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x","y")']
SHEET = Sheet(
    "Carte", ("Code", "Bassin", "2018"), (("AM01", "Été; fin", 21.4341), ("AM02", None, None)), ("Note",)
)
CELLS = st.text() | st.floats(-1e300, 1e300) | st.integers(-(10**12), 10**12) | st.none()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_is_text_in_every_cell_header_and_note(payload: str) -> None:
    sheet = Sheet("Carte", ("Code", payload), ((payload, 1.5),), (payload,))
    for row in rows_of(to_csv(sheet)):
        assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)]
    page = load_workbook(io.BytesIO(to_xlsx([sheet]))).active
    texts = [cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" and not cell.value.startswith(FORMULA_STARTS) for cell in texts)


@given(st.text())
def test_safe_text_never_begins_a_formula_and_changes_nothing_else(text: str) -> None:
    safe = safe_text(text)
    assert not safe.startswith(FORMULA_STARTS)
    if text.isprintable() and not text.startswith(FORMULA_STARTS):
        assert safe == text


def test_csv_has_a_bom_semicolons_and_lines_of_windows() -> None:
    content = to_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 5
    assert b'"\xc3\x89t\xc3\xa9; fin";21,4341' in content


def test_a_french_excel_reads_back_what_was_written() -> None:
    assert rows_of(to_csv(SHEET)) == [
        ["Code", "Bassin", "2018"],
        ["AM01", "Été; fin", "21,4341"],
        ["AM02", "", ""],
        [],
        ["Note"],
    ]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_loses_nothing_in_csv_and_has_a_decimal_comma(value: float) -> None:
    cell = rows_of(to_csv(Sheet("s", ("a",), ((value,),), ())))[1][0]
    assert "." not in cell
    assert float(cell.replace(",", ".")) == value


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_any_cell_can_be_exported(rows: list[tuple[object, object]]) -> None:
    sheet = Sheet("Feuille [1]: a/b*?", ("a", "b"), tuple(rows), ())  # type: ignore[arg-type]
    page = load_workbook(io.BytesIO(to_xlsx([sheet]))).active
    assert page.max_row >= 1
    for row, written in zip(rows, page.iter_rows(min_row=2, max_col=2, values_only=True), strict=False):
        for value, read in zip(row, written, strict=True):
            if isinstance(value, int | float):
                assert read == pytest.approx(value)
    assert to_csv(sheet)


def test_numbers_are_numbers_and_codes_are_text_in_a_workbook() -> None:
    page = load_workbook(io.BytesIO(to_xlsx([SHEET]))).active
    assert [[c.value for c in row] for row in page.iter_rows(max_row=3)] == [
        ["Code", "Bassin", "2018"],
        ["AM01", "Été; fin", 21.4341],
        ["AM02", None, None],
    ]
    assert page["C2"].data_type == "n"
    assert page.freeze_panes == "B2"
    assert page["A5"].value == "Note"


def test_a_workbook_shows_the_decimals_that_mean_something_and_keeps_the_others() -> None:
    headers = ("Bassin", "Année", "Effectif", "2018 (en %)", "Couverture (%)", "Remarque")
    long_text = "Somme des communes " * 5
    sheet = Sheet("s", headers, (("Avignon et alentours", 2018, 59471.0, 21.4341, 97.5, long_text),), ())
    for banner, row in (("", 2), ("Données de démonstration", 3)):
        page = load_workbook(io.BytesIO(to_xlsx([replace(sheet, banner=banner)]))).active
        assert [page.cell(row, i).number_format for i in (2, 3, 4, 5)] == [
            "0",
            "#,##0",
            "#,##0.00",
            "#,##0.0",
        ]
        assert page.cell(row, 4).value == 21.4341
        assert page.column_dimensions["A"].width >= len("Avignon et alentours")
        assert page.column_dimensions["D"].width < 12
        assert page.column_dimensions["F"].width <= 48
        assert page.cell(row, 6).alignment.wrap_text


def test_a_headcount_has_no_decimals_in_csv() -> None:
    assert rows_of(to_csv(Sheet("s", ("Effectif",), ((59471.0,),), ())))[1] == ["59471"]


def test_a_leading_zero_survives_the_workbook() -> None:
    page = load_workbook(io.BytesIO(to_xlsx([Sheet("s", ("Code",), (("04001",),), ())]))).active
    assert page["A2"].value == "04001"


def test_what_is_not_a_number_is_an_empty_cell() -> None:
    sheet = Sheet("s", ("a", "b"), ((float("nan"), float("inf")),), ())
    assert rows_of(to_csv(sheet))[1] == ["", ""]
    page = load_workbook(io.BytesIO(to_xlsx([sheet]))).active
    assert [page["A2"].value, page["B2"].value] == [None, None]


def test_several_tables_are_several_sheets_with_names_that_excel_takes() -> None:
    names = [Sheet(title, ("a",), (), ()) for title in ("Carte", "x" * 40, "'[]'", "")]
    assert load_workbook(io.BytesIO(to_xlsx(names))).sheetnames == ["Carte", "x" * 31, "Feuille", "Feuille1"]


@pytest.mark.parametrize("reading", Reading)
def test_the_layer_shown_reads_back_in_qgis_with_one_polygon_a_basin(
    reading: Reading, tmp_path: Path
) -> None:
    observatory = make_region()
    selection = conform(Selection("AM01", (), reading, "", None, projection=False), CATALOGUE)
    sheet = build_map_sheet(observatory, build_map_view(observatory, selection), selection)
    path = tmp_path / "carte.gpkg"
    path.write_bytes(to_geopackage(sheet, 0, TERRITORY, "basins"))
    layer = gpd.read_file(path)
    assert len(layer) == 28
    assert layer["Code"].dropna().is_unique
    assert set(layer["Code"].dropna()) == set(observatory.basins)
    assert layer.crs.to_epsg() == 4326
    assert layer.geometry.is_valid.all()
    assert set(sheet.headers) <= set(layer.columns)
    assert list(gpd.list_layers(path)["name"]) == ["carte"]


def test_numbers_stay_numbers_in_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "carte.gpkg"
    path.write_bytes(to_geopackage(SHEET, 0, TERRITORY, "basins"))
    layer = gpd.read_file(path).set_index("Code")
    assert layer["2018"].dtype == "float64"
    assert layer.loc["AM01", "2018"] == 21.4341


@pytest.mark.parametrize("reading", Reading)
def test_a_layer_of_invented_records_says_so_in_a_column_and_in_its_description(
    reading: Reading, tmp_path: Path
) -> None:
    observatory = make_region()
    selection = conform(Selection("AM01", (), reading, "", None, projection=False), CATALOGUE)
    view = build_map_view(observatory, selection)
    path = tmp_path / "carte.gpkg"
    path.write_bytes(to_geopackage(build_map_sheet(observatory, view, selection), 0, TERRITORY, "basins"))
    with closing(sqlite3.connect(path)) as database:
        ((description,),) = database.execute("SELECT description FROM gpkg_contents").fetchall()
    layer = gpd.read_file(path).set_index("Code")
    is_invented = reading in (Reading.COOPERATION, Reading.PRIORITIES)
    assert description.startswith("Données de démonstration") == is_invented
    assert view.source in description
    assert ("demonstration" in layer.columns) == is_invented
    if is_invented:
        marked = observatory.ratings.loc[observatory.ratings["is_demonstration"], "basin_code"]
        assert set(marked) <= set(layer.index[layer["demonstration"] == "oui"])


def _cut(path: Path) -> None:
    path.write_bytes(TERRITORY.read_bytes()[:200_000])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: None, "file_missing"),
        (lambda path: path.write_bytes(b""), "file_damaged"),
        (lambda path: path.write_bytes(b"no database" * 1000), "file_damaged"),
        (_cut, "file_damaged"),
    ],
)
def test_a_territory_that_cannot_be_read_is_named_before_it_is_needed(
    tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "territory.gpkg"
    spoil(path)
    with pytest.raises(DataFileError) as raised:
        check_layer(path, "basins")
    assert (raised.value.code, raised.value.params) == (code, {"path": "territory.gpkg"})


@pytest.mark.parametrize("layer", ["basins", "communes"])
def test_the_territory_of_the_project_can_be_read(layer: str) -> None:
    check_layer(TERRITORY, layer)


def test_a_code_that_comes_twice_is_refused_rather_than_multiplying_polygons() -> None:
    twice = Sheet("Carte", ("Code",), (("AM01",), ("AM01",)), ())
    with pytest.raises(ValueError, match="unique"):
        to_geopackage(twice, 0, TERRITORY, "basins")
