"""The inventory field by field: present values, every change, conflicts, snapshots, attachments.

What basins had already declared moves to it; invented records are published again by the next build.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = ("area_code", "kind", "record_key", "field")
_RATING_FIELDS = ("level", "evidence", "rated_by", "rated_on")
_MODALITY_FIELDS = ("status", "description", "frequency", "pilot", "since_on", "next_step")


def upgrade() -> None:
    op.create_table(
        "cooperation_change",
        sa.Column("change_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("actor_name", "actor_structure", "cause", *_KEY, "before", "after"),
        sa.Column("undone_batch_id", sa.Integer),
        sa.Column("is_demonstration", sa.Boolean, nullable=False),
    )
    op.create_index("cooperation_change_field", "cooperation_change", [*_KEY, "change_id"])
    op.create_index("cooperation_change_batch", "cooperation_change", ["batch_id"])
    op.create_table(
        "cooperation_entry",
        *_keys(*_KEY),
        sa.Column("is_demonstration", sa.Boolean, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("change_id", sa.Integer, sa.ForeignKey("cooperation_change.change_id"), nullable=False),
    )
    op.create_table(
        "cooperation_conflict",
        sa.Column("conflict_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("actor_name", "actor_structure", *_KEY, "proposed"),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
        *_texts("resolution"),
    )
    op.create_index("cooperation_conflict_area", "cooperation_conflict", ["area_code"])
    op.create_table(
        "cooperation_snapshot",
        sa.Column("snapshot_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("actor_name", "actor_structure"),
        sa.Column("last_change_id", sa.Integer),
        sa.Column("is_demonstration", sa.Boolean, nullable=False),
    )
    op.create_table(
        "cooperation_snapshot_entry",
        sa.Column(
            "snapshot_id",
            sa.Integer,
            sa.ForeignKey("cooperation_snapshot.snapshot_id"),
            primary_key=True,
            autoincrement=False,
        ),
        *_keys(*_KEY),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("is_demonstration", sa.Boolean, nullable=False),
    )
    op.create_table(
        "cooperation_attachment",
        sa.Column("attachment_id", sa.Text, primary_key=True),
        *_texts("file_name", "media_type", "sha256"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("actor_name", "actor_structure"),
    )
    _move_declared_records()
    op.drop_table("cooperation_rating")
    op.drop_table("cooperation_modality")


def _move_declared_records() -> None:
    connection = op.get_bind()
    cells: list[tuple[str, str, str, str, str]] = []
    for row in _declared("cooperation_rating", "from_partner", "to_partner", *_RATING_FIELDS):
        key = f"{row['from_partner']}>{row['to_partner']}"
        cells += [(row["basin_code"], "rating", key, name, _words(row[name])) for name in _RATING_FIELDS]
    for row in _declared("cooperation_modality", "modality", *_MODALITY_FIELDS):
        cells += [
            (row["basin_code"], "modality", row["modality"], name, _words(row[name]))
            for name in _MODALITY_FIELDS
        ]
    now = datetime.now(UTC).replace(tzinfo=None if connection.dialect.name == "sqlite" else UTC)
    kept = [cell for cell in sorted(cells) if cell[-1] and cell[-1] != "not_reported"]
    changes, entries = [], []
    for number, (*key_cells, value) in enumerate(kept, 1):
        place = dict(zip(_KEY, key_cells, strict=True))
        entries.append({**place, "value": value, "change_id": number, "is_demonstration": False})
        changes.append(
            {
                **place,
                "change_id": number,
                "batch_id": 1,
                "changed_at": now,
                "actor_name": "",
                "actor_structure": "",
                "cause": "migration",
                "before": "",
                "after": value,
                "is_demonstration": False,
            }
        )
    if kept:
        connection.execute(sa.insert(_table("cooperation_change")), changes)
        connection.execute(sa.insert(_table("cooperation_entry")), entries)


def _declared(table: str, *names: str) -> list[sa.RowMapping]:
    source = sa.table(table, *(sa.column(name) for name in ("basin_code", *names, "is_demonstration")))
    rows = op.get_bind().execute(sa.select(source).where(source.c.is_demonstration == sa.false()))
    return list(rows.mappings())


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _keys(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Text, primary_key=True) for name in names)


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def downgrade() -> None:
    raise NotImplementedError("a database is never taken back to an older schema")
