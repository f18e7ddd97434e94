"""The campaign on the sheet of a basin: its path with the switch on the unknown, its rates, its groups."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.export import svg_charts
from observatory.french import campaign_figures as words
from observatory.french.sentences import of_name
from observatory.ui import html
from observatory.ui.campaign_blocks import (
    invented_tag,
    path_rows,
    show_campaign_style,
    shown,
    states_key,
)
from observatory.ui.html import join, markup
from observatory.views.campaign_path import Assumption, Shown
from observatory.views.campaign_sheet import GROUP_MEASURES, CampaignSheet, GroupRow
from observatory.views.fiche import Fiche
from observatory.views.key_figures import KeyFigure

_LABELS = {assumption: words.ASSUMPTIONS[assumption.value] for assumption in Assumption}


def show_campaign_section(fiche: Fiche) -> None:
    """The section, or one line when no campaign was published."""
    campaign = fiche.campaign
    if campaign is None:
        html.show(
            markup(
                '<section class="obs-card"><h2>Campagne</h2><div class="obs-doubt">{}</div></section>',
                words.NOT_PUBLISHED,
            )
        )
        return
    show_campaign_style()
    with st.container(key="sheet_campaign"):
        html.show(
            markup(
                '<h2 class="path-h2">{}{} <span>{}</span></h2><p class="path-lead">{} {}</p>',
                campaign.title,
                invented_tag(campaign.is_demonstration),
                campaign.when,
                campaign.path.sentence,
                campaign.path.bounds,
            )
        )
        left, right = st.columns([1, 1.18], gap="medium")
        with left:
            assumption = _choose_assumption(campaign)
            html.show(
                join([path_rows(campaign.paths[assumption]), _rates(campaign, assumption)]), key="sheet_path"
            )
        with right:
            html.show(_figures(campaign, fiche.title), key="sheet_campaign_rates")
        html.show(_groups(campaign, fiche.title), key="sheet_groups")


def _choose_assumption(campaign: CampaignSheet) -> Assumption:
    """The switch; nothing to choose where the counts it needs are hidden."""
    if not campaign.path.can_suppose:
        return Assumption.APART
    st.session_state.setdefault("sheet_unknown", _LABELS[Assumption.APART])
    chosen = st.segmented_control(
        words.ASSUMPTION_QUESTION,
        list(_LABELS.values()),
        key="sheet_unknown",
        required=True,
    )
    return next((found for found, label in _LABELS.items() if label == chosen), Assumption.APART)


def _rates(campaign: CampaignSheet, assumption: Assumption) -> Markup:
    """The rate of the three areas under the same assumption."""
    places = zip(("bassin", "académie", "région"), campaign.rates[assumption], strict=True)
    told = join(
        markup("<span>{} <strong>{}</strong>{}</span>", place, shown(rate), _bounds(rate))
        for place, rate in places
    )
    return markup('<p class="path-three">Sans diplôme ni solution : {}</p>', told)


def _bounds(rate: Shown) -> Markup:
    return markup(" ({})", rate.detail) if rate.text and rate.detail else Markup("")


def _figures(campaign: CampaignSheet, name: str) -> Markup:
    """The rates with interval, the académie, the region, and the place among the basins."""
    rows = join(_figure(figure, campaign.counts[figure.code]) for figure in campaign.figures)
    basin, academie, region = campaign.delay
    delay = markup(
        '<tr><th scope="row">{}<div class="obs-small">de la sortie au premier accueil</div></th>'
        '<td class="num"><strong>{}</strong></td><td class="num">{}</td><td class="num">{}</td>'
        "<td></td></tr>",
        words.DELAY,
        shown(basin),
        shown(academie),
        shown(region),
    )
    return markup(
        '<table class="obs-table sheet-figures path-figures">'
        '<caption class="obs-visually-hidden">Taux de la campagne {}, avec intervalle et position</caption>'
        '<thead><tr><th scope="col">Taux</th><th scope="col" class="num">Bassin</th>'
        '<th scope="col" class="num">Académie</th><th scope="col" class="num">Région</th>'
        '<th scope="col">Parmi les bassins</th></tr></thead><tbody>{}{}</tbody></table>',
        of_name(name),
        rows,
        delay,
    )


def _figure(figure: KeyFigure, counts: str) -> Markup:
    drawing = Markup("")
    if figure.mark is not None:
        strip = svg_charts.strip_chart(
            figure.others,
            [figure.mark],
            interval=figure.interval,
            reference=figure.reference,
            width=190,
            height=22,
        )
        drawing = html.svg(strip, f"{figure.label} : {figure.position}")
    verdict = f"{figure.sign} {figure.verdict}".strip()
    return markup(
        '<tr><th scope="row">{}<div class="obs-small">{}</div></th>'
        '<td class="num"><strong>{}</strong></td><td class="num">{}</td><td class="num">{}</td>'
        '<td>{}<div class="obs-small">{}</div></td></tr>',
        figure.short_label,
        " · ".join(part for part in (counts, figure.doubt) if part),
        figure.value,
        figure.academie,
        figure.region,
        drawing,
        verdict or figure.position,
    )


def _groups(campaign: CampaignSheet, name: str) -> Markup:
    head = join(
        markup('<th scope="col" class="num">{}</th>', words.COLUMNS[measure]) for measure in GROUP_MEASURES
    )
    body = join(
        join([_group(row, title if i == 0 else "", len(rows)) for i, row in enumerate(rows)])
        for title, rows in campaign.groups
    )
    return markup(
        '<div class="path-wide" tabindex="0" role="region" aria-label="Par groupe">'
        '<table class="obs-table path-groups"><caption class="obs-visually-hidden">Par sexe, âge et origine, '
        '{}</caption><thead><tr><th scope="col">Par</th><th scope="col">Groupe</th>{}'
        '<th scope="col" class="num">Sans diplôme ni solution</th></tr></thead><tbody>{}</tbody></table>'
        "</div>{}",
        name,
        head,
        body,
        states_key(),
    )


def _group(row: GroupRow, title: str, count: int) -> Markup:
    first = markup('<th scope="rowgroup" rowspan="{}">{}</th>', count, title) if title else Markup("")
    return markup(
        '<tr>{}<th scope="row">{}</th>{}<td class="num">{}{}</td></tr>',
        first,
        row.label,
        join(markup('<td class="num">{}</td>', shown(cell, is_short=True)) for cell in row.counts),
        shown(row.rate, is_short=True),
        markup('<span class="obs-small"> {}</span>', row.rate.detail) if row.rate.text else Markup(""),
    )
