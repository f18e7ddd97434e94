"""The usual plain technique, as a yardstick: the folium map is made again at each change of the selector.

Same figures, classes, colours, texts and geometry as the map of the observatory, same Leaflet served from
this machine; nothing else on the page. The geometry travels inside the map, as folium does by default.
"""

from __future__ import annotations

import json
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

from observatory.config import current_settings
from observatory.geo.folium_map import build_base_map
from observatory.ui.data import load_commune_figures, load_geometry, load_observatory
from observatory.views.carte import MapView
from observatory.views.commune_layer import CommuneDetail, build_commune_figures
from observatory.views.map_readings import build_map_view
from observatory.views.selection import INDEX_CODE, Reading, indicator_options, parse_selection

Feature = dict[str, dict[str, str]]


@st.cache_data(show_spinner=False)
def read_features(name: str) -> dict[str, list[Feature]]:
    """One file of geometry."""
    path = current_settings().static_dir / "geo" / name
    found: dict[str, list[Feature]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def plain_map() -> folium.Map:
    """An empty map with the project's own Leaflet."""
    assets = build_base_map(load_geometry(), current_settings().static_dir)
    plain = folium.Map(tiles=None, location=[44.0, 6.05], zoom_start=8)
    plain.default_js = [item for item in assets.default_js if item[0] == "leaflet"]
    plain.default_css = [item for item in assets.default_css if item[0] == "leaflet"]
    base = read_features(load_geometry().base)
    folium.GeoJson(base, style_function=lambda _: {"color": "#c9c5bb", "weight": 1, "fill": False}).add_to(
        plain
    )
    return plain


def add_choropleth(target: folium.Map, name: str, colours: dict[str, str], texts: dict[str, str]) -> None:
    """The coloured layer; ``colours`` and ``texts`` by code of area."""
    features = read_features(name)
    for feature in features["features"]:
        feature["properties"]["text"] = texts.get(feature["properties"]["code"], "")
    folium.GeoJson(
        features,
        style_function=lambda feature: {
            "fillColor": colours.get(feature["properties"]["code"], "#ffffff"),
            "color": "#ffffff",
            "weight": 1,
            "fillOpacity": 1,
        },
        tooltip=folium.GeoJsonTooltip(fields=["name", "text"], labels=False),
    ).add_to(target)


def show_rebuilt_map(
    view: MapView, _selected: str, *, detail: CommuneDetail | None = None, **_: object
) -> None:
    """In the place of ``observatory.ui.map_widget.show_map``: same view, the map made again."""
    target = plain_map()
    if detail is None:
        colours = {area.code: area.fill.colour for area in view.areas}
        texts = {area.code: " ; ".join(area.tooltip[1:]) for area in view.areas}
        add_choropleth(target, load_geometry().basins, colours, texts)
    else:
        paint, codes = detail.paint, sorted(load_observatory().communes["commune_code"])
        colours = {
            code: paint.fills[ord(c) - 97].colour for code, c in zip(codes, paint.classes, strict=True)
        }
        add_choropleth(target, load_geometry().communes, colours, dict(zip(codes, paint.texts, strict=True)))
    with st.container(key="map_frame"):
        st_folium(
            target, key="map", height=560, use_container_width=True, returned_objects=["last_active_drawing"]
        )


def main() -> None:
    """A selector and a map: ``?niveau=communes`` chooses years of one indicator, else indicators."""
    st.set_page_config(page_title="Carte reconstruite", layout="wide")
    observatory = load_observatory()
    catalogue = observatory.catalogue
    if st.query_params.get("niveau") == "communes":
        indicator = catalogue.indicators["neet_rate"]
        years = sorted(indicator.years, reverse=True)
        year = st.selectbox("Année", years, key="choice_year", format_func=str)
        asked = {"lecture": "observe", "indicateur": indicator.code, "annee": str(year)}
        figures = load_commune_figures(observatory.version_id, indicator.code, year)
        detail = build_commune_figures(observatory.communes, figures, indicator, year)
    else:
        code = st.selectbox(
            "Indicateur",
            indicator_options(Reading.CONTEXT, catalogue),
            key="choice_indicator",
            format_func=lambda c: "Indice de contexte" if c == INDEX_CODE else catalogue.indicators[c].label,
        )
        asked, detail = {"lecture": "contexte", "indicateur": code}, None
    selection, _ = parse_selection(asked, catalogue, observatory.basins)
    show_rebuilt_map(build_map_view(observatory, selection), "", detail=detail)


if __name__ == "__main__":
    assert Path.cwd().joinpath("static").is_dir(), "start it from a folder that holds static/"
    main()
