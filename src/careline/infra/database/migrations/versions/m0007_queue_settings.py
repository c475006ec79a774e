"""Queues are set by administrators, business hours; items remember their kind and when they entered their queue."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_calendar",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("times", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendar")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_business_calendar_tenant_id_name")),
    )
    protect_tenant_rows("business_calendar")
    op.create_table(
        "routing_desk",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queues", Json, nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_desk")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_routing_desk_tenant_id_name")),
    )
    protect_tenant_rows("routing_desk")
    op.create_table(
        "routing_seat",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("queues", Json, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_routing_seat")),
    )
    protect_tenant_rows("routing_seat")
    op.create_table(
        "routing_reasons",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_routing_reasons")),
    )
    protect_tenant_rows("routing_reasons")
    op.add_column("routing_queue", sa.Column("rules", Json, nullable=True))
    op.add_column("routing_queue", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("work_item", sa.Column("entered_at", UtcDateTime(), nullable=True))
    op.add_column("work_item", sa.Column("kind", sa.Text(), nullable=True))
    queues = sa.table("routing_queue", sa.column("rules", Json), sa.column("version", sa.Integer()))
    # What is not said is as by default: most skilled, and nobody waits for longer than half an hour.
    op.execute(queues.update().values(rules={}, version=1))
    items = sa.table("work_item", sa.column("kind", sa.Text()))
    op.execute(items.update().values(kind=""))
    with op.batch_alter_table("routing_queue") as batch_op:
        batch_op.alter_column("rules", existing_type=Json, nullable=False)
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.alter_column("kind", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.drop_column("kind")
        batch_op.drop_column("entered_at")
    with op.batch_alter_table("routing_queue") as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("rules")
    for table in ("routing_reasons", "routing_seat", "routing_desk", "business_calendar"):
        op.drop_table(table)
