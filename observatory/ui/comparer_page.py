"""Comparer: choices, the rug, then the funnel and the ranks of the chosen indicator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from observatory.domain.indicators import Role
from observatory.french import campaign_figures as words
from observatory.french import comparing, numbers, texts
from observatory.ui import frame, html
from observatory.ui.campaign_blocks import show_demonstration
from observatory.ui.comparer_exports import show_comparison_downloads
from observatory.ui.comparer_funnel import funnel_table, show_funnel
from observatory.ui.comparer_ranks import ranks_drawing, ranks_table
from observatory.ui.comparer_rug import far_legend, legend, rug
from observatory.ui.data import load_observatory
from observatory.ui.html import join, markup
from observatory.ui.screens import current_screen, show_screen_steps
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.campaign import CampaignView
from observatory.views.campaign_indicators import is_of_campaign
from observatory.views.comparer import Comparer, build_comparer, compared_basins
from observatory.views.honest_ranks import Ranks
from observatory.views.observatory import Observatory
from observatory.views.selection import INDEX_CODE, MAXIMUM_COMPARED, Reading

ADDRESS = ("bassin", "bassins", "indicateur", "annee")
_REFUSED = "comparer_refused"


@st.fragment
@in_turn
def show_desk() -> None:
    """The rug first, whole at 1280x720; the two charts of one indicator under it."""
    observatory = load_observatory()
    _show_style()
    show_demonstration(observatory, has_inventory=False)
    with st.container(key="choices"):
        _choices(observatory)
    write_address(*ADDRESS)
    view = build_comparer(observatory, current_selection())
    frame.show_title(view.title)
    for text in filter(None, (view.notice, st.session_state.pop(_REFUSED, ""))):
        html.show(markup('<div class="obs-notice" role="status">{}</div>', text))
    html.show(join([rug(view), legend()]))
    source, exports = st.columns([5.2, 1], vertical_alignment="top")
    with source:
        frame.show_source(" ".join(filter(None, (view.note, view.source))))
    with exports:
        show_comparison_downloads(view)
    if view.funnel.reason:
        # No plot, no empty card: the ranks take the width, and say why if they have not yet.
        _show_ranks(view.ranks, view.funnel.reason if view.ranks.has_intervals else "")
        return
    left, right = st.columns(2, gap="small")
    with left, st.container(key="comparer_funnel_card"):
        _heading(comparing.FUNNEL_TITLE, view.funnel.title)
        show_funnel(view.funnel, height=520)
        html.show(
            join([_note(f"{view.funnel.note} {comparing.FUNNEL_TERM}"), _twin(funnel_table(view.funnel))])
        )
    with right:
        _show_ranks(view.ranks)


def _show_ranks(ranks: Ranks, reason: str = "") -> None:
    with st.container(key="comparer_ranks_card"):
        _heading("Rangs plausibles" if ranks.has_intervals else "Position", ranks.title)
        said = join(markup("<li>{}</li>", sentence) for sentence in ranks.sentences)
        html.show(
            join(
                [
                    markup('<ul class="cmp-said">{}</ul>', said),
                    ranks_drawing(ranks),
                    _note(" ".join(filter(None, (ranks.note, reason)))),
                    _twin(ranks_table(ranks)),
                ]
            )
        )


@st.fragment
@in_turn
def show_projected() -> None:
    """Two or three screens: the rug, the ranks, the funnel if it can be drawn; the arrows change screen."""
    observatory = load_observatory()
    _show_style()
    write_address(*ADDRESS)
    view = build_comparer(observatory, current_selection())
    of_campaign = tuple(row for row in view.rows if is_of_campaign(row.indicator_code))
    own = tuple(row for row in view.rows if row not in of_campaign)
    screens = [_far_rug(replace(view, rows=own), view.far_title, view.far_source)]
    if observatory.campaign is not None and of_campaign:
        screens.append(_far_rug(replace(view, rows=of_campaign), *_far_campaign(observatory.campaign)))
    charts = len(screens)
    screens.append(lambda: _show_far_position(view))
    if not view.funnel.reason:
        screens.append(lambda: _show_far_funnel(view))
    screen = current_screen("comparer", len(screens))
    # The banner is on the screens that show the campaign, and on no other.
    uses_campaign = is_of_campaign(view.indicator_code) if screen >= charts else screen > 0
    show_demonstration(observatory, has_inventory=False, uses_campaign=uses_campaign, projection=True)
    screens[screen]()
    show_screen_steps("comparer", len(screens))


def _far_rug(view: Comparer, title: str, source: str) -> Callable[[], None]:
    def show() -> None:
        frame.show_title(title)
        html.show(join([rug(view, projection=True), far_legend(view)]))
        frame.show_source(source)

    return show


def _far_campaign(campaign: CampaignView) -> tuple[str, str]:
    """Title and source of the screen of the campaign."""
    invented = campaign.is_demonstration
    return (
        words.campaign_title(campaign.campaign_code, campaign.edition),
        f"{words.source_words(campaign.campaign_code, campaign.edition, is_demonstration=invented)}.",
    )


def _show_far_position(view: Comparer) -> None:
    frame.show_title(f"Position des bassins : {view.ranks.title}")
    _show_far_ranks(view.ranks)


def _show_far_funnel(view: Comparer) -> None:
    frame.show_title(f"{comparing.FUNNEL_TITLE} : {view.funnel.title}. {view.funnel.headline}")
    with st.container(key="comparer_far_funnel"):
        # Under a banner, less room.
        show_funnel(view.funnel, height=490 if is_of_campaign(view.indicator_code) else 530, font=24)


def _choices(observatory: Observatory) -> None:
    selection, catalogue = current_selection(), observatory.catalogue
    st.session_state["compared_basins"] = list(compared_basins(observatory, selection))
    st.session_state["compared_indicator"] = selection.indicator
    st.session_state["compared_year"] = selection.year

    def choose_basins() -> None:
        asked = st.session_state["compared_basins"]
        if len(asked) > MAXIMUM_COMPARED:
            left_out = numbers.join_words(
                [observatory.basins[c].short_label for c in asked[MAXIMUM_COMPARED:]]
            )
            st.session_state[_REFUSED] = f"Quatre bassins au plus : retirez-en un pour ajouter {left_out}."
        change_selection(observatory, basins=tuple(asked[:MAXIMUM_COMPARED]))

    def choose_indicator() -> None:
        code = st.session_state["compared_indicator"]
        change_selection(observatory, reading=_reading(observatory, code), indicator=code, year=None)

    def choose_year() -> None:
        code = current_selection().indicator
        year = st.session_state["compared_year"]
        change_selection(observatory, reading=_reading(observatory, code), year=year)

    basins, indicator, year = st.columns([5.4, 3.6, 1.1], vertical_alignment="bottom")
    # `max_selections` would speak English: the limit is said on the page instead.
    basins.multiselect(
        "Bassins (deux à quatre)",
        list(observatory.basins),
        format_func=lambda code: observatory.basins[code].short_label,
        key="compared_basins",
        placeholder="Choisir des bassins",
        on_change=choose_basins,
    )
    indicator.selectbox(
        "Indicateur des graphiques",
        [*catalogue.indicators, INDEX_CODE],
        format_func=lambda code: (
            texts.INDEX_LABEL if code == INDEX_CODE else catalogue.indicators[code].label
        ),
        key="compared_indicator",
        on_change=choose_indicator,
    )
    years = (
        tuple(sorted(catalogue.indicators[selection.indicator].years, reverse=True))
        if (selection.indicator in catalogue.indicators)
        else (None,)
    )
    year.selectbox(
        "Année",
        years,
        format_func=lambda y: str(y) if y else "–",
        key="compared_year",
        placeholder="–",
        disabled=len(years) < 2,
        on_change=choose_year,
    )


def _reading(observatory: Observatory, code: str) -> Reading:
    if code != INDEX_CODE and observatory.catalogue.indicators[code].role is Role.OUTCOME:
        return Reading.OBSERVED
    return Reading.CONTEXT


def _heading(text: str, detail: str) -> None:
    html.show(markup('<h2 class="cmp-h2">{} <span>{}</span></h2>', text, detail))


def _note(text: str) -> Markup:
    return markup('<p class="cmp-note">{}</p>', text)


def _twin(table: Markup) -> Markup:
    return markup('<details class="cmp-twin"><summary>Lire en tableau</summary>{}</details>', table)


def _show_far_ranks(ranks: Ranks) -> None:
    """The bars of all the basins with the names of the chosen ones, or the sentences that replace them."""
    if ranks.has_intervals:
        html.show(ranks_drawing(ranks, projection=True))
        frame.show_source("1er = valeur la plus élevée. Barre : rangs plausibles.")
        return
    said = join(markup("<li>{}</li>", sentence) for sentence in ranks.sentences)
    html.show(join([markup('<ul class="cmp-said">{}</ul>', said), ranks_drawing(ranks)]))
    frame.show_source(ranks.why_no_interval if ranks.groups else ranks.note)


def _show_style() -> None:
    st.html(f"<style>{_style()}</style>")


@lru_cache(maxsize=1)
def _style() -> str:
    return (Path(__file__).parent / "assets" / "comparer.css").read_text(encoding="utf-8")
