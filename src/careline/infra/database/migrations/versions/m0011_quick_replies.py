"""Quick replies, and who may write them for everybody."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WRITERS = ("system_administrator", "supervisor")


def upgrade() -> None:
    op.create_table(
        "quick_reply",
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quick_reply")),
    )
    op.create_index("ix_quick_reply_owner", "quick_reply", ["tenant_id", "owner_id", "retired", "used"])
    protect_tenant_rows("quick_reply")
    _permit_writers()


def downgrade() -> None:
    op.drop_table("quick_reply")


def _permit_writers() -> None:
    """The roles that a tenant began with, and that a new one gets it with, may write quick replies now."""
    roles = sa.table("role", sa.column("id", sa.Uuid()), sa.column("code", sa.Text()), sa.column("permissions", Json))
    connection = op.get_bind()
    found = connection.execute(sa.select(roles.c.id, roles.c.permissions).where(roles.c.code.in_(WRITERS))).all()
    for role_id, permissions in found:
        changed = {"desk:manage": "tenant", **permissions}
        connection.execute(roles.update().where(roles.c.id == role_id).values(permissions=changed))
