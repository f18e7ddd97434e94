"""A small made-up observatory: a few basins, the real catalogue, and only the figures a test asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from observatory.domain.indicators import load_catalogue
from observatory.domain.territory import Basin
from observatory.views.observatory import Observatory

CATALOGUE = load_catalogue(Path(__file__).resolve().parents[2] / "data")

FIGURE_COLUMNS = [
    "area_code", "indicator_code", "year", "value", "value_lower", "value_upper", "numerator", "denominator",
    "coverage", "status", "note", "source_code",
]  # fmt: skip
FRAME_COLUMNS = {
    "communes": [
        "commune_code", "commune_label", "departement_code", "academie", "basin_code", "method", "confidence",
        "population",
    ],
    "context_index": [
        "basin_code", "context_index", "index_lower", "index_upper", "rank_median", "rank_lower",
        "rank_upper", "status", "missing_dimensions",
    ],
    "contributions": ["basin_code", "dimension_code", "score", "weight", "contribution"],
    "gap": [
        "basin_code", "year", "observed", "observed_lower", "observed_upper", "expected", "gap",
        "studentised", "is_notable", "status",
    ],
    "typology": ["basin_code", "year", "typology", "reason"],
    "ranks": [
        "basin_code", "indicator_code", "year", "rank_median", "rank_lower", "rank_upper",
        "top_five_probability", "band", "basin_count", "method",
    ],
    "trends": ["area_code", "indicator_code", "status", "direction", "chi_square", "point_count"],
    "ratings": [
        "basin_code", "from_partner", "to_partner", "level", "rated_on", "rated_by", "evidence",
        "is_demonstration",
    ],
    "modalities": [
        "basin_code", "modality", "status", "description", "pilot", "frequency", "next_step", "since_on",
        "updated_on", "is_demonstration",
    ],
}  # fmt: skip

DEFAULT_NAMES = {"AM01": "Digne", "AM02": "Manosque", "NI01": "Antibes", "NI02": "Cagnes", "NI03": "Cannes"}


@dataclass(frozen=True)
class MadeUp:
    """One figure as a test writes it; counts give the share and its interval must be told too."""

    area: str
    indicator: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    status: str = "value"
    note: str = ""
    year: int | None = None


def make_basin(code: str, name: str) -> Basin:
    academie = "Aix-Marseille" if code.startswith("AM") else "Nice"
    return Basin(code, name, name, academie, "13001", ("13",), "derived", "")


def make_figures(figures: Sequence[MadeUp]) -> pd.DataFrame:
    """The frame of the store; an unsaid year is the latest of the indicator."""
    rows = [
        (
            f.area, f.indicator, f.year or CATALOGUE.indicators[f.indicator].latest_year, f.value, f.lower,
            f.upper, f.numerator, f.denominator, 1.0, f.status, f.note,
            CATALOGUE.indicators[f.indicator].source_codes[0],
        )
        for f in figures
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=FIGURE_COLUMNS)
    numbers = ["value", "value_lower", "value_upper", "numerator", "denominator"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def make_observatory(
    figures: Sequence[MadeUp] = (),
    *,
    names: Mapping[str, str] = DEFAULT_NAMES,
    summary: Mapping[str, float] | None = None,
    version_id: int = 1,
    version_at: datetime | None = datetime(2026, 11, 23, tzinfo=UTC),
    **rows: Sequence[tuple[object, ...]],
) -> Observatory:
    """An observatory of ``names``; ``rows`` gives the rows of the frames of :data:`FRAME_COLUMNS`."""
    unknown = set(rows) - set(FRAME_COLUMNS)
    if unknown:
        raise ValueError(f"no such frame: {', '.join(sorted(unknown))}")
    frames = {
        name: pd.DataFrame(rows.get(name, ()), columns=columns) for name, columns in FRAME_COLUMNS.items()
    }
    return Observatory(
        version_id=version_id,
        version_at=version_at,
        catalogue=CATALOGUE,
        basins={code: make_basin(code, name) for code, name in names.items()},
        services=(),
        figures=make_figures(figures),
        summary=dict(summary or {}),
        **frames,
    )
