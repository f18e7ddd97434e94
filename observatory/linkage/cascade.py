"""The cascade: ordered exact rules, each applied to what the ones before left, kept only when unique.

The regression baseline of the model, and the way out when it cannot be had (``link --method cascade``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatory.linkage.star import CERTAIN_WEIGHT

if TYPE_CHECKING:
    import duckdb

_SAME_SEX = "(l.sexe = r.sexe OR l.sexe IS NULL OR r.sexe IS NULL)"
_NEAR_DATE = "damerau_levenshtein(l.dob_digits, r.dob_digits) <= 1"

RULES: tuple[tuple[str, str], ...] = (
    ("identity", "l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std AND l.dob = r.dob"),
    ("prenom_first", "l.nom_std = r.nom_std AND l.prenom_first = r.prenom_first AND l.dob = r.dob"),
    ("usage_name", "l.usage_std = r.nom_std AND l.prenom_first = r.prenom_first AND l.dob = r.dob"),
    ("usage_name_reversed", "l.nom_std = r.usage_std AND l.prenom_first = r.prenom_first AND l.dob = r.dob"),
    ("crossed_names", "l.nom_std = r.prenom_std AND l.prenom_std = r.nom_std AND l.dob = r.dob"),
    ("nom_first", "l.nom_first = r.nom_first AND l.prenom_first = r.prenom_first AND l.dob = r.dob"),
    ("second_prenom", "l.nom_std = r.nom_std AND l.prenom2_std = r.prenom_std AND l.dob = r.dob"),
    ("swapped_date", "l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std AND l.dob_swapped = r.dob"),
    (
        "phonetic",
        "l.nom_phonetic = r.nom_phonetic AND l.prenom_phonetic = r.prenom_phonetic AND l.dob = r.dob",
    ),
    (
        "close_prenom",
        "l.nom_std = r.nom_std AND l.dob = r.dob "
        f"AND jaro_winkler_similarity(l.prenom_std, r.prenom_std) >= 0.85 AND {_SAME_SEX}",
    ),
    (
        "close_nom",
        "l.prenom_first = r.prenom_first AND l.dob = r.dob "
        "AND jaro_winkler_similarity(l.nom_std, r.nom_std) >= 0.85",
    ),
    (
        "token_of_nom",
        "l.prenom_first = r.prenom_first AND l.dob = r.dob AND list_has_any(l.nom_tokens, r.nom_tokens)",
    ),
    (
        "near_date_same_birthplace",
        "l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std AND l.birth_commune = r.birth_commune "
        f"AND {_NEAR_DATE}",
    ),
    (
        "near_date_same_home",
        "l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std AND l.home_commune = r.home_commune "
        f"AND {_NEAR_DATE}",
    ),
    (
        "phonetic_swapped_date",
        "l.nom_phonetic = r.nom_phonetic AND l.prenom_phonetic = r.prenom_phonetic "
        f"AND l.dob_swapped = r.dob AND {_SAME_SEX}",
    ),
)
"""Name and condition of each rule, the surest first."""

EXACT_RAW = "exact_raw"
EXACT_NORMALISED = "exact_normalised"


def apply_rules(
    connection: duckdb.DuckDBPyConnection, rules: tuple[tuple[str, str], ...] = RULES
) -> dict[str, int]:
    """Create ``pair(rid, pupil, weight)`` from ``outsider`` and ``pupil``; returns the links by rule.

    A record that a rule gives to two pupils who are not one person stays for the next rule.
    """
    connection.execute("CREATE OR REPLACE TABLE pair (rid VARCHAR, pupil VARCHAR, weight DOUBLE)")
    connection.execute(
        "CREATE OR REPLACE TABLE waiting AS SELECT * FROM outsider WHERE rid NOT IN "
        "(SELECT rid FROM ine_link WHERE agreements >= 2)"
    )
    counts: dict[str, int] = {}
    for name, condition in rules:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE found AS SELECT r.rid, min(l.rid) AS pupil "
            f"FROM waiting r JOIN pupil l ON {condition} JOIN pupil_person p ON p.rid = l.rid "
            f"GROUP BY r.rid HAVING count(DISTINCT p.person) = 1"
        )
        connection.execute(f"INSERT INTO pair SELECT rid, pupil, {CERTAIN_WEIGHT} FROM found")
        connection.execute("DELETE FROM waiting WHERE rid IN (SELECT rid FROM found)")
        row = connection.execute("SELECT count(*) FROM found").fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts
