"""What the inventory of cooperation holds, field by field, and who may write it.

A *record* is one pair, one modality, one resource, one part of the diagnosis, one action, one reply or one
line of the framework. Each of its fields is a text with a form of its own (:data:`FIELDS`); the empty text
means "not reported", which is neither "not done" nor zero. Every change of a field is kept (:class:`Change`),
so that the present state is what the changes replay to (:func:`replay`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import permutations
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from observatory.domain.cooperation import CooperationLevel, Modality, ModalityStatus, Partner
from observatory.errors import UserFacingError

REGION_AREA = "REG93"
"""Area of the records that belong to the whole region (the framework)."""


class RecordKind(StrEnum):
    """Kinds of records of the inventory."""

    RATING = "rating"
    MODALITY = "modality"
    RESOURCE = "resource"
    DIAGNOSIS = "diagnosis"
    ACTION = "action"
    REPLY = "reply"
    FRAMEWORK = "framework"


class FieldForm(StrEnum):
    """Form of the text of a field."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    LINK = "link"
    INDICATOR = "indicator"
    ATTACHMENTS = "attachments"


class FacilitationMode(StrEnum):
    """Who leads an instance: one structure, or two together."""

    ANIMATION = "animation"
    COANIMATION = "coanimation"


class ResourceNature(StrEnum):
    """What can be called on in a basin."""

    ACTOR = "actor"
    TOOL = "tool"
    ACTION = "action"


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    DROPPED = "dropped"


class ActionEffect(StrEnum):
    """What is seen of the effect that was expected of an action."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"
    TOO_EARLY = "too_early"


class DiagnosisPart(StrEnum):
    """Parts of the shared diagnosis of a basin."""

    NEEDS = "needs"
    CAUSES = "causes"
    SHARED_READING = "shared_reading"


class FrameworkState(StrEnum):
    """Whether a line of the framework is a draft or was agreed by those who adopt it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"


@dataclass(frozen=True)
class FieldSpec:
    """One field: its name, the form of its text, its longest length, and its codes when it is a choice."""

    name: str
    form: FieldForm
    longest: int = 300
    codes: tuple[str, ...] = ()


def _choice(name: str, codes: Iterable[object]) -> FieldSpec:
    return FieldSpec(name, FieldForm.CHOICE, 40, tuple(str(code) for code in codes))


def _line(name: str, longest: int = 200) -> FieldSpec:
    return FieldSpec(name, FieldForm.LINE, longest)


def _text(name: str, longest: int = 2000) -> FieldSpec:
    return FieldSpec(name, FieldForm.TEXT, longest)


def _day(name: str) -> FieldSpec:
    return FieldSpec(name, FieldForm.DATE, 10)


REMOVED = "removed"
"""Field of the records that can be taken off a list; their history stays."""

_REPORTED_STATUSES = tuple(s for s in ModalityStatus if s is not ModalityStatus.NOT_REPORTED)

FIELDS: dict[RecordKind, tuple[FieldSpec, ...]] = {
    RecordKind.RATING: (
        _choice("level", (int(level) for level in CooperationLevel)),
        _text("evidence", 600),
        _line("rated_by"),
        _day("rated_on"),
    ),
    RecordKind.MODALITY: (
        _choice("status", _REPORTED_STATUSES),
        _text("description"),
        _line("instance"),
        _line("frequency"),
        _line("pilot"),
        _line("co_pilot"),
        _choice("facilitation", FacilitationMode),
        _line("participants", 400),
        _line("tools", 400),
        _text("evidence"),
        FieldSpec("evidence_link", FieldForm.LINK, 500),
        FieldSpec("attachments", FieldForm.ATTACHMENTS, 800),
        _day("since_on"),
        _text("next_step", 600),
        _text("difficulty", 600),
    ),
    RecordKind.RESOURCE: (
        _line("label"),
        _choice("nature", ResourceNature),
        _line("structure"),
        _line("contact", 300),
        _line("capacity"),
        _line("public"),
        _line("place"),
        _choice(REMOVED, ("1",)),
    ),
    RecordKind.DIAGNOSIS: (_text("text", 6000),),
    RecordKind.ACTION: (
        _text("finding", 600),
        _text("action", 600),
        _line("pilot"),
        _day("due_on"),
        FieldSpec("indicator", FieldForm.INDICATOR, 60),
        _text("expected_effect", 400),
        _choice("modality", Modality),
        _choice("state", ActionState),
        _choice("effect", ActionEffect),
        _text("effect_seen", 600),
        _text("blocking_condition", 600),
        _choice(REMOVED, ("1",)),
    ),
    RecordKind.REPLY: (_text("text", 2000), _choice(REMOVED, ("1",))),
    RecordKind.FRAMEWORK: (
        _text("shared_points", 3000),
        _text("practice", 3000),
        _text("adopters", 600),
        _day("due_on"),
        _choice("state", FrameworkState),
    ),
}
"""Fields of each kind, in the order in which they are read."""

_CODED_KEYS: dict[RecordKind, frozenset[str]] = {
    RecordKind.RATING: frozenset(f"{a}>{b}" for a, b in permutations(Partner, 2)),
    RecordKind.MODALITY: frozenset(Modality),
    RecordKind.DIAGNOSIS: frozenset(DiagnosisPart),
    RecordKind.FRAMEWORK: frozenset(Modality),
    RecordKind.REPLY: frozenset(f"{p}>{m}" for p in Partner for m in Modality),
}
SIGNATURE = ("rated_by", "rated_on")
"""Fields of a rating that say whose it is and of which day: nothing is said by them alone."""

_HERE = ZoneInfo("Europe/Paris")
_FREE_KEY = re.compile(r"[a-z0-9-]{4,40}")
_BASIN = re.compile(r"[A-Z]{2}[0-9]{2}")
_LINE_BREAK = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
# Joiners belong to some scripts and pictures; other invisible characters turn a text round or hide in it.
_JOINERS = {"\u200c", "\u200d"}
_NOT_CHARACTERS = {"\ufffe", "\uffff"}  # no document (XLSX, DOCX) may hold them
_LONGEST_NAME = 120
_YEARS = range(1900, 2101)


class InventoryValueError(UserFacingError):
    """A value that a field cannot hold; ``params`` name the field, the value and what is allowed."""


@dataclass(frozen=True, order=True)
class FieldKey:
    """One field of one record of one area."""

    area_code: str
    kind: RecordKind
    record_key: str
    field: str

    @property
    def record(self) -> tuple[str, RecordKind, str]:
        """The record that the field belongs to."""
        return self.area_code, self.kind, self.record_key


@dataclass(frozen=True)
class Actor:
    """Who writes: a name, a structure, and the areas of their perimeter (None: the regional team, all).

    >>> Actor("A. Exemple", "CIO", frozenset({"AM01"})).may_edit("AM02")
    False
    """

    name: str
    structure: str
    perimeter: frozenset[str] | None = frozenset()

    def __post_init__(self) -> None:
        # Kept for ever beside what they wrote: one line, nothing invisible.
        object.__setattr__(self, "name", clean_line(self.name)[:_LONGEST_NAME].rstrip())
        object.__setattr__(self, "structure", clean_line(self.structure)[:_LONGEST_NAME].rstrip())

    def may_edit(self, area_code: str) -> bool:
        """Whether this person may write the records of an area; everyone may read."""
        return self.perimeter is None or area_code in self.perimeter


@dataclass(frozen=True)
class Edit:
    """A value to write, and what was seen before.

    ``seen`` is the number of the change that the person had in front of them, so that a colleague's change in
    between is noticed; None when nothing real was written in the field, or when what is shown is invented.
    """

    key: FieldKey
    value: str
    seen: int | None = None


@dataclass(frozen=True)
class Change:
    """One change of one field, as kept for ever."""

    change_id: int
    batch_id: int
    changed_at: datetime
    actor_name: str
    actor_structure: str
    cause: str
    key: FieldKey
    before: str
    after: str
    is_demonstration: bool = False


@dataclass(frozen=True)
class Entry:
    """Present value of one field and the change that gave it."""

    key: FieldKey
    value: str
    change_id: int
    changed_at: datetime
    actor_name: str
    actor_structure: str
    is_demonstration: bool = False


@dataclass(frozen=True)
class Conflict:
    """A value that was not written because a colleague had changed the field: kept until somebody chooses."""

    conflict_id: int
    noted_at: datetime
    actor_name: str
    actor_structure: str
    key: FieldKey
    proposed: str
    current: Change | None = field(default=None, compare=False)


def is_listed(kind: RecordKind) -> bool:
    """Whether people add records of this kind to a list; the others are the same in every basin.

    >>> is_listed(RecordKind.ACTION), is_listed(RecordKind.RATING)
    (True, False)
    """
    return kind not in _CODED_KEYS


def signature_of(level: FieldKey, said_by: str, said_at: datetime) -> dict[FieldKey, str]:
    """Which structure gives a level and on which day in France: a new level never keeps another's.

    >>> key = FieldKey("AM01", RecordKind.RATING, "cio>pjj", "level")
    >>> list(signature_of(key, "CIO", datetime.fromisoformat("2026-11-23T23:30+00:00")).values())
    ['CIO', '2026-11-24']
    """
    texts = (said_by, said_at.astimezone(_HERE).date().isoformat())
    return {replace(level, field=name): text for name, text in zip(SIGNATURE, texts, strict=True)}


def field_spec(kind: RecordKind, name: str) -> FieldSpec:
    """The field ``name`` of a kind; ``KeyError`` when there is none."""
    for spec in FIELDS[kind]:
        if spec.name == name:
            return spec
    raise KeyError(f"{kind}.{name}")


def rating_key(first: Partner, second: Partner) -> str:
    """Key of what ``first`` says of its link with ``second``.

    >>> rating_key(Partner.CIO, Partner.PJJ)
    'cio>pjj'
    """
    if first is second:
        raise ValueError("a structure does not rate itself")
    return f"{first}>{second}"


def split_rating_key(key: str) -> tuple[Partner, Partner]:
    """The two structures of a rating.

    >>> split_rating_key("cio>pjj")[1]
    <Partner.PJJ: 'pjj'>
    """
    first, _, second = key.partition(">")
    return Partner(first), Partner(second)


def check_key(key: FieldKey) -> None:
    """Raise :class:`InventoryValueError` for a record or a field that the inventory does not have."""
    known = _CODED_KEYS.get(key.kind)
    is_known = key.record_key in known if known else bool(_FREE_KEY.fullmatch(key.record_key))
    if key.kind is RecordKind.FRAMEWORK:
        is_place_right = key.area_code == REGION_AREA
    else:
        is_place_right = bool(_BASIN.fullmatch(key.area_code))
    if not is_known or not is_place_right or key.field not in {spec.name for spec in FIELDS[key.kind]}:
        raise InventoryValueError(
            "inventory_key", area=key.area_code, kind=key.kind, record=key.record_key, field=key.field
        )


def clean_value(key: FieldKey, value: str) -> str:
    """``value`` as it is kept: trimmed, in normal form, checked; empty when it says nothing.

    Raises :class:`InventoryValueError` (``inventory_choice``, ``inventory_date``, ``inventory_link``,
    ``inventory_length``) with the field, the value and what is allowed.

    >>> clean_value(FieldKey("AM01", RecordKind.MODALITY, "handover", "frequency"), "  tous les \\n mois ")
    'tous les mois'
    """
    check_key(key)
    spec = field_spec(key.kind, key.field)
    text = _clean_text(value) if spec.form is FieldForm.TEXT else clean_line(value)
    if not text:
        return ""
    where = {"kind": key.kind, "field": key.field, "value": text[:80]}
    if len(text) > spec.longest:
        raise InventoryValueError("inventory_length", **where, longest=spec.longest, length=len(text))
    match spec.form:
        case FieldForm.CHOICE if text not in spec.codes:
            raise InventoryValueError("inventory_choice", **where, allowed=spec.codes)
        case FieldForm.DATE:
            try:
                day = date.fromisoformat(text)
                if day.isoformat() != text or day.year not in _YEARS:
                    raise ValueError
            except ValueError as error:
                raise InventoryValueError("inventory_date", **where) from error
        case FieldForm.LINK if not _is_web_address(text):
            raise InventoryValueError("inventory_link", **where)
        case FieldForm.INDICATOR if not re.fullmatch(r"[a-z0-9_]+", text):
            raise InventoryValueError("inventory_choice", **where, allowed=())
        case FieldForm.ATTACHMENTS if not all(re.fullmatch(r"[0-9a-f]{32}", part) for part in text.split()):
            raise InventoryValueError("inventory_choice", **where, allowed=())
    return text


def clean_line(text: str) -> str:
    """A text on one line, in normal form, trimmed, without control or invisible characters.

    >>> clean_line(" Comité\\n du  12\\u202e décembre")
    'Comité du 12 décembre'
    """
    return re.sub(r" {2,}", " ", _clean_text(text).replace("\n", " "))


def _clean_text(text: str) -> str:
    kept = "".join(c for c in _LINE_BREAK.sub("\n", text).replace("\t", " ") if c == "\n" or _is_kept(c))
    if not any(c not in _JOINERS and not c.isspace() for c in kept):
        return ""
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", kept).split("\n"))
    return "\n".join(lines).strip()


def _is_kept(character: str) -> bool:
    if character in _NOT_CHARACTERS:
        return False
    return character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cs", "Cf"}


def replay(changes: Iterable[Change], until: int | None = None) -> dict[FieldKey, str]:
    """State after ``changes`` (of one layer, in any order), those after the number ``until`` left out.

    Fields whose last value is empty are not in it.
    """
    state: dict[FieldKey, str] = {}
    for change in sorted(changes, key=lambda c: c.change_id):
        if until is None or change.change_id <= until:
            state[change.key] = change.after
    return {key: value for key, value in state.items() if value}


def records(state: Mapping[FieldKey, str]) -> dict[tuple[str, RecordKind, str], dict[str, str]]:
    """Fields of each record of a state, by name; a field that is not reported is absent."""
    found: dict[tuple[str, RecordKind, str], dict[str, str]] = {}
    for key, value in sorted(state.items()):
        if value:
            found.setdefault(key.record, {})[key.field] = value
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"'\\]", text)
