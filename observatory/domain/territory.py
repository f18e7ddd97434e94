"""The territory: basins, académies, départements, communes, services, and their codes.

Area codes: a basin is ``AM01``..``AM16`` or ``NI01``..``NI12`` (local to this project), an académie
``ACA02`` or ``ACA23`` (official two-digit code), the region ``REG93``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import DataFileError

REGION_CODE = "REG93"
ACADEMIE_CODES = {"Aix-Marseille": "ACA02", "Nice": "ACA23"}
ACADEMIE_DEPARTEMENTS = {"ACA02": ("04", "05", "13", "84"), "ACA23": ("06", "83")}
MARSEILLE_CODE = "13055"
MARSEILLE_ARRONDISSEMENTS = tuple(f"132{n:02d}" for n in range(1, 17))


@dataclass(frozen=True)
class Basin:
    """One bassin de formation. ``reliability`` says how sure its limits are; none is official yet."""

    basin_code: str
    basin_label: str
    short_label: str
    academie: str
    seat_commune_code: str
    departements: tuple[str, ...]
    reliability: str
    evidence: str

    @property
    def academie_code(self) -> str:
        return ACADEMIE_CODES[self.academie]


@dataclass(frozen=True)
class Service:
    """A lycée, CIO or mission locale as a point: ``kind`` in ``lycee``, ``cio``, ``mission_locale``."""

    service_code: str
    label: str
    kind: str
    detail: str
    commune_code: str
    basin_code: str
    longitude: float
    latitude: float
    precision: str


def load_basins(data_dir: Path) -> dict[str, Basin]:
    """Basins by code in the order of ``territory/basins.csv``."""
    basins = {}
    for row in _read_csv(data_dir / "territory" / "basins.csv"):
        basin = Basin(**{**row, "departements": tuple(row["departements"].split("+"))})  # type: ignore[arg-type]
        basins[basin.basin_code] = basin
    return basins


def load_basin_of_commune(data_dir: Path) -> dict[str, str]:
    """The basin of each commune and arrondissement of ``territory/communes.csv``."""
    return {
        row["commune_code"]: row["basin_code"] for row in _read_csv(data_dir / "territory" / "communes.csv")
    }


def load_services(data_dir: Path) -> tuple[Service, ...]:
    """Lycées, CIO and missions locales of ``territory/services.csv``."""
    return tuple(
        Service(**{**row, "longitude": float(row["longitude"]), "latitude": float(row["latitude"])})  # type: ignore[arg-type]
        for row in _read_csv(data_dir / "territory" / "services.csv")
    )


def _read_csv(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise DataFileError("file_damaged", path=path.name) from error
    if not rows:
        raise DataFileError("file_damaged", path=path.name)
    return rows
