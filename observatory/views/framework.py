"""The methodological framework: what the inventory shows of each modality, beside what the team wrote of it.

What basins have in common is counted from their answers, never judged: how often the same pilot, frequency,
instance or tool comes back where the modality is in place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from observatory.domain.cooperation import Modality, ModalityStatus
from observatory.domain.inventory import REGION_AREA, Entry, FrameworkState, RecordKind
from observatory.french.calendar import local_day
from observatory.french.cooperation import MODALITY_LABELS, STATUS_LABELS
from observatory.french.inventory import FIELD_LABELS, FRAMEWORK_STATE_LABELS, NOT_REPORTED
from observatory.french.inventory_files import FRAMEWORK_NOWHERE
from observatory.french.numbers import format_date, join_words
from observatory.french.typography import bind
from observatory.views.cooperation import inventories
from observatory.views.observatory import Observatory

COMMON_FIELDS = ("pilot", "frequency", "instance", "tools")
"""Answers that are compared between basins."""

_MOST_ANSWERS = 3
_LISTS = re.compile(r"[;\n]")
"""Between two tools: a comma may stand inside the name of one."""


@dataclass(frozen=True)
class Answer:
    """One answer and in how many basins it was given."""

    text: str
    count: int


@dataclass(frozen=True)
class SharedAnswers:
    """What the basins that have a modality answer to one field, the most frequent answers first.

    ``answers`` are those that at least two basins give; ``known_count`` basins answered, out of
    ``basin_count`` that have the modality.
    """

    field: str
    label: str
    answers: tuple[Answer, ...]
    known_count: int
    basin_count: int

    @property
    def sentence(self) -> str:
        """``Mission locale : 5 bassins sur 8 ; …``, or that nothing comes back, or that nobody said."""
        if not self.known_count:
            return NOT_REPORTED
        parts = [f"{a.text} : {_basins(a.count)} sur {self.basin_count}" for a in self.answers]
        if not parts:
            parts = ["aucune réponse ne revient d’un bassin à l’autre"]
        unknown = self.basin_count - self.known_count
        if unknown:
            parts.append(f"{NOT_REPORTED} : {_basins(unknown)}")
        return bind(" ; ".join(parts))


@dataclass(frozen=True)
class FrameworkLine:
    """One modality: where it is in place and where not, what is common, and the lines of the regional team.

    Basins are named in the order of the territory. A text that was not written is empty.
    """

    modality: Modality
    label: str
    basins: Mapping[ModalityStatus, tuple[str, ...]]
    basin_count: int
    shared: tuple[SharedAnswers, ...]
    shared_points: str
    practice: str
    adopters: str
    due_on: date | None
    state: FrameworkState | None
    updated_on: date | None
    is_demonstration: bool

    @property
    def in_place_count(self) -> int:
        """Basins where the modality is in place: ``partiel`` is told apart."""
        return len(self.basins[ModalityStatus.DONE])

    @property
    def partial_count(self) -> int:
        """Basins where a part of it is missing."""
        return len(self.basins[ModalityStatus.PARTIAL])

    @property
    def unknown_count(self) -> int:
        """Basins that said nothing: neither done nor not done."""
        return len(self.basins[ModalityStatus.NOT_REPORTED])

    @property
    def is_written(self) -> bool:
        """Whether the regional team wrote anything of it."""
        return bool(self.shared_points or self.practice or self.adopters or self.due_on or self.state)

    @property
    def state_text(self) -> str:
        return FRAMEWORK_STATE_LABELS[self.state] if self.state else NOT_REPORTED

    @property
    def due_text(self) -> str:
        return format_date(self.due_on) if self.due_on else NOT_REPORTED

    @property
    def count_text(self) -> str:
        """``en place dans 8 bassins sur 28, partiel dans 5 ; non renseigné dans 3``."""
        text = f"en place dans {_basins(self.in_place_count)} sur {self.basin_count}"
        if not self.in_place_count:
            text = FRAMEWORK_NOWHERE
        if self.partial_count:
            text += f", partiel dans {self.partial_count}"
        if self.unknown_count:
            text += f" ; {NOT_REPORTED} dans {self.unknown_count}"
        return bind(text)

    def status_rows(self) -> tuple[tuple[str, str], ...]:
        """Each status that a basin gave with the names of its basins; the unknown are counted."""
        named = [
            (STATUS_LABELS[status], join_words(names))
            for status, names in self.basins.items()
            if names and status is not ModalityStatus.NOT_REPORTED
        ]
        if self.unknown_count:
            named.append((NOT_REPORTED, _basins(self.unknown_count)))
        return tuple(named)


@dataclass(frozen=True)
class Framework:
    """The eleven modalities, in the order of the convention."""

    lines: tuple[FrameworkLine, ...]
    basin_count: int
    is_demonstration: bool

    @property
    def written_count(self) -> int:
        """Modalities of which a practice is proposed."""
        return sum(bool(line.practice) for line in self.lines)


def build_framework(observatory: Observatory) -> Framework:
    """The framework as it stands: counts of the inventory and lines of the regional team."""
    statuses: dict[Modality, dict[ModalityStatus, list[str]]] = {
        modality: {status: [] for status in ModalityStatus} for modality in Modality
    }
    places: dict[Modality, list[str]] = defaultdict(list)
    for code, inventory in inventories(observatory).items():
        for record in inventory.modalities:
            statuses[record.modality][record.status].append(observatory.basins[code].short_label)
            if record.status is ModalityStatus.DONE:
                places[record.modality].append(code)
    evidence: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    written: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in observatory.entries:
        key = entry.key
        if not entry.value:
            continue
        if key.kind is RecordKind.MODALITY:
            evidence[key.record_key, key.area_code][key.field] = entry
        elif key.kind is RecordKind.FRAMEWORK and key.area_code == REGION_AREA:
            written[key.record_key][key.field] = entry
    lines = tuple(
        _line(
            modality,
            {status: tuple(names) for status, names in statuses[modality].items()},
            [evidence.get((modality.value, code), {}) for code in places[modality]],
            written.get(modality.value, {}),
            any(
                entry.is_demonstration
                for (found, _), fields in evidence.items()
                if found == modality.value
                for entry in fields.values()
            ),
        )
        for modality in Modality
    )
    return Framework(
        lines,
        len(observatory.basins),
        observatory.has_demonstration or any(line.is_demonstration for line in lines),
    )


def shared_answers(field: str, records: Iterable[Mapping[str, Entry]]) -> SharedAnswers:
    """What ``records`` (fields of one modality, one record a basin) answer to ``field``."""
    records = list(records)
    spellings: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    known = 0
    for fields in records:
        if field not in fields:
            continue
        known += 1
        text = fields[field].value
        parts = _LISTS.split(text) if field == "tools" else [text]
        # A basin that names a tool twice still counts for one.
        for part in {
            " ".join(p.split()).casefold(): " ".join(p.split()) for p in parts if p.strip()
        }.values():
            spellings[part.casefold()][part] += 1
    counted = [
        Answer(min(found, key=lambda text: (-found[text], text)), sum(found.values()))
        for found in spellings.values()
    ]
    common = sorted((a for a in counted if a.count > 1), key=lambda a: (-a.count, a.text.casefold()))
    return SharedAnswers(
        field, FIELD_LABELS[RecordKind.MODALITY, field], tuple(common[:_MOST_ANSWERS]), known, len(records)
    )


def _line(
    modality: Modality,
    basins: Mapping[ModalityStatus, tuple[str, ...]],
    in_place: list[dict[str, Entry]],
    written: Mapping[str, Entry],
    has_invented_evidence: bool,
) -> FrameworkLine:
    def text(name: str) -> str:
        return written[name].value if name in written else ""

    return FrameworkLine(
        modality=modality,
        label=MODALITY_LABELS[modality],
        basins=basins,
        basin_count=sum(len(names) for names in basins.values()),
        shared=tuple(shared_answers(field, in_place) for field in COMMON_FIELDS) if in_place else (),
        shared_points=text("shared_points"),
        practice=text("practice"),
        adopters=text("adopters"),
        due_on=date.fromisoformat(text("due_on")) if text("due_on") else None,
        state=FrameworkState(text("state")) if text("state") else None,
        updated_on=max((local_day(entry.changed_at) for entry in written.values()), default=None),
        is_demonstration=has_invented_evidence or any(e.is_demonstration for e in written.values()),
    )


def _basins(count: int) -> str:
    return f"{count} bassin{'s' if count > 1 else ''}"
