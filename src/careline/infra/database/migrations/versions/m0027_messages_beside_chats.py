"""A left message that has waited long is offered beside chats."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    after = sa.Column("message_beside_after_s", sa.Integer(), server_default="1800", nullable=True)
    op.add_column("routing_media_rules", after)


def downgrade() -> None:
    op.drop_column("routing_media_rules", "message_beside_after_s")
