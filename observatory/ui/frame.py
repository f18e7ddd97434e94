"""Frame of every page: style, banner, refused parameters, projection, and the data to show."""

from __future__ import annotations

import os
import socket
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer
from streamlit.runtime.pages_manager import PagesManager

from observatory.french import texts
from observatory.french.numbers import join_words
from observatory.ui import html
from observatory.ui.data import load_observatory
from observatory.ui.router import is_routed
from observatory.ui.selection import change_selection, current_selection, read_selection, write_address
from observatory.views.observatory import Observatory
from observatory.views.selection import Refused, Selection

_ASSETS = Path(__file__).parent / "assets"
_PARAMETER_WORDS = {
    "bassin": "bassin inconnu",
    "bassins": "bassin inconnu, ou au-delà de quatre",
    "lecture": "lecture inconnue",
    "indicateur": "indicateur inconnu, ou qui n’existe pas dans cette lecture",
    "annee": "année sans chiffre pour cet indicateur",
    "projection": "valeur inconnue (oui ou non)",
    "vue": "vue inconnue (bassin ou region)",
    "section": "section inconnue",
    "partie": "partie inconnue",
    "ecran": "écran inconnu",
    "rubrique": "rubrique inconnue",
    "volet": "volet inconnu",
}


@dataclass(frozen=True)
class Page:
    """What a page starts from: the data of this version and the selection of the person."""

    observatory: Observatory
    selection: Selection

    @property
    def projection(self) -> bool:
        return self.selection.projection


def open_page(*parameters: str) -> Page:
    """Start a page: style, data, selection, address (with the named parameters), notices."""
    _require_router()
    _send_at_once()
    observatory = load_observatory()
    selection, refused = read_selection(observatory)
    st.html(f"<style>{_style(selection.projection)}</style>")
    _show_projection_toggle(observatory, selection)
    write_address(*parameters)
    _show_refused(refused, parameters, observatory)
    if not observatory.has_figures:
        st.info(
            "Aucun chiffre n’est encore chargé. Arrêtez l’application et relancez-la par `make run` : "
            "la base est alors construite à partir du dossier `data/`.",
            icon=":material/database:",
        )
        st.stop()
    return Page(observatory, current_selection())


def show_banner(*, projection: bool = False, is_partial: bool = False, text: str = "") -> None:
    """Permanent banner of the screens that show an invented record; one line of it on a projector.

    ``is_partial``: something that was really entered is shown beside it. ``text`` speaks of something else
    than the inventory; its strong words stand between ``**``.
    """
    if not text and is_partial:
        text = texts.DEMONSTRATION_PART_SHORT if projection else texts.DEMONSTRATION_PART
    elif not text:
        text = texts.DEMONSTRATION_SHORT if projection else texts.DEMONSTRATION_BANNER
    strong, rest = text.removeprefix("**").split("**", 1)
    html.show(html.markup('<div class="obs-demo" role="note"><strong>{}</strong>{}</div>', strong, rest))


def show_title(text: str) -> None:
    """The only heading of level one of the page."""
    html.show(html.markup('<h1 class="obs-h1">{}</h1>', text))


def show_page_number(position: int, total: int) -> None:
    """``3 / 28`` in the corner of a projected screen."""
    html.show(html.markup('<div class="obs-page-number">{} / {}</div>', position, total))


def show_source(text: str) -> None:
    """The line of source, at the foot of a screen."""
    html.show(html.markup('<div class="obs-source">{}</div>', text))


def show_basin_steps(observatory: Observatory) -> None:
    """Previous and next basin, by button and by the arrows of the keyboard (projection)."""
    codes = list(observatory.basins)

    def step(by: int) -> None:
        position = (codes.index(current_selection().basin) + by) % len(codes)
        change_selection(observatory, basin=codes[position])

    with st.container(key="basin_steps", horizontal=True):
        st.button("Précédent", key="step_back", shortcut="Left", on_click=step, args=(-1,))
        st.button("Suivant", key="step_on", shortcut="Right", on_click=step, args=(1,))


def _require_router() -> None:
    # Streamlit runs a file of pages/ by itself when its address is the first one asked after a start; the
    # router of app.py must frame it. Told so, it runs app.py for this and every later session. Asked once a
    # session: another session may have told it in between.
    if is_routed() or st.session_state.get("router_asked"):
        return
    st.session_state["router_asked"] = True
    PagesManager.uses_pages_directory = False
    st.rerun()


@st.cache_resource(show_spinner=False)
def _page_repairs() -> ComponentRenderer:
    return component("observatoire.page", js=(_ASSETS / "page.js").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _send_at_once() -> None:
    """Switch off Nagle's algorithm on the sockets of this server, once.

    Streamlit makes its socket without naming TCP, so asyncio leaves the algorithm on, and an answer in
    several messages waits 40 ms for the browser's delayed acknowledgement. What is accepted later inherits
    the option.
    """
    port = st.get_option("server.port")
    for entry in Path("/dev/fd").glob("*"):
        try:
            number = int(entry.name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            with socket.socket(fileno=os.dup(number)) as found:
                if found.family in (socket.AF_INET, socket.AF_INET6) and found.getsockname()[1] == port:
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            continue  # closed meanwhile


def _show_projection_toggle(observatory: Observatory, selection: Selection) -> None:
    with st.container(key="project_toggle"):
        _page_repairs()(key="page_repairs", height=1)
        st.button(
            "Quitter la projection" if selection.projection else "Projeter",
            key="projection_button",
            shortcut="Esc" if selection.projection else None,
            on_click=lambda: change_selection(observatory, projection=not selection.projection),
        )


def _shown_instead(item: Refused, observatory: Observatory) -> str:
    if not item.kept:
        return "La valeur par défaut est affichée."
    names = join_words([observatory.basins[code].short_label for code in item.kept])
    return f"Affichés : {names}." if len(item.kept) > 1 else f"Affiché : {names}."


def _show_refused(
    refused: tuple[Refused, ...], parameters: tuple[str, ...], observatory: Observatory
) -> None:
    for item in refused:
        if item.parameter in (*parameters, "projection"):
            reason = _PARAMETER_WORDS[item.parameter]
            html.show(
                html.markup(
                    '<div class="obs-notice" role="status">Adresse : « {}={} » : {}. {}</div>',
                    item.parameter,
                    item.value[:60],
                    reason,
                    _shown_instead(item, observatory),
                )
            )


@lru_cache(maxsize=2)
def _style(projection: bool) -> str:
    names = ("desk.css", "projection.css") if projection else ("desk.css",)
    return "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in names)
