"""The bounds that carry the linkage error hold the counts of perfect links, basin by basin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from observatory.config import PROJECT_ROOT
from observatory.domain.campaign import Measure, QualityTopic, Source
from observatory.linkage.consolidation import RawCounts, count_persons
from observatory.linkage.linking import link_records
from observatory.linkage.quality import measure_quality, read_recall, write_quality
from observatory.stats.linkage_error import LinkageTrust, bound_count, estimate_false_dropouts
from tests.linkage.hand_made_region import write_truth
from tests.linkage.linked_people import generated, write_working_file

REFERENCE_ON = date(2026, 11, 1)


@pytest.fixture(scope="module")
def basins() -> tuple[dict[str, str], dict[str, str]]:
    communes = pd.read_csv(PROJECT_ROOT / "data" / "territory" / "communes.csv", dtype=str)
    known = pd.read_csv(PROJECT_ROOT / "data" / "territory" / "basins.csv", dtype=str)
    return (
        dict(zip(communes["commune_code"], communes["basin_code"], strict=True)),
        dict(zip(known["basin_code"], known["academie"], strict=True)),
    )


def of_basins(raw: RawCounts, measure: Measure) -> pd.Series:
    rows = raw.counts[(raw.counts["breakdown"] == "all") & (raw.counts["measure"] == measure.value)]
    counts = rows.set_index("area_code")["count"]
    return counts[counts.index.str.match(r"(?:AM|NI)\d\d$")].sort_index()


@pytest.mark.heavy
def test_the_true_count_lies_within_the_bounds_in_most_basins(basins, tmp_path: Path):
    extracts = generated(0.06, seed=5, noise=1.6)
    write_truth(tmp_path / "truth", extracts)
    write_working_file(tmp_path / "linked", extracts)
    link_records(tmp_path / "linked")
    quality = measure_quality(tmp_path / "linked")
    write_quality(tmp_path / "linked", quality)
    true, seen = (count_persons(tmp_path / name, REFERENCE_ON, *basins) for name in ("truth", "linked"))
    recall = read_recall(tmp_path / "linked")[Source.MISSION_LOCALE]
    told = quality[(quality["topic"] == QualityTopic.METHOD.value) & (quality["measure"] == "precision")]
    trust = LinkageTrust(recall.value, recall.lower, recall.upper, told["lower"].item())
    found = seen.found_by_link.set_index("area_code")["count"]
    truly, counted = (of_basins(raw, Measure.WITHOUT_SOLUTION) for raw in (true, seen))
    lower, upper = bound_count(counted.to_numpy(), found.loc[counted.index].to_numpy(), trust)
    assert len(counted) == 28
    assert truly.sum() > 100
    assert (truly != counted).any()
    assert ((lower <= truly) & (truly <= upper)).mean() >= 0.9
    # Young people who are found in truth and not in what was linked.
    hidden = sum(
        int(of_basins(true, measure).sum() - of_basins(seen, measure).sum())
        for measure in (Measure.FOUND_IN_TRAINING, Measure.FOLLOWED)
    )
    estimate = estimate_false_dropouts(float(found.loc[counted.index].sum()), trust)
    assert 0 < hidden <= estimate.upper
