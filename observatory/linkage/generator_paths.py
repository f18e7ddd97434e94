"""What each invented young person did between two rentrées, and what each base knows of it.

Every person of the pupil base has one :class:`Trajectory`. How many leave, how many nobody knows anything
of, how many a mission locale follows and how late depend on the basin of residence: :func:`read_propensities`
takes them from the basin's real context, so that demonstration basins differ plausibly. The rule that the
cross-matching applies is not here: it has to find these situations again from the five files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd

from observatory.domain.campaign import MINIMUM_AGE, Source
from observatory.linkage.generator_people import People
from observatory.linkage.generator_places import Places
from observatory.linkage.schema import LEVELS

PREVIOUS_RENTREE = np.datetime64("2025-09-01")
RENTREE = np.datetime64("2026-09-01")
EXTRACTED_ON = np.datetime64("2026-10-31")
NEVER = np.datetime64("NaT", "D")
BLANK = np.array(None, dtype=object)
UNRESOLVED_NOTE = "communal_value_not_split"

SHARE_NOT_PUPILS = 0.12
"""Of the records of the four other sources, those of persons who are in no pupil base."""
SECOND_CONTRACT_SHARE = 0.06
BOTH_ELSEWHERE_SHARE = 0.25
"""Of the apprentices who are in no pupil base, those whom a mission locale knows too."""


class Trajectory(IntEnum):
    """The true situation of a person of the pupil base at the new rentrée."""

    ENROLLED = 0  # current school in the pupil base
    QUALIFIED = 1  # left with a diploma of level 3 or more
    YOUNG_ELSEWHERE = 2  # under 16, left for an apprenticeship or an agricultural school
    ABROAD = 3
    DECEASED = 4
    FOUND = 5  # signalled, in training according to another base
    FOLLOWED = 6  # signalled, dropped out, followed by a mission locale
    WITHOUT_SOLUTION = 7  # signalled, known to have dropped out, nobody follows
    UNKNOWN = 8  # signalled, no base says why nor where


SIGNALLED = (Trajectory.FOUND, Trajectory.FOLLOWED, Trajectory.WITHOUT_SOLUTION, Trajectory.UNKNOWN)


@dataclass(frozen=True)
class Propensities:
    """One value a basin, in the order of ``Places.basins``; shares in 0-1, the delay in days (median)."""

    signalled: np.ndarray
    unknown: np.ndarray
    found: np.ndarray
    followed: np.ndarray
    broken: np.ndarray
    not_affected: np.ndarray
    delay: np.ndarray


@dataclass
class Paths:
    """One row a person, aligned with :class:`People`; blank where the person is in no pupil base."""

    path: np.ndarray
    basin: np.ndarray
    level: np.ndarray  # index in LEVELS
    uai: np.ndarray
    current_uai: np.ndarray
    entered_on: np.ndarray
    left_on: np.ndarray
    leaving_reason: np.ndarray
    diploma: np.ndarray
    found_in: np.ndarray  # source that knows a FOUND or YOUNG_ELSEWHERE person, as text; blank otherwise


def read_propensities(data_dir: Path, basins: np.ndarray) -> Propensities:
    """What happens more or less often in each basin, from its real context.

    Exposure is the mean of three standardised figures: NEET (left out where the source gives only the whole
    city), position sociale of the collèges, single parents. What depends on practice rather than on context
    (who is unknown, who is followed, how soon) also moves with the basin's code: no real basin is described.
    """
    context = pd.read_csv(data_dir / "context.csv", keep_default_na=True)
    parts = []
    for code, sign in (("neet_rate", 1), ("ips_college", -1), ("single_parent_share", 1)):
        rows = context[context["indicator_code"] == code]
        rows = rows[rows["year"] == rows["year"].max()].set_index("basin_code")
        values = rows["value"].where(~rows["note"].fillna("").str.contains(UNRESOLVED_NOTE))
        values = values.reindex(list(basins))
        parts.append(sign * (values - values.mean()) / values.std())
    exposure = pd.concat(parts, axis=1).mean(axis=1).fillna(0).to_numpy()

    def practice(purpose: str) -> np.ndarray:
        """A number between -1 and 1 for each basin, of its own for each purpose."""
        words = [f"{purpose} {basin}".encode() for basin in basins]
        return np.array([int(blake2b(w, digest_size=4).hexdigest(), 16) / 2**31 - 1 for w in words])

    return Propensities(
        signalled=np.clip(0.042 + 0.009 * exposure + 0.002 * practice("signalled"), 0.03, 0.06),
        unknown=np.clip(0.2 + 0.02 * exposure + 0.08 * practice("unknown"), 0.1, 0.35),
        found=np.clip(0.3 - 0.02 * exposure + 0.05 * practice("found"), 0.2, 0.4),
        followed=np.clip(0.63 - 0.08 * exposure + 0.09 * practice("followed"), 0.45, 0.8),
        broken=np.clip(0.14 + 0.02 * exposure + 0.03 * practice("broken"), 0.08, 0.22),
        not_affected=np.clip(0.06 + 0.01 * exposure + 0.015 * practice("not_affected"), 0.03, 0.1),
        delay=np.clip(80 + 15 * exposure + 30 * practice("delay"), 30, 150),
    )


def draw_paths(rng: np.random.Generator, people: People, places: Places, propensities: Propensities) -> Paths:
    """The path of every person."""
    size = len(people)
    ages = people.ages()
    basin = places.commune_basin[people.home]
    level = _levels(rng, ages)
    path = _draw_path(rng, people, level, basin, propensities)
    uai = _schools(rng, places, basin, np.array(["college", "lgt", "lp"], dtype=object)[level])
    diploma = _diplomas(rng, path, level, ages)

    left_on = np.full(size, NEVER)
    out = ~np.isin(path, [Trajectory.ENROLLED])
    july = np.datetime64("2026-07-03") + rng.integers(0, 5, size)
    in_the_year = np.datetime64("2025-10-01") + rng.integers(0, 330, size)
    early = np.isin(path, SIGNALLED) & (rng.random(size) < 0.55)
    left_on[out] = np.where(early, in_the_year, july)[out]
    left_on[(path == Trajectory.UNKNOWN) & (rng.random(size) < 0.3)] = NEVER

    reason = np.full(size, None, dtype=object)
    reason[path == Trajectory.QUALIFIED] = "end_of_cycle"
    reason[(path == Trajectory.QUALIFIED) & (rng.random(size) < 0.04)] = "employment"
    reason[path == Trajectory.YOUNG_ELSEWHERE] = "moved_training"
    reason[path == Trajectory.ABROAD] = "moved_abroad"
    reason[path == Trajectory.DECEASED] = "deceased"
    draw = rng.random(size)
    reason[(path == Trajectory.FOUND) & (draw < 0.6)] = "moved_training"
    known = (path == Trajectory.WITHOUT_SOLUTION) | (path == Trajectory.FOLLOWED) & (draw < 0.75)
    reason[known] = np.where(draw < 0.08, "excluded", "dropped_out")[known]
    reason[(path == Trajectory.UNKNOWN) & (draw < 0.35)] = "other"

    current = np.full(size, None, dtype=object)
    stays = path == Trajectory.ENROLLED
    next_level = np.where((level == 0) & (ages >= 14), np.where(rng.random(size) < 0.65, 1, 2), level)
    moved = _schools(rng, places, basin, np.array(["college", "lgt", "lp"], dtype=object)[next_level])
    changes = (next_level != level) | (rng.random(size) < 0.06)
    current[stays] = np.where(changes, moved, uai)[stays]

    found_in = np.full(size, "", dtype=object)
    draw = rng.random(size)
    found = path == Trajectory.FOUND
    found_in[found] = np.select(
        [draw < 0.65, draw < 0.78],
        [Source.APPRENTICESHIP.value, Source.AGRICULTURAL.value],
        Source.MISSION_LOCALE.value,
    )[found]
    young = path == Trajectory.YOUNG_ELSEWHERE
    found_in[young] = np.where(draw < 0.45, Source.APPRENTICESHIP.value, Source.AGRICULTURAL.value)[young]
    years = rng.choice([0, 1, 2], size, p=[0.5, 0.28, 0.22])
    entered = np.array(["2025-09-01", "2024-09-02", "2023-09-04"], dtype="datetime64[D]")[years]
    return Paths(path, basin, level, uai, current, entered, left_on, reason, diploma, found_in)


def _levels(rng: np.random.Generator, ages: np.ndarray) -> np.ndarray:
    draw = rng.random(len(ages))
    college = np.select([ages <= 14, ages == 15, ages == 16], [1.0, 0.2, 0.03], 0.004)
    vocational = np.select([ages <= 15, ages <= 18, ages <= 20], [0.3, 0.35, 0.2], 0.05)
    return np.where(draw < college, 0, np.where(draw < college + (1 - college) * vocational, 2, 1))


def _draw_path(
    rng: np.random.Generator, people: People, level: np.ndarray, basin: np.ndarray, propensities: Propensities
) -> np.ndarray:
    size = len(people)
    ages = people.ages()
    adult = ages >= MINIMUM_AGE
    path = np.full(size, Trajectory.ENROLLED, dtype=np.int8)
    leaves = np.select([ages <= 16, ages == 17, ages <= 19], [0.08, 0.6, 0.55], 0.5)
    path[(rng.random(size) < leaves) & adult] = Trajectory.QUALIFIED
    path[~adult & (ages >= 14) & (rng.random(size) < 0.075)] = Trajectory.YOUNG_ELSEWHERE

    odds = np.where(people.is_girl, 0.76, 1.22) * np.array([1.8, 0.7, 1.55])[level]
    odds = odds * np.select([ages <= 17, ages <= 20], [1.0, 1.15], 0.7)
    counted = people.is_pupil & adult
    mean = np.bincount(basin[counted], odds[counted], len(propensities.signalled)) / np.maximum(
        1, np.bincount(basin[counted], minlength=len(propensities.signalled))
    )
    signalled = adult & (rng.random(size) < odds * (propensities.signalled / np.maximum(mean, 1e-9))[basin])
    draw, second = rng.random(size), rng.random(size)
    kind = np.where(
        draw < propensities.unknown[basin],
        Trajectory.UNKNOWN,
        np.where(
            draw < (propensities.unknown + propensities.found)[basin],
            Trajectory.FOUND,
            np.where(second < propensities.followed[basin], Trajectory.FOLLOWED, Trajectory.WITHOUT_SOLUTION),
        ),
    )
    path[signalled] = kind[signalled]
    draw = rng.random(size)
    path[draw < 0.004] = Trajectory.ABROAD
    path[draw > 0.9999] = Trajectory.DECEASED
    return path


def _diplomas(rng: np.random.Generator, path: np.ndarray, level: np.ndarray, ages: np.ndarray) -> np.ndarray:
    size = len(path)
    draw = rng.random(size)
    found = np.where((ages >= 14) & (draw < np.where(ages >= 15, 0.86, 0.5)), "dnb", "none").astype(object)
    enrolled = path == Trajectory.ENROLLED
    found[enrolled & (level == 2) & (ages >= 18) & (draw < 0.4)] = "level_3"
    found[enrolled & (ages >= 19) & (draw < 0.75)] = "level_4"
    qualified = path == Trajectory.QUALIFIED
    low = qualified & (level == 2) & (draw < np.where(ages <= 17, 0.6, 0.25))
    found[qualified] = "level_4"
    found[qualified & (ages >= 20) & (draw < 0.6)] = "level_5_plus"
    found[low] = "level_3"
    signalled = np.isin(path, SIGNALLED)
    found[signalled] = np.where(draw < 0.58, "dnb", "none")[signalled]
    found[signalled & (draw > 0.97)] = None
    return found


def _schools(rng: np.random.Generator, places: Places, basin: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """A school of each kind asked for, mostly in the basin of residence."""
    size = len(basin)
    where = np.where(rng.random(size) < 0.92, basin, rng.integers(0, len(places.basins), size))
    draw = rng.random(size)
    found = np.empty(size, dtype=object)
    for name in set(kind):
        of_kind = kind == name
        counts = np.array([len(codes) for codes in places.schools[name]])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        every = np.concatenate(places.schools[name])
        rows = np.flatnonzero(of_kind)
        found[rows] = every[starts[where[rows]] + (draw[rows] * counts[where[rows]]).astype(np.int64)]
    return found


def pick(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    """``count`` different persons, drawn with these weights; those of weight 0 never."""
    possible = np.flatnonzero(weights > 0)
    keys = rng.exponential(size=len(possible)) / weights[possible]
    return np.sort(possible[np.argsort(keys, kind="stable")[:count]])


def pupil_records(people: People, paths: Paths) -> tuple[np.ndarray, pd.DataFrame]:
    """Persons and what the pupil base says of them."""
    rows = np.flatnonzero(people.is_pupil)
    return rows, pd.DataFrame(
        {
            "uai": paths.uai[rows],
            "level": np.array(LEVELS, dtype=object)[paths.level[rows]],
            "entered_on": paths.entered_on[rows],
            "left_on": paths.left_on[rows],
            "leaving_reason": paths.leaving_reason[rows],
            "current_uai": paths.current_uai[rows],
            "diploma": paths.diploma[rows],
        }
    )


def affectation_records(
    rng: np.random.Generator,
    people: People,
    paths: Paths,
    places: Places,
    propensities: Propensities,
    count: int,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Who asked for a place, and who got one."""
    ages = people.ages()
    asks = np.select([ages == 14, ages == 15, ages == 16, ages == 17], [1.0, 0.9, 0.5, 0.3], 0.02)
    weight = asks * np.isin(paths.path, [Trajectory.ENROLLED])
    weight = np.where(
        np.isin(paths.path, [Trajectory.FOLLOWED, Trajectory.WITHOUT_SOLUTION]) & (ages <= 18), 0.25, weight
    )
    weight = np.where(paths.path == Trajectory.FOUND, 0.1 * asks, weight) * (ages >= 14)
    rows = _from_both(rng, people, weight, np.select([ages <= 15, ages <= 17], [1.0, 0.6], 0.0), count)
    size = len(rows)
    basin = paths.basin[rows]
    asked = np.where(rng.random(size) < 0.6, "lgt", np.where(rng.random(size) < 0.92, "lp", "agricultural"))
    asked = asked.astype(object)
    place = paths.current_uai[rows].copy()
    offered = _schools(rng, places, basin, asked)
    lost = ~people.is_pupil[rows]
    place[lost] = offered[lost]
    refused = rng.random(size) < propensities.not_affected[basin]
    refused |= np.isin(paths.path[rows], [Trajectory.FOLLOWED, Trajectory.WITHOUT_SOLUTION])
    refused &= ~((paths.path[rows] == Trajectory.FOUND) & people.is_pupil[rows])
    place[refused] = None
    day = np.datetime64("2026-06-26") + np.where(rng.random(size) < 0.8, 0, rng.integers(4, 75, size))
    has_place = pd.notna(place)
    return rows, pd.DataFrame(
        {
            "origin_uai": np.where(lost & (rng.random(size) < 0.6), BLANK, paths.uai[rows]),
            "asked_level": asked,
            "affected_uai": place,
            "affected_on": np.where(has_place, day, NEVER),
        }
    )


def apprenticeship_records(
    rng: np.random.Generator,
    people: People,
    paths: Paths,
    places: Places,
    propensities: Propensities,
    count: int,
) -> tuple[np.ndarray, pd.DataFrame]:
    """One row a contract; a person whose contract was broken may have a second one."""
    ages = people.ages()
    seconds = round(count * SECOND_CONTRACT_SHARE)
    mine = paths.found_in == Source.APPRENTICESHIP.value
    weight = np.where(paths.path == Trajectory.QUALIFIED, 1.0, 0.0)
    weight = np.where((paths.path == Trajectory.ENROLLED) & (ages >= 16), 0.2, weight)
    weight = np.where(paths.path == Trajectory.WITHOUT_SOLUTION, 0.07, weight)
    weight = np.where(mine, 1e6, weight)
    rows = _from_both(rng, people, weight, np.where(ages >= 15, 1.0, 0.0), count - seconds)
    size = len(rows)
    path = np.where(people.is_pupil[rows], paths.path[rows], Trajectory.ENROLLED)
    fresh = np.isin(path, [Trajectory.QUALIFIED, Trajectory.FOUND, Trajectory.YOUNG_ELSEWHERE])
    fresh |= ~people.is_pupil[rows] & (rng.random(size) < 0.5)
    started = np.where(
        fresh,
        np.datetime64("2026-08-17") + rng.integers(0, 60, size),
        np.datetime64("2025-08-25") + rng.integers(0, 70, size),
    )
    early = (
        (path == Trajectory.FOUND)
        & (paths.left_on[rows] < np.datetime64("2026-05-01"))
        & (rng.random(size) < 0.4)
    )
    started = np.where(early, paths.left_on[rows] + rng.integers(10, 60, size), started)
    lasts = rng.choice([365, 730, 1095], size, p=[0.3, 0.6, 0.1])
    breaks = rng.random(size) < propensities.broken[paths.basin[rows]]
    breaks &= (path != Trajectory.FOUND) & (path != Trajectory.YOUNG_ELSEWHERE)
    breaks |= path == Trajectory.WITHOUT_SOLUTION
    available = (EXTRACTED_ON - started).astype(np.int64)
    broken = started + np.minimum(available - 1, rng.integers(12, 200, size))
    diploma = paths.diploma[rows]
    qualified = np.isin(diploma.astype(str), ["level_4", "level_5_plus"])
    prepared = np.where(
        qualified, "level_5_plus", np.where(rng.random(size) < 0.62, "level_3", "level_4")
    ).astype(object)
    contracts = pd.DataFrame(
        {
            "cfa_uai": _schools(rng, places, paths.basin[rows], np.full(size, "cfa", dtype=object)),
            "prepared_diploma": prepared,
            "started_on": started,
            "planned_end_on": started + lasts,
            "broken_on": np.where(breaks, broken, NEVER),
            "diploma": np.where(rng.random(size) < 0.85, diploma, BLANK),
        }
    )
    renewed = np.flatnonzero(breaks & (path != Trajectory.WITHOUT_SOLUTION))
    renewed = renewed[np.sort(rng.permutation(len(renewed))[:seconds])]
    again = contracts.iloc[renewed].copy()
    start = np.minimum(broken[renewed] + rng.integers(5, 80, len(renewed)), EXTRACTED_ON)
    again["started_on"] = start
    again["planned_end_on"] = start + 400
    again["broken_on"] = np.full(len(renewed), NEVER)
    missing = seconds - len(renewed)
    persons = np.concatenate([rows, rows[renewed]])
    found = pd.concat([contracts, again], ignore_index=True)
    if missing > 0:  # few breaks in a tiny population: older contracts that ran to their end
        older = rng.integers(0, size, missing)
        past = contracts.iloc[older].copy()
        past["started_on"] = contracts["started_on"].to_numpy()[older] - np.timedelta64(800, "D")
        past["planned_end_on"] = past["started_on"] + np.timedelta64(700, "D")
        past["broken_on"] = np.full(missing, NEVER)
        persons = np.concatenate([persons, rows[older]])
        found = pd.concat([found, past], ignore_index=True)
    return persons, found


def agricultural_records(
    rng: np.random.Generator, people: People, paths: Paths, places: Places, count: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Pupils of the agricultural lycées: most came from a collège of the pupil base."""
    ages = people.ages()
    mine = paths.found_in == Source.AGRICULTURAL.value
    weight = np.where((paths.path == Trajectory.QUALIFIED) & (ages <= 20), 0.05, 0.0)
    weight = np.where((paths.path == Trajectory.ENROLLED) & (ages >= 15) & (ages <= 19), 0.05, weight)
    weight = np.where(mine, 1e6, weight)
    rows = _from_both(rng, people, weight, np.where((ages >= 14) & (ages <= 19), 1.0, 0.0), count)
    size = len(rows)
    stays = (
        np.isin(paths.path[rows], [Trajectory.FOUND, Trajectory.YOUNG_ELSEWHERE, Trajectory.QUALIFIED])
        & people.is_pupil[rows]
    )
    draw = rng.random(size)
    before = ~stays
    drops = before & ~people.is_pupil[rows] & (draw < 0.04)
    ends = before & ~drops & (draw < 0.3)
    left = np.where(
        drops, np.datetime64("2025-11-03") + rng.integers(0, 220, size), np.datetime64("2026-07-03")
    )
    uai = _schools(rng, places, paths.basin[rows], np.full(size, "agricultural", dtype=object))
    gone = drops | ends
    diploma = np.where(ends, np.where(draw < 0.2, "level_4", "level_3"), paths.diploma[rows]).astype(object)
    diploma[drops] = np.where(draw[drops] < 0.02, "none", "dnb")
    return rows, pd.DataFrame(
        {
            "uai": uai,
            "entered_on": np.where(stays, RENTREE, PREVIOUS_RENTREE),
            "left_on": np.where(gone, left, NEVER),
            "leaving_reason": np.where(drops, "dropped_out", np.where(ends, "end_of_cycle", BLANK)),
            "current_uai": np.where(gone, BLANK, uai),
            "diploma": diploma,
        }
    )


def mission_locale_records(
    rng: np.random.Generator,
    people: People,
    paths: Paths,
    places: Places,
    propensities: Propensities,
    count: int,
    apprentices: np.ndarray,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Files of young people aged 16 to 25; all of those who are followed, some of the others."""
    ages = people.ages()
    adult = (ages >= 16) & (ages <= 24)
    path = paths.path
    weight = np.select(
        [path == Trajectory.QUALIFIED, path == Trajectory.ENROLLED, path == Trajectory.WITHOUT_SOLUTION],
        [1.0, 0.42, 0.15],
        0.0,
    )
    weight = np.where((paths.found_in == Source.APPRENTICESHIP.value) & (ages >= 16), 0.3, weight)
    mine = (path == Trajectory.FOLLOWED) | (paths.found_in == Source.MISSION_LOCALE.value)
    weight = np.where(mine, 1e6, weight) * adult
    outside = adult.astype(float)
    in_cfa = np.zeros(len(people), dtype=bool)
    in_cfa[apprentices] = True
    known = in_cfa & ~people.is_pupil & (rng.random(len(people)) < BOTH_ELSEWHERE_SHARE)
    outside = np.where(known & adult, 1e6, np.where(in_cfa, 0, outside))
    rows = _from_both(rng, people, weight, outside, count)
    size = len(rows)
    path = np.where(people.is_pupil[rows], path[rows], -1)
    left = paths.left_on[rows]
    delay = np.maximum(3, rng.lognormal(np.log(propensities.delay[paths.basin[rows]]), 0.6)).astype(np.int64)
    followed = np.isin(path, [Trajectory.FOLLOWED, Trajectory.FOUND])
    first = np.where(
        followed
        | (path == Trajectory.WITHOUT_SOLUTION)
        | (path == Trajectory.QUALIFIED) & (rng.random(size) < 0.6),
        left + delay,
        np.datetime64("2022-01-10") + rng.integers(0, 1700, size),
    )
    known_before = followed & (rng.random(size) < 0.1)
    first = np.where(known_before, left - rng.integers(10, 200, size), first)
    late = first > EXTRACTED_ON
    first = np.where(late, EXTRACTED_ON - rng.integers(0, 20, size), first)
    sixteenth = people.birth[rows] + np.timedelta64(16 * 365 + 4, "D")
    first = np.maximum(first, np.minimum(sixteenth, EXTRACTED_ON - 1))
    span = np.maximum(1, (EXTRACTED_ON - first).astype(np.int64))
    recent = np.maximum(first, EXTRACTED_ON - rng.integers(0, 75, size))
    last = np.where(followed, recent, first + (rng.random(size) * span).astype(np.int64))
    draw = rng.random(size)
    situation = np.select(
        [draw < 0.42, draw < 0.72, draw < 0.9], ["seeking", "in_employment", "in_training"], "lost_contact"
    ).astype(object)
    situation[path == Trajectory.FOLLOWED] = np.where(draw < 0.85, "seeking", "in_employment")[
        path == Trajectory.FOLLOWED
    ]
    situation[path == Trajectory.WITHOUT_SOLUTION] = "lost_contact"
    situation[(path == Trajectory.FOUND) | (path == Trajectory.ENROLLED)] = "in_training"
    diploma = paths.diploma[rows]
    own = np.array(["none", "dnb", "level_3", "level_4"], dtype=object)[
        rng.choice(4, size, p=[0.3, 0.3, 0.2, 0.2])
    ]
    diploma = np.where(people.is_pupil[rows], diploma, own)
    return rows, pd.DataFrame(
        {
            "structure": places.structures[paths.basin[rows]],
            "first_reception_on": first,
            "last_contact_on": np.maximum(first, last),
            "situation": situation,
            "diploma": np.where(rng.random(size) < 0.9, diploma, BLANK),
        }
    )


def _from_both(
    rng: np.random.Generator, people: People, inside: np.ndarray, outside: np.ndarray, count: int
) -> np.ndarray:
    """Persons of one source: most are in the pupil base, the declared share in none."""
    strangers = round(count * SHARE_NOT_PUPILS)
    return np.concatenate(
        [
            pick(rng, inside * people.is_pupil, count - strangers),
            pick(rng, outside * ~people.is_pupil, strangers),
        ]
    )


def campaign_day() -> date:
    """The day of the extracts, for whoever applies the rule to them."""
    return EXTRACTED_ON.astype(object)
