"""Facts beside the cursor, cases by the name their maker gave them, the age of a flow's place."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_unfinished",
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber", "position", name=op.f("pk_event_unfinished")),
    )
    protect_tenant_rows("event_unfinished")
    op.add_column("care_case", sa.Column("client_id", sa.Uuid(), nullable=True))
    op.create_index("ix_care_case_client", "care_case", ["tenant_id", "client_id"], unique=True)
    # Places that are there already count as stored now: they are kept for as long as any other from here on.
    op.add_column("flow_run", sa.Column("stored_at", UtcDateTime(), nullable=True))
    places = sa.table("flow_run", sa.column("stored_at", UtcDateTime()))
    # house: allow one-clock – a revision is handed no clock, and the instant only says how long to keep the row
    op.execute(places.update().values(stored_at=sa.func.now()))
    with op.batch_alter_table("flow_run") as batch_op:
        batch_op.alter_column("stored_at", existing_type=UtcDateTime(), nullable=False)
    op.create_index("ix_flow_run_stored", "flow_run", ["tenant_id", "stored_at"])


def downgrade() -> None:
    op.drop_index("ix_flow_run_stored", "flow_run")
    with op.batch_alter_table("flow_run") as batch_op:
        batch_op.drop_column("stored_at")
    op.drop_index("ix_care_case_client", "care_case")
    with op.batch_alter_table("care_case") as batch_op:
        batch_op.drop_column("client_id")
    op.drop_table("event_unfinished")
