"""After a whole run, no name, birth date, INE, record or pseudonym leaves the working directory."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from observatory.linkage.runs import MANIFEST_FILE
from observatory.linkage.working_file import LINKS_FILE
from observatory.store.campaigns import read_campaign_figures, read_campaign_quality, read_campaigns
from observatory.store.engine import open_store
from tests.linkage.conftest import MARKED, FinishedRun, identities

pytestmark = pytest.mark.heavy

TOKEN = re.compile(rb"[A-Za-z0-9_]{8,}")
DATE = re.compile(rb"(?:19|20)\d\d-\d\d-\d\d|\d\d/\d\d/(?:19|20)\d\d")


class Secrets:
    """What may be nowhere: texts by themselves, identifiers and birth dates by the form that they have."""

    def __init__(self, run: FinishedRun) -> None:
        known = identities(run.extracts)
        links = pd.read_parquet(run.working_dir / LINKS_FILE)
        tokens = {
            *known["record_id"],
            *known["ine"].dropna(),
            *links["person_id"],
            *run.extracts.people.index,
        }
        self.tokens = {str(token).lower().encode() for token in tokens}
        born = known["date_naissance"].dropna().dt
        self.dates = {day.encode() for form in ("%Y-%m-%d", "%d/%m/%Y") for day in born.strftime(form)}
        self.names = (MARKED.lower().encode(),)

    def found_in(self, content: bytes) -> set[bytes]:
        """Every secret of ``content``."""
        low = content.lower()
        found = {name for name in self.names if name in low}
        found |= {token for token in TOKEN.findall(low) if token in self.tokens}
        return found | {day for day in DATE.findall(low) if day in self.dates}


def outputs(run: FinishedRun) -> dict[str, bytes]:
    """Whatever a run leaves outside the working directory, and what is published of it."""
    found = {"said": run.said.encode()}
    for path in sorted(run.settings.var_dir.rglob("*")):
        if path.is_file():
            found[path.name] = path.read_bytes()
    found["manifest"] = (run.working_dir / MANIFEST_FILE).read_bytes()
    for path in sorted(run.working_dir.glob("consolidation-*.parquet")):
        found[path.name] = pd.read_parquet(path).to_csv().encode()
    quality = run.working_dir / "quality.parquet"
    if quality.is_file():
        found[quality.name] = pd.read_parquet(quality).to_csv().encode()
    engine = open_store(run.settings)
    try:
        found["campaigns.csv"] = read_campaigns(engine).to_csv().encode()
        found["figures.csv"] = read_campaign_figures(engine, "2026-11", "provisional").to_csv().encode()
        found["quality.csv"] = read_campaign_quality(engine, "2026-11", "provisional").to_csv().encode()
    finally:
        engine.dispose()
    return found


def leaks(contents: Mapping[str, bytes], secrets: Secrets) -> dict[str, set[bytes]]:
    found = {name: secrets.found_in(content) for name, content in contents.items()}
    return {name: secret for name, secret in found.items() if secret}


@pytest.fixture(scope="module")
def secrets(finished_run) -> Secrets:
    return Secrets(finished_run)


def test_the_run_went_to_its_end_and_read_the_names(finished_run, secrets):
    assert finished_run.outcomes == dict.fromkeys(("extracts", "link", "consolidate", "publish", "attack"), 0)
    assert len(secrets.tokens) > 20_000
    assert len(secrets.dates) > 2_000
    working = (finished_run.working_dir / "travail.duckdb").read_bytes()
    assert len(working) > 500_000


def test_nothing_nominative_is_in_what_a_run_publishes_says_or_logs(finished_run, secrets):
    found = outputs(finished_run)
    assert {"observatoire.sqlite", "manifest", "said", "figures.csv"} <= set(found)
    assert len(found["figures.csv"]) > 10_000
    assert b"2026-11" in found["observatoire.sqlite"]
    assert leaks(found, secrets) == {}


def test_nothing_is_left_outside_the_working_directory(finished_run):
    folder = finished_run.working_dir.parent
    assert {path.name for path in folder.iterdir()} == {"croisement", "data", "extraits", "var"}
    assert {path.name for path in finished_run.settings.var_dir.iterdir()} == {"observatoire.sqlite"}


def planted(run: FinishedRun, folder: Path) -> Iterable[tuple[str, bytes]]:
    """The outputs, each time with one secret put in one of them."""
    person = identities(run.extracts).dropna(subset=["ine"]).iloc[0]
    person_id = pd.read_parquet(run.working_dir / LINKS_FILE)["person_id"].iloc[0]
    manifest = json.loads((run.working_dir / MANIFEST_FILE).read_text(encoding="utf-8"))
    yield "manifest", json.dumps({**manifest, "first": person["ine"]}).encode()
    yield "said", f"{run.said} ligne 12 : {MARKED} refusé".encode()
    yield "said", f"{run.said}\nné le {person['date_naissance']:%d/%m/%Y}".encode()
    yield "figures.csv", f"AM12,{person['record_id']},1".encode()
    yield "quality.csv", f"overlap,{person_id},1".encode()
    database = folder / "observatoire.sqlite"
    shutil.copy(run.settings.var_dir / database.name, database)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE leak AS SELECT ? AS nom", [MARKED.title()])
    connection.close()
    yield database.name, database.read_bytes()


def test_a_leak_is_found_wherever_it_is_planted(finished_run, secrets, tmp_path):
    seen = [(name, leaks({name: content}, secrets)) for name, content in planted(finished_run, tmp_path)]
    assert len(seen) == 6
    for name, found in seen:
        assert list(found) == [name]
        assert len(found[name]) == 1


def test_the_report_of_a_producer_stays_in_the_working_directory(finished_run, secrets):
    """It names rows on purpose: it is private, and the only place where a value is told."""
    reports = [path for path in (finished_run.working_dir / "rapports").iterdir() if path.is_file()]
    assert reports
    assert all(path.stat().st_mode & 0o077 == 0 for path in reports)
