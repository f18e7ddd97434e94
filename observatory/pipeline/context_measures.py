"""Measures of the context: what each producer's file says of communes, IRIS and schools, before aggregation.

One function for each producer's logic and traps (method, section 2). Nothing here knows what an area is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from observatory.domain.codes import heading_key
from observatory.domain.figures import FigureNote
from observatory.domain.territory import MARSEILLE_ARRONDISSEMENTS, MARSEILLE_CODE, Service
from observatory.errors import DataFileError
from observatory.pipeline import context_files as files
from observatory.pipeline.findings import Findings, ProblemCode
from observatory.pipeline.producer_files import ProducerTable

EARTH_RADIUS_KM = 6371.0088
SERVICE_KINDS = ("lycee", "cio", "mission_locale")
SERVICES_YEAR = 2016
"""Vintage of the oldest list of services (CIO and missions locales), which dates the whole distance."""


@dataclass(frozen=True)
class Territory:
    """What the figures are laid on.

    ``communes``: ``commune_code, basin_code, academie, population`` (Marseille by arrondissement);
    ``retired``: today's code of merged communes; ``points``: longitude and latitude by commune.
    """

    communes: pd.DataFrame
    retired: Mapping[str, str]
    services: tuple[Service, ...]
    points: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Measure:
    """One indicator in one year before aggregation.

    ``components``: ``commune_code, value, weight, base, hidden``; ``base`` is what coverage is a share of.
    ``has_counts`` when the weight is the denominator of a proportion.
    """

    indicator_code: str
    year: int
    source_code: str
    components: pd.DataFrame
    notes: tuple[FigureNote, ...] = ()
    has_counts: bool = False
    marseille_is_whole: bool = False


Tables = Mapping[str, ProducerTable]


def measures(tables: Tables, territory: Territory, colleges: pd.DataFrame) -> tuple[Measure, ...]:
    """All the measures, from tables without problems and the collèges of :func:`locate_colleges`."""
    return (
        *_neet(tables, territory),
        *_income(tables, territory),
        *_colleges(tables, colleges),
        _vocational(tables),
        _single_parents(tables, territory),
        _service_distance(territory),
    )


def _neet(tables: Tables, territory: Territory) -> Iterable[Measure]:
    table = tables[files.NEET_COMMUNES.code]
    rows = unmerged(table.frame.assign(hidden=table.hidden["neet"]), by=["year"])
    for year in files.NEET_COMMUNES.years:
        of_year = rows[rows["year"] == year].set_index("commune_code")
        whole = MARSEILLE_CODE in of_year.index
        if whole:
            # One communal value for the 16 arrondissements, each with its own population.
            absent = [code for code in MARSEILLE_ARRONDISSEMENTS if code not in of_year.index]
            spread = of_year.loc[[MARSEILLE_CODE] * len(absent)].set_axis(absent)
            of_year = pd.concat([of_year.drop(index=MARSEILLE_CODE), spread])
        components = territory.communes.set_index("commune_code")[["population"]].join(of_year)
        yield Measure(
            "neet_rate",
            year,
            table.source_code,
            _components(
                components.reset_index(names="commune_code"),
                value=components["neet"].to_numpy() / 100,
                weight=components["population"].to_numpy(),
                base=components["population"].to_numpy(),
            ),
            marseille_is_whole=whole,
        )


def _income(tables: Tables, territory: Territory) -> Iterable[Measure]:
    population = territory.communes.set_index("commune_code")["population"]
    for year, declared in files.FILOSOFI_COMMUNES.items():
        table = tables[declared.code]
        rows = table.frame.assign(hidden=table.hidden["income"])
        # Marseille stands beside its arrondissements: 13055 lies in no area, so that it never counts twice.
        # Communes that have merged since share the population of the commune they became.
        households = rows.groupby("commune_code")["households"].transform("sum")
        rows = rows.assign(base=rows["commune_code"].map(population) * rows["households"] / households)
        rows = _with_absent_communes(rows, population)
        yield Measure(
            "median_income",
            year,
            table.source_code,
            _components(rows, value=rows["income"], weight=rows["households"], base=rows["base"]),
            notes=(FigureNote.MEAN_OF_MEDIANS,),
        )


def locate_colleges(tables: Tables, findings: Findings) -> pd.DataFrame:
    """Every collège of the IPS and IVAC lists: ``uai, commune_code, pupils``.

    IVAC names the commune in words only: it is joined on the UAI, and a collège that the IPS list leaves
    out goes where the others of the same words are. Its pupils are estimated from its candidates, so that
    what is missing weighs in the coverage. A collège that cannot be placed is reported.
    """
    if not {files.IPS_COLLEGES.code, files.IVAC_COLLEGES.code} <= set(tables):
        return pd.DataFrame()
    ips, ivac = tables[files.IPS_COLLEGES.code].frame, tables[files.IVAC_COLLEGES.code]
    commune_of = dict(zip(ips["uai"], ips["commune_code"], strict=True))
    by_words: dict[tuple[str, str], set[str]] = {}
    for uai, words in zip(ivac.frame["uai"], ivac.frame["commune_label"], strict=True):
        if uai in commune_of:
            by_words.setdefault((uai[:3], heading_key(words)), set()).add(commune_of[uai])
    candidates = ivac.frame.groupby("uai")["candidates"].mean()
    in_both = ips[ips["uai"].isin(candidates.index)]
    pupils_per_candidate = in_both["pupils"].sum() / candidates[in_both["uai"]].sum()
    schools = ips[["uai", "commune_code", "pupils"]]
    extra = ivac.frame[~ivac.frame["uai"].isin(ips["uai"])].drop_duplicates("uai")
    added = []
    for uai, words, row in zip(extra["uai"], extra["commune_label"], extra["row"], strict=True):
        codes = by_words.get((uai[:3], heading_key(words)), set())
        if len(codes) != 1:
            findings.report(ivac.file, ProblemCode.UNLOCATED_SCHOOL, int(row), "UAI", uai, commune=words)
            continue
        pupils = float(round(candidates[uai] * pupils_per_candidate))
        added.append({"uai": uai, "commune_code": codes.pop(), "pupils": pupils})
    return pd.concat([schools, pd.DataFrame(added)], ignore_index=True) if added else schools


def _colleges(tables: Tables, schools: pd.DataFrame) -> Iterable[Measure]:
    ips = tables[files.IPS_COLLEGES.code]
    rows = schools.rename(columns={"pupils": "base"}).merge(
        ips.frame.assign(hidden=ips.hidden["ips"])[["uai", "pupils", "ips", "hidden"]], on="uai", how="left"
    )
    yield Measure(
        "ips_college",
        files.IPS_COLLEGES.years[0],
        ips.source_code,
        _components(rows, value=rows["ips"], weight=rows["pupils"], base=rows["base"]),
        notes=(FigureNote.SERIES_BREAK_2021,),
    )
    ivac = tables[files.IVAC_COLLEGES.code]
    for indicator, column in (("dnb_success_rate", "success"), ("college_access_rate", "access")):
        results = ivac.frame.assign(hidden=ivac.hidden[column] | ivac.hidden["candidates"])
        for year in files.IVAC_COLLEGES.years:
            of_year = results.loc[results["year"] == year, ["uai", "candidates", column, "hidden"]]
            rows = schools.merge(of_year, on="uai", how="left")
            is_dnb = indicator == "dnb_success_rate"
            yield Measure(
                indicator,
                year,
                ivac.source_code,
                _components(rows, value=rows[column] / 100, weight=rows["candidates"], base=rows["pupils"]),
                notes=(FigureNote.RECONSTITUTED_COUNT,) if is_dnb else (),
                has_counts=is_dnb,
            )


def check_lycees(tables: Tables, findings: Findings) -> None:
    """Report each lycée whose tracks do not add up to its total."""
    table = tables.get(files.IPS_LYCEES.code)
    if table is None:
        return
    total = table.frame["general"].fillna(0) + table.frame["vocational"].fillna(0)
    known = ~table.hidden[["general", "vocational", "pupils"]].any(axis=1) & table.frame["pupils"].notna()
    for index in table.frame.index[known & (total != table.frame["pupils"])]:
        findings.report(
            table.file,
            ProblemCode.TOTAL_MISMATCH,
            int(table.frame["row"][index]),
            "effectifs_ensemble_gt_pro",
            f"{table.frame['pupils'][index]:g}",
            expected=f"{total[index]:g}",
        )


def _vocational(tables: Tables) -> Measure:
    table = tables[files.IPS_LYCEES.code]
    rows, hidden = table.frame, table.hidden
    # A track that the lycée does not have is left blank and the other one is its total: there blank means
    # none. A hidden figure is not recomputed that way.
    is_all_general = rows["vocational"].isna() & ~hidden["vocational"] & (rows["general"] == rows["pupils"])
    vocational = rows["vocational"].mask(is_all_general, 0.0)
    return Measure(
        "vocational_share",
        files.IPS_LYCEES.years[0],
        table.source_code,
        _components(
            rows.assign(hidden=hidden["vocational"] | hidden["pupils"]),
            value=vocational / rows["pupils"],
            weight=rows["pupils"],
            base=rows["pupils"].fillna(0),
        ),
        has_counts=True,
    )


def _single_parents(tables: Tables, territory: Territory) -> Measure:
    table = tables[files.CAF_IRIS.code]
    population = territory.communes.set_index("commune_code")["population"]
    rows = table.frame.assign(
        # IRIS populations are not in the file: those of a commune are taken as equal.
        base=table.frame["commune_code"].map(population / table.frame["commune_code"].value_counts()),
        # A blank here is the producer's threshold, not a zero.
        hidden=table.frame["recipients"].isna() | table.frame["single_parents"].isna(),
    )
    rows = _with_absent_communes(rows, population)
    return Measure(
        "single_parent_share",
        2020,
        table.source_code,
        _components(
            rows,
            value=rows["single_parents"] / rows["recipients"],
            weight=rows["recipients"],
            base=rows["base"],
        ),
        has_counts=True,
    )


def _service_distance(territory: Territory) -> Measure:
    communes = territory.communes
    nowhere = (math.nan, math.nan)
    points = np.array([territory.points.get(code, nowhere) for code in communes["commune_code"]], dtype=float)
    nearest = []
    for kind in SERVICE_KINDS:
        services = [(s.longitude, s.latitude) for s in territory.services if s.kind == kind]
        if not services:
            raise DataFileError("file_damaged", path="services.csv")
        nearest.append(distances_km(points, np.array(services)).min(axis=1))
    population = communes["population"]
    return Measure(
        "service_distance_km",
        SERVICES_YEAR,
        "dila_services_2016",
        _components(communes, value=np.mean(nearest, axis=0), weight=population, base=population),
    )


def unmerged(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Rows of communes that have not merged since: the figure of a part is not that of the whole.

    ``by`` are the columns that tell vintages apart.
    """
    changed = rows.duplicated(["commune_code", *by], keep=False) | (rows["commune_code"] != rows["code"])
    return rows[~changed]


def _with_absent_communes(rows: pd.DataFrame, population: pd.Series) -> pd.DataFrame:
    """One valueless row more for each commune that the file leaves out, for the coverage."""
    absent = sorted(set(population.index) - set(rows["commune_code"]))
    left_out = pd.DataFrame({"commune_code": absent, "base": population[absent].to_numpy()})
    return pd.concat([rows, left_out], ignore_index=True)


def _components(
    rows: pd.DataFrame,
    *,
    value: pd.Series | np.ndarray,
    weight: pd.Series | np.ndarray,
    base: pd.Series | np.ndarray,
) -> pd.DataFrame:
    hidden = rows["hidden"].eq(True).to_numpy() if "hidden" in rows else np.zeros(len(rows), dtype=bool)
    return pd.DataFrame(
        {
            "commune_code": rows["commune_code"].to_numpy(),
            "value": np.asarray(value, dtype=float),
            "weight": np.asarray(weight, dtype=float),
            "base": np.asarray(base, dtype=float),
            "hidden": hidden,
        }
    )


def distances_km(
    from_points: np.ndarray, to_points: np.ndarray, radius_km: float = EARTH_RADIUS_KM
) -> np.ndarray:
    """Great-circle distances (haversine) between points in degrees: (n, 2) and (m, 2) give (n, m).

    >>> marseille, nice = np.array([[5.37, 43.296]]), np.array([[7.262, 43.71]])
    >>> round(float(distances_km(marseille, nice)[0, 0]))
    159
    """
    lon1, lat1 = np.radians(from_points).T[:, :, None]
    lon2, lat2 = np.radians(to_points).T[:, None, :]
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * radius_km * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
