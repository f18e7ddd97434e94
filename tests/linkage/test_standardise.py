"""Identities in one spelling: what must agree agrees, what must not does not."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from observatory.domain.campaign import Source
from observatory.linkage.schema import column_names
from observatory.linkage.standardise import (
    consonants,
    create_identity,
    departement_of,
    folded_commune,
    letters,
    phonetic,
    tokens,
)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        yield made


def evaluate(connection, sql: str, value: str | None):
    return connection.execute(f"SELECT {sql} FROM (SELECT ?::VARCHAR AS x)", [value]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Éléonore", "ELEONORE"),
        ("Cœurderoy", "COEURDEROY"),
        ("ŒUVRARD", "OEUVRARD"),
        ("Lætitia", "LAETITIA"),
        ("D'Alvérac", "DALVERAC"),
        ("d’Alvérac", "DALVERAC"),
        ("Jean-Noël", "JEANNOEL"),
        ("  de  la   Brède ", "DELABREDE"),
        ("Nuñez", "NUNEZ"),
        ("Gonçalves", "GONCALVES"),
        ("Straße", "STRASSE"),
        ("Łukasz", "LUKASZ"),
        ("Đoàn", "DOAN"),
        ("-", None),
        (None, None),
    ],
)
def test_a_name_is_its_letters_in_capitals(connection, written, expected):
    assert evaluate(connection, letters("x"), written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Martin-Ravel", ["MARTIN", "RAVEL"]),
        ("de la Brède", ["DE", "LA", "BREDE"]),
        ("D'Alvérac", ["D", "ALVERAC"]),
        ("Sœurette", ["SOEURETTE"]),
        ("", []),
        (None, []),
    ],
)
def test_a_name_is_cut_into_its_words(connection, written, expected):
    assert evaluate(connection, tokens("x"), written) == expected


def key(connection, name: str) -> str:
    return evaluate(connection, phonetic(letters("x")), name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed", "Mohammed"),
        ("Mohammed", "Mouhamed"),
        ("Yacine", "Yassine"),
        ("Philippe", "Filipe"),
        ("Matthieu", "Mathieu"),
        ("Thibault", "Tibo"),
        ("Sofia", "Sophia"),
        ("Kévin", "Quevin"),
        ("Rousseau", "Rouseau"),
        ("Lefebvre", "Lefèbvre"),
        ("Cathy", "Kathi"),
        ("Jihane", "Djihane"),
    ],
)
def test_what_is_heard_alike_has_one_phonetic_key(connection, one, other):
    assert key(connection, one) == key(connection, other)


@pytest.mark.parametrize(("one", "other"), [("Myriam", "Meriem"), ("Youssef", "Yusuf"), ("Théo", "Théau")])
def test_what_differs_by_its_vowels_has_the_same_consonants(connection, one, other):
    keys = [evaluate(connection, consonants(phonetic(letters("x"))), name) for name in (one, other)]
    assert keys[0] == keys[1] != ""
    assert evaluate(connection, consonants(phonetic(letters("x"))), "Iou") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Martin", "Marchand"), ("Karim", "Carla"), ("Lucas", "Louis"), ("Inès", "Anaïs"), ("Nora", "Mora")],
)
def test_what_is_heard_otherwise_has_two(connection, one, other):
    assert key(connection, one) != key(connection, other)


@pytest.mark.parametrize("name", ["E", "D", "Es", "Ts", "H", "Eu"])
def test_a_name_of_silent_letters_keeps_a_key(connection, name):
    assert key(connection, name)


@pytest.mark.parametrize(
    ("written", "city"),
    [
        ("13201", "13055"),
        ("13216", "13055"),
        ("13217", "13217"),
        ("13200", "13200"),
        ("13055", "13055"),
        ("69387", "69123"),
        ("75120", "75056"),
        ("2A004", "2A004"),
        (None, None),
    ],
)
def test_arrondissements_are_folded_into_their_city(connection, written, city):
    assert evaluate(connection, folded_commune("x"), written) == city


@pytest.mark.parametrize(
    ("commune", "departement"),
    [("13055", "13"), ("2A004", "2A"), ("97411", "974"), ("99352", "99352"), (None, None)],
)
def test_a_country_of_birth_is_its_own_departement(connection, commune, departement):
    assert evaluate(connection, departement_of("x"), commune) == departement


@pytest.fixture(scope="module")
def identity():
    """Three pupils and one young person of a mission locale, standardised."""
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS travail")
        for source in Source:
            typed = ", ".join(
                f"{name} {'DATE' if name == 'date_naissance' else 'VARCHAR'}" for name in column_names(source)
            )
            connection.execute(f"CREATE TABLE travail.{source} ({typed})")
        people = [
            ("1", "de la Brède", "Ravel", "Jean-Noël", "Côme", date(2008, 4, 11), "13203"),
            ("2", "Ly", None, "Bo", None, date(2008, 4, 13), "99243"),
            ("3", "O", None, "Léa", None, date(2008, 7, 7), None),
        ]
        for row in people:
            connection.execute(
                "INSERT INTO travail.pupils (record_id, nom, nom_usage, prenom, prenom2, date_naissance, "
                "commune_naissance) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        connection.execute(
            "INSERT INTO travail.mission_locale (record_id, nom, prenom, date_naissance) "
            "VALUES ('1', 'X', 'Y', DATE '2007-12-01')"
        )
        assert create_identity(connection, "travail") == 4
        return connection.execute("FROM identity").fetch_df().set_index("rid")


def test_the_same_identifier_in_two_sources_is_two_records(identity):
    assert list(identity.index) == ["mission_locale:1", "pupils:1", "pupils:2", "pupils:3"]
    assert identity.loc["mission_locale:1", "ine"] is None


def test_the_words_of_all_names_are_compared_when_they_are_long_enough(identity):
    assert sorted(identity.loc["pupils:1", "nom_tokens"]) == ["BREDE", "DELABREDE", "RAVEL"]
    assert list(identity.loc["pupils:2", "nom_tokens"]) == []


def test_other_prenoms_are_the_second_one_and_the_second_word(identity):
    assert list(identity.loc["pupils:1", "other_prenoms"]) == ["COME", "NOEL"]
    assert identity.loc["pupils:1", "prenom_first"] == "JEAN"


def test_day_and_month_are_swapped_only_when_the_day_is_a_month(identity):
    swapped = identity["dob_swapped"]
    assert swapped["pupils:1"].date() == date(2008, 11, 4)
    assert swapped.isna()["pupils:2"]
    assert swapped["pupils:3"].date() == date(2008, 7, 7)


def test_a_short_name_keeps_its_letters_and_a_key(identity):
    assert identity.loc["pupils:3", ["nom_std", "nom_phonetic", "nom_first"]].tolist() == ["O", "O", "O"]


def test_places_are_folded(identity):
    assert identity.loc["pupils:1", ["birth_commune", "birth_departement"]].tolist() == ["13055", "13"]
    assert identity.loc["pupils:2", "birth_departement"] == "99243"
