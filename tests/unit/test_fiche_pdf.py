"""The sheet on paper: one page A4, real text, vector drawings, the same bytes twice."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from observatory.domain.territory import load_basins
from observatory.export.fiche_pdf import fiche_pdf, fiches_zip, file_name
from observatory.views.fiche import Fiche, build_fiche
from tests.unit.made_up_region import NAMES, SUPPRESSED, WIDER, make_region
from tests.unit.observatory_factory import make_observatory

ROOT = Path(__file__).resolve().parents[2]
GEOMETRY = json.loads((ROOT / "data" / "territory" / "geometry.json").read_text(encoding="utf-8"))
BASINS, BASE = (ROOT / "static" / "geo" / GEOMETRY[kind] for kind in ("basins", "base"))
FONTS = ROOT / "static" / "fonts"
DAY = date(2026, 11, 23)
REGION = make_region()
FICHE = build_fiche(REGION, "AM01")
HOSTILE = '#panic("x") *gras* $x$ <img src=x> @cible \\ "guillemets"'


def pdf(fiche: Fiche = FICHE, day: date = DAY) -> bytes:
    return fiche_pdf(fiche, BASINS, BASE, FONTS, day)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """Text of all pages, on one line, with plain spaces."""
    words = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(words.replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.mark.parametrize("code", NAMES)
def test_every_sheet_is_one_page_of_a4(code: str) -> None:
    reader = read(pdf(build_fiche(REGION, code)))
    assert len(reader.pages) == 1
    width, height = (float(v) / 72 * 25.4 for v in reader.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((210, 297), abs=0.5)


def test_a_region_without_any_figure_still_has_its_sheet() -> None:
    fiche = build_fiche(make_observatory(names=NAMES), "AM01")
    text = text_of(pdf(fiche))
    assert "non transmis" in text
    assert "Inventaire non commencé" in text


def test_the_page_holds_what_the_screen_says_accents_included() -> None:
    text = text_of(pdf())
    for part in (
        "Valimaginaire",
        "24,0 %",
        "Académie d’Aix-Marseille",
        "Rupture observée",
        "Réussite au brevet, série générale",
        "Édité le 23 novembre 2026",
        FICHE.context_note,
        FICHE.trend_note,
    ):
        assert " ".join(part.replace("\u202f", " ").split()) in text
    assert not {"nan", "None"} & set(text.split())


def test_the_nearest_basins_say_on_paper_on_what_they_are_near() -> None:
    near = replace(FICHE, comparable=(("Nice", "12,0 %"),), comparable_note="Le plus proche d’abord.")
    assert "Nice : 12,0 %. Le plus proche d’abord." in text_of(pdf(near))
    assert "Le plus proche" not in text_of(pdf(replace(near, comparable=())))


@pytest.mark.parametrize(("code", "shown"), [(WIDER, "(30,0 %)"), (SUPPRESSED, "secret statistique")])
def test_what_takes_part_in_nothing_says_so_on_paper(code: str, shown: str) -> None:
    assert shown in text_of(pdf(build_fiche(REGION, code)))


def test_a_screen_reader_knows_title_language_and_structure() -> None:
    reader = read(pdf())
    catalogue = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Valimaginaire"
    assert catalogue["/Lang"] == "fr"
    assert catalogue["/MarkInfo"]["/Marked"]


def test_drawings_are_vectors_and_have_their_words() -> None:
    reader = read(pdf())
    objects = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    dictionaries = [found for found in objects if isinstance(found, dict)]
    assert "/Image" not in {found.get("/Subtype") for found in dictionaries}
    spoken = [str(found["/Alt"]) for found in dictionaries if "/Alt" in found]
    assert "Carte de situation : Valimaginaire dans la région" in spoken
    assert any("2018 : 24,0" in words for words in spoken)


def test_the_banner_is_there_only_for_invented_records() -> None:
    real = [(*row[:-1], False) for row in make_region().ratings.itertuples(index=False, name=None)]
    for observatory, banner in ((REGION, True), (make_region(ratings=real, modalities=[]), False)):
        text = text_of(pdf(build_fiche(observatory, "AM01")))
        assert ("Données de démonstration" in text) == banner
        assert "Niveaux déclarés" in text


def test_the_same_sheet_and_day_give_the_same_bytes() -> None:
    assert pdf() == pdf()
    assert pdf(day=date(2026, 11, 24)) != pdf()
    made = read(pdf()).metadata
    assert made is not None
    assert made.creation_date == datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("field", ["title", "headline_text", "access", "context_note", "limits"])
def test_a_hostile_text_is_printed_and_not_run(field: str) -> None:
    text = text_of(pdf(replace(FICHE, **{field: HOSTILE})))
    assert '#panic("x")' in text
    assert "*gras*" in text
    assert "<img src=x>" in text


def test_hostile_names_of_neighbours_and_dimensions_are_text_too() -> None:
    fiche = replace(
        FICHE, comparable=((HOSTILE, "1"),), contributions=((HOSTILE, 1.0, "+1,00"),), lead=(HOSTILE,)
    )
    assert text_of(pdf(fiche)).count("*gras*") >= 2


def test_all_the_sheets_come_in_one_archive_that_is_always_the_same() -> None:
    fiches = [build_fiche(REGION, code) for code in ("AM01", "NI01")]
    first = fiches_zip(fiches, BASINS, BASE, FONTS, DAY)
    assert first == fiches_zip(fiches, BASINS, BASE, FONTS, DAY)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["AM01-valimaginaire.pdf", "NI01-rochefable.pdf"]
        assert archive.testzip() is None
        assert archive.read("AM01-valimaginaire.pdf") == pdf()


def test_names_of_files_are_plain_and_distinct() -> None:
    basins = load_basins(ROOT / "data")
    names = [file_name(replace(FICHE, basin_code=code, title=b.basin_label)) for code, b in basins.items()]
    assert "AM09-etang-de-berre.pdf" in names
    assert len(set(names)) == 28


@given(st.text())
def test_a_file_name_is_safe_everywhere(title: str) -> None:
    name = file_name(replace(FICHE, title=title))
    assert name.isascii()
    assert name.startswith("AM01")
    assert name.endswith(".pdf")
    assert not set(name) & set('/\\:*?"<>|\0 ')
