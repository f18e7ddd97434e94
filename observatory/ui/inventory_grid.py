"""A grid that is filled in place, at a desk and on the projector, from the keyboard first.

The browser shows what was entered at once and sends it; the answer says what was saved, what waits for a
choice because a colleague was faster, and the change that now stands in each cell.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from observatory.domain.inventory import Edit
from observatory.french import inventory_page as words
from observatory.french.typography import bind
from observatory.ui import inventory_actions, people
from observatory.views.inventory_grid import Entered, Grid, read_entered

_ASSETS = Path(__file__).parent / "assets"
_SESSION, _ANSWER, _OPENED = "grid_session", "grid_answer", "grid_opened"


@st.cache_resource(show_spinner=False)
def _renderer():  # type: ignore[no-untyped-def]
    return component(
        "observatoire.inventory_grid",
        html='<div class="grid"></div>',
        css=(_ASSETS / "inventory_grid.css").read_text(encoding="utf-8"),
        js=(_ASSETS / "inventory_grid.js").read_text(encoding="utf-8"),
    )


def show_grid(
    grid: Grid,
    edits_of: Callable[[Entered], list[Edit]],
    *,
    reading: str = "",
    projection: bool = False,
) -> str:
    """Show ``grid``; what is entered is written as ``edits_of`` says. Gives the record that is open.

    ``reading`` says why this person cannot write; blank when they can.
    """
    key = f"grid_{grid.kind}"
    answers: dict[str, dict[str, object]] = st.session_state.setdefault(_ANSWER, {})

    def entered() -> None:
        number, items = read_entered(st.session_state[key].entered, grid)
        if items:
            answers[grid.name] = {"number": number, **_save(items, edits_of)}

    def opened() -> None:
        asked = st.session_state[key].opened
        cell = asked.get("key") if isinstance(asked, dict) else None
        if cell in grid.cells:
            st.session_state[_opened_key(grid)] = cell

    if reading and projection:
        reading = words.READING_PROJECTED
    shown = opened_cell(grid)
    texts = {**words.GRID_TEXTS, "help": reading or ("" if projection else grid.help), "reading": reading}
    _renderer()(
        key=key,
        data={
            **grid.payload(),
            "texts": {name: bind(text) for name, text in texts.items()},
            "writable": not reading,
            "session": st.session_state.setdefault(_SESSION, uuid.uuid4().hex),
            "answer": answers.get(grid.name),
            "opened": "" if projection else shown,
            "big": projection,
            "focus": people.focus_number(),
        },
        on_entered_change=entered,
        on_opened_change=opened,
    )
    return shown


def opened_cell(grid: Grid) -> str:
    """The cell whose details are open; blank when there is none."""
    found = st.session_state.get(_opened_key(grid), "")
    return found if found in grid.cells else ""


def open_cell(grid_name: str, cell: str) -> None:
    """Open the details of a cell, or close them with a blank one."""
    st.session_state[f"{_OPENED}:{grid_name}"] = cell


def _opened_key(grid: Grid) -> str:
    return f"{_OPENED}:{grid.name}"


def _save(items: tuple[Entered, ...], edits_of: Callable[[Entered], list[Edit]]) -> dict[str, object]:
    """One save a cell, so that each can be undone alone."""
    conflicts, seen, refused = [], {}, False
    for item in items:
        edits = edits_of(item)
        result = inventory_actions.save(edits, quiet=True)
        if result is None:
            refused = True
            continue
        if result.conflicts:
            conflicts.append(item.cell)
        for change in result.changes:
            if change.key == edits[0].key:
                seen[item.cell] = change.change_id
    return {"conflicts": conflicts, "seen": seen, "refused": refused}
