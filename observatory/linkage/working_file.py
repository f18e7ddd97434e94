"""The working directory and its DuckDB file, ``travail.duckdb``: the only place where names are kept.

Directories are 0700 and files 0600 from their first byte. What a step makes is built beside and put in place
by one rename at its end: a step that is killed leaves the previous state, and the next run sweeps its
remains away.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.errors import UserFacingError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WORKING_FILE = "travail.duckdb"
LINKS_FILE = "links.parquet"
MODEL_FILE = "model.json"
REPORTS_DIR = "rapports"

MEMORY_LIMIT = "2GB"
"""What DuckDB may hold before it spills into the working directory (bar of the full region)."""

_PART = re.compile(r"^\.part-\d+-")


def prepare_working_dir(working_dir: Path) -> Path:
    """The directory, made if need be and closed to everyone else; raises when it cannot be.

    A directory that was open to others is closed again rather than trusted: it is ours, or it is refused.
    """
    if working_dir.is_symlink() or (working_dir.exists() and not working_dir.is_dir()):
        raise UserFacingError("working_dir_unsafe", path=str(working_dir))
    try:
        working_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if working_dir.stat().st_uid != os.geteuid():
            raise UserFacingError("working_dir_unsafe", path=str(working_dir))
        working_dir.chmod(0o700)
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(working_dir)) from error
    return working_dir


def sweep_parts(working_dir: Path) -> int:
    """Remove what steps that were killed left behind; the number of files removed.

    The number in the name is the process: the files of one that still runs are left to it.
    """
    count = 0
    for directory in (working_dir, working_dir / REPORTS_DIR):
        for path in sorted(directory.glob(".part-*")) if directory.is_dir() else ():
            process = int(path.name.split("-", 2)[1]) if _PART.match(path.name) else 0
            if process != os.getpid() and _is_running(process):
                continue
            if path.is_dir():
                for spilled in sorted(path.iterdir()):
                    spilled.unlink(missing_ok=True)
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
            count += 1
    return count


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """The name of a private file to write; it takes the place of ``path`` at the end, or never.

    The file exists already, empty and 0600; a library that insists on making it itself may overwrite it.
    """
    part = _part_name(path)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with private_umask():
            yield part
        put_in_place(part, path)
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(path)) from error
    finally:
        part.unlink(missing_ok=True)


def put_in_place(part: Path, path: Path) -> None:
    """``part`` becomes ``path`` at once, on the disk before it has the name, 0600."""
    part.chmod(0o600)
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def private_umask() -> Iterator[None]:
    """Within, whatever this process creates is closed to everyone else."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def new_working_file(working_dir: Path, *, threads: int | None = None) -> Iterator[DuckDBPyConnection]:
    """An empty DuckDB file that replaces ``travail.duckdb`` at the end; on any error nothing is replaced.

    Its bytes are DuckDB's business and differ from one run to the next: compare tables, not files
    (:func:`content_hash`).
    """
    prepare_working_dir(working_dir)
    sweep_parts(working_dir)
    target = working_dir / WORKING_FILE
    part = _part_name(target)
    with private_umask():
        try:
            with _connection(part, working_dir, read_only=False, threads=threads) as connection:
                yield connection
                connection.execute("CHECKPOINT").fetchall()
            _remove_log(target)
            put_in_place(part, target)
        except OSError as error:
            raise UserFacingError("file_not_writable", path=str(target)) from error
        finally:
            part.unlink(missing_ok=True)
            _remove_log(part)


@contextmanager
def open_working_file(
    working_dir: Path, *, read_only: bool = True, threads: int | None = None
) -> Iterator[DuckDBPyConnection]:
    """``travail.duckdb`` as the last step left it; with ``read_only=False``, changes are kept at the end.

    Raises ``working_file_missing``, ``working_file_busy`` or ``working_file_damaged``.
    """
    path = working_dir / WORKING_FILE
    if not path.is_file():
        raise UserFacingError("working_file_missing", path=str(path))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)
    with (
        private_umask(),
        _connection(path, working_dir, read_only=read_only, threads=threads) as connection,
    ):
        yield connection


@contextmanager
def open_beside_working_file(
    working_dir: Path, *, threads: int | None = None
) -> Iterator[DuckDBPyConnection]:
    """A database in memory, spilling beside the file, with ``travail.duckdb`` attached read only.

    For a step that makes many intermediate tables and keeps none of them.
    """
    with open_working_file(working_dir, threads=threads):
        pass  # says what is wrong with the file
    with (
        private_umask(),
        _connection(Path(":memory:"), working_dir, read_only=False, threads=threads) as connection,
    ):
        quoted = str(working_dir / WORKING_FILE).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS travail (READ_ONLY)")
        yield connection


def content_hash(connection: DuckDBPyConnection, table: str, *, order_by: str = "record_id") -> str:
    """SHA-256 of the rows of a table in the order of a unique column: equal for equal contents.

    >>> import duckdb
    >>> connection = duckdb.connect()
    >>> _ = connection.execute("CREATE TABLE one AS FROM (VALUES ('a', NULL), ('b', 'x')) v(record_id, nom)")
    >>> _ = connection.execute("CREATE TABLE two AS FROM one ORDER BY record_id DESC")
    >>> content_hash(connection, "one") == content_hash(connection, "two")
    True
    """
    import hashlib

    digest = hashlib.sha256()
    described = connection.execute(f'DESCRIBE "{table}"').fetchall()
    digest.update(repr([(row[0], row[1]) for row in described]).encode())
    # to_json keeps null apart from the empty text and escapes what could run two cells together.
    rows = connection.execute(f'SELECT to_json(t) FROM "{table}" AS t ORDER BY "{order_by}"')
    while batch := rows.fetchmany(20_000):
        digest.update("\n".join(str(row[0]) for row in batch).encode())
        digest.update(b"\n")
    return digest.hexdigest()


@contextmanager
def _connection(
    path: Path, working_dir: Path, *, read_only: bool, threads: int | None
) -> Iterator[DuckDBPyConnection]:
    import duckdb

    # What does not fit in memory is names too: it spills beside the file, not into the system's /tmp.
    spill = working_dir / f".part-{os.getpid()}-{path.name}-spill"
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(spill),
        "memory_limit": MEMORY_LIMIT,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.IOException as error:
        is_locked = "lock" in str(error).lower()
        code = "working_file_busy" if is_locked else "working_file_damaged"
        raise UserFacingError(code, path=str(path)) from error
    except duckdb.Error as error:
        raise UserFacingError("working_file_damaged", path=str(path)) from error
    try:
        yield connection
    finally:
        connection.close()
        if spill.is_dir():
            for spilled in sorted(spill.iterdir()):
                spilled.unlink(missing_ok=True)
            spill.rmdir()


def _part_name(path: Path) -> Path:
    return path.with_name(f".part-{os.getpid()}-{path.name}")


def _remove_log(path: Path) -> None:
    """DuckDB's log of a file that goes: played on the file that follows, it would spoil it."""
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
