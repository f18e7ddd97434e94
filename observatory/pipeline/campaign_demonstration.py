"""Step ``campaign-demonstration``: two invented campaigns, made by the pipeline from generated extracts.

Files, contract, links, counts and disclosure control are the real ones, on persons who do not exist. What
comes out is committed in ``data/demonstration/``; the same code gives the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.config import Settings
from observatory.domain.campaign import Edition
from observatory.errors import UserFacingError
from observatory.pipeline.build_inputs import (
    CAMPAIGN_COLUMNS,
    CAMPAIGN_FIGURE_COLUMNS,
    CAMPAIGN_FIGURES_FILE,
    CAMPAIGN_QUALITY_COLUMNS,
    CAMPAIGN_QUALITY_FILE,
    CAMPAIGNS_FILE,
)
from observatory.pipeline.consolidate import first_day, read_hierarchy
from observatory.pipeline.findings import StepNote
from observatory.pipeline.progress import stages

if TYPE_CHECKING:
    import pandas as pd

    from observatory.linkage.generator import GeneratedExtracts

SCALE = 0.5
"""Of the region: large enough for most figures of a basin, small enough for some to be hidden."""
GENERATED_YEAR = 2026
"""The year of the campaign that the generator describes."""
STAGES = 6
"""Of the progress bar: files, contract, links, quality, protection, attack."""


@dataclass(frozen=True)
class Invented:
    """One edition of an invented campaign. ``published_at``: ISO instant with its zone."""

    campaign_code: str
    edition: Edition
    seed: int
    layout: str
    published_at: str

    @property
    def years_before(self) -> int:
        return GENERATED_YEAR - int(self.campaign_code[:4])


CAMPAIGNS = (
    Invented("2025-11", Edition.DEFINITIVE, 2025, "a", "2026-03-16T09:00:00+01:00"),
    Invented("2026-11", Edition.PROVISIONAL, 2026, "b", "2026-11-20T09:30:00+01:00"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, and how much: what is committed is made with the defaults."""
    parser.add_argument("--out", type=Path)
    parser.add_argument("--scale", type=float, default=SCALE)


def run_step(options: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Make the campaigns one after the other, then write the three files."""
    if not 0.002 <= options.scale <= 1:
        raise UserFacingError("synthetic_scale", value=format(options.scale, "g"), largest=1)
    folder = options.out or settings.data_dir / "demonstration"
    made: dict[str, list[pd.DataFrame]] = {
        name: [] for name in (CAMPAIGNS_FILE, CAMPAIGN_FIGURES_FILE, CAMPAIGN_QUALITY_FILE)
    }
    notes = []
    for invented in CAMPAIGNS:
        with _working_dir() as working_dir, stages(invented.campaign_code, STAGES) as advance:
            head, figures, quality = make_campaign(invented, options.scale, settings, working_dir, advance)
        named = {"campaign_code": invented.campaign_code, "edition": invented.edition.value}
        made[CAMPAIGNS_FILE].append(head.assign(published_at=invented.published_at))
        made[CAMPAIGN_FIGURES_FILE].append(figures.assign(**named, is_small=figures["is_small"].astype(int)))
        made[CAMPAIGN_QUALITY_FILE].append(quality.assign(**named))
        states = figures["status"].value_counts()
        params = {
            "campaign": invented.campaign_code,
            "shown": str(states.get("value", 0)),
            "hidden": str(states.get("suppressed", 0)),
        }
        notes.append(StepNote("campaign_demonstration", params))
    _write(folder, made)
    return tuple(notes)


def make_campaign(
    invented: Invented,
    scale: float,
    settings: Settings,
    working_dir: Path,
    advance: Callable[[], object] = lambda: None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Header, figures and quality of one edition, from generated files to what withstood the attack."""
    from observatory.linkage.consolidated import as_consolidated
    from observatory.linkage.consolidation import count_persons
    from observatory.linkage.extracts import load_extracts, raise_problems, read_known_places
    from observatory.linkage.generator import generate_population
    from observatory.linkage.generator_files import write_extracts
    from observatory.linkage.linking import link_records
    from observatory.linkage.mappings import load_mappings
    from observatory.linkage.quality import measure_quality, write_quality
    from observatory.pipeline.campaign_tables import audit, publishable
    from observatory.pipeline.publish import header, read_quality, refuse_exposed

    files = working_dir / "extraits"
    extracts = generate_population(invented.seed, scale, data_dir=settings.data_dir)
    write_extracts(_earlier(extracts, invented.years_before), files, invented.layout, seed=invented.seed)
    truth = extracts.truth
    del extracts
    advance()
    known, mappings = read_known_places(settings.data_dir), load_mappings(settings.data_dir / "mappings")
    raise_problems(load_extracts(files, mappings, known, working_dir))
    advance()
    link_records(working_dir, seed=invented.seed, threads=1)
    advance()
    write_quality(working_dir, measure_quality(working_dir, seed=invented.seed, truth=truth))
    advance()
    hierarchy = read_hierarchy(settings.data_dir)
    reference_on = first_day(invented.campaign_code)
    counted = as_consolidated(count_persons(working_dir, reference_on, *hierarchy), reference_on)
    tables = publishable(counted.figures, read_quality(working_dir, counted), hierarchy[1])
    advance()
    exposed = audit(tables.figures, tables.quality, hierarchy[1])
    refuse_exposed(exposed, invented.campaign_code, invented.edition)
    advance()
    instant = datetime.fromisoformat(invented.published_at)
    head = header(invented.campaign_code, invented.edition, counted, tables, instant, is_demonstration=True)
    return head, tables.figures, tables.quality


def _earlier(extracts: GeneratedExtracts, years: int) -> GeneratedExtracts:
    """The same young people, all of whose dates are so many years before."""
    import pandas as pd

    if not years:
        return extracts
    frames = {}
    for source, frame in extracts.frames.items():
        days = [name for name in frame.columns if frame[name].dtype.kind == "M"]
        moved = {name: frame[name] - pd.DateOffset(years=years) for name in days}
        frames[source] = frame.assign(**moved)
    return replace(extracts, frames=frames)


@contextmanager
def _working_dir() -> Iterator[Path]:
    """A private directory that is gone at the end: even invented names are not left behind."""
    with tempfile.TemporaryDirectory(prefix="croisement-") as folder:
        yield Path(folder) / "croisement"


def _write(folder: Path, made: dict[str, list[pd.DataFrame]]) -> None:
    import pandas as pd

    columns = {
        CAMPAIGNS_FILE: CAMPAIGN_COLUMNS,
        CAMPAIGN_FIGURES_FILE: CAMPAIGN_FIGURE_COLUMNS,
        CAMPAIGN_QUALITY_FILE: CAMPAIGN_QUALITY_COLUMNS,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frames in made.items():
            table = pd.concat(frames, ignore_index=True)[list(columns[name])]
            key = [column for column in columns[name] if not column.startswith(("value", "status", "is_"))]
            table = table.sort_values(key, ignore_index=True)
            text = table.to_csv(index=False, lineterminator="\n", float_format="%.10g")
            part = folder / f".{name}.part"
            part.write_text(text, encoding="utf-8", newline="")
            part.replace(folder / name)
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(folder)) from error
