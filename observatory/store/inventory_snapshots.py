"""The inventory as it stood at a committee: frozen under a name, read again, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, insert, select

from observatory.domain.inventory import REGION_AREA, Actor, Entry, FieldKey, clean_line
from observatory.errors import UserFacingError
from observatory.store.engine import write_transaction
from observatory.store.inventory_entries import entries_in
from observatory.store.inventory_rows import PerimeterError, key_of, key_values, next_number
from observatory.store.tables import cooperation_change, cooperation_snapshot, cooperation_snapshot_entry


@dataclass(frozen=True)
class Snapshot:
    """The inventory as it stood at a committee: named, dated, never changed."""

    snapshot_id: int
    name: str
    frozen_at: datetime
    actor_name: str
    actor_structure: str
    is_demonstration: bool


def freeze_snapshot(
    engine: Engine, actor: Actor, name: str, *, include_demonstration: bool, frozen_at: datetime | None = None
) -> Snapshot:
    """Freeze what is shown now under a name of its own.

    Only the regional team may (:class:`PerimeterError`); :class:`UserFacingError` ``snapshot_name`` for a
    name that is blank or taken.
    """
    name = clean_line(name)[:120].rstrip()
    if actor.perimeter is not None or not actor.name:
        raise PerimeterError("inventory_perimeter", area=REGION_AREA)
    with write_transaction(engine) as connection:
        now = frozen_at or datetime.now(UTC)
        entries = entries_in(connection, include_demonstration=include_demonstration)
        real = select(func.max(cooperation_change.c.change_id)).where(cooperation_change.c.change_id > 0)
        latest = connection.execute(real).scalar()
        taken = select(cooperation_snapshot.c.name).where(cooperation_snapshot.c.name == name)
        if not name or connection.execute(taken).first():
            raise UserFacingError("snapshot_name", name=name)
        number = next_number(connection, cooperation_snapshot.c.snapshot_id)
        values = {
            "snapshot_id": number,
            "name": name,
            "frozen_at": now,
            "actor_name": actor.name,
            "actor_structure": actor.structure,
            "is_demonstration": False,
        }
        connection.execute(insert(cooperation_snapshot).values(last_change_id=latest, **values))
        _insert_snapshot_entries(connection, number, entries)
    return Snapshot(number, name, now, actor.name, actor.structure, is_demonstration=False)


def read_snapshots(engine: Engine, *, include_demonstration: bool) -> tuple[Snapshot, ...]:
    """Snapshots, the oldest first."""
    table = cooperation_snapshot
    statement = select(table).order_by(table.c.frozen_at, table.c.snapshot_id)
    if not include_demonstration:
        statement = statement.where(table.c.is_demonstration.is_(False))
    with engine.connect() as connection:
        rows = connection.execute(statement).all()
    return tuple(
        Snapshot(
            row.snapshot_id,
            row.name,
            row.frozen_at,
            row.actor_name,
            row.actor_structure,
            row.is_demonstration,
        )
        for row in rows
    )


def read_snapshot_state(
    engine: Engine, snapshot_id: int, *, include_demonstration: bool
) -> dict[FieldKey, str]:
    """The values of a snapshot; those that were not reported are absent."""
    table = cooperation_snapshot_entry
    statement = select(table).where(table.c.snapshot_id == snapshot_id)
    if not include_demonstration:
        statement = statement.where(table.c.is_demonstration.is_(False))
    with engine.connect() as connection:
        return {key_of(row): row.value for row in connection.execute(statement)}


def _insert_snapshot_entries(connection: Connection, number: int, entries: Iterable[Entry]) -> None:
    rows = [
        {
            **key_values(e.key),
            "snapshot_id": number,
            "value": e.value,
            "is_demonstration": e.is_demonstration,
        }
        for e in entries
        if e.value
    ]
    if rows:
        connection.execute(insert(cooperation_snapshot_entry), rows)
