"""A machine that only shows figures lacks the libraries of the cross-matching: its steps say so at once."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from observatory.pipeline import __main__ as program

ROOT = Path(program.__file__).parents[2]


@pytest.mark.parametrize("name", ["duckdb", "splink.internals"])
def test_a_step_whose_library_is_missing_says_what_to_install(name, monkeypatch, capsys):
    def missing(_module: str) -> object:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert program.main(["link"]) == 1
    told = capsys.readouterr().err
    assert name in told
    assert "make croisement" in told


def test_a_module_of_ours_that_is_missing_keeps_its_trace(monkeypatch):
    def missing(_module: str) -> object:
        raise ModuleNotFoundError("No module named 'observatory.nowhere'", name="observatory.nowhere")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        program.main(["link"])


def test_the_libraries_told_are_those_that_the_file_installs():
    lines = (ROOT / "requirements-croisement.txt").read_text(encoding="utf-8").splitlines()
    named = {re.split(r"[<>=\[ ]", line)[0] for line in lines if re.match(r"[a-z]", line)}
    assert named == program.LINKAGE_TOOLS
