"""The invented inventory: the same bytes everywhere, plausible, unequal, and nobody's name."""

from __future__ import annotations

import csv
import io
import re
import shutil
from argparse import Namespace
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from observatory.config import PROJECT_ROOT, read_settings
from observatory.domain.cooperation import (
    CooperationLevel,
    CooperationRating,
    Modality,
    ModalityRecord,
    ModalityStatus,
    completeness,
    reciprocal_gaps,
)
from observatory.domain.indicators import load_catalogue
from observatory.domain.inventory import (
    FIELDS,
    ActionState,
    DiagnosisPart,
    FieldForm,
    FieldKey,
    FrameworkState,
    RecordKind,
    clean_value,
    field_spec,
    records,
    split_rating_key,
)
from observatory.domain.territory import load_basins
from observatory.pipeline import demonstration

COMMITTED = PROJECT_ROOT / "data" / "demonstration"
LAST_DAY = "2026-11-01"


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((COMMITTED / name).read_text(encoding="utf-8"), newline="")))


def key_of(row: dict[str, str]) -> FieldKey:
    return FieldKey(row["area_code"], RecordKind(row["kind"]), row["record_key"], row["field"])


def state_on(day: str) -> dict[FieldKey, str]:
    """What the file says on a day, without what was not reported."""
    state = {key_of(row): row["value"] for row in rows("inventory.csv") if row["changed_on"] <= day}
    return {key: value for key, value in state.items() if value}


def ratings_of(state: dict[FieldKey, str]) -> list[CooperationRating]:
    return [
        CooperationRating(key.area_code, *split_rating_key(key.record_key), CooperationLevel(int(value)))
        for key, value in state.items()
        if key.field == "level"
    ]


def modalities_of(state: dict[FieldKey, str]) -> list[ModalityRecord]:
    return [
        ModalityRecord(key.area_code, Modality(key.record_key), ModalityStatus(value))
        for key, value in state.items()
        if key.field == "status"
    ]


@pytest.fixture(scope="module")
def present() -> dict[FieldKey, str]:
    return state_on(LAST_DAY)


def records_of(state: dict[FieldKey, str], kind: RecordKind) -> dict[tuple[str, str], dict[str, str]]:
    return {(area, key): fields for (area, k, key), fields in records(state).items() if k is kind}


# --- the files --------------------------------------------------------------------------------------------


def test_the_committed_files_are_what_the_generator_writes(tmp_path):
    data_dir = tmp_path / "data"
    (data_dir / "territory").mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "data" / "territory" / "basins.csv", data_dir / "territory")
    settings = replace(read_settings({}), data_dir=data_dir)
    assert demonstration.run_step(Namespace(), settings) == ()
    written = {path.name: path.read_bytes() for path in (data_dir / "demonstration").iterdir()}
    # The campaigns beside them are what another step makes of generated extracts.
    assert set(written) == {"inventory.csv", "snapshots.csv"}
    assert written == {name: (COMMITTED / name).read_bytes() for name in written}


def test_the_order_of_the_basins_does_not_change_a_byte():
    basins = load_basins(PROJECT_ROOT / "data")
    shuffled = dict(reversed(basins.items()))
    assert demonstration.demonstration_files(shuffled) == demonstration.demonstration_files(basins)


def test_with_few_basins_or_none_there_are_files_all_the_same():
    basins = load_basins(PROJECT_ROOT / "data")
    for count in (0, 1, 3):
        few = dict(list(basins.items())[:count])
        content = demonstration.demonstration_files(few)["inventory.csv"].decode("utf-8")
        areas = {row["area_code"] for row in csv.DictReader(io.StringIO(content, newline=""))}
        assert areas <= {*few, "REG93"}


def test_the_file_is_sorted_by_day_and_key_small_and_ends_its_lines_as_unix_does():
    columns = demonstration.INVENTORY_COLUMNS[:6]
    keys = [tuple(row[column] for column in columns) for row in rows("inventory.csv")]
    assert keys == sorted(set(keys))
    assert b"\r" not in (COMMITTED / "inventory.csv").read_bytes()
    assert (COMMITTED / "inventory.csv").stat().st_size < 1_000_000


def test_each_line_is_what_its_field_may_hold_and_changes_something():
    last: dict[FieldKey, str] = {}
    for row in rows("inventory.csv"):
        key = key_of(row)
        assert clean_value(key, row["value"]) == row["value"]
        assert row["value"] != last.get(key, "")
        last[key] = row["value"]


def test_what_happened_is_in_the_past_and_over_a_year():
    days = [row["changed_on"] for row in rows("inventory.csv")]
    assert all(date.fromisoformat(day).weekday() < 5 for day in days)
    assert (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days > 330
    for row in rows("inventory.csv"):
        assert row["changed_on"] < LAST_DAY
        if row["field"] in {"rated_on", "since_on"} and row["value"]:
            assert row["value"] <= row["changed_on"]


# --- what it shows ----------------------------------------------------------------------------------------


def test_some_basins_are_complete_some_nearly_empty_and_one_said_nothing(present):
    ratings, modalities = ratings_of(present), modalities_of(present)
    shares = []
    for code in load_basins(PROJECT_ROOT / "data"):
        known = completeness(
            [r for r in ratings if r.basin_code == code], [m for m in modalities if m.basin_code == code]
        )
        shares.append(known.rating_share)
    assert len(shares) == 28
    assert 0 in shares
    assert sum(share == 1 for share in shares) >= 3
    assert sum(share < 0.15 for share in shares) >= 3
    assert sum(0.15 <= share < 1 for share in shares) >= 10


def test_all_levels_and_all_states_are_met_and_none_takes_over(present):
    levels = Counter(rating.level for rating in ratings_of(present))
    assert set(levels) == set(CooperationLevel)
    assert max(levels.values()) < 0.5 * sum(levels.values())
    statuses = {record.status for record in modalities_of(present)}
    assert statuses == set(ModalityStatus) - {ModalityStatus.NOT_REPORTED}


def test_some_pairs_see_their_work_differently_but_most_do_not(present):
    ratings = ratings_of(present)
    by_direction = {(r.basin_code, r.from_partner, r.to_partner) for r in ratings}
    both = sum((basin, there, here) in by_direction for basin, here, there in by_direction) / 2
    gaps = reciprocal_gaps(ratings)
    assert 0.03 * both < len(gaps) < 0.25 * both
    assert len({gap.basin_code for gap in gaps}) >= 8


@pytest.mark.parametrize("day", ["2025-12-12", "2026-06-18", LAST_DAY])
def test_no_level_was_given_without_a_date_and_none_is_dated_without_a_level(day):
    ratings = records_of(state_on(day), RecordKind.RATING)
    assert len(ratings) > 300
    for fields in ratings.values():
        assert {"level", "rated_on", "rated_by"} <= set(fields)


@pytest.mark.parametrize("day", ["2025-12-12", "2026-06-18", LAST_DAY])
def test_a_modality_that_is_in_place_is_described_and_another_one_is_not(day):
    modalities = records_of(state_on(day), RecordKind.MODALITY)
    assert len(modalities) > 100
    always = {"description", "frequency", "pilot", "facilitation", "since_on"}
    told_of_some = {"instance", "co_pilot", "participants", "tools", "evidence", "difficulty", "next_step"}
    for fields in modalities.values():
        if fields["status"] in {"done", "partial"}:
            assert always <= set(fields) <= always | told_of_some | {"status"}
            assert ("co_pilot" in fields) == (fields["facilitation"] == "coanimation")
            assert fields.get("co_pilot") != fields["pilot"]
        else:
            assert set(fields) <= {"status", "pilot", "next_step"}
    in_place = [f for f in modalities.values() if f["status"] in {"done", "partial"}]
    for name in told_of_some:
        assert 0.1 < sum(name in fields for fields in in_place) / len(in_place) < 1


def test_levels_statuses_and_texts_moved_both_ways_since_they_were_first_told():
    before: dict[FieldKey, str] = {}
    moves: Counter[tuple[str, str]] = Counter()
    for row in rows("inventory.csv"):
        key = key_of(row)
        if key in before:
            moves[row["kind"], row["field"]] += 1
            if row["field"] == "level":
                moves["level", "up" if row["value"] > before[key] else "down"] += 1
        before[key] = row["value"]
    assert moves["level", "up"] > moves["level", "down"] > 10
    assert moves["modality", "status"] > 25
    assert moves["modality", "description"] > 10
    assert moves["diagnosis", "text"] > 10
    assert moves["action", "state"] >= 6


def test_two_committees_are_frozen_between_the_meetings(present):
    frozen = rows("snapshots.csv")
    assert [row["frozen_on"] for row in frozen] == ["2025-12-12", "2026-06-18"]
    assert all("(démonstration)" in row["name"] for row in frozen)
    sizes = [len(state_on(row["frozen_on"])) for row in frozen]
    assert 1000 < sizes[0] < 0.8 * sizes[1] < sizes[1] < len(present)


def test_the_basins_that_reported_much_list_their_resources_by_service(present):
    resources = records_of(present, RecordKind.RESOURCE)
    by_basin = Counter(area for area, _ in resources)
    assert len(by_basin) >= 6
    assert set(by_basin.values()) <= {3, 4, 5, 6}
    assert {fields["nature"] for fields in resources.values()} == {"actor", "tool", "action"}
    services = re.compile(r"(Accueil|Secrétariat|Service|Vie scolaire)\b.*")
    assert all(services.fullmatch(fields["contact"]) for fields in resources.values())


def test_some_basins_share_a_diagnosis_and_not_all(present):
    diagnoses = records_of(present, RecordKind.DIAGNOSIS)
    assert 4 <= len({area for area, _ in diagnoses}) <= 14
    assert {part for _, part in diagnoses} == set(DiagnosisPart)


def test_about_a_dozen_actions_name_an_indicator_of_the_catalogue_and_what_became_of_them(present):
    actions = records_of(present, RecordKind.ACTION)
    assert 10 <= len(actions) <= 15
    assert len({area for area, _ in actions}) >= 6
    assert {fields["state"] for fields in actions.values()} == set(ActionState)
    assert {fields.get("effect", "") for fields in actions.values()} == {"", "seen", "not_seen", "too_early"}
    indicators = load_catalogue(PROJECT_ROOT / "data").indicators
    assert {fields["indicator"] for fields in actions.values()} <= set(indicators)
    assert len({fields["indicator"] for fields in actions.values()}) >= 4
    for fields in actions.values():
        assert {"finding", "action", "pilot", "due_on", "expected_effect", "modality"} <= set(fields)
        if fields["state"] == "open":
            assert fields["due_on"] > LAST_DAY
        if fields["state"] == "late":
            assert fields["due_on"] < LAST_DAY
            assert "blocking_condition" in fields


def test_structures_replied_and_the_framework_is_begun(present):
    assert 2 <= len(records_of(present, RecordKind.REPLY)) <= 3
    framework = records_of(present, RecordKind.FRAMEWORK)
    assert 3 <= len(framework) <= 4
    assert {area for area, _ in framework} == {"REG93"}
    assert {fields["state"] for fields in framework.values()} == set(FrameworkState)
    assert all("practice" in fields for fields in framework.values())


def test_every_kind_of_record_and_every_field_worth_inventing_is_met(present):
    met = {(key.kind, key.field) for key in present}
    expected = {(kind, spec.name) for kind, specs in FIELDS.items() for spec in specs}
    # Nothing is taken off a list, and an invented proof would be a false document.
    spared = {(kind, name) for kind, name in expected if name in {"removed", "evidence_link", "attachments"}}
    assert met == expected - spared


def test_the_texts_are_french_typography_and_name_nobody():
    texts = {
        row["value"]
        for row in rows("inventory.csv")
        if field_spec(RecordKind(row["kind"]), row["field"]).form in {FieldForm.LINE, FieldForm.TEXT}
    } | {row["actor_structure"] for row in rows("inventory.csv")}
    assert len(texts) > 200
    for text in texts:
        assert "'" not in text
        assert not re.search(r"\b(M\.|Mme|Monsieur|Madame)\s", text)
        assert not re.search(r"@|\d{2}[ .]?\d{2}[ .]?\d{2}|https?:", text), "no way to reach anybody"
        # A capital inside a sentence would be a name; initials of institutions are all capitals.
        inside = re.findall(r"(?<=[a-zé,’] )[A-ZÉ]\w+", text)
        assert all(word.isupper() or word in {"E2C", "Toussaint"} for word in inside), text
