"""What changed between two states of the inventory, in words: before, after, never a score.

A state is what was known of each field at an instant; a field that is absent was not reported. Basins keep
the order of the territory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from observatory.domain.cooperation import Modality, Partner
from observatory.domain.indicators import Catalogue
from observatory.domain.inventory import (
    FIELDS,
    REGION_AREA,
    REMOVED,
    SIGNATURE,
    DiagnosisPart,
    FieldForm,
    FieldKey,
    RecordKind,
    field_spec,
    records,
)
from observatory.french import numbers, region
from observatory.french.cooperation import MODALITY_LABELS
from observatory.french.inventory import NOT_REPORTED, field_label, record_label, value_text
from observatory.french.texts import REGION_NAME
from observatory.views.observatory import Observatory

Record = tuple[str, RecordKind, str]

_GROUP = {
    RecordKind.ACTION: "actions",
    RecordKind.DIAGNOSIS: "diagnosis",
    RecordKind.RESOURCE: "resources",
    RecordKind.REPLY: "replies",
    RecordKind.FRAMEWORK: "framework",
}
_GROUP_ORDER = {group: position for position, group in enumerate(region.CHANGE_GROUPS)}
_MODALITY_ORDER = {m.value: position for position, m in enumerate(Modality)}
_WHOLE = frozenset({RecordKind.RESOURCE, RecordKind.ACTION, RecordKind.REPLY, RecordKind.DIAGNOSIS})
"""Records that come and go as a whole: told in one line then."""
_NAMING = {
    RecordKind.RESOURCE: ("label",),
    RecordKind.ACTION: ("action", "finding"),
    RecordKind.REPLY: ("text",),
    RecordKind.DIAGNOSIS: ("text",),
}
LONGEST = 220
"""Characters shown of a text on one side of a change."""


@dataclass(frozen=True)
class Standing:
    """The inventory as it stood: a name, an instant, what was reported, which of it is invented."""

    name: str
    at: datetime | None
    state: Mapping[FieldKey, str]
    invented: frozenset[FieldKey] = frozenset()

    @property
    def is_demonstration(self) -> bool:
        """Whether an invented field is in it."""
        return bool(self.invented)

    @property
    def real(self) -> Mapping[FieldKey, str]:
        """What was reported, without what is invented."""
        return {key: value for key, value in self.state.items() if key not in self.invented}


@dataclass(frozen=True)
class ChangeLine:
    """One change. ``nature``: ``reported`` (was unknown), ``changed``, ``withdrawn`` (is unknown again)."""

    area_code: str
    area_label: str
    group: str
    nature: str
    modality: str
    subject: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class GroupCount:
    """How many changes of one group, by nature, and in how many basins."""

    group: str
    label: str
    reported: int
    changed: int
    withdrawn: int
    basins: int


@dataclass(frozen=True)
class Block:
    """Changes under one heading: a basin, or a modality."""

    label: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True)
class RegionChanges:
    """Every change between two states, and how they are counted."""

    title: str
    before_name: str
    after_name: str
    lines: tuple[ChangeLine, ...]
    counts: tuple[GroupCount, ...]
    untouched: tuple[str, ...]
    is_demonstration: bool


def present(observatory: Observatory) -> Standing:
    """The inventory as it stands now."""
    shown = [entry for entry in observatory.entries if entry.value]
    return Standing(
        region.NOW,
        max((entry.changed_at for entry in shown), default=None),
        {entry.key: entry.value for entry in shown},
        frozenset(entry.key for entry in shown if entry.is_demonstration),
    )


def build_changes(observatory: Observatory, before: Standing, after: Standing) -> RegionChanges:
    """What is not the same in ``after`` as in ``before``; basins that are no longer known are left out.

    When one of the two holds nothing invented, what is invented in the other is left out too: emptying the
    demonstration, or filling it, is no change of the inventory.
    """
    is_mixed = before.is_demonstration != after.is_demonstration
    old, new = (before.real, after.real) if is_mixed else (before.state, after.state)
    lines = tuple(_lines(observatory, old, new))
    touched = {line.area_code for line in lines}
    return RegionChanges(
        title=_title(before, after, lines, len(observatory.basins)),
        before_name=before.name,
        after_name=after.name,
        lines=lines,
        counts=_counts(lines),
        untouched=tuple(b.basin_label for code, b in observatory.basins.items() if code not in touched),
        is_demonstration=not is_mixed and before.is_demonstration,
    )


def narrow(
    lines: Iterable[ChangeLine], *, groups: Collection[str] = (), area: str = "", modality: str = ""
) -> tuple[ChangeLine, ...]:
    """Lines of these groups (none named: all of them), of this area, of this modality."""
    return tuple(
        line
        for line in lines
        if (not groups or line.group in groups)
        and (not area or line.area_code == area)
        and (not modality or line.modality == modality)
    )


def by_area(lines: Iterable[ChangeLine]) -> tuple[Block, ...]:
    """Lines under the name of their basin, in the order of the territory; the region last."""
    found: dict[str, list[ChangeLine]] = {}
    for line in lines:
        found.setdefault(line.area_code, []).append(line)
    return tuple(Block(block[0].area_label, tuple(block)) for block in found.values())


def by_modality(lines: Iterable[ChangeLine]) -> tuple[Block, ...]:
    """Lines that speak of a modality under its name, in the order of the convention."""
    kept = [line for line in lines if line.modality]
    return tuple(
        Block(MODALITY_LABELS[modality], tuple(line for line in kept if line.modality == modality.value))
        for modality in Modality
        if any(line.modality == modality.value for line in kept)
    )


def _lines(
    observatory: Observatory, before: Mapping[FieldKey, str], after: Mapping[FieldKey, str]
) -> Iterable[ChangeLine]:
    touched = {k.record for k in before.keys() | after.keys() if before.get(k, "") != after.get(k, "")}
    old = records({k: v for k, v in before.items() if k.record in touched})
    new = records({k: v for k, v in after.items() if k.record in touched})
    places = {code: position for position, code in enumerate([*observatory.basins, REGION_AREA])}
    found: list[tuple[tuple[int, int, tuple[int, ...], str, int], ChangeLine]] = []
    for record in touched:
        area, kind, key = record
        if area not in places:
            continue
        for rank, line in enumerate(
            _record_lines(observatory, record, old.get(record, {}), new.get(record, {}))
        ):
            place = (places[area], _GROUP_ORDER[line.group], _record_order(kind, key), key, rank)
            found.append((place, line))
    return [line for _, line in sorted(found, key=lambda item: item[0])]


def _record_lines(
    observatory: Observatory, record: Record, old: dict[str, str], new: dict[str, str]
) -> Iterable[ChangeLine]:
    area, kind, key = record
    was, is_there = bool(old) and REMOVED not in old, bool(new) and REMOVED not in new
    if kind in _WHOLE and not (was and is_there):
        if was != is_there:
            yield _whole_line(observatory, record, old if was else new, is_added=is_there)
        return
    is_level_new = old.get("level") != new.get("level")
    for spec in FIELDS[kind]:
        before, after = old.get(spec.name, ""), new.get(spec.name, "")
        if before == after or spec.name == REMOVED:
            continue
        if is_level_new and spec.name in SIGNATURE:
            continue  # who gave the level and when changes with it: one answer, one line
        place = FieldKey(area, kind, key, spec.name)
        yield ChangeLine(
            area,
            _area_label(observatory, area),
            _group(place),
            "reported" if not before else "changed" if after else "withdrawn",
            _modality_of(place, new or old),
            _subject(place, new or old),
            field_label(place),
            _words(observatory.catalogue, place, before),
            _words(observatory.catalogue, place, after),
        )


def _whole_line(
    observatory: Observatory, record: Record, fields: dict[str, str], *, is_added: bool
) -> ChangeLine:
    area, kind, key = record
    place = FieldKey(area, kind, key, FIELDS[kind][0].name)
    words = _shorten(_name(kind, fields) or region.UNNAMED.get(kind, NOT_REPORTED))
    is_list = kind is not RecordKind.DIAGNOSIS
    absent = region.OFF_LIST if is_list else NOT_REPORTED
    return ChangeLine(
        area,
        _area_label(observatory, area),
        _GROUP[kind],
        "reported" if is_added else "withdrawn",
        _modality_of(place, fields),
        (region.ADDED if is_added else region.TAKEN_OFF)[kind]
        if is_list and kind is not RecordKind.REPLY
        else record_label(place),
        "" if is_list and kind is not RecordKind.REPLY else field_label(place),
        absent if is_added else words,
        words if is_added else absent,
    )


def _group(key: FieldKey) -> str:
    if key.kind is RecordKind.MODALITY:
        return "statuses" if key.field == "status" else "details"
    if key.kind is RecordKind.RATING:
        return "levels" if key.field == "level" else "details"
    return _GROUP[key.kind]


def _modality_of(key: FieldKey, fields: Mapping[str, str]) -> str:
    if key.kind in (RecordKind.MODALITY, RecordKind.FRAMEWORK):
        return key.record_key
    if key.kind is RecordKind.REPLY:
        return key.record_key.partition(">")[2]
    return fields.get("modality", "") if key.kind is RecordKind.ACTION else ""


def _subject(key: FieldKey, fields: Mapping[str, str]) -> str:
    if key.kind in (RecordKind.RESOURCE, RecordKind.ACTION):
        # A field is named after it: a full stop would stand before the comma.
        return _shorten(_name(key.kind, fields) or region.UNNAMED[key.kind], 90).rstrip(".")
    return record_label(key)


def _name(kind: RecordKind, fields: Mapping[str, str]) -> str:
    return next((fields[name] for name in _NAMING[kind] if fields.get(name)), "")


def _words(catalogue: Catalogue, key: FieldKey, value: str) -> str:
    form = field_spec(key.kind, key.field).form
    if value and form is FieldForm.ATTACHMENTS:
        count = len(value.split())
        return "une pièce" if count == 1 else f"{numbers.count_word(count)} pièces"
    if value and form is FieldForm.INDICATOR and value in catalogue.indicators:
        return catalogue.indicators[value].label
    return _shorten(value_text(key, value))


def _shorten(text: str, longest: int = LONGEST) -> str:
    """One line of at most ``longest`` characters, cut between two words.

    >>> _shorten("un deux trois", 9)
    'un deux…'
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut) + "…"


def _record_order(kind: RecordKind, key: str) -> tuple[int, ...]:
    if kind in (RecordKind.MODALITY, RecordKind.FRAMEWORK):
        return 0, _MODALITY_ORDER[key]
    if kind in (RecordKind.RATING, RecordKind.REPLY):
        order = {p.value: position for position, p in enumerate(Partner)}
        first, _, second = key.partition(">")
        return 1, order[first], order.get(second, _MODALITY_ORDER.get(second, 0))
    if kind is RecordKind.DIAGNOSIS:
        return 0, [part.value for part in DiagnosisPart].index(key)
    return (0,)


def _area_label(observatory: Observatory, area: str) -> str:
    return REGION_NAME if area == REGION_AREA else observatory.basins[area].basin_label


def _counts(lines: tuple[ChangeLine, ...]) -> tuple[GroupCount, ...]:
    found = []
    for group, label in region.CHANGE_GROUPS.items():
        mine = [line for line in lines if line.group == group]
        reported, changed, withdrawn = (sum(li.nature == nature for li in mine) for nature in region.NATURES)
        areas = {line.area_code for line in mine} - {REGION_AREA}
        found.append(GroupCount(group, label, reported, changed, withdrawn, len(areas)))
    return tuple(found)


def _title(before: Standing, after: Standing, lines: tuple[ChangeLine, ...], basins: int) -> str:
    since = f"Depuis « {before.name} »"
    if after.name != region.NOW:
        since = f"De « {before.name} » à « {after.name} »"
    touched = len({line.area_code for line in lines} - {REGION_AREA})
    if not lines:
        return f"{since} : rien n’a changé"
    if not touched:
        return f"{since} : le cadre a changé, l’inventaire des bassins non"
    answers = "une réponse a changé" if len(lines) == 1 else f"{numbers.format_number(len(lines))} réponses"
    if len(lines) > 1:
        answers += " ont changé"
    where = "dans un bassin" if touched == 1 else f"dans {touched} bassins"
    return f"{since} : {answers}, {where} sur {basins}"
