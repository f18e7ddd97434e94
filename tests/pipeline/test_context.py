"""The context step: from producers' files to the figures of basins, académies and the region."""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from observatory.config import PROJECT_ROOT, Settings
from observatory.domain.figures import FigureStatus, figure_status
from observatory.errors import DataFileError, FileContractError
from observatory.french.errors import describe_problem
from observatory.pipeline import context
from observatory.pipeline.context import ContextTables, compute_context, load_territory, weighted_mean
from observatory.pipeline.context_files import CONTEXT_FILES
from observatory.pipeline.context_measures import distances_km

ARRONDISSEMENTS = [f"132{n:02d}" for n in range(1, 17)]
BASIN_OF = {
    "04001": "AM01",
    "04002": "AM01",
    "06001": "NI01",
    "06088": "NI01",
    **dict.fromkeys(ARRONDISSEMENTS[:8], "AM10"),
    **dict.fromkeys(ARRONDISSEMENTS[8:], "AM12"),
}
POPULATION = {"04001": 100, "04002": 300, "06001": 200, "06088": 600, **dict.fromkeys(ARRONDISSEMENTS, 100)}


# A region of a handful of communes, in each producer's own format.


def write_csv(
    path: Path, rows: list[list[object]], separator: str = ",", encoding: str = "utf-8", end: str = "\n"
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=end).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def write_neet(folder: Path, name: str = "neet_communes_2008_2013_2018_paca.csv") -> None:
    values = {"04001": "10,00", "04002": "20,00", "06001": "", "06088": "30,00", "13055": "19,00"}
    rows: list[list[object]] = [["codgeo", "libgeo", "an", "part_non_inseres"]]
    rows += [[code, "Été", year, value] for code, value in values.items() for year in (2008, 2013, 2018)]
    write_csv(folder / name, rows, ";", "cp1252", "\r\n")


def write_tiny_files(folder: Path) -> None:
    folder.mkdir()
    write_neet(folder)
    rows: list[list[object]] = [["codgeo", "libgeo", "an", "part_non_inseres"]]
    rows += [[code, "Région", year, "17,9"] for code in ("01", "93") for year in (2008, 2013, 2018)]
    write_csv(folder / "neet_region_2007_2018.csv", rows)

    workbook = openpyxl.Workbook()
    workbook.active.append(["Documentation"])
    sheet = workbook.create_sheet("ENSEMBLE")
    for line in (["Revenus en 2014"], [], ["CODGEO", "LIBGEO", "NBMEN14", "Q214"]):
        sheet.append(line)
    for code, households, income in (("04001", 50, 20000), ("04003", 50, 24000), ("06088", 300, 18000.5)):
        sheet.append([code, "x", households, income])
    for code in ("13055", *ARRONDISSEMENTS):
        sheet.append([code, "x", *((800, 99000) if code == "13055" else (50, 15000))])
    workbook.save(folder / "FILO2014_DISP_COM_paca.xlsx")

    rows = [["CODGEO", "LIBGEO", "NBMEN19", "Q219"]]
    rows += [["04001", "x", 50, "20000"], ["04002", "x", 150, "24000"], ["06088", "x", "1\u202f300", "s"]]
    rows += [[code, "x", 50, "15000"] for code in ARRONDISSEMENTS]
    write_csv(folder / "FILO2019_DISP_COM_paca.csv", rows, ";", "utf-8-sig", "\r\n")
    rows = [["CODGEO", "LIBGEO", "NBMEN19", "Q219"], ["93", "Région", 2000, 21590]]
    write_csv(folder / "FILO2019_DISP_REG_paca.csv", rows)

    rows = [["CODGEO", "NOTE", "A", "AM"], ["040020101", 0, 200, 50], ["040020102", 3, "", ""]]
    rows += [["060880101", 0, 300, 60], ["132010101", 0, 400, 100], ["132160101", 5, "", ""]]
    write_csv(folder / "data_CAF_2020_IRIS_paca.csv", rows)

    rows = [["Rentrée scolaire", "UAI", "Code INSEE de la commune", "Nom", "Effectifs", "IPS"]]
    rows += [["2022-2023", uai("0040001"), "04001", "A", "100.0", "90.0"]]
    rows += [["2022-2023", uai("0040002"), "04002", "B", "300.0", "110.0"]]
    rows += [["2022-2023", uai("0060001"), "06088", "C", "500.0", "NS"]]
    rows += [["2022-2023", uai("0130001"), "13201", "D", "400.0", "80.0"]]
    write_csv(folder / "fr-en-ips-colleges-ap2022_paca.csv", rows, "\t")
    rows = [["uai", "rentree_scolaire", "code_insee_de_la_commune"]]
    rows[0] += ["effectifs_voie_gt", "effectifs_voie_pro", "effectifs_ensemble_gt_pro"]
    rows += [[uai("0040010"), "2022-2023", "04001", "300.0", "", "300.0"]]
    rows += [[uai("0040011"), "2022-2023", "04001", "", "100.0", "100.0"]]
    rows += [[uai("0060010"), "2022-2023", "06088", "500.0", "500.0", "1000.0"]]
    rows += [[uai("0130010"), "2022-2023", "13201", "10.0", "30.0", "40.0"]]
    rows += [[uai("0060011"), "2022-2023", "06001", "100.0", "s", "200.0"]]
    write_csv(folder / "fr-en-ips-lycees-ap2022_paca.csv", rows)

    rows = [["Session", "UAI", "Commune", "Nb candidats G", "Taux de réussite G", "Taux d'accès 6eme 3eme"]]
    for session in (2022, 2023):
        rows += [[session, uai("0040001"), "Digne", 30, "90.0", "95.0"]]
        rows += [[session, uai("0060001"), "Nice", 100, "80.0", "85.0"]]
        rows += [[session, uai("0130001"), "MARSEILLE 01", 100, "70.0", "75.0"]]
        # Absent from the IPS list: placed by the words of its commune, its pupils estimated.
        rows += [[session, uai("0130002"), "Marseille 01", 100, "90.0", "95.0"]]
    write_csv(folder / "ivac_colleges_2022_2023_paca.csv", rows, ";")


def uai(digits: str) -> str:
    return digits + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(digits) % 23]


def write_tiny_territory(data_dir: Path) -> None:
    folder = data_dir / "territory"
    folder.mkdir(parents=True)
    for name in ("indicators.yml", "sources.yml"):
        shutil.copy(PROJECT_ROOT / "data" / name, data_dir)
    shutil.copy(PROJECT_ROOT / "data" / "territory" / "basins.csv", folder)
    rows: list[list[object]] = [["commune_code", "basin_code", "academie", "population"]]
    academie = {"AM": "Aix-Marseille", "NI": "Nice"}
    rows += [[code, basin, academie[basin[:2]], POPULATION[code]] for code, basin in BASIN_OF.items()]
    write_csv(folder / "communes.csv", rows)
    write_csv(folder / "retired_communes.csv", [["retired_code", "commune_code"], ["04003", "04001"]])
    rows = [["service_code", "label", "kind", "detail", "commune_code", "basin_code"]]
    rows[0] += ["longitude", "latitude", "precision"]
    for kind in ("lycee", "cio", "mission_locale"):
        rows.append([kind, "x", kind, "", "04001", "AM01", 5.5, 43.5, "commune"])
    write_csv(folder / "services.csv", rows)
    cells = [box(5 + n, 43, 6 + n, 44) for n in range(len(BASIN_OF))]
    layer = gpd.GeoDataFrame({"commune_code": list(BASIN_OF)}, geometry=cells, crs="EPSG:4326")
    layer.to_file(folder / "territory.gpkg", layer="communes", driver="GPKG")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with ``from/`` (producers' files) and ``data/`` (territory and catalogue)."""
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_territory(folder / "data")
    write_tiny_files(folder / "from")
    return folder


@pytest.fixture(scope="module")
def tiny_tables(tiny: Path) -> ContextTables:
    return compute_context(tiny / "from", load_territory(tiny / "data"), {})


def figure(tables: ContextTables, area: str, indicator: str, year: int) -> pd.Series:
    frame, column = (
        (tables.context, "basin_code") if area[:2] in {"AM", "NI"} else (tables.reference, "area_code")
    )
    rows = frame[(frame[column] == area) & (frame["indicator_code"] == indicator) & (frame["year"] == year)]
    assert len(rows) == 1
    return rows.iloc[0]


def status(row: pd.Series) -> FigureStatus:
    return figure_status(row["value"], row["coverage"], row["note"])


@pytest.mark.parametrize(
    ("area", "indicator", "year", "value", "coverage"),
    [
        ("AM01", "neet_rate", 2018, (100 * 0.10 + 300 * 0.20) / 400, 1.0),
        ("NI01", "neet_rate", 2018, 0.30, 600 / 800),
        ("ACA02", "neet_rate", 2018, (10 + 60 + 1600 * 0.19) / 2000, 1.0),
        ("AM01", "median_income", 2014, 22000, 100 / 400),
        ("AM01", "median_income", 2019, (50 * 20000 + 150 * 24000) / 200, 1.0),
        ("AM10", "median_income", 2014, 15000, 1.0),
        ("AM01", "single_parent_share", 2020, 0.25, 150 / 400),
        ("NI01", "single_parent_share", 2020, 0.20, 600 / 800),
        ("AM10", "single_parent_share", 2020, 0.25, 1 / 8),
        ("AM01", "ips_college", 2022, (100 * 90 + 300 * 110) / 400, 1.0),
        ("AM01", "dnb_success_rate", 2022, 0.9, 100 / 400),
        ("AM10", "dnb_success_rate", 2023, 0.8, 1.0),
        ("AM10", "college_access_rate", 2023, 0.85, 1.0),
        ("AM01", "vocational_share", 2022, 100 / 400, 1.0),
        ("ACA02", "vocational_share", 2022, 130 / 440, 1.0),
        ("NI01", "vocational_share", 2022, 500 / 1000, 1000 / 1200),
        ("REG93", "vocational_share", 2022, 630 / 1440, 1440 / 1640),
        ("ACA02", "median_income", 2014, (22000 * 100 + 15000 * 800) / 900, 1700 / 2000),
    ],
)
def test_a_figure_is_the_weighted_mean_that_the_method_says(
    tiny_tables: ContextTables, area: str, indicator: str, year: int, value: float, coverage: float
) -> None:
    row = figure(tiny_tables, area, indicator, year)
    assert row["value"] == pytest.approx(value, abs=1e-12)
    assert row["coverage"] == pytest.approx(coverage, abs=1e-12)


def test_every_basin_has_a_row_for_every_indicator_and_year_even_without_a_value(
    tiny_tables: ContextTables,
) -> None:
    keys = tiny_tables.context[["indicator_code", "year"]].drop_duplicates()
    assert len(tiny_tables.context) == 4 * len(keys) == 4 * 13
    assert tiny_tables.context["value"].isna().any()


def test_marseille_as_a_whole_is_shared_by_its_basins_and_marked_as_unresolved(
    tiny_tables: ContextTables,
) -> None:
    for basin in ("AM10", "AM12"):
        row = figure(tiny_tables, basin, "neet_rate", 2018)
        assert row["value"] == pytest.approx(0.19)
        assert status(row) is FigureStatus.UNRESOLVED
    # The académie holds the whole of Marseille: nothing is unresolved there.
    assert status(figure(tiny_tables, "ACA02", "neet_rate", 2018)) is FigureStatus.VALUE


def test_what_the_producer_hides_is_suppressed_and_what_is_absent_is_missing(
    tiny_tables: ContextTables,
) -> None:
    assert status(figure(tiny_tables, "NI01", "ips_college", 2022)) is FigureStatus.SUPPRESSED
    assert status(figure(tiny_tables, "NI01", "median_income", 2019)) is FigureStatus.SUPPRESSED
    assert status(figure(tiny_tables, "AM12", "single_parent_share", 2020)) is FigureStatus.SUPPRESSED
    assert status(figure(tiny_tables, "AM12", "ips_college", 2022)) is FigureStatus.MISSING
    partly = figure(tiny_tables, "AM01", "single_parent_share", 2020)
    assert "under_producer_threshold" in partly["note"]


def test_a_college_that_the_ips_list_leaves_out_lowers_the_coverage_of_the_ips(
    tiny_tables: ContextTables,
) -> None:
    # 400 pupils are listed; 100 candidates stand for 100 x (1000 pupils / 230 candidates) more.
    expected = 400 / (400 + round(100 * 1000 / 230))
    assert figure(tiny_tables, "AM10", "ips_college", 2022)["coverage"] == pytest.approx(expected)


def test_the_region_takes_the_official_figure_and_says_so(tiny_tables: ContextTables) -> None:
    income = figure(tiny_tables, "REG93", "median_income", 2019)
    assert (income["value"], income["note"], income["source_code"]) == (
        21590,
        "official_area_value",
        "filosofi_region_2019",
    )
    assert figure(tiny_tables, "REG93", "median_income", 2014)["note"] == "mean_of_medians"
    assert len(tiny_tables.official) == 4


def test_counts_are_given_where_they_are_known_and_agree_with_the_values(tiny_tables: ContextTables) -> None:
    counts = {tuple(row[:3]): tuple(row[3:]) for row in tiny_tables.counts.itertuples(index=False)}
    assert counts["AM10", "dnb_success_rate", 2022] == (160, 200)
    assert counts["REG93", "vocational_share", 2022] == (630, 1440)
    assert {indicator for _, indicator, _ in counts} == {
        "dnb_success_rate",
        "single_parent_share",
        "vocational_share",
    }


def test_the_distance_is_the_mean_of_the_three_kinds_weighted_by_population(
    tiny_tables: ContextTables,
) -> None:
    one_degree = math.radians(1) * math.cos(math.radians(43.5)) * 6371.0088
    row = figure(tiny_tables, "AM01", "service_distance_km", 2016)
    assert row["value"] == pytest.approx(one_degree * 300 / 400, rel=1e-4)


def test_the_commune_layer_holds_what_was_published_and_nothing_else(tiny_tables: ContextTables) -> None:
    layer = tiny_tables.communes
    incomes = layer[(layer["indicator_code"] == "median_income") & (layer["year"] == 2014)]
    # 04001 took in 04003 since: neither part is the figure of the whole.
    assert "04001" not in set(incomes["commune_code"])
    assert "13055" not in set(incomes["commune_code"])
    rates = layer[(layer["indicator_code"] == "neet_rate") & (layer["year"] == 2018)]
    assert dict(zip(rates["commune_code"], rates["value"], strict=True)) == {
        "04001": 0.1,
        "04002": 0.2,
        "06088": 0.3,
        "13055": 0.19,
    }


# Bad input changes nothing.


def spoil_text(name: str, before: str, after: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / name
        raw = path.read_bytes()
        assert before.encode("cp1252") in raw
        path.write_bytes(raw.replace(before.encode("cp1252"), after.encode("cp1252"), 1))

    return spoil


NEET, IVAC = "neet_communes_2008_2013_2018_paca.csv", "ivac_colleges_2022_2023_paca.csv"
LYCEES, CAF = "fr-en-ips-lycees-ap2022_paca.csv", "data_CAF_2020_IRIS_paca.csv"


@pytest.mark.parametrize(
    ("spoil", "file", "row", "code"),
    [
        (spoil_text(NEET, "04001;", "4001;"), NEET, 2, "insee_leading_zero"),
        (spoil_text(NEET, "10,00", "110,00"), NEET, 2, "out_of_range"),
        (spoil_text(NEET, "10,00", "=A1"), NEET, 2, "formula"),
        (spoil_text(NEET, "06001;Été;2008;\r\n", "Total;;2008;18\r\n"), NEET, 8, "totals_row"),
        (spoil_text(CAF, "040020101", "40020101"), CAF, 2, "insee_leading_zero"),
        (spoil_text(CAF, "040020101", "049990101"), CAF, 2, "unknown_commune"),
        (spoil_text(LYCEES, "500.0,500.0,1000.0", "500.0,500.0,900.0"), LYCEES, 4, "total_mismatch"),
        (spoil_text(CAF, "040020101,0,200,50", "040020101,0,200,201"), CAF, 2, "part_too_large"),
        (spoil_text(CAF, "040020101,0,200,50", "040020101,0,0,50"), CAF, 2, "part_too_large"),
        (spoil_text(LYCEES, "100.0,s,200.0", "s,201,200.0"), LYCEES, 6, "part_too_large"),
        (spoil_text(LYCEES, "100.0,s,200.0", "201,s,200.0"), LYCEES, 6, "part_too_large"),
        (spoil_text(IVAC, "Marseille 01", "Marseille inconnue"), IVAC, 5, "unlocated_school"),
        (spoil_text(IVAC, uai("0040001"), "0040001Z"), IVAC, 2, "bad_uai"),
        (lambda folder: (folder / NEET).unlink(), NEET, None, "file_missing"),
        (lambda folder: (folder / NEET).write_bytes(b""), NEET, None, "file_empty"),
        (lambda folder: shutil.copy(folder / CAF, folder / NEET), NEET, None, "wrong_file"),
    ],
)
def test_a_bad_file_is_reported_and_nothing_is_written(
    tiny: Path, tmp_path: Path, spoil: Callable[[Path], None], file: str, row: int | None, code: str
) -> None:
    from_dir, data_dir, var_dir = tmp_path / "from", tmp_path / "data", tmp_path / "var"
    shutil.copytree(tiny / "from", from_dir)
    shutil.copytree(tiny / "data", data_dir)
    (data_dir / "context.csv").write_text("before")
    spoil(from_dir)
    with pytest.raises(FileContractError) as raised:
        context.run(from_dir, data_dir, var_dir)
    problem = raised.value.problems[0]
    assert (problem.file, problem.row, problem.code) == (file, row, code)
    assert (data_dir / "context.csv").read_text() == "before"
    assert not (data_dir / "context_counts.csv").exists()
    assert not var_dir.exists()


def test_a_part_greater_than_its_whole_is_told_with_both_and_a_remedy(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny / "from", tmp_path / "from")
    spoil_text(CAF, "040020101,0,200,50", "040020101,0,200,99999")(tmp_path / "from")
    with pytest.raises(FileContractError) as raised:
        compute_context(tmp_path / "from", load_territory(tiny / "data"), {})
    (problem,) = raised.value.problems
    assert describe_problem(problem).replace("\u202f", " ") == (
        f"« {CAF} », ligne 2, colonne AM : « 99999 » dépasse son total, 200 (colonne A) ; "
        "corrigez l’un ou l’autre."
    )


def test_no_table_that_a_build_would_refuse_is_written(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir, var_dir = tmp_path / "data", tmp_path / "var"
    shutil.copytree(tiny / "data", data_dir)
    computed = context.compute_context

    def with_an_impossible_share(*given: object) -> ContextTables:
        tables = computed(*given)  # type: ignore[arg-type]
        tables.context.loc[tables.context["indicator_code"] == "single_parent_share", "value"] = 2.68
        return tables

    monkeypatch.setattr(context, "compute_context", with_an_impossible_share)
    with pytest.raises(FileContractError) as raised:
        context.run(tiny / "from", data_dir, var_dir)
    assert raised.value.code == "computed_contract"
    assert {p.code for p in raised.value.problems} == {"share_outside_bounds"}
    assert not (data_dir / "context.csv").exists()
    assert not var_dir.exists()


def test_an_accepted_warning_is_repaired_counted_and_written(tiny: Path, tmp_path: Path) -> None:
    from_dir, data_dir = tmp_path / "from", tmp_path / "data"
    shutil.copytree(tiny / "from", from_dir)
    shutil.copytree(tiny / "data", data_dir)
    spoil_text(NEET, "04001;", "4001;")(from_dir)
    tables = context.run(from_dir, data_dir, tmp_path / "var", accept=["insee_leading_zero"])
    assert [(r.file, r.code, r.count) for r in tables.repairs] == [(NEET, "insee_leading_zero", 1)]
    assert figure(tables, "AM01", "neet_rate", 2008)["value"] == pytest.approx(0.175)
    assert (data_dir / "context.csv").exists()


def test_the_command_line_step_writes_four_files_with_lf_and_returns_zero(tiny: Path, tmp_path: Path) -> None:
    data_dir, var_dir = tmp_path / "data", tmp_path / "var"
    shutil.copytree(tiny / "data", data_dir)
    parser = argparse.ArgumentParser()
    context.add_arguments(parser)
    args = parser.parse_args(["--from", str(tiny / "from"), "--accept", "totals_row"])
    settings = Settings(data_dir, var_dir, tmp_path / "static", "sqlite:///:memory:", demo=False)
    assert context.run_step(args, settings) == ()
    written = [data_dir / f"context{part}.csv" for part in ("", "_counts", "_reference")]
    for path in (*written, var_dir / "communes.csv"):
        content = path.read_bytes()
        assert content.endswith(b"\n")
        assert b"\r" not in content
    assert not list(tmp_path.rglob("*.new"))


def test_a_name_that_cannot_be_accepted_is_refused_by_the_command_line() -> None:
    parser = argparse.ArgumentParser()
    context.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--from", "x", "--accept", "out_of_range"])


def test_a_missing_territory_file_is_named(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny / "data", tmp_path / "data")
    (tmp_path / "data" / "territory" / "territory.gpkg").unlink()
    with pytest.raises(DataFileError) as raised:
        load_territory(tmp_path / "data")
    assert raised.value.params == {"path": "territory.gpkg"}


# Properties.


@pytest.mark.parametrize("seed", range(3))
def test_permuting_the_rows_of_the_files_changes_no_byte(tiny: Path, tmp_path: Path, seed: int) -> None:
    shuffled = tmp_path / "from"
    shutil.copytree(tiny / "from", shuffled)
    for path in shuffled.glob("*.csv"):
        header, *lines = path.read_bytes().splitlines(keepends=True)
        random.Random(seed).shuffle(lines)
        path.write_bytes(header + b"".join(lines))
    for source, name in ((tiny / "from", "a"), (shuffled, "b")):
        shutil.copytree(tiny / "data", tmp_path / name)
        context.run(source, tmp_path / name, tmp_path / name)
    for file in ("context.csv", "context_reference.csv", "context_counts.csv", "communes.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


values_and_weights = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)), min_size=1, max_size=30)


@given(values_and_weights, st.randoms(use_true_random=False))
def test_a_weighted_mean_lies_among_its_values_and_ignores_their_order(
    pairs: list[tuple[float, float]], shuffler: random.Random
) -> None:
    mean = weighted_mean([v for v, _ in pairs], [w for _, w in pairs])
    assert min(v for v, _ in pairs) <= mean <= max(v for v, _ in pairs)
    shuffler.shuffle(pairs)
    assert weighted_mean([v for v, _ in pairs], [w for _, w in pairs]) == mean


@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(-180, 180), st.floats(-89, 89))
def test_distances_are_symmetric_and_never_exceed_half_the_earth(
    lon1: float, lat1: float, lon2: float, lat2: float
) -> None:
    one, other = np.array([[lon1, lat1]]), np.array([[lon2, lat2]])
    there, back = distances_km(one, other)[0, 0], distances_km(other, one)[0, 0]
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= math.pi * 6371.0088 + 1e-6


# The real files: known answers by another road.


@pytest.fixture(scope="module")
def real_tables(open_data_dir: Path) -> ContextTables:
    return compute_context(open_data_dir, load_territory(PROJECT_ROOT / "data"), {})


@pytest.fixture
def real_file(open_data_dir: Path) -> Callable[[str], pd.DataFrame]:
    """A producer's file by the code of its source, read without the code under test."""
    names = {file.code: file.file_name for file in CONTEXT_FILES}
    return lambda code: pd.read_csv(open_data_dir / names[code], dtype=str)


def communes_of(basin: str) -> pd.Series:
    """Population by commune of a basin, read without the code under test."""
    communes = pd.read_csv(PROJECT_ROOT / "data" / "territory" / "communes.csv", dtype=str)
    return communes[communes["basin_code"] == basin].set_index("commune_code")["population"].astype(int)


@pytest.mark.parametrize(("basin", "rate"), [("AM13", 0.214), ("AM03", 0.105), ("NI08", 0.210)])
def test_the_rate_of_a_real_basin_is_found_by_an_independent_formula(
    real_tables: ContextTables, real_file: Callable[[str], pd.DataFrame], basin: str, rate: float
) -> None:
    population, published = communes_of(basin), real_file("insee_neet_communes")
    of_year = published[published["an"] == "2018"].set_index("codgeo")["part_non_inseres"].dropna()
    shares = of_year.str.replace(",", ".").astype(float) / 100
    weights = population[population.index.isin(shares.index)]
    expected = (shares[weights.index] * weights).sum() / weights.sum()
    found = figure(real_tables, basin, "neet_rate", 2018)["value"]
    assert found == pytest.approx(expected, abs=1e-9)
    assert found == pytest.approx(rate, abs=5e-4)


@pytest.mark.parametrize(("basin", "income"), [("AM05", 25144), ("AM12", 14831)])
def test_the_income_of_a_real_basin_is_found_by_an_independent_formula(
    real_tables: ContextTables, real_file: Callable[[str], pd.DataFrame], basin: str, income: float
) -> None:
    published = real_file("filosofi_communes_2019").set_index("CODGEO")
    inside = published[published.index.isin(communes_of(basin).index)]
    households, medians = inside["NBMEN19"].astype(float), inside["Q219"].astype(float)
    found = figure(real_tables, basin, "median_income", 2019)["value"]
    assert found == pytest.approx((households * medians).sum() / households.sum())
    assert found == pytest.approx(income, abs=0.5)


def test_the_vocational_share_of_the_region_is_that_of_the_whole_list(
    real_tables: ContextTables, real_file: Callable[[str], pd.DataFrame]
) -> None:
    lycees = real_file("depp_ips_lycees_2022")
    vocational = lycees["effectifs_voie_pro"].dropna().astype(float).sum()
    total = lycees["effectifs_ensemble_gt_pro"].astype(float).sum()
    assert figure(real_tables, "REG93", "vocational_share", 2022)["value"] == pytest.approx(
        vocational / total
    )


def test_no_candidate_of_the_list_is_lost_on_the_way_to_the_basins(
    real_tables: ContextTables, real_file: Callable[[str], pd.DataFrame]
) -> None:
    ivac = real_file("depp_ivac_colleges")
    counts = real_tables.counts[real_tables.counts["indicator_code"] == "dnb_success_rate"]
    basins = counts[counts["basin_code"].str[:2].isin(["AM", "NI"])].groupby("year")["denominator"].sum()
    expected = ivac["Nb candidats G"].astype(int).groupby(ivac["Session"].astype(int)).sum()
    assert basins.to_dict() == expected.to_dict()


def test_the_region_computed_is_close_to_the_official_figure(real_tables: ContextTables) -> None:
    distance = (real_tables.official["computed"] - real_tables.official["official"]).abs()
    furthest = distance.groupby(real_tables.official["indicator_code"]).max()
    assert furthest["neet_rate"] < 0.001
    assert furthest["median_income"] < 150


def test_reconstituted_successes_agree_with_the_rates(real_tables: ContextTables) -> None:
    counts = real_tables.counts[real_tables.counts["indicator_code"] == "dnb_success_rate"]
    for record in counts.to_dict("records"):
        value = figure(real_tables, record["basin_code"], "dnb_success_rate", record["year"])["value"]
        assert record["numerator"] / record["denominator"] == pytest.approx(value, abs=1e-3)


def test_the_three_marseille_basins_are_unresolved_and_no_other(real_tables: ContextTables) -> None:
    rates = real_tables.context[real_tables.context["indicator_code"] == "neet_rate"]
    unresolved = {r["basin_code"] for _, r in rates.iterrows() if status(r) is FigureStatus.UNRESOLVED}
    assert unresolved == {"AM10", "AM11", "AM12"}


def test_the_committed_tables_are_what_the_step_writes_from_the_open_data(
    open_data_dir: Path, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT_ROOT / "data" / "territory", tmp_path / "data" / "territory")
    for name in ("indicators.yml", "sources.yml"):
        shutil.copy(PROJECT_ROOT / "data" / name, tmp_path / "data" / name)
    context.run(open_data_dir, tmp_path / "data", tmp_path / "var")
    for name in ("context.csv", "context_reference.csv", "context_counts.csv"):
        committed, written = PROJECT_ROOT / "data" / name, tmp_path / "data" / name
        assert written.read_bytes() == committed.read_bytes(), f"{name}: run the context step again"
