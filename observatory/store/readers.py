"""Every SELECT of the project: one statement, one frame.

Frames have the columns of their table in its order, the same dtypes on both databases (``float64``,
``int64`` or ``Int64``, ``str``, ``bool`` or ``boolean``, ``datetime64``) and are sorted by their key.

``as_of`` tells which state is read: None for the current one, a version, an instant, or a day (its end, in
UTC). A page that reads several tables passes the version it started from, so that they agree. Before the
first version there is nothing: the frames are empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Engine, Row, Table, and_, func, or_, select

from observatory.errors import StoreError
from observatory.store.tables import (
    column_dtype,
    commune_figure,
    content_columns,
    context_contribution,
    context_index,
    data_version,
    figure,
    gap,
    indicator_rank,
    risk_summary,
    table_key,
    trend,
    typology,
)

if TYPE_CHECKING:
    import pandas as pd

AsOf = int | date | datetime | None
"""A version, an instant, a day, or None for the current state."""


@dataclass(frozen=True, order=True)
class CommuneLayer:
    """One indicator and year for which figures by commune are stored."""

    indicator_code: str
    year: int


def current_version(engine: Engine) -> int | None:
    """Identifier of the current data version, None while nothing was published. Key of the web caches."""
    with engine.connect() as connection:
        return connection.execute(select(func.max(data_version.c.version_id))).scalar()


def current_content_hash(engine: Engine) -> str | None:
    """What the current figures were built from; None while nothing was built."""
    statement = (
        select(data_version.c.content_hash)
        .where(data_version.c.content_hash.is_not(None))
        .order_by(data_version.c.version_id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        return connection.execute(statement).scalar()


def version_at(engine: Engine, as_of: AsOf) -> int | None:
    """The version that ``as_of`` means, None when it is before the first one.

    Raises :class:`StoreError` (``version_unknown``) for a version that was never published.
    """
    if as_of is None:
        return current_version(engine)
    if isinstance(as_of, int):
        _check_version(engine, as_of)
        return as_of
    statement = select(func.max(data_version.c.version_id)).where(data_version.c.created_at < _end_of(as_of))
    with engine.connect() as connection:
        return connection.execute(statement).scalar()


def read_versions(engine: Engine) -> pd.DataFrame:
    """Data versions: ``version_id, created_at (UTC), label, actor, content_hash``, oldest first."""
    return _read_frame(engine, data_version, tuple(data_version.columns), [])


def read_figures(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Figures of basins, académies and region, all indicators and years; shares in 0-1."""
    return read_state(engine, figure, as_of)


def read_context_index(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Context index by basin with its 5-95 % robustness interval and its ranks (1 = most exposed)."""
    return read_state(engine, context_index, as_of)


def read_contributions(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """What each dimension brings to the index of each basin."""
    return read_state(engine, context_contribution, as_of)


def read_gap(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Observed, expected and their difference by basin and year, with the studentised residual."""
    return read_state(engine, gap, as_of)


def read_typology(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Typology by basin and year, with the reason of an undetermined one."""
    return read_state(engine, typology, as_of)


def read_ranks(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Honest ranks by basin, indicator and year: median, 5-95 % bounds, probability of the five highest."""
    return read_state(engine, indicator_rank, as_of)


def read_trends(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Trend by area and indicator, or why it cannot be told."""
    return read_state(engine, trend, as_of)


def read_risk_summary(engine: Engine, as_of: AsOf = None) -> pd.DataFrame:
    """Named results of the whole region: ``name, value``."""
    return read_state(engine, risk_summary, as_of)


def read_commune_figures(engine: Engine, indicator_code: str, year: int, as_of: AsOf = None) -> pd.DataFrame:
    """Figures of one indicator and year by commune; empty where the layer was not imported."""
    chosen = [commune_figure.c.indicator_code == indicator_code, commune_figure.c.year == year]
    return read_state(engine, commune_figure, as_of, chosen)


def available_commune_layers(engine: Engine, as_of: AsOf = None) -> tuple[CommuneLayer, ...]:
    """Indicators and years with at least one figure by commune, sorted."""
    statement = (
        select(commune_figure.c.indicator_code, commune_figure.c.year)
        .where(_is_visible(engine, commune_figure, as_of), commune_figure.c.value.is_not(None))
        .distinct()
    )
    with engine.connect() as connection:
        return tuple(sorted(CommuneLayer(code, year) for code, year in connection.execute(statement)))


def read_state(
    engine: Engine, source: Table, as_of: AsOf, conditions: Sequence[ColumnElement[bool]] = ()
) -> pd.DataFrame:
    """Rows of a versioned table as it stood, without the bookkeeping of versions."""
    visible = _is_visible(engine, source, as_of)
    return _read_frame(engine, source, content_columns(source), [visible, *conditions])


def _is_visible(engine: Engine, source: Table, as_of: AsOf) -> ColumnElement[bool]:
    first, last = source.c.version_from, source.c.version_to
    if as_of is None:
        return last.is_(None)
    if isinstance(as_of, int):
        _check_version(engine, as_of)
        return and_(first <= as_of, or_(last.is_(None), last > as_of))
    version = (
        select(func.coalesce(func.max(data_version.c.version_id), 0))
        .where(data_version.c.created_at < _end_of(as_of))
        .scalar_subquery()
    )
    return and_(first <= version, or_(last.is_(None), last > version))


def _check_version(engine: Engine, version_id: int) -> None:
    statement = select(data_version.c.version_id).where(data_version.c.version_id == version_id)
    with engine.connect() as connection:
        if connection.execute(statement).scalar() is None:
            raise StoreError("version_unknown", version=version_id)


def _end_of(moment: date | datetime) -> datetime:
    """First instant that is too late."""
    if isinstance(moment, datetime):
        return moment + timedelta(microseconds=1)
    return datetime.combine(moment + timedelta(days=1), time(), UTC)


def _read_frame(
    engine: Engine,
    source: Table,
    columns: Sequence[ColumnElement],
    conditions: Sequence[ColumnElement[bool]],
) -> pd.DataFrame:
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).where(*conditions)).all()
    return _frame(source, [column.name for column in columns], rows, table_key(source))


def _frame(source: Table, names: list[str], rows: Sequence[Row], order: tuple[str, ...]) -> pd.DataFrame:
    # A process that only asks for the current version (an unchanged build) does not pay for pandas.
    import pandas as pd

    values = zip(*rows, strict=True) if rows else ((),) * len(names)
    frame = pd.DataFrame(
        {
            name: pd.Series(
                list(column), dtype=column_dtype(source.c[name].type, nullable=bool(source.c[name].nullable))
            )
            for name, column in zip(names, values, strict=True)
        }
    )
    # Sorted here: the databases do not agree on the order of text.
    return frame.sort_values(list(order), ignore_index=True)
