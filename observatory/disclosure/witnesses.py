"""Complementary suppression by witnesses.

The tables are linked by areas, breakdowns and funnel all at once, which a tool that goes table by table
(τ-Argus, and pytauargus that drives it) does not see whole: one linear system holds them here. To protect
a count is to find another table, as possible as the true one for the attacker, in which that count is as low,
or as high, as asked for; the counts in which that table differs from the true one are those to hide. A linear
program finds the cheapest, and the table is kept as a *witness*: the proof of the protection, of that count
and of all those it moves. Last, each complementary count is given back when the others stay protected
without it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csc_array, hstack

from observatory.disclosure.ladder import Ladder
from observatory.disclosure.linked_tables import REACH, FloatArray, LinkedTables
from observatory.disclosure.relations import Key

MOVED = 1e-6
"""What counts as a difference between two tables."""
BoolArray = npt.NDArray[np.bool_]


class Protection:
    """Complementary suppression of one system of linked tables.

    ``low`` and ``high`` are the ends of what the witnesses prove possible for each count.
    """

    def __init__(self, tables: LinkedTables, ladder: Ladder, hidden: set[Key]) -> None:
        self.tables = tables
        self.ladder = ladder
        published = len(tables.keys)
        self.hidden: BoolArray = np.ones(len(tables.values), dtype=bool)
        self.hidden[:published] = [key in hidden for key in tables.keys]
        self.given = self.hidden.copy()
        self.primary: BoolArray = self.hidden & [ladder.is_small(value) for value in tables.values]
        # The ends that a primary count must reach; the other edition may say less than the rule.
        self.bottom = tables.floor
        self.top = np.minimum(tables.floor + ladder.width, tables.upper)
        self.witnesses: list[FloatArray] = []
        self.low, self.high = tables.values.copy(), tables.values.copy()
        self.settled: set[int] = set()
        self.links = abs(tables.matrix)
        self.doublets = csc_array(hstack([tables.matrix, -tables.matrix]))

    def run(self) -> list[Key]:
        """The keys of the counts to hide beside the given ones."""
        before = -1
        while before < int(self.hidden.sum()):
            before = int(self.hidden.sum())
            self.settled = self._determined()
            for cell in np.flatnonzero(self.primary).tolist():
                self._reach_ends(cell)
            for cell in np.flatnonzero(self.hidden & ~self.primary).tolist():
                self._keep_wide(cell)
        self._give_back()
        return [self.tables.keys[cell] for cell in np.flatnonzero(self.hidden & ~self.given)]

    def _is_protected(self, cell: int) -> bool:
        if cell in self.settled:
            return True
        low, high = self.low[cell] - MOVED, self.high[cell] + MOVED
        if self.primary[cell]:
            return bool(low <= self.bottom[cell] and high >= self.top[cell])
        return bool(np.floor(high) - np.ceil(low) >= self.ladder.width)

    def _reach_ends(self, cell: int, *, may_hide: bool = True) -> bool:
        """Protect a primary count: both ends of 1-4 must be possible."""
        value = self.tables.values[cell]
        for end in (self.top[cell], self.bottom[cell]):
            if self.low[cell] - MOVED <= end <= self.high[cell] + MOVED:
                continue
            if not self._witness(cell, end - value, may_hide=may_hide):
                if not may_hide:
                    return False
                # Its own parts hold it higher than they seem to: four values, then, wherever they are.
                self.primary[cell] = False
        return True

    def _keep_wide(self, cell: int, *, may_hide: bool = True) -> bool:
        """Protect any other hidden count: four values, unless none of them is small."""
        if self._is_protected(cell):
            return True
        for sign in (1, -1):
            self._witness(cell, sign * self.ladder.width, may_hide=False, is_part_enough=True)
            if self._is_protected(cell):
                return True
        if self.low[cell] + MOVED >= self.ladder.smallest_shown or self.high[cell] < 1 - MOVED:
            self.settled.add(cell)
            return True
        if may_hide and not self._witness(cell, self.ladder.width):
            self.settled.add(cell)  # held by the other edition; the attack says if it matters
        return may_hide

    def _determined(self) -> set[int]:
        """Hidden counts of 5 and more, or remainders, that a sum gives: harmless, and useless to others."""
        return set(np.flatnonzero(self._alone() & ~self.primary).tolist())

    def _alone(self) -> BoolArray:
        """Hidden counts that are the only hidden one of some sum."""
        is_single = np.asarray(self.links @ self.hidden.astype(float)) == 1
        return self.hidden & (np.asarray(self.links.T @ is_single.astype(float)) > 0)

    def _witness(
        self, cell: int, shift: float, *, may_hide: bool = True, is_part_enough: bool = False
    ) -> bool:
        """Find the cheapest possible table in which ``cell`` moves by ``shift``, and hide where it differs.

        ``is_part_enough``: as far as it can go towards there. False when there is no such table.
        """
        tables = self.tables
        size = len(tables.values)
        rise = np.minimum(tables.upper - tables.values, REACH)
        fall = np.minimum(tables.values - tables.lower, REACH)
        if not may_hide:
            rise, fall = np.where(self.hidden, rise, 0.0), np.where(self.hidden, fall, 0.0)
        price = np.full(size, 0.01)  # a short witness leaves more to give back
        price[: len(tables.cost)] = np.where(self.hidden[: len(tables.cost)], 0.01, tables.cost)
        cost = np.concatenate([price, price])
        bounds = np.column_stack([np.zeros(2 * size), np.concatenate([rise, fall])])
        forward, back = (cell, cell + size) if shift > 0 else (cell + size, cell)
        bounds[back] = 0.0
        bounds[forward, 1] = min(bounds[forward, 1], abs(shift))
        if is_part_enough:
            cost[forward] = -1e6
        else:
            bounds[forward, 0] = abs(shift)
            if bounds[forward, 1] < abs(shift):
                return False
        kept = np.flatnonzero(bounds[:, 1] > 0)
        system = self.doublets[:, kept]
        system = system[np.unique(system.indices)]
        found = linprog(
            cost[kept],
            A_eq=system,
            b_eq=np.zeros(system.shape[0]),
            bounds=bounds[kept],
            method="highs-ds",
            options={"presolve": False},  # small programs, solved by the thousand: half the time
        )
        if found.status != 0:
            return False
        move = np.zeros(2 * size)
        move[kept] = found.x
        self._record(np.where(np.abs(change := move[:size] - move[size:]) > MOVED, change, 0.0))
        return True

    def _record(self, change: FloatArray) -> None:
        self.witnesses.append(change)
        self.hidden |= change != 0
        np.minimum(self.low, self.tables.values + change, out=self.low)
        np.maximum(self.high, self.tables.values + change, out=self.high)

    def _give_back(self) -> None:
        """Publish again, the dearest first, each complementary count that nothing needs."""
        published = len(self.tables.keys)
        candidates = np.flatnonzero(self.hidden[:published] & ~self.given[:published])
        for cell in candidates[np.argsort(-self.tables.cost[candidates], kind="stable")]:
            self.hidden[cell] = False
            former = self.witnesses, self.low, self.high, self.settled
            self._keep_witnesses([witness for witness in self.witnesses if not witness[cell]])
            if not self._stays_protected():
                self.hidden[cell] = True
                found = self.witnesses
                self.witnesses, self.low, self.high, self.settled = former
                self._keep_witnesses(list({id(w): w for w in (*former[0], *found)}.values()))

    def _keep_witnesses(self, witnesses: list[FloatArray]) -> None:
        self.witnesses = witnesses
        changes = np.array([np.zeros_like(self.tables.values), *witnesses])
        self.low = self.tables.values + changes.min(axis=0)
        self.high = self.tables.values + changes.max(axis=0)

    def _stays_protected(self) -> bool:
        if (self._alone() & self.primary).any():
            return False
        self.settled = self.settled | self._determined()
        primary, others = np.flatnonzero(self.primary), np.flatnonzero(self.hidden & ~self.primary)
        return all(self._reach_ends(cell, may_hide=False) for cell in primary.tolist()) and all(
            self._keep_wide(cell, may_hide=False) for cell in others.tolist()
        )
