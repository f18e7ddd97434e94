"""The one place that shows a Plotly figure: in French, with nothing fetched and no toolbar.

Plotly is imported by the caller, inside its function, so that pages without it stay light.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatory.geo import palette
from observatory.ui import html

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FONT_FAMILY = "'Source Sans', 'Source Sans 3', sans-serif"
_FRENCH = {
    "dictionary": {"Click to enter axis title": "", "Reset axes": "Revenir au début", "Zoom": "Agrandir"},
    "format": {"decimal": ",", "thousands": "\u202f", "grouping": [3]},
}
_CONFIG = {
    "locale": "fr",
    "locales": {"fr": _FRENCH},
    "displayModeBar": False,
    "displaylogo": False,
    "showTips": False,
    "doubleClick": "reset",
}


def plain(text: str) -> str:
    """Text that Plotly writes as it is: its labels read a small HTML.

    >>> plain("<b>Nice</b>")
    '&lt;b&gt;Nice&lt;/b&gt;'
    """
    return escape(text, quote=False)


def show_figure(figure: Figure, *, key: str, alternative: str, height: int, font: int = 14) -> None:
    """Show ``figure`` with the tokens of the look; ``alternative`` says in words what it shows."""
    figure.update_layout(
        separators=",\u202f",
        height=height,
        font={"family": FONT_FAMILY, "size": font, "color": palette.INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        dragmode=False,
        hoverlabel={"bgcolor": "#ffffff", "bordercolor": palette.LINE, "font": {"size": font}},
    )
    axis = {
        "gridcolor": "#efece5",
        "linecolor": "#c9c5bb",
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": palette.SECONDARY},
        "title": {"font": {"color": palette.SECONDARY, "size": font}},
    }
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    html.show(html.markup('<p class="obs-visually-hidden">{}</p>', alternative))
    st.plotly_chart(figure, key=key, theme=None, config=_CONFIG)
