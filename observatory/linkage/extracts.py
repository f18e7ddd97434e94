"""From the files of a directory to the canonical tables of the working file: all or nothing.

A file is recognised by its name or its headings, copied clean, checked by DuckDB, refused as a whole when too
many of its rows cannot be used. The order of rows and files changes nothing in the tables.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.domain.campaign import Source
from observatory.errors import DataFileError, FileContractError, FileProblem
from observatory.linkage.extract_checks import (
    EXPECTED_LOOKS,
    REQUIRED_BLANK,
    KnownPlaces,
    looks_like,
    refusing,
    stage_query,
)
from observatory.linkage.extract_files import (
    SUFFIXES,
    Copied,
    Head,
    Located,
    UnreadableExtractError,
    copy_rows,
    locate,
    read_head,
)
from observatory.linkage.mappings import ExtractMapping
from observatory.linkage.runs import file_sha256, now
from observatory.linkage.schema import SCHEMAS, column_names
from observatory.linkage.working_file import (
    WORKING_FILE,
    content_hash,
    new_working_file,
    prepare_working_dir,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACCEPTED_SHARE = 0.01
"""Rows that may be refused before the extract is."""
WRONG_COLUMN_SHARE = 0.5
"""Cells of a column that do not fit above which the column is not what the mapping says."""
SMALLEST_COLUMN = 10
"""Filled cells from which a column can be judged."""
LISTED_ROWS = 5_000
"""Rows of one reason that the report lists."""
DUPLICATE_KEY = "duplicate_key"
DUPLICATE_ROW = "duplicate_row"


@dataclass(frozen=True)
class Listed:
    """One cell for the producer's report: the only place where a value is kept. ``row`` as Excel shows it."""

    file: str
    row: int
    column: str
    value: str = field(repr=False)
    kind: str
    reason: str


@dataclass
class FileOutcome:
    """What became of one file; ``findings`` counts cells by (kind, reason, field)."""

    file: str
    source: Source
    layout: str
    label: str
    sha256: str
    mapping: ExtractMapping
    encoding: str = ""
    rows_in: int = 0
    rows_out: int = 0
    refused_rows: int = 0
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    listed: list[Listed] = field(default_factory=list, repr=False)


@dataclass
class Outcome:
    """What the step found; ``hashes`` of the canonical tables. ``problems``: why nothing was changed."""

    files: list[FileOutcome] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)


def load_extracts(
    directory: Path,
    mappings: Sequence[ExtractMapping],
    known: KnownPlaces,
    working_dir: Path,
    *,
    without: Collection[Source] = (),
    accepted_share: float = ACCEPTED_SHARE,
) -> Outcome:
    """Read, check and store all the extracts of a directory; with ``problems``, nothing was changed.

    ``without`` names the sources that did not send anything: their table is made empty.
    """
    outcome = Outcome()
    plan = _plan(directory, mappings, without, outcome)
    if outcome.problems:
        return outcome
    prepare_working_dir(working_dir)
    try:
        with new_working_file(working_dir) as connection:
            _create_tables(connection)
            _load_all(connection, plan, known, working_dir, outcome, accepted_share)
            if outcome.problems:
                raise _RefusedError
    except _RefusedError:
        pass
    return outcome


def read_known_places(data_dir: Path) -> KnownPlaces:
    """Communes and retired codes of ``data/territory``."""
    tables = []
    for name, columns in (
        ("communes.csv", ("commune_code",)),
        ("retired_communes.csv", ("retired_code", "commune_code")),
    ):
        path = data_dir / "territory" / name
        try:
            with path.open(encoding="utf-8", newline="") as handle:
                tables.append([tuple(row[column] for column in columns) for row in csv.DictReader(handle)])
        except FileNotFoundError as error:
            raise DataFileError("file_missing", path=name) from error
        except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
            raise DataFileError("file_damaged", path=name) from error
    return KnownPlaces(frozenset(row[0] for row in tables[0]), {row[0]: row[1] for row in tables[1]})


class _RefusedError(Exception):
    """Leaves the new working file without putting it in place."""


@dataclass(frozen=True)
class _Planned:
    path: Path
    sha256: str
    located: Located


def _plan(
    directory: Path, mappings: Sequence[ExtractMapping], without: Collection[Source], outcome: Outcome
) -> list[_Planned]:
    """Which file is read by which mapping; every problem of every file is noted."""
    note = outcome.problems.append
    if not directory.is_dir():
        note(FileProblem(str(directory), None, None, None, "extract_directory_missing"))
        return []
    planned: list[_Planned] = []
    by_hash: dict[str, str] = {}
    unread: set[Source] = set()
    for path in sorted(directory.iterdir()):
        if path.suffix.lower() not in SUFFIXES or path.name.startswith(("~$", ".")) or not path.is_file():
            continue
        unread |= {mapping.source for mapping in mappings if mapping.names(path.name)}
        try:
            sha256 = file_sha256(path)
            head = read_head(path, mappings)
        except (OSError, UnreadableExtractError) as error:
            code = error.code if isinstance(error, UnreadableExtractError) else "file_unreadable"
            note(FileProblem(path.name, None, None, None, _problem_code(code)))
            continue
        other = by_hash.setdefault(sha256, path.name)
        if other != path.name:
            note(FileProblem(path.name, None, None, None, "extract_twice", {"other": other}))
            continue
        located = _choose(path, head, mappings, outcome)
        if located is not None:
            planned.append(_Planned(path, sha256, located))
    for source in Source:
        found = any(one.located.mapping.source is source for one in planned)
        if not found and source not in unread and source not in without:
            expected = ", ".join(m.files[0] for m in mappings if m.source is source)
            params = {"source": source.value, "expected": expected}
            note(FileProblem(str(directory), None, None, None, "extract_missing", params))
    return planned


def _choose(path: Path, head: Head, mappings: Sequence[ExtractMapping], outcome: Outcome) -> Located | None:
    """The mapping of a file: by its name, or else by its headings; several that fit are refused."""
    named = [mapping for mapping in mappings if mapping.names(path.name)]
    tried = [locate(head, mapping) for mapping in (named or mappings)]
    fitting = [located for located in tried if not located.missing]
    if len(fitting) > 1:
        # The one that declares most of the file's headings describes it; a tie is for a person.
        most = max(len(located.mapping.columns) for located in fitting)
        fitting = [located for located in fitting if len(located.mapping.columns) == most]
    note = outcome.problems.append
    if len(fitting) > 1:
        names = ", ".join(located.mapping.name for located in fitting)
        note(FileProblem(path.name, None, None, None, "extract_two_mappings", {"expected": names}))
        return None
    if not fitting:
        best = min(tried, key=lambda located: len(located.missing) / max(1, len(located.mapping.columns)))
        if not named and 2 * len(best.missing) > len(best.mapping.columns):
            note(FileProblem(path.name, None, None, None, "extract_unrecognised"))
            return None
        for heading in best.missing:
            row, params = best.header_row or None, {"expected": best.mapping.name}
            note(FileProblem(path.name, row, heading, None, "extract_column_missing", params))
        return None
    located = fitting[0]
    for heading in located.twice:
        note(FileProblem(path.name, located.header_row, heading, None, "extract_column_twice"))
    return None if located.twice else located


def _create_tables(connection: DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE extract_file(source VARCHAR, file VARCHAR, sha256 VARCHAR, mapping VARCHAR, "
        "mapping_sha256 VARCHAR, rows_in BIGINT, rows_out BIGINT, loaded_at TIMESTAMP)"
    )
    connection.execute(
        "CREATE TABLE extract_finding(source VARCHAR, kind VARCHAR, reason VARCHAR, field VARCHAR, "
        '"count" BIGINT)'
    )


def _load_all(
    connection: DuckDBPyConnection,
    plan: Sequence[_Planned],
    known: KnownPlaces,
    working_dir: Path,
    outcome: Outcome,
    accepted_share: float,
) -> None:
    from tqdm import tqdm

    for source in Source:
        columns = ", ".join(
            f"{rule.name} {'DATE' if rule.form == 'date' else 'VARCHAR'}" for rule in SCHEMAS[source]
        )
        connection.execute(f"CREATE TABLE {source.value}({columns})")
        connection.execute(
            f"CREATE TEMP TABLE all_{source.value}(file INTEGER, r BIGINT, refused BOOLEAN, {columns})"
        )
    with tqdm(desc="extracts", unit=" lignes", unit_scale=True, disable=None) as bar:
        for number, planned in enumerate(plan):
            mapping = planned.located.mapping
            outcome.files.append(
                FileOutcome(
                    planned.path.name, mapping.source, mapping.layout, mapping.label, planned.sha256, mapping
                )
            )
            part = working_dir / WORKING_FILE
            _load_file(connection, number, planned, known, part, outcome, accepted_share, bar.update)
    for source in Source:
        _finish_source(connection, source, outcome, accepted_share)
    loaded_at = now().replace(tzinfo=None)
    for one in outcome.files:
        connection.execute(
            "INSERT INTO extract_file VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                one.source.value,
                one.file,
                one.sha256,
                one.mapping.name,
                one.mapping.sha256,
                one.rows_in,
                one.rows_out,
                loaded_at,
            ],
        )
    totals: Counter[tuple[str, str, str, str]] = Counter()
    for one in outcome.files:
        for (kind, reason, name), count in one.findings.items():
            totals[one.source.value, kind, reason, name] += count
    for key, count in sorted(totals.items()):
        connection.execute("INSERT INTO extract_finding VALUES (?, ?, ?, ?, ?)", [*key, count])


def _load_file(
    connection: DuckDBPyConnection,
    number: int,
    planned: _Planned,
    known: KnownPlaces,
    target: Path,
    outcome: Outcome,
    accepted_share: float,
    advance: object,
) -> None:
    """Rows of one file into ``all_<source>``, with what was found in them."""
    one, located = outcome.files[number], planned.located
    part = target.with_name(f".part-{os.getpid()}-extract.csv")
    try:
        copied = copy_rows(planned.path, located, part, advance)  # type: ignore[arg-type]
        one.encoding = copied.encoding
        places = {
            name: place
            for name, column in located.mapping.columns.items()
            for place in (next((located.positions[k] for k in column.keys if k in located.positions), None),)
            if place is not None
        }
        _read_copy(connection, part, copied, len(located.headings), places)
    except UnreadableExtractError as error:
        code = _problem_code(error.code)
        outcome.problems.append(
            FileProblem(planned.path.name, error.row, None, None, code, dict(error.params))
        )
        return
    finally:
        part.unlink(missing_ok=True)
    one.rows_in = copied.row_count + len(copied.bad) + copied.left_out["totals_row"]
    one.findings.update({("repaired", "totals_row", ""): copied.left_out["totals_row"]})
    for row, code, _ in copied.bad:
        one.findings["refused", code, ""] += 1
        one.listed.append(Listed(one.file, row, "", "", "refused", code))
    if copied.row_count == 0:
        outcome.problems.append(FileProblem(one.file, None, None, None, "extract_no_row"))
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE stage AS {stage_query(located.mapping, places, known, 'raw')}"
    )
    _count_findings(connection, one)
    names = {name: located.headings[place] for name, place in places.items()}
    if _wrong_columns(connection, one, names, places, outcome):
        return
    _list_findings(connection, one, names, places)
    fields = column_names(one.source)
    faulty = " OR ".join(f"i_{rule.name} IS NOT NULL" for rule in refusing(SCHEMAS[one.source]))
    connection.execute(
        f"INSERT INTO all_{one.source.value} SELECT {number}, r, {faulty}, {', '.join(fields)} FROM stage"
    )
    refused = connection.execute(
        f"SELECT count(*) FROM all_{one.source.value} WHERE file = {number} AND refused"
    ).fetchall()[0][0]
    one.refused_rows = refused + len(copied.bad)
    one.rows_out = one.rows_in - one.refused_rows - copied.left_out["totals_row"]
    _refuse_if_too_many(one, names, outcome, accepted_share)


def _read_copy(
    connection: DuckDBPyConnection, part: Path, copied: Copied, width: int, places: Mapping[str, int]
) -> None:
    import duckdb

    columns = ", ".join(["'r': 'BIGINT'", *(f"'c{place}': 'VARCHAR'" for place in range(width))])
    kept = ", ".join(["r", *(f"c{place}" for place in sorted(set(places.values())))])
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {kept} FROM read_csv(?, auto_detect=false, "
            f"header=false, delim=?, quote='\"', escape='\"', strict_mode=false, max_line_size=10000000, "
            f"parallel={'false' if copied.has_line_breaks else 'true'}, columns={{{columns}}})",
            [str(part), copied.separator],
        ).fetchall()
    except duckdb.Error:
        # DuckDB quotes the line at fault: it would put a name into a message.
        raise UnreadableExtractError("file_unreadable") from None
    found = connection.execute("SELECT count(*) FROM raw").fetchall()[0][0]
    if found != copied.row_count:
        raise UnreadableExtractError("file_unreadable")


def _count_findings(connection: DuckDBPyConnection, one: FileOutcome) -> None:
    required = {rule.name for rule in refusing(SCHEMAS[one.source])}
    for name in column_names(one.source):
        kind = "refused" if name in required else "blanked"
        for reason, count in connection.execute(
            f"SELECT i_{name}, count(*) FROM stage WHERE i_{name} IS NOT NULL GROUP BY 1"
        ).fetchall():
            one.findings[kind, reason, name] += count
        for reason, count in connection.execute(
            f"SELECT p_{name}, count(*) FROM stage WHERE p_{name} IS NOT NULL GROUP BY 1"
        ).fetchall():
            one.findings["repaired", reason, name] += count


def _wrong_columns(
    connection: DuckDBPyConnection,
    one: FileOutcome,
    headings: Mapping[str, str],
    places: Mapping[str, int],
    outcome: Outcome,
) -> bool:
    """Columns that hold something else than the mapping says: one problem each, or one for two swapped."""
    looks: dict[str, str] = {}
    for name, place in places.items():
        failing, right = connection.execute(
            f"SELECT count(*) FILTER (i_{name} IS NOT NULL AND i_{name} <> '{REQUIRED_BLANK}'), "
            f"count({name}) FROM stage"
        ).fetchall()[0]
        if failing + right >= SMALLEST_COLUMN and failing > WRONG_COLUMN_SHARE * (failing + right):
            sample = connection.execute(
                f"SELECT c{place} FROM stage JOIN raw USING (r) WHERE i_{name} IS NOT NULL "
                "ORDER BY r LIMIT 500"
            ).fetchall()
            looks[name] = looks_like(row[0] for row in sample)
    forms = {rule.name: EXPECTED_LOOKS.get(rule.form, rule.name) for rule in SCHEMAS[one.source]}
    told: set[str] = set()
    for name, found in looks.items():
        if name in told:
            continue
        mates = [
            other
            for other in looks
            if other not in told | {name} and found == forms[other] and looks[other] == forms[name]
        ]
        code = "extract_columns_swapped" if mates else _content_code(found)
        params = {"other": headings[mates[0]]} if mates else {}
        outcome.problems.append(FileProblem(one.file, None, headings[name], None, code, params))
        told |= {name, *mates[:1]}
    return bool(looks)


def _list_findings(
    connection: DuckDBPyConnection, one: FileOutcome, headings: Mapping[str, str], places: Mapping[str, int]
) -> None:
    """The cells refused or emptied, for the report, the first of each reason."""
    required = {rule.name for rule in refusing(SCHEMAS[one.source])}
    for name in column_names(one.source):
        reasons = [
            reason for kind, reason, field_name in one.findings if field_name == name and kind != "repaired"
        ]
        for reason in sorted(reasons):
            value = f"c{places[name]}" if name in places else "NULL"
            rows = connection.execute(
                f"SELECT r, {value} FROM stage JOIN raw USING (r) WHERE i_{name} = ? "
                f"ORDER BY r LIMIT {LISTED_ROWS}",
                [reason],
            ).fetchall()
            kind = "refused" if name in required else "blanked"
            one.listed += [
                Listed(one.file, row, headings.get(name, name), sent or "", kind, reason)
                for row, sent in rows
            ]


def _problem_code(reason: str) -> str:
    """The code under which a reason is told as a problem of its file."""
    return f"extract_{reason}"


def _content_code(found: str) -> str:
    return _problem_code(f"column_content_{found or 'other'}")


def _refuse_if_too_many(
    one: FileOutcome, headings: Mapping[str, str], outcome: Outcome, accepted_share: float
) -> None:
    if one.refused_rows <= accepted_share * one.rows_in and one.rows_out > 0:
        return
    for (kind, reason, name), count in sorted(one.findings.items()):
        if kind == "refused" and count:
            rows = [str(cell.row) for cell in one.listed if cell.reason == reason and cell.kind == kind]
            params = {"count": str(count), "rows": ", ".join(rows[:5]), "reason": reason}
            outcome.problems.append(
                FileProblem(
                    one.file, None, headings.get(name) or name or None, None, _problem_code(reason), params
                )
            )
    outcome.problems.append(
        FileProblem(
            one.file,
            None,
            None,
            None,
            "extract_too_many_refused",
            {"count": str(one.refused_rows), "whole": str(one.rows_in), "allowed": f"{accepted_share:.4g}"},
        )
    )


def _finish_source(
    connection: DuckDBPyConnection, source: Source, outcome: Outcome, accepted_share: float
) -> None:
    """One row a record: repeated rows once, contradictory ones not at all; then sorted into its table."""
    fields = column_names(source)
    everything = f"all_{source.value}"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE double AS "
        f"SELECT record_id, count(DISTINCT hash({', '.join(fields)})) AS kinds "
        f"FROM {everything} WHERE NOT refused GROUP BY record_id HAVING count(*) > 1"
    )
    # The row kept of several equal ones is the first, but which one it is changes nothing.
    ranked = (
        "SELECT file, r, record_id, kinds, "
        "row_number() OVER (PARTITION BY record_id ORDER BY file, r) AS rank, "
        f"min(file) OVER (PARTITION BY record_id) AS first_file "
        f"FROM {everything} JOIN double USING (record_id) WHERE NOT refused"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE doubled AS {ranked}")
    _note_doubles(connection, source, outcome, accepted_share)
    connection.execute(
        f"INSERT INTO {source.value} SELECT {', '.join(fields)} FROM {everything} AS a WHERE NOT refused "
        "AND NOT EXISTS (FROM doubled AS d WHERE d.file = a.file AND d.r = a.r AND (kinds > 1 OR rank > 1)) "
        "ORDER BY record_id"
    )
    connection.execute(f"DROP TABLE {everything}")
    outcome.hashes[source.value] = content_hash(connection, source.value)


def _note_doubles(
    connection: DuckDBPyConnection, source: Source, outcome: Outcome, accepted_share: float
) -> None:
    numbers = [number for number, one in enumerate(outcome.files) if one.source is source]
    for number in numbers:
        one = outcome.files[number]
        same, other_file = connection.execute(
            f"SELECT count(*), min(first_file) FROM doubled WHERE file = {number} AND first_file < {number} "
            "AND kinds = 1"
        ).fetchall()[0]
        if one.rows_out and same > WRONG_COLUMN_SHARE * one.rows_out:
            params = {"other": outcome.files[other_file].file, "count": str(same)}
            outcome.problems.append(FileProblem(one.file, None, None, None, "extract_same_records", params))
            continue
        repeated, contradictory = connection.execute(
            f"SELECT count(*) FILTER (kinds = 1 AND rank > 1), count(*) FILTER (kinds > 1) FROM doubled "
            f"WHERE file = {number}"
        ).fetchall()[0]
        one.findings.update({("repaired", DUPLICATE_ROW, "record_id"): repeated})
        one.findings.update({("refused", DUPLICATE_KEY, "record_id"): contradictory})
        one.refused_rows += contradictory
        one.rows_out -= repeated + contradictory
        heading = one.mapping.columns["record_id"].headings[0]
        one.listed += [
            Listed(one.file, row, heading, key, "refused", DUPLICATE_KEY)
            for row, key in connection.execute(
                f"SELECT r, record_id FROM doubled WHERE file = {number} AND kinds > 1 "
                f"ORDER BY r LIMIT {LISTED_ROWS}"
            ).fetchall()
        ]
        if contradictory and not any(p.file == one.file for p in outcome.problems):
            _refuse_if_too_many(one, {"record_id": heading}, outcome, accepted_share)


def raise_problems(outcome: Outcome) -> None:
    """All the problems at once, in the order of the files."""
    if outcome.problems:
        raise FileContractError(sorted(outcome.problems, key=lambda p: (p.file, p.row or 0)))
