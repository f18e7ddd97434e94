"""The doubtful pairs: in what order they are shown, what is shown of them, what the answers say of the model.

The queue is made of the pairs that ``link`` left to a person (``status`` = ``review``) and, on demand, of a
draw among the pairs that it linked alone: without it, nobody would know how far a high weight can be trusted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.domain.campaign import WEIGHT_BANDS, Source
from observatory.errors import UserFacingError
from observatory.linkage.consolidation import QUALIFIED
from observatory.linkage.decisions import (
    Decision,
    Pair,
    Verdict,
    add_decisions,
    fingerprints,
    keep_current,
    read_journal,
)
from observatory.linkage.linking import CANDIDATES_FILE
from observatory.linkage.schema import column_names
from observatory.linkage.working_file import LINKS_FILE, MODEL_FILE, open_beside_working_file
from observatory.stats.rates import wilson_interval

if TYPE_CHECKING:
    import duckdb

REVIEW_DIR = "revue"
CONTROL = "control"
"""Reason of a pair that was linked alone and is shown to check the model."""

_BAND_STARTS = (float("-inf"), 2.0, 4.0, 6.0, 8.0, 12.0, 16.0)
_SOURCE_ORDER = (Source.MISSION_LOCALE, Source.APPRENTICESHIP, Source.AGRICULTURAL, Source.AFFECTATION)
Record = Mapping[str, str | date | None]


class Usefulness(IntEnum):
    """What a decision may change, the most first."""

    DECIDES_OF_A_LEAVER = 0  # the pupil has left, and no other base says where they are
    ADDS_TO_A_LEAVER = 1  # the pupil has left; another record tells of them already
    CHANGES_NO_FIGURE = 2  # still enrolled, qualified, or gone elsewhere
    CONTROL = 3


@dataclass(frozen=True)
class WeightPart:
    """What one comparison adds to the weight; ``level`` is the model's French label, blank when unknown."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True)
class ReviewPair:
    """One pair as it is shown. ``parts`` add up to ``weight``; none for a pair that rules alone made."""

    pair: Pair
    code: str
    weight: float | None
    reason: str
    usefulness: Usefulness
    record: Record
    pupil: Record
    parts: tuple[WeightPart, ...] = ()
    fingerprint: str = ""

    def decided(self, verdict: Verdict) -> Decision:
        return Decision(self.pair, verdict, self.weight, self.reason, self.fingerprint)


@dataclass(frozen=True)
class ReviewQueue:
    """The pairs in the order in which they are worth looking at, and who each pupil's record is."""

    pairs: tuple[ReviewPair, ...]
    person_of: Mapping[str, str] = field(repr=False)
    stale: frozenset[Pair] = frozenset()

    def answered(self, decisions: Mapping[Pair, Decision]) -> dict[Pair, Verdict]:
        """What is already settled: by a decision, or because the record was given to somebody else."""
        current = {pair: d for pair, d in decisions.items() if pair not in self.stale}
        chosen = {
            pair.rid: self.person_of.get(pair.pupil)
            for pair, d in current.items()
            if d.verdict is Verdict.SAME
        }
        settled = {}
        for one in self.pairs:
            if one.pair in current:
                settled[one.pair] = current[one.pair].verdict
            elif one.pair.rid in chosen:
                is_same = chosen[one.pair.rid] == self.person_of.get(one.pair.pupil)
                settled[one.pair] = Verdict.SAME if is_same else Verdict.DIFFERENT
        return settled


def read_queue(working_dir: Path, *, control: int = 0) -> ReviewQueue:
    """The queue of the last ``link``; ``control`` pairs a band among those that were linked alone.

    Raises ``links_missing`` when ``link`` has not run.
    """
    links = working_dir / LINKS_FILE
    if not links.is_file():
        raise UserFacingError("links_missing", path=str(links))
    with open_beside_working_file(working_dir) as connection:
        connection.execute(f"CREATE VIEW link AS FROM '{_quoted(links)}'")
        candidates = working_dir / CANDIDATES_FILE
        connection.execute(
            f"CREATE VIEW candidate AS FROM '{_quoted(candidates)}'"
            if candidates.is_file()
            else "CREATE VIEW candidate AS SELECT NULL::VARCHAR AS pupil, NULL::VARCHAR AS rid, "
            "NULL::DOUBLE AS weight WHERE false"
        )
        connection.execute(_QUEUE.format(control=int(control), qualified=QUALIFIED))
        rows = connection.execute("SELECT * FROM queue").fetch_df().to_dict("records")
        persons = connection.execute(
            "SELECT 'pupils:' || record_id, person_id FROM link WHERE source = 'pupils' AND "
            "'pupils:' || record_id IN (SELECT pupil FROM queue)"
        ).fetchall()
        decided = list(read_journal(working_dir).by_pair.values())
        stale = {d.pair for d in decided} - {d.pair for d in keep_current(connection, "travail", decided)}
        person_of = {str(rid): str(person) for rid, person in persons}
        person_of |= _persons_of(connection, [d.pair.pupil for d in decided])
        pairs = [_pair_of(row) for row in rows]
        prints = fingerprints(connection, "travail", pairs)
        records = _read_records(connection, pairs)
    levels = _levels(working_dir)
    made = [
        ReviewPair(
            pair,
            pair_code(pair),
            _number(row["weight"]),
            str(row["reason"]),
            Usefulness(int(row["usefulness"])),
            records[pair.rid],
            records[pair.pupil],
            _parts(row, levels),
            prints[pair],
        )
        for pair, row in zip(pairs, rows, strict=True)
    ]
    first: dict[str, Usefulness] = {}
    for one in made:
        first[one.pair.rid] = min(first.get(one.pair.rid, one.usefulness), one.usefulness)
    made.sort(key=lambda one: _order(one, first[one.pair.rid]))
    return ReviewQueue(tuple(made), person_of, frozenset(stale))


def decide(working_dir: Path, queue: ReviewQueue, decisions: Sequence[Decision], author: str) -> int:
    """Keep decisions on pairs of the queue, all or none; returns the number of the save."""
    return add_decisions(working_dir, decisions, author, queue.person_of, stale=queue.stale)


def pair_code(pair: Pair) -> str:
    """A short name of the pair that no spreadsheet will take for a number.

    >>> pair_code(Pair("mission_locale", "1", "2"))[0]
    'P'
    """
    key = "\x1f".join((pair.source, pair.record_id, pair.linked_source, pair.linked_record_id))
    return "P" + hashlib.blake2b(key.encode(), digest_size=10, person=b"paire").hexdigest()


def weight_band(weight: float) -> str:
    """The band of ``domain.campaign.WEIGHT_BANDS`` that a weight falls in.

    >>> weight_band(1.9), weight_band(2), weight_band(40)
    ('below_2', '2_4', '16_plus')
    """
    return WEIGHT_BANDS[sum(weight >= start for start in _BAND_STARTS) - 1]


@dataclass(frozen=True)
class CalibrationBand:
    """What persons found in a band of weights; the interval is Wilson's, 95 %, none without an answer.

    ``announced``: mean probability that the model gave to the pairs that were answered ``same`` or
    ``different``; ``waiting``: pairs of the queue that nobody has answered.
    """

    band: str
    same: int
    different: int
    cannot_tell: int
    waiting: int
    announced: float | None
    observed: float | None
    lower: float | None
    upper: float | None


def calibrate(working_dir: Path, queue: ReviewQueue | None = None) -> tuple[CalibrationBand, ...]:
    """The share of true pairs by band of weight, from the answers.

    A pair that was doubtful for another reason than its weight (second candidate, contradictory INE) says
    nothing of the weight and is left out. Undone and replaced decisions do not count.
    """
    queue = queue or read_queue(working_dir)
    decisions = read_journal(working_dir).by_pair
    counted: dict[str, dict[Verdict, int]] = {band: dict.fromkeys(Verdict, 0) for band in WEIGHT_BANDS}
    announced: dict[str, list[float]] = {band: [] for band in WEIGHT_BANDS}
    for decision in decisions.values():
        if decision.weight is None or decision.reason not in ("doubtful", CONTROL):
            continue
        band = weight_band(decision.weight)
        counted[band][decision.verdict] += 1
        if decision.verdict is not Verdict.CANNOT_TELL:
            announced[band].append(1 / (1 + 2.0**-decision.weight))
    settled = queue.answered(decisions)
    waiting = dict.fromkeys(WEIGHT_BANDS, 0)
    for one in queue.pairs:
        if one.pair not in settled and one.weight is not None and one.reason in ("doubtful", CONTROL):
            waiting[weight_band(one.weight)] += 1
    return tuple(_band(band, counted[band], waiting[band], announced[band]) for band in WEIGHT_BANDS)


def _band(name: str, counts: Mapping[Verdict, int], waiting: int, announced: list[float]) -> CalibrationBand:
    same, different = counts[Verdict.SAME], counts[Verdict.DIFFERENT]
    told = same + different
    lower, upper = wilson_interval(same, told) if told else (None, None)
    return CalibrationBand(
        name,
        same,
        different,
        counts[Verdict.CANNOT_TELL],
        waiting,
        sum(announced) / told if told else None,
        same / told if told else None,
        None if lower is None else float(lower),
        None if upper is None else float(upper),
    )


# A pupil who has left and of whom no other base speaks: the pair decides whether they count without solution.
_QUEUE = """
CREATE TABLE queue AS
WITH doubtful AS (
    SELECT c.*, l.reason, false AS is_control FROM candidate c
    JOIN link l ON l.source || ':' || l.record_id = c.rid WHERE l.status = 'review'
    UNION ALL BY NAME
    SELECT l.linked_source || ':' || l.linked_record_id AS pupil, l.source || ':' || l.record_id AS rid,
        l.weight, l.reason, false AS is_control
    FROM link l ANTI JOIN candidate c ON c.rid = l.source || ':' || l.record_id
        AND c.pupil = l.linked_source || ':' || l.linked_record_id
    WHERE l.status = 'review' AND l.linked_source = 'pupils'
),
drawn AS (
    SELECT l.linked_source || ':' || l.linked_record_id AS pupil, l.source || ':' || l.record_id AS rid,
        l.weight, 'control' AS reason, true AS is_control
    FROM link l WHERE l.status = 'linked' AND l.reason = 'model' AND l.linked_source = 'pupils'
    QUALIFY row_number() OVER (
        PARTITION BY CASE WHEN weight < 12 THEN 1 WHEN weight < 16 THEN 2 ELSE 3 END
        ORDER BY md5(l.source || ':' || l.record_id)) <= {control}
),
every AS (SELECT * FROM doubtful UNION ALL BY NAME SELECT * FROM drawn),
telling AS (
    SELECT person_id, count(*) AS records FROM link
    WHERE source NOT IN ('pupils', 'affectation') GROUP BY person_id
)
SELECT e.*, CASE WHEN e.is_control THEN 3
        WHEN p.current_uai IS NOT NULL OR coalesce(p.diploma IN {qualified}, false)
            OR coalesce(p.leaving_reason IN ('moved_abroad', 'deceased'), false) THEN 2
        WHEN t.records > 0 THEN 1 ELSE 0 END AS usefulness
FROM every e
JOIN link l ON l.source = 'pupils' AND 'pupils:' || l.record_id = e.pupil
JOIN travail.pupils p ON p.record_id = l.record_id
LEFT JOIN telling t ON t.person_id = l.person_id
ORDER BY e.rid, e.pupil
"""


def _order(one: ReviewPair, usefulness: Usefulness) -> tuple[Any, ...]:
    """Usefulness, then source, then a draw (so that what is answered is a sample of the rest); the
    candidates of one record stay together, the best first."""
    drawn = hashlib.blake2b(one.pair.rid.encode(), digest_size=8).hexdigest()
    source = _SOURCE_ORDER.index(Source(one.pair.source))
    return usefulness, source, drawn, -(one.weight or 0.0), one.pair.pupil


def _pair_of(row: Mapping[Any, Any]) -> Pair:
    source, record_id = str(row["rid"]).split(":", 1)
    linked_source, linked_record_id = str(row["pupil"]).split(":", 1)
    return Pair(source, record_id, linked_record_id, linked_source)


def _persons_of(connection: duckdb.DuckDBPyConnection, pupils: list[str]) -> dict[str, str]:
    if not pupils:
        return {}
    connection.execute("CREATE OR REPLACE TEMP TABLE asked_pupil (rid VARCHAR)")
    connection.executemany("INSERT INTO asked_pupil VALUES (?)", [[pupil] for pupil in sorted(set(pupils))])
    rows = connection.execute(
        "SELECT a.rid, l.person_id FROM asked_pupil a JOIN link l "
        "ON l.source = 'pupils' AND 'pupils:' || l.record_id = a.rid"
    ).fetchall()
    return {str(rid): str(person) for rid, person in rows}


def _read_records(connection: duckdb.DuckDBPyConnection, pairs: Sequence[Pair]) -> dict[str, Record]:
    """Every canonical record of the pairs, by ``source:record_id``; blank is None."""
    wanted: dict[str, set[str]] = {}
    for pair in pairs:
        wanted.setdefault(pair.source, set()).add(pair.record_id)
        wanted.setdefault(pair.linked_source, set()).add(pair.linked_record_id)
    records: dict[str, Record] = {}
    for source, ids in wanted.items():
        names = column_names(Source(source))
        connection.execute("CREATE OR REPLACE TEMP TABLE asked_record (record_id VARCHAR)")
        connection.executemany("INSERT INTO asked_record VALUES (?)", [[one] for one in sorted(ids)])
        rows = connection.execute(
            f"SELECT {', '.join(names)} FROM travail.{source} SEMI JOIN asked_record USING (record_id)"
        ).fetchall()
        for row in rows:
            record = dict(zip(names, row, strict=True))
            records[f"{source}:{record['record_id']}"] = record
    return records


def _levels(working_dir: Path) -> dict[str, list[tuple[float, str]]]:
    """The weight and the French label of each level of each comparison, from the model that was used."""
    import math

    try:
        saved = json.loads((working_dir / MODEL_FILE).read_text(encoding="utf-8"))
        return {
            comparison["output_column_name"]: [
                (math.log2(level["m_probability"] / level["u_probability"]), level["label_for_charts"])
                for level in comparison["comparison_levels"]
                if level.get("m_probability") and level.get("u_probability")
            ]
            for comparison in saved["splink"]["comparisons"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _parts(row: Mapping[Any, Any], levels: Mapping[str, list[tuple[float, str]]]) -> tuple[WeightPart, ...]:
    """The waterfall: where the weight starts, then what each comparison adds, rarity included."""
    weight = _number(row["weight"])
    names = [name.removeprefix("mw_") for name in row if name.startswith("mw_") and "tf_adj" not in name]
    if weight is None or not names or any(_number(row[f"mw_{name}"]) is None for name in names):
        return ()
    parts = []
    for name in names:
        own = float(row[f"mw_{name}"])
        rarity = _number(row.get(f"mw_tf_adj_{name}")) or 0.0
        near = [label for value, label in levels.get(name, []) if abs(value - own) < 0.01]
        level = near[0] if near else ("absent" if own == 0 else "")
        parts.append(WeightPart(name, level, own + rarity))
    start = WeightPart("start", "", weight - sum(part.weight for part in parts))
    return (start, *parts)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
