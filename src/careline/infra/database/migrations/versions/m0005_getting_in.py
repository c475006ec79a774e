"""Second factors with recovery codes, whom a centre asks for one, service accounts, passwords to be changed."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime
from careline.kernel.ids import new_id

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PERMISSION = {"security_administrator": {"sign-in:manage": "tenant"}}
INTEGRATOR = {"code": "integrator", "name": "集成管理员", "permissions": {"service-account:manage": "tenant"}}


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("password_issued", sa.Boolean(), nullable=True))
    # Passwords that are in use already were lived with so far; nobody is stopped by them now.
    users = sa.table("user_account", sa.column("password_issued", sa.Boolean()))
    op.execute(users.update().values(password_issued=False))
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("password_issued", existing_type=sa.Boolean(), nullable=False)
    _factors()
    _service_accounts()
    _grants()


def _factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_second_factor_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )
    protect_tenant_rows("second_factor")
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", "mark", name=op.f("pk_recovery_code")),
    )
    protect_tenant_rows("recovery_code")
    op.create_table(
        "sign_in_policy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("second_factor", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_sign_in_policy_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_sign_in_policy")),
    )
    protect_tenant_rows("sign_in_policy")
    op.create_table(
        "invitation",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_invitation_tenant_id_user_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    protect_tenant_rows("invitation")


def _service_accounts() -> None:
    op.create_table(
        "service_account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", Json, nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_service_account_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_unit.id"], name=op.f("fk_service_account_org_unit_id_org_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_account")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_service_account_tenant_id_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_service_account_token_hash")),
    )
    protect_tenant_rows("service_account")


def _grants() -> None:
    """Tenants that are there already get what new ones begin with."""
    role = sa.table(
        "role",
        sa.column("id", sa.Uuid()),
        sa.column("tenant_id", sa.Uuid()),
        sa.column("code", sa.Text()),
        sa.column("name", sa.Text()),
        sa.column("administrator", sa.Text()),
        sa.column("permissions", Json),
    )
    tenant = sa.table("tenant", sa.column("id", sa.Uuid()))
    connection = op.get_bind()
    for row in connection.execute(sa.select(role.c.id, role.c.code, role.c.permissions)).all():
        more = PERMISSION.get(row.code)
        if more is not None:
            grown = {**row.permissions, **more}
            connection.execute(role.update().where(role.c.id == row.id).values(permissions=grown))
    taken = set(
        connection.execute(sa.select(role.c.tenant_id).where(role.c.code == INTEGRATOR["code"])).scalars().all()
    )
    for tenant_id in connection.execute(sa.select(tenant.c.id)).scalars().all():
        if tenant_id not in taken:
            made: dict[str, object] = {"id": new_id(), "tenant_id": tenant_id, "administrator": None}
            connection.execute(role.insert().values({**made, **INTEGRATOR}))


def downgrade() -> None:
    role = sa.table("role", sa.column("code", sa.Text()), sa.column("id", sa.Uuid()))
    grant = sa.table("role_grant", sa.column("role_id", sa.Uuid()))
    held = sa.select(role.c.id).where(role.c.code == INTEGRATOR["code"])
    op.execute(grant.delete().where(grant.c.role_id.in_(held)))
    op.execute(role.delete().where(role.c.code == INTEGRATOR["code"]))
    op.drop_table("service_account")
    op.drop_table("invitation")
    op.drop_table("sign_in_policy")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("password_issued")
