"""Accueil: three sentences and a map, then what has been received and what has changed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from observatory.config import current_settings
from observatory.export import svg_map
from observatory.ui import frame, html
from observatory.ui.campaign_blocks import path_card, path_rows, show_campaign_style, show_demonstration
from observatory.ui.data import load_geometry, load_observatory, load_previous_version
from observatory.ui.html import join, markup
from observatory.ui.large_legend import large_legend
from observatory.ui.screens import current_screen, show_screen_steps
from observatory.ui.selection import current_selection
from observatory.views.accueil import Accueil, Block, build_accueil, page_questions
from observatory.views.campaign_path import CampaignPath
from observatory.views.carte import MapView
from observatory.views.map_readings import build_map_view
from observatory.views.observatory import Observatory
from observatory.views.report_map import MapArea
from observatory.views.selection import INDEX_CODE, OUTCOME_CODE, Reading, conform

_EYEBROWS = ("Ce qu’on observe", "Ce à quoi c’est associé", "Ce qu’on ne sait pas")
_CAPTION = "Plus foncé : part plus élevée. Hachuré : valeur d’une zone plus large."


def show_desk() -> None:
    """The three sentences beside the map, whole at 1280x720, then the cards and the doors to the pages."""
    observatory = load_observatory()
    view = _view(observatory.state_id, observatory)
    _show_style()
    show_demonstration(observatory, has_inventory=view.has_demonstration)
    frame.show_title(view.title)
    left, right = st.columns([1.42, 1], gap="small")
    with left:
        html.show(_sentences(view))
    with right, st.container(key="home_map"):
        html.show(_map(observatory, Reading.OBSERVED, 520, 352))
        with st.container(key="home_map_foot", horizontal=True, vertical_alignment="center"):
            html.show(markup('<div class="obs-source">{}</div>', _CAPTION))
            st.page_link("pages/carte.py", label="Ouvrir la carte", icon=":material/arrow_forward:")
    if view.path is not None:
        card = path_card(
            view.path, view.path_title, view.path_rate, is_demonstration=view.has_invented_campaign
        )
        html.show(card, key="home_path")
    html.show(markup('<div class="home-blocks">{}</div>', join(_block(block) for block in view.blocks)))
    with st.container(key="home_doors", horizontal=True):
        for file, question in page_questions(observatory, current_selection().basin):
            st.page_link(f"pages/{file}.py", label=question, icon=":material/arrow_forward:")
    frame.show_source(view.source)


def show_projected() -> None:
    """One sentence per screen with the map that shows it; the arrows go from one to the next."""
    observatory = load_observatory()
    view = _view(observatory.state_id, observatory)
    _show_style()
    readings = (Reading.OBSERVED, Reading.GAP, Reading.CONTEXT)
    count = len(readings) + (view.path is not None)
    position = current_screen("accueil", count)
    if view.path is not None and position == len(readings):
        _show_far_path(observatory, view.path, view.path_title, view.path_rate)
        show_screen_steps("accueil", count)
        return
    captions = (
        _CAPTION,
        "Orange : au-dessus de l’attendu. Violet : au-dessous. Motif gris : non calculé.",
        "Indice de contexte. Motif gris : indice non calculé.",
    )
    left, right = st.columns([1.12, 1], gap="medium")
    with left, st.container(key="home_far"):
        html.show(markup('<div class="obs-eyebrow">{}</div>', f"{view.title} {_EYEBROWS[position]}"))
        frame.show_title(view.sentences[position])
        # The sentence of the last screen is the longest, and about the signs.
        is_last = position == len(readings) - 1
        legend = large_legend(_map_view(observatory, readings[position]), signs_only=is_last)
        html.show(legend, key="home_far_legend")
    with right, st.container(key="home_far_map"):
        html.show(_map(observatory, readings[position], 640, 600))
    frame.show_source(captions[position])
    show_screen_steps("accueil", count)


def _show_far_path(observatory: Observatory, path: CampaignPath, title: str, rate: str) -> None:
    """The campaign from afar: the rate, the path, what the unknown could change."""
    show_demonstration(observatory, has_inventory=False, projection=True)
    html.show(markup('<div class="obs-eyebrow">{}</div>', title))
    frame.show_title(rate)
    html.show(join([path_rows(path), markup('<p class="path-far">{} {}</p>', path.bounds, path.note)]))


@st.cache_resource(show_spinner=False, max_entries=2)
def _view(state_id: str, _observatory: Observatory) -> Accueil:
    del state_id  # key of the cache
    return build_accueil(_observatory, load_previous_version(_observatory.version_id))


def _sentences(view: Accueil) -> Markup:
    return join(
        markup('<section class="home-sentence"><h2>{}</h2><p>{}</p></section>', eyebrow, sentence)
        for eyebrow, sentence in zip(_EYEBROWS, view.sentences, strict=True)
    )


def _block(block: Block) -> Markup:
    tag = Markup(' <span class="obs-tag">démonstration</span>') if block.is_demonstration else Markup("")
    return markup(
        '<section class="home-block"><h2>{}{}</h2><div class="home-headline">{}</div><p>{}</p></section>',
        block.title,
        tag,
        block.headline,
        block.text,
    )


def _map(observatory: Observatory, reading: Reading, width: int, height: int) -> Markup:
    # Names would be too small on a projector: the sentence beside the map holds them.
    labels = not current_selection().projection
    drawing, alternative = _drawing(observatory, observatory.version_id, reading, width, height, labels)
    return html.svg(drawing, alternative)


def _map_view(observatory: Observatory, reading: Reading) -> MapView:
    indicator = INDEX_CODE if reading is Reading.CONTEXT else OUTCOME_CODE
    selection = replace(current_selection(), reading=reading, indicator=indicator, year=None)
    return build_map_view(observatory, conform(selection, observatory.catalogue))


@st.cache_data(show_spinner=False, max_entries=12)
def _drawing(
    _observatory: Observatory, version_id: int, reading: Reading, width: int, height: int, labels: bool
) -> tuple[str, str]:
    """Drawing of one reading and its words; ``version_id`` is the key of the cache."""
    del version_id
    view = _map_view(_observatory, reading)
    geometry, folder = load_geometry(), current_settings().static_dir / "geo"
    drawing = svg_map.draw_thumbnail(
        {area.code: MapArea(area.fill, area.short_label) for area in view.areas},
        folder / geometry.basins,
        folder / geometry.base,
        width=width,
        height=height,
        named=view.named,
        labels=labels,
    )
    return drawing, f"Carte des bassins. {view.title}."


def _show_style() -> None:
    st.html(f"<style>{_style()}</style>")
    show_campaign_style()


@lru_cache(maxsize=1)
def _style() -> str:
    return (Path(__file__).parent / "assets" / "accueil.css").read_text(encoding="utf-8")
