"""What a page of the inventory does to the store, from its callbacks: save, undo, choose, freeze.

A refusal or a conflict becomes a notice that the next run shows (:func:`show_notice`); nothing raised here
reaches the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from observatory.domain.inventory import Actor, Edit
from observatory.errors import UserFacingError
from observatory.french import inventory as words
from observatory.french.cooperation import PARTNERS
from observatory.french.errors import describe_to_visitor
from observatory.french.inventory import record_label
from observatory.french.typography import bind
from observatory.store.engine import Store
from observatory.store.inventory_saves import SaveResult, resolve_conflict, save_edits, undo_last
from observatory.ui import html, people
from observatory.ui.data import open_inventory

T = TypeVar("T")
_NOTICE, _TOLD = "inventory_notice", "inventory_told"
PARTNER_NAMES = {partner.value: PARTNERS[partner].label for partner in PARTNERS}
"""Names under which the structures sign what they say."""


@dataclass(frozen=True)
class _Notice:
    text: str
    is_problem: bool


def save(
    edits: Sequence[Edit],
    *,
    cause: str = "edit",
    quiet: bool = False,
    on_refused: Callable[[str], object] | None = None,
) -> SaveResult | None:
    """Write ``edits`` as the person in front of the screen; None when it was refused.

    ``on_refused`` hears why it was.

    ``quiet``: success is told where the value was entered, and not once more at the top of the page.
    """
    result = run(
        lambda store, actor: save_edits(store, actor, edits, cause=cause, partner_names=PARTNER_NAMES),
        on_refused,
    )
    if result is not None and (result.conflicts or result.hidden or not quiet):
        _tell(result, words.SAVED, is_import=cause == "import")
    return result


def undo(area_code: str) -> None:
    """Take back this person's last save in an area."""
    result = run(lambda store, actor: undo_last(store, actor, area_code))
    if result is not None:
        _tell(result, words.UNDONE if result.changes else words.NOTHING_TO_UNDO)


def choose(conflict_id: int, *, keep_proposed: bool, seen: int | None) -> None:
    """Choose between two values; ``seen`` is the change that stood when they were shown. When a third value
    came in between nothing is chosen, and the person is told to look again."""
    result = run(
        lambda store, actor: resolve_conflict(
            store,
            actor,
            conflict_id,
            keep_proposed=keep_proposed,
            seen=seen,
            partner_names=PARTNER_NAMES,
        )
    )
    if result is not None and result.conflicts:
        _note(words.CHANGED_AGAIN, is_problem=True)
    elif result is not None:
        _tell(result, words.CHOSEN)


def run(action: Callable[[Store, Actor], T], on_refused: Callable[[str], object] | None = None) -> T | None:
    """``action`` of the store and the actor; None, with a notice, when there is nobody or it was refused."""
    actor = people.current_actor()
    why = words.WHO_FIRST
    if actor is not None:
        try:
            return action(open_inventory(), actor)
        except UserFacingError as error:
            why = bind(words.NOTHING_SAVED.format(why=describe_to_visitor(error)))
    _note(why, is_problem=True)
    if on_refused is not None:
        on_refused(why)
    return None


def note(text: str, *, is_problem: bool = False) -> None:
    """Say something at the next run."""
    _note(text, is_problem=is_problem)


def show_notice() -> None:
    """What the last action has to say, once; spoken by a screen reader."""
    asked = people.take_notice()
    found: _Notice | None = st.session_state.pop(_NOTICE, None)
    if asked:
        found = _Notice(asked, is_problem=True)
    # The same words twice are told twice: another class makes another element of them.
    again = st.session_state[_TOLD] = not st.session_state.get(_TOLD, False)
    # Always there, so that what comes after it is never made again and a change is announced.
    html.show(
        html.markup(
            '<div class="obs-saved {}" role="{}" aria-live="polite">{}</div>',
            "obs-saved-problem" if found and found.is_problem else "coop-again" if found and again else "",
            "alert" if found and found.is_problem else "status",
            found.text if found else "",
        )
    )


def hidden_text(result: SaveResult) -> str:
    """Which invented records a save took off the screen; blank when none."""
    records = {key.record: key for key in result.hidden}
    if not records:
        return ""
    if len(records) == 1:
        (key,) = records.values()
        return bind(f" {words.HIDDEN_RECORD.format(what=record_label(key))}")
    return bind(f" {words.HIDDEN_RECORDS.format(count=len(records))}")


def _tell(result: SaveResult, done: str, *, is_import: bool = False) -> None:
    if result.conflicts:
        text = words.CONFLICT_IN_IMPORT if is_import else words.CONFLICT_NOTED
        _note(text.format(count=len(result.conflicts)) + hidden_text(result), is_problem=True)
    elif result.changes or done != words.SAVED:
        _note(done + hidden_text(result), is_problem=False)


def _note(text: str, *, is_problem: bool) -> None:
    st.session_state[_NOTICE] = _Notice(text, is_problem)
