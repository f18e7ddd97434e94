"""The inventory of one basin, record by record, with what is needed to write each field again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from observatory.domain.inventory import REMOVED, Edit, Entry, FieldKey, RecordKind, is_listed
from observatory.french.inventory import record_label
from observatory.views.inventory_origin import Origin, origin_of
from observatory.views.observatory import Observatory

_NAMED_BY = {RecordKind.RESOURCE: "label", RecordKind.ACTION: "action"}
_LONGEST_TITLE = 80


@dataclass(frozen=True)
class Record:
    """One record; a record that nobody has written has no entry."""

    area_code: str
    kind: RecordKind
    key: str
    entries: Mapping[str, Entry]

    def value(self, name: str) -> str:
        """Text of a field, empty when it is not reported."""
        entry = self.entries.get(name)
        return entry.value if entry else ""

    def seen(self, name: str) -> int | None:
        """Number of the change that a person has in front of them; None for a blank or invented field."""
        entry = self.entries.get(name)
        return entry.change_id if entry and not entry.is_demonstration else None

    def field(self, name: str) -> FieldKey:
        """Key of one of its fields."""
        return FieldKey(self.area_code, self.kind, self.key, name)

    def edit(self, name: str, value: str) -> Edit:
        """What writes ``value`` over what is shown."""
        return Edit(self.field(name), value, self.seen(name))

    @property
    def is_reported(self) -> bool:
        """Whether something is said in it, and it was not taken off the list."""
        return not self.value(REMOVED) and any(entry.value for entry in self.entries.values())

    @property
    def is_example(self) -> bool:
        """Whether it is an invented record of a list: shown, never edited; one adds one's own beside it."""
        return is_listed(self.kind) and any(entry.is_demonstration for entry in self.entries.values())

    @property
    def is_invented(self) -> bool:
        """Whether what it says is invented."""
        return any(entry.is_demonstration and entry.value for entry in self.entries.values())

    @property
    def title(self) -> str:
        """What it is about, in words; a resource and an action say it themselves."""
        own = self.value(_NAMED_BY.get(self.kind, ""))
        named = f"{own[:_LONGEST_TITLE]}…" if len(own) > _LONGEST_TITLE else own
        return named or record_label(self.field("text"))


@dataclass(frozen=True)
class BasinRecords:
    """Records of one basin by kind and key."""

    area_code: str
    records: Mapping[tuple[RecordKind, str], Record]

    def find(self, kind: RecordKind, key: str) -> Record:
        """The record, without entries when nobody has written it."""
        return self.records.get((kind, key)) or Record(self.area_code, kind, key, {})

    def listed(self, kind: RecordKind) -> tuple[Record, ...]:
        """Records of a kind that say something, in the order in which they were made."""
        found = [r for r in self.records.values() if r.kind is kind and r.is_reported]
        return tuple(sorted(found, key=lambda r: (abs(min(e.change_id for e in r.entries.values())), r.key)))

    @cached_property
    def is_mixed(self) -> bool:
        """Whether invented records are shown beside real ones: each is marked then."""
        entries = (entry for record in self.records.values() for entry in record.entries.values())
        return origin_of(entries) is Origin.PARTLY_INVENTED


def basin_records(observatory: Observatory, area_code: str) -> BasinRecords:
    """All that is reported of one basin."""
    found: dict[tuple[RecordKind, str], dict[str, Entry]] = {}
    for entry in observatory.entries:
        if entry.key.area_code == area_code:
            found.setdefault((entry.key.kind, entry.key.record_key), {})[entry.key.field] = entry
    return BasinRecords(
        area_code,
        {(kind, key): Record(area_code, kind, key, fields) for (kind, key), fields in found.items()},
    )
