"""The tables of the store, as listed in ``docs/architecture.md``.

A table of figures carries ``version_from`` (the data version that brought the row) and ``version_to``
(the one that replaced it; null while the row is current), so that a past state is one ``WHERE`` away.
``info["key"]`` is the natural key of a table: at most one current row each, and the order of its frames.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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

_CAMPAIGN_KEY = ("campaign_code", "edition")
campaign = _versioned(
    "campaign",
    _CAMPAIGN_KEY,
    *(_code(name) for name in _CAMPAIGN_KEY),
    Column("reference_on", Date, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("is_demonstration", Boolean, nullable=False),
    _label("manifest"),
)

_CAMPAIGN_CELL = (*_CAMPAIGN_KEY, "area_code", "breakdown", "category", "measure")
campaign_figure = _versioned(
    "campaign_figure",
    _CAMPAIGN_CELL,
    *(_code(name) for name in _CAMPAIGN_CELL),
    _number("value"),
    _number("value_lower"),
    _number("value_upper"),
    _label("status"),
    Column("is_small", Boolean, nullable=False),
)

_QUALITY_CELL = (*_CAMPAIGN_KEY, "topic", "item", "measure")
campaign_quality = _versioned(
    "campaign_quality",
    _QUALITY_CELL,
    *(_code(name) for name in _QUALITY_CELL),
    _number("value"),
    _number("value_lower"),
    _number("value_upper"),
    _label("status"),
)

_ENTRY_KEY = ("area_code", "kind", "record_key", "field")
cooperation_entry = Table(
    "cooperation_entry",
    metadata,
    *(_code(name) for name in _ENTRY_KEY),
    Column("is_demonstration", Boolean, primary_key=True),
    _label("value"),
    Column("change_id", Integer, ForeignKey("cooperation_change.change_id"), nullable=False),
    info={"key": _ENTRY_KEY},
)

cooperation_change = Table(
    "cooperation_change",
    metadata,
    # Invented changes have negative numbers: they come and go without ever taking the number of a real one.
    Column("change_id", Integer, primary_key=True, autoincrement=False),
    Column("batch_id", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    _label("actor_name"),
    _label("actor_structure"),
    _label("cause"),
    *(Column(name, Text, nullable=False) for name in _ENTRY_KEY),
    _label("before"),
    _label("after"),
    Column("undone_batch_id", Integer),
    Column("is_demonstration", Boolean, nullable=False),
    Index("cooperation_change_field", *_ENTRY_KEY, "change_id"),
    Index("cooperation_change_batch", "batch_id"),
    info={"key": ("change_id",)},
)

cooperation_conflict = Table(
    "cooperation_conflict",
    metadata,
    Column("conflict_id", Integer, primary_key=True, autoincrement=False),
    Column("noted_at", UtcDateTime, nullable=False),
    _label("actor_name"),
    _label("actor_structure"),
    *(Column(name, Text, nullable=False) for name in _ENTRY_KEY),
    _label("proposed"),
    Column("resolved_at", UtcDateTime),
    _label("resolution"),
    Index("cooperation_conflict_area", "area_code"),
    info={"key": ("conflict_id",)},
)

cooperation_snapshot = Table(
    "cooperation_snapshot",
    metadata,
    Column("snapshot_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("frozen_at", UtcDateTime, nullable=False),
    _label("actor_name"),
    _label("actor_structure"),
    Column("last_change_id", Integer),
    Column("is_demonstration", Boolean, nullable=False),
    info={"key": ("snapshot_id",)},
)

cooperation_snapshot_entry = Table(
    "cooperation_snapshot_entry",
    metadata,
    Column(
        "snapshot_id",
        Integer,
        ForeignKey("cooperation_snapshot.snapshot_id"),
        primary_key=True,
        autoincrement=False,
    ),
    *(_code(name) for name in _ENTRY_KEY),
    _label("value"),
    Column("is_demonstration", Boolean, nullable=False),
    info={"key": ("snapshot_id", *_ENTRY_KEY)},
)

cooperation_attachment = Table(
    "cooperation_attachment",
    metadata,
    Column("attachment_id", Text, primary_key=True),
    _label("file_name"),
    _label("media_type"),
    _label("sha256"),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    _label("actor_name"),
    _label("actor_structure"),
    info={"key": ("attachment_id",)},
)

VERSIONED_TABLES: dict[str, Table] = {
    table.name: table for table in metadata.sorted_tables if "version_from" in table.columns
}


def table_key(table: Table) -> tuple[str, ...]:
    """Natural key of a table.

    >>> table_key(figure)
    ('area_code', 'indicator_code', 'year')
    """
    key: tuple[str, ...] = table.info["key"]
    return key


def content_columns(table: Table) -> tuple[Column, ...]:
    """Columns of a table without the bookkeeping of versions."""
    bookkeeping = {"version_from", "version_to"}
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
