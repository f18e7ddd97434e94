"""The page of the map: choices, map, panel and list in one fragment, so that the rest does not run again."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from observatory.domain.indicators import Catalogue
from observatory.export.svg_charts import trend_chart
from observatory.french import texts
from observatory.french.readings import TO_CONFIRM
from observatory.ui import frame, html
from observatory.ui.data import load_commune_figures, load_observatory
from observatory.ui.large_legend import large_legend, longest_label
from observatory.ui.map_exports import show_map_exports
from observatory.ui.map_widget import show_map
from observatory.ui.ranking_list import show_ranking_list
from observatory.ui.selection import change_selection, current_selection, write_address
from observatory.ui.turns import in_turn
from observatory.views.campaign_indicators import is_of_campaign
from observatory.views.carte import MapView, Panel
from observatory.views.commune_layer import CommuneDetail, build_commune_figures, build_confidence
from observatory.views.map_readings import build_map_view
from observatory.views.observatory import Observatory
from observatory.views.selection import INDEX_CODE, Reading, Selection, indicator_options, year_options
from observatory.views.trend import build_trend

_LONGEST_INSIDE = 27
"""Letters in the longest line of a legend that stands on a projected map."""
_LONGEST_SOURCE = 120
_SERVICES, _DETAIL = "layer_services", "layer_detail"
"""Where the session keeps the kinds of services that are shown and the detail by commune."""
_ADDRESS = ("lecture", "indicateur", "annee", "bassin")


@st.fragment
@in_turn
def show_desk() -> None:
    """The map at a desk: everything needed to read it without scrolling."""
    observatory, selection = load_observatory(), current_selection()
    view = build_map_view(observatory, selection)
    _show_banner(view)
    with st.container(key="choices"):
        services, detail = _choices(observatory, selection, view)
    selection = current_selection()
    write_address(*_ADDRESS)
    left, right = st.columns([1.62, 1], gap="small")
    with left:
        show_map(
            view,
            selection.basin,
            paint_id=_paint_id(selection, detail.title if detail else ""),
            services=services,
            detail=detail,
            on_pick=lambda code: change_selection(observatory, basin=code),
            on_notice=_toggle_confidence,
        )
    with right, st.container(key="side"):
        frame.show_title(view.title)
        _show_order(view)
        _show_panel(view.panel, selection)
        show_ranking_list(view, selection.basin, lambda code: change_selection(observatory, basin=code))
    frame.show_source(" ".join(filter(None, (view.source, view.note))))


@st.fragment
@in_turn
def show_projected() -> None:
    """The map on a projector: a sentence, the map, one number with its comparison and its doubt."""
    observatory, selection = load_observatory(), current_selection()
    write_address(*_ADDRESS)
    view = build_map_view(observatory, selection)
    _show_banner(view, projection=True)
    # Under a history there is no room left: the legend then stands on the map, if its lines are short.
    # A campaign has one point: nothing to draw in time.
    has_history = selection.reading is Reading.OBSERVED and not is_of_campaign(selection.indicator)
    is_inside = has_history and longest_label(view) <= _LONGEST_INSIDE
    codes = list(observatory.basins)
    frame.show_page_number(codes.index(selection.basin) + 1, len(codes))
    frame.show_title(view.title)
    _show_order(view)
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        show_map(
            view,
            selection.basin,
            paint_id=_paint_id(selection, "projection"),
            projection=True,
            has_legend=is_inside,
            on_pick=lambda code: change_selection(observatory, basin=code),
        )
    with right:
        # The headline says "à confirmer": its reasons would push the legend over the foot.
        is_doubted = selection.reading is Reading.PRIORITIES and TO_CONFIRM in view.panel.headline
        _show_panel(replace(view.panel, doubt="") if is_doubted else view.panel, selection)
        if has_history:
            _show_history(observatory, selection)
        if not is_inside:
            html.show(large_legend(view), key="projected_legend")
    frame.show_source(_short_source(view.source))
    frame.show_basin_steps(observatory)


def _show_banner(view: MapView, *, projection: bool = False) -> None:
    # In a place that is always there: what comes after it, the frame of the map, is never made again.
    with st.container(key="banner"):
        if view.is_demonstration:
            frame.show_banner(projection=projection, text=view.banner, is_partial=view.is_partly_real)


def _show_order(view: MapView) -> None:
    """The reason of the order in which the title names basins, and the names that it has no room for."""
    if view.order_note:
        html.show(html.markup('<div class="obs-order">{}</div>', view.order_note))


def _show_history(observatory: Observatory, selection: Selection) -> None:
    indicator = observatory.catalogue.indicators[selection.indicator]
    points, note = build_trend(observatory, selection.basin, indicator)
    words = ", ".join(f"{p.year} : {p.text}" for p in points if p.text)
    drawing = html.svg(trend_chart(points, width=430, height=176, font=27), f"Évolution : {words}")
    html.show(html.join([drawing, html.markup('<div class="obs-doubt">{}</div>', note)]), key="history")


def _short_source(source: str) -> str:
    """The first sentences of the source, two lines of large letters with what is said of the limits."""
    kept = "Limites reconstituées."
    first, *others = source.removesuffix(".").split(". ")
    for sentence in others:
        if len(f"{first}. {sentence}. {kept}") > _LONGEST_SOURCE:
            break
        first = f"{first}. {sentence}"
    return f"{first}. {kept}"


def _choices(
    observatory: Observatory, selection: Selection, view: MapView
) -> tuple[tuple[str, ...], CommuneDetail | None]:
    """The line of choices; gives the services to show and the commune detail, if one is chosen."""
    catalogue = observatory.catalogue
    st.session_state["choice_reading"] = selection.reading.value
    st.session_state["choice_indicator"] = selection.indicator
    st.session_state["choice_year"] = selection.year
    reading, indicator, year, layers, exports = st.columns(
        [4.5, 3.3, 1, 1.15, 1.2], vertical_alignment="bottom"
    )
    reading.segmented_control(
        "Lecture",
        [r.value for r in Reading],
        format_func=texts.READING_LABELS.__getitem__,
        key="choice_reading",
        required=True,
        on_change=lambda: change_selection(observatory, reading=Reading(st.session_state["choice_reading"])),
    )
    options = indicator_options(selection.reading, catalogue)
    indicator.selectbox(
        "Indicateur",
        options,
        format_func=lambda code: _indicator_label(selection.reading, code, catalogue),
        key="choice_indicator",
        disabled=selection.reading is Reading.COOPERATION,
        on_change=lambda: change_selection(observatory, indicator=st.session_state["choice_indicator"]),
    )
    years = year_options(selection.reading, selection.indicator, catalogue)
    year.selectbox(
        "Année",
        years or (None,),
        format_func=lambda y: str(y) if y and selection.reading is not Reading.COOPERATION else "–",
        key="choice_year",
        placeholder="–",
        disabled=len(years) < 2,
        on_change=lambda: change_selection(observatory, year=st.session_state["choice_year"]),
    )
    _show_layers(layers, observatory, selection)
    services = tuple(kind for kind in texts.SERVICE_LABELS if kind in st.session_state.get(_SERVICES, ()))
    detail = _commune_detail(observatory, selection)
    with exports:
        show_map_exports(observatory, view, selection, detail)
    return services, detail


def _indicator_label(reading: Reading, code: str, catalogue: Catalogue) -> str:
    if reading is Reading.COOPERATION:
        return "Liens déclarés entre structures"
    return texts.INDEX_LABEL if code == INDEX_CODE else catalogue.indicators[code].label


def _show_layers(place: DeltaGenerator, observatory: Observatory, selection: Selection) -> None:
    """The menu of what is drawn over the basins. What was chosen is kept apart from the menu, which is only
    drawn when it is open: every element costs a message at each rerun.
    """
    details = _details(observatory, selection)
    if st.session_state.setdefault(_DETAIL, "") not in details:
        st.session_state[_DETAIL] = ""
    menu = place.popover("Calques", width="stretch", key="layers_menu", on_change="rerun")
    if not menu.open:
        return
    with menu:
        chosen = st.session_state.get(_SERVICES, ())
        for kind, label in texts.SERVICE_LABELS.items():
            st.session_state[f"choice_{kind}"] = kind in chosen
            st.checkbox(label, key=f"choice_{kind}", on_change=_toggle_service, args=(kind,))
        st.session_state["choice_detail"] = st.session_state[_DETAIL]
        st.radio(
            "Détail par commune",
            details,
            format_func={
                "": "bassins seulement",
                "figures": "chiffres par commune",
                "confidence": "fiabilité des limites",
            }.__getitem__,
            key="choice_detail",
            on_change=lambda: st.session_state.update({_DETAIL: st.session_state["choice_detail"]}),
        )
        if "figures" not in details:
            st.caption("Chiffres par commune : non chargés pour cet indicateur.")


def _toggle_service(kind: str) -> None:
    chosen = st.session_state.get(_SERVICES, ())
    st.session_state[_SERVICES] = tuple(c for c in chosen if c != kind) if kind in chosen else (*chosen, kind)


def _details(observatory: Observatory, selection: Selection) -> list[str]:
    has_figures = (selection.indicator, selection.year) in observatory.commune_layers
    return ["", "confidence", *(["figures"] if has_figures else [])]


def _paint_id(selection: Selection, detail: str) -> str:
    """Tells what is painted; the frame of the map repeats it once it is (tests and measures wait for it)."""
    return f"{selection.reading}:{selection.indicator}:{selection.year}:{selection.basin}:{detail}"


def _toggle_confidence() -> None:
    st.session_state[_DETAIL] = "" if st.session_state.get(_DETAIL) else "confidence"


def _commune_detail(observatory: Observatory, selection: Selection) -> CommuneDetail | None:
    kind = st.session_state[_DETAIL]
    if kind == "confidence":
        return build_confidence(observatory.communes)
    if kind == "figures" and selection.year is not None:
        figures = load_commune_figures(observatory.version_id, selection.indicator, selection.year)
        indicator = observatory.catalogue.indicators[selection.indicator]
        return build_commune_figures(observatory.communes, figures, indicator, selection.year)
    return None


def _show_panel(panel: Panel, selection: Selection) -> None:
    is_number = any(c.isdigit() for c in panel.headline)
    html.show(
        html.markup(
            '<section class="obs-card" aria-live="polite"><div class="obs-eyebrow">{}</div>'
            '<div class="obs-name">{}</div><div>{} <span class="obs-figure {}">{}</span> {} '
            '<span class="obs-doubt">{}</span></div></section>',
            panel.eyebrow,
            panel.title,
            panel.lead,
            "" if is_number else "obs-figure-word",
            panel.headline,
            panel.text,
            panel.doubt,
        )
    )
    if not selection.projection:
        st.page_link(
            "pages/bassin.py",
            label="Ouvrir la fiche du bassin",
            icon=":material/arrow_forward:",
            query_params={"bassin": selection.basin},
        )
