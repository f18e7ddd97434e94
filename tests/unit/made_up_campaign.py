"""Made-up counts of a campaign that add up as declared: the whole region, or one small area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from observatory.disclosure.relations import Relations
from observatory.domain.campaign import CATEGORIES, Breakdown, Measure

PARENTS = (
    {f"AM{number:02}": "ACA02" for number in range(1, 17)}
    | {f"NI{number:02}": "ACA23" for number in range(1, 13)}
    | {"ACA02": "REG93", "ACA23": "REG93"}
)
REGION = Relations(PARENTS)
BASINS = tuple(code for code in PARENTS if not code.startswith("ACA"))

# What nothing else is a sum of, by enrolled young person; the others are added up from these.
ELEMENTS: dict[str, float] = {
    "found_in_training": 0.022, "followed": 0.012, "without_solution": 0.014, "unknown": 0.012,
    "kept": 0.10, "contract_broken": 0.03, "affected": 0.16, "not_affected": 0.011,
}  # fmt: skip
ADDED: dict[str, tuple[str, ...]] = {
    "dropout": ("followed", "without_solution"),
    "signalled": ("found_in_training", "followed", "without_solution", "unknown"),
    "contract": ("kept", "contract_broken"),
    "asked_place": ("affected", "not_affected"),
}
SHARES: dict[Breakdown, Sequence[float]] = {
    Breakdown.SEX: (0.42, 0.58),
    Breakdown.AGE_BAND: (0.45, 0.42, 0.13),
    Breakdown.ORIGIN: (0.10, 0.27, 0.42, 0.17, 0.04),
}


def region_counts(seed: int = 1, enrolled: int = 240_000, basins: Sequence[str] = BASINS) -> pd.DataFrame:
    """Counts of every area, breakdown and measure; basins differ in size by one to twelve."""
    rng = np.random.default_rng(seed)
    sizes = np.geomspace(1, 12, len(basins))
    sizes = rng.permutation(sizes / sizes.sum() * enrolled)
    leaves: dict[tuple[str, str, str, str], int] = {}
    for basin, size in zip(basins, sizes, strict=True):
        elements = {"enrolled": int(size)}
        exposure = rng.uniform(0.6, 1.6)
        elements |= {name: int(rng.poisson(rate * size * exposure)) for name, rate in ELEMENTS.items()}
        for name, total in elements.items():
            leaves[basin, "all", "all", name] = total
            for breakdown, shares in SHARES.items():
                split = rng.multinomial(total, shares)
                for category, count in zip(CATEGORIES[breakdown], split, strict=True):
                    leaves[basin, breakdown.value, category, name] = int(count)
    return added_up(leaves)


def added_up(
    leaves: Mapping[tuple[str, str, str, str], int], parents: Mapping[str, str] = PARENTS
) -> pd.DataFrame:
    """Raw counts of ``leaves`` (basin, breakdown, category, element), with every declared sum."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for (area, breakdown, category, element), count in leaves.items():
        measures = [element] if element in set(Measure) else []
        measures += [name for name, parts in ADDED.items() if element in parts]
        above: str | None = area
        while above is not None:
            for measure in measures:
                key = (above, breakdown, category, measure)
                counts[key] = counts.get(key, 0) + count
            above = parents.get(above)
    rows = [(*key, float(count)) for key, count in sorted(counts.items())]
    return pd.DataFrame(rows, columns=["area_code", "breakdown", "category", "measure", "count"])
