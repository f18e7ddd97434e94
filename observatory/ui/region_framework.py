"""Part « Cadre » of the region view: what the inventory shows of a modality, and what the team writes."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.domain.cooperation import Modality, ModalityStatus
from observatory.domain.inventory import REGION_AREA, RecordKind
from observatory.french import region
from observatory.french.cooperation import MODALITY_LABELS, STATUS_LABELS
from observatory.french.inventory import FIELD_LABELS
from observatory.french.numbers import join_words
from observatory.ui import html, inventory_history, people, region_data
from observatory.ui.cooperation_matrix import sign
from observatory.ui.inventory_fields import show_fields
from observatory.ui.region_exports import show_framework_downloads
from observatory.ui.region_head import show_head
from observatory.views.framework import Framework, FrameworkLine
from observatory.views.inventory_records import Record, basin_records
from observatory.views.observatory import Observatory

_ONE, _ALL = "Une modalité", "Tout le cadre"
_ROWS = (("shared_points",), ("practice",), ("adopters",), ("due_on", "state"))


def show_framework(observatory: Observatory, selected: str) -> None:
    """One modality to write or to read, or the whole framework as a page; both as a document."""
    del selected
    framework = region_data.load_framework(observatory)
    with st.container(key="region_choices"):
        how, which, files = st.columns([1.2, 1.8, 2.4], vertical_alignment="bottom")
        reading = how.segmented_control(
            "Lire", [_ONE, _ALL], default=_ONE, key="region_framework_reading", required=True
        )
        modality = which.selectbox(
            "Modalité",
            list(Modality),
            format_func=lambda m: MODALITY_LABELS[m],
            key="region_framework_modality",
            disabled=reading == _ALL,
        )
        with files:
            show_framework_downloads(framework)
    count, total = framework.written_count, len(framework.lines)
    title = "Le cadre méthodologique reste à écrire"
    if count:
        title = f"Cadre méthodologique : une pratique est proposée pour {count} modalités sur {total}"
        if count == 1:
            title = f"Cadre méthodologique : une pratique est proposée pour une modalité sur {total}"
    show_head(title, observatory, invented=framework.is_demonstration)
    if reading == _ALL:
        html.show(whole_framework(framework))
    else:
        _show_one(observatory, next(line for line in framework.lines if line.modality is modality))


def evidence(line: FrameworkLine) -> Markup:
    """Where the modality is in place and where not, and which answers come back."""
    states = html.join(
        html.markup(
            "<dt>{}{} <span class='reg-known'>({})</span></dt><dd>{}</dd>",
            sign(status.value),
            STATUS_LABELS[status],
            len(line.basins[status]),
            join_words(list(line.basins[status])) if line.basins[status] else "aucun bassin",
        )
        for status in ModalityStatus
        if line.basins[status] or status in (ModalityStatus.DONE, ModalityStatus.NOT_REPORTED)
    )
    shared = html.join(
        html.markup("<dt>{}</dt><dd>{}</dd>", answers.label, answers.sentence) for answers in line.shared
    )
    common = html.markup("<dl>{}</dl>", shared) if line.shared else Markup("<p>En place nulle part.</p>")
    return html.markup(
        '<section class="obs-card reg-evidence"><h2>Ce que montre l’inventaire</h2><dl>{}</dl>'
        "<h3>Ce qui revient là où c’est en place</h3>{}</section>",
        states,
        common,
    )


def written(line: FrameworkLine) -> Markup:
    """What the regional team wrote, to read."""
    return html.markup(
        '<section class="obs-card reg-written"><h2>Ce que propose le cadre</h2><dl>{}</dl></section>',
        html.join(
            html.markup('<dt>{}</dt><dd class="reg-text">{}</dd>', label, text or region.NOT_WRITTEN)
            for label, text in _texts(line)
        ),
    )


def whole_framework(framework: Framework) -> Markup:
    """The framework as one page: a line a modality."""
    body = html.join(
        html.markup(
            '<tr><th scope="row">{}<span class="coop-detail">{}</span></th>{}</tr>',
            line.label,
            line.count_text,
            html.join(
                html.markup('<td class="reg-text">{}</td>', text or region.NOT_WRITTEN)
                for _, text in _texts(line)
            ),
        )
        for line in framework.lines
    )
    heads = html.join(
        html.markup('<th scope="col">{}</th>', label) for label, _ in _texts(framework.lines[0])
    )
    return html.markup(
        '<section class="obs-card reg-scroll" tabindex="0" role="region" aria-label="Cadre méthodologique">'
        '<table class="obs-table reg-whole"><caption class="obs-visually-hidden">Cadre méthodologique, une '
        'ligne par modalité</caption><thead><tr><th scope="col">Modalité</th>{}</tr></thead>'
        "<tbody>{}</tbody></table></section>",
        heads,
        body,
    )


def _show_one(observatory: Observatory, line: FrameworkLine) -> None:
    actor = people.current_actor()
    may_write = actor is not None and actor.may_edit(REGION_AREA)
    records = basin_records(observatory, REGION_AREA)
    inventory_history.show_conflicts(observatory, records, disabled=not may_write)
    left, right = st.columns([1, 1.1], gap="small")
    with left:
        html.show(evidence(line))
    with right:
        if may_write:
            _fields(observatory, records.find(RecordKind.FRAMEWORK, line.modality.value))
        else:
            html.show(written(line))
            html.show(html.markup('<p class="obs-small">{}</p>', region.ONLY_REGIONAL_TEAM_WRITES))


def _fields(observatory: Observatory, record: Record) -> None:
    with st.container(key="region_framework_fields", border=True):
        show_fields(record, _ROWS, observatory.catalogue, disabled=False, height=96)


def _texts(line: FrameworkLine) -> tuple[tuple[str, str], ...]:
    texts = {
        "shared_points": line.shared_points,
        "practice": line.practice,
        "adopters": line.adopters,
        "due_on": line.due_text if line.due_on else "",
        "state": line.state_text if line.state else "",
    }
    return tuple((FIELD_LABELS[RecordKind.FRAMEWORK, name], text) for name, text in texts.items())
