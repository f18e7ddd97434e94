"""Step ``demonstration``: an invented inventory of the cooperation, so that its pages can be shown.

Plausible, unequal from one basin to the next, naming no person and judging nobody. Each draw depends on its
own words alone (not on a sequence), so that the same bytes come out on every machine and version of Python.
A basin meets one to three times in the year; between two meetings some levels, statuses and texts moved.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from observatory.config import Settings
from observatory.domain.cooperation import Modality, ModalityStatus, Partner
from observatory.domain.inventory import (
    REGION_AREA,
    ActionState,
    FacilitationMode,
    FrameworkState,
    RecordKind,
    rating_key,
)
from observatory.domain.territory import Basin, load_basins
from observatory.errors import DataFileError
from observatory.pipeline import demonstration_texts as texts
from observatory.pipeline.empty_demonstration import ask_again
from observatory.pipeline.findings import StepNote

SEED = "2029"
INVENTORY_COLUMNS = ("changed_on", "actor_structure", "area_code", "kind", "record_key", "field", "value")
SNAPSHOT_COLUMNS = ("name", "frozen_on")
SNAPSHOTS = (
    ("Comité de pilotage du 12 décembre 2025 (démonstration)", date(2025, 12, 12)),
    ("Comité de pilotage du 18 juin 2026 (démonstration)", date(2026, 6, 18)),
)
_COORDINATION = "Coordination du bassin"
_REGIONAL_TEAM = "Équipe régionale"

Fields = Mapping[str, str]
Row = tuple[str, ...]
_T = TypeVar("_T")


@dataclass(frozen=True)
class _Step:
    """A record as it stood from one day on; a field that is not there is not reported."""

    day: date
    structure: str
    fields: Fields


# How close two structures usually work (0-5), before what is proper to each basin.
_USUAL_LEVEL: dict[frozenset[Partner], float] = {
    frozenset(pair): level
    for pair, level in (
        ((Partner.ETABLISSEMENT_MGI, Partner.CIO), 3.9),
        ((Partner.ETABLISSEMENT_MGI, Partner.MISSION_LOCALE), 3.0),
        ((Partner.ETABLISSEMENT_MGI, Partner.PJJ), 1.6),
        ((Partner.ETABLISSEMENT_MGI, Partner.REGION), 1.8),
        ((Partner.ETABLISSEMENT_MGI, Partner.CFA), 2.0),
        ((Partner.ETABLISSEMENT_MGI, Partner.ENSEIGNEMENT_AGRICOLE), 1.4),
        ((Partner.CIO, Partner.MISSION_LOCALE), 3.2),
        ((Partner.CIO, Partner.PJJ), 1.7),
        ((Partner.CIO, Partner.REGION), 2.1),
        ((Partner.CIO, Partner.CFA), 1.9),
        ((Partner.CIO, Partner.ENSEIGNEMENT_AGRICOLE), 1.5),
        ((Partner.MISSION_LOCALE, Partner.PJJ), 2.4),
        ((Partner.MISSION_LOCALE, Partner.REGION), 3.1),
        ((Partner.MISSION_LOCALE, Partner.CFA), 2.5),
        ((Partner.MISSION_LOCALE, Partner.ENSEIGNEMENT_AGRICOLE), 1.3),
        ((Partner.PJJ, Partner.REGION), 1.1),
        ((Partner.PJJ, Partner.CFA), 1.0),
        ((Partner.PJJ, Partner.ENSEIGNEMENT_AGRICOLE), 0.6),
        ((Partner.REGION, Partner.CFA), 3.0),
        ((Partner.REGION, Partner.ENSEIGNEMENT_AGRICOLE), 2.0),
        ((Partner.CFA, Partner.ENSEIGNEMENT_AGRICOLE), 1.8),
    )
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No argument: the seed is part of the program, so that the files can be checked."""


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:  # noqa: ARG001  (every step takes both)
    """Write both files of ``data/demonstration``; ``file_not_writable`` when it cannot be done."""
    folder = settings.data_dir / "demonstration"
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in demonstration_files(load_basins(settings.data_dir)).items():
            path = folder / name
            new = path.with_suffix(".new")
            new.write_bytes(content)
            new.replace(path)
    except OSError as error:
        raise DataFileError("file_not_writable", path=path.name) from error
    return (StepNote("demonstration_asked_again", {}),) if ask_again(settings) else ()


def demonstration_files(basins: Mapping[str, Basin]) -> dict[str, bytes]:
    """Content of each file by name, for these basins: UTF-8, LF, sorted by day and key."""
    codes = sorted(basins)
    rows = list(_framework())
    for code in codes:
        reported = _reported_share(code, codes)
        meetings = _meetings(code, reported)
        rows += _ratings(code, reported, meetings)
        rows += _modalities(code, reported, meetings)
        rows += _resources(code, reported, meetings)
        rows += _diagnosis(code, reported, meetings)
    rows += _actions_and_replies(codes)
    return {
        "inventory.csv": _csv_bytes(INVENTORY_COLUMNS, sorted(rows)),
        "snapshots.csv": _csv_bytes(SNAPSHOT_COLUMNS, [(name, day.isoformat()) for name, day in SNAPSHOTS]),
    }


def _changes(area: str, kind: RecordKind, record_key: str, steps: Iterable[_Step]) -> Iterator[Row]:
    """Rows of the fields that each step changes."""
    present: dict[str, str] = {}
    for step in sorted(steps, key=lambda step: step.day):
        for name in sorted(present.keys() | step.fields.keys()):
            value = step.fields.get(name, "")
            if value != present.get(name, ""):
                yield step.day.isoformat(), step.structure, area, kind.value, record_key, name, value
        present = dict(step.fields)


# --- draws ------------------------------------------------------------------------------------------------


def _draw(*words: str) -> float:
    """A number in [0, 1) that depends on these words only."""
    digest = hashlib.sha256("|".join((SEED, *words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _choose(options: Sequence[_T], *words: str) -> _T:
    return options[int(_draw("choose", *words) * len(options))]


def _reported_share(code: str, codes: Sequence[str]) -> float:
    """How much a basin reported: one nothing, a few hardly anything, a few all, the others in between."""
    order = sorted(codes, key=lambda other: _draw("reported", other))
    position = order.index(code) / max(len(codes) - 1, 1)
    if position == 0:
        return -1.0
    if position < 0.14:
        return 0.02 + 0.08 * position / 0.14
    if position > 0.8:
        return 1.0
    return 0.3 + 0.65 * (position - 0.14) / 0.66


def _practice(code: str) -> float:
    """How far cooperation went in a basin, from -1 to 1; says nothing of how much it reported."""
    return 2 * _draw("practice", code) - 1


def _meetings(code: str, reported: float) -> tuple[date, ...]:
    """Days on which a basin fills its inventory: one to three; only one where hardly anything was said."""
    first = _draw("first meeting", code)
    starts_early = first < 0.45
    days = [
        _day_in(date(2025, 10, 6), 60, first / 0.45)
        if starts_early
        else _day_in(date(2026, 1, 12), 115, (first - 0.45) / 0.55)
    ]
    if reported > 0.25:
        if starts_early:
            days.append(_day_in(date(2026, 3, 9), 80, _draw("spring", code)))
        if _draw("has autumn", code) < 0.65:
            days.append(_day_in(date(2026, 9, 7), 40, _draw("autumn", code)))
    return tuple(days)


def _day_in(start: date, span: int, share: float) -> date:
    """A working day of a period."""
    day = start + timedelta(days=int(share * span))
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _move(meetings: Sequence[date], *words: str) -> tuple[date, bool] | None:
    """Later meeting at which a record moved, and whether it had been reported before; None: it did not."""
    later = meetings[1:]
    drawn = _draw("moves", *words)
    if not later or drawn >= 0.4:
        return None
    return _choose(later, "moved", *words), drawn < 0.28


# --- ratings ----------------------------------------------------------------------------------------------


def _ratings(code: str, reported: float, meetings: Sequence[date]) -> Iterator[Row]:
    for giver in Partner:
        # A structure that was not in the room gives none of its six ratings.
        was_there = _draw("present", code, giver) < reported + 0.15
        first = meetings[0] + timedelta(days=7 * int(_draw("late", code, giver) * 3))
        for other in Partner:
            if other is giver or (reported < 1 and not was_there):
                continue
            words = (code, giver.value, other.value)
            if reported < 1 and _draw("rated", *words) >= reported + 0.1:
                continue
            level = _level(code, giver, other)
            steps = [_rating(first, giver, level, *words)]
            move = _move(meetings, "rating", *words)
            if move is not None:
                steps = [_rating(move[0], giver, level, *words)]
                if move[1]:
                    steps.append(_rating(first, giver, _former_level(level, *words), "former", *words))
            yield from _changes(code, RecordKind.RATING, rating_key(giver, other), steps)


def _rating(day: date, giver: Partner, level: int, *words: str) -> _Step:
    structure = texts.RATED_BY[giver]
    says = _draw("says", *words) < 0.55
    return _Step(
        day,
        structure,
        {
            "level": str(level),
            "rated_on": day.isoformat(),
            "rated_by": structure,
            "evidence": _choose(texts.EVIDENCE[level], "evidence", *words) if says else "",
        },
    )


def _former_level(level: int, *words: str) -> int:
    """One below as a rule; links come undone too."""
    went_up = _draw("went up", *words) < 0.8
    return max(level - 1, 0) if (went_up and level > 0) or level == 5 else level + 1


def _level(code: str, giver: Partner, other: Partner) -> int:
    pair = "+".join(sorted((giver.value, other.value)))
    shared = _USUAL_LEVEL[frozenset((giver, other))] + 1.1 * _practice(code)
    shared += 1.6 * (_draw("pair", code, pair) - 0.5)
    # Most pairs see their work alike; about one in eight does not, and its two views drift apart.
    drift = 1.3 if _draw("apart", code, pair) < 0.13 else 0.35
    leans = 1 if (giver.value < other.value) == (_draw("leans", code, pair) < 0.5) else -1
    own = drift * leans + 0.5 * (_draw("own", code, giver, other) - 0.5)
    return min(max(round(shared + own), 0), 5)


# --- modalities -------------------------------------------------------------------------------------------

_IN_PLACE = (ModalityStatus.DONE, ModalityStatus.PARTIAL)
_BEFORE = {
    ModalityStatus.DONE: ModalityStatus.PARTIAL,
    ModalityStatus.PARTIAL: ModalityStatus.PLANNED,
    ModalityStatus.PLANNED: ModalityStatus.NOT_DONE,
    ModalityStatus.NOT_DONE: ModalityStatus.PLANNED,
}


def _modalities(code: str, reported: float, meetings: Sequence[date]) -> Iterator[Row]:
    for modality in Modality:
        words = (code, modality.value)
        if reported < 1 and _draw("modality", *words) >= reported + 0.05:
            continue
        status = _status(code, modality)
        first, since = meetings[0], _since(*words)
        steps = [_Step(first, _COORDINATION, _modality_fields(code, modality, status, since))]
        move = _move(meetings, "modality", *words)
        if move is not None:
            day, was_reported = move
            former = _BEFORE.get(status)
            if was_reported and former is not None:
                steps = [_Step(first, _COORDINATION, _modality_fields(code, modality, former, since))]
                if former not in _IN_PLACE:
                    since = (day - timedelta(days=21)).replace(day=1)
            elif was_reported:
                day, steps = first, []
            else:
                steps = []
            steps.append(_Step(day, _COORDINATION, _modality_fields(code, modality, status, since)))
        yield from _changes(code, RecordKind.MODALITY, modality.value, steps)


def _status(code: str, modality: Modality) -> ModalityStatus:
    # Tools, training and evaluation usually come after the rest.
    late = {Modality.SHARED_TOOLS, Modality.PROFESSIONAL_DEVELOPMENT, Modality.EVALUATION}
    score = _draw("status", code, modality) + 0.25 * _practice(code) - (0.18 if modality in late else 0)
    if modality is Modality.PROFESSIONAL_DEVELOPMENT and _draw("without object", code) < 0.06:
        return ModalityStatus.NOT_APPLICABLE
    if score > 0.58:
        return ModalityStatus.DONE
    if score > 0.3:
        return ModalityStatus.PARTIAL
    return ModalityStatus.PLANNED if score > 0.12 else ModalityStatus.NOT_DONE


def _since(*words: str) -> date:
    return date(2019 + int(_draw("since", *words) * 6), (9, 10, 1, 3)[int(_draw("month", *words) * 4)], 1)


def _modality_fields(code: str, modality: Modality, status: ModalityStatus, since: date) -> Fields:
    words = (code, modality.value)
    pilot = _choose(texts.PILOTS[modality], "pilot", *words)
    next_step = _choose(texts.NEXT_STEPS[modality], "next", *words)
    if status is ModalityStatus.PLANNED:
        return {"status": status.value, "pilot": pilot, "next_step": next_step}
    if status not in _IN_PLACE:
        return {"status": status.value}
    is_done = status is ModalityStatus.DONE
    co_pilot = next((p for p in texts.PILOTS[modality] if p != pilot), "")
    is_shared = bool(co_pilot) and _draw("co pilot", *words) < 0.45

    def some(field: str, options: Sequence[str], when_done: float, when_partial: float) -> str:
        is_said = _draw("has", field, *words) < (when_done if is_done else when_partial)
        return _choose(options, field, *words) if is_said else ""

    descriptions = (texts.DONE if is_done else texts.PARTIAL)[modality]
    mode = FacilitationMode.COANIMATION if is_shared else FacilitationMode.ANIMATION
    return {
        "status": status.value,
        "description": _choose(descriptions, "description", *words),
        "instance": some("instance", texts.INSTANCES[modality], 0.95, 0.85),
        "frequency": _choose(texts.FREQUENCIES[modality], "frequency", *words),
        "pilot": pilot,
        "co_pilot": co_pilot if is_shared else "",
        "facilitation": mode.value,
        "participants": some("participants", texts.PARTICIPANTS, 0.9, 0.75),
        "tools": some("tools", texts.TOOLS[modality], 0.85, 0.6),
        "evidence": some("evidence", texts.PROOFS, 0.8, 0.4),
        "since_on": since.isoformat(),
        "next_step": next_step if not is_done or _draw("has next", *words) < 0.4 else "",
        "difficulty": some("difficulty", texts.DIFFICULTIES[modality], 0.2, 0.65),
    }


# --- what the basins that reported much wrote besides -------------------------------------------------------

_MUCH = 0.75
_RESOURCE_FIELDS = ("nature", "label", "structure", "contact", "capacity", "public", "place")


def _resources(code: str, reported: float, meetings: Sequence[date]) -> Iterator[Row]:
    if reported < _MUCH:
        return
    count = 3 + int(_draw("resources", code) * 4)
    order = sorted(range(len(texts.RESOURCES)), key=lambda index: _draw("resource", code, str(index)))
    for index in sorted(order[:count]):
        fields = dict(zip(_RESOURCE_FIELDS, texts.RESOURCES[index], strict=True))
        steps = [_Step(meetings[0], _COORDINATION, fields)]
        if len(meetings) > 1 and _draw("capacity", code, str(index)) < 0.3:
            # The place and the capacity of a resource are often completed at the next meeting.
            steps[0] = _Step(meetings[0], _COORDINATION, {**fields, "capacity": "", "place": ""})
            steps.append(_Step(meetings[-1], _COORDINATION, fields))
        yield from _changes(code, RecordKind.RESOURCE, f"demo-{index + 1:02d}", steps)


def _diagnosis(code: str, reported: float, meetings: Sequence[date]) -> Iterator[Row]:
    if reported < _MUCH or _draw("diagnosis", code) > 0.75:
        return
    for part, options in texts.DIAGNOSES.items():
        first, completed = _choose(options, "diagnosis", code, part)
        steps = [_Step(meetings[0], _COORDINATION, {"text": first})]
        if len(meetings) > 1:
            steps.append(_Step(meetings[-1], _COORDINATION, {"text": completed}))
        yield from _changes(code, RecordKind.DIAGNOSIS, part, steps)


def _actions_and_replies(codes: Sequence[str]) -> Iterator[Row]:
    """Shared out among the basins that met in the autumn, so that what became of an action is known."""
    shares = {code: _reported_share(code, codes) for code in codes}
    met = {code: _meetings(code, shares[code]) for code in codes}
    chosen = [code for code in codes if shares[code] > 0.5 and met[code][-1] >= date(2026, 9, 1)]
    chosen.sort(key=lambda code: _draw("acts", code))
    if not chosen:
        return
    for number, action in enumerate(texts.ACTIONS):
        code = chosen[number % len(chosen)]
        steps = _action_steps(action, met[code])
        yield from _changes(code, RecordKind.ACTION, f"demo-{number + 1:02d}", steps)
    for number, (partner, modality, text) in enumerate(texts.REPLIES):
        code = chosen[number % len(chosen)]
        step = _Step(met[code][-1] + timedelta(days=7), texts.RATED_BY[partner], {"text": text})
        yield from _changes(code, RecordKind.REPLY, f"{partner.value}>{modality.value}", [step])


def _action_steps(action: texts.InventedAction, meetings: Sequence[date]) -> list[_Step]:
    decided = {
        "finding": action.finding,
        "action": action.action,
        "pilot": action.pilot,
        "due_on": action.due_on,
        "indicator": action.indicator,
        "expected_effect": action.expected_effect,
        "modality": action.modality.value,
        "state": ActionState.OPEN.value,
    }
    told = {
        **decided,
        "state": action.state,
        "effect": action.effect,
        "effect_seen": action.effect_seen,
        "blocking_condition": action.blocking_condition,
    }
    last = meetings[-1]
    if action.state != ActionState.OPEN:
        # Nothing is late before its day.
        last = max(last, date.fromisoformat(action.due_on) + timedelta(days=7))
    return [_Step(meetings[0], _COORDINATION, decided), _Step(last, _COORDINATION, told)]


def _framework() -> Iterator[Row]:
    drafted, proposed, adopted = date(2026, 6, 8), date(2026, 9, 21), date(2026, 10, 12)
    for modality, shared_points, practice, adopters, due_on, state in texts.FRAMEWORK:
        draft = {"shared_points": shared_points, "state": FrameworkState.DRAFT.value}
        whole = {**draft, "practice": practice, "adopters": adopters, "due_on": due_on}
        steps = [_Step(drafted, _REGIONAL_TEAM, draft)]
        if state == FrameworkState.DRAFT:
            steps.append(_Step(proposed, _REGIONAL_TEAM, whole))
        else:
            whole["state"] = FrameworkState.PROPOSED.value
            steps.append(_Step(proposed, _REGIONAL_TEAM, whole))
        if state == FrameworkState.ADOPTED:
            steps.append(_Step(adopted, _REGIONAL_TEAM, {**whole, "state": state}))
        yield from _changes(REGION_AREA, RecordKind.FRAMEWORK, modality.value, steps)


def _csv_bytes(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")
