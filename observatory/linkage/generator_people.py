"""The invented persons as they truly are, before any file has written them down.

Names are indices into a pool, so that half a million persons cost a few arrays. A family shares its surname,
its way of writing names and its commune; twins also share their date and place of birth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from observatory.linkage.generator_places import ELSEWHERE, Places
from observatory.linkage.names import ORIGINS, RARE_GIVEN

REFERENCE = np.datetime64("2025-11-01")
"""The previous campaign: a person's age is counted on that day."""
PUPIL_AGES = dict(
    zip(
        range(10, 25),
        (4, 9, 9, 9, 9.5, 10.5, 12, 12, 10, 7, 4.5, 3, 2, 1.3, 0.8),
        strict=True,
    )
)
OUTSIDER_AGES = dict(zip(range(14, 25), (4, 6, 8, 10, 14, 15, 14, 11, 8, 6, 4), strict=True))
"""Weight of each age among the pupils, and among those who are in no pupil base."""

SIBLING_SHARE = 0.18
TWIN_SHARE = 0.009
ALIKE_TWIN_SHARE = 0.3
"""Of the twins, those of one sex whose first names are nearly the same (Lina and Linda)."""
HOMONYM_SHARE = 0.006
"""Persons given another one's surname and first name, born less than a month apart."""
FULL_HOMONYM_SHARE = 0.0002
"""The same, with the same date of birth too: only their communes tell them apart."""
FIRST_OF_JANUARY_SHARE = 0.12
"""Of the persons born abroad, those whose day of birth is not known (times the noise)."""
COMPOUND_SHARE = 0.07
USAGE_SHARE = 0.06
NONE = -1
_POOL_SEED = 20_250_901


@dataclass(frozen=True)
class Pools:
    """Every surname and first name there is, and for each origin its indices and their weights."""

    surnames: np.ndarray
    surname_ranges: tuple[tuple[int, int], ...]
    given: np.ndarray
    given_of: dict[tuple[int, str], tuple[np.ndarray, np.ndarray]]


@dataclass
class People:
    """One row a person. Names are indices into ``pools``; ``nom2`` is the second part of a compound."""

    pools: Pools
    family: np.ndarray
    origin: np.ndarray
    nom: np.ndarray
    nom2: np.ndarray
    nom_usage: np.ndarray
    prenom: np.ndarray
    prenom2: np.ndarray
    prenom3: np.ndarray
    is_girl: np.ndarray
    birth: np.ndarray
    birthplace: np.ndarray
    home: np.ndarray
    ine: np.ndarray
    is_pupil: np.ndarray

    def __len__(self) -> int:
        return len(self.nom)

    def ages(self) -> np.ndarray:
        """Completed years on the day of the previous campaign."""
        return _ages(self.birth)


def _ages(birth: np.ndarray) -> np.ndarray:
    months = REFERENCE.astype("datetime64[M]").astype(int) - birth.astype("datetime64[M]").astype(int)
    return months // 12


@lru_cache(maxsize=1)
def name_pools() -> Pools:
    """The pools of names, the same for every seed: only who is given which name changes."""
    rng = np.random.default_rng(_POOL_SEED)
    surnames: list[str] = []
    ranges = []
    given: dict[str, int] = {}
    given_of = {}
    for index, origin in enumerate(ORIGINS):
        rare = _made_of_syllables(
            rng, origin.starts, origin.middles, origin.ends, origin.rare_count, set(origin.surnames)
        )
        ranges.append((len(surnames), len(surnames) + len(origin.surnames) + len(rare)))
        surnames += [*origin.surnames, *rare]
        for sex, common in (("F", origin.girls), ("M", origin.boys)):
            common = tuple(dict.fromkeys(common))
            others = _made_of_syllables(rng, *RARE_GIVEN[sex], 500, set(common))
            codes = np.array([given.setdefault(name, len(given)) for name in (*common, *others)])
            weights = np.concatenate(
                [8 / 9 * _zipf(len(common), 12, 0.9), 1 / 9 * np.full(len(others), 1 / len(others))]
            )
            given_of[index, sex] = (codes, np.cumsum(weights))
    return Pools(
        np.array(surnames, dtype=object), tuple(ranges), np.array(list(given), dtype=object), given_of
    )


def generate_people(
    rng: np.random.Generator, places: Places, pupil_count: int, outsider_count: int, noise: float
) -> People:
    """Persons in a random order: ``pupil_count`` of them in the pupil base, ``outsider_count`` in none."""
    pools = name_pools()
    size = pupil_count + outsider_count
    is_pupil = np.zeros(size, dtype=bool)
    is_pupil[rng.permutation(size)[:pupil_count]] = True
    siblings, twins = _relatives(rng, size)
    family = np.arange(size)
    for younger, elder in (siblings, twins):
        family[younger] = elder

    shares = np.array([origin.share for origin in ORIGINS])
    origin = rng.choice(len(ORIGINS), size, p=shares / shares.sum())[family]
    nom, nom2, nom_usage = _surnames(rng, pools, origin, family)
    birth = _births(rng, is_pupil)
    home = rng.choice(len(places.communes), size, p=places.weights)[family]
    birthplace = _birthplaces(rng, places, origin, home)
    birth[twins[0]] = birth[twins[1]]
    birthplace[twins[0]] = birthplace[twins[1]]
    is_abroad = np.char.startswith(birthplace.astype(str), "99")
    unknown_day = is_abroad & (rng.random(size) < min(0.9, FIRST_OF_JANUARY_SHARE * noise))
    birth[unknown_day] = birth[unknown_day].astype("datetime64[Y]").astype("datetime64[D]")
    birth[twins[0]] = birth[twins[1]]

    is_girl = rng.random(size) < 0.487
    alike = rng.random(len(twins[0])) < ALIKE_TWIN_SHARE
    is_girl[twins[0][alike]] = is_girl[twins[1][alike]]
    given = _given(rng, pools, origin, is_girl)
    for twin, elder in zip(twins[0][alike], twins[1][alike], strict=True):
        given[0][twin] = _next_name(int(origin[elder]), bool(is_girl[elder]), int(given[0][elder]))
    same = np.flatnonzero(given[0][twins[0]] == given[0][twins[1]])
    given[0][twins[0][same]] = given[1][twins[0][same]]
    prenom2 = np.where(rng.random(size) < 0.75, given[1], NONE)
    prenom3 = np.where((prenom2 != NONE) & (rng.random(size) < 0.55), given[2], NONE)
    people = People(
        pools, family, origin, nom, nom2, nom_usage, given[0], prenom2, prenom3,
        is_girl, birth, birthplace, home, _national_numbers(rng, birth), is_pupil,
    )  # fmt: skip
    _plant_homonyms(rng, people)
    return people


def names_of(pool: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The names of indices; none where there is none."""
    found = pool[np.where(codes == NONE, 0, codes)]
    found[codes == NONE] = None
    return found


def surnames_of(people: People) -> np.ndarray:
    """The surname of each person, with the second part of a compound."""
    found = people.pools.surnames[people.nom]
    compound = np.flatnonzero(people.nom2 != NONE)
    second = people.pools.surnames[people.nom2[compound]]
    found[compound] = [f"{a}-{b}" for a, b in zip(found[compound], second, strict=True)]
    return found


def true_identities(people: People, places: Places) -> pd.DataFrame:
    """Who each person truly is, in the columns of an extract."""
    given = people.pools.given
    return pd.DataFrame(
        {
            "ine": people.ine,
            "nom": surnames_of(people),
            "nom_usage": names_of(people.pools.surnames, people.nom_usage),
            "prenom": given[people.prenom],
            "prenom2": names_of(given, people.prenom2),
            "prenom3": names_of(given, people.prenom3),
            "sexe": np.where(people.is_girl, "F", "M").astype(object),
            "date_naissance": people.birth,
            "commune_naissance": people.birthplace,
            "commune_residence": places.communes[people.home],
        }
    )


def _zipf(count: int, offset: float, power: float) -> np.ndarray:
    weights = 1 / (np.arange(count) + offset) ** power
    return weights / weights.sum()


def _made_of_syllables(
    rng: np.random.Generator,
    starts: tuple[str, ...],
    middles: tuple[str, ...],
    ends: tuple[str, ...],
    count: int,
    known: set[str],
) -> list[str]:
    """Distinct made-up names, none of them known, in a fixed order; fewer if the syllables run out."""
    found: dict[str, None] = {}
    some_middles = (*middles, "")
    draws = rng.integers(0, (len(starts), len(some_middles), len(some_middles), len(ends)), (count * 4, 4))
    for start, first, second, end in draws:
        middle = some_middles[first] + (some_middles[second] if first % 4 == 0 else "")
        name = starts[start] + middle + ends[end]
        if name not in known and len(name) > 2:
            found[name] = None
            if len(found) == count:
                break
    return list(found)


def _relatives(
    rng: np.random.Generator, size: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Pairs (younger, elder) of siblings, then of twins; nobody is in two pairs."""
    shuffled = rng.permutation(size)
    sibling_pairs = int(size * SIBLING_SHARE / 2)
    twin_pairs = max(1, int(size * TWIN_SHARE / 2)) if size > 3 else 0
    siblings = shuffled[: 2 * sibling_pairs].reshape(2, -1)
    twins = shuffled[2 * sibling_pairs : 2 * (sibling_pairs + twin_pairs)].reshape(2, -1)
    return (siblings[0], siblings[1]), (twins[0], twins[1])


def _surnames(
    rng: np.random.Generator, pools: Pools, origin: np.ndarray, family: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    size = len(origin)
    nom = np.zeros(size, dtype=np.int64)
    other = np.zeros(size, dtype=np.int64)
    for index, (first, last) in enumerate(pools.surname_ranges):
        members = np.flatnonzero(origin == index)
        cumulated = np.cumsum(_zipf(last - first, 40, 0.85))
        for target in (nom, other):
            drawn = np.searchsorted(cumulated, rng.random(len(members)) * cumulated[-1], side="right")
            target[members] = first + np.minimum(drawn, last - first - 1)
    other = other[rng.permutation(size)]  # the second name of a compound comes from any origin
    nom2 = np.where((rng.random(size) < COMPOUND_SHARE) & (other != nom), other, NONE)
    usage = np.where((rng.random(size) < USAGE_SHARE) & (other != nom), other, NONE)
    usage[nom2 != NONE] = NONE
    return nom[family], nom2[family], usage


def _births(rng: np.random.Generator, is_pupil: np.ndarray) -> np.ndarray:
    ages = np.zeros(len(is_pupil), dtype=np.int64)
    for members, weights in ((is_pupil, PUPIL_AGES), (~is_pupil, OUTSIDER_AGES)):
        share = np.array(list(weights.values()), dtype=float)
        ages[members] = rng.choice(list(weights), int(members.sum()), p=share / share.sum())
    return REFERENCE - (ages * 365.25 + 1 + rng.random(len(ages)) * 365).astype("timedelta64[D]")


def _birthplaces(
    rng: np.random.Generator, places: Places, origin: np.ndarray, home: np.ndarray
) -> np.ndarray:
    """Most are born in a large commune of the département where they live, some elsewhere or abroad."""
    size = len(origin)
    found = np.empty(size, dtype=object)
    departement = np.array([code[:2] for code in places.communes])
    kind = rng.random(size)
    for code in np.unique(departement):
        members = np.flatnonzero(departement[home] == code)
        inside = np.flatnonzero(departement == code)
        weights = places.weights[inside] ** 1.4
        found[members] = places.communes[rng.choice(inside, len(members), p=weights / weights.sum())]
    anywhere = np.flatnonzero((kind > 0.72) & (kind < 0.82))
    weights = places.weights**1.2
    found[anywhere] = places.communes[
        rng.choice(len(places.communes), len(anywhere), p=weights / weights.sum())
    ]
    elsewhere = np.flatnonzero(kind >= 0.82)
    found[elsewhere] = np.array(ELSEWHERE, dtype=object)[
        rng.choice(len(ELSEWHERE), len(elsewhere), p=_zipf(len(ELSEWHERE), 4, 0.7))
    ]
    for index, each in enumerate(ORIGINS):
        abroad = np.flatnonzero((origin == index) & (rng.random(size) < each.abroad_share))
        countries = np.array(each.countries, dtype=object)
        found[abroad] = countries[rng.choice(len(countries), len(abroad), p=_zipf(len(countries), 1, 1))]
    return found


def _given(
    rng: np.random.Generator, pools: Pools, origin: np.ndarray, is_girl: np.ndarray
) -> list[np.ndarray]:
    """Three different first names for each person."""
    found = [np.zeros(len(origin), dtype=np.int64) for _ in range(3)]
    for (index, sex), (codes, cumulated) in pools.given_of.items():
        members = np.flatnonzero((origin == index) & (is_girl == (sex == "F")))
        last = len(codes) - 1
        drawn = np.searchsorted(cumulated, rng.random((3, len(members))) * cumulated[-1], side="right")
        drawn = np.minimum(drawn, last)
        drawn[1] = np.where(drawn[1] == drawn[0], (drawn[0] + 1) % last, drawn[1])
        repeated = (drawn[2] == drawn[0]) | (drawn[2] == drawn[1])
        drawn[2] = np.where(repeated, (np.maximum(drawn[0], drawn[1]) + 2) % last, drawn[2])
        for target, rank in zip(found, drawn, strict=True):
            target[members] = codes[rank]
    return found


def _next_name(origin: int, is_girl: bool, code: int) -> int:
    """The first name that follows another one in the dictionary of its origin and sex."""
    ordered = _dictionary(origin, is_girl)
    return ordered[(ordered.index(code) + 1) % len(ordered)] if code in ordered else code


@lru_cache(maxsize=2 * len(ORIGINS))
def _dictionary(origin: int, is_girl: bool) -> list[int]:
    pools = name_pools()
    codes = pools.given_of[origin, "F" if is_girl else "M"][0]
    return sorted(codes.tolist(), key=lambda code: str(pools.given[code]))


def _national_numbers(rng: np.random.Generator, birth: np.ndarray) -> np.ndarray:
    """Invented INE, unique: 9 digits and 2 letters for the youngest, else 10 digits and 1 letter."""
    size = len(birth)
    numbers = rng.choice(899_999_999, size, replace=False) + 100_000_000
    letters = np.array(list("ABCDEFGHJK"))[rng.integers(0, 10, (2, size))]
    is_new = birth >= np.datetime64("2007-01-01")
    digit = rng.integers(0, 10, size)
    found = [
        f"{number}{first}{second}" if new else f"{number}{extra}{first}"
        for number, first, second, extra, new in zip(
            numbers, letters[0], letters[1], digit, is_new, strict=True
        )
    ]
    return np.array(found, dtype=object)


def _plant_homonyms(rng: np.random.Generator, people: People) -> None:
    """Give some persons the surname and first name of another one of the same sex, a few of them its date."""
    size = len(people)
    count = max(2, int(size * HOMONYM_SHARE))
    full = max(1, int(size * FULL_HOMONYM_SHARE))
    chosen = rng.permutation(size)[: 2 * count]
    copies, models = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :][: len(chosen) // 2]
    models = models[: len(copies)]
    alone = (people.family[copies] == copies) & (people.is_girl[copies] == people.is_girl[models])
    copies, models = copies[alone], models[alone]
    elders = np.isin(copies, people.family[people.family != np.arange(size)])
    copies, models = copies[~elders], models[~elders]
    for column in (people.nom, people.nom2, people.prenom):
        column[copies] = column[models]
    shift = rng.integers(-25, 26, len(copies)).astype("timedelta64[D]")
    people.birth[copies] = people.birth[models] + shift
    people.birth[copies[:full]] = people.birth[models[:full]]
