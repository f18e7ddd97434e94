"""What Comparer may say: a sign only from an interval, a rank only as an interval, a name always as text."""

from __future__ import annotations

import io
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import Comparison
from observatory.export.rank_chart import RankBar, rank_chart
from observatory.export.tables import to_csv, to_xlsx
from observatory.french import comparing
from observatory.french.numbers import NNBSP
from observatory.stats.rates import wilson_interval
from observatory.ui.comparer_rug import far_legend, rug
from observatory.ui.plotly_chart import plain
from observatory.views.comparer import build_comparer, compared_basins
from observatory.views.comparer_sheet import comparison_sheets
from observatory.views.funnel import build_funnel
from observatory.views.honest_ranks import build_ranks
from observatory.views.observatory import Observatory
from observatory.views.selection import INDEX_CODE, Reading, Selection
from observatory.views.similar import context_distance, context_scores, most_comparable
from tests.unit.observatory_factory import CATALOGUE, DEFAULT_NAMES, MadeUp, make_observatory

HOSTILE = '<img src=x onerror=alert(1)>"&'
DIMENSIONS = ("income", "families", "college", "vocational_track", "access")


def choose(*basins: str, basin: str = "AM01", indicator: str = "neet_rate") -> Selection:
    return Selection(basin, basins, Reading.OBSERVED, indicator, None, False)


def counted(area: str, indicator: str, numerator: int, denominator: int) -> MadeUp:
    lower, upper = wilson_interval(numerator, denominator)
    return MadeUp(
        area, indicator, numerator / denominator, float(lower), float(upper), numerator, denominator
    )


def scores(code: str, *values: float) -> list[tuple[object, ...]]:
    return [(code, d, v, 0.2, v / 5) for d, v in zip(DIMENSIONS, values, strict=False)]


def cell(observatory: Observatory, indicator: str, column: int, *basins: str):
    view = build_comparer(observatory, choose(*(basins or ("AM01", "AM02"))))
    return next(r for r in view.rows if r.indicator_code == indicator).cells[column]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)


def elements(markup: str) -> set[str]:
    reader = _Elements()
    reader.feed(markup)
    return reader.names


# --- signs -----------------------------------------------------------------------------------------------


def test_a_share_whose_interval_lies_above_the_region_is_said_more_exposed():
    observatory = make_observatory(
        [counted("AM01", "vocational_share", 400, 1000), counted("REG93", "vocational_share", 2600, 10000)]
    )
    found = cell(observatory, "vocational_share", 0)
    assert (found.text, found.sign, found.verdict) == (f"40,0{NNBSP}%", "▲", "plus exposé que la région")


def test_polarity_turns_the_sign_over():
    observatory = make_observatory(
        [counted("AM01", "dnb_success_rate", 980, 1000), counted("REG93", "dnb_success_rate", 9000, 10000)]
    )
    assert cell(observatory, "dnb_success_rate", 0).sign == "▼"


def test_an_interval_that_holds_the_regional_value_is_comparable():
    observatory = make_observatory(
        [counted("AM01", "vocational_share", 27, 100), counted("REG93", "vocational_share", 2600, 10000)]
    )
    assert cell(observatory, "vocational_share", 0).comparison is Comparison.SIMILAR


def test_without_an_interval_there_is_no_sign_however_far_the_value():
    observatory = make_observatory([MadeUp("AM01", "neet_rate", 0.60), MadeUp("REG93", "neet_rate", 0.18)])
    found = cell(observatory, "neet_rate", 0)
    assert (found.sign, found.verdict, found.comparison) == ("", "", Comparison.NEUTRAL)
    assert "effectifs non diffusés" in found.words


def test_the_region_is_not_compared_with_itself():
    observatory = make_observatory([counted("REG93", "vocational_share", 2600, 10000)])
    assert cell(observatory, "vocational_share", -1).comparison is Comparison.NEUTRAL


@pytest.mark.parametrize("status", ["suppressed", "missing", "not_applicable", "insufficient_coverage"])
def test_a_state_is_told_and_its_value_is_not(status: str):
    observatory = make_observatory([MadeUp("AM01", "neet_rate", 0.4321, status=status)])
    found = cell(observatory, "neet_rate", 0)
    assert found.status is FigureStatus(status)
    assert (found.text, found.value, found.lower) == ("", None, None)
    assert "43" not in found.words


def test_the_value_of_a_larger_area_stands_in_brackets_and_is_not_exported():
    figures = [
        MadeUp("AM01", "neet_rate", 0.19, status="unresolved", note="communal_value_not_split"),
        MadeUp("REG93", "neet_rate", 0.18),
    ]
    found = cell(make_observatory(figures), "neet_rate", 0)
    assert (found.text, found.value) == (f"(19,0{NNBSP}%)", None)
    assert "Marseille" in found.words


def test_an_absent_figure_is_not_transmitted_rather_than_zero():
    assert cell(make_observatory(), "neet_rate", 0).status is FigureStatus.MISSING


def test_zero_is_a_value():
    observatory = make_observatory([MadeUp("AM01", "neet_rate", 0.0)])
    found = cell(observatory, "neet_rate", 0)
    assert (found.status, found.text) == (FigureStatus.VALUE, f"0,0{NNBSP}%")


def test_the_index_of_a_basin_without_it_names_the_dimension_that_lacks():
    observatory = make_observatory(
        [MadeUp("AM01", "single_parent_share", 0.2, status="insufficient_coverage")],
        context_index=[("AM01", None, None, None, None, None, None, "missing_dimension", "families")],
    )
    found = cell(observatory, INDEX_CODE, 0)
    assert (found.status, found.text) == (FigureStatus.INSUFFICIENT_COVERAGE, "")
    assert "amilles" in found.words


# --- what is compared ------------------------------------------------------------------------------------


def test_the_rug_has_one_line_per_indicator_and_the_index_and_at_most_twelve():
    view = build_comparer(make_observatory(), choose("AM01", "NI01"))
    assert [r.indicator_code for r in view.rows] == [*CATALOGUE.indicators, INDEX_CODE]
    assert len(view.rows) <= 12


def test_the_columns_are_the_basins_their_academies_once_and_the_region():
    view = build_comparer(make_observatory(), choose("AM01", "AM02", "NI01"))
    assert [c.code for c in view.columns] == ["AM01", "AM02", "NI01", "ACA02", "ACA23", "REG93"]
    assert all(len(row.cells) == len(view.columns) for row in view.rows)


def test_by_default_the_current_basin_is_compared_with_the_one_its_context_resembles():
    rows = [*scores("AM01", 0, 0, 0, 0, 0), *scores("AM02", 3, 3, 3, 3, 3), *scores("NI02", 0, 1, 0, 0, 0)]
    assert compared_basins(make_observatory(contributions=rows), choose()) == ("AM01", "NI02")


def test_without_any_context_the_default_is_a_neighbour_of_the_same_academie():
    assert compared_basins(make_observatory(), choose(basin="NI02")) == ("NI02", "NI01")


def test_one_basin_alone_is_shown_and_a_second_one_is_asked_for():
    view = build_comparer(make_observatory(), choose("AM01"))
    assert "au moins deux bassins" in view.notice
    assert view.title == "Digne : choisissez au moins un second bassin pour comparer"


def test_an_observatory_of_one_basin_does_not_break():
    view = build_comparer(make_observatory(names={"AM01": "Digne"}), choose())
    assert view.chosen == ("AM01",)
    assert view.notice


# --- title -----------------------------------------------------------------------------------------------


def test_the_title_names_what_sets_the_basins_apart_the_most():
    near = [MadeUp(c, "neet_rate", 0.18 + 0.01 * i) for i, c in enumerate(DEFAULT_NAMES)]
    far = [MadeUp(c, "ips_college", 100.0 + (40 if c == "NI01" else 0)) for c in DEFAULT_NAMES]
    view = build_comparer(make_observatory([*near, *far]), choose("AM01", "NI01"))
    assert view.title == (
        "Digne et Antibes diffèrent surtout par « Position sociale, collèges » : "
        "de 100,0 (Digne) à 140,0 (Antibes)"
    )


def test_values_that_read_the_same_are_no_difference():
    figures = [MadeUp("AM01", "neet_rate", 0.2000), MadeUp("AM02", "neet_rate", 0.2001)]
    view = build_comparer(make_observatory(figures), choose("AM01", "AM02"))
    assert view.title == "Digne et Manosque : aucune différence qui dépasse les intervalles"


def test_intervals_that_overlap_are_no_difference():
    figures = [counted("AM01", "vocational_share", 25, 100), counted("AM02", "vocational_share", 30, 100)]
    view = build_comparer(make_observatory(figures), choose("AM01", "AM02"))
    assert view.title.endswith("aucune différence qui dépasse les intervalles")


def test_basins_that_share_no_figure_cannot_be_compared_and_the_title_says_so():
    figures = [MadeUp("AM01", "neet_rate", 0.2), MadeUp("AM02", "neet_rate", 0.2, status="suppressed")]
    view = build_comparer(make_observatory(figures), choose("AM01", "AM02"))
    assert view.title == "Digne et Manosque : aucun chiffre connu de tous, rien à comparer"


# --- funnel ----------------------------------------------------------------------------------------------


def funnel_of(*counts: tuple[str, int, int], region: float = 0.25, chosen: tuple[str, ...] = ("AM01",)):
    figures = [counted(code, "vocational_share", k, n) for code, k, n in counts]
    figures.append(MadeUp("REG93", "vocational_share", region))
    return build_funnel(make_observatory(figures), "vocational_share", None, chosen)


def test_without_counts_there_is_no_funnel_and_the_sentence_says_why():
    observatory = make_observatory([MadeUp(c, "neet_rate", 0.2) for c in DEFAULT_NAMES])
    assert build_funnel(observatory, "neet_rate", 2018, ("AM01",)).reason == (
        "Part du hasard non calculable : effectifs non diffusés."
    )
    assert build_funnel(observatory, INDEX_CODE, None, ("AM01",)).reason


def test_two_points_make_no_funnel():
    assert funnel_of(("AM01", 25, 100), ("AM02", 20, 100)).reason


def test_a_funnel_needs_a_region_that_is_neither_none_nor_all():
    assert funnel_of(("AM01", 0, 100), ("AM02", 0, 100), ("NI01", 0, 100), region=0.0).reason


def test_homogeneous_basins_show_no_overdispersion_and_nobody_is_outside():
    found = funnel_of(("AM01", 250, 1000), ("AM02", 51, 200), ("NI01", 124, 500), ("NI02", 76, 300))
    assert found.phi <= 1
    assert found.headline == f"Aucun des 4 bassins ne sort des limites à 99,8{NNBSP}%."
    assert "hasard seul" not in found.note
    outer, inner = found.curves
    assert outer.lower == outer.chance_lower
    assert all(o < i for o, i in zip(outer.lower, inner.lower, strict=True))


def test_limits_widen_when_basins_differ_more_than_chance():
    found = funnel_of(("AM01", 100, 1000), ("AM02", 400, 1000), ("NI01", 250, 1000), ("NI02", 320, 1000))
    assert found.phi > 1
    assert "hasard seul" in found.note
    assert found.curves[0].upper[0] > found.curves[0].chance_upper[0]


def test_a_chosen_basin_without_counts_is_said_absent_from_the_funnel():
    found = funnel_of(("AM01", 25, 100), ("AM02", 20, 100), ("NI01", 22, 100), chosen=("AM01", "NI03"))
    assert found.note.endswith("Sans chiffre, donc absent du graphique : Cannes.")
    assert [p.code for p in found.points if p.is_chosen] == ["AM01"]


# --- ranks -----------------------------------------------------------------------------------------------


def rank_rows(indicator: str, year: int, method: str, *rows: tuple[str, float, int, int, float | None, int]):
    return [(c, indicator, year, m, lo, up, p, b, len(rows), method) for c, m, lo, up, p, b in rows]


def test_ranks_from_counts_are_told_as_an_interval_and_a_chance():
    rows = rank_rows(
        "vocational_share", 2022, "beta_binomial", ("AM01", 2, 1, 3, 0.314, 1), ("NI01", 1, 1, 2, 0.999, 1)
    )
    found = build_ranks(make_observatory(ranks=rows), "vocational_share", None, ("AM01", "AM02"))
    assert found.sentences == (
        "Digne : entre 1er et 3e sur 2 (31 chances sur 100 d’être parmi les cinq plus élevés)",
    )
    assert [r.label for r in found.rows] == ["Antibes", "Digne"]
    assert "Sans rang, faute de valeur propre : Manosque." in found.note


def test_ranks_without_counts_are_groups_of_positions_and_invent_no_interval():
    codes = list(DEFAULT_NAMES)
    figures = [MadeUp(c, "neet_rate", 0.30 - 0.02 * i) for i, c in enumerate(codes)]
    rows = rank_rows("neet_rate", 2018, "ordering", *((c, i, i, i, None, i) for i, c in enumerate(codes, 1)))
    found = build_ranks(make_observatory(figures, ranks=rows), "neet_rate", 2018, ("AM01", "NI03"))
    assert (found.rows, found.has_intervals) == ((), False)
    assert [[name for name, _, _ in g.members] for g in found.groups] == [
        ["Digne"],
        ["Manosque", "Antibes"],
        ["Cagnes", "Cannes"],
    ]
    assert "effectifs non diffusés" in found.note
    assert not any(" e " in s or "entre" in s for s in found.sentences)


def test_equal_values_never_claim_the_highest_positions_for_themselves():
    codes = [f"AM{n:02d}" for n in range(1, 13)]
    rows = rank_rows("neet_rate", 2018, "ordering", *((c, 6.5, 1, 12, None, 1) for c in codes))
    observatory = make_observatory(
        [MadeUp(c, "neet_rate", 0.2) for c in codes], names={c: c for c in codes}, ranks=rows
    )
    found = build_ranks(observatory, "neet_rate", 2018, ("AM01",))
    assert found.sentences == ("AM01 : au milieu des 12 bassins",)


def test_no_rank_at_all_is_a_sentence():
    found = build_ranks(make_observatory(), "neet_rate", 2018, ("AM01",))
    assert found.note.startswith("Rangs non calculables")
    assert build_ranks(make_observatory(), INDEX_CODE, None, ("AM01",)).note.startswith("Rangs non calc")


def test_the_first_rank_of_a_favourable_indicator_is_said_the_least_exposed():
    rows = rank_rows("dnb_success_rate", 2023, "beta_binomial", ("AM01", 1, 1, 1, 1.0, 1))
    found = build_ranks(make_observatory(ranks=rows), "dnb_success_rate", None, ("AM01",))
    assert "donc la moins exposée" in found.note
    assert "plus de 99 chances sur 100" in found.sentences[0]


# --- resemblance -----------------------------------------------------------------------------------------


def test_the_nearest_context_comes_first_and_a_basin_never_resembles_itself():
    rows = [*scores("AM01", 0, 0, 0, 0, 0), *scores("AM02", 2, 2, 2, 2, 2), *scores("NI01", 1, 1, 1, 1, 1)]
    assert most_comparable(make_observatory(contributions=rows), "AM01") == ("NI01", "AM02")


def test_a_basin_without_an_index_is_compared_on_the_dimensions_it_has():
    def figures(code: str, level: float) -> list[MadeUp]:
        return [
            MadeUp(code, "median_income", 20000 - 1000 * level),
            MadeUp(code, "vocational_share", 0.25 + 0.02 * level),
            MadeUp(code, "service_distance_km", 5 + level),
        ]

    known = [scores(c, v, v, v, v, v) for c, v in (("AM02", -1.0), ("NI01", 0.0), ("NI02", 1.0))]
    levels = {"AM01": 0.9, "AM02": -1.0, "NI01": 0.0, "NI02": 1.0}
    observatory = make_observatory(
        [f for code, level in levels.items() for f in figures(code, level)],
        contributions=[row for rows in known for row in rows],
    )
    assert set(context_scores(observatory)["AM01"]) == {"income", "vocational_track", "access"}
    assert context_scores(observatory)["AM01"]["access"] == pytest.approx(0.9)
    assert most_comparable(observatory, "AM01") == ("NI02", "NI01", "AM02")


def test_fewer_than_three_common_dimensions_compare_with_nobody():
    observatory = make_observatory(
        [MadeUp(c, "median_income", 20000 + i) for i, c in enumerate(DEFAULT_NAMES)]
    )
    assert most_comparable(observatory, "AM01") == ()
    assert most_comparable(make_observatory(), "AM01") == ()


profiles = st.dictionaries(st.sampled_from(DIMENSIONS), st.floats(-5, 5), max_size=5)


@given(profiles, profiles)
def test_resemblance_is_symmetric_and_zero_only_between_equal_profiles(first, second):
    distance = context_distance(first, second)
    assert distance == context_distance(second, first)
    common = set(first) & set(second)
    assert (distance is None) == (len(common) < 3)
    if distance is not None and any(abs(first[d] - second[d]) > 1e-3 for d in common):
        assert distance > 0


# --- what leaves the page --------------------------------------------------------------------------------


def hostile_view():
    names = {**DEFAULT_NAMES, "AM01": HOSTILE, "AM02": "=cmd()"}
    return build_comparer(
        make_observatory([MadeUp("AM01", "neet_rate", 0.2)], names=names), choose("AM01", "AM02")
    )


def test_a_hostile_name_stays_text_in_the_table_and_in_the_charts():
    assert "img" not in elements(str(rug(hostile_view())))
    assert "img" not in elements(rank_chart([RankBar(HOSTILE, 1, 1, 2, 1, HOSTILE, True)]))
    assert "<" not in plain(HOSTILE)


def test_the_table_tells_a_sign_in_words_too_and_marks_the_chosen_line():
    observatory = make_observatory(
        [counted("AM01", "vocational_share", 400, 1000), counted("REG93", "vocational_share", 2600, 10000)]
    )
    shown = str(rug(build_comparer(observatory, choose("AM01", "AM02", indicator="vocational_share"))))
    assert "▲" in shown
    assert "plus exposé que la région" in shown
    assert shown.count("(affiché plus bas)") == 1


def test_an_exported_name_is_never_a_formula_and_a_hidden_value_is_never_exported():
    long, wide = comparison_sheets(hostile_view(), date(2026, 11, 23))
    assert "'=cmd()" in to_csv(long).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(to_xlsx((long, wide))))
    assert len(book.sheetnames) == 2
    assert "'=cmd()" in [c.value for c in book.worksheets[1][1]]
    hidden = make_observatory([MadeUp("AM01", "neet_rate", 0.4321, status="suppressed")])
    long, wide = comparison_sheets(build_comparer(hidden, choose("AM01", "AM02")), date(2026, 11, 23))
    assert "4321" not in to_csv(long).decode("utf-8-sig").replace(",", "")
    assert "secret statistique" in to_csv(wide).decode("utf-8-sig")


@given(st.floats(0, 1))
def test_chances_are_never_zero_nor_certain(probability: float):
    said = comparing.chances(probability)
    assert not said.startswith(("0 ", "100 "))


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 6), st.booleans()), min_size=1, max_size=28),
    st.booleans(),
)
def test_a_rank_chart_writes_every_chosen_name_apart_from_the_others(bars, all_labels):
    drawn = [
        RankBar(f"bassin-{i}.", low, low, low + more, i, "", chosen)
        for i, (low, more, chosen) in enumerate(bars)
    ]
    drawing = rank_chart(drawn, all_labels=all_labels)
    for bar in drawn:
        assert (bar.label in drawing) == (all_labels or bar.is_chosen)


# --- projected -------------------------------------------------------------------------------------------


def test_the_projected_rug_explains_the_states_it_shows_and_no_other():
    figures = [
        MadeUp("AM01", "single_parent_share", 0.2, status="insufficient_coverage"),
        MadeUp("AM02", "neet_rate", 0.19, status="unresolved", note="communal_value_not_split"),
    ]
    view = build_comparer(make_observatory(figures), choose("AM01", "AM02"))
    said = far_legend(view)
    assert "couverture insuffisante" in said
    assert "zone plus large" in said
    assert "secret statistique" not in said
    assert "valeur de Marseille entière" in said
    assert view.far_source.startswith("Source")


def test_the_projected_title_is_short_and_breaks_no_name():
    title = comparing.far_difference_title("Niveau de vie", ("Avignon", "1 €"), ("Cagnes – Vence", "2 €"))
    assert title == "Niveau de vie : de 1 € (Avignon) à 2 € (Cagnes\u00a0–\u00a0Vence)"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("median_income", "moyenne de médianes"),
        ("ips_college", "une moyenne"),
        ("service_distance_km", "une distance mesurée"),
    ],
)
def test_what_is_not_a_share_never_blames_counts_for_its_lack_of_interval(code: str, reason: str):
    figures = [MadeUp(c, code, 20.0 + i) for i, c in enumerate(DEFAULT_NAMES)]
    observatory = make_observatory(figures)
    found = cell(observatory, code, 0).words
    funnel = build_funnel(observatory, code, None, ("AM01",)).reason
    for text in (found, funnel):
        assert reason in text
        assert "effectifs non diffusés" not in text


@pytest.mark.parametrize("top_five", [0.97, None])
def test_a_rank_alone_is_never_bare(top_five: float | None):
    assert "2e sur 28 au moins neuf fois sur dix" in comparing.rank_sentence("Avignon", 2, 2, 28, top_five)
