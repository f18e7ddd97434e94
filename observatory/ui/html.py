"""HTML written by hand, in one place: every value is escaped by ``Markup.format``, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from markupsafe import Markup
from streamlit.components.v2 import component

from observatory.french.typography import bind


def markup(template: str, /, *values: object, **named: object) -> Markup:
    """``template`` with its values escaped; a value that is already :class:`Markup` is kept.

    >>> markup("<b>{}</b>", "<img onerror=x>")
    Markup('<b>&lt;img onerror=x&gt;</b>')
    """
    return Markup(template).format(*values, **named)  # noqa: S704  (templates are literals of this project)


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces one after the other."""
    return Markup("").join(parts)


_DRAWN_JS = """
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".obs-drawn");
  if (root.shown !== data.html) { root.innerHTML = data.html; root.shown = data.html; }
}
"""


@st.cache_resource(show_spinner=False)
def _drawn():  # type: ignore[no-untyped-def]
    return component(
        "observatoire.drawn", html='<div class="obs-drawn"></div>', js=_DRAWN_JS, isolate_styles=False
    )


def show(content: Markup, *, key: str | None = None) -> None:
    """Put escaped HTML on the page, with the spaces of French typography.

    ``st.html`` removes drawings (it lets HTML through, not SVG): a content that holds one goes through a
    small component, which needs a ``key`` to stay in place when the content changes.
    """
    written = bind(str(content))
    if "<svg" in written:
        _drawn()(key=key, data={"html": written})
    else:
        st.html(written)


def table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, numeric: Iterable[int] = (), caption: str
) -> Markup:
    """An HTML table with a hidden caption; ``numeric`` columns are right-aligned."""
    right = set(numeric)
    head = join(
        markup('<th scope="col" class="{}">{}</th>', "num" if i in right else "", h)
        for i, h in enumerate(headers)
    )
    body = join(
        markup(
            "<tr>{}</tr>",
            join(markup('<td class="{}">{}</td>', "num" if i in right else "", c) for i, c in enumerate(row)),
        )
        for row in rows
    )
    return markup(
        '<table class="obs-table"><caption class="obs-visually-hidden">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        caption,
        head,
        body,
    )


def svg(drawing: str, alternative: str) -> Markup:
    """A drawing of the project with its alternative text; ``export`` has escaped the texts it holds."""
    return markup('<div class="obs-svg" role="img" aria-label="{}">{}</div>', alternative, Markup(drawing))  # noqa: S704
