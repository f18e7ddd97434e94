"""What the font of the documents can draw, read from its own table of characters (``cmap``)."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

MARK = "[signe]"
"""Stands for the characters that the font has not: an empty square would say nothing."""
LONGEST_WORD = 30
"""Letters that fit on any line of a document; a longer word may be cut anywhere after a letter."""
_BREAK = "\u200b"
_FONT = "SourceSans3-Regular.otf"
_ALWAYS = frozenset("\n\t\u200b\u2060\u202f\xa0\xad")
"""White space and breaks, which need no drawing."""
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def drawable(text: str, fonts_dir: Path) -> str:
    """``text`` with one :data:`MARK` for each run of characters that the font cannot draw."""
    known, parts, is_lost = _characters(fonts_dir / _FONT), list[str](), False
    for letter in unicodedata.normalize("NFC", text):
        was_lost, is_lost = is_lost, letter not in _ALWAYS and ord(letter) not in known
        if not is_lost:
            parts.append(letter)
        elif not was_lost:
            parts.append(MARK)
    return "".join(parts)


def breakable(text: str) -> str:
    """``text`` whose very long words may go on to the next line; nothing is seen or hyphenated."""
    return _LONG_WORD.sub(lambda word: _broken(word.group()), text)


def _broken(word: str) -> str:
    parts = [word[0]]
    for letter in word[1:]:
        # Never between a letter and its accent.
        parts.append(letter if unicodedata.category(letter).startswith("M") else _BREAK + letter)
    return "".join(parts)


@lru_cache(maxsize=2)
def _characters(font: Path) -> frozenset[int]:
    """Code points of the subtables of formats 4 and 12, which every font of today has."""
    content = font.read_bytes()
    (count,) = struct.unpack_from(">H", content, 4)
    records = (struct.unpack_from(">4sLLL", content, 12 + 16 * i) for i in range(count))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", content, start + 2)
    found: set[int] = set()
    for i in range(subtables):
        (offset,) = struct.unpack_from(">L", content, start + 8 + 8 * i)
        (form,) = struct.unpack_from(">H", content, start + offset)
        if form == 4:
            found |= _segments(content, start + offset)
        elif form == 12:
            found |= _groups(content, start + offset)
    return frozenset(found)


def _segments(content: bytes, at: int) -> set[int]:
    (double,) = struct.unpack_from(">H", content, at + 6)
    ends = struct.unpack_from(f">{double // 2}H", content, at + 14)
    starts = struct.unpack_from(f">{double // 2}H", content, at + 16 + double)
    return {c for first, last in zip(starts, ends, strict=True) for c in range(first, last + 1) if c < 0xFFFF}


def _groups(content: bytes, at: int) -> set[int]:
    (count,) = struct.unpack_from(">L", content, at + 12)
    groups = (struct.unpack_from(">LLL", content, at + 16 + 12 * i) for i in range(count))
    return {c for first, last, _ in groups for c in range(first, last + 1)}
