"""What enters the context index: one row a basin, one column an indicator, the latest shown figure of each.

Shared by the build, which publishes the index, and by the page that shows what another choice of dimensions
would give: both start from the same table.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Catalogue, Polarity


@dataclass(frozen=True)
class IndexInputs:
    """Arguments of :func:`observatory.stats.risk_index.compute_context_index`.

    ``values``: index ``basin_code``, one column an indicator, unit of the catalogue, NaN = no shown figure.
    ``polarity`` and ``dimension`` hold every column.
    """

    values: pd.DataFrame = field(repr=False)
    polarity: dict[str, Polarity]
    dimension: dict[str, str]

    def keep(self, dimensions: Collection[str]) -> IndexInputs:
        """The same with the indicators of these dimensions only; unknown dimensions are ignored."""
        kept = [code for code in self.values.columns if self.dimension[code] in dimensions]
        return IndexInputs(
            self.values[kept],
            {code: self.polarity[code] for code in kept},
            {code: self.dimension[code] for code in kept},
        )


def context_index_inputs(figures: pd.DataFrame, catalogue: Catalogue, codes: Collection[str]) -> IndexInputs:
    """Latest shown figure of every context indicator that has a dimension, for the basins ``codes``.

    ``figures`` needs ``area_code, indicator_code, year, value, status``. Only figures whose status is
    ``value`` enter. The year is the latest one in which any basin has such a figure: a basin that lacks it is
    missing, and never gets an older figure beside the newer ones of the others.
    """
    index = pd.Index(sorted(codes), name="basin_code")
    shown = figures[
        (figures["status"].map(str) == FigureStatus.VALUE.value)
        & figures["value"].notna()
        & figures["area_code"].isin(index)
    ]
    indicators = [i for i in catalogue.context_indicators() if i.dimension is not None]
    values = pd.DataFrame(np.nan, index=index, columns=[i.code for i in indicators])
    for indicator in indicators:
        rows = shown[shown["indicator_code"] == indicator.code]
        latest = rows[rows["year"] == rows["year"].max()]
        values[indicator.code] = latest.set_index("area_code")["value"].reindex(index)
    return IndexInputs(
        values,
        {i.code: i.polarity for i in indicators},
        {i.code: str(i.dimension) for i in indicators},
    )
