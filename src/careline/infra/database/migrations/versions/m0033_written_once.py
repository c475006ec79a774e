"""Notes, consents and contact points stand once in a customer's record, however often they were sent."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

POINT = sa.table(
    "contact_point",
    *(sa.column(name, sa.Uuid()) for name in ("id", "tenant_id", "customer_id")),
    *(sa.column(name, sa.Text()) for name in ("kind", "use", "value")),
    sa.column("preferred", sa.Boolean()),
)
ONCE = ("tenant_id", "customer_id", "kind", "use", "value")
WRITTEN = ("customer_note", "customer_consent")


def upgrade() -> None:
    """Of contact points that are equal, for the same use, the preferred one stays, or the oldest."""
    _in_usual_width()
    rank = sa.func.row_number().over(
        partition_by=[POINT.c[name] for name in ONCE], order_by=(POINT.c.preferred.desc(), POINT.c.id)
    )
    ranked = sa.select(POINT.c.id, rank.label("rank")).subquery()
    op.execute(sa.delete(POINT).where(POINT.c.id.in_(sa.select(ranked.c.id).where(ranked.c.rank > 1))))
    op.create_index("ix_contact_point_once", "contact_point", list(ONCE), unique=True)
    op.drop_index("ix_contact_point_customer", "contact_point")
    for table in WRITTEN:
        op.add_column(table, sa.Column("client_id", sa.Uuid(), nullable=True))
        op.create_index(f"ix_{table}_client", table, ["tenant_id", "client_id"], unique=True)


def downgrade() -> None:
    for table in WRITTEN:
        op.drop_index(f"ix_{table}_client", table)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("client_id")
    op.create_index("ix_contact_point_customer", "contact_point", ["tenant_id", "customer_id"])
    op.drop_index("ix_contact_point_once", "contact_point")


def _in_usual_width() -> None:
    """Emails that were typed in full-width letters are the same addresses as in usual ones."""
    connection = op.get_bind()
    emails = sa.select(POINT.c.id, POINT.c.value).where(POINT.c.kind == "email")
    for point_id, value in connection.execute(emails).all():
        usual = unicodedata.normalize("NFKC", value).lower()
        if value != usual:
            connection.execute(POINT.update().where(POINT.c.id == point_id).values(value=usual))
