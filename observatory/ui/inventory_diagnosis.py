"""The shared diagnosis: three texts written together, each with its former versions."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.domain.inventory import DiagnosisPart, RecordKind
from observatory.french import inventory_page as words
from observatory.french.inventory import DIAGNOSIS_LABELS
from observatory.ui import html, inventory_fields, inventory_history, inventory_links
from observatory.ui.inventory_context import BasinInventory


def show_diagnosis(basin: BasinInventory) -> None:
    """Three texts side by side."""
    for part, place in zip(DiagnosisPart, st.columns(len(DiagnosisPart), gap="small"), strict=True):
        record = basin.records.find(RecordKind.DIAGNOSIS, part)
        with place, st.container(key=f"diagnosis_{part}"):
            inventory_fields.show_field(
                record,
                "text",
                basin.observatory.catalogue,
                disabled=basin.is_reading,
                height=330,
                label=DIAGNOSIS_LABELS[part],
            )
            tag = inventory_links.origin_tag(basin.records, record)
            html.show(html.markup('<p class="obs-small">{}{}</p>', words.DIAGNOSIS_HINT[part], tag))
            with st.expander(words.VERSIONS, key=f"versions_{part}", on_change="rerun") as former:
                if former.open:
                    html.show(inventory_history.versions(record, "text"))


def read_diagnosis(basin: BasinInventory) -> Markup:
    """The three texts to read, on the projector."""
    return html.markup(
        '<div class="coop-read">{}</div>',
        html.join(
            html.markup(
                '<section><h2>{}</h2><p class="coop-text">{}</p></section>',
                DIAGNOSIS_LABELS[part],
                basin.records.find(RecordKind.DIAGNOSIS, part).value("text") or words.BLANK,
            )
            for part in DiagnosisPart
        ),
    )
