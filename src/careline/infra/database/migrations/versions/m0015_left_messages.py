"""Messages that customers leave when nobody can serve them."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "left_message",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("reach_kind", sa.Text(), nullable=True),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("opens_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_left_message")),
    )
    op.create_index("ix_left_message_case", "left_message", ["tenant_id", "case_id"])
    op.create_index("ix_left_message_conversation", "left_message", ["tenant_id", "conversation_id", "left_at"])
    op.create_index("ix_left_message_reach", "left_message", ["tenant_id", "reach", "left_at"])
    protect_tenant_rows("left_message")


def downgrade() -> None:
    op.drop_table("left_message")
