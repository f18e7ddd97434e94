"""The page Méthode et sources: one section at a time, and its projection."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from observatory.config import current_settings
from observatory.domain.indicators import Role
from observatory.errors import UserFacingError
from observatory.french import numbers
from observatory.french.calendar import local_day
from observatory.french.campaign import version_words
from observatory.french.errors import describe_error
from observatory.french.glossary import VERSION_LABELS
from observatory.french.typography import bind
from observatory.store import readers
from observatory.store.engine import open_store
from observatory.ui import frame, html, methode_sections
from observatory.ui.data import load_observatory
from observatory.ui.methode_downloads import show_downloads
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.methode import (
    build_coverage,
    build_detail,
    build_entries,
    build_limits,
    build_sources,
    regression_sentence,
)
from observatory.views.methode_index import IndexView, WhatIf, build_index, build_what_if
from observatory.views.observatory import Observatory
from observatory.views.selection import Chapter, Reading

_STYLE = Path(__file__).parent / "assets" / "methode.css"
_CHAPTERS = {
    Chapter.FIGURES: "Les chiffres",
    Chapter.INDEX: "L’indice de contexte",
    Chapter.FORMULAS: "Les calculs",
    Chapter.LIMITS: "Limites et signes",
    Chapter.SOURCES: "Sources et versions",
    Chapter.WORDS: "Glossaire",
    Chapter.FILES: "Télécharger",
}


@st.fragment
@in_turn
def show_desk() -> None:
    """The method at a desk: a line of sections, then one of them."""
    observatory = load_observatory()
    _show_style()
    with st.container(key="methode_page"):
        frame.show_title("D’où vient ce chiffre\u202f?")
        with st.container(key="choices"):
            st.session_state["methode_section"] = _CHAPTERS[current_selection().chapter]
            st.segmented_control(
                "Rubrique",
                list(_CHAPTERS.values()),
                key="methode_section",
                required=True,
                label_visibility="collapsed",
                on_change=lambda: _open_chapter(observatory, st.session_state["methode_section"]),
            )
        section = current_selection().chapter
        if section is Chapter.FIGURES:
            _show_figures(observatory)
        elif section is Chapter.INDEX:
            _show_index(observatory)
        elif section is Chapter.FORMULAS:
            html.show(methode_sections.formulas(regression_sentence(observatory)))
        elif section is Chapter.LIMITS:
            _show_limits(observatory)
        elif section is Chapter.SOURCES:
            _show_sources(observatory)
        elif section is Chapter.WORDS:
            html.show(methode_sections.glossary())
        else:
            show_downloads(observatory)
    write_address("indicateur", "rubrique")


@st.fragment
@in_turn
def show_projected() -> None:
    """One indicator on a projector: its definition, its regional value, its first limit."""
    observatory = load_observatory()
    _show_style()
    write_address("indicateur")
    codes = list(observatory.catalogue.indicators)
    code = _chosen(observatory)
    view = build_detail(observatory, code)
    latest = view.years[0]
    frame.show_title(bind(view.label))
    html.show(
        html.markup(
            '<div class="method-projected"><div class="obs-eyebrow">{} · {} sur {}</div>'
            '<p class="method-definition">{}</p><div><span class="obs-figure">{}</span> '
            'dans la région en {}</div><p>{}</p><p class="obs-doubt">{}</p></div>',
            view.reading,
            codes.index(code) + 1,
            len(codes),
            bind(view.definition),
            latest.region,
            latest.year,
            bind(f"{latest.resolved} bassins ont une valeur propre ; couverture médiane : {latest.middle}."),
            bind(view.caveats[0] if view.caveats else ""),
        )
    )

    def step(by: int) -> None:
        _choose(observatory, codes[(codes.index(_chosen(observatory)) + by) % len(codes)])

    with st.container(key="basin_steps", horizontal=True):
        st.button("Précédent", key="step_back", shortcut="Left", on_click=step, args=(-1,))
        st.button("Suivant", key="step_on", shortcut="Right", on_click=step, args=(1,))


def _show_figures(observatory: Observatory) -> None:
    left, right = st.columns([1, 2.1], gap="small")
    with left:
        search = st.text_input(
            "Chercher un indicateur",
            key="methode_search",
            placeholder="brevet, revenu, Insee, 2018…",
            icon=":material/search:",
            live=True,
        )
        entries = build_entries(observatory, search or "")
        if not entries:
            st.caption("Aucun indicateur ne contient ces mots.")
            return
        codes = [entry.code for entry in entries]
        chosen = _chosen(observatory)
        st.session_state["methode_indicator"] = chosen if chosen in codes else None
        st.radio(
            "Indicateurs",
            codes,
            format_func={entry.code: bind(entry.label) for entry in entries}.__getitem__,
            captions=[entry.caption for entry in entries],
            key="methode_indicator",
            label_visibility="collapsed",
            on_change=lambda: _choose(observatory, st.session_state["methode_indicator"]),
        )
    with right:
        shown = chosen if chosen in codes else codes[0]
        html.show(methode_sections.detail(build_detail(observatory, shown)))


def _show_index(observatory: Observatory) -> None:
    left, right = st.columns([1, 1.25], gap="small")
    with left:
        html.show(methode_sections.index(_index(observatory.version_id, observatory)))
    with right, st.container(key="what_if"):
        html.show(html.markup("<h2>Et si l’on changeait les dimensions\u202f?</h2>"))
        dimensions = list(
            dict.fromkeys(i.dimension for i in observatory.catalogue.context_indicators() if i.dimension)
        )
        kept = st.pills(
            "Dimensions retenues",
            dimensions,
            selection_mode="multi",
            default=dimensions,
            format_func=lambda code: observatory.catalogue.dimensions[code].label,
            key="methode_dimensions",
        )
        html.show(
            methode_sections.what_if(_what_if(observatory.version_id, tuple(sorted(kept)), observatory))
        )


def _show_limits(observatory: Observatory) -> None:
    left, right = st.columns(2, gap="small")
    with left:
        html.show(methode_sections.limits(build_limits(observatory)))
        if st.button(
            "Voir la fiabilité des limites sur la carte", icon=":material/map:", key="methode_to_map"
        ):
            st.session_state["layer_detail"] = "confidence"
            st.switch_page("pages/carte.py")
    with right:
        html.show(methode_sections.signs())


def _show_sources(observatory: Observatory) -> None:
    html.show(methode_sections.coverage(build_coverage(observatory)))
    left, right = st.columns([1.6, 1], gap="small")
    with left:
        html.show(methode_sections.sources(build_sources(observatory)))
    with right:
        try:
            rows = _versions(observatory.version_id)
        except UserFacingError as error:
            st.error(describe_error(error), icon=":material/error:")
            return
        html.show(
            methode_sections.versions(
                rows,
                f"Affichée : version {observatory.version_id}. "
                "Chaque import qui change un chiffre en ajoute une.",
            )
        )


def _chosen(observatory: Observatory) -> str:
    """The indicator of the selection; the first of the catalogue when the index is selected."""
    code = current_selection().indicator
    return code if code in observatory.catalogue.indicators else next(iter(observatory.catalogue.indicators))


def _open_chapter(observatory: Observatory, label: str) -> None:
    chapter = next((found for found, text in _CHAPTERS.items() if text == label), Chapter.FIGURES)
    change_selection(observatory, chapter=chapter)


def _choose(observatory: Observatory, code: str) -> None:
    is_outcome = observatory.catalogue.indicators[code].role is Role.OUTCOME
    change_selection(observatory, reading=Reading.OBSERVED if is_outcome else Reading.CONTEXT, indicator=code)


def _show_style() -> None:
    st.html(f"<style>{_style()}</style>")


@st.cache_data(show_spinner=False, max_entries=2)
def _index(version_id: int, _observatory: Observatory) -> IndexView:
    del version_id  # key of the cache: the observatory itself is not hashed
    return build_index(_observatory)


@st.cache_data(show_spinner=False, max_entries=64)
def _what_if(version_id: int, kept: tuple[str, ...], _observatory: Observatory) -> WhatIf:
    del version_id
    return build_what_if(_observatory, kept)


@st.cache_data(show_spinner=False, max_entries=2)
def _versions(version_id: int) -> list[tuple[str, str, str]]:
    del version_id
    engine = open_store(current_settings())
    try:
        frame_of_versions = readers.read_versions(engine)
    finally:
        engine.dispose()
    rows = frame_of_versions.sort_values("version_id", ascending=False).to_dict("records")
    return [
        (
            str(row["version_id"]),
            numbers.format_date(local_day(row["created_at"])),
            _version_label(str(row["label"])),
        )
        for row in rows
    ]


def _version_label(label: str) -> str:
    return VERSION_LABELS.get(label) or version_words(label) or label


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")
