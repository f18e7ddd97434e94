"""How far the links can be trusted, in counts and shares only: ``quality.parquet``.

One long frame ``topic, item, measure, value, lower, upper``; topics, items and measures are those of
``domain.campaign`` (``QualityTopic``, ``QUALITY_ITEMS``, ``QUALITY_MEASURES``). Nothing here needs the truth;
generated extracts have one, and give it to compare methods.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from observatory.domain.campaign import WEIGHT_BANDS, MatchingMethod, QualityTopic, Source
from observatory.errors import UserFacingError
from observatory.linkage import cascade, linking, star
from observatory.linkage.decisions import DECISIONS_FILE, load_decisions
from observatory.linkage.masking import (
    Estimate,
    MaskedSource,
    SourceCounts,
    estimate_precision,
    estimate_recall,
    score_masked,
)
from observatory.linkage.review import CalibrationBand, calibrate
from observatory.linkage.schema import column_names
from observatory.linkage.standardise import create_identity
from observatory.linkage.working_file import LINKS_FILE, MODEL_FILE, open_beside_working_file, replace_file
from observatory.stats.rates import wilson_interval

if TYPE_CHECKING:
    import duckdb

QUALITY_FILE = "quality.parquet"
COLUMNS = ("topic", "item", "measure", "value", "lower", "upper")
COMPARED = ("nom", "prenom", "sexe", "date_naissance", "commune_naissance", "commune_residence", "ine")
"""Fields that a linked record and its pupil should have alike."""
DEPARTEMENTS = ("04", "05", "06", "13", "83", "84")

Row = tuple[QualityTopic, str, str, float, float | None, float | None]


def measure_quality(working_dir: Path, *, seed: int = 1, truth: pd.DataFrame | None = None) -> pd.DataFrame:
    """Everything that is known of the links of ``working_dir``, as one frame.

    ``truth`` (``source, record_id, person_key``, generated extracts only): methods are then judged by it;
    else the estimates of ``masking`` stand for the model, and the others have their number of links only.
    """
    links = working_dir / LINKS_FILE
    if not links.is_file():
        raise UserFacingError("links_missing", path=str(links))
    reviewed = calibrate(working_dir) if (working_dir / DECISIONS_FILE).is_file() else ()
    with open_beside_working_file(working_dir) as connection:
        quoted = str(links).replace("'", "''")
        connection.execute(
            f"CREATE TABLE link AS SELECT source || ':' || record_id AS rid, "
            f"linked_source || ':' || linked_record_id AS other, * FROM '{quoted}'"
        )
        create_identity(connection, "travail")
        linking.split_sources(connection)
        star.gather_pupils(connection)
        star.link_by_ine(connection)
        load_decisions(connection, working_dir, "travail")
        star.apply_decisions(connection)
        counts = _source_counts(connection)
        masked: dict[Source, MaskedSource] = {}
        if (working_dir / MODEL_FILE).is_file():
            masked = score_masked(connection, linking.load_model(working_dir / MODEL_FILE), seed)
        rows = [
            *_extracts(connection),
            *_statuses(connection),
            *_disagreements(connection),
            *_match_rates(connection),
            *_overlap(connection),
            *_review(connection),
            *(_calibration(connection, counts, reviewed) if masked else ()),
            *_false_dropouts(masked, counts),
            *_methods(connection, masked, counts, truth),
        ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(["topic", "item", "measure"], ignore_index=True).astype(
        {
            "topic": "str", "item": "str", "measure": "str",
            "value": "float64", "lower": "float64", "upper": "float64",
        }
    )  # fmt: skip


def write_quality(working_dir: Path, frame: pd.DataFrame) -> Path:
    """Write ``quality.parquet`` in place of the previous one."""
    path = working_dir / QUALITY_FILE
    with replace_file(path) as part:
        frame.to_parquet(part, index=False, compression="zstd")
    return path


def read_recall(working_dir: Path) -> dict[Source, Estimate]:
    """The recall of each source as :func:`measure_quality` estimated it; empty when it could not."""
    path = working_dir / QUALITY_FILE
    if not path.is_file():
        return {}
    frame = pd.read_parquet(path)
    shares = frame[(frame["topic"] == QualityTopic.FALSE_DROPOUT.value) & (frame["measure"] == "share")]
    return {
        Source(item): Estimate(1 - value, 1 - upper, 1 - lower)
        for item, value, lower, upper in shares[["item", "value", "lower", "upper"]].itertuples(index=False)
        if item in set(Source)
    }


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = connection.execute(query).fetchall()
    return found


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(type(value).__name__)
    return float(value)


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'travail' AND table_name = ?", [name]
    ).fetchall()
    return bool(found)


def _source_counts(connection: duckdb.DuckDBPyConnection) -> dict[Source, SourceCounts]:
    """By source, what ``link`` did with the pupil base: a link of the remainder is no pupil."""
    rows = _rows(
        connection,
        """
        SELECT source, sum((is_pupil AND reason IN ('ine', 'reviewed'))::INT),
            sum((is_pupil AND reason NOT IN ('ine', 'reviewed'))::INT),
            sum((status = 'review' AND reason <> 'ine_conflict')::INT), sum((reason = 'ine_conflict')::INT),
            sum((status <> 'review' AND NOT is_pupil)::INT)
        FROM (
            SELECT *, status = 'linked' AND linked_source IS NOT DISTINCT FROM 'pupils' AS is_pupil FROM link
        )
        WHERE source <> 'pupils' GROUP BY source
        """,
    )
    return {Source(str(row[0])): SourceCounts(*(int(_number(one)) for one in row[1:])) for row in rows}


def _extracts(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    if _has_table(connection, "extract_file"):
        for source, rows_in, rows_out in _rows(
            connection,
            "SELECT source, sum(rows_in)::BIGINT, sum(rows_out)::BIGINT FROM travail.extract_file "
            "GROUP BY source",
        ):
            yield QualityTopic.SOURCE_ROWS, str(source), "rows_in", _number(rows_in), None, None
            yield QualityTopic.SOURCE_ROWS, str(source), "rows_out", _number(rows_out), None, None
    if _has_table(connection, "extract_finding"):
        for source, kind, reason, name, count in _rows(
            connection,
            "SELECT source, kind, reason, field, sum(count)::BIGINT FROM travail.extract_finding "
            "GROUP BY ALL",
        ):
            # A finding of a whole row has no field.
            field = str(name) if name and str(name) != "*" else ""
            item = f"{source}|{kind}|{reason}|{field}"
            yield QualityTopic.FINDING, item, "count", _number(count), None, None


def _statuses(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    for source, linked, review, unlinked in _rows(
        connection,
        "SELECT source, sum((status = 'linked')::INT), sum((status = 'review')::INT), "
        "sum((status = 'unlinked')::INT) FROM link GROUP BY source",
    ):
        for measure, count in (("linked", linked), ("review", review), ("unlinked", unlinked)):
            yield QualityTopic.LINK_STATUS, str(source), measure, _number(count), None, None


def _disagreements(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Errors to correct at the source: linked records that write a field otherwise than the pupil base."""
    same = {"nom": "nom_std", "prenom": "prenom_std", "date_naissance": "dob"} | {
        "commune_naissance": "birth_commune",
        "commune_residence": "home_commune",
    }
    for name in COMPARED:
        column = same.get(name, name)
        for source, compared, differing in _rows(
            connection,
            f"""
            SELECT l.source, count(*), sum((r.{column} <> p.{column})::INT)
            FROM link l JOIN identity r ON r.rid = l.rid JOIN identity p ON p.rid = l.other
            WHERE l.status = 'linked' AND l.linked_source = 'pupils'
                AND r.{column} IS NOT NULL AND p.{column} IS NOT NULL
            GROUP BY l.source
            """,
        ):
            if name not in column_names(Source(str(source))):
                continue
            item = f"{source}|{name}"
            yield QualityTopic.DISAGREEMENT, item, "compared", _number(compared), None, None
            yield QualityTopic.DISAGREEMENT, item, "differing", _number(differing), None, None


def _match_rates(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Records linked to the pupil base, by département of residence and by year of birth."""
    known = ", ".join(f"'{code}'" for code in DEPARTEMENTS)
    departement = f"CASE WHEN i.home_departement IN ({known}) THEN i.home_departement ELSE 'other' END"
    for topic, key in (
        (QualityTopic.MATCH_DEPARTEMENT, departement),
        (QualityTopic.MATCH_BIRTH_YEAR, "i.birth_year"),
    ):
        for source, part, records, linked in _rows(
            connection,
            f"SELECT l.source, ({key})::VARCHAR AS part, count(*), "
            "sum((l.status = 'linked' AND l.linked_source IS NOT DISTINCT FROM 'pupils')::INT) "
            "FROM link l JOIN identity i USING (rid) WHERE l.source <> 'pupils' GROUP BY ALL",
        ):
            item = f"{source}|{part}"
            trials, events = _number(records), _number(linked)
            lower, upper = wilson_interval(events, trials)
            yield topic, item, "records", trials, None, None
            yield topic, item, "linked", events, None, None
            yield topic, item, "rate", events / trials, float(lower), float(upper)


def _overlap(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    order = {source.value: place for place, source in enumerate(Source)}
    totals: dict[str, float] = {}
    for sources, persons in _rows(
        connection,
        "SELECT sources, count(*) FROM (SELECT list_sort(list_distinct(list(source))) AS sources "
        "FROM link GROUP BY person_id) GROUP BY sources",
    ):
        names = sorted((str(one) for one in list(sources)), key=order.__getitem__)  # type: ignore[call-overload]
        totals["+".join(names)] = _number(persons)
    for item, persons in totals.items():
        yield QualityTopic.OVERLAP, item, "persons", _number(persons), None, None


def _review(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Records that wait for a person, and what persons decided so far."""
    for source, pairs, same, different, cannot_tell in _rows(
        connection,
        """
        WITH waiting AS (SELECT source, count(*) AS pairs FROM link WHERE status = 'review' GROUP BY source),
        said AS (SELECT source, sum((decision = 'same')::INT) AS same,
            sum((decision = 'different')::INT) AS different,
            sum((decision = 'cannot_tell')::INT) AS cannot_tell FROM review_decision GROUP BY source)
        SELECT source, coalesce(pairs, 0), coalesce(same, 0), coalesce(different, 0), coalesce(cannot_tell, 0)
        FROM waiting FULL JOIN said USING (source)
        """,
    ):
        for measure, count in (
            ("pairs", pairs), ("same", same), ("different", different), ("cannot_tell", cannot_tell),
        ):  # fmt: skip
            yield QualityTopic.REVIEW, str(source), measure, _number(count), None, None


def _calibration(
    connection: duckdb.DuckDBPyConnection,
    counts: dict[Source, SourceCounts],
    reviewed: tuple[CalibrationBand, ...],
) -> Iterator[Row]:
    """What the model announces against what is seen, by band of weight.

    Seen on the masked sample: best candidates with their pupil there, and with their pupil away in the
    proportion of the records that found none; and on the pairs that persons looked at.
    """
    linked = sum(one.certain + one.by_model for one in counts.values())
    absent = sum(one.unlinked for one in counts.values())
    away = absent / linked if linked else 0.0
    band = (
        "CASE WHEN weight < 2 THEN 'below_2' WHEN weight < 4 THEN '2_4' WHEN weight < 6 THEN '4_6' "
        "WHEN weight < 8 THEN '6_8' WHEN weight < 12 THEN '8_12' WHEN weight < 16 THEN '12_16' "
        "ELSE '16_plus' END"
    )
    found = {
        str(name): tuple(_number(one) for one in numbers)
        for name, *numbers in _rows(
            connection,
            f"""
            SELECT {band} AS band, sum(share), sum(share * is_right), sum(share * announced), count(*) FROM (
                SELECT weight, 1::DOUBLE AS share, (person = found_person)::INT AS is_right FROM masked
                UNION ALL SELECT weight, {away}::DOUBLE, 0 FROM strayed
            ) CROSS JOIN LATERAL (SELECT pow(2, weight) / (1 + pow(2, weight)) AS announced)
            WHERE weight IS NOT NULL GROUP BY band
            """,
        )
    }
    for band_seen in reviewed:
        told = band_seen.same + band_seen.different
        if band_seen.announced is not None:
            before = found.get(band_seen.band, (0.0, 0.0, 0.0, 0.0))
            more = (told, band_seen.same, told * band_seen.announced, told)
            found[band_seen.band] = tuple(one + other for one, other in zip(before, more, strict=True))
    for name in WEIGHT_BANDS:
        if name not in found:
            continue
        trials, events, announced, pairs = found[name]
        if trials <= 0:
            continue
        lower, upper = wilson_interval(min(events, trials), trials)
        yield QualityTopic.CALIBRATION, name, "pairs", pairs, None, None
        yield QualityTopic.CALIBRATION, name, "announced", announced / trials, None, None
        yield (
            QualityTopic.CALIBRATION,
            name,
            "observed",
            min(1.0, events / trials),
            float(lower),
            float(upper),
        )


def _false_dropouts(masked: dict[Source, MaskedSource], counts: dict[Source, SourceCounts]) -> Iterator[Row]:
    """By source, the share of the records with a pupil whose link is missed: each may be a false dropout."""
    if not masked:
        return
    for source, of in counts.items():
        recall = estimate_recall(masked, source, of)
        if math.isnan(recall.value):
            continue
        linked = of.certain + of.by_model
        missed = [linked * (1 - one) / one for one in (recall.value, recall.upper, recall.lower)]
        yield (
            QualityTopic.FALSE_DROPOUT, source.value, "share",
            1 - recall.value, 1 - recall.upper, 1 - recall.lower,
        )  # fmt: skip
        yield QualityTopic.FALSE_DROPOUT, source.value, "persons", missed[0], missed[1], missed[2]


def _methods(
    connection: duckdb.DuckDBPyConnection,
    masked: dict[Source, MaskedSource],
    counts: dict[Source, SourceCounts],
    truth: pd.DataFrame | None,
) -> Iterator[Row]:
    """The links to the pupil base that each method makes of the same extracts."""
    connection.execute(
        "CREATE OR REPLACE TABLE choice AS SELECT rid, other AS pupil, status FROM link "
        "WHERE source <> 'pupils' AND linked_source IS NOT DISTINCT FROM 'pupils'"
    )
    yield from _judge(connection, MatchingMethod.SPLINK, truth)
    if truth is None and masked:
        precision = estimate_precision(masked, counts)
        recalls = {source: estimate_recall(masked, source, of) for source, of in counts.items()}
        yield QualityTopic.METHOD, "splink", "precision", precision.value, precision.lower, precision.upper
        for measure, sources in (
            ("recall", list(counts)),
            ("mission_locale_recall", [Source.MISSION_LOCALE]),
        ):
            pooled = _pooled_recall(recalls, counts, sources)
            yield QualityTopic.METHOD, "splink", measure, pooled.value, pooled.lower, pooled.upper
    cascade.apply_rules(connection)
    star.choose_pupils(connection)
    yield from _judge(connection, MatchingMethod.CASCADE, truth)
    for method in (linking.Method.EXACT_NORMALISED, linking.Method.EXACT_RAW):
        linking.apply_exact(connection, method)
        star.choose_pupils(connection)
        yield from _judge(connection, MatchingMethod(method.value), truth)


def _pooled_recall(
    recalls: dict[Source, Estimate], counts: dict[Source, SourceCounts], sources: list[Source]
) -> Estimate:
    """One recall for several sources: links over links and misses. Bounds add up: the safe side."""
    linked = {
        source: counts[source].certain + counts[source].by_model for source in sources if source in counts
    }
    total = sum(linked.values())
    bounds = []
    for name in ("value", "lower", "upper"):
        of = {source: getattr(recalls[source], name) for source in linked if linked[source]}
        bounds.append(total / sum(linked[source] / of[source] for source in of) if of else math.nan)
    return Estimate(bounds[0], bounds[1], bounds[2])


def _judge(
    connection: duckdb.DuckDBPyConnection, method: MatchingMethod, truth: pd.DataFrame | None
) -> Iterator[Row]:
    """The number of links in ``choice`` and, with the truth, how many are right and how many are missing."""
    item = method.value
    pairs = _rows(connection, "SELECT count(*) FROM choice WHERE status = 'linked'")[0][0]
    yield QualityTopic.METHOD, item, "pairs", _number(pairs), None, None
    if truth is None:
        return
    connection.register("truth", truth)
    row = _rows(
        connection,
        """
        WITH known AS (SELECT source || ':' || record_id AS rid, source, person_key FROM truth),
        pupils AS (SELECT rid, person_key FROM known WHERE source = 'pupils'),
        judged AS (
            SELECT o.source, o.person_key IN (SELECT person_key FROM pupils) AS is_true,
                c.rid IS NOT NULL AS is_found, coalesce(p.person_key = o.person_key, false) AS is_right
            FROM known o LEFT JOIN (FROM choice WHERE status = 'linked') c ON c.rid = o.rid
            LEFT JOIN pupils p ON p.rid = c.pupil WHERE o.source <> 'pupils'
        )
        SELECT sum(is_right::INT), sum(is_found::INT), sum(is_true::INT),
            sum(is_right::INT) FILTER (source = 'mission_locale'),
            sum(is_true::INT) FILTER (source = 'mission_locale') FROM judged
        """,
    )[0]
    connection.unregister("truth")
    right, found, true, right_there, true_there = (_number(one) for one in row)
    for measure, events, trials in (
        ("precision", right, found),
        ("recall", right, true),
        ("mission_locale_recall", right_there, true_there),
    ):
        if trials > 0:
            lower, upper = wilson_interval(events, trials)
            yield QualityTopic.METHOD, item, measure, events / trials, float(lower), float(upper)
