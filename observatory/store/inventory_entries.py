"""The readers of the inventory of cooperation: what is shown now, and how it came about.

Real entries and invented ones (``is_demonstration``) are two layers: once a record has one real field,
nothing invented is shown of it, until that is undone.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from observatory.domain.inventory import Change, Entry, FieldKey, RecordKind
from observatory.store.inventory_rows import KEY_NAMES, UNDO_CAUSE, change_of
from observatory.store.tables import (
    cooperation_change,
    cooperation_conflict,
    cooperation_entry,
    cooperation_snapshot,
)

_entry, _change, _conflict = cooperation_entry.c, cooperation_change.c, cooperation_conflict.c


def state_mark(engine: Engine) -> str:
    """Changes whenever the inventory does: key of the web caches. One SELECT."""
    # Each in a query of its own: asked for the least and the greatest at once, SQLite reads every change.
    statement = select(
        *(
            select(part).scalar_subquery()
            for part in (
                func.max(_change.change_id),
                func.min(_change.change_id),
                func.max(cooperation_snapshot.c.snapshot_id),
                func.max(_conflict.conflict_id),
            )
        ),
        select(func.count())
        .select_from(cooperation_conflict)
        .where(_conflict.resolved_at.is_(None))
        .scalar_subquery(),
    )
    with engine.connect() as connection:
        return "/".join(str(part) for part in connection.execute(statement).one())


def read_entries(engine: Engine, *, include_demonstration: bool) -> tuple[Entry, ...]:
    """What is shown: present values, also the emptied ones (their change must be known to write again)."""
    with engine.connect() as connection, _collector_at_rest():
        return entries_in(connection, include_demonstration=include_demonstration)


def entries_in(connection: Connection, *, include_demonstration: bool) -> tuple[Entry, ...]:
    """The same as :func:`read_entries`, within a transaction."""
    statement = select(
        *(_entry[name] for name in KEY_NAMES),
        _entry.value,
        _entry.change_id,
        _change.changed_at,
        _change.actor_name,
        _change.actor_structure,
        _entry.is_demonstration,
        _change.cause,
    ).join(cooperation_change, _change.change_id == _entry.change_id)
    if not include_demonstration:
        statement = statement.where(_entry.is_demonstration.is_(False))
    rows = connection.execute(statement).all()
    invented = {tuple(row[:3]) for row in rows if row.is_demonstration}
    # A record whose real fields were all taken back by an undo is as it was before: the invented one.
    real = {
        tuple(row[:3])
        for row in rows
        if not row.is_demonstration
        and (row.value or row.cause != UNDO_CAUSE or tuple(row[:3]) not in invented)
    }
    return tuple(
        Entry(
            FieldKey(row.area_code, RecordKind(row.kind), row.record_key, row.field),
            row.value,
            row.change_id,
            row.changed_at,
            row.actor_name,
            row.actor_structure,
            row.is_demonstration,
        )
        for row in rows
        if (tuple(row[:3]) in real) != row.is_demonstration
    )


def read_history(
    engine: Engine,
    area_code: str | None = None,
    *,
    kind: RecordKind | None = None,
    record_key: str | None = None,
    field: str | None = None,
    include_demonstration: bool,
    limit: int | None = 200,
) -> tuple[Change, ...]:
    """Changes, the latest first; narrowed by what is given."""
    wanted = {"area_code": area_code, "kind": kind, "record_key": record_key, "field": field}
    conditions = [_change[name] == str(value) for name, value in wanted.items() if value is not None]
    if not include_demonstration:
        conditions.append(_change.is_demonstration.is_(False))
    latest_first = (_change.changed_at.desc(), _change.change_id.desc())
    if limit is not None:
        # Sorting the numbers alone: whole lines of a long history would be sorted for the first few.
        numbers = select(_change.change_id).where(*conditions).order_by(*latest_first).limit(limit)
        conditions = [_change.change_id.in_(numbers)]
    with engine.connect() as connection:
        rows = connection.execute(select(cooperation_change).where(*conditions).order_by(*latest_first)).all()
    return tuple(change_of(row) for row in rows)


def first_real_saves(engine: Engine, area_code: str) -> frozenset[int]:
    """Saves (``batch_id``) of an area that took an invented record off the screen, the invented layer being
    there still: the first real one of each such record."""
    record = (_change.kind, _change.record_key)
    invented = (
        select(_entry.kind, _entry.record_key)
        .where(_entry.area_code == area_code, _entry.is_demonstration.is_(True))
        .distinct()
        .subquery()
    )
    statement = (
        select(func.min(_change.batch_id))
        .join(
            invented,
            (invented.c.kind == _change.kind) & (invented.c.record_key == _change.record_key),
        )
        .where(_change.area_code == area_code, _change.is_demonstration.is_(False))
        .group_by(*record)
    )
    with engine.connect() as connection:
        return frozenset(connection.execute(statement).scalars())


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No garbage collection meanwhile: tens of thousands of objects that all stay would start it again and
    again, each time through everything the application holds."""
    gc.disable()
    try:
        yield
    finally:
        # Always: what was read of it before could be the rest that another thread had asked for.
        gc.enable()
