"""Codes and headings as the files of offices write them."""

from __future__ import annotations

import re
import unicodedata

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The check letter of a UAI is the one whose place is the rest of its number divided by 23."""


def heading_key(heading: str) -> str:
    """A heading without case, accents, spaces nor signs, as exports of one producer vary in these.

    >>> heading_key("Taux d'accès 6eme 3eme") == heading_key("taux_d_acces_6eme_3eme")
    True
    """
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def is_valid_uai(code: str) -> bool:
    """Seven digits and the letter that they imply (rest of the division by 23).

    >>> is_valid_uai("0040002F"), is_valid_uai("0040002G")
    (True, False)
    """
    return re.fullmatch(r"\d{7}[A-Z]", code) is not None and UAI_LETTERS[int(code[:7]) % 23] == code[7]
