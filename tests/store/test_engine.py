"""Opening the store: created, upgraded with its rows, or refused in one code and without a driver's trace."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas  # noqa: F401  (before a test gives up the right to read where it is installed)
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import IntegrityError

import observatory.store
from observatory.config import Settings
from observatory.domain.inventory import Actor, Edit, FieldKey, RecordKind, replay
from observatory.errors import StoreError
from observatory.store.engine import (
    STORE_ERROR_CODES,
    open_store,
    read_revision,
    store_location,
    upgrade_schema,
    write_transaction,
)
from observatory.store.inventory_entries import read_entries, read_history
from observatory.store.inventory_saves import save_edits
from observatory.store.readers import current_version, read_versions
from observatory.store.stamp import REVISIONS, VERSION_TABLE
from observatory.store.tables import metadata

INSERT_VERSION = text(
    "INSERT INTO data_version (version_id, created_at, label, actor, content_hash) "
    "VALUES (1, :at, 'first', 'test', 'abc')"
)
INSERT_FIGURE = text(
    "INSERT INTO figure (area_code, indicator_code, year, value, status, note, source_code, version_from) "
    "VALUES ('AM01', 'neet_rate', 2018, 0.25, 'value', '', 'insee', 1)"
)


def sqlite_path(settings: Settings) -> Path:
    return settings.var_dir / "observatoire.sqlite"


def code_of_opening(settings: Settings, **options: int) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(settings, **options)
    assert caught.value.code in STORE_ERROR_CODES
    return caught.value.code


# --- creation and upgrade ---------------------------------------------------------------------------------


def test_an_empty_database_gets_the_whole_schema(settings):
    engine = open_store(settings)
    assert set(metadata.tables) | {VERSION_TABLE} == set(inspect(engine).get_table_names())
    assert read_revision(engine) == REVISIONS[-1]
    engine.dispose()


def test_the_migrations_and_the_tables_of_the_code_describe_one_schema(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _o, name, kind, *_: kind != "table" or name != VERSION_TABLE,
                "compare_type": True,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_the_revisions_of_the_code_are_those_of_the_files():
    config = Config()
    config.set_main_option("script_location", str(Path(observatory.store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == REVISIONS


@pytest.fixture
def engine_at(settings) -> Iterator[Callable[[str], Engine]]:
    """Gives the database as an older release left it."""
    opened = []

    def take_back_to(revision: str) -> Engine:
        engine = open_store(settings)
        opened.append(engine)
        metadata.drop_all(engine)
        with engine.begin() as connection:
            connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        upgrade_schema(engine, revision)
        return engine

    yield take_back_to
    for engine in opened:
        engine.dispose()


def test_a_database_of_the_first_schema_is_upgraded_and_keeps_its_rows(settings, engine_at):
    old = engine_at("0001")
    with write_transaction(old) as connection:
        connection.execute(INSERT_VERSION, {"at": datetime(2026, 1, 5, tzinfo=UTC)})
        connection.execute(INSERT_FIGURE)
    assert "cooperation_entry" not in inspect(old).get_table_names()

    upgraded = open_store(settings)
    assert read_revision(upgraded) == REVISIONS[-1]
    assert "cooperation_entry" in inspect(upgraded).get_table_names()
    with upgraded.connect() as connection:
        assert connection.execute(text("SELECT area_code, value, version_from FROM figure")).all() == [
            ("AM01", 0.25, 1)
        ]
    upgraded.dispose()


def insert_declared_records(engine: Engine) -> None:
    """Two ratings and a modality that basins entered at revision 0002, and invented ones beside them."""
    columns = ("basin", "giver", "other", "level", "on", "by", "evidence", "demo")
    rating = text(
        "INSERT INTO cooperation_rating VALUES (:basin, :giver, :other, :level, :on, :by, :evidence, :demo)"
    )
    modality = text(
        "INSERT INTO cooperation_modality VALUES "
        "(:basin, :modality, :status, :description, :pilot, '', '', :since, :updated, :demo)"
    )
    day = "2026-05-04"
    with write_transaction(engine) as connection:
        connection.execute(
            rating,
            [
                dict(zip(columns, r, strict=True))
                for r in (
                    ("AM01", "cio", "pjj", 4, day, "CIO d’Aix", "Réunion d’« équipe »; --", False),
                    ("AM01", "pjj", "cio", None, None, "", "", False),
                    ("AM01", "cio", "pjj", 2, day, "inventé", "inventé", True),
                    ("AM02", "cio", "cfa", 0, day, "inventé", "", True),
                )
            ],
        )
        names = ("basin", "modality", "status", "description", "pilot", "since", "updated", "demo")
        connection.execute(
            modality,
            [
                dict(zip(names, r, strict=True))
                for r in (
                    ("NI01", "handover", "done", "Une fiche", "CIO", "2024-09-01", day, False),
                    ("NI01", "evaluation", "not_reported", "", "", None, day, False),
                    ("NI01", "shared_tools", "done", "inventé", "inventé", None, day, True),
                )
            ],
        )


def test_what_basins_declared_at_the_second_schema_becomes_entries_with_a_history(settings, engine_at):
    insert_declared_records(engine_at("0002"))
    upgraded = open_store(settings)
    entries = read_entries(upgraded, include_demonstration=True)
    state = {(e.key.area_code, e.key.kind, e.key.record_key, e.key.field): e.value for e in entries}
    assert state == {
        ("AM01", "rating", "cio>pjj", "level"): "4",
        ("AM01", "rating", "cio>pjj", "evidence"): "Réunion d’« équipe »; --",
        ("AM01", "rating", "cio>pjj", "rated_by"): "CIO d’Aix",
        ("AM01", "rating", "cio>pjj", "rated_on"): "2026-05-04",
        ("NI01", "modality", "handover", "status"): "done",
        ("NI01", "modality", "handover", "description"): "Une fiche",
        ("NI01", "modality", "handover", "pilot"): "CIO",
        ("NI01", "modality", "handover", "since_on"): "2024-09-01",
    }
    assert not any(entry.is_demonstration for entry in entries), "invented records come from the next build"
    history = read_history(upgraded, include_demonstration=True)
    assert replay(history) == {entry.key: entry.value for entry in entries}
    assert {(c.cause, c.before) for c in history} == {("migration", "")}
    assert datetime.now(UTC) - history[0].changed_at < timedelta(minutes=5)
    upgraded.dispose()


def test_what_was_moved_can_be_changed_as_any_other_entry(settings, engine_at):
    insert_declared_records(engine_at("0002"))
    upgraded = open_store(settings)
    key = FieldKey("AM01", RecordKind.RATING, "cio>pjj", "level")
    (moved,) = [e for e in read_entries(upgraded, include_demonstration=False) if e.key == key]
    actor = Actor("A. Exemple", "CIO", None)
    assert save_edits(upgraded, actor, [Edit(key, "3", moved.change_id)]).conflicts == ()
    assert [c.after for c in read_history(upgraded, field="level", include_demonstration=False)] == [
        "3",
        "4",
    ]
    upgraded.dispose()


def test_a_database_at_the_second_schema_without_records_is_upgraded_too(settings, engine_at):
    engine_at("0002")
    upgraded = open_store(settings)
    assert read_entries(upgraded, include_demonstration=True) == ()
    assert set(metadata.tables) | {VERSION_TABLE} == set(inspect(upgraded).get_table_names())
    upgraded.dispose()


@pytest.mark.parametrize(
    ("revision", "last_statement", "kept_table"),
    [
        ("0001", "CREATE TABLE cooperation_modality", "figure"),
        ("0002", "DROP TABLE cooperation_modality", "cooperation_rating"),
    ],
)
def test_an_upgrade_cut_short_leaves_the_old_schema_and_its_rows(
    settings, engine_at, revision, last_statement, kept_table
):
    old = engine_at(revision)
    tables = set(inspect(old).get_table_names())
    if revision == "0002":
        insert_declared_records(old)

    def fail_there(_connection, _cursor, statement, *_):
        if last_statement in statement:
            raise RuntimeError("the power went")

    event.listen(Engine, "before_cursor_execute", fail_there)
    try:
        with pytest.raises(RuntimeError):
            open_store(settings)
    finally:
        event.remove(Engine, "before_cursor_execute", fail_there)
    assert read_revision(old) == revision
    assert set(inspect(old).get_table_names()) == tables
    with old.connect() as connection:
        kept = connection.execute(text(f"SELECT count(*) FROM {kept_table}")).scalar()
    assert kept == (4 if revision == "0002" else 0)


def test_opening_again_changes_nothing(settings, engine):
    again = open_store(settings)
    assert current_version(again) is None
    assert read_versions(again).empty
    again.dispose()


def test_a_schema_newer_than_the_code_is_refused(settings, engine):
    with write_transaction(engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    assert code_of_opening(settings) == "schema_newer"


def test_tables_of_ours_without_a_revision_are_refused_rather_than_guessed_at(settings, engine):
    with write_transaction(engine) as connection:
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    assert code_of_opening(settings) == "schema_unknown"


def test_a_table_that_went_away_is_named_as_a_missing_schema(engine):
    with write_transaction(engine) as connection:
        connection.execute(text("DROP TABLE figure"))
    with pytest.raises(StoreError) as caught, engine.connect() as connection:
        connection.execute(text("SELECT * FROM figure"))
    assert caught.value.code == "schema_missing"


def test_a_second_writer_waits_then_is_told_that_the_database_is_locked(settings, engine):
    other = open_store(settings, busy_timeout_ms=50)
    second = write_transaction(other, busy_timeout_ms=50)
    with write_transaction(engine), pytest.raises(StoreError) as caught:
        second.__enter__()
    assert caught.value.code == "locked"
    other.dispose()


def test_readers_see_the_old_state_while_somebody_writes(engine):
    with write_transaction(engine) as connection:
        connection.execute(INSERT_VERSION, {"at": datetime(2026, 1, 5, tzinfo=UTC)})
        assert current_version(engine) is None
    assert current_version(engine) == 1


def test_a_figure_of_an_unknown_version_is_refused_by_the_database(engine):
    with pytest.raises(IntegrityError), write_transaction(engine) as connection:
        connection.execute(INSERT_FIGURE)


# --- SQLite -----------------------------------------------------------------------------------------------


def test_sqlite_has_its_log_its_foreign_keys_and_its_patience(sqlite_settings):
    engine = open_store(sqlite_settings)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 5000}


def test_the_var_folder_is_made_at_first_use_but_no_other(sqlite_settings, tmp_path):
    open_store(sqlite_settings).dispose()
    assert sqlite_path(sqlite_settings).is_file()
    elsewhere = replace(sqlite_settings, database_url=f"sqlite:///{tmp_path / 'nowhere' / 'a.sqlite'}")
    assert code_of_opening(elsewhere) == "directory_missing"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("inside", ["", "below"])
def test_a_file_in_the_place_of_a_folder_is_said_to_be_a_file(sqlite_settings, tmp_path, inside):
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    folder = taken / inside
    settings = replace(sqlite_settings, var_dir=folder, database_url=f"sqlite:///{folder / 'a.sqlite'}")
    with pytest.raises(StoreError) as caught:
        open_store(settings)
    assert (caught.value.code, caught.value.params["location"]) == ("directory_is_file", str(taken))


def test_a_folder_with_accents_spaces_and_question_marks_is_a_folder_like_others(sqlite_settings, tmp_path):
    folder = tmp_path / "données de l'été 100% #1"
    folder.mkdir()
    odd = replace(sqlite_settings, var_dir=folder, database_url=f"sqlite:///{folder / 'a.sqlite'}")
    open_store(odd).dispose()
    assert [path.name for path in folder.iterdir()] == ["a.sqlite"]


@pytest.mark.parametrize("address", ["sqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused_since_every_thread_would_have_its_own(sqlite_settings, address):
    assert code_of_opening(replace(sqlite_settings, database_url=address)) == "memory_database"


def test_a_folder_in_place_of_the_file_cannot_be_opened(sqlite_settings):
    sqlite_path(sqlite_settings).mkdir(parents=True)
    assert code_of_opening(sqlite_settings) == "cannot_open"


def test_a_file_that_is_no_database_is_damaged(sqlite_settings):
    sqlite_settings.var_dir.mkdir()
    sqlite_path(sqlite_settings).write_text("basin_code,value\nAM01,0.2\n" * 100, encoding="utf-8")
    assert code_of_opening(sqlite_settings) == "damaged"


@pytest.mark.parametrize("kept_share", [0.5, 0.9])
def test_a_truncated_file_is_damaged(sqlite_settings, kept_share):
    open_store(sqlite_settings).dispose()
    path = sqlite_path(sqlite_settings)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept_share)])
    assert code_of_opening(sqlite_settings) == "damaged"


def test_a_file_held_by_another_program_is_locked(sqlite_settings):
    open_store(sqlite_settings).dispose()
    holder = sqlite3.connect(sqlite_path(sqlite_settings), isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    assert code_of_opening(sqlite_settings, busy_timeout_ms=20) == "locked"
    holder.close()


def test_a_file_removed_while_open_is_an_error_not_a_new_empty_database(sqlite_settings):
    engine = open_store(sqlite_settings)
    engine.dispose()
    sqlite_path(sqlite_settings).unlink()
    with pytest.raises(StoreError) as caught:
        current_version(engine)
    assert caught.value.code == "cannot_open"
    assert not sqlite_path(sqlite_settings).exists()


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    """File permissions do not hold root back: become an ordinary user for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_settings(sqlite_settings) -> Iterator[Settings]:
    """A store in a folder that every user can reach, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        var_dir = Path(folder)
        yield replace(
            sqlite_settings, var_dir=var_dir, database_url=f"sqlite:///{var_dir / 'observatoire.sqlite'}"
        )
        var_dir.chmod(0o755)


@pytest.mark.parametrize("folder_mode", [0o555, 0o777], ids=["folder read-only too", "file only"])
def test_a_read_only_file_at_the_current_schema_opens_for_reading(public_settings, folder_mode):
    engine = open_store(public_settings)
    with write_transaction(engine) as connection:
        connection.execute(INSERT_VERSION, {"at": datetime(2026, 1, 5, tzinfo=UTC)})
    engine.dispose()
    sqlite_path(public_settings).chmod(0o444)
    public_settings.var_dir.chmod(folder_mode)
    with without_the_rights_of_root():
        reader = open_store(public_settings)
        assert current_version(reader) == 1
        assert read_versions(reader)["label"].tolist() == ["first"]
        with pytest.raises(StoreError) as caught, write_transaction(reader) as connection:
            connection.execute(text("DELETE FROM data_version"))
        reader.dispose()
    assert caught.value.code == "read_only"


def test_a_read_only_file_of_an_older_schema_cannot_be_upgraded(public_settings):
    open_store(public_settings).dispose()
    path = sqlite_path(public_settings)
    path.unlink()
    path.touch()
    path.chmod(0o444)
    with without_the_rights_of_root():
        assert code_of_opening(public_settings) == "read_only"


def test_a_folder_where_nothing_can_be_written_is_said_so(public_settings):
    public_settings.var_dir.chmod(0o555)
    with without_the_rights_of_root():
        assert code_of_opening(public_settings) == "cannot_open"


def test_opening_a_store_at_the_current_schema_imports_neither_alembic_nor_pandas(sqlite_settings):
    open_store(sqlite_settings).dispose()
    program = (
        "import sys\n"
        "from observatory.config import read_settings\n"
        "from observatory.store.engine import open_store\n"
        "from observatory.store.readers import current_version\n"
        f"engine = open_store(read_settings({{'OBSERVATOIRE_VAR_DIR': {str(sqlite_settings.var_dir)!r}}}))\n"
        "assert current_version(engine) is None\n"
        "print(sorted({'alembic', 'pandas', 'numpy', 'psycopg'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- PostgreSQL -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://observatoire:secret@127.0.0.1:1/observatoire",
        "postgresql+psycopg://observatoire:secret@nowhere.invalid/observatoire",
    ],
    ids=["nobody listens", "no such host"],
)
def test_a_postgresql_server_that_does_not_answer_is_unreachable_and_its_password_is_not_shown(
    sqlite_settings, address
):
    with pytest.raises(StoreError) as caught:
        open_store(replace(sqlite_settings, database_url=address))
    assert caught.value.code == "unreachable"
    assert "secret" not in str(caught.value.params)


@pytest.mark.postgres
def test_a_postgresql_database_that_does_not_exist_is_unreachable(sqlite_settings, postgres_server):
    address = postgres_server.set(database="nothing_here").render_as_string(hide_password=False)
    assert code_of_opening(replace(sqlite_settings, database_url=address)) == "unreachable"


@pytest.mark.postgres
def test_a_user_without_rights_is_refused_access(sqlite_settings, postgres_url):
    admin = create_engine(postgres_url)
    with admin.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
    admin.dispose()
    settings = replace(sqlite_settings, database_url=postgres_url.replace("postgres:", "guest:", 1))
    settings = replace(settings, database_url=settings.database_url.replace("//postgres@", "//guest@"))
    try:
        assert code_of_opening(settings) == "access_refused"
    finally:
        admin = create_engine(postgres_url)
        with admin.begin() as connection:
            connection.exec_driver_sql("DROP ROLE guest")
        admin.dispose()


@pytest.mark.postgres
def test_the_place_of_a_postgresql_store_is_told_without_its_password(sqlite_settings, postgres_url):
    engine = open_store(replace(sqlite_settings, database_url=postgres_url))
    engine.dispose()
    assert store_location(engine).startswith("postgresql+psycopg://")
    assert "?" not in store_location(engine)
