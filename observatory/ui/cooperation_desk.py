"""The page Coopération: one basin (matrix, modalities, subjects) or the whole region, and its projection."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from observatory.french.cooperation import NO_RECORD
from observatory.ui import cooperation_matrix, cooperation_region, frame, html
from observatory.ui.data import load_observatory
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.cooperation_page import (
    BasinCooperation,
    build_basin_cooperation,
)
from observatory.views.observatory import Observatory

_STYLE = Path(__file__).parent / "assets" / "cooperation.css"
_BASIN, _REGION = "Un bassin", "La région"
_ORIGIN = (
    "Inventaire déclaré par les structures, sans points ni classement. "
    "« Non renseigné » n’est pas « pas fait » : on ne sait pas."
)


@st.fragment
@in_turn
def show_desk() -> None:
    """The inventory at a desk: the matrix and the modalities read without scrolling."""
    observatory = load_observatory()
    show_style()
    with st.container(key="cooperation_page"):
        with st.container(key="choices"):
            part, in_words = _choices(observatory)
        write_address("bassin")
        selection = current_selection()
        if part == _REGION:
            cooperation_region.show_region(observatory, selection.basin)
        else:
            _show_basin(observatory, selection.basin, in_words)
        frame.show_source(_ORIGIN)


@st.fragment
@in_turn
def show_projected() -> None:
    """The matrix alone, in cells that are read from the back of the room."""
    observatory = load_observatory()
    show_style()
    write_address("bassin")
    codes, basin = list(observatory.basins), current_selection().basin
    frame.show_page_number(codes.index(basin) + 1, len(codes))
    view = _basin_view(observatory.state_id, basin, observatory)
    html.show(
        html.markup(
            '<div class="coop-projected">{}{}{}</div>',
            _head(view),
            cooperation_matrix.matrix(view),
            cooperation_matrix.matrix_key(),
        )
    )
    frame.show_basin_steps(observatory)


def show_nothing_yet() -> None:
    """No record at all: what will be here, how it will come, and the scale that it will use."""
    show_style()
    first, *rest = NO_RECORD
    frame.show_title(first)
    html.show(
        html.markup(
            '<div class="obs-card coop-nothing">{}</div>',
            html.join(html.markup('<p class="obs-lead">{}</p>', text) for text in rest),
        )
    )
    html.show(html.markup('<section class="obs-card">{}</section>', cooperation_matrix.scale()))


def show_style() -> None:
    """Style of this page only."""
    st.html(f"<style>{_style()}</style>")


def _choices(observatory: Observatory) -> tuple[str, bool]:
    part, basin, words, levels = st.columns([1.5, 3.4, 2.2, 2.4], vertical_alignment="bottom")
    chosen = part.segmented_control(
        "Vue", [_BASIN, _REGION], default=_BASIN, key="cooperation_part", required=True
    )
    st.session_state["cooperation_basin"] = current_selection().basin
    basin.selectbox(
        "Bassin",
        list(observatory.basins),
        format_func=lambda code: observatory.basins[code].basin_label,
        key="cooperation_basin",
        disabled=chosen == _REGION,
        on_change=lambda: change_selection(observatory, basin=st.session_state["cooperation_basin"]),
    )
    in_words = words.toggle("Matrice en toutes lettres", key="cooperation_words", disabled=chosen == _REGION)
    with levels.popover("Ce que veulent dire les niveaux", width="stretch"):
        html.show(cooperation_matrix.scale())
    return str(chosen), in_words


def _show_basin(observatory: Observatory, basin_code: str, in_words: bool) -> None:
    view = _basin_view(observatory.state_id, basin_code, observatory)
    html.show(_head(view))
    left, right = st.columns([1, 1.3], gap="small")
    with left:
        content = (
            html.markup(
                '<div class="coop-words" tabindex="0" role="region" aria-label="Liens en toutes lettres">'
                "{}</div>",
                cooperation_matrix.links(view.links),
            )
            if in_words
            else cooperation_matrix.matrix(view) + cooperation_matrix.matrix_key()
        )
        html.show(
            html.markup(
                '<section class="obs-card coop-card"><h2>Qui travaille avec qui '
                "<small>ce que la ligne dit de la colonne</small></h2>{}</section>",
                content,
            )
        )
        html.show(
            html.markup(
                '<section class="obs-card coop-card"><h2>Sujets pour la réunion</h2>{}</section>',
                cooperation_matrix.subjects(view.subjects),
            )
        )
    with right:
        html.show(
            html.markup(
                '<section class="obs-card coop-card"><h2>Modalités de coopération</h2>{}</section>',
                cooperation_matrix.modalities(view.modalities),
            )
        )


def _head(view: BasinCooperation) -> Markup:
    return html.markup(
        '<div class="coop-head"><h1 class="obs-h1">{}</h1><span class="obs-eyebrow">{}</span></div>',
        view.title,
        view.known,
    )


@st.cache_data(show_spinner=False, max_entries=64)
def _basin_view(state_id: str, basin_code: str, _observatory: Observatory) -> BasinCooperation:
    del state_id  # key of the cache: the observatory itself is not hashed
    return build_basin_cooperation(_observatory, basin_code)


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
