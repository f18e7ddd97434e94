"""Sentences read as a person would write them, agree in number, and claim neither cause nor bare rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import Typology, TypologyReason
from observatory.french import readings, sentences, sheet, texts
from observatory.french.numbers import NNBSP
from tests.unit.observatory_factory import CATALOGUE

NEET, INCOME = CATALOGUE.indicators["neet_rate"], CATALOGUE.indicators["median_income"]
WORDS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10}


@given(st.floats(0, 1))
def test_a_fraction_said_aloud_is_true(share: float) -> None:
    phrase = sentences.fraction_phrase(share)
    if phrase.endswith("des jeunes"):
        assert share < 0.1
        return
    exact = 1 / WORDS[phrase.split()[-1]]
    if phrase.startswith("plus"):
        assert share > exact
    elif phrase.startswith("près"):
        assert 0.92 * exact <= share < exact
    else:
        assert share == pytest.approx(exact, abs=0.004)


@given(st.integers(1, 60), st.data())
def test_a_position_names_a_group_and_never_a_rank(count: int, data: st.DataObject) -> None:
    rank = data.draw(st.integers(1, count))
    phrase = sentences.position_phrase(rank, count)
    assert not any(f"{rank}{suffix}" in phrase for suffix in ("e ", "er "))
    if count > 1:
        assert str(count) in phrase


@given(st.integers(8, 60))
def test_both_ends_of_the_order_are_said_alike(count: int) -> None:
    ends = [sentences.position_phrase(rank, count) for rank in (1, 3, count - 2, count)]
    assert [("trois plus" in e, "trois moins" in e) for e in ends] == [(True, False)] * 2 + [
        (False, True)
    ] * 2


def test_the_only_basin_with_a_value_has_no_position() -> None:
    assert sentences.position_phrase(1, 1) == "seul bassin avec une valeur"


@pytest.mark.parametrize(
    ("limits", "labels"),
    [
        ((0.13, 0.195), (f"moins de 13{NNBSP}%", f"13 à 19,5{NNBSP}%", f"19,5{NNBSP}% et plus")),
        ((), ("une seule valeur",)),
    ],
)
def test_classes_are_told_with_as_few_decimals_as_they_need(
    limits: tuple[float, ...], labels: tuple[str, ...]
) -> None:
    assert sentences.class_labels(limits, NEET) == labels


@given(st.lists(st.integers(1, 999), min_size=1, max_size=5, unique=True))
def test_every_limit_of_the_classes_is_in_two_labels(limits: list[int]) -> None:
    cuts = tuple(v / 1000 for v in sorted(limits))
    assert len(sentences.class_labels(cuts, NEET)) == len(cuts) + 1
    assert len(set(sentences.class_labels(cuts, NEET))) == len(cuts) + 1


def test_names_are_elided_and_capitals_kept() -> None:
    assert [sentences.of_name(n) for n in ("Aix", "Étang", "Istres", "Nice")] == [
        "d’Aix",
        "d’Étang",
        "d’Istres",
        "de Nice",
    ]
    assert sentences.capitalise("la CAF") == "La CAF"
    assert sentences.capitalise("") == ""


def test_the_value_of_the_region_stands_beside_the_value_when_it_is_known() -> None:
    assert sentences.value_sentence(NEET, "17,9 %").endswith(", contre 17,9 % dans la région.")
    assert sentences.value_sentence(NEET, None).endswith("ni en emploi.")
    assert sentences.value_sentence(INCOME, None).startswith(": niveau de vie")


def test_coverage_is_never_rounded_up() -> None:
    assert sentences.coverage_phrase(0.4999) == f"couverture : 49{NNBSP}%"
    assert sentences.coverage_phrase(0.5) == f"couverture : 50{NNBSP}%"


@pytest.mark.parametrize(
    ("count", "status", "phrase"),
    [
        (3, "no_counts", "tendance non calculable : trois points"),
        (1, "too_few_points", "tendance non calculable : un seul point"),
        (6, "no_counts", "tendance non calculable : effectifs non diffusés"),
        (6, "series_break", "tendance non calculable : série rompue"),
        (6, "no_trend", "pas de tendance vérifiée"),
        (6, "computed_rising", "hausse vérifiée"),
        (6, "computed_falling", "baisse vérifiée"),
    ],
)
def test_a_trend_is_claimed_only_when_it_was_verified(count: int, status: str, phrase: str) -> None:
    assert sentences.trend_phrase(count, status) == phrase


def test_a_rank_is_a_span_unless_all_variants_agree() -> None:
    assert sentences.rank_span(2, 7) == "du 2e au 7e rang"
    assert sentences.rank_span(1, 1) == "au 1er rang"
    assert sentences.rank_interval_phrase(4, 12) == "entre 4e et 12e"


@pytest.mark.parametrize("reason", TypologyReason)
def test_every_reason_but_a_clear_one_is_explained(reason: TypologyReason) -> None:
    assert bool(readings.typology_reason(reason)) == (reason is not TypologyReason.CLEAR)


@pytest.mark.parametrize("typology", Typology)
def test_every_type_has_a_sentence_and_an_undetermined_one_gives_its_reason(typology: Typology) -> None:
    sentence = readings.typology_sentence(typology, "l’indice manque")
    assert sentence.endswith((".", "?"))
    assert (sentence == "L’indice manque.") == (typology is Typology.UNDETERMINED)


@pytest.mark.parametrize("status", [s for s in FigureStatus if s is not FigureStatus.VALUE])
def test_a_missing_index_says_which_dimensions_lack_what(status: FigureStatus) -> None:
    one = readings.missing_index(["Familles"], status)
    two = readings.missing_index(["Familles", "Revenus"], status)
    assert one.startswith("indice non calculé : dimension Familles ")
    assert two.startswith("indice non calculé : dimensions Familles et Revenus ")


@pytest.mark.parametrize(
    ("computed", "text"),
    [
        (14, "Sur 14 bassins, on attend environ un écart notable par le seul hasard."),
        (28, "Sur 28 bassins, on attend environ un écart notable par le seul hasard."),
        (50, "Sur 50 bassins, on attend environ trois écarts notables par le seul hasard."),
        (6, "Sur 6 bassins, un écart notable peut tenir au seul hasard."),
    ],
)
def test_the_gap_says_what_chance_alone_would_give(computed: int, text: str) -> None:
    assert readings.chance_note(computed) == text


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (readings.typology_title(0, 3, 28), "Aucun bassin exposé et touché ; 3 sur 28 restent indéterminés"),
        (readings.typology_title(1, 1, 28), "Un bassin exposé et touché ; 1 sur 28 reste indéterminé"),
        (readings.typology_title(4, 0, 28), "Quatre bassins exposés et touchés sur 28"),
        (readings.typology_title(0, 28, 28), readings.NO_TYPE_TITLE),
        (readings.reported_title(0, 28), "Aucun bassin sur 28 n’a renseigné au moins la moitié de ses liens"),
        (readings.reported_title(2, 28), "2 bassins sur 28 ont renseigné au moins la moitié de leurs liens"),
        (
            readings.index_title(["A", "B"], 17, 28),
            "Contexte le plus exposé : A et B ; 17 bassins sur 28 ont un indice",
        ),
        (readings.index_title(["A"], 1, 28), "Contexte le plus exposé : A ; 1 bassin sur 28 a un indice"),
        (readings.index_title([], 0, 28), readings.NO_INDEX_TITLE),
        (readings.gap_title([], 0), readings.NO_GAP_TITLE),
        (readings.gap_title([], 9), readings.NO_NOTABLE_TITLE),
        (readings.gap_title(["A"], 9), "A : un écart notable à ce que le contexte laisse attendre"),
        (readings.priority_title(list("ABCDE"), 9), "À discuter d’abord : A, B, C, D et un autre"),
        (readings.priority_title(list("ABCD"), 9), "À discuter d’abord : A, B, C et D"),
        (readings.differing_links(1)[:24], "Un lien est décrit diffé"),
        (readings.differing_links(2)[:28], "Deux liens sont décrits diff"),
        (sheet.limits(0), "Limites reconstituées, non officielles."),
        (sheet.limits(2), "Limites reconstituées, non officielles ; 2 communes au rattachement incertain."),
    ],
)
def test_sentences_agree_in_number(sentence: str, text: str) -> None:
    assert sentence == text


def test_a_priority_without_any_comparison_is_not_good_news() -> None:
    assert readings.priority_title([], 0) != readings.priority_title([], 9)


def test_no_text_claims_a_cause_nor_judges_a_territory() -> None:
    spoken = " ".join(
        str(value)
        for module in (readings, sentences, sheet, texts)
        for value in vars(module).values()
        if isinstance(value, str | tuple | dict)
    ).lower()
    for word in ("dû à", "due à", "à cause", "mauvais", "retard", "palmarès", "en raison de"):
        assert word not in spoken
