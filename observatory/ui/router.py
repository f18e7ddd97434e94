"""The pages as data, and what the router must know before any of them runs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class PageEntry:
    """One page: file in ``pages/``, path in the address (empty for the first one), title in the header."""

    file: str
    path: str
    title: str


PAGES = (
    PageEntry("accueil", "", "Accueil"),
    PageEntry("carte", "carte", "Carte"),
    PageEntry("bassin", "bassin", "Bassin"),
    PageEntry("comparer", "comparer", "Comparer"),
    PageEntry("cooperation", "cooperation", "Coopération"),
    PageEntry("croisement", "croisement", "Croisement"),
    PageEntry("methode", "methode", "Méthode"),
)


def is_projected() -> bool:
    """Whether this run is in projection mode: the address of a new session, else the session's selection."""
    selection = st.session_state.get("selection")
    if selection is not None:
        return bool(selection.projection)
    return st.query_params.get("projection", "").lower() == "oui"


def mark_routed() -> None:
    """Told by app.py at each run: this session is framed by the router."""
    st.session_state["routed"] = True


def is_routed() -> bool:
    """Whether app.py has run in this session."""
    return bool(st.session_state.get("routed"))
