"""Working files made for a test: generated extracts without the detour by files, and hand-written records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from observatory.domain.campaign import Source
from observatory.linkage.decisions import Decision, Pair, Verdict, add_decisions, fingerprints
from observatory.linkage.generator import GeneratedExtracts, generate_population
from observatory.linkage.schema import column_names
from observatory.linkage.working_file import LINKS_FILE, new_working_file, open_beside_working_file

SOME_INE = "0123456789"


def record(source: Source, record_id: str, **cells: object) -> tuple[Source, dict[str, object]]:
    """A canonical record: an ordinary identity, changed by ``cells``."""
    identity: dict[str, object] = {
        "record_id": record_id,
        "nom": "Vallombreux",
        "prenom": "Anaëlle",
        "sexe": "F",
        "date_naissance": date(2008, 5, 17),
        "commune_naissance": "13055",
        "commune_residence": "13001",
    }
    needed = {Source.PUPILS: {"level": "lp"}, Source.APPRENTICESHIP: {"started_on": date(2025, 9, 1)}}
    return source, {**identity, **needed.get(source, {}), **cells}


def write_working_file(
    working_dir: Path,
    extracts: GeneratedExtracts,
    records: list[tuple[Source, dict[str, object]]] | None = None,
    *,
    shuffle_seed: int | None = None,
) -> None:
    """``travail.duckdb`` as ``extracts`` would leave it, with ``records`` added.

    With ``shuffle_seed`` the rows are in no order.
    """
    with new_working_file(working_dir) as connection:
        for source, frame in extracts.frames.items():
            order = "ORDER BY record_id"
            if shuffle_seed is not None:
                frame = frame.sample(frac=1, random_state=np.random.default_rng(shuffle_seed))
                order = ""
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {source.value} AS SELECT * FROM frame {order}")
            connection.unregister("frame")
        for source, cells in records or []:
            names = [name for name in column_names(source) if name in cells]
            assert set(names) == set(cells), "a column that the source does not have"
            marks = ", ".join("?" * len(names))
            connection.execute(
                f"INSERT INTO {source.value} ({', '.join(names)}) VALUES ({marks})",
                [cells[name] for name in names],
            )


def write_decision(working_dir: Path, rid: str, pupil: str, verdict: str) -> None:
    """A decision on ``source:record_id`` and a pupil's ``record_id``, as the review leaves it."""
    pair = Pair(*rid.split(":"), pupil)
    with open_beside_working_file(working_dir) as connection:
        fingerprint = fingerprints(connection, "travail", [pair])[pair]
    decision = Decision(pair, Verdict(verdict), None, "doubtful", fingerprint)
    add_decisions(working_dir, [decision], "revue", {})


def generated(scale: float, seed: int = 1, noise: float = 1.0) -> GeneratedExtracts:
    """The invented extracts, without the files."""
    return generate_population(seed, scale, noise)


def read_links(working_dir: Path) -> pd.DataFrame:
    """``links.parquet``, by ``source:record_id``."""
    frame = pd.read_parquet(working_dir / LINKS_FILE)
    return frame.set_index(frame["source"] + ":" + frame["record_id"])


def score(links: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Links to the pupil base against the truth, by source and in all.

    Columns ``true`` (records that have a pupil), ``found``, ``right``, ``precision``, ``recall``, ``errors``
    (missed or wrong).
    """
    with duckdb.connect() as connection:
        connection.register("link", links.reset_index(drop=True))
        connection.register("truth", truth)
        made = connection.execute(
            """
            WITH judged AS (
                SELECT l.source,
                    t.person_key IN (SELECT person_key FROM truth WHERE source = 'pupils') AS is_true,
                    l.status = 'linked' AND l.linked_source = 'pupils' AS is_found,
                    is_found AND t.person_key = p.person_key AS is_right
                FROM link l JOIN truth t USING (source, record_id)
                LEFT JOIN truth p ON p.source = l.linked_source AND p.record_id = l.linked_record_id
                WHERE l.source <> 'pupils'
            )
            SELECT coalesce(source, 'all') AS source, sum(is_true::INT) AS true, sum(is_found::INT) AS found,
                sum(is_right::INT) AS right, sum(is_right::INT) / sum(is_found::INT) AS precision,
                sum(is_right::INT) / sum(is_true::INT) AS recall,
                sum(is_true::INT) + sum(is_found::INT) - 2 * sum(is_right::INT) AS errors
            FROM judged GROUP BY ROLLUP (source)
            """
        ).fetch_df()
    return made.set_index("source")
