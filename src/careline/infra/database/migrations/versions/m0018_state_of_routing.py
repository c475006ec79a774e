"""All that routing decides by outlives a restart: pauses after a decline, attempts, holds, the order of arrival."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from careline.infra.database.types import Json, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OF_ITEMS: dict[str, tuple[sa.types.TypeEngine[Any], str]] = {
    "again": (sa.Boolean(), "false"),
    "seq": (sa.BigInteger(), "0"),
    "attempts": (sa.Integer(), "0"),
    "excluded": (Json, "'[]'"),
}


def upgrade() -> None:
    for name, (kind, value) in OF_ITEMS.items():
        op.add_column("work_item", sa.Column(name, kind, nullable=False, server_default=sa.text(value)))
    op.add_column("work_item", sa.Column("held_until", UtcDateTime(), nullable=True))
    op.add_column("agent_state", sa.Column("place", sa.Integer(), nullable=False, server_default=sa.text("0")))
    with op.batch_alter_table("work_item") as batch_op:
        for name, (kind, _) in OF_ITEMS.items():
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    with op.batch_alter_table("agent_state") as batch_op:
        batch_op.alter_column("place", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("agent_state") as batch_op:
        batch_op.drop_column("place")
    with op.batch_alter_table("work_item") as batch_op:
        for name in ("held_until", *OF_ITEMS):
            batch_op.drop_column(name)
