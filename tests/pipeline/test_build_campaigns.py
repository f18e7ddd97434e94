"""The invented campaigns of the files: loaded by a build, checked row by row, gone without demonstration."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from observatory.config import PROJECT_ROOT, Settings
from observatory.errors import DataFileError, FileContractError
from observatory.pipeline import __main__ as command_line
from observatory.pipeline.build import build, hash_inputs
from observatory.pipeline.build_inputs import (
    CAMPAIGN_COLUMNS,
    CAMPAIGN_FIGURE_COLUMNS,
    CAMPAIGN_QUALITY_COLUMNS,
)
from observatory.store.campaigns import (
    read_campaign_figures,
    read_campaign_quality,
    read_campaigns,
    write_campaign,
)
from observatory.store.engine import open_store
from tests.made_up_campaigns import figures, header, quality

COLUMNS = {
    "campaigns.csv": CAMPAIGN_COLUMNS,
    "campaign_figures.csv": CAMPAIGN_FIGURE_COLUMNS,
    "campaign_quality.csv": CAMPAIGN_QUALITY_COLUMNS,
}


def files() -> dict[str, pd.DataFrame]:
    """The three files, as text."""
    frames = {"campaigns.csv": header(), "campaign_figures.csv": figures(), "campaign_quality.csv": quality()}
    frames["campaigns.csv"]["published_at"] = "2026-11-20T09:30:00+01:00"
    frames["campaign_figures.csv"]["is_small"] = frames["campaign_figures.csv"]["is_small"].astype(int)
    return frames


def write(settings: Settings, frames: dict[str, pd.DataFrame]) -> None:
    for name, frame in frames.items():
        frame[list(COLUMNS[name])].to_csv(settings.data_dir / "demonstration" / name, index=False)


@pytest.fixture
def settings(built_var_dir: Path, tmp_path: Path) -> Settings:
    """A copy of the data and of the built store, with an invented campaign of our own."""
    shutil.copytree(PROJECT_ROOT / "data", tmp_path / "data")
    shutil.copytree(built_var_dir, tmp_path / "var")
    address = f"sqlite:///{tmp_path / 'var' / 'observatoire.sqlite'}"
    settings = Settings(tmp_path / "data", tmp_path / "var", tmp_path / "static", address, demo=True)
    write(settings, files())
    return settings


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = open_store(settings)
    yield engine
    engine.dispose()


def test_a_build_loads_the_campaigns_of_the_files_as_invented(settings, engine):
    build(settings)
    campaigns = read_campaigns(engine)
    assert campaigns["campaign_code"].tolist() == ["2026-11"]
    assert campaigns["is_demonstration"].all()
    assert campaigns["published_at"].iloc[0] == pd.Timestamp("2026-11-20T08:30:00Z")
    stored = read_campaign_figures(engine, "2026-11", "provisional")
    assert len(stored) == len(figures())
    avignon = stored.set_index(["area_code", "measure"]).loc[("AM13", "contract_broken")]
    assert (avignon["value"], avignon["status"], avignon["is_small"]) == (80.0, "value", True)
    assert len(read_campaign_quality(engine, "2026-11", "provisional")) == len(quality())


def test_a_change_of_a_campaign_makes_a_new_build(settings):
    before = hash_inputs(settings)
    write(settings, {**files(), "campaign_figures.csv": files()["campaign_figures.csv"].iloc[1:]})
    assert hash_inputs(settings) != before


def test_without_demonstration_or_without_its_file_there_is_no_campaign(settings, engine):
    build(settings)
    build(replace(settings, demo=False))
    assert read_campaigns(engine).empty
    assert read_campaign_figures(engine, "2026-11", "provisional").empty
    build(settings)
    assert len(read_campaigns(engine)) == 1
    (settings.data_dir / "demonstration" / "campaigns.csv").unlink()
    build(settings)
    assert read_campaigns(engine).empty


def test_a_build_leaves_a_real_campaign_alone_and_brings_no_invented_one_back(settings, engine):
    build(settings)
    write_campaign(engine, header("2027-05"), figures(), quality())
    build(settings, force=True)
    assert read_campaigns(engine)["campaign_code"].tolist() == ["2027-05"]
    assert read_campaigns(engine)["is_demonstration"].tolist() == [False]


def test_emptying_the_demonstration_takes_the_campaigns_too(settings, engine):
    build(settings)
    assert command_line.main(["empty-demonstration"], settings) == 0
    assert read_campaigns(engine).empty


def test_every_problem_of_the_three_files_is_listed_and_nothing_is_loaded(settings, engine):
    build(settings)
    broken = files()
    broken["campaigns.csv"] = broken["campaigns.csv"].assign(published_at="2026-11-20", manifest='{"a": "b"}')
    cells = broken["campaign_figures.csv"].astype(object)
    cells.loc[0, "area_code"] = "Martin Anna"
    cells.loc[1, ["status", "value"]] = ["suppressed", 3]
    cells.loc[2, "measure"] = "risk"
    cells.loc[3, "campaign_code"] = "2025-11"
    broken["campaign_figures.csv"] = cells
    items = broken["campaign_quality.csv"].astype(object)
    items.loc[0, "item"] = "MARTIN|ANNA"
    items.loc[1, "measure"] = "names"
    broken["campaign_quality.csv"] = items
    write(settings, broken)
    with pytest.raises(FileContractError) as caught:
        build(settings)
    assert [(p.file, p.row, p.column, p.code) for p in caught.value.problems] == [
        ("campaigns.csv", 2, "published_at", "not_an_instant"),
        ("campaigns.csv", 2, "manifest", "campaign_manifest"),
        ("campaign_figures.csv", 2, "area_code", "unknown_area"),
        ("campaign_figures.csv", 3, "value", "value_against_status"),
        ("campaign_figures.csv", 4, "measure", "campaign_cell"),
        ("campaign_figures.csv", 5, "campaign_code", "campaign_unknown"),
        ("campaign_quality.csv", 2, "item", "campaign_cell"),
        ("campaign_quality.csv", 3, "measure", "campaign_cell"),
    ]
    assert len(read_campaigns(engine)) == 1


def test_a_campaign_whose_other_files_are_missing_is_an_error(settings):
    (settings.data_dir / "demonstration" / "campaign_quality.csv").unlink()
    with pytest.raises(DataFileError):
        build(settings)
