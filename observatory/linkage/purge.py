"""The end of a campaign: everything nominative in the working directory is destroyed, and it is shown.

Files are removed, not written over: a solid-state disk or a journaled file system keeps the old blocks
whatever is written, and saying otherwise would be false. What protects them afterwards is the encryption of
the disk. What is kept has no name: the manifest, the model, the encrypted lists and their log; it is searched
for what the tables held.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from observatory.domain.campaign import Source
from observatory.errors import UserFacingError
from observatory.linkage.decisions import DECISIONS_FILE
from observatory.linkage.linking import CANDIDATES_FILE
from observatory.linkage.list_log import LISTS_DIR
from observatory.linkage.quality import QUALITY_FILE
from observatory.linkage.review import REVIEW_DIR
from observatory.linkage.runs import MANIFEST_FILE, file_sha256, now, read_manifest, record_run
from observatory.linkage.schema import column_names
from observatory.linkage.screen_access import is_screen_open
from observatory.linkage.working_file import (
    LINKS_FILE,
    MODEL_FILE,
    REPORTS_DIR,
    WORKING_FILE,
    open_working_file,
    prepare_working_dir,
)

STEP = "purge"
MARKERS_PER_COLUMN = 200
SHORTEST_MARKER = 6
SHORTEST_IDENTIFIER = 10
"""Fewer digits could stand in a hash by chance."""
DAMAGED_MANIFEST = "manifest-illisible.json"

_KEPT = frozenset({MANIFEST_FILE, MODEL_FILE, LISTS_DIR, DAMAGED_MANIFEST})
_DESTROYED = re.compile(
    "|".join(
        [
            *map(
                re.escape,
                (LINKS_FILE, CANDIDATES_FILE, DECISIONS_FILE, QUALITY_FILE, REPORTS_DIR, REVIEW_DIR),
            ),
            re.escape(WORKING_FILE) + r"(?:\.wal)?",
            r"consolidation-.*\.parquet",  # raw counts: small ones too
            r"\.part-.*",
        ]
    )
)
_MARKED = ("nom", "nom_usage", "prenom", "ine", "record_id")
_PART = re.compile(r"\.part-(\d+)-")


@dataclass(frozen=True)
class PurgeCertificate:
    """What was destroyed and what is left. ``destroyed``: SHA-256 and bytes by file; ``rows``: by table.

    ``markers``: values of the destroyed tables, kept in memory only, that were looked for in the
    ``scanned`` files that stay; ``is_resumed``: a purge that had been interrupted was ended.
    """

    destroyed: Mapping[str, Mapping[str, object]]
    rows: Mapping[str, int]
    left: tuple[str, ...]
    scanned: int
    markers: int
    is_resumed: bool = False


@dataclass
class _Plan:
    step: str
    destroyed: dict[str, dict[str, object]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    is_resumed: bool = False
    found: dict[str, str] = field(default_factory=dict)


def purge(working_dir: Path, *, everything: bool = False) -> PurgeCertificate | None:
    """Destroy, look at what is left, certify in the manifest; none when there was nothing to destroy.

    A purge that was killed is ended by the next one. Raises ``purge_unknown_files`` for files that no step
    made (``everything`` takes them too), ``working_file_busy`` while another step runs,
    ``purge_screen_open``, and ``purge_remains`` when a value of the tables is found in what is left, until
    that file is gone or changed.
    """
    if not working_dir.is_dir():
        return None
    prepare_working_dir(working_dir)
    _check_nobody_works(working_dir)
    entries = sorted(path.name for path in working_dir.iterdir())
    unknown = [name for name in entries if name not in _KEPT and not _DESTROYED.fullmatch(name)]
    if unknown and not everything:
        raise UserFacingError("purge_unknown_files", path=str(working_dir), count=len(unknown))
    doomed = [working_dir / name for name in entries if name not in _KEPT]
    plan = _unfinished(working_dir)
    if not doomed and not plan.is_resumed:
        return None
    markers, rows = _read_markers(working_dir)
    plan.rows = {**plan.rows, **rows}
    for number, path in enumerate(_files(doomed), 1):
        name = str(path.relative_to(working_dir))
        known = _DESTROYED.fullmatch(name) and not name.startswith(".part-")
        # A name given by a person may say somebody's name: only those of the steps are written down.
        shown = name if known else f"{name.split('/')[0] if '/' in name else 'autre'}#{number}"
        if path.is_symlink():
            plan.destroyed[shown] = {"bytes": 0, "sha256": ""}
        else:
            plan.destroyed[shown] = {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
    _note(working_dir, plan, {"state": "started", "found": plan.found})
    # The working file goes last: an interrupted purge still knows what to look for.
    for path in sorted(doomed, key=lambda path: path.name.startswith(WORKING_FILE)):
        _destroy(path)
    _sync(working_dir)
    return _certify(working_dir, plan, markers)


def _certify(working_dir: Path, plan: _Plan, markers: frozenset[str]) -> PurgeCertificate:
    left = list(_files(sorted(working_dir.iterdir())))
    hashes = {str(path.relative_to(working_dir)): file_sha256(path) for path in left}
    found = {
        name: hashes[name]
        for path, name in zip(left, hashes, strict=True)
        if name.split("/")[0] not in _KEPT
        or _holds_a_marker(path, markers)
        or plan.found.get(name) == hashes[name]
    }
    if found:
        _note(working_dir, plan, {"state": "started", "found": found})
        raise UserFacingError("purge_remains", path=str(working_dir), count=len(found))
    certificate = PurgeCertificate(
        plan.destroyed, plan.rows, tuple(hashes), len(left), len(markers), plan.is_resumed
    )
    extra = {
        "state": "done",
        "left": {name: sha256 for name, sha256 in hashes.items() if name != MANIFEST_FILE},
        "scanned": certificate.scanned,
        "markers": certificate.markers,
        "is_resumed": certificate.is_resumed,
        "is_overwritten": False,
    }
    _note(working_dir, plan, extra)
    return certificate


def _check_nobody_works(working_dir: Path) -> None:
    if is_screen_open(working_dir):
        raise UserFacingError("purge_screen_open")
    path = working_dir / WORKING_FILE
    for part in working_dir.glob(".part-*"):
        named = _PART.match(part.name)
        if named and int(named[1]) != os.getpid() and _is_running(int(named[1])):
            raise UserFacingError("working_file_busy", path=str(path))
    if path.is_file():
        try:
            with open_working_file(working_dir, read_only=False):
                pass
        except UserFacingError as error:
            if error.code == "working_file_busy":
                raise


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read_markers(working_dir: Path) -> tuple[frozenset[str], dict[str, int]]:
    """Values drawn from each table, and the number of rows; nothing when the file is gone or damaged."""
    import duckdb

    markers: set[str] = set()
    rows: dict[str, int] = {}
    try:
        with open_working_file(working_dir) as connection:
            for source in Source:
                counted = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
                rows[source.value] = int(counted[0]) if counted else 0
                for name in (name for name in _MARKED if name in column_names(source)):
                    shortest = SHORTEST_IDENTIFIER if name in ("ine", "record_id") else SHORTEST_MARKER
                    drawn = connection.execute(
                        f"SELECT DISTINCT {name} FROM {source} WHERE length({name}) >= {shortest} "
                        f"USING SAMPLE {MARKERS_PER_COLUMN}"
                    ).fetchall()
                    markers.update(str(row[0]) for row in drawn)
    except (UserFacingError, duckdb.Error):
        return frozenset(), {}
    return frozenset(markers), rows


def _holds_a_marker(path: Path, markers: frozenset[str]) -> bool:
    content = path.read_bytes()
    for marker in markers:
        for encoding in ("utf-8", "latin-1", "utf-16-le"):
            try:
                searched = marker.encode(encoding)
            except UnicodeEncodeError:
                continue
            if searched in content:
                return True
    return False


def _unfinished(working_dir: Path) -> _Plan:
    """The purge that was interrupted, else a new one."""
    try:
        steps = read_manifest(working_dir)
    except UserFacingError:
        # It must not stand in the way: it is set aside, and searched like the rest.
        (working_dir / MANIFEST_FILE).rename(working_dir / DAMAGED_MANIFEST)
        steps = {}
    for name, entry in steps.items():
        extra: dict[str, Any] = entry.get("extra", {})
        if name.startswith(f"{STEP} ") and extra.get("state") == "started":
            rows = dict(entry["counts"].get("rows", {}))
            return _Plan(name, dict(extra["destroyed"]), rows, True, dict(extra.get("found", {})))
    return _Plan(f"{STEP} {now().isoformat()}")


def _note(working_dir: Path, plan: _Plan, extra: Mapping[str, object]) -> None:
    sizes = [size for one in plan.destroyed.values() if isinstance(size := one["bytes"], int)]
    record_run(
        working_dir,
        plan.step,
        inputs={},
        counts={"files": len(plan.destroyed), "bytes": sum(sizes), "rows": plan.rows},
        extra={**extra, "destroyed": plan.destroyed},
    )


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files under ``paths``; a link is a file, never followed."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from _files(sorted(path.iterdir()))
        else:
            yield path


def _destroy(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            for inner in sorted(path.iterdir()):
                _destroy(inner)
            _sync(path)
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserFacingError("purge_failed", path=str(path.parent)) from error


def _sync(directory: Path) -> None:
    """Make the removals last: on the disk, not only in memory."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
