"""Typst, used as a library: fonts of the project only, one file out. Loaded when a file is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import typst


def typeset(
    template: Path,
    inputs: Mapping[str, str],
    fonts_dir: Path,
    output: Literal["pdf", "png"],
    *,
    pixels_per_inch: float | None = None,
    timestamp: int | None = None,
) -> bytes:
    """The only page of the file ``template``, which reads ``inputs`` from ``sys.inputs``.

    The same arguments give the same bytes when ``timestamp`` (seconds since 1970) is given.
    """
    done = _compiler(template, fonts_dir).compile(
        format=output, ppi=pixels_per_inch, sys_inputs=dict(inputs), timestamp=timestamp
    )
    if not isinstance(done, bytes):
        raise ValueError("the template gives more than one page")
    return done


@lru_cache(maxsize=2)
def _compiler(template: Path, fonts_dir: Path) -> typst.Compiler:
    # Typst takes memory and half a second to load: only when a file is asked for, then kept.
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(fonts_dir)])
    return typst.Compiler(str(template), font_paths=fonts)
