"""What the small charts draw: values and the text that stands beside them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrendPoint:
    """One year of a basin: value (None when unknown), its text, and the same for the region."""

    year: int
    value: float | None
    text: str
    region: float | None
    region_text: str = ""


@dataclass(frozen=True)
class StripMark:
    """One mark on a position strip: where it stands, its text, whether it is the subject."""

    value: float
    label: str
    is_subject: bool = False
