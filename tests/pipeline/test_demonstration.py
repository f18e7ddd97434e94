"""The invented inventory: the same bytes everywhere, plausible, unequal, and nobody's name."""

from __future__ import annotations

import csv
import io
import re
import shutil
from argparse import Namespace
from collections import Counter
from dataclasses import replace

import pytest

from observatory.config import PROJECT_ROOT, read_settings
from observatory.domain.cooperation import (
    CooperationLevel,
    CooperationRating,
    Modality,
    ModalityRecord,
    ModalityStatus,
    Partner,
    completeness,
    reciprocal_gaps,
)
from observatory.domain.territory import load_basins
from observatory.pipeline import demonstration

COMMITTED = PROJECT_ROOT / "data" / "demonstration"


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((COMMITTED / name).read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def ratings() -> list[CooperationRating]:
    return [
        CooperationRating(
            row["basin_code"],
            Partner(row["from_partner"]),
            Partner(row["to_partner"]),
            CooperationLevel(int(row["level"])) if row["level"] else None,
        )
        for row in rows("cooperation_ratings.csv")
    ]


@pytest.fixture(scope="module")
def modalities() -> list[ModalityRecord]:
    return [
        ModalityRecord(row["basin_code"], Modality(row["modality"]), ModalityStatus(row["status"]))
        for row in rows("cooperation_modalities.csv")
    ]


def test_the_committed_files_are_what_the_generator_writes(tmp_path):
    data_dir = tmp_path / "data"
    (data_dir / "territory").mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "data" / "territory" / "basins.csv", data_dir / "territory")
    settings = replace(read_settings({}), data_dir=data_dir)
    assert demonstration.run_step(Namespace(), settings) == ()
    written = {path.name: path.read_bytes() for path in (data_dir / "demonstration").iterdir()}
    assert written == {path.name: path.read_bytes() for path in COMMITTED.glob("*.csv")}


def test_the_order_of_the_basins_does_not_change_a_byte():
    basins = load_basins(PROJECT_ROOT / "data")
    shuffled = dict(reversed(basins.items()))
    assert demonstration.demonstration_files(shuffled) == demonstration.demonstration_files(basins)


def test_the_files_are_sorted_by_key_and_end_their_lines_as_unix_does():
    for name, key in (
        ("cooperation_ratings.csv", ("basin_code", "from_partner", "to_partner")),
        ("cooperation_modalities.csv", ("basin_code", "modality")),
    ):
        keys = [tuple(row[column] for column in key) for row in rows(name)]
        assert keys == sorted(set(keys))
        assert b"\r" not in (COMMITTED / name).read_bytes()


def test_some_basins_are_complete_and_some_nearly_empty(ratings, modalities):
    shares = []
    for code in load_basins(PROJECT_ROOT / "data"):
        known = completeness(
            [r for r in ratings if r.basin_code == code], [m for m in modalities if m.basin_code == code]
        )
        shares.append(known.rating_share)
    assert sum(share == 1 for share in shares) >= 3
    assert sum(share < 0.15 for share in shares) >= 3
    assert sum(0.15 <= share < 1 for share in shares) >= 10


def test_all_levels_and_all_states_are_met_and_none_takes_over(ratings, modalities):
    levels = Counter(rating.level for rating in ratings if rating.level is not None)
    assert set(levels) == set(CooperationLevel)
    assert max(levels.values()) < 0.5 * sum(levels.values())
    assert {record.status for record in modalities} == set(ModalityStatus)


def test_some_pairs_see_their_work_differently_but_most_do_not(ratings):
    by_direction = {(r.basin_code, r.from_partner, r.to_partner) for r in ratings if r.level is not None}
    both = sum((basin, there, here) in by_direction for basin, here, there in by_direction) / 2
    gaps = reciprocal_gaps(ratings)
    assert 0.03 * both < len(gaps) < 0.25 * both
    assert len({gap.basin_code for gap in gaps}) >= 8


def test_no_level_was_given_without_a_date_and_none_is_dated_without_a_level():
    for row in rows("cooperation_ratings.csv"):
        assert bool(row["level"]) == bool(row["rated_on"]) == bool(row["rated_by"])


def test_a_modality_that_is_in_place_is_described_and_an_unknown_one_is_not():
    for row in rows("cooperation_modalities.csv"):
        in_place = row["status"] in {"done", "partial"}
        assert in_place == bool(row["description"]) == bool(row["since_on"]) == bool(row["frequency"])
        assert in_place <= bool(row["pilot"])
        if row["status"] == "not_reported":
            assert not any(row[column] for column in ("description", "pilot", "next_step", "updated_on"))
        if row["since_on"]:
            assert row["since_on"] < row["updated_on"]


def test_the_texts_are_french_typography_and_name_nobody():
    texts = {
        row[column]
        for name, columns in (
            ("cooperation_ratings.csv", ("rated_by", "evidence")),
            ("cooperation_modalities.csv", ("description", "pilot", "frequency", "next_step")),
        )
        for row in rows(name)
        for column in columns
    }
    for text in texts:
        assert "'" not in text
        assert not re.search(r"\b(M\.|Mme|Monsieur|Madame)\s", text)
        # A capital inside a sentence would be a name; initials of institutions are all capitals.
        inside = re.findall(r"(?<=[a-zé,’] )[A-ZÉ]\w+", text)
        assert all(word.isupper() or word in {"E2C"} for word in inside), text
