"""The page Croisement: one facet at a time at a desk, one idea per screen on a projector."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from observatory.french import campaign as words
from observatory.ui import croisement_sections as sections
from observatory.ui import frame, html
from observatory.ui.croisement_exports import show_downloads
from observatory.ui.data import load_observatory
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.croisement import Croisement, build_croisement
from observatory.views.observatory import Observatory
from observatory.views.selection import Facet

ADDRESS = ("volet",)
_STYLE = Path(__file__).parent / "assets" / "croisement.css"
_FACETS = {
    Facet.SUMMARY: "L’essentiel",
    Facet.SOURCES: "Sources et erreurs",
    Facet.LINKS: "Taux de lien",
    Facet.OVERLAP: "Ce que voit chaque base",
    Facet.TRUST: "Justesse",
}


@st.fragment
@in_turn
def show_desk() -> None:
    """A line of facets, then the chosen one; without a campaign, what to run."""
    observatory = load_observatory()
    _show_style()
    with st.container(key="croisement_page"):
        frame.show_title(words.TITLE)
        if observatory.campaign is None:
            html.show(sections.empty())
            write_address()
            return
        view = _view(observatory.version_id, observatory)
        with st.container(key="choices"):
            st.session_state["croisement_facet"] = _FACETS[current_selection().facet]
            st.segmented_control(
                "Volet",
                list(_FACETS.values()),
                key="croisement_facet",
                required=True,
                label_visibility="collapsed",
                on_change=lambda: _open_facet(observatory, st.session_state["croisement_facet"]),
            )
        write_address(*ADDRESS)
        _show_facet(view, current_selection().facet)
        source, exports = st.columns([5.2, 1], vertical_alignment="top")
        with source:
            frame.show_source(f"{view.label}. {view.dates}")
        with exports:
            show_downloads(view)


@st.fragment
@in_turn
def show_projected() -> None:
    """The same facets as screens; the arrows change screen."""
    observatory = load_observatory()
    _show_style()
    write_address(*ADDRESS)
    if observatory.campaign is None:
        frame.show_title(words.TITLE)
        with st.container(key="croisement_far"):
            html.show(sections.empty())
        return
    view = _view(observatory.version_id, observatory)
    facets = list(_FACETS)
    facet = current_selection().facet
    frame.show_page_number(facets.index(facet) + 1, len(facets))
    with st.container(key="croisement_far"):
        _show_screen(view, facet)
    frame.show_source(view.label)

    def step(by: int) -> None:
        at = facets.index(current_selection().facet)
        change_selection(observatory, facet=facets[(at + by) % len(facets)])

    with st.container(key="basin_steps", horizontal=True):
        st.button("Précédent", key="step_back", shortcut="Left", on_click=step, args=(-1,))
        st.button("Suivant", key="step_on", shortcut="Right", on_click=step, args=(1,))


def show_banner(observatory: Observatory, *, projection: bool) -> None:
    """The banner of an invented campaign."""
    if observatory.campaign is not None and observatory.campaign.is_demonstration:
        frame.show_banner(projection=projection, text=words.BANNER_SHORT if projection else words.BANNER)


def _show_facet(view: Croisement, facet: Facet) -> None:
    left, right = st.columns(2, gap="small")
    if facet is Facet.SUMMARY:
        with left:
            html.show(sections.summary(view), key="cx_summary")
        with right:
            html.show(sections.overlap(view), key="cx_overlap")
    elif facet is Facet.SOURCES:
        with left:
            html.show(sections.sources(view), key="cx_sources")
            html.show(sections.repairs(view), key="cx_repairs")
        with right:
            html.show(sections.errors(view), key="cx_errors")
    elif facet is Facet.LINKS:
        with left:
            html.show(sections.matches(view.by_departement), key="cx_departements")
            html.show(sections.review(view), key="cx_review")
        with right:
            html.show(sections.matches(view.by_year), key="cx_years")
    elif facet is Facet.OVERLAP:
        with left:
            html.show(sections.overlap(view), key="cx_overlap_alone")
        with right:
            html.show(sections.overlap_table(view), key="cx_overlap_table")
    else:
        with left:
            html.show(sections.methods(view), key="cx_methods")
            html.show(sections.false_dropouts(view), key="cx_false")
        with right:
            html.show(sections.calibration(view), key="cx_calibration")
            html.show(sections.left_out(view), key="cx_left_out")


def _show_screen(view: Croisement, facet: Facet) -> None:
    if facet is Facet.SUMMARY:
        frame.show_title(words.TITLE)
        html.show(sections.sentences(view), key="cx_far_summary")
    elif facet is Facet.SOURCES:
        frame.show_title("Cinq bases lues, ligne à ligne")
        html.show(sections.sources(view), key="cx_far_sources")
    elif facet is Facet.LINKS:
        frame.show_title(view.by_departement.caption)
        html.show(sections.matches(view.by_departement), key="cx_far_departements")
    elif facet is Facet.OVERLAP:
        frame.show_title("Ce que voit chaque base, seule ou avec d’autres")
        html.show(sections.overlap_drawing(view, font=26, width=1240, rows=7), key="cx_far_overlap")
    else:
        frame.show_title(view.sentences[1])
        drawing = sections.methods_drawing(view, font=26, width=1240)
        said = html.markup('<p class="cx-far">{}</p>', view.sentences[2])
        html.show(html.markup('<div class="cx-under-title">{}</div>{}', drawing, said), key="cx_far_methods")


def _open_facet(observatory: Observatory, label: str) -> None:
    change_selection(
        observatory, facet=next((found for found, text in _FACETS.items() if text == label), Facet.SUMMARY)
    )


@st.cache_data(show_spinner=False, max_entries=2)
def _view(version_id: int, _observatory: Observatory) -> Croisement:
    del version_id  # key of the cache: the observatory itself is not hashed
    assert _observatory.campaign is not None
    return build_croisement(_observatory.campaign)


def _show_style() -> None:
    st.html(f"<style>{_style()}</style>")


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
