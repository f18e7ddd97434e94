"""From identities to persons: the pupil base at the centre, then the remainder among themselves.

Four passes in one connection that holds ``identity`` (see ``standardise``):

1. double files of the pupil base are brought together (``pupil_person``);
2. equal INE, confirmed by two of date, nom and prénom; an INE that nothing else confirms goes to review; what
   persons decided of a pair at the review comes before any rule;
3. the trained model, or the cascade of rules, gives each other record its best pupil; a weight of
   :data:`LINK_WEIGHT` links; :data:`REVIEW_WEIGHT`, or a second person within :data:`RUNNER_UP_MARGIN`, is
   doubtful;
4. what found no pupil is compared with itself: young people that no pupil base knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import duckdb

LINK_WEIGHT = 8.0
REVIEW_WEIGHT = 2.0
RUNNER_UP_MARGIN = 4.0
CERTAIN_WEIGHT = 40.0
"""Weight given to what rules alone decide; the model's own rarely pass 30."""

_CLOSE_NOM = "(l.nom_std = r.nom_std OR jaro_winkler_similarity(l.nom_std, r.nom_std) > 0.85)"
_CLOSE_PRENOM = (
    "(l.prenom_first = r.prenom_first OR jaro_winkler_similarity(l.prenom_std, r.prenom_std) > 0.85)"
)
AGREEMENTS = f"((l.dob = r.dob)::INT + {_CLOSE_NOM}::INT + {_CLOSE_PRENOM}::INT)"


def gather_pupils(connection: duckdb.DuckDBPyConnection) -> None:
    """Create ``pupil_person(rid, person)``: the files of one pupil carry the smallest ``rid`` among them.

    Same INE and two agreements, or the same full identity and place of birth when one INE at least is blank.
    """
    same_ine = _rows(
        connection,
        "SELECT l.rid, r.rid FROM pupil l JOIN pupil r ON l.ine = r.ine AND l.rid < r.rid "
        f"WHERE {AGREEMENTS} >= 2",
    )
    same_identity = _rows(
        connection,
        "SELECT l.rid, r.rid FROM pupil l JOIN pupil r "
        "ON l.nom_std = r.nom_std AND l.prenom_std = r.prenom_std AND l.dob = r.dob "
        "AND l.birth_commune = r.birth_commune AND l.rid < r.rid "
        "WHERE (l.ine IS NULL OR r.ine IS NULL) AND l.sexe IS NOT DISTINCT FROM r.sexe",
    )
    groups = group_edges([*same_ine, *same_identity])
    double_files = pd.DataFrame(sorted(groups.items()), columns=["rid", "person"], dtype="str")
    connection.register("double_file", double_files)
    connection.execute(
        "CREATE OR REPLACE TABLE pupil_person AS SELECT p.rid, coalesce(d.person, p.rid) AS person "
        "FROM pupil p LEFT JOIN double_file d USING (rid)"
    )
    connection.unregister("double_file")


def link_by_ine(connection: duckdb.DuckDBPyConnection) -> None:
    """Create ``ine_link(rid, pupil, agreements)``: the pupil of the same INE, or the best of them.

    Two agreements or more make a link; fewer, a conflict for the review unless the model agrees.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE ine_link AS
        SELECT rid, pupil, person, agreements FROM (
            SELECT r.rid, l.rid AS pupil, p.person, {AGREEMENTS} AS agreements,
                row_number() OVER (PARTITION BY r.rid ORDER BY {AGREEMENTS} DESC, l.rid) AS place
            FROM outsider r JOIN pupil l ON l.ine = r.ine JOIN pupil_person p ON p.rid = l.rid
        ) WHERE place = 1
        """
    )


def apply_decisions(connection: duckdb.DuckDBPyConnection) -> None:
    """Create ``must_link(rid, pupil, person)`` and ``cannot_link(rid, person)`` from ``review_decision``.

    The last decision on a record and a person counts; a record that was given to two persons, to the last
    one. ``ine_link`` loses the pairs that were refused.
    """
    connection.execute("CREATE OR REPLACE TABLE cannot_link (rid VARCHAR, person VARCHAR)")
    connection.execute("CREATE OR REPLACE TABLE must_link (rid VARCHAR, pupil VARCHAR, person VARCHAR)")
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE decided AS
        WITH pairs AS (
            SELECT source || ':' || record_id AS rid, linked_source || ':' || linked_record_id AS pupil,
                decision, decided_at FROM review_decision WHERE linked_source = 'pupils'
        )
        SELECT d.rid, p.person, arg_max(d.pupil, (d.decided_at, d.decision, d.pupil)) AS pupil,
            arg_max(d.decision, (d.decided_at, d.decision, d.pupil)) AS decision, max(d.decided_at) AS last_on
        FROM pairs d JOIN pupil_person p ON p.rid = d.pupil JOIN outsider o ON o.rid = d.rid
        GROUP BY d.rid, p.person
        """
    )
    connection.execute("INSERT INTO cannot_link SELECT rid, person FROM decided WHERE decision = 'different'")
    connection.execute(
        "INSERT INTO must_link SELECT rid, arg_max(pupil, (last_on, person)), "
        "arg_max(person, (last_on, person)) FROM decided WHERE decision = 'same' GROUP BY rid"
    )
    connection.execute("DELETE FROM ine_link WHERE (rid, person) IN (SELECT (rid, person) FROM cannot_link)")


def choose_pupils(connection: duckdb.DuckDBPyConnection) -> None:
    """Create ``choice(rid, pupil, weight, status, reason)`` from ``pair`` and ``ine_link``.

    ``pair(rid, pupil, weight)`` holds the candidates scored by the model or given by the cascade.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE choice AS
        WITH by_person AS (
            SELECT c.rid, p.person, max(c.weight) AS weight,
                arg_max(c.pupil, (c.weight, c.pupil)) AS pupil
            FROM pair c JOIN pupil_person p ON p.rid = c.pupil
            WHERE (c.rid, p.person) NOT IN (SELECT (rid, person) FROM cannot_link) GROUP BY ALL
        ),
        placed AS (
            SELECT *, row_number() OVER best AS place, lead(weight) OVER best AS runner_up
            FROM by_person WINDOW best AS (PARTITION BY rid ORDER BY weight DESC, person)
        ),
        scored AS (
            SELECT rid, pupil, person, weight,
                CASE WHEN weight < {REVIEW_WEIGHT} THEN 'unlinked'
                    WHEN weight - runner_up < {RUNNER_UP_MARGIN} THEN 'review'
                    WHEN weight >= {LINK_WEIGHT} THEN 'linked' ELSE 'review' END AS status,
                CASE WHEN weight < {REVIEW_WEIGHT} THEN 'no_candidate'
                    WHEN weight - runner_up < {RUNNER_UP_MARGIN} THEN 'second_candidate'
                    WHEN weight >= {LINK_WEIGHT} THEN 'model' ELSE 'doubtful' END AS reason
            FROM placed WHERE place = 1
        )
        SELECT o.rid,
            CASE WHEN d.rid IS NOT NULL THEN d.pupil WHEN i.agreements >= 2 THEN i.pupil
                WHEN s.status IN ('linked', 'review') THEN s.pupil ELSE i.pupil END AS pupil,
            CASE WHEN d.rid IS NOT NULL OR i.agreements >= 2 THEN {CERTAIN_WEIGHT}
                ELSE s.weight END AS weight,
            CASE WHEN d.rid IS NOT NULL OR i.agreements >= 2 THEN 'linked'
                WHEN i.person <> s.person OR (i.rid IS NOT NULL AND s.status IS DISTINCT FROM 'linked')
                    THEN 'review'
                ELSE coalesce(s.status, 'unlinked') END AS status,
            CASE WHEN d.rid IS NOT NULL THEN 'reviewed' WHEN i.agreements >= 2 THEN 'ine'
                WHEN i.person <> s.person OR (i.rid IS NOT NULL AND s.status IS DISTINCT FROM 'linked')
                    THEN 'ine_conflict'
                ELSE coalesce(s.reason, 'no_candidate') END AS reason
        FROM outsider o LEFT JOIN scored s USING (rid) LEFT JOIN ine_link i USING (rid)
        LEFT JOIN must_link d USING (rid)
        """
    )


def write_links(
    connection: duckdb.DuckDBPyConnection, remainder_edges: Iterable[tuple[str, str, float, str]]
) -> None:
    """Create ``link``, a row a record of every source, in the shape of ``links.parquet``.

    ``person_id``, stable and meaningless, is a hash of the key of the person's first record.
    ``remainder_edges``: pairs ``(rid, rid, weight, reason)`` of records that found no pupil.
    """
    edges = list(remainder_edges)
    groups = group_edges([(first, second) for first, second, _, _ in edges])
    strongest: dict[str, tuple[float, str]] = {}
    for first, second, weight, reason in edges:
        for rid in (first, second):
            strongest[rid] = max(strongest.get(rid, (weight, reason)), (weight, reason))
    rows = [(rid, anchor, *strongest[rid]) for rid, anchor in sorted(groups.items())]
    remainder = pd.DataFrame(rows, columns=["rid", "anchor", "weight", "reason"]).astype(
        {"rid": "str", "anchor": "str", "weight": "float64", "reason": "str"}
    )
    connection.register("remainder", remainder)
    connection.execute(
        """
        CREATE OR REPLACE TABLE link AS
        WITH every AS (
            SELECT p.rid, NULL::VARCHAR AS other, p.person AS anchor, NULL::DOUBLE AS weight,
                CASE WHEN count(c.rid) > 0 THEN 'linked' ELSE 'unlinked' END AS status, '' AS reason
            FROM pupil_person p LEFT JOIN choice c ON c.pupil = p.rid AND c.status = 'linked'
            GROUP BY p.rid, p.person
            UNION ALL
            SELECT c.rid,
                CASE WHEN c.status IN ('linked', 'review') THEN c.pupil
                    WHEN m.anchor <> c.rid THEN m.anchor END,
                CASE WHEN c.status = 'linked' THEN p.person ELSE coalesce(m.anchor, c.rid) END,
                CASE WHEN c.status IN ('linked', 'review') THEN c.weight ELSE m.weight END,
                CASE WHEN c.status = 'unlinked' AND m.rid IS NOT NULL THEN 'linked' ELSE c.status END,
                CASE WHEN c.status = 'unlinked' AND m.rid IS NOT NULL THEN m.reason ELSE c.reason END
            FROM choice c LEFT JOIN pupil_person p ON p.rid = c.pupil LEFT JOIN remainder m ON m.rid = c.rid
        )
        SELECT i.source, i.record_id, o.source AS linked_source, o.record_id AS linked_record_id,
            left(sha256('person:' || e.anchor), 32) AS person_id,
            e.status, round(e.weight, 3) AS weight, e.reason
        FROM every e JOIN identity i USING (rid) LEFT JOIN identity o ON o.rid = e.other
        ORDER BY i.source, i.record_id
        """
    )
    connection.unregister("remainder")


def group_edges(edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Connected components: each key of ``edges`` with the smallest key of its component.

    >>> group_edges([("b", "c"), ("a", "b"), ("x", "y")])
    {'b': 'a', 'c': 'a', 'a': 'a', 'x': 'x', 'y': 'x'}
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for first, second in edges:
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    return {key: root(key) for key in list(parent)}


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    return [(str(first), str(second)) for first, second in connection.execute(query).fetchall()]
