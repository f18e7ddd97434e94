"""Numbers, intervals and dates as a French reader writes them.

Decimal comma, narrow no-break space (U+202F) between thousands and before the percent sign, true minus
sign (U+2212). Shares are stored in 0-1 and shown in percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date as _babel_date
from babel.numbers import format_decimal

from observatory.domain.indicators import Indicator, Unit

NNBSP = "\u202f"
MINUS = "\u2212"
_UNIT_SUFFIX = {Unit.SHARE: f"{NNBSP}%", Unit.EURO: f"{NNBSP}€", Unit.KILOMETRE: f"{NNBSP}km"}


@lru_cache(maxsize=4096)
def format_number(value: float, decimals: int = 0) -> str:
    """A number with ``decimals`` decimals.

    >>> format_number(5030890)
    '5\\u202f030\\u202f890'
    >>> format_number(-1.25, 1)
    '\\u22121,3'
    """
    rounded = round_half_away(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(rounded), format=pattern, locale="fr")
    return (MINUS if rounded < 0 else "") + text


def format_signed(value: float, decimals: int = 0) -> str:
    """A difference, always with its sign except for zero.

    >>> format_signed(1.64, 1), format_signed(-0.04, 1)
    ('+1,6', '0,0')
    """
    text = format_number(value, decimals)
    return text if text.startswith(MINUS) or round_half_away(value, decimals) == 0 else "+" + text


def round_half_away(value: float, decimals: int) -> float:
    """Rounding as taught at school: halves go away from zero, whatever the binary representation.

    >>> round_half_away(0.125, 2), round_half_away(-2.5, 0)
    (0.13, -3.0)
    """
    factor = 10.0**decimals
    magnitude = int(abs(value) * factor + 0.5 + 1e-9) / factor
    return magnitude if value >= 0 or magnitude == 0 else -magnitude


def scale_of(unit: Unit) -> float:
    """What a stored value is multiplied by before it is shown."""
    return 100.0 if unit is Unit.SHARE else 1.0


def format_value(value: float, indicator: Indicator, *, with_unit: bool = True) -> str:
    """A stored value in the unit and with the decimals of its indicator, e.g. ``21,4 %``."""
    text = format_number(value * scale_of(indicator.unit), indicator.decimals)
    return text + (_UNIT_SUFFIX.get(indicator.unit, "") if with_unit else "")


def format_difference(value: float, indicator: Indicator) -> str:
    """A difference between two stored values; points for a share."""
    text = format_signed(value * scale_of(indicator.unit), indicator.decimals)
    if indicator.unit is Unit.SHARE:
        plural = "s" if abs(round_half_away(value * 100, indicator.decimals)) >= 2 else ""
        return f"{text} point{plural}"
    return text + _UNIT_SUFFIX.get(indicator.unit, "")


def format_interval(lower: float, upper: float, indicator: Indicator) -> str:
    """``de 20,1 à 22,8 %``."""
    low = format_value(lower, indicator, with_unit=False)
    return f"de {low} à {format_value(upper, indicator)}"


def format_share(value: float, decimals: int = 0) -> str:
    """A share of 0-1 in percent.

    >>> format_share(0.786)
    '79\\u202f%'
    """
    return f"{format_number(value * 100, decimals)}{NNBSP}%"


def format_date(day: date | datetime) -> str:
    """``23 novembre 2026``; the first of the month is written ``1er``.

    >>> format_date(date(2026, 12, 1))
    '1er décembre 2026'
    """
    text = _babel_date(day, format="d MMMM y", locale="fr")
    return "1er" + text[1:] if day.day == 1 else text


def join_words(words: Sequence[str], conjunction: str = "et") -> str:
    """``Avignon, Orange et Draguignan``.

    >>> join_words(["Avignon", "Orange", "Draguignan"])
    'Avignon, Orange et Draguignan'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


_ONES = (
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
)


def count_word(count: int) -> str:
    """Small numbers in letters, as in a sentence; larger ones in figures."""
    return _ONES[count] if 0 <= count < len(_ONES) else format_number(count)


def ordinal(rank: int) -> str:
    """``1er``, ``2e``."""
    return "1er" if rank == 1 else f"{rank}e"
