"""View-model of the funnel plot: which basins differ by more than their size explains?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.domain.figures import FigureStatus
from observatory.domain.indicators import Unit
from observatory.french import comparing, numbers, texts
from observatory.stats.rates import Z_95, Z_998, funnel_limits, overdispersion
from observatory.views.observatory import Observatory
from observatory.views.selection import INDEX_CODE

MINIMUM_POINTS = 3
_CURVE_POINTS = 60


@dataclass(frozen=True)
class FunnelPoint:
    """One basin of the funnel plot: its denominator, its share (0-1), whether it is one of the chosen."""

    code: str
    label: str
    denominator: float
    value: float
    text: str
    is_chosen: bool
    is_outside: bool


@dataclass(frozen=True)
class FunnelCurve:
    """Limits at one level over ``n``: shares (0-1), widened for over-dispersion, then by chance alone."""

    level: str
    n: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    chance_lower: tuple[float, ...]
    chance_upper: tuple[float, ...]


@dataclass(frozen=True)
class Funnel:
    """Funnel plot of one indicator; ``reason`` is set, and the rest empty, when it cannot be computed."""

    title: str
    reason: str
    reference: float | None = None
    reference_text: str = ""
    points: tuple[FunnelPoint, ...] = ()
    curves: tuple[FunnelCurve, ...] = ()
    phi: float = 1.0
    headline: str = ""
    note: str = ""
    denominator_label: str = ""


def build_funnel(
    observatory: Observatory, indicator_code: str, year: int | None, chosen: Sequence[str]
) -> Funnel:
    """Funnel plot (Spiegelhalter 2005) of the basins that have counts; otherwise the reason why not."""
    if indicator_code == INDEX_CODE:
        return Funnel(texts.INDEX_LABEL, comparing.FUNNEL_OF_INDEX)
    indicator = observatory.catalogue.indicators[indicator_code]
    year = year if year is not None else indicator.latest_year
    title = f"{indicator.short_label}, {year}"
    counted = [
        f
        for f in observatory.resolved(indicator_code, year)
        if f.numerator is not None and f.denominator is not None and f.denominator > 0
    ]
    if indicator.unit is not Unit.SHARE or len(counted) < MINIMUM_POINTS:
        return Funnel(title, comparing.funnel_impossible(indicator))
    events = [f.numerator or 0.0 for f in counted]
    base = [f.denominator or 0.0 for f in counted]
    region = observatory.region(indicator_code, year)
    reference = sum(events) / sum(base)
    if region is not None and region.value is not None and region.status is FigureStatus.VALUE:
        reference = region.value
    if not 0 < reference < 1:
        return Funnel(title, comparing.funnel_impossible(indicator))
    dispersion = overdispersion(events, base, reference)
    outer_low, outer_high = funnel_limits(reference, base, Z_998, dispersion.tau_squared)
    points = tuple(
        FunnelPoint(
            f.area_code,
            observatory.basins[f.area_code].short_label,
            n,
            k / n,
            numbers.format_value(k / n, indicator),
            f.area_code in chosen,
            not low <= k / n <= high,
        )
        for f, k, n, low, high in zip(
            counted, events, base, outer_low.tolist(), outer_high.tolist(), strict=True
        )
    )
    outside = [p.label for p in sorted(points, key=lambda p: -p.value) if p.is_outside]
    missing = [observatory.basins[c].short_label for c in chosen if all(p.code != c for p in points)]
    absent = f"Sans chiffre, donc absent du graphique : {numbers.join_words(missing)}." if missing else ""
    headline = comparing.funnel_sentence(outside, len(points))
    note = " ".join(
        filter(
            None,
            (
                headline,
                comparing.overdispersion_sentence(dispersion.phi),
                absent,
            ),
        )
    )
    return Funnel(
        title=title,
        reason="",
        reference=reference,
        reference_text=numbers.format_value(reference, indicator),
        points=tuple(sorted(points, key=lambda p: (-p.value, p.label))),
        curves=tuple(
            _curve(level, z, reference, base, dispersion.tau_squared)
            for level, z in ((f"99,8{numbers.NNBSP}%", Z_998), (f"95{numbers.NNBSP}%", Z_95))
        ),
        phi=dispersion.phi,
        headline=headline,
        note=note,
        denominator_label=indicator.denominator,
    )


def _curve(level: str, z: float, reference: float, base: Sequence[float], tau_squared: float) -> FunnelCurve:
    """Limits from half the smallest denominator to a tenth past the largest, spaced by equal ratios."""
    first, last = min(base) * 0.5, max(base) * 1.1
    n = [first * (last / first) ** (i / (_CURVE_POINTS - 1)) for i in range(_CURVE_POINTS)]
    lower, upper = funnel_limits(reference, n, z, tau_squared)
    chance_lower, chance_upper = funnel_limits(reference, n, z)
    return FunnelCurve(
        level,
        tuple(n),
        tuple(lower.tolist()),
        tuple(upper.tolist()),
        tuple(chance_lower.tolist()),
        tuple(chance_upper.tolist()),
    )
