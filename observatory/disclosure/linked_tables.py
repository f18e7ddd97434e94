"""All the tables of an edition as linear systems: one for each group of counts that relations link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from observatory.disclosure.relations import Key, Relations, remainders, sums
from observatory.domain.campaign import Breakdown

REACH = 200
"""How far a witness may move one count: far enough to protect, and what makes larger remainders idle."""
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LinkedTables:
    """Tables that a relation links: positive counts, then remainders, which are never published.

    ``matrix @ x = 0`` holds for the true ``values`` and for whatever the attacker may believe. ``lower`` and
    ``upper`` bound what he believes of a count that he does not see; ``floor`` is the lowest that the sums of
    positive parts allow.
    """

    keys: tuple[Key, ...]
    values: FloatArray
    lower: FloatArray
    upper: FloatArray
    floor: FloatArray
    cost: FloatArray
    matrix: csc_array


def linked_tables(
    counts: dict[Key, int], relations: Relations, bounds: dict[Key, tuple[int, int]]
) -> Iterator[LinkedTables]:
    """The counts, as systems that nothing links to each other."""
    keys = sorted(key for key, count in counts.items() if count)
    place = {key: number for number, key in enumerate(keys)}
    lines = [
        (place[total], [place[part] for part in parts if part in place])
        for total, parts in sums(set(counts), relations)
        if total in place
    ]
    # A remainder that no witness can empty tells the attacker nothing: it is left out.
    rests = [
        (place[whole], place[part], counts[whole] - counts[part])
        for whole, part in remainders(set(counts))
        if part in place and counts[whole] - counts[part] <= 2 * REACH
    ]
    size = len(keys) + len(rests)
    entries = [(row, total, -1.0) for row, (total, _) in enumerate(lines)]
    entries += [(row, part, 1.0) for row, (_, parts) in enumerate(lines) for part in parts]
    for number, (whole, part, _) in enumerate(rests):
        row = len(lines) + number
        entries += [(row, whole, -1.0), (row, part, 1.0), (row, len(keys) + number, 1.0)]
    rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csr_array(coo_array((signs, (rows, columns)), shape=(len(lines) + len(rests), size)))

    lower = np.array([max(1, bounds.get(key, (1, 0))[0]) for key in keys] + [0] * len(rests), dtype=float)
    upper = np.array([bounds.get(key, (0, np.inf))[1] for key in keys] + [np.inf] * len(rests), dtype=float)
    values = np.array([counts[key] for key in keys] + [rest for *_, rest in rests], dtype=float)
    cost = np.array([_cost(key, counts[key], relations, is_known=key in bounds) for key in keys])
    floor = np.maximum(_floors(lines, len(keys)), lower[: len(keys)])
    _, labels = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
    for label in np.unique(labels[: len(keys)]):
        members = np.flatnonzero(labels == label)
        own = members[members < len(keys)]
        part_rows = np.flatnonzero(np.diff(matrix[:, members].indptr))
        yield LinkedTables(
            keys=tuple(keys[number] for number in own),
            values=values[members],
            lower=lower[members],
            upper=upper[members],
            floor=np.concatenate([floor[own], np.ones(len(members) - len(own))]),
            cost=cost[own],
            matrix=csc_array(matrix[part_rows][:, members]),
        )


def _cost(key: Key, count: int, relations: Relations, *, is_known: bool) -> float:
    """What hiding a count costs the reader; what the other edition shows would protect little."""
    height = {0: 2500.0, 1: 250.0}.get(relations.depth(key[0]), 1.0)
    whole = 12.0 if key[1] == Breakdown.ALL else 1.0
    return height * whole * (10.0 if is_known else 1.0) * (1.0 + np.log1p(count))


def _floors(lines: list[tuple[int, list[int]]], size: int) -> FloatArray:
    """The lowest value of each positive count that its positive parts leave: at least one each."""
    by_total: dict[int, list[list[int]]] = {}
    for total, parts in lines:
        by_total.setdefault(total, []).append(parts)
    floors = np.zeros(size)

    def floor(cell: int) -> float:
        if not floors[cell]:
            floors[cell] = max([1.0, *(sum(map(floor, parts)) for parts in by_total.get(cell, []))])
        return float(floors[cell])

    for cell in range(size):
        floor(cell)
    return floors
