"""The sections of the resources and of the actions of a basin: lists to which one adds, and that open."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import streamlit as st

from observatory.domain.inventory import REMOVED, Edit, FieldKey, RecordKind
from observatory.french import inventory_page as words
from observatory.french.calendar import today
from observatory.french.typography import bind
from observatory.ui import (
    html,
    inventory_actions,
    inventory_drafts,
    inventory_fields,
    inventory_grid,
    inventory_history,
)
from observatory.ui.inventory_context import BasinInventory
from observatory.views.inventory_grid import Entered, Grid, action_grid, resource_grid
from observatory.views.inventory_records import Record

_RESOURCE = (("label",), ("nature",), ("structure", "contact"), ("capacity", "public", "place"))
_ACTION = (
    ("finding", "action"),
    ("pilot", "due_on", "modality"),
    ("indicator", "expected_effect"),
    ("state", "effect"),
    ("effect_seen", "blocking_condition"),
)


def show_resources(basin: BasinInventory) -> None:
    """What can be called on in the basin."""
    _show_list(
        basin,
        resource_grid(basin.records),
        _RESOURCE,
        (words.ADD_RESOURCE, "label"),
        (words.NO_RESOURCE, words.SERVICE_ONLY),
    )


def show_actions(basin: BasinInventory) -> None:
    """Finding, action, pilot, deadline, expected effect, and what became of it."""
    _show_list(
        basin,
        action_grid(basin.records, today()),
        _ACTION,
        (words.ADD_ACTION, "action"),
        (words.NO_ACTION, ""),
    )


def show_action_states(basin: BasinInventory, *, projection: bool = False) -> None:
    """The list of the actions alone."""
    grid = action_grid(basin.records, today())
    if grid.rows:
        inventory_grid.show_grid(grid, _state_edits(basin), reading=basin.reading, projection=projection)
    else:
        html.show(html.markup('<p class="obs-lead">{}</p>', words.NO_ACTION))


def _show_list(
    basin: BasinInventory,
    grid: Grid,
    fields: tuple[tuple[str, ...], ...],
    adding: tuple[str, str],
    notes: tuple[str, str],
) -> None:
    left, right = st.columns([1, 1.25], gap="small")
    with left, st.container(key="states_card"):
        if not basin.is_reading:
            _show_adding(basin, grid, *adding)
        opened = ""
        if grid.rows:
            opened = inventory_grid.show_grid(grid, _state_edits(basin), reading=basin.reading)
        else:
            html.show(html.markup('<p class="obs-small">{}</p>', notes[0]))
    with right:
        if not opened:
            if grid.rows:
                html.show(html.markup('<p class="obs-small coop-hint">{}</p>', words.CHOOSE_LINE))
            return
        _show_record(basin, grid, opened, fields, (adding[0], notes[1]))


def _show_record(
    basin: BasinInventory,
    grid: Grid,
    key: str,
    fields: tuple[tuple[str, ...], ...],
    texts: tuple[str, str],
) -> None:
    record = basin.records.find(grid.kind, key)
    add, note = texts
    is_fixed = basin.is_reading or record.is_example
    with st.container(key="details_card"):
        if record.is_example:
            told = words.EXAMPLE_ADD.format(add=add.partition(" : ")[0])
            said = bind(words.EXAMPLE if basin.is_reading else told)
            html.show(
                html.markup('<p class="coop-said" role="note"><span class="obs-tag">{}</span></p>', said)
            )
        inventory_fields.show_fields(
            record, fields, basin.observatory.catalogue, disabled=is_fixed, height=68
        )
        if note and not is_fixed:
            html.show(html.markup('<p class="obs-small">{}</p>', note))
        if not is_fixed:
            st.button(
                words.REMOVE,
                key=f"remove_{grid.kind}",
                on_click=_remove,
                args=(record,),
            )
        with st.expander(
            words.SECTION_LABELS["historique"], on_change="rerun", key=f"past_{grid.kind}"
        ) as past:
            if past.open:
                html.show(inventory_history.record_history(basin.observatory, basin.records, record))


def _remove(record: Record) -> None:
    inventory_actions.save([record.edit(REMOVED, "1")])


def _state_edits(basin: BasinInventory) -> Callable[[Entered], list[Edit]]:
    def edits_of(entered: Entered) -> list[Edit]:
        record = basin.records.find(RecordKind.ACTION, entered.cell)
        return [Edit(record.field("state"), entered.value, entered.seen)]

    return edits_of


def _show_adding(basin: BasinInventory, grid: Grid, label: str, field: str) -> None:
    """The place of a new line. The record that it will be has its key already: the browser keeps what is
    being typed like any other text, and a text sent twice makes one line.
    """
    key = FieldKey(basin.records.area_code, grid.kind, _next_record(grid), field)
    widget = inventory_drafts.widget_key(key)
    inventory_drafts.show(widget, key, "", None)
    draft = inventory_drafts.refused(widget)
    if draft and widget not in st.session_state:
        st.session_state[widget] = draft.text  # refused, and another section was shown in between
    with st.container(key=f"add_{grid.kind}"):
        st.text_input(label, key=widget, on_change=_add, args=(grid, key, widget))


def _next_record(grid: Grid) -> str:
    name = f"adding:{grid.name}"
    # A line that was found again in the browser may be this one.
    if st.session_state.get(name, "") in ("", *grid.cells):
        st.session_state[name] = uuid.uuid4().hex[:12]
    return str(st.session_state[name])


def _add(grid: Grid, key: FieldKey, widget: str) -> None:
    text = str(st.session_state[widget] or "")
    if text.strip() and inventory_fields.save_text(key, widget, text, None)[0] is not None:
        inventory_grid.open_cell(grid.name, key.record_key)
