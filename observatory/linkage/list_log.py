"""The log of the lists that left: who, when, which basin, how many, for whom. Never a young person.

One line a list, added before the list exists: a list without its line cannot be, a line without its list may.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from observatory.errors import UserFacingError
from observatory.linkage.working_file import prepare_working_dir, replace_file

LISTS_DIR = "listes"
LOG_FILE = "journal.jsonl"


def write_list(
    working_dir: Path,
    basin_code: str,
    campaign_code: str,
    encrypted: bytes,
    noted: Mapping[str, object],
    at: datetime,
) -> Path:
    """Log, then write an encrypted list under a name that no other list has; ``noted`` goes in the log."""
    folder = prepare_working_dir(prepare_working_dir(working_dir) / LISTS_DIR)
    handle = os.open(folder / LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        path = _free_name(folder, basin_code, campaign_code, at.date())
        line = {
            "at": at.isoformat(timespec="seconds"),
            "account": _account(),
            "basin": basin_code,
            "campaign": campaign_code,
            "file": path.name,
            **noted,
        }
        os.write(handle, (json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n").encode())
        os.fsync(handle)
        with replace_file(path) as part:
            part.write_bytes(encrypted)
    except OSError as error:
        raise UserFacingError("file_not_writable", path=str(folder)) from error
    finally:
        os.close(handle)
    return path


def read_log(working_dir: Path) -> Sequence[Mapping[str, object]]:
    """The lines of the log, the oldest first; a torn last line is left out."""
    try:
        lines = (working_dir / LISTS_DIR / LOG_FILE).read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return ()
    return tuple(json.loads(line) for line in lines)


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _free_name(folder: Path, basin_code: str, campaign_code: str, day: date) -> Path:
    stem = f"{basin_code}-{campaign_code}-{day.isoformat()}"
    path, number = folder / f"{stem}.age", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.age", number + 1
    return path
