"""Every write: one transaction, one actor, one new data version; readers see the old state until its end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Double,
    Engine,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    func,
    insert,
    select,
    true,
    update,
)

from observatory.store.engine import write_transaction
from observatory.store.tables import (
    VERSIONED_TABLES,
    UtcDateTime,
    content_columns,
    data_version,
    table_key,
)

if TYPE_CHECKING:
    import pandas as pd

Cell = float | int | str | bool | date | None
Cells = tuple[Cell, ...]


@dataclass(frozen=True)
class Publication:
    """What :func:`publish_tables` did: the current version, whether it is new, how many rows it changed."""

    version_id: int
    is_new: bool
    changed_row_count: int


@dataclass(frozen=True)
class Change:
    """Difference of one table: keys whose row goes, rows that come."""

    table: Table
    closed: list[Cells]
    added: list[Cells]

    @property
    def row_count(self) -> int:
        key_length = len(table_key(self.table))
        return len(set(self.closed) | {row[:key_length] for row in self.added})


def publish_tables(
    engine: Engine,
    tables: Mapping[str, pd.DataFrame],
    label: str,
    actor: str,
    content_hash: str,
    *,
    force: bool = False,
    created_at: datetime | None = None,
    also: Callable[[Connection], Mapping[str, pd.DataFrame]] | None = None,
) -> Publication:
    """Make ``tables`` the current state, all of them or none.

    ``tables``: a frame by table name, with at least the columns of ``docs/architecture.md`` (versions apart)
    and one row by key. A named table ends up equal to its frame: rows that differ are closed and reinserted,
    rows that are not in the frame are closed; tables that are not named stay. ``also`` gives further tables,
    which depend on what the database holds once this writer is alone.

    Nothing happens when ``content_hash`` is the current one (unless ``force``); when no row differs, the
    hash is noted and no version is added. Raises ``ValueError`` for a frame that breaks the contract and
    :class:`StoreError` when the database refuses.
    """
    with write_transaction(engine) as connection:
        current, known_hash = _current(connection)
        if current is not None and known_hash == content_hash and not force:
            return Publication(current, is_new=False, changed_row_count=0)
        named = {**tables, **(also(connection) if also is not None else {})}
        changes = [table_change(connection, name, frame) for name, frame in named.items()]
        changed = sum(change.row_count for change in changes)
        if current is not None and changed == 0:
            _note_hash(connection, content_hash)
            return Publication(current, is_new=False, changed_row_count=0)
        version = add_version(connection, label, actor, content_hash=content_hash, created_at=created_at)
        for change in changes:
            apply_change(connection, change, version)
    return Publication(version, is_new=True, changed_row_count=changed)


def add_version(
    connection: Connection,
    label: str,
    actor: str,
    *,
    content_hash: str | None = None,
    created_at: datetime | None = None,
) -> int:
    """A new data version in this transaction; without a hash it is not one of a build from files."""
    version = (latest_version(connection) or 0) + 1
    connection.execute(
        insert(data_version).values(
            version_id=version,
            created_at=created_at or datetime.now(UTC),
            label=label,
            actor=actor,
            content_hash=content_hash,
        )
    )
    return version


def latest_version(connection: Connection) -> int | None:
    """The last version, as this transaction sees it."""
    return connection.execute(select(func.max(data_version.c.version_id))).scalar()


def _current(connection: Connection) -> tuple[int | None, str | None]:
    """Current version, and the hash of the last one that was built from files."""
    built = (
        select(data_version.c.content_hash)
        .where(data_version.c.content_hash.is_not(None))
        .order_by(data_version.c.version_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    version, content_hash = connection.execute(select(func.max(data_version.c.version_id), built)).one()
    return version, content_hash


def _note_hash(connection: Connection, content_hash: str) -> None:
    latest = select(func.max(data_version.c.version_id)).scalar_subquery()
    connection.execute(
        update(data_version).where(data_version.c.version_id == latest).values(content_hash=content_hash)
    )


def table_change(
    connection: Connection, name: str, frame: pd.DataFrame, scope: ColumnElement[bool] | None = None
) -> Change:
    """What makes the current rows of a table, those within ``scope`` if one is given, equal to a frame."""
    table = VERSIONED_TABLES.get(name)
    if table is None:
        raise ValueError(f"no table named {name}")
    columns, key_length = _ordered_columns(table), len(table_key(table))
    wanted = _rows_by_key(table, columns, frame)
    stored = {
        tuple(row[:key_length]): tuple(row)
        for row in connection.execute(
            select(*columns).where(table.c.version_to.is_(None), true() if scope is None else scope)
        )
    }
    return Change(
        table,
        closed=[key for key, row in stored.items() if wanted.get(key) != row],
        added=[row for key, row in wanted.items() if stored.get(key) != row],
    )


def apply_change(connection: Connection, change: Change, version: int) -> None:
    """Close the rows that go and insert those that come, under ``version``."""
    table = change.table
    keys = table_key(table)
    if change.closed:
        matches = and_(
            table.c.version_to.is_(None), *(table.c[name] == bindparam(f"key_{name}") for name in keys)
        )
        connection.execute(
            update(table).values(version_to=version).where(matches),
            [{f"key_{name}": cell for name, cell in zip(keys, key, strict=True)} for key in change.closed],
        )
    if change.added:
        names = [column.name for column in _ordered_columns(table)]
        connection.execute(
            insert(table),
            [dict(zip(names, row, strict=True)) | {"version_from": version} for row in change.added],
        )


def _ordered_columns(table: Table) -> tuple[Column, ...]:
    """Columns an import gives, key first, so that the key of a row is its beginning."""
    keys = table_key(table)
    others = [column for column in content_columns(table) if column.name not in keys]
    return (*(table.c[name] for name in keys), *others)


def _rows_by_key(table: Table, columns: Sequence[Column], frame: pd.DataFrame) -> dict[Cells, Cells]:
    """Rows of a frame as the database gives them back, by key."""
    missing = [column.name for column in columns if column.name not in frame.columns]
    if missing:
        raise ValueError(f"{table.name}: columns {missing} are missing")
    cells = [_column_cells(table, column, frame[column.name].tolist()) for column in columns]
    rows: list[Cells] = list(zip(*cells, strict=True))
    key_length = len(table_key(table))
    by_key = {row[:key_length]: row for row in rows}
    if len(by_key) != len(rows):
        raise ValueError(f"{table.name}: several rows for one key")
    return by_key


def _column_cells(table: Table, column: Column, values: Iterable[object]) -> list[Cell]:
    import pandas as pd

    cells: list[Cell] = []
    for value in values:
        cell = None if value is None or pd.isna(value) else _cell(column, value)  # type: ignore[call-overload]
        if cell is None and isinstance(column.type, Text) and not column.primary_key:
            cell = ""
        if cell is None and not column.nullable:
            raise ValueError(f"{table.name}.{column.name}: a value is missing")
        cells.append(cell)
    return cells


def _cell(column: Column, value: object) -> Cell:
    """One value as Python's own type, so that it equals what is read back."""
    match column.type:
        case Boolean():
            return bool(value)
        case Integer():
            whole = int(value)  # type: ignore[call-overload]
            if whole != value:
                raise ValueError(f"{column.name}: {value!r} is not a whole number")
            return whole
        case Double():
            number = float(value)  # type: ignore[arg-type]
            if math.isinf(number):
                raise ValueError(f"{column.name}: infinite value")
            return number + 0.0  # SQLite has no negative zero; neither has a screen
        case UtcDateTime():
            instant = datetime.fromisoformat(str(value))
            if instant.tzinfo is None:
                raise ValueError(f"{column.name}: an instant needs a time zone")
            return instant.astimezone(UTC)
        case Date():
            return date.fromisoformat(value[:10]) if isinstance(value, str) else date(*_ymd(value))
        case _:
            return str(value)


def _ymd(value: object) -> tuple[int, int, int]:
    return value.year, value.month, value.day  # type: ignore[attr-defined]
