"""From canonical tables to ``links.parquet``: who is who in the five databases.

Nothing is written until the end; the same extracts, seed and method give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.domain.campaign import Source
from observatory.errors import UserFacingError
from observatory.linkage import cascade, model, star
from observatory.linkage.decisions import LoadedDecisions, load_decisions
from observatory.linkage.standardise import create_identity
from observatory.linkage.working_file import (
    LINKS_FILE,
    MODEL_FILE,
    open_beside_working_file,
    replace_file,
    sweep_parts,
)

if TYPE_CHECKING:
    import duckdb

CANDIDATES_FILE = "candidates.parquet"
MODEL_FORMAT = 1


class Method(StrEnum):
    """How a record finds its pupil; the exact methods are there to be measured against."""

    SPLINK = "splink"
    CASCADE = "cascade"
    EXACT_RAW = "exact_raw"
    EXACT_NORMALISED = "exact_normalised"


@dataclass(frozen=True)
class LinkReport:
    """What a run of ``link`` did: counts only. ``statuses[source][status]`` are records."""

    method: Method
    record_count: int
    statuses: dict[str, dict[str, int]]
    reasons: dict[str, dict[str, int]]
    rules: dict[str, int] = field(default_factory=dict)
    is_model_reused: bool = False
    double_files: int = 0  # pupils' records that belong to a pupil already counted
    persons: int = 0
    decisions: LoadedDecisions = field(default_factory=lambda: LoadedDecisions(0, 0))


Stage = Callable[[str], AbstractContextManager[object]]


def link_records(
    working_dir: Path,
    *,
    method: Method = Method.SPLINK,
    seed: int = 1,
    frozen_model: Path | None = None,
    stage: Stage = lambda _: nullcontext(),
    threads: int | None = None,
    is_written: bool = True,
) -> LinkReport:
    """Link the records of ``travail.duckdb``: ``links.parquet``, ``candidates.parquet``, ``model.json``.

    ``frozen_model``: a ``model.json`` of another run, used as it stands. ``stage(code)`` is entered around
    each part, for a progress bar. ``is_written=False`` only counts, to compare methods.
    """
    if is_written:
        sweep_parts(working_dir)
    with open_beside_working_file(working_dir, threads=threads) as connection:
        connection.execute("SET preserve_insertion_order = false")
        with stage("standardise"):
            record_count = create_identity(connection, "travail")
            split_sources(connection)
            star.gather_pupils(connection)
        with stage("ine"):
            star.link_by_ine(connection)
            decisions = load_decisions(connection, working_dir, "travail")
            star.apply_decisions(connection)
        rules: dict[str, int] = {}
        trained: dict[str, Any] | None = None
        if method is Method.SPLINK:
            trained = load_model(frozen_model) if frozen_model else None
            trained = _score(connection, trained, seed, stage)
        elif method is Method.CASCADE:
            with stage("cascade"):
                rules = cascade.apply_rules(connection)
        else:
            rules = apply_exact(connection, method)
        with stage("remainder"):
            star.choose_pupils(connection)
            edges = _remainder_by_ine(connection)
            edges += (
                _remainder_by_model(connection, trained) if trained else _remainder_by_identity(connection)
            )
        with stage("write"):
            star.write_links(connection, edges)
            if is_written:
                _write(connection, working_dir, trained)
        return _report(connection, method, record_count, rules, frozen_model is not None, decisions)


def split_sources(connection: duckdb.DuckDBPyConnection) -> None:
    """Views ``pupil`` and ``outsider`` of ``identity``."""
    connection.execute("CREATE OR REPLACE VIEW pupil AS SELECT * FROM identity WHERE source = 'pupils'")
    connection.execute("CREATE OR REPLACE VIEW outsider AS SELECT * FROM identity WHERE source <> 'pupils'")


def _score(
    connection: duckdb.DuckDBPyConnection, trained: dict[str, Any] | None, seed: int, stage: Stage
) -> dict[str, Any]:
    """Create ``scored`` (pairs above zero, with the weight of each comparison) and ``pair``."""
    from splink import DuckDBAPI

    waiting = "rid NOT IN (SELECT rid FROM ine_link WHERE agreements >= 2)"
    connection.execute(f"CREATE OR REPLACE TABLE left_side AS SELECT {model.COMPARED_COLUMNS} FROM pupil")
    connection.execute(
        f"CREATE OR REPLACE TABLE right_side AS SELECT {model.COMPARED_COLUMNS} FROM outsider WHERE {waiting}"
    )
    api = DuckDBAPI(connection)
    tables = [
        api.register("left_side", dataset_display_name="a_pupils"),
        api.register("right_side", dataset_display_name="b_outsiders"),
    ]
    if trained is None:
        with stage("train"):
            learner = model.make_linker(tables, model.settings("link_only"))
            model.train(learner, seed)
            trained = model.rounded(learner.misc.save_model_to_json())
    linker = model.make_linker(tables, trained)
    with stage("score"):
        pairs = linker.inference.predict(threshold_match_weight=0.0)
        weights = ", ".join(
            column.name for column in pairs.columns if column.name.strip('"').startswith("mw_")
        )
        connection.execute(
            f"CREATE OR REPLACE TABLE scored AS SELECT rid_l AS pupil, rid_r AS rid, match_weight AS weight, "
            f"{weights} FROM {pairs.physical_name}"
        )
        api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    connection.execute("CREATE OR REPLACE VIEW pair AS SELECT rid, pupil, weight FROM scored")
    return trained


def _remainder_by_ine(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, float, str]]:
    rows = connection.execute(
        f"SELECT l.rid, r.rid FROM {_left_over('l')} JOIN {_left_over('r')} "
        f"ON l.ine = r.ine AND l.rid < r.rid WHERE {star.AGREEMENTS} >= 2 ORDER BY ALL"
    ).fetchall()
    return [(first, second, star.CERTAIN_WEIGHT, "ine") for first, second in rows]


def _remainder_by_identity(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, float, str]]:
    rows = connection.execute(
        f"SELECT l.rid, r.rid FROM {_left_over('l')} JOIN {_left_over('r')} "
        "ON l.nom_std = r.nom_std AND l.prenom_first = r.prenom_first AND l.dob = r.dob AND l.rid < r.rid "
        "ORDER BY ALL"
    ).fetchall()
    return [(first, second, star.CERTAIN_WEIGHT, "identity") for first, second in rows]


def _remainder_by_model(
    connection: duckdb.DuckDBPyConnection, trained: dict[str, Any]
) -> list[tuple[str, str, float, str]]:
    from splink import DuckDBAPI

    connection.execute(
        f"CREATE OR REPLACE TABLE left_over AS SELECT {model.COMPARED_COLUMNS} FROM {_left_over('l')}"
    )
    api = DuckDBAPI(connection)
    linker = model.make_linker(
        [api.register("left_over", dataset_display_name="remainder")],
        {**trained, "link_type": "dedupe_only"},
    )
    pairs = linker.inference.predict(threshold_match_weight=star.LINK_WEIGHT)
    rows = connection.execute(
        f"SELECT rid_l, rid_r, match_weight FROM {pairs.physical_name} ORDER BY ALL"
    ).fetchall()
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return [(first, second, float(weight), "model") for first, second, weight in rows]


def _left_over(alias: str) -> str:
    return f"(SELECT i.* FROM identity i JOIN choice c USING (rid) WHERE c.status = 'unlinked') {alias}"


def apply_exact(connection: duckdb.DuckDBPyConnection, method: Method) -> dict[str, int]:
    """What national tools do: equal nom, prénom and date, as written or in one spelling; no INE."""
    connection.execute("DELETE FROM ine_link")
    if method is Method.EXACT_NORMALISED:
        return cascade.apply_rules(connection, cascade.RULES[:1])
    raw = " UNION ALL ".join(
        f"SELECT '{source}:' || record_id AS rid, nom, prenom, date_naissance FROM travail.{source}"
        for source in Source
    )
    connection.execute(f"CREATE OR REPLACE TABLE written AS {raw}")
    connection.execute(
        f"CREATE OR REPLACE TABLE pair AS SELECT r.rid, min(l.rid) AS pupil, {star.CERTAIN_WEIGHT} AS weight "
        "FROM written r JOIN written l USING (nom, prenom, date_naissance) "
        "JOIN pupil_person p ON p.rid = l.rid "
        "WHERE r.rid IN (SELECT rid FROM outsider) GROUP BY r.rid HAVING count(DISTINCT p.person) = 1"
    )
    row = connection.execute("SELECT count(*) FROM pair").fetchone()
    return {method.value: int(row[0]) if row else 0}


def _write(connection: duckdb.DuckDBPyConnection, working_dir: Path, trained: dict[str, Any] | None) -> None:
    if trained is None:
        # Rules have no candidates to review; those of another method would be taken for them.
        (working_dir / CANDIDATES_FILE).unlink(missing_ok=True)
    with replace_file(working_dir / LINKS_FILE) as part:
        _copy(connection, "SELECT * FROM link ORDER BY source, record_id", part)
    if trained is None:
        return
    with replace_file(working_dir / CANDIDATES_FILE) as part:
        _copy(
            connection,
            f"""
            SELECT * FROM (
                SELECT s.* REPLACE (round(s.weight, 3) AS weight) FROM scored s JOIN choice c USING (rid)
                WHERE c.status = 'review' AND s.weight >= c.weight - {star.RUNNER_UP_MARGIN}
                UNION ALL BY NAME
                SELECT i.pupil, i.rid FROM ine_link i JOIN choice c USING (rid)
                ANTI JOIN scored s ON s.rid = i.rid AND s.pupil = i.pupil
                WHERE c.status = 'review'
            ) ORDER BY rid, pupil
            """,
            part,
        )
    with replace_file(working_dir / MODEL_FILE) as part:
        part.write_text(
            json.dumps({"format": MODEL_FORMAT, "splink": trained}, indent=1, sort_keys=True),
            encoding="utf-8",
        )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute("SET preserve_insertion_order = true")
    quoted = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")


def load_model(path: Path) -> dict[str, Any]:
    """A model that ``link`` saved; raises ``model_unreadable``."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserFacingError("model_unreadable", path=str(path)) from error
    if not isinstance(saved, dict) or saved.get("format") != MODEL_FORMAT or "splink" not in saved:
        raise UserFacingError("model_unreadable", path=str(path))
    trained: dict[str, Any] = saved["splink"]
    return trained


def _report(
    connection: duckdb.DuckDBPyConnection,
    method: Method,
    record_count: int,
    rules: dict[str, int],
    is_model_reused: bool,
    decisions: LoadedDecisions,
) -> LinkReport:
    def counts(column: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for source, value, count in connection.execute(
            f"SELECT source, {column}, count(*) FROM link GROUP BY ALL ORDER BY ALL"
        ).fetchall():
            found.setdefault(source, {})[value] = count
        return found

    def one(query: str) -> int:
        row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    return LinkReport(
        method,
        record_count,
        counts("status"),
        counts("reason"),
        rules,
        is_model_reused,
        one("SELECT count(*) FROM pupil_person WHERE rid <> person"),
        one("SELECT count(DISTINCT person_id) FROM link"),
        decisions,
    )
