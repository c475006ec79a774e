"""Requests about one's own data: who asked, how identified, who decided, what was done."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_request",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=True),
        sa.Column("assurance", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("kept_until", UtcDateTime(), nullable=True),
        sa.Column("person", Json, nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    protect_tenant_rows("data_request")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.create_index("ix_data_request_customer", ["tenant_id", "customer_id"], unique=False)
        batch_op.create_index("ix_data_request_order", ["tenant_id", "id"], unique=False)
        batch_op.create_index("ix_data_request_state", ["tenant_id", "state"], unique=False)

    op.create_table(
        "data_request_rules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("recording_days", sa.Integer(), nullable=False),
        sa.Column("complaint_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_data_request_rules")),
    )
    protect_tenant_rows("data_request_rules")
    op.create_table(
        "data_request_step",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("custodian", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("kept", Json, nullable=False),
        sa.Column("leftovers", Json, nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["data_request.id"], name=op.f("fk_data_request_step_request_id_data_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "custodian", name=op.f("pk_data_request_step")),
    )
    protect_tenant_rows("data_request_step")


def downgrade() -> None:
    op.drop_table("data_request_step")
    op.drop_table("data_request_rules")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_index("ix_data_request_state")
        batch_op.drop_index("ix_data_request_order")
        batch_op.drop_index("ix_data_request_customer")

    op.drop_table("data_request")
