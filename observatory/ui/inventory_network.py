"""The network of the structures of a basin: a picture, and the same thing in words beside it."""

from __future__ import annotations

import streamlit as st

from observatory.export.svg_network import network_chart
from observatory.french import inventory_page as words
from observatory.ui import html
from observatory.ui.inventory_context import BasinInventory
from observatory.views.network import Network, build_network


def show_network(basin: BasinInventory) -> None:
    """Picture on the left, one sentence a described pair on the right."""
    network = build_network(basin.observatory, basin.records.area_code)
    left, right = st.columns([1.25, 1], gap="small")
    with left:
        _show_picture(network)
    with right:
        lines = html.join(html.markup("<li>{}</li>", sentence) for sentence in network.sentences)
        html.show(
            html.markup(
                '<section class="obs-card coop-card coop-long" tabindex="0" role="region" aria-label="{}">'
                '<h2>{}</h2><ul class="obs-list">{}</ul></section>',
                words.NETWORK,
                words.NETWORK,
                lines,
            )
        )


def _show_picture(network: Network) -> None:
    picture = html.svg(network_chart(network), network.title)
    html.show(
        html.markup('<section class="obs-card coop-card coop-network">{}</section>', picture),
        key="network_picture",
    )
