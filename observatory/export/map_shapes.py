"""Shapes of the maps that are drawn here: read from the files of the browser, projected into a frame."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = tuple[Point, ...]
Frame = tuple[float, float, float, float]
"""Left, top, width, height, in points of the drawing."""

_PLACE_OF_LAND = 0.62
"""How far to the right the region stands in a frame wider than it: the legend is in the north-west."""


@dataclass(frozen=True)
class Projection:
    """Web Mercator, as on the screen, scaled into a frame."""

    left: float
    top: float
    west: float
    north: float
    scale: float

    def point(self, point: Point) -> Point:
        """Point of the drawing of a longitude and a latitude in degrees."""
        x, y = _mercator(point)
        return self.left + (x - self.west) * self.scale, self.top + (self.north - y) * self.scale

    def rings(self, rings: Iterable[Ring]) -> list[Ring]:
        """Rings in points of the drawing."""
        return [tuple(self.point(p) for p in ring) for ring in rings]

    def path(self, rings: Iterable[Ring], *, close: bool = True) -> str:
        """``d=`` of the rings."""
        end = "Z" if close else ""
        return "".join(
            "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + end for ring in self.rings(rings)
        )


def fit_projection(shapes: Mapping[str, Sequence[Ring]], frame: Frame) -> Projection:
    """The projection that fits ``shapes`` into ``frame`` with a small margin."""
    left, top, width, height = frame
    flat = [_mercator(p) for rings in shapes.values() for ring in rings for p in ring]
    west, east = min(p[0] for p in flat), max(p[0] for p in flat)
    south, north = min(p[1] for p in flat), max(p[1] for p in flat)
    scale = min(width * 0.96 / (east - west), height * 0.96 / (north - south))
    return Projection(
        left + (width - scale * (east - west)) * _PLACE_OF_LAND,
        top + (height - scale * (north - south)) / 2,
        west,
        north,
        scale,
    )


@lru_cache(maxsize=4)
def area_shapes(path: Path) -> dict[str, tuple[Ring, ...]]:
    """Rings of each area (basin or commune) of a file, by code."""
    return {f["properties"]["code"]: _rings(f["geometry"]) for f in _features(path)}


@lru_cache(maxsize=4)
def base_shapes(path: Path) -> tuple[tuple[str, tuple[Ring, ...]], ...]:
    """Kind (``neighbour``, ``departement``, ``academie``) and rings or lines of the base."""
    return tuple((f["properties"]["kind"], _rings(f["geometry"])) for f in _features(path))


def _features(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def _rings(geometry: dict[str, Any]) -> tuple[Ring, ...]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "LineString":
        lines = [coordinates]
    elif kind in ("Polygon", "MultiLineString"):
        lines = coordinates
    else:
        lines = [ring for polygon in coordinates for ring in polygon]
    return tuple(tuple((float(x), float(y)) for x, y in line) for line in lines)


def _mercator(point: Point) -> Point:
    longitude, latitude = point
    return math.radians(longitude), math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
