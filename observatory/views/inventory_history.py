"""What happened to an inventory, in words: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from observatory.domain.indicators import Catalogue
from observatory.domain.inventory import Change, Conflict, FieldKey, RecordKind
from observatory.french.inventory import CAUSE_LABELS, field_label, record_label, value_text
from observatory.french.inventory_page import ATTACHMENT_COUNT, INSTEAD_OF_INVENTED, NOBODY
from observatory.french.numbers import format_date
from observatory.views.inventory_records import BasinRecords

_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class HistoryLine:
    """One change, as a person reads it."""

    when: str
    who: str
    what: str
    field: str
    before: str
    after: str
    cause: str
    is_demonstration: bool


@dataclass(frozen=True)
class ConflictCard:
    """Two values of one field between which somebody has to choose."""

    conflict_id: int
    what: str
    current: str
    current_by: str
    proposed: str
    proposed_by: str
    seen: int | None
    """Number of the change that stands, as this card shows it."""


def history_lines(
    changes: Iterable[Change],
    records: BasinRecords,
    catalogue: Catalogue,
    instead: Collection[int] = (),
) -> tuple[HistoryLine, ...]:
    """Changes in words, in the order given; ``instead``: saves that took an invented record's place."""
    return tuple(
        HistoryLine(
            moment_text(change.changed_at),
            signature(change.actor_name, change.actor_structure),
            subject(change.key, records),
            field_label(change.key),
            said(change.key, change.before, catalogue),
            said(change.key, change.after, catalogue),
            _cause(change, instead),
            change.is_demonstration,
        )
        for change in changes
    )


def _cause(change: Change, instead: Collection[int]) -> str:
    cause = CAUSE_LABELS.get(change.cause, change.cause)
    return f"{cause}, {INSTEAD_OF_INVENTED}" if change.batch_id in instead else cause


def conflict_cards(
    conflicts: Iterable[Conflict], records: BasinRecords, catalogue: Catalogue
) -> tuple[ConflictCard, ...]:
    """What waits for a choice, with both values and who wrote them."""
    cards = []
    for conflict in conflicts:
        standing = conflict.current
        cards.append(
            ConflictCard(
                conflict.conflict_id,
                subject(conflict.key, records),
                said(conflict.key, standing.after if standing else "", catalogue),
                _signed(standing.actor_name, standing.actor_structure, standing.changed_at)
                if standing
                else "",
                said(conflict.key, conflict.proposed, catalogue),
                _signed(conflict.actor_name, conflict.actor_structure, conflict.noted_at),
                standing.change_id if standing else None,
            )
        )
    return tuple(cards)


def subject(key: FieldKey, records: BasinRecords) -> str:
    """Record and field, in words."""
    record = records.find(key.kind, key.record_key)
    title = record.title if record.entries else record_label(key)
    return title if key.kind is RecordKind.DIAGNOSIS else f"{title} · {field_label(key)}"


def said(key: FieldKey, value: str, catalogue: Catalogue) -> str:
    """A value as a person reads it: an indicator by its name, files by their number."""
    if value and key.field == "indicator" and value in catalogue.indicators:
        return catalogue.indicators[value].label
    if value and key.field == "attachments":
        count = len(value.split())
        return ATTACHMENT_COUNT.format(count=count, plural="s" if count > 1 else "")
    return value_text(key, value)


def signature(name: str, structure: str) -> str:
    """Name and structure of who wrote."""
    return ", ".join(text for text in (name, structure) if text) or NOBODY


def moment_text(moment: datetime) -> str:
    """Day and hour in France.

    >>> moment_text(datetime(2026, 11, 23, 13, 5, tzinfo=UTC))
    '23 novembre 2026, 14\\u202fh\\u202f05'
    """
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_PARIS)
    return f"{format_date(local)}, {local.hour}\u202fh\u202f{local.minute:02d}"


def _signed(name: str, structure: str, moment: datetime) -> str:
    return f"{signature(name, structure)}, {moment_text(moment)}"
