"""The map in a page: streamlit-folium around the fixed base, a layer that repaints, the click coming back."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import streamlit as st
from branca.element import Element
from folium import Map
from streamlit_folium import st_folium

from observatory.config import current_settings
from observatory.french import texts
from observatory.geo import palette
from observatory.geo.folium_map import AreaPaint, Geometry, LegendLine, Paint, PaintLayer, build_base_map
from observatory.ui.data import load_geometry
from observatory.views.carte import MapView
from observatory.views.commune_layer import CommuneDetail

_KEY = "risk_map"


def show_map(
    view: MapView,
    selected: str,
    *,
    paint_id: str,
    services: tuple[str, ...] = (),
    detail: CommuneDetail | None = None,
    projection: bool = False,
    has_legend: bool = True,
    on_pick: Callable[[str], None],
    on_notice: Callable[[], None] | None = None,
) -> None:
    """Show ``view`` on the map; ``on_pick`` receives the code of the basin that was clicked, ``on_notice`` is
    called when the line that says how sure the limits are is clicked.

    ``has_legend`` is false when the page shows the legend itself. ``detail`` replaces the colours of the
    basins by those of the communes, with its own legend.
    """
    legend = tuple(LegendLine(e.label, e.fill, e.count, e.is_sign) for e in view.legend)
    title = view.dated_legend_title
    if detail is not None:
        title, legend = detail.title, detail.legend
    points = tuple(
        LegendLine(
            texts.SERVICE_LABELS[kind], palette.Fill(palette.SERVICE[kind]), 1, dot=palette.SERVICE[kind]
        )
        for kind in services
    )
    paint = Paint(
        paint_id=paint_id,
        areas={a.code: AreaPaint(a.fill, a.short_label, a.tooltip) for a in view.areas},
        legend_title=title,
        # On a projector, in large letters, only the signs that are used.
        legend=tuple(
            line
            for line in (*legend, *points)
            if has_legend and (line.count or not (projection and line.is_sign))
        ),
        notice=texts.NOTICE_BACK if detail else texts.NOTICE_ON_MAP,
        selected=selected,
        services={kind: (texts.SERVICE_ONE[kind], palette.SERVICE[kind]) for kind in services},
        communes=detail.paint if detail else None,
        projection=projection,
        named=view.named,
    )

    def clicked() -> None:
        value = st.session_state.get(_KEY) or {}
        drawing = value.get("last_active_drawing") or {}
        count = value.get("last_object_clicked_count") or 0
        properties = drawing.get("properties") or {}
        # The same value comes back when the frame is drawn again: only a new click chooses.
        is_new = count > st.session_state.get("risk_map_clicks", 0)
        st.session_state["risk_map_clicks"] = count
        if is_new and properties.get("code"):
            on_pick(str(properties["code"]))
        elif is_new and properties.get("layer") and on_notice is not None:
            on_notice()

    with st.container(key="map_frame"):
        st_folium(
            _shared_base(load_geometry(), current_settings().static_dir),
            key=_KEY,
            feature_group_to_add=_Layer(paint),
            returned_objects=["last_active_drawing", "last_object_clicked_count"],
            use_container_width=True,
            height=560,
            on_change=clicked,
            render=False,
        )


@lru_cache(maxsize=2)
def _shared_base(geometry: Geometry, static_dir: Path) -> Map:
    """The base, made once and never written again: a layer knows its map, the map does not keep the layer.

    streamlit-folium reads its script and the addresses of its assets. The page that folium writes around them
    is not used, and compiling its templates took a quarter of the time of a rerun.
    """
    base = build_base_map(geometry, static_dir)

    def adopt(layer: Element, **_: object) -> Element:
        layer._parent = base
        return layer

    base.render = lambda **_: ""  # type: ignore[method-assign]
    base.add_child = adopt  # type: ignore[method-assign,assignment]
    return base


class _Layer(PaintLayer):
    """The paint: streamlit-folium asks its template; folium would compile all of it as one more template."""

    def render(self, **_kwargs: object) -> str:
        return ""
