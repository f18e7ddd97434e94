"""What a producer's file may look like, and what is said of each thing that is wrong with it."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.codes import heading_key, is_valid_uai
from observatory.errors import FileContractError, FileProblem
from observatory.pipeline.findings import ACCEPTABLE, Findings, ProblemCode, check_accepted
from observatory.pipeline.producer_files import (
    HIDDEN_MARKS,
    Column,
    Kind,
    Places,
    ProducerFile,
    ProducerTable,
    parse_number,
    read_producer_files,
)

RATES = ProducerFile(
    code="rates",
    file_name="rates.csv",
    columns=(
        Column("code", "codgeo", Kind.COMMUNE),
        Column("year", "an", Kind.YEAR),
        Column("rate", "part_non_inseres", Kind.PERCENT, blank=True),
    ),
    key=("code", "year"),
    years=(2018,),
)
REGION_RATES = ProducerFile(
    code="region_rates",
    file_name="region_rates.csv",
    columns=(Column("code", "codgeo", Kind.REGION), *RATES.columns[1:]),
    key=("code", "year"),
    years=(2018,),
    every_departement=False,
)
SCHOOLS = ProducerFile(
    code="schools",
    file_name="schools.csv",
    columns=(
        Column("uai", "UAI", Kind.UAI),
        Column("commune_code", "Code INSEE de la commune", Kind.COMMUNE),
        Column("pupils", "Effectifs", Kind.COUNT),
        Column("ips", "IPS", Kind.NUMBER, minimum=20, maximum=200, blank=True),
    ),
    key=("uai",),
)
PLACES = Places(frozenset({"04001", "04112", "13201", "84007"}), {"04002": "04001"})
ADDRESSES = {"rates": ("Jeunes non insérés", "https://example.org/rates")}

GOOD_RATES = (
    'codgeo,libgeo,an,part_non_inseres\n04001,Aiglun,2018,"7,40"\n'
    "13055,Marseille,2018,19\n84007,Avignon,2018,21\n"
)
GOOD_SCHOOLS = (
    "UAI,Code INSEE de la commune,Effectifs,IPS\n"
    "0040002F,04001,139.0,101.1\n0130001F,13201,200,90\n0840001V,84007,50,100\n"
)


def read(
    directory: Path, *declared: ProducerFile, accept: tuple[str, ...] = ()
) -> tuple[dict[str, ProducerTable], Findings]:
    findings = Findings(check_accepted(accept))
    tables = read_producer_files(directory, declared, PLACES, ADDRESSES, findings)
    return tables, findings


def read_text(
    directory: Path, text: str, declared: ProducerFile = RATES, accept: tuple[str, ...] = ()
) -> tuple[ProducerTable, Findings]:
    (directory / declared.file_name).write_bytes(text.encode("utf-8"))
    tables, findings = read(directory, declared, accept=accept)
    return tables[declared.code], findings


def problems_of(directory: Path, content: str | bytes, declared: ProducerFile = RATES) -> list[FileProblem]:
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    (directory / declared.file_name).write_bytes(raw)
    return read(directory, declared)[1].problems


def xlsx(*sheets: tuple[str, list[list[object]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def rates_of(table: ProducerTable) -> dict[str, float]:
    return dict(zip(table.frame["code"], table.frame["rate"], strict=True))


# What is read without a word.


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encoding_separator_and_line_ends_of_any_office_give_the_same_table(
    tmp_path: Path, separator: str, encoding: str, line_end: str
) -> None:
    lines = [["codgeo", "libgeo", "an", "part_non_inseres"]]
    lines += [["04001", "Île-d'Été", "2018", '"7,40"'], ["13055", "Marseille", "2018", "19"]]
    lines += [["84007", "Avignon", "2018", '"21,0"']]
    text = line_end.join(separator.join(line) for line in lines) + line_end
    (tmp_path / "rates.csv").write_bytes(text.encode(encoding))
    tables, findings = read(tmp_path, RATES)
    assert findings.problems == []
    assert rates_of(tables["rates"]) == {"04001": 7.4, "13055": 19.0, "84007": 21.0}


def test_decimal_commas_without_quotes_are_read_under_semicolons(tmp_path: Path) -> None:
    text = "codgeo;libgeo;an;part_non_inseres\n04001;Aiglun;2018;7,40\n13055;M;2018;19,0\n84007;A;2018;21,0\n"
    assert rates_of(read_text(tmp_path, text)[0])["04001"] == 7.4


def test_title_lines_blank_lines_and_a_footnote_are_passed_over_and_rows_keep_excels_numbers(
    tmp_path: Path,
) -> None:
    text = (
        "Jeunes non insérés,,,\nRecensement de la population,,,\n\ncodgeo,libgeo,an,part_non_inseres\n"
        "04001,Aiglun,2018,7\n,,,\n13055,Marseille,2018,19\n84007,Avignon,2018,21\n"
        '"Source : Insee, recensement de la population",,,\n'
    )
    table, findings = read_text(tmp_path, text)
    assert findings.problems == []
    assert table.frame["row"].tolist() == [5, 7, 8]


def test_an_xlsx_with_a_notice_sheet_and_titles_is_read_where_its_headings_are(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Jeunes non insérés"],
        [],
        ["Code", "Libellé", "Année", "Part"],
        ["CODGEO", "LIBGEO", "AN", "PART_NON_INSERES"],
        ["04001", "Aiglun", 2018, 7.4],
        [13055, "Marseille", 2018.0, 19],
        ["84007", "Avignon", 2018, None],
    ]
    (tmp_path / "rates.xlsx").write_bytes(xlsx(("Notice", [["Lisez-moi"]]), ("COM", rows)))
    tables, findings = read(tmp_path, RATES)
    assert findings.problems == []
    assert tables["rates"].frame["row"].tolist() == [5, 6, 7]
    assert tables["rates"].frame["rate"].isna().tolist() == [False, False, True]
    assert tables["rates"].file == "rates.xlsx [COM]"


def test_an_xlsx_named_csv_is_told_by_its_content(tmp_path: Path) -> None:
    rows: list[list[object]] = [["codgeo", "an", "part_non_inseres"]]
    rows += [["04001", 2018, 7], ["13201", 2018, 8], ["84007", 2018, 9]]
    assert problems_of(tmp_path, xlsx(("a", rows))) == []


@pytest.mark.parametrize("mark", [*sorted(HIDDEN_MARKS), "S", "ND"])
def test_a_hidden_figure_is_neither_zero_nor_merely_missing(tmp_path: Path, mark: str) -> None:
    text = GOOD_RATES.replace('"7,40"', mark)
    table, findings = read_text(tmp_path, text)
    assert findings.problems == []
    assert rates_of(table)["04001"] != rates_of(table)["04001"]
    assert table.hidden["rate"].tolist() == [True, False, False]


def test_a_blank_is_missing_and_not_hidden_and_zero_is_a_value(tmp_path: Path) -> None:
    table, _ = read_text(tmp_path, GOOD_RATES.replace('"7,40"', "").replace(",21", ",0"))
    assert table.hidden["rate"].tolist() == [False, False, False]
    assert table.frame["rate"].isna().tolist() == [True, False, False]
    assert rates_of(table)["84007"] == 0.0


def test_a_national_file_is_welcome_and_other_regions_and_vintages_are_passed_over(tmp_path: Path) -> None:
    others = "1001,L'Abergement,2018,n'importe quoi\n2A004,Ajaccio,2018,20\n97105,Basse-Terre,2018,40\n"
    table, findings = read_text(tmp_path, GOOD_RATES + others + "04001,Aiglun,2013,pas lu\n")
    assert findings.problems == []
    assert table.frame["code"].tolist() == ["04001", "13055", "84007"]


def test_a_merged_commune_is_read_under_the_code_of_today(tmp_path: Path) -> None:
    table, findings = read_text(tmp_path, GOOD_RATES + "04002,Ancienne,2018,8\n")
    assert findings.problems == []
    assert table.frame["commune_code"].tolist() == ["04001", "13055", "84007", "04001"]


def test_a_file_is_found_by_its_columns_when_its_name_has_changed(tmp_path: Path) -> None:
    (tmp_path / "export (3).csv").write_text(GOOD_RATES, encoding="utf-8")
    (tmp_path / "autre.csv").write_text(
        "codgeo,libgeo,an,part_non_inseres\n93,PACA,2018,17\n", encoding="utf-8"
    )
    tables, findings = read(tmp_path, RATES, REGION_RATES)
    assert findings.problems == []
    assert (tables["rates"].file, tables["region_rates"].file) == ("export (3).csv", "autre.csv")


# What is reported: file, row, column, value, code.


def only(problems: list[FileProblem]) -> FileProblem:
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("before", "after", "row", "column", "value", "code"),
    [
        ("04001", "4001", 2, "codgeo", "4001", "insee_leading_zero"),
        ("04001", "AB001", 2, "codgeo", "AB001", "bad_insee_code"),
        ("04001", "004001", 2, "codgeo", "004001", "bad_insee_code"),
        ("04001", "", 2, "codgeo", "", "cell_blank"),
        ("04001", "04999", 2, "codgeo", "04999", "unknown_commune"),
        ("84007,Avignon", "84999,Nulle part", 4, "codgeo", "84999", "unknown_commune"),
        ("04001", '"=""04001"""', 2, "codgeo", '="04001"', "formula"),
        ('"7,40"', "=1/3", 2, "part_non_inseres", "=1/3", "formula"),
        ('"7,40"', "n.c.", 2, "part_non_inseres", "n.c.", "not_a_number"),
        ('"7,40"', "#N/A", 2, "part_non_inseres", "#N/A", "not_a_number"),
        (",21\n", ",-1\n", 4, "part_non_inseres", "-1", "out_of_range"),
        (",21\n", ",121\n", 4, "part_non_inseres", "121", "out_of_range"),
        ("Aiglun,2018", "Aiglun,", 2, "an", "", "cell_blank"),
        ("Aiglun,2018", "Aiglun,18", 2, "an", "18", "bad_year"),
        (",21\n", "\n", 4, None, "84007", "row_length"),
        (",21\n", ",21,22\n", 4, None, "84007", "row_length"),
    ],
)
def test_a_wrong_cell_is_reported_with_its_place_and_value(
    tmp_path: Path, before: str, after: str, row: int, column: str | None, value: str, code: str
) -> None:
    assert before in GOOD_RATES
    problem = only(problems_of(tmp_path, GOOD_RATES.replace(before, after, 1)))
    assert (problem.file, problem.row, problem.column, problem.value, problem.code) == (
        "rates.csv",
        row,
        column,
        value,
        code,
    )


def test_a_lost_leading_zero_comes_with_the_code_that_was_meant(tmp_path: Path) -> None:
    problem = only(problems_of(tmp_path, GOOD_RATES.replace("04001", "4001")))
    assert problem.params == {"suggestion": "04001"}


def test_a_row_with_a_lost_zero_has_its_other_problems_told_in_the_same_run(tmp_path: Path) -> None:
    text = GOOD_RATES.replace("04001", "4001").replace('"7,40"', "abc")
    assert [(p.row, p.code) for p in problems_of(tmp_path, text)] == [
        (2, "insee_leading_zero"),
        (2, "not_a_number"),
    ]


def test_the_cells_of_another_region_are_not_judged(tmp_path: Path) -> None:
    assert problems_of(tmp_path, GOOD_RATES + "75056,Paris,2018,abc\n") == []


@pytest.mark.parametrize(
    ("before", "after", "column", "value", "code"),
    [
        ("0040002F", "0040002G", "UAI", "0040002G", "bad_uai"),
        ("0040002F", "CLG BANON", "UAI", "CLG BANON", "bad_uai"),
        ("0040002F", "040002F", "UAI", "040002F", "uai_leading_zero"),
        ("139.0", "139.5", "Effectifs", "139.5", "not_an_integer"),
        ("139.0", "-3", "Effectifs", "-3", "out_of_range"),
        ("139.0", "", "Effectifs", "", "cell_blank"),
        ("101.1", "1011", "IPS", "1011", "out_of_range"),
        (",04001,", ",13055,", "Code INSEE de la commune", "13055", "unknown_commune"),
        (",04001,", ",75056,", "Code INSEE de la commune", "75056", "unknown_commune"),
    ],
)
def test_a_wrong_cell_of_a_list_of_schools_is_reported(
    tmp_path: Path, before: str, after: str, column: str, value: str, code: str
) -> None:
    problem = only(problems_of(tmp_path, GOOD_SCHOOLS.replace(before, after, 1), SCHOOLS))
    assert (problem.row, problem.column, problem.value, problem.code) == (2, column, value, code)


def test_a_duplicated_row_and_a_contradiction_are_told_apart(tmp_path: Path) -> None:
    same = only(problems_of(tmp_path, GOOD_RATES + "84007,Avignon,2018,21\n"))
    other = only(problems_of(tmp_path, GOOD_RATES + "84007,Avignon,2018,22\n"))
    assert (same.row, same.code, same.params) == (5, "duplicate_row", {"first_row": "4"})
    assert (other.row, other.code, other.params) == (5, "conflicting_rows", {"first_row": "4"})


@pytest.mark.parametrize("label", ["Total", "ENSEMBLE", "Sous-total Vaucluse", "France métropolitaine"])
def test_a_totals_row_is_reported_as_such(tmp_path: Path, label: str) -> None:
    in_code = only(problems_of(tmp_path, GOOD_RATES + f"{label},,2018,18\n"))
    in_words = only(problems_of(tmp_path, GOOD_RATES + f",{label},2018,18\n"))
    assert (in_code.row, in_code.value, in_code.code) == (5, label, "totals_row")
    assert (in_words.row, in_words.code) == (5, "totals_row")


def test_a_missing_column_and_a_column_given_twice_are_named(tmp_path: Path) -> None:
    missing = only(problems_of(tmp_path, GOOD_SCHOOLS.replace("Effectifs", "Élèves"), SCHOOLS))
    twice = only(problems_of(tmp_path, GOOD_RATES.replace("libgeo", "Part non insérés")))
    assert (missing.row, missing.column, missing.code) == (1, "Effectifs", "column_missing")
    assert (twice.row, twice.column, twice.code) == (1, "part_non_inseres", "column_twice")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (bytes(range(256)) * 4, "file_unreadable"),
        (b"%PDF-1.7\x00\x81\x8d", "file_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "old_excel_format"),
        (xlsx(("a", [["codgeo", "an", "part_non_inseres"], ["04001", 2018, 7]]))[:-400], "file_truncated"),
        (GOOD_RATES.encode()[: GOOD_RATES.index("7,40") + 2], "file_truncated"),
        (GOOD_RATES.replace("Aiglun", '"Ai"glun').encode(), "quote_misplaced"),
        (b"codgeo,an,part_non_inseres\n", "no_usable_row"),
        (b"nom,ville\nDupont,Gap\n", "wrong_file"),
    ],
)
def test_a_file_that_is_no_table_gets_one_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    problems = problems_of(tmp_path, content)
    assert problems[0].code == code
    assert problems[0].file == "rates.csv"
    assert code == "no_usable_row" or len(problems) == 1


def test_another_known_file_under_this_name_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(GOOD_SCHOOLS, encoding="utf-8")
    (tmp_path / "schools.csv").write_text(GOOD_SCHOOLS, encoding="utf-8")
    problem = only(read(tmp_path, RATES, SCHOOLS)[1].problems)
    assert (problem.code, problem.file) == ("wrong_file", "rates.csv")
    assert problem.params == {"expected": "rates.csv", "recognised": "schools.csv"}


def test_the_file_of_regions_in_place_of_the_file_of_communes_is_recognised(tmp_path: Path) -> None:
    text = "codgeo,libgeo,an,part_non_inseres\n93,PACA,2018,17\n"
    (tmp_path / "rates.csv").write_text(text, encoding="utf-8")
    (tmp_path / "region_rates.csv").write_text(text, encoding="utf-8")
    problem = only(read(tmp_path, RATES, REGION_RATES)[1].problems)
    assert problem.params == {"expected": "rates.csv", "recognised": "region_rates.csv"}


def test_a_missing_file_is_named_with_the_place_where_it_is_published(tmp_path: Path) -> None:
    problem = only(read(tmp_path, RATES)[1].problems)
    assert (problem.file, problem.code) == ("rates.csv", "file_missing")
    assert problem.params == {
        "expected": "rates.csv",
        "dataset": "Jeunes non insérés",
        "address": "https://example.org/rates",
    }


def test_two_candidates_for_one_file_are_not_chosen_between(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD_RATES, encoding="utf-8")
    (tmp_path / "b.csv").write_text(GOOD_RATES, encoding="utf-8")
    problem = only(read(tmp_path, RATES)[1].problems)
    assert (problem.code, problem.file, problem.params["other"]) == ("file_ambiguous", "a.csv", "b.csv")


def test_a_missing_directory_is_reported(tmp_path: Path) -> None:
    assert only(read(tmp_path / "nulle-part", RATES)[1].problems).code == "directory_missing"


def test_a_file_cut_between_two_rows_betrays_itself_by_the_departement_it_lacks(tmp_path: Path) -> None:
    problem = only(problems_of(tmp_path, GOOD_RATES.replace("84007,Avignon,2018,21\n", "")))
    assert (problem.code, problem.value) == ("departement_missing", "84")


def test_a_vintage_that_is_not_there_is_named(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, GOOD_RATES.replace("2018", "2013"))
    assert [p.code for p in problems] == ["no_usable_row"]


def test_shares_written_from_0_to_1_are_not_taken_for_percentages(tmp_path: Path) -> None:
    text = GOOD_RATES.replace('"7,40"', '"0,074"').replace(",19", ',"0,19"').replace(",21\n", ',"0,21"\n')
    problem = only(problems_of(tmp_path, text))
    assert (problem.column, problem.value, problem.code) == ("part_non_inseres", "0.21", "share_not_percent")


def test_all_the_problems_of_all_the_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(GOOD_RATES.replace(",21\n", ",121\n").replace("04001", "4001"))
    (tmp_path / "schools.csv").write_text(GOOD_SCHOOLS.replace("0040002F", "0040002G"))
    _, findings = read(tmp_path, RATES, SCHOOLS, REGION_RATES)
    with pytest.raises(FileContractError) as raised:
        findings.raise_if_any()
    assert [(p.file, p.row, p.code) for p in raised.value.problems] == [
        ("rates.csv", 2, "insee_leading_zero"),
        ("rates.csv", 4, "out_of_range"),
        ("region_rates.csv", None, "file_missing"),
        ("schools.csv", 2, "bad_uai"),
    ]


# What a person may accept by name.


def test_an_accepted_warning_is_repaired_and_counted(tmp_path: Path) -> None:
    text = GOOD_RATES.replace("04001", "4001") + "84007,Avignon,2018,21\nTotal,,2018,18\n"
    accept = ("insee_leading_zero", "duplicate_row", "totals_row")
    table, findings = read_text(tmp_path, text, accept=accept)
    assert findings.problems == []
    assert table.frame["code"].tolist() == ["04001", "13055", "84007"]
    assert [(r.file, r.code, r.count) for r in findings.repairs()] == [
        ("rates.csv", "duplicate_row", 1),
        ("rates.csv", "insee_leading_zero", 1),
        ("rates.csv", "totals_row", 1),
    ]


def test_accepting_one_warning_accepts_no_other(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(GOOD_RATES.replace("04001", "4001") + "Total,,2018,18\n")
    _, findings = read(tmp_path, RATES, accept=("totals_row",))
    assert only(findings.problems).code == "insee_leading_zero"


def test_a_school_in_an_accepted_unknown_commune_is_left_out(tmp_path: Path) -> None:
    text = GOOD_SCHOOLS.replace(",04001,", ",04999,")
    (tmp_path / "schools.csv").write_text(text)
    tables, findings = read(tmp_path, SCHOOLS, accept=("unknown_commune", "departement_missing"))
    assert findings.problems == []
    assert tables["schools"].frame["uai"].tolist() == ["0130001F", "0840001V"]


@pytest.mark.parametrize("code", sorted(set(ProblemCode) - ACCEPTABLE))
def test_what_would_change_a_figure_cannot_be_accepted(code: str) -> None:
    with pytest.raises(ValueError, match=code):
        check_accepted([code])


# Properties.


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from(["", " ", "\u00a0", "\u202f"]))
def test_a_french_number_is_read_back_whatever_separates_its_thousands(
    whole: int, cents: int, space: str
) -> None:
    text = f"{whole:,}".replace(",", space) + f",{cents:02d}"
    assert parse_number(text) == pytest.approx(whole + cents / 100, abs=1e-6)


@given(st.text(max_size=12))
def test_no_text_makes_the_number_reader_fail_or_return_what_is_not_finite(text: str) -> None:
    value = parse_number(text)
    assert value is None or abs(value) < float("inf")


@given(st.integers(0, 9_999_999))
def test_one_letter_only_completes_a_uai(number: int) -> None:
    letters = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_valid_uai(f"{number:07d}{letter}")]
    assert len(letters) == 1


@given(st.text(alphabet="aàâeéèêiîoôuùcç ABC_'-", max_size=20))
def test_a_heading_is_recognised_whatever_its_case_and_signs(heading: str) -> None:
    assert heading_key(heading.upper()) == heading_key(heading.replace(" ", "_"))


@given(st.binary(max_size=300))
def test_no_content_makes_the_reader_fall(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    directory = tmp_path_factory.mktemp("any")
    assert problems_of(directory, content) != []
