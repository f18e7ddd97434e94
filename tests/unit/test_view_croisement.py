"""The page Croisement as a view: what is said, what is hidden, what leaves as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from observatory.domain.campaign import QualityTopic
from observatory.domain.figures import FigureStatus
from observatory.export.svg_matching import calibration_chart, method_chart, overlap_chart
from observatory.export.tables import to_csv
from observatory.french import campaign as words
from observatory.views.campaign import CampaignView
from observatory.views.croisement import build_croisement
from observatory.views.croisement_sheets import croisement_sheets
from tests.made_up_campaigns import made_up_view

DAY = date(2026, 11, 24)
NAMES = tuple(words.SOURCE_LABELS.items())


@pytest.fixture(scope="module")
def campaign() -> CampaignView:
    return made_up_view()


@pytest.fixture(scope="module")
def view(campaign):
    return build_croisement(campaign)


def hidden(quality: pd.DataFrame) -> pd.DataFrame:
    return quality.assign(value=None, value_lower=None, value_upper=None, status="suppressed")


def without(campaign: CampaignView, topic: QualityTopic, *measures: str) -> CampaignView:
    """The campaign as if these measures of a topic had not been published; the whole topic without any."""
    left = {
        item: {name: cell for name, cell in cells.items() if name not in measures}
        for item, cells in campaign.items(topic).items()
        if measures
    }
    return replace(campaign, quality={**campaign.quality, topic: left})


def test_three_sentences_say_what_was_matched_how_surely_and_what_it_changes(view):
    matched, sure, changes = view.sentences
    assert "71\u202f600 fiches lues" in matched
    assert "26\u202f600 fiches des quatre bases" in matched
    assert "80\u202f% ont retrouvé" in matched
    assert sure == (
        "99,9\u202f% des liens faits sont justes ; le rapprochement retrouve 99,4\u202f% des liens à faire, "
        "contre 30,5\u202f% par les noms identiques."
    )
    assert "environ 38 jeunes (de 21 à 60) sont comptés à tort sans solution, soit 2,1\u202f%" in changes


def test_without_a_measure_of_all_links_those_that_were_checked_tell_how_right_they_are(campaign):
    """By band, weighted by their pairs; the bands under 8 are not linked without review."""
    unmeasured = without(campaign, QualityTopic.METHOD, "precision", "recall")
    cells = dict(campaign.items(QualityTopic.CALIBRATION))
    cells["16_plus"] = {
        **cells["8_12"],
        "pairs": replace(cells["8_12"]["pairs"], value=180.0),
        "observed": replace(cells["8_12"]["observed"], value=1.0, lower=0.98, upper=1.0),
    }
    checked = replace(unmeasured, quality={**unmeasured.quality, QualityTopic.CALIBRATION: cells})
    assert (
        build_croisement(checked)
        .sentences[1]
        .startswith("99,8\u202f% des liens faits sans relecture sont justes (de 97,1 à 100,0\u202f%)")
    )
    only_doubtful = {band: cells[band] for band in ("2_4", "4_6")}
    doubtful = replace(unmeasured, quality={**unmeasured.quality, QualityTopic.CALIBRATION: only_doubtful})
    assert "justes" not in build_croisement(doubtful).sentences[1]


def test_when_the_truth_is_not_known_methods_are_compared_by_their_links(campaign):
    real = without(campaign, QualityTopic.METHOD, "precision", "recall", "mission_locale_recall")
    view = build_croisement(real)
    assert "retrouve" not in view.sentences[1]
    assert "les noms identiques seuls n’en font que 31\u202f%" in view.sentences[1]
    assert {one.recall.status for one in view.methods} == {FigureStatus.MISSING}
    assert [round(one.reach or 0, 2) for one in view.methods] == [0.31, 0.91, 1.0, 1.0]
    assert view.methods[-1].reach_text == "19\u202f888"
    nothing = build_croisement(without(without(campaign, QualityTopic.METHOD), QualityTopic.CALIBRATION))
    assert "n’a pas pu être mesurée" in nothing.sentences[1]


def test_without_an_estimate_for_all_the_missed_links_of_the_missions_locales_are_told(campaign):
    cells = dict(campaign.items(QualityTopic.FALSE_DROPOUT))
    del cells["all"]
    view = build_croisement(
        replace(campaign, quality={**campaign.quality, QualityTopic.FALSE_DROPOUT: cells})
    )
    assert view.sentences[2].startswith(
        "Environ 26 fiches de missions locales (de 14 à 41) n’ont pas retrouvé"
    )


def test_pairs_that_wait_and_pairs_that_were_decided_are_told_apart(view, campaign):
    assert view.review_sentence == (
        "266 fiches attendent qu’une personne tranche : elles ne sont pas reliées d’ici là ; "
        "76 ont déjà été tranchées."
    )
    nobody = build_croisement(without(campaign, QualityTopic.REVIEW))
    assert nobody.review == ()
    assert "tranchées" not in nobody.review_sentence


def test_a_base_tells_what_it_brought_and_what_became_of_it(view):
    line = next(one for one in view.sources if one.label == "Missions locales")
    assert (line.rows_in.value, line.refused.value, line.repaired.value, line.rows_out.value) == (
        10_440.0,
        40.0,
        208.0,
        10_400.0,
    )
    assert line.linked.value + line.review.value + line.unlinked.value == line.rows_out.value
    assert line.rate.text == "80\u202f%"


def with_agricultural_hidden(campaign, *statuses):
    cells = {item: dict(found) for item, found in campaign.items(QualityTopic.LINK_STATUS).items()}
    for status in statuses:
        shown = cells["agricultural"][status]
        cells["agricultural"][status] = replace(shown, value=None, status=FigureStatus.SUPPRESSED)
    return build_croisement(replace(campaign, quality={**campaign.quality, QualityTopic.LINK_STATUS: cells}))


def test_a_hidden_part_hides_what_rests_on_it(campaign):
    view = with_agricultural_hidden(campaign, "linked", "unlinked")
    line = next(one for one in view.sources if one.label == "Enseignement agricole")
    assert (line.rate.status, line.rate.text) == (FigureStatus.SUPPRESSED, "secret statistique")
    assert view.sentences[0] == words.HIDDEN


def test_a_few_doubtful_records_that_are_hidden_do_not_hide_the_rate_of_links(view, campaign):
    hidden = with_agricultural_hidden(campaign, "review", "unlinked")
    assert hidden.sentences[0] == view.sentences[0] != words.HIDDEN
    lines = [next(o for o in v.sources if o.label == "Enseignement agricole") for v in (view, hidden)]
    assert lines[0].rate == lines[1].rate


def test_what_is_to_be_corrected_comes_by_frequency_in_words_with_a_remedy(view):
    counts = [one.count.value for one in view.errors]
    assert counts == sorted(counts, reverse=True)
    first = view.errors[0]
    assert (first.source, first.what, first.outcome) == (
        "Missions locales",
        "Date de naissance : diffère de la base élèves",
        "sur 8\u202f320 fiches reliées",
    )
    refused = next(one for one in view.errors if one.outcome == "ligne écartée")
    assert refused.what == "Date de naissance : ce n’est pas une date de la forme annoncée"
    assert refused.remedy == "Corrigez-la"
    assert all(one.outcome == "réparation" for one in view.repairs)


def test_a_reason_that_nobody_translated_is_no_code_on_the_screen(campaign):
    finding = next(iter(campaign.items(QualityTopic.FINDING).values()))
    unknown = {"pupils|refused|quite_new|some_field": finding, "pupils|repaired|quite_new|": finding}
    view = build_croisement(replace(campaign, quality={**campaign.quality, QualityTopic.FINDING: unknown}))
    assert "Autre champ : autre motif" in [one.what for one in view.errors]
    assert [one.what for one in view.repairs] == ["Autre réparation"]


def test_combinations_come_by_size_the_hidden_ones_last(view):
    values = [one.persons.value for one in view.overlap]
    assert values[-1] is None
    assert values[:-1] == sorted(values[:-1], reverse=True)
    labels = [one.label for one in view.overlap]
    assert {"Base élèves seule", "Missions locales seules", "Base élèves et affectation"} <= set(labels)


def test_departements_that_were_not_told_are_missing_and_hidden_ones_hidden(view):
    states = dict(zip(view.by_departement.columns, view.by_departement.rows[0][1], strict=True))
    assert list(states) == ["04", "05", "06", "13", "83", "84"]
    assert states["04"].status is FigureStatus.SUPPRESSED
    assert states["06"].status is FigureStatus.MISSING
    assert (states["13"].text, states["13"].detail) == ("82\u202f%", "de 80 à 84\u202f%")
    assert [label for label, _ in view.by_year.rows] == ["2007", "2008", "2009"]


def test_a_campaign_that_hides_everything_tells_no_number():
    view = build_croisement(made_up_view(change_quality=hidden))
    said = " ".join((*view.sentences, view.review_sentence))
    assert not any(character.isdigit() for character in said)
    for sheet in croisement_sheets(view, DAY):
        numbers = [cell for row in sheet.rows for cell in row if isinstance(cell, int | float)]
        assert numbers == [], sheet.title
    assert {one.persons.text for one in view.overlap} == {"secret statistique"}


def test_a_campaign_that_says_nothing_of_its_quality_is_a_page_all_the_same(campaign):
    view = build_croisement(replace(campaign, quality={}))
    assert view.sentences[0] == words.HIDDEN
    assert (view.errors, view.overlap, view.methods, view.by_year.rows) == ((), (), (), ())
    assert {one.rows_in.status for one in view.sources} == {FigureStatus.MISSING}


def test_every_sheet_of_an_invented_campaign_says_so_and_a_real_one_never(view):
    for sheet in croisement_sheets(view, DAY):
        assert "inventés" in sheet.banner
        assert any("inventés" in note for note in sheet.notes), "a CSV shows no banner"
    real = build_croisement(made_up_view(is_demonstration=False))
    assert all("inventé" not in " ".join((s.banner, *s.notes)) for s in croisement_sheets(real, DAY))


def test_the_flat_table_holds_each_number_once_with_its_bounds(view):
    flat = croisement_sheets(view, DAY)[0]
    keys = [row[:3] for row in flat.rows]
    assert len(keys) == len(set(keys))
    found = {row[:3]: row[3:] for row in flat.rows}
    assert found["Taux de lien par département", "Affectation, 13", "taux de lien"] == (
        82.0,
        80.0,
        84.0,
        "valeur",
    )
    assert found["Taux de lien par département", "Affectation, 04", "taux de lien"] == (
        None,
        None,
        None,
        "secret statistique",
    )
    assert "82,0" in to_csv(flat).decode("utf-8-sig") or ";82;" in to_csv(flat).decode("utf-8-sig")


def test_the_drawings_show_what_is_told_and_a_pattern_for_what_is_hidden(view):
    drawing = overlap_chart(view.overlap, NAMES)
    assert "30\u202f000" in drawing
    assert "url(#hatch" in drawing
    assert drawing.count("<circle") >= 5 * len(view.overlap)
    assert "99,4\u202f%" in method_chart(view.methods)
    assert "de 8 à 12" in calibration_chart(view.calibration)


def test_nothing_to_draw_is_no_error():
    assert overlap_chart((), NAMES).startswith("<svg")
    assert method_chart(()).startswith("<svg")
    assert calibration_chart(()).startswith("<svg")


def test_a_rate_on_few_records_is_no_rate_and_a_year_without_any_is_left_out(campaign):
    cells = {item: dict(found) for item, found in campaign.items(QualityTopic.MATCH_BIRTH_YEAR).items()}
    cells["affectation|2008"]["records"] = replace(cells["affectation|2008"]["records"], value=19.0)
    for source in ("affectation", "apprenticeship", "agricultural", "mission_locale"):
        cells[f"{source}|2009"]["records"] = replace(cells[f"{source}|2009"]["records"], value=3.0)
    quality = {**campaign.quality, QualityTopic.MATCH_BIRTH_YEAR: cells}
    rows = dict(build_croisement(replace(campaign, quality=quality)).by_year.rows)
    assert list(rows) == ["2007", "2008"]
    assert rows["2008"][0].status is FigureStatus.NOT_APPLICABLE
    assert rows["2008"][1].text == "81\u202f%"


def test_nearly_all_is_never_told_as_all(campaign):
    cells = {item: dict(found) for item, found in campaign.items(QualityTopic.METHOD).items()}
    of_ours = cells["splink"]["precision"]
    cells["splink"]["precision"] = replace(of_ours, value=0.999967, lower=0.99985, upper=0.999985)
    view = build_croisement(replace(campaign, quality={**campaign.quality, QualityTopic.METHOD: cells}))
    assert view.sentences[1].startswith("Plus de 99,9\u202f% des liens faits sont justes ;")
    assert view.methods[-1].precision.text == "plus de 99,99\u202f%"
