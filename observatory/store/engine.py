"""Opening the database: create it, upgrade it in place, or say in one code why it cannot be used.

SQLite (one file, write-ahead log) by default, PostgreSQL through its address. Every failure of a driver
leaves this room as a :class:`StoreError` whose code is one of :data:`STORE_ERROR_CODES`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    QueuePool,
    Text,
    column,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy.engine import ExceptionContext

from observatory.config import Settings
from observatory.errors import StoreError
from observatory.store.stamp import REVISIONS, VERSION_TABLE
from observatory.store.tables import metadata

Store = Engine
"""An opened store, for the rooms that may not know sqlalchemy."""

BUSY_TIMEOUT_MS = 5000
"""How long a write waits for another one before it is refused as ``locked``."""

CONNECT_TIMEOUT_S = 5
_WRITER_LOCK = 0x0B5E_27A7  # any number of our own: PostgreSQL's advisory lock of whoever writes

# Prefixes of SQLite's own error names, and classes or codes of PostgreSQL's SQLSTATE.
_SQLITE_CODES = (
    ("SQLITE_BUSY", "locked"),
    ("SQLITE_LOCKED", "locked"),
    ("SQLITE_READONLY", "read_only"),
    ("SQLITE_PERM", "read_only"),
    ("SQLITE_AUTH", "access_refused"),
    ("SQLITE_NOTADB", "damaged"),
    ("SQLITE_CORRUPT", "damaged"),
    ("SQLITE_FORMAT", "damaged"),
    ("SQLITE_IOERR", "disk_failure"),
    ("SQLITE_FULL", "disk_full"),
    ("SQLITE_CANTOPEN", "cannot_open"),
)
_POSTGRES_CODES = (
    ("42P01", "schema_missing"),
    ("42501", "access_refused"),
    ("28", "access_refused"),
    ("3D", "unreachable"),
    ("08", "unreachable"),
    ("57", "unreachable"),
    ("55P03", "locked"),
    ("40P01", "locked"),
    ("25006", "read_only"),
    ("53100", "disk_full"),
    ("53", "unreachable"),
    ("58", "disk_failure"),
    ("XX001", "damaged"),
    ("XX002", "damaged"),
)

STORE_ERROR_CODES = frozenset(code for _, code in _SQLITE_CODES + _POSTGRES_CODES) | {
    "directory_is_file",
    "directory_missing",
    "memory_database",
    "schema_newer",
    "schema_unknown",
    "store_failure",
    "version_unknown",
}


def open_store(settings: Settings, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """The database of ``settings``, created or upgraded in place with its rows kept.

    A read-only SQLite file whose schema is the current one opens for reading. The folder ``var_dir`` is
    created when the database belongs there; any other missing folder is an error.
    Raises :class:`StoreError` with a code of :data:`STORE_ERROR_CODES`.
    """
    url = make_url(settings.database_url)
    if settings.is_sqlite:
        engine = _sqlite_engine(url, settings.var_dir, busy_timeout_ms)
    else:
        engine = _postgres_engine(url)
    try:
        revision = read_revision(engine)
        if revision != REVISIONS[-1]:
            if revision is not None and revision not in REVISIONS:
                raise StoreError("schema_newer", location=store_location(engine), revision=revision)
            upgrade_schema(engine, busy_timeout_ms=busy_timeout_ms)
    except StoreError:
        engine.dispose()
        raise
    return engine


def store_location(engine: Engine) -> str:
    """Where the database is, fit to be shown: a file path, or an address without its password."""
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.set(query={}).render_as_string(hide_password=True)


def read_revision(engine: Engine) -> str | None:
    """Revision of the schema, None for a database that has none. One SELECT."""
    statement = select(column("version_num", Text)).select_from(table(VERSION_TABLE))
    try:
        with engine.connect() as connection:
            return connection.execute(statement).scalar()
    except StoreError as error:
        if error.code == "schema_missing":
            return None
        raise


def upgrade_schema(engine: Engine, target: str = "head", *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
    """Bring the schema to ``target`` in one transaction: cut short, it leaves the old schema and its rows.

    Tables of ours without a revision are refused (``schema_unknown``) rather than guessed at.
    """
    # A third of a second to import: only when there is something to upgrade.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    def steps(revision: object, _context: object) -> object:
        return scripts._upgrade_revs(target, revision)  # type: ignore[arg-type]

    if engine.dialect.name == "sqlite":
        # Kept by the file; has to be asked outside of a transaction.
        with engine.connect().execution_options(sqlite_begin="") as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    with write_transaction(engine, busy_timeout_ms=busy_timeout_ms) as connection:
        present = set(inspect(connection).get_table_names())
        if VERSION_TABLE not in present and present & set(metadata.tables):
            raise StoreError("schema_unknown", location=store_location(engine))
        with EnvironmentContext(config, scripts, fn=steps) as environment:
            environment.configure(connection=connection, version_table=VERSION_TABLE, transactional_ddl=True)
            environment.run_migrations()


@contextmanager
def write_transaction(engine: Engine, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Iterator[Connection]:
    """One transaction that is alone in writing, committed at the end or undone as a whole.

    Others keep reading meanwhile. A writer that waits longer than the time-out gets ``locked``.
    """
    with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(busy_timeout_ms)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        yield connection


def _sqlite_engine(url: URL, var_dir: Path, busy_timeout_ms: int) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError("memory_database")
    path = Path(url.database).absolute()
    _make_file(path, var_dir)

    def connect() -> sqlite3.Connection:
        # `rw`: a file that went away is an error, not a new empty database.
        address = f"file:{quote(str(path))}?mode=rw"
        if _needs_immutable(path):
            address = f"file:{quote(str(path))}?immutable=1"
        connection = sqlite3.connect(
            address, uri=True, timeout=busy_timeout_ms / 1000, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    # A connection opened as immutable never looks at the file again: it must not be kept.
    pool = QueuePool if _is_writable(path) else NullPool
    engine = create_engine(url, creator=connect, poolclass=pool)

    # The driver would begin by itself before some statements and not before changes of schema.
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        if mode:
            connection.exec_driver_sql(f"BEGIN {mode}")

    _translate_errors(engine)
    return engine


def _make_file(path: Path, var_dir: Path) -> None:
    try:
        if path.parent == var_dir.absolute():
            path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.touch()
    except (FileNotFoundError, NotADirectoryError, FileExistsError) as error:
        in_the_way = next((folder for folder in path.parents if folder.is_file()), None)
        if in_the_way is not None:
            raise StoreError("directory_is_file", location=str(in_the_way)) from error
        raise StoreError("directory_missing", location=str(path.parent)) from error
    except OSError as error:
        raise StoreError("cannot_open", location=str(path)) from error


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=True)


def _needs_immutable(path: Path) -> bool:
    """Neither the file nor its folder can be written: SQLite could not make the index of its log.

    With a log already there, its index is there too, and the ordinary way works.
    """
    has_log = path.with_name(path.name + "-wal").exists()
    return path.exists() and not (has_log or _is_writable(path) or _is_writable(path.parent))


def _postgres_engine(url: URL) -> Engine:
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}
    engine = create_engine(url, pool_pre_ping=True, connect_args=arguments)
    _translate_errors(engine)
    return engine


def _translate_errors(engine: Engine) -> None:
    """Have every failure of the driver raised as a :class:`StoreError`, wherever it happens."""

    @event.listens_for(engine, "handle_error")
    def handle(context: ExceptionContext) -> None:
        code = _error_code(context.original_exception)
        if code is not None:
            raise StoreError(code, location=store_location(engine)) from context.original_exception


def _error_code(error: BaseException | None) -> str | None:
    """Code of a driver's error; None for what is a fault of ours (a broken constraint, wrong SQL)."""
    if isinstance(error, sqlite3.DatabaseError):
        if "no such table" in str(error):
            return "schema_missing"
        name = getattr(error, "sqlite_errorname", "") or ""
        known = next((code for prefix, code in _SQLITE_CODES if name.startswith(prefix)), None)
        operational: bool = isinstance(error, sqlite3.OperationalError) and name != "SQLITE_ERROR"
        return known or ("store_failure" if operational else None)
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    known = next((code for prefix, code in _POSTGRES_CODES if state.startswith(prefix)), None)
    if known is None and isinstance(error, psycopg.OperationalError):
        return "store_failure" if state else _connection_code(str(error))
    return known


def _connection_code(message: str) -> str:
    """libpq gives no SQLSTATE for a refused connection; the server's words are the only sign."""
    refused = ("password authentication failed", "no pg_hba.conf entry", "no password supplied")
    return "access_refused" if any(words in message for words in refused) else "unreachable"
