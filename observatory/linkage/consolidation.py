"""From persons to counts per basin: the rule of a leaver without qualification nor solution, applied once.

Code de l'éducation L.313-7 and L.313-8, decree 2010-1781, circular 2011-028: at least sixteen, left a cycle
of initial training, enrolled nowhere, no diploma of level 3 or 4. A person counts once, where they live, by
their age on the reference day. A base that says how they left (dropped out, excluded, contract broken) or a
file of a mission locale makes a dropout of them; without any, they are unknown. What leaves this module is
counts; they are not publishable before ``observatory.disclosure``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from observatory.domain.campaign import CATEGORIES, COUNTS, MINIMUM_AGE, Breakdown, Measure, Source
from observatory.errors import UserFacingError
from observatory.linkage.working_file import LINKS_FILE, open_beside_working_file

if TYPE_CHECKING:
    import duckdb

FOLLOWED_WITHIN_DAYS = 180
"""A mission locale follows whom it has met or called within this time before the reference day."""
MAXIMUM_AGE = 25
QUALIFIED = ("level_3", "level_4", "level_5_plus")
NOT_BY_AGE_NOR_ORIGIN = frozenset(
    {Measure.CONTRACT, Measure.CONTRACT_BROKEN, Measure.ASKED_PLACE, Measure.NOT_AFFECTED}
)
"""Contracts and wishes of a place are counted by sex only: their population is not the enrolled one."""


@dataclass(frozen=True)
class RawCounts:
    """Counts before any protection: never stored in the application's database, never printed.

    ``counts``: ``area_code, breakdown, category, measure, count``, every cell, zeros included.
    ``delays``: ``area_code, median_days, count`` (first reception after leaving, followed young people).
    ``left_out``: persons that take part in no figure, by reason. ``found_by_link``: by area, the signalled
    whose situation is known through a link (what a missed link would have hidden).
    """

    counts: pd.DataFrame
    delays: pd.DataFrame
    left_out: Mapping[str, int]
    found_by_link: pd.DataFrame


def count_persons(
    working_dir: Path,
    reference_on: date,
    basin_of_commune: Mapping[str, str],
    area_of_basin: Mapping[str, str],
) -> RawCounts:
    """Apply the rule at ``reference_on``; ``area_of_basin`` gives the académie of each basin.

    The previous campaign is one year before. Raises ``links_missing`` when ``link`` has not run.
    """
    with person_table(working_dir, reference_on, basin_of_commune) as connection:
        cells = connection.execute(_cells_query()).fetch_df()
        delays = connection.execute(
            "SELECT basin_code, delay FROM person WHERE followed AND delay IS NOT NULL AND is_placed"
        ).fetch_df()
        found = connection.execute(
            "SELECT basin_code, count(*) AS count FROM person "
            "WHERE is_placed AND signalled AND is_linked AND NOT unknown GROUP BY basin_code"
        ).fetch_df()
        left_out = _left_out(connection)
    basins = sorted(area_of_basin)
    return RawCounts(
        _with_areas(cells, basins, area_of_basin),
        _median_delays(delays, basins, area_of_basin),
        left_out,
        _sum_areas(found.set_index("basin_code")["count"], basins, area_of_basin),
    )


@contextmanager
def person_table(
    working_dir: Path, reference_on: date, basin_of_commune: Mapping[str, str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with ``person`` (a row a person, the rule applied), ``link``, ``travail``."""
    links = working_dir / LINKS_FILE
    if not links.is_file():
        raise UserFacingError("links_missing", path=str(links))
    with open_beside_working_file(working_dir) as connection:
        quoted = str(links).replace("'", "''")
        connection.execute(f"CREATE VIEW link AS FROM '{quoted}'")
        places = pd.DataFrame(sorted(basin_of_commune.items()), columns=["commune_code", "basin_code"])
        connection.register("place", places)
        connection.execute(
            f"CREATE MACRO reference_on() AS DATE '{reference_on.isoformat()}'; "
            "CREATE MACRO previous_on() AS reference_on() - INTERVAL 1 YEAR"
        )
        connection.execute(f"CREATE TABLE trace AS {_traces()}")
        connection.execute(_PERSONS)
        connection.execute(_FUNNEL)
        yield connection


def _traces() -> str:
    """SQL of what each record says of its person, in one shape."""
    nothing = {
        "was_enrolled": "false", "in_training": "false", "origin": "NULL", "diploma": "NULL",
        "left_on": "NULL::DATE", "leaving_reason": "NULL", "first_reception_on": "NULL::DATE",
        "last_contact_on": "NULL::DATE", "situation": "NULL", "contracts": "0", "broken": "0",
        "asked": "false", "not_affected": "false",
    }  # fmt: skip
    running = (
        "started_on <= {day} AND (broken_on IS NULL OR broken_on > {day})"
        " AND (planned_end_on IS NULL OR planned_end_on >= {day})"
    )
    school = {
        "was_enrolled": "true", "in_training": "current_uai IS NOT NULL", "diploma": "diploma",
        "left_on": "left_on", "leaving_reason": "leaving_reason",
    }  # fmt: skip
    in_the_year = (
        "started_on <= reference_on() AND (planned_end_on IS NULL OR planned_end_on > previous_on())"
        " AND (broken_on IS NULL OR broken_on > previous_on())"
    )
    says: dict[Source, dict[str, str]] = {
        Source.PUPILS: {**school, "origin": "level"},
        Source.AGRICULTURAL: {**school, "origin": "'agricultural'"},
        Source.APPRENTICESHIP: {
            "was_enrolled": running.format(day="previous_on()"),
            "in_training": running.format(day="reference_on()"),
            "origin": "'cfa'",
            "diploma": "diploma",
            "left_on": "CASE WHEN broken_on <= reference_on() THEN broken_on END",
            "contracts": f"({in_the_year})::INT",
            "broken": f"({in_the_year} AND broken_on <= reference_on())::INT",
        },
        Source.AFFECTATION: {"asked": "true", "not_affected": "affected_uai IS NULL"},
        Source.MISSION_LOCALE: {
            "in_training": "coalesce(situation = 'in_training', false)",
            "diploma": "diploma",
            "first_reception_on": "first_reception_on",
            "last_contact_on": "coalesce(last_contact_on, first_reception_on)",
            "situation": "coalesce(situation, 'lost_contact')",
        },
    }
    order = [
        Source.PUPILS,
        Source.AGRICULTURAL,
        Source.APPRENTICESHIP,
        Source.MISSION_LOCALE,
        Source.AFFECTATION,
    ]
    selects = []
    for trust, source in enumerate(order):
        columns = {**nothing, **says[source]}
        written = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        selects.append(
            f"SELECT link.person_id, {trust} AS trust, '{source}' AS source, r.record_id, r.sexe, "
            f"r.date_naissance AS dob, r.commune_residence AS home, {written} "
            f"FROM travail.{source} r JOIN link ON link.source = '{source}' AND link.record_id = r.record_id"
        )
    return " UNION ALL ".join(selects)


_PERSONS = f"""
CREATE TABLE person_said AS
SELECT person_id,
    count(*) > 1 AS is_linked,
    arg_min(sexe, (trust, record_id)) FILTER (sexe IS NOT NULL) AS sexe,
    arg_min(dob, (trust, record_id)) AS dob,
    coalesce(
        arg_min(home, (trust, record_id)) FILTER (home IN (SELECT commune_code FROM place)),
        arg_min(home, (trust, record_id)) FILTER (home IS NOT NULL)) AS home,
    bool_or(was_enrolled) AS was_enrolled,
    arg_min(origin, (trust, record_id)) FILTER (was_enrolled) AS origin,
    arg_min(source, (trust, record_id)) FILTER (was_enrolled) AS own_source,
    list_distinct(list(source) FILTER (in_training)) AS training_sources,
    bool_or(coalesce(diploma IN {QUALIFIED}, false)) AS is_qualified,
    bool_or(coalesce(leaving_reason IN ('moved_abroad', 'deceased'), false)) AS is_gone,
    bool_or(coalesce(leaving_reason IN ('dropped_out', 'excluded'), false) OR coalesce(broken, 0) > 0)
        AS said_to_have_dropped,
    max(left_on) AS left_on,
    count(*) FILTER (source = '{Source.MISSION_LOCALE}') > 0 AS is_known_to_mission_locale,
    bool_or(situation IN ('in_employment', 'seeking')
        AND last_contact_on >= reference_on() - INTERVAL {FOLLOWED_WITHIN_DAYS} DAY) AS is_met,
    min(first_reception_on) FILTER (first_reception_on <= reference_on()) AS first_reception_on,
    sum(contracts)::INT AS contract, sum(broken)::INT AS contract_broken,
    bool_or(asked) AS asked_place,
    bool_or(asked) AND bool_and(not_affected) FILTER (asked) AS not_affected
FROM trace GROUP BY person_id
"""

_FUNNEL = f"""
CREATE TABLE person AS
WITH placed AS (
    SELECT s.*, place.basin_code, date_diff('year', dob, reference_on())
            - (strftime(dob, '%m%d') > strftime(reference_on(), '%m%d'))::INT AS age
    FROM person_said s LEFT JOIN place ON place.commune_code = s.home
),
judged AS (
    SELECT *, basin_code IS NOT NULL AND sexe IS NOT NULL AS is_placed,
        coalesce(was_enrolled, false) AND age BETWEEN {MINIMUM_AGE} AND {MAXIMUM_AGE} AS enrolled
    FROM placed
),
signalled AS (
    SELECT *, enrolled AND NOT is_qualified AND NOT list_contains(coalesce(training_sources, []), own_source)
        AND NOT (is_gone AND coalesce(len(training_sources), 0) = 0) AS signalled
    FROM judged
),
found AS (
    SELECT *, signalled AND coalesce(len(training_sources), 0) > 0 AS found_in_training FROM signalled
),
dropped AS (
    SELECT *, signalled AND NOT found_in_training
        AND (said_to_have_dropped OR is_known_to_mission_locale) AS dropout
    FROM found
)
SELECT *, signalled AND NOT found_in_training AND NOT dropout AS unknown,
    dropout AND coalesce(is_met, false) AS followed,
    dropout AND NOT coalesce(is_met, false) AS without_solution,
    CASE WHEN age <= 17 THEN '16_17' WHEN age <= 20 THEN '18_20' ELSE '21_25' END AS age_band,
    CASE WHEN first_reception_on IS NOT NULL AND left_on IS NOT NULL
        THEN greatest(0, date_diff('day', left_on, first_reception_on)) END AS delay
FROM dropped
"""


def _cells_query() -> str:
    """SQL of the counts by basin, breakdown, category and measure, without the empty cells."""
    splits = {
        Breakdown.ALL: "'all'",
        Breakdown.SEX: "sexe",
        Breakdown.AGE_BAND: "age_band",
        Breakdown.ORIGIN: "origin",
    }
    selects = [
        f"SELECT basin_code, '{breakdown}' AS breakdown, {category} AS category, '{measure}' AS measure, "
        f"sum({measure}::INT)::INT AS count FROM person WHERE is_placed GROUP BY ALL"
        for breakdown, category in splits.items()
        for measure in COUNTS
        if not _is_empty_by_rule(breakdown, measure)
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(selects)}) WHERE count > 0"


def _is_empty_by_rule(breakdown: Breakdown, measure: Measure) -> bool:
    return breakdown in (Breakdown.AGE_BAND, Breakdown.ORIGIN) and measure in NOT_BY_AGE_NOR_ORIGIN


def _left_out(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Persons of the population that no area can count, by reason."""
    rows = connection.execute(
        """
        SELECT CASE WHEN home IS NULL THEN 'no_commune' WHEN basin_code IS NOT NULL THEN 'no_sex'
            WHEN home = '13055' THEN 'marseille_not_split' ELSE 'out_of_region' END AS reason, count(*)
        FROM person WHERE NOT is_placed AND (enrolled OR contract > 0 OR asked_place)
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}


def _with_areas(cells: pd.DataFrame, basins: list[str], area_of_basin: Mapping[str, str]) -> pd.DataFrame:
    """Every cell of every basin, académie and region; what nobody is in counts zero."""
    keys = [
        (str(breakdown), category, str(measure))
        for breakdown, categories in CATEGORIES.items()
        for category in categories
        for measure in COUNTS
        if not _is_empty_by_rule(breakdown, measure)
    ]
    index = pd.MultiIndex.from_tuples(keys, names=["breakdown", "category", "measure"])
    wide = cells.pivot_table(
        index=["breakdown", "category", "measure"], columns="basin_code", values="count", aggfunc="sum"
    ).reindex(index=index, columns=basins, fill_value=0)
    wide = wide.fillna(0).astype("int64")
    for academie in sorted(set(area_of_basin.values())):
        wide[academie] = wide[[basin for basin in basins if area_of_basin[basin] == academie]].sum(axis=1)
    wide[REGION] = wide[basins].sum(axis=1)
    long = wide.reset_index().melt(
        id_vars=["breakdown", "category", "measure"], var_name="area_code", value_name="count"
    )
    columns = ["area_code", "breakdown", "category", "measure"]
    return long[[*columns, "count"]].sort_values(columns, ignore_index=True)


REGION = "REG93"


def _median_delays(delays: pd.DataFrame, basins: list[str], area_of_basin: Mapping[str, str]) -> pd.DataFrame:
    members = _members(basins, area_of_basin)
    rows = [
        (area, float(chosen.median()) if len(chosen) else None, len(chosen))
        for area, inside in members.items()
        for chosen in [delays.loc[delays["basin_code"].isin(inside), "delay"]]
    ]
    return pd.DataFrame(rows, columns=["area_code", "median_days", "count"])


def _sum_areas(counts: pd.Series, basins: list[str], area_of_basin: Mapping[str, str]) -> pd.DataFrame:
    counts = counts.reindex(basins, fill_value=0)
    rows = [(area, int(counts[inside].sum())) for area, inside in _members(basins, area_of_basin).items()]
    return pd.DataFrame(rows, columns=["area_code", "count"])


def _members(basins: list[str], area_of_basin: Mapping[str, str]) -> dict[str, list[str]]:
    """The basins of each area: of each basin, itself."""
    members = {basin: [basin] for basin in basins}
    for academie in sorted(set(area_of_basin.values())):
        members[academie] = [basin for basin in basins if area_of_basin[basin] == academie]
    return {**members, REGION: basins}
