"""Encryption for named recipients (age): public keys read from a file, bytes in, bytes out.

What is encrypted never touches a disk in clear. A private key given by mistake is refused before anything is
read of it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import UserFacingError

LARGEST_KEY_FILE = 64_000
_PRIVATE = re.compile(r"AGE-SECRET-KEY-|AGE-PLUGIN-|PRIVATE KEY-----", re.IGNORECASE)


@dataclass(frozen=True)
class Recipient:
    """A public key and its fingerprint, which may be written in a log."""

    public_key: str
    fingerprint: str


def read_recipients(path: Path) -> tuple[Recipient, ...]:
    """The public keys of a file, one a line (``age1…`` or ``ssh-ed25519 …``); ``#`` starts a comment.

    Raises ``recipient_missing``, ``recipient_private`` or ``recipient_unusable`` with the line.
    """
    try:
        if path.stat().st_size > LARGEST_KEY_FILE:
            raise UserFacingError("recipient_unusable", path=str(path), line=1)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UserFacingError("recipient_missing", path=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserFacingError("recipient_unusable", path=str(path), line=1) from error
    if _PRIVATE.search(text):
        raise UserFacingError("recipient_private", path=str(path))
    found: dict[str, Recipient] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            recipient = _recipient(line)
        except ValueError:
            # Without its cause: a message of the library could quote the line.
            raise UserFacingError("recipient_unusable", path=str(path), line=number) from None
        found[recipient.fingerprint] = recipient
    if not found:
        raise UserFacingError("recipient_missing", path=str(path))
    return tuple(found.values())


def encrypt(content: bytes, recipients: tuple[Recipient, ...]) -> bytes:
    """``content`` for all of ``recipients``, any of whom can read it."""
    import pyrage

    return bytes(pyrage.encrypt(content, [_public(recipient.public_key) for recipient in recipients]))


def _recipient(line: str) -> Recipient:
    import pyrage

    try:
        _public(line)
    except pyrage.RecipientError as error:
        raise ValueError from error
    if line.startswith("ssh-"):
        try:
            blob = base64.b64decode(line.split()[1], validate=True)
        except (IndexError, binascii.Error) as error:
            raise ValueError from error
        named = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
        return Recipient(line, f"SHA256:{named}")  # as ssh-keygen -l shows it
    return Recipient(line, f"age:{hashlib.sha256(line.encode()).hexdigest()[:32]}")


def _public(line: str) -> object:
    import pyrage

    if line.startswith("age1"):
        return pyrage.x25519.Recipient.from_str(line)
    if line.startswith("ssh-ed25519 "):
        return pyrage.ssh.Recipient.from_str(line)
    raise ValueError(line[:4])
