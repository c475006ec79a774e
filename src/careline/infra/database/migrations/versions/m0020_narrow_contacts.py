"""Whoever read customers read their contacts, too: that is a permission of its own now, as far as all of the tenant."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from careline.infra.database.types import Json

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HISTORY = "history:view"


def upgrade() -> None:
    op.create_index(
        "ix_participant_present",
        "participant",
        ["tenant_id", "role"],
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    for table in ("role", "service_account"):
        _change(table, lambda held: held | {HISTORY: "tenant"} if "customer:read" in held else held)


def downgrade() -> None:
    for table in ("role", "service_account"):
        _change(table, lambda held: {code: scope for code, scope in held.items() if code != HISTORY})
    op.drop_index("ix_participant_present", "participant")


def _change(table: str, changed: Callable[[dict[str, str]], dict[str, str]]) -> None:
    holder = sa.table(table, sa.column("id", sa.Uuid()), sa.column("permissions", Json))
    bind = op.get_bind()
    for row in bind.execute(sa.select(holder)).all():
        permissions = changed(row.permissions)
        if permissions != row.permissions:
            bind.execute(holder.update().where(holder.c.id == row.id).values(permissions=permissions))
