"""Service passwords of lines, the forms that customers type them into, and the waits of who fails."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_password",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_hash", sa.Text(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_service_password_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_service_password")),
    )
    protect_tenant_rows("service_password")
    op.create_table(
        "password_form",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_password_form_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_form")),
    )
    op.create_index("ix_password_form_interaction", "password_form", ["tenant_id", "interaction_id"])
    op.create_index("ix_password_form_line", "password_form", ["tenant_id", "subscription_id"])
    protect_tenant_rows("password_form")
    op.create_table(
        "password_wait",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", UtcDateTime(), nullable=False),
        sa.Column("blocked_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_password_wait")),
    )
    protect_tenant_rows("password_wait")


def downgrade() -> None:
    op.drop_table("password_wait")
    op.drop_table("password_form")
    op.drop_table("service_password")
