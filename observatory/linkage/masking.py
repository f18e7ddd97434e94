"""How many links are missed or wrong, told without the truth: records are scored as if without INE.

A record whose INE and identity give its pupil is shown to the model without that INE, under the rule that
links (``star``), twice: against the whole pupil base (what is found again is the recall of records without
INE) and against a base from which its own pupil was taken away (what is found then is a stray link, as for
the young people whom no pupil base knows).

Missions locales never have an INE. What they miss is told from their doubtful pairs: in the masked sample, so
many records stay out of sight for so many that are doubtful; the same proportion is supposed there. Generated
regions gave about one for one (0.7 to 1.9), which counts as a few pairs more (:data:`PRIOR_PAIRS`), so that a
small sample still says something. Borrowed from other sources, the proportion carries twice its standard
error. An INE must agree with one of date, nom and prénom to be believed: records garbled throughout are in
nobody's sample.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from observatory.domain.campaign import Source
from observatory.linkage import model, star
from observatory.stats.rates import Z_95, wilson_interval

if TYPE_CHECKING:
    import duckdb

SAMPLE_SIZE = 12_000
"""Records of each source that are scored again, at most."""
PRIOR_PAIRS = 10
"""Records out of sight, and as many doubtful ones, that are supposed seen before any is."""


@dataclass(frozen=True)
class MaskedSource:
    """Of ``checked`` records, ``right`` were linked to their pupil, ``wrong`` to another one.

    ``doubtful``: their pupil would wait for the review; ``unseen``: not even that. ``stray``: linked all the
    same once their pupil is away.
    """

    checked: int
    right: int
    wrong: int
    doubtful: int
    unseen: int
    stray: int


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 % interval."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class SourceCounts:
    """Records of a source by what ``link`` made of them.

    ``certain`` are linked by INE or by a person; ``conflict`` wait with an INE that the rest contradicts.
    """

    certain: int
    by_model: int
    doubtful: int
    conflict: int
    unlinked: int


def score_masked(
    connection: duckdb.DuckDBPyConnection, trained: dict[str, Any], seed: int, sample_size: int = SAMPLE_SIZE
) -> dict[Source, MaskedSource]:
    """Score again, without INE, a seeded sample of the records of ``ine_link``.

    Leaves ``masked`` and ``strayed`` (``rid, source, person, found_person, weight, is_linked``), the best
    candidate of each record with its pupil there and away, for the calibration.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE sampled AS
        SELECT rid, source, person FROM (
            SELECT i.rid, o.source, i.person,
                row_number() OVER (PARTITION BY o.source ORDER BY sha256('{int(seed)}:' || i.rid)) AS place
            FROM ine_link i JOIN outsider o USING (rid) WHERE i.agreements >= 1
        ) WHERE place <= {int(sample_size)}
        """
    )
    _score_sample(connection, trained, "masked", "true")
    _score_sample(
        connection,
        trained,
        "strayed",
        "rid NOT IN (SELECT p.rid FROM pupil_person p JOIN sampled USING (person))",
    )
    rows = connection.execute(
        f"""
        SELECT m.source, count(*), sum((m.is_linked AND m.person = m.found_person)::INT),
            sum((m.is_linked AND m.person <> m.found_person)::INT),
            sum((NOT m.is_linked AND coalesce(m.weight, 0) >= {star.REVIEW_WEIGHT})::INT),
            sum((coalesce(m.weight, 0) < {star.REVIEW_WEIGHT})::INT), sum(s.is_linked::INT)
        FROM masked m JOIN strayed s USING (rid) GROUP BY m.source ORDER BY m.source
        """
    ).fetchall()
    return {Source(row[0]): MaskedSource(*(int(count) for count in row[1:])) for row in rows}


def estimate_recall(masked: Mapping[Source, MaskedSource], source: Source, counts: SourceCounts) -> Estimate:
    """The share of the records of ``source`` that have a pupil and are linked to them.

    >>> seen = {Source.APPRENTICESHIP: MaskedSource(1000, 990, 0, 5, 5, 1)}
    >>> known = SourceCounts(certain=500, by_model=480, doubtful=10, conflict=0, unlinked=60)
    >>> found = estimate_recall(seen, Source.MISSION_LOCALE, known)
    >>> print(f"{found.value:.3f} {found.lower:.3f} {found.upper:.3f}")
    0.980 0.950 0.988
    """
    linked = counts.certain + counts.by_model
    own = masked.get(source)
    if own is not None and own.checked and source is not Source.MISSION_LOCALE:
        low, high = wilson_interval(own.right, own.checked)
        shares = (own.right / own.checked, float(low), float(high))
        missed = [counts.conflict + counts.by_model * (1 - share) / max(share, 1e-9) for share in shares]
    else:
        unseen = sum(one.unseen for one in masked.values()) + PRIOR_PAIRS
        doubtful = sum(one.doubtful for one in masked.values()) + PRIOR_PAIRS
        ratio = unseen / doubtful
        spread = 2 * Z_95 * math.sqrt(1 / unseen + 1 / doubtful)
        ratios = (ratio, ratio * math.exp(spread), ratio * math.exp(-spread))
        missed = [min(counts.doubtful * (1 + one), counts.doubtful + counts.unlinked) for one in ratios]
    value, lower, upper = (linked / (linked + one) if linked + one else math.nan for one in missed)
    return Estimate(value, lower, upper)


def estimate_precision(
    masked: Mapping[Source, MaskedSource], counts: Mapping[Source, SourceCounts]
) -> Estimate:
    """The share of all links that are right, given those to a wrong pupil and those of whom no pupil is."""
    checked = sum(one.checked for one in masked.values())
    found = sum(one.right + one.wrong for one in masked.values())
    by_model = sum(one.by_model for one in counts.values())
    linked = by_model + sum(one.certain for one in counts.values())
    absent = sum(one.unlinked for one in counts.values())
    if not checked or not found or not linked:
        return Estimate(math.nan, math.nan, math.nan)
    wrong, stray = sum(one.wrong for one in masked.values()), sum(one.stray for one in masked.values())
    bounds = [
        (float(low), float(high))
        for low, high in (wilson_interval(wrong, found), wilson_interval(stray, checked))
    ]
    shares = [(wrong / found, stray / checked), *zip(*bounds, strict=True)]
    value, upper, lower = (1 - (one * by_model + other * absent) / linked for one, other in shares)
    return Estimate(value, max(0.0, lower), upper)


def _score_sample(
    connection: duckdb.DuckDBPyConnection, trained: dict[str, Any], table: str, pupils: str
) -> None:
    """Create ``table``: the best person of each record of ``sampled`` among the ``pupils`` of a condition."""
    from splink import DuckDBAPI

    connection.execute(
        f"CREATE OR REPLACE TABLE masked_left AS SELECT {model.COMPARED_COLUMNS} FROM pupil WHERE {pupils}"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE masked_right AS SELECT {model.COMPARED_COLUMNS} FROM outsider "
        "WHERE rid IN (SELECT rid FROM sampled)"
    )
    api = DuckDBAPI(connection)
    linker = model.make_linker(
        [
            api.register("masked_left", dataset_display_name="a_pupils"),
            api.register("masked_right", dataset_display_name="b_outsiders"),
        ],
        trained,
    )
    pairs = linker.inference.predict(threshold_match_weight=0.0)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {table} AS
        WITH by_person AS (
            SELECT c.rid_r AS rid, p.person, max(c.match_weight) AS weight
            FROM {pairs.physical_name} c JOIN pupil_person p ON p.rid = c.rid_l GROUP BY ALL
        ),
        placed AS (
            SELECT *, row_number() OVER best AS place, lead(weight) OVER best AS runner_up
            FROM by_person WINDOW best AS (PARTITION BY rid ORDER BY weight DESC, person)
        )
        SELECT s.rid, s.source, s.person, b.person AS found_person, b.weight,
            coalesce(b.weight >= {star.LINK_WEIGHT}
                AND coalesce(b.weight - b.runner_up, {star.RUNNER_UP_MARGIN}) >= {star.RUNNER_UP_MARGIN},
                false) AS is_linked
        FROM sampled s LEFT JOIN (SELECT * FROM placed WHERE place = 1) b USING (rid)
        """
    )
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
