"""Runs that take turns: the first to ask is the first to be answered.

Python runs one thread at a time. Left to themselves, the runs of twenty people share it in slices and all end
when the last one does; one after the other, each waits only for those that asked before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_TURN = threading.RLock()


def in_turn(run: Callable[P, R]) -> Callable[P, R]:
    """``run``, alone in this process among the functions decorated so."""

    @wraps(run)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _TURN:
            return run(*args, **kwargs)

    return alone
