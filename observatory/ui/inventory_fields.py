"""Fields of a record of the inventory, each saved as soon as it is left: no form, no button.

What the store refused stays in the field until it is right, with the reason beside it (``inventory_drafts``):
nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from observatory.domain.indicators import Catalogue
from observatory.domain.inventory import Edit, FieldForm, FieldKey, FieldSpec, field_spec
from observatory.french.inventory import CHOICE_LABELS, field_label, record_label
from observatory.french.inventory_page import BLANK, DRAFT_REFUSED, DRAFT_SAVED
from observatory.french.typography import bind
from observatory.store.inventory_saves import SaveResult
from observatory.ui import inventory_actions, inventory_drafts
from observatory.views.inventory_records import Record

_SHORT_CHOICE = 32
"""Letters of all the values of a choice that fits side by side as buttons."""

Row = Sequence[str]


def show_fields(
    record: Record, rows: Iterable[Row], catalogue: Catalogue, *, disabled: bool, height: int = 84
) -> None:
    """Fields of ``record``, a line of names after the other."""
    for names in rows:
        places = st.columns(len(names), gap="small") if len(names) > 1 else [st.container()]
        for name, place in zip(names, places, strict=True):
            with place:
                show_field(record, name, catalogue, disabled=disabled, height=height)


def show_field(
    record: Record, name: str, catalogue: Catalogue, *, disabled: bool, height: int = 84, label: str = ""
) -> None:
    """One field: the widget of its form, saved when it changes."""
    spec, key = field_spec(record.kind, name), record.field(name)
    widget = inventory_drafts.widget_key(key)
    draft = inventory_drafts.refused(widget)
    # What waits is still over what its writer saw: a colleague's value of meanwhile is not overwritten.
    shown, seen = (draft.text, draft.seen) if draft else (record.value(name), record.seen(name))
    if not disabled:
        inventory_drafts.show(widget, key, record.value(name), seen)
    # The store says what the field holds, also when a colleague has just changed it.
    st.session_state[widget] = _to_widget(spec, shown, catalogue)
    common: dict[str, Any] = {
        "key": widget,
        "disabled": disabled,
        "on_change": _changed,
        "args": (key, widget, seen),
    }
    label = label or field_label(key)
    match spec.form:
        case FieldForm.TEXT:
            st.text_area(label, height=height, placeholder=BLANK, **common)
        case FieldForm.DATE:
            st.date_input(
                label, format="DD/MM/YYYY", min_value=date(1990, 1, 1), max_value=date(2100, 1, 1), **common
            )
        case FieldForm.CHOICE:
            _show_choice(label, spec, CHOICE_LABELS[record.kind, name], common)
        case FieldForm.INDICATOR:
            st.selectbox(
                label,
                list(catalogue.indicators),
                index=None,
                format_func=lambda code: catalogue.indicators[code].label,
                placeholder=BLANK,
                **common,
            )
        case _:
            st.text_input(label, placeholder=BLANK, **common)


def _show_choice(label: str, spec: FieldSpec, choices: dict[str, str], common: dict[str, Any]) -> None:
    if sum(map(len, choices.values())) <= _SHORT_CHOICE:
        st.segmented_control(label, list(spec.codes), format_func=choices.__getitem__, **common)
    else:
        st.selectbox(
            label,
            list(spec.codes),
            index=None,
            format_func=choices.__getitem__,
            placeholder=BLANK,
            **common,
        )


def _changed(key: FieldKey, widget: str, seen: int | None) -> None:
    value = st.session_state[widget]
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    save_text(key, widget, text, seen)


def save_text(
    key: FieldKey, widget: str, text: str, seen: int | None, *, quiet: bool = False
) -> tuple[SaveResult | None, str]:
    """Write a field: what the store did, or why it refused; a refused text waits in its field."""
    why: list[str] = []
    result = inventory_actions.save([Edit(key, text, seen)], quiet=quiet, on_refused=why.append)
    problem = why[0] if why else ""
    inventory_drafts.keep(widget, inventory_drafts.Draft(text, seen, problem) if problem else None, text)
    return result, problem


def write_found(key: FieldKey, widget: str, text: str, seen: int | None) -> None:
    """Save a text that the browser had kept after a reload or a crash, and say so."""
    result, problem = save_text(key, widget, text, seen, quiet=True)
    what = f"{record_label(key)}, {field_label(key)}"
    if problem:
        inventory_actions.note(bind(DRAFT_REFUSED.format(what=what, why=problem)), is_problem=True)
    elif result is not None and result.changes:
        inventory_actions.note(bind(DRAFT_SAVED.format(what=what)))


def _to_widget(spec: FieldSpec, text: str, catalogue: Catalogue) -> object:
    match spec.form:
        case FieldForm.DATE:
            return date.fromisoformat(text) if text else None
        case FieldForm.CHOICE:
            return text or None
        case FieldForm.INDICATOR:
            return text if text in catalogue.indicators else None
        case _:
            return text
