"""From files to the application's database: every step on a small region; the campaigns that are shipped."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from observatory.config import PROJECT_ROOT, Settings
from observatory.domain.campaign import COUNTS, RATES, Edition
from observatory.linkage.consolidated import read_consolidated
from observatory.linkage.runs import read_manifest
from observatory.pipeline import campaign_demonstration
from observatory.pipeline.build import build
from observatory.pipeline.campaign_tables import audit
from observatory.pipeline.consolidate import read_hierarchy
from observatory.store.campaigns import (
    read_campaign_figures,
    read_campaign_quality,
    read_campaigns,
    write_campaign,
)
from observatory.store.engine import open_store
from tests.linkage.conftest import CAMPAIGN, FinishedRun
from tests.linkage.small_region import run, small_settings, working_in

KEY = ["area_code", "breakdown", "category", "measure"]
SHIPPED = {"2025-11": Edition.DEFINITIVE, "2026-11": Edition.PROVISIONAL}


@pytest.fixture
def engine(finished_run) -> Iterator[Engine]:
    engine = open_store(finished_run.settings)
    yield engine
    engine.dispose()


@pytest.fixture
def own_copy(finished_run: FinishedRun, tmp_path: Path) -> tuple[Settings, Path]:
    """The finished run, to be changed."""
    settings = small_settings(tmp_path)
    shutil.copytree(finished_run.settings.var_dir, settings.var_dir, dirs_exist_ok=True)
    shutil.copytree(finished_run.working_dir, tmp_path / "croisement")
    return settings, tmp_path / "croisement"


def published(settings: Settings, edition: str = "provisional") -> tuple[pd.DataFrame, pd.DataFrame]:
    engine = open_store(settings)
    try:
        return (
            read_campaign_figures(engine, "2026-11", edition),
            read_campaign_quality(engine, "2026-11", edition),
        )
    finally:
        engine.dispose()


@pytest.mark.heavy
def test_what_is_published_is_the_raw_counts_or_their_sign(finished_run, engine):
    raw = read_consolidated(finished_run.working_dir, "2026-11", Edition.PROVISIONAL).figures
    figures = read_campaign_figures(engine, "2026-11", "provisional")
    both = figures.merge(raw, on=KEY, how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    is_shown = both["status"] == "value"
    assert is_shown.sum() > 200
    counts = both[both["measure"].isin(list(COUNTS))]
    visible = counts[counts["status"] == "value"]
    assert (visible["value"] == visible["count"]).all()
    assert not visible["count"].between(1, 4).any()
    assert (counts.loc[counts["count"].between(1, 4), "status"] == "suppressed").all()
    rates = both[both["measure"].isin(list(RATES)) & is_shown]
    assert (rates["value"] - rates["count"]).abs().max() <= 0.5e-4 + 1e-12
    assert (rates["value_lower"] <= rates["value"]).all()
    assert (rates["value"] <= rates["value_upper"]).all()
    assert (rates["base"] >= 20).all()
    medians = both[(both["measure"] == "reception_delay_days") & is_shown]
    assert len(medians)
    assert (medians["base"] >= 20).all()


@pytest.mark.heavy
def test_raw_counts_are_private_and_nowhere_said(finished_run):
    path = finished_run.working_dir / "consolidation-2026-11-provisional.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    steps = read_manifest(finished_run.working_dir)
    assert {"consolidate 2026-11 provisional", "publish 2026-11 provisional"} <= set(steps)
    assert steps["consolidate 2026-11 provisional"]["extra"]["reference_on"] == "2026-11-01"


@pytest.mark.heavy
def test_counting_and_publishing_again_changes_nothing(own_copy):
    settings, working_dir = own_copy
    path = working_dir / "consolidation-2026-11-provisional.parquet"
    before, shown = path.read_bytes(), published(settings)
    with working_in(working_dir):
        assert run(settings, "consolidate", *CAMPAIGN) == 0
        assert run(settings, "publish", *CAMPAIGN) == 0
    assert path.read_bytes() == before
    for old, new in zip(shown, published(settings), strict=True):
        pd.testing.assert_frame_equal(old, new)
    engine = open_store(settings)
    try:
        versions = read_campaigns(engine)["published_at"].nunique()
    finally:
        engine.dispose()
    assert versions == 1


@pytest.mark.heavy
def test_the_definitive_edition_tells_nothing_of_what_the_provisional_one_hid(own_copy):
    """Counted on a later day, so that some counts move; both are attacked with what the other tells."""
    settings, working_dir = own_copy
    with working_in(working_dir):
        later = ("--edition", "definitive")
        assert run(settings, "consolidate", *CAMPAIGN, *later, "--reference-on", "2026-11-06") == 0
        assert run(settings, "publish", *CAMPAIGN, *later) == 0
        assert run(settings, "attack", *CAMPAIGN) == 0
    provisional, definitive = published(settings)[0], published(settings, "definitive")[0]
    both = provisional.merge(definitive, on=KEY, suffixes=("", "_later"))
    counts = both[both["measure"].isin(list(COUNTS)) & (both["status"] == "suppressed")]
    assert len(counts) > 20
    assert set(counts["value_later"].dropna()) <= {0.0}
    assert (both["value"] != both["value_later"]).any()


@pytest.mark.heavy
def test_the_attack_names_the_cells_that_were_published_against_the_rules(own_copy, capsys):
    """One hidden count put back beside its sums: the step ends on 1 and lists what it deduced."""
    settings, working_dir = own_copy
    figures, quality = published(settings)
    raw = read_consolidated(working_dir, "2026-11", Edition.PROVISIONAL).figures
    hidden = figures[(figures["status"] == "suppressed") & figures["measure"].isin(list(COUNTS))]
    small = hidden.merge(raw, on=KEY)
    cell = small[small["count"].between(1, 4)].iloc[0]
    is_cell = (figures[KEY] == cell[KEY].to_list()).all(axis=1)
    figures.loc[is_cell, "value"] = cell["count"]
    figures.loc[is_cell, "status"] = "value"
    engine = open_store(settings)
    try:
        write_campaign(engine, read_campaigns(engine), figures, quality)
    finally:
        engine.dispose()
    with working_in(working_dir):
        assert run(settings, "attack", *CAMPAIGN) == 1
    told = capsys.readouterr()
    assert " ".join(cell[KEY]) in told.err
    assert "mal protégé" in told.err
    assert "Étape" not in told.out


def test_the_steps_say_in_french_what_is_missing(tmp_path, capsys):
    settings = small_settings(tmp_path)
    with working_in(tmp_path / "croisement"):
        assert run(settings, "consolidate", "--campaign", "2026-13") == 1
        assert "nom de campagne" in capsys.readouterr().err
        assert run(settings, "consolidate", *CAMPAIGN) == 1
        assert "étape link" in capsys.readouterr().err
        assert run(settings, "publish", *CAMPAIGN) == 1
        assert "étape consolidate" in capsys.readouterr().err
        assert run(settings, "attack", *CAMPAIGN) == 1
        assert "publiée" in capsys.readouterr().err


def shipped(name: str) -> pd.DataFrame:
    return pd.read_csv(
        PROJECT_ROOT / "data" / "demonstration" / name, dtype={"campaign_code": str, "item": str}
    )


def test_the_shipped_campaigns_are_small_files_of_both_campaigns():
    assert dict(shipped("campaigns.csv")[["campaign_code", "edition"]].values) == {
        code: edition.value for code, edition in SHIPPED.items()
    }
    folder = PROJECT_ROOT / "data" / "demonstration"
    assert sum(path.stat().st_size for path in folder.glob("campaign*.csv")) < 1_500_000


@pytest.mark.heavy
@pytest.mark.parametrize(("code", "edition"), SHIPPED.items())
def test_the_shipped_campaigns_withstand_the_attack(code, edition):
    _, area_of_basin = read_hierarchy(PROJECT_ROOT / "data")
    figures, quality = shipped("campaign_figures.csv"), shipped("campaign_quality.csv")
    figures, quality = (table[table["campaign_code"] == code] for table in (figures, quality))
    assert set(figures["edition"]) == {edition.value}
    assert (figures["status"] == "suppressed").sum() > 100
    assert audit(figures, quality, area_of_basin) == ()


@pytest.mark.parametrize("code", SHIPPED)
def test_most_basins_of_the_shipped_campaigns_have_their_main_figures(code):
    figures = shipped("campaign_figures.csv")
    figures = figures[(figures["campaign_code"] == code) & (figures["breakdown"] == "all")]
    basins = figures[figures["area_code"].str.fullmatch(r"(?:AM|NI)\d\d")]
    assert basins["area_code"].nunique() == 28
    states = basins["status"].value_counts(normalize=True)
    assert 0.9 < states["value"] < 1
    rates = basins[basins["measure"] == "leaver_without_solution_rate"]["value"].dropna()
    assert rates.max() > 3 * rates.min()


def test_the_store_loads_the_shipped_campaigns_as_invented(built_var_dir, tmp_path):
    shutil.copytree(built_var_dir, tmp_path / "var")
    address = f"sqlite:///{tmp_path / 'var' / 'observatoire.sqlite'}"
    settings = Settings(PROJECT_ROOT / "data", tmp_path / "var", tmp_path / "static", address, demo=True)
    build(settings)
    engine = open_store(settings)
    try:
        campaigns = read_campaigns(engine)
        stored = read_campaign_figures(engine, "2026-11", "provisional")
    finally:
        engine.dispose()
    assert sorted(campaigns["campaign_code"]) == list(SHIPPED)
    assert campaigns["is_demonstration"].all()
    figures = shipped("campaign_figures.csv")
    assert len(stored) == (figures["campaign_code"] == "2026-11").sum()


@pytest.mark.heavy
def test_the_demonstration_is_made_alike_twice_and_describes_its_own_year(tmp_path, monkeypatch):
    """One invented campaign of the year before, on the small region."""
    settings = small_settings(tmp_path)
    monkeypatch.setattr(campaign_demonstration, "CAMPAIGNS", campaign_demonstration.CAMPAIGNS[:1])
    contents = []
    for name in ("once", "again"):
        assert run(settings, "campaign-demonstration", "--out", tmp_path / name, "--scale", "0.01") == 0
        contents.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert contents[0] == contents[1]
    assert set(contents[0]) == {"campaigns.csv", "campaign_figures.csv", "campaign_quality.csv"}
    figures = pd.read_csv(tmp_path / "once" / "campaign_figures.csv").set_index(KEY)["value"]
    region = figures.loc[("REG93", "all", "all")]
    assert 1500 < region["enrolled"] < 4500
    assert 0.02 < region["signalled"] / region["enrolled"] < 0.08
    quality = pd.read_csv(tmp_path / "once" / "campaign_quality.csv")
    years = quality[quality["topic"] == "match_birth_year"]["item"].str.extract(r"\|(\d{4})$")[0].astype(int)
    assert years.max() <= 2013
    assert not (settings.var_dir / "croisement").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
import {module} as killed
from observatory.pipeline.__main__ import main
from observatory.config import Settings
killed.{function} = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)
folder = Path(sys.argv[1])
address = f"sqlite:///{{folder / 'var' / 'observatoire.sqlite'}}"
main(sys.argv[2:], Settings(folder / "data", folder / "var", folder / "static", address, demo=False))
"""


def kill_in(folder: Path, module: str, function: str, *words: str) -> None:
    """Run a step that dies by kill -9 when it calls this function."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(module=module, function=function), str(folder), *words],
        cwd=PROJECT_ROOT,
        env={**os.environ, "OBSERVATOIRE_CROISEMENT_DIR": str(folder / "croisement")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.heavy
def test_a_count_that_is_killed_leaves_nothing_and_comes_out_the_same(own_copy):
    settings, working_dir = own_copy
    path = working_dir / "consolidation-2026-11-provisional.parquet"
    before = path.read_bytes()
    path.unlink()
    kill_in(working_dir.parent, "observatory.linkage.working_file", "put_in_place", "consolidate", *CAMPAIGN)
    assert not path.exists()
    assert list(working_dir.glob(".part-*"))
    with working_in(working_dir):
        assert run(settings, "consolidate", *CAMPAIGN) == 0
    assert path.read_bytes() == before
    assert not list(working_dir.glob(".part-*"))


@pytest.mark.heavy
def test_a_publication_that_is_killed_publishes_nothing_and_comes_out_the_same(own_copy):
    settings, working_dir = own_copy
    expected = published(settings)
    for path in settings.var_dir.iterdir():
        path.unlink()
    kill_in(working_dir.parent, "observatory.store.campaigns", "apply_change", "publish", *CAMPAIGN)
    assert all(frame.empty for frame in published(settings))
    with working_in(working_dir):
        assert run(settings, "publish", *CAMPAIGN) == 0
    for old, new in zip(expected, published(settings), strict=True):
        pd.testing.assert_frame_equal(old, new)
