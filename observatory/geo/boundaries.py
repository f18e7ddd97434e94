"""Boundaries: from commune polygons that almost fit together to layers that share every border.

Method. The producer's polygons are noded on a grid and cut into faces (:func:`repair_coverage`): a face
covered once belongs to its commune, a face covered twice or an inner gap goes to the neighbour with the
longest common border. The result is a *coverage* (GEOS sense: neighbours share the same vertices), which
`shapely.coverage_simplify` thins without ever opening a crack. Every larger area is then a plain union of
cells of one coverage, so that borders coincide by construction and not by tolerance.

Metric work is done in Lambert-93 (EPSG:2154), files are in degrees (EPSG:4326).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

DEGREES = 4326
METRES = 2154
GRID_DEGREES = 1e-4
"""Step of the written coordinates: 4 decimals, 8 m by 11 m here."""

SMALLEST_PART_M2 = 200_000.0
"""A detached part of a commune under 0.2 km2 that touches a neighbour is a drawing accident."""

SMALLEST_ISLAND_M2 = 10_000.0
"""An island under 1 ha is under one pixel at every zoom of the map: it is left out."""


@dataclass(frozen=True)
class MapFeature:
    """One feature of a file for the browser: flat text properties and a geometry in degrees."""

    properties: Mapping[str, str]
    geometry: BaseGeometry


def polygons_from_wkb(codes: Iterable[str], wkb_hex: Iterable[str]) -> gpd.GeoSeries:
    """Polygons in degrees, indexed by area code in sorted order.

    Raises ``shapely.errors.GEOSException`` or ``ValueError`` if a text is not the hexadecimal of a WKB.

    >>> polygons_from_wkb(["b", "a"], ["0101000000000000000000F03F0000000000000040"] * 2).index.tolist()
    ['a', 'b']
    """
    geometries = shapely.from_wkb([bytes.fromhex(text) for text in wkb_hex])
    series = gpd.GeoSeries(geometries, index=pd.Index(list(codes), name="code"), crs=DEGREES)
    return series.sort_index()


def repair_coverage(
    polygons: gpd.GeoSeries,
    grid_size: float,
    *,
    smallest_part: float = 0.0,
    smallest_island: float = 0.0,
) -> gpd.GeoSeries:
    """A valid coverage with the same index: no gap, no overlap, no sliver, vertices on ``grid_size``.

    ``grid_size`` is in the unit of the coordinates, the two areas in its square. Inner gaps under
    ``smallest_part`` are filled; larger ones are kept (a lagoon, a foreign enclave). Parts of an area
    under ``smallest_part`` that touch a neighbour join it; islands under ``smallest_island`` disappear.
    Raises ``ValueError`` if an area vanishes or if the result is not a coverage.
    """
    geometries = np.asarray(polygons.array)
    lines = shapely.union_all(shapely.boundary(geometries), grid_size=grid_size)
    faces = np.asarray(shapely.get_parts(shapely.polygonize([lines])))
    faces = faces[np.lexsort((*shapely.bounds(faces).T[::-1],))]
    owners = _owners_of_faces(faces, geometries)
    borders = _BorderGraph(faces)
    settled = {face: found[0] for face, found in owners.items() if len(found) == 1}
    sizes = shapely.area(faces)
    _settle_doubtful_faces(sizes, owners, settled, borders, max(smallest_part, grid_size**2))
    _reassign_small_parts(faces, settled, borders, smallest_part, smallest_island)
    members: dict[int, list[int]] = {}
    for face in sorted(settled):
        members.setdefault(settled[face], []).append(face)
    lost = [polygons.index[i] for i in range(len(polygons)) if i not in members]
    if lost:
        raise ValueError(f"areas lost by the repair: {lost}")
    # Faces of one noding share whole edges: an exact union moves no vertex, snapping again could.
    repaired = [
        shapely.normalize(shapely.coverage_union_all(faces[members[i]])) for i in range(len(polygons))
    ]
    result = gpd.GeoSeries(repaired, index=polygons.index, crs=polygons.crs)
    if not shapely.coverage_is_valid(np.asarray(result.array)):
        raise ValueError("the repaired polygons are not a coverage")
    return result


def simplify_coverage(coverage: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    """The coverage thinned (Visvalingam-Whyatt, ``tolerance_m`` = square root of the area of the
    triangles removed, in metres), shared borders still shared, coordinates on the written grid.

    Takes and returns degrees. Raises ``ValueError`` like :func:`repair_coverage`.
    """
    metric = coverage.to_crs(METRES)
    thinned = shapely.coverage_simplify(np.asarray(metric.array), tolerance_m)
    degrees = gpd.GeoSeries(thinned, index=coverage.index, crs=METRES).to_crs(DEGREES)
    # Rounding to the grid can cross or merge edges: noding again keeps the coverage valid.
    return repair_coverage(degrees, GRID_DEGREES)


def dissolve(coverage: gpd.GeoSeries, groups: Mapping[str, str]) -> gpd.GeoSeries:
    """Union of the cells of each group, sorted by group; ``groups`` maps a cell to its area code.

    Cells that ``groups`` does not name are left out.
    """
    members: dict[str, list[BaseGeometry]] = {}
    for code, geometry in coverage.items():
        group = groups.get(str(code))
        if group is not None:
            members.setdefault(group, []).append(geometry)
    areas = {
        group: shapely.normalize(shapely.coverage_union_all(members[group])) for group in sorted(members)
    }
    return gpd.GeoSeries(list(areas.values()), index=pd.Index(list(areas), name="code"), crs=coverage.crs)


def areas_km2(areas: gpd.GeoSeries) -> pd.Series:
    """Areas in km2 by code, measured in Lambert-93."""
    return areas.to_crs(METRES).area / 1e6


def shared_line(first: BaseGeometry, second: BaseGeometry) -> BaseGeometry:
    """The border that two areas of one coverage share, as merged lines (empty if they do not touch)."""
    return shapely.line_merge(shapely.intersection(shapely.boundary(first), shapely.boundary(second)))


def label_point(area: BaseGeometry, width_over_height: float = 2.5) -> tuple[float, float]:
    """Longitude and latitude of a good place for a horizontal label, well inside the largest part.

    Distances to the border are measured in the area squeezed ``width_over_height`` times in width, where
    what is far from the border has room to the left and right; among the places within 15 % of the
    roomiest, the nearest to the centroid.

    >>> label_point(shapely.box(5.0, 43.0, 6.0, 44.0))
    (5.5, 43.5)
    """
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    squeeze = np.array([np.cos(np.radians(largest.centroid.y)) / width_over_height, 1.0])
    squeezed = shapely.transform(largest, lambda xy: xy * squeeze)
    west, south, east, north = squeezed.bounds
    across, up = np.meshgrid(np.linspace(west, east, 61), np.linspace(south, north, 61))
    places = shapely.points(across.ravel(), up.ravel())
    room = shapely.distance(places, shapely.boundary(squeezed)) * shapely.contains(squeezed, places)
    wide = np.flatnonzero(room >= 0.85 * room.max())
    best = places[wide[np.argmin(shapely.distance(places[wide], squeezed.centroid))]]
    longitude, latitude = np.asarray(best.coords[0]) / squeeze
    return round(float(longitude), 4), round(float(latitude), 4)


def foreign_land(
    abroad: BaseGeometry, french_land: BaseGeometry, reach_degrees: float = 0.05
) -> BaseGeometry:
    """Foreign land drawn against the French border: ``abroad`` comes from a coarser map, so that a strip is
    missing or doubled along the border. What is French is cut out, what lies between is filled.

    Both in degrees; ``reach_degrees`` is the widest strip that can be filled.
    """
    joined = shapely.union_all([abroad, french_land])
    closed = shapely.buffer(shapely.buffer(joined, reach_degrees / 2), -reach_degrees / 2)
    near = shapely.intersection(closed, shapely.buffer(abroad, reach_degrees))
    cut = shapely.difference(near, french_land, grid_size=GRID_DEGREES)
    parts = [
        part
        for part in shapely.get_parts(cut)
        if part.geom_type == "Polygon" and shapely.intersection(part, abroad).area > 0.5 * part.area
    ]
    return shapely.normalize(shapely.MultiPolygon(parts))


def features_to_geojson(features: Iterable[MapFeature]) -> bytes:
    """A FeatureCollection with 4 decimals and no superfluous character, in the order given.

    >>> content = features_to_geojson([MapFeature({}, shapely.Point(5.123456, 43.0))])
    >>> content.decode().partition("coordinates")[2]
    '":[5.1235,43]}}]}'
    """
    items = []
    for feature in features:
        geometry = json.loads(shapely.to_geojson(feature.geometry))
        geometry["coordinates"] = _rounded(geometry["coordinates"])
        items.append({"type": "Feature", "properties": dict(feature.properties), "geometry": geometry})
    collection = {"type": "FeatureCollection", "features": items}
    return json.dumps(collection, separators=(",", ":"), ensure_ascii=False).encode()


def hashed_name(stem: str, content: bytes, suffix: str = ".geojson") -> str:
    """File name that changes with its content, for files that a browser may keep for ever.

    >>> hashed_name("basins", b"{}")
    'basins.44136fa355b3.geojson'
    """
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"


class _BorderGraph:
    """Which faces touch and along what length; faces come from one noding, so that edges are equal."""

    def __init__(self, faces: NDArray[np.object_]) -> None:
        self._faces = faces
        tree = shapely.STRtree(faces)
        left, right = tree.query(faces, predicate="touches")
        self._neighbours: dict[int, list[int]] = {}
        for a, b in sorted(zip(left.tolist(), right.tolist(), strict=True)):
            self._neighbours.setdefault(a, []).append(b)

    def neighbours(self, face: int) -> list[int]:
        return self._neighbours.get(face, [])

    def length(self, first: int, second: int) -> float:
        line = shapely.intersection(
            shapely.boundary(self._faces[first]), shapely.boundary(self._faces[second])
        )
        return float(line.length)

    def longest_neighbour(
        self, face: int, settled: Mapping[int, int], allowed: set[int] | None = None, but: int | None = None
    ) -> int | None:
        """Owner with the longest border along ``face`` (``None`` if no owner shares a line with it)."""
        lengths: dict[int, float] = {}
        for other in self.neighbours(face):
            owner = settled.get(other)
            if owner is None or owner == but or (allowed is not None and owner not in allowed):
                continue
            lengths[owner] = lengths.get(owner, 0.0) + self.length(face, other)
        best = max(lengths, key=lambda owner: (lengths[owner], -owner), default=None)
        return best if best is not None and lengths[best] > 0 else None


def _owners_of_faces(faces: NDArray[np.object_], geometries: NDArray[np.object_]) -> dict[int, list[int]]:
    points = shapely.point_on_surface(faces)
    face_index, owner_index = shapely.STRtree(geometries).query(points, predicate="intersects")
    owners: dict[int, list[int]] = {}
    for face, owner in sorted(zip(face_index.tolist(), owner_index.tolist(), strict=True)):
        owners.setdefault(face, []).append(owner)
    return owners


def _settle_doubtful_faces(
    sizes: NDArray[np.float64],
    owners: Mapping[int, list[int]],
    settled: dict[int, int],
    borders: _BorderGraph,
    largest_gap: float,
) -> None:
    """Overlaps first, each to one of those who claim it; then gaps, from the largest down, and again for
    the gaps that only touched other gaps: a chain of slivers ends on the same side in any file order."""
    doubtful = sorted((f for f in range(len(sizes)) if f not in settled), key=lambda f: (-sizes[f], f))
    for face in doubtful:
        if claimed := owners.get(face):
            owner = borders.longest_neighbour(face, settled, allowed=set(claimed))
            settled[face] = min(claimed) if owner is None else owner
    waiting = [face for face in doubtful if face not in settled and sizes[face] < largest_gap]
    while waiting:
        found = {face: borders.longest_neighbour(face, settled) for face in waiting}
        news = {face: owner for face, owner in found.items() if owner is not None}
        if not news:
            return
        settled.update(news)
        waiting = [face for face in waiting if face not in news]


def _reassign_small_parts(
    faces: NDArray[np.object_],
    settled: dict[int, int],
    borders: _BorderGraph,
    smallest_part: float,
    smallest_island: float,
) -> None:
    """Give crumbs to the neighbour that surrounds them, drop islets; the largest part always stays."""
    sizes = shapely.area(faces)
    for owner in sorted(set(settled.values())):
        parts = _connected(sorted(f for f, o in settled.items() if o == owner), borders)
        parts.sort(key=lambda part: sum(sizes[f] for f in part))
        for part in parts[:-1]:
            area = sum(sizes[f] for f in part)
            if area >= smallest_part:
                break
            around = {f: o for f, o in settled.items() if o != owner}
            largest_face = max(part, key=lambda f: (sizes[f], -f))
            new_owner = borders.longest_neighbour(largest_face, around)
            for face in part:
                if new_owner is not None:
                    settled[face] = new_owner
                elif area < smallest_island:
                    del settled[face]


def _connected(members: list[int], borders: _BorderGraph) -> list[list[int]]:
    remaining, parts = set(members), []
    for start in members:
        if start not in remaining:
            continue
        remaining.discard(start)
        part, frontier = [start], [start]
        while frontier:
            face = frontier.pop()
            for other in borders.neighbours(face):
                if other in remaining and borders.length(face, other) > 0:
                    remaining.discard(other)
                    part.append(other)
                    frontier.append(other)
        parts.append(part)
    return parts


def _rounded(value: object) -> object:
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    number = round(float(str(value)), 4)
    return int(number) if number.is_integer() else number
