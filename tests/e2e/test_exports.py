"""Every download of the pages, as a person gets it: right kind of file, French format, named sources."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from tests.e2e.map_screen import map_of

ZIP_SECONDS = 20
Fetch = Callable[[Page, Locator], Path]


@pytest.fixture
def fetch(tmp_path: Path) -> Fetch:
    """Click a download and give the file, under the name that the browser would keep."""

    def click(page: Page, button: Locator) -> Path:
        with page.expect_download() as download:
            button.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return click


def read_french_csv(path: Path) -> list[list[str]]:
    """Rows of a CSV that a French Excel opens with a double click."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_five_files_of_the_map(page_at, fetch):
    page = page_at("/carte?lecture=observe&bassin=NI06")
    map_of(page)
    page.get_by_role("button", name="Exporter").click()

    def file(label: str) -> Path:
        return fetch(page, page.get_by_role("button", name=label))

    table = file("Chiffres, CSV pour Excel")
    assert table.name == "carte-observe-neet_rate-2018.csv"
    rows = read_french_csv(table)
    (avignon,) = (row for row in rows if "Avignon" in row)
    assert any(re.fullmatch(r"21,4\d*", cell) for cell in avignon)
    assert not any(re.fullmatch(r"\d+\.\d+", cell) for row in rows for cell in row)
    assert len([row for row in rows if row and re.fullmatch(r"(AM|NI)\d\d", row[0])]) == 28
    assert "Insee" in table.read_text(encoding="utf-8-sig")

    book = load_workbook(file("Chiffres, XLSX"), data_only=False)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    numbers = [cell.value for cell in cells if isinstance(cell.value, float)]
    assert any(21.3 < number < 21.5 or 0.213 < number < 0.215 for number in numbers)
    assert not any(cell.data_type == "f" for cell in cells)

    picture = file("Carte, PNG pour un rapport").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width >= 1600
    assert height >= 900

    drawing = file("Carte, SVG pour un rapport").read_text(encoding="utf-8")
    assert drawing.startswith(("<svg", "<?xml"))
    for written in ("Avignon, Orange et Draguignan", "zone plus large", "Insee", "reconstitu", "20"):
        assert written in drawing
    assert "Données de démonstration" not in drawing

    layer = file("Couche affichée, GeoPackage")
    with sqlite3.connect(layer) as connection:
        ((name,),) = connection.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
        assert connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone() == (28,)
    connection.close()


def test_an_export_of_invented_records_carries_the_banner(page_at, fetch):
    page = page_at("/carte?lecture=priorites")
    map_of(page).wait_painted("priorites")
    page.get_by_role("button", name="Exporter").click()
    drawing = fetch(page, page.get_by_role("button", name="Carte, SVG")).read_text(encoding="utf-8")
    assert "démonstration" in drawing
    table = fetch(page, page.get_by_role("button", name="Chiffres, CSV")).read_text(encoding="utf-8-sig")
    assert "démonstration" in table


def test_the_sheet_of_a_basin_is_one_page_of_real_text(page_at, fetch):
    page = page_at("/bassin?bassin=NI06")
    path = fetch(page, page.get_by_role("button", name="Fiche PDF"))
    assert "NI06" in path.name or "nice" in path.name.lower()
    pdf = PdfReader(path)
    assert len(pdf.pages) == 1
    width, height = (float(side) / 72 * 25.4 for side in pdf.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    text = pdf.pages[0].extract_text().replace("\u202f", " ").replace("\u00a0", " ")
    for written in ("Nice et vallées", "15,7 %", "17,9 %", "Insee", "démonstration"):
        assert written in text
    assert re.search(r"\d\.\d", text) is None


def test_the_sheets_of_all_basins_come_in_one_zip_in_time(page_at, fetch):
    page = page_at("/bassin")
    start = monotonic()
    path = fetch(page, page.get_by_role("button", name="Les 28 fiches"))
    assert monotonic() - start < ZIP_SECONDS
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        assert len(names) == len(set(names)) == 28
        assert all(archive.read(name).startswith(b"%PDF-") for name in names)


def test_the_files_of_comparer_and_of_the_method(page_at, fetch):
    page = page_at("/comparer?bassins=AM13,NI06")
    rows = read_french_csv(fetch(page, page.get_by_role("button", name="CSV")))
    assert any("Avignon" in cell for row in rows for cell in row)
    book = load_workbook(fetch(page, page.get_by_role("button", name="XLSX")))
    assert book.sheetnames
    page = page_at("/methode")
    page.get_by_role("radio", name="Télécharger").click()
    rows = read_french_csv(fetch(page, page.get_by_role("button", name="Chiffres, CSV")))
    assert len(rows) > 300
    assert not any(re.fullmatch(r"-?\d+\.\d+", cell) for row in rows for cell in row)
    sources = fetch(page, page.get_by_role("button", name="Sources, CSV")).read_text(encoding="utf-8-sig")
    assert "Licence Ouverte" in sources
