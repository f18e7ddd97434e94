"""Where the invented population lives, is born and goes to school: real communes, real and invented schools.

Communes and lycées are those of ``data/territory``. Collèges and CFA are invented and can be told: the
four digits after the département and the nought are 9000 and over for a collège, 8000 to 8999 for a CFA.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
COLLEGE_NUMBERS = 9000
CFA_NUMBERS = 8000
INHABITANTS_PER_COLLEGE = 9_000
INHABITANTS_PER_CFA = 60_000
MARSEILLE = "13055"

ELSEWHERE = [
    "75101",
    "75110",
    "75112",
    "75113",
    "75114",
    "75115",
    "75118",
    "75119",
    "75120",
    "69383",
    "69387",
    "69388",
    "31555",
    "44109",
    "67482",
    "33063",
    "34172",
    "59350",
    "35238",
    "38185",
    "42218",
    "21231",
    "63113",
    "76351",
    "51454",
    "30189",
    "66136",
    "54395",
    "57463",
    "45234",
    "37261",
    "87085",
    "80021",
    "29019",
    "25056",
    "72181",
    "93008",
    "94028",
    "92012",
    "95018",
    "91228",
    "78498",
    "77288",
    "97411",
    "97209",
    "97105",
    "97302",
    "2A004",
    "2B033",
    "26362",
    "07186",
    "74010",
    "73065",
    "01053",
]
"""Communes of birth outside the region."""


@dataclass(frozen=True)
class Places:
    """Communes with their weights, and the schools of each basin, as numpy arrays of codes.

    ``schools`` holds, by kind (``college``, ``lgt``, ``lp``, ``agricultural``, ``cfa``), one array of UAI a
    basin, in the order of ``basins``; never empty: a basin without any takes the nearest ones.
    """

    basins: np.ndarray
    communes: np.ndarray
    commune_basin: np.ndarray
    weights: np.ndarray
    schools: dict[str, tuple[np.ndarray, ...]]
    structures: np.ndarray


def check_letter(digits: str) -> str:
    """The letter that ends a UAI: what is left of the seven digits divided by 23.

    >>> check_letter("0130033")
    'R'
    """
    return UAI_LETTERS[int(digits) % 23]


def read_places(data_dir: Path) -> Places:
    """The places of ``data/territory``."""
    territory = data_dir / "territory"
    communes = pd.read_csv(territory / "communes.csv", dtype=str, keep_default_na=False)
    services = pd.read_csv(territory / "services.csv", dtype=str, keep_default_na=False).sort_values(
        "service_code"
    )
    communes = communes[communes["commune_code"] != MARSEILLE].sort_values("commune_code")
    population = pd.to_numeric(communes["population"], errors="coerce").fillna(0).to_numpy()
    basins = np.array(sorted(communes["basin_code"].unique()), dtype=object)
    order = {code: index for index, code in enumerate(basins)}
    commune_basin = communes["basin_code"].map(order).to_numpy(dtype=np.int64)
    departement = communes["departement_code"].to_numpy(dtype=object)
    basin_departement = [departement[np.flatnonzero(commune_basin == i)[0]] for i in range(len(basins))]
    invented = {
        "college": _invented(
            commune_basin, population, basin_departement, COLLEGE_NUMBERS, INHABITANTS_PER_COLLEGE
        ),
        "cfa": _invented(commune_basin, population, basin_departement, CFA_NUMBERS, INHABITANTS_PER_CFA),
    }
    lycees = services[services["kind"] == "lycee"]
    kinds = {
        "lgt": ~lycees["detail"].isin(["lycée professionnel", "lycée agricole"]),
        "lp": lycees["detail"].isin(["lycée professionnel", "lycée polyvalent"]),
        "agricultural": lycees["detail"] == "lycée agricole",
    }
    real = {kind: _by_basin(lycees[mask], basins, services, "service_code") for kind, mask in kinds.items()}
    structures = _by_basin(services[services["kind"] == "mission_locale"], basins, services, "label")
    return Places(
        basins=basins,
        communes=communes["commune_code"].to_numpy(dtype=object),
        commune_basin=commune_basin,
        weights=population / population.sum(),
        schools={**invented, **real},
        structures=np.array([labels[0] for labels in structures], dtype=object),
    )


def _invented(
    commune_basin: np.ndarray, population: np.ndarray, departements: list[str], first: int, inhabitants: int
) -> tuple[np.ndarray, ...]:
    """Invented schools of each basin, as many as its inhabitants ask for, numbered by département."""
    number = dict.fromkeys(departements, first)
    found = []
    for basin, departement in enumerate(departements):
        count = max(1, round(population[commune_basin == basin].sum() / inhabitants))
        codes = []
        for _ in range(count):
            digits = f"{int(departement):03d}{number[departement]:04d}"
            number[departement] += 1
            codes.append(digits + check_letter(digits))
        found.append(np.array(codes, dtype=object))
    return tuple(found)


def _by_basin(
    rows: pd.DataFrame, basins: np.ndarray, every: pd.DataFrame, column: str
) -> tuple[np.ndarray, ...]:
    """What each basin has; where there is none, the three nearest to the middle of its services."""
    where = rows[["longitude", "latitude"]].to_numpy(dtype=float)
    found = []
    for basin in basins:
        own = rows[rows["basin_code"] == basin]
        if own.empty:
            middle = every.loc[every["basin_code"] == basin, ["longitude", "latitude"]].to_numpy(dtype=float)
            distance = np.hypot(*((where - middle.mean(axis=0)) * (0.72, 1)).T)
            own = rows.iloc[np.argsort(distance, kind="stable")[:3]]
        found.append(np.array(own[column].tolist(), dtype=object))
    return tuple(found)
