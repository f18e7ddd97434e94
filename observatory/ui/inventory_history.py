"""The history of a basin or of one record, and the values that wait for a choice."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.config import current_settings
from observatory.domain.inventory import Change, RecordKind
from observatory.french import inventory_page as words
from observatory.french.inventory import KIND_LABELS
from observatory.store.inventory_entries import first_real_saves, read_history
from observatory.store.inventory_saves import read_conflicts
from observatory.ui import html, inventory_actions
from observatory.ui.data import open_inventory
from observatory.ui.labels import plain
from observatory.views.inventory_history import (
    ConflictCard,
    HistoryLine,
    conflict_cards,
    history_lines,
    moment_text,
    signature,
)
from observatory.views.inventory_records import BasinRecords, Record
from observatory.views.observatory import Observatory

_LIMIT = 200
_SHORT = 12


def show_history(observatory: Observatory, records: BasinRecords) -> None:
    """What happened in the basin, or to one of its records."""
    found = sorted(records.records.values(), key=lambda r: (list(RecordKind).index(r.kind), r.title))
    options: list[tuple[RecordKind, str] | None] = [None, *((r.kind, r.key) for r in found)]
    chosen = st.selectbox(
        words.HISTORY_OF,
        options,
        format_func=lambda option: (
            words.WHOLE_BASIN
            if option is None
            else f"{KIND_LABELS[option[0]]} : {records.find(*option).title}"
        ),
        key=f"history_of:{records.area_code}",
    )
    changes = read_changes(records.area_code, *(chosen or (None, None)))
    lines = history_lines(changes, records, observatory.catalogue, _instead(records.area_code))
    more = words.HISTORY_LIMIT.format(count=_LIMIT) if len(lines) == _LIMIT else ""
    html.show(
        html.markup(
            '<section class="obs-card coop-card coop-long" tabindex="0" role="region" aria-label="{}">{}{}'
            "</section>",
            words.HISTORY_OF,
            _table(lines),
            html.markup('<p class="obs-small">{}</p>', more) if more else "",
        )
    )


def record_history(observatory: Observatory, records: BasinRecords, record: Record) -> Markup:
    """The latest changes of one record, a line each."""
    changes = read_changes(record.area_code, record.kind, record.key, limit=_SHORT)
    lines = history_lines(changes, records, observatory.catalogue, _instead(record.area_code))
    if not lines:
        return html.markup('<p class="obs-small">{}</p>', words.NO_HISTORY)
    return html.markup(
        '<div class="coop-past" tabindex="0" role="region" aria-label="{}"><ul>{}</ul></div>',
        words.SECTION_LABELS["historique"],
        html.join(
            html.markup(
                '<li><span class="obs-small">{} · {}{}</span> {} : <span class="coop-text">{}</span> → '
                '<span class="coop-text">{}</span></li>',
                line.when,
                line.who,
                _tag(line) if line.is_demonstration else f" · {line.cause}",
                line.field,
                line.before,
                line.after,
            )
            for line in lines
        ),
    )


def versions(record: Record, field: str) -> Markup:
    """The former texts of a field, the latest first, each with who wrote it and when."""
    changes = read_changes(record.area_code, record.kind, record.key)
    written = [change for change in changes if change.key.field == field and change.after]
    if not written:
        return html.markup('<p class="obs-small">{}</p>', words.NO_VERSION)
    return html.join(
        html.markup(
            '<div class="coop-version"><p class="obs-small">{}, {}</p><p class="coop-text">{}</p></div>',
            signature(change.actor_name, change.actor_structure),
            moment_text(change.changed_at),
            change.after,
        )
        for change in written
    )


def show_conflicts(observatory: Observatory, records: BasinRecords, *, disabled: bool) -> int:
    """Values that wait, folded so that the section stays in sight; unfolded, each pair has two buttons."""
    conflicts = read_conflicts(open_inventory(), records.area_code)
    if not conflicts:
        return 0
    cards = conflict_cards(conflicts, records, observatory.catalogue)
    told = words.TO_SETTLE_ONE if len(cards) == 1 else words.TO_SETTLE_MORE
    label = plain(told.format(count=len(cards), what=cards[0].what))
    with st.expander(label, key="conflicts_fold", on_change="rerun"):
        _show_cards(cards, disabled=disabled)
    return len(conflicts)


def _show_cards(cards: tuple[ConflictCard, ...], *, disabled: bool) -> None:
    for card in cards:
        with st.container(key=f"conflict_{card.conflict_id}"):
            html.show(_conflict(card))
            for keep_proposed, label in ((False, words.KEEP_CURRENT), (True, words.TAKE_PROPOSED)):
                st.button(
                    label,
                    key=f"settle_{card.conflict_id}_{keep_proposed}",
                    disabled=disabled,
                    on_click=_choose,
                    args=(card, keep_proposed),
                )


def read_changes(
    area_code: str, kind: RecordKind | None = None, record_key: str | None = None, *, limit: int = _LIMIT
) -> tuple[Change, ...]:
    """Changes of a basin or of one record, the latest first."""
    return read_history(
        open_inventory(),
        area_code,
        kind=kind,
        record_key=record_key,
        include_demonstration=current_settings().demo,
        limit=limit,
    )


def _instead(area_code: str) -> frozenset[int]:
    return first_real_saves(open_inventory(), area_code) if current_settings().demo else frozenset()


def _tag(line: HistoryLine) -> Markup:
    return (
        html.markup(' <span class="obs-tag">{}</span>', words.INVENTED) if line.is_demonstration else Markup()
    )


def _choose(card: ConflictCard, keep_proposed: bool) -> None:
    inventory_actions.choose(card.conflict_id, keep_proposed=keep_proposed, seen=card.seen)


def _conflict(card: ConflictCard) -> Markup:
    return html.markup(
        '<section class="coop-conflict"><h2>{} <small>{}</small></h2><dl><div><dt>{}</dt>'
        '<dd class="coop-text">{}</dd><dd class="obs-small">{}</dd></div><div><dt>{}</dt>'
        '<dd class="coop-text">{}</dd><dd class="obs-small">{}</dd></div></dl></section>',
        words.TO_SETTLE,
        card.what,
        words.STANDS_NOW,
        card.current,
        card.current_by,
        words.WAS_PROPOSED,
        card.proposed,
        card.proposed_by,
    )


def _table(lines: tuple[HistoryLine, ...]) -> Markup:
    if not lines:
        return html.markup('<p class="obs-small">{}</p>', words.NO_HISTORY)
    return html.table(
        words.HISTORY_HEADERS,
        [
            (
                line.when,
                html.markup("{}{}", line.who, _tag(line)),
                line.what,
                html.markup('<span class="coop-text">{}</span>', line.before),
                html.markup('<span class="coop-text">{}</span>', line.after),
                line.cause,
            )
            for line in lines
        ],
        caption=words.HISTORY_OF,
    )
