"""Settings, read once from the environment. Nobody else reads ``os.environ``.

A value that cannot be used is refused by the name of its key, never replaced in silence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from observatory.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent

_YES = {"oui", "yes", "true", "1"}
_NO = {"non", "no", "false", "0"}


@dataclass(frozen=True)
class Settings:
    """What one process of the observatory runs with.

    ``database_url`` is a SQLAlchemy address; ``demo`` tells whether demonstration records are shown.
    """

    data_dir: Path
    var_dir: Path
    static_dir: Path
    database_url: str
    demo: bool
    projection_default: bool = False
    identity_header: str = ""
    """Header in which a reverse proxy gives the person who signed on; empty: people say who they are."""

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from ``OBSERVATOIRE_*`` keys; raises :class:`ConfigurationError` naming the key.

    >>> read_settings({"OBSERVATOIRE_DEMO": "non"}).demo
    False
    """
    data_dir = Path(environ.get("OBSERVATOIRE_DATA_DIR", PROJECT_ROOT / "data"))
    var_dir = Path(environ.get("OBSERVATOIRE_VAR_DIR", PROJECT_ROOT / "var"))
    default_url = f"sqlite:///{var_dir / 'observatoire.sqlite'}"
    database_url = environ.get("OBSERVATOIRE_DATABASE_URL", "").strip() or default_url
    if not database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError(
            "database_url", key="OBSERVATOIRE_DATABASE_URL", allowed="sqlite:///…, postgresql+psycopg://…"
        )
    return Settings(
        data_dir=data_dir,
        var_dir=var_dir,
        static_dir=PROJECT_ROOT / "static",
        database_url=database_url,
        demo=_read_flag(environ, "OBSERVATOIRE_DEMO", default=True),
        identity_header=_read_header_name(environ, "OBSERVATOIRE_ENTETE_IDENTITE"),
    )


@dataclass(frozen=True)
class LinkageSettings:
    """What the cross-matching runs with; the application never reads these.

    ``working_dir`` holds the only nominative files; ``key`` makes the pseudonyms (empty: none can be made);
    ``review`` allows the local screen of doubtful pairs.
    """

    working_dir: Path
    key: bytes = field(default=b"", repr=False)
    review: bool = False


def read_linkage_settings(environ: Mapping[str, str]) -> LinkageSettings:
    """Settings of the cross-matching from ``OBSERVATOIRE_CROISEMENT_*`` and ``OBSERVATOIRE_REVUE``.

    >>> read_linkage_settings({"OBSERVATOIRE_REVUE": "oui"}).review
    True
    """
    var_dir = Path(environ.get("OBSERVATOIRE_VAR_DIR", PROJECT_ROOT / "var"))
    raw_key = environ.get("OBSERVATOIRE_CROISEMENT_CLE", "").strip()
    if raw_key and not re.fullmatch(r"(?:[0-9a-fA-F]{2}){32,64}", raw_key):
        raise ConfigurationError("linkage_key", key="OBSERVATOIRE_CROISEMENT_CLE")
    return LinkageSettings(
        working_dir=Path(environ.get("OBSERVATOIRE_CROISEMENT_DIR", var_dir / "croisement")),
        key=bytes.fromhex(raw_key),
        review=_read_flag(environ, "OBSERVATOIRE_REVUE", default=False),
    )


@lru_cache(maxsize=1)
def current_linkage_settings() -> LinkageSettings:
    """The settings of the cross-matching in this process, read at first use; only the pipeline asks."""
    return read_linkage_settings(os.environ)


@lru_cache(maxsize=1)
def current_settings() -> Settings:
    """The settings of this process, read at first use."""
    return read_settings(os.environ)


def _read_flag(environ: Mapping[str, str], key: str, *, default: bool) -> bool:
    raw = environ.get(key, "").strip().lower()
    if not raw:
        return default
    if raw in _YES:
        return True
    if raw in _NO:
        return False
    raise ConfigurationError("flag", key=key, value=raw)


def _read_header_name(environ: Mapping[str, str], key: str) -> str:
    raw = environ.get(key, "").strip()
    if raw and not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", raw):
        raise ConfigurationError("header_name", key=key, value=raw)
    return raw
