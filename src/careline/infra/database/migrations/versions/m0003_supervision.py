"""Orders of supervisors to agents, the head start of a contact that was moved up, and who may do both."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AS_FAR_AS_THEY_SEE = ("floor:direct", "floor:listen")


def upgrade() -> None:
    op.create_table(
        "state_order",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_out", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_order")),
    )
    protect_tenant_rows("state_order")
    op.create_index("ix_state_order_agent", "state_order", ["tenant_id", "agent_id", "made_at"])
    op.add_column("work_item", sa.Column("boost_s", sa.Double(), nullable=True))
    _permit_supervisors()


def downgrade() -> None:
    op.drop_column("work_item", "boost_s")
    op.drop_index("ix_state_order_agent", "state_order")
    op.drop_table("state_order")


def _permit_supervisors() -> None:
    """Whoever watched the floor could only watch: the role that a tenant began with may act there now."""
    roles = sa.table("role", sa.column("id", sa.Uuid()), sa.column("code", sa.Text()), sa.column("permissions", Json))
    connection = op.get_bind()
    found = connection.execute(sa.select(roles.c.id, roles.c.permissions).where(roles.c.code == "supervisor")).all()
    for role_id, permissions in found:
        if "floor:view" not in permissions:
            continue
        more = {"wall:view": "tenant", **dict.fromkeys(AS_FAR_AS_THEY_SEE, permissions["floor:view"])}
        connection.execute(roles.update().where(roles.c.id == role_id).values(permissions={**more, **permissions}))
