"""Sentences computed from figures, written as a person would write them.

Pure functions: numbers and names in, one sentence out. Nothing here says that a context *causes* anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from observatory.domain.indicators import Indicator, Unit
from observatory.french.numbers import (
    count_word,
    format_number,
    format_value,
    join_words,
    ordinal,
    scale_of,
)
from observatory.french.texts import PHRASES

_FRACTIONS = {
    2: "deux",
    3: "trois",
    4: "quatre",
    5: "cinq",
    6: "six",
    7: "sept",
    8: "huit",
    9: "neuf",
    10: "dix",
}


def fraction_phrase(share: float) -> str:
    """A share said aloud.

    >>> fraction_phrase(0.21), fraction_phrase(0.185), fraction_phrase(0.26)
    ('plus d’un jeune sur cinq', 'près d’un jeune sur cinq', 'plus d’un jeune sur quatre')
    """
    nearest = min(_FRACTIONS, key=lambda n: abs(1 / n - share))
    exact = 1 / nearest
    if abs(share - exact) < 0.004:
        return f"un jeune sur {_FRACTIONS[nearest]}"
    return f"{'plus' if share > exact else 'près'} d’un jeune sur {_FRACTIONS[nearest]}"


def class_labels(limits: Sequence[float], indicator: Indicator | None) -> tuple[str, ...]:
    """Legend of classes cut at ``limits`` (stored unit): ``moins de 13 %``, ``13 à 16 %``, ``19,5 % et plus``.

    Decimals are as few as the limits need. Without an indicator, plain numbers.
    """
    scale = scale_of(indicator.unit) if indicator else 1.0
    shown = [limit * scale for limit in limits]
    decimals = next((d for d in range(5) if all(abs(round(v, d) - v) < 1e-9 for v in shown)), 4)
    plain = [format_number(v, decimals if v != int(v) else 0) for v in shown]
    unit = ""
    if indicator is not None:
        unit = format_value(0, indicator)[len(format_value(0, indicator, with_unit=False)) :]
    if not plain:
        return ("une seule valeur",)
    middle = [f"{low} à {high}{unit}" for low, high in zip(plain, plain[1:], strict=False)]
    return (f"moins de {plain[0]}{unit}", *middle, f"{plain[-1]}{unit} et plus")


def highest_title(names: Sequence[str], lowest_of_them: float, indicator: Indicator, year: int) -> str:
    """Title of the map: where the figure is highest, said with the smallest of the values named."""
    where = join_words(list(names))
    if indicator.code == "neet_rate":
        title = f"{where} : {fraction_phrase(lowest_of_them)} ni en études ni en emploi"
        return title[0].upper() + title[1:]
    value = format_value(lowest_of_them, indicator)
    return f"{indicator.short_label} : {where} au plus haut, à {value} ou davantage en {year}"


def value_sentence(value: str, indicator: Indicator, region: str | None) -> str:
    """What follows the figure in the panel: ``des 15-24 ans …, contre 17,9 % dans la région.``"""
    phrase = PHRASES.get(indicator.code)
    start = phrase if phrase else f": {indicator.label[0].lower()}{indicator.label[1:]}"
    return f"{start}, contre {region} dans la région." if region else f"{start}."


def position_phrase(rank: int, count: int, *, highest_first: bool = True) -> str:
    """Position among the basins, by groups rather than by a bare rank.

    >>> position_phrase(2, 25)
    'parmi les trois plus élevés des 25 bassins'
    >>> position_phrase(12, 25)
    'au milieu des 25 bassins'
    """
    del highest_first
    if rank <= 3:
        return f"parmi les trois plus élevés des {count} bassins"
    if rank > count - 3:
        return f"parmi les trois moins élevés des {count} bassins"
    if rank <= count / 3:
        return f"dans le tiers le plus élevé des {count} bassins"
    if rank > 2 * count / 3:
        return f"dans le tiers le moins élevé des {count} bassins"
    return f"au milieu des {count} bassins"


def rank_interval_phrase(lower: int, upper: int) -> str:
    """``entre 4e et 12e``, or ``3e`` when the interval is one rank."""
    return ordinal(lower) if lower == upper else f"entre {ordinal(lower)} et {ordinal(upper)}"


def trend_phrase(point_count: int, status: str) -> str:
    """What can be said of a trend; with few points, that nothing can."""
    if status == "computed_rising":
        return "hausse vérifiée"
    if status == "computed_falling":
        return "baisse vérifiée"
    if status == "no_trend":
        return "pas de tendance vérifiée"
    if status == "series_break":
        return "tendance non calculable : série rompue"
    if status == "no_counts" and point_count >= 5:
        return "tendance non calculable : effectifs non diffusés"
    points = "un seul point" if point_count == 1 else f"{count_word(point_count)} points"
    return f"tendance non calculable : {points}"


def resolved_phrase(resolved: int, total: int) -> str:
    """``25 bassins sur 28 résolus``."""
    return f"{resolved} bassins sur {total} avec une valeur propre"


def unit_of(indicator: Indicator) -> str:
    """The unit in words, for headers and alternative texts."""
    return {
        Unit.SHARE: "en %",
        Unit.EURO: "en euros",
        Unit.KILOMETRE: "en kilomètres",
        Unit.INDEX: "indice",
        Unit.COUNT: "effectif",
    }[indicator.unit]
