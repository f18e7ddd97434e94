"""The list beside the map: its text twin, with the same selection in both directions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from observatory.views.carte import MapView

_ASSETS = Path(__file__).parent / "assets"
_KEY = "ranking_list"


@st.cache_resource(show_spinner=False)
def _renderer():  # type: ignore[no-untyped-def]
    # Registered once per process: registering again at each run would replace it under the sessions.
    return component(
        "observatoire.ranking_list",
        html='<div class="list"></div>',
        css=(_ASSETS / "ranking_list.css").read_text(encoding="utf-8"),
        js=(_ASSETS / "ranking_list.js").read_text(encoding="utf-8"),
    )


def show_ranking_list(view: MapView, selected: str, on_pick: Callable[[str], None]) -> None:
    """Show the areas of ``view``; ``on_pick`` receives the code of the basin that was chosen."""

    def picked() -> None:
        code = st.session_state[_KEY].picked
        if code:
            on_pick(code)

    bars = [area.bar for area in view.areas if area.bar is not None]
    _renderer()(
        key=_KEY,
        data={
            "title": view.list_title,
            "headers": list(view.headers),
            "selected": selected,
            "bars": bool(bars),
            "signed": any(bar < 0 for bar in bars),
            "wide": not bars,
            "rows": [
                {
                    "code": area.code,
                    # Beside words, the name of the map leaves them their line.
                    "label": area.label if bars or "." in area.short_label else area.short_label,
                    "cells": [{"t": cell.text, "s": cell.sort} for cell in area.cells],
                    "bar": area.bar,
                    "colour": area.fill.colour,
                }
                for area in view.areas
            ],
        },
        on_picked_change=picked,
    )
