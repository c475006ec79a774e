"""How a tenant's widget and customer page look, and who may say so."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "widget_look",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("look", Json, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "number", name=op.f("pk_widget_look")),
    )
    protect_tenant_rows("widget_look")
    op.create_table(
        "widget_picture",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widget_picture")),
    )
    protect_tenant_rows("widget_picture")
    _permit_administrators()


def downgrade() -> None:
    op.drop_table("widget_picture")
    op.drop_table("widget_look")


def _permit_administrators() -> None:
    """Who sets up flows and routing sets up the widget."""
    roles = sa.table("role", sa.column("id", sa.Uuid()), sa.column("code", sa.Text()), sa.column("permissions", Json))
    connection = op.get_bind()
    wanted = sa.select(roles.c.id, roles.c.permissions).where(roles.c.code == "system_administrator")
    for role_id, permissions in connection.execute(wanted).all():
        more = {"widget:manage": "tenant", **permissions}
        connection.execute(roles.update().where(roles.c.id == role_id).values(permissions=more))
