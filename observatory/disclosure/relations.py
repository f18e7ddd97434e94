"""What everybody knows of the published tables: which counts add up to which.

- Basins add up to their académie, académies to the region (``parents``, given by the caller).
- The categories of a breakdown add up to ``all``.
- The funnel adds up (``SUMS``); the numerator of a rate is part of its denominator (``RATES``), so that their
  difference is a count of persons too, never published but as sensitive as the others: a *remainder*.

A count that was not transmitted takes part in no sum: a total counts those that came. Two campaigns are two
populations: nothing relates their counts. Two editions of one campaign are the same young people, revised:
see ``Ladder.revision``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from observatory.domain.campaign import CATEGORIES, COUNTS, RATES, SUMS, Breakdown, Measure
from observatory.errors import UserFacingError

KEY = ["area_code", "breakdown", "category", "measure"]
"""What names a figure of a campaign."""
MEDIANS: dict[Measure, Measure] = {Measure.RECEPTION_DELAY_DAYS: Measure.FOLLOWED}
"""Medians, and the count of persons that each rests on."""


@dataclass(frozen=True)
class Relations:
    """The hierarchy of areas: ``parents`` gives the académie of each basin and the region of each académie.

    >>> relations = Relations({"AM01": "ACA02", "NI01": "ACA23", "ACA02": "REG93", "ACA23": "REG93"})
    >>> relations.depth("AM01"), relations.depth("REG93"), relations.children("REG93")
    (2, 0, ('ACA02', 'ACA23'))
    """

    parents: Mapping[str, str]

    def depth(self, area_code: str) -> int:
        """How many areas hold this one."""
        depth = 0
        while area_code in self.parents:
            area_code, depth = self.parents[area_code], depth + 1
        return depth

    def children(self, area_code: str) -> tuple[str, ...]:
        """The areas directly under this one, sorted."""
        return tuple(sorted(child for child, parent in self.parents.items() if parent == area_code))


Key = tuple[str, str, str, str]


def sums(keys: set[Key], relations: Relations) -> list[tuple[Key, tuple[Key, ...]]]:
    """Every declared sum between the figures of ``keys``: a total and its parts, in a fixed order."""
    parts_of_measure = {whole.value: tuple(p.value for p in parts) for whole, parts in SUMS}
    children = {area: relations.children(area) for area in {key[0] for key in keys}}
    found = []
    for key in sorted(keys):
        area, breakdown, category, measure = key
        families = [[(child, breakdown, category, measure) for child in children[area]]]
        families.append([(area, breakdown, category, part) for part in parts_of_measure.get(measure, ())])
        if breakdown == Breakdown.ALL:
            families += [
                [(area, other.value, part, measure) for part in CATEGORIES[other]]
                for other in Breakdown
                if other is not Breakdown.ALL
            ]
        for family in families:
            present = tuple(part for part in family if part in keys)
            if present:
                found.append((key, present))
    return found


def remainders(keys: set[Key]) -> list[tuple[Key, Key]]:
    """Denominator and numerator of each rate between the figures of ``keys``: the first minus the second is
    a count of persons.
    """
    found = []
    for area, breakdown, category, measure in sorted(keys):
        for part, whole in RATES.values():
            whole_key = (area, breakdown, category, whole.value)
            if measure == part and whole_key in keys:
                found.append((whole_key, (area, breakdown, category, measure)))
    return found


def check_counts(raw: pd.DataFrame, relations: Relations) -> dict[Key, int]:
    """The transmitted counts by key; refuses a table whose declared relations are false.

    A protection built on relations that do not hold protects nothing, so nothing is repaired here. The error
    says where, never the counts.
    """
    if raw.duplicated(KEY).any():
        raise _refused("repeated", _key(raw.loc[raw.duplicated(KEY), KEY].iloc[0]))
    counts: dict[Key, int] = {}
    known = {breakdown.value: set(categories) for breakdown, categories in CATEGORIES.items()}
    measures = {measure.value for measure in Measure}
    countable = {measure.value for measure in COUNTS}
    for *parts, count in raw[[*KEY, "count"]].itertuples(index=False, name=None):
        key = _key(parts)
        if key[2] not in known.get(key[1], ()) or key[3] not in measures:
            raise _refused("unknown", key)
        if key[3] not in countable or pd.isna(count):
            continue
        if count < 0 or count != int(count):
            raise _refused("not_a_count", key)
        counts[key] = int(count)
    for total, members in sums(set(counts), relations):
        if counts[total] != sum(counts[member] for member in members):
            raise _refused("sum", total)
    for whole, part in remainders(set(counts)):
        if counts[part] > counts[whole]:
            raise _refused("part_above_whole", part)
    return counts


def _key(parts: object) -> Key:
    area, breakdown, category, measure = (str(part) for part in parts)  # type: ignore[attr-defined]
    return area, breakdown, category, measure


def _refused(reason: str, key: Key) -> UserFacingError:
    return UserFacingError("disclosure_input", reason=reason, cell=" ".join(key))
