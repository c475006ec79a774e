"""Pairs of customers of whom somebody said that they are not one."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dismissed_pair",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("dismissed_by", sa.Uuid(), nullable=True),
        sa.Column("dismissed_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_dismissed_pair_customer_id_customer")),
        sa.ForeignKeyConstraint(["other_id"], ["customer.id"], name=op.f("fk_dismissed_pair_other_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_pair")),
        sa.UniqueConstraint(
            "tenant_id", "customer_id", "other_id", name=op.f("uq_dismissed_pair_tenant_id_customer_id_other_id")
        ),
    )
    protect_tenant_rows("dismissed_pair")


def downgrade() -> None:
    op.drop_table("dismissed_pair")
