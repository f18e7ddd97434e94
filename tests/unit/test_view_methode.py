"""What the page Méthode says of the figures, and what another choice of dimensions would give."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Catalogue
from observatory.export.tables import to_csv, to_xlsx
from observatory.french import glossary, texts
from observatory.french.typography import bind
from observatory.stats.index_inputs import context_index_inputs
from observatory.ui import methode_sections
from observatory.ui.signs import state_sign
from observatory.views.methode import (
    build_coverage,
    build_detail,
    build_entries,
    build_limits,
    build_sources,
    catalogue_sheet,
    coverage_sheet,
    figure_sheet,
    regression_sentence,
    risk_sheets,
    source_sheet,
)
from observatory.views.methode_index import build_index, build_what_if
from observatory.views.observatory import Observatory
from tests.unit.computed_observatory import (
    CATALOGUE,
    context_figures,
    figure,
    make_basins,
    make_observatory,
    region_figure,
)

HOSTILE = '<img src=x onerror="alert(1)">'
DIMENSIONS = list(CATALOGUE.dimensions)


@pytest.fixture(scope="module")
def complete() -> Observatory:
    """Twelve basins with every context figure."""
    basins = make_basins(12)
    return make_observatory(basins, figures=context_figures(basins))


@pytest.fixture(scope="module")
def without_families() -> Observatory:
    """Sixteen basins, four of which lack the figure of the dimension Familles."""
    basins = make_basins(16)
    lacking = list(basins)[:4]
    figures = [
        {**row, "status": "insufficient_coverage", "coverage": 0.3}
        if row["indicator_code"] == "single_parent_share" and row["area_code"] in lacking
        else row
        for row in context_figures(basins)
    ]
    return make_observatory(basins, figures=figures)


class TestCatalogue:
    def test_without_a_word_every_indicator_is_listed_in_the_order_of_the_catalogue(self):
        assert [e.code for e in build_entries(make_observatory())] == list(CATALOGUE.indicators)

    @pytest.mark.parametrize("search", ["BREVET", "réussite brevet", "reussite"])
    def test_accents_and_capitals_do_not_count_and_every_word_must_be_there(self, search):
        assert [e.code for e in build_entries(make_observatory(), search)] == ["dnb_success_rate"]

    def test_the_producer_and_the_dimension_are_searched_too(self):
        assert [e.code for e in build_entries(make_observatory(), "cnaf iris")] == ["single_parent_share"]
        assert "ips_college" in [e.code for e in build_entries(make_observatory(), "scolarite")]

    def test_a_word_that_is_nowhere_finds_nothing(self):
        assert build_entries(make_observatory(), "xylophone") == ()

    @given(st.text(max_size=20))
    @settings(max_examples=30)
    def test_any_search_gives_a_part_of_the_catalogue(self, search):
        found = [e.code for e in build_entries(OBSERVATORY, search)]
        assert [c for c in CATALOGUE.indicators if c in found] == found

    @pytest.mark.parametrize("code", list(CATALOGUE.indicators))
    def test_every_indicator_says_what_it_is_what_it_rests_on_and_where_it_comes_from(self, code):
        view = build_detail(OBSERVATORY, code)
        assert all(text for _, text in view.terms)
        assert view.caveats
        assert [s.code for s in view.sources] == list(CATALOGUE.indicators[code].source_codes)
        assert [row.year for row in view.years] == sorted(CATALOGUE.indicators[code].years, reverse=True)

    def test_a_series_break_is_said(self):
        years = dict(build_detail(OBSERVATORY, "ips_college").terms)["Années"]
        assert years == "2022. Série rompue en 2022."

    def test_an_address_is_a_link_only_when_it_is_one(self):
        for source in build_sources(OBSERVATORY):
            assert source.address == "" or source.address.startswith("https://")
            assert " " not in source.address
            assert source.retrieved_on == "23 novembre 2026"


class TestCoverage:
    def test_lowest_and_median_coverage_are_those_of_the_basins_whatever_their_state(self):
        figures = [
            figure("AM01", "vocational_share", 0.2, coverage=0.4, status="insufficient_coverage"),
            figure("AM02", "vocational_share", 0.3, coverage=0.9),
            region_figure("vocational_share", 0.25, coverage=0.1),
        ]
        (row,) = build_detail(make_observatory(figures=figures), "vocational_share").years
        assert (row.resolved, row.lowest, row.middle) == ("1 sur 3", "40\u202f%", "65\u202f%")
        assert row.others == "non transmis : 1, couverture insuffisante : 1"
        assert row.region == "25,0\u202f%"

    def test_every_indicator_and_year_has_its_line_even_without_any_figure(self):
        rows = build_coverage(OBSERVATORY)
        assert len(rows) == sum(len(i.years) for i in CATALOGUE.indicators.values())
        assert {(r.resolved, r.lowest, r.region) for r in rows} == {("0 sur 3", "–", "–")}

    def test_a_regional_figure_under_secrecy_is_not_told(self):
        row = region_figure("neet_rate", 0.2, status="suppressed", note="suppressed")
        assert build_detail(make_observatory(figures=[row]), "neet_rate").years[0].region == "–"


class TestLimits:
    def test_communes_and_inhabitants_are_counted_by_confidence(self):
        places = [
            {"commune_code": str(i), "basin_code": "AM01", "confidence": level, "population": people}
            for i, (level, people) in enumerate([("high", 700), ("low", 200), ("low", 100)])
        ]
        view = build_limits(make_observatory(communes=places))
        assert view.sentence.startswith("2 communes et arrondissements sur 3")
        assert [(line.communes, line.population) for line in view.confidence] == [
            ("1", "70\u202f%"),
            ("0", "0\u202f%"),
            ("2", "30\u202f%"),
        ]

    def test_the_basins_least_sure_are_named_with_what_is_known(self):
        basins = make_basins(reliability="uncertain_limits", evidence="Deux CIO réunis")
        assert build_limits(make_observatory(basins)).doubtful == (("Bassin 1", "Deux CIO réunis"),)


class TestIndex:
    def test_dimensions_weigh_the_same_and_say_how_many_basins_lack_them(self, without_families):
        view = build_index(without_families)
        assert view.sentence == "12 bassins sur 16 ont un indice de contexte"
        assert {row.weight for row in view.dimensions} == {"20\u202f%"}
        assert {row.code: row.missing for row in view.dimensions if row.missing != "aucun"} == {
            "families": "quatre bassins"
        }

    def test_a_value_brought_back_to_a_fence_is_told_in_its_own_unit(self):
        basins = make_basins(12)
        figures = [
            {**row, "value": 90.0}
            if (row["area_code"], row["indicator_code"]) == ("AM01", "service_distance_km")
            else row
            for row in context_figures(basins)
        ]
        (sentence,) = build_index(make_observatory(basins, figures=figures)).winsorised
        # The others lie at 0.51 to 0.61: quartiles 0.5375 and 0.5925, fence 0.5925 + 3 x 0.055 = 0.7575.
        assert "Bassin 1 : 90,0\u202fkm, ramené à 0,8\u202fkm." in sentence

    def test_nothing_brought_back_is_said_too(self, complete):
        assert build_index(complete).winsorised == ()
        assert "Aucune valeur" in methode_sections.index(build_index(complete))


class TestWhatIf:
    def test_with_every_dimension_it_is_the_published_index(self, complete):
        view = build_what_if(complete, DIMENSIONS)
        assert all(row.before == row.after and row.before is not None for row in view.rows)
        assert view.title == "Avec toutes les dimensions, 12 bassins sur 12 ont un indice"

    def test_dropping_the_dimension_that_basins_lack_gives_them_an_index(self, without_families):
        view = build_what_if(without_families, [d for d in DIMENSIONS if d != "families"])
        assert (view.count_before, view.count_after) == (12, 16)
        assert view.title == "Sans « Familles », 16 bassins sur 16 ont un indice, contre 12 aujourd’hui"
        assert "ne se comparent pas" in view.note
        assert sum(row.before is None for row in view.rows) == 4

    def test_a_basin_without_index_says_what_it_lacks_and_comes_last(self, without_families):
        view = build_what_if(without_families, DIMENSIONS)
        assert [row.reason for row in view.rows[-4:]] == ["manque : familles"] * 4
        assert all(row.after is not None for row in view.rows[:-4])

    def test_no_dimension_gives_no_index_and_no_failure(self, complete):
        view = build_what_if(complete, [])
        assert (view.title, view.count_after) == ("Aucun indice avec ce choix", 0)
        assert {row.reason for row in view.rows} == {"aucune dimension retenue"}

    def test_too_few_complete_basins_give_no_index(self):
        basins = make_basins(4)
        view = build_what_if(make_observatory(basins, figures=context_figures(basins)), DIMENSIONS)
        assert {row.reason for row in view.rows} == {"trop peu de bassins complets pour un indice"}

    def test_the_most_exposed_basin_comes_first(self, complete):
        view = build_what_if(complete, ["income"])
        assert view.rows[0].label == "Bassin 12"
        assert view.rows[0].after is not None
        assert view.rows[0].after.text == "1er"

    @pytest.mark.parametrize("dropped", DIMENSIONS)
    def test_ranks_stay_among_the_basins_that_have_an_index(self, without_families, dropped):
        view = build_what_if(without_families, [d for d in DIMENSIONS if d != dropped])
        spans = [row.after for row in view.rows if row.after]
        assert len(spans) == view.count_after
        assert all(1 <= s.lower <= s.median <= s.upper <= view.count_after for s in spans)


class TestIndexInputs:
    def test_only_shown_values_enter_and_never_an_older_year_beside_the_latest(self):
        figures = [
            figure("AM01", "dnb_success_rate", 0.9),
            figure("AM02", "dnb_success_rate", 0.8, year=2022),
            figure("AM01", "median_income", 20000.0, status="suppressed"),
        ]
        inputs = context_index_inputs(make_observatory(figures=figures).figures, CATALOGUE, make_basins())
        column = inputs.values["dnb_success_rate"]
        assert column["AM01"] == 0.9
        assert column.isna()["AM02"]
        assert inputs.values["median_income"].isna().all()

    def test_the_observed_figure_never_enters(self):
        inputs = context_index_inputs(OBSERVATORY.figures, CATALOGUE, make_basins())
        assert "neet_rate" not in inputs.values.columns
        assert list(inputs.keep(["income"]).values.columns) == ["median_income"]


class TestRegression:
    def test_without_enough_basins_there_is_no_share_to_tell(self):
        assert "n’est pas calculée" in regression_sentence(OBSERVATORY)

    def test_the_share_the_basins_and_those_left_aside_are_told(self, complete):
        view = dataclasses.replace(
            complete, summary={"r_squared": 0.684, "resolved_count": 10.0, "observed_year": 2018.0}
        )
        sentence = regression_sentence(view)
        assert "Sur les 10 bassins" in sentence
        assert "68\u202f% des différences" in sentence
        assert "R² = 0,68" in sentence
        assert "2 bassins restent de côté" in sentence


class TestDownloads:
    def test_values_are_in_the_unit_of_the_screen_and_a_hidden_figure_stays_hidden(self):
        figures = [
            figure("AM01", "neet_rate", 0.214),
            figure(
                "AM02", "neet_rate", 0.2, status="suppressed", note="suppressed", numerator=3, denominator=9
            ),
        ]
        sheet = figure_sheet(make_observatory(figures=figures))
        rows = [dict(zip(sheet.headers, row, strict=True)) for row in sheet.rows]
        assert (rows[0]["Valeur"], rows[0]["Unité"]) == (21.4, "en %")
        hidden = ("Valeur", "Borne basse à 95 %", "Borne haute à 95 %", "Numérateur", "Dénominateur")
        assert [rows[1][name] for name in hidden] == [None] * 5
        assert (
            rows[1]["État, s’il n’y a pas de valeur propre"] == texts.STATUS_LABELS[FigureStatus.SUPPRESSED]
        )

    def test_the_csv_has_a_decimal_comma_and_no_label_runs_as_a_formula(self):
        basins = make_basins(basin_label="=1+1")
        content = to_csv(figure_sheet(make_observatory(basins, figures=[figure("AM01", "neet_rate", 0.214)])))
        text = content.decode("utf-8-sig")
        assert ";'=1+1;" in text
        assert ";21,4;" in text

    def test_everything_shown_fits_in_one_workbook(self, complete):
        sheets = [
            figure_sheet(complete),
            *risk_sheets(complete),
            catalogue_sheet(complete),
            coverage_sheet(complete),
            source_sheet(complete),
        ]
        assert len({sheet.title for sheet in sheets}) == len(sheets)
        assert all(len(row) == len(sheet.headers) for sheet in sheets for row in sheet.rows)
        assert all(sheet.notes for sheet in sheets)
        assert to_xlsx(sheets)[:2] == b"PK"


class TestHtml:
    def test_hostile_labels_stay_text(self):
        basins = make_basins(12, basin_label=HOSTILE, reliability="uncertain_label", evidence=HOSTILE)
        indicators = {
            code: dataclasses.replace(
                indicator, label=HOSTILE, definition=HOSTILE, caveats=(HOSTILE,), numerator=HOSTILE
            )
            for code, indicator in CATALOGUE.indicators.items()
        }
        sources = {
            code: dataclasses.replace(source, producer=HOSTILE, address=f'https://x"{HOSTILE}')
            for code, source in CATALOGUE.sources.items()
        }
        observatory = dataclasses.replace(
            make_observatory(basins, figures=context_figures(basins)),
            catalogue=Catalogue(indicators, CATALOGUE.dimensions, sources),
        )
        shown = (
            methode_sections.detail(build_detail(observatory, "neet_rate"))
            + methode_sections.coverage(build_coverage(observatory))
            + methode_sections.sources(build_sources(observatory))
            + methode_sections.limits(build_limits(observatory))
            + methode_sections.index(build_index(observatory))
            + methode_sections.what_if(build_what_if(observatory, DIMENSIONS))
            + methode_sections.versions([("1", "23 novembre 2026", HOSTILE)], HOSTILE)
        )
        assert "<img" not in shown
        assert 'onerror="' not in shown
        assert shown.count("&lt;img") > 20

    def test_every_state_that_is_not_a_value_has_its_pattern_its_word_and_its_meaning(self):
        shown = methode_sections.signs()
        for status in FigureStatus:
            if status is not FigureStatus.VALUE:
                assert state_sign(status, width=46, height=28) in shown
                assert texts.STATUS_LABELS[status] in shown

    def test_what_is_to_be_checked_is_said_once_and_signed(self):
        shown = methode_sections.sources(build_sources(OBSERVATORY))
        assert "à vérifier" not in shown
        assert shown.count("en cours de vérification") == 1
        assert "Licence Ouverte *" in shown

    def test_the_methods_are_cited(self):
        shown = methode_sections.formulas(regression_sentence(OBSERVATORY))
        for name in ("Wilson", "Byar", "Marshall", "Spiegelhalter", "Frey", "Céreq", "OECD"):
            assert name in shown


class TestWords:
    def test_no_text_says_that_the_context_is_a_cause(self):
        told = " ".join(
            [e.text for e in (*glossary.FORMULAS, *glossary.INDEX_STEPS, *glossary.GLOSSARY)]
            + list(glossary.LIMITS)
        )
        for word in ("dû à", "due à", "à cause de", "provoque", "entraîne"):
            assert word not in told

    @given(st.text(alphabet="aé'« »:;?!% ", max_size=30))
    def test_binding_spaces_twice_changes_nothing_more_and_leaves_no_loose_sign(self, text):
        bound = bind(text)
        assert bind(bound) == bound
        assert not any(f" {sign}" in bound for sign in ":;?!%»")


OBSERVATORY = make_observatory()
