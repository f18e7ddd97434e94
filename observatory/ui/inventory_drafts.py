"""Texts that are not saved yet: refused ones, kept beside their field until they are right, and those that
the browser still held after a reload, a crash or a closed window.

The browser keeps what is being typed (``assets/inventory_drafts.js``) with the change that its writer saw,
and gives it back once; a field that a colleague changed in between is not overwritten: both values are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from observatory.domain.inventory import Actor, FieldForm, FieldKey, RecordKind, check_key, field_spec
from observatory.errors import UserFacingError
from observatory.french import inventory_page as words
from observatory.french.typography import bind

_SCRIPT = Path(__file__).parent / "assets" / "inventory_drafts.js"
_REFUSED, _HANDLED, _SHOWN, _NUMBER = "drafts_refused", "drafts_handled", "drafts_shown", "drafts_number"
_PREFIX = "field"
_TYPED = frozenset({FieldForm.LINE, FieldForm.TEXT, FieldForm.LINK})
_MOST_HANDLED, _MOST_ITEMS, _LONGEST = 40, 20, 50_000


@dataclass(frozen=True)
class Draft:
    """A text that the store refused, the change that its writer had in front of them, and why."""

    text: str
    seen: int | None
    problem: str


def widget_key(key: FieldKey) -> str:
    """Key of the widget of a field, and name of its draft in the browser."""
    return f"{_PREFIX}:{key.area_code}:{key.kind}:{key.record_key}:{key.field}"


def refused(widget: str) -> Draft | None:
    """The refused text that waits in a field."""
    found: Draft | None = st.session_state.get(_REFUSED, {}).get(widget)
    return found


def keep(widget: str, draft: Draft | None, text: str) -> None:
    """Note what became of ``text``: it waits as ``draft``, or (None) the store has taken it."""
    waiting: dict[str, Draft] = st.session_state.setdefault(_REFUSED, {})
    waiting.pop(widget, None)
    if draft is not None:
        waiting[widget] = draft
    number = st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1
    handled: dict[str, dict[str, object]] = st.session_state.setdefault(_HANDLED, {})
    handled.pop(widget, None)
    handled[widget] = {"text": text, "refused": draft is not None, "number": number}
    while len(handled) > _MOST_HANDLED:
        del handled[next(iter(handled))]


def begin() -> None:
    """Start of a run of the page: no field is shown yet."""
    st.session_state[_SHOWN] = {}


def show(widget: str, key: FieldKey, stored: str, seen: int | None) -> None:
    """Tell the browser of a field in which one types, so that it counts its letters and keeps its text."""
    spec = field_spec(key.kind, key.field)
    if spec.form in _TYPED:
        draft = refused(widget)
        st.session_state.setdefault(_SHOWN, {})[widget] = {
            "stored": stored,
            "seen": seen,
            "longest": spec.longest,
            "problem": bind(draft.problem) if draft else "",
        }


@st.cache_resource(show_spinner=False)
def _keeper():  # type: ignore[no-untyped-def]
    return component("observatoire.inventory_drafts", js=_SCRIPT.read_text(encoding="utf-8"))


def show_keeper(
    area_code: str, actor: Actor | None, write: Callable[[FieldKey, str, str, int | None], None]
) -> None:
    """The script of the page; a text that it gives back is written by ``write(key, widget, text, seen)``."""
    is_writing = actor is not None and actor.may_edit(area_code)

    def given_back() -> None:
        for key, text, seen in read_items(st.session_state["drafts_keeper"].kept, area_code):
            write(key, widget_key(key), text, seen)

    _keeper()(
        key="drafts_keeper",
        data={
            "prefix": f"{_PREFIX}:{area_code}:",
            "who": f"{actor.name}, {actor.structure}" if actor else "",
            "may_write": is_writing,
            "fields": st.session_state.get(_SHOWN, {}),
            "handled": st.session_state.get(_HANDLED, {}),
            "texts": {"count": words.LETTERS, "over": words.LETTERS_OVER},
        },
        on_kept_change=given_back,
        height=1,
    )


def read_items(raw: object, area_code: str) -> tuple[tuple[FieldKey, str, int | None], ...]:
    """Texts of a message of the browser; nothing of what is no text field of this area.

    >>> read_items({"items": [["field:AM01:modality:handover:pilot", "CIO", None]]}, "AM02")
    ()
    """
    items = raw.get("items") if isinstance(raw, dict) else None
    found = []
    for item in items[:_MOST_ITEMS] if isinstance(items, list) else ():
        if not isinstance(item, list) or len(item) != 3:
            continue
        name, text, seen = item
        is_seen_right = seen is None or (isinstance(seen, int) and not isinstance(seen, bool))
        key = _field_of(name, area_code)
        if key is not None and isinstance(text, str) and is_seen_right:
            found.append((key, text[:_LONGEST], seen))
    return tuple(found)


def _field_of(name: object, area_code: str) -> FieldKey | None:
    parts = name.split(":") if isinstance(name, str) else []
    if len(parts) != 5 or parts[:2] != [_PREFIX, area_code]:
        return None
    try:
        key = FieldKey(area_code, RecordKind(parts[2]), parts[3], parts[4])
        check_key(key)
    except (ValueError, UserFacingError):
        return None
    return key if field_spec(key.kind, key.field).form in _TYPED else None
