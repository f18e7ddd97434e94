"""The writer of the inventory of cooperation: saves, undo, and the choice between two values.

A save is one transaction: the present values, one line of history a field, one actor. A field that a
colleague changed in between is not overwritten: the value that was to be written is kept beside it as a
conflict, until somebody chooses. A level that changes is dated in the same save, and signed by the structure
that the rating is of: who typed it is the actor of the change. A level that is emptied loses both.
An invented record of a list (an action, a resource) is not edited: one real field would hide the rest of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, and_, bindparam, insert, or_, select, update

from observatory.domain.inventory import (
    SIGNATURE,
    Actor,
    Change,
    Conflict,
    Edit,
    FieldKey,
    RecordKind,
    clean_value,
    is_listed,
    signature_of,
    split_rating_key,
)
from observatory.errors import UserFacingError
from observatory.store.engine import write_transaction
from observatory.store.inventory_rows import (
    KEY_NAMES,
    UNDO_CAUSE,
    change_of,
    change_row,
    check_perimeter,
    key_of,
    key_values,
    matches_key,
    next_number,
)
from observatory.store.tables import cooperation_change, cooperation_conflict, cooperation_entry

_entry, _change, _conflict = cooperation_entry.c, cooperation_change.c, cooperation_conflict.c


@dataclass(frozen=True)
class SaveResult:
    """What a save did: the changes written, and the values kept aside because a colleague was faster."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    hidden: tuple[FieldKey, ...] = ()
    """Invented values that are no longer shown, because this save made their records real."""


class InventedRecordError(UserFacingError):
    """Somebody tried to write in an invented record of a list (``inventory_invented``)."""


def save_edits(
    engine: Engine,
    actor: Actor,
    edits: Sequence[Edit],
    *,
    cause: str = "edit",
    changed_at: datetime | None = None,
    partner_names: Mapping[str, str] | None = None,
) -> SaveResult:
    """Write ``edits`` as ``actor``, in one transaction.

    A record of which one field was changed by somebody since :attr:`Edit.seen` is left as it is, and what was
    to be written in it is noted as conflicts. A value that is already there is not written again.
    A level that changes takes the structure that it is of (named as ``partner_names`` says) and today's date,
    unless ``edits`` say who and when; a level that is emptied loses both.
    Raises :class:`~observatory.domain.inventory.InventoryValueError` for a value that its field cannot hold,
    :class:`~observatory.store.inventory_rows.PerimeterError` outside of the actor's perimeter and
    :class:`InventedRecordError` for an invented record of a list; nothing is written then.
    """
    check_perimeter(actor, (edit.key.area_code for edit in edits))
    cleaned = [Edit(edit.key, clean_value(edit.key, edit.value), edit.seen) for edit in edits]
    with write_transaction(engine) as connection:
        # The hour is read once alone in writing, so that the history is in the order of the writes.
        now = changed_at or datetime.now(UTC)
        return _save(connection, actor, cleaned, cause, now, said=_Said(partner_names or {}, now))


def undo_last(engine: Engine, actor: Actor, area_code: str) -> SaveResult:
    """Give back what this person's last save in an area replaced; no change when there is nothing to undo.

    Asked again, it goes one save further back. What a colleague has changed since is left, and the former
    value is noted as a conflict.
    """
    check_perimeter(actor, [area_code])
    here = (_change.area_code == area_code, _change.is_demonstration.is_(False))
    own = (_change.actor_name == actor.name, _change.actor_structure == actor.structure)
    is_undo = _change.undone_batch_id.is_not(None)
    with write_transaction(engine) as connection:
        undone = set(connection.execute(select(_change.undone_batch_id).where(*here, is_undo)).scalars())
        saves = set(connection.execute(select(_change.batch_id).where(*here, *own, ~is_undo)).scalars())
        for batch in sorted(saves - undone, reverse=True):
            rows = connection.execute(
                select(cooperation_change).where(_change.batch_id == batch, _change.area_code == area_code)
            ).all()
            edits = [edit for row in rows if (edit := _edit_back(connection, actor, row)) is not None]
            result = _save(connection, actor, edits, UNDO_CAUSE, datetime.now(UTC), undone_batch_id=batch)
            # A save of which nothing is left, or was already asked about, is no longer the last one.
            if result.changes or result.conflicts:
                return result
    return SaveResult((), ())


def read_conflicts(engine: Engine, area_code: str | None = None) -> tuple[Conflict, ...]:
    """Values that wait for a choice, the oldest first, each with the change that stands in the field."""
    statement = select(cooperation_conflict).where(_conflict.resolved_at.is_(None))
    if area_code is not None:
        statement = statement.where(_conflict.area_code == area_code)
    with engine.connect() as connection:
        rows = connection.execute(statement.order_by(_conflict.conflict_id)).all()
        return tuple(_conflict_of(connection, row) for row in rows)


def resolve_conflict(
    engine: Engine,
    actor: Actor,
    conflict_id: int,
    *,
    keep_proposed: bool,
    seen: int | None = None,
    partner_names: Mapping[str, str] | None = None,
) -> SaveResult:
    """Choose between the value that stands and the one that was proposed.

    ``seen``: number of the standing change that the person was shown; when it is given and another one stands
    by now, nothing is chosen and the conflict comes back with that one.
    Raises :class:`UserFacingError` ``conflict_gone`` when somebody has chosen already.
    """
    with write_transaction(engine) as connection:
        row = connection.execute(
            select(cooperation_conflict).where(
                _conflict.conflict_id == conflict_id, _conflict.resolved_at.is_(None)
            )
        ).one_or_none()
        if row is None:
            raise UserFacingError("conflict_gone")
        check_perimeter(actor, [row.area_code])
        current = _current(connection, [key_of(row)]).get(key_of(row))
        if seen is not None and (current is None or current.change_id != seen):
            return SaveResult((), (_conflict_of(connection, row),))
        now = datetime.now(UTC)
        connection.execute(
            update(cooperation_conflict)
            .where(_conflict.conflict_id == conflict_id)
            .values(resolved_at=now, resolution="proposed" if keep_proposed else "current")
        )
        if not keep_proposed:
            return SaveResult((), ())
        edit = Edit(key_of(row), row.proposed, None if current is None else current.change_id)
        said = _Said(partner_names or {}, row.noted_at)
        return _save(connection, actor, [edit], "choice", now, said=said)


@dataclass(frozen=True)
class _Said:
    """Names of the structures whose levels are written, by code, and when the levels were said."""

    names: Mapping[str, str]
    at: datetime

    def by(self, level: FieldKey) -> str:
        """The structure that a level is of."""
        code = split_rating_key(level.record_key)[0].value
        return self.names.get(code, code)


@dataclass(frozen=True)
class _Standing:
    """What a field holds in one layer, and the change that gave it."""

    value: str
    change_id: int
    cause: str


def _save(
    connection: Connection,
    actor: Actor,
    edits: Sequence[Edit],
    cause: str,
    now: datetime,
    undone_batch_id: int | None = None,
    said: _Said | None = None,
) -> SaveResult:
    """``edits`` are cleaned; the transaction is alone in writing."""
    latest = {edit.key: edit for edit in edits}
    current = _current(connection, list(latest))
    beaten = {key.record for key, edit in latest.items() if _is_beaten(current.get(key), edit)}
    is_undo = undone_batch_id is not None
    if not is_undo:
        _refuse_invented(connection, latest)
    emptied = [key for key, edit in latest.items() if not edit.value]
    invented = _current(connection, emptied, is_demonstration=True)
    written: list[tuple[FieldKey, str, str]] = []
    refused: list[tuple[FieldKey, str, str]] = []
    for key, edit in latest.items():
        standing = current.get(key)
        before = "" if standing is None else standing.value
        # Emptying what is shown of an invented record is an entry, and so is taking that back.
        is_taken_back = is_undo and standing is not None and standing.change_id == edit.seen
        changes_layer = key in invented and (is_taken_back or _is_as_never_written(standing))
        if before == edit.value and not changes_layer:
            continue
        (refused if key.record in beaten else written).append((key, before, edit.value))
    if not is_undo:
        signed = _signed(written, latest, said or _Said({}, now))
        standing_signed = _current(connection, list(signed))
        current |= standing_signed
        for key, text in signed.items():
            before = standing_signed[key].value if key in standing_signed else ""
            if before != text:
                written.append((key, before, text))
    changes: list[Change] = []
    hidden: tuple[FieldKey, ...] = ()
    if written:
        if not is_undo:
            hidden = _hidden_by(connection, {key for key, _, _ in written})
        batch, number = next_number(connection, _change.batch_id), next_number(connection, _change.change_id)
        changes = [
            Change(number + i, batch, now, actor.name, actor.structure, cause, key, before, after)
            for i, (key, before, after) in enumerate(written)
        ]
        connection.execute(
            insert(cooperation_change),
            [{**change_row(c, c.change_id, batch), "undone_batch_id": undone_batch_id} for c in changes],
        )
        _put_entries(connection, changes, set(current))
    conflicts = [_note_conflict(connection, actor, key, value, now) for key, _, value in refused]
    return SaveResult(tuple(changes), tuple(conflicts), hidden)


def _hidden_by(connection: Connection, keys: Collection[FieldKey]) -> tuple[FieldKey, ...]:
    """Invented fields, other than ``keys`` and signatures, that writing ``keys`` takes off the screen."""
    shown: list[FieldKey] = []
    real: set[tuple[str, RecordKind, str]] = set()
    for row in _rows_of(connection, {key.record for key in keys}):
        key = key_of(row)
        if not row.is_demonstration and not _is_as_never_written(
            _Standing(row.value, row.change_id, row.cause)
        ):
            real.add(key.record)
        elif row.is_demonstration and row.value and key not in keys and key.field not in SIGNATURE:
            shown.append(key)
    return tuple(sorted(key for key in shown if key.record not in real))


def _refuse_invented(connection: Connection, keys: Iterable[FieldKey]) -> None:
    """Raise when the records of lists that are to be written hold nothing but what was invented."""
    records = {key.record for key in keys if is_listed(key.kind)}
    invented: set[tuple[str, RecordKind, str]] = set()
    real: set[tuple[str, RecordKind, str]] = set()
    for row in _rows_of(connection, records):
        if row.is_demonstration:
            invented.add(key_of(row).record)
        elif not _is_as_never_written(_Standing(row.value, row.change_id, row.cause)):
            real.add(key_of(row).record)
    for area, kind, record in sorted(invented - real):
        raise InventedRecordError("inventory_invented", area=area, kind=kind, record=record)


def _signed(
    written: Iterable[tuple[FieldKey, str, str]], edits: Mapping[FieldKey, Edit], said: _Said
) -> dict[FieldKey, str]:
    """Who says each level that is written and when, save where ``edits`` say so themselves."""
    return {
        key: text if after else ""
        for level, before, after in written
        if level.kind is RecordKind.RATING and level.field == "level" and after != before
        for key, text in signature_of(level, said.by(level), said.at).items()
        if key not in edits
    }


def _edit_back(connection: Connection, actor: Actor, row: Row) -> Edit | None:
    """What takes one change back; None when a colleague wrote since and this was already asked about."""
    key = key_of(row)
    changes = connection.execute(
        select(_change.change_id, _change.batch_id, _change.undone_batch_id)
        .where(_change.is_demonstration.is_(False), *matches_key(cooperation_change, key))
        .order_by(_change.change_id)
    ).all()
    standing, position = changes[-1].change_id, len(changes) - 1
    # An undo puts back what stood before the save that it took back.
    while changes[position].undone_batch_id is not None and position > 0:
        taken_back = changes[position].undone_batch_id
        position = next(i for i, change in enumerate(changes) if change.batch_id == taken_back) - 1
        if position < 0:
            break
    if position >= 0 and changes[position].change_id == row.change_id:
        return Edit(key, row.before, standing)
    asked = select(_conflict.conflict_id).where(
        *matches_key(cooperation_conflict, key),
        _conflict.actor_name == actor.name,
        _conflict.actor_structure == actor.structure,
        _conflict.proposed == row.before,
        _conflict.noted_at >= row.changed_at,
    )
    return None if connection.execute(asked).first() else Edit(key, row.before, row.change_id)


def _put_entries(connection: Connection, changes: Sequence[Change], known: set[FieldKey]) -> None:
    old = [c for c in changes if c.key in known]
    new = [c for c in changes if c.key not in known]
    if old:
        matches = and_(
            _entry.is_demonstration.is_(False),
            *(_entry[name] == bindparam(f"key_{name}") for name in KEY_NAMES),
        )
        connection.execute(
            update(cooperation_entry).where(matches),
            [
                {
                    **{f"key_{name}": value for name, value in key_values(c.key).items()},
                    "value": c.after,
                    "change_id": c.change_id,
                }
                for c in old
            ],
        )
    if new:
        connection.execute(
            insert(cooperation_entry),
            [
                {**key_values(c.key), "value": c.after, "change_id": c.change_id, "is_demonstration": False}
                for c in new
            ],
        )


def _note_conflict(
    connection: Connection, actor: Actor, key: FieldKey, proposed: str, now: datetime
) -> Conflict:
    # The same value proposed again by the same person waits once.
    waiting = connection.execute(
        select(cooperation_conflict).where(
            *matches_key(cooperation_conflict, key),
            _conflict.resolved_at.is_(None),
            _conflict.actor_name == actor.name,
            _conflict.actor_structure == actor.structure,
            _conflict.proposed == proposed,
        )
    ).first()
    if waiting is not None:
        return _conflict_of(connection, waiting)
    number = next_number(connection, _conflict.conflict_id)
    connection.execute(
        insert(cooperation_conflict).values(
            conflict_id=number,
            noted_at=now,
            actor_name=actor.name,
            actor_structure=actor.structure,
            proposed=proposed,
            resolution="",
            **key_values(key),
        )
    )
    row = connection.execute(select(cooperation_conflict).where(_conflict.conflict_id == number)).one()
    return _conflict_of(connection, row)


def _conflict_of(connection: Connection, row: Row) -> Conflict:
    key = key_of(row)
    standing = connection.execute(
        select(cooperation_change)
        .join(cooperation_entry, _entry.change_id == _change.change_id)
        .where(_entry.is_demonstration.is_(False), *matches_key(cooperation_entry, key))
    ).one_or_none()
    return Conflict(
        row.conflict_id,
        row.noted_at,
        row.actor_name,
        row.actor_structure,
        key,
        row.proposed,
        None if standing is None else change_of(standing),
    )


def _is_as_never_written(standing: _Standing | None) -> bool:
    """Never written, or emptied by the undo of its first value."""
    return standing is None or (not standing.value and standing.cause == UNDO_CAUSE)


def _is_beaten(standing: _Standing | None, edit: Edit) -> bool:
    """Whether somebody else's value stands where the person saw another one."""
    if standing is None or standing.value == edit.value or standing.change_id == edit.seen:
        return False
    return not (edit.seen is None and _is_as_never_written(standing))


def _current(
    connection: Connection, keys: Sequence[FieldKey], *, is_demonstration: bool = False
) -> dict[FieldKey, _Standing]:
    """What stands in the fields that were written, in one layer."""
    wanted = set(keys)
    return {
        key: _Standing(row.value, row.change_id, row.cause)
        for row in _rows_of(connection, {key.record for key in wanted})
        if bool(row.is_demonstration) is is_demonstration and (key := key_of(row)) in wanted
    }


def _rows_of(connection: Connection, records: Collection[tuple[str, RecordKind, str]]) -> Iterator[Row]:
    """Entries of these records in both layers, with the cause of the change that gave each."""
    chosen = sorted(records)
    for start in range(0, len(chosen), 200):
        conditions = [
            and_(_entry.area_code == area, _entry.kind == kind.value, _entry.record_key == record)
            for area, kind, record in chosen[start : start + 200]
        ]
        statement = (
            select(
                *(_entry[name] for name in KEY_NAMES),
                _entry.value,
                _entry.change_id,
                _entry.is_demonstration,
                _change.cause,
            )
            .join(cooperation_change, _change.change_id == _entry.change_id)
            .where(or_(*conditions))
        )
        yield from connection.execute(statement)
