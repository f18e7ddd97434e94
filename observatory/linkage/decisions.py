"""What persons decided of doubtful pairs: a journal that is only ever added to.

It has its own file, ``decisions.jsonl``, beside the working file, which each run of ``extracts`` replaces.
One line is one save (a click, or a whole imported file), on the disk before anyone is told that it was kept;
an undo is a line too, so that nothing is ever lost. Each decision carries a fingerprint of both identities:
it counts only as long as both records still say the same, because another extract may give the same
identifier to somebody else.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.domain.campaign import Source
from observatory.errors import UserFacingError
from observatory.linkage.working_file import prepare_working_dir

if TYPE_CHECKING:
    import duckdb

DECISIONS_FILE = "decisions.jsonl"
FORMAT = 1
LONGEST_AUTHOR = 80

_FINGERPRINTED = (
    "nom", "nom_usage", "prenom", "prenom2", "prenom3", "sexe", "date_naissance", "commune_naissance",
)  # fmt: skip


class Verdict(StrEnum):
    """What a person may say of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, order=True)
class Pair:
    """A record of another base and a record of the pupil base."""

    source: str
    record_id: str
    linked_record_id: str
    linked_source: str = Source.PUPILS.value

    @property
    def rid(self) -> str:
        return f"{self.source}:{self.record_id}"

    @property
    def pupil(self) -> str:
        return f"{self.linked_source}:{self.linked_record_id}"


@dataclass(frozen=True)
class Decision:
    """One verdict on one pair.

    ``weight`` and ``reason`` are those of the pair when it was shown; ``fingerprint`` that of both
    identities.
    """

    pair: Pair
    verdict: Verdict
    weight: float | None = None
    reason: str = ""
    fingerprint: str = ""
    author: str = ""
    decided_at: datetime | None = None
    save: int = 0


@dataclass(frozen=True)
class Journal:
    """The decisions that count, the last on each pair; ``history`` holds every one that was not undone."""

    by_pair: Mapping[Pair, Decision]
    history: tuple[Decision, ...]
    last_save: int
    saves: tuple[int, ...]  # not undone, in order


def read_journal(working_dir: Path) -> Journal:
    """The journal as it stands; empty before the first decision. Raises ``decisions_damaged``.

    >>> read_journal(Path("/nowhere")).last_save
    0
    """
    path = working_dir / DECISIONS_FILE
    try:
        return _replay(path, path.read_bytes())
    except FileNotFoundError:
        return Journal({}, (), 0, ())
    except OSError as error:
        raise UserFacingError("decisions_damaged", path=str(path)) from error


def add_decisions(
    working_dir: Path,
    decisions: Sequence[Decision],
    author: str,
    person_of: Mapping[str, str],
    *,
    stale: Collection[Pair] = (),
    at: datetime | None = None,
) -> int:
    """Keep decisions, all or none; returns the number of the save.

    ``person_of`` gives the person of each pupil's record; ``stale`` pairs were decided of records that have
    changed since: they contradict nothing. Raises :class:`UserFacingError`
    ``review_two_persons`` when a record would be two persons, ``review_same_and_different`` when two files of
    one pupil would be told apart.
    """
    author = clean_author(author)
    with _locked(working_dir) as (handle, journal):
        merged = {pair: decision for pair, decision in journal.by_pair.items() if pair not in stale}
        for decision in decisions:
            merged[decision.pair] = decision
        check_consistency(merged.values(), person_of, {decision.pair.rid for decision in decisions})
        number = journal.last_save + 1
        _append(
            handle,
            {
                "format": FORMAT,
                "save": number,
                "author": author,
                "at": (at or datetime.now(UTC)).isoformat(timespec="microseconds"),
                "decisions": [_as_json(decision) for decision in decisions],
            },
        )
    return number


def undo_save(working_dir: Path, number: int, author: str) -> bool:
    """Take a save back, as a new line; false when it does not count any more."""
    author = clean_author(author)
    with _locked(working_dir) as (handle, journal):
        if number not in journal.saves:
            return False
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        line = {"format": FORMAT, "save": journal.last_save + 1, "author": author, "at": at, "undoes": number}
        _append(handle, line)
    return True


def clean_author(author: str) -> str:
    """The author's name in one line; ``review_author`` when there is none.

    >>> clean_author("  Équipe   PSAD ")
    'Équipe PSAD'
    """
    cleaned = " ".join("".join(char if char.isprintable() else " " for char in author).split())
    if not cleaned or len(cleaned) > LONGEST_AUTHOR:
        raise UserFacingError("review_author", longest=LONGEST_AUTHOR)
    return cleaned


def check_consistency(decisions: Iterable[Decision], person_of: Mapping[str, str], records: set[str]) -> None:
    """Raise when what is decided of one of ``records`` cannot all be true; the error names no one."""
    same: dict[str, set[str]] = {}
    different: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.pair.rid not in records:
            continue
        person = person_of.get(decision.pair.pupil)
        if person is None:
            continue
        held = {Verdict.SAME: same, Verdict.DIFFERENT: different}.get(decision.verdict)
        if held is not None:
            held.setdefault(decision.pair.rid, set()).add(person)
    for rid in sorted(records):
        if len(same.get(rid, ())) > 1:
            raise UserFacingError("review_two_persons")
        if same.get(rid, set()) & different.get(rid, set()):
            raise UserFacingError("review_same_and_different")


@dataclass(frozen=True)
class LoadedDecisions:
    """How many decisions count for these extracts, and how many are about records that have changed."""

    current: int
    stale: int


def load_decisions(connection: duckdb.DuckDBPyConnection, working_dir: Path, catalog: str) -> LoadedDecisions:
    """Create ``review_decision`` in the connection's own database, from the journal, for ``link``.

    Only the last decision on each pair, and only while both records of ``catalog`` are what was looked at.
    """
    journal = read_journal(working_dir)
    connection.execute(
        "CREATE OR REPLACE TABLE review_decision (source VARCHAR, record_id VARCHAR, linked_source VARCHAR, "
        "linked_record_id VARCHAR, decision VARCHAR, author VARCHAR, decided_at TIMESTAMP)"
    )
    current = keep_current(connection, catalog, list(journal.by_pair.values()))
    if current:
        connection.executemany(
            "INSERT INTO review_decision VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (d.pair.source, d.pair.record_id, d.pair.linked_source, d.pair.linked_record_id,
                 d.verdict.value, d.author, d.decided_at.replace(tzinfo=None) if d.decided_at else None)
                for d in current
            ],
        )  # fmt: skip
    return LoadedDecisions(len(current), len(journal.by_pair) - len(current))


def keep_current(
    connection: duckdb.DuckDBPyConnection, catalog: str, decisions: Sequence[Decision]
) -> list[Decision]:
    """The decisions whose two records still are what was looked at."""
    seen = fingerprints(connection, catalog, [decision.pair for decision in decisions])
    return [d for d in decisions if d.pair in seen and d.fingerprint == seen[d.pair]]


def fingerprints(
    connection: duckdb.DuckDBPyConnection, catalog: str, pairs: Sequence[Pair]
) -> dict[Pair, str]:
    """The fingerprint of both identities of each pair; a pair with an unknown record has none."""
    if not pairs:
        return {}
    connection.execute("CREATE OR REPLACE TEMP TABLE asked (source VARCHAR, record_id VARCHAR)")
    sides = {(p.source, p.record_id) for p in pairs} | {(p.linked_source, p.linked_record_id) for p in pairs}
    connection.executemany("INSERT INTO asked VALUES (?, ?)", sorted(sides))
    identity = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in _FINGERPRINTED)
    union = " UNION ALL ".join(
        f"SELECT '{source}' AS source, record_id, sha256(concat_ws(chr(31), {identity})) AS said "
        f"FROM {catalog}.{source} WHERE record_id IN (SELECT record_id FROM asked WHERE source = '{source}')"
        for source in Source
    )
    said = {(row[0], row[1]): str(row[2]) for row in connection.execute(union).fetchall()}
    found = {}
    for pair in pairs:
        one = said.get((pair.source, pair.record_id))
        other = said.get((pair.linked_source, pair.linked_record_id))
        if one and other:
            found[pair] = f"{one[:32]}{other[:32]}"
    return found


def _as_json(decision: Decision) -> dict[str, object]:
    pair = decision.pair
    return {
        "source": pair.source,
        "record_id": pair.record_id,
        "linked_source": pair.linked_source,
        "linked_record_id": pair.linked_record_id,
        "decision": decision.verdict.value,
        "weight": decision.weight,
        "reason": decision.reason,
        "fingerprint": decision.fingerprint,
    }


@contextmanager
def _locked(working_dir: Path) -> Iterator[tuple[int, Journal]]:
    """The file open for adding, ours alone, without the torn line that a killed writer may have left."""
    path = prepare_working_dir(working_dir) / DECISIONS_FILE
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(path)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        content = path.read_bytes()
        journal = _replay(path, content)
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(handle, whole)
        yield handle, journal
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(path)) from error
    finally:
        os.close(handle)


def _append(handle: int, line: Mapping[str, object]) -> None:
    data = (json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n").encode()
    before = os.fstat(handle).st_size
    try:
        written = os.write(handle, data)
        if written < len(data):
            raise OSError("disk full")
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, before)
        raise


def _replay(path: Path, content: bytes) -> Journal:
    """What the whole lines say; a last line without its end was never acknowledged."""
    lines = content.split(b"\n")[:-1]
    saves: dict[int, list[Decision]] = {}
    try:
        for number, raw in enumerate(lines, 1):
            line = json.loads(raw)
            if line["format"] != FORMAT or line["save"] != number:
                raise ValueError
            if "undoes" in line:
                saves.pop(line["undoes"], None)
                continue
            stamp = datetime.fromisoformat(line["at"])
            saves[number] = [
                replace(_from_json(one), author=line["author"], decided_at=stamp, save=number)
                for one in line["decisions"]
            ]
    except (ValueError, KeyError, TypeError) as error:
        raise UserFacingError("decisions_damaged", path=str(path)) from error
    history = [decision for decisions in saves.values() for decision in decisions]
    return Journal({d.pair: d for d in history}, tuple(history), len(lines), tuple(saves))


def _from_json(one: Mapping[str, Any]) -> Decision:
    return Decision(
        Pair(one["source"], one["record_id"], one["linked_record_id"], one["linked_source"]),
        Verdict(one["decision"]),
        one["weight"],
        one["reason"],
        one["fingerprint"],
    )
