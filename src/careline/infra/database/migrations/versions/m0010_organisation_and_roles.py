"""Posts, departments that close, roles of a tenant's own, grants with a scope, versions of what is changed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COUNTED = ("org_unit", "user_account", "role")
"""Tables whose rows get a version, for those who change one thing at once."""


def upgrade() -> None:
    op.create_table(
        "post",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_post_tenant_id_name")),
    )
    protect_tenant_rows("post")
    for table in COUNTED:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("org_unit", sa.Column("closed_at", UtcDateTime(), nullable=True))
    op.add_column("role", sa.Column("built_in", sa.Boolean(), nullable=True))
    op.add_column("role_grant", sa.Column("scope", sa.Text(), nullable=True))
    _fill("org_unit", {"version": sa.Integer()}, {"version": 1})
    _fill("user_account", {"version": sa.Integer()}, {"version": 1})
    # There was no way to make a role, so all are those of the program.
    _fill("role", {"version": sa.Integer(), "built_in": sa.Boolean()}, {"version": 1, "built_in": True})
    with op.batch_alter_table("org_unit") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("post_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_user_account_post_id_post"), "post", ["post_id"], ["id"])
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("role") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("built_in", existing_type=sa.Boolean(), nullable=False)
    op.create_index("ix_user_account_tenant_unit", "user_account", ["tenant_id", "org_unit_id"])
    op.create_index("ix_user_account_tenant_post", "user_account", ["tenant_id", "post_id"])
    op.create_index("ix_audit_entry_tenant_actor", "audit_entry", ["tenant_id", "actor", "seq"])
    op.create_index("ix_audit_entry_tenant_subject", "audit_entry", ["tenant_id", "subject", "seq"])


def _fill(table: str, columns: dict[str, Any], values: dict[str, object]) -> None:
    rows = sa.table(table, *(sa.column(name, kind) for name, kind in columns.items()))
    op.execute(rows.update().values(**values))


def downgrade() -> None:
    op.drop_index("ix_audit_entry_tenant_subject", "audit_entry")
    op.drop_index("ix_audit_entry_tenant_actor", "audit_entry")
    op.drop_index("ix_user_account_tenant_post", "user_account")
    op.drop_index("ix_user_account_tenant_unit", "user_account")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_constraint(op.f("fk_user_account_post_id_post"), type_="foreignkey")
        batch_op.drop_column("post_id")
    for table, column in (("role_grant", "scope"), ("role", "built_in"), ("org_unit", "closed_at")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
    for table in COUNTED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("version")
    op.drop_table("post")
