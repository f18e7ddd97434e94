"""Every page in every state of the database: something that must be there, and nothing that may not be."""

from __future__ import annotations

import re
import shutil

import pytest

from observatory.config import PROJECT_ROOT
from observatory.french.glossary import CITATIONS
from observatory.french.typography import bind
from observatory.ui.router import PAGES
from observatory.views.selection import Chapter
from tests.pages.screen import defects_of, plain, text_of

FILES = [f"pages/{page.file}.py" for page in PAGES]
NAMES = [page.file for page in PAGES]

NORMAL = {
    "accueil": (
        "17,9\u202f%",
        "d’Avignon, d’Orange et de Draguignan",
        "ne s’écarte notablement",
        "des liens renseignés",
    ),
    "carte": (
        "Avignon, Orange et Draguignan",
        "21,4\u202f%",
        "25 bassins sur 28",
        "zone plus large",
        "Briançon",
    ),
    "bassin": (
        "Chiffres clés",
        "21,4\u202f%",
        "parmi les trois plus élevés des 25 bassins",
        "18\u202f773\u202f€",
    ),
    "comparer": ("Tableau de comparaison", "Avignon", "Digne", "Région", "plus exposé que la région"),
    "cooperation": ("Qui travaille avec qui", "non renseigné", "Sujets pour la réunion", "décident ensemble"),
    "croisement": ("Le croisement est-il fiable ?",),
    "methode": (
        "Insee",
        "Licence Ouverte",
        "25 sur 28",
        "17,9\u202f%",
        "ne se confond pas avec les sortants",
    ),
}
SUPPRESSED = {
    "accueil": ("aucun chiffre ne peut être montré", "trop peu de bassins ont les deux chiffres"),
    "carte": ("secret statistique", "une valeur propre", "Briançon"),
    "bassin": (
        "Jeunes ni en emploi ni en formation : secret statistique",
        "indice non calculé",
        "aucun point",
    ),
    "comparer": ("rien à comparer", "secret statistique", "Rangs non calculables"),
    "cooperation": ("Qui travaille avec qui", "non renseigné"),
    "croisement": ("Le croisement est-il fiable ?",),
    "methode": ("Insee", "Licence Ouverte"),
}
EMPTY = "Aucun chiffre n’est encore chargé"
A_FIGURE = re.compile(r"\d,\d|\d\u202f(?:%|€|km)")
NOT_A_FIGURE = re.compile(
    r"à 9[59](?:,8)?[\u202f ]%|5-95[\u202f ]%|\d+ sur 42 \(\d+[\u202f ]%\)|renseignée?s? à \d+[\u202f ]%"
    r"|\d+[\u202f ]% des liens renseignés"
)
"""Confidence levels, and the completeness of the inventory, which counts declarations and no person."""


def is_declared(text: str) -> str:
    """``text`` without the numbers that are no figure of the observatory."""
    return NOT_A_FIGURE.sub(" ", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_with_its_figures_says_what_it_must_in_french(app_test, name):
    at = app_test(f"pages/{name}.py")
    text = text_of(at)
    assert [wanted for wanted in NORMAL[name] if plain(wanted) not in plain(text)] == []
    assert defects_of(text) == []
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("basin", ["AM10", "AM03", "NI09"], ids=["wider area", "small basin", "long name"])
def test_a_page_is_whole_for_a_basin_out_of_the_ordinary(app_test, name, basin):
    at = app_test(f"pages/{name}.py", query={"bassin": basin, "bassins": f"{basin},AM12,NI05"})
    assert defects_of(text_of(at)) == []
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize(
    "query",
    [
        {"lecture": reading, **({"indicateur": indicator} if indicator else {})}
        for reading, indicators in {
            "contexte": ("context_index", "median_income", "ips_college", "service_distance_km"),
            "observe": ("neet_rate",),
            "ecart": ("",),
            "typologie": ("",),
            "cooperation": ("",),
            "priorites": ("",),
        }.items()
        for indicator in indicators
    ],
    ids=lambda query: "-".join(query.values()),
)
@pytest.mark.parametrize("state", ["normal", "suppressed"])
@pytest.mark.parametrize("projection", [{}, {"projection": "oui"}], ids=["desk", "projected"])
def test_every_reading_of_the_map_is_whole_in_every_state(app_test, query, state, projection):
    at = app_test("pages/carte.py", query={**query, **projection}, state=state)
    text = text_of(at)
    assert defects_of(text) == []
    assert "Avignon" in text
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("state", ["normal", "suppressed"])
def test_a_projected_page_is_whole(app_test, name, state):
    at = app_test(f"pages/{name}.py", query={"projection": "oui"}, state=state)
    text = text_of(at)
    assert defects_of(text) == []
    assert "Quitter la projection" in text
    assert not at.exception


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_any_figure_says_so_and_how_to_load_them(app_test, name):
    at = app_test(f"pages/{name}.py", state="empty")
    text = text_of(at)
    assert EMPTY in text
    assert "make run" in text
    assert A_FIGURE.search(is_declared(text)) is None
    assert not at.exception


@pytest.mark.parametrize("name", NAMES)
def test_a_page_whose_figures_are_all_suppressed_shows_none_of_them(app_test, name):
    at = app_test(f"pages/{name}.py", state="suppressed")
    text = text_of(at)
    assert [wanted for wanted in SUPPRESSED[name] if plain(wanted) not in plain(text)] == []
    assert defects_of(text) == []
    assert not at.exception
    if name != "methode":  # its formulas are worked out on an example
        assert A_FIGURE.search(is_declared(text)) is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("state", "said"), [("damaged", "est abîmée ou n’est pas une base"), ("unreachable", "ne répond pas")]
)
def test_a_page_whose_database_cannot_be_read_is_one_french_sentence(app_test, name, state, said):
    at = app_test(f"pages/{name}.py", state=state)
    (error,) = at.error
    assert said in error.value
    assert re.fullmatch(r"[A-Z][^.«/]*[a-zé]\.", error.value), "no place on the server is named"
    sentence = text_of(at)
    assert defects_of(sentence) == []
    assert A_FIGURE.search(sentence) is None
    assert not at.exception


@pytest.mark.parametrize(("content", "fault"), [(None, "manque"), ("{", "est illisible ou incomplet")])
@pytest.mark.parametrize("name", ["carte", "accueil", "bassin"])
def test_a_page_without_the_names_of_its_geometry_is_told_in_french(app_test, tmp_path, name, content, fault):
    data_dir = tmp_path / "data"
    shutil.copytree(PROJECT_ROOT / "data", data_dir)
    names = data_dir / "territory" / "geometry.json"
    names.unlink() if content is None else names.write_text(content, encoding="utf-8")
    at = app_test(f"pages/{name}.py", environ={"OBSERVATOIRE_DATA_DIR": str(data_dir)})
    assert not at.exception
    said = {plain(error.value).split(" ;")[0] for error in at.error}
    assert said == {f"Le fichier « geometry.json » {fault}"}


def test_a_database_kept_by_another_program_is_one_french_sentence(app_test):
    at = app_test("pages/carte.py", state="locked")
    (error,) = at.error
    assert "est occupée par un autre programme" in error.value
    assert defects_of(re.sub("«.*?»", "«»", text_of(at))) == []
    assert not at.exception


@pytest.mark.parametrize("name", NAMES)
def test_without_demonstration_no_page_shows_a_banner_or_an_invented_record(app_test, name):
    at = app_test(f"pages/{name}.py", environ={"OBSERVATOIRE_DEMO": "non"})
    text = text_of(at)
    assert "Données de démonstration" not in text
    assert "est inventé" not in text
    for invented in ("L’échange passe par des contacts personnels", "PJJ à propos de CIO : 1", "9 sur 42"):
        assert invented not in text
    assert defects_of(text) == []
    assert not at.exception


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("accueil", {}),
        ("bassin", {}),
        ("cooperation", {}),
        ("cooperation", {"projection": "oui"}),
        ("carte", {"lecture": "priorites", "projection": "oui"}),
    ],
)
def test_a_screen_with_an_invented_record_always_carries_the_banner(app_test, name, query):
    assert "Données de démonstration" in text_of(app_test(f"pages/{name}.py", query=query))


@pytest.mark.parametrize("chapter", Chapter)
@pytest.mark.parametrize("state", ["normal", "suppressed"])
def test_every_chapter_of_the_method_has_its_address_and_is_whole(app_test, chapter, state):
    at = app_test("pages/methode.py", state=state, query={"rubrique": chapter.value})
    assert at.query_params.get("rubrique", "chiffres") == chapter.value
    text = text_of(at)
    for work in CITATIONS:  # a title is quoted in its own language
        text = text.replace(bind(work), "")
    assert defects_of(text) == []
    assert not at.exception
    assert not at.error
    assert len(text) > 400


@pytest.mark.parametrize("reading", ["cooperation", "priorites"])
@pytest.mark.parametrize("demo", ["oui", "non"])
def test_the_map_carries_the_banner_in_the_readings_that_use_invented_records_only(app_test, reading, demo):
    environ = {"OBSERVATOIRE_DEMO": demo}
    shown = text_of(app_test("pages/carte.py", query={"lecture": reading}, environ=environ))
    assert ("Données de démonstration" in shown) is (demo == "oui")
    other = text_of(app_test("pages/carte.py", query={"lecture": "ecart"}, environ=environ))
    assert "Données de démonstration" not in other
