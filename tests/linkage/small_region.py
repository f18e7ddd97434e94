"""A region of four basins, and the steps of the croisement run on it through the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from observatory.config import PROJECT_ROOT, Settings, current_linkage_settings
from observatory.pipeline.__main__ import main

BASINS = ("AM04", "AM12", "NI01", "NI08")


def copy_small_data(target: Path) -> Path:
    """``data/`` with four basins: everything that the croisement reads of it."""
    source = PROJECT_ROOT / "data"
    shutil.copytree(source / "mappings", target / "mappings")
    (target / "territory").mkdir(parents=True)
    for name in ("basins.csv", "communes.csv", "services.csv", "retired_communes.csv"):
        table = pd.read_csv(source / "territory" / name, dtype=str, keep_default_na=False)
        if "basin_code" in table:
            table = table[table["basin_code"].isin(BASINS)]
        else:
            known = pd.read_csv(target / "territory" / "communes.csv", dtype=str)["commune_code"]
            table = table[table["commune_code"].isin(known)]
        table.to_csv(target / "territory" / name, index=False)
    context = pd.read_csv(source / "context.csv", dtype=str, keep_default_na=False)
    context[context["basin_code"].isin(BASINS)].to_csv(target / "context.csv", index=False)
    return target


def small_settings(folder: Path) -> Settings:
    """Settings of a small region with its own empty database."""
    data_dir, var_dir = folder / "data", folder / "var"
    copy_small_data(data_dir)
    var_dir.mkdir()
    address = f"sqlite:///{var_dir / 'observatoire.sqlite'}"
    return Settings(data_dir, var_dir, folder / "static", address, demo=False)


@contextmanager
def working_in(working_dir: Path) -> Iterator[None]:
    """Within, the steps work in this directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(working_dir))
        current_linkage_settings.cache_clear()
        yield
    current_linkage_settings.cache_clear()


def run(settings: Settings, *words: Sequence[str] | str) -> int:
    """One step of the command line."""
    return main([str(word) for word in words], settings)
