"""The command line as a person meets it: French, one sentence, an exit code, and never a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from observatory.config import PROJECT_ROOT, Settings
from observatory.errors import DataFileError, FileContractError, FileProblem
from observatory.french import commands
from observatory.pipeline import __main__ as command_line
from observatory.pipeline.findings import ACCEPTABLE, StepNote

NNBSP = "\u202f"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data_dir = tmp_path / "data"
    shutil.copytree(
        PROJECT_ROOT / "data", data_dir, ignore=shutil.ignore_patterns("*.gpkg", "*.geojson", "*.new")
    )
    var_dir = tmp_path / "var"
    return Settings(
        data_dir, var_dir, tmp_path / "static", f"sqlite:///{var_dir / 'observatoire.sqlite'}", True
    )


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "observatory.pipeline", *words],
        cwd=PROJECT_ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def stand_in(
    monkeypatch: pytest.MonkeyPatch, error: BaseException | None = None, notes: tuple[StepNote, ...] = ()
) -> None:
    """Replace the step ``build`` by one that only ends in ``error`` or with ``notes``."""

    def run_step(_args, _settings):
        if error is not None:
            raise error
        return notes

    module = SimpleNamespace(add_arguments=lambda parser: None, run_step=run_step)
    monkeypatch.setattr(command_line.importlib, "import_module", lambda _name: module)


def test_every_step_has_a_module_with_its_two_functions_and_a_line_of_help():
    assert list(command_line.STEP_MODULES) == list(commands.STEPS)
    for name in command_line.STEP_MODULES.values():
        module = command_line.importlib.import_module(name)
        assert callable(module.add_arguments)
        assert callable(module.run_step)


def test_without_step_the_steps_are_listed(capsys):
    assert command_line.main([]) == 2
    assert command_line.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name}" in shown for name in command_line.STEP_MODULES)


def test_an_unknown_step_is_named_with_those_there_are(capsys):
    assert command_line.main(["construire"]) == 2
    assert "« construire »" in capsys.readouterr().err


@pytest.mark.parametrize("step", list(command_line.STEP_MODULES))
def test_the_help_of_a_step_is_in_french(capsys, step):
    with pytest.raises(SystemExit) as caught:
        command_line.main([step, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith("usage : ")
    assert "affiche cette aide" in shown
    for english in ("show this help", "positional", "folder", "warning accepted", "wheel of", "export of"):
        assert english not in shown


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["build", "--vite"], "argument inconnu : --vite"),
        (["risk"], "argument obligatoire manquant : --out"),
        (["risk", "--out"], "l’option --out attend une valeur"),
        (["build", "--force=oui"], "l’option --force n’attend pas de valeur"),
    ],
)
def test_a_command_that_was_not_understood_is_told_in_french(capsys, words, expected):
    with pytest.raises(SystemExit) as caught:
        command_line.main(words)
    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == expected


def test_an_error_is_one_sentence_and_exit_code_1(monkeypatch, capsys, settings):
    stand_in(monkeypatch, DataFileError("file_missing", path="context.csv"))
    assert command_line.main(["build"], settings) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Le fichier «{NNBSP}context.csv{NNBSP}» manque{NNBSP};")
    assert err.count("\n") == 1


def test_every_problem_of_the_files_has_its_own_line(monkeypatch, capsys, settings):
    problems = [
        FileProblem(
            "effectifs.csv", 14, "code_commune", "4001", "insee_leading_zero", {"suggestion": "04001"}
        ),
        FileProblem("effectifs.csv", None, "effectif", None, "column_missing"),
    ]
    stand_in(monkeypatch, FileContractError(problems))
    assert command_line.main(["build"], settings) == 1
    lines = capsys.readouterr().err.replace(NNBSP, " ").splitlines()
    assert lines[0] == "2 problèmes dans les fichiers ; rien n’a été changé."
    assert lines[1].startswith(
        "« effectifs.csv », ligne 14, colonne code_commune : "
        "« 4001 » n’est pas un code INSEE (5 caractères) ; vouliez-vous « 04001 » ?"
    )
    assert lines[2] == (
        "« effectifs.csv », colonne effectif : cette colonne manque ; remettez-la avec ce titre exact."
    )
    assert len(lines) == 3


def test_an_interruption_from_the_keyboard_is_no_trace(monkeypatch, capsys, settings):
    stand_in(monkeypatch, KeyboardInterrupt())
    assert command_line.main(["build"], settings) == 130
    assert "rien n’a été changé" in capsys.readouterr().err


def test_a_fault_of_the_program_keeps_its_trace(monkeypatch, settings):
    stand_in(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        command_line.main(["build"], settings)


def test_what_was_repaired_is_told_when_the_step_is_done(monkeypatch, capsys, settings):
    stand_in(monkeypatch, notes=(StepNote("repaired_totals_row", {"file": "lycees.csv", "count": "2"}),))
    assert command_line.main(["build"], settings) == 0
    told, done = capsys.readouterr().out.splitlines()
    assert told == "lycees.csv : lignes de total laissées de côté (2)."
    assert "terminée" in done


def test_every_repair_that_can_be_accepted_has_its_sentence():
    assert {f"repaired_{code}" for code in ACCEPTABLE} <= set(commands.NOTES)


def test_the_risk_is_written_twice_with_the_same_bytes(settings, tmp_path, capsys):
    for name in ("one", "two"):
        assert command_line.main(["risk", "--out", str(tmp_path / name)], settings) == 0
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert len(one) > 7


def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path, capsys):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert command_line.main(["risk", "--out", str(tmp_path / "taken")], settings) == 1
    assert "ne peut pas être écrit" in capsys.readouterr().err


def test_a_whole_build_in_its_own_process(settings):
    environ = {
        "OBSERVATOIRE_DATA_DIR": str(settings.data_dir),
        "OBSERVATOIRE_VAR_DIR": str(settings.var_dir),
    }
    done = run("build", **environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Étape « build » terminée.\n"

    context = settings.data_dir / "context.csv"
    context.write_text(
        context.read_text(encoding="utf-8").replace("0.9", "0,9", 1).replace("AM02", "AM99", 1),
        encoding="utf-8",
    )
    refused = run("build", **environ)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "« AM99 » n’est pas le code d’un bassin" in refused.stderr.replace(NNBSP, " ")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"OBSERVATOIRE_DEMO": "peut-être"}, "OBSERVATOIRE_DEMO vaut « peut-être »"),
        ({"OBSERVATOIRE_DATABASE_URL": "mysql://x"}, "OBSERVATOIRE_DATABASE_URL n’est pas une adresse"),
        ({"OBSERVATOIRE_VAR_DIR": "/nowhere/at/all"}, "Le dossier « /nowhere/at/all » n’existe pas"),
        (
            {"OBSERVATOIRE_DATABASE_URL": "postgresql+psycopg://u:secret@127.0.0.1:1/x"},
            "« postgresql+psycopg://u:***@127.0.0.1:1/x » ne répond pas",
        ),
    ],
    ids=["flag", "address", "folder", "server"],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path, environ, expected):
    done = run("build", **{"OBSERVATOIRE_VAR_DIR": str(tmp_path), **environ})
    assert done.returncode == 1
    assert expected in done.stderr.replace(NNBSP, " ")
    assert done.stderr.count("\n") == 1


def test_a_terminal_without_our_characters_shows_others_rather_than_a_trace(tmp_path):
    done = run("rien", PYTHONIOENCODING="ascii", OBSERVATOIRE_VAR_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "rien" in done.stderr
    assert "Traceback" not in done.stderr
