"""The tables of the region: unknown is never zero, nobody is ranked, both intervals are told."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.cooperation import Modality, ModalityStatus, Partner
from observatory.domain.territory import ACADEMIE_CODES
from observatory.french import cooperation as words
from observatory.french import readings, region, texts
from observatory.french.typography import bind
from observatory.geo import palette
from observatory.ui import people, region_tables
from observatory.ui import region_priorities as priority_html
from observatory.views.cooperation import PAIR_COUNT, cooperation_states, median_bounds
from observatory.views.map_export import build_map_sheet
from observatory.views.map_readings import build_map_view
from observatory.views.region_columns import academies, basin_columns
from observatory.views.region_links import PAIRS, build_region_links
from observatory.views.region_modalities import build_region_modalities
from observatory.views.region_priorities import KINDS, build_region_priorities, priorities
from observatory.views.selection import parse_selection
from tests.unit.computed_observatory import (
    figure,
    make_basins,
    make_observatory,
    modality,
    rating,
    region_figure,
)

HOSTILE = '<img src=x onerror="alert(1)">'
DIRECTED = [(a.value, b.value) for a in Partner for b in Partner if a is not b]


def everything(basin: str = "AM01", level: int = 3) -> list:
    return [rating(basin, a, b, level) for a, b in DIRECTED]


def some(basin: str, count: int, level: int) -> list:
    return everything(basin, level)[:count]


class TestModalities:
    def test_each_modality_has_one_cell_a_basin_in_the_order_of_the_territory(self):
        records = [modality("AM01", "handover", "done"), modality("NI03", "handover", "not_done")]
        view = build_region_modalities(make_observatory(modalities=records))
        handover = view.rows[list(Modality).index(Modality.HANDOVER)]
        assert [column.code for column in view.columns] == ["AM01", "AM02", "NI03"]
        assert [cell.status for cell in handover.cells] == ["done", "not_reported", "not_done"]
        assert [(group.label, group.count) for group in view.academies] == [("Aix-Marseille", 2), ("Nice", 1)]
        assert view.title.startswith("2 bassins ont renseigné des modalités, sur 3")

    @settings(max_examples=25)
    @given(
        st.dictionaries(
            st.tuples(st.sampled_from(["AM01", "AM02", "NI03"]), st.sampled_from(list(Modality))),
            st.sampled_from(list(ModalityStatus)),
        )
    )
    def test_every_cell_is_counted_once_by_modality_and_once_in_the_legend(self, statuses):
        records = [modality(b, m.value, s.value) for (b, m), s in statuses.items()]
        view = build_region_modalities(make_observatory(modalities=records))
        assert sum(c.count for c in view.counts) == 33
        for row in view.rows:
            assert sum(c.count for c in row.counts) == 3
            for count in row.counts:
                assert count.count == sum(cell.status == count.status for cell in row.cells)

    def test_basins_are_not_ordered_by_what_they_do(self):
        records = [modality("NI03", m.value, "done") for m in Modality]
        view = build_region_modalities(make_observatory(ratings=everything("NI03"), modalities=records))
        assert list(zip([c.code for c in view.columns], view.known, strict=True)) == [
            ("AM01", "0"),
            ("AM02", "0"),
            ("NI03", "100"),
        ]

    def test_nothing_reported_is_said_so(self):
        assert build_region_modalities(make_observatory()).title.startswith("Aucun bassin n’a encore")

    def test_one_academie_alone_has_its_own_columns(self):
        observatory = make_observatory()
        assert academies(observatory) == ("Aix-Marseille", "Nice")
        assert [c.code for c in basin_columns(observatory, "Nice")] == ["NI03"]
        assert len(build_region_modalities(observatory, "Nice").rows[0].cells) == 1

    def test_no_state_is_told_by_its_sign_alone(self):
        records = [modality("AM01", m.value, s.value) for m, s in zip(Modality, ModalityStatus, strict=False)]
        shown = region_tables.modality_table(build_region_modalities(make_observatory(modalities=records)))
        for status, label in words.STATUS_LABELS.items():
            assert f' : {label}"><span class="coop-sign coop-{status.value}" aria-hidden="true">' in shown


class TestLinks:
    def test_the_21_pairs_show_both_directions_in_their_order(self):
        ratings = [rating("AM01", "cio", "pjj", 4), rating("AM01", "pjj", "cio", 3)]
        view = build_region_links(make_observatory(ratings=ratings))
        assert len(view.rows) == len(PAIRS) == 21
        row = view.rows[PAIRS.index((Partner.CIO, Partner.PJJ))]
        cell = row.cells[0]
        assert (cell.there.text, cell.back.text, cell.is_gap) == ("4", "3", False)
        assert "CIO à propos de PJJ, 4 (décident ensemble) ; PJJ à propos de CIO, 3" in cell.meaning
        assert (row.cells[1].there.text, row.cells[1].back.text) == ("?", "?")

    @pytest.mark.parametrize(("back", "is_gap"), [(2, True), (1, True), (3, False), (None, False)])
    def test_a_gap_needs_two_levels_known_on_both_sides(self, back, is_gap):
        ratings = [rating("AM01", "cio", "pjj", 4), rating("AM01", "pjj", "cio", back)]
        view = build_region_links(make_observatory(ratings=ratings))
        assert any(cell.is_gap for row in view.rows for cell in row.cells) is is_gap
        assert [gap.basin_code for gap in view.gaps] == (["AM01"] if is_gap else [])

    @settings(max_examples=25)
    @given(
        st.dictionaries(
            st.tuples(st.sampled_from(["AM01", "AM02", "NI03"]), st.sampled_from(DIRECTED)),
            st.none() | st.integers(0, 5),
        )
    )
    def test_the_medians_rest_on_what_is_known_and_say_on_how_many(self, levels):
        ratings = [rating(basin, a, b, level) for (basin, (a, b)), level in levels.items()]
        view = build_region_links(make_observatory(ratings=ratings))
        for column, found in zip(view.columns, view.levels, strict=True):
            known = [x for (basin, _), x in levels.items() if basin == column.code and x is not None]
            assert (found.known, found.total) == (len(known), 42)
            if len(known) >= 21:
                assert float(found.median.replace(",", ".")) == median(known)
            else:
                assert found.median == ("–" if known else "?")
        assert sum(row.level.known for row in view.rows) == sum(level.known for level in view.levels)

    def test_zero_is_a_level_and_unknown_is_not(self):
        view = build_region_links(make_observatory(ratings=everything("AM01", 0)))
        assert {cell.there.text for row in view.rows for cell in row.cells[:1]} == {"0"}
        assert view.levels[0].median == "0"
        assert view.levels[1].median == "?"

    def test_a_gap_is_marked_in_the_table_and_written_in_the_list(self):
        ratings = [rating("AM01", "cio", "pjj", 5), rating("AM01", "pjj", "cio", 1)]
        view = build_region_links(make_observatory(ratings=ratings))
        table = region_tables.link_table(view)
        assert table.count("reg-gap") == 1
        assert table.count(", à discuter") == 1
        assert "5 (agissent d’un seul tenant) selon le CIO, 1 (se connaissent) selon la PJJ" in (
            region_tables.gap_list(view)
        )

    def test_every_level_is_readable_on_its_colour(self):
        for rule in region_tables.level_style().splitlines():
            back, ink = (part.split(";")[0].strip() for part in rule.split(": ")[1:])
            assert palette.contrast_ratio(back, ink) >= 4.5


class TestBounds:
    @given(st.lists(st.integers(0, 5), max_size=PAIR_COUNT), st.data())
    def test_whatever_the_missing_answers_the_median_stays_within_its_bounds(self, known, data):
        missing = PAIR_COUNT - len(known)
        others = data.draw(st.lists(st.integers(0, 5), min_size=missing, max_size=missing))
        low, high = median_bounds(known)
        assert low <= median([*known, *others]) <= high

    def test_a_complete_basin_has_no_doubt_and_an_empty_one_has_every_doubt(self):
        assert median_bounds([2] * PAIR_COUNT) == (2.0, 2.0)
        assert median_bounds([]) == (0.0, 5.0)

    def test_the_state_of_a_basin_holds_them(self):
        states = cooperation_states(make_observatory(ratings=some("AM01", 22, 4)))
        assert (states["AM01"].known_count, states["AM01"].level_bounds) == (22, (4.0, 4.0))
        assert states["AM02"].level_bounds == (0.0, 5.0)


def with_risk(**changes):
    figures = [
        figure("AM01", "neet_rate", 0.25),
        figure("AM02", "neet_rate", 0.12),
        figure("NI03", "neet_rate", 0.30),
        region_figure("neet_rate", 0.18),
    ]
    ratings = [*everything("AM01", 2), *everything("AM02", 4)]
    return make_observatory(**{"figures": figures, "ratings": ratings, **changes})


class TestPriorities:
    def test_each_basin_is_in_one_quadrant_or_is_told_why_it_is_in_none(self):
        view = build_region_priorities(with_risk())
        placed = {b.code: q.kind for q in view.quadrants for b in q.basins}
        assert placed == {"AM01": "discuss_first", "AM02": "low_risk_strong"}
        assert [(b.code, b.why) for b in view.undetermined] == [("NI03", readings.NO_COOPERATION)]
        assert [b.code for b in view.basins] == ["AM01", "AM02", "NI03"]
        assert view.title == "À discuter d’abord : Bassin 1"

    def test_the_map_and_the_region_say_the_same_of_every_basin(self):
        observatory = with_risk()
        asked = {"lecture": "priorites"}
        selection, _ = parse_selection(asked, observatory.catalogue, observatory.basins)
        drawn = build_map_view(observatory, selection)
        found = priorities(observatory)
        assert {a.code: a.cells[0].text.split(" : ")[0] for a in drawn.areas} == {
            code: texts.PRIORITY_LABELS[p.kind] for code, p in found.items()
        }
        assert {b.code: b.kind for b in build_region_priorities(observatory).basins} == {
            code: p.kind for code, p in found.items()
        }
        assert drawn.title == bind(build_region_priorities(observatory).title)

    def test_both_intervals_are_told_or_why_there_is_none(self):
        figures = [
            figure("AM01", "neet_rate", 0.25, value_lower=0.22, value_upper=0.28),
            figure("AM02", "neet_rate", 0.12),
            figure("NI03", "neet_rate", None, status="suppressed"),
            region_figure("neet_rate", 0.18),
        ]
        ratings = [*some("AM01", 24, 2), *everything("AM02", 4)]
        one, two, three = build_region_priorities(with_risk(figures=figures, ratings=ratings)).basins
        assert (one.observed.lower, one.observed.upper) == (0.22, 0.28)
        assert "de 22,0 à 28,0" in one.observed_interval
        assert two.observed_interval == texts.NO_INTERVAL
        assert three.observed_interval == texts.STATUS_LABELS["suppressed"]
        assert (one.level.value, one.level.lower, one.level.upper) == (2.0, 2.0, 2.0)
        assert (one.known, one.doubt) == ("24/42", region.HOLDS)
        assert (two.level_interval, two.doubt) == ("", "")
        assert (three.level_text, three.level_interval) == (readings.NOT_REPORTED, "de 0 à 5")

    def test_it_is_said_when_missing_answers_could_change_the_side(self):
        known = [rating("AM01", a, b, 2 if i % 2 else 4) for i, (a, b) in enumerate(DIRECTED[:22])]
        (first, *_) = build_region_priorities(with_risk(ratings=known)).basins
        assert (first.level.value, first.doubt) == (3.0, region.MAY_CROSS)
        assert first.level.lower < 3 <= first.level.upper

    @pytest.mark.parametrize(
        ("value", "interval", "doubts"),
        [
            (0.25, {}, ()),
            (0.184, {}, (region.NEAR_REGION,)),
            (0.176, {}, (region.NEAR_REGION,)),
            (0.186, {}, ()),
            (0.184, {"value_lower": 0.182, "value_upper": 0.186}, ()),
        ],
    )
    def test_a_place_that_a_rounding_could_change_is_to_be_confirmed(self, value, interval, doubts):
        figures = [figure("AM01", "neet_rate", value, **interval), region_figure("neet_rate", 0.18)]
        assert priorities(with_risk(figures=figures))["AM01"].doubts == doubts

    def test_a_place_that_missing_answers_could_change_has_its_sign_in_cards_list_map_and_panel(self):
        known = [rating("AM01", a, b, 2 if i % 2 else 4) for i, (a, b) in enumerate(DIRECTED[:22])]
        observatory = with_risk(ratings=[*known, *everything("AM02", 4)])
        view = build_region_priorities(observatory)
        assert [b.code for b in view.basins if b.is_to_confirm] == ["AM01"]
        cards = str(priority_html.quadrants(view))
        assert cards.count('class="reg-confirm"') == 1
        assert region.MAY_CROSS in cards
        assert region.TO_CONFIRM_SHORT in priority_html.quadrants(view, with_questions=False)
        assert str(priority_html.both_sides(view)).count("reg-doubted") == 1
        asked = {"lecture": "priorites", "bassin": "AM01"}
        selection, _ = parse_selection(asked, observatory.catalogue, observatory.basins)
        drawn = build_map_view(observatory, selection)
        striped = {a.code: a.fill for a in drawn.areas if a.fill.pattern == "lines"}
        assert striped == {"AM01": palette.Fill(palette.PRIORITY["high_risk_strong"], "lines")}
        assert drawn.area("AM01").cells[0].text.endswith(", à confirmer")
        assert drawn.panel.headline.endswith(", à confirmer")
        assert region.MAY_CROSS in drawn.panel.doubt
        counts = {line.label: line.count for line in drawn.legend}
        assert counts["à confirmer"] == counts[texts.PRIORITY_LABELS["high_risk_strong"]] == 1
        rows = build_map_sheet(observatory, drawn, selection).rows
        assert [row[0] for row in rows if "à confirmer" in str(row)] == ["AM01"]

    def test_the_region_names_what_to_discuss_first_in_the_order_of_the_map(self):
        values = {"AM01": 0.20, "AM02": 0.30, "NI03": 0.24}
        figures = [
            *(figure(code, "neet_rate", v) for code, v in values.items()),
            region_figure("neet_rate", 0.18),
        ]
        observatory = with_risk(figures=figures, ratings=[r for code in values for r in everything(code, 2)])
        asked = {"lecture": "priorites"}
        selection, _ = parse_selection(asked, observatory.catalogue, observatory.basins)
        view = build_region_priorities(observatory)
        assert [b.code for b in view.quadrants[0].basins] == ["AM02", "NI03", "AM01"]
        assert [a.code for a in build_map_view(observatory, selection).areas] == ["AM02", "NI03", "AM01"]
        assert "Du plus au moins éloigné de la région (18,0" in priority_html.quadrants(view)

    @pytest.mark.parametrize("status", ["unresolved", "suppressed", "insufficient_coverage", "missing"])
    def test_a_basin_without_a_figure_of_its_own_is_in_no_quadrant(self, status):
        figures = [figure("AM01", "neet_rate", 0.3, status=status), region_figure("neet_rate", 0.18)]
        first = build_region_priorities(with_risk(figures=figures)).basins[0]
        assert first.kind == "undetermined"
        assert first.observed.value is None

    def test_an_empty_inventory_places_nobody_and_draws_no_cooperation(self):
        view = build_region_priorities(make_observatory())
        assert not any(q.basins for q in view.quadrants)
        assert len(view.undetermined) == 3
        shown = priority_html.both_sides(view)
        assert "non renseigné" in shown
        assert 'class="reg-level"' not in shown

    def test_every_quadrant_has_its_rule_and_its_question(self):
        assert set(KINDS) == set(region.QUADRANTS) == set(region.QUADRANT_QUESTIONS) == set(palette.PRIORITY)

    def test_the_scale_of_the_drawing_holds_every_value(self):
        view = build_region_priorities(with_risk())
        low, high = view.observed_scale
        assert low == 0
        assert all(b.observed.value is None or b.observed.value <= high for b in view.basins)

    def test_the_observed_scale_and_order_do_not_depend_on_cooperation(self):
        rich, poor = with_risk(), with_risk(ratings=[])
        assert [b.code for b in build_region_priorities(rich).basins] == [
            b.code for b in build_region_priorities(poor).basins
        ]


def test_names_that_wish_harm_stay_text_in_every_table():
    basins = make_basins(basin_label=HOSTILE, short_label=HOSTILE)
    observatory = with_risk(basins=basins)
    view = build_region_priorities(observatory)
    links = build_region_links(make_observatory(basins, ratings=[
        rating("AM01", "cio", "pjj", 5), rating("AM01", "pjj", "cio", 1),
    ]))  # fmt: skip
    shown = [
        region_tables.modality_table(build_region_modalities(observatory), "AM01"),
        region_tables.link_table(links, "AM01"),
        region_tables.gap_list(links),
        priority_html.quadrants(view),
        priority_html.both_sides(view),
    ]
    for piece in shown:
        assert "<img" not in piece
        assert 'onerror="' not in piece
        assert "&lt;img" in piece


def test_an_academie_is_elided_before_a_vowel():
    labels = [people._area_label(make_observatory(), code) for code in ACADEMIE_CODES.values()]
    assert labels == ["Académie d’Aix-Marseille", "Académie de Nice"]
