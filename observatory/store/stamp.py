"""What a SQLite store was last built from, read without SQLAlchemy.

Starting the application asks this question every time and the answer is nearly always "the same files":
importing the whole database layer for it would cost ten times the question.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from observatory.config import Settings

REVISIONS = ("0001", "0002", "0003", "0004")
"""Schema revisions, oldest first, so that Alembic is imported only when there is something to upgrade."""

VERSION_TABLE = "schema_version"
"""Where Alembic writes the revision; a name of our own, for a PostgreSQL database shared with others."""


@dataclass(frozen=True)
class BuildStamp:
    """Current data version, and the hash of the files of the last build."""

    version_id: int
    content_hash: str


def read_build_stamp(settings: Settings) -> BuildStamp | None:
    """The stamp of a healthy SQLite store at the current schema; None for anything else, never an error.

    None only means that the store has to be opened in earnest, which says what is wrong if something is.
    """
    if not settings.is_sqlite:
        return None
    path = Path(settings.database_url.removeprefix("sqlite:///")).absolute()
    try:
        address = f"file:{quote(str(path))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=1)) as connection:
            revisions = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()  # noqa: S608
            stamp = connection.execute(
                "SELECT (SELECT max(version_id) FROM data_version), content_hash FROM data_version "
                "WHERE content_hash IS NOT NULL ORDER BY version_id DESC LIMIT 1"
            ).fetchone()
    except sqlite3.Error:
        return None
    if revisions != [(REVISIONS[-1],)] or stamp is None:
        return None
    return BuildStamp(*stamp)
