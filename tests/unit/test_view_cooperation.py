"""What the page Coopération says of the inventory: unknown is never zero, and names stay text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.domain.cooperation import CooperationLevel, Modality, ModalityStatus, Partner
from observatory.french import cooperation as words
from observatory.geo import palette
from observatory.ui import cooperation_matrix
from observatory.views.cooperation import cooperation_states, modality_rows, rating_levels, reciprocal_gaps
from observatory.views.cooperation_page import (
    MAXIMUM_GAP_SUBJECTS,
    build_basin_cooperation,
    level_ink,
)
from tests.unit.computed_observatory import (
    figure,
    make_basins,
    make_observatory,
    modality,
    rating,
    region_figure,
)

HOSTILE = '<img src=x onerror="alert(1)">'
PAIRS = [(a.value, b.value) for a in Partner for b in Partner if a is not b]


def everything(basin: str = "AM01", level: int = 3) -> list:
    return [rating(basin, a, b, level) for a, b in PAIRS]


def plain(sentences) -> list[str]:
    """Sentences with ordinary spaces."""
    return [s.replace("\u00a0", " ").replace("\u202f", " ") for s in sentences]


class TestMatrix:
    def test_a_line_is_what_a_structure_says_and_a_column_whom_it_speaks_of(self):
        view = build_basin_cooperation(make_observatory(ratings=[rating("AM01", "cio", "pjj", 4)]), "AM01")
        order = list(Partner)
        cio, pjj = order.index(Partner.CIO), order.index(Partner.PJJ)
        assert view.rows[cio].cells[pjj].text == "4"
        assert view.rows[pjj].cells[cio].text == "?"
        assert view.rows[cio].cells[pjj].meaning == "CIO à propos de PJJ : 4, décident ensemble"

    def test_what_was_asked_and_not_reported_is_a_question_mark_and_no_colour_of_the_scale(self):
        view = build_basin_cooperation(make_observatory(ratings=[rating("AM01", "cio", "pjj", None)]), "AM01")
        unknown = [c for row in view.rows for c in row.cells if not c.is_self]
        assert {c.text for c in unknown} == {"?"}
        assert all(c.is_unknown and c.colour not in palette.COOPERATION for c in unknown)

    def test_no_interaction_is_shown_as_zero_not_as_unknown(self):
        view = build_basin_cooperation(make_observatory(ratings=everything(level=0)), "AM01")
        cells = [c for row in view.rows for c in row.cells if not c.is_self]
        assert {(c.text, c.colour, c.is_unknown) for c in cells} == {("0", palette.COOPERATION[0], False)}

    def test_both_cells_of_a_link_seen_two_levels_apart_are_framed_and_no_other(self):
        ratings = [
            rating("AM01", "cio", "pjj", 4),
            rating("AM01", "pjj", "cio", 2),
            rating("AM01", "cfa", "cio", 1),
        ]
        view = build_basin_cooperation(make_observatory(ratings=ratings), "AM01")
        order = list(Partner)
        framed = {
            (order[i], order[j])
            for i, row in enumerate(view.rows)
            for j, cell in enumerate(row.cells)
            if cell.is_gap
        }
        assert framed == {(Partner.CIO, Partner.PJJ), (Partner.PJJ, Partner.CIO)}

    def test_the_twin_says_the_42_links_in_words_with_what_supports_them(self):
        ratings = [
            rating("AM01", "cio", "pjj", 2, evidence="Liste", rated_by="Direction", rated_on="2026-03-01")
        ]
        view = build_basin_cooperation(make_observatory(ratings=ratings), "AM01")
        assert len(view.links) == 42
        (line,) = [link for link in view.links if link.level != "non renseigné"]
        assert (line.said_by, line.about, line.level) == ("CIO", "PJJ", "2 (coopèrent)")
        assert (line.evidence, line.signed) == ("Liste", "Direction, 1er mars 2026")

    @settings(max_examples=30)
    @given(st.dictionaries(st.sampled_from(PAIRS), st.none() | st.integers(0, 5)))
    def test_every_cell_reads_its_own_rating_whatever_the_inventory(self, levels):
        ratings = [rating("AM01", a, b, level) for (a, b), level in levels.items()]
        view = build_basin_cooperation(make_observatory(ratings=ratings), "AM01")
        for first, row in zip(Partner, view.rows, strict=True):
            for second, cell in zip(Partner, row.cells, strict=True):
                level = levels.get((first.value, second.value))
                assert cell.is_self is (first is second)
                if first is not second:
                    assert cell.text == ("?" if level is None else str(level))


class TestCompleteness:
    def test_not_reported_counts_as_unknown_and_not_applicable_as_an_answer(self):
        observatory = make_observatory(
            ratings=[rating("AM01", "cio", "pjj", 0), rating("AM01", "pjj", "cio", None)],
            modalities=[
                modality("AM01", "handover", "not_reported"),
                modality("AM01", "evaluation", "not_applicable"),
                modality("AM01", "facilitation", "not_done", updated_on="2026-04-10"),
            ],
        )
        view = build_basin_cooperation(observatory, "AM01")
        assert "Liens renseignés : 1 sur 42" in view.known
        assert "modalités renseignées : 2 sur 11" in view.known
        assert view.known.endswith("état au 10 avril 2026")
        assert cooperation_states(observatory)["AM01"].completeness == pytest.approx(1 / 42)

    def test_a_basin_that_reported_nothing_says_so_and_is_complete_in_shape(self):
        view = build_basin_cooperation(make_observatory(ratings=everything("AM01")), "AM02")
        assert view.title == "Bassin 2 : rien n’est encore renseigné"
        assert len(view.rows) == 7
        assert plain(view.subjects) == ["Restent à renseigner : 42 liens et onze modalités."]

    def test_too_few_links_give_no_median_level(self):
        few = make_observatory(ratings=[rating("AM01", a, b, 5) for a, b in PAIRS[:20]])
        enough = make_observatory(ratings=[rating("AM01", a, b, 5) for a, b in PAIRS[:21]])
        assert cooperation_states(few)["AM01"].median_level is None
        assert cooperation_states(enough)["AM01"].median_level == 5

    def test_the_median_of_an_even_number_of_links_lies_between_the_two_middle_ones(self):
        ratings = [rating("AM01", a, b, 1 if i < 11 else 4) for i, (a, b) in enumerate(PAIRS[:22])]
        assert cooperation_states(make_observatory(ratings=ratings))["AM01"].median_level == 2.5


class TestSubjects:
    def test_a_link_seen_differently_names_both_sides_with_their_words(self):
        ratings = [rating("AM01", "mission_locale", "cfa", 4), rating("AM01", "cfa", "mission_locale", 1)]
        view = build_basin_cooperation(make_observatory(ratings=ratings), "AM01")
        assert plain(view.subjects)[0] == (
            "Mission locale et CFA : 4 (décident ensemble) selon la mission locale, "
            "1 (se connaissent) selon les CFA."
        )
        assert view.title == "Bassin 1 : un lien vu différemment par les deux structures"

    def test_the_widest_differences_come_first_and_the_rest_are_counted(self):
        order = list(Partner)
        ratings = []
        for i, other in enumerate(order[1:]):
            ratings.append(rating("AM01", order[0], other, 5 if i == 5 else 2))
            ratings.append(rating("AM01", other, order[0], 0))
        view = build_basin_cooperation(make_observatory(ratings=ratings), "AM01")
        assert view.subjects[0].startswith("Établiss., MGI et Ens. agricole")
        assert plain(view.subjects)[MAXIMUM_GAP_SUBJECTS] == (
            "Deux autres liens vus différemment : cadres ambrés de la matrice."
        )

    def test_a_modality_that_is_not_done_is_a_subject_where_the_observed_is_above_the_region(self):
        records = [modality("AM01", "handover", "not_done"), modality("NI03", "handover", "not_done")]
        figures = [figure("AM01", "neet_rate", 0.214), figure("NI03", "neet_rate", 0.12)]
        observatory = make_observatory(
            figures=[*figures, region_figure("neet_rate", 0.179)], modalities=records
        )
        assert plain(build_basin_cooperation(observatory, "AM01").subjects)[0] == (
            "Ne se fait pas : « relais entre opérateurs », alors que 21,4 % des 15-24 ans "
            "ne sont ni en études ni en emploi (17,9 % dans la région)."
        )
        assert not any("Ne se fait" in s for s in build_basin_cooperation(observatory, "NI03").subjects)

    @pytest.mark.parametrize("status", ["unresolved", "suppressed", "insufficient_coverage"])
    def test_a_basin_without_a_figure_of_its_own_is_not_compared_with_the_region(self, status):
        observatory = make_observatory(
            figures=[figure("AM01", "neet_rate", 0.3, status=status), region_figure("neet_rate", 0.179)],
            modalities=[modality("AM01", "handover", "not_done")],
        )
        assert not any("%" in s for s in build_basin_cooperation(observatory, "AM01").subjects)

    def test_not_reported_is_never_said_not_done(self):
        observatory = make_observatory(
            figures=[figure("AM01", "neet_rate", 0.3), region_figure("neet_rate", 0.179)],
            modalities=[modality("AM01", m.value, "not_reported") for m in Modality],
        )
        assert not any("Ne se f" in s for s in build_basin_cooperation(observatory, "AM01").subjects)

    def test_a_complete_inventory_without_difference_has_nothing_to_discuss(self):
        observatory = make_observatory(
            ratings=everything(), modalities=[modality("AM01", m.value, "done") for m in Modality]
        )
        view = build_basin_cooperation(observatory, "AM01")
        assert view.subjects == ("Rien de ce qui est renseigné n’appelle de sujet particulier.",)


class TestModalities:
    def test_the_eleven_modalities_come_in_the_order_of_the_convention_reported_or_not(self):
        observatory = make_observatory(
            modalities=[modality("AM01", "evaluation", "done", pilot="CIO", frequency="tous les mois")]
        )
        assert [row.modality for row in modality_rows(observatory, "AM01")] == [m.value for m in Modality]
        assert modality_rows(observatory, "AM01")[-1].detail == "tous les mois · CIO"


class TestHtml:
    def test_hostile_labels_and_records_stay_text(self):
        basins = make_basins(basin_label=HOSTILE, short_label=HOSTILE)
        observatory = make_observatory(
            basins, ratings=[rating("AM01", "cio", "pjj", 4, evidence=HOSTILE, rated_by=HOSTILE)]
        )
        view = build_basin_cooperation(observatory, "AM01")
        shown = cooperation_matrix.links(view.links) + cooperation_matrix.subjects((HOSTILE,))
        assert "<img" not in shown
        assert 'onerror="' not in shown
        assert shown.count("&lt;img") == 3

    def test_the_scale_says_what_is_observed_at_each_level(self):
        shown = str(cooperation_matrix.scale())
        assert all(text in shown for text in words.LEVEL_DESCRIPTIONS.values())


class TestWords:
    def test_every_code_has_its_word_and_every_level_its_observable_description(self):
        assert set(words.PARTNERS) == set(Partner)
        assert set(words.MODALITY_LABELS) == set(Modality)
        assert set(words.STATUS_LABELS) == set(words.STATUS_DESCRIPTIONS) == set(ModalityStatus)
        assert set(words.LEVEL_LABELS) == set(words.LEVEL_DESCRIPTIONS) == set(CooperationLevel)
        assert len(words.PARTNER_SHORT_LABELS) == 7

    def test_every_level_is_readable_on_its_colour(self):
        for level in CooperationLevel:
            assert palette.contrast_ratio(palette.COOPERATION[level], level_ink(level)) >= 4.5


class TestLevelsOfTheMap:
    def test_unreported_levels_are_absent_never_zero(self):
        observatory = make_observatory(
            ratings=[rating("AM01", "cio", "pjj", None), rating("AM01", "pjj", "cio", 0)]
        )
        assert rating_levels(observatory, "AM01") == {("pjj", "cio"): 0}

    def test_differences_follow_the_rule_of_the_domain(self):
        assert reciprocal_gaps({("pjj", "cio"): 0, ("cio", "pjj"): 3, ("cfa", "cio"): 5}) == [
            ("cio", "pjj", 3, 0)
        ]
