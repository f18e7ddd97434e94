"""The probabilistic model (Fellegi and Sunter, by Splink): what is compared, how it learns, how it is kept.

Trained once on unlabelled data, saved as JSON with the versions that made it, reusable as it stands. Columns
that only a special level reads have a second name in the compared table (``…_twin``, ``…_cross``): a training
block leaves out of its learning whatever comparison names one of its columns.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.splink_dataframe import SplinkDataFrame

TRAINING_PAIRS = 2_000_000
"""Random pairs from which the chance agreements (u) are counted."""

_CROSS_M, _CROSS_U = 4e-3, 2e-6
"""Nom and prénom swapped: too rare in a training block to be learnt."""

COMPARED_COLUMNS = """
    rid, nom_std, nom_std AS nom_twin, nom_std AS nom_cross, usage_std, nom_tokens, nom_first, nom_phonetic,
    prenom_std, prenom_std AS prenom_cross, prenom_first, prenom_first AS prenom_key, prenom_phonetic,
    prenom_consonants, prenom2_std, other_prenoms, sexe,
    dob, dob AS dob_twin, dob_digits, dob_swapped, birth_year,
    birth_commune, birth_departement, home_commune, home_departement
"""
"""What the model reads of ``identity``."""

BLOCKS: tuple[str, ...] = (
    "l.dob = r.dob AND l.nom_phonetic = r.nom_phonetic",
    "l.dob = r.dob AND l.prenom_phonetic = r.prenom_phonetic",
    "l.nom_std = r.nom_std AND l.prenom_key = r.prenom_key AND l.birth_year = r.birth_year",
    "l.nom_std = r.nom_std AND l.prenom_key = r.prenom_key AND l.birth_commune = r.birth_commune",
    "l.nom_std = r.nom_std AND l.prenom_key = r.prenom_key AND l.home_commune = r.home_commune",
    "l.nom_phonetic = r.nom_phonetic AND l.prenom_phonetic = r.prenom_phonetic"
    " AND l.birth_year = r.birth_year",
    "l.dob_swapped = r.dob AND l.nom_phonetic = r.nom_phonetic",
    "l.dob_swapped = r.dob AND l.prenom_phonetic = r.prenom_phonetic",
    "l.dob = r.dob AND l.nom_first = r.nom_first",
    "l.dob = r.dob AND l.usage_std = r.nom_std",
    "l.dob = r.dob AND l.nom_std = r.usage_std",
    "l.dob = r.dob AND l.prenom2_std = r.prenom_std",
    "l.dob = r.dob AND l.nom_std = r.prenom_cross",
    "l.dob = r.dob AND l.birth_commune = r.birth_commune AND l.home_commune = r.home_commune",
)
"""Pairs worth comparing: always two keys or more, never the date alone."""


def _level(condition: str, label: str, **more: object) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": label, **more}


def _otherwise() -> dict[str, Any]:
    return _level("ELSE", "autre")


def _missing(*columns: str) -> dict[str, Any]:
    return _level(
        " OR ".join(f"{column}_{side} IS NULL" for column in columns for side in "lr"),
        "absent",
        is_null_level=True,
    )


def _fixed(condition: str, label: str, m: float, u: float) -> dict[str, Any]:
    return _level(
        condition, label, m_probability=m, u_probability=u, fix_m_probability=True, fix_u_probability=True
    )


def comparisons() -> list[dict[str, Any]]:
    """The comparisons, finest level first; names are the columns ``gamma_…`` and ``mw_…`` of the pairs."""
    crossed = "nom_cross_l = prenom_cross_r AND prenom_cross_l = nom_cross_r"
    return [
        {
            "output_column_name": "nom",
            "comparison_levels": [
                _missing("nom_std"),
                _level("nom_std_l = nom_std_r", "identique", tf_adjustment_column="nom_std"),
                _level("list_has_any(nom_tokens_l, nom_tokens_r)", "nom composé ou d’usage"),
                _level("jaro_winkler_similarity(nom_std_l, nom_std_r) >= 0.92", "très proche"),
                _fixed(crossed, "nom et prénom échangés", _CROSS_M, _CROSS_U),
                _level(
                    "nom_phonetic_l = nom_phonetic_r"
                    " OR jaro_winkler_similarity(nom_std_l, nom_std_r) >= 0.85",
                    "se prononce de même, ou proche",
                ),
                _otherwise(),
            ],
        },
        {
            "output_column_name": "prenom",
            "comparison_levels": [
                _missing("prenom_std"),
                _level("prenom_std_l = prenom_std_r", "identique", tf_adjustment_column="prenom_std"),
                _level(
                    "list_contains(other_prenoms_l, prenom_std_r)"
                    " OR list_contains(other_prenoms_r, prenom_std_l)",
                    "deuxième prénom de l’autre",
                ),
                _level(
                    "prenom_first_l = prenom_first_r"
                    " OR jaro_winkler_similarity(prenom_std_l, prenom_std_r) >= 0.92",
                    "très proche",
                ),
                _fixed(crossed, "nom et prénom échangés", _CROSS_M, _CROSS_U),
                _level(
                    "prenom_phonetic_l = prenom_phonetic_r"
                    " OR jaro_winkler_similarity(prenom_std_l, prenom_std_r) >= 0.85",
                    "se prononce de même, ou proche",
                ),
                _level(
                    "list_bool_or(list_transform(other_prenoms_l, lambda other: "
                    "jaro_winkler_similarity(other, prenom_std_r) >= 0.88))"
                    " OR list_bool_or(list_transform(other_prenoms_r, lambda other: "
                    "jaro_winkler_similarity(other, prenom_std_l) >= 0.88))",
                    "proche d’un autre prénom",
                ),
                _level(
                    "prenom_consonants_l = prenom_consonants_r"
                    " AND jaro_winkler_similarity(prenom_std_l, prenom_std_r) >= 0.55",
                    "mêmes consonnes",
                ),
                # Twins and siblings born the same day: everything agrees but this.
                _fixed("nom_twin_l = nom_twin_r AND dob_twin_l = dob_twin_r", "jumeau possible", 1e-9, 1.0),
                _otherwise(),
            ],
        },
        {
            "output_column_name": "date",
            "comparison_levels": [
                _missing("dob"),
                _level("dob_l = dob_r", "identique", tf_adjustment_column="dob"),
                _level("dob_swapped_l = dob_r", "jour et mois échangés"),
                _level("damerau_levenshtein(dob_digits_l, dob_digits_r) <= 1", "un chiffre"),
                _level("left(dob_digits_l, 6) = left(dob_digits_r, 6)", "même mois"),
                _level("damerau_levenshtein(dob_digits_l, dob_digits_r) <= 2", "deux chiffres"),
                _otherwise(),
            ],
        },
        {
            "output_column_name": "sexe",
            "comparison_levels": [_missing("sexe"), _level("sexe_l = sexe_r", "identique"), _otherwise()],
        },
        _places("birth"),
        _places("home"),
    ]


def _places(kind: str) -> dict[str, Any]:
    commune, departement = f"{kind}_commune", f"{kind}_departement"
    return {
        "output_column_name": kind,
        "comparison_levels": [
            _missing(commune),
            _level(f"{commune}_l = {commune}_r", "même commune", tf_adjustment_column=commune),
            _level(f"{departement}_l = {departement}_r", "même département"),
            _otherwise(),
        ],
    }


def settings(link_type: str) -> dict[str, Any]:
    """Splink's settings, untrained; ``link_type``: ``link_only`` (star) or ``dedupe_only`` (remainder)."""
    return {
        "link_type": link_type,
        "unique_id_column_name": "rid",
        "linker_uid": "observatoire",
        "comparisons": comparisons(),
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in BLOCKS],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "em_convergence": 0.001,
        "max_iterations": 20,
    }


def train(linker: Linker, seed: int) -> None:
    """Learn chance agreements from random pairs, then true ones from three narrow blocks, without TF."""
    linker.training.estimate_probability_two_random_records_match(
        ["l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std AND l.dob = r.dob"], recall=0.85
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=TRAINING_PAIRS, seed=seed, min_count_per_level=None, num_chunks=1
    )
    for block in (
        "l.nom_std = r.nom_std AND l.dob = r.dob",
        "l.prenom_std = r.prenom_std AND l.dob = r.dob",
        "l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std",
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True
        )


def rounded(trained: dict[str, Any]) -> dict[str, Any]:
    """A trained model with six significant digits: what sums of floats in another order cannot change.

    >>> rounded({"comparisons": [{"m_probability": 0.12345678}], "max_iterations": 20})
    {'comparisons': [{'m_probability': 0.123457}], 'max_iterations': 20}
    """

    def shorter(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: shorter(value) for key, value in node.items()}
        if isinstance(node, list):
            return [shorter(value) for value in node]
        return float(f"{node:.6g}") if isinstance(node, float) else node

    short: dict[str, Any] = shorter(trained)
    return short


def make_linker(tables: list[SplinkDataFrame], model: Path | dict[str, Any]) -> Linker:
    """A linker that says nothing on the terminal."""
    import logging

    from splink import Linker

    return Linker(tables, model, log_level=logging.ERROR)
