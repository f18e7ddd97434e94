"""The page Croisement without a browser: with a campaign, without one, all hidden."""

from __future__ import annotations

import pytest

from observatory.config import current_settings
from observatory.store.campaigns import write_campaign
from observatory.store.engine import open_store
from observatory.views.selection import Facet
from tests.made_up_campaigns import figures, header, quality
from tests.pages.screen import defects_of, plain, text_of

PAGE = "pages/croisement.py"
SAID = {
    Facet.SUMMARY: (
        "71 600 fiches lues",
        "environ 38 jeunes (de 21 à 60)",
        "secret statistique",
        "Fiches reliées",
    ),
    Facet.SOURCES: (
        "Sources chargées",
        "Date de naissance : diffère de la base élèves",
        "Réparé à la lecture",
    ),
    Facet.LINKS: (
        "Taux de lien par département",
        "Paires douteuses",
        "76 ont déjà été tranchées",
        "de 80 à 84 %",
    ),
    Facet.OVERLAP: ("Missions locales seules", "Base élèves, affectation et missions locales"),
    Facet.TRUST: ("30,5 %", "Calibrage", "de 8 à 12", "Laissés hors des chiffres", "de 21 à 60"),
}
FAR = {
    Facet.SUMMARY: "71 600 fiches lues",
    Facet.SOURCES: "Lignes lues",
    Facet.LINKS: "de 80 à 84 %",
    Facet.OVERLAP: "30 000",
    Facet.TRUST: "contre 30,5 % par les noms identiques",
}


@pytest.fixture
def with_campaign(app_test, request):
    """A page on a database that holds the campaign of these frames: a real one takes the invented away."""

    def run(query=None, *, is_demonstration=False, change=lambda frame: frame):
        app_test(PAGE, query=query)
        engine = open_store(current_settings())
        request.addfinalizer(engine.dispose)
        write_campaign(
            engine,
            header("2030-11", is_demonstration=is_demonstration),
            change(figures()),
            change(quality()),
        )
        return app_test(PAGE, query=query)

    return run


def hide(frame):
    return frame.assign(value=None, value_lower=None, value_upper=None, status="suppressed")


def assert_whole(at) -> str:
    text = text_of(at)
    assert defects_of(text) == []
    assert not at.exception
    assert not at.error
    return plain(text).replace("\u202f", " ")


@pytest.mark.parametrize("facet", list(Facet))
def test_each_facet_says_what_it_must(with_campaign, facet):
    text = assert_whole(with_campaign({"volet": facet.value}))
    assert [wanted for wanted in SAID[facet] if wanted not in text] == []
    assert "Campagne de novembre 2030 (provisoire)" in text
    assert "inventé" not in text


@pytest.mark.parametrize("facet", list(Facet))
def test_each_facet_is_a_screen_of_the_projection(with_campaign, facet):
    at = with_campaign({"volet": facet.value, "projection": "oui"})
    text = assert_whole(at)
    assert FAR[facet] in text
    assert f"{list(Facet).index(facet) + 1} / 5" in text
    next(button for button in at.button if button.key == "step_on").click().run()
    following = list(Facet)[(list(Facet).index(facet) + 1) % 5]
    assert FAR[following] in assert_whole(at)


@pytest.mark.parametrize("facet", list(Facet))
@pytest.mark.parametrize("projection", [{}, {"projection": "oui"}], ids=["desk", "projected"])
def test_a_campaign_all_hidden_shows_no_number_of_it(with_campaign, facet, projection):
    text = assert_whole(with_campaign({"volet": facet.value, **projection}, change=hide))
    for number in ("71 600", "45 000", "30 000", "80 %", "99,3", "30,5", "de 21 à 60"):
        assert number not in text


def test_without_a_campaign_the_page_says_what_to_run(app_test):
    at = app_test(PAGE, environ={"OBSERVATOIRE_DEMO": "non"})
    text = assert_whole(at)
    assert "Aucune campagne de croisement n’est encore publiée" in text
    assert "python -m observatory.pipeline publish" in text
    assert "inventé" not in text
    assert not at.get("download_button")


def test_a_campaign_is_named_among_the_versions(with_campaign, app_test):
    with_campaign()
    text = text_of(app_test("pages/methode.py", query={"rubrique": "sources"}))
    assert "Campagne de novembre 2030 (provisoire)" in text


def test_an_unknown_facet_is_named_and_the_first_one_shown(with_campaign):
    text = text_of(with_campaign({"volet": "ailleurs"}))
    assert "volet=ailleurs" in text
    assert "Fiches reliées" in text


def test_the_choice_of_a_facet_changes_what_is_shown(with_campaign):
    at = with_campaign()
    assert "Calibrage" not in text_of(at)
    at.segmented_control(key="croisement_facet").set_value("Justesse").run()
    assert "Calibrage" in text_of(at)
