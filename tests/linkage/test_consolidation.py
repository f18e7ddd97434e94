"""From persons to counts: each branch of the rule on a region written by hand, then sums, order and truth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest

from observatory.config import PROJECT_ROOT
from observatory.domain.campaign import CATEGORIES, COUNTS, SUMS, Breakdown, Measure, Source
from observatory.domain.territory import ACADEMIE_CODES
from observatory.errors import UserFacingError
from observatory.linkage.consolidation import RawCounts, count_persons
from observatory.linkage.generator import GeneratedExtracts, generate_population
from tests.linkage.hand_made_region import REFERENCE_ON, write_region, write_tables, write_truth

HERE = "HERE"
"""Replaced by the commune of the case: each case lives alone in its basin."""
PREVIOUS_ON = date(2025, 11, 1)
OUT = {"enrolled": 1, "signalled": 1}
UNKNOWN = {**OUT, "unknown": 1}
FOUND = {**OUT, "found_in_training": 1}
FOLLOWED = {**OUT, "dropout": 1, "followed": 1}
WITHOUT = {**OUT, "dropout": 1, "without_solution": 1}
ENROLLED = {"enrolled": 1}
CONTRACT = {"contract": 1}
BROKEN = {"contract": 1, "contract_broken": 1}


def person(**known: Any) -> dict[str, Any]:
    return {"sexe": "F", "date_naissance": date(2009, 1, 1), "commune_residence": HERE, **known}


def pupil(**known: Any) -> tuple[Source, dict[str, Any]]:
    """Left in July without saying why, with the brevet."""
    left = {"level": "lgt", "left_on": date(2026, 7, 3), "diploma": "dnb"}
    return Source.PUPILS, person(**{**left, **known})


def farm(**known: Any) -> tuple[Source, dict[str, Any]]:
    return Source.AGRICULTURAL, person(**known)


def contract(**known: Any) -> tuple[Source, dict[str, Any]]:
    running = {"started_on": date(2026, 9, 1), "planned_end_on": date(2027, 8, 31)}
    return Source.APPRENTICESHIP, person(**{**running, **known})


def wish(**known: Any) -> tuple[Source, dict[str, Any]]:
    return Source.AFFECTATION, person(**known)


def local(**known: Any) -> tuple[Source, dict[str, Any]]:
    """Met last month, looking for work."""
    met = {
        "first_reception_on": date(2026, 8, 2),
        "last_contact_on": date(2026, 10, 1),
        "situation": "seeking",
    }
    return Source.MISSION_LOCALE, person(**{**met, **known})


CASES: dict[str, tuple[list[tuple[Source, dict[str, Any]]], dict[str, int]]] = {
    "still at school": ([pupil(current_uai="0040002F", left_on=None)], ENROLLED),
    "sixteen on the day": ([pupil(date_naissance=date(2010, 11, 1), leaving_reason="dropped_out")], WITHOUT),
    "sixteen the day after": ([pupil(date_naissance=date(2010, 11, 2), leaving_reason="dropped_out")], {}),
    "twenty-five": ([pupil(date_naissance=date(2000, 11, 2))], UNKNOWN),
    "twenty-six on the day": ([pupil(date_naissance=date(2000, 11, 1))], {}),
    "the brevet is no qualification": ([pupil(diploma="dnb")], UNKNOWN),
    "no diploma known": ([pupil(diploma=None)], UNKNOWN),
    "a CAP is one": ([pupil(diploma="level_3")], ENROLLED),
    "a CAP that the mission locale knows of": ([pupil(diploma=None), local(diploma="level_3")], ENROLLED),
    "dropped out, nobody follows": ([pupil(leaving_reason="dropped_out")], WITHOUT),
    "excluded": ([pupil(leaving_reason="excluded")], WITHOUT),
    "said to be in employment, nobody knows": ([pupil(leaving_reason="employment")], UNKNOWN),
    "nobody knows anything": ([pupil()], UNKNOWN),
    "left for abroad": ([pupil(leaving_reason="moved_abroad")], ENROLLED),
    "dead": ([pupil(leaving_reason="deceased")], ENROLLED),
    "abroad, yet apprentice here": (
        [pupil(leaving_reason="moved_abroad"), contract()],
        {**FOUND, **CONTRACT},
    ),
    "apprentice": ([pupil(leaving_reason="dropped_out"), contract()], {**FOUND, **CONTRACT}),
    "apprentice from the day on": (
        [pupil(), contract(started_on=REFERENCE_ON)],
        {**FOUND, **CONTRACT},
    ),
    "apprentice from tomorrow on": ([pupil(), contract(started_on=date(2026, 11, 2))], UNKNOWN),
    "contract that ends today": (
        [pupil(), contract(planned_end_on=REFERENCE_ON)],
        {**FOUND, **CONTRACT},
    ),
    "contract that ended": (
        [pupil(), contract(planned_end_on=date(2026, 10, 31))],
        {**UNKNOWN, **CONTRACT},
    ),
    "contract without an end": ([pupil(), contract(planned_end_on=None)], {**FOUND, **CONTRACT}),
    "contract broken today": ([pupil(), contract(broken_on=REFERENCE_ON)], {**WITHOUT, **BROKEN}),
    "contract broken tomorrow": (
        [pupil(), contract(broken_on=date(2026, 11, 2))],
        {**FOUND, **CONTRACT},
    ),
    "contract broken before the year": (
        [pupil(), contract(started_on=date(2024, 9, 1), broken_on=date(2025, 6, 1))],
        UNKNOWN,
    ),
    "broken, then another one": (
        [pupil(), contract(broken_on=date(2026, 9, 20)), contract(started_on=date(2026, 10, 1))],
        {**FOUND, "contract": 2, "contract_broken": 1},
    ),
    "agricultural school": ([pupil(), farm(current_uai="0040002F")], FOUND),
    "left the agricultural school too": ([pupil(), farm(leaving_reason="dropped_out")], WITHOUT),
    "in training, says the mission locale": ([pupil(), local(situation="in_training")], FOUND),
    "followed": ([pupil(), local()], FOLLOWED),
    "followed, at work": (
        [pupil(leaving_reason="dropped_out"), local(situation="in_employment")],
        FOLLOWED,
    ),
    "met on the last day that counts": ([pupil(), local(last_contact_on=date(2026, 5, 5))], FOLLOWED),
    "met too long ago": ([pupil(), local(last_contact_on=date(2026, 5, 4))], WITHOUT),
    "only received, lately": ([pupil(), local(last_contact_on=None)], FOLLOWED),
    "lost by the mission locale": ([pupil(), local(situation="lost_contact")], WITHOUT),
    "situation blank": ([pupil(), local(situation=None)], WITHOUT),
    "two files, followed in one": ([pupil(), local(situation="lost_contact"), local()], FOLLOWED),
    "double pupil file": ([pupil(), pupil()], UNKNOWN),
    "double pupil file, one at school": ([pupil(), pupil(current_uai="0040002F")], ENROLLED),
    "known by three bases": (
        [pupil(), local(), wish(affected_uai=None)],
        {**FOLLOWED, "asked_place": 1, "not_affected": 1},
    ),
    "asked and got": (
        [pupil(current_uai="0040002F"), wish(affected_uai="0040002F")],
        {**ENROLLED, "asked_place": 1},
    ),
    "asked twice, got once": (
        [pupil(current_uai="0040002F"), wish(), wish(affected_uai="0040002F")],
        {**ENROLLED, "asked_place": 1},
    ),
    "asked, in no pupil base": ([wish()], {"asked_place": 1, "not_affected": 1}),
    "apprentice of a CFA, still": (
        [contract(started_on=date(2025, 9, 1))],
        {**ENROLLED, **CONTRACT},
    ),
    "apprentice of a CFA, broken": (
        [contract(started_on=date(2025, 9, 1), broken_on=date(2026, 3, 1))],
        {**WITHOUT, **BROKEN},
    ),
    "apprentice of a CFA, broken and followed": (
        [contract(started_on=date(2025, 9, 1), broken_on=date(2026, 3, 1)), local()],
        {**FOLLOWED, **BROKEN},
    ),
    "apprentice of a CFA, at its end": (
        [contract(started_on=date(2025, 9, 1), planned_end_on=date(2026, 8, 31))],
        {**UNKNOWN, **CONTRACT},
    ),
    "apprentice of a CFA, from one to another": (
        [
            contract(started_on=date(2025, 9, 1), broken_on=date(2026, 3, 1)),
            contract(started_on=date(2026, 4, 1)),
        ],
        {**ENROLLED, "contract": 2, "contract_broken": 1},
    ),
    "apprentice of a CFA since this summer": ([contract()], CONTRACT),
    "agricultural pupil who dropped out": ([farm(leaving_reason="dropped_out")], WITHOUT),
    "agricultural pupil, apprentice now": ([farm(), contract()], {**FOUND, **CONTRACT}),
    "known to a mission locale only": ([local()], {}),
    "sex known elsewhere": ([pupil(sexe=None), local()], FOLLOWED),
    "Marseille, split by the mission locale": (
        [pupil(commune_residence="13055"), local()],
        FOLLOWED,
    ),
    "no sex": ([pupil(sexe=None)], {}),
    "Marseille as a whole": ([pupil(commune_residence="13055")], {}),
    "unknown commune": ([pupil(commune_residence="75056")], {}),
    "no commune": ([pupil(commune_residence=None)], {}),
    "no commune, asked a place": ([wish(commune_residence=None)], {}),
}
NUMBER = {case: number for number, case in enumerate(CASES)}
BASIN_OF_COMMUNE = {f"C{number:04d}": f"B{number:02d}" for number in NUMBER.values()}
AREA_OF_BASIN = {basin: f"ACA{int(basin[1:]) % 2}" for basin in BASIN_OF_COMMUNE.values()}


def _in_its_basin(record: Mapping[str, Any], number: int) -> dict[str, Any]:
    home = record["commune_residence"]
    return {**record, "commune_residence": f"C{number:04d}" if home == HERE else home}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> RawCounts:
    """Every case at once, one basin each."""
    working_dir = tmp_path_factory.mktemp("golden") / "croisement"
    persons = {
        case: [(source, _in_its_basin(record, NUMBER[case])) for source, record in records]
        for case, (records, _) in CASES.items()
    }
    write_region(working_dir, persons)
    return count_persons(working_dir, REFERENCE_ON, BASIN_OF_COMMUNE, AREA_OF_BASIN)


def shown(raw: RawCounts, area_code: str, breakdown: str = "all", category: str = "all") -> dict[str, int]:
    """The counts of an area that are not zero."""
    counts = raw.counts
    rows = counts[
        (counts["area_code"] == area_code)
        & (counts["breakdown"] == breakdown)
        & (counts["category"] == category)
        & (counts["count"] > 0)
    ]
    return dict(zip(rows["measure"], rows["count"], strict=True))


@pytest.mark.parametrize("case", CASES)
def test_each_branch_of_the_rule(golden, case):
    assert shown(golden, f"B{NUMBER[case]:02d}") == CASES[case][1]


@pytest.mark.parametrize(
    ("case", "breakdown", "category"),
    [
        ("sixteen on the day", "age_band", "16_17"),
        ("twenty-five", "age_band", "21_25"),
        ("nobody knows anything", "sex", "F"),
        ("sex known elsewhere", "sex", "F"),
        ("nobody knows anything", "origin", "lgt"),
        ("apprentice of a CFA, broken", "origin", "cfa"),
        ("agricultural pupil, apprentice now", "origin", "agricultural"),
        ("left the agricultural school too", "origin", "lgt"),
    ],
)
def test_a_person_is_in_one_category_of_each_breakdown(golden, case, breakdown, category):
    expected = CASES[case][1]
    if breakdown != "sex":
        expected = {name: count for name, count in expected.items() if not name.startswith("contract")}
    basin = f"B{NUMBER[case]:02d}"
    assert shown(golden, basin, breakdown, category) == expected
    for other in CATEGORIES[Breakdown(breakdown)]:
        if other != category:
            assert shown(golden, basin, breakdown, other) == {}


def test_who_no_area_can_count_is_counted_by_reason(golden):
    assert golden.left_out == {
        "marseille_not_split": 1,
        "no_commune": 2,
        "no_sex": 1,
        "out_of_region": 1,
    }


def test_the_delay_runs_from_leaving_to_the_first_reception(golden):
    delays = golden.delays.set_index("area_code")
    followed = f"B{NUMBER['followed']:02d}"
    assert delays.loc[followed].tolist() == [30.0, 1]
    assert delays.loc[f"B{NUMBER['dead']:02d}", "count"] == 0
    assert delays["median_days"].isna().equals(delays["count"] == 0)


def test_the_delay_ignores_what_is_after_the_day_and_never_runs_backwards(tmp_path):
    persons = {
        "before": [pupil(), local(first_reception_on=date(2026, 1, 5))],
        "after": [pupil(), local(first_reception_on=date(2026, 11, 20), last_contact_on=date(2026, 11, 20))],
        "soon": [pupil(), local(first_reception_on=date(2026, 7, 13))],
    }
    here = {key: [(s, {**r, "commune_residence": "C1"}) for s, r in rows] for key, rows in persons.items()}
    write_region(tmp_path / "w", here)
    raw = count_persons(tmp_path / "w", REFERENCE_ON, {"C1": "B1"}, {"B1": "A1"})
    assert raw.delays.set_index("area_code").loc["B1"].tolist() == [5.0, 2]


def test_what_a_link_told_is_counted_apart(golden):
    found = golden.found_by_link.set_index("area_code")["count"]
    assert found[f"B{NUMBER['followed']:02d}"] == 1
    assert found[f"B{NUMBER['dropped out, nobody follows']:02d}"] == 0
    assert found[f"B{NUMBER['contract that ended']:02d}"] == 0


def assert_adds_up(raw: RawCounts, area_of_basin: Mapping[str, str]) -> None:
    """Basins to académies to region, categories to all, parts of the funnel to their whole."""
    key = ["breakdown", "category", "measure"]
    wide = raw.counts.pivot(index=key, columns="area_code", values="count")
    basins = sorted(area_of_basin)
    for academie in set(area_of_basin.values()):
        members = [basin for basin in basins if area_of_basin[basin] == academie]
        assert (wide[members].sum(axis=1) == wide[academie]).all()
    assert (wide[sorted(set(area_of_basin.values()))].sum(axis=1) == wide["REG93"]).all()
    whole = wide.loc[("all", "all")]
    for breakdown in Breakdown:
        parts = wide.loc[breakdown.value].groupby("measure").sum()
        assert len(parts)
        assert parts.equals(whole.loc[parts.index].astype(parts.dtypes.iloc[0]))
    for total, parts in SUMS:
        funnel = wide.xs(total.value, level="measure")
        assert funnel.equals(sum(wide.xs(part.value, level="measure") for part in parts))


def test_the_golden_region_adds_up(golden):
    assert_adds_up(golden, AREA_OF_BASIN)
    expected: dict[str, int] = {}
    for _, counts in CASES.values():
        for measure, count in counts.items():
            expected[measure] = expected.get(measure, 0) + count
    assert shown(golden, "REG93") == expected
    assert set(golden.counts["measure"]) == {measure.value for measure in COUNTS}


@pytest.fixture(scope="module")
def territory() -> tuple[dict[str, str], dict[str, str]]:
    communes = pd.read_csv(PROJECT_ROOT / "data" / "territory" / "communes.csv", dtype=str)
    basins = pd.read_csv(PROJECT_ROOT / "data" / "territory" / "basins.csv", dtype=str)
    areas = basins["academie"].map(ACADEMIE_CODES)
    return (
        dict(zip(communes["commune_code"], communes["basin_code"], strict=True)),
        dict(zip(basins["basin_code"], areas, strict=True)),
    )


@pytest.fixture(scope="module")
def generated() -> GeneratedExtracts:
    """A small region without any fault of writing."""
    return generate_population(seed=3, scale=0.02, noise=0.0)


@pytest.fixture(scope="module")
def linked_as_truth(generated, territory, tmp_path_factory) -> RawCounts:
    working_dir = tmp_path_factory.mktemp("truth") / "croisement"
    write_truth(working_dir, generated)
    return count_persons(working_dir, REFERENCE_ON, *territory)


def test_a_generated_region_adds_up(linked_as_truth, territory):
    assert_adds_up(linked_as_truth, territory[1])


def test_with_perfect_links_the_counts_of_each_basin_are_the_truth(linked_as_truth, generated):
    """The generator knows the situation of each pupil; the rule finds it again from the five bases."""
    people = generated.people[generated.people["path"].notna()]
    born = people["date_naissance"]
    has_birthday_to_come = (born.dt.month > 11) | ((born.dt.month == 11) & (born.dt.day > 1))
    age = REFERENCE_ON.year - born.dt.year - has_birthday_to_come
    adults = people[(age >= 16) & (age <= 25)]
    true = pd.crosstab(adults["basin_code"], adults["path"])
    # Who left a collège at fifteen for an apprenticeship is sixteen by now: signalled, and found.
    expected = {
        "found_in_training": true["found"] + true["young_elsewhere"],
        "followed": true["followed"],
        "without_solution": true["without_solution"],
        "unknown": true["unknown"],
        "enrolled": true.sum(axis=1),
    }
    counts = linked_as_truth.counts
    schools = counts[counts["category"].isin(["college", "lgt", "lp"])]
    seen = schools.groupby(["measure", "area_code"])["count"].sum()
    for measure, counted in expected.items():
        found = seen[measure].reindex(counted.index)
        assert found.tolist() == counted.tolist(), measure
    assert int(true["followed"].sum()) > 30
    assert linked_as_truth.left_out == {}


def test_the_order_of_the_rows_changes_nothing(generated, linked_as_truth, territory, tmp_path):
    links = generated.truth.rename(columns={"person_key": "person_id"})
    write_tables(tmp_path / "w", generated.frames, links, shuffle=5)
    again = count_persons(tmp_path / "w", REFERENCE_ON, *territory)
    for name in ("counts", "delays", "found_by_link"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(linked_as_truth, name))
    assert again.left_out == linked_as_truth.left_out


def test_links_that_were_not_made_hide_who_is_found(generated, linked_as_truth, territory, tmp_path):
    """Without any link, nobody is followed and everyone whose base does not say why is unknown."""
    alone = generated.truth.assign(person_id=generated.truth["record_id"])
    write_tables(tmp_path / "w", generated.frames, alone)
    raw = count_persons(tmp_path / "w", REFERENCE_ON, *territory)
    with_links, without = shown(linked_as_truth, "REG93"), shown(raw, "REG93")
    assert "followed" not in without
    assert without["unknown"] > with_links["unknown"]
    assert raw.found_by_link["count"].sum() == 0


def test_the_day_is_asked_for_and_changes_the_counts(generated, territory, tmp_path):
    write_truth(tmp_path / "w", generated)
    earlier = count_persons(tmp_path / "w", PREVIOUS_ON, *territory)
    assert (
        shown(earlier, "REG93")[Measure.ENROLLED]
        < shown(count_persons(tmp_path / "w", REFERENCE_ON, *territory), "REG93")[Measure.ENROLLED]
    )


def test_without_links_the_step_to_run_is_named(tmp_path):
    write_region(tmp_path / "w", {})
    (tmp_path / "w" / "links.parquet").unlink()
    with pytest.raises(UserFacingError) as refused:
        count_persons(tmp_path / "w", REFERENCE_ON, {"C1": "B1"}, {"B1": "A1"})
    assert refused.value.code == "links_missing"
