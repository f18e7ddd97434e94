"""The purge: nothing nominative is left, it is shown, and a purge that was killed is ended by the next."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from observatory import config
from observatory.domain.campaign import Source
from observatory.errors import UserFacingError
from observatory.linkage import purge as purge_module
from observatory.linkage.decisions import Decision, Pair, Verdict, add_decisions
from observatory.linkage.linking import Method, link_records
from observatory.linkage.purge import DAMAGED_MANIFEST, purge
from observatory.linkage.runs import file_sha256, read_manifest, record_run
from observatory.linkage.screen_access import new_access
from observatory.linkage.working_file import WORKING_FILE, open_working_file
from observatory.pipeline.__main__ import main
from tests.linkage.linked_people import generated, record, write_working_file

ROOT = Path(__file__).resolve().parents[2]
NAME, INE = "Vallombrequin", "998877665ZZ"
KEPT = {"manifest.json", "model.json", "listes/AM13.age", "listes/journal.jsonl"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with a file of every step."""
    working_dir = tmp_path_factory.mktemp("purge") / "croisement"
    write_working_file(
        working_dir, generated(0.005, seed=3), [record(Source.PUPILS, "secret", nom=NAME, ine=INE)]
    )
    link_records(working_dir, method=Method.CASCADE)
    add_decisions(working_dir, [Decision(Pair("affectation", "a", "b"), Verdict.SAME)], "revue", {})
    for name in ("rapports/siecle.csv", "revue/paires.csv", f"revue/{NAME}.csv", "listes/AM13.age"):
        path = working_dir / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text("chiffré" if name.endswith(".age") else NAME, encoding="utf-8")
    (working_dir / "listes" / "journal.jsonl").write_text('{"basin": "AM13"}\n')
    for name in ("candidates.parquet", "consolidation-2026-11-provisional.parquet"):
        (working_dir / name).write_text(NAME)
    (working_dir / ".part-999999-links.parquet").write_text(NAME)
    (working_dir / "model.json").write_text("{}")
    record_run(working_dir, "extracts", inputs={"siecle.csv": "00"}, counts={})
    return working_dir


@pytest.fixture
def working_dir(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "croisement"
    shutil.copytree(template, made)
    monkeypatch.setenv("OBSERVATOIRE_CROISEMENT_DIR", str(made))
    config.current_linkage_settings.cache_clear()
    yield made
    config.current_linkage_settings.cache_clear()


def left(working_dir: Path) -> set[str]:
    return {str(path.relative_to(working_dir)) for path in working_dir.rglob("*") if path.is_file()}


def certificate(working_dir: Path) -> dict[str, object]:
    entries = [entry for name, entry in read_manifest(working_dir).items() if name.startswith("purge ")]
    assert len(entries) == 1
    return entries[0]


def test_nothing_nominative_is_left_and_what_has_no_name_stays(working_dir):
    done = purge(working_dir)
    assert left(working_dir) == KEPT
    assert set(done.left) == KEPT
    assert done.markers > 500
    assert done.scanned == len(KEPT)
    assert not [path for path in working_dir.rglob("*") if path.is_file() and NAME in path.read_text()]


def test_the_certificate_says_what_was_destroyed_by_hash_and_no_name(working_dir):
    expected = {name: file_sha256(working_dir / name) for name in (WORKING_FILE, "links.parquet")}
    purge(working_dir)
    entry = certificate(working_dir)
    extra = entry["extra"]
    assert extra["state"] == "done"
    assert {name: extra["destroyed"][name]["sha256"] for name in expected} == expected
    assert entry["counts"]["files"] == len(extra["destroyed"]) == 9
    assert entry["counts"]["rows"]["pupils"] > 1000
    assert extra["left"]["listes/AM13.age"] == file_sha256(working_dir / "listes" / "AM13.age")
    assert extra["is_overwritten"] is False
    assert NAME not in (working_dir / "manifest.json").read_text()
    assert "extracts" in read_manifest(working_dir)


def test_the_step_asks_to_be_confirmed_and_tells_what_it_cannot_destroy(working_dir, capfd):
    before = left(working_dir)
    assert main(["purge"]) == 1
    assert "--yes" in capfd.readouterr().err
    assert left(working_dir) == before
    assert main(["purge", "--yes"]) == 0
    told = capfd.readouterr()
    assert "Vérifié" in told.out
    assert "SSD" in told.out
    assert NAME not in told.out + told.err


def test_a_second_purge_has_nothing_to_do_and_leaves_the_certificate(working_dir, capsys):
    purge(working_dir)
    before = (working_dir / "manifest.json").read_bytes()
    assert purge(working_dir) is None
    assert main(["purge", "--yes"]) == 0
    assert "Rien à détruire" in capsys.readouterr().out
    assert (working_dir / "manifest.json").read_bytes() == before


def test_a_directory_that_does_not_exist_is_not_made(tmp_path):
    assert purge(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from observatory.linkage import purge
destroyed, limit = [], int(sys.argv[2])
destroy = purge._destroy
def destroy_and_die(path):
    if len(destroyed) == limit:
        os.kill(os.getpid(), signal.SIGKILL)
    destroy(path)
    destroyed.append(path)
purge._destroy = destroy_and_die
purge._sync = (lambda path: os.kill(os.getpid(), signal.SIGKILL)) if limit == 99 else purge._sync
purge.purge(Path(sys.argv[1]))
"""


@pytest.mark.heavy
@pytest.mark.parametrize("limit", [0, 1, 4, 7, 99])
def test_a_purge_that_is_killed_is_ended_by_the_next(working_dir, limit):
    hashes = {name: file_sha256(working_dir / name) for name in left(working_dir) - KEPT}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(working_dir), str(limit)],
        cwd=ROOT, check=False, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    ended = purge(working_dir)
    assert ended.is_resumed
    assert left(working_dir) == KEPT
    found = {one["sha256"] for one in certificate(working_dir)["extra"]["destroyed"].values()}
    assert found == set(hashes.values())
    assert certificate(working_dir)["counts"]["rows"]["pupils"] > 1000
    assert purge(working_dir) is None


def test_files_that_no_step_made_are_left_alone_unless_asked_for(working_dir):
    (working_dir / "memoire.odt").write_text("à moi")
    before = left(working_dir)
    with pytest.raises(UserFacingError) as caught:
        purge(working_dir)
    assert caught.value.code == "purge_unknown_files"
    assert left(working_dir) == before
    purge(working_dir, everything=True)
    assert left(working_dir) == KEPT
    assert "memoire" not in (working_dir / "manifest.json").read_text()


def test_a_link_is_removed_and_what_it_leads_to_is_not(working_dir, tmp_path):
    outside = tmp_path / "dehors"
    outside.mkdir()
    (outside / "mien.txt").write_text("mien")
    (working_dir / "rapports" / "lien").symlink_to(outside)
    (working_dir / "revue" / "lien.csv").symlink_to(outside / "mien.txt")
    purge(working_dir)
    assert (outside / "mien.txt").read_text() == "mien"
    assert left(working_dir) == KEPT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_name_left_in_a_kept_file_is_found_until_the_file_is_changed(working_dir, encoding, capfd):
    (working_dir / "model.json").write_bytes(f'{{"x": "{INE}"}}'.encode(encoding))
    keep_only_the_planted_pupil(working_dir)
    for _ in range(2):  # the second time the tables are gone
        with pytest.raises(UserFacingError) as caught:
            purge(working_dir)
        assert caught.value.code == "purge_remains"
        assert INE not in str(caught.value)
    assert main(["purge", "--yes"]) == 1
    assert "restent" in capfd.readouterr().err
    (working_dir / "model.json").unlink()
    assert purge(working_dir).is_resumed


def keep_only_the_planted_pupil(working_dir: Path) -> None:
    """Make the planted INE the only one, so that the draw holds it."""
    with duckdb.connect(str(working_dir / WORKING_FILE)) as connection:
        connection.execute("DELETE FROM pupils WHERE record_id <> 'secret'")


def test_short_values_that_a_hash_could_hold_by_chance_are_not_looked_for(working_dir):
    markers, _ = purge_module._read_markers(working_dir)
    assert INE in markers or len(markers) > 500
    assert min(map(len, markers)) >= 6
    assert not [marker for marker in markers if marker.isdigit() and len(marker) < 10]


def test_nothing_is_destroyed_while_another_step_or_the_screen_works(working_dir):
    before = left(working_dir)
    script = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1], read_only=True); "
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(working_dir / WORKING_FILE)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(UserFacingError) as caught:
            purge(working_dir)
        other.communicate(b"")
    assert caught.value.code == "working_file_busy"
    with new_access(working_dir, "code", 0):
        with pytest.raises(UserFacingError) as caught:
            purge(working_dir)
        assert caught.value.code == "purge_screen_open"
    assert left(working_dir) == before
    running = working_dir / f".part-{os.getppid()}-travail.duckdb"
    running.write_text(NAME)
    with pytest.raises(UserFacingError) as caught:
        purge(working_dir)
    assert caught.value.code == "working_file_busy"
    running.unlink()
    assert purge(working_dir) is not None


@pytest.mark.parametrize("name", [WORKING_FILE, "manifest.json"])
def test_a_damaged_file_does_not_stand_in_the_way(working_dir, name):
    (working_dir / name).write_text("abîmé")
    done = purge(working_dir)
    assert not (working_dir / WORKING_FILE).exists()
    assert done.markers == 0 if name == WORKING_FILE else done.markers > 500
    assert left(working_dir) == KEPT | ({DAMAGED_MANIFEST} if name == "manifest.json" else set())
    json.loads((working_dir / "manifest.json").read_text())


def test_after_a_purge_the_steps_say_what_to_run_first(working_dir):
    purge(working_dir)
    with pytest.raises(UserFacingError) as caught, open_working_file(working_dir):
        pass
    assert caught.value.code == "working_file_missing"
