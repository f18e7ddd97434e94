"""French typography of texts that were typed plainly: spaces before signs, apostrophes, quotation marks."""

from __future__ import annotations

import re
import unicodedata

_NARROW, _WIDE = "\u202f", "\u00a0"


def alphabetical(name: str) -> str:
    """What a name sorts by: an accent does not send it to the end.

    >>> sorted(["Toulon", "Étang de Berre", "Draguignan"], key=alphabetical)
    ['Draguignan', 'Étang de Berre', 'Toulon']
    """
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def bind(text: str) -> str:
    """``text`` with curly apostrophes, and unbreakable spaces before ``: ; ? ! % »`` and after ``«``.

    A sign never begins a line. Spaces that are missing inside quotation marks are put.

    >>> bind("l'école « oui » : 12 % ?")
    'l’école «\\xa0oui\\xa0»\\xa0: 12\\u202f%\\u202f?'
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(" ([%;?!])", _NARROW + r"\1", text)
    text = re.sub(r"«\s*", "«" + _WIDE, text)
    return re.sub(r"\s*»", _WIDE + "»", text).replace(" :", _WIDE + ":")
