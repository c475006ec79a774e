"""Of a chat that was passed on is kept whether whoever has it next fetched it themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "transfer"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("taken_over", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("taken_over", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_column("taken_over")
