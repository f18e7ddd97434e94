"""The manifest of the working directory: what each step read, kept and made, with which versions.

It is meant to be published beside the figures: counts, hashes and settings, never a value of a record.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from observatory.errors import UserFacingError
from observatory.linkage.working_file import prepare_working_dir, replace_file

MANIFEST_FILE = "manifest.json"
FORMAT = 1
_PACKAGES = ("duckdb", "splink", "pandas", "pyarrow")


def now() -> datetime:
    """The time to the second, for ``started_at``."""
    return datetime.now(UTC).replace(microsecond=0)


def file_sha256(path: Path) -> str:
    """The hash of a file, read by pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_manifest(working_dir: Path) -> dict[str, Any]:
    """The entries by step, as :func:`record_run` wrote them; empty before the first step.

    >>> read_manifest(Path("/nowhere"))
    {}
    """
    path = working_dir / MANIFEST_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise UserFacingError("manifest_damaged", path=str(path))
        return dict(content["steps"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserFacingError("manifest_damaged", path=str(path)) from error


def record_run(
    working_dir: Path,
    step: str,
    *,
    inputs: Mapping[str, str],
    counts: Mapping[str, Any],
    seed: int | None = None,
    started_at: datetime | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Put the entry of a step that has just succeeded in the manifest, in place of its previous one.

    ``inputs`` gives SHA-256 by file name; ``counts`` rows in and out by reason (numbers, nested at will);
    ``extra`` whatever else tells two runs apart (hashes of what was made, settings).
    """
    ended_at = now()
    entry = {
        "started_at": (started_at or ended_at).isoformat(),
        "ended_at": ended_at.isoformat(),
        "inputs": dict(inputs),
        "counts": counts,
        "seed": seed,
        "versions": versions(),
        **({"extra": extra} if extra else {}),
    }
    prepare_working_dir(working_dir)
    steps = {**read_manifest(working_dir), step: entry}
    text = json.dumps({"format": FORMAT, "steps": steps}, ensure_ascii=False, indent=1, sort_keys=True)
    with replace_file(working_dir / MANIFEST_FILE) as part:
        part.write_text(text + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """What ran: Python and the libraries that may change a result. Nothing is imported for it."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found
