"""Left messages are routed: queues that take chats take them, agents who chat carry one, and what interrupts them."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

QUEUE = sa.table("routing_queue", sa.column("id", sa.Uuid()), sa.column("media", Json))
AGENT = sa.table("agent", sa.column("id", sa.Uuid()), sa.column("capacity", Json))
MESSAGE = "message"


def upgrade() -> None:
    op.create_table(
        "routing_media_rules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("call_beside_chats", sa.Boolean(), nullable=False),
        sa.Column("message_interrupted_by", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_routing_media_rules")),
    )
    protect_tenant_rows("routing_media_rules")
    op.add_column("left_message", sa.Column("routed_as", sa.Uuid(), nullable=True))
    op.create_index("ix_left_message_routed", "left_message", ["tenant_id", "routed_as"])
    bind = op.get_bind()
    for row in bind.execute(sa.select(QUEUE)).all():
        if "chat" in row.media and MESSAGE not in row.media:
            bind.execute(QUEUE.update().where(QUEUE.c.id == row.id).values(media=[*row.media, MESSAGE]))
    for row in bind.execute(sa.select(AGENT)).all():
        capacity = {**row.capacity, MESSAGE: 1 if row.capacity.get("chat") else 0}
        bind.execute(AGENT.update().where(AGENT.c.id == row.id).values(capacity=capacity))


def downgrade() -> None:
    bind = op.get_bind()
    for row in bind.execute(sa.select(QUEUE)).all():
        media = [one for one in row.media if one != MESSAGE]
        bind.execute(QUEUE.update().where(QUEUE.c.id == row.id).values(media=media))
    for row in bind.execute(sa.select(AGENT)).all():
        capacity = {media: most for media, most in row.capacity.items() if media != MESSAGE}
        bind.execute(AGENT.update().where(AGENT.c.id == row.id).values(capacity=capacity))
    op.drop_index("ix_left_message_routed", "left_message")
    op.drop_column("left_message", "routed_as")
    op.drop_table("routing_media_rules")
