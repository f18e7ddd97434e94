"""The invented layer of the inventory: replaced as a whole by a build, or taken away. Real entries stay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, or_, select

from observatory.domain.inventory import Change, FieldKey
from observatory.store.engine import write_transaction
from observatory.store.inventory_rows import change_row, key_values
from observatory.store.tables import (
    cooperation_change,
    cooperation_entry,
    cooperation_snapshot,
    cooperation_snapshot_entry,
)

_entry, _change = cooperation_entry.c, cooperation_change.c


def replace_demonstration(
    engine: Engine, changes: Sequence[Change], snapshots: Mapping[str, datetime]
) -> None:
    """Make the invented layer what ``changes`` replay to, with snapshots by name at these instants.

    ``changes`` in any order, those of one day in theirs; their numbers and their ``before`` are not used.
    Real entries and real snapshots stay; an invented snapshot whose name a real one took is left out.
    """
    ordered = sorted(changes, key=lambda c: c.changed_at)
    first = _first_number(ordered, snapshots)
    with write_transaction(engine) as connection:
        _empty_demonstration(connection)
        values: dict[FieldKey, str] = {}
        entries: dict[FieldKey, dict[str, object]] = {}
        rows = []
        for number, change in enumerate(ordered, first):
            row = change_row(change, number, first + change.batch_id)
            rows.append({**row, "before": values.get(change.key, "")})
            values[change.key] = change.after
            entries[change.key] = {
                **key_values(change.key),
                "value": change.after,
                "change_id": number,
                "is_demonstration": True,
            }
        if rows:
            connection.execute(insert(cooperation_change), rows)
            connection.execute(insert(cooperation_entry), list(entries.values()))
        taken = set(connection.execute(select(cooperation_snapshot.c.name)).scalars())
        kept = sorted((at, name) for name, at in snapshots.items() if name not in taken)
        for number, (at, name) in enumerate(kept, -len(kept)):
            _insert_invented_snapshot(connection, number, name, at, ordered)


def empty_demonstration(engine: Engine) -> int:
    """Take every invented record away, their history and their snapshots; how many fields that was."""
    with write_transaction(engine) as connection:
        return _empty_demonstration(connection)


def _empty_demonstration(connection: Connection) -> int:
    invented = select(cooperation_snapshot.c.snapshot_id).where(
        cooperation_snapshot.c.is_demonstration.is_(True)
    )
    # A real snapshot that held invented values loses them: they must not outlive the demonstration.
    connection.execute(
        delete(cooperation_snapshot_entry).where(
            or_(
                cooperation_snapshot_entry.c.snapshot_id.in_(invented),
                cooperation_snapshot_entry.c.is_demonstration.is_(True),
            )
        )
    )
    connection.execute(delete(cooperation_snapshot).where(cooperation_snapshot.c.is_demonstration.is_(True)))
    removed = connection.execute(delete(cooperation_entry).where(_entry.is_demonstration.is_(True))).rowcount
    connection.execute(delete(cooperation_change).where(_change.is_demonstration.is_(True)))
    return int(removed)


def _first_number(ordered: Sequence[Change], snapshots: Mapping[str, datetime]) -> int:
    """Number of the first invented change: negative, and another one as soon as anything invented differs.

    The pages keep what they read by the numbers of the first and the last change (:func:`state_mark`).
    """
    content = repr([(c.changed_at, c.actor_structure, c.key, c.after) for c in ordered])
    content += repr(sorted(snapshots.items()))
    return -len(ordered) - 1 - int.from_bytes(hashlib.sha256(content.encode()).digest()[:4], "big") // 4


def _insert_invented_snapshot(
    connection: Connection, number: int, name: str, at: datetime, ordered: Sequence[Change]
) -> None:
    connection.execute(
        insert(cooperation_snapshot).values(
            snapshot_id=number,
            name=name,
            frozen_at=at,
            actor_name="",
            actor_structure="",
            last_change_id=None,
            is_demonstration=True,
        )
    )
    state = {c.key: c.after for c in ordered if c.changed_at <= at}
    rows = [
        {**key_values(key), "snapshot_id": number, "value": value, "is_demonstration": True}
        for key, value in state.items()
        if value
    ]
    if rows:
        connection.execute(insert(cooperation_snapshot_entry), rows)
