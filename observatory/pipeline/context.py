"""Step ``context``: figures by basin from the producers' files (method, section 2).

Every figure is a weighted mean over the communes, IRIS or schools of an area, so that basins, académies
and the region are computed by one rule and permuting the rows of a file changes nothing. Files are read
and checked whole before anything is written.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from observatory.config import Settings
from observatory.domain.figures import FigureNote
from observatory.domain.indicators import load_catalogue
from observatory.domain.territory import (
    ACADEMIE_CODES,
    MARSEILLE_ARRONDISSEMENTS,
    MARSEILLE_CODE,
    REGION_CODE,
    load_services,
)
from observatory.errors import DataFileError
from observatory.pipeline import context_files as files
from observatory.pipeline.build_inputs import check_context
from observatory.pipeline.context_measures import (
    Measure,
    Tables,
    Territory,
    check_lycees,
    locate_colleges,
    measures,
    unmerged,
)
from observatory.pipeline.findings import ACCEPTABLE, Findings, Repair, StepNote, check_accepted, repair_notes
from observatory.pipeline.producer_files import Places, read_producer_files

CONTEXT_COLUMNS = ("basin_code", "indicator_code", "year", "value", "coverage", "note", "source_code")
REFERENCE_COLUMNS = ("area_code", *CONTEXT_COLUMNS[1:])
COUNT_COLUMNS = ("basin_code", "indicator_code", "year", "numerator", "denominator")
COMMUNE_COLUMNS = ("commune_code", "indicator_code", "year", "value", "source_code")


@dataclass(frozen=True)
class ContextTables:
    """What the step makes: frames with the columns named above, shares in 0-1, NaN for no value.

    ``official`` compares the region as computed with the producer's own figure, where there is one.
    """

    context: pd.DataFrame
    reference: pd.DataFrame
    counts: pd.DataFrame
    communes: pd.DataFrame
    official: pd.DataFrame
    repairs: tuple[Repair, ...]


def compute_context(
    directory: Path,
    territory: Territory,
    addresses: Mapping[str, tuple[str, str]],
    accept: Collection[str] = (),
) -> ContextTables:
    """Figures of every basin, académie and of the region from the producers' files of ``directory``.

    ``addresses`` gives (dataset, address) by source code; ``accept`` names the warnings to be repaired.
    Raises :class:`~observatory.errors.FileContractError` with all the problems of all the files.
    """
    findings = Findings(check_accepted(accept))
    places = Places(frozenset(territory.communes["commune_code"]), territory.retired)
    tables = read_producer_files(directory, files.CONTEXT_FILES, places, addresses, findings)
    colleges = locate_colleges(tables, findings)
    check_lycees(tables, findings)
    findings.raise_if_any()

    areas = _areas(territory.communes)
    rows = [row for measure in measures(tables, territory, colleges) for row in _aggregate(measure, areas)]
    official = _put_official_values(rows, tables)
    figures = pd.DataFrame(rows).sort_values(["area_code", "indicator_code", "year"], ignore_index=True)
    is_basin = figures["area_code"].isin(set(territory.communes["basin_code"]))
    counts = figures[figures["denominator"].notna()].rename(columns={"area_code": "basin_code"})
    return ContextTables(
        context=_columns(figures[is_basin].rename(columns={"area_code": "basin_code"}), CONTEXT_COLUMNS),
        reference=_columns(figures[~is_basin], REFERENCE_COLUMNS),
        counts=_columns(counts.astype({"numerator": int, "denominator": int}), COUNT_COLUMNS),
        communes=_commune_layer(tables, territory),
        official=official,
        repairs=findings.repairs(),
    )


def load_territory(data_dir: Path) -> Territory:
    """Communes, services and points of ``data/territory``; :class:`DataFileError` names a damaged file."""
    folder = data_dir / "territory"
    communes = _read_table(
        folder / "communes.csv", ["commune_code", "basin_code", "academie", "population"]
    ).astype({"population": float})
    retired = _read_table(folder / "retired_communes.csv", ["retired_code", "commune_code"])
    layer_path = folder / "territory.gpkg"
    if not layer_path.exists():
        raise DataFileError("file_missing", path=layer_path.name)
    try:
        layer = gpd.read_file(layer_path, layer="communes")
        inside = layer.geometry.representative_point()
        points = dict(zip(layer["commune_code"], zip(inside.x, inside.y, strict=True), strict=True))
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise DataFileError("file_damaged", path=layer_path.name) from error
    return Territory(
        communes=communes,
        retired=dict(zip(retired["retired_code"], retired["commune_code"], strict=True)),
        services=load_services(data_dir),
        points=points,
    )


def write_context(tables: ContextTables, data_dir: Path, var_dir: Path) -> None:
    """Write the three tables of ``data/`` and the commune layer of ``var/``: sorted, 6 decimals, LF.

    All are prepared before the first is put in place, each in one step, so that none is ever half written.
    """
    contents = {
        data_dir / "context.csv": _csv_bytes(tables.context),
        data_dir / "context_reference.csv": _csv_bytes(tables.reference),
        data_dir / "context_counts.csv": _csv_bytes(tables.counts),
        var_dir / "communes.csv": _csv_bytes(tables.communes),
    }
    path = data_dir
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".new").write_bytes(content)
        for path in contents:
            path.with_suffix(".new").replace(path)
    except OSError as error:
        for written in contents:
            written.with_suffix(".new").unlink(missing_ok=True)
        raise DataFileError("file_not_writable", path=path.name) from error


def run(from_dir: Path, data_dir: Path, var_dir: Path, accept: Collection[str] = ()) -> ContextTables:
    """Read, check, compute, write. Nothing is written when a problem is left, or would stop a build."""
    sources = load_catalogue(data_dir).sources
    addresses = {code: (source.dataset, source.address) for code, source in sources.items()}
    tables = compute_context(from_dir, load_territory(data_dir), addresses, accept)
    with tempfile.TemporaryDirectory() as folder:
        write_context(tables, Path(folder), Path(folder))
        check_context(Path(folder), data_dir)
    write_context(tables, data_dir, var_dir)
    return tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``python -m observatory.pipeline context``."""
    parser.add_argument("--from", dest="from_dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--accept", action="append", default=[], choices=sorted(ACCEPTABLE), metavar="CODE")


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:
    """Run the step for the command line; tells what was repaired."""
    tables = run(args.from_dir, settings.data_dir, settings.var_dir, args.accept)
    return repair_notes(tables.repairs)


def _areas(communes: pd.DataFrame) -> pd.DataFrame:
    """``commune_code, area_code``: each commune in its basin, its académie and the region."""
    basin = communes["basin_code"]
    academie = communes["academie"].map(ACADEMIE_CODES)
    region = pd.Series(REGION_CODE, index=communes.index)
    return pd.concat(
        [
            pd.DataFrame({"commune_code": communes["commune_code"], "area_code": a})
            for a in (basin, academie, region)
        ],
        ignore_index=True,
    )


def _aggregate(measure: Measure, areas: pd.DataFrame) -> Iterable[dict[str, object]]:
    joined = areas.merge(measure.components, on="commune_code", how="left")
    for area_code, rows in joined.groupby("area_code"):
        used = rows[rows["value"].notna() & (rows["weight"] > 0)]
        some_hidden = bool(rows["hidden"].eq(True).any())
        base = math.fsum(rows["base"].dropna())
        row: dict[str, object] = {
            "area_code": area_code,
            "indicator_code": measure.indicator_code,
            "year": measure.year,
            "value": math.nan,
            "coverage": math.fsum(used["base"]) / base if base else 0.0,
            "note": "",
            "source_code": measure.source_code,
            "numerator": math.nan,
            "denominator": math.nan,
        }
        if used.empty:
            row["note"] = FigureNote.SUPPRESSED.value if some_hidden else ""
        else:
            value, denominator = weighted_mean(used["value"], used["weight"]), math.fsum(used["weight"])
            row["value"] = value
            if measure.has_counts:
                row["numerator"], row["denominator"] = round(value * denominator), denominator
            notes = list(measure.notes)
            if some_hidden:
                notes.append(FigureNote.UNDER_PRODUCER_THRESHOLD)
            if measure.marseille_is_whole and _holds_part_of_marseille(rows["commune_code"]):
                notes.append(FigureNote.COMMUNAL_VALUE_NOT_SPLIT)
            row["note"] = "|".join(note.value for note in notes)
        yield row


def weighted_mean(values: Iterable[float], weights: Iterable[float]) -> float:
    """Σwv / Σw, exact whatever the order of the rows, and never outside the values.

    >>> weighted_mean([10.0, 30.0], [1, 3])
    25.0
    """
    values, weights = list(values), list(weights)
    mean = math.fsum(v * w for v, w in zip(values, weights, strict=True)) / math.fsum(weights)
    return min(max(mean, min(values)), max(values))


def _holds_part_of_marseille(commune_codes: Iterable[str]) -> bool:
    inside = set(commune_codes) & set(MARSEILLE_ARRONDISSEMENTS)
    return bool(inside) and len(inside) < len(MARSEILLE_ARRONDISSEMENTS)


def _put_official_values(rows: list[dict[str, object]], tables: Tables) -> pd.DataFrame:
    """The region takes the producer's own figure where there is one; returns computed beside official."""
    neet = tables[files.NEET_REGIONS.code]
    official: dict[tuple[object, object], tuple[float, str]] = {
        ("neet_rate", year): (value / 100, neet.source_code)
        for year, value in zip(neet.frame["year"], neet.frame["neet"], strict=True)
    }
    for year, declared in files.FILOSOFI_REGION.items():
        region = tables[declared.code]
        official["median_income", year] = (float(region.frame["income"].iloc[0]), region.source_code)
    compared = []
    for row in rows:
        value, source_code = official.get((row["indicator_code"], row["year"]), (math.nan, ""))
        if row["area_code"] == REGION_CODE and not math.isnan(value):
            compared.append(
                {
                    "indicator_code": row["indicator_code"],
                    "year": row["year"],
                    "computed": row["value"],
                    "official": value,
                }
            )
            note = FigureNote.OFFICIAL_AREA_VALUE.value
            row.update(value=value, coverage=1.0, note=note, source_code=source_code)
    return pd.DataFrame(compared)


def _commune_layer(tables: Tables, territory: Territory) -> pd.DataFrame:
    """Figures of communes exactly as published: merged communes and Marseille's double entry are left out."""
    neet = tables[files.NEET_COMMUNES.code]
    layers = [
        neet.frame.assign(
            indicator_code="neet_rate", value=neet.frame["neet"] / 100, source_code=neet.source_code
        )
    ]
    for year, declared in files.FILOSOFI_COMMUNES.items():
        frame = unmerged(tables[declared.code].frame, by=[])
        frame = frame[frame["commune_code"] != MARSEILLE_CODE]
        layers.append(
            frame.assign(
                indicator_code="median_income", year=year, value=frame["income"], source_code=declared.code
            )
        )
    wanted = set(territory.communes["commune_code"]) | {MARSEILLE_CODE}
    layer = pd.concat(layers)
    layer = layer[layer["value"].notna() & layer["commune_code"].isin(wanted)]
    return _columns(layer.sort_values(["commune_code", "indicator_code", "year"]), COMMUNE_COLUMNS)


def _columns(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    return frame[list(columns)].reset_index(drop=True)


def _read_table(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")[columns]
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (OSError, KeyError, ValueError) as error:
        raise DataFileError("file_damaged", path=path.name) from error


def _csv_bytes(frame: pd.DataFrame) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue().encode("utf-8")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
