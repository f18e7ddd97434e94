"""The path of the young people: what is told of it, what the unknown change, what stays hidden."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureStatus
from observatory.french.numbers import NNBSP
from observatory.views.accueil import build_accueil
from observatory.views.campaign_path import STEPS, Assumption, campaign_path, without_return
from tests.made_up_campaigns import made_up_view
from tests.region_campaign import hidden, region_figures, region_view
from tests.unit.observatory_factory import make_observatory


@pytest.fixture(scope="module")
def avignon():
    return made_up_view()


def counts(path):
    return {step.measure: step.count.text for step in path.steps}


def test_the_parts_lie_end_to_end_under_the_whole(avignon):
    steps = {step.measure: step for step in campaign_path(avignon, "AM13").steps}
    assert (steps[Measure.SIGNALLED].start, steps[Measure.SIGNALLED].length) == (0.0, 1.0)
    end = 0.0
    for measure in (Measure.FOUND_IN_TRAINING, Measure.UNKNOWN, Measure.FOLLOWED, Measure.WITHOUT_SOLUTION):
        assert steps[measure].start == pytest.approx(end)
        end += steps[measure].length
    assert end == pytest.approx(1.0)


def test_the_unknown_all_without_solution_move_to_the_dropouts_and_to_the_rate(avignon):
    path = campaign_path(avignon, "AM13", Assumption.ALL)
    told = counts(path)
    assert (told[Measure.UNKNOWN], told[Measure.DROPOUT], told[Measure.WITHOUT_SOLUTION]) == (
        "0",
        "180",
        "130",
    )
    assert path.rate.text == f"2,1{NNBSP}%"


def test_the_unknown_none_without_solution_leave_the_published_rate(avignon):
    path = campaign_path(avignon, "AM13", Assumption.NONE)
    told = counts(path)
    assert (told[Measure.UNKNOWN], told[Measure.WITHOUT_SOLUTION]) == ("0", "70")
    assert path.rate.text == campaign_path(avignon, "AM13").rate.text == f"1,1{NNBSP}%"


def test_the_unknown_are_told_beside_the_rate_with_both_bounds(avignon):
    assert campaign_path(avignon, "AM13").bounds == (
        f"20{NNBSP}% des signalés sont inconnus : le taux irait de 1,1{NNBSP}% si aucun n’était sans "
        f"solution à 2,1{NNBSP}% si tous l’étaient."
    )


def test_an_assumption_on_hidden_counts_changes_nothing(avignon):
    assert campaign_path(avignon, "AM01", Assumption.ALL) == campaign_path(avignon, "AM01")
    assert not campaign_path(avignon, "AM01").can_suppose


def test_what_was_not_transmitted_is_told_apart_from_what_is_hidden(avignon):
    states = {step.count.status for step in campaign_path(avignon, "NI01").steps}
    assert states == {FigureStatus.MISSING}
    assert {step.count.status for step in campaign_path(avignon, "AM01").steps} == {FigureStatus.SUPPRESSED}


def test_zero_is_a_value():
    campaign = region_view(lambda f: f.assign(value=f["value"].mask(f["measure"] == "unknown", 0.0)))
    step = next(s for s in campaign_path(campaign, "REG93").steps if s.measure is Measure.UNKNOWN)
    assert (step.count.text, step.count.status, step.length) == ("0", FigureStatus.VALUE, 0.0)


@settings(max_examples=20)
@given(st.sets(st.sampled_from(sorted(m.value for m in STEPS)), min_size=1), st.sampled_from(Assumption))
def test_no_count_that_is_hidden_is_told_nor_drawn(names, assumption):
    figures = region_figures()
    published = figures[(figures["area_code"] == "NI12") & (figures["breakdown"] == "all")]
    secret = dict(zip(published["measure"], published["value"], strict=True))
    campaign = region_view(lambda f: hidden(f[f["area_code"] == "NI12"], None, names))
    path = campaign_path(campaign, "NI12", assumption)
    for step in path.steps:
        if step.measure.value in names:
            assert (step.count.text, step.share, step.length) == ("", "", 0.0)
            assert step.count.status is FigureStatus.SUPPRESSED
    others = {round(value) for name, value in secret.items() if name not in names}
    said = {int(number) for number in re.findall(r"(?<![\d,])\d+(?![\d,])", path.sentence.replace(NNBSP, ""))}
    shares = {round(100 * a / b) for a in others for b in others if b}
    assert not {round(secret[name]) for name in names} & (said - others - shares)


def test_basins_that_have_not_returned_make_the_region_incomplete():
    campaign = region_view(lambda f: hidden(f, ["AM16", "NI12"], status="missing"))
    assert without_return(campaign) == ("AM16", "NI12")
    assert "deux bassins ne sont pas remontés" in campaign_path(campaign, "REG93").note
    assert campaign_path(region_view(), "REG93").note == ""


# --- home page -------------------------------------------------------------------------------------------


def test_the_home_page_counts_the_basins_with_a_rate_and_says_why_the_others_have_none():
    campaign = region_view(lambda f: hidden(hidden(f, ["AM01"], status="missing"), ["AM02"]))
    view = build_accueil(replace(make_observatory(), campaign=campaign))
    block = next(b for b in view.blocks if b.title == "Remontées de campagne")
    assert block.headline == "3 bassins sur 5"
    assert "un sous le secret statistique et un non transmis" in block.text
    assert "novembre 2026, provisoire" in block.text
    assert block.is_demonstration


def test_the_home_page_says_the_campaign_with_its_interval_and_its_unknown():
    view = build_accueil(replace(make_observatory(), campaign=region_view()))
    assert re.search(r"Sans diplôme ni solution : 1,\d.% des inscrits de 16 ans et plus \(de", view.path_rate)
    assert "des signalés sont inconnus" in view.path.bounds
    assert "données inventées" in view.source


def test_a_campaign_all_hidden_shows_no_number_of_young_people():
    view = build_accueil(replace(make_observatory(), campaign=region_view(hidden)))
    assert view.path_rate == "Part des inscrits sans diplôme ni solution : secret statistique."
    assert not any(step.count.text for step in view.path.steps)
    assert view.path.sentence == "Le nombre de jeunes signalés comme sortis sans diplôme n’est pas diffusé."


def test_without_a_campaign_the_home_page_has_no_path():
    view = build_accueil(make_observatory())
    assert (view.path, view.has_invented_campaign) == (None, False)
    assert view.source.endswith("Données réelles.")
