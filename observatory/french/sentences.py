"""Sentences computed from figures, written as a person would write them.

Pure functions: numbers and names in, one sentence out. Nothing here says that a context *causes* anything.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from observatory.domain.indicators import Indicator, Polarity, Unit
from observatory.french.numbers import (
    count_word,
    format_number,
    format_share,
    format_value,
    join_words,
    ordinal,
    scale_of,
)
from observatory.french.texts import NO_INTERVAL, PHRASES

_SMALLEST_FRACTION = 10
_NEARLY = 0.08
"""Under a fraction by this part of it at most, a share is said to be nearly that fraction."""


def of_name(name: str) -> str:
    """``de`` before a proper name, elided before a vowel.

    >>> of_name("Nice"), of_name("Aix-Marseille")
    ('de Nice', 'd’Aix-Marseille')
    """
    first = unicodedata.normalize("NFD", name[:1])[:1].upper()
    return f"d’{name}" if first and first in "AEIOUY" else f"de {name}"


def capitalise(text: str) -> str:
    """First letter in capitals, the others as they are (``str.capitalize`` would lower ``CAF``).

    >>> capitalise("allocataires de la CAF")
    'Allocataires de la CAF'
    """
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str) -> str:
    """A count in words with its noun; zero and one are singular in French.

    >>> counted(0, "bassin", "bassins"), counted(2, "bassin", "bassins"), counted(17, "bassin", "bassins")
    ('aucun bassin', 'deux bassins', '17 bassins')
    """
    number = "aucun" if count == 0 else count_word(count)
    return f"{number} {one if count < 2 else many}"


def out_of_basins(count: int, total: int) -> str:
    """``17 bassins sur 28``, as the subject of a sentence.

    >>> out_of_basins(1, 28), out_of_basins(0, 28)
    ('1 bassin sur 28', 'aucun bassin sur 28')
    """
    return f"{count or 'aucun'} bassin{'s' if count > 1 else ''} sur {total}"


def fraction_phrase(share: float) -> str:
    """A share (0-1) said aloud: the fraction just passed, or the one nearly reached.

    >>> fraction_phrase(0.21), fraction_phrase(0.185), fraction_phrase(0.26)
    ('plus d’un jeune sur cinq', 'près d’un jeune sur cinq', 'plus d’un jeune sur quatre')
    >>> fraction_phrase(0.02)
    '2,0\\u202f% des jeunes'
    """
    for n in range(2, _SMALLEST_FRACTION + 1):
        if abs(share - 1 / n) < 0.004:
            return f"un jeune sur {count_word(n)}"
        if share > 1 / n:
            return f"plus d’un jeune sur {count_word(n)}"
        if share >= (1 - _NEARLY) / n:
            return f"près d’un jeune sur {count_word(n)}"
    return f"{format_share(share, 1)} des jeunes"


def class_labels(limits: Sequence[float], indicator: Indicator | None) -> tuple[str, ...]:
    """Legend of classes cut at ``limits`` (stored unit): ``moins de 13 %``, ``13 à 16 %``, ``16 % et plus``.

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
    middle = [f"{low} à {high}{unit}" for low, high in pairwise(plain)]
    return (f"moins de {plain[0]}{unit}", *middle, f"{plain[-1]}{unit} et plus")


def extreme_title(names: Sequence[str], last_value: float, indicator: Indicator, year: int) -> str:
    """Title of the map: the three most exposed, said with the value of the last of them.

    Where a higher value means less exposed (income, success), the lowest are named.
    """
    where = join_words(list(names))
    if indicator.code == "neet_rate":
        return capitalise(f"{where} : {fraction_phrase(last_value)} ni en études ni en emploi")
    value = format_value(last_value, indicator)
    if indicator.unit is Unit.KILOMETRE:
        return f"{where} : les services les plus éloignés, à {value} en moyenne ou plus ({year})"
    if indicator.polarity is Polarity.HIGHER_IS_BETTER:
        return f"{indicator.short_label} : {where} au plus bas, à {value} ou moins en {year}"
    return f"{indicator.short_label} : {where} au plus haut, à {value} ou davantage en {year}"


def value_sentence(indicator: Indicator, region: str | None) -> str:
    """What follows the figure in the panel: ``des 15-24 ans …, contre 17,9 % dans la région.``"""
    phrase = PHRASES.get(indicator.code)
    start = phrase if phrase else f": {indicator.label[0].lower()}{indicator.label[1:]}"
    return f"{start}, contre {region} dans la région." if region else f"{start}."


def year_lead(year: int) -> str:
    """What opens a sentence about a year: a figure of 2018 is not said in the present.

    >>> year_lead(2018)
    'En 2018,'
    """
    return f"En {year},"


def position_phrase(rank: int, count: int) -> str:
    """Position among the basins (rank 1 = highest value), by groups rather than by a bare rank.

    >>> position_phrase(2, 25)
    'parmi les trois plus élevés des 25 bassins'
    >>> position_phrase(12, 25)
    'au milieu des 25 bassins'
    """
    if count == 1:
        return "seul bassin avec une valeur"
    # Of seven basins or fewer, three at each end would leave no middle.
    if count > 7 and rank <= 3:
        return f"parmi les trois plus élevés des {count} bassins"
    if count > 7 and rank > count - 3:
        return f"parmi les trois moins élevés des {count} bassins"
    if rank <= count / 3:
        return f"dans le tiers le plus élevé des {count} bassins"
    if rank > 2 * count / 3:
        return f"dans le tiers le moins élevé des {count} bassins"
    return f"au milieu des {count} bassins"


def rank_interval_phrase(lower: int, upper: int) -> str:
    """``entre 4e et 12e``, or ``3e`` when the interval is one rank."""
    return ordinal(lower) if lower == upper else f"entre {ordinal(lower)} et {ordinal(upper)}"


def rank_span(lower: int, upper: int) -> str:
    """The same inside a sentence.

    >>> rank_span(2, 7), rank_span(1, 1)
    ('du 2e au 7e rang', 'au 1er rang')
    """
    return f"au {ordinal(lower)} rang" if lower == upper else f"du {ordinal(lower)} au {ordinal(upper)} rang"


def coverage_phrase(coverage: float) -> str:
    """The share that a figure rests on, never rounded up: 49,7 % is not half.

    >>> coverage_phrase(0.4971)
    'couverture : 49\u202f%'
    """
    return f"couverture : {format_share(math.floor(coverage * 100 + 1e-9) / 100)}"


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
    points = "un seul point" if point_count == 1 else counted(point_count, "point", "points")
    return f"tendance non calculable : {points}"


def resolved_phrase(resolved: int, total: int) -> str:
    """``25 bassins sur 28 avec une valeur propre``."""
    return f"{out_of_basins(resolved, total)} avec une valeur propre"


def why_no_interval(indicator: Indicator) -> str:
    """Why a figure has no interval: a share lacks its counts, the others are not shares of a count."""
    return {
        Unit.EURO: "une moyenne de médianes, non une proportion",
        Unit.INDEX: "une moyenne, non une proportion",
        Unit.KILOMETRE: "une distance mesurée, non une proportion",
    }.get(indicator.unit, "effectifs non diffusés")


def no_interval(indicator: Indicator) -> str:
    """The same beside the figure itself."""
    if indicator.unit is Unit.SHARE:
        return NO_INTERVAL
    return f"sans intervalle : {why_no_interval(indicator)}"


def unit_of(indicator: Indicator) -> str:
    """The unit in words, for headers and alternative texts."""
    return {
        Unit.SHARE: "en %",
        Unit.EURO: "en euros",
        Unit.KILOMETRE: "en kilomètres",
        Unit.INDEX: "indice",
        Unit.COUNT: "effectif",
    }[indicator.unit]
