"""Part « Priorités » of the region view: four situations with their basins, and both intervals of each."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from observatory.french import readings, region, sentences
from observatory.french.texts import NO_INTERVAL
from observatory.ui import html
from observatory.ui.region_head import show_head
from observatory.views.observatory import Observatory
from observatory.views.region_priorities import (
    COORDINATION,
    BasinPriority,
    Extent,
    Quadrant,
    RegionPriorities,
    build_region_priorities,
)

_LEVELS = (0.0, 5.0)
_STRIPES = Markup('<span class="reg-doubted" aria-hidden="true"></span>')


def show_priorities(observatory: Observatory, selected: str) -> None:
    """The four situations beside the figures that they come from."""
    view = load_priorities(observatory)
    show_head(view.title, observatory)
    left, right = st.columns([1, 1.45], gap="small")
    with left:
        html.show(quadrants(view))
    with right:
        html.show(both_sides(view, selected))


def load_priorities(observatory: Observatory) -> RegionPriorities:
    """The view, once for each state of the inventory."""
    return _view(observatory.state_id, observatory)


def quadrants(view: RegionPriorities, *, with_questions: bool = True) -> Markup:
    """Observed above the region in the first line, level under 3 in the first column; then the others."""
    return html.markup(
        '<section class="obs-card reg-quadrants"><div class="reg-four">{}</div>{}<p class="obs-small">{}</p>'
        "</section>",
        html.join(_quadrant(quadrant, with_questions) for quadrant in view.quadrants),
        _undetermined(view),
        " ".join(
            filter(None, (_to_confirm_rule(view, with_questions), _order(view), readings.PRIORITY_CAUTION))
        ),
    )


def _order(view: RegionPriorities) -> str:
    return view.order_note if any(len(quadrant.basins) > 1 for quadrant in view.quadrants) else ""


def _to_confirm_rule(view: RegionPriorities, is_long: bool) -> str:
    if not any(basin.is_to_confirm for basin in view.basins):
        return ""
    return region.TO_CONFIRM_RULE if is_long else f"{region.TO_CONFIRM_SHORT}."


def _to_confirm(basin: BasinPriority, is_word: bool) -> Markup:
    """The sign of a place that is not sure, in words with its reason under the pointer, or as on the map."""
    if not basin.is_to_confirm:
        return Markup("")
    if not is_word:
        return html.markup('{}<span class="obs-visually-hidden"> {}</span>', _STRIPES, readings.TO_CONFIRM)
    return html.markup(' <small class="reg-confirm" title="{}">{}</small>', basin.doubt, readings.TO_CONFIRM)


def both_sides(view: RegionPriorities, selected: str = "") -> Markup:
    """One line a basin: observed and its interval, median level and its bounds, drawn and written."""
    note = f"Rayures : {readings.TO_CONFIRM}. " * any(b.is_to_confirm for b in view.basins)
    note += f"Trait gris : la région ({view.region_text}) et le niveau 3. {region.BOUNDS}"
    if not view.has_interval:
        note = f"Observé : {NO_INTERVAL}. {note}"
    return html.markup(
        '<section class="obs-card reg-sides"><div class="reg-scroll reg-list" tabindex="0" role="region" '
        'aria-label="Observé et niveau médian par bassin"><table class="obs-table"><caption '
        'class="obs-visually-hidden">Observé et niveau médian de chaque bassin, avec leurs intervalles'
        '</caption><thead><tr><th scope="col">Bassin</th><th scope="col" colspan="2">Observé, {}</th>'
        '<th scope="col" colspan="2">Niveau médian déclaré</th><th scope="col">Connues</th>'
        "</tr></thead><tbody>{}</tbody></table></div>"
        '<p class="obs-small">{}</p></section>',
        view.year,
        html.join(_line(view, basin, selected) for basin in view.basins),
        note,
    )


def _quadrant(quadrant: Quadrant, with_questions: bool) -> Markup:
    names = html.join(
        html.markup(
            '<li><a href="?bassin={}" target="_self">{}</a>{}</li>',
            b.code,
            b.short_label,
            _to_confirm(b, with_questions),
        )
        for b in quadrant.basins
    )
    return html.markup(
        '<div class="reg-quadrant reg-{}"><h2>{} <span class="reg-known">({})</span></h2>{}{}</div>',
        quadrant.kind,
        sentences.capitalise(quadrant.label),
        len(quadrant.basins),
        html.markup('<p class="obs-small">{}. {}</p>', quadrant.rule, quadrant.question)
        if with_questions
        else Markup(""),
        html.markup("<ul>{}</ul>", names) if quadrant.basins else Markup("<p>aucun bassin</p>"),
    )


def _undetermined(view: RegionPriorities) -> Markup:
    if not view.undetermined:
        return Markup("")
    reasons: dict[str, list[str]] = {}
    for basin in view.undetermined:
        reasons.setdefault(basin.why or "indéterminé", []).append(basin.short_label)
    return html.markup(
        '<div class="reg-others"><h2>Indéterminés <span class="reg-known">({})</span></h2>{}</div>',
        len(view.undetermined),
        html.join(
            html.markup("<p><em>{} :</em> {}</p>", sentences.capitalise(why), ", ".join(names))
            for why, names in reasons.items()
        ),
    )


def _line(view: RegionPriorities, basin: BasinPriority, selected: str) -> Markup:
    about = f"{basin.situation} : {basin.why}" if basin.why else basin.situation
    if basin.is_to_confirm:
        about = f"{about}, {readings.TO_CONFIRM}"
    return html.markup(
        '<tr class="{}"><th scope="row" title="{}">{}</th><td class="num">{}</td><td>{}'
        '<span class="obs-visually-hidden">{}</span></td><td title="{}">{} '
        '<span class="reg-known">{}</span></td><td>{}</td><td class="num">{}</td></tr>',
        "reg-chosen" if basin.code == selected else "",
        about,
        html.markup(
            '<a href="?bassin={}" target="_self">{}</a>{}<span class="obs-visually-hidden">, {}{}</span>',
            basin.code,
            basin.short_label,
            _STRIPES if basin.is_to_confirm else Markup(""),
            about,
            f" ; {basin.doubt}" if basin.doubt else "",
        ),
        basin.observed_text,
        _strip(basin.observed, view.observed_scale, view.region, "reg-risk"),
        basin.observed_interval,
        basin.level_words,
        basin.level_text,
        basin.level_interval,
        _strip(basin.level, _LEVELS, COORDINATION, "reg-level"),
        basin.known,
    )


def _strip(extent: Extent, scale: tuple[float, float], mark: float | None, kind: str) -> Markup:
    """The value as a point, what it may be as a bar, the reference as a line; told in words beside it."""

    def place(value: float) -> str:
        return f"{100 * (value - scale[0]) / (scale[1] - scale[0]):.1f}%"

    parts = []
    if extent.lower is not None and extent.upper is not None:
        width = f"{100 * (extent.upper - extent.lower) / (scale[1] - scale[0]):.1f}%"
        parts.append(html.markup('<b style="left:{};width:{}"></b>', place(extent.lower), width))
    if mark is not None:
        parts.append(html.markup('<u style="left:{}"></u>', place(mark)))
    if extent.value is not None:
        parts.append(html.markup('<i style="left:{}"></i>', place(extent.value)))
    return html.markup('<span class="reg-strip {}" aria-hidden="true">{}</span>', kind, html.join(parts))


@st.cache_resource(show_spinner=False, max_entries=2)
def _view(state_id: str, _observatory: Observatory) -> RegionPriorities:
    del state_id
    return build_region_priorities(_observatory)
