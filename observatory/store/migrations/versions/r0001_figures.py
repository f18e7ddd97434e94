"""Data versions, figures and risk tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_version",
        sa.Column("version_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text),
    )
    _create(
        "figure",
        ("area_code", "indicator_code", "year"),
        (
            *_numbers("value", "value_lower", "value_upper", "numerator", "denominator", "coverage"),
            *_texts("status", "note", "source_code"),
        ),
    )
    _create(
        "commune_figure",
        ("commune_code", "indicator_code", "year"),
        (
            *_numbers("value"),
            *_texts("source_code"),
        ),
    )
    op.create_index("commune_figure_layer", "commune_figure", ["indicator_code", "year"])
    _create(
        "context_index",
        ("basin_code",),
        (
            *_numbers(
                "context_index", "index_lower", "index_upper", "rank_median", "rank_lower", "rank_upper"
            ),
            *_texts("status", "missing_dimensions"),
        ),
    )
    _create(
        "context_contribution",
        ("basin_code", "dimension_code"),
        (*_numbers("score", "weight", "contribution"),),
    )
    _create(
        "gap",
        ("basin_code", "year"),
        (
            *_numbers("observed", "observed_lower", "observed_upper", "expected", "gap", "studentised"),
            sa.Column("is_notable", sa.Boolean),
            *_texts("status"),
        ),
    )
    _create("typology", ("basin_code", "year"), _texts("typology", "reason"))
    _create(
        "indicator_rank",
        ("basin_code", "indicator_code", "year"),
        (
            *_numbers("rank_median", "rank_lower", "rank_upper", "top_five_probability"),
            sa.Column("band", sa.Integer),
            sa.Column("basin_count", sa.Integer),
            *_texts("method"),
        ),
    )
    _create(
        "trend",
        ("area_code", "indicator_code"),
        (
            *_texts("status"),
            *_texts("direction"),
            *_numbers("chi_square"),
            sa.Column("point_count", sa.Integer),
        ),
    )
    _create("risk_summary", ("name",), _numbers("value"))


def downgrade() -> None:
    raise NotImplementedError("a database is never taken back to an older schema")


def _create(name: str, key: tuple[str, ...], columns: tuple[sa.Column, ...]) -> None:
    op.create_table(
        name,
        *(_key_column(column) for column in key),
        *columns,
        sa.Column(
            "version_from",
            sa.Integer,
            sa.ForeignKey("data_version.version_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("version_to", sa.Integer, sa.ForeignKey("data_version.version_id")),
    )
    current = sa.text("version_to IS NULL")
    op.create_index(
        f"{name}_current", name, list(key), unique=True, sqlite_where=current, postgresql_where=current
    )


def _key_column(name: str) -> sa.Column:
    if name == "year":
        return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)
    return sa.Column(name, sa.Text, primary_key=True)


def _numbers(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Double) for name in names)


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)
