"""Runs take turns: in the order in which they asked, whatever happens in one of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from observatory.ui.turns import in_turn


def test_two_runs_never_overlap():
    inside, most = 0, 0
    gate = threading.Barrier(8)

    @in_turn
    def run() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        threading.Event().wait(0.01)  # lets the others in, if they can
        inside -= 1

    def visit() -> None:
        gate.wait()
        run()

    with ThreadPoolExecutor(8) as people:
        for visitor in [people.submit(visit) for _ in range(8)]:
            visitor.result()
    assert most == 1


def test_a_run_inside_a_run_keeps_its_turn():
    assert in_turn(lambda: in_turn(lambda: "drawn")())() == "drawn"


def test_a_run_that_fails_gives_its_turn_back():
    with pytest.raises(ZeroDivisionError):
        in_turn(lambda: 1 / 0)()
    with ThreadPoolExecutor(1) as other:
        assert other.submit(in_turn(lambda: "drawn")).result(timeout=5) == "drawn"
