"""Step ``empty-demonstration``: take every invented record out of the store, and nothing else.

What people entered stays, with its history, its conflicts and its frozen states; a real frozen state loses
the invented values that it held. Invented campaigns go, real ones stay.
"""

from __future__ import annotations

import argparse

from observatory.config import Settings
from observatory.pipeline.findings import StepNote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No argument: all that was invented goes."""


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:  # noqa: ARG001  (every step takes both)
    """Empty the demonstration; tells how many fields went, and that a build may bring them back.

    The next build that has something to do puts the invented records in again as long as the settings ask for
    them: the step does not change the settings, it names the one to change.
    """
    from observatory.store.campaigns import empty_demonstration_campaigns
    from observatory.store.engine import open_store
    from observatory.store.inventory_demonstration import empty_demonstration

    engine = open_store(settings)
    try:
        count = empty_demonstration(engine)
        empty_demonstration_campaigns(engine)
    finally:
        engine.dispose()
    notes = [StepNote("demonstration_emptied", {"count": str(count)})]
    if settings.demo:
        notes.append(StepNote("demonstration_comes_back", {}))
    return tuple(notes)
