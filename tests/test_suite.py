"""The command that runs both halves of the tests: it fails when either of them does, and says which."""

from __future__ import annotations

import pytest

from tests.suite import run


@pytest.mark.parametrize(
    ("bodies", "code", "said"),
    [
        (("assert True", "assert True"), 0, ["first: 1 tests, 0 failed", "second: 1 tests, 0 failed"]),
        (
            ("assert False", "assert True"),
            1,
            ["first: 1 tests, 1 failed", "FAILED ", "second: 1 tests, 0"],
        ),
        (("assert True", "assert False"), 1, ["first: 1 tests, 0 failed", "second: 1 tests, 1 failed"]),
        (("import os; os.abort()", "assert True"), 6, ["first: no report (exit code -6)", "second: 1 tests"]),
    ],
    ids=["both green", "first red", "second red", "first killed"],
)
def test_the_suite_is_green_only_when_both_halves_are(tmp_path, capsys, bodies, code, said):
    halves = {}
    for name, body in zip(("first", "second"), bodies, strict=True):
        (tmp_path / name).mkdir()
        path = tmp_path / name / "test_inner.py"
        path.write_text(f"def test_it():\n    {body}\n", encoding="utf-8")
        halves[name] = (str(path), "-q", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={tmp_path}")
    assert run(halves) == code
    shown = capsys.readouterr().out
    assert [words for words in said if words not in shown] == []
    assert "Slowest tests:" in shown
