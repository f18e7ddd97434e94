"""The page Coopération: one basin that is filled in, section by section, or the region; projected too."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from observatory.domain.inventory import REGION_AREA
from observatory.french import inventory_page as words
from observatory.french.cooperation import NO_RECORD
from observatory.ui import (
    cooperation_matrix,
    cooperation_region,
    frame,
    html,
    inventory_actions,
    inventory_diagnosis,
    inventory_drafts,
    inventory_fields,
    inventory_files,
    inventory_history,
    inventory_links,
    inventory_lists,
    inventory_modalities,
    inventory_network,
    people,
)
from observatory.ui.data import load_observatory
from observatory.ui.inventory_context import BasinInventory, open_basin
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.inventory_origin import Origin, shown_origin
from observatory.views.observatory import Observatory
from observatory.views.selection import Scope, Section

_STYLE = Path(__file__).parent / "assets" / "cooperation.css"
_SCOPES = {Scope.BASIN: "Un bassin", Scope.REGION: "La région"}
PARAMETERS = ("bassin", "vue", "section", "partie", "ecran")
"""What this page tells in its address."""
_ORIGIN = (
    "Inventaire déclaré par les structures, sans points ni classement. "
    "« Non renseigné » n’est pas « pas fait » : on ne sait pas."
)
_PROJECTED = (Section.LINKS, Section.NETWORK, Section.MODALITIES, Section.DIAGNOSIS, Section.ACTIONS)
"""Sections that are read from the back of the room."""


@st.fragment
@in_turn
def show_desk() -> None:
    """The inventory at a desk: one section of one basin, or the region."""
    observatory = load_observatory()
    _show_origin(observatory)
    show_style()
    inventory_drafts.begin()
    with st.container(key="cooperation_page"):
        with st.container(key="choices"):
            _choices(observatory)
        inventory_actions.show_notice()
        write_address(*PARAMETERS)
        selection = current_selection()
        if selection.scope is Scope.REGION:
            cooperation_region.show_region(observatory, selection.basin)
        else:
            _show_basin(open_basin(observatory, selection.basin), selection.section)
        frame.show_source(_ORIGIN)
        area = REGION_AREA if selection.scope is Scope.REGION else selection.basin
        inventory_drafts.show_keeper(area, people.current_actor(), inventory_fields.write_found)


@st.fragment
@in_turn
def show_projected() -> None:
    """One section on the wall, filled in there too; arrows change the basin, page keys the section."""
    observatory = load_observatory()
    _show_origin(observatory, projection=True)
    show_style()
    write_address(*PARAMETERS)
    codes, selection = list(observatory.basins), current_selection()
    if selection.scope is Scope.REGION:
        cooperation_region.show_region(observatory, selection.basin)
        return
    frame.show_page_number(codes.index(selection.basin) + 1, len(codes))
    basin = open_basin(observatory, selection.basin)
    section = selection.section if selection.section in _PROJECTED else Section.LINKS
    with st.container(key="cooperation_projected"):
        html.show(_projected_head(basin, section))
        if section is Section.NETWORK:
            inventory_network.show_projected_network(basin)
        elif section is Section.MODALITIES:
            inventory_modalities.show_states(basin, projection=True)
        elif section is Section.DIAGNOSIS:
            html.show(
                html.markup(
                    '<div class="coop-two" tabindex="0" role="region" aria-label="{}">{}{}</div>',
                    words.SECTION_LABELS["diagnostic"],
                    inventory_links.subjects_card(basin),
                    inventory_diagnosis.read_diagnosis(basin),
                )
            )
        elif section is Section.ACTIONS:
            inventory_lists.show_action_states(basin, projection=True)
        else:
            inventory_links.show_matrix(basin, projection=True)
            html.show(cooperation_matrix.matrix_key(invented=basin.records.is_mixed))
    inventory_actions.show_notice()
    frame.show_basin_steps(observatory)
    _show_section_steps(observatory, section)


def _show_origin(observatory: Observatory, *, projection: bool = False) -> None:
    """The banner of what is shown here: that of the basin, or of the whole region; none when all is real."""
    selection = current_selection()
    areas = {selection.basin} if selection.scope is Scope.BASIN else None
    origin = shown_origin(observatory, areas)
    if origin is Origin.REAL:
        # An element all the same: what comes after keeps its place, and the keyboard with it.
        html.show(html.markup('<div class="coop-real"></div>'))
    else:
        frame.show_banner(projection=projection, is_partial=origin is Origin.PARTLY_INVENTED)


def show_style() -> None:
    """Style of this page only."""
    st.html(f"<style>{_style()}</style>")


def _choices(observatory: Observatory) -> None:
    scope, basin, levels, person = st.columns([1.35, 2.6, 1.5, 2.2], vertical_alignment="bottom")
    selection = current_selection()
    st.session_state["cooperation_part"] = selection.scope
    scope.segmented_control(
        "Vue",
        list(_SCOPES),
        format_func=_SCOPES.__getitem__,
        key="cooperation_part",
        required=True,
        on_change=lambda: change_selection(observatory, scope=st.session_state["cooperation_part"]),
    )
    st.session_state["cooperation_basin"] = selection.basin
    basin.selectbox(
        "Bassin",
        list(observatory.basins),
        format_func=lambda code: observatory.basins[code].basin_label,
        key="cooperation_basin",
        disabled=selection.scope is Scope.REGION,
        on_change=lambda: change_selection(observatory, basin=st.session_state["cooperation_basin"]),
    )
    menu = levels.popover(words.LEVELS_MEANING, width="stretch", key="levels_menu", on_change="rerun")
    if menu.open:
        with menu:
            html.show(cooperation_matrix.scale())
    with person:
        people.show_identity(observatory)


def _show_basin(basin: BasinInventory, section: Section) -> None:
    observatory = basin.observatory
    # The same number of elements at each run: what comes after them is never made again, so that the
    # keyboard stays where it is.
    first_words = "" if observatory.has_cooperation else f"{NO_RECORD[1]} {NO_RECORD[2]}"
    html.show(_head(basin) + html.markup('<p class="obs-small coop-nothing">{}</p>', first_words))
    with st.container(key="sections", horizontal=True, vertical_alignment="center"):
        st.session_state["cooperation_section"] = section
        st.segmented_control(
            "Section",
            list(Section),
            format_func=lambda code: words.SECTION_LABELS[code],
            key="cooperation_section",
            required=True,
            label_visibility="collapsed",
            on_change=lambda: change_selection(observatory, section=st.session_state["cooperation_section"]),
        )
        inventory_files.show_files(basin)
        st.button(
            words.UNDO,
            key="undo",
            icon=":material/undo:",
            disabled=basin.is_reading,
            on_click=inventory_actions.undo,
            args=(basin.records.area_code,),
        )
    if basin.reading and basin.actor is not None:
        html.show(html.markup('<p class="obs-notice">{}</p>', basin.reading))
    with st.container(key="conflicts"):
        inventory_history.show_conflicts(observatory, basin.records, disabled=basin.is_reading)
    match section:
        case Section.NETWORK:
            inventory_network.show_network(basin)
        case Section.MODALITIES:
            inventory_modalities.show_modalities(basin)
        case Section.RESOURCES:
            inventory_lists.show_resources(basin)
        case Section.DIAGNOSIS:
            inventory_diagnosis.show_diagnosis(basin)
        case Section.ACTIONS:
            inventory_lists.show_actions(basin)
        case Section.HISTORY:
            inventory_history.show_history(observatory, basin.records)
        case _:
            inventory_links.show_links(basin)


def _show_section_steps(observatory: Observatory, section: Section) -> None:
    position = _PROJECTED.index(section)

    def step(by: int) -> None:
        change_selection(observatory, section=_PROJECTED[(position + by) % len(_PROJECTED)])

    with st.container(key="section_steps", horizontal=True):
        for by, key, shortcut in ((-1, "section_back", "PageUp"), (1, "section_on", "PageDown")):
            other = _PROJECTED[(position + by) % len(_PROJECTED)]
            st.button(words.SECTION_LABELS[other], key=key, shortcut=shortcut, on_click=step, args=(by,))


def _head(basin: BasinInventory) -> Markup:
    return html.markup(
        '<div class="coop-head"><h1 class="obs-h1">{}</h1><span class="obs-eyebrow">{}</span></div>',
        basin.view.title,
        basin.view.known,
    )


def _projected_head(basin: BasinInventory, section: Section) -> Markup:
    title = basin.view.title
    if section not in (Section.LINKS, Section.NETWORK):
        title = f"{basin.view.basin_label} : {words.SECTION_LABELS[section].lower()}"
    return html.markup(
        '<div class="coop-head"><h1 class="obs-h1">{}</h1><span class="obs-eyebrow">{}</span></div>',
        title,
        basin.view.known,
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
