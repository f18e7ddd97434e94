"""Every code that the project can raise has a French sentence, and sentences survive any input."""

from __future__ import annotations

import ast
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory import errors
from observatory.config import PROJECT_ROOT
from observatory.errors import FileContractError, FileProblem, StoreError, UserFacingError
from observatory.french.errors import (
    ERROR_SENTENCES,
    LONGEST_VALUE,
    PROBLEM_SENTENCES,
    describe_error,
    describe_problem,
    describe_problems,
    describe_to_visitor,
)
from observatory.pipeline.findings import ACCEPTABLE
from observatory.store.engine import STORE_ERROR_CODES

NNBSP = "\u202f"
ERROR_NAMES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, UserFacingError)
}
CODE_POSITION = {"FileProblem": 4} | dict.fromkeys(ERROR_NAMES, 0)


# --- every code has its sentence --------------------------------------------------------------------------


def _name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _texts(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _codes(expression: ast.expr, function: ast.FunctionDef | None, module: ast.Module) -> set[str]:
    """Constants an expression stands for: written there, assigned in its function, or given by callers."""
    found = _texts(expression)
    names = {n.id for n in ast.walk(expression) if isinstance(n, ast.Name)}
    if function is None:
        return found
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id in names for target in targets):
            found |= _texts(node.value)
    parameters = [argument.arg for argument in function.args.args if argument.arg != "self"]
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _name_of(node) == function.name:
            given = [*zip(parameters, node.args, strict=False), *((k.arg, k.value) for k in node.keywords)]
            for name, argument in given:
                if name in names and isinstance(argument, ast.Constant):
                    found |= _texts(argument)
    return found


def _calls(node: ast.AST, function: ast.FunctionDef | None = None):
    """Calls under a node, each with the function it is in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        yield from _calls(child, child if isinstance(child, ast.FunctionDef) else function)


def _raised(path: Path) -> Iterator[tuple[str, str]]:
    """(name of the error or ``FileProblem``, code) of every one that a source file makes."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for call, function in _calls(module):
        name = _name_of(call)
        if name not in CODE_POSITION or name == "FileContractError":
            continue
        written = {keyword.arg: keyword.value for keyword in call.keywords}
        position = CODE_POSITION[name]
        expression = written.get("code", call.args[position] if len(call.args) > position else None)
        if expression is not None:
            yield from ((name, code) for code in _codes(expression, function, module))
    for node in ast.walk(module):
        # Closed lists of problems: `class ProblemCode(StrEnum)`.
        if isinstance(node, ast.ClassDef) and node.name.endswith("ProblemCode"):
            for statement in node.body:
                if isinstance(statement, ast.Assign):
                    yield from (("FileProblem", code) for code in _texts(statement.value))


def _sources() -> list[Path]:
    pages = [PROJECT_ROOT / "app.py", *sorted((PROJECT_ROOT / "pages").glob("*.py"))]
    return [*sorted((PROJECT_ROOT / "observatory").rglob("*.py")), *(p for p in pages if p.exists())]


def test_every_code_raised_in_the_project_has_a_french_sentence():
    missing = {
        (path.relative_to(PROJECT_ROOT).as_posix(), name, code)
        for path in _sources()
        for name, code in _raised(path)
        if path.name != "errors.py"
        and code not in (PROBLEM_SENTENCES if name == "FileProblem" else ERROR_SENTENCES)
    }
    assert missing == set()


def test_the_search_finds_codes_written_assigned_or_given_by_a_caller(tmp_path):
    path = tmp_path / "source.py"
    path.write_text(
        "class AnyProblemCode(StrEnum):\n    A = 'listed'\n"
        "def direct():\n    raise DataFileError('written', path='x')\n"
        "def chosen(x):\n    code = 'one' if x else 'two'\n    raise errors.StoreError(code)\n"
        "def note(row, code):\n    return FileProblem('f', row, None, None, code)\n"
        "note(1, 'given')\n"
        "FileProblem(file='f', row=1, column=None, value=None, code='named')\n"
        "raise ValueError('not ours')\n",
        encoding="utf-8",
    )
    assert set(_raised(path)) == {
        ("FileProblem", "listed"),
        ("DataFileError", "written"),
        ("StoreError", "one"),
        ("StoreError", "two"),
        ("FileProblem", "given"),
        ("FileProblem", "named"),
    }


def test_the_codes_of_the_store_have_their_sentences():
    assert set(ERROR_SENTENCES) >= STORE_ERROR_CODES


def test_a_warning_that_can_be_accepted_says_how():
    for code in ACCEPTABLE:
        assert f"--accept {code.value}" in PROBLEM_SENTENCES[code.value]
    for code, sentence in PROBLEM_SENTENCES.items():
        assert ("--accept" in sentence) == (code in {c.value for c in ACCEPTABLE}), code


# --- what sentences look like -----------------------------------------------------------------------------

ALL_SENTENCES = [*ERROR_SENTENCES.items(), *PROBLEM_SENTENCES.items()]


@pytest.mark.parametrize(("code", "sentence"), ALL_SENTENCES)
def test_a_sentence_ends_and_keeps_to_french_typography(code, sentence):
    assert sentence.endswith((".", " ?"))
    assert "'" not in sentence
    assert '"' not in sentence
    assert "  " not in sentence
    assert sentence.count("«") == sentence.count("»")
    fields = {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}
    assert all(field.isidentifier() for field in fields)


@pytest.mark.parametrize("code", sorted(ERROR_SENTENCES))
def test_a_sentence_is_said_even_when_what_it_names_was_not_given(code):
    shown = describe_error(UserFacingError(code))
    assert "{" not in shown
    for mark in ";:?!»":
        assert f" {mark}" not in shown
    assert "« " not in shown


def test_a_sentence_of_the_store_names_the_place():
    assert describe_error(StoreError("locked", location="/srv/observatoire.sqlite")) == (
        f"La base de données «{NNBSP}/srv/observatoire.sqlite{NNBSP}» "
        f"est occupée par un autre programme{NNBSP}; "
        "attendez qu’il ait fini ou fermez-le, puis recommencez."
    )


def test_a_long_path_is_shown_whole_and_a_long_value_is_not():
    path = "/" + "dossier/" * 20 + "observatoire.sqlite"
    assert path in describe_error(StoreError("locked", location=path))
    shown = describe_problem(FileProblem("a.csv", 2, "x", "9" * 500, "not_a_number"))
    assert "9" * (LONGEST_VALUE - 1) + "…" in shown
    assert "9" * LONGEST_VALUE not in shown


@pytest.mark.parametrize(
    "code", sorted(code for code, text in ERROR_SENTENCES.items() if "{location}" in text)
)
def test_a_visitor_is_told_what_is_wrong_with_the_database_but_not_where_it_is(code):
    shown = describe_to_visitor(StoreError(code, location="/srv/observatoire.sqlite"))
    assert "/srv" not in shown
    assert "…" not in shown
    assert shown.startswith(("La base ", "Le dossier ", "L’emplacement de la base ", "Le disque de la base "))


def test_problems_are_counted_with_their_plural():
    one = FileProblem("a.csv", 2, "x", "y", "not_a_number")
    assert describe_error(FileContractError([one])).startswith("1 problème dans")
    assert describe_error(FileContractError([one, one])).startswith("2 problèmes dans")


def test_an_unknown_code_is_named():
    assert "mystery" in describe_error(UserFacingError("mystery", path="x.csv"))
    assert "x.csv" in describe_error(UserFacingError("mystery", path="x.csv"))
    assert "mystery" in describe_problem(FileProblem("a.csv", 3, "x", "y", "mystery"))


def test_the_place_of_a_problem_is_told_as_far_as_it_is_known():
    def place(row, column):
        return describe_problem(FileProblem("a.csv", row, column, None, "cell_blank")).split(NNBSP + ":")[0]

    quoted = f"«{NNBSP}a.csv{NNBSP}»"
    assert place(3, "x") == f"{quoted}, ligne 3, colonne x"
    assert place(3, None) == f"{quoted}, ligne 3"
    assert place(None, "x") == f"{quoted}, colonne x"
    assert place(None, None) == quoted


def test_a_wrong_file_that_looks_like_nothing_known_does_not_end_in_the_air():
    def said(recognised):
        params = {"expected": "ips.csv", "recognised": recognised}
        return describe_problem(FileProblem("a.csv", None, None, None, "wrong_file", params))

    assert "ressemble" not in said("")
    assert said("ivac.csv").endswith("ivac.csv.")


def test_what_comes_from_a_file_cannot_act_on_the_terminal_nor_be_read_as_a_template():
    value = "\x1b[31m{value.__class__}\u202e\r\nLigne 2\x00"
    shown = describe_problem(FileProblem("a\n.csv", 2, "x\ty", value, "not_a_number", {"value": "no"}))
    assert "\n" not in shown
    assert all(unicodedata.category(c) not in {"Cc", "Cf"} for c in shown)
    assert "{value.__class__}" in shown


@given(st.text(), st.text(), st.text(), st.sampled_from(sorted(PROBLEM_SENTENCES)))
def test_any_text_makes_one_line_of_bounded_length(file, column, value, code):
    shown = describe_problem(FileProblem(file, 1, column, value, code))
    assert len(shown.splitlines()) == 1
    assert len(shown) < 600


@given(st.dictionaries(st.sampled_from(["path", "location", "key", "value", "detail", "count"]), st.text()))
def test_any_parameter_makes_a_sentence(params):
    for code in ERROR_SENTENCES:
        assert describe_error(UserFacingError(code, **params))


# --- many problems ----------------------------------------------------------------------------------------


def _lost_zero(row: int) -> FileProblem:
    return FileProblem("neet.csv", row, "codgeo", "4001", "insee_leading_zero", {"suggestion": "04001"})


def test_the_many_rows_of_one_case_are_told_by_the_first_and_a_count() -> None:
    other = FileProblem("neet.csv", 9, "an", "18", "bad_year")
    problems = [*(_lost_zero(row) for row in range(7, 12)), other, *map(_lost_zero, range(12, 1581))]
    lines = describe_problems(problems)
    assert lines[:5] == [describe_problem(_lost_zero(row)) for row in range(7, 12)]
    assert lines[5] == f"et 1{NNBSP}569 autres lignes du même cas (lignes 12 à 1{NNBSP}580)"
    assert lines[6:] == [describe_problem(other)]
    assert describe_error(FileContractError(problems)).startswith(f"1{NNBSP}575 problèmes dans les fichiers")


@pytest.mark.parametrize("count", [1, 5, 6])
def test_few_rows_of_one_case_are_all_told(count: int) -> None:
    problems = [_lost_zero(row) for row in range(count)]
    assert describe_problems(problems) == [describe_problem(problem) for problem in problems]


def test_problems_of_whole_files_are_never_counted_away() -> None:
    problems = [FileProblem("neet.csv", None, None, f"0{n}", "departement_missing") for n in range(9)]
    assert describe_problems(problems) == [describe_problem(problem) for problem in problems]
