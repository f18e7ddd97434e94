"""The pages with a campaign, without any, and with one that is all hidden."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from observatory.config import current_settings
from observatory.store.campaigns import empty_demonstration_campaigns, write_campaign
from observatory.store.engine import open_store
from tests.made_up_campaigns import header, quality
from tests.pages.screen import defects_of, plain, text_of
from tests.region_campaign import hidden, region_figures

BANNER = "la campagne et"
PAGES = {
    "accueil": "pages/accueil.py",
    "bassin": "pages/bassin.py",
    "comparer": "pages/comparer.py",
    "carte": "pages/carte.py",
}
FILES = {**PAGES, "methode": "pages/methode.py"}
RATE = "leaver_without_solution_rate"


def publish(var_dir: Path, monkeypatch, figures: pd.DataFrame | None) -> None:
    """Put a campaign, or none, into a copy of the database."""
    monkeypatch.setenv("OBSERVATOIRE_VAR_DIR", str(var_dir))
    current_settings.cache_clear()
    engine = open_store(current_settings())
    try:
        empty_demonstration_campaigns(engine)
        if figures is not None:
            write_campaign(engine, header(is_demonstration=True), figures, quality())
    finally:
        engine.dispose()


@pytest.fixture
def show(app_test, copies, monkeypatch):
    """A page on a database with the campaign ``figures``."""

    def run(page: str, figures: pd.DataFrame | None, **query: str):
        publish(copies.var_dir("normal"), monkeypatch, figures)
        if page == "carte" and figures is not None:
            query = {"lecture": "observe", "indicateur": RATE, **query}
        at = app_test(FILES[page], query=query)
        assert not at.exception
        return at

    return run


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("projection", ["non", "oui"])
@pytest.mark.parametrize("state", ["campaign", "none", "hidden"])
def test_a_page_is_fit_to_be_shown_with_a_campaign_without_and_with_a_hidden_one(
    show, page, projection, state
):
    figures = {"campaign": region_figures(), "none": None, "hidden": hidden(region_figures())}[state]
    assert defects_of(text_of(show(page, figures, projection=projection))) == []


@pytest.mark.parametrize("page", PAGES)
def test_an_invented_campaign_is_marked_on_every_page_that_uses_it(show, page):
    assert BANNER in text_of(show(page, region_figures()))


@pytest.mark.parametrize("page", PAGES)
def test_without_a_campaign_nothing_speaks_of_an_invented_one(show, page):
    assert BANNER not in text_of(show(page, None))


@pytest.mark.parametrize("state", ["campaign", "hidden"])
def test_the_method_defines_the_rates_of_the_campaign(show, state):
    figures = region_figures() if state == "campaign" else hidden(region_figures())
    text = text_of(show("methode", figures, indicateur=RATE))
    assert defects_of(text.replace(RATE, "")) == []
    assert "la campagne se lit à côté" in text


def test_the_home_page_tells_the_path_of_the_young_people(show):
    text = plain(text_of(show("accueil", region_figures())))
    assert "Sans diplôme ni solution :" in text
    assert "28 bassins sur 28" in text
    assert "Situation inconnue" in text


def test_a_hidden_campaign_shows_its_sign_and_no_count(show):
    text = text_of(show("accueil", hidden(region_figures())))
    assert text.count("secret statistique") >= 6
    assert "0 bassin sur 28" in text


def test_the_home_page_says_in_one_line_that_no_campaign_was_published(show):
    assert text_of(show("accueil", None)).count("Aucune campagne n’a encore été publiée") == 1


def test_the_sheet_tells_the_path_the_rates_and_the_groups_of_its_basin(show):
    text = plain(text_of(show("bassin", region_figures(), bassin="NI12")))
    for told in ("Sortants sans solution", "Délai médian d’accueil", "74 jours", "16-17 ans", "CFA"):
        assert told in text


def test_the_switch_on_the_unknown_moves_them_and_the_rate_of_the_three_areas(show):
    at = show("bassin", region_figures(), bassin="NI12")
    before = text_of(at)
    at.session_state["sheet_unknown"] = "tous sans solution"
    at.run()
    assert not at.exception
    assert text_of(at) != before
    assert "0\u202f% des signalés" in text_of(at)


def test_where_the_counts_are_hidden_there_is_no_switch(show):
    at = show("bassin", hidden(region_figures(), ["NI12"]), bassin="NI12")
    assert "sheet_unknown" not in {group.key for group in at.button_group}
    assert "secret statistique" in text_of(at)


def test_the_sheet_says_in_one_line_that_no_campaign_was_published(show):
    assert text_of(show("bassin", None)).count("Aucune campagne n’a encore été publiée") == 1


def test_comparer_charts_a_rate_of_the_campaign(show):
    query = {"bassins": "NI12,AM16", "indicateur": RATE}
    text = plain(text_of(show("comparer", region_figures(), **query)))
    assert "Sortants sans diplôme ni solution (démonstration)" in text
    assert "Rangs plausibles" in text
    assert "Données réelles, sauf la campagne, inventée" in text


def test_an_address_that_asks_for_a_campaign_that_is_not_there_is_refused_in_words(show):
    text = text_of(show("comparer", None, indicateur=RATE))
    assert "indicateur inconnu" in text


def test_on_a_projector_the_campaign_has_its_own_screen_and_its_banner_there(show):
    at = show("comparer", region_figures(), projection="oui", bassins="NI12,AM16")
    assert "campagne" not in text_of(at)
    at.button(key="step_on").click().run()
    assert "Campagne de novembre 2026, provisoire" in text_of(at)
    assert "inventés" in text_of(at)


def test_the_map_tells_a_rate_with_its_interval_its_unknown_and_its_edition(show):
    text = plain(text_of(show("carte", region_figures(), bassin="NI12")))
    assert re.search(r"intervalle à 95 % : de", text)
    assert "inconnus : " in text
    assert "campagne provisoire, démonstration" in text
    assert "données inventées" in text


def test_the_map_shows_the_census_until_a_rate_of_the_campaign_is_chosen(show):
    at = show("carte", region_figures(), indicateur="neet_rate")
    assert "Données réelles." in text_of(at)
    assert BANNER not in text_of(at)


@pytest.mark.parametrize("page", PAGES)
def test_without_the_demonstration_no_page_uses_an_invented_campaign(app_test, page):
    at = app_test(PAGES[page], environ={"OBSERVATOIRE_DEMO": "non"})
    assert not at.exception
    assert "inventé" not in text_of(at)
    assert "démonstration" not in text_of(at)
