"""The three sentences of the first page, on the cases where a careless sentence would be false."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.french.numbers import NNBSP
from observatory.views.accueil import PreviousVersion, build_accueil, count_changes, highest_basins
from observatory.views.observatory import Observatory
from tests.unit.observatory_factory import CATALOGUE, DEFAULT_NAMES, MadeUp, make_figures, make_observatory

NEET = CATALOGUE.indicators["neet_rate"]
SUMMARY = {"r_squared": 0.685, "slope": 0.04}


def neet(*values: float | None, status: str = "value", region: float | None = 0.179) -> list[MadeUp]:
    figures = [MadeUp(c, "neet_rate", v, status=status) for c, v in zip(DEFAULT_NAMES, values, strict=False)]
    return [*figures, MadeUp("REG93", "neet_rate", region)] if region is not None else figures


def gap(code: str, value: float, notable: bool) -> tuple[object, ...]:
    return (code, 2018, 0.2, None, None, 0.2 - value, value, 2.5 if notable else 0.5, notable, "computed")


def sentence(observatory: Observatory, position: int) -> str:
    return build_accueil(observatory).sentences[position]


# --- observed --------------------------------------------------------------------------------------------


def test_the_level_and_the_three_highest_basins_are_told_with_their_values():
    assert sentence(make_observatory(neet(0.214, 0.210, 0.205, 0.15, 0.12)), 0) == (
        f"En 2018, 17,9{NNBSP}% des 15-24 ans ne sont ni en études ni en emploi dans la région ; "
        "la part est la plus élevée dans les bassins de Digne, de Manosque et d’Antibes "
        f"(21,4{NNBSP}%, 21,0{NNBSP}% et 20,5{NNBSP}%)."
    )


def test_a_tie_at_the_third_place_is_never_cut_in_two():
    observatory = make_observatory(neet(0.22, 0.20, 0.20, 0.20, 0.12))
    assert [name for name, _ in highest_basins(observatory, NEET)] == ["Digne"]


def test_when_all_basins_read_the_same_none_stands_out():
    observatory = make_observatory(neet(0.2001, 0.2002, 0.2003, 0.2000, 0.2004))
    assert highest_basins(observatory, NEET) == ()
    assert sentence(observatory, 0).endswith("; aucun bassin ne se détache.")


def test_one_basin_alone_is_not_the_highest_of_anything():
    assert highest_basins(make_observatory(neet(0.25)), NEET) == ()


def test_equal_values_are_told_once():
    observatory = make_observatory(neet(0.21, 0.21, 0.10, 0.09, 0.08))
    assert [v for _, v in highest_basins(observatory, NEET)] == [0.21, 0.21, 0.10]
    two = make_observatory(neet(0.21, 0.21, 0.10))
    assert sentence(two, 0).endswith(f"les bassins de Digne et de Manosque (21,0{NNBSP}%).")


def test_no_figure_at_all_is_said_plainly():
    assert (
        sentence(make_observatory(), 0)
        == "Jeunes ni en emploi ni en formation : aucun chiffre ne peut être montré."
    )


def test_a_missing_regional_value_is_said_and_the_basins_are_still_named():
    said = sentence(make_observatory(neet(0.3, 0.2, 0.1, region=None)), 0)
    assert "la valeur régionale n’est pas transmise" in said
    assert "Digne" in said


@pytest.mark.parametrize("status", ["suppressed", "missing", "unresolved", "insufficient_coverage"])
def test_figures_that_are_set_aside_are_never_the_highest(status: str):
    observatory = make_observatory(neet(0.9, 0.8, 0.7, 0.6, 0.5, status=status))
    assert highest_basins(observatory, NEET) == ()
    assert "90" not in " ".join(build_accueil(observatory).sentences)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_every_basin_that_is_not_named_reads_lower_than_those_that_are(values: list[float]):
    observatory = make_observatory(neet(*values))
    named = highest_basins(observatory, NEET)
    assert len(named) <= 3
    names = {name for name, _ in named}
    others = [v for n, v in zip(DEFAULT_NAMES.values(), values, strict=True) if n not in names]
    assert all(value > other for _, value in named for other in others)


# --- associated with -------------------------------------------------------------------------------------


def test_the_association_is_told_without_a_cause_and_nobody_departs():
    observatory = make_observatory(gap=[gap(c, 0.01, False) for c in DEFAULT_NAMES], summary=SUMMARY)
    said = sentence(observatory, 1)
    assert said == (
        "Un contexte plus exposé est associé à une part plus élevée : "
        f"69{NNBSP}% des différences entre les cinq bassins où l’on connaît les deux vont avec lui. "
        "Aucun bassin ne s’écarte notablement de ce que son contexte laisse attendre."
    )


def test_basins_that_depart_are_named_on_their_side():
    rows = [
        gap("AM01", 0.05, True),
        gap("NI01", -0.06, True),
        gap("NI02", -0.04, True),
        gap("AM02", 0, False),
    ]
    said = sentence(make_observatory(gap=rows, summary=SUMMARY), 1)
    assert said.endswith(
        "Digne est notablement au-dessus de l’attendu ; "
        "Antibes et Cagnes sont notablement au-dessous de l’attendu."
    )


@pytest.mark.parametrize("summary", [{"r_squared": 0.7, "slope": -0.04}, {"r_squared": 0.02, "slope": 0.01}])
def test_a_weak_or_reversed_association_is_not_claimed(summary: dict[str, float]):
    observatory = make_observatory(gap=[gap(c, 0.0, False) for c in DEFAULT_NAMES], summary=summary)
    assert "n’est pas nettement associé" in sentence(observatory, 1)


@pytest.mark.parametrize("summary", [{}, {"r_squared": float("nan"), "slope": float("nan")}])
def test_without_a_regression_the_sentence_says_so(summary: dict[str, float]):
    assert "ne peuvent pas être rapprochés" in sentence(make_observatory(summary=summary), 1)


# --- not known -------------------------------------------------------------------------------------------


def test_what_is_not_known_names_the_larger_area_the_missing_index_and_the_intervals():
    figures = [
        MadeUp("AM01", "neet_rate", 0.19, status="unresolved", note="communal_value_not_split"),
        *(MadeUp(c, "neet_rate", 0.2) for c in ("AM02", "NI01", "NI02")),
        MadeUp("NI03", "neet_rate", None, status="suppressed"),
    ]
    said = sentence(make_observatory(figures), 2)
    assert said.startswith("Digne n’a que la valeur d’une zone plus large")
    assert "le chiffre observé d’un bassin manque" in said
    assert "cinq bassins n’ont pas d’indice de contexte" in said
    assert said.endswith("aucun intervalle d’incertitude n’est calculable.")


def test_when_all_is_known_nothing_is_said_to_lack():
    figures = [MadeUp(c, "neet_rate", 0.2, 0.19, 0.21) for c in DEFAULT_NAMES]
    index = [(c, 0.1, 0.0, 0.2, 3.0, 1, 5, "computed", "") for c in DEFAULT_NAMES]
    said = sentence(make_observatory(figures, context_index=index), 2)
    assert said == "Tous les bassins ont une valeur propre, un indice de contexte et un intervalle."


# --- what has been received, what has changed ------------------------------------------------------------


def test_no_campaign_is_told_as_zero_basins_and_no_date_is_invented():
    blocks = {b.title: b for b in build_accueil(make_observatory()).blocks}
    assert blocks["Remontées de campagne"].headline == "0 bassin sur 5"
    assert "Aucune campagne n’a encore été publiée" in blocks["Remontées de campagne"].text
    assert not any(c.isdigit() for c in blocks["Prochaines dates"].headline + blocks["Prochaines dates"].text)


def test_the_inventory_is_shown_only_with_demonstration_records_and_marked_so():
    assert all(not b.is_demonstration for b in build_accueil(make_observatory()).blocks)
    rows = [("AM01", "cio", "pjj", 3, None, "", "", True), ("AM01", "pjj", "cio", None, None, "", "", True)]
    view = build_accueil(make_observatory(ratings=rows))
    (inventory,) = [b for b in view.blocks if b.is_demonstration]
    # The two counts are of two things, and each says of which.
    assert "liens entre structures : 1 bassin sur 5." in inventory.text
    assert "modalités : aucun bassin sur 5." in inventory.text
    assert "inventées" in inventory.text


def test_the_first_version_has_nothing_before_it():
    blocks = {b.title: b for b in build_accueil(make_observatory()).blocks}
    assert blocks["Ce qui a changé"].text == (
        "Version 1 des données, du 23 novembre 2026 : premier chargement, rien à comparer encore."
    )


def test_a_later_version_counts_the_figures_that_read_otherwise():
    before = PreviousVersion(datetime(2026, 3, 1, tzinfo=UTC), make_figures(neet(0.20, 0.21, 0.22)))
    view = build_accueil(make_observatory(neet(0.20, 0.25, 0.22, 0.18), version_id=2), before)
    block = next(b for b in view.blocks if b.title == "Ce qui a changé")
    assert block.headline == "2 chiffres"
    assert "ont changé depuis la version du 1er mars 2026" in block.text


figures = st.dictionaries(
    st.sampled_from(list(DEFAULT_NAMES)), st.one_of(st.none(), st.floats(0, 1)), max_size=5
)


@given(figures, figures)
def test_changes_are_counted_the_same_in_both_directions_and_none_between_equals(first, second):
    def frame(values: dict[str, float | None]) -> pd.DataFrame:
        return make_figures([MadeUp(c, "neet_rate", v) for c, v in values.items()])

    assert count_changes(frame(first), frame(first)) == 0
    expected = sum(
        1 for c in first.keys() | second.keys() if (c in first, first.get(c)) != (c in second, second.get(c))
    )
    assert (
        count_changes(frame(first), frame(second)) == count_changes(frame(second), frame(first)) == expected
    )


def test_every_sentence_of_an_empty_observatory_is_a_sentence():
    for observatory in (make_observatory(), make_observatory(names={}, version_at=None)):
        view = build_accueil(observatory)
        for said in (*view.sentences, *(b.text for b in view.blocks)):
            assert said.endswith(".")
            assert "None" not in said
            assert "nan" not in said.split()
