"""Part « États figés » of the region view: the list, a state to freeze, and two of them to compare."""

from __future__ import annotations

import streamlit as st

from observatory.config import current_settings
from observatory.french import numbers, region
from observatory.french.calendar import local_day
from observatory.french.typography import bind
from observatory.store.inventory_snapshots import Snapshot, freeze_snapshot
from observatory.ui import html, inventory_actions, people, region_changes, region_data
from observatory.ui.region_head import show_head
from observatory.ui.selection import change_selection
from observatory.views.observatory import Observatory
from observatory.views.selection import Part

_NAME = "region_freeze_name"


def show_snapshots(observatory: Observatory, selected: str) -> None:
    """Frozen states, the latest first; the regional team can freeze the present one."""
    del selected
    snapshots = region_data.load_snapshots(observatory)
    count = len(snapshots)
    title = "Aucun état figé" if not count else "Un état figé" if count == 1 else f"{count} états figés"
    show_head(title, observatory, invented=any(s.is_demonstration for s in snapshots))
    left, right = st.columns([1.7, 1], gap="medium")
    with left, st.container(key="region_snapshots"):
        for snapshot in reversed(snapshots):
            _line(observatory, snapshot)
        if not snapshots:
            html.show(html.markup('<p class="obs-lead">{}</p>', region.NO_SNAPSHOT))
    with right, st.container(key="region_freeze"):
        actor = people.current_actor()
        if actor is None or actor.perimeter is not None:
            html.show(html.markup('<p class="obs-card">{}</p>', region.ONLY_REGIONAL_TEAM))
        else:
            st.text_input(bind(region.FREEZE_NAME), key=_NAME, max_chars=120)
            st.button(region.FREEZE, on_click=_freeze, type="primary", icon=":material/ac_unit:")


def _line(observatory: Observatory, snapshot: Snapshot) -> None:
    words, button = st.columns([3, 1], vertical_alignment="center")
    by = f", par {snapshot.actor_name} ({snapshot.actor_structure})" if snapshot.actor_name else ""
    with words:
        html.show(
            html.markup(
                '<p class="reg-snapshot"><strong>{}</strong> {}<br>'
                '<span class="obs-small">figé le {}{}</span></p>',
                snapshot.name,
                html.markup('<span class="obs-tag">{}</span>', region.INVENTED)
                if snapshot.is_demonstration and region.INVENTED not in snapshot.name
                else "",
                numbers.format_date(local_day(snapshot.frozen_at)),
                by,
            )
        )
    button.button(
        "Comparer",
        key=f"region_compare_{snapshot.snapshot_id}",
        help=bind(f"Ce qui a changé depuis « {snapshot.name} »"),
        on_click=_compare,
        args=(observatory, snapshot.snapshot_id),
    )


def _freeze() -> None:
    name = str(st.session_state.get(_NAME, ""))
    frozen = inventory_actions.run(
        lambda store, actor: freeze_snapshot(
            store, actor, name, include_demonstration=current_settings().demo
        )
    )
    if frozen is not None:
        inventory_actions.note(region.FROZEN)
        st.session_state[_NAME] = ""


def _compare(observatory: Observatory, number: int) -> None:
    change_selection(observatory, part=Part.CHANGES)
    st.session_state[region_changes.FROM] = number
    st.session_state[region_changes.TO] = region_changes.NOW
