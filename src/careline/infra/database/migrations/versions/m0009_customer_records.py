"""What customers are found by, the rest of their record, who may write in it, and how they prove who they are."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW = ("customer:write", "customer:manage")
GRANTED = {"agent": ("customer:write",), "supervisor": ("customer:write", "customer:manage")}


def upgrade() -> None:
    op.create_table(
        "customer_tag",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_tag")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_customer_tag_tenant_id_name")),
    )
    protect_tenant_rows("customer_tag")
    op.create_table(
        "contact_point",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_point_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    protect_tenant_rows("contact_point")
    op.create_index("ix_contact_point_customer", "contact_point", ["tenant_id", "customer_id"])
    op.create_table(
        "customer_consent",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("proof_version", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_consent_customer_id_customer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_consent")),
    )
    protect_tenant_rows("customer_consent")
    op.create_index("ix_customer_consent_customer", "customer_consent", ["tenant_id", "customer_id"])
    op.create_table(
        "customer_note",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("earlier", Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_note_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_note")),
    )
    protect_tenant_rows("customer_note")
    op.create_index("ix_customer_note_customer", "customer_note", ["tenant_id", "customer_id"])
    op.create_table(
        "customer_term",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_term_customer_id_customer")),
        sa.PrimaryKeyConstraint("tenant_id", "term", "customer_id", name=op.f("pk_customer_term")),
        sqlite_with_rowid=False,
    )
    protect_tenant_rows("customer_term")
    op.create_table(
        "assurance_proof",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_assurance_proof_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assurance_proof")),
    )
    protect_tenant_rows("assurance_proof")
    op.create_index("ix_assurance_proof_customer", "assurance_proof", ["tenant_id", "customer_id"])
    op.create_index("ix_assurance_proof_interaction", "assurance_proof", ["tenant_id", "interaction_id"])
    op.create_table(
        "one_time_code",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_one_time_code_customer_id_customer")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_one_time_code_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    protect_tenant_rows("one_time_code")
    op.create_index("ix_one_time_code_interaction", "one_time_code", ["tenant_id", "interaction_id"])
    op.create_index("ix_one_time_code_line", "one_time_code", ["tenant_id", "subscription_id"])
    op.add_column("customer", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("customer", sa.Column("terms", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("terms_version", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_customer_terms", "customer", ["tenant_id", "terms_version"])
    _grant(GRANTED)


def downgrade() -> None:
    _grant(dict.fromkeys(GRANTED, ()))
    op.drop_index("ix_customer_terms", "customer")
    op.drop_column("customer", "terms_version")
    op.drop_column("customer", "terms")
    op.drop_column("customer", "version")
    for table in (
        "one_time_code",
        "assurance_proof",
        "customer_term",
        "customer_note",
        "customer_consent",
        "contact_point",
        "customer_tag",
    ):
        op.drop_table(table)


def _grant(granted: Mapping[str, Sequence[str]]) -> None:
    """Let built-in roles that read customers do these of the new things, as far as they read, and no others of them."""
    role = sa.table("role", sa.column("id", sa.Uuid()), sa.column("code", sa.Text()), sa.column("permissions", Json))
    bind = op.get_bind()
    for row in bind.execute(sa.select(role).where(role.c.code.in_(list(granted)))).all():
        kept = {code: scope for code, scope in row.permissions.items() if code not in NEW}
        reach = kept.get("customer:read")
        wider = kept if reach is None else kept | dict.fromkeys(granted[row.code], reach)
        bind.execute(role.update().where(role.c.id == row.id).values(permissions=wider))
