"""The map works with no network, never redraws its frame, and keeps every name as text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import generate_leaflet_string

from observatory.errors import DataFileError
from observatory.geo.folium_map import (
    STATIC_FROM_FRAME,
    AreaPaint,
    CommunePaint,
    Geometry,
    LegendLine,
    Paint,
    PaintLayer,
    build_base_map,
    paint_spec,
    read_geometry,
    to_script_json,
)
from observatory.geo.palette import Fill

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
GEOMETRY = Geometry(
    "basins.1.geojson", "communes.2.geojson", "base.3.geojson", "services.4.geojson", ((43, 4), (45, 7))
)
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "a\u2028b\u2029c",
    "{{ 7*7 }}",
    "`${1}`",
]
PLAIN = Paint(
    paint_id="1",
    areas={"AM01": AreaPaint(Fill("#efe7da"), "Digne", ("Digne", "21,4 %"))},
    legend_title="Légende",
    legend=(LegendLine("moins de 13 %", Fill("#efe7da"), 1),),
    notice="Contours",
    selected="AM01",
    services={},
)


def base_script(base: folium.Map) -> str:
    """What streamlit-folium identifies the map by: another script would draw the frame again."""
    return re.sub(r"[0-9a-f]{32}", "id", generate_leaflet_string(base, base_id="fixed"))


def painted(paint: Paint) -> str:
    base = build_base_map(GEOMETRY, STATIC)
    layer = PaintLayer(paint)
    base.add_child(layer)
    return str(layer._template.module.script(layer, {}))


def spec_of(script: str) -> dict:
    found = re.search(r"observatoire\.paint\(\w+, (\{.*\})\);", script, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def test_every_asset_is_a_static_file_of_the_application_with_its_content_as_version() -> None:
    base = build_base_map(GEOMETRY, STATIC)
    for _, address in (*base.default_js, *base.default_css):
        assert address.startswith(f"{STATIC_FROM_FRAME}/")
        assert re.search(r"\?v=[0-9a-f]{10}$", address)
        assert (STATIC / address.removeprefix(f"{STATIC_FROM_FRAME}/").split("?")[0]).is_file()


def test_no_address_outside_the_application_is_in_the_page_of_the_map() -> None:
    base = build_base_map(GEOMETRY, STATIC)
    base.add_child(PaintLayer(PLAIN))
    page = base.get_root().render()
    addresses = re.findall(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s"'<)]*""", page)
    assert addresses == []
    assert re.findall(r'(?:src|href)="([^"]*)"', page)
    assert all(a.startswith(STATIC_FROM_FRAME) for a in re.findall(r'(?:src|href)="([^"]*)"', page))


def test_the_lists_that_all_maps_of_the_process_share_are_left_alone() -> None:
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    build_base_map(GEOMETRY, STATIC)
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert any(address.startswith("https:") for _, address in folium.Map.default_js)


def test_there_is_no_tile_layer() -> None:
    base = build_base_map(GEOMETRY, STATIC)
    assert not [child for child in base._children.values() if isinstance(child, folium.TileLayer)]


def test_the_base_is_the_same_script_whatever_is_painted() -> None:
    scripts = set()
    for title in ("A", "B", HOSTILE[0]):
        base = build_base_map(GEOMETRY, STATIC)
        PaintLayer(replace(PLAIN, legend_title=title, paint_id=title))
        scripts.add(base_script(base))
    assert len(scripts) == 1


def test_another_geometry_is_another_base() -> None:
    other = build_base_map(replace(GEOMETRY, basins="basins.9.geojson"), STATIC)
    assert base_script(other) != base_script(build_base_map(GEOMETRY, STATIC))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_data_in_the_script(name: str) -> None:
    paint = replace(
        PLAIN,
        areas={"AM01": AreaPaint(Fill("#ffffff", "dots"), name, (name, name))},
        legend_title=name,
        legend=(LegendLine(name, Fill("#ffffff"), 1),),
        notice=name,
        services={"cio": (name, "#000000")},
        communes=CommunePaint((Fill("#ffffff"),), "a", (name,)),
    )
    script = painted(paint)
    for character in "<>&\u2028\u2029":
        assert character not in script
    spec = spec_of(script)
    assert spec["areas"]["AM01"] == {
        "f": {"c": "#ffffff", "p": "dots", "e": "#9aa2af"},
        "s": name,
        "w": False,
        "t": [name] * 2,
    }
    assert spec["legend"]["title"] == spec["legend"]["entries"][0]["l"] == spec["notice"] == name
    assert spec["communes"]["texts"] == [name]


@given(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False)))
def test_script_json_reads_back_and_holds_nothing_that_ends_a_script(value: dict[str, object]) -> None:
    text = to_script_json(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


def test_a_number_that_json_has_not_is_refused_here_rather_than_in_the_browser() -> None:
    with pytest.raises(ValueError):
        to_script_json({"v": float("nan")})


def test_names_are_white_on_dark_classes_and_never_on_a_pattern() -> None:
    fills = {"AM01": Fill("#472a5d"), "AM02": Fill("#efe7da"), "NI01": Fill("#472a5d", "hatch")}
    areas = {code: AreaPaint(fill, code, (code,)) for code, fill in fills.items()}
    spec = paint_spec(replace(PLAIN, areas=areas))
    assert {code: area["w"] for code, area in spec["areas"].items()} == {
        "AM01": True,
        "AM02": False,
        "NI01": False,
    }


def test_a_pale_or_blank_area_has_a_border_that_is_seen() -> None:
    fills = {"AM01": Fill("#472a5d"), "AM02": Fill("#efe7da"), "NI01": Fill("#ffffff", "hatch")}
    areas = {code: AreaPaint(fill, code, (code,)) for code, fill in fills.items()}
    spec = paint_spec(replace(PLAIN, areas=areas, named=("AM02",)))
    assert {code for code, area in spec["areas"].items() if "e" in area["f"]} == {"AM02", "NI01"}
    assert spec["named"] == ["AM02"]


def test_the_layer_is_communes_only_when_they_are_painted() -> None:
    assert paint_spec(PLAIN)["layer"] == "basins"
    assert "communes" not in paint_spec(PLAIN)
    assert paint_spec(replace(PLAIN, communes=CommunePaint((), "", ())))["layer"] == "communes"


def test_a_missing_static_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as raised:
        build_base_map(GEOMETRY, tmp_path)
    assert "leaflet" in str(raised.value.params["path"])


def test_the_geometry_of_the_project_is_read_and_its_files_are_there() -> None:
    geometry = read_geometry(ROOT / "data")
    for name in (geometry.basins, geometry.communes, geometry.base, geometry.services):
        assert (STATIC / "geo" / name).is_file()
    (south, west), (north, east) = geometry.bounds
    assert south < north
    assert west < east


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file_missing"),
        ("{", "file_damaged"),
        ("{}", "file_damaged"),
        ('{"bounds": 3}', "file_damaged"),
    ],
)
def test_a_damaged_geometry_file_is_one_error_with_a_code(
    tmp_path: Path, content: str | None, code: str
) -> None:
    (tmp_path / "territory").mkdir()
    if content is not None:
        (tmp_path / "territory" / "geometry.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as raised:
        read_geometry(tmp_path)
    assert raised.value.code == code
