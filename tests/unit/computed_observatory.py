"""The made-up observatory from rows written one by one, with the risk that the build computes from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Polarity
from observatory.domain.territory import REGION_CODE, Basin
from observatory.pipeline.risk import compute_risk
from observatory.views.observatory import Observatory
from tests.unit import observatory_factory as made_up
from tests.unit.observatory_factory import CATALOGUE

Row = dict[str, object]
_NUMBERS = ("value", "value_lower", "value_upper", "numerator", "denominator", "coverage")


def make_basins(count: int = 3, **first: str) -> dict[str, Basin]:
    """``count`` basins, the first half in Aix-Marseille; ``first`` changes fields of the first one."""
    codes = [f"{'AM' if i < (count + 1) // 2 else 'NI'}{i + 1:02d}" for i in range(count)]
    basins = {code: made_up.make_basin(code, f"Bassin {i + 1}") for i, code in enumerate(codes)}
    basins[codes[0]] = replace(basins[codes[0]], **first)
    return basins


def figure(area: str, indicator: str, value: float | None, year: int | None = None, **changes: object) -> Row:
    """One figure: a plain value of the latest year of its indicator unless told otherwise."""
    return {
        **dict.fromkeys(made_up.FIGURE_COLUMNS),
        "area_code": area,
        "indicator_code": indicator,
        "year": year or CATALOGUE.indicators[indicator].latest_year,
        "value": value,
        "coverage": 1.0,
        "status": (FigureStatus.MISSING if value is None else FigureStatus.VALUE).value,
        "note": "",
        "source_code": CATALOGUE.indicators[indicator].source_codes[0],
        **changes,
    }


def region_figure(indicator: str, value: float, **changes: object) -> Row:
    """One figure of the whole region."""
    return {**figure(REGION_CODE, indicator, value), **changes}


def context_figures(basins: Iterable[str]) -> list[Row]:
    """Every context indicator in every basin, each basin more exposed than the one before."""
    return [
        figure(code, indicator.code, 0.5 + 0.01 * i if worse else 0.5 - 0.01 * i)
        for indicator in CATALOGUE.context_indicators()
        for worse in [indicator.polarity is Polarity.HIGHER_IS_WORSE]
        for i, code in enumerate(basins)
    ]


def rating(basin: str, giver: str, other: str, level: int | None, **changes: object) -> Row:
    """One directed rating of the demonstration, undated and without evidence unless told otherwise."""
    found = {"basin_code": basin, "from_partner": giver, "to_partner": other, "level": level}
    return {**found, "is_demonstration": True, **changes}


def modality(basin: str, code: str, status: str, **changes: object) -> Row:
    """One modality of a basin, in the demonstration."""
    return {"basin_code": basin, "modality": code, "status": status, "is_demonstration": True, **changes}


def make_observatory(
    basins: Mapping[str, Basin] | None = None,
    *,
    figures: Iterable[Row] = (),
    ratings: Iterable[Row] = (),
    modalities: Iterable[Row] = (),
    communes: Iterable[Row] = (),
) -> Observatory:
    """The observatory of these rows; each basin has 1000 inhabitants in one commune unless told otherwise."""
    basins = dict(make_basins() if basins is None else basins)
    table = pd.DataFrame(list(figures), columns=made_up.FIGURE_COLUMNS)
    table = table.astype({**dict.fromkeys(_NUMBERS, "float64"), "year": "int64"})
    risk = compute_risk(table, CATALOGUE, basins, pd.Series(1000.0, index=list(basins)))
    places = list(communes) or [
        {"commune_code": code, "basin_code": code, "confidence": "medium", "population": 1000}
        for code in basins
    ]
    return replace(
        made_up.make_observatory(names={code: basin.short_label for code, basin in basins.items()}),
        basins=basins,
        communes=_frame("communes", places),
        figures=table,
        context_index=risk.context_index,
        contributions=risk.context_contribution,
        gap=risk.gap,
        typology=risk.typology,
        ranks=risk.indicator_rank,
        trends=risk.trend,
        summary=dict(zip(risk.risk_summary["name"], risk.risk_summary["value"], strict=True)),
        ratings=_cooperation("ratings", ratings, ("rated_on",)).astype({"level": "Int64"}),
        modalities=_cooperation("modalities", modalities, ("since_on", "updated_on")),
    )


def _cooperation(name: str, rows: Iterable[Row], days: tuple[str, ...]) -> pd.DataFrame:
    """A frame as the store gives it: days as dates, the mark of demonstration as a boolean."""
    frame = _frame(name, rows).astype({"is_demonstration": bool})
    for day in days:
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]")
    return frame


def _frame(name: str, rows: Iterable[Row]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=made_up.FRAME_COLUMNS[name])
