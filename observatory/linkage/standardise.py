"""Identities in one spelling: what is compared, and the keys that bring candidates together.

One table, ``identity``, a row a record of any source: ``rid`` (``source:record_id``), names in capital
letters without accents, their tokens, French phonetic keys, the date and the date with day and month swapped,
communes with the arrondissements of Marseille folded into the city.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatory.domain.campaign import Source
from observatory.linkage.schema import column_names

if TYPE_CHECKING:
    import duckdb

# RE2 has no back-references: each doubled letter is one replacement.
_DOUBLES = "BCDFGLMNPRSTZ"
_UNACCENTED = (("Œ", "OE"), ("Æ", "AE"), ("ß", "SS"), ("ẞ", "SS"))
_PHONETIC_STEPS = (
    ("OEU|EU", "E"),
    ("EAU|AULT|AU|OU", "O"),
    ("PH", "F"),
    ("CH|SH|SCH", "X"),
    ("C([EIY])", "S\\1"),
    ("QU|CK|Q|K|C", "K"),
    ("GU([EIY])|GH([EIY])", "G\\1\\2"),
    ("G([EIY])", "J\\1"),
    ("DJ", "J"),
    ("H", ""),
    ("W", "V"),
    ("AIN|EIN|YN|IM|YM", "IN"),
    ("AI|EI|AY|EY|EZ|ER$|ET$", "E"),
    ("Y", "I"),
    ("Z", "S"),
    ("EN|EM|AM", "AN"),
    ("(E|ES|S|T|D|X|TS|DS)$", ""),
)


def letters(column: str) -> str:
    """SQL of a text in capital letters only; null when nothing is left.

    >>> "strip_accents" in letters("nom")
    True
    """
    return f"nullif(regexp_replace({_capitals(column)}, '[^A-Z]', '', 'g'), '')"


def _capitals(column: str) -> str:
    """SQL of a text in plain capitals; ligatures and barred letters have no accent that could be stripped."""
    capitals = f"upper(strip_accents({column}))"
    for letter, plain in _UNACCENTED:
        capitals = f"replace({capitals}, '{letter}', '{plain}')"
    return f"translate({capitals}, 'ØĐŁ', 'ODL')"


def tokens(column: str) -> str:
    """SQL of the list of the words of a name; never null, may be empty."""
    capitals = _capitals(f"coalesce({column}, '')")
    words = f"regexp_split_to_array(trim(regexp_replace({capitals}, '[^A-Z]+', ' ', 'g')), ' ')"
    return f"list_filter({words}, lambda word: word <> '')"


def phonetic(letters_sql: str) -> str:
    """SQL of a French phonetic key of a text already in letters: sounds, not spelling.

    Close to Phonex: written for names of any origin met in French files (MOHAMMED and MOUHAMED agree).
    """
    key = letters_sql
    for letter in _DOUBLES:
        key = f"replace({key}, '{letter}{letter}', '{letter}')"
    for pattern, sound in _PHONETIC_STEPS:
        key = f"regexp_replace({key}, '{pattern}', '{sound}', 'g')"
    return f"coalesce(nullif({key}, ''), {letters_sql})"


def consonants(phonetic_sql: str) -> str:
    """SQL of the consonants of a phonetic key: MYRIAM and MERIEM, YOUSSEF and YUSUF have the same."""
    return f"nullif(regexp_replace({phonetic_sql}, '[AEIOU]', '', 'g'), '')"


def folded_commune(column: str) -> str:
    """SQL of an INSEE code with the arrondissements of Marseille, Lyon and Paris folded into their city."""
    return (
        f"CASE WHEN {column} BETWEEN '13201' AND '13216' THEN '13055' "
        f"WHEN {column} BETWEEN '69381' AND '69389' THEN '69123' "
        f"WHEN {column} BETWEEN '75101' AND '75120' THEN '75056' ELSE {column} END"
    )


def departement_of(column: str) -> str:
    """SQL of the département of an INSEE code; each country of birth is its own."""
    return (
        f"CASE WHEN {column} LIKE '97%' THEN left({column}, 3) WHEN {column} LIKE '99%' THEN {column} "
        f"ELSE left({column}, 2) END"
    )


def create_identity(connection: duckdb.DuckDBPyConnection, catalog: str) -> int:
    """Create the table ``identity`` from the canonical tables of ``catalog``; returns its number of rows."""
    unions = " UNION ALL ".join(_source_rows(source, catalog) for source in Source)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE identity AS
        WITH raw AS ({unions}),
        spelt AS (
            SELECT rid, source, record_id, ine, sexe, date_naissance AS dob,
                {letters("nom")} AS nom_std, {letters("nom_usage")} AS usage_std,
                {letters("prenom")} AS prenom_std,
                {letters("prenom2")} AS prenom2_std, {letters("prenom3")} AS prenom3_std,
                {tokens("nom")} AS nom_words, {tokens("nom_usage")} AS usage_words,
                {tokens("prenom")} AS prenom_words,
                {folded_commune("commune_naissance")} AS birth_commune,
                {folded_commune("commune_residence")} AS home_commune
            FROM raw
        )
        SELECT rid, source, record_id, ine, sexe, dob,
            nom_std, usage_std, prenom_std, prenom2_std, prenom3_std,
            list_filter(list_distinct(nom_words || usage_words || [nom_std, usage_std]),
                lambda word: word IS NOT NULL AND length(word) >= 4) AS nom_tokens,
            coalesce(nom_words[1], nom_std) AS nom_first,
            coalesce(prenom_words[1], prenom_std) AS prenom_first,
            list_filter([prenom2_std, prenom3_std, prenom_words[2]],
                lambda word: word IS NOT NULL) AS other_prenoms,
            {phonetic("nom_std")} AS nom_phonetic,
            {phonetic("coalesce(prenom_words[1], prenom_std)")} AS prenom_phonetic,
            {consonants(phonetic("coalesce(prenom_words[1], prenom_std)"))} AS prenom_consonants,
            CASE WHEN day(dob) <= 12 THEN make_date(year(dob), day(dob), month(dob)) END AS dob_swapped,
            strftime(dob, '%Y%m%d') AS dob_digits,
            year(dob) AS birth_year,
            birth_commune, {departement_of("birth_commune")} AS birth_departement,
            home_commune, {departement_of("home_commune")} AS home_departement
        FROM spelt ORDER BY rid
        """
    )
    counted = connection.execute("SELECT count(*) FROM identity").fetchone()
    return int(counted[0]) if counted else 0


def _source_rows(source: Source, catalog: str) -> str:
    ine = "ine" if "ine" in column_names(source) else "NULL::VARCHAR AS ine"
    return (
        f"SELECT '{source}:' || record_id AS rid, '{source}' AS source, record_id, {ine}, nom, nom_usage, "
        "prenom, prenom2, prenom3, sexe, date_naissance, commune_naissance, commune_residence "
        f"FROM {catalog}.{source}"
    )
