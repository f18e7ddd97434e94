"""The six readings of the map: complete whatever is known, and silent about what is not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.figures import FigureStatus
from observatory.french import readings, texts
from observatory.geo import palette
from observatory.geo.choropleth import natural_limits
from observatory.views.carte import MapView
from observatory.views.cooperation import cooperation_states
from observatory.views.map_indicator import indicator_limits, previous_year
from observatory.views.map_pieces import NOT_REPORTED, STATUS_FILLS, UNDETERMINED
from observatory.views.map_readings import build_map_view
from observatory.views.missing_index import missing_index
from observatory.views.observatory import Observatory
from observatory.views.region_priorities import distance_to_region, priority
from observatory.views.selection import INDEX_CODE, Reading, Selection, conform, indicator_options
from tests.unit.made_up_region import (
    ABSENT,
    FIGURES,
    GAP,
    INDEX,
    NAMES,
    SUPPRESSED,
    TYPOLOGY,
    WIDER,
    make_region,
    neet,
    ratings,
)
from tests.unit.observatory_factory import CATALOGUE, make_observatory

REGION = make_region()
CASES = [(reading, code) for reading in Reading for code in indicator_options(reading, CATALOGUE)]


def show(
    reading: Reading,
    observatory: Observatory = REGION,
    *,
    basin: str = "AM01",
    indicator: str = "",
    year=None,
) -> MapView:
    selection = Selection(basin, (), reading, indicator, year, projection=False)
    return build_map_view(observatory, conform(selection, observatory.catalogue))


def words(view: MapView) -> str:
    spoken = [view.title, view.source, view.note, *view.headers, *vars(view.panel).values()]
    for area in view.areas:
        spoken += [*area.tooltip, *(cell.text for cell in area.cells)]
    return "\n".join([*spoken, *(line.label for line in view.legend)])


@pytest.mark.parametrize(("reading", "indicator"), CASES)
@pytest.mark.parametrize("basin", NAMES)
@pytest.mark.parametrize("observatory", [REGION, make_observatory(names=NAMES)], ids=["figures", "nothing"])
def test_every_reading_is_complete_for_every_basin(
    reading: Reading, indicator: str, basin: str, observatory: Observatory
) -> None:
    view = show(reading, observatory, basin=basin, indicator=indicator)
    assert {a.code for a in view.areas} == set(NAMES)
    assert view.title
    assert view.source
    assert view.panel.title == NAMES[basin]
    assert view.panel.text
    assert all(len(a.cells) == len(view.headers) for a in view.areas)
    assert all(a.tooltip[0] == NAMES[a.code] and len(a.tooltip) > 1 and all(a.tooltip) for a in view.areas)
    assert not re.search(r"\bnan\b|None|\{|\}|  |: \.|_", words(view))
    assert all(a.bar is None or -1 <= a.bar <= 1 for a in view.areas)


@pytest.mark.parametrize(("reading", "indicator"), CASES)
def test_the_legend_tells_every_fill_of_the_map_and_counts_each_basin_once(
    reading: Reading, indicator: str
) -> None:
    view = show(reading, indicator=indicator)
    fills = [line.fill for line in view.legend]
    assert len(set(fills)) == len(fills)
    assert {a.fill for a in view.areas} <= set(fills)
    assert sum(line.count for line in view.legend) == len(NAMES)


@pytest.mark.parametrize(("reading", "indicator"), CASES)
def test_a_title_never_breaks_before_a_sign(reading: Reading, indicator: str) -> None:
    assert not re.search(" [;:!?%]", show(reading, indicator=indicator).title)


@pytest.mark.parametrize("reading", [r for r in Reading if r is not Reading.COOPERATION])
def test_the_four_signs_are_always_in_the_legend_of_figures(reading: Reading) -> None:
    signs = [line.fill for line in show(reading).legend if line.is_sign]
    four = (
        FigureStatus.SUPPRESSED,
        FigureStatus.MISSING,
        FigureStatus.NOT_APPLICABLE,
        FigureStatus.UNRESOLVED,
    )
    assert set(signs) >= {STATUS_FILLS[s] for s in four}


@pytest.mark.parametrize("reading", [r for r in Reading if r is not Reading.COOPERATION])
def test_the_list_is_sorted_as_the_map_is_read_with_the_unplaced_last(reading: Reading) -> None:
    orders = [a.order for a in show(reading).areas]
    known = [o for o in orders if o is not None]
    assert orders == sorted(known, reverse=True) + [None] * (len(orders) - len(known))


# --- one indicator --------------------------------------------------------------------------------------


def test_each_state_of_the_observed_figure_has_its_sign() -> None:
    view = show(Reading.OBSERVED)
    assert view.area(WIDER).fill == STATUS_FILLS[FigureStatus.UNRESOLVED]
    assert view.area(SUPPRESSED).fill == STATUS_FILLS[FigureStatus.SUPPRESSED]
    assert view.area(ABSENT).fill == STATUS_FILLS[FigureStatus.MISSING]
    assert view.area("AM01").fill.pattern is None


def test_a_value_of_a_wider_area_is_told_in_brackets_and_takes_part_in_nothing() -> None:
    view = show(Reading.OBSERVED, basin=WIDER)
    area = view.area(WIDER)
    assert area.cells[0].text == "(30,0\u202f%)"
    assert (area.cells[0].sort, area.order, area.bar) == (None, None, None)
    assert NAMES[WIDER] not in view.title
    assert view.note.startswith(NAMES[WIDER])
    assert area.tooltip[1].startswith("(30,0")
    assert (view.panel.headline, view.panel.doubt) == ("(30,0\u202f%)", readings.NOT_RANKED)
    assert "3 bassins sur 6" in view.source


def test_the_value_of_a_wider_area_moves_no_class() -> None:
    moved = [replace(f, value=0.99) if f.area == WIDER else f for f in FIGURES]
    indicator = CATALOGUE.indicators["neet_rate"]
    assert indicator_limits(make_region(tuple(moved)), indicator) == indicator_limits(REGION, indicator)


def test_a_hidden_value_is_not_told_even_if_a_row_held_it() -> None:
    held = make_region((*FIGURES[:6], neet(SUPPRESSED, 0.4321, status="suppressed")))
    assert "43,2" not in words(show(Reading.OBSERVED, held, basin=SUPPRESSED))


def test_a_map_where_everything_is_hidden_has_no_class_and_no_extreme() -> None:
    hidden = make_region(tuple(neet(code, None, status="suppressed") for code in NAMES))
    view = show(Reading.OBSERVED, hidden)
    assert {a.fill for a in view.areas} == {STATUS_FILLS[FigureStatus.SUPPRESSED]}
    assert all(line.is_sign for line in view.legend)
    assert view.title == CATALOGUE.indicators["neet_rate"].label


def test_a_zero_is_a_value() -> None:
    view = show(Reading.OBSERVED, make_region((neet("AM01", 0.0), neet("AM02", 0.2))))
    assert view.area("AM01").fill.pattern is None
    assert view.area("AM01").cells[0].text == "0,0\u202f%"


def test_two_years_share_their_classes() -> None:
    legends = [
        [(line.label, line.fill) for line in show(Reading.OBSERVED, year=year).legend if not line.is_sign]
        for year in (2013, 2018)
    ]
    assert legends[0] == legends[1]


def test_classes_are_those_of_all_the_years_together() -> None:
    every_year = [
        f.value for f in FIGURES if f.area in ("AM01", "AM02", "NI01") and f.indicator == "neet_rate"
    ]
    indicator = CATALOGUE.indicators["neet_rate"]
    assert indicator_limits(REGION, indicator) == natural_limits([v for v in every_year if v is not None])


def test_the_second_column_is_the_change_since_the_year_before_in_points() -> None:
    view = show(Reading.OBSERVED)
    assert view.headers == ("2018", "depuis 2013")
    assert view.area("AM01").cells[1].text == "−2,0"
    assert view.area(WIDER).cells[1].text == ""


def test_without_a_year_before_the_second_column_is_the_difference_to_the_region() -> None:
    view = show(Reading.CONTEXT, indicator="vocational_share")
    assert view.headers[1] == "écart région"
    assert view.area("AM01").cells[1].text == "+9,0"


def test_a_broken_series_is_never_compared_across_its_break() -> None:
    indicator = replace(CATALOGUE.indicators["neet_rate"], breaks=(2018,))
    assert previous_year(indicator, 2018) is None
    assert previous_year(indicator, 2013) == 2008


def test_an_interval_is_shown_only_when_it_is_known() -> None:
    with_counts = show(Reading.CONTEXT, indicator="vocational_share")
    assert any(line.startswith("intervalle à 95") for line in with_counts.area("AM01").tooltip)
    assert texts.NO_INTERVAL in show(Reading.OBSERVED).area("AM01").tooltip


def test_the_figure_of_a_year_is_never_said_without_its_year() -> None:
    view = show(Reading.OBSERVED)
    assert view.panel.lead == f"En {view.period},"
    assert view.dated_legend_title.endswith(f", {view.period}")


def test_the_areas_that_the_title_names_are_known_to_the_map() -> None:
    view = show(Reading.OBSERVED)
    assert len(view.named) >= 3
    assert all(view.area(code).short_label in view.title for code in view.named)
    assert set(view.named) < set(NAMES)


def test_dark_is_always_the_more_exposed_end() -> None:
    def darkest(indicator: str, values: dict[str, float]) -> str:
        figures = tuple(
            replace(FIGURES[0], area=c, indicator=indicator, value=v, year=None) for c, v in values.items()
        )
        view = show(Reading.CONTEXT, make_region(figures), indicator=indicator)
        return min(view.areas[:3], key=lambda a: palette.relative_luminance(a.fill.colour)).code

    values = {"AM01": 0.9, "AM02": 0.5, "NI01": 0.1}
    assert darkest("vocational_share", values) == "AM01"
    assert darkest("dnb_success_rate", values) == "NI01"


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_a_higher_rate_is_never_a_lighter_class(rates: list[float]) -> None:
    codes = ("AM01", "AM02", "NI01", "NI02")
    figures = tuple(neet(code, rate) for code, rate in zip(codes, rates, strict=True))
    view = show(Reading.OBSERVED, make_region(figures))
    shown = sorted(
        (area.cells[0].sort, -palette.relative_luminance(area.fill.colour)) for area in view.areas[:4]
    )
    assert [dark for _, dark in shown] == sorted(dark for _, dark in shown)


# --- context index --------------------------------------------------------------------------------------


def test_a_basin_without_an_index_says_which_dimension_lacks_and_is_drawn_so() -> None:
    view = show(Reading.CONTEXT, indicator=INDEX_CODE, basin="NI02")
    reason = "indice non calculé : dimension Familles insuffisamment couverte"
    assert view.area("NI02").tooltip[1] == reason
    assert view.area("NI02").fill == STATUS_FILLS[FigureStatus.INSUFFICIENT_COVERAGE]
    assert view.panel.text == f"I{reason[1:]}."


def test_dimensions_that_were_never_transmitted_are_not_called_badly_covered() -> None:
    missing = missing_index(REGION, "NI03")
    assert missing is not None
    assert missing.status is FigureStatus.MISSING
    assert missing.reason == "indice non calculé : dimensions Revenus et Accès aux services non transmises"


def test_the_title_of_the_index_counts_the_basins_that_have_one() -> None:
    assert show(Reading.CONTEXT, indicator=INDEX_CODE).title.endswith("4 bassins sur 6 ont un indice")


def test_too_few_basins_is_said_as_such() -> None:
    short = make_region(context_index=[(*row[:7], "too_few_basins", "") for row in INDEX])
    view = show(Reading.CONTEXT, short, indicator=INDEX_CODE)
    assert view.title == readings.NO_INDEX_TITLE
    assert view.area("AM01").tooltip[1] == readings.TOO_FEW_INDEX


def test_ranks_of_the_index_are_spans() -> None:
    view = show(Reading.CONTEXT, indicator=INDEX_CODE)
    assert view.area("AM01").cells[1].text == "entre 1er et 2e"
    assert "du 1er au 2e rang d’exposition sur 4" in view.panel.text
    assert "revenus et familles" in view.panel.text


# --- gap ------------------------------------------------------------------------------------------------


def test_a_notable_gap_is_named_and_the_part_of_chance_is_said() -> None:
    view = show(Reading.GAP)
    assert view.title.startswith(NAMES["AM01"])
    assert "seul hasard" in view.note
    assert "hasard" in view.note
    assert view.panel.doubt == readings.gap_verdict(True)


def test_the_source_of_the_gap_counts_the_gaps_and_not_the_values() -> None:
    assert "Écart calculé pour 3 bassins sur 6" in show(Reading.GAP).source


@pytest.mark.parametrize("code", [WIDER, SUPPRESSED, ABSENT])
def test_a_basin_without_a_gap_says_why_and_has_no_number(code: str) -> None:
    view = show(Reading.GAP, basin=code)
    assert view.area(code).order is None
    assert view.panel.headline == "–"
    assert re.fullmatch(r"Écart non calculé( :|, faute d’indice).{5,}\.", view.panel.text)


def test_a_gap_missing_for_want_of_an_index_says_so_and_not_that_the_figure_is_missing() -> None:
    gap = [row if row[0] != "NI02" else (*row[:9], "index_missing") for row in GAP]
    view = show(
        Reading.GAP, make_region((*FIGURES[:6], neet("NI02", 0.2), FIGURES[-1]), gap=gap), basin="NI02"
    )
    assert "dimension Familles insuffisamment couverte" in view.panel.text
    assert view.area("NI02").fill == STATUS_FILLS[FigureStatus.INSUFFICIENT_COVERAGE]


def test_the_colours_of_the_gap_are_centred_on_zero() -> None:
    view = show(Reading.GAP)
    assert view.area("NI01").fill.colour == palette.DIVERGING[2]
    assert view.area("AM01").fill.colour in palette.DIVERGING[3:]
    assert view.area("AM02").fill.colour in palette.DIVERGING[:2]


def test_a_fit_that_could_not_be_measured_is_not_told() -> None:
    assert "nan" not in show(Reading.GAP, make_region(summary={"r_squared": float("nan")})).source
    assert "68" in show(Reading.GAP).source


# --- typology -------------------------------------------------------------------------------------------


def test_an_undetermined_basin_is_drawn_and_told_by_its_reason() -> None:
    view = show(Reading.TYPOLOGY)
    assert view.area("NI01").fill == UNDETERMINED
    assert view.area(WIDER).fill == STATUS_FILLS[FigureStatus.UNRESOLVED]
    assert view.area(SUPPRESSED).fill == STATUS_FILLS[FigureStatus.SUPPRESSED]
    assert view.title == "Un bassin exposé et touché\u202f; 4 sur 6 restent indéterminés"
    assert show(Reading.TYPOLOGY, basin="NI01").panel.text.startswith("L’indice de contexte ne se distingue")


def test_a_type_missing_for_want_of_an_index_names_the_dimension() -> None:
    rows = [row if row[0] != "NI02" else (*row[:3], "index_missing") for row in TYPOLOGY]
    observatory = make_region((*FIGURES[:6], neet("NI02", 0.2), FIGURES[-1]), typology=rows)
    view = show(Reading.TYPOLOGY, observatory, basin="NI02")
    assert view.area("NI02").fill == STATUS_FILLS[FigureStatus.INSUFFICIENT_COVERAGE]
    assert "dimension Familles insuffisamment couverte" in view.panel.text


# --- cooperation and priorities -------------------------------------------------------------------------


def test_cooperation_that_was_not_reported_is_a_question_mark_and_never_zero() -> None:
    view = show(Reading.COOPERATION, basin="NI01")
    for code in ("NI01", "NI02", "NI03"):
        assert view.area(code).fill == NOT_REPORTED
        assert view.area(code).cells[0].text == "non renseigné"
        assert view.area(code).cells[0].sort is None
    assert view.panel.headline == "?"
    assert "trop peu" in view.panel.text


def test_no_interaction_is_a_level_and_not_an_unknown() -> None:
    view = show(Reading.COOPERATION, make_region(ratings=ratings("AM01", 0)))
    assert view.area("AM01").fill.colour == palette.COOPERATION[0]
    assert view.area("AM01").cells[0].text == texts.COOPERATION_LEVELS[0]


def test_cooperation_is_in_alphabetical_order_because_it_is_no_league_table() -> None:
    labels = [a.label for a in show(Reading.COOPERATION).areas]
    assert labels == sorted(labels)


def test_a_median_between_two_levels_is_said_and_coloured_by_the_level_reached() -> None:
    both = [*ratings("AM01", 2)[:21], *ratings("AM01", 3)[21:]]
    area = show(Reading.COOPERATION, make_region(ratings=both)).area("AM01")
    assert area.cells[0].text == "entre coopèrent et se coordonnent"
    assert area.fill.colour == palette.COOPERATION[2]


@pytest.mark.parametrize("reading", [Reading.COOPERATION, Reading.PRIORITIES])
def test_only_invented_records_carry_the_banner(reading: Reading) -> None:
    real = [(*row[:-1], False) for row in ratings("AM01", 2)]
    assert show(reading).is_demonstration
    assert not show(reading, make_region(ratings=real, modalities=[])).is_demonstration
    assert not show(reading, make_region(ratings=[], modalities=[])).is_demonstration
    assert not show(Reading.OBSERVED).is_demonstration


def test_high_risk_and_thin_cooperation_are_to_be_discussed_first() -> None:
    view = show(Reading.PRIORITIES)
    assert view.title == f"À discuter d’abord\xa0: {NAMES['AM01']}"
    assert view.area("AM01").fill.colour == palette.DISCUSS
    assert view.areas[0].code == "AM01"


@pytest.mark.parametrize(
    ("level", "kind"), [(2, "discuss_first"), (3, "high_risk_strong"), (5, "high_risk_strong")]
)
def test_cooperation_is_developed_from_coordination_on(level: int, kind: str) -> None:
    observatory = make_region(ratings=ratings("AM01", level))
    state = cooperation_states(observatory)["AM01"]
    assert priority(observatory.figure("AM01", "neet_rate", 2018), 0.18, state).kind == kind


@pytest.mark.parametrize(
    ("code", "why", "fill"),
    [
        (WIDER, readings.wider_value(0), STATUS_FILLS[FigureStatus.UNRESOLVED]),
        ("NI01", readings.NO_COOPERATION, NOT_REPORTED),
        (SUPPRESSED, texts.STATUS_LABELS[FigureStatus.SUPPRESSED], STATUS_FILLS[FigureStatus.SUPPRESSED]),
    ],
)
def test_a_priority_needs_both_sides(code: str, why: str, fill) -> None:
    area = show(Reading.PRIORITIES).area(code)
    assert why in " ".join(area.tooltip)
    assert area.fill == fill
    assert area.cells[0].text.startswith("indéterminé : ")


@pytest.mark.parametrize("reading", [Reading.TYPOLOGY, Reading.PRIORITIES])
@pytest.mark.parametrize(
    "observatory",
    [REGION, make_region(ratings=[]), make_observatory(names=NAMES)],
    ids=["figures", "no inventory", "nothing"],
)
def test_map_list_and_card_say_the_same_of_a_basin_in_the_words_of_the_legend(
    reading: Reading, observatory: Observatory
) -> None:
    view = show(reading, observatory)
    said = {line.fill: line.label for line in view.legend}
    for area in view.areas:
        label, *why = area.cells[0].text.split(" : ")
        label, *doubt = label.split(f", {readings.TO_CONFIRM}")
        assert (label == "indéterminé") == (area.fill.pattern not in (None, "lines"))
        assert bool(doubt) == (area.fill.pattern == "lines")
        fill = replace(area.fill, pattern=None) if doubt else area.fill
        assert said[fill] == (why[0] if why else label)
        assert area.tooltip[1] == area.cells[0].text


def test_what_is_to_be_discussed_first_goes_from_the_farthest_above_the_region_down() -> None:
    values = {"AM01": 0.19, "AM02": 0.24, "AM03": 0.30, "NI01": 0.20, "NI02": 0.22, "NI03": 0.21}
    figures = (neet("REG93", 0.18), *(neet(code, value) for code, value in values.items()))
    weak = [row for code in NAMES for row in ratings(code, 2)]
    view = show(Reading.PRIORITIES, make_region(figures, ratings=weak))
    assert [a.code for a in view.areas] == ["AM03", "AM02", "NI02", "NI03", "NI01", "AM01"]
    named = f"{NAMES['AM03']}, {NAMES['AM02']}, {NAMES['NI02']}, {NAMES['NI03']}"
    assert view.title == f"À discuter d’abord\xa0: {named} et deux autres"
    assert view.order_note.startswith("Du plus au moins éloigné de la région (18,0")
    assert view.order_note.endswith(f"Puis : {NAMES['NI01']} et {NAMES['AM01']}.")


def test_a_wide_interval_brings_a_basin_down_the_order_and_it_is_said() -> None:
    figures = (
        neet("REG93", 0.18),
        neet("AM01", 0.24, lower=0.185, upper=0.30),
        neet("AM02", 0.21, lower=0.205, upper=0.215),
    )
    weak = [row for code in ("AM01", "AM02") for row in ratings(code, 2)]
    view = show(Reading.PRIORITIES, make_region(figures, ratings=weak))
    assert [a.code for a in view.areas][:2] == ["AM02", "AM01"]
    assert "intervalle déduit" in view.order_note


@pytest.mark.parametrize(
    ("value", "lower", "upper", "far"),
    [
        (0.24, None, None, 0.06),
        (0.24, 0.20, 0.28, 0.02),
        (0.19, 0.16, 0.22, 0.0),
        (0.10, 0.08, 0.12, -0.06),
        (0.10, None, None, -0.08),
    ],
)
def test_only_what_an_interval_leaves_sure_counts_as_distance(
    value: float, lower: float | None, upper: float | None, far: float
) -> None:
    figure = make_region((neet("AM01", value, lower=lower, upper=upper),)).figure("AM01", "neet_rate", 2018)
    assert distance_to_region(figure, 0.18) == pytest.approx(far)
    assert distance_to_region(figure, None) == distance_to_region(None, 0.18) == 0.0


def test_names_that_begin_with_an_accent_keep_their_place_in_the_alphabet() -> None:
    renamed = {**NAMES, "AM01": "Étang Feint", "AM02": "Zéphyrie"}
    view = show(Reading.COOPERATION, make_observatory(names=renamed))
    assert (view.areas[0].label, view.areas[-1].label) == ("Étang Feint", "Zéphyrie")


def test_an_observed_interval_that_holds_the_region_decides_nothing() -> None:
    observatory = make_region((neet("AM01", 0.2, lower=0.17, upper=0.23),))
    figure = observatory.figure("AM01", "neet_rate", 2018)
    state = cooperation_states(observatory)["AM01"]
    assert priority(figure, 0.18, state).why == readings.CROSSES_REGION
    assert priority(figure, 0.16, state).kind == "discuss_first"
    assert priority(figure, None, state).why == readings.NO_REGION


def test_what_a_meeting_reads_has_no_word_of_the_trade() -> None:
    spoken = "\n".join(words(show(reading, basin=code)) for reading in Reading for code in NAMES).lower()
    for term in (
        "1,96",
        "studentis",
        "pondération",
        "normalisation",
        "agrégation",
        "variante",
        "résidu",
        "5-95",
    ):
        assert term not in spoken


@pytest.mark.parametrize("reading", [Reading.OBSERVED, Reading.GAP, Reading.TYPOLOGY, Reading.PRIORITIES])
def test_card_and_panel_say_alike_what_a_value_of_marseille_is_made_of(reading: Reading) -> None:
    view, said = show(reading, basin=WIDER), readings.wider_value(0)
    assert said in " ".join(view.area(WIDER).tooltip)
    assert said in view.panel.text.lower().replace("marseille", "Marseille")
