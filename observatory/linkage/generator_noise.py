"""How a file writes a person down: every trouble met in real extracts, at a declared rate for each source.

Rates are shares of the rows of an extract that *can* have the trouble (``compound_cut`` of compound
names, ``variant`` of names with several spellings), multiplied by the noise asked for, at most 0.95.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
import pandas as pd

from observatory.domain.campaign import Source
from observatory.linkage.generator_places import MARSEILLE, Places
from observatory.linkage.names import SPELLINGS

HIGHEST_RATE = 0.95
_LATE_BIRTH = np.datetime64("2014-01-01")


@dataclass(frozen=True)
class NoiseRates:
    """One rate a trouble, at noise 1."""

    upper_case: float  # nom and prénom in capitals
    accents_dropped: float
    separator: float  # hyphen, blank or apostrophe replaced or taken away; of names that have one
    compound_cut: float  # of compound surnames, one part lost
    usage_instead: float  # of persons with a name of use, it is written in place of the surname
    variant: float  # of names with several spellings
    misspelt_nom: float
    misspelt_prenom: float
    reversed_names: float  # nom and prénom in each other's column
    second_instead: float  # second prénom written as the first; of persons who have one
    other_given_dropped: float  # second and third prénoms not written
    compound_given_cut: float  # Jean-Pierre written Jean
    day_month_swapped: float  # of dates where it gives another date
    digit_error: float  # one digit of the date
    sex_error: float
    sex_missing: float
    ine_missing: float
    ine_error: float
    birthplace_missing: float
    marseille_birth: float  # 132xx written 13055
    marseille_home: float
    moved: float
    home_missing: float
    double_record: float  # of the rows, written twice with other noise


NOISE: dict[Source, NoiseRates] = {
    Source.PUPILS: NoiseRates(
        upper_case=0.0, accents_dropped=0.04, separator=0.03, compound_cut=0.03, usage_instead=0.02,
        variant=0.006, misspelt_nom=0.004, misspelt_prenom=0.003, reversed_names=0.0007,
        second_instead=0.0014, other_given_dropped=0.0, compound_given_cut=0.02,
        day_month_swapped=0.0007, digit_error=0.002, sex_error=0.001, sex_missing=0.0,
        ine_missing=0.005, ine_error=0.0005, birthplace_missing=0.02, marseille_birth=0.04,
        marseille_home=0.03, moved=0.0, home_missing=0.002, double_record=0.002,
    ),
    Source.AFFECTATION: NoiseRates(
        upper_case=0.55, accents_dropped=0.5, separator=0.05, compound_cut=0.04, usage_instead=0.04,
        variant=0.012, misspelt_nom=0.006, misspelt_prenom=0.006, reversed_names=0.0012,
        second_instead=0.003, other_given_dropped=0.3, compound_given_cut=0.04,
        day_month_swapped=0.0012, digit_error=0.003, sex_error=0.002, sex_missing=0.0,
        ine_missing=0.01, ine_error=0.001, birthplace_missing=0.05, marseille_birth=0.1,
        marseille_home=0.06, moved=0.04, home_missing=0.005, double_record=0.004,
    ),
    Source.APPRENTICESHIP: NoiseRates(
        upper_case=0.65, accents_dropped=0.6, separator=0.15, compound_cut=0.1, usage_instead=0.1,
        variant=0.04, misspelt_nom=0.01, misspelt_prenom=0.0085, reversed_names=0.003,
        second_instead=0.007, other_given_dropped=0.6, compound_given_cut=0.1,
        day_month_swapped=0.003, digit_error=0.006, sex_error=0.004, sex_missing=0.004,
        ine_missing=0.45, ine_error=0.003, birthplace_missing=0.1, marseille_birth=0.4,
        marseille_home=0.4, moved=0.12, home_missing=0.01, double_record=0.012,
    ),
    Source.AGRICULTURAL: NoiseRates(
        upper_case=0.5, accents_dropped=0.5, separator=0.1, compound_cut=0.08, usage_instead=0.08,
        variant=0.03, misspelt_nom=0.008, misspelt_prenom=0.007, reversed_names=0.002,
        second_instead=0.005, other_given_dropped=0.5, compound_given_cut=0.08,
        day_month_swapped=0.002, digit_error=0.004, sex_error=0.003, sex_missing=0.002,
        ine_missing=0.1, ine_error=0.002, birthplace_missing=0.08, marseille_birth=0.3,
        marseille_home=0.2, moved=0.08, home_missing=0.005, double_record=0.004,
    ),
    Source.MISSION_LOCALE: NoiseRates(
        upper_case=0.6, accents_dropped=0.7, separator=0.2, compound_cut=0.22, usage_instead=0.22,
        variant=0.13, misspelt_nom=0.0265, misspelt_prenom=0.0235, reversed_names=0.007,
        second_instead=0.018, other_given_dropped=0.8, compound_given_cut=0.18,
        day_month_swapped=0.008, digit_error=0.017, sex_error=0.005, sex_missing=0.005,
        ine_missing=1.0, ine_error=0.0, birthplace_missing=0.12, marseille_birth=0.5,
        marseille_home=0.35, moved=0.15, home_missing=0.01, double_record=0.02,
    ),
}  # fmt: skip

_NEAR_LETTERS: dict[str, str] = {
    "a": "eo",
    "e": "ai",
    "i": "ye",
    "o": "au",
    "u": "ou",
    "y": "i",
    "b": "vp",
    "c": "ks",
    "d": "t",
    "f": "v",
    "g": "j",
    "j": "g",
    "k": "c",
    "m": "n",
    "n": "m",
    "p": "b",
    "l": "r",
    "q": "c",
    "r": "l",
    "s": "zc",
    "t": "d",
    "v": "f",
    "w": "v",
    "z": "s",
    "h": "n",
}
"""Letters typed or heard in place of another."""
_SOUNDS = (
    ("ph", "f"),
    ("th", "t"),
    ("ch", "sh"),
    ("ou", "u"),
    ("ei", "ai"),
    ("au", "o"),
    ("qu", "k"),
    ("ck", "k"),
)


def without_accents(name: str) -> str:
    """Its letters without accents nor cedilla.

    >>> without_accents("Éloïse Gonçalves")
    'Eloise Goncalves'
    """
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def scaled(rate: float, noise: float) -> float:
    """A rate at this noise; it never takes everything, except what a source never holds."""
    return min(HIGHEST_RATE, rate * noise)


def double_count(source: Source, count: int, noise: float) -> int:
    """How many of ``count`` rows are second records of a person already there."""
    return round(count * scaled(NOISE[source].double_record, noise))


def observe(
    rng: np.random.Generator, truth: pd.DataFrame, source: Source, noise: float, places: Places
) -> pd.DataFrame:
    """What ``source`` wrote of the persons of ``truth`` (one row a record, columns of an identity)."""
    rates = NoiseRates(**{f.name: scaled(getattr(NOISE[source], f.name), noise) for f in fields(NoiseRates)})
    seen = {
        column: truth[column].to_numpy(dtype="datetime64[D]")
        if column == "date_naissance"
        else _cells(truth[column])
        for column in truth.columns
    }
    writer = _Writer(rng, len(truth))
    _names(writer, seen, rates)
    _dates(writer, seen["date_naissance"], rates)
    flip = writer.some(rates.sex_error)
    seen["sexe"][flip] = np.where(seen["sexe"][flip] == "F", "M", "F")
    seen["sexe"][writer.some(rates.sex_missing)] = None
    _numbers(writer, seen, rates)
    _communes(writer, seen, rates, places)
    return pd.DataFrame(seen)


def _cells(column: pd.Series) -> np.ndarray:
    """A column as an array of texts and None, to be rewritten."""
    cells = column.to_numpy(dtype=object, copy=True)
    cells[column.isna().to_numpy()] = None
    return cells


class _Writer:
    """Draws the rows that have a trouble."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self.rng = rng
        self.size = size

    def some(self, rate: float, among: np.ndarray | None = None) -> np.ndarray:
        """Indices of the rows drawn at ``rate`` among those of a mask."""
        drawn = self.rng.random(self.size) < rate
        return np.flatnonzero(drawn if among is None else drawn & among)

    def rewrite(self, column: np.ndarray, rows: np.ndarray, change: Callable[[str, float], str]) -> None:
        """Rewrite the cells of some rows; ``change`` gets a cell and a number between 0 and 1."""
        draws = self.rng.random(len(rows))
        column[rows] = [change(cell, draw) for cell, draw in zip(column[rows], draws, strict=True)]


def _names(writer: _Writer, seen: dict[str, np.ndarray], rates: NoiseRates) -> None:
    nom, prenom, second = seen["nom"], seen["prenom"], seen["prenom2"]
    has_usage = pd.notna(seen["nom_usage"])
    instead = writer.some(rates.usage_instead, has_usage)
    nom[instead] = seen["nom_usage"][instead]
    seen["nom_usage"][writer.some(rates.usage_instead, has_usage)] = None
    seen["nom_usage"][instead] = None

    rows = writer.some(rates.compound_cut, _has_mark(nom))
    writer.rewrite(nom, rows, _one_part)
    rows = writer.some(rates.separator, _has_mark(nom))
    writer.rewrite(nom, rows, _other_separator)

    rows = writer.some(rates.second_instead, pd.notna(second))
    prenom[rows], second[rows] = second[rows], None
    rows = writer.some(rates.compound_given_cut, _has_mark(prenom))
    writer.rewrite(prenom, rows, _first_part)
    rows = writer.some(rates.separator, _has_mark(prenom))
    writer.rewrite(prenom, rows, _other_separator)
    rows = writer.some(rates.other_given_dropped)
    second[rows] = None
    seen["prenom3"][rows] = None

    for column in (nom, prenom):
        known = _spellings()
        rows = writer.some(rates.variant)
        rows = rows[[name in known for name in column[rows]]] if len(rows) else rows
        writer.rewrite(column, rows, _other_spelling)
    writer.rewrite(nom, writer.some(rates.misspelt_nom), misspell)
    writer.rewrite(prenom, writer.some(rates.misspelt_prenom), misspell)
    rows = writer.some(rates.reversed_names)
    nom[rows], prenom[rows] = prenom[rows], nom[rows]

    columns = [seen[name] for name in ("nom", "nom_usage", "prenom", "prenom2", "prenom3")]
    bare = np.zeros(writer.size, dtype=bool)
    bare[writer.some(rates.accents_dropped)] = True
    upper = np.zeros(writer.size, dtype=bool)
    upper[writer.some(rates.upper_case)] = True
    for column in columns:
        _rewrite_all(column, bare, without_accents)
        _rewrite_all(column, upper, str.upper)


def _rewrite_all(column: np.ndarray, rows: np.ndarray, change: Callable[[str], str]) -> None:
    """Rewrite many cells, each distinct value once."""
    rows = np.flatnonzero(rows & pd.notna(column))
    codes, values = pd.factorize(column[rows])
    column[rows] = np.array([change(value) for value in values] or [""], dtype=object)[codes]


def _has_mark(column: np.ndarray) -> np.ndarray:
    codes, values = pd.factorize(column)
    marked = np.array([any(mark in value for mark in "- '") for value in values])
    return marked[codes]


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("-", " ").replace("'", " ").split() if part]


def _one_part(name: str, draw: float) -> str:
    """One part of a compound; a particle alone (De, Le, Ben …) is never left."""
    parts = _parts(name)
    if len(parts) < 2 or min(len(part) for part in parts) < 4:
        return name
    return parts[0] if draw < 0.7 else parts[-1]


def _first_part(name: str, draw: float) -> str:
    parts = _parts(name)
    return parts[0] if len(parts[0]) > 2 or draw < 0.2 else name


def _other_separator(name: str, draw: float) -> str:
    joined = " " if draw < 0.5 else "-" if draw < 0.75 else ""
    found = joined.join(_parts(name))
    return found if found != name else " ".join(_parts(name)) if " " not in name else "-".join(_parts(name))


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    """For each name with several spellings, the other ones."""
    return {name: tuple(n for n in group if n != name) for group in SPELLINGS for name in group}


def _other_spelling(name: str, draw: float) -> str:
    others = _spellings()[name]
    return others[int(draw * len(others))]


def misspell(name: str, draw: float) -> str:
    """A name with one fault of typing or hearing, chosen by ``draw`` (0-1); never blank, never itself twice.

    >>> misspell("Marchand", 0.1), misspell("Marchand", 0.9)
    ('Marcand', 'Marshand')
    """
    kind, place = divmod(draw * 5, 1)
    if len(name) < 3:
        return name + name[-1].lower()
    at = 1 + int(place * (len(name) - 1))
    at = min(at, len(name) - 1)
    while at > 1 and not (name[at].isalpha() and name[at - 1].isalpha()):
        at -= 1
    letter = name[at]
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1 and name[at - 1].lower() != letter.lower() and at > 1:
        return name[: at - 1] + letter + name[at - 1] + name[at + 1 :]
    if kind == 4:
        low = name.lower()
        for sound, other in _SOUNDS:
            found = low.find(sound, 1)
            if found > 0:
                return name[:found] + other + name[found + len(sound) :]
    if kind == 2:
        return name[:at] + letter + letter.lower() + name[at + 1 :]
    near = _NEAR_LETTERS.get(without_accents(letter).lower(), "e")
    return name[:at] + near[int(place * 10) % len(near)] + name[at + 1 :]


def _dates(writer: _Writer, birth: np.ndarray, rates: NoiseRates) -> None:
    months = birth.astype("datetime64[M]")
    day = (birth - months.astype("datetime64[D]")).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    rows = writer.some(rates.day_month_swapped, (day <= 12) & (day != month))
    year = birth[rows].astype("datetime64[Y]").astype("datetime64[M]")
    swapped = (year + (day[rows] - 1)).astype("datetime64[D]") + (month[rows] - 1)
    free = np.ones(writer.size, dtype=bool)
    free[rows] = False
    birth[rows] = swapped
    rows = writer.some(rates.digit_error, free)
    kind = writer.rng.random(len(rows))
    step = writer.rng.integers(1, 5, len(rows))
    changed = birth[rows].copy()
    changed = np.where(kind < 0.5, _other_day(changed, step), changed)
    changed = np.where((kind >= 0.5) & (kind < 0.75), _other_month(changed, step), changed)
    birth[rows] = np.where(kind >= 0.75, _other_year(changed, step), changed)


def _split_date(dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    months = dates.astype("datetime64[M]")
    return months, (dates - months.astype("datetime64[D]")).astype(np.int64) + 1


def _other_day(dates: np.ndarray, step: np.ndarray) -> np.ndarray:
    """The last digit of the day is another one, or the first."""
    months, day = _split_date(dates)
    tens, units = day // 10, day % 10
    new = np.where(step < 4, tens * 10 + (units + step) % 10, ((tens + 1) % 3) * 10 + units)
    new = np.where((new < 1) | (new > 28), np.where(day == 15, 16, 15), new)
    return months.astype("datetime64[D]") + (new - 1)


def _other_month(dates: np.ndarray, step: np.ndarray) -> np.ndarray:
    months, day = _split_date(dates)
    years = dates.astype("datetime64[Y]").astype("datetime64[M]")
    month = (months.astype(np.int64) % 12 + step) % 12
    return (years + month).astype("datetime64[D]") + (np.minimum(day, 28) - 1)


def _other_year(dates: np.ndarray, step: np.ndarray) -> np.ndarray:
    """One or two years before or after; within what a file accepts."""
    months, day = _split_date(dates)
    shift = np.choose(step - 1, [-1, 1, -2, 2]) * 12
    shift = np.where(dates >= _LATE_BIRTH, -np.abs(shift), shift)
    return (months + shift).astype("datetime64[D]") + (np.minimum(day, 28) - 1)


def _numbers(writer: _Writer, seen: dict[str, np.ndarray], rates: NoiseRates) -> None:
    ine = seen["ine"]
    rows = writer.some(rates.ine_error)
    writer.rewrite(
        ine, rows, lambda cell, draw: cell[:4] + str((int(cell[4]) + 1 + int(draw * 8)) % 10) + cell[5:]
    )
    ine[writer.some(rates.ine_missing)] = None


def _communes(writer: _Writer, seen: dict[str, np.ndarray], rates: NoiseRates, places: Places) -> None:
    home, birthplace = seen["commune_residence"], seen["commune_naissance"]
    rows = writer.some(rates.moved)
    basin = dict(zip(places.communes, places.commune_basin, strict=True))
    current = np.array([basin[code] for code in home[rows]], dtype=np.int64)
    draws = writer.rng.random(len(rows))
    for number in range(len(places.basins)):
        members = rows[(current == number) & (draws < 0.7)]
        inside = np.flatnonzero(places.commune_basin == number)
        weights = places.weights[inside]
        home[members] = places.communes[writer.rng.choice(inside, len(members), p=weights / weights.sum())]
    far = rows[draws >= 0.7]
    home[far] = places.communes[writer.rng.choice(len(places.communes), len(far), p=places.weights)]
    for column, rate in ((home, rates.marseille_home), (birthplace, rates.marseille_birth)):
        in_city = np.char.startswith(column.astype(str), "132")
        column[writer.some(rate, in_city)] = MARSEILLE
    home[writer.some(rates.home_missing)] = None
    birthplace[writer.some(rates.birthplace_missing)] = None
