"""The contract of a canonical record as SQL: for each field its value, what is wrong, what was repaired.

Every rule of :mod:`observatory.linkage.schema` is one expression over the text that was sent, so that a
million rows are checked by DuckDB and none by Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from observatory.domain.codes import UAI_LETTERS
from observatory.domain.territory import MARSEILLE_CODE
from observatory.linkage.mappings import ColumnMapping, ExtractMapping, code_key
from observatory.linkage.schema import SCHEMAS, FieldForm, FieldRule, Severity

REQUIRED_BLANK = "required_blank"
SEX_WORDS = {
    **dict.fromkeys(("m", "1", "h", "g", "mr", "homme", "garcon", "masculin", "monsieur"), "M"),
    **dict.fromkeys(("f", "2", "mme", "mlle", "femme", "fille", "feminin", "madame"), "F"),
}
"""How offices write a sex, beyond what a mapping says."""

_BLANKS = " \t\r\n\u00a0\u202f\u2009\u200b\ufeff"
_NAME = r"[\p{L}\p{M}][\p{L}\p{M} '’‘`´\-]*"
_COMMUNE = r"(0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}"
_BIRTHPLACE = r"(0[1-9]|[1-8][0-9]|9[0-5789]|2[AB])[0-9]{3}"
_CAPITALS = r"^((?:[\p{Lu}\p{M}''’‘`´\-]+ )+)(\S.*)$"
_LONGEST = {FieldForm.IDENTIFIER: 64, FieldForm.NAME: 80, FieldForm.TEXT: 200}


@dataclass(frozen=True)
class KnownPlaces:
    """Communes of the region in use, and retired codes with what replaced them."""

    communes: frozenset[str]
    retired: Mapping[str, str]


@dataclass(frozen=True)
class FieldSql:
    """Expressions over ``t`` (trimmed text) and ``v`` (value) of one field, by layer."""

    rule: FieldRule
    sent: str
    trimmed: str
    value: str
    issue: str
    repair: str


def text(value: str) -> str:
    """A SQL literal.

    >>> text("l'Isle")
    "'l''Isle'"
    """
    return "'" + value.replace("'", "''") + "'"


def stage_query(mapping: ExtractMapping, places: Mapping[str, int], known: KnownPlaces, raw: str) -> str:
    """The SELECT that turns the table ``raw`` (``r``, ``c0`` …) into ``r`` and, for each field of the schema,
    its value under its name, ``i_<field>`` (what is wrong, or null) and ``p_<field>`` (repair, or null).

    ``places`` gives the column of each field that the file holds.
    """
    fields = [_field(rule, mapping, places, known) for rule in SCHEMAS[mapping.source]]
    sent = ", ".join(f"{f.sent} AS s_{f.rule.name}" for f in fields)
    trimmed = ", ".join(f"{f.trimmed} AS t_{f.rule.name}" for f in fields)
    values = ", ".join(f"{f.value} AS v_{f.rule.name}" for f in fields)
    issues = ", ".join(f"{f.issue} AS i_{f.rule.name}" for f in fields)
    final = ", ".join(
        f"CASE WHEN i_{n} IS NULL THEN v_{n} END AS {n}, i_{n}, "
        f"CASE WHEN i_{n} IS NULL AND v_{n} IS NOT NULL THEN {f.repair} END AS p_{n}"
        for f in fields
        for n in (f.rule.name,)
    )
    return (
        f"WITH a AS (SELECT r, {sent} FROM {raw}), b AS (SELECT *, {trimmed} FROM a), "
        f"c AS (SELECT *, {values} FROM b), d AS (SELECT *, {issues} FROM c) SELECT r, {final} FROM d"
    )


def refusing(rules: Iterable[FieldRule]) -> list[FieldRule]:
    """The fields that can refuse a row."""
    return [rule for rule in rules if rule.is_required or rule.severity is Severity.REFUSE]


def looks_like(values: Iterable[str]) -> str:
    """What most of these cells seem to be: a key of ``forms``, or blank.

    >>> looks_like(["12/05/2008", "2009-01-31"]), looks_like(["Lou", "Éva"]), looks_like(["?"])
    ('date', 'name', '')
    """
    forms = {
        "date": r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?",
        "uai": r"\d{6,7}[A-Za-z]",
        "ine": r"\d{10}[A-Za-z]|\d{9}[A-Za-z]{2}",
        "commune": r"\d{4,5}|2[ABab]\d{3}",
        "sexe": r"[12MFHGmfhg]",
        "name": r"[^\W\d_][^\d_]*",
    }
    cells = [value.strip() for value in values if value and value.strip()]
    for name, form in forms.items():
        if cells and 2 * sum(1 for cell in cells if re.fullmatch(form, cell)) > len(cells):
            return name
    return ""


EXPECTED_LOOKS = {
    FieldForm.DATE: "date",
    FieldForm.UAI: "uai",
    FieldForm.INE: "ine",
    FieldForm.COMMUNE: "commune",
    FieldForm.NAME: "name",
}
"""What the cells of a form look like, to tell two columns that were swapped."""


def _field(
    rule: FieldRule, mapping: ExtractMapping, places: Mapping[str, int], known: KnownPlaces
) -> FieldSql:
    name = rule.name
    column = mapping.columns.get(name, ColumnMapping(()))
    if name in mapping.constants:
        sent = text(mapping.constants[name])
    else:
        sent = f"c{places[name]}" if name in places else "CAST(NULL AS VARCHAR)"
    t, v = f"t_{name}", f"v_{name}"
    trimmed = f"trim(s_{name}, {text(_BLANKS)})"
    excel = text('="' + _BLANKS)
    # ="04001" is how Excel is made to keep a zero.
    trimmed = f"CASE WHEN starts_with({trimmed}, '=\"') THEN trim({trimmed}, {excel}) ELSE {trimmed} END"
    blanks = ", ".join(text(blank.strip().lower()) for blank in ("", "#n/a", *mapping.blanks))
    trimmed = f"CASE WHEN lower({trimmed}) NOT IN ({blanks}) THEN {_split(trimmed, name, column.split)} END"
    value, fault, repair = _form(rule, column, mapping, known, t, v)
    required = f"WHEN {t} IS NULL THEN '{REQUIRED_BLANK}' " if rule.is_required else ""
    split_fault = (
        f"WHEN {t} IS NULL AND trim(s_{name}) <> '' THEN 'name_not_split' "
        if column.split in {"capitals", "comma"} and name in {"nom", "prenom"}
        else ""
    )
    issue = f"CASE {split_fault}{required}WHEN {t} IS NULL THEN NULL {fault} END"
    as_text = f"WHEN starts_with(ltrim(s_{name}), '=') THEN 'excel_text' "
    edges = "" if column.split else f"WHEN {t} <> s_{name} THEN 'trimmed' "
    return FieldSql(rule, sent, trimmed, value, issue, f"CASE {as_text}{repair}{edges}END")


def _split(cell: str, name: str, split: str) -> str:
    if not split:
        return cell
    cell = _single_blanks(cell)
    if split == "capitals":
        pattern, group = text(_CAPITALS.replace("''", "'")), 1 if name == "nom" else 2
        return f"nullif(trim(regexp_extract({cell}, {pattern}, {group})), '')"
    if split == "comma":
        return f"nullif(trim(split_part({cell}, ',', {1 if name == 'nom' else 2})), '')"
    words = (
        f"CASE WHEN contains({cell}, ',') THEN regexp_split_to_array({cell}, ' *, *') "
        f"ELSE string_split({cell}, ' ') END"
    )
    place = {"prenom": "1:1", "prenom2": "2:2", "prenom3": "3:"}[name]
    return f"nullif(array_to_string(({words})[{place}], ' '), '')"


def _single_blanks(cell: str) -> str:
    # Most cells have nothing to replace: finding that out is four times as fast as replacing.
    odd = " OR ".join(f"contains({cell}, {text(blank)})" for blank in ("  ", "\u00a0", "\u202f", "\t", "\n"))
    single = f"regexp_replace({cell}, '[\\s\\x{{00A0}}\\x{{202F}}]+', ' ', 'g')"
    return f"CASE WHEN {odd} THEN {single} ELSE {cell} END"


def _form(
    rule: FieldRule, column: ColumnMapping, mapping: ExtractMapping, known: KnownPlaces, t: str, v: str
) -> tuple[str, str, str]:
    """Value from the trimmed text, WHEN branches of what is wrong, WHEN branches of what was repaired."""
    bare = f"upper(translate({t}, {text(' .' + _BLANKS[1:5])}, ''))"
    formula = f"WHEN {t}[1] IN ('=', '+', '@') THEN 'formula' "
    case = f"WHEN {v} <> {t} THEN 'case' "
    match rule.form:
        case FieldForm.IDENTIFIER:
            return (
                t,
                f"WHEN regexp_full_match({t}, '[0-9][.,][0-9]+E[+][0-9]+') THEN 'excel_scientific' {formula}"
                f"WHEN length({t}) > 64 OR regexp_matches({t}, '[\\s[:cntrl:]]') THEN 'bad_identifier'",
                "",
            )
        case FieldForm.INE:
            return (
                bare,
                f"WHEN regexp_full_match({t}, '[0-9][.,][0-9]+E[+][0-9]+') THEN 'excel_scientific' {formula}"
                f"WHEN NOT regexp_full_match({v}, '[0-9]{{10}}[A-Z]|[0-9]{{9}}[A-Z]{{2}}') THEN 'bad_ine'",
                case,
            )
        case FieldForm.NAME:
            return (
                _single_blanks(t),
                f"{formula}WHEN length({v}) > 80 THEN 'too_long' "
                f"WHEN contains({v}, '\ufffd') OR contains({v}, '?') THEN 'accents_lost' "
                f"WHEN NOT regexp_full_match({v}, {text(_NAME)}) THEN 'name_not_letters'",
                f"WHEN {v} <> {t} THEN 'trimmed' ",
            )
        case FieldForm.CHOICE:
            return _choice(rule, column, t, v)
        case FieldForm.DATE:
            return _date(rule, mapping, t, v)
        case FieldForm.COMMUNE:
            return _commune(rule, column, known, bare, t, v)
        case FieldForm.UAI:
            padded = (
                f"CASE WHEN length({bare}) = 7 THEN '0' || {bare} ELSE {bare} END"
                if column.lost_zeros
                else bare
            )
            check = f"{text(UAI_LETTERS)}[TRY_CAST(left({v}, 7) AS INTEGER) % 23 + 1]"
            return (
                padded,
                f"{formula}WHEN NOT regexp_full_match({v}, '[0-9]{{7}}[A-Z]') THEN 'bad_uai' "
                f"WHEN {check} <> {v}[8] THEN 'uai_check'",
                f"WHEN length({v}) > length({bare}) THEN 'uai_leading_zero' {case}",
            )
        case FieldForm.TEXT:
            return (
                _single_blanks(t),
                f"{formula}WHEN length({v}) > 200 THEN 'too_long' "
                f"WHEN regexp_matches({v}, '[[:cntrl:]]') THEN 'not_printable'",
                f"WHEN {v} <> {t} THEN 'trimmed' ",
            )


def _choice(rule: FieldRule, column: ColumnMapping, t: str, v: str) -> tuple[str, str, str]:
    declared = dict(column.codes)
    usual = {code_key(choice): choice for choice in rule.choices}
    if rule.name == "sexe":
        usual |= SEX_WORDS
    extra = {key: meaning for key, meaning in usual.items() if key not in declared}
    key = f"regexp_replace(lower(strip_accents(regexp_replace({t}, '[.]0$', ''))), '[^a-z0-9]', '', 'g')"
    branches = " ".join(f"WHEN {text(k)} THEN {text(m)}" for k, m in (declared | extra).items())
    # Nearly all the cells hold a code as it is declared: no need to take their accents away.
    exact = declared or {choice: choice for choice in rule.choices}
    straight = " ".join(f"WHEN {text(k)} THEN {text(m)}" for k, m in exact.items())
    as_declared = ", ".join(text(k) for k in exact)
    unlisted = ", ".join(text(k) for k in extra)
    # Where a mapping lists its codes, another spelling that is understood is a repair worth telling.
    repair = (
        f"WHEN {t} NOT IN ({as_declared}) AND {key} IN ({unlisted}) THEN 'code_unlisted' "
        if declared and extra
        else ""
    )
    return (
        f"CASE {t} {straight} ELSE CASE {key} {branches} END END",
        f"WHEN {v} IS NULL THEN 'unknown_code'",
        repair,
    )


def _date(rule: FieldRule, mapping: ExtractMapping, t: str, v: str) -> tuple[str, str, str]:
    formats = dict.fromkeys((*mapping.dates, "%Y-%m-%d"))
    timed = [f"{one} {clock}" for one in formats for clock in ("%H:%M:%S", "%H:%M")]
    plain_list = ", ".join(text(one) for one in formats)
    all_list = ", ".join(text(one) for one in (*formats, *timed, "%Y-%m-%dT%H:%M:%S"))
    serial = f"regexp_full_match({t}, '[2-6][0-9]{{4}}')"
    value = (
        f"CASE WHEN {serial} THEN DATE '1899-12-30' + TRY_CAST({t} AS INTEGER) "
        f"ELSE CAST(try_strptime({t}, [{all_list}]) AS DATE) END"
    )
    bounds = " OR ".join(
        [f"{v} < DATE '{rule.earliest}'"] * bool(rule.earliest)
        + [f"{v} > DATE '{rule.latest}'"] * bool(rule.latest)
    )
    fault = f"WHEN {t}[1] = '=' THEN 'formula' WHEN {v} IS NULL THEN 'not_a_date' " + (
        f"WHEN {bounds} THEN 'date_out_of_range'" if bounds else ""
    )
    repair = (
        f"WHEN {serial} THEN 'excel_serial_date' "
        f"WHEN length({t}) > 10 AND try_strptime({t}, [{plain_list}]) IS NULL THEN 'date_with_time' "
    )
    return value, fault, repair


def _commune(
    rule: FieldRule, column: ColumnMapping, known: KnownPlaces, bare: str, t: str, v: str
) -> tuple[str, str, str]:
    code = f"CASE WHEN length({bare}) = 4 THEN '0' || {bare} ELSE {bare} END" if column.lost_zeros else bare
    zero = f"WHEN length({v}) > length({bare}) THEN 'insee_leading_zero' "
    if rule.name == "commune_naissance":
        fault = f"WHEN NOT regexp_full_match({v}, '{_BIRTHPLACE}') THEN 'bad_commune'"
        return code, fault, f"{zero}WHEN {v} <> {t} THEN 'case' "
    branches = " ".join(f"WHEN {text(old)} THEN {text(new)}" for old, new in sorted(known.retired.items()))
    value = f"CASE {code} {branches} ELSE {code} END" if branches else code
    retired = ", ".join(text(old) for old in sorted(known.retired)) or "''"
    ours = ", ".join(text(one) for one in sorted(known.communes | {MARSEILLE_CODE}))
    departements = ", ".join(text(one) for one in sorted({one[:2] for one in known.communes})) or "''"
    fault = (
        f"WHEN NOT regexp_full_match({v}, '{_COMMUNE}') THEN 'bad_commune' "
        f"WHEN left({v}, 2) IN ({departements}) AND {v} NOT IN ({ours}) THEN 'unknown_commune'"
    )
    return (
        value,
        fault,
        f"WHEN {code} IN ({retired}) THEN 'retired_commune' {zero}WHEN {v} <> {t} THEN 'case' ",
    )
