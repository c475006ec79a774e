"""A recording is found by its id: it lies sealed in a store, and no row says any more which file it is."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

RECORDING = sa.table(
    "recording", sa.column("id", sa.Uuid()), sa.column("tenant_id", sa.Uuid()), sa.column("file", sa.Text())
)


def upgrade() -> None:
    with op.batch_alter_table("recording") as batch_op:
        batch_op.drop_column("file")


def downgrade() -> None:
    """The older version finds no recording that was sealed meanwhile, and says so."""
    with op.batch_alter_table("recording") as batch_op:
        batch_op.add_column(sa.Column("file", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    for recording_id, tenant_id in connection.execute(sa.select(RECORDING.c.id, RECORDING.c.tenant_id)).all():
        place = f"{tenant_id}/{recording_id}.wav"
        connection.execute(RECORDING.update().where(RECORDING.c.id == recording_id).values(file=place))
    with op.batch_alter_table("recording") as batch_op:
        batch_op.alter_column("file", existing_type=sa.Text(), existing_nullable=False, server_default=None)
