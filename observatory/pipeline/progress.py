"""The progress bar of a step on a terminal; nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def stages(step: str, total: int) -> Iterator[Callable[[], object]]:
    """A bar of ``total`` stages on stderr; call what it gives after each of them."""
    from tqdm import tqdm

    with tqdm(desc=step, total=total, unit=" étape", disable=None) as bar:
        yield bar.update
