"""The sheet of a basin on the screen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from observatory.export import svg_charts
from observatory.french import texts
from observatory.french.cooperation import PARTNER_SHORT_LABELS
from observatory.french.sentences import of_name
from observatory.ui import frame, html
from observatory.ui.basin_exports import show_sheet_downloads
from observatory.ui.campaign_blocks import show_demonstration
from observatory.ui.campaign_section import show_campaign_section
from observatory.ui.data import load_observatory
from observatory.ui.html import join, markup
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.fiche import Fiche, build_fiche
from observatory.views.inventory_origin import Origin
from observatory.views.key_figures import KeyFigure
from observatory.views.observatory import Observatory

_ORIGIN_TAGS = {Origin.INVENTED: "démonstration", Origin.PARTLY_INVENTED: "démonstration en partie"}


@st.fragment
@in_turn
def show_desk() -> None:
    """The whole sheet, in reading order: what is observed, the context, the comparison, who is there."""
    observatory, selection = load_observatory(), current_selection()
    write_address("bassin")
    fiche = _fiche(observatory.state_id, selection.basin, observatory)
    show_demonstration(observatory, has_inventory=True, areas={fiche.basin_code})
    with st.container(key="sheet_head", horizontal=True, vertical_alignment="bottom"):
        _basin_choice(observatory)
        show_sheet_downloads(observatory, fiche)
    left, right = st.columns([1.55, 1], gap="small")
    with left:
        _show_identity(fiche)
        _show_figures(fiche)
    with right:
        _show_trend(fiche)
        _show_context(fiche)
        _show_services(fiche)
        _show_cooperation(fiche)
    show_campaign_section(fiche)
    frame.show_source(f"Sources : {' ; '.join(fiche.all_sources)}.")


@st.fragment
@in_turn
def show_projected() -> None:
    """One number, its comparison, its history: the arrows change the basin."""
    observatory, selection = load_observatory(), current_selection()
    write_address("bassin")
    fiche = _fiche(observatory.state_id, selection.basin, observatory)
    show_demonstration(observatory, has_inventory=False, projection=True)
    st.html(f"<style>{_far_style()}</style>")
    codes = list(observatory.basins)
    frame.show_page_number(codes.index(selection.basin) + 1, len(codes))
    html.show(
        markup(
            '<h1 class="obs-h1">{}</h1><div class="obs-eyebrow">{}</div>',
            fiche.title,
            fiche.identity,
        )
    )
    left, right = st.columns([1.1, 1], gap="large")
    with left:
        html.show(
            markup(
                '<section class="obs-card sheet-far"><h2>{}</h2><span class="obs-figure">{}</span> {} '
                '<span class="obs-doubt">{}</span>{}</section>',
                fiche.subject,
                fiche.headline,
                fiche.headline_text,
                fiche.headline_doubt,
                join(markup("<p>{}</p>", line) for line in fiche.lead),
            )
        )
    with right:
        drawing = svg_charts.trend_chart(fiche.trend, width=560, height=210, font=28)
        html.show(
            join(
                [
                    markup('<div class="obs-card sheet-far"><h2>Évolution, en %</h2></div>'),
                    html.svg(drawing, _trend_words(fiche)),
                    markup('<div class="obs-doubt">{}</div>', fiche.trend_note),
                    markup('<p class="sheet-far-campaign">{}</p>', fiche.campaign.lead)
                    if fiche.campaign
                    else Markup(""),
                ]
            )
        )
    html.show(
        markup('<dl class="sheet-far-figures">{}</dl>', join(_far_figure(f) for f in fiche.projected_figures))
    )
    frame.show_source(fiche.far_source)
    frame.show_basin_steps(observatory)


@st.cache_resource(show_spinner=False, max_entries=64)
def _fiche(state_id: str, basin_code: str, _observatory: Observatory) -> Fiche:
    del state_id  # key of the cache, with the basin
    return build_fiche(_observatory, basin_code)


def _basin_choice(observatory: Observatory) -> None:
    st.session_state["sheet_basin"] = current_selection().basin
    st.selectbox(
        "Bassin",
        list(observatory.basins),
        format_func=lambda code: (
            f"{observatory.basins[code].basin_label} ({observatory.basins[code].academie})"
        ),
        key="sheet_basin",
        width=420,
        on_change=lambda: change_selection(observatory, basin=st.session_state["sheet_basin"]),
    )


def _show_identity(fiche: Fiche) -> None:
    html.show(
        markup(
            '<section class="obs-card"><h1 class="obs-h1">{}</h1><div class="obs-eyebrow">{}</div>'
            '<div class="obs-eyebrow">{}</div><p class="obs-lead"><span class="obs-figure">{}</span> {} '
            '<span class="obs-doubt">{}</span></p><ul class="obs-list">{}</ul></section>',
            fiche.title,
            fiche.identity,
            fiche.limits,
            fiche.headline,
            fiche.headline_text,
            fiche.headline_doubt,
            join(markup("<li>{}</li>", line) for line in fiche.full_lead),
        )
    )


def _show_figures(fiche: Fiche) -> None:
    rows = join(_figure_row(figure) for figure in fiche.figures)
    html.show(
        markup(
            '<section class="obs-card"><h2>Chiffres clés</h2><table class="obs-table sheet-figures">'
            '<caption class="obs-visually-hidden">Chiffres clés {}, avec intervalle et position</caption>'
            '<thead><tr><th scope="col">Indicateur</th><th scope="col" class="num">Bassin</th>'
            '<th scope="col" class="num">Académie</th><th scope="col" class="num">Région</th>'
            '<th scope="col">Parmi les bassins</th></tr></thead><tbody>{}</tbody></table>'
            '<div class="obs-eyebrow">Traits : les autres bassins ; pointillé : la région ; '
            "barre : intervalle à 95 %. Entre parenthèses : valeur qui ne prend part à aucune comparaison."
            "</div></section>",
            of_name(fiche.title),
            rows,
        )
    )


def _figure_row(figure: KeyFigure) -> Markup:
    drawing = Markup("")
    if figure.mark is not None:
        strip = svg_charts.strip_chart(
            figure.others,
            [figure.mark],
            interval=figure.interval,
            reference=figure.reference,
            width=210,
            height=24,
        )
        drawing = html.svg(strip, f"{figure.label} : {figure.position}")
    verdict = f"{figure.sign} {figure.verdict}".strip()
    return markup(
        '<tr><th scope="row">{}<div class="obs-small">{} · {}</div></th>'
        '<td class="num"><strong>{}</strong></td><td class="num">{}</td><td class="num">{}</td>'
        '<td>{}<div class="obs-small">{}</div></td></tr>',
        figure.label,
        figure.year,
        figure.doubt,
        figure.value,
        figure.academie,
        figure.region,
        drawing,
        verdict or figure.position,
    )


def _far_figure(figure: KeyFigure) -> Markup:
    verdict = f"{figure.sign} {figure.verdict}".strip()
    beside = f"région : {figure.region}" if figure.mark is not None else figure.doubt
    return markup(
        "<div><dt>{}, {}</dt><dd><strong>{}</strong> {}</dd><dd>{}</dd></div>",
        figure.short_label,
        figure.year,
        figure.value,
        beside,
        verdict or figure.position,
    )


@lru_cache(maxsize=1)
def _far_style() -> str:
    return (Path(__file__).parent / "assets" / "sheet_far.css").read_text(encoding="utf-8")


def _trend_words(fiche: Fiche) -> str:
    return "Évolution : " + ", ".join(f"{p.year} : {p.text}" for p in fiche.trend if p.text)


def _show_trend(fiche: Fiche) -> None:
    drawing = svg_charts.trend_chart(fiche.trend, width=420, height=150)
    rows = ((p.year, p.text or "–", "–" if p.region is None else p.region_text) for p in fiche.trend)
    twin = html.table(("Année", "Bassin", "Région"), rows, numeric=(1, 2), caption="Évolution, en %")
    html.show(
        markup(
            '<section class="obs-card"><h2>Ni en emploi ni en formation, en %</h2>{}'
            '<div class="obs-doubt">{}</div>'
            "<details><summary>Voir les chiffres</summary>{}</details></section>",
            html.svg(drawing, _trend_words(fiche)),
            fiche.trend_note,
            twin,
        )
    )


def _show_context(fiche: Fiche) -> None:
    content = markup('<div class="obs-doubt">{}</div>', fiche.context_note)
    if fiche.contributions:
        words = ", ".join(f"{label} {text}" for label, _, text in fiche.contributions)
        drawing = svg_charts.contribution_chart(fiche.contributions, width=420)
        content = join([html.svg(drawing, f"Contributions à l’indice de contexte : {words}"), content])
    near = Markup("")
    if fiche.comparable:
        listed = join(markup("<li>{} : {}</li>", label, value) for label, value in fiche.comparable)
        near = markup(
            '<h3>{}</h3><ul class="obs-list">{}</ul><div class="obs-small">{}</div>',
            fiche.comparable_title,
            listed,
            fiche.comparable_note,
        )
    html.show(markup('<section class="obs-card"><h2>Contexte</h2>{}{}</section>', content, near))


def _show_services(fiche: Fiche) -> None:
    lines = join(
        markup(
            "<details><summary>{} : {}</summary><ul>{}</ul></details>",
            line.kind,
            line.count,
            join(markup("<li>{}</li>", name) for name in line.names),
        )
        for line in fiche.services
    )
    html.show(
        markup(
            '<section class="obs-card"><h2>Services présents</h2>{}<div class="obs-doubt">{}</div></section>',
            lines,
            fiche.access,
        )
    )


def _show_cooperation(fiche: Fiche) -> None:
    if not fiche.has_records:
        html.show(
            markup(
                '<section class="obs-card"><h2>Coopération</h2><div class="obs-doubt">{}</div></section>',
                "Aucun enregistrement : l’inventaire de la coopération de ce bassin n’est pas commencé.",
            )
        )
        return
    drawing = svg_charts.matrix_chart(PARTNER_SHORT_LABELS, fiche.levels, fiche.gaps, cell=27, font=13)
    words = f"Matrice des coopérations déclarées, renseignée à {fiche.cooperation.completeness:.0%}".replace(
        "%", " %"
    )
    html.show(
        markup(
            '<section class="obs-card"><h2>Coopération{}</h2>{}<div class="obs-small">{}</div></section>',
            markup(' <span class="obs-tag">{}</span>', _ORIGIN_TAGS[fiche.origin])
            if fiche.origin in _ORIGIN_TAGS
            else "",
            html.svg(drawing, words),
            "0 "
            + texts.COOPERATION_LEVELS[0]
            + " … 5 "
            + texts.COOPERATION_LEVELS[5]
            + " · ? non renseigné · cadre : sujet pour la réunion",
        )
    )
