"""The inventory as files: everything is there, nothing that is unknown looks like zero, nothing runs."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from openpyxl import load_workbook

from observatory.domain.cooperation import Partner
from observatory.domain.inventory import REGION_AREA, FieldKey, RecordKind, rating_key
from observatory.export.inventory_workbook import (
    FrozenState,
    basin_sheet,
    inventory_csv,
    inventory_geopackage,
    inventory_workbook,
)
from observatory.ui.region_head import history_mark
from tests.unit.inventory_factory import observatory_of, say, say_framework

TERRITORY = Path(__file__).resolve().parents[2] / "data" / "territory" / "territory.gpkg"
DAY = date(2026, 11, 23)
CIO_PJJ, PJJ_CIO = rating_key(Partner.CIO, Partner.PJJ), rating_key(Partner.PJJ, Partner.CIO)
PAYLOADS = ["=1+1", "+1", "-1", "@x", "<img src=x onerror=alert(1)>", "#set page()", "#N/A"]
ENTRIES = [
    say("AM01", RecordKind.RATING, CIO_PJJ, "level", "0"),
    say("AM01", RecordKind.RATING, CIO_PJJ, "rated_on", "2026-03-02"),
    say("AM01", RecordKind.RATING, PJJ_CIO, "level", "3"),
    say("AM02", RecordKind.MODALITY, "handover", "status", "not_done", invented=True),
    say("AM02", RecordKind.MODALITY, "handover", "attachments", "", invented=True),
    say("NI01", RecordKind.RESOURCE, "r-0001", "label", "Plateforme"),
    say("NI01", RecordKind.RESOURCE, "r-0002", "label", "Partie"),
    say("NI01", RecordKind.RESOURCE, "r-0002", "removed", "1"),
    say("NI01", RecordKind.ACTION, "a-0001", "action", "Convenir"),
    say("NI01", RecordKind.ACTION, "a-0001", "indicator", "neet_rate"),
    say("NI01", RecordKind.DIAGNOSIS, "needs", "text", "Se loger"),
    say("NI01", RecordKind.REPLY, "cio>handover", "text", "Nous répondons."),
    say_framework("handover", "practice", "Nommer un relais"),
]
REGION = observatory_of(ENTRIES)


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def rows(content: bytes, sheet: str) -> list[dict[str, object]]:
    """Rows of a sheet by header, whether a banner stands above them or not."""
    lines = [list(row) for row in opened(content)[sheet].iter_rows(values_only=True)]
    start = next(i for i, line in enumerate(lines) if line[0] == "Code")
    return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :] if line[0]]


WORKBOOK = inventory_workbook(REGION, DAY)


def test_every_kind_of_record_has_its_sheet_after_the_one_to_read_first() -> None:
    assert opened(WORKBOOK).sheetnames == [
        "Lisez-moi", "Liens", "Modalités", "Ressources", "Diagnostic", "Actions", "Réponses", "Cadre",
    ]  # fmt: skip


def test_every_pair_and_modality_has_a_row_whether_reported_or_not() -> None:
    counts = {name: len(rows(WORKBOOK, name)) for name in opened(WORKBOOK).sheetnames[1:]}
    assert counts == {
        "Liens": 5 * 42, "Modalités": 5 * 11, "Ressources": 1, "Diagnostic": 5 * 3, "Actions": 1,
        "Réponses": 1, "Cadre": 11,
    }  # fmt: skip


def test_level_zero_is_a_number_and_the_unknown_is_a_word() -> None:
    links = {(r["Code"], r["Selon"], r["À propos de"]): r for r in rows(WORKBOOK, "Liens")}
    levels = [r["Niveau"] for r in links.values()]
    assert sorted(str(level) for level in levels if level != "non renseigné") == ["0", "3"]
    assert not [level for level in levels if level in (None, "")]
    zero = next(r for r in links.values() if r["Niveau"] == 0)
    assert (zero["En mots"], zero["Le"], zero["Dit par"]) == (
        "aucun lien",
        datetime(2026, 3, 2),  # noqa: DTZ001
        "non renseigné",
    )
    assert (zero["Saisi par"], zero["Démonstration"]) == ("A. Exemple, CIO", "non")


def test_no_blank_cell_stands_for_an_answer() -> None:
    for name in opened(WORKBOOK).sheetnames[1:]:
        for row in rows(WORKBOOK, name):
            blank = {header for header, value in row.items() if value in (None, "")}
            assert blank <= {"Saisi par", "Saisi le"}


def test_not_done_is_not_unknown() -> None:
    states = {(r["Code"], r["Modalité"]): r["État"] for r in rows(WORKBOOK, "Modalités")}
    assert states["AM02", "Relais entre opérateurs"] == "pas fait"
    assert states["AM01", "Relais entre opérateurs"] == "non renseigné"


def test_an_indicator_and_the_framework_are_told_in_words() -> None:
    (action,) = rows(WORKBOOK, "Actions")
    assert action["Indicateur visé"] == REGION.catalogue.indicators["neet_rate"].label
    practices = {r["Modalité"]: r["Pratique proposée"] for r in rows(WORKBOOK, "Cadre")}
    assert practices["Relais entre opérateurs"] == "Nommer un relais"
    assert practices["Repérage"] == "non renseigné"


def test_what_is_invented_is_announced_above_every_sheet_and_told_on_its_row() -> None:
    book = opened(WORKBOOK)
    assert all(str(page["A1"].value).startswith("Données de démonstration") for page in book)
    marked = [r["Code"] for r in rows(WORKBOOK, "Modalités") if r["Démonstration"] == "oui"]
    assert marked == ["AM02"]


def test_without_anything_invented_there_is_no_banner() -> None:
    real = observatory_of([e for e in ENTRIES if not e.is_demonstration])
    for content in (inventory_workbook(real, DAY), inventory_workbook(observatory_of([]), DAY)):
        book = opened(content)
        assert not [page for page in book if str(page["A1"].value).startswith("Données")]
    assert "Données de démonstration" not in inventory_csv(real, DAY).decode("utf-8-sig")


def test_a_frozen_state_is_exported_as_it_stood_and_says_its_name() -> None:
    key = FieldKey("AM01", RecordKind.RATING, CIO_PJJ, "level")
    frozen = FrozenState("Comité de juin", {key: "5"}, holds_demonstration=False)
    content = inventory_workbook(REGION, DAY, frozen)
    known = [r["Niveau"] for r in rows(content, "Liens") if r["Niveau"] != "non renseigné"]
    assert known == [5]
    assert "Comité de juin" in str(opened(content)["Lisez-moi"]["A2"].value)
    assert "Comité de juin" in inventory_csv(REGION, DAY, frozen).decode("utf-8-sig")


def test_the_files_of_a_basin_hold_that_basin_and_no_framework() -> None:
    content = inventory_workbook(REGION, DAY, basin="AM01")
    assert len(rows(content, "Liens")) == 42
    assert [r["Niveau"] for r in rows(content, "Liens") if r["Niveau"] != "non renseigné"] == [0, 3]
    assert len(rows(content, "Modalités")) == 11
    assert rows(content, "Ressources") == []
    assert "Cadre" not in opened(content).sheetnames
    assert REGION.basins["AM01"].basin_label in opened(content)["Lisez-moi"]["A1"].value
    assert not [page for page in opened(content) if str(page["A1"].value).startswith("Données")]
    table = inventory_csv(REGION, DAY, basin="NI01").decode("utf-8-sig")
    codes = {line[0] for line in csv.reader(io.StringIO(table), delimiter=";") if line}
    assert "NI01" in codes
    assert not {"AM01", "AM02", REGION_AREA} & codes
    assert "Plateforme" in table
    assert "Nommer un relais" not in table


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_text_in_the_workbook_and_in_the_long_table(payload: str) -> None:
    texts = [
        say("AM01", RecordKind.RESOURCE, "r-0001", "label", payload),
        say("AM01", RecordKind.MODALITY, "handover", "description", payload),
        say_framework("handover", "practice", payload),
    ]
    region = observatory_of(texts)
    cells = [c for page in opened(inventory_workbook(region, DAY)) for row in page.iter_rows() for c in row]
    held = [c for c in cells if isinstance(c.value, str) and payload in c.value]
    assert len(held) == 3
    assert all(c.data_type == "s" and not c.value.startswith(("=", "+", "-", "@")) for c in held)
    lines = list(csv.reader(io.StringIO(inventory_csv(region, DAY).decode("utf-8-sig")), delimiter=";"))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]


def test_the_long_table_has_a_line_a_field_and_says_what_is_unknown() -> None:
    content = inventory_csv(REGION, DAY)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[0] == [
        "Code", "Bassin", "Nature", "Enregistrement", "Champ", "Valeur", "Par", "Le", "Démonstration",
    ]  # fmt: skip
    table = [line for line in lines[1:] if len(line) == 9]
    name = (
        "Centre d’information et d’orientation (CIO) à propos de Protection judiciaire de la jeunesse (PJJ)"
    )
    told = [line for line in table if line[1] == "Digne" and line[3] == name]
    assert {line[0] for line in table} == {*REGION.basins, REGION_AREA}
    assert [line[4:] for line in told] == [
        ["Niveau", "0 – aucun lien", "A. Exemple, CIO", "2026-10-05", "non"],
        ["Le", "2026-03-02", "A. Exemple, CIO", "2026-10-05", "non"],
    ]
    assert sum(line[4] == "Niveau" and line[5] == "non renseigné" for line in table) == 5 * 42 - 2
    assert not [line for line in table if not line[5]]
    assert "Partie" not in [line[3] for line in table]


def test_what_was_written_after_midnight_in_france_has_the_day_it_was_in_france() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    entry = replace(say("AM01", RecordKind.RATING, CIO_PJJ, "level", "2"), changed_at=late)
    region = observatory_of([entry])
    lines = csv.reader(io.StringIO(inventory_csv(region, DAY).decode("utf-8-sig")), delimiter=";")
    assert [line[7] for line in lines if "A. Exemple, CIO" in line] == ["2026-11-24"]
    assert history_mark(region).endswith(", 24 novembre 2026")


def test_the_layer_has_the_basins_with_null_for_what_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "inventaire.gpkg"
    path.write_bytes(inventory_geopackage(REGION, TERRITORY, DAY))
    layer = gpd.read_file(path)
    assert len(layer) == 28
    digne = layer[layer["Code"] == "AM01"].iloc[0]
    gaps = "Sujets pour la réunion (écarts de deux niveaux ou plus)"
    assert (digne["Liens renseignés"], digne[gaps], digne["Modalités : non renseigné"]) == (2, 1, 11)
    manosque = layer[layer["Code"] == "AM02"].iloc[0]
    assert manosque["État : Relais entre opérateurs"] == "pas fait"
    assert manosque["Démonstration"] == "oui"
    assert layer["Niveau médian des liens (0 à 5)"].isna().all()
    assert layer["Niveau médian des liens (0 à 5)"].dtype == "float64"
    assert layer.loc[layer["Code"] == "NI01", gaps].isna().all()


def description(content: bytes, path: Path) -> str:
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT description FROM gpkg_contents").fetchone()[0])


def test_the_description_of_the_layer_says_that_it_is_declared_its_day_and_what_is_invented(
    tmp_path: Path,
) -> None:
    told = description(inventory_geopackage(REGION, TERRITORY, DAY), tmp_path / "a.gpkg")
    assert told.startswith("Données de démonstration")
    assert "déclaré par les structures" in told
    assert "23 novembre 2026" in told
    real = [entry for entry in ENTRIES if not entry.is_demonstration]
    told = description(inventory_geopackage(observatory_of(real), TERRITORY, DAY), tmp_path / "b.gpkg")
    assert "émonstration" not in told
    assert "déclaré par les structures" in told


def test_a_printed_sheet_is_as_wide_as_its_paper_and_repeats_its_headings() -> None:
    for page in opened(WORKBOOK).worksheets[1:]:
        assert (page.page_setup.orientation, page.page_setup.fitToWidth) == ("landscape", 1)
        assert page.page_setup.fitToHeight == 0
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$2:$2"


def test_a_row_is_as_high_as_its_longest_text_and_still_grows() -> None:
    long = "Un texte assez long pour tenir sur plusieurs lignes. " * 8
    region = observatory_of([say("AM01", RecordKind.DIAGNOSIS, "needs", "text", long)])
    content = inventory_workbook(region, DAY)
    page = opened(content)["Diagnostic"]
    height = {row[1].value: page.row_dimensions[row[0].row].height for row in page.iter_rows(max_row=2)}
    assert (height["Digne"] or 0) >= 15 * len(long) / 66
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if b"customHeight" in parts.read(name)]


def test_a_median_is_told_once_half_of_the_links_are() -> None:
    from itertools import permutations

    pairs = list(permutations(Partner, 2))[:21]
    region = observatory_of([say("AM01", RecordKind.RATING, rating_key(*p), "level", "4") for p in pairs])
    sheet = basin_sheet(region, DAY)
    row = dict(zip(sheet.headers, sheet.rows[0], strict=True))
    assert row["Niveau médian des liens (0 à 5)"] == 4.0
    assert sum(v for h, v in row.items() if h.startswith("Modalités : ") and isinstance(v, int)) == 11
