"""An email address that stands twice in a customer's record, since its letters became small, stands there once."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

POINT = sa.table(
    "contact_point",
    *(sa.column(name, sa.Uuid()) for name in ("id", "tenant_id", "customer_id")),
    *(sa.column(name, sa.Text()) for name in ("kind", "use", "value")),
    sa.column("preferred", sa.Boolean()),
)


def upgrade() -> None:
    """Of those for the same use the preferred one stays, or the oldest."""
    rank = sa.func.row_number().over(
        partition_by=(POINT.c.tenant_id, POINT.c.customer_id, POINT.c.use, POINT.c.value),
        order_by=(POINT.c.preferred.desc(), POINT.c.id),
    )
    ranked = sa.select(POINT.c.id, rank.label("rank")).where(POINT.c.kind == "email").subquery()
    op.execute(sa.delete(POINT).where(POINT.c.id.in_(sa.select(ranked.c.id).where(ranked.c.rank > 1))))


def downgrade() -> None:
    """Nothing that was known is lost: the older version takes an address once as well."""
