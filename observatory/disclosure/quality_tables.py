"""What a campaign publishes of its cross-matching, under the same thresholds as its figures.

Counts of 1-4 are hidden, then what a published sum would give back: rows of an extract and their statuses,
the same by département and by birth year, decisions of the review, fields compared. A remainder (rows that
were not linked in a département) is never published, and is protected like a count. A share appears when the
counts that it is made of do, and are 20 or more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array, csc_array

from observatory.disclosure.ladder import Ladder
from observatory.disclosure.linked_tables import FloatArray, LinkedTables
from observatory.disclosure.relations import Key
from observatory.disclosure.witnesses import Protection
from observatory.domain.campaign import QUALITY_MEASURES, FindingKind, QualityTopic, Source
from observatory.domain.figures import FigureStatus

SHARES = ("rate", "share", "announced", "observed", "precision", "recall", "mission_locale_recall")
"""Measures that are shares; all the others are counts."""
_BASES: dict[QualityTopic, tuple[str, ...]] = {
    QualityTopic.MATCH_DEPARTEMENT: ("records", "linked"),
    QualityTopic.MATCH_BIRTH_YEAR: ("records", "linked"),
    QualityTopic.CALIBRATION: ("pairs",),
    QualityTopic.METHOD: ("pairs",),
    QualityTopic.FALSE_DROPOUT: ("persons",),
}
"""Counts that the shares of a topic need; the first must be 20 or more, but for an estimate of persons."""
_ALL = "quality"
ROUNDING = 1e-5


@dataclass(frozen=True)
class _Line:
    """``total`` = ``parts`` (+ a remainder that is never published, when ``has_rest``).

    ``is_sure``: true by construction; the others hold when each row has one reason and every row its place.
    """

    total: Key
    parts: tuple[Key, ...]
    has_rest: bool = False
    is_sure: bool = True


def protect_quality(quality: pd.DataFrame, ladder: Ladder | None = None) -> pd.DataFrame:
    """``topic, item, measure, value, value_lower, value_upper`` with ``status``; what is hidden is blank."""
    ladder = ladder or Ladder()
    rows = quality.copy()
    is_count = ~rows["measure"].isin(SHARES)
    numbers = ["value", "value_lower", "value_upper"]
    rows = rows.astype(dict.fromkeys(numbers, "float64"))
    # An estimate of persons is shown in persons, its bounds outwards.
    rows["value"] = rows["value"].where(~is_count, rows["value"].round())
    rows["value_lower"] = rows["value_lower"].where(~is_count, np.floor(rows["value_lower"]))
    rows["value_upper"] = rows["value_upper"].where(~is_count, np.ceil(rows["value_upper"]))
    counts = _counts(rows[is_count & rows["value"].notna()])
    hidden = {key for key, count in counts.items() if ladder.is_small(count)}
    lines = [line for line in _lines(counts) if _holds(line, counts)]
    tables = _system(counts, lines)
    if tables is not None:
        hidden |= set(Protection(tables, ladder, hidden).run())
    state = [
        _state(key, value, counts, hidden, ladder)
        for key, value in zip(_keys(rows), rows["value"], strict=True)
    ]
    rows["status"] = [str(status) for status in state]
    rows[numbers] = rows[numbers].where(rows["status"] == FigureStatus.VALUE, axis=0)
    return rows.sort_values(["topic", "item", "measure"], ignore_index=True)


def attack_quality(published: pd.DataFrame, ladder: Ladder | None = None) -> pd.DataFrame:
    """Hidden counts that can be deduced too closely: ``topic, item, measure, lower, upper, finding``.

    Built anew from what is published: an attacker takes every declared sum for true, unless what he reads
    contradicts it.
    """
    ladder = ladder or Ladder()
    is_count = ~published["measure"].isin(SHARES)
    known = _counts(published[is_count & (published["status"] == FigureStatus.VALUE)])
    hidden = sorted(_keys(published[is_count & (published["status"] == FigureStatus.SUPPRESSED)]))
    found: list[tuple[str, str, str, float, float, str]] = [
        (*key[1:], count, count, "small_published") for key, count in known.items() if ladder.is_small(count)
    ]
    for line in _lines(known):
        rest = known[line.total] - sum(known[part] for part in line.parts)
        if line.has_rest and ladder.is_small(rest):
            found.append((*line.total[1:], rest, rest, "exposed"))
    lines = list(_lines({**known, **dict.fromkeys(hidden, 1)}))
    system = _Unknowns(lines, known, hidden)
    if not system.is_possible():
        system = _Unknowns([line for line in lines if line.is_sure], known, hidden)
    for number, key in enumerate(hidden):
        low, high = system.ends(number)
        if high - low < ladder.width and low < ladder.smallest_shown:
            found.append((*key[1:], low, high, "exposed"))
    return pd.DataFrame(found, columns=["topic", "item", "measure", "lower", "upper", "finding"])


def _keys(rows: pd.DataFrame) -> Iterator[Key]:
    for topic, item, measure in rows[["topic", "item", "measure"]].itertuples(index=False, name=None):
        yield _ALL, str(topic), str(item), str(measure)


def _counts(rows: pd.DataFrame) -> dict[Key, int]:
    return dict(zip(_keys(rows), rows["value"].round().astype(int), strict=True))


def _key(topic: QualityTopic, item: str, measure: str) -> Key:
    return _ALL, topic.value, item, measure


def _lines(counts: dict[Key, int]) -> Iterator[_Line]:
    """Every sum that a reader may think of, among the counts that are there."""

    def of(total: Key, parts: list[Key], *, has_rest: bool = False, is_sure: bool = True) -> Iterator[_Line]:
        present = tuple(part for part in parts if part in counts)
        if total in counts and present:
            yield _Line(total, present, has_rest, is_sure)

    items: dict[str, list[str]] = {}
    for _, topic, item, _ in sorted(counts):
        if item not in items.setdefault(topic, []):
            items[topic].append(item)
    for source in Source:
        rows_in = _key(QualityTopic.SOURCE_ROWS, source, "rows_in")
        rows_out = _key(QualityTopic.SOURCE_ROWS, source, "rows_out")
        yield from of(rows_in, [rows_out], has_rest=True)
        refused = f"{source}|{FindingKind.REFUSED}|"
        reasons = [item for item in items.get(QualityTopic.FINDING, []) if item.startswith(refused)]
        refusals = [_key(QualityTopic.FINDING, item, "count") for item in reasons]
        yield from of(rows_in, [rows_out, *refusals], is_sure=False)
        statuses = QUALITY_MEASURES[QualityTopic.LINK_STATUS]
        yield from of(rows_out, [_key(QualityTopic.LINK_STATUS, source, status) for status in statuses])
        pairs, *decisions = QUALITY_MEASURES[QualityTopic.REVIEW]
        of_review = [_key(QualityTopic.REVIEW, source, decision) for decision in decisions]
        yield from of(_key(QualityTopic.REVIEW, source, pairs), of_review, has_rest=True)
        for topic in (QualityTopic.MATCH_DEPARTEMENT, QualityTopic.MATCH_BIRTH_YEAR):
            groups = [item for item in items.get(topic, []) if item.startswith(f"{source}|")]
            yield from of(rows_out, [_key(topic, item, "records") for item in groups], is_sure=False)
            linked = _key(QualityTopic.LINK_STATUS, source, "linked")
            # The rest was linked to somebody who is in no pupil base.
            yield from of(linked, [_key(topic, item, "linked") for item in groups], has_rest=True)
    for topic, whole, part in (
        (QualityTopic.MATCH_DEPARTEMENT, "records", "linked"),
        (QualityTopic.MATCH_BIRTH_YEAR, "records", "linked"),
        (QualityTopic.DISAGREEMENT, "compared", "differing"),
    ):
        for item in items.get(topic, []):
            yield from of(_key(topic, item, whole), [_key(topic, item, part)], has_rest=True)


def _holds(line: _Line, counts: dict[Key, int]) -> bool:
    rest = counts[line.total] - sum(counts[part] for part in line.parts)
    return rest >= 0 if line.has_rest else rest == 0


def _system(counts: dict[Key, int], lines: list[_Line]) -> LinkedTables | None:
    """The counts that a sum links, then the remainders."""
    linked = {key for line in lines for key in (line.total, *line.parts) if counts[key]}
    keys = sorted(linked)
    if not keys:
        return None
    place = {key: number for number, key in enumerate(keys)}
    entries: list[tuple[int, int, float]] = []
    rests: list[int] = []
    for row, line in enumerate(lines):
        entries += [(row, place[part], 1.0) for part in line.parts if part in place]
        if line.total in place:
            entries.append((row, place[line.total], -1.0))
        if line.has_rest:
            entries.append((row, len(keys) + len(rests), 1.0))
            rests.append(counts[line.total] - sum(counts[part] for part in line.parts))
    size = len(keys) + len(rests)
    rows, columns, signs = zip(*entries, strict=True)
    wholes = {line.total for line in lines}
    cost = [(100.0 if key in wholes else 1.0) * (1.0 + np.log1p(counts[key])) for key in keys]
    return LinkedTables(
        keys=tuple(keys),
        values=np.array([*(counts[key] for key in keys), *rests], dtype=float),
        lower=np.concatenate([np.ones(len(keys)), np.zeros(len(rests))]),
        upper=np.full(size, np.inf),
        floor=np.ones(size),
        cost=np.array(cost),
        matrix=csc_array(coo_array((signs, (rows, columns)), shape=(len(lines), size))),
    )


class _Unknowns:
    """What is hidden, at least 1 each, then the remainders, under the lines that hold something hidden."""

    def __init__(self, lines: list[_Line], known: dict[Key, int], hidden: list[Key]) -> None:
        place = {key: number for number, key in enumerate(hidden)}
        entries: list[tuple[int, int, float]] = []
        right: list[float] = []
        self.size = len(hidden)
        for line in lines:
            unknown = [(part, 1.0) for part in line.parts if part in place]
            if line.total in place:
                unknown.append((line.total, -1.0))
            if not unknown:
                continue
            entries += [(len(right), place[key], sign) for key, sign in unknown]
            if line.has_rest:
                entries.append((len(right), self.size, 1.0))
                self.size += 1
            right.append(float(known.get(line.total, 0) - sum(known.get(part, 0) for part in line.parts)))
        rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
        self.matrix = csc_array(coo_array((signs, (rows, columns)), shape=(len(right), self.size)))
        self.right = np.array(right)
        lower = np.concatenate([np.ones(len(hidden)), np.zeros(self.size - len(hidden))])
        self.bounds = np.column_stack([lower, np.full(self.size, np.inf)])

    def is_possible(self) -> bool:
        """Whether anything agrees with all the lines."""
        return not self.size or self._extreme(np.zeros(self.size)) is not None

    def ends(self, number: int) -> tuple[float, float]:
        """Lowest and highest whole values of one unknown."""
        cost = np.zeros(self.size)
        cost[number] = 1.0
        low, high = self._extreme(cost), self._extreme(-cost)
        lowest = 1.0 if low is None else max(1.0, float(np.ceil(low - ROUNDING)))
        return lowest, np.inf if high is None else float(np.floor(-high + ROUNDING))

    def _extreme(self, cost: FloatArray) -> float | None:
        lines = {"A_eq": self.matrix, "b_eq": self.right} if len(self.right) else {}
        found = linprog(cost, bounds=self.bounds, method="highs", **lines)
        return float(found.fun) if found.status == 0 else None


def _state(key: Key, value: float, counts: dict[Key, int], hidden: set[Key], ladder: Ladder) -> FigureStatus:
    if pd.isna(value):
        return FigureStatus.MISSING
    if key[3] not in SHARES:
        return FigureStatus.SUPPRESSED if key in hidden else FigureStatus.VALUE
    topic = QualityTopic(key[1])
    bases = [(*key[:3], base) for base in _BASES.get(topic, ())]
    if any(base in hidden for base in bases):
        return FigureStatus.SUPPRESSED
    is_estimate = topic is QualityTopic.FALSE_DROPOUT
    if bases and not is_estimate and counts.get(bases[0], 0) < ladder.rate_base:
        return FigureStatus.SUPPRESSED
    return FigureStatus.VALUE
