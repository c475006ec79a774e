"""An email address is kept in small letters, so that one address is found as one."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

POINT = sa.table(
    "contact_point", sa.column("id", sa.Uuid()), sa.column("kind", sa.Text()), sa.column("value", sa.Text())
)


def upgrade() -> None:
    connection = op.get_bind()
    # Letters beyond ASCII are made small here: SQLite knows none of them.
    for point_id, value in connection.execute(
        sa.select(POINT.c.id, POINT.c.value).where(POINT.c.kind == "email")
    ).all():
        if value != value.lower():
            connection.execute(POINT.update().where(POINT.c.id == point_id).values(value=value.lower()))


def downgrade() -> None:
    """How it was written before is not known any more; the older version takes it as it is."""
