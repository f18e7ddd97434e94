"""What a simulated page shows, as one text to search, and the marks of a screen not fit to be shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pandas as pd
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

_SHOWN = ("label", "value", "options", "help", "placeholder", "delta", "caption")
_NOT_SHOWN = frozenset(
    (
        "code",
        "colour",
        "grid",
        "ink",
        "key",
        "kind",
        "opened",
        "selected",
        "session",
        "shape",
        "sign",
        "value",
    )
)
"""What a component receives to draw or to answer with, and never writes on the screen."""
_SPOKEN = ("title", "alt", "aria-label", "placeholder")
_PAINT = re.compile(r"observatoire\.paint\(\w+, (\{.*?\})\);", re.DOTALL)

ENGLISH = re.compile(
    r"\b(the|and|of|is|are|not|with|from|this|loading|select|choose|clear|search|show|hide|download|rerun"
    r"|running|warning|failed|please|upload|value|rank|basin|year|missing|suppressed|unresolved|computed"
    r"|high|low|strong|weak|unknown|empty|press|true|false)\b",
    re.IGNORECASE,
)
RAW_CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
NOT_A_VALUE = re.compile(r"\b(?:nan|None|null|undefined|NaT|inf)\b|<NA>|\{[a-z_]*\}")
TRACE = re.compile(r"Traceback|Error\b|Exception|sqlalchemy|psycopg|File \"")
DECIMAL_DOT = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
VERSIONS = re.compile(
    r"Licence Ouverte \d\.\d|Etalab \d\.\d|\bv ?\d+\.\d+|https?://\S+|\w+\.(?:fr|org|com)\b\S*"
)
"""Dots that are not decimals: versions of licences, addresses."""
LOOSE_SPACE = re.compile(r"\d [%€]|« | »")
"""French typography holds these together by an unbreakable space."""
STRAIGHT = re.compile(r"[^\W\d_]'[^\W\d_]")


class _Reader(HTMLParser):
    """Visible and spoken text of a piece of HTML, and the names of its elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self._hidden += tag in ("style", "script")
        self.texts += [text for name, text in attrs if name in _SPOKEN and text]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.texts.append(data)


def read_html(content: str) -> _Reader:
    """Parse ``content`` as a browser would name its elements and texts."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return reader


def html_of(at: AppTest) -> list[str]:
    """Every piece of HTML that the page writes by hand, through ``st.html`` or the drawing component."""
    pieces = []
    for element in [*at.main, *at.sidebar]:
        if element.type == "html":
            pieces.append(element.value)
        if element.type == "bidi_component":
            pieces += [text for key, text in _strings(_component_data(element)) if key == "html"]
    return pieces


def place_of_a_new_line(at: AppTest) -> TextInput:
    """Where one adds an action or a resource."""
    return next(found for found in at.text_input if found.label.startswith("Ajouter"))


def text_of(at: AppTest) -> str:
    """Every text of the page, in order: titles, labels, choices, tables, map, list, tooltips."""
    lines: list[str] = []
    for element in [*at.main, *at.sidebar]:
        if element.type == "html":
            lines += read_html(element.value).texts
        elif element.type == "bidi_component":
            for key, text in _strings(_component_data(element)):
                if key == "html":
                    lines += read_html(text).texts
                elif key not in _NOT_SHOWN:
                    lines.append(text)
        elif element.type == "component_instance":
            lines += _map_texts(element.proto.json_args)
        elif element.type == "plotly_chart":
            lines += [
                text for key, text in _strings(json.loads(element.proto.spec)) if key in ("text", "hovertext")
            ]
        else:
            for name in _SHOWN:
                if name == "value" and getattr(element, "options", None):
                    continue  # the code of a choice; what is shown is its label, among the options
                lines += _texts(getattr(element, name, None))
    return "\n".join(lines)


def plain(text: str) -> str:
    """``text`` with ordinary spaces before its signs, as it is typed in a test."""
    return re.sub("[\u00a0\u202f](?=[:;?!%€»])|(?<=«)[\u00a0\u202f]", " ", text)


def defects_of(text: str) -> list[str]:
    """What no screen may show: English, codes, values that are none, traces, decimal dots, loose signs."""
    searched = VERSIONS.sub(" ", text)
    marks = (ENGLISH, RAW_CODE, NOT_A_VALUE, TRACE, DECIMAL_DOT, LOOSE_SPACE, STRAIGHT)
    return [
        f"{match.group()!r} in {searched[max(0, match.start() - 40) : match.end() + 40]!r}"
        for mark in marks
        for match in mark.finditer(searched)
    ]


def _component_data(element: object) -> object:
    return json.loads(element.proto.json or "{}")  # type: ignore[attr-defined]


def _map_texts(json_args: str) -> list[str]:
    found = _PAINT.search(json.loads(json_args).get("feature_group") or "")
    if not found:
        return []
    spec = json.loads(found.group(1))
    areas = [text for area in spec["areas"].values() for text in (area["s"], *area["t"])]
    return [spec["legend"]["title"], *(e["l"] for e in spec["legend"]["entries"]), spec["notice"], *areas]


def _strings(shown: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside nested data, with the key it stands under."""
    if isinstance(shown, str):
        yield key, shown
    elif isinstance(shown, dict):
        for name, item in shown.items():
            yield from _strings(item, name)
    elif isinstance(shown, list):
        for item in shown:
            yield from _strings(item, key)


def _texts(shown: object) -> list[str]:
    if isinstance(shown, str):
        return [shown] if shown else []
    if isinstance(shown, pd.DataFrame):
        return [shown.to_string()]
    if isinstance(shown, list | tuple):
        return [text for item in shown for text in _texts(item)]
    return []
