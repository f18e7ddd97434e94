"""The selection of a person: told by the address, kept in the session, written back to the address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from observatory.views.observatory import Observatory
from observatory.views.selection import Refused, Selection, conform, parse_selection

_SELECTION = "selection"
_WRITTEN = "selection_address"
_PARAMETERS = (
    "bassin",
    "bassins",
    "lecture",
    "indicateur",
    "annee",
    "projection",
    "vue",
    "section",
    "partie",
    "ecran",
    "rubrique",
    "volet",
)


def read_selection(observatory: Observatory) -> tuple[Selection, tuple[Refused, ...]]:
    """Selection of this run, and the parameters of the address that had to be refused.

    The address wins when it is not the one this session wrote last: a link was opened or "back" was pressed.
    """
    asked = {name: value for name, value in st.query_params.items() if name in _PARAMETERS}
    known: Selection | None = st.session_state.get(_SELECTION)
    if known is not None and (not asked or asked == st.session_state.get(_WRITTEN)):
        return known, ()
    params = dict(asked)
    if known is not None:
        params = {**known.params(), **asked}
        for name in ("projection", "vue", "section", "partie", "ecran", "rubrique", "volet"):
            if name not in asked:
                params.pop(name, None)
        if "lecture" in asked or "indicateur" in asked:
            for name in ("lecture", "indicateur", "annee"):
                if name not in asked:
                    params.pop(name, None)
    selection, refused = parse_selection(params, observatory.catalogue, observatory.basins)
    st.session_state[_SELECTION] = selection
    return selection, refused


def current_selection() -> Selection:
    """Selection of the session, for fragments and callbacks; :func:`read_selection` has run before."""
    return st.session_state[_SELECTION]


def change_selection(observatory: Observatory, **changes: object) -> None:
    """Replace parts of the selection; reading, indicator and year are made to agree."""
    changed = replace(current_selection(), **changes)  # type: ignore[arg-type]
    st.session_state[_SELECTION] = conform(changed, observatory.catalogue)


def write_address(*names: str) -> None:
    """Put the named parts of the selection (and projection) in the address of the page."""
    params = current_selection().params()
    wanted = {name: params[name] for name in (*names, "projection") if params.get(name)}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted
