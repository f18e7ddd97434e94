"""The young people of one basin to contact: who, why, and what each base knows of them.

Whoever is without solution, or of whom no base says anything since they left. A file of a mission locale that
waits for the review is told: the young person may be met already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.domain.campaign import Source
from observatory.linkage.consolidation import person_table
from observatory.linkage.linking import CANDIDATES_FILE
from observatory.linkage.schema import column_names

if TYPE_CHECKING:
    import duckdb


class Reason(StrEnum):
    """Why a young person is on the list, the most urgent first."""

    DROPOUT_NEVER_MET = "dropout_never_met"  # said to have dropped out; no mission locale knows them
    DROPOUT_LOST = "dropout_lost"  # a mission locale knows them and has not met them lately
    UNKNOWN = "unknown"  # left without qualification; no base says anything since


@dataclass(frozen=True)
class KnownRecord:
    """What one base says of the person; ``is_doubtful``: the link waits for the review."""

    source: Source
    cells: Mapping[str, str | date | None]
    is_doubtful: bool


@dataclass(frozen=True)
class PersonToContact:
    """One line of the list. ``records``: the surest identity first."""

    person_id: str
    reason: Reason
    age: int
    left_on: date | None
    records: tuple[KnownRecord, ...]


_TRUST = (
    Source.PUPILS, Source.AGRICULTURAL, Source.APPRENTICESHIP, Source.MISSION_LOCALE, Source.AFFECTATION,
)  # fmt: skip


def find_persons(
    working_dir: Path, basin_code: str, reference_on: date, basin_of_commune: Mapping[str, str]
) -> tuple[PersonToContact, ...]:
    """The persons of a basin to contact at ``reference_on``, by reason, then the longest gone first."""
    with person_table(working_dir, reference_on, basin_of_commune) as connection:
        connection.execute(
            """
            CREATE TABLE chosen AS
            SELECT person_id, age::INT AS age, left_on::DATE AS left_on, CASE WHEN unknown THEN 'unknown'
                WHEN is_known_to_mission_locale THEN 'dropout_lost' ELSE 'dropout_never_met' END AS reason
            FROM person WHERE basin_code = ? AND (without_solution OR unknown)
            """,
            [basin_code],
        )
        chosen = connection.execute("SELECT person_id, age, left_on, reason FROM chosen").fetchall()
        records = _records(connection, working_dir / CANDIDATES_FILE)
    order = list(Reason)
    persons = [
        PersonToContact(str(person_id), Reason(reason), int(age), left_on, tuple(records[person_id]))
        for person_id, age, left_on, reason in chosen
    ]
    persons.sort(key=lambda one: (order.index(one.reason), one.left_on or date.max, one.person_id))
    return tuple(persons)


def _records(connection: duckdb.DuckDBPyConnection, candidates: Path) -> dict[str, list[KnownRecord]]:
    """The records of the chosen persons, and those that wait for the review to join them.

    A record that waits may be any of its candidates: each of them is told.
    """
    best = "SELECT source, record_id, linked_source || ':' || linked_record_id AS pupil FROM link"
    others = ""
    if candidates.is_file():
        quoted = str(candidates).replace("'", "''")
        others = (
            f" UNION SELECT l.source, l.record_id, c.pupil FROM '{quoted}' c JOIN link l "
            "ON l.source || ':' || l.record_id = c.rid WHERE l.status = 'review'"
        )
    connection.execute(f"CREATE TABLE waiting AS {best} WHERE status = 'review'{others}")
    connection.execute(
        """
        CREATE TABLE known AS
        SELECT c.person_id, l.source, l.record_id, false AS is_doubtful
        FROM chosen c JOIN link l USING (person_id)
        UNION ALL
        SELECT DISTINCT c.person_id, w.source, w.record_id, true FROM chosen c JOIN link p USING (person_id)
        JOIN waiting w ON w.pupil = p.source || ':' || p.record_id
        """
    )
    found: dict[str, list[KnownRecord]] = {}
    for source in _TRUST:
        names = column_names(source)
        columns = ", ".join(f"r.{name}" for name in names)
        rows: list[tuple[Any, ...]] = connection.execute(
            f"SELECT k.person_id, k.is_doubtful, {columns} FROM known k JOIN travail.{source} r "
            f"ON k.source = '{source}' AND k.record_id = r.record_id ORDER BY ALL"
        ).fetchall()
        for person_id, is_doubtful, *cells in rows:
            record = KnownRecord(source, dict(zip(names, cells, strict=True)), bool(is_doubtful))
            found.setdefault(str(person_id), []).append(record)
    for records in found.values():
        records.sort(key=lambda record: record.is_doubtful)
    return found
