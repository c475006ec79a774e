"""Who came in through a provider is known by the provider's own name of them, not by one that may change hands."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_identity",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("bound_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_external_identity_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "issuer", "subject", name=op.f("pk_external_identity")),
        sa.UniqueConstraint(
            "tenant_id", "issuer", "user_id", name=op.f("uq_external_identity_tenant_id_issuer_user_id")
        ),
    )
    protect_tenant_rows("external_identity")


def downgrade() -> None:
    op.drop_table("external_identity")
