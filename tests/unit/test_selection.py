"""A view is restored from its address; what the address says wrongly is named and replaced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.views.selection import (
    INDEX_CODE,
    MAXIMUM_COMPARED,
    MAXIMUM_SCREENS,
    OUTCOME_CODE,
    Chapter,
    Part,
    Reading,
    Scope,
    Section,
    Selection,
    conform,
    indicator_options,
    parse_selection,
    year_options,
)
from tests.unit.observatory_factory import CATALOGUE

BASINS = ("AM01", "AM02", "NI01", "NI02", "NI03")


def parse(**params: str):
    return parse_selection(params, CATALOGUE, BASINS)


@st.composite
def valid_selections(draw: st.DrawFn) -> Selection:
    reading = draw(st.sampled_from(Reading))
    indicator = draw(st.sampled_from(indicator_options(reading, CATALOGUE)))
    years = year_options(reading, indicator, CATALOGUE)
    scope, projection = draw(st.sampled_from(Scope)), draw(st.booleans())
    is_region = scope is Scope.REGION
    return Selection(
        basin=draw(st.sampled_from(BASINS)),
        basins=tuple(draw(st.lists(st.sampled_from(BASINS), max_size=MAXIMUM_COMPARED, unique=True))),
        reading=reading,
        indicator=indicator,
        year=draw(st.sampled_from(years)) if years else None,
        projection=projection,
        scope=scope,
        section=draw(st.sampled_from(Section)),
        part=draw(st.sampled_from(Part)) if is_region else Part.MODALITIES,
        screen=draw(st.integers(1, MAXIMUM_SCREENS)) if is_region and projection else 1,
    )


@given(valid_selections())
def test_the_address_of_a_selection_gives_it_back(selection: Selection) -> None:
    assert parse_selection(selection.params(), CATALOGUE, BASINS) == (selection, ())


NAMES = (
    *("bassin", "bassins", "lecture", "indicateur", "annee", "projection"),
    *("vue", "section", "partie", "ecran", "autre"),
)
VALUES = st.text(max_size=8) | st.sampled_from(
    (
        *BASINS,
        "am01,ni02",
        *(r.value for r in Reading),
        INDEX_CODE,
        *CATALOGUE.indicators,
        "2018",
        "²",
        "oui",
        *Section,
        *Part,
        "region",
        "2",
        "9" * 5000,
    )
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_any_address_gives_a_selection_whose_own_address_is_stable(params: dict[str, str]) -> None:
    selection, refused = parse_selection(params, CATALOGUE, BASINS)
    assert parse_selection(selection.params(), CATALOGUE, BASINS) == (selection, ())
    assert {r.parameter for r in refused} <= set(params)
    # Of a list of basins, only those left out are named.
    assert all(r.value == params[r.parameter] for r in refused if r.parameter != "bassins")
    for refusal in refused:
        assert not set(refusal.value.split(",")) & set(refusal.kept)


@given(valid_selections(), st.sampled_from(Reading))
def test_reading_indicator_and_year_always_go_together(selection: Selection, reading: Reading) -> None:
    moved = conform(Selection(**{**vars(selection), "reading": reading}), CATALOGUE)
    assert moved.indicator in indicator_options(reading, CATALOGUE)
    years = year_options(reading, moved.indicator, CATALOGUE)
    assert moved.year in years if years else moved.year is None
    assert conform(moved, CATALOGUE) == moved


@given(valid_selections())
def test_a_selection_that_goes_together_is_left_alone(selection: Selection) -> None:
    assert conform(selection, CATALOGUE) == selection


def test_an_empty_address_opens_the_latest_observed_figure() -> None:
    selection, refused = parse()
    latest = CATALOGUE.indicators[OUTCOME_CODE].latest_year
    assert selection == Selection("AM01", (), Reading.OBSERVED, OUTCOME_CODE, latest, projection=False)
    assert refused == ()


def test_every_parameter_is_restored() -> None:
    selection, refused = parse(
        bassin="NI02",
        bassins="AM02,NI01",
        lecture="contexte",
        indicateur="median_income",
        annee="2014",
        projection="oui",
    )
    assert refused == ()
    assert selection == Selection("NI02", ("AM02", "NI01"), Reading.CONTEXT, "median_income", 2014, True)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("bassin", "AM99"),
        ("bassins", "ZZ"),
        ("lecture", "inconnue"),
        ("indicateur", "<img src=x onerror=alert(1)>"),
        ("annee", "1999"),
        ("annee", "²"),
        ("annee", "deux mille"),
        ("projection", "peut-être"),
    ],
)
def test_an_unknown_value_is_named_and_the_default_is_taken(parameter: str, value: str) -> None:
    selection, refused = parse(**{parameter: value})
    assert [(r.parameter, r.value) for r in refused] == [(parameter, value)]
    default, _ = parse()
    assert selection == default
    assert refused[0].kept == ()


def test_of_a_list_the_valid_basins_are_kept_and_said_to_be() -> None:
    selection, refused = parse(bassins="ZZ99,AM01,AM01,NI01")
    assert selection.basins == ("AM01", "NI01")
    assert [(r.value, r.kept) for r in refused] == [("ZZ99", ("AM01", "NI01"))]


def test_codes_may_be_typed_in_lower_case() -> None:
    assert parse(bassin="ni03", bassins="am01, ni01")[0].basins == ("AM01", "NI01")
    assert parse(bassin="ni03")[0].basin == "NI03"


def test_at_most_four_basins_are_compared_and_the_others_are_told() -> None:
    selection, refused = parse(bassins=",".join(BASINS))
    assert selection.basins == BASINS[:MAXIMUM_COMPARED]
    assert [r.parameter for r in refused] == ["bassins"]


def test_a_basin_named_twice_counts_once() -> None:
    assert parse(bassins="AM01,AM01")[0].basins == ("AM01",)


@pytest.mark.parametrize(
    ("indicator", "reading"),
    [("ips_college", Reading.CONTEXT), (INDEX_CODE, Reading.CONTEXT), (OUTCOME_CODE, Reading.OBSERVED)],
)
def test_an_indicator_alone_opens_its_own_reading(indicator: str, reading: Reading) -> None:
    selection, refused = parse(indicateur=indicator)
    assert (selection.reading, selection.indicator, refused) == (reading, indicator, ())


def test_an_indicator_of_another_reading_is_refused_by_name() -> None:
    selection, refused = parse(lecture="ecart", indicateur="ips_college")
    assert selection.indicator == OUTCOME_CODE
    assert [r.parameter for r in refused] == ["indicateur"]


def test_a_territory_without_basins_still_gives_a_selection() -> None:
    assert parse_selection({}, CATALOGUE, ())[0].basin == ""


def test_the_section_and_the_view_of_the_inventory_are_told_by_the_address():
    selection, refused = parse(vue="region", section="actions")
    assert (selection.scope, selection.section, refused) == (Scope.REGION, Section.ACTIONS, ())


def test_the_first_section_and_the_basin_stay_out_of_the_address():
    selection, _ = parse(vue="bassin", section="liens")
    assert {"vue", "section"}.isdisjoint(selection.params())


@pytest.mark.parametrize("name", ["vue", "section"])
def test_an_unknown_section_or_view_is_named_and_the_first_one_shown(name):
    selection, refused = parse(**{name: "ailleurs"})
    assert [(r.parameter, r.value) for r in refused] == [(name, "ailleurs")]
    assert (selection.scope, selection.section) == (Scope.BASIN, Section.LINKS)


def test_a_chapter_of_the_method_is_told_by_the_address_and_an_unknown_one_refused() -> None:
    selection, refused = parse(rubrique="sources")
    assert (selection.chapter, refused) == (Chapter.SOURCES, ())
    assert selection.params()["rubrique"] == "sources"
    assert [r.parameter for r in parse(rubrique="palmares")[1]] == ["rubrique"]
    assert "rubrique" not in parse()[0].params()
