"""The states of a figure, told apart once and for all.

Zero is a value. A figure that is hidden, not transmitted, without object, valid only for a larger area,
or resting on too small a part of the population is none of the others, and is never drawn in a colour of
a scale.
"""

from __future__ import annotations

from enum import StrEnum

MINIMUM_COVERAGE = 0.5
"""Under this share of the basin's population a figure is not drawn (method, section 2)."""


class FigureStatus(StrEnum):
    """What a cell holds. Only ``VALUE`` takes part in classes, regressions and ranks."""

    VALUE = "value"
    SUPPRESSED = "suppressed"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    UNRESOLVED = "unresolved"
    INSUFFICIENT_COVERAGE = "insufficient_coverage"


class FigureNote(StrEnum):
    """Reasons written beside a figure; several are joined by ``|`` in the files."""

    COMMUNAL_VALUE_NOT_SPLIT = "communal_value_not_split"
    SERIES_BREAK_2021 = "series_break_2021"
    MEAN_OF_MEDIANS = "mean_of_medians"
    UNDER_PRODUCER_THRESHOLD = "under_producer_threshold"
    RECONSTITUTED_COUNT = "reconstituted_count"
    OFFICIAL_AREA_VALUE = "official_area_value"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"


def split_notes(note: str | None) -> tuple[FigureNote, ...]:
    """Notes of a figure; an unknown one raises ``ValueError``.

    >>> split_notes("mean_of_medians|series_break_2021")
    (<FigureNote.MEAN_OF_MEDIANS: 'mean_of_medians'>, <FigureNote.SERIES_BREAK_2021: 'series_break_2021'>)
    """
    return tuple(FigureNote(part) for part in (note or "").split("|") if part)


def figure_status(value: float | None, coverage: float | None, note: str | None) -> FigureStatus:
    """State of a figure from what its row holds (``value`` None or NaN = no value).

    >>> figure_status(0.0, 1.0, "")
    <FigureStatus.VALUE: 'value'>
    >>> figure_status(0.21, 0.4, "")
    <FigureStatus.INSUFFICIENT_COVERAGE: 'insufficient_coverage'>
    """
    notes = split_notes(note)
    if FigureNote.SUPPRESSED in notes:
        return FigureStatus.SUPPRESSED
    if FigureNote.NOT_APPLICABLE in notes:
        return FigureStatus.NOT_APPLICABLE
    if value is None or value != value:
        return FigureStatus.MISSING
    if FigureNote.COMMUNAL_VALUE_NOT_SPLIT in notes:
        return FigureStatus.UNRESOLVED
    if coverage is not None and coverage < MINIMUM_COVERAGE:
        return FigureStatus.INSUFFICIENT_COVERAGE
    return FigureStatus.VALUE
