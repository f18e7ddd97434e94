"""What may be published of a campaign's counts, and what an attacker deduces of the rest."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from observatory.disclosure.attack import attack
from observatory.disclosure.ladder import Ladder
from observatory.disclosure.relations import KEY, Relations
from observatory.disclosure.suppression import Protected, protect
from observatory.domain.campaign import COUNTS
from observatory.errors import UserFacingError
from tests.unit.made_up_campaign import REGION, added_up, region_counts

SMALL_PARENTS = {"AM01": "ACA02", "AM02": "ACA02", "NI01": "ACA23", "ACA02": "REG93", "ACA23": "REG93"}
SMALL = Relations(SMALL_PARENTS)
FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def frame(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*KEY, "count"])


def exposed(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["finding"] != ""]


def hidden_keys(published: pd.DataFrame) -> set[tuple[str, ...]]:
    rows = published[(published["status"] == "suppressed") & published["measure"].isin(list(COUNTS))]
    return set(rows[KEY].itertuples(index=False, name=None))


def published_with(published: pd.DataFrame, key: tuple[str, ...], value: float) -> pd.DataFrame:
    """The same table, with one more value shown."""
    changed = published.copy()
    is_cell = (changed[KEY] == list(key)).all(axis=1)
    assert is_cell.sum() == 1
    changed.loc[is_cell, ["value", "status"]] = [value, "value"]
    return changed


@st.composite
def small_campaigns(draw: st.DrawFn) -> pd.DataFrame:
    """Three basins, sex, four steps of the funnel: counts around the thresholds, zeros among them."""
    seed = draw(st.integers(0, 2**32 - 1))
    mean = draw(st.sampled_from([1, 3, 6, 15, 40]))
    rng = np.random.default_rng(seed)
    leaves: dict[tuple[str, str, str, str], int] = {}
    for area in ("AM01", "AM02", "NI01"):
        for name in ("followed", "without_solution", "unknown"):
            total = int(rng.poisson(mean * rng.uniform(0.2, 2)))
            women = int(rng.binomial(total, rng.uniform()))
            leaves[area, "all", "all", name] = total
            leaves[area, "sex", "F", name], leaves[area, "sex", "M", name] = women, total - women
    return added_up(leaves, SMALL_PARENTS)


@cache
def region(enrolled: int = 150_000) -> tuple[pd.DataFrame, Protected]:
    raw = region_counts(enrolled=enrolled)
    return raw, protect(raw, REGION)


class TestAnyTable:
    @FEW
    @given(small_campaigns())
    def test_the_attack_finds_nothing_and_the_truth_is_always_possible(self, raw: pd.DataFrame) -> None:
        found = attack(protect(raw, SMALL).published, SMALL)
        assert exposed(found).empty
        counts = found[found["less"] == ""].merge(raw, on=KEY)
        assert len(counts) == (found["less"] == "").sum()
        assert counts["count"].between(counts["lower"], counts["upper"]).all()

    @FEW
    @given(small_campaigns())
    def test_no_small_count_is_shown_every_zero_is_and_what_is_shown_is_true(self, raw: pd.DataFrame) -> None:
        shown = protect(raw, SMALL).published.merge(raw, on=KEY)
        is_value = shown["status"] == "value"
        assert not shown.loc[is_value, "count"].between(1, 4).any()
        assert is_value[shown["count"] == 0].all()
        assert (shown.loc[is_value, "value"] == shown.loc[is_value, "count"]).all()
        assert shown.loc[~is_value, "value"].isna().all()

    @FEW
    @given(small_campaigns(), st.integers(0, 1000))
    def test_the_order_of_the_rows_changes_nothing(self, raw: pd.DataFrame, seed: int) -> None:
        pd.testing.assert_frame_equal(
            protect(raw, SMALL).published, protect(raw.sample(frac=1, random_state=seed), SMALL).published
        )

    @FEW
    @given(small_campaigns())
    def test_a_table_without_small_counts_loses_nothing(self, raw: pd.DataFrame) -> None:
        large = raw.assign(count=raw["count"] * 5)
        published = protect(large, SMALL).published
        counts = published[published["measure"].isin(list(COUNTS))]
        assert (counts["status"] == "value").all()

    @FEW
    @given(small_campaigns(), small_campaigns())
    def test_the_definitive_edition_gives_no_value_to_what_the_provisional_one_hid(
        self, raw: pd.DataFrame, later: pd.DataFrame
    ) -> None:
        first = protect(raw, SMALL).published
        second = protect(later, SMALL, previous=first).published
        given_now = second[(second["status"] == "value") & (second["value"] > 0)]
        assert not hidden_keys(first) & set(given_now[KEY].itertuples(index=False, name=None))


class TestTextbook:
    """A 2 x 3 table (sex in three basins) with one small count: the smallest square around it is hidden."""

    PARENTS = {"AM01": "ACA02", "AM02": "ACA02", "AM03": "ACA02"}  # noqa: RUF012

    def raw(self) -> pd.DataFrame:
        leaves = {}
        for area, women, men in (("AM01", 3, 20), ("AM02", 30, 40), ("AM03", 50, 60)):
            leaves[area, "sex", "F", "enrolled"] = women
            leaves[area, "sex", "M", "enrolled"] = men
            leaves[area, "all", "all", "enrolled"] = women + men
        return added_up(leaves, self.PARENTS)

    def test_one_small_count_needs_three_others_the_square_of_least_cost(self) -> None:
        published = protect(self.raw(), Relations(self.PARENTS)).published
        assert hidden_keys(published) == {
            (area, "sex", sex, "enrolled") for area in ("AM01", "AM02") for sex in ("F", "M")
        }

    @pytest.mark.parametrize("given_away", [("AM01", "M", 20), ("AM02", "F", 30), ("AM02", "M", 40)])
    def test_the_attack_finds_the_small_count_once_any_of_the_three_is_shown(
        self, given_away: tuple[str, str, int]
    ) -> None:
        area, sex, value = given_away
        relations = Relations(self.PARENTS)
        published = protect(self.raw(), relations).published
        found = exposed(attack(published_with(published, (area, "sex", sex, "enrolled"), value), relations))
        assert found[["area_code", "category", "lower", "upper"]].to_numpy().tolist() == [["AM01", "F", 3, 3]]

    def test_the_report_counts_primary_and_complementary_cells(self) -> None:
        report = protect(self.raw(), Relations(self.PARENTS)).report
        cells = report[report["kind"] == "count"].groupby("reason")["cells"].sum().to_dict()
        assert cells == {"primary": 1, "complementary": 3, "value": 8}


class TestFunnelAndRates:
    def test_a_small_step_of_the_funnel_hides_its_sister(self) -> None:
        raw = frame(
            ("AM01", "all", "all", "dropout", 33.0),
            ("AM01", "all", "all", "followed", 30.0),
            ("AM01", "all", "all", "without_solution", 3.0),
        )
        published = protect(raw, Relations({})).published.set_index("measure")
        assert published["status"].to_dict() == {
            "dropout": "value",
            "followed": "suppressed",
            "followed_share": "suppressed",
            "without_solution": "suppressed",
        }

    def test_a_small_remainder_is_protected_though_nobody_publishes_it(self) -> None:
        raw = frame(("AM01", "all", "all", "contract", 30.0), ("AM01", "all", "all", "contract_broken", 28.0))
        relations = Relations({})
        assert len(hidden_keys(protect(raw, relations).published)) == 1
        shown = raw.rename(columns={"count": "value"}).assign(status="value")
        found = exposed(attack(shown, relations))
        assert found[["measure", "less", "lower", "upper"]].to_numpy().tolist() == [
            ["contract", "contract_broken", 2, 2]
        ]

    def test_a_rate_and_its_denominator_give_a_hidden_numerator_away(self) -> None:
        published = pd.DataFrame(
            [
                ("AM01", "all", "all", "contract", 250.0, "value"),
                ("AM01", "all", "all", "contract_broken", np.nan, "suppressed"),
                ("AM01", "all", "all", "contract_broken_rate", 0.012, "value"),
            ],
            columns=[*KEY, "value", "status"],
        )
        found = exposed(attack(published, Relations({}))).set_index("finding")
        assert found.loc["exposed", ["lower", "upper"]].tolist() == [3, 3]
        assert found.loc["rate_without_base", "measure"] == "contract_broken_rate"

    @pytest.mark.parametrize(
        ("whole", "part", "state", "rate"),
        [
            (20, 10, "value", 0.5),
            (30, 10, "value", 0.3333),
            (19, 9, "suppressed", None),
            (0, 0, "not_applicable", None),
            (np.nan, 30, "missing", None),
        ],
    )
    def test_a_rate_needs_a_denominator_of_twenty(
        self, whole: float, part: float, state: str, rate: float | None
    ) -> None:
        raw = frame(
            ("AM01", "all", "all", "contract", whole), ("AM01", "all", "all", "contract_broken", part)
        )
        row = protect(raw, Relations({})).published.set_index("measure").loc["contract_broken_rate"]
        assert row["status"] == state
        assert row["value"] == rate if rate is not None else np.isnan(row["value"])

    @pytest.mark.parametrize(
        ("followed", "base", "state"),
        [
            (25, np.nan, "value"),
            (25, 12, "suppressed"),
            (19, np.nan, "suppressed"),
            (0, np.nan, "not_applicable"),
        ],
    )
    def test_a_median_needs_twenty_persons(self, followed: int, base: float, state: str) -> None:
        raw = frame(
            ("AM01", "all", "all", "followed", followed), ("AM01", "all", "all", "reception_delay_days", 41.0)
        ).assign(base=[np.nan, base])
        row = protect(raw, Relations({})).published.set_index("measure").loc["reception_delay_days"]
        assert (row["status"], row["value"] == 41.0) == (state, state == "value")

    @pytest.mark.parametrize(("count", "is_fragile"), [(0, False), (5, True), (19, True), (20, False)])
    def test_five_to_nineteen_is_shown_without_rank(self, count: int, is_fragile: bool) -> None:
        published = protect(frame(("AM01", "all", "all", "unknown", count)), Relations({})).published
        assert published["is_fragile"].tolist() == [is_fragile]

    def test_what_was_not_transmitted_is_missing_and_takes_part_in_no_sum(self) -> None:
        raw = frame(
            ("ACA02", "all", "all", "unknown", 40.0),
            ("AM01", "all", "all", "unknown", 40.0),
            ("AM02", "all", "all", "unknown", np.nan),
        )
        published = protect(raw, SMALL).published
        assert published["status"].tolist() == ["value", "value", "missing"]


class TestWhatShouldNotBePublished:
    @pytest.mark.parametrize(
        ("measure", "value", "status", "finding"),
        [
            ("unknown", 3.0, "value", "small_published"),
            ("unknown", 3.0, "suppressed", "value_under_sign"),
            ("reception_delay_days", 41.0, "value", "median_without_base"),
        ],
    )
    def test_the_attack_says_which_rule_is_broken(
        self, measure: str, value: float, status: str, finding: str
    ) -> None:
        published = pd.DataFrame(
            [("AM01", "all", "all", measure, value, status)], columns=[*KEY, "value", "status"]
        )
        assert exposed(attack(published, Relations({})))["finding"].tolist() == [finding]

    def test_a_published_table_that_does_not_add_up_is_refused(self) -> None:
        published = frame(
            ("ACA02", "all", "all", "unknown", 40.0), ("AM01", "all", "all", "unknown", 30.0)
        ).rename(columns={"count": "value"})
        with pytest.raises(UserFacingError) as refused:
            attack(published.assign(status="value"), SMALL)
        assert refused.value.params["reason"] == "contradiction"


class TestRefusedCounts:
    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ([("AM01", "all", "all", "unknown", 7.0)] * 2, "repeated"),
            ([("AM01", "sex", "X", "unknown", 7.0)], "unknown"),
            ([("AM01", "all", "all", "unknown", -1.0)], "not_a_count"),
            ([("AM01", "all", "all", "unknown", 7.5)], "not_a_count"),
            (
                [("ACA02", "all", "all", "unknown", 8.0), ("AM01", "all", "all", "unknown", 7.0)],
                "sum",
            ),
            (
                [("AM01", "all", "all", "contract", 7.0), ("AM01", "all", "all", "contract_broken", 8.0)],
                "part_above_whole",
            ),
        ],
    )
    def test_relations_that_do_not_hold_protect_nothing(
        self, rows: list[tuple[str, str, str, str, float]], reason: str
    ) -> None:
        with pytest.raises(UserFacingError) as refused:
            protect(frame(*rows), SMALL)
        assert refused.value.params["reason"] == reason

    @pytest.mark.parametrize("thresholds", [{"width": 0}, {"smallest_shown": 0}, {"revision_floor": 3}])
    def test_thresholds_that_protect_nothing_are_refused(self, thresholds: dict[str, int]) -> None:
        with pytest.raises(ValueError, match="protect nothing"):
            Ladder(**thresholds)


class TestEditions:
    """The provisional edition hid AM01 and AM02; the definitive one is the same, one pupil later."""

    def rows(self, *counts: int) -> pd.DataFrame:
        areas = [f"AM{number:02}" for number in range(1, len(counts) + 1)]
        leaves = {(area, "all", "all", "enrolled"): c for area, c in zip(areas, counts, strict=True)}
        return added_up(leaves, REGION.parents)

    def test_what_was_hidden_stays_hidden_though_another_choice_is_cheaper(self) -> None:
        first = protect(self.rows(3, 10, 20), REGION).published
        alone = protect(self.rows(3, 12, 9), REGION).published
        after = protect(self.rows(3, 12, 9), REGION, previous=first)
        assert hidden_keys(first) == {(area, "all", "all", "enrolled") for area in ("AM01", "AM02")}
        assert hidden_keys(alone) == {(area, "all", "all", "enrolled") for area in ("AM01", "AM03")}
        assert hidden_keys(after.published) == hidden_keys(first)
        assert "carried" in set(after.report["reason"])

    def test_the_attack_finds_a_count_that_the_other_edition_pins(self) -> None:
        now = protect(self.rows(3, 15), REGION).published
        other = protect(self.rows(5, 20), REGION).published
        assert exposed(attack(now, REGION)).empty
        found = exposed(attack(now, REGION, previous=other))
        # AM02 is 15 at least, so AM01 is 3 at most.
        assert found[["area_code", "edition", "lower", "upper"]].to_numpy().tolist() == [
            ["AM01", "this", 1, 3]
        ]


@pytest.mark.heavy
class TestTheWholeRegion:
    def test_the_attack_finds_nothing_in_the_full_size_tables(self) -> None:
        assert exposed(attack(region()[1].published, REGION)).empty

    def test_the_region_and_the_academies_are_shown_and_most_of_the_basins_too(self) -> None:
        published = region()[1].published
        counts = published[published["measure"].isin(list(COUNTS))]
        depth = counts["area_code"].map(REGION.depth)
        share = (counts["status"] == "suppressed").groupby(depth).mean()
        assert share[0] == 0
        assert share[1] == 0
        assert 0 < share[2] < 0.2

    def test_giving_a_complementary_count_away_is_seen(self) -> None:
        raw, protected = region()
        counts = raw.set_index(KEY)["count"]
        hidden = sorted(key for key in hidden_keys(protected.published) if counts[key] > 4)
        seen = [
            not exposed(attack(published_with(protected.published, key, counts[key]), REGION)).empty
            for key in hidden[:: len(hidden) // 4]
        ]
        assert all(seen)
