"""Head of each part of the region view: its sentence, and the mark of the state of the inventory it shows."""

from __future__ import annotations

from observatory.french import numbers
from observatory.french.calendar import local_day
from observatory.ui import frame, html
from observatory.views.observatory import Observatory


def show_head(title: str, observatory: Observatory, *, invented: bool = False) -> None:
    """The heading of the page; the banner too when an invented record is shown that the page did not see."""
    shown_invented = invented or any(e.is_demonstration and e.value for e in observatory.entries)
    if shown_invented and not observatory.has_demonstration:
        frame.show_banner()
    html.show(
        html.markup(
            '<div class="coop-head"><h1 class="obs-h1">{}</h1><span class="obs-eyebrow">{}</span></div>',
            title,
            history_mark(observatory),
        )
    )


def history_mark(observatory: Observatory) -> str:
    """The change of the inventory that the screen stands at: its number and its day."""
    real = [entry for entry in observatory.entries if not entry.is_demonstration]
    if not real:
        return "aucune saisie réelle"
    last = max(real, key=lambda entry: entry.change_id)
    return (
        f"état au changement n° {numbers.format_number(last.change_id)}, "
        f"{numbers.format_date(local_day(last.changed_at))}"
    )
