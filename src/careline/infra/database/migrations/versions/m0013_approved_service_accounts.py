"""Service accounts are approved; making them is the system administrator's."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.types import Json, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MAKES = "service-account:manage"
WATCHES = "audit:read"
ROLE = sa.table(
    "role", sa.column("id", sa.Uuid()), sa.column("permissions", Json), sa.column("administrator", sa.Text())
)
GRANT = sa.table("role_grant", sa.column("user_id", sa.Uuid()), sa.column("role_id", sa.Uuid()))


def upgrade() -> None:
    with op.batch_alter_table("service_account") as batch_op:
        batch_op.add_column(sa.Column("approved_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("approved_by", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_service_account_approved_by_user_account"), "user_account", ["approved_by"], ["id"]
        )
    _keep_accounts()
    _give_to_system_administrators()


def _keep_accounts() -> None:
    """Those that are in use go on; what no token may do any more goes."""
    account = sa.table(
        "service_account",
        sa.column("id", sa.Uuid()),
        sa.column("permissions", Json),
        sa.column("created_at", UtcDateTime()),
        sa.column("approved_at", UtcDateTime()),
    )
    op.execute(account.update().values(approved_at=account.c.created_at))
    connection = op.get_bind()
    for account_id, held in connection.execute(sa.select(account.c.id, account.c.permissions)).all():
        if WATCHES in held:
            kept = {code: scope for code, scope in held.items() if code != WATCHES}
            connection.execute(account.update().where(account.c.id == account_id).values(permissions=kept))


def _give_to_system_administrators() -> None:
    """A role that makes service accounts is a system administrator's; nobody comes to hold two of the three by this."""
    connection = op.get_bind()
    found = connection.execute(sa.select(ROLE.c.id, ROLE.c.permissions, ROLE.c.administrator)).all()
    for role_id, permissions, administrator in found:
        if MAKES not in permissions:
            continue
        if administrator in ("security", "audit"):
            kept = {code: scope for code, scope in permissions.items() if code != MAKES}
            connection.execute(ROLE.update().where(ROLE.c.id == role_id).values(permissions=kept))
            continue
        changed = {"service-account:read": "tenant", **permissions}
        connection.execute(
            ROLE.update().where(ROLE.c.id == role_id).values(permissions=changed, administrator="system")
        )
        others = (
            sa.select(GRANT.c.user_id)
            .join(ROLE, ROLE.c.id == GRANT.c.role_id)
            .where(ROLE.c.administrator.in_(("security", "audit")))
        )
        connection.execute(sa.delete(GRANT).where(GRANT.c.role_id == role_id, GRANT.c.user_id.in_(others)))


def downgrade() -> None:
    with op.batch_alter_table("service_account") as batch_op:
        batch_op.drop_constraint(op.f("fk_service_account_approved_by_user_account"), type_="foreignkey")
        batch_op.drop_column("approved_by")
        batch_op.drop_column("approved_at")
