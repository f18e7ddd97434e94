"""Bad files: told in one problem, refused by the row or as a whole; nothing nominative is said."""

from __future__ import annotations

import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from observatory.config import PROJECT_ROOT, current_linkage_settings
from observatory.domain.campaign import Source
from observatory.errors import FileContractError
from observatory.french.errors import describe_problem
from observatory.french.extracts import NOTES, PROBLEMS, REASONS, REPAIRS
from observatory.linkage import extract_checks, extract_files, extracts, mappings
from observatory.linkage.mappings import load_mappings
from observatory.linkage.runs import read_manifest
from observatory.pipeline import extracts as step
from observatory.pipeline.__main__ import main
from tests.linkage.extract_factory import (
    FAMILY,
    GIVEN,
    HEADER,
    MAPPINGS_DIR,
    Bench,
    csv_text,
    findings,
    pupil,
    pupils,
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


# One cell

CELLS = [
    ("ID_NATIONAL", "0123456789", "blanked", "bad_ine", "ine"),
    ("ID_NATIONAL", "1,23457E+10", "blanked", "excel_scientific", "ine"),
    ("ELENOET", "P 12", "refused", "bad_identifier", "record_id"),
    ("NOM", "", "refused", "required_blank", "nom"),
    ("NOM", "TROV4NEL", "refused", "name_not_letters", "nom"),
    ("NOM", "TROVAN?L", "refused", "accents_lost", "nom"),
    ("NOM", "=CMD()", "refused", "formula", "nom"),
    ("PRENOM", "A" * 81, "refused", "too_long", "prenom"),
    ("PRENOM2", "12", "blanked", "name_not_letters", "prenom2"),
    ("CODE_SEXE", "3", "blanked", "unknown_code", "sexe"),
    ("DATE_NAISS", "31/02/2008", "refused", "not_a_date", "date_naissance"),
    ("DATE_NAISS", "12/05/1908", "refused", "date_out_of_range", "date_naissance"),
    ("DATE_SORTIE", "12/05/2008", "blanked", "date_out_of_range", "left_on"),
    ("CODE_COMMUNE_INSEE", "04999", "blanked", "unknown_commune", "commune_residence"),
    ("CODE_COMMUNE_INSEE", "99352", "blanked", "bad_commune", "commune_residence"),
    ("CODE_COMMUNE_INSEE_NAISS", "Digne", "blanked", "bad_commune", "commune_naissance"),
    ("CODE_RNE", "0040002G", "blanked", "uai_check", "uai"),
    ("CODE_RNE", "0040002", "blanked", "bad_uai", "uai"),
    ("CODE_NIVEAU", "XYZ", "refused", "unknown_code", "level"),
]


@pytest.mark.parametrize(("heading", "value", "kind", "reason", "name"), CELLS)
def test_a_cell_that_does_not_fit_is_counted_and_listed_with_its_row(
    bench, heading, value, kind, reason, name
):
    rows = pupils(200)
    rows[7] = pupil(7, **{heading: value})
    outcome = bench.load_rows(rows)
    assert outcome.problems == []
    assert findings(outcome) == {(kind, reason, name): 1}
    (listed,) = outcome.files[0].listed
    assert (listed.row, listed.column, listed.value) == (9, heading, value)
    table = {row["record_id"]: row for row in bench.table()}
    if kind == "refused":
        assert len(table) == 199
        assert "P000007" not in table
    else:
        assert table["P000007"][name] is None


REPAIRED = [
    ("CODE_COMMUNE_INSEE", "4001", "insee_leading_zero", "commune_residence", "04001"),
    ("CODE_COMMUNE_INSEE", "04198", "retired_commune", "commune_residence", "04033"),
    ("CODE_COMMUNE_INSEE", '="04001"', "excel_text", "commune_residence", "04001"),
    ("CODE_COMMUNE_INSEE_NAISS", "2a004", "case", "commune_naissance", "2A004"),
    ("CODE_RNE", "040002F", "uai_leading_zero", "uai", "0040002F"),
    ("ID_NATIONAL", "0000000007k", "case", "ine", "0000000007K"),
    ("NOM", "  LE   GUERNOZ\u00a0", "trimmed", "nom", "LE GUERNOZ"),
    ("CODE_SEXE", "Féminin", "code_unlisted", "sexe", "F"),
    ("DATE_NAISS", "39580", "excel_serial_date", "date_naissance", "2008-05-12"),
    ("DATE_NAISS", "12/05/2008 00:00:00", "date_with_time", "date_naissance", "2008-05-12"),
]


@pytest.mark.parametrize(("heading", "value", "reason", "name", "expected"), REPAIRED)
def test_a_repair_is_made_and_counted_by_reason(bench, heading, value, reason, name, expected):
    rows = pupils()
    rows[7] = pupil(7, **{heading: value})
    outcome = bench.load_rows(rows)
    assert outcome.problems == []
    assert findings(outcome) == {("repaired", reason, name): 1}
    assert str(bench.table()[7][name]) == expected


def test_what_needs_no_repair_stays_as_it_was_sent(bench):
    rows = pupils()
    rows[7] = pupil(
        7, NOM="d’Astrevil-Belmouki", CODE_COMMUNE_INSEE="13055", CODE_COMMUNE_INSEE_NAISS="13216"
    )
    rows[8] = pupil(8, ID_NATIONAL="123456789AB", CODE_COMMUNE_INSEE="75101")
    outcome = bench.load_rows(rows)
    assert findings(outcome) == {}
    row = bench.table()[7]
    assert (row["nom"], row["commune_residence"], row["commune_naissance"]) == (
        "d’Astrevil-Belmouki",
        "13055",
        "13216",
    )
    assert bench.table()[8]["commune_residence"] == "75101"


# Rows


def test_repeated_rows_are_kept_once_and_contradictory_ones_not_at_all(bench):
    rows = pupils(400)
    outcome = bench.load_rows([*rows, rows[3], rows[3], pupil(9, PRENOM="Kadoric")])
    assert outcome.problems == []
    assert findings(outcome) == {
        ("repaired", "duplicate_row", "record_id"): 2,
        ("refused", "duplicate_key", "record_id"): 2,
    }
    identifiers = [row["record_id"] for row in bench.table()]
    assert identifiers.count("P000003") == 1
    assert "P000009" not in identifiers
    assert outcome.files[0].rows_in == 403
    assert outcome.files[0].rows_out == len(identifiers) == 399


def test_a_row_with_a_separator_too_many_and_one_with_a_lone_quote_are_refused_alone(bench):
    lines = csv_text(pupils(400)).split("\r\n")
    lines[11] = lines[11].replace(";LP;", ";LP;;;")
    lines[15] = lines[15].replace(";LP;", ';"LP;')
    lines[31] = lines[31].replace(";01/09/2025;", ';01/09"2025;')
    lines[33] = lines[33].replace(";LP;", ';"LP;')
    bench.write("\r\n".join(lines))
    outcome = bench.load()
    assert outcome.problems == []
    assert {cell.row: cell.reason for cell in outcome.files[0].listed} == {
        12: "row_length",
        16: "quote_misplaced",
        32: "not_a_date",
        34: "quote_misplaced",
    }
    assert len(bench.table()) == 397


def test_the_share_accepted_decides_between_rows_and_the_whole(bench):
    rows = pupils(100)
    rows[1], rows[2] = pupil(1, DATE_NAISS="?"), pupil(2, NOM="")
    outcome = bench.load_rows(rows)
    assert bench.codes(outcome) == [
        "extract_not_a_date",
        "extract_required_blank",
        "extract_too_many_refused",
    ]
    assert not (bench.working_dir / "travail.duckdb").exists()
    assert bench.load_rows(rows, accepted_share=0.02).problems == []
    assert len(bench.table()) == 98


# Whole files


def swap(rows: list[list[str]], one: str, other: str) -> list[list[str]]:
    """The rows with two columns exchanged under the same headings."""
    first, second = HEADER.index(one), HEADER.index(other)
    for row in rows:
        row[first], row[second] = row[second], row[first]
    return rows


def damaged_workbook(bench: Bench) -> bytes:
    """A workbook cut before its end."""
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for row in pupils():
        book.active.append(row)
    path = bench.working_dir.with_name("book.xlsx")
    book.save(path)
    return path.read_bytes()[:-200]


WHOLE = {
    "empty": (lambda b: b.write(b""), "extract_file_empty"),
    "binary": (lambda b: b.write(b"\x00\x01\x02" * 500), "extract_file_unreadable"),
    "old Excel": (lambda b: b.write(b"\xd0\xcf\x11\xe0" + b"\x00" * 600), "extract_old_excel_format"),
    "header only": (lambda b: b.write(csv_text([])), "extract_no_row"),
    "last line cut": (lambda b: b.write(csv_text(pupils())[:-40]), "extract_file_truncated"),
    "cut inside quotes": (
        lambda b: b.write(csv_text([*pupils(), pupil(99, CODE_DIPLOME='40"')])[:-5]),
        "extract_file_truncated",
    ),
    "damaged workbook": (lambda b: b.write(damaged_workbook(b)), "extract_file_truncated_archive"),
    "cp850": (lambda b: b.write(csv_text(pupils()), encoding="cp850"), "extract_wrong_encoding"),
    "utf-8 taken for windows-1252": (
        lambda b: b.write(csv_text(pupils()).encode().decode("cp1252"), encoding="utf-8"),
        "extract_wrong_encoding",
    ),
    "accents lost": (
        lambda b: b.write(csv_text(pupils()).replace("É", "\ufffd"), encoding="utf-8"),
        "extract_accents_lost",
    ),
    "column missing": (
        lambda b: b.write(csv_text(pupils()).replace("DATE_NAISS;", "NE_LE;")),
        "extract_column_missing",
    ),
    "column twice": (
        lambda b: b.write(csv_text(pupils()).replace("NOM_USAGE", "NOM", 1)),
        "extract_column_missing",
    ),
    "date and commune swapped": (
        lambda b: b.write(csv_text(swap(pupils(), "DATE_NAISS", "CODE_COMMUNE_INSEE"))),
        "extract_columns_swapped",
    ),
    "date and name swapped": (
        lambda b: b.write(csv_text(swap(pupils(), "DATE_NAISS", "NOM"))),
        "extract_columns_swapped",
    ),
    "sexe under another heading": (
        lambda b: b.write(csv_text([pupil(n, CODE_SEXE="04001") for n in range(40)])),
        "extract_column_content_commune",
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_bad_file_is_said_in_one_problem_and_nothing_changes(bench, case):
    bench.load_rows(pupils(12))
    before = bench.table()
    make, code = WHOLE[case]
    make(bench)
    outcome = bench.load()
    assert bench.codes(outcome) == [code]
    sentence = describe_problem(outcome.problems[0])
    assert "code extract" not in sentence
    assert "…" not in sentence.replace("(lignes", "")
    assert bench.table() == before


def test_the_same_file_or_the_same_records_under_another_name_are_refused(bench):
    bench.write(csv_text(pupils()))
    bench.write(csv_text(pupils()), "base_eleves_a_copie.csv")
    assert bench.codes(bench.load()) == ["extract_twice"]
    bench.write(csv_text(pupils()[::-1]), "base_eleves_a_copie.csv", "utf-8")
    assert bench.codes(bench.load()) == ["extract_same_records"]
    bench.write(csv_text([pupil(n) for n in range(1000, 1040)]), "base_eleves_a_copie.csv")
    assert bench.load().problems == []
    assert len(bench.table()) == 80


def test_a_missing_source_and_an_unknown_file_are_said(bench):
    bench.write(csv_text(pupils()))
    bench.write("a;b\r\n1;2\r\n", "autre.csv")
    outcome = extracts.load_extracts(
        bench.extracts, bench.mappings, extract_checks.KnownPlaces(frozenset(), {}), bench.working_dir
    )
    assert bench.codes(outcome) == ["extract_unrecognised", *["extract_missing"] * 4]


def test_a_file_under_another_name_is_known_by_its_headings(bench):
    bench.write(csv_text(pupils()), "export du 3 octobre.csv")
    assert bench.load().problems == []
    assert len(bench.table()) == 40


# Mapping files

SOUND = (MAPPINGS_DIR / "parcours3_b.yml").read_text(encoding="utf-8")
MAPPING_FAULTS = {
    "mapping_key_unknown": SOUND.replace("separator:", "separateur:"),
    "mapping_key_missing": SOUND.replace("layout: b\n", ""),
    "mapping_field_unknown": SOUND.replace("  sexe:", "  genre:"),
    "mapping_field_missing": SOUND.replace("  date_naissance: Né(e) le\n", ""),
    "mapping_value": SOUND.replace("source: mission_locale", "source: missions"),
    "mapping_heading_shared": SOUND.replace("  sexe: Sexe", "  sexe: Situation"),
    "mapping_not_yaml": SOUND + "  - [",
}


@pytest.mark.parametrize("code", MAPPING_FAULTS)
def test_a_fault_of_a_mapping_file_is_named(tmp_path, code):
    (tmp_path / "m.yml").write_text(MAPPING_FAULTS[code], encoding="utf-8")
    with pytest.raises(FileContractError) as raised:
        load_mappings(tmp_path)
    assert [problem.code for problem in raised.value.problems] == [code]
    assert "(code" not in describe_problem(raised.value.problems[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dates: [", "dates: ['%d/%Y', "),
        ("encodings: [utf-8]", "encodings: [klingon]"),
        ('separator: ","', 'separator: ",,"'),
        ('"DNB": dnb', '"DNB": brevet'),
        ("split: capitals}\n  prenom:", "split: cut}\n  prenom:"),
        ("layout: b", "layout: 2"),
    ],
)
def test_a_value_that_a_mapping_cannot_hold_is_refused(tmp_path, old, new):
    assert old in SOUND
    (tmp_path / "m.yml").write_text(SOUND.replace(old, new), encoding="utf-8")
    with pytest.raises(FileContractError) as raised:
        load_mappings(tmp_path)
    assert {problem.code for problem in raised.value.problems} == {"mapping_value"}


def test_two_mappings_for_one_file_are_refused(tmp_path):
    (tmp_path / "one.yml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "two.yml").write_text(SOUND.replace("layout: b", "layout: c"), encoding="utf-8")
    with pytest.raises(FileContractError) as raised:
        load_mappings(tmp_path)
    assert [problem.code for problem in raised.value.problems] == ["mapping_twice"]


# The step


@pytest.fixture
def run(bench, monkeypatch, capfd):
    """Run the command; its exit code and all that it said."""
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(bench.working_dir))
    current_linkage_settings.cache_clear()

    def run_command(*options: str) -> tuple[int, str]:
        without = [word for s in Source if s is not Source.PUPILS for word in ("--without", s.value)]
        code = main(["extracts", "--from", str(bench.extracts), *without, *options])
        said = capfd.readouterr()
        return code, said.out + said.err

    yield run_command
    current_linkage_settings.cache_clear()


def _nominative(rows: list[list[str]]) -> set[str]:
    places = [HEADER.index(name) for name in ("ELENOET", "ID_NATIONAL", "NOM", "PRENOM", "DATE_NAISS")]
    return {row[place].strip() for row in rows for place in places} - {""}


@pytest.mark.parametrize("share", ["0,5", "0"])
def test_nothing_nominative_is_said_nor_written_in_the_manifest(bench, run, share):
    rows = pupils(200)
    rows[3] = pupil(3, NOM="TROV4NEL", DATE_NAISS="41/12/2008")
    rows[4] = pupil(4, PRENOM="=HYPERLINK()", ID_NATIONAL="12345")
    bench.write(csv_text([*rows, pupil(9, PRENOM="Kadoric")]))
    code, said = run("--report", "--accept-refused", share)
    assert code == (0 if share == "0,5" else 1)
    assert "DATE_NAISS" in said
    manifest = bench.working_dir / "manifest.json"
    said += manifest.read_text(encoding="utf-8") if manifest.exists() else ""
    assert {value for value in _nominative(rows) if value in said} == set()
    assert not any(name in said for name in (*FAMILY, *GIVEN))


def test_the_report_is_private_lists_rows_and_values_and_neutralises_formulas(bench, run):
    rows = pupils(200)
    rows[3] = pupil(3, NOM="TROV4NEL")
    rows[4] = pupil(4, PRENOM="=HYPERLINK()")
    bench.write(csv_text(rows))
    code, _ = run("--report", "--accept-refused", "0.02")
    assert code == 0
    folder = bench.working_dir / "rapports"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    listed = (folder / "base_eleves_a.csv.lignes.csv").read_text(encoding="utf-8-sig")
    assert "5;NOM;TROV4NEL;ligne écartée;" in listed
    assert "6;PRENOM;'=HYPERLINK();ligne écartée;" in listed
    summary = (folder / "base_eleves_a.csv.txt").read_text(encoding="utf-8")
    assert "Lignes lues : 200\nLignes gardées : 198\nLignes écartées : 2\n" in summary


def test_the_manifest_tells_inputs_counts_and_contents(bench, run):
    bench.write(csv_text(pupils()))
    run()
    entry = read_manifest(bench.working_dir)["extracts"]
    assert set(entry["inputs"]) == {"base_eleves_a.csv", "siecle_a.yml"}
    assert entry["counts"]["base_eleves_a.csv"]["rows_out"] == 40
    first = entry["extra"]["content_sha256"]
    run()
    assert read_manifest(bench.working_dir)["extracts"]["extra"]["content_sha256"] == first


@hypothesis_settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, seed):
    rows = [*pupils(120), pupil(7), pupil(9, NOM="FONTARÈDE"), pupil(11, CODE_COMMUNE_INSEE="4001")]
    rows[3] = pupil(3, DATE_NAISS="?")
    hashes = []
    for order in (0, seed):
        shuffled = list(rows)
        random.Random(order).shuffle(shuffled)
        bench = Bench(tmp_path_factory.mktemp("order"))
        outcome = bench.load_rows(shuffled, accepted_share=0.1)
        assert outcome.problems == []
        hashes.append((outcome.hashes, findings(outcome)))
    assert hashes[0] == hashes[1]


def test_a_step_killed_then_run_again_gives_the_same_tables(bench):
    bench.write(csv_text(pupils(60_000)))
    expected = bench.load().hashes
    (bench.working_dir / "travail.duckdb").unlink()
    without = [word for s in Source if s is not Source.PUPILS for word in ("--without", s.value)]
    command = [
        sys.executable,
        "-m",
        "observatory.pipeline",
        "extracts",
        "--from",
        str(bench.extracts),
        *without,
    ]
    environment = {**os.environ, "OBSERVATOIRE_CROISEMENT_DIR": str(bench.working_dir)}
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while not list(bench.working_dir.glob(".part-*-travail.duckdb")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert list(bench.working_dir.glob(".part-*"))
    assert not (bench.working_dir / "travail.duckdb").exists()
    assert bench.load().hashes == expected
    assert not list(bench.working_dir.glob(".part-*"))


@pytest.mark.heavy
def test_a_million_rows_with_a_bad_one_are_loaded_but_for_that_one(bench):
    template = csv_text([pupil(0)]).split("\r\n")[1].split(";", 2)[2]
    with (bench.extracts / "base_eleves_a.csv").open("w", encoding="cp1252", newline="") as handle:
        handle.write(";".join(HEADER) + "\r\n")
        for number in range(1_000_000):
            line = f"P{number:07d};{number:010d}K;{template}\r\n"
            handle.write(line.replace("01/01/2004", "31/02/2004") if number == 777_777 else line)
    outcome = bench.load()
    assert outcome.problems == []
    assert outcome.files[0].rows_out == 999_999
    assert [(cell.row, cell.column) for cell in outcome.files[0].listed] == [(777_779, "DATE_NAISS")]


def test_every_code_has_its_sentence():
    """The codes are found in the sources that make them."""
    text = "".join(
        Path(str(module.__file__)).read_text()
        for module in (extract_checks, extract_files, extracts, mappings, step)
    )
    made = set(re.findall(r"THEN '([a-z_]+)'", text))
    assert {code for code in made if code not in REASONS and code not in REPAIRS} == set()
    raised = {f"extract_{code}" for code in re.findall(r'UnreadableExtractError\(\s*"([a-z_]+)"', text)}
    problems = raised | set(re.findall(r'"((?:extract|mapping)_[a-z_]+)"', text)) - {
        "extract_report",
        "extract_loaded",
        "extract_without",
        "extract_file",
        "extract_finding",
        "mapping_dir",
    }
    assert {code for code in problems if code not in PROBLEMS} == set()
    assert {f"extract_repaired_{code}" for code in REPAIRS} <= set(NOTES)
    assert len(made) > 20
    looks = {
        extract_checks.looks_like([cell])
        for cell in ("12/05/2008", "0040002F", "0" * 10 + "K", "04001", "F", "Lou")
    }
    assert {f"extract_column_content_{look}" for look in looks | {"other"}} <= set(PROBLEMS)
