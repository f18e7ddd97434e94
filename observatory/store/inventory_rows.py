"""What every writer and reader of the inventory shares: fields and changes as rows, and who may write."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Row, func, select

from observatory.domain.inventory import Actor, Change, FieldKey, RecordKind
from observatory.errors import UserFacingError

UNDO_CAUSE = "undo"
"""Cause of the changes that an undo writes."""
KEY_NAMES = ("area_code", "kind", "record_key", "field")


class PerimeterError(UserFacingError):
    """Somebody tried to write outside of their perimeter (``inventory_perimeter``)."""


def check_perimeter(actor: Actor, areas: Iterable[str]) -> None:
    """Raise :class:`PerimeterError` unless ``actor`` has a name and may write in every one of ``areas``."""
    for area in sorted(set(areas)):
        if not actor.name or not actor.may_edit(area):
            raise PerimeterError("inventory_perimeter", area=area)


def next_number(connection: Connection, column) -> int:  # type: ignore[no-untyped-def]
    """The number after the greatest real one of a column; invented ones are negative."""
    return max(0, connection.execute(select(func.max(column))).scalar() or 0) + 1


def key_values(key: FieldKey) -> dict[str, str]:
    """Columns of a key."""
    return {
        "area_code": key.area_code,
        "kind": key.kind.value,
        "record_key": key.record_key,
        "field": key.field,
    }


def matches_key(table, key: FieldKey):  # type: ignore[no-untyped-def]
    """Conditions under which a row of ``table`` is that of a field."""
    return [table.c[name] == value for name, value in key_values(key).items()]


def key_of(row: Row) -> FieldKey:
    """The field that a row is of."""
    return FieldKey(row.area_code, RecordKind(row.kind), row.record_key, row.field)


def change_row(change: Change, change_id: int, batch_id: int) -> dict[str, object]:
    """A change as a row, under these numbers; a negative one makes it invented."""
    return {
        "change_id": change_id,
        "batch_id": batch_id,
        "changed_at": change.changed_at,
        "actor_name": change.actor_name,
        "actor_structure": change.actor_structure,
        "cause": change.cause,
        **key_values(change.key),
        "before": change.before,
        "after": change.after,
        "undone_batch_id": None,
        "is_demonstration": change_id < 0,
    }


def change_of(row: Row) -> Change:
    """The change that a row tells."""
    return Change(
        row.change_id,
        row.batch_id,
        row.changed_at,
        row.actor_name,
        row.actor_structure,
        row.cause,
        key_of(row),
        row.before,
        row.after,
        row.is_demonstration,
    )
