"""Honest ranks on the screen: bars where counts allow them, groups of positions where they do not."""

from __future__ import annotations

from markupsafe import Markup

from observatory.domain.risk import RankMethod
from observatory.export.rank_chart import RankBar, rank_chart
from observatory.french import comparing
from observatory.ui import html
from observatory.ui.html import join, markup
from observatory.views.honest_ranks import RankGroup, Ranks


def ranks_drawing(ranks: Ranks, *, projection: bool = False) -> Markup:
    """The chart with its alternative text, or the groups of positions."""
    if not ranks.has_intervals:
        return join(_group(group) for group in ranks.groups)
    bars = [RankBar(r.label, r.lower, r.median, r.upper, r.band, r.text, r.is_chosen) for r in ranks.rows]
    if projection:
        drawing = rank_chart(bars, width=1240, row=15.0, font=25.0, all_labels=False)
    else:
        drawing = rank_chart(bars)
    return html.svg(drawing, f"Rangs plausibles, {ranks.title}. {' ; '.join(ranks.sentences)}.")


def ranks_table(ranks: Ranks) -> Markup:
    """The table twin: rank interval, probability of the five highest, band."""
    if not ranks.has_intervals:
        return html.table(
            ("Groupe", "Bassin", "Valeur"),
            [
                (group.label, name + (" (choisi)" if is_chosen else ""), value)
                for group in ranks.groups
                for name, value, is_chosen in group.members
            ],
            numeric=(2,),
            caption=f"Groupes de position, {ranks.title}",
        )
    has_draws = ranks.method == RankMethod.BETA_BINOMIAL.value
    headers = ("Bassin", "Rangs plausibles", *(("Parmi les cinq plus élevés", "Bande") if has_draws else ()))
    rows = [
        (
            r.label + (" (choisi)" if r.is_chosen else ""),
            r.text,
            *((comparing.chances(r.top_five), str(r.band)) if r.top_five is not None else ()),
        )
        for r in ranks.rows
    ]
    return html.table(headers, rows, caption=f"Rangs plausibles, {ranks.title}")


def _group(group: RankGroup) -> Markup:
    members = join(
        markup('<li class="{}">{} <span>{}</span></li>', "cmp-chosen" if is_chosen else "", name, value)
        for name, value, is_chosen in group.members
    )
    return markup('<div class="cmp-group"><h3>{}</h3><ul>{}</ul></div>', group.label, members)
