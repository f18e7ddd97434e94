"""Campaigns: their figures by area, and how far their cross-matching can be trusted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CAMPAIGN = ("campaign_code", "edition")


def upgrade() -> None:
    _create(
        "campaign",
        _CAMPAIGN,
        (
            sa.Column("reference_on", sa.Date, nullable=False),
            sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("is_demonstration", sa.Boolean, nullable=False),
            sa.Column("manifest", sa.Text, nullable=False),
        ),
    )
    _create(
        "campaign_figure",
        (*_CAMPAIGN, "area_code", "breakdown", "category", "measure"),
        (*_values(), sa.Column("is_small", sa.Boolean, nullable=False)),
    )
    _create("campaign_quality", (*_CAMPAIGN, "topic", "item", "measure"), _values())


def downgrade() -> None:
    raise NotImplementedError("a database is never taken back to an older schema")


def _create(name: str, key: tuple[str, ...], columns: tuple[sa.Column, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(column, sa.Text, primary_key=True) for column in key),
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


def _values() -> tuple[sa.Column, ...]:
    numbers = ("value", "value_lower", "value_upper")
    return (*(sa.Column(name, sa.Double) for name in numbers), sa.Column("status", sa.Text, nullable=False))
