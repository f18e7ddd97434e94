"""Part « Depuis le dernier comité » of the region view: any two states, what is not the same, in words."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from observatory.french import numbers, region
from observatory.french.calendar import local_day
from observatory.store.inventory_snapshots import Snapshot
from observatory.ui import html, region_data
from observatory.ui.region_head import show_head
from observatory.views.observatory import Observatory
from observatory.views.region_changes import (
    Block,
    ChangeLine,
    GroupCount,
    RegionChanges,
    Standing,
    build_changes,
    by_area,
    by_modality,
    narrow,
)

FROM, TO = "region_from", "region_to"
"""Keys of the two states, as numbers of snapshots; :data:`NOW` is the present."""
NOW = 0
_BY_AREA, _BY_MODALITY = "Par bassin", "Par modalité"
_SHORT_LIST = ("statuses", "levels", "actions")
MOST_LINES = 400
"""Lines shown at once: more is not read, and slows the page."""


def show_changes(observatory: Observatory, selected: str) -> None:
    """Two states to choose, how many changes of each kind, and the changes."""
    del selected
    snapshots = region_data.load_snapshots(observatory)
    if not snapshots:
        show_head("Aucun état figé", observatory)
        html.show(html.markup('<div class="obs-card"><p class="obs-lead">{}</p></div>', region.NO_SNAPSHOT))
        return
    with st.container(key="region_choices"):
        places = st.columns([3.3, 2.2, 1.9, 1.7], vertical_alignment="bottom")
        before, after = _states(observatory, snapshots, places[0], places[1])
        area, how = _where(observatory, places[2]), _order(places[3])
    view = _changes(observatory.state_id, before, after, observatory)
    show_head(view.title, observatory, invented=view.is_demonstration)
    left, right = st.columns([1, 2.1], gap="small")
    with left:
        html.show(counts_table(view))
    with right:
        kept = narrow(view.lines, groups=_groups(), area=area)
        blocks = by_area(kept) if how == _BY_AREA else by_modality(kept)
        html.show(change_list(blocks, len(view.lines)))


def latest_changes(observatory: Observatory) -> RegionChanges | None:
    """What changed since the last frozen state; None when none is frozen."""
    snapshots = region_data.load_snapshots(observatory)
    if not snapshots:
        return None
    before = region_data.load_standing(observatory, snapshots[-1])
    return _changes(observatory.state_id, before, region_data.load_present(observatory), observatory)


def counts_table(view: RegionChanges, *, with_names: bool = True) -> Markup:
    """Changes by kind: answers that came, changed, were taken back, and in how many basins."""
    shown = [count for count in view.counts if count.reported or count.changed or count.withdrawn]
    table = html.table(
        ("Ce qui change", "renseigné", "modifié", "retiré", "bassins"),
        [_count_row(count) for count in shown],
        numeric=(1, 2, 3, 4),
        caption="Nombre de changements de chaque sorte",
    )
    untouched = ""
    if with_names and view.lines and view.untouched:
        untouched = f"Rien ne change dans : {numbers.join_words(list(view.untouched))}."
    return html.markup(
        '<section class="obs-card reg-counts">{}<p class="obs-small">{}</p><p class="obs-small">{}</p>'
        "</section>",
        table if shown else html.markup("<p>{}</p>", region.NO_CHANGE),
        region.CHANGES_CAUTION,
        untouched,
    )


def change_list(blocks: tuple[Block, ...], total: int) -> Markup:
    """The changes under the name of each basin or modality."""
    shown, left = [], MOST_LINES
    for block in blocks:
        if left > 0:
            shown.append(Block(block.label, block.lines[:left]))
        left -= len(block.lines)
    kept = sum(len(block.lines) for block in blocks)
    told = region.changes_shown(kept, total)
    if left < 0:
        told += f" ; les {MOST_LINES} premiers sont affichés, choisissez un bassin pour lire les autres"
    body = html.join(
        html.markup(
            "<section><h3>{}</h3><ul>{}</ul></section>", block.label, html.join(map(_line, block.lines))
        )
        for block in shown
    )
    return html.markup(
        '<section class="obs-card reg-changes"><p class="obs-small" role="status">{}</p>'
        '<div class="reg-scroll reg-list" tabindex="0" role="region" aria-label="Liste des changements">'
        "{}</div></section>",
        told,
        body if shown else html.markup("<p>{}</p>", region.NO_CHANGE if not total else "Rien dans ce choix."),
    )


def _states(
    observatory: Observatory, snapshots: tuple[Snapshot, ...], start: DeltaGenerator, end: DeltaGenerator
) -> tuple[Standing, Standing]:
    by_number = {snapshot.snapshot_id: snapshot for snapshot in snapshots}
    codes = list(by_number)
    if st.session_state.get(FROM) not in by_number:
        st.session_state[FROM] = codes[-1]
    chosen = start.selectbox("De l’état", codes, key=FROM, format_func=lambda n: _label(by_number[n]))
    later = [NOW, *reversed(codes[codes.index(chosen) + 1 :])]
    if st.session_state.get(TO) not in later:
        st.session_state[TO] = NOW
    until = end.selectbox(
        "À l’état", later, key=TO, format_func=lambda n: region.NOW if n == NOW else _label(by_number[n])
    )
    before = region_data.load_standing(observatory, by_number[chosen])
    if until == NOW:
        return before, region_data.load_present(observatory)
    return before, region_data.load_standing(observatory, by_number[until])


def _where(observatory: Observatory, place: DeltaGenerator) -> str:
    return place.selectbox(
        "Où",
        ["", *observatory.basins],
        format_func=lambda c: observatory.basins[c].basin_label if c else "tous les bassins et la région",
        key="region_area",
    )


def _order(place: DeltaGenerator) -> str:
    chosen = place.segmented_control(
        "Lire", [_BY_AREA, _BY_MODALITY], default=_BY_AREA, key="region_order", required=True
    )
    return str(chosen)


def _groups() -> list[str]:
    return st.multiselect(
        "Ce que l’on montre (rien de choisi : tout)",
        list(region.CHANGE_GROUPS),
        default=_SHORT_LIST,
        format_func=lambda group: region.CHANGE_GROUPS[group],
        key="region_groups",
        placeholder="tout",
    )


def _label(snapshot: Snapshot) -> str:
    day = numbers.format_date(local_day(snapshot.frozen_at))
    return region.snapshot_label(snapshot.name, day, is_invented=snapshot.is_demonstration)


def _count_row(count: GroupCount) -> tuple[object, ...]:
    figures = (count.reported, count.changed, count.withdrawn, count.basins)
    return count.label, *(numbers.format_number(figure) for figure in figures)


def _line(line: ChangeLine) -> Markup:
    about = f"{line.subject}, {line.field[:1].lower()}{line.field[1:]}" if line.field else line.subject
    return html.markup(
        '<li><span class="reg-about">{} :</span> <span class="reg-before">{}</span>'
        '<span aria-hidden="true"> → </span><span class="obs-visually-hidden"> devient </span>'
        '<span class="reg-after">{}</span></li>',
        about,
        line.before,
        line.after,
    )


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs={Standing: lambda s: (s.name, s.at)})
def _changes(state_id: str, before: Standing, after: Standing, _observatory: Observatory) -> RegionChanges:
    del state_id
    return build_changes(_observatory, before, after)
