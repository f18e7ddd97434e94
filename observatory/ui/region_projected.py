"""The region on a projector: one idea a screen, the tables by académie, arrows from one to the next.

The address tells the part and which screen of it, so that a link opens what the room sees.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from markupsafe import Markup

from observatory.french import region, sentences
from observatory.ui import frame, html, region_tables
from observatory.ui.region_changes import counts_table, latest_changes
from observatory.ui.region_data import link_view, modality_view
from observatory.ui.region_priorities import load_priorities, quadrants
from observatory.ui.selection import change_selection, current_selection
from observatory.views.observatory import Observatory
from observatory.views.region_brief import BasinBrief, build_brief
from observatory.views.region_changes import RegionChanges
from observatory.views.region_columns import academies
from observatory.views.region_links import PAIRS
from observatory.views.selection import Part

_HALF = (len(PAIRS) + 1) // 2


Screen = tuple[Part, Callable[[], None]]


def show_projected_region(observatory: Observatory) -> None:
    """One screen, its number in the corner, and the steps."""
    screens = _screens(observatory)
    position = _position(screens)
    frame.show_page_number(position + 1, len(screens))
    screens[position][1]()
    _show_steps(observatory, screens, position)


def _position(screens: list[Screen]) -> int:
    """Where the selection stands among ``screens``; a part that is not projected gives the first one."""
    selection = current_selection()
    mine = [position for position, (part, _) in enumerate(screens) if part is selection.part]
    return mine[min(selection.screen, len(mine)) - 1] if mine else 0


def _show_steps(observatory: Observatory, screens: list[Screen], position: int) -> None:
    """Buttons of the foot; the first screen follows the last."""

    def step(by: int) -> None:
        other = (position + by) % len(screens)
        part = screens[other][0]
        place = 1 + sum(before is part for before, _ in screens[:other])
        change_selection(observatory, part=part, screen=place)

    with st.container(key="basin_steps", horizontal=True):
        st.button("Précédent", key="step_back", shortcut="Left", on_click=step, args=(-1,))
        st.button("Suivant", key="step_on", shortcut="Right", on_click=step, args=(1,))


def _screens(observatory: Observatory) -> list[Screen]:
    names = academies(observatory)
    found: list[Screen] = [(Part.MODALITIES, partial(_modalities, observatory, name)) for name in names]
    for name in names:
        for rows in (slice(0, _HALF), slice(_HALF, None)):
            found.append((Part.LINKS, partial(_links, observatory, name, rows)))
    return [
        *found,
        *((Part.CHANGES, show) for show in _change_screens(observatory, names)),
        (Part.PRIORITIES, partial(_priorities, observatory)),
    ]


def _modalities(observatory: Observatory, academie: str) -> None:
    view = modality_view(observatory, academie)
    frame.show_title(f"Modalités, académie {sentences.of_name(academie)}")
    html.show(
        html.markup(
            '<div class="reg-projected">{}{}</div>',
            region_tables.status_key(view.counts),
            region_tables.modality_table(view, with_counts=False),
        )
    )


def _links(observatory: Observatory, academie: str, rows: slice) -> None:
    frame.show_title(f"Liens, académie {sentences.of_name(academie)}")
    table = region_tables.link_table(link_view(observatory, academie), rows=rows, with_medians=False)
    html.show(
        html.markup(
            '<div class="reg-projected"><p class="obs-small">{}</p>{}</div>', region.PAIR_SHORT, table
        )
    )


def _change_screens(observatory: Observatory, names: tuple[str, ...]) -> list[Callable[[], None]]:
    """How many answers changed, then what, académie by académie; one screen when there is nothing to tell."""
    view = latest_changes(observatory)
    if view is None:
        return [_no_state]
    found: list[Callable[[], None]] = [partial(_counts, view)]
    for name in names:
        brief = build_brief(observatory, view, name)
        if brief:
            found.append(partial(_changes, view, name, brief))
    return found


def _no_state() -> None:
    frame.show_title("Aucun état figé")
    html.show(html.markup('<p class="obs-lead">{}</p>', region.NO_SNAPSHOT))


def _counts(view: RegionChanges) -> None:
    frame.show_title(view.title)
    html.show(html.markup('<div class="reg-projected">{}</div>', counts_table(view, with_names=False)))


def _changes(view: RegionChanges, academie: str, brief: tuple[BasinBrief, ...]) -> None:
    frame.show_title(f"Depuis « {view.before_name} », académie {sentences.of_name(academie)}")
    html.show(html.markup('<div class="reg-projected">{}</div>', brief_table(brief)))


def brief_table(brief: tuple[BasinBrief, ...]) -> Markup:
    """One line a change told, under the name of its basin, and how many others there are."""
    return html.markup(
        '<table class="reg-brief"><caption class="obs-visually-hidden">{}</caption><tbody>{}</tbody></table>',
        region.BRIEF,
        html.join(_brief(basin) for basin in brief),
    )


def _brief(basin: BasinBrief) -> Markup:
    first, *others = basin.told or ("",)
    span = len(others) + 1
    return html.markup(
        '<tr><th scope="rowgroup" rowspan="{}">{}</th><td>{}</td><td class="reg-rest" rowspan="{}">{}</td>'
        "</tr>{}",
        span,
        basin.label,
        first,
        span,
        basin.others_text,
        html.join(html.markup("<tr><td>{}</td></tr>", sentence) for sentence in others),
    )


def _priorities(observatory: Observatory) -> None:
    view = load_priorities(observatory)
    frame.show_title(view.title)
    html.show(html.markup('<div class="reg-projected">{}</div>', quadrants(view, with_questions=False)))
    frame.show_source(
        f"Observé de {view.year} comparé à la région ({view.region_text}) ; coopération coupée au niveau 3."
    )
