"""Inventory of the cooperation: ratings between structures and modalities of the convention."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cooperation_rating",
        *(
            sa.Column(name, sa.Text, primary_key=True)
            for name in ("basin_code", "from_partner", "to_partner")
        ),
        sa.Column("level", sa.Integer),
        sa.Column("rated_on", sa.Date),
        sa.Column("rated_by", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("is_demonstration", sa.Boolean, primary_key=True),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name="cooperation_rating_level"),
        sa.CheckConstraint("from_partner <> to_partner", name="cooperation_rating_pair"),
    )
    op.create_table(
        "cooperation_modality",
        sa.Column("basin_code", sa.Text, primary_key=True),
        sa.Column("modality", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("pilot", sa.Text, nullable=False),
        sa.Column("frequency", sa.Text, nullable=False),
        sa.Column("next_step", sa.Text, nullable=False),
        sa.Column("since_on", sa.Date),
        sa.Column("updated_on", sa.Date),
        sa.Column("is_demonstration", sa.Boolean, primary_key=True),
    )


def downgrade() -> None:
    raise NotImplementedError("a database is never taken back to an older schema")
