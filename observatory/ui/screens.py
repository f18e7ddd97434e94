"""Screens of a projected page that does not turn around one basin: previous and next, by arrow too."""

from __future__ import annotations

import streamlit as st

from observatory.ui import frame


def current_screen(page: str, count: int) -> int:
    """Position (from 0) of the screen shown of ``page``, which has ``count``; its number is in the corner."""
    position = min(int(st.session_state.get(f"screen_{page}", 0)), count - 1)
    frame.show_page_number(position + 1, count)
    return position


def show_screen_steps(page: str, count: int) -> None:
    """Buttons of the foot; the first screen follows the last."""

    def step(by: int) -> None:
        st.session_state[f"screen_{page}"] = (int(st.session_state.get(f"screen_{page}", 0)) + by) % count

    # The same place and style as the steps from basin to basin.
    with st.container(key="basin_steps", horizontal=True):
        st.button("Précédent", key="step_back", shortcut="Left", on_click=step, args=(-1,))
        st.button("Suivant", key="step_on", shortcut="Right", on_click=step, args=(1,))
