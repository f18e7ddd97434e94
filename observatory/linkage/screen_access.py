"""Who may look at the review screen: whoever has the code that the command told, as long as it runs.

The file holds the hash of the code, 0600, in the working directory; it goes when the command ends. Another
account of the machine reaches 127.0.0.1, but neither the file nor the code.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from observatory.linkage.review import REVIEW_DIR
from observatory.linkage.working_file import prepare_working_dir, replace_file

ACCESS_FILE = "acces.json"


@dataclass(frozen=True)
class Access:
    """What the screen was started with."""

    code_sha256: str
    control: int

    def is_code(self, typed: str) -> bool:
        return hmac.compare_digest(_hashed(typed.strip()), self.code_sha256)


@contextmanager
def new_access(working_dir: Path, code: str, control: int) -> Iterator[None]:
    """Within, the screen opens for who has the code."""
    path = prepare_working_dir(prepare_working_dir(working_dir) / REVIEW_DIR) / ACCESS_FILE
    with replace_file(path) as part:
        part.write_text(json.dumps({"code_sha256": _hashed(code), "control": control}), encoding="utf-8")
    held = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(held)


def is_screen_open(working_dir: Path) -> bool:
    """Whether a command still runs the screen; one that was killed holds nothing."""
    try:
        handle = os.open(working_dir / REVIEW_DIR / ACCESS_FILE, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def read_access(working_dir: Path) -> Access | None:
    """What the running command wrote; none when no command runs."""
    try:
        saved = json.loads((working_dir / REVIEW_DIR / ACCESS_FILE).read_text(encoding="utf-8"))
        return Access(str(saved["code_sha256"]), int(saved["control"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
