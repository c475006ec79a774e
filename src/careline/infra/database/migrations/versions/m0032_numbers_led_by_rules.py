"""A number has a name, rules for who is led where, a version, and who changed it last."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from careline.infra.database.types import Json, UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "phone_number"
ADDED: tuple[tuple[str, Any, str], ...] = (
    ("name", sa.Text(), "''"),
    ("rules", Json, "'[]'"),
    ("version", sa.Integer(), "1"),
)


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("id", sa.Uuid(), nullable=True))
    for name, kind, nothing in ADDED:
        op.add_column(TABLE, sa.Column(name, kind, nullable=False, server_default=sa.text(nothing)))
    op.add_column(TABLE, sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.add_column(TABLE, sa.Column("changed_by", sa.Uuid(), nullable=True))
    number = sa.table(TABLE, sa.column("number", sa.Text()), sa.column("id", sa.Uuid()), sa.column("name", sa.Text()))
    bind = op.get_bind()
    for (known,) in bind.execute(sa.select(number.c.number)).all():
        # Until somebody names it, it is called what it is.
        bind.execute(number.update().where(number.c.number == known).values(id=uuid4(), name=known))
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("id", existing_type=sa.Uuid(), nullable=False)
        for name, kind, _ in ADDED:
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_phone_number_id"), ["id"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_phone_number_id"), type_="unique")
        for name in ("changed_by", "changed_at", "version", "rules", "name", "id"):
            batch_op.drop_column(name)
