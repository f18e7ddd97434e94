"""A working directory written by hand: records as dictionaries, each with the person whom it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from observatory.domain.campaign import Source
from observatory.linkage.generator import GeneratedExtracts
from observatory.linkage.schema import SCHEMAS, FieldForm, column_names
from observatory.linkage.working_file import LINKS_FILE, new_working_file

REFERENCE_ON = date(2026, 11, 1)
Record = Mapping[str, Any]


def write_region(working_dir: Path, persons: Mapping[str, Sequence[tuple[Source, Record]]]) -> None:
    """The canonical tables and links of ``persons``: the records of each, whatever they lack blank."""
    rows: dict[Source, list[dict[str, Any]]] = {source: [] for source in Source}
    links = []
    for person, records in persons.items():
        for source, record in records:
            record_id = f"{source}{len(links):05d}"
            names = {"nom": "TROVANEL", "prenom": "Zoélie"}
            rows[source].append({"record_id": record_id, **names, **record})
            links.append((source.value, record_id, person))
    frames = {source: pd.DataFrame(rows[source], columns=list(column_names(source))) for source in Source}
    write_tables(working_dir, frames, pd.DataFrame(links, columns=["source", "record_id", "person_id"]))


def write_truth(working_dir: Path, extracts: GeneratedExtracts) -> None:
    """Generated records, linked as they truly are."""
    write_tables(working_dir, extracts.frames, extracts.truth.rename(columns={"person_key": "person_id"}))


def write_tables(
    working_dir: Path,
    frames: Mapping[Source, pd.DataFrame],
    links: pd.DataFrame,
    *,
    shuffle: int | None = None,
) -> None:
    """``travail.duckdb`` and ``links.parquet``, in another order of rows when ``shuffle`` is a seed."""
    rng = np.random.default_rng(shuffle)
    with new_working_file(working_dir) as connection:
        for source, frame in frames.items():
            if shuffle is not None:
                frame = frame.iloc[rng.permutation(len(frame))]
            connection.register("rows", frame.astype(object).where(frame.notna(), None))
            types = {FieldForm.DATE: "DATE"}
            columns = ", ".join(
                f"CAST({rule.name} AS {types.get(rule.form, 'VARCHAR')}) AS {rule.name}"
                for rule in SCHEMAS[source]
            )
            connection.execute(f"CREATE TABLE {source} AS SELECT {columns} FROM rows")
            connection.unregister("rows")
    if shuffle is not None:
        links = links.iloc[rng.permutation(len(links))]
    links.to_parquet(working_dir / LINKS_FILE, index=False)
