"""The network of the structures of a basin: a picture, and the same thing in words beside it."""

from __future__ import annotations

import streamlit as st

from observatory.export.svg_network import SCREEN, WALL, network_chart
from observatory.french import inventory_page as words
from observatory.french import network as network_words
from observatory.ui import cooperation_matrix, html
from observatory.ui.inventory_context import BasinInventory
from observatory.views.network import Network, build_network


def show_network(basin: BasinInventory) -> None:
    """Picture on the left, whole on a small screen; on the right the legend and each known pair in words."""
    network = build_network(basin.observatory, basin.records.area_code)
    left, right = st.columns([1.25, 1], gap="small")
    with left:
        _show_picture(network)
    with right:
        lines = html.join(html.markup("<li>{}</li>", sentence) for sentence in network.sentences)
        html.show(
            html.markup(
                '<section class="obs-card coop-card coop-long" tabindex="0" role="region" aria-label="{}">'
                '<h2>{}</h2><p class="obs-small">{}</p>{}<ul class="obs-list">{}</ul></section>',
                words.NETWORK,
                words.NETWORK,
                network_words.HOW_TO_READ,
                cooperation_matrix.level_key(is_line=True),
                lines,
            )
        )


def show_projected_network(basin: BasinInventory) -> None:
    """The picture as high as the wall; beside it the legend, then every described pair in words."""
    network = build_network(basin.observatory, basin.records.area_code)
    html.show(
        html.markup(
            '<div class="coop-wall"><div class="coop-network">{}</div>'
            '<div class="coop-beside" tabindex="0" role="region" aria-label="{}"><p>{}</p>{}'
            '<h2>{}</h2><ul class="obs-list">{}</ul></div></div>',
            html.svg(network_chart(network, WALL), network.title),
            words.NETWORK_IN_WORDS,
            network_words.HOW_TO_READ_WALL,
            cooperation_matrix.level_key(),
            words.NETWORK_IN_WORDS,
            html.join(html.markup("<li>{}</li>", line) for line in network.wall_lines),
        ),
        key="projected_network",
    )


def _show_picture(network: Network) -> None:
    picture = html.svg(network_chart(network, SCREEN), network.title)
    html.show(
        html.markup('<section class="obs-card coop-card coop-network">{}</section>', picture),
        key="network_picture",
    )
