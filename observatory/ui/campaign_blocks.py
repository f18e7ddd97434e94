"""What several pages show of a campaign: its banner, the path of the young people, the states of a cell."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from observatory.domain.figures import FigureStatus
from observatory.french import campaign_figures as words
from observatory.french import texts
from observatory.ui import frame
from observatory.ui.html import join, markup
from observatory.ui.signs import state_sign
from observatory.views.campaign_path import CampaignPath, PathStep, Shown
from observatory.views.inventory_origin import Origin, banner, shown_origin
from observatory.views.observatory import Observatory


def show_demonstration(
    observatory: Observatory,
    *,
    has_inventory: bool,
    areas: Collection[str] | None = None,
    uses_campaign: bool = True,
    projection: bool = False,
) -> None:
    """One banner for all that the screen shows of invented records; none when nothing of it is.

    ``areas``: those of which the inventory is shown, all the basins unless told.
    """
    campaign = observatory.campaign
    is_invented = uses_campaign and campaign is not None and campaign.is_demonstration
    shown_areas = observatory.basins if areas is None else areas
    origin = shown_origin(observatory, shown_areas) if has_inventory else Origin.REAL
    if text := banner(origin, with_campaign=is_invented, is_short=projection):
        frame.show_banner(projection=projection, text=text)


def show_campaign_style() -> None:
    """The style of the pieces below."""
    st.html(f"<style>{_style()}</style>")


def invented_tag(is_demonstration: bool) -> Markup:
    """The mark of an invented campaign, after a heading."""
    return markup(' <span class="obs-tag">{}</span>', words.MARK) if is_demonstration else Markup("")


def path_card(path: CampaignPath, title: str, rate: str, *, is_demonstration: bool) -> Markup:
    """A card: what the campaign says in words beside the path."""
    said = join(
        markup("<p{}>{}</p>", Markup(' class="path-rate"') if is_rate else Markup(""), text)
        for is_rate, text in ((True, rate), (False, path.sentence), (False, path.bounds), (False, path.note))
        if text
    )
    return markup(
        '<section class="obs-card path-card"><div class="path-said"><h2>{}{}</h2>{}</div>{}</section>',
        title,
        invented_tag(is_demonstration),
        said,
        path_rows(path),
    )


def path_rows(path: CampaignPath) -> Markup:
    """The path as a table whose bars repeat its numbers."""
    return markup(
        '<table class="path-table"><caption class="obs-visually-hidden">{}, {}</caption>'
        '<thead class="obs-visually-hidden"><tr><th scope="col">Étape</th><th scope="col">Jeunes</th>'
        '<th scope="col">Part</th></tr></thead><tbody>{}</tbody></table>',
        words.TITLE,
        path.title,
        join(_step(step) for step in path.steps),
    )


def shown(cell: Shown, *, is_short: bool = False) -> Markup:
    """A number with what explains it, or the sign of its state with its words.

    ``is_short``: the words are for screen readers only, the key under the table has them.
    """
    if cell.status is not FigureStatus.VALUE and is_short:
        return markup(
            '<span title="{}">{}</span><span class="obs-visually-hidden"> {}</span>',
            texts.STATUS_LABELS[cell.status],
            state_sign(cell.status),
            texts.STATUS_LABELS[cell.status],
        )
    if cell.status is not FigureStatus.VALUE:
        return markup(
            '<span class="path-state">{} <span>{}</span></span>',
            state_sign(cell.status),
            texts.STATUS_LABELS[cell.status],
        )
    if cell.is_small:
        # A light mark: the words are in the key under the table.
        return markup(
            '<span class="path-small" title="{}">{}<span aria-hidden="true"> °</span>'
            '<span class="obs-visually-hidden"> ({})</span></span>',
            words.SMALL,
            cell.text,
            words.SMALL,
        )
    return markup("{}", cell.text)


def states_key() -> Markup:
    """What the signs of a table mean."""
    signs = join(
        markup("<span>{} {}</span>", state_sign(status), texts.STATUS_LABELS[status])
        for status in (FigureStatus.SUPPRESSED, FigureStatus.MISSING, FigureStatus.NOT_APPLICABLE)
    )
    return markup(
        '<p class="path-key">{}<span>0 : zéro, une valeur</span><span>° {}</span></p>', signs, words.SMALL
    )


def _step(step: PathStep) -> Markup:
    bar = Markup("")
    if step.length:
        bar = markup(
            '<i class="path-bar path-{}" style="left:{}%;width:{}%"></i>',
            step.measure.value,
            f"{step.start * 100:.2f}",
            f"{step.length * 100:.2f}",
        )
    return markup(
        '<tr class="{}"><th scope="row">{}</th><td class="num">{}</td>'
        '<td class="path-share"><div class="path-track" aria-hidden="true">{}</div><span>{}</span></td></tr>',
        "path-part" if step.is_part_of_dropouts else "",
        step.label,
        shown(step.count),
        bar,
        step.share,
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (Path(__file__).parent / "assets" / "campaign.css").read_text(encoding="utf-8")
