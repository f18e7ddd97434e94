"""The region view of the cooperation: what the committee reads, part by part; only the part shown is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st

from observatory.french.region import PARTS
from observatory.french.typography import bind
from observatory.ui import html, region_tables
from observatory.ui.region_changes import show_changes
from observatory.ui.region_data import link_view, modality_view
from observatory.ui.region_exports import show_exports
from observatory.ui.region_framework import show_framework
from observatory.ui.region_head import show_head
from observatory.ui.region_priorities import show_priorities
from observatory.ui.region_projected import show_projected_region
from observatory.ui.region_snapshots import show_snapshots
from observatory.ui.selection import change_selection, current_selection
from observatory.views.observatory import Observatory
from observatory.views.region_links import RegionLinks
from observatory.views.region_modalities import RegionModalities
from observatory.views.selection import Part

_STYLE = Path(__file__).parent / "assets" / "region.css"
_CHOICE = "region_part"


def show_region(observatory: Observatory, selected: str) -> None:
    """The region, inside the fragment of the page; on a projector, one screen of it."""
    show_style()
    if current_selection().projection:
        show_projected_region(observatory)
        return
    part = current_selection().part
    st.session_state[_CHOICE] = part
    with st.container(key="region_view"):
        with st.container(key="region_parts"):
            st.segmented_control(
                "Ce que l’on lit de la région",
                list(Part),
                format_func=lambda code: PARTS[code],
                key=_CHOICE,
                label_visibility="collapsed",
                required=True,
                on_change=lambda: change_selection(observatory, part=st.session_state[_CHOICE], screen=1),
            )
        _SHOWN[part](observatory, selected)


def show_style() -> None:
    """Style of the region view only."""
    st.html(f"<style>{_style()}</style>")


def _show_modalities(observatory: Observatory, selected: str) -> None:
    view = modality_view(observatory)
    show_head(view.title, observatory)
    st.html(_modality_html(observatory.state_id, selected, view))


def _show_links(observatory: Observatory, selected: str) -> None:
    view = link_view(observatory)
    show_head(view.title, observatory)
    st.html(_link_html(observatory.state_id, selected, view))


_SHOWN: dict[Part, Callable[[Observatory, str], None]] = {
    Part.MODALITIES: _show_modalities,
    Part.LINKS: _show_links,
    Part.CHANGES: show_changes,
    Part.PRIORITIES: show_priorities,
    Part.FRAMEWORK: show_framework,
    Part.SNAPSHOTS: show_snapshots,
    Part.EXPORT: show_exports,
}


@st.cache_data(show_spinner=False, max_entries=64)
def _modality_html(state_id: str, selected: str, _view: RegionModalities) -> str:
    del state_id  # key of the cache
    # Its spaces are put right once: a tenth of a second for a hundred thousand characters.
    content = html.markup(
        '<section class="obs-card coop-card">{}{}</section>',
        region_tables.modality_table(_view, selected),
        region_tables.status_key(_view.counts),
    )
    return bind(str(content))


@st.cache_data(show_spinner=False, max_entries=64)
def _link_html(state_id: str, selected: str, _view: RegionLinks) -> str:
    del state_id
    content = html.markup(
        '<section class="obs-card coop-card">{}{}<details><summary>Lire en toutes lettres les liens vus '
        "différemment</summary>{}</details></section>",
        region_tables.link_table(_view, selected),
        region_tables.link_key(),
        region_tables.gap_list(_view),
    )
    return bind(str(content))


@lru_cache(maxsize=1)
def _style() -> str:
    return f"{_STYLE.read_text(encoding='utf-8')}\n{region_tables.level_style()}"
