"""The region on a projector: one idea a screen, the tables by académie, arrows from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from observatory.french import region, sentences
from observatory.ui import frame, html, region_tables
from observatory.ui.region_changes import counts_table, latest_changes
from observatory.ui.region_data import link_view, modality_view
from observatory.ui.region_priorities import load_priorities, quadrants
from observatory.ui.screens import current_screen, show_screen_steps
from observatory.views.observatory import Observatory
from observatory.views.region_columns import academies
from observatory.views.region_links import PAIRS

_PAGE = "cooperation_region"
_HALF = (len(PAIRS) + 1) // 2


def show_projected_region(observatory: Observatory) -> None:
    """One screen, its number in the corner, and the steps."""
    screens = _screens(observatory)
    position = current_screen(_PAGE, len(screens))
    screens[position]()
    show_screen_steps(_PAGE, len(screens))


def _screens(observatory: Observatory) -> list[Callable[[], None]]:
    names = academies(observatory)
    found: list[Callable[[], None]] = [partial(_modalities, observatory, name) for name in names]
    for name in names:
        found += [
            partial(_links, observatory, name, slice(0, _HALF)),
            partial(_links, observatory, name, slice(_HALF, None)),
        ]
    return [*found, partial(_changes, observatory), partial(_priorities, observatory)]


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


def _changes(observatory: Observatory) -> None:
    view = latest_changes(observatory)
    if view is None:
        frame.show_title("Aucun état figé")
        html.show(html.markup('<p class="obs-lead">{}</p>', region.NO_SNAPSHOT))
        return
    frame.show_title(view.title)
    html.show(html.markup('<div class="reg-projected">{}</div>', counts_table(view, with_names=False)))


def _priorities(observatory: Observatory) -> None:
    view = load_priorities(observatory)
    frame.show_title(view.title)
    html.show(html.markup('<div class="reg-projected">{}</div>', quadrants(view, with_questions=False)))
    frame.show_source(
        f"Observé de {view.year} comparé à la région ({view.region_text}) ; coopération coupée au niveau 3."
    )
