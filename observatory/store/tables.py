"""The tables of the store, as listed in ``docs/architecture.md``.

A table of figures carries ``version_from`` (the data version that brought the row) and ``version_to``
(the one that replaced it; null while the row is current), so that a past state is one ``WHERE`` away.
``info["key"]`` is the natural key of a table: at most one current row each, and the order of its frames.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.sql.type_api import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

data_version = Table(
    "data_version",
    metadata,
    Column("version_id", Integer, primary_key=True, autoincrement=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("label", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("content_hash", Text),
    info={"key": ("version_id",)},
)


def _versioned(name: str, key: tuple[str, ...], *columns: Column) -> Table:
    """A table of figures: ``columns`` and the two versions, one current row per ``key``."""
    return Table(
        name,
        metadata,
        *columns,
        Column(
            "version_from",
            Integer,
            ForeignKey("data_version.version_id"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("version_to", Integer, ForeignKey("data_version.version_id")),
        Index(
            f"{name}_current",
            *key,
            unique=True,
            sqlite_where=text("version_to IS NULL"),
            postgresql_where=text("version_to IS NULL"),
        ),
        info={"key": key},
    )


def _code(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _year() -> Column[int]:
    return Column("year", Integer, primary_key=True, autoincrement=False)


def _label(name: str) -> Column[str]:
    """A text; blank is the empty one, so that a frame never mixes blanks and missing values."""
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[float]:
    return Column(name, Double)


def _whole(name: str) -> Column[int]:
    return Column(name, Integer)


figure = _versioned(
    "figure",
    ("area_code", "indicator_code", "year"),
    _code("area_code"),
    _code("indicator_code"),
    _year(),
    _number("value"),
    _number("value_lower"),
    _number("value_upper"),
    _number("numerator"),
    _number("denominator"),
    _number("coverage"),
    _label("status"),
    _label("note"),
    _label("source_code"),
)

commune_figure = _versioned(
    "commune_figure",
    ("commune_code", "indicator_code", "year"),
    _code("commune_code"),
    _code("indicator_code"),
    _year(),
    _number("value"),
    _label("source_code"),
)
Index("commune_figure_layer", commune_figure.c.indicator_code, commune_figure.c.year)

context_index = _versioned(
    "context_index",
    ("basin_code",),
    _code("basin_code"),
    _number("context_index"),
    _number("index_lower"),
    _number("index_upper"),
    _number("rank_median"),
    _number("rank_lower"),
    _number("rank_upper"),
    _label("status"),
    _label("missing_dimensions"),
)

context_contribution = _versioned(
    "context_contribution",
    ("basin_code", "dimension_code"),
    _code("basin_code"),
    _code("dimension_code"),
    _number("score"),
    _number("weight"),
    _number("contribution"),
)

gap = _versioned(
    "gap",
    ("basin_code", "year"),
    _code("basin_code"),
    _year(),
    _number("observed"),
    _number("observed_lower"),
    _number("observed_upper"),
    _number("expected"),
    _number("gap"),
    _number("studentised"),
    Column("is_notable", Boolean),
    _label("status"),
)

typology = _versioned(
    "typology",
    ("basin_code", "year"),
    _code("basin_code"),
    _year(),
    _label("typology"),
    _label("reason"),
)

indicator_rank = _versioned(
    "indicator_rank",
    ("basin_code", "indicator_code", "year"),
    _code("basin_code"),
    _code("indicator_code"),
    _year(),
    _number("rank_median"),
    _number("rank_lower"),
    _number("rank_upper"),
    _number("top_five_probability"),
    _whole("band"),
    _whole("basin_count"),
    _label("method"),
)

trend = _versioned(
    "trend",
    ("area_code", "indicator_code"),
    _code("area_code"),
    _code("indicator_code"),
    _label("status"),
    _label("direction"),
    _number("chi_square"),
    _whole("point_count"),
)

risk_summary = _versioned("risk_summary", ("name",), _code("name"), _number("value"))

_RATING_KEY = ("basin_code", "from_partner", "to_partner")
cooperation_rating = Table(
    "cooperation_rating",
    metadata,
    *(_code(name) for name in _RATING_KEY),
    Column("level", Integer),
    Column("rated_on", Date),
    _label("rated_by"),
    _label("evidence"),
    Column("is_demonstration", Boolean, primary_key=True),
    CheckConstraint("level BETWEEN 0 AND 5", name="cooperation_rating_level"),
    CheckConstraint("from_partner <> to_partner", name="cooperation_rating_pair"),
    info={"key": _RATING_KEY},
)

_MODALITY_KEY = ("basin_code", "modality")
cooperation_modality = Table(
    "cooperation_modality",
    metadata,
    *(_code(name) for name in _MODALITY_KEY),
    _label("status"),
    _label("description"),
    _label("pilot"),
    _label("frequency"),
    _label("next_step"),
    Column("since_on", Date),
    Column("updated_on", Date),
    Column("is_demonstration", Boolean, primary_key=True),
    info={"key": _MODALITY_KEY},
)

VERSIONED_TABLES: dict[str, Table] = {
    table.name: table for table in metadata.sorted_tables if "version_from" in table.columns
}
DEMONSTRATION_TABLES: dict[str, Table] = {t.name: t for t in (cooperation_rating, cooperation_modality)}


def table_key(table: Table) -> tuple[str, ...]:
    """Natural key of a table.

    >>> table_key(figure)
    ('area_code', 'indicator_code', 'year')
    """
    key: tuple[str, ...] = table.info["key"]
    return key


def content_columns(table: Table) -> tuple[Column, ...]:
    """Columns of a table without the bookkeeping of versions and of demonstration."""
    bookkeeping = {"version_from", "version_to", "is_demonstration"}
    return tuple(column for column in table.columns if column.name not in bookkeeping)


def column_dtype(column_type: TypeEngine, *, nullable: bool) -> str:
    """dtype of a column in the frames of this room, the same on both databases.

    >>> column_dtype(Integer(), nullable=True), column_dtype(Double(), nullable=True)
    ('Int64', 'float64')
    """
    match column_type:
        case Boolean():
            return "boolean" if nullable else "bool"
        case Integer():
            return "Int64" if nullable else "int64"
        case Double():
            return "float64"
        case Date():
            return "datetime64[s]"
        case UtcDateTime():
            return "datetime64[us, UTC]"
        case _:
            return "str"
