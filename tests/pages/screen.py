"""What a simulated page shows, as one text to search."""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

_SHOWN = ("label", "value", "options", "help", "placeholder", "delta", "caption")


def text_of(at: AppTest) -> str:
    """Every text of the page and its sidebar, in order: titles, labels, choices, tables, tooltips.

    Not what a component draws in its own frame (the map, the charts): that is read in a browser.
    """
    lines: list[str] = []
    for element in [*at.main, *at.sidebar]:
        for name in _SHOWN:
            lines += _texts(getattr(element, name, None))
    return "\n".join(lines)


def _texts(shown: object) -> list[str]:
    if isinstance(shown, str):
        return [shown] if shown else []
    if isinstance(shown, pd.DataFrame):
        return [shown.to_string()]
    if isinstance(shown, list | tuple):
        return [text for item in shown for text in _texts(item)]
    return []
