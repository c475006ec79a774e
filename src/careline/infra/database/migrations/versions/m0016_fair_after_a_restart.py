"""How long an agent was engaged and which offer they got last outlive a restart: turns go on where they were."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ADDED = {"handled_us": sa.BigInteger(), "last_served": sa.BigInteger()}


def upgrade() -> None:
    for name, kind in ADDED.items():
        op.add_column("agent_state", sa.Column(name, kind, nullable=False, server_default=sa.text("0")))
    with op.batch_alter_table("agent_state") as batch_op:
        for name, kind in ADDED.items():
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("agent_state") as batch_op:
        for name in ADDED:
            batch_op.drop_column(name)
