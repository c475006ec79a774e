"""A customer may have turned out to be another, and duplicates are found by what they share."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index("ix_customer_merged", "customer", ["tenant_id", "merged_into"])
    op.create_index("ix_contact_point_value", "contact_point", ["tenant_id", "value"])
    op.create_index("ix_conversation_customer", "conversation", ["tenant_id", "customer_id"])
    op.create_index("ix_visitor_customer", "visitor", ["tenant_id", "customer_id"])


def downgrade() -> None:
    op.drop_index("ix_visitor_customer", "visitor")
    op.drop_index("ix_conversation_customer", "conversation")
    op.drop_index("ix_contact_point_value", "contact_point")
    op.drop_index("ix_customer_merged", "customer")
    op.drop_column("customer", "merged_into")
