"""Step ``empty-demonstration``: take every invented record out of the store, and nothing else.

What people entered stays, with its history, its conflicts and its frozen states; a real frozen state loses
the invented values that it held. Invented campaigns go, real ones stay.
It lasts: a mark in the working folder tells every later build to leave out what is invented, until the step
``demonstration`` asks for it again.
"""

from __future__ import annotations

import argparse

from observatory.config import Settings
from observatory.errors import DataFileError
from observatory.pipeline.findings import StepNote

_MARK = "demonstration.emptied"


def is_emptied(settings: Settings) -> bool:
    """Whether the invented records were taken away and not asked for since."""
    return (settings.var_dir / _MARK).is_file()


def ask_again(settings: Settings) -> bool:
    """Let the next build put the invented records in again; whether they had been taken away."""
    was_emptied = is_emptied(settings)
    _write_mark(settings, is_there=False)
    return was_emptied


def _write_mark(settings: Settings, *, is_there: bool) -> None:
    mark = settings.var_dir / _MARK
    try:
        if is_there:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
        else:
            mark.unlink(missing_ok=True)
    except OSError as error:
        raise DataFileError("file_not_writable", path=mark.name) from error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No argument: all that was invented goes."""


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:  # noqa: ARG001  (every step takes both)
    """Empty the demonstration for good; tells how many fields went, and how to have them again."""
    from observatory.store.campaigns import empty_demonstration_campaigns
    from observatory.store.engine import open_store
    from observatory.store.inventory_demonstration import empty_demonstration

    # First: cut short after it, the next build does what was left to do.
    _write_mark(settings, is_there=True)
    engine = open_store(settings)
    try:
        count = empty_demonstration(engine)
        empty_demonstration_campaigns(engine)
    finally:
        engine.dispose()
    notes = [StepNote("demonstration_emptied", {"count": str(count)})]
    if settings.demo:
        notes.append(StepNote("demonstration_stays_out", {}))
    return tuple(notes)
