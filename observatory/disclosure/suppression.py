"""From raw counts to what may be published: primary, then complementary suppression of all tables at once.

**The attacker** reads every published value and state, knows every declared relation (``relations``) and the
rules below, and reasons exactly. He knows that a hidden count is at least 1, since zeros are always
published: zero is a value, and hiding a zero that everybody knows of would protect nothing. What he knows of
a hidden count is then an interval; it must stay no narrower than what the rule itself says of a small count.

**Hidden** (``suppressed``):

1. *primary*: counts of 1-4;
2. *carried*: what the other edition of this campaign hid, zeros apart, so that an edition never gives a value
   that protects the other one;
3. *complementary*: counts hidden so that no primary one can be deduced more closely than [1, 4] ([n, n + 3]
   when its published zeros say that n groups in it are not empty), and no hidden count more closely than four
   values of which one is small. The same protects the remainders (denominator minus numerator).

A rate appears when both its counts do and its denominator is 20 or more: it then tells nothing more than they
do. A median appears when its count does and is 20 or more. No published figure depends on a hidden one.

**What is not covered**, on purpose: that all of a published group are in one situation (a zero beside it says
so); who they are, for somebody who knows most of them already; a net change between two editions, which is
not a count of persons. Another campaign is another population.

The method is in ``witnesses``. Nothing is random: the same counts give the same result in any order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatory.disclosure.ladder import Ladder
from observatory.disclosure.linked_tables import linked_tables
from observatory.disclosure.relations import KEY, MEDIANS, Key, Relations, check_counts
from observatory.disclosure.witnesses import Protection
from observatory.domain.campaign import COUNTS, RATES
from observatory.domain.figures import FigureStatus


@dataclass(frozen=True)
class Protected:
    """``published``: key, ``value``, ``status`` and ``is_fragile`` (shown without rank or colour).

    ``report``: number of figures by ``reason`` and ``depth`` of the area (0 = region). It tells primary from
    complementary cells by their number only; which is which is told nowhere.
    """

    published: pd.DataFrame
    report: pd.DataFrame


def protect(
    raw: pd.DataFrame,
    relations: Relations,
    ladder: Ladder | None = None,
    previous: pd.DataFrame | None = None,
) -> Protected:
    """What may be published of the counts of one edition of one campaign.

    ``raw``: ``area_code, breakdown, category, measure, count``; a blank count was not transmitted. Rates are
    computed here, those given are not read. A column ``base`` may say on how many persons a median rests.
    ``previous``: what was published of the other edition of the same campaign (never of another campaign).
    """
    ladder = ladder or Ladder()
    counts = check_counts(raw, relations)
    reasons = _hide(counts, relations, ladder, previous)
    published = _published(raw, counts, set(reasons), ladder)
    return Protected(published, _report(published, reasons, relations))


def _hide(
    counts: dict[Key, int], relations: Relations, ladder: Ladder, previous: pd.DataFrame | None
) -> dict[Key, str]:
    """Why each hidden count is."""
    reasons = {key: "primary" for key, count in counts.items() if ladder.is_small(count)}
    bounds: dict[Key, tuple[int, int]] = {}
    if previous is not None:
        wholes = set(relations.parents.values())
        for *parts, value, status in previous[[*KEY, "value", "status"]].itertuples(index=False, name=None):
            key: Key = tuple(parts)
            if not counts.get(key):
                continue
            if status == FigureStatus.SUPPRESSED:
                reasons.setdefault(key, "carried")
            elif status == FigureStatus.VALUE and key[0] not in wholes:
                move = ladder.revision(value)
                if abs(counts[key] - value) <= move:  # else what he takes for granted misleads him
                    bounds[key] = (int(value) - move, int(value) + move)
    for tables in linked_tables(counts, relations, bounds):
        complementary = Protection(tables, ladder, set(reasons)).run()
        reasons |= dict.fromkeys(complementary, "complementary")
    return reasons


def _published(raw: pd.DataFrame, counts: dict[Key, int], hidden: set[Key], ladder: Ladder) -> pd.DataFrame:
    """Every figure with its state: the only place where a value gets out."""
    medians = {median.value: base.value for median, base in MEDIANS.items()}
    bases = raw["base"] if "base" in raw else pd.Series(np.nan, index=raw.index)
    given = list(raw[KEY].itertuples(index=False, name=None))
    known = set(given)
    rows: list[tuple[object, ...]] = []
    for key, count, base in zip(given, raw["count"], bases, strict=True):
        if key[3] in COUNTS:
            state = FigureStatus.SUPPRESSED if key in hidden else FigureStatus.VALUE
            rows.append((*key, count, state))
        elif key[3] in medians:
            state = _state_on_base((*key[:3], medians[key[3]]), counts, hidden, ladder)
            if state is FigureStatus.VALUE and base < ladder.rate_base:
                state = FigureStatus.SUPPRESSED
            rows.append((*key, count, state))
    for *place, measure in sorted(known):
        for rate, (part, whole) in RATES.items():
            part_key, whole_key = (*place, part.value), (*place, whole.value)
            if measure != whole or part_key not in known:
                continue
            state = _state_on_base(whole_key, counts, hidden, ladder)
            if part_key in hidden:
                state = FigureStatus.SUPPRESSED
            share = counts.get(part_key, np.nan) / counts[whole_key] if counts.get(whole_key) else np.nan
            rows.append((*place, rate.value, round(share, ladder.rate_decimals), state))
    published = pd.DataFrame(rows, columns=[*KEY, "value", "status"])
    is_shown = published["status"] == FigureStatus.VALUE
    published.loc[is_shown & published["value"].isna(), "status"] = FigureStatus.MISSING
    published["value"] = published["value"].where(is_shown)
    published["status"] = published["status"].map(str)
    published["is_fragile"] = published["measure"].isin(list(COUNTS)) & published["value"].between(
        1, ladder.fragile_below - 1
    )
    return published.sort_values(KEY, ignore_index=True)


def _state_on_base(base: Key, counts: dict[Key, int], hidden: set[Key], ladder: Ladder) -> FigureStatus:
    """The state of a rate or median, from the count that it rests on."""
    if base in hidden:
        return FigureStatus.SUPPRESSED
    if base not in counts:
        return FigureStatus.MISSING
    if counts[base] == 0:
        return FigureStatus.NOT_APPLICABLE
    return FigureStatus.VALUE if counts[base] >= ladder.rate_base else FigureStatus.SUPPRESSED


def _report(published: pd.DataFrame, reasons: dict[Key, str], relations: Relations) -> pd.DataFrame:
    """Number of figures by reason and depth of the area; ``shown`` and ``missing`` are reasons too."""
    keys = published[KEY].itertuples(index=False, name=None)
    is_count = published["measure"].isin(list(COUNTS))
    other = published["status"].where(is_count | (published["status"] != "suppressed"), "no_base")
    table = pd.DataFrame(
        {
            "kind": np.where(is_count, "count", "derived"),
            "depth": [relations.depth(area) for area in published["area_code"]],
            "reason": [reasons.get(key, state) for key, state in zip(keys, other, strict=True)],
        }
    )
    return (
        table.value_counts()
        .rename("cells")
        .reset_index()
        .sort_values(["kind", "depth", "reason"], ignore_index=True)
    )
