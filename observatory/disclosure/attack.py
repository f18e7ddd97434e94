"""The audit of what was published: an attacker who knows every relation, and no raw count.

Nothing here comes from ``suppression``: the linear systems are built anew, from the published frame and
the declared relations. For each hidden count, and each remainder (denominator minus numerator) that is not
plain to see, two linear programs give the lowest and the highest value that agree with everything published:
sums, rates with their decimals, zeros (all published, so that a hidden count is at least 1) and, for an
edition whose other one is given, its values in the basins, give or take a revision (``Ladder.revision``).

A count is *exposed* when fewer than four values remain possible and one of them is small (``Ladder``). What
is published against the rules (a small count, a rate or a median without its base, a value under a state
that says there is none) is a finding too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from observatory.disclosure.ladder import Ladder
from observatory.disclosure.relations import KEY, MEDIANS, Relations
from observatory.domain.campaign import COUNTS, RATES, SUMS, Measure
from observatory.domain.figures import FigureStatus
from observatory.errors import UserFacingError

FAR = 1e6
"""No count of a basin, académie or region comes near: a bound that far is no bound."""
ROUNDING = 1e-5
FINDINGS = [*KEY, "less", "edition", "lower", "upper", "finding"]


def attack(
    published: pd.DataFrame,
    relations: Relations,
    ladder: Ladder | None = None,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What can be deduced of each hidden count, one row each; ``finding`` is blank when it is protected.

    ``less``: the numerator, on the row of a remainder. ``edition``: ``this``, or ``other`` for what this
    edition tells about the one in ``previous``. Findings: ``exposed``, ``small_published``,
    ``value_under_sign``, ``rate_without_base``, ``median_without_base``.
    """
    ladder = ladder or Ladder()
    parts = [
        _against_the_rules(published, ladder),
        _deduce(published, previous, relations, ladder).assign(edition="this"),
    ]
    if previous is not None:
        parts.append(_deduce(previous, published, relations, ladder).assign(edition="other"))
    found = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=FINDINGS)])
    return found[FINDINGS].sort_values([*KEY, "less", "edition", "finding"], ignore_index=True)


@dataclass
class _System:
    """Unknown counts ``x``: ``equal @ x = known``, ``below @ x <= ceiling``, ``lower <= x <= upper``."""

    equal: csr_array
    known: np.ndarray
    below: csr_array
    ceiling: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def extreme(self, target: dict[int, float]) -> float | None:
        """The lowest value of the combination ``target`` of unknowns; None when nothing agrees."""
        cost = np.zeros(len(self.lower))
        cost[list(target)] = list(target.values())
        found = linprog(
            cost,
            A_ub=self.below if self.below.shape[0] else None,
            b_ub=self.ceiling if self.below.shape[0] else None,
            A_eq=self.equal if self.equal.shape[0] else None,
            b_eq=self.known if self.equal.shape[0] else None,
            bounds=np.column_stack([self.lower, self.upper]),
            method="highs-ds",
            options={"presolve": False},
        )
        return float(found.fun) if found.status == 0 else None


def _deduce(
    published: pd.DataFrame, other: pd.DataFrame | None, relations: Relations, ladder: Ladder
) -> pd.DataFrame:
    """The interval of each hidden count and remainder of one edition."""
    counts = published[
        published["measure"].isin(list(COUNTS)) & (published["status"] != FigureStatus.MISSING)
    ]
    counts = counts.sort_values(KEY, ignore_index=True)
    is_hidden = (counts["status"] == FigureStatus.SUPPRESSED).to_numpy()
    value = np.where(is_hidden, np.nan, counts["value"].to_numpy(dtype=float))
    place = {key: cell for cell, key in enumerate(counts[KEY].itertuples(index=False, name=None))}

    equalities = [
        {total: -1.0, **dict.fromkeys(parts, 1.0)} for total, parts in _totals(counts, place, relations)
    ]
    pairs = list(_rate_pairs(place))
    ceilings = [{part: 1.0, whole: -1.0} for part, whole, _ in pairs]
    rates = published[published["status"] == FigureStatus.VALUE].set_index(KEY)["value"].to_dict()
    half = 0.5 * 10.0**-ladder.rate_decimals
    for part, whole, rate_key in pairs:
        if rate_key in rates:
            ceilings.append({part: 1.0, whole: -(rates[rate_key] + half)})
            ceilings.append({part: -1.0, whole: rates[rate_key] - half})

    lower, upper = np.ones(len(counts)), np.full(len(counts), FAR)
    near_low, near_high = lower.copy(), upper.copy()
    if other is not None:
        shown = other[other["status"] == FigureStatus.VALUE].set_index(KEY)["value"].to_dict()
        wholes = set(relations.parents.values())
        for key, cell in place.items():
            if key in shown and key[0] not in wholes:
                move = ladder.revision(shown[key])
                near_low[cell] = max(1.0, shown[key] - move)
                near_high[cell] = max(1.0, shown[key] + move)

    equal, known = _matrix(equalities, value)
    below, ceiling = _matrix(ceilings, value)
    _refuse_contradictions(equal, known, below, ceiling)
    found: list[tuple[int, str, float, float]] = []
    for cells in _components(equal, below, is_hidden):
        system = _part(equal, known, below, ceiling, cells)
        system.lower, system.upper = near_low[cells], near_high[cells]
        if system.extreme({}) is None:  # the counts moved more than he took for granted
            system.lower, system.upper = lower[cells], upper[cells]
            if system.extreme({}) is None:
                raise _contradiction(" ".join(counts[KEY].loc[cells[0]]))
        local = {cell: number for number, cell in enumerate(cells.tolist())}
        for cell, number in local.items():
            found.append((cell, "", *_ends(system, {number: 1.0})))
        for part, whole, _ in pairs:
            if part in local and whole in local:
                ends = _ends(system, {local[whole]: 1.0, local[part]: -1.0})
                found.append((whole, counts["measure"][part], *ends))
    ends_of = {cell: (low, high) for cell, less, low, high in found if not less}
    for part, whole, _ in pairs:
        if part in ends_of and whole in ends_of:
            continue
        part_low, part_high = ends_of.get(part, (value[part], value[part]))
        whole_low, whole_high = ends_of.get(whole, (value[whole], value[whole]))
        found.append((whole, counts["measure"][part], max(0.0, whole_low - part_high), whole_high - part_low))
    table = pd.DataFrame(found, columns=["cell", "less", "lower", "upper"])
    table = counts[KEY].loc[table["cell"]].reset_index(drop=True).join(table.drop(columns="cell"))
    is_narrow = table["upper"] - table["lower"] < ladder.width
    is_exposed = is_narrow & (table["lower"] < ladder.smallest_shown) & (table["upper"] >= 1)
    table["finding"] = np.where(is_exposed, "exposed", "")
    is_plain = (table["less"] != "") & (table["lower"] == table["upper"]) & ~is_exposed
    return table[~is_plain]


def _totals(
    counts: pd.DataFrame, place: dict[tuple[str, ...], int], relations: Relations
) -> Iterator[tuple[int, list[int]]]:
    """Each declared sum: the row of the total and those of its parts."""
    whole_of = {part.value: whole.value for whole, parts in SUMS for part in parts}
    by_area = counts.assign(area_code=counts["area_code"].map(dict(relations.parents)))
    by_step = counts.assign(measure=counts["measure"].map(whole_of))
    split = counts[counts["breakdown"] != "all"]
    for family in (by_area, by_step):
        for key, rows in family.dropna(subset=KEY).groupby(KEY):
            if (total := tuple(map(str, key))) in place:
                yield place[total], rows.index.tolist()
    for (area, _, measure), rows in split.groupby(["area_code", "breakdown", "measure"]):
        if (total := (str(area), "all", "all", str(measure))) in place:
            yield place[total], rows.index.tolist()


def _rate_pairs(place: dict[tuple[str, ...], int]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Numerator, denominator and key of each rate."""
    for (area, breakdown, category, measure), cell in place.items():
        for rate, (part, whole) in RATES.items():
            if measure == part and (area, breakdown, category, whole.value) in place:
                yield (
                    cell,
                    place[area, breakdown, category, whole.value],
                    (area, breakdown, category, rate.value),
                )


def _matrix(lines: list[dict[int, float]], value: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """The unknown side of ``lines``, and what the known side leaves."""
    rows = [row for row, line in enumerate(lines) for _ in line]
    columns = [cell for line in lines for cell in line]
    weights = [weight for line in lines for weight in line.values()]
    whole = csr_array((weights, (rows, columns)), shape=(len(lines), len(value)))
    unknown = whole.multiply(np.isnan(value)[np.newaxis, :]).tocsr()
    unknown.eliminate_zeros()
    return unknown, -(whole @ np.nan_to_num(value))


def _components(equal: csr_array, below: csr_array, is_hidden: np.ndarray) -> Iterator[np.ndarray]:
    """Groups of unknowns that a line links."""
    links = abs(equal).T @ abs(equal) + abs(below).T @ abs(below)
    _, labels = connected_components(links, directed=False)
    for label in np.unique(labels[is_hidden]):
        yield np.flatnonzero((labels == label) & is_hidden)


def _part(
    equal: csr_array, known: np.ndarray, below: csr_array, ceiling: np.ndarray, cells: np.ndarray
) -> _System:
    equal, below = equal[:, cells], below[:, cells]
    with_equal, with_below = np.diff(equal.indptr) > 0, np.diff(below.indptr) > 0
    nothing = np.zeros(len(cells))
    return _System(
        equal[with_equal], known[with_equal], below[with_below], ceiling[with_below], nothing, nothing
    )


def _refuse_contradictions(
    equal: csr_array, known: np.ndarray, below: csr_array, ceiling: np.ndarray
) -> None:
    """Published values alone must agree: a table that does not add up was not made by these rules."""
    is_wrong = (np.diff(equal.indptr) == 0) & (np.abs(known) > ROUNDING)
    is_over = (np.diff(below.indptr) == 0) & (ceiling < -ROUNDING)
    if is_wrong.any() or is_over.any():
        raise _contradiction("")


def _contradiction(cell: str) -> UserFacingError:
    return UserFacingError("disclosure_input", reason="contradiction", cell=cell)


def _ends(system: _System, target: dict[int, float]) -> tuple[float, float]:
    """Lowest and highest whole values; infinite when nothing bounds them."""
    low = system.extreme(target)
    high = system.extreme({cell: -weight for cell, weight in target.items()})
    if low is None or high is None:
        raise RuntimeError("a system that has a solution has no extreme one")
    lowest, highest = np.ceil(low - ROUNDING), np.floor(-high + ROUNDING)
    return max(0.0, lowest), np.inf if highest >= FAR - 1 else highest


def _against_the_rules(published: pd.DataFrame, ladder: Ladder) -> pd.DataFrame:
    """What should not have been published, whatever can be deduced from it."""
    is_value = published["status"] == FigureStatus.VALUE
    shown = published[is_value].set_index(KEY)["value"].to_dict()
    bases: dict[str, tuple[Measure, ...]] = {median.value: (base,) for median, base in MEDIANS.items()}
    bases |= {rate.value: (whole, part) for rate, (part, whole) in RATES.items()}
    findings = []
    for *key, value, status in published[[*KEY, "value", "status"]].itertuples(index=False, name=None):
        place, measure = key[:3], key[3]
        finding = ""
        if status != FigureStatus.VALUE:
            finding = "" if pd.isna(value) else "value_under_sign"
        elif measure not in bases:
            finding = "small_published" if ladder.is_small(value) else ""
        else:
            known = [shown.get((*place, base.value)) for base in bases[measure]]
            if None in known or (known[0] or 0) < ladder.rate_base:
                finding = "median_without_base" if len(known) == 1 else "rate_without_base"
        if finding:
            findings.append((*key, "", "this", value, value, finding))
    return pd.DataFrame(findings, columns=FINDINGS)
