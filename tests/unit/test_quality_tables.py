"""Quality tables under the same thresholds as the figures: hidden, and not to be found again."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.disclosure.quality_tables import attack_quality, protect_quality
from tests.made_up_campaigns import quality

COLUMNS = ["topic", "item", "measure", "value", "value_lower", "value_upper"]
KEY = COLUMNS[:3]


def rows(*cells: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame([(*cell, None, None) for cell in cells], columns=COLUMNS)


def shown(published: pd.DataFrame) -> dict[tuple[str, str, str], float | None]:
    """Value by key; None where it is hidden."""
    return {
        (topic, item, measure): value if status == "value" else None
        for topic, item, measure, value, status in published[[*KEY, "value", "status"]].itertuples(
            index=False
        )
    }


def test_small_counts_are_hidden_and_zero_is_a_value():
    published = shown(
        protect_quality(
            rows(
                ("left_out", "no_sex", "persons", 4),
                ("left_out", "no_commune", "persons", 5),
                ("left_out", "out_of_region", "persons", 0),
            )
        )
    )
    assert list(published.values()) == [5.0, None, 0.0]


def test_a_total_does_not_give_back_the_one_status_that_is_hidden():
    table = rows(
        ("source_rows", "pupils", "rows_out", 1000),
        ("link_status", "pupils", "linked", 800),
        ("link_status", "pupils", "review", 2),
        ("link_status", "pupils", "unlinked", 198),
    )
    published = protect_quality(table)
    values = shown(published)
    assert values["link_status", "pupils", "review"] is None
    assert list(values.values()).count(None) >= 2
    assert attack_quality(published).empty


def test_a_remainder_is_protected_as_a_count():
    """997 linked of 1000 tells of three records."""
    table = rows(
        ("match_departement", "mission_locale|04", "records", 1000),
        ("match_departement", "mission_locale|04", "linked", 997),
        ("match_departement", "mission_locale|04", "rate", 0.997),
    )
    values = shown(protect_quality(table))
    assert values["match_departement", "mission_locale|04", "rate"] is None
    assert list(values.values()).count(None) >= 2


def test_a_share_needs_what_it_is_made_of():
    table = rows(
        ("calibration", "4_6", "pairs", 19),
        ("calibration", "4_6", "announced", 0.97),
        ("calibration", "8_12", "pairs", 20),
        ("calibration", "8_12", "announced", 0.99),
        ("method", "splink", "pairs", 3),
        ("method", "splink", "recall", 0.5),
    )
    values = shown(protect_quality(table))
    assert values["calibration", "4_6", "announced"] is None
    assert values["calibration", "8_12", "announced"] == 0.99
    assert values["method", "splink", "pairs"] is None
    assert values["method", "splink", "recall"] is None


def test_what_is_hidden_has_no_bounds_and_a_blank_is_missing():
    table = pd.DataFrame(
        [
            ("false_dropout", "mission_locale", "persons", 3.0, 2.0, 4.0),
            ("false_dropout", "mission_locale", "share", 0.02, 0.01, 0.03),
            ("false_dropout", "apprenticeship", "persons", 11.4, 8.6, 15.2),
            ("overlap", "pupils", "persons", None, None, None),
        ],
        columns=COLUMNS,
    )
    published = protect_quality(table).set_index(KEY)
    small = published.loc["false_dropout", "mission_locale"]
    assert small["status"].tolist() == ["suppressed", "suppressed"]
    assert small[["value", "value_lower", "value_upper"]].isna().all(axis=None)
    estimate = published.loc[("false_dropout", "apprenticeship", "persons")]
    assert estimate[["value", "value_lower", "value_upper"]].tolist() == [11.0, 8.0, 16.0]
    assert published.loc[("overlap", "pupils", "persons"), "status"] == "missing"


def test_the_attack_finds_a_status_that_its_total_gives_back():
    table = rows(
        ("source_rows", "pupils", "rows_out", 1000),
        ("link_status", "pupils", "linked", 800),
        ("link_status", "pupils", "review", 2),
        ("link_status", "pupils", "unlinked", 198),
    )
    table["status"] = ["value", "value", "suppressed", "value"]
    found = attack_quality(table.assign(value=table["value"].where(table["status"] == "value")))
    assert found[["item", "measure", "lower", "upper", "finding"]].values.tolist() == [
        ["pupils", "review", 2.0, 2.0, "exposed"]
    ]


@pytest.mark.parametrize(
    ("linked", "finding"), [(997, "exposed"), (996, "exposed"), (995, None), (1000, None)]
)
def test_the_attack_finds_a_small_remainder(linked, finding):
    table = rows(
        ("match_departement", "mission_locale|04", "records", 1000),
        ("match_departement", "mission_locale|04", "linked", linked),
    ).assign(status="value")
    assert attack_quality(table)["finding"].tolist() == ([finding] if finding else [])


def test_the_attack_finds_a_small_count_that_is_published():
    table = rows(("left_out", "no_sex", "persons", 3)).assign(status="value")
    assert attack_quality(table)["finding"].tolist() == ["small_published"]


def test_a_whole_campaign_is_protected_once_and_for_all():
    table = quality()[COLUMNS]
    once = protect_quality(table)
    assert attack_quality(once).empty
    shuffled = protect_quality(table.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(once, shuffled)


counts = st.integers(0, 40)


@settings(max_examples=30)
@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=6), counts, counts)
def test_nothing_hidden_can_be_deduced(parts, review, elsewhere):
    """Départements of one source, with their totals: whatever the counts, the attack finds nothing."""
    linked = sum(first for first, _ in parts) + elsewhere
    records = sum(first + second for first, second in parts)
    unlinked = records + elsewhere + review - linked - review
    total = linked + review + unlinked
    cells = [
        ("source_rows", "mission_locale", "rows_out", total),
        ("link_status", "mission_locale", "linked", linked),
        ("link_status", "mission_locale", "review", review),
        ("link_status", "mission_locale", "unlinked", unlinked),
    ]
    for code, (first, second) in zip(("04", "05", "06", "13", "83", "84"), parts, strict=False):
        cells.append(("match_departement", f"mission_locale|{code}", "records", first + second))
        cells.append(("match_departement", f"mission_locale|{code}", "linked", first))
    published = protect_quality(rows(*cells))
    found = attack_quality(published)
    assert found.empty, (cells, found)
    true = {cell[:3]: cell[3] for cell in cells}
    for key, value in shown(published).items():
        assert value is None or value == true[key]
        assert value is None or not 1 <= value <= 4
