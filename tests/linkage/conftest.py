"""One whole run of the croisement on a small region, shared by the tests of what comes out of it."""

from __future__ import annotations

import contextlib
import io
import logging
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from observatory.config import Settings
from observatory.domain.campaign import Source
from observatory.linkage.generator import GeneratedExtracts, generate_population
from observatory.linkage.generator_files import write_extracts
from tests.linkage.small_region import run, small_settings, working_in

MARKED = "QUEZALTROVIX"
"""A name that nothing else can hold; the first names of the marked are made of it too."""
CAMPAIGN = ("--campaign", "2026-11")
STEPS: tuple[tuple[str, ...], ...] = (
    ("link",),
    ("consolidate", *CAMPAIGN),
    ("publish", *CAMPAIGN),
    ("attack", *CAMPAIGN),
)


@dataclass(frozen=True)
class FinishedRun:
    """``said``: what the steps printed and logged; ``outcomes``: exit code of each step."""

    settings: Settings
    working_dir: Path
    extracts: GeneratedExtracts
    outcomes: dict[str, int]
    said: str


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """Files, extracts, links, counts, publication and attack of an invented region of four basins."""
    folder = tmp_path_factory.mktemp("campagne")
    settings, working_dir = small_settings(folder), folder / "croisement"
    extracts = mark(generate_population(7, 0.02, data_dir=settings.data_dir))
    write_extracts(extracts, folder / "extraits", "a", seed=7)
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    outcomes = {}
    try:
        with working_in(working_dir), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            for step in (("extracts", "--from", str(folder / "extraits"), "--report"), *STEPS):
                outcomes[step[0]] = run(settings, *step)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return FinishedRun(settings, working_dir, extracts, outcomes, said.getvalue())


def mark(extracts: GeneratedExtracts) -> GeneratedExtracts:
    """Fifty persons whom two bases know take names that can be searched for."""
    twice = extracts.truth.groupby("person_key")["source"].nunique()
    marked = set(sorted(twice.index[twice >= 2])[:50])
    frames = {}
    for source in Source:
        truth = extracts.truth[extracts.truth["source"] == source.value].set_index("record_id")["person_key"]
        frame = extracts.frames[source].copy()
        chosen = frame["record_id"].map(truth).isin(marked)
        frame["nom"] = frame["nom"].where(~chosen, MARKED)
        frame["prenom"] = frame["prenom"].where(~chosen, "Zy" + MARKED.lower())
        frames[source] = frame
    return replace(extracts, frames=frames)


def identities(extracts: GeneratedExtracts) -> pd.DataFrame:
    """``record_id, ine, nom, prenom, date_naissance`` of every record."""
    columns = ["record_id", "ine", "nom", "prenom", "date_naissance"]
    return pd.concat(
        [frame.reindex(columns=columns) for frame in extracts.frames.values()], ignore_index=True
    )
