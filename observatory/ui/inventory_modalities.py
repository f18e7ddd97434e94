"""The section of the eleven modalities: states on the left, the one that is open on the right."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import Edit, RecordKind
from observatory.french import inventory_page as words
from observatory.french.cooperation import MODALITY_LABELS, PARTNERS
from observatory.ui import (
    html,
    inventory_evidence,
    inventory_fields,
    inventory_grid,
    inventory_history,
    inventory_links,
)
from observatory.ui.inventory_context import BasinInventory
from observatory.views.inventory_grid import Entered, modality_grid
from observatory.views.inventory_history import moment_text, signature
from observatory.views.inventory_records import Record

_IN_PLACE = (
    ("description",),
    ("instance", "frequency", "since_on"),
    ("pilot", "co_pilot", "facilitation"),
    ("participants", "tools"),
)
_EVIDENCE = (("evidence",), ("evidence_link",))
_NEXT = (("next_step",), ("difficulty",))


def show_modalities(basin: BasinInventory) -> None:
    """States in place; the fields of one modality in five parts, none of which scrolls far."""
    left, right = st.columns([1, 1.25], gap="small")
    with left, st.container(key="states_card"):
        opened = show_states(basin) or next(iter(Modality)).value
    record = basin.records.find(RecordKind.MODALITY, opened)
    with right, st.container(key="details_card"):
        name, tag = MODALITY_LABELS[Modality(opened)], inventory_links.origin_tag(basin.records, record)
        html.show(html.markup('<h2 class="coop-h2">{}{}</h2>', name, tag))
        _show_parts(basin, record)


def show_states(basin: BasinInventory, *, projection: bool = False) -> str:
    """The list of the modalities with their states; gives the one that is open."""

    def edits_of(entered: Entered) -> list[Edit]:
        record = basin.records.find(RecordKind.MODALITY, entered.cell)
        return [Edit(record.field("status"), entered.value, entered.seen)]

    return inventory_grid.show_grid(
        modality_grid(basin.records), edits_of, reading=basin.reading, projection=projection
    )


def _show_parts(basin: BasinInventory, record: Record) -> None:
    in_place, evidence, following, replies, history = words.PARTS
    # Chosen by a widget of its own, so that only what is read is drawn.
    part = st.segmented_control(
        "Partie",
        words.PARTS,
        default=in_place,
        required=True,
        label_visibility="collapsed",
        key="modality_part",
    )
    catalogue = basin.observatory.catalogue
    if part == in_place:
        inventory_fields.show_fields(record, _IN_PLACE, catalogue, disabled=basin.is_reading)
    elif part == evidence:
        inventory_fields.show_fields(record, _EVIDENCE, catalogue, disabled=basin.is_reading)
        inventory_evidence.show_attachments(record, disabled=basin.is_reading)
    elif part == following:
        inventory_fields.show_fields(record, _NEXT, catalogue, disabled=basin.is_reading)
    elif part == replies:
        _show_replies(basin, record)
    elif part == history:
        html.show(inventory_history.record_history(basin.observatory, basin.records, record))


def _show_replies(basin: BasinInventory, record: Record) -> None:
    html.show(html.markup('<p class="obs-small">{}</p>', words.REPLY_RIGHT))
    written = [
        (partner, reply)
        for partner in Partner
        if (reply := basin.records.find(RecordKind.REPLY, f"{partner}>{record.key}")).is_reported
    ]
    html.show(
        html.join(_reply(PARTNERS[partner].label, reply) for partner, reply in written)
        if written
        else html.markup('<p class="obs-small">{}</p>', words.NO_REPLY)
    )
    labels = {partner.value: PARTNERS[partner].label for partner in Partner}
    own = next((p for p, label in labels.items() if basin.actor and label == basin.actor.structure), None)
    partner = st.selectbox(
        words.REPLY_BY,
        list(labels),
        index=list(labels).index(own or Partner.CIO),
        format_func=labels.__getitem__,
        key=f"reply_by:{record.area_code}",
    )
    inventory_fields.show_field(
        basin.records.find(RecordKind.REPLY, f"{partner}>{record.key}"),
        "text",
        basin.observatory.catalogue,
        disabled=basin.is_reading,
        label=words.REPLY_TEXT,
    )


def _reply(structure: str, reply: Record) -> Markup:
    entry = reply.entries["text"]
    return html.markup(
        '<div class="coop-version"><p class="obs-small"><strong>{}</strong> · {}, {}</p>'
        '<p class="coop-text">{}</p></div>',
        structure,
        signature(entry.actor_name, entry.actor_structure),
        moment_text(entry.changed_at),
        entry.value,
    )
