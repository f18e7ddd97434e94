"""The address of a page: what it restores, what it refuses by name, and markup that stays text."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from observatory.ui.router import PAGES
from tests.pages.screen import defects_of, html_of, plain, read_html, text_of

ROOT = Path(__file__).resolve().parents[2]
NAMES = [page.file for page in PAGES]
MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = "=1+1"
WRITTEN_BY_US = {"img", "script", "iframe", "object", "embed"}


@pytest.mark.parametrize(
    ("page", "parameter", "value", "kept"),
    [
        ("carte", "bassin", "ZZ99", {"bassin": "AM13"}),
        ("carte", "lecture", "palmares", {"lecture": "observe"}),
        ("carte", "indicateur", "taux_de_chomage", {"indicateur": "neet_rate"}),
        ("carte", "annee", "1999", {"annee": "2018"}),
        ("carte", "annee", "deux mille", {"annee": "2018"}),
        ("carte", "projection", "peut-être", {}),
        ("bassin", "bassin", "am 13", {"bassin": "AM13"}),
        ("comparer", "bassins", "XX01", {}),
        ("cooperation", "bassin", "paca", {"bassin": "AM13"}),
    ],
)
def test_an_unknown_value_is_named_and_replaced_by_the_default(app_test, page, parameter, value, kept):
    at = app_test(f"pages/{page}.py", query={parameter: value})
    shown = plain(text_of(at))
    assert f"« {parameter}={value} »" in shown
    assert "valeur par défaut" in shown
    assert kept.items() <= at.query_params.items()
    assert parameter in kept or parameter not in at.query_params
    assert not at.exception


@pytest.mark.parametrize(
    ("asked", "left_out", "shown"),
    [
        ("AM13,XX01", "XX01", "Affiché : Avignon."),
        ("ZZ99,AM13,AM13,NI01,NI02,NI03", "ZZ99", "Affichés : Avignon, Antibes, Cagnes – Vence et Cannes."),
        ("AM01,AM02,AM03,AM04,AM05", "AM05", "Affichés : Digne, Manosque, Briançon et Gap."),
    ],
)
def test_the_basins_left_out_are_named_and_those_kept_too(app_test, asked, left_out, shown):
    text = plain(text_of(app_test("pages/comparer.py", query={"bassins": asked})))
    assert f"« bassins={left_out} »" in text
    assert shown in text
    assert "valeur par défaut" not in text


def test_several_unknown_values_are_all_named(app_test):
    query = {"bassin": "ZZ99", "lecture": "palmares", "annee": "1999"}
    shown = plain(text_of(app_test("pages/carte.py", query=query)))
    assert [f"« {name}={value} »" in shown for name, value in query.items()] == [True, True, True]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value", [MARKUP, "'; DROP TABLE figure; --", "é" * 5000, "\u202e\x00", "{0}{bassin}"]
)
def test_no_value_of_the_address_breaks_a_page_or_becomes_markup(app_test, name, value):
    query = dict.fromkeys(("bassin", "bassins", "indicateur", "annee", "lecture", "projection"), value)
    at = app_test(f"pages/{name}.py", query=query)
    assert not at.exception
    assert not at.error
    for piece in html_of(at):
        assert not read_html(piece).elements & WRITTEN_BY_US
        assert "é" * 100 not in piece  # a long value is shortened


@pytest.mark.parametrize(
    "query",
    [
        {"lecture": "contexte", "indicateur": "ips_college", "annee": "2022", "bassin": "NI06"},
        {"lecture": "observe", "indicateur": "neet_rate", "annee": "2008", "bassin": "AM04"},
        {"lecture": "ecart", "indicateur": "neet_rate", "annee": "2018", "bassin": "AM01"},
        {"lecture": "contexte", "indicateur": "context_index", "bassin": "AM16"},
        {"lecture": "typologie", "indicateur": "neet_rate", "annee": "2018", "bassin": "NI12"},
        {
            "lecture": "observe",
            "indicateur": "neet_rate",
            "annee": "2018",
            "bassin": "AM13",
            "projection": "oui",
        },
    ],
    ids=lambda query: "-".join(query.values()),
)
def test_an_address_is_restored_whole_and_written_back_the_same(app_test, query):
    at = app_test("pages/carte.py", query=query)
    assert dict(at.query_params) == query
    assert "Adresse" not in text_of(at)


def test_an_indicator_alone_chooses_its_own_reading(app_test):
    at = app_test("pages/carte.py", query={"indicateur": "ips_college"})
    assert at.query_params["lecture"] == "contexte"
    assert "Adresse" not in text_of(at)


def test_a_basin_is_known_in_small_letters_too(app_test):
    at = app_test("pages/bassin.py", query={"bassin": "ni06"})
    assert at.query_params["bassin"] == "NI06"
    assert "Nice et vallées" in text_of(at)


@pytest.fixture(scope="module")
def hostile_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the project where two basins are named by someone who wishes harm."""
    data_dir = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "data", data_dir)
    path = data_dir / "territory" / "basins.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row, name in ((rows[0], MARKUP), (rows[12], FORMULA)):
        row["basin_label"] = row["short_label"] = name
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return data_dir


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("projection", [{}, {"projection": "oui"}], ids=["desk", "projected"])
def test_names_carrying_markup_stay_text(app_test, hostile_data_dir, name, projection):
    at = app_test(
        f"pages/{name}.py",
        query={"bassin": "AM01", "bassins": "AM01,AM13", **projection},
        environ={"OBSERVATOIRE_DATA_DIR": str(hostile_data_dir)},
    )
    for piece in html_of(at):
        read = read_html(piece)
        assert not read.elements & WRITTEN_BY_US, piece
        assert not any(attribute.startswith("on") for attribute in read.attributes), piece
    assert not at.exception
    assert not at.error
    if name in ("carte", "bassin", "comparer", "cooperation"):
        assert MARKUP in text_of(at)


def test_a_formula_as_a_name_stays_text_on_the_map_page(app_test, hostile_data_dir):
    at = app_test("pages/carte.py", environ={"OBSERVATOIRE_DATA_DIR": str(hostile_data_dir)})
    assert FORMULA in text_of(at)
    assert defects_of(text_of(at).replace(MARKUP, "")) == []
