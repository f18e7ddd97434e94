"""What every test shares: deterministic properties, an environment of its own, and the built database.

No test may touch ``var/`` of the project: it may hold what people entered.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
OPEN_DATA_MISSING = (
    "The producers' files are not at ../shared/data/open-data nor at OBSERVATOIRE_OPEN_DATA: "
    "this test reads them."
)

# No deadline: test machines are slow at times. Derandomised in CI: a red build is the change's fault.
hypothesis_settings.register_profile("local", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The settings of the person who runs the tests do not count, and their ``var/`` is out of reach."""
    with pytest.MonkeyPatch.context() as patch:
        for key in ("OBSERVATOIRE_DATABASE_URL", "OBSERVATOIRE_DATA_DIR", "OBSERVATOIRE_DEMO"):
            patch.delenv(key, raising=False)
        patch.setenv("OBSERVATOIRE_VAR_DIR", str(tmp_path_factory.mktemp("var")))
        yield


@pytest.fixture(scope="session")
def open_data_dir() -> Path:
    """The producers' files. Missing in CI is a failure; elsewhere the test says why it cannot run."""
    asked = os.environ.get("OBSERVATOIRE_OPEN_DATA", "").strip()
    path = Path(asked) if asked else ROOT.parent / "shared" / "data" / "open-data"
    if path.is_dir():
        return path
    if os.environ.get("CI"):
        pytest.fail(OPEN_DATA_MISSING, pytrace=False)
    pytest.skip(OPEN_DATA_MISSING)


@pytest.fixture(scope="session")
def built_var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``var/`` as ``python -m observatory.pipeline build`` leaves it; read-only by agreement: copy it."""
    var_dir = tmp_path_factory.mktemp("built")
    run_build({"OBSERVATOIRE_VAR_DIR": str(var_dir)})
    return var_dir


def run_build(environ: Mapping[str, str]) -> None:
    """Run the build step with these settings; what it printed is the failure's message."""
    done = subprocess.run(
        [sys.executable, "-m", "observatory.pipeline", "build"],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"pipeline build: exit {done.returncode}\n{done.stdout}{done.stderr}", pytrace=False)
