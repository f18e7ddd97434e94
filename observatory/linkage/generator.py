"""Five invented extracts with their ground truth: the only nominative data that this project ships a way to.

:func:`generate_population` draws the persons (``generator_people``), what they did (``generator_paths``), and
what each base wrote down (``generator_noise``). Everything follows the seed; at noise 0 the five bases write
the same person identically. Nobody described here exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from observatory.config import PROJECT_ROOT
from observatory.domain.campaign import Source
from observatory.linkage.generator_noise import double_count, observe
from observatory.linkage.generator_paths import (
    BLANK,
    Trajectory,
    affectation_records,
    agricultural_records,
    apprenticeship_records,
    draw_paths,
    mission_locale_records,
    pupil_records,
    read_propensities,
)
from observatory.linkage.generator_people import generate_people, true_identities
from observatory.linkage.generator_places import Places, read_places
from observatory.linkage.schema import column_names

COUNTS: dict[Source, int] = {
    Source.PUPILS: 450_000,
    Source.AFFECTATION: 90_000,
    Source.APPRENTICESHIP: 60_000,
    Source.AGRICULTURAL: 12_000,
    Source.MISSION_LOCALE: 104_000,
}
"""Records of each source at scale 1: the size of the region."""
OUTSIDERS = 45_000
"""Persons who are in no pupil base, among whom the four other sources find theirs."""
PREFIXES = {
    Source.PUPILS: "E",
    Source.AFFECTATION: "V",
    Source.APPRENTICESHIP: "C",
    Source.AGRICULTURAL: "A",
    Source.MISSION_LOCALE: "D",
}


@dataclass(frozen=True)
class GeneratedExtracts:
    """``frames``: the canonical records of each source, sorted by ``record_id``.

    ``truth``: ``source, record_id, person_key`` of every record. ``people``: the true identity of each person
    (index ``person_key``), with ``basin_code`` and ``path`` (a name of ``Trajectory``, in lower case, blank
    out of the pupil base), for tests and for what the campaign's figures should be.
    """

    frames: dict[Source, pd.DataFrame]
    truth: pd.DataFrame
    people: pd.DataFrame


def record_count(source: Source, scale: float) -> int:
    """How many records a source has at this scale.

    >>> record_count(Source.PUPILS, 0.01)
    4500
    """
    return max(1, round(COUNTS[source] * scale))


def generate_population(
    seed: int = 1, scale: float = 1.0, noise: float = 1.0, *, data_dir: Path = PROJECT_ROOT / "data"
) -> GeneratedExtracts:
    """The five extracts of an invented region of ``scale`` times the size of the real one."""
    places = read_places(data_dir)
    propensities = read_propensities(data_dir, places.basins)
    pupils = record_count(Source.PUPILS, scale)
    pupils -= double_count(Source.PUPILS, pupils, noise)
    people = generate_people(_stream(seed, 0), places, pupils, max(20, round(OUTSIDERS * scale)), noise)
    paths = draw_paths(_stream(seed, 1), people, places, propensities)

    own = {}
    for source in Source:
        count = record_count(source, scale)
        own[source] = count - double_count(source, count, noise)
    rng = _stream(seed, 2)
    records = {Source.PUPILS: pupil_records(people, paths)}
    records[Source.AFFECTATION] = affectation_records(
        rng, people, paths, places, propensities, own[Source.AFFECTATION]
    )
    records[Source.APPRENTICESHIP] = apprenticeship_records(
        rng, people, paths, places, propensities, own[Source.APPRENTICESHIP]
    )
    records[Source.AGRICULTURAL] = agricultural_records(rng, people, paths, places, own[Source.AGRICULTURAL])
    records[Source.MISSION_LOCALE] = mission_locale_records(
        rng, people, paths, places, propensities, own[Source.MISSION_LOCALE],
        records[Source.APPRENTICESHIP][0],
    )  # fmt: skip

    identities = true_identities(people, places)
    keys = _person_keys(_stream(seed, 3), len(people))
    frames, truths = {}, []
    for number, source in enumerate(Source):
        rng = _stream(seed, 10 + number)
        persons, known = records.pop(source)
        frames[source], who = _write_down(
            rng, source, identities, persons, known, record_count(source, scale), noise, places
        )
        truths.append(
            pd.DataFrame(
                {"source": source.value, "record_id": frames[source]["record_id"], "person_key": keys[who]}
            )
        )
    truth = pd.concat(truths, ignore_index=True).astype("str")
    identities["basin_code"] = places.basins[paths.basin]
    names = np.array([path.name.lower() for path in Trajectory], dtype=object)
    identities["path"] = np.where(people.is_pupil, names[paths.path], BLANK)
    identities.index = pd.Index(keys, name="person_key")
    return GeneratedExtracts(frames, truth, _typed(identities))


def _write_down(
    rng: np.random.Generator,
    source: Source,
    identities: pd.DataFrame,
    persons: np.ndarray,
    known: pd.DataFrame,
    count: int,
    noise: float,
    places: Places,
) -> tuple[pd.DataFrame, np.ndarray]:
    """The canonical frame of a source and the person of each row; some records are written twice."""
    missing = min(double_count(source, count, noise), count - 1)
    again = rng.integers(0, len(persons), missing)
    order = np.concatenate([np.arange(len(persons)), again])
    order = order[rng.permutation(len(order))]
    who = persons[order]
    seen = observe(rng, identities.iloc[who].reset_index(drop=True), source, noise, places)
    frame = pd.concat([seen, known.iloc[order].reset_index(drop=True)], axis=1)
    numbers = np.sort(rng.choice(900_000_000, len(order), replace=False)) + 100_000_000
    frame["record_id"] = [f"{PREFIXES[source]}{number}" for number in numbers]
    columns = list(column_names(source))
    return _typed(frame[columns]), who


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts as texts with nulls, dates as days."""
    frame = frame.copy()
    for column in frame.columns:
        if frame[column].dtype.kind == "M":
            frame[column] = frame[column].astype("datetime64[s]")
        else:
            frame[column] = frame[column].astype("str")
    return frame


def _person_keys(rng: np.random.Generator, size: int) -> np.ndarray:
    """A key a person that says nothing of them."""
    numbers = rng.choice(900_000_000, size, replace=False) + 100_000_000
    return np.array([f"K{number}" for number in numbers], dtype=object)


def _stream(seed: int, purpose: int) -> np.random.Generator:
    """One source of chance a purpose, so that changing one part moves no other."""
    return np.random.default_rng([seed, purpose])
