"""The working directory: closed to others, swapped whole, swept of what a killed step left."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from observatory.errors import UserFacingError
from observatory.linkage.runs import file_sha256, read_manifest, record_run
from observatory.linkage.working_file import (
    WORKING_FILE,
    content_hash,
    new_working_file,
    open_working_file,
    prepare_working_dir,
    replace_file,
    sweep_parts,
)

ROOT = Path(__file__).resolve().parents[2]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def working_dir(tmp_path: Path) -> Path:
    return tmp_path / "croisement"


def _make(working_dir: Path, value: str) -> None:
    with new_working_file(working_dir) as connection:
        connection.execute("CREATE TABLE pupils AS SELECT '1' AS record_id, ? AS nom", [value])


def _read(working_dir: Path) -> str:
    with open_working_file(working_dir) as connection:
        return connection.execute("SELECT nom FROM pupils").fetchall()[0][0]


def test_the_directory_and_the_file_are_closed_to_others_even_with_an_open_umask(working_dir):
    before = os.umask(0)
    try:
        _make(working_dir, "A")
        record_run(working_dir, "extracts", inputs={}, counts={})
    finally:
        os.umask(before)
    assert _mode(working_dir) == 0o700
    assert {_mode(path) for path in working_dir.iterdir()} == {0o600}


def test_a_file_is_private_while_it_is_being_written(working_dir):
    before = os.umask(0)
    try:
        with new_working_file(working_dir) as connection:
            connection.execute("CREATE TABLE pupils AS SELECT i::VARCHAR AS record_id FROM range(10) t(i)")
            assert {_mode(path) for path in working_dir.iterdir()} == {0o600}
        with replace_file(working_dir / "links.parquet") as part:
            assert _mode(part) == 0o600
    finally:
        os.umask(before)


def test_a_directory_that_was_open_is_closed(working_dir):
    working_dir.mkdir(mode=0o755)
    prepare_working_dir(working_dir)
    assert _mode(working_dir) == 0o700


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_no_directory_of_ours_is_refused(tmp_path, kind):
    path = tmp_path / "croisement"
    if kind == "file":
        path.write_text("")
    else:
        (tmp_path / "elsewhere").mkdir()
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserFacingError) as raised:
        prepare_working_dir(path)
    assert raised.value.code == "working_dir_unsafe"


def test_an_error_leaves_the_previous_file_and_nothing_else(working_dir):
    _make(working_dir, "A")
    with pytest.raises(duckdb.Error), new_working_file(working_dir) as connection:
        connection.execute("CREATE TABLE pupils AS SELECT '1' AS record_id, error('B') AS nom")
    assert _read(working_dir) == "A"
    assert [path.name for path in working_dir.iterdir()] == [WORKING_FILE]


def test_an_error_leaves_the_previous_plain_file(working_dir):
    prepare_working_dir(working_dir)
    target = working_dir / "model.json"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError), replace_file(target) as part:
        part.write_text("half\ud800", encoding="utf-8")
    assert target.read_text() == "old"
    assert [path.name for path in working_dir.iterdir()] == ["model.json"]


def test_a_killed_step_leaves_the_previous_file_and_the_next_one_sweeps(working_dir):
    _make(working_dir, "A")
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from observatory.linkage.working_file import new_working_file\n"
        "with new_working_file(Path(sys.argv[1])) as connection:\n"
        "    connection.execute(\"CREATE TABLE pupils AS SELECT '1' AS record_id, 'B' AS nom\")\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(working_dir)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert sweep_parts(working_dir) == 0  # it still runs
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _read(working_dir) == "A"
    assert [path for path in working_dir.iterdir() if path.name.startswith(".part-")]
    _make(working_dir, "C")
    assert [path.name for path in working_dir.iterdir()] == [WORKING_FILE]
    assert _read(working_dir) == "C"


def test_a_missing_a_damaged_and_a_busy_file_are_told_apart(working_dir):
    def code() -> str:
        with pytest.raises(UserFacingError) as raised, open_working_file(working_dir):
            pass
        return raised.value.code

    assert code() == "working_file_missing"
    prepare_working_dir(working_dir)
    (working_dir / WORKING_FILE).write_bytes(b"not a database" * 1000)
    assert code() == "working_file_damaged"
    (working_dir / WORKING_FILE).unlink()
    _make(working_dir, "A")
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from observatory.linkage.working_file import open_working_file\n"
        "with open_working_file(Path(sys.argv[1]), read_only=False):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(working_dir)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        started = time.monotonic()
        assert code() == "working_file_busy"
        assert time.monotonic() - started < 30
        process.kill()


def test_the_hash_tells_null_from_empty_and_one_cell_from_two(working_dir):
    hashes = []
    for row in ("NULL, 'x'", "'', 'x'", "'x', NULL", "'x', ''"):
        with new_working_file(working_dir) as connection:
            connection.execute(
                f"CREATE TABLE pupils AS SELECT '1' AS record_id, {row.split(',')[0]}::VARCHAR AS nom,"
                f"{row.split(',')[1]}::VARCHAR AS prenom"
            )
            hashes.append(content_hash(connection, "pupils"))
    assert len(set(hashes)) == 4


def test_a_step_recorded_again_replaces_its_entry_and_leaves_the_others(working_dir, tmp_path):
    extract = tmp_path / "a.csv"
    extract.write_text("x")
    record_run(working_dir, "extracts", inputs={"a.csv": file_sha256(extract)}, counts={"rows_in": 3})
    record_run(working_dir, "link", inputs={}, counts={}, seed=7)
    record_run(working_dir, "extracts", inputs={}, counts={"rows_in": 4})
    manifest = read_manifest(working_dir)
    assert manifest["extracts"]["counts"] == {"rows_in": 4}
    assert manifest["link"]["seed"] == 7
    assert manifest["link"]["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize("content", ["{", "[]", json.dumps({"format": 99, "steps": {}})])
def test_a_damaged_manifest_is_refused_rather_than_overwritten(working_dir, content):
    prepare_working_dir(working_dir)
    (working_dir / "manifest.json").write_text(content)
    with pytest.raises(UserFacingError) as raised:
        record_run(working_dir, "link", inputs={}, counts={})
    assert raised.value.code == "manifest_damaged"
    assert (working_dir / "manifest.json").read_text() == content
