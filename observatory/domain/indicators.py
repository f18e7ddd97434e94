"""The catalogue of indicators: what each figure is, checked when it is read.

``data/indicators.yml`` and ``data/sources.yml`` are the reference; a page, a test or a computation that
needs a label, a unit or a dimension asks the :class:`Catalogue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from observatory.errors import DataFileError


class Unit(StrEnum):
    """Unit of the stored value: a ``SHARE`` is in 0-1 and shown in percent."""

    SHARE = "share"
    EURO = "euro"
    KILOMETRE = "kilometre"
    INDEX = "index"
    COUNT = "count"


class Polarity(StrEnum):
    """Whether a higher value means more exposed (``HIGHER_IS_WORSE``), less, or nothing."""

    HIGHER_IS_WORSE = "higher_is_worse"
    HIGHER_IS_BETTER = "higher_is_better"
    NEUTRAL = "neutral"


class Role(StrEnum):
    """The two readings that are kept apart (method, section 1)."""

    CONTEXT = "context"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Source:
    """Where figures come from: one producer's dataset in one vintage."""

    code: str
    producer: str
    dataset: str
    vintage: str
    licence: str
    address: str
    retrieved_on: str
    file: str | None = None


@dataclass(frozen=True)
class Dimension:
    """One dimension of the context index."""

    code: str
    label: str


@dataclass(frozen=True)
class Indicator:
    """One indicator of the catalogue. ``decimals`` apply to the number as shown (percent for a share)."""

    code: str
    label: str
    short_label: str
    definition: str
    unit: Unit
    decimals: int
    polarity: Polarity
    role: Role
    numerator: str
    denominator: str
    weight: str
    source_codes: tuple[str, ...]
    years: tuple[int, ...]
    caveats: tuple[str, ...]
    level: str
    dimension: str | None
    has_communes: bool = False
    breaks: tuple[int, ...] = ()

    @property
    def latest_year(self) -> int:
        return self.years[-1]


@dataclass(frozen=True)
class Catalogue:
    """Indicators, dimensions and sources, by code, in the order of the files."""

    indicators: dict[str, Indicator]
    dimensions: dict[str, Dimension]
    sources: dict[str, Source]

    def context_indicators(self) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators.values() if i.role is Role.CONTEXT)


def load_catalogue(data_dir: Path) -> Catalogue:
    """Read and check ``indicators.yml`` and ``sources.yml``; :class:`DataFileError` names what is wrong."""
    sources_path, indicators_path = data_dir / "sources.yml", data_dir / "indicators.yml"
    sources_raw, catalogue_raw = _read_yaml(sources_path), _read_yaml(indicators_path)
    try:
        sources = {code: Source(code=code, **fields) for code, fields in sources_raw["sources"].items()}
        dimensions = {code: Dimension(code, **fields) for code, fields in catalogue_raw["dimensions"].items()}
        indicators = {code: _indicator(code, fields) for code, fields in catalogue_raw["indicators"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataFileError("catalogue_invalid", path=indicators_path.name, detail=str(error)) from error
    for indicator in indicators.values():
        unknown = [s for s in indicator.source_codes if s not in sources]
        if unknown or not indicator.source_codes:
            raise DataFileError(
                "catalogue_invalid", path=indicators_path.name, detail=f"{indicator.code}: source {unknown}"
            )
        if indicator.dimension is not None and indicator.dimension not in dimensions:
            raise DataFileError(
                "catalogue_invalid",
                path=indicators_path.name,
                detail=f"{indicator.code}: dimension {indicator.dimension}",
            )
    return Catalogue(indicators, dimensions, sources)


def _indicator(code: str, fields: dict[str, Any]) -> Indicator:
    return Indicator(
        code=code,
        **{
            **fields,
            "unit": Unit(fields["unit"]),
            "polarity": Polarity(fields["polarity"]),
            "role": Role(fields["role"]),
            "source_codes": tuple(fields["source_codes"]),
            "years": tuple(fields["years"]),
            "caveats": tuple(fields["caveats"]),
            "breaks": tuple(fields.get("breaks", ())),
        },
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise DataFileError("file_missing", path=path.name) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise DataFileError("file_damaged", path=path.name) from error
    if not isinstance(content, dict):
        raise DataFileError("file_damaged", path=path.name)
    return content
