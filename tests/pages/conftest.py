"""Pages without a browser: ``app_test("pages/carte.py", query={"bassin": "AM13"}, state="empty")``.

Tests that ask for the same state read the same copy of the built database, with the caches of a server that
has already shown it; a test that writes is the last one of its copy.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from observatory.config import Settings, current_settings
from observatory.ui.router import PAGES
from tests.e2e.harness import free_port

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PAGE = next(f"pages/{page.file}.py" for page in PAGES if not page.path)
RUN_SECONDS = 60

State = Literal["normal", "empty", "suppressed", "damaged", "unreachable", "locked"]
"""``normal`` as built; ``empty`` the schema and no row; ``suppressed`` no figure may be shown; ``damaged`` a
file that is no database; ``unreachable`` a PostgreSQL server that does not answer; ``locked`` another program
keeps the file for itself (the application waits its five seconds first: for one or two pages)."""

SHARED: tuple[State, ...] = ("normal", "empty", "suppressed")

AppFactory = Callable[..., AppTest]


class _Copies:
    """Copies of the built database by state, each kept as long as nobody has written to it."""

    def __init__(self, built: Path, make_dir: Callable[[], Path]) -> None:
        self._built = built
        self._make_dir = make_dir
        self._kept: dict[State, tuple[Path, sqlite3.Connection, int]] = {}
        self._shown: tuple[State, Settings] | None = None

    def var_dir(self, state: State) -> Path:
        """``var/`` of a test, in this state."""
        if state not in self._kept:
            var_dir = self._make_dir() / "var"
            shutil.copytree(self._built, var_dir)
            _bring_to(state, var_dir / "observatoire.sqlite")
            witness = sqlite3.connect(var_dir / "observatoire.sqlite")
            self._kept[state] = (var_dir, witness, _writes(witness))
        return self._kept[state][0]

    def show(self, state: State) -> None:
        """Empty the caches, unless they hold just this state with these settings."""
        current_settings.cache_clear()
        shown = (state, current_settings())
        if shown != self._shown or state not in SHARED:
            forget()
        self._shown = shown

    def leave(self) -> None:
        """Give up the copies to which the test has written, and the caches with them."""
        current_settings.cache_clear()
        for state, (_, witness, writes) in list(self._kept.items()):
            if _writes(witness) != writes:
                witness.close()
                del self._kept[state]
                self._shown = None
        if self._shown is None:
            forget()

    def close(self) -> None:
        for _, witness, _ in self._kept.values():
            witness.close()
        forget()


def _writes(witness: sqlite3.Connection) -> int:
    """A number that changes when another connection has written."""
    number: int = witness.execute("PRAGMA data_version").fetchone()[0]
    return number


@pytest.fixture(scope="module")
def copies(built_var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Copies]:
    kept = _Copies(built_var_dir, lambda: tmp_path_factory.mktemp("pages"))
    with pytest.MonkeyPatch.context() as patch:
        # A simulated page looks through all installed libraries for components, each time.
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield kept
    kept.close()


@pytest.fixture
def app_test(
    copies: _Copies,
    built_var_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[AppFactory]:
    """Run ``app.py`` on a page and give its result; one state of the database a test."""

    def run(
        page: str = DEFAULT_PAGE,
        *,
        query: Mapping[str, str] | None = None,
        state: State = "normal",
        environ: Mapping[str, str] | None = None,
    ) -> AppTest:
        var_dir = copies.var_dir(state) if state in SHARED else tmp_path / "var"
        if not var_dir.exists():
            shutil.copytree(built_var_dir, var_dir)
            _spoil(state, var_dir / "observatoire.sqlite", request)
        monkeypatch.setenv("OBSERVATOIRE_VAR_DIR", str(var_dir))
        if state == "unreachable":
            address = f"postgresql+psycopg://127.0.0.1:{free_port()}/observatoire"
            monkeypatch.setenv("OBSERVATOIRE_DATABASE_URL", address)
        for key, value in (environ or {}).items():
            monkeypatch.setenv(key, value)
        copies.show(state)
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=RUN_SECONDS)
        if page != DEFAULT_PAGE:
            at.switch_page(page)
        at.query_params.update(query or {})
        return at.run()

    yield run
    copies.leave()


def forget() -> None:
    """Settings, figures and connections of the test before."""
    current_settings.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


def _spoil(state: State, database: Path, request: pytest.FixtureRequest) -> None:
    if state == "damaged":
        for log in database.parent.glob(f"{database.name}-*"):
            log.unlink()
        database.write_bytes(b"this is not a database " * 400)
    if state == "locked":
        connection = sqlite3.connect(database, isolation_level=None)
        request.addfinalizer(connection.close)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")


def _bring_to(state: State, database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        kept = ("schema_version", "sqlite_")
        if state == "empty":
            for table in tables:
                if not table.startswith(kept):
                    connection.execute(f'DELETE FROM "{table}"')
        if state == "suppressed":
            _suppress(connection)


def _suppress(connection: sqlite3.Connection) -> None:
    """The whole region under the threshold: no value, and nothing that is computed from values."""
    connection.execute(
        "UPDATE figure SET value = NULL, value_lower = NULL, value_upper = NULL, numerator = NULL, "
        "denominator = NULL, status = 'suppressed', note = 'suppressed'"
    )
    for table in ("campaign_figure", "campaign_quality"):
        connection.execute(
            f"UPDATE {table} SET value = NULL, value_lower = NULL, value_upper = NULL, status = 'suppressed'"
        )
    for table in ("commune_figure", "context_contribution", "context_index", "gap", "typology"):
        connection.execute(f"DELETE FROM {table}")
    for table in ("indicator_rank", "trend", "risk_summary"):
        connection.execute(f"DELETE FROM {table}")
