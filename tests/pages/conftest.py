"""Pages without a browser: ``app_test("pages/carte.py", query={"bassin": "AM13"}, state="empty")``.

Each test gets its own copy of the built database, brought to the state it asks for.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from observatory.config import current_settings
from observatory.ui.router import PAGES
from tests.e2e.harness import free_port

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PAGE = next(f"pages/{page.file}.py" for page in PAGES if not page.path)
RUN_SECONDS = 60

State = Literal["normal", "empty", "suppressed", "damaged", "unreachable", "locked"]
"""``normal`` as built; ``empty`` the schema and no row; ``suppressed`` no figure may be shown; ``damaged`` a
file that is no database; ``unreachable`` a PostgreSQL server that does not answer; ``locked`` another program
keeps the file for itself (the application waits its five seconds first: for one or two pages)."""

AppFactory = Callable[..., AppTest]


@pytest.fixture
def app_test(
    built_var_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[AppFactory]:
    """Run ``app.py`` on a page and give its result; one state of the database a test."""

    def run(
        page: str = DEFAULT_PAGE,
        *,
        query: Mapping[str, str] | None = None,
        state: State = "normal",
        environ: Mapping[str, str] | None = None,
    ) -> AppTest:
        var_dir = tmp_path / "var"
        if not var_dir.exists():
            shutil.copytree(built_var_dir, var_dir)
            _bring_to(state, var_dir / "observatoire.sqlite", request)
        monkeypatch.setenv("OBSERVATOIRE_VAR_DIR", str(var_dir))
        if state == "unreachable":
            address = f"postgresql+psycopg://127.0.0.1:{free_port()}/observatoire"
            monkeypatch.setenv("OBSERVATOIRE_DATABASE_URL", address)
        for key, value in (environ or {}).items():
            monkeypatch.setenv(key, value)
        _forget()
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=RUN_SECONDS)
        if page != DEFAULT_PAGE:
            at.switch_page(page)
        at.query_params.update(query or {})
        return at.run()

    yield run
    _forget()


def _forget() -> None:
    """Settings, figures and connections of the test before."""
    current_settings.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()


def _bring_to(state: State, database: Path, request: pytest.FixtureRequest) -> None:
    if state == "damaged":
        for log in database.parent.glob(f"{database.name}-*"):
            log.unlink()
        database.write_bytes(b"this is not a database " * 400)
        return
    connection = sqlite3.connect(database, isolation_level=None)
    if state == "locked":
        request.addfinalizer(connection.close)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        return
    with closing(connection):
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
    for table in ("commune_figure", "context_contribution", "context_index", "gap", "typology"):
        connection.execute(f"DELETE FROM {table}")
    for table in ("indicator_rank", "trend", "risk_summary"):
        connection.execute(f"DELETE FROM {table}")
