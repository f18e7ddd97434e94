"""The region: modality by basin, one sign a cell, in the order of the territory and of the convention."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.french.cooperation import STATUS_DESCRIPTIONS
from observatory.ui import frame, html
from observatory.ui.cooperation_matrix import sign
from observatory.views.cooperation_page import RegionColumn, RegionCooperation, build_region_cooperation
from observatory.views.observatory import Observatory


def show_region(observatory: Observatory, selected: str) -> None:
    """The region, inside the fragment of the page."""
    view = _region_view(observatory.state_id, observatory)
    frame.show_title(view.title)
    html.show(
        html.markup(
            '<section class="obs-card coop-card">{}{}</section>',
            region_table(view, selected),
            status_key(view),
        )
    )


@st.cache_data(show_spinner=False, max_entries=2)
def _region_view(state_id: str, _observatory: Observatory) -> RegionCooperation:
    del state_id  # key of the cache: the observatory itself is not hashed
    return build_region_cooperation(_observatory)


def region_table(view: RegionCooperation, selected: str) -> Markup:
    """Eleven lines, one column a basin (a link to it), the share of its known links underneath."""
    academies = html.join(
        html.markup('<th scope="colgroup" colspan="{}">{}, {} bassins</th>', count, name, count)
        for name, count in view.academies
    )
    starts = _first_columns(view)
    basins = html.join(
        html.markup(
            '<th scope="col" class="{}"><a href="?bassin={}" target="_self" title="Ouvrir {}">'
            "<span>{}</span></a></th>",
            _classes(column, position in starts, selected),
            column.code,
            column.label,
            column.short_label,
        )
        for position, column in enumerate(view.columns)
    )
    body = html.join(
        html.markup(
            '<tr><th scope="row">{}</th><td class="coop-done">{}</td>{}</tr>',
            row.label,
            row.done,
            html.join(
                html.markup(
                    '<td class="{}" title="{}">{}<span class="obs-visually-hidden">{}</span></td>',
                    _classes(column, position in starts, selected),
                    cell.meaning,
                    sign(cell.status),
                    cell.meaning.rpartition(" : ")[2],
                )
                for position, (column, cell) in enumerate(zip(view.columns, row.cells, strict=True))
            ),
        )
        for row in view.rows
    )
    known = html.join(
        html.markup('<td class="{}">{}</td>', _classes(column, position in starts, selected), column.known)
        for position, column in enumerate(view.columns)
    )
    return html.markup(
        '<div class="coop-scroll" tabindex="0" role="region" aria-label="Modalités par bassin">'
        '<table class="coop-region"><caption class="obs-visually-hidden">État des onze modalités dans chaque '
        'bassin</caption><colgroup><col class="coop-names"><col class="coop-counts"></colgroup><thead><tr>'
        '<td rowspan="2"></td><th scope="col" rowspan="2" class="coop-done">Bassins où c’est fait</th>'
        "{}</tr><tr>{}</tr></thead><tbody>{}</tbody>"
        '<tfoot><tr><th scope="row">Liens renseignés, en %</th><td></td>{}</tr></tfoot></table></div>',
        academies,
        basins,
        body,
        known,
    )


def status_key(view: RegionCooperation) -> Markup:
    """Sign, word, meaning and number of cells of each state."""
    return html.markup(
        '<ul class="coop-key coop-states" aria-label="Légende des états">{}</ul>',
        html.join(
            html.markup(
                '<li title="{}">{}<strong>{}</strong>&nbsp;({})</li>',
                next(text for state, text in STATUS_DESCRIPTIONS.items() if state.value == code),
                sign(code),
                label,
                count,
            )
            for code, label, count in view.counts
        ),
    )


def _first_columns(view: RegionCooperation) -> set[int]:
    starts, position = set(), 0
    for _, count in view.academies:
        starts.add(position)
        position += count
    return starts


def _classes(column: RegionColumn, is_first: bool, selected: str) -> str:
    return " ".join(
        name for name, wanted in (("coop-edge", is_first), ("coop-chosen", column.code == selected)) if wanted
    )
