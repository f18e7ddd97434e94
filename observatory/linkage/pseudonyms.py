"""The only identifiers that leave the working file: keyed, one key a purpose, made of an internal code.

The key comes from the environment and is never written. Without it nobody can go from an identifier to a
person, nor compare the identifiers of two purposes.
"""

from __future__ import annotations

import hashlib
import re

from observatory.config import LinkageSettings
from observatory.errors import UserFacingError

_INTERNAL = re.compile(r"[0-9a-f]{32}")
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9:_-]{0,62}")


def pseudonym(settings: LinkageSettings, purpose: str, internal_id: str) -> str:
    """The identifier of a person for one purpose: 20 hexadecimal digits.

    ``internal_id`` is a ``person_id`` of ``links.parquet``: anything else, an INE above all, is a
    fault. Raises ``pseudonym_key_missing`` without a key.

    >>> from pathlib import Path
    >>> settings = LinkageSettings(Path(), key=b"k" * 32)
    >>> one, other = (pseudonym(settings, purpose, "0" * 32) for purpose in ("liste:am13", "liste:ni01"))
    >>> len(one), one == other
    (20, False)
    """
    if not settings.key:
        raise UserFacingError("pseudonym_key_missing", key="OBSERVATOIRE_CROISEMENT_CLE")
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError("purpose")
    if not _INTERNAL.fullmatch(internal_id):
        raise ValueError("internal_id")  # the value is not told
    own_key = hashlib.blake2b(f"purpose:{purpose}".encode(), key=settings.key, digest_size=32).digest()
    return hashlib.blake2b(internal_id.encode(), key=own_key, digest_size=10).hexdigest()
