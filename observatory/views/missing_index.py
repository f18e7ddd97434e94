"""Why a basin has no context index, in words and as a state that can be drawn."""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.figures import FigureStatus
from observatory.domain.risk import IndexStatus
from observatory.french import readings
from observatory.views.observatory import Observatory


@dataclass(frozen=True)
class MissingIndex:
    """The state to draw, and the reason as the middle of a sentence."""

    status: FigureStatus
    reason: str


def missing_index(observatory: Observatory, basin_code: str) -> MissingIndex | None:
    """Why ``basin_code`` has no context index, None when it has one.

    The state is the one that all the figures behind the missing dimensions share, else ``MISSING``.
    """
    if basin_code in observatory.context_rows:
        return None
    status, codes = observatory.index_statuses.get(basin_code, (IndexStatus.MISSING_DIMENSION, ()))
    if status is IndexStatus.TOO_FEW_BASINS:
        return MissingIndex(FigureStatus.MISSING, readings.TOO_FEW_INDEX)
    states = _states_behind(observatory, basin_code, codes)
    state = states.pop() if len(states) == 1 else FigureStatus.MISSING
    dimensions = observatory.catalogue.dimensions
    labels = [dimensions[code].label for code in codes if code in dimensions]
    return MissingIndex(state, readings.missing_index(labels, state))


def _states_behind(observatory: Observatory, basin_code: str, codes: tuple[str, ...]) -> set[FigureStatus]:
    states = set()
    for indicator in observatory.catalogue.context_indicators():
        if indicator.dimension in codes:
            figure = observatory.latest(basin_code, indicator)
            if figure is None or figure.own_value is None:
                states.add(FigureStatus.MISSING if figure is None else figure.status)
    # A row that says "value" and holds none is a figure that was not transmitted.
    return {FigureStatus.MISSING if state is FigureStatus.VALUE else state for state in states}
