"""The sheet of a basin: complete whatever is missing, no interval invented, no verdict without one."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.risk import Comparison
from observatory.domain.territory import Service
from observatory.french import sheet, texts
from observatory.french.comparing import VERDICTS
from observatory.views.comparer import build_comparer
from observatory.views.fiche import Fiche, build_fiche
from observatory.views.key_figures import KeyFigure
from observatory.views.observatory import Observatory
from observatory.views.selection import parse_selection
from observatory.views.trend import build_trend
from tests.unit.made_up_region import ABSENT, FIGURES, NAMES, SUPPRESSED, WIDER, make_region, neet, ratings
from tests.unit.observatory_factory import CATALOGUE, MadeUp, make_observatory

REGION = make_region()
NEET = CATALOGUE.indicators["neet_rate"]


def line(fiche: Fiche, code: str) -> KeyFigure:
    return fiche.figures[list(CATALOGUE.indicators).index(code)]


def spoken(fiche: Fiche) -> str:
    return "\n".join(
        str(getattr(fiche, f.name)) for f in fields(fiche) if f.type in ("str", "tuple[str, ...]")
    )


@pytest.mark.parametrize("observatory", [REGION, make_observatory(names=NAMES)], ids=["figures", "nothing"])
@pytest.mark.parametrize("code", NAMES)
def test_the_sheet_is_complete_for_every_basin(observatory: Observatory, code: str) -> None:
    fiche = build_fiche(observatory, code)
    assert fiche.title == NAMES[code]
    assert len(fiche.figures) == len(CATALOGUE.indicators)
    assert fiche.headline_text
    assert fiche.lead
    assert fiche.subject.startswith("Jeunes ni en emploi")
    assert fiche.far_source.endswith(("non officielles.", "aucune donnée."))
    assert fiche.trend_note
    assert fiche.context_note
    assert len(fiche.levels) == 7
    assert len(fiche.modalities) == 11
    assert not re.search(r"\bnan\b|None|\{|\}|: \.", spoken(fiche))


def test_three_sentences_lead_when_everything_is_known() -> None:
    assert build_fiche(REGION, "AM01").lead == (
        "Rupture observée : dans le tiers le plus élevé des 3 bassins.",
        "Contexte : du 1er au 2e rang d’exposition, sur 4 bassins dont l’indice est calculé.",
        "Le contexte laisse attendre 22,0\u202f% : écart de +2,0 points, un écart notable.",
    )


def test_the_headline_stands_beside_the_region_and_says_that_it_has_no_interval() -> None:
    fiche = build_fiche(REGION, "AM01")
    assert fiche.headline == "24,0\u202f%"
    assert fiche.headline_text.endswith("contre 18,0\u202f% dans la région.")
    assert fiche.headline_doubt.lower() == f"{texts.NO_INTERVAL}."


def test_a_value_of_a_wider_area_stands_in_brackets_out_of_every_comparison() -> None:
    fiche = build_fiche(REGION, WIDER)
    assert fiche.headline == "(30,0\u202f%)"
    assert fiche.headline_doubt == sheet.OUT_OF_EVERYTHING
    # Said once: neither the lead nor the note of the chart says the sentence again.
    assert "aleur de Marseille" in fiche.headline_text
    assert "aleur de Marseille" not in " ".join((*fiche.lead, fiche.trend_note))
    own = line(fiche, "neet_rate")
    assert (own.mark, own.position, own.verdict) == (None, "", "")
    assert 0.30 not in line(build_fiche(REGION, "AM01"), "neet_rate").others


@pytest.mark.parametrize("code", [SUPPRESSED, ABSENT])
def test_a_hidden_or_absent_figure_is_a_dash_with_its_reason(code: str) -> None:
    fiche = build_fiche(REGION, code)
    own = line(fiche, "neet_rate")
    assert (fiche.headline, own.value, own.mark, own.interval) == ("–", "–", None, None)
    assert own.doubt in texts.STATUS_LABELS.values()


def test_no_interval_is_invented_where_counts_are_not_published() -> None:
    own = line(build_fiche(REGION, "AM01"), "neet_rate")
    assert own.interval is None
    assert (own.sign, own.verdict) == ("", "")
    assert own.doubt == sheet.NO_INTERVAL_SHORT


def test_the_interval_of_counts_is_shown_with_its_verdict() -> None:
    assert line(build_fiche(REGION, "AM01"), "vocational_share").verdict == VERDICTS[Comparison.WORSE][1]
    assert line(build_fiche(REGION, "AM02"), "vocational_share").verdict == VERDICTS[Comparison.SIMILAR][1]
    assert line(build_fiche(REGION, "AM01"), "vocational_share").doubt == "de 28,0 à 32,0\u202f%"


@given(st.integers(1, 99), st.integers(0, 30), st.integers(1, 99))
def test_a_side_is_said_only_when_the_interval_excludes_the_region(
    value: int, half: int, region: int
) -> None:
    low, high = max(value - half, 0), min(value + half, 100)
    figures = (
        MadeUp("AM01", "vocational_share", value / 100, low / 100, high / 100),
        MadeUp("REG93", "vocational_share", region / 100),
    )
    own = line(build_fiche(make_region(figures), "AM01"), "vocational_share")
    if region < low:
        assert (own.sign, own.verdict) == VERDICTS[Comparison.WORSE]
    elif region > high:
        assert (own.sign, own.verdict) == VERDICTS[Comparison.BETTER]
    else:
        assert (own.sign, own.verdict) == VERDICTS[Comparison.SIMILAR]


def test_the_sheet_and_comparer_say_one_figure_the_same_way() -> None:
    """A low success rate is more exposed on both pages: one convention."""
    figures = (
        MadeUp("AM01", "dnb_success_rate", 0.87, 0.86, 0.88),
        MadeUp("AM02", "dnb_success_rate", 0.95, 0.94, 0.96),
        MadeUp("REG93", "dnb_success_rate", 0.906),
    )
    observatory = make_region(figures)
    params = {"bassins": "AM01,AM02"}
    view = build_comparer(observatory, parse_selection(params, CATALOGUE, observatory.basins)[0])
    row = next(r for r in view.rows if r.indicator_code == "dnb_success_rate")
    for cell, code, sign in zip(row.cells, ("AM01", "AM02"), ("▲", "▼"), strict=False):
        own = line(build_fiche(observatory, code), "dnb_success_rate")
        assert (own.sign, own.verdict) == (cell.sign, cell.verdict)
        assert own.sign == sign


@pytest.mark.parametrize(
    ("communes", "arrondissements", "said"),
    [(11, 0, " 11 communes "), (0, 5, " 5 arrondissements "), (1, 6, " 1 commune et 6 arrondissements ")],
)
def test_only_what_a_basin_has_is_counted(communes: int, arrondissements: int, said: str) -> None:
    text = sheet.identity("Nice", 1000, communes, arrondissements, ("13",))
    assert f"·{said}·" in text


def test_the_nearest_basins_say_what_their_number_is_and_on_what_they_are_near() -> None:
    fiche = build_fiche(REGION, "NI02")
    assert "ni en emploi ni en formation" in fiche.comparable_title
    assert "seules dimensions connues" in fiche.comparable_note
    assert "toutes les dimensions" in build_fiche(REGION, "AM01").comparable_note


def test_all_the_dimensions_are_not_claimed_when_a_basin_that_is_named_lacks_one() -> None:
    assert "connues des deux bassins" in sheet.comparable_note(["Revenus"], is_whole=True, is_same=False)
    assert "connues des deux bassins" not in sheet.comparable_note(["Revenus"], is_whole=True)


def test_the_projected_sheet_names_its_producers_and_shows_the_same_figures_for_every_basin() -> None:
    assert {tuple(f.code for f in build_fiche(REGION, code).projected_figures) for code in NAMES} == {
        ("median_income", "dnb_success_rate", "vocational_share")
    }


def test_a_missing_index_is_explained_in_the_lead_and_beside_the_chart() -> None:
    fiche = build_fiche(REGION, "NI02")
    reason = "indice non calculé : dimension Familles insuffisamment couverte"
    assert fiche.lead[0] == f"Contexte : {reason}."
    assert fiche.context_note == f"I{reason[1:]}."
    assert fiche.contributions == ()


def test_contributions_come_in_the_order_of_the_catalogue_with_their_texts() -> None:
    assert build_fiche(REGION, "AM01").contributions == (
        ("Revenus", 0.6, "+0,60"),
        ("Familles", 0.4, "+0,40"),
        ("Accès aux services", 0.2, "+0,20"),
    )


def test_the_history_shows_every_year_and_claims_nothing_from_three_points() -> None:
    points, note = build_trend(REGION, "AM01", NEET)
    assert [(p.year, p.value) for p in points] == [(2008, None), (2013, 0.26), (2018, 0.24)]
    assert note == "Tendance non calculable : deux points."


def test_a_hidden_year_is_not_in_the_history() -> None:
    hidden = make_region((neet("AM01", 0.4321, status="suppressed"),))
    points, _ = build_trend(hidden, "AM01", NEET)
    assert [p.value for p in points] == [None] * 3
    assert "43,2" not in str(points)


def test_the_history_of_a_wider_area_says_whose_it_is() -> None:
    assert "Marseille entière" in build_trend(REGION, WIDER, NEET)[1]


def test_a_verified_trend_is_said() -> None:
    rising = make_region(trends=[("AM01", "neet_rate", "computed_rising", "rising", 12.0, 6)])
    assert build_trend(rising, "AM01", NEET)[1] == "Hausse vérifiée."


def test_the_matrix_tells_no_interaction_from_not_reported() -> None:
    fiche = build_fiche(make_region(ratings=ratings("AM01", 0, 0.5)), "AM01")
    cells = [level for row in fiche.levels for level in row]
    assert cells.count(0) == 21
    assert cells.count(None) == 49 - 21
    assert all(fiche.levels[i][i] is None for i in range(7))


def test_two_structures_that_differ_by_two_levels_are_framed_in_both_directions() -> None:
    rows = [("AM01", "cio", "pjj", 4, None, "", "", True), ("AM01", "pjj", "cio", 2, None, "", "", True)]
    fiche = build_fiche(make_region(ratings=rows), "AM01")
    assert fiche.gaps == {(1, 3), (3, 1)}
    assert (fiche.levels[1][3], fiche.levels[3][1]) == (4, 2)


def test_services_of_the_basin_are_counted_by_kind() -> None:
    school = Service("x", "Lycée Imaginaire", "lycee", "", "04001", "AM01", 5.0, 44.0, "address")
    observatory = replace(REGION, services=(school, replace(school, basin_code="NI01")))
    assert [(s.kind, s.count, s.names) for s in build_fiche(observatory, "AM01").services] == [
        ("Lycées", 1, ("Lycée Imaginaire",)),
        ("CIO", 0, ()),
        ("Missions locales", 0, ()),
    ]


def test_identity_says_inhabitants_communes_and_how_sure_the_limits_are() -> None:
    fiche = build_fiche(REGION, "AM01")
    assert "1\u202f200 habitants · 2 communes" in fiche.identity
    assert fiche.limits == "Limites reconstituées, non officielles ; 1 commune au rattachement incertain."


def test_distance_is_told_beside_the_region_and_not_at_all_when_unknown() -> None:
    distance = MadeUp("AM01", "service_distance_km", 6.34)
    region = MadeUp("REG93", "service_distance_km", 4.0)
    near = build_fiche(make_region((distance, region)), "AM01").access
    assert near.startswith("À vol d’oiseau, 6,3\u202fkm")
    assert near.endswith("(région : 4,0\u202fkm).")
    assert build_fiche(make_region((distance,)), "AM01").access.endswith("mission locale.")
    assert build_fiche(REGION, "AM01").access == ""


def test_sources_are_those_of_the_figures_shown_once_each() -> None:
    sources = build_fiche(make_region(FIGURES), "AM01").sources
    assert len(sources) == len(set(sources)) > 0
