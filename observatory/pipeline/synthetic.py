"""Step ``synthetic``: five invented extracts with their ground truth, to try the cross-matching on.

Nobody in them exists. The same seed, scale, noise and layout give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from observatory.config import Settings
from observatory.errors import UserFacingError
from observatory.pipeline.findings import StepNote

LARGEST_SCALE = 8
LARGEST_NOISE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, how much, and how badly written."""
    parser.add_argument("--to", dest="to_dir", type=Path, required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--layout", choices=("a", "b"), default="a")


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Write the five files and ``truth.parquet``; tells the rows of each."""
    if not 0.0005 <= options.scale <= LARGEST_SCALE:
        raise UserFacingError("synthetic_scale", value=format(options.scale, "g"), largest=LARGEST_SCALE)
    if not 0 <= options.noise <= LARGEST_NOISE:
        raise UserFacingError("synthetic_noise", value=format(options.noise, "g"), largest=LARGEST_NOISE)
    if options.seed < 0:
        raise UserFacingError("synthetic_seed", value=options.seed)

    from observatory.linkage.generator import generate_population
    from observatory.linkage.generator_files import write_extracts

    extracts = generate_population(options.seed, options.scale, options.noise, data_dir=settings.data_dir)
    try:
        written = write_extracts(extracts, options.to_dir, options.layout, seed=options.seed)
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(options.to_dir)) from error
    return tuple(
        StepNote("synthetic_written", {"file": name, "count": str(count)}) for name, count in written.items()
    )
