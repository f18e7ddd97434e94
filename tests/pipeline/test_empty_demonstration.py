"""Emptying the demonstration: nothing invented is left, nothing entered is lost, and one is told the rest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from observatory.config import PROJECT_ROOT, Settings
from observatory.domain.inventory import Actor, Edit, FieldKey, RecordKind
from observatory.pipeline import __main__ as command_line
from observatory.pipeline.build import build
from observatory.store import readers
from observatory.store.engine import open_store
from observatory.store.inventory_entries import read_entries, read_history
from observatory.store.inventory_saves import save_edits
from observatory.store.inventory_snapshots import freeze_snapshot, read_snapshot_state, read_snapshots

ANSWER = FieldKey("AM10", RecordKind.MODALITY, "handover", "pilot")
TEAM = Actor("R. Exemple", "Équipe régionale", None)


@pytest.fixture
def settings(built_var_dir: Path, tmp_path: Path) -> Settings:
    """A copy of the built store, with demonstration."""
    var_dir = tmp_path / "var"
    shutil.copytree(built_var_dir, var_dir)
    address = f"sqlite:///{var_dir / 'observatoire.sqlite'}"
    return Settings(PROJECT_ROOT / "data", var_dir, tmp_path / "static", address, demo=True)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = open_store(settings)
    yield engine
    engine.dispose()


def empty(settings: Settings) -> None:
    assert command_line.main(["empty-demonstration"], settings) == 0


def invented_count(engine: Engine) -> int:
    return len(read_entries(engine, include_demonstration=True)) - len(
        read_entries(engine, include_demonstration=False)
    )


def test_what_was_entered_stays_and_all_that_was_invented_goes(settings, engine, capsys):
    count = invented_count(engine)
    save_edits(engine, TEAM, [Edit(ANSWER, "CIO")])
    snapshot = freeze_snapshot(engine, TEAM, "Comité", include_demonstration=True)
    real = read_history(engine, include_demonstration=False)
    figures = readers.read_figures(engine)
    empty(settings)
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(f"Champs inventés retirés de l’inventaire : {count}.")
    assert "ne les remettra pas" in told[1]
    assert count > 3000

    assert [e.key for e in read_entries(engine, include_demonstration=True)] == [ANSWER]
    assert read_history(engine, include_demonstration=True) == real
    assert read_snapshots(engine, include_demonstration=True) == (snapshot,)
    frozen = read_snapshot_state(engine, snapshot.snapshot_id, include_demonstration=True)
    assert frozen == {ANSWER: "CIO"}
    assert readers.read_figures(engine).equals(figures)


def test_emptied_twice_there_is_nothing_left_to_take(settings, engine, capsys):
    empty(settings)
    capsys.readouterr()
    empty(settings)
    assert "retirés de l’inventaire : 0." in capsys.readouterr().out
    assert invented_count(engine) == 0


def test_a_build_does_not_bring_it_back_until_it_is_asked_for_again(settings, engine, tmp_path, capsys):
    empty(settings)
    build(settings)
    build(settings, force=True)
    assert invented_count(engine) == 0
    data = tmp_path / "data"
    shutil.copytree(settings.data_dir, data)
    own = replace(settings, data_dir=data)
    (data / "demonstration" / "snapshots.csv").unlink()  # an update of the files
    capsys.readouterr()
    assert command_line.main(["demonstration"], own) == 0
    assert "revient à la prochaine étape build" in capsys.readouterr().out
    build(own)
    assert invented_count(engine) > 3000


def test_asked_for_when_it_was_never_taken_away_nothing_is_said_of_a_return(settings, tmp_path, capsys):
    data = tmp_path / "data"
    shutil.copytree(settings.data_dir, data)
    assert command_line.main(["demonstration"], replace(settings, data_dir=data)) == 0
    assert "revient" not in capsys.readouterr().out


def test_without_demonstration_nothing_is_said_of_its_return(settings, capsys):
    empty(replace(settings, demo=False))
    assert "remettra" not in capsys.readouterr().out


def test_where_there_is_no_store_yet_there_is_nothing_to_empty(tmp_path, capsys):
    var_dir = tmp_path / "var"
    address = f"sqlite:///{var_dir / 'observatoire.sqlite'}"
    empty(Settings(PROJECT_ROOT / "data", var_dir, tmp_path, address, demo=True))
    assert "retirés de l’inventaire : 0." in capsys.readouterr().out
