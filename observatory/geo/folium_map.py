"""The map of a page: a fixed folium base and a light layer that repaints it.

The base (assets, geometry, zoom) never changes, so that streamlit-folium keeps its frame and the person keeps
zoom and position; :class:`PaintLayer` carries classes and texts only, read by ``static/map/carte.js``.
Nothing is fetched outside the application: Leaflet, script, style, font and geometry are static files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template

from observatory.errors import DataFileError
from observatory.geo.palette import Fill, edge, text_on

STATIC_FROM_FRAME = "../../app/static"
"""Where static files are, seen from the frame of the map: relative, so that ``server.baseUrlPath`` holds."""


@dataclass(frozen=True)
class Geometry:
    """Names of the geometry files in ``static/geo`` and the bounds ``((south, west), (north, east))``."""

    basins: str
    communes: str
    base: str
    services: str
    bounds: tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class AreaPaint:
    """What one basin shows: its fill, its label on the map, the lines of its tooltip."""

    fill: Fill
    short_label: str
    tooltip: tuple[str, ...]


@dataclass(frozen=True)
class CommunePaint:
    """Commune detail, aligned with the features of the file: class letter and text of each commune."""

    fills: tuple[Fill, ...]
    classes: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class LegendLine:
    """One line of the legend: a swatch, or a point of colour ``dot``; ``is_sign`` puts it with the signs."""

    label: str
    fill: Fill
    count: int
    is_sign: bool = False
    dot: str | None = None


@dataclass(frozen=True)
class Paint:
    """Everything that changes on the map between two reruns."""

    paint_id: str
    areas: Mapping[str, AreaPaint]
    legend_title: str
    legend: Sequence[LegendLine]
    notice: str
    selected: str
    services: Mapping[str, tuple[str, str]]
    communes: CommunePaint | None = None
    projection: bool = False
    named: tuple[str, ...] = ()
    """Areas that the title names: their labels come before the others where room is short."""


def read_geometry(data_dir: Path) -> Geometry:
    """Names written by the territory step; :class:`DataFileError` when the file is missing or damaged."""
    path = data_dir / "territory" / "geometry.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        (south, west), (north, east) = raw["bounds"]
        return Geometry(
            raw["basins"],
            raw["communes"],
            raw["base"],
            raw["services"],
            ((south, west), (north, east)),
        )
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise DataFileError("file_damaged", path=path.name) from error


def build_base_map(geometry: Geometry, static_dir: Path) -> folium.Map:
    """The fixed base: no tile, our own Leaflet, geometry by address. Build one per rerun, it is cheap."""
    base = folium.Map(
        tiles=None,
        location=[44.0, 6.05],
        zoom_start=8,
        zoom_control=False,
        attributionControl=False,
        zoomSnap=0,
        zoomDelta=0.6,
        wheelPxPerZoomLevel=140,
        minZoom=6.5,
        maxZoom=14,
    )
    # Set on this instance: the lists of the class are shared by every map of the process.
    base.default_js = [
        ("leaflet", _static(static_dir, "vendor", "leaflet-1.9.4.*.js")),
        ("carte", _static(static_dir, "map", "carte.js")),
    ]
    base.default_css = [
        ("leaflet", _static(static_dir, "vendor", "leaflet-1.9.4.*.css")),
        ("carte", _static(static_dir, "map", "carte.css")),
    ]
    names = {kind: getattr(geometry, kind) for kind in ("basins", "communes", "base", "services")}
    options = {kind: f"{STATIC_FROM_FRAME}/geo/{name}" for kind, name in names.items()}
    base.add_child(_BaseScript({**options, "bounds": geometry.bounds}))
    return base


class _BaseScript(MacroElement):
    """Calls ``observatoire.base`` once the map exists."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "observatoire.base({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "BaseScript"
        self.options = to_script_json(options)


class PaintLayer(folium.FeatureGroup):
    """The changing layer: a call to ``observatoire.paint`` with classes and texts as JSON."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = observatoire.paint({{ this._parent.get_name() }}, {{ this.spec }});"
        "{% endmacro %}"
    )

    def __init__(self, paint: Paint) -> None:
        super().__init__(name="paint")
        self.spec = to_script_json(paint_spec(paint))


def paint_spec(paint: Paint) -> dict[str, Any]:
    """The JSON that ``carte.js`` reads; keys are one letter where there are many of them.

    Areas: ``f`` fill, ``s`` short label, ``w`` white text, ``t`` tooltip. Fills: ``c`` colour, ``p`` pattern,
    ``e`` border when it is not white.
    """
    spec: dict[str, Any] = {
        "id": paint.paint_id,
        "layer": "communes" if paint.communes else "basins",
        "projection": paint.projection,
        "selected": paint.selected,
        "named": list(paint.named),
        "notice": paint.notice,
        "areas": {
            code: {
                "f": _fill(area.fill) | _edge(area.fill),
                "s": area.short_label,
                "w": area.fill.pattern is None and text_on(area.fill.colour) == "#ffffff",
                "t": list(area.tooltip),
            }
            for code, area in paint.areas.items()
        },
        "legend": {
            "title": paint.legend_title,
            "entries": [
                {
                    "l": line.label,
                    "n": line.count,
                    "f": _fill(line.fill),
                    **({"sign": True} if line.is_sign else {}),
                    **({"dot": line.dot} if line.dot else {}),
                }
                for line in paint.legend
            ],
        },
        "services": {kind: {"l": label, "c": colour} for kind, (label, colour) in paint.services.items()},
    }
    if paint.communes is not None:
        spec["communes"] = {
            "fills": [_fill(fill) for fill in paint.communes.fills],
            "classes": paint.communes.classes,
            "texts": list(paint.communes.texts),
        }
    return spec


def to_script_json(value: object) -> str:
    """JSON that can stand inside a script: ``<``, ``>``, ``&`` and line separators are escaped.

    >>> to_script_json({"nom": "</script>"})
    '{"nom":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _fill(fill: Fill) -> dict[str, str]:
    return {"c": fill.colour, "p": fill.pattern} if fill.pattern else {"c": fill.colour}


def _edge(fill: Fill) -> dict[str, str]:
    return {} if edge(fill) == "#ffffff" else {"e": edge(fill)}


@lru_cache(maxsize=32)
def _static(static_dir: Path, folder: str, pattern: str) -> str:
    """Address of a static file with its content as version, so that a browser never keeps an old one."""
    found = sorted((static_dir / folder).glob(pattern))
    if not found:
        raise DataFileError("file_missing", path=f"static/{folder}/{pattern}")
    version = hashlib.sha256(found[0].read_bytes()).hexdigest()[:10]
    return f"{STATIC_FROM_FRAME}/{folder}/{found[0].name}?v={version}"
