"""The campaign in Comparer: rates among the indicators, ranks from published counts only, nothing hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from observatory.domain.campaign import Measure
from observatory.domain.figures import FigureStatus
from observatory.domain.risk import Comparison
from observatory.views.campaign_indicators import CODES, own_indicators, rank_key
from observatory.views.comparer import build_comparer
from observatory.views.comparer_sheet import comparison_sheets
from observatory.views.selection import parse_selection
from tests.region_campaign import hidden, region_figures, region_view
from tests.unit.observatory_factory import make_observatory

RATE = Measure.LEAVER_WITHOUT_SOLUTION_RATE.value


def observatory(change=lambda figures: figures, **options):
    return replace(make_observatory(), campaign=region_view(change, **options))


def compared(found, basins="NI02,NI03", indicator=RATE):
    params = {"bassins": basins, "indicateur": indicator}
    return build_comparer(found, parse_selection(params, found.catalogue, found.basins)[0])


def cells(view, code):
    return next(row for row in view.rows if row.indicator_code == code).cells


def test_the_table_has_twelve_lines_three_of_them_from_the_campaign():
    view = compared(observatory())
    assert len(view.rows) == 12
    assert [row.indicator_code for row in view.rows if row.indicator_code in CODES] == [
        RATE, Measure.UNKNOWN_RATE.value, Measure.FOLLOWED_SHARE.value
    ]  # fmt: skip


def test_without_a_campaign_no_rate_of_it_is_in_the_catalogue():
    found = make_observatory()
    assert not CODES & set(found.catalogue.indicators)
    assert tuple(found.catalogue.indicators.values()) == own_indicators(found.catalogue)


def test_a_campaign_taken_away_takes_its_indicators_along():
    assert not CODES & set(replace(observatory(), campaign=None).catalogue.indicators)


def test_a_rate_tells_its_counts_its_interval_and_its_unknown():
    said = cells(compared(observatory()), RATE)[0].words
    assert " sur " in said
    assert "intervalle à 95" in said
    assert "inconnus : " in said


def test_a_hidden_rate_has_its_sign_no_rank_and_no_point():
    view = compared(observatory(lambda f: hidden(f, ["NI03"])))
    cell = cells(view, RATE)[1]
    assert (cell.text, cell.value, cell.status) == ("", None, FigureStatus.SUPPRESSED)
    assert "NI03" not in {row.code for row in view.ranks.rows}
    assert "NI03" not in {point.code for point in view.funnel.points}


def test_a_rate_on_few_young_people_is_told_without_comparison_rank_or_point():
    def few(figures):
        own = figures["area_code"] == "NI03"
        share = figures["value"].where(figures["measure"] != "enrolled", 19.0)
        return figures.assign(value=figures["value"].mask(own, share))

    view = compared(observatory(few))
    cell = cells(view, RATE)[1]
    assert cell.text
    assert cell.comparison is Comparison.NEUTRAL
    assert "petit effectif" in cell.words
    assert "NI03" not in {row.code for row in view.ranks.rows}
    assert "NI03" not in {point.code for point in view.funnel.points}


def test_ranks_ask_for_published_counts_and_twenty_young_people():
    assert rank_key([("A", 3.0, 20.0), ("B", 3.0, 19.0), ("C", None, 50.0), ("D", 3.0, None)]) == (
        ("A", 3.0, 20.0),
    )


def test_the_ranks_of_the_campaign_are_the_same_each_time_and_never_bare():
    first, second = compared(observatory()).ranks, compared(observatory()).ranks
    assert first == second
    assert first.has_intervals
    assert any(row.lower < row.upper for row in first.rows)


@pytest.mark.parametrize(("invented", "marked"), [(True, True), (False, False)])
def test_the_files_say_that_an_invented_campaign_is(invented, marked):
    for sheet in comparison_sheets(compared(observatory(is_demonstration=invented)), date(2026, 11, 24)):
        assert any("sont inventés" in note for note in sheet.notes) is marked


def test_no_file_holds_a_hidden_value():
    whole = compared(observatory())
    secret = {
        cells(whole, code)[1].value for code in CODES if any(r.indicator_code == code for r in whole.rows)
    }
    view = compared(observatory(lambda f: hidden(f, ["NI03"])))
    for sheet in comparison_sheets(view, date(2026, 11, 24)):
        written = {round(cell, 6) for row in sheet.rows for cell in row if isinstance(cell, float)}
        assert not written & {round(value, 6) for value in secret if value is not None}


def test_the_title_is_never_made_of_an_invented_rate():
    assert "Sortants" not in compared(observatory()).title


def test_a_campaign_all_hidden_has_no_ranks_and_says_why():
    view = compared(observatory(lambda f: hidden(region_figures())))
    assert not view.ranks.has_intervals
    assert "Rangs non calculables" in view.ranks.note
    assert view.funnel.reason
