"""The build: every problem of the files listed, one transaction, nothing done twice, nothing half done."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from observatory.config import PROJECT_ROOT, Settings
from observatory.domain.inventory import Actor, Edit, FieldKey, RecordKind, replay
from observatory.errors import DataFileError, FileContractError, FileProblem, StoreError
from observatory.pipeline import risk_export
from observatory.pipeline.build import HASHED_CODE, build, hash_inputs
from observatory.pipeline.build_inputs import read_inputs
from observatory.store import readers
from observatory.store.engine import open_store
from observatory.store.inventory_entries import read_entries, read_history, state_mark
from observatory.store.inventory_saves import save_edits
from observatory.store.inventory_snapshots import read_snapshots
from observatory.store.readers import CommuneLayer
from observatory.store.stamp import read_build_stamp

FILES = (
    "indicators.yml",
    "sources.yml",
    "context.csv",
    "context_counts.csv",
    "context_reference.csv",
    "territory/basins.csv",
    "territory/communes.csv",
    "demonstration/inventory.csv",
    "demonstration/snapshots.csv",
)


def settings_in(folder: Path) -> Settings:
    """Settings on a copy of the project's own files."""
    for name in FILES:
        copy = folder / "data" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT_ROOT / "data" / name, copy)
    var_dir = folder / "var"
    return Settings(
        data_dir=folder / "data",
        var_dir=var_dir,
        static_dir=folder / "static",
        database_url=f"sqlite:///{var_dir / 'observatoire.sqlite'}",
        demo=True,
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A store built once; tests that write take a copy of it."""
    settings = settings_in(tmp_path_factory.mktemp("built"))
    build(settings)
    return settings


@pytest.fixture
def copy_of_built(built: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(built.data_dir.parent, tmp_path, dirs_exist_ok=True)
    var_dir = tmp_path / "var"
    return replace(
        built,
        data_dir=tmp_path / "data",
        var_dir=var_dir,
        database_url=f"sqlite:///{var_dir / 'observatoire.sqlite'}",
    )


Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def change(path: Path, edit: Callable[[Rows], object]) -> None:
    """Rewrite a CSV file after ``edit`` has changed its rows."""
    rows = rows_of(path)
    columns = list(rows[0])
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def problems_of(settings: Settings) -> tuple[FileProblem, ...]:
    with pytest.raises(FileContractError) as caught:
        read_inputs(settings)
    return caught.value.problems


def codes_of(settings: Settings) -> list[tuple[str, int | None, str | None, str | None, str]]:
    return [(p.file, p.row, p.column, p.value, p.code) for p in problems_of(settings)]


# --- what is built ----------------------------------------------------------------------------------------


def test_every_figure_of_the_files_is_in_the_store_with_its_status(built):
    engine = open_store(built)
    figures = readers.read_figures(engine).set_index(["area_code", "indicator_code", "year"])
    engine.dispose()
    for row in rows_of(built.data_dir / "context.csv"):
        stored = figures.loc[(row["basin_code"], row["indicator_code"], int(row["year"]))]
        assert (float(row["value"]) if row["value"] else None) == (
            stored["value"] if stored["value"] == stored["value"] else None
        )
        assert stored["source_code"] == row["source_code"]
    assert figures.loc[("AM11", "neet_rate", 2018), "status"] == "unresolved", "part of Marseille"
    assert figures.loc[("AM01", "neet_rate", 2018), "status"] == "value"
    assert {"ACA02", "ACA23", "REG93"} <= set(figures.index.get_level_values("area_code"))


def test_counts_become_intervals_and_figures_without_counts_have_none(built):
    engine = open_store(built)
    figures = readers.read_figures(engine)
    engine.dispose()
    bounded = figures[figures["value_lower"].notna()]
    assert len(bounded) > 0
    assert (bounded["value_lower"] <= bounded["value"]).all()
    assert (bounded["value"] <= bounded["value_upper"]).all()
    assert figures.loc[figures["numerator"].isna(), "value_lower"].isna().all()


def test_the_risk_of_the_28_basins_is_in_the_store(built):
    engine = open_store(built)
    assert len(readers.read_context_index(engine)) == 28
    assert len(readers.read_gap(engine)) == 28
    assert len(readers.read_typology(engine)) == 28
    assert {"r_squared", "observed_cut"} <= set(readers.read_risk_summary(engine)["name"])
    for read in (readers.read_contributions, readers.read_ranks, readers.read_trends):
        assert not read(engine).empty
    engine.dispose()


def test_demonstration_records_are_stored_as_such_with_their_history_and_their_snapshots(built):
    engine = open_store(built)
    entries = read_entries(engine, include_demonstration=True)
    history = read_history(engine, include_demonstration=True, limit=None)
    snapshots = read_snapshots(engine, include_demonstration=True)
    assert len(entries) > 3000
    assert replay(history) == {entry.key: entry.value for entry in entries if entry.value}
    assert len(history) == len(rows_of(built.data_dir / "demonstration" / "inventory.csv"))
    assert [s.name for s in snapshots] == [
        row["name"] for row in rows_of(built.data_dir / "demonstration" / "snapshots.csv")
    ]
    for record in (*entries, *history, *snapshots):
        assert record.is_demonstration
    assert read_entries(engine, include_demonstration=False) == ()
    assert read_history(engine, include_demonstration=False) == ()
    assert read_snapshots(engine, include_demonstration=False) == ()
    engine.dispose()


def test_without_demonstration_no_invented_record_stays_in_the_store(copy_of_built):
    without = replace(copy_of_built, demo=False)
    build(without)
    engine = open_store(without)
    assert read_entries(engine, include_demonstration=True) == ()
    assert read_history(engine, include_demonstration=True) == ()
    assert read_snapshots(engine, include_demonstration=True) == ()
    assert len(readers.read_context_index(engine)) == 28
    engine.dispose()


def test_a_build_keeps_what_people_entered(copy_of_built):
    key = FieldKey("AM01", RecordKind.MODALITY, "handover", "pilot")
    engine = open_store(copy_of_built)
    save_edits(engine, Actor("A. Exemple", "CIO", None), [Edit(key, "CIO")])
    for demo in (True, False, True):
        build(replace(copy_of_built, demo=demo), force=True)
        real = read_entries(engine, include_demonstration=False)
        assert [(e.key, e.value, e.actor_name) for e in real] == [(key, "CIO", "A. Exemple")]
        assert len(read_history(engine, include_demonstration=False)) == 1
    engine.dispose()


def test_an_invented_record_that_changed_is_shown_by_the_next_build(copy_of_built):
    def correct(rows: Rows) -> None:
        row = next(r for r in rows if r["field"] == "level")
        row["value"] = str((int(row["value"]) + 1) % 6)

    engine = open_store(copy_of_built)
    mark, before = state_mark(engine), read_entries(engine, include_demonstration=True)
    change(copy_of_built.data_dir / "demonstration" / "inventory.csv", correct)
    build(copy_of_built)
    after = read_entries(engine, include_demonstration=True)
    assert {e.key for e in before} == {e.key for e in after}
    assert state_mark(engine) != mark, "pages kept for the old mark would show the old value"
    engine.dispose()


def test_without_demonstration_its_files_are_not_even_read(settings):
    shutil.rmtree(settings.data_dir / "demonstration")
    inputs = read_inputs(replace(settings, demo=False))
    assert (inputs.demonstration, inputs.demonstration_snapshots) == ((), {})


def test_figures_by_commune_light_up_when_a_machine_has_them(copy_of_built):
    content = (
        "commune_code,indicator_code,year,value,source_code\n"
        "13055,neet_rate,2018,0.2,{source}\n04070,neet_rate,2018,0,{source}\n"
    )
    engine = open_store(copy_of_built)
    source = readers.read_figures(engine).query("indicator_code == 'neet_rate'")["source_code"].iloc[0]
    assert readers.available_commune_layers(engine) == ()
    (copy_of_built.var_dir / "communes.csv").write_text(content.format(source=source), encoding="utf-8")
    build(copy_of_built)
    assert readers.available_commune_layers(engine) == (CommuneLayer("neet_rate", 2018),)
    assert readers.read_commune_figures(engine, "neet_rate", 2018)["value"].tolist() == [0.0, 0.2]
    engine.dispose()


# --- not twice, not half ----------------------------------------------------------------------------------


def test_building_again_changes_nothing_and_computes_nothing(copy_of_built, monkeypatch):
    monkeypatch.setitem(sys.modules, "observatory.pipeline.build_inputs", None)  # importing it would fail
    before = (copy_of_built.var_dir / "observatoire.sqlite").read_bytes()
    assert build(copy_of_built) == 1
    assert (copy_of_built.var_dir / "observatoire.sqlite").read_bytes() == before


def test_an_unchanged_build_imports_neither_pandas_nor_the_database_layer(copy_of_built):
    program = (
        "import sys\n"
        "from observatory.pipeline.__main__ import main\n"
        "assert main(['build']) == 0\n"
        "print(sorted({'pandas', 'numpy', 'sqlalchemy', 'alembic'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environ_of(copy_of_built),
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_forced_the_build_finds_the_same_numbers_and_adds_no_version(copy_of_built):
    assert build(copy_of_built, force=True) == 1


def test_a_corrected_figure_makes_a_version_and_the_old_one_stays_readable(copy_of_built):
    def correct(rows: Rows) -> None:
        row = next(r for r in rows if r["indicator_code"] == "median_income")
        row["value"] = str(float(row["value"]) + 100)

    change(copy_of_built.data_dir / "context.csv", correct)
    assert build(copy_of_built) == 2
    engine = open_store(copy_of_built)
    old, new = (readers.read_figures(engine, version) for version in (1, 2))
    engine.dispose()
    assert (old["value"].fillna(-1) != new["value"].fillna(-1)).sum() == 1
    assert len(old) == len(new)


def test_a_file_written_otherwise_with_the_same_figures_adds_no_version(copy_of_built):
    path = copy_of_built.data_dir / "context.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    before = hash_inputs(copy_of_built)
    assert build(copy_of_built) == 1
    assert read_build_stamp(copy_of_built).content_hash == before, "the next build has nothing to do"


@pytest.mark.parametrize("name", FILES)
def test_the_hash_covers_every_file_that_the_build_reads(settings, name):
    before = hash_inputs(settings)
    path = settings.data_dir / name
    path.write_bytes(path.read_bytes() + b" ")
    assert hash_inputs(settings) != before


def test_the_hash_tells_an_empty_file_from_a_missing_one_and_ignores_unused_demonstration(settings):
    empty = settings.var_dir / "communes.csv"
    empty.parent.mkdir()
    without = hash_inputs(settings)
    empty.touch()
    assert hash_inputs(settings) != without
    real_only = replace(settings, demo=False)
    before = hash_inputs(real_only)
    (settings.data_dir / "demonstration" / "inventory.csv").write_text("other", encoding="utf-8")
    assert hash_inputs(real_only) == before


def test_the_hash_covers_every_module_that_a_published_number_passes_through():
    program = (
        "import sys, observatory.pipeline.risk, observatory.pipeline.build_inputs\n"
        "print(*(m.__file__ for n, m in sorted(sys.modules.items()) if n.startswith('observatory.')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    package = PROJECT_ROOT / "observatory"
    imported = {Path(name).relative_to(package).as_posix() for name in done.stdout.split()}
    hashed = {
        path.relative_to(package).as_posix() for pattern in HASHED_CODE for path in package.glob(pattern)
    }
    neutral = {name for name in imported if name.endswith("__init__.py")} | {"config.py", "errors.py"}
    assert imported - hashed - neutral == set()
    assert {"stats/gap.py", "pipeline/risk.py"} <= imported


def environ_of(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "OBSERVATOIRE_DATA_DIR": str(settings.data_dir),
        "OBSERVATOIRE_VAR_DIR": str(settings.var_dir),
        "PYTHONPATH": str(PROJECT_ROOT),
    }


def test_a_build_killed_in_the_middle_leaves_the_previous_data_and_the_next_one_succeeds(copy_of_built):
    change(
        copy_of_built.data_dir / "context.csv",
        lambda rows: [r.update(value=str(float(r["value"]) * 0.9)) for r in rows if r["value"]],
    )
    (copy_of_built.data_dir / "context_counts.csv").write_text(
        "basin_code,indicator_code,year,numerator,denominator\n", encoding="utf-8"
    )
    program = (
        "import os, signal\n"
        "from sqlalchemy import Engine, event\n"
        "from observatory.pipeline.__main__ import main\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def kill(connection, cursor, statement, *_):\n"
        "    if statement.startswith('INSERT INTO gap'):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "main(['build'])\n"
    )
    engine = open_store(copy_of_built)
    before = readers.read_figures(engine)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environ_of(copy_of_built),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    assert readers.current_version(engine) == 1
    assert readers.read_figures(engine).equals(before)
    assert build(copy_of_built) == 2
    assert not readers.read_figures(engine).equals(before)
    engine.dispose()


def test_refused_files_leave_the_previous_data(copy_of_built):
    change(copy_of_built.data_dir / "context.csv", lambda rows: rows[0].update(value="beaucoup"))
    with pytest.raises(FileContractError):
        build(copy_of_built)
    engine = open_store(copy_of_built)
    assert readers.current_version(engine) == 1
    engine.dispose()


def test_a_damaged_database_is_said_so_even_when_the_files_did_not_change(copy_of_built):
    path = copy_of_built.var_dir / "observatoire.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError) as caught:
        build(copy_of_built)
    assert caught.value.code == "damaged"


def test_the_stamp_is_silent_about_anything_but_a_healthy_store(settings, built):
    assert read_build_stamp(built).version_id == 1
    assert read_build_stamp(settings) is None, "no file"
    settings.var_dir.mkdir()
    (settings.var_dir / "observatoire.sqlite").write_bytes(b"not a database, but long enough to be read" * 99)
    assert read_build_stamp(settings) is None
    assert read_build_stamp(replace(settings, database_url="postgresql+psycopg://nowhere/x")) is None


def test_two_exports_of_the_risk_have_the_same_bytes(settings, tmp_path):
    for name in ("one", "two"):
        assert risk_export.run_step(Namespace(out=tmp_path / name), settings) == ()
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert first == second
    assert {"gap.csv", "typology.csv", "context_index.csv", "figure.csv"} <= set(first)
    assert b"\r" not in b"".join(first.values())


# --- bad input --------------------------------------------------------------------------------------------


def test_the_committed_files_are_sound(settings):
    inputs = read_inputs(settings)
    assert len(inputs.basins) == 28
    assert inputs.populations.gt(0).all()


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("value", "0,25", "decimal_comma"),
        ("value", "s", "not_a_number"),
        ("value", "nan", "not_a_number"),
        ("value", "1e999", "not_a_number"),
        ("value", "=1/4", "not_a_number"),
        ("value", "1.5", "share_outside_bounds"),
        ("value", "-0.1", "share_outside_bounds"),
        ("value", "25", "share_outside_bounds"),
        ("coverage", "80", "share_outside_bounds"),
        ("basin_code", "AM17", "unknown_basin"),
        ("basin_code", "REG93", "unknown_basin"),
        ("basin_code", "", "cell_blank"),
        ("indicator_code", "neet", "unknown_indicator"),
        ("year", "18", "year_not_in_catalogue"),
        ("year", "2018.0", "not_an_integer"),
        ("year", "", "cell_blank"),
        ("source_code", "internet", "unknown_source"),
        ("source_code", "", "cell_blank"),
        ("note", "tiret", "unknown_note"),
        ("note", "suppressed", "hidden_with_value"),
    ],
)
def test_a_wrong_cell_is_named_by_its_file_line_column_and_value(settings, column, value, code):
    path = settings.data_dir / "context.csv"
    rows = rows_of(path)
    index = next(
        i for i, r in enumerate(rows) if r["indicator_code"] == "neet_rate" and r["basin_code"] == "NI01"
    )
    change(path, lambda changed: changed[index].update({column: value}))
    if code == "hidden_with_value":  # what is wrong then is the value beside the note
        column, value = "value", rows[index]["value"]
    assert codes_of(settings) == [("context.csv", index + 2, column, value or None, code)]


def test_a_comma_comes_with_the_number_that_was_meant(settings):
    change(settings.data_dir / "context.csv", lambda rows: rows[0].update(value="0,25"))
    (problem,) = problems_of(settings)
    assert problem.params == {"suggestion": "0.25"}


def test_a_negative_income_is_refused(settings):
    def spoil(rows: Rows) -> None:
        next(r for r in rows if r["indicator_code"] == "median_income")["value"] = "-20000"

    change(settings.data_dir / "context.csv", spoil)
    assert [code for *_, code in codes_of(settings)] == ["negative"]


def test_a_repeated_key_is_told_with_its_first_line(settings):
    change(settings.data_dir / "context.csv", lambda rows: rows.append(dict(rows[3])))
    (problem,) = problems_of(settings)
    assert (problem.code, problem.params) == ("duplicate_key", {"first_row": "5"})


def test_all_the_problems_of_all_the_files_are_listed_at_once(settings):
    change(settings.data_dir / "context.csv", lambda rows: rows[0].update(value="x", year="y"))
    change(settings.data_dir / "context_reference.csv", lambda rows: rows[1].update(area_code="AM01"))
    change(settings.data_dir / "context_counts.csv", lambda rows: rows[2].update(denominator=""))
    change(settings.data_dir / "territory" / "communes.csv", lambda rows: rows[3].update(population="x"))
    demonstration = settings.data_dir / "demonstration"
    change(demonstration / "inventory.csv", lambda rows: rows[4].update(field="note"))
    change(demonstration / "snapshots.csv", lambda rows: rows[1].update(frozen_on="juin"))
    settings.var_dir.mkdir()
    (settings.var_dir / "communes.csv").write_text(
        "commune_code,indicator_code,year,value,source_code\n75056,neet_rate,2018,0.2,x\n", encoding="utf-8"
    )
    assert [(file, row, column, code) for file, row, column, _, code in codes_of(settings)] == [
        ("communes.csv", 5, "population", "not_an_integer"),
        ("context.csv", 2, "year", "not_an_integer"),
        ("context.csv", 2, "value", "not_a_number"),
        ("context_reference.csv", 3, "area_code", "unknown_area"),
        ("context_counts.csv", 4, "denominator", "cell_blank"),
        ("communes.csv", 2, "commune_code", "unknown_commune"),
        ("communes.csv", 2, "source_code", "unknown_source"),
        ("inventory.csv", 6, "field", "inventory_field"),
        ("snapshots.csv", 3, "frozen_on", "not_a_date"),
    ]


def test_a_file_saved_by_a_french_spreadsheet_is_one_problem_not_hundreds(settings):
    path = settings.data_dir / "context.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert [(row, code) for _, row, _, _, code in codes_of(settings)] == [(1, "semicolons")]


def test_a_missing_column_is_named(settings):
    path = settings.data_dir / "context.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("coverage", "couverture", 1), encoding="utf-8")
    assert codes_of(settings) == [("context.csv", 1, "coverage", None, "column_missing")]


def test_a_line_with_a_cell_too_many_is_told_and_the_others_are_still_read(settings):
    path = settings.data_dir / "context.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[6] = lines[6].replace("\n", ",\n")
    lines[8] = lines[8].replace(lines[8].split(",")[0], "ZZ99", 1)
    path.write_text("".join(lines), encoding="utf-8")
    assert [(row, code) for _, row, _, _, code in codes_of(settings)] == [
        (7, "row_length"),
        (9, "unknown_basin"),
    ]


def test_a_table_without_any_line_is_told(settings):
    path = settings.data_dir / "context.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert ("context.csv", None, None, None, "no_usable_row") in codes_of(settings)


def test_blank_is_missing_and_zero_is_a_value(settings):
    def edit(rows: Rows) -> None:
        first, second = [r for r in rows if r["indicator_code"] == "neet_rate"][:2]
        first["value"], second["value"] = "", "0"

    change(settings.data_dir / "context.csv", edit)
    figures = read_inputs(settings).figures
    neet = figures[(figures["indicator_code"] == "neet_rate") & (figures["area_code"] == "AM01")]
    assert neet["status"].tolist()[:2] == ["missing", "value"]
    assert neet["value"].iloc[1] == 0


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"numerator": "900", "denominator": "800"}, "numerator_too_large"),
        ({"numerator": "0"}, "counts_disagree"),
        ({"numerator": "-3"}, "negative"),
        ({"basin_code": "AM99"}, "unknown_area"),
    ],
)
def test_counts_must_agree_with_their_share(settings, cells, code):
    path = settings.data_dir / "context_counts.csv"
    rows = rows_of(path)
    index = next(i for i, r in enumerate(rows) if r["indicator_code"] == "vocational_share")
    change(path, lambda changed: changed[index].update(cells))
    assert [(row, found) for _, row, _, _, found in codes_of(settings)] == [(index + 2, code)]


def test_counts_of_a_figure_that_does_not_exist_are_told(settings):
    def remove(rows: Rows) -> None:
        rows[:] = [r for r in rows if (r["basin_code"], r["indicator_code"]) != ("AM01", "vocational_share")]

    change(settings.data_dir / "context.csv", remove)
    assert [code for *_, code in codes_of(settings)] == ["counts_without_figure"]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"record_key": "cfa>cfa"}, "field", "inventory_field"),
        ({"record_key": "cfa>police"}, "field", "inventory_field"),
        ({"field": "niveau"}, "field", "inventory_field"),
        ({"kind": "framework", "record_key": "handover", "field": "practice"}, "field", "inventory_field"),
        ({"area_code": "REG93"}, "field", "inventory_field"),
        ({"kind": "note"}, "kind", "unknown_code"),
        ({"value": "6"}, "value", "inventory_value"),
        (
            {"kind": "action", "record_key": "demo-99", "field": "due_on", "value": "23/11/2026"},
            "value",
            "inventory_value",
        ),
        ({"changed_on": "23/11/2026"}, "changed_on", "not_a_date"),
        ({"changed_on": ""}, "changed_on", "cell_blank"),
        ({"area_code": "AM00"}, "area_code", "unknown_area"),
    ],
)
def test_a_wrong_record_of_the_inventory_is_told(settings, cells, column, code):
    path = settings.data_dir / "demonstration" / "inventory.csv"
    index = next(i for i, r in enumerate(rows_of(path)) if r["field"] == "level")
    change(path, lambda rows: rows[index].update(cells))
    assert [(row, name, found) for _, row, name, _, found in codes_of(settings)] == [
        (index + 2, column, code)
    ]


def test_a_field_changed_twice_on_one_day_is_told(settings):
    path = settings.data_dir / "demonstration" / "inventory.csv"
    change(path, lambda rows: rows.append(dict(rows[3], value="")))
    (problem,) = problems_of(settings)
    assert (problem.code, problem.params) == ("duplicate_key", {"first_row": "5"})


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [None, b"\xff\xfe\x00\x01binary", b""], ids=["missing", "binary", "empty"]
)
def test_a_missing_or_damaged_file_is_one_error_that_names_it(settings, name, content):
    path = settings.data_dir / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises((DataFileError, FileContractError)) as caught:
        read_inputs(settings)
    if isinstance(caught.value, DataFileError):
        assert caught.value.params["path"] == path.name
        assert caught.value.code == ("file_missing" if content is None else "file_damaged")
    else:
        assert content == b"", "only an empty table is reported by its columns"
        assert {problem.code for problem in caught.value.problems} == {"column_missing"}
