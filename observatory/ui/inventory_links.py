"""The section of the pairs: the matrix that is filled in place, and beside it what to talk about."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.domain.cooperation import CooperationLevel
from observatory.domain.inventory import Edit, RecordKind
from observatory.french import inventory_page as words
from observatory.french.calendar import today
from observatory.french.cooperation import LEVEL_DESCRIPTIONS, LEVEL_LABELS
from observatory.ui import cooperation_matrix, html, inventory_fields, inventory_grid, inventory_history
from observatory.ui.inventory_context import BasinInventory
from observatory.views.inventory_grid import Entered, due_text, open_actions, rating_grid
from observatory.views.inventory_records import BasinRecords, Record

_FIELDS = (("evidence",), ("rated_by", "rated_on"))


def show_links(basin: BasinInventory) -> None:
    """Matrix on the left; on the right the details of the link that is open, or the subjects."""
    left, right = st.columns([1, 1.15], gap="small")
    with left, st.container(key="links_card"):
        html.show(
            html.markup('<h2 class="coop-h2">{} <small>{}</small></h2>', words.WHO_WITH_WHOM, words.READ_AS)
        )
        opened = show_matrix(basin)
        html.show(cooperation_matrix.matrix_key(invented=basin.records.is_mixed))
        if st.toggle(words.IN_WORDS, key="cooperation_words"):
            html.show(
                html.markup(
                    '<div class="coop-words" tabindex="0" role="region" aria-label="{}">{}</div>',
                    words.IN_WORDS,
                    cooperation_matrix.links(basin.view.links),
                )
            )
    with right:
        if opened:
            _show_details(basin, opened)
        else:
            _show_beside(basin)


def show_matrix(basin: BasinInventory, *, projection: bool = False) -> str:
    """The matrix alone; gives the link whose details are open."""

    def edits_of(entered: Entered) -> list[Edit]:
        record = basin.records.find(RecordKind.RATING, entered.cell)
        # The store says who gives a new level, and when.
        return [Edit(record.field("level"), entered.value, entered.seen)]

    return inventory_grid.show_grid(
        rating_grid(basin.view, basin.records), edits_of, reading=basin.reading, projection=projection
    )


def subjects_card(basin: BasinInventory) -> Markup:
    """What to discuss in the meeting."""
    return html.markup(
        '<section class="obs-card coop-card"><h2>{}</h2>{}</section>',
        words.SUBJECTS,
        cooperation_matrix.subjects(basin.view.subjects),
    )


def actions_card(basin: BasinInventory) -> Markup:
    """The actions that are still open, with who leads them and for when."""
    found = open_actions(basin.records)
    lines = html.join(
        html.markup(
            '<li>{} <span class="obs-small">{}</span></li>',
            record.title,
            " · ".join(text for text in (record.value("pilot"), due_text(record, today())) if text),
        )
        for record in found
    )
    return html.markup(
        '<section class="obs-card coop-card"><h2>{} <small>{}</small></h2>{}</section>',
        words.OPEN_ACTIONS,
        len(found) or "",
        html.markup('<ul class="obs-list">{}</ul>', lines)
        if found
        else html.markup('<p class="obs-small">{}</p>', words.NO_OPEN_ACTION),
    )


def _show_beside(basin: BasinInventory) -> None:
    html.show(subjects_card(basin))
    html.show(actions_card(basin))


def _show_details(basin: BasinInventory, key: str) -> None:
    record = basin.records.find(RecordKind.RATING, key)
    with st.container(key="details_card"):
        html.show(
            html.markup(
                '<h2 class="coop-h2">{}{}</h2><p class="coop-said">{}</p>',
                record.title,
                origin_tag(basin.records, record),
                _level(record),
            )
        )
        inventory_fields.show_fields(record, _FIELDS, basin.observatory.catalogue, disabled=basin.is_reading)
        st.button(
            words.CLOSE,
            key="close_link",
            on_click=inventory_grid.open_cell,
            args=(f"{record.area_code}.{RecordKind.RATING}", ""),
        )
        html.show(inventory_history.record_history(basin.observatory, basin.records, record))


def origin_tag(records: BasinRecords, record: Record) -> Markup:
    """« inventé » beside the name of an invented record, where others of the basin are real."""
    if not (records.is_mixed and record.is_invented):
        return Markup()
    return html.markup(' <span class="obs-tag">{}</span>', words.INVENTED_RECORD)


def _level(record: Record) -> str:
    """The level with what one observes at it."""
    if not record.value("level"):
        return words.BLANK
    level = CooperationLevel(int(record.value("level")))
    return f"{int(level)}, {LEVEL_LABELS[level]} : {LEVEL_DESCRIPTIONS[level]}"
