"""The writer and the readers of the inventory of cooperation.

A save is one transaction: the present values, one line of history a field, one actor. A field that a
colleague changed in between is not overwritten: the value that was to be written is kept beside it as a
conflict, until somebody chooses. Real entries and invented ones (``is_demonstration``) are two layers: once a
record has one real field, nothing invented is shown of it, until that is undone.
"""

from __future__ import annotations

import gc
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Row, and_, bindparam, delete, func, insert, or_, select, update

from observatory.domain.cooperation import ModalityStatus
from observatory.domain.inventory import (
    REGION_AREA,
    Actor,
    Change,
    Conflict,
    Edit,
    Entry,
    FieldKey,
    RecordKind,
    clean_line,
    clean_value,
    split_rating_key,
)
from observatory.errors import UserFacingError
from observatory.store.engine import write_transaction
from observatory.store.tables import (
    cooperation_attachment,
    cooperation_change,
    cooperation_conflict,
    cooperation_entry,
    cooperation_snapshot,
    cooperation_snapshot_entry,
)

if TYPE_CHECKING:
    import pandas as pd

UNDO_CAUSE = "undo"
_KEY_NAMES = ("area_code", "kind", "record_key", "field")
_entry, _change, _conflict = cooperation_entry.c, cooperation_change.c, cooperation_conflict.c


@dataclass(frozen=True)
class SaveResult:
    """What a save did: the changes written, and the values kept aside because a colleague was faster."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class Snapshot:
    """The inventory as it stood at a committee: named, dated, never changed."""

    snapshot_id: int
    name: str
    frozen_at: datetime
    actor_name: str
    actor_structure: str
    is_demonstration: bool


@dataclass(frozen=True)
class Attachment:
    """A piece of evidence: a file whose content was checked before it came here."""

    attachment_id: str
    file_name: str
    media_type: str
    size: int
    added_at: datetime
    actor_name: str


class PerimeterError(UserFacingError):
    """Somebody tried to write outside of their perimeter (``inventory_perimeter``)."""


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
        return _read_entries(connection, include_demonstration=include_demonstration)


def save_edits(
    engine: Engine,
    actor: Actor,
    edits: Sequence[Edit],
    *,
    cause: str = "edit",
    changed_at: datetime | None = None,
) -> SaveResult:
    """Write ``edits`` as ``actor``, in one transaction.

    A record of which one field was changed by somebody since :attr:`Edit.seen` is left as it is, and what was
    to be written in it is noted as conflicts. A value that is already there is not written again.
    Raises :class:`~observatory.domain.inventory.InventoryValueError` for a value that its field cannot hold
    and :class:`PerimeterError` outside of the actor's perimeter; nothing is written then.
    """
    _check_perimeter(actor, (edit.key.area_code for edit in edits))
    cleaned = [Edit(edit.key, clean_value(edit.key, edit.value), edit.seen) for edit in edits]
    with write_transaction(engine) as connection:
        # The hour is read once alone in writing, so that the history is in the order of the writes.
        return _save(connection, actor, cleaned, cause, changed_at or datetime.now(UTC))


def undo_last(engine: Engine, actor: Actor, area_code: str) -> SaveResult:
    """Give back what this person's last save in an area replaced; no change when there is nothing to undo.

    Asked again, it goes one save further back. What a colleague has changed since is left, and the former
    value is noted as a conflict.
    """
    _check_perimeter(actor, [area_code])
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
    return tuple(_change_of(row) for row in rows)


def read_conflicts(engine: Engine, area_code: str | None = None) -> tuple[Conflict, ...]:
    """Values that wait for a choice, the oldest first, each with the change that stands in the field."""
    statement = select(cooperation_conflict).where(_conflict.resolved_at.is_(None))
    if area_code is not None:
        statement = statement.where(_conflict.area_code == area_code)
    with engine.connect() as connection:
        rows = connection.execute(statement.order_by(_conflict.conflict_id)).all()
        return tuple(_conflict_of(connection, row) for row in rows)


def resolve_conflict(
    engine: Engine, actor: Actor, conflict_id: int, *, keep_proposed: bool, seen: int | None = None
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
        _check_perimeter(actor, [row.area_code])
        current = _current(connection, [_key_of(row)]).get(_key_of(row))
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
        edit = Edit(_key_of(row), row.proposed, None if current is None else current.change_id)
        return _save(connection, actor, [edit], "choice", now)


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
        entries = _read_entries(connection, include_demonstration=include_demonstration)
        latest = connection.execute(select(func.max(_change.change_id)).where(_change.change_id > 0)).scalar()
        taken = select(cooperation_snapshot.c.name).where(cooperation_snapshot.c.name == name)
        if not name or connection.execute(taken).first():
            raise UserFacingError("snapshot_name", name=name)
        number = _next(connection, cooperation_snapshot.c.snapshot_id)
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
        return {_key_of(row): row.value for row in connection.execute(statement)}


def add_attachment(
    engine: Engine, actor: Actor, area_code: str, file_name: str, media_type: str, content: bytes
) -> str:
    """Keep a file whose content was checked; gives the identifier that a field ``attachments`` lists."""
    _check_perimeter(actor, [area_code])
    identifier = uuid.uuid4().hex
    with write_transaction(engine) as connection:
        connection.execute(
            insert(cooperation_attachment).values(
                attachment_id=identifier,
                file_name=clean_line(file_name)[-120:],
                media_type=media_type,
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                added_at=datetime.now(UTC),
                actor_name=actor.name,
                actor_structure=actor.structure,
            )
        )
    return identifier


def read_attachments(engine: Engine, identifiers: Iterable[str]) -> tuple[Attachment, ...]:
    """What is known of these files, without their content; the unknown ones are passed over."""
    table = cooperation_attachment
    statement = select(
        table.c.attachment_id,
        table.c.file_name,
        table.c.media_type,
        func.length(table.c.content),
        table.c.added_at,
        table.c.actor_name,
    ).where(table.c.attachment_id.in_(list(identifiers)))
    with engine.connect() as connection:
        return tuple(Attachment(*row) for row in connection.execute(statement.order_by(table.c.added_at)))


def read_attachment_content(engine: Engine, identifier: str) -> bytes:
    """The bytes of a file; :class:`UserFacingError` ``attachment_gone`` when there is none."""
    table = cooperation_attachment
    with engine.connect() as connection:
        content = connection.execute(
            select(table.c.content).where(table.c.attachment_id == identifier)
        ).scalar()
    if content is None:
        raise UserFacingError("attachment_gone")
    return bytes(content)


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
            row = _change_row(change, number, first + change.batch_id)
            rows.append({**row, "before": values.get(change.key, "")})
            values[change.key] = change.after
            entries[change.key] = {
                **_key_values(change.key),
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
        {**_key_values(key), "snapshot_id": number, "value": value, "is_demonstration": True}
        for key, value in state.items()
        if value
    ]
    if rows:
        connection.execute(insert(cooperation_snapshot_entry), rows)


def empty_demonstration(engine: Engine) -> int:
    """Take every invented record away, their history and their snapshots; how many fields that was."""
    with write_transaction(engine) as connection:
        return _empty_demonstration(connection)


def rating_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """Ratings by ``basin_code, from_partner, to_partner``: ``level, rated_on, rated_by, evidence``."""
    import pandas as pd

    rows = []
    for (area, _, key), fields in sorted(_by_record(entries, RecordKind.RATING).items()):
        first, second = split_rating_key(key)
        level, day = _value(fields, "level"), _value(fields, "rated_on")
        rows.append(
            (
                area,
                first.value,
                second.value,
                int(level) if level else None,
                pd.Timestamp(day) if day else pd.NaT,
                _value(fields, "rated_by"),
                _value(fields, "evidence"),
                next(iter(fields.values())).is_demonstration,
            )
        )
    return _typed(
        rows,
        {
            "basin_code": "str",
            "from_partner": "str",
            "to_partner": "str",
            "level": "Int64",
            "rated_on": "datetime64[s]",
            "rated_by": "str",
            "evidence": "str",
            "is_demonstration": "bool",
        },
    )


def modality_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """Modalities by ``basin_code, modality``; ``updated_on`` is the day of the latest change."""
    import pandas as pd

    rows = []
    for (area, _, key), fields in sorted(_by_record(entries, RecordKind.MODALITY).items()):
        since = _value(fields, "since_on")
        updated = max(entry.changed_at for entry in fields.values())
        rows.append(
            (
                area,
                key,
                _value(fields, "status") or ModalityStatus.NOT_REPORTED.value,
                *(_value(fields, name) for name in ("description", "pilot", "frequency", "next_step")),
                pd.Timestamp(since) if since else pd.NaT,
                pd.Timestamp(updated.date()),
                next(iter(fields.values())).is_demonstration,
            )
        )
    return _typed(
        rows,
        {
            "basin_code": "str",
            "modality": "str",
            "status": "str",
            "description": "str",
            "pilot": "str",
            "frequency": "str",
            "next_step": "str",
            "since_on": "datetime64[s]",
            "updated_on": "datetime64[s]",
            "is_demonstration": "bool",
        },
    )


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


def _read_entries(connection: Connection, *, include_demonstration: bool) -> tuple[Entry, ...]:
    statement = select(
        *(_entry[name] for name in _KEY_NAMES),
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


def _save(
    connection: Connection,
    actor: Actor,
    edits: Sequence[Edit],
    cause: str,
    now: datetime,
    undone_batch_id: int | None = None,
) -> SaveResult:
    """``edits`` are cleaned; the transaction is alone in writing."""
    latest = {edit.key: edit for edit in edits}
    current = _current(connection, list(latest))
    beaten = {key.record for key, edit in latest.items() if _is_beaten(current.get(key), edit)}
    is_undo = undone_batch_id is not None
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
    changes: list[Change] = []
    if written:
        batch, number = _next(connection, _change.batch_id), _next(connection, _change.change_id)
        changes = [
            Change(number + i, batch, now, actor.name, actor.structure, cause, key, before, after)
            for i, (key, before, after) in enumerate(written)
        ]
        connection.execute(
            insert(cooperation_change),
            [{**_change_row(c, c.change_id, batch), "undone_batch_id": undone_batch_id} for c in changes],
        )
        _put_entries(connection, changes, set(current))
    conflicts = [_note_conflict(connection, actor, key, value, now) for key, _, value in refused]
    return SaveResult(tuple(changes), tuple(conflicts))


def _edit_back(connection: Connection, actor: Actor, row: Row) -> Edit | None:
    """What takes one change back; None when a colleague wrote since and this was already asked about."""
    key = _key_of(row)
    changes = connection.execute(
        select(_change.change_id, _change.batch_id, _change.undone_batch_id)
        .where(_change.is_demonstration.is_(False), *_matches(cooperation_change, key))
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
        *_matches(cooperation_conflict, key),
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
            *(_entry[name] == bindparam(f"key_{name}") for name in _KEY_NAMES),
        )
        connection.execute(
            update(cooperation_entry).where(matches),
            [
                {
                    **{f"key_{name}": value for name, value in _key_values(c.key).items()},
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
                {**_key_values(c.key), "value": c.after, "change_id": c.change_id, "is_demonstration": False}
                for c in new
            ],
        )


def _note_conflict(
    connection: Connection, actor: Actor, key: FieldKey, proposed: str, now: datetime
) -> Conflict:
    # The same value proposed again by the same person waits once.
    waiting = connection.execute(
        select(cooperation_conflict).where(
            *_matches(cooperation_conflict, key),
            _conflict.resolved_at.is_(None),
            _conflict.actor_name == actor.name,
            _conflict.actor_structure == actor.structure,
            _conflict.proposed == proposed,
        )
    ).first()
    if waiting is not None:
        return _conflict_of(connection, waiting)
    number = _next(connection, _conflict.conflict_id)
    connection.execute(
        insert(cooperation_conflict).values(
            conflict_id=number,
            noted_at=now,
            actor_name=actor.name,
            actor_structure=actor.structure,
            proposed=proposed,
            resolution="",
            **_key_values(key),
        )
    )
    row = connection.execute(select(cooperation_conflict).where(_conflict.conflict_id == number)).one()
    return _conflict_of(connection, row)


def _conflict_of(connection: Connection, row: Row) -> Conflict:
    key = _key_of(row)
    standing = connection.execute(
        select(cooperation_change)
        .join(cooperation_entry, _entry.change_id == _change.change_id)
        .where(_entry.is_demonstration.is_(False), *_matches(cooperation_entry, key))
    ).one_or_none()
    return Conflict(
        row.conflict_id,
        row.noted_at,
        row.actor_name,
        row.actor_structure,
        key,
        row.proposed,
        None if standing is None else _change_of(standing),
    )


@dataclass(frozen=True)
class _Standing:
    """What a field holds in one layer, and the change that gave it."""

    value: str
    change_id: int
    cause: str


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
    chosen = sorted({key.record for key in wanted})
    found: dict[FieldKey, _Standing] = {}
    for start in range(0, len(chosen), 200):
        records = [
            and_(_entry.area_code == area, _entry.kind == kind.value, _entry.record_key == record)
            for area, kind, record in chosen[start : start + 200]
        ]
        statement = (
            select(*(_entry[name] for name in _KEY_NAMES), _entry.value, _entry.change_id, _change.cause)
            .join(cooperation_change, _change.change_id == _entry.change_id)
            .where(_entry.is_demonstration.is_(is_demonstration), or_(*records))
        )
        for row in connection.execute(statement):
            if (key := _key_of(row)) in wanted:
                found[key] = _Standing(row.value, row.change_id, row.cause)
    return found


def _insert_snapshot_entries(connection: Connection, number: int, entries: Iterable[Entry]) -> None:
    rows = [
        {
            **_key_values(e.key),
            "snapshot_id": number,
            "value": e.value,
            "is_demonstration": e.is_demonstration,
        }
        for e in entries
        if e.value
    ]
    if rows:
        connection.execute(insert(cooperation_snapshot_entry), rows)


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


def _next(connection: Connection, column) -> int:  # type: ignore[no-untyped-def]
    return max(0, connection.execute(select(func.max(column))).scalar() or 0) + 1


def _check_perimeter(actor: Actor, areas: Iterable[str]) -> None:
    for area in sorted(set(areas)):
        if not actor.name or not actor.may_edit(area):
            raise PerimeterError("inventory_perimeter", area=area)


def _key_values(key: FieldKey) -> dict[str, str]:
    return {
        "area_code": key.area_code,
        "kind": key.kind.value,
        "record_key": key.record_key,
        "field": key.field,
    }


def _matches(table, key: FieldKey):  # type: ignore[no-untyped-def]
    return [table.c[name] == value for name, value in _key_values(key).items()]


def _key_of(row: Row) -> FieldKey:
    return FieldKey(row.area_code, RecordKind(row.kind), row.record_key, row.field)


def _change_row(change: Change, change_id: int, batch_id: int) -> dict[str, object]:
    return {
        "change_id": change_id,
        "batch_id": batch_id,
        "changed_at": change.changed_at,
        "actor_name": change.actor_name,
        "actor_structure": change.actor_structure,
        "cause": change.cause,
        **_key_values(change.key),
        "before": change.before,
        "after": change.after,
        "undone_batch_id": None,
        "is_demonstration": change_id < 0,
    }


def _change_of(row: Row) -> Change:
    return Change(
        row.change_id,
        row.batch_id,
        row.changed_at,
        row.actor_name,
        row.actor_structure,
        row.cause,
        _key_of(row),
        row.before,
        row.after,
        row.is_demonstration,
    )


def _by_record(
    entries: Iterable[Entry], kind: RecordKind
) -> dict[tuple[str, RecordKind, str], dict[str, Entry]]:
    found: dict[tuple[str, RecordKind, str], dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        if entry.key.kind is kind:
            found[entry.key.record][entry.key.field] = entry
    return found


def _value(fields: Mapping[str, Entry], name: str) -> str:
    return fields[name].value if name in fields else ""


def _typed(rows: Sequence[tuple[object, ...]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    columns = zip(*rows, strict=True) if rows else ((),) * len(dtypes)
    return pd.DataFrame(
        {
            name: pd.Series(list(column), dtype=dtype)
            for (name, dtype), column in zip(dtypes.items(), columns, strict=True)
        }
    )
