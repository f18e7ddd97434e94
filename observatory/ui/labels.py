"""Texts of people in the labels of Streamlit, which reads Markdown there."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!<>~|:$^-])")


def plain(text: str) -> str:
    """``text`` as a label shows it: what Markdown would read as a sign is a letter.

    >>> plain("a*b*")
    'a\\\\*b\\\\*'
    """
    return _SIGNS.sub(r"\\\1", text)
