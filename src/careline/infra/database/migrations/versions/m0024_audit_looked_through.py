"""Each way to look through the audit has an index, in the order of time; a seal is found by what it covers."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WAYS: dict[str, list[str]] = {"at": [], "actor": ["actor"], "action": ["action"], "subject": ["subject"]}


def upgrade() -> None:
    op.drop_index("ix_audit_entry_tenant_actor", "audit_entry")
    op.drop_index("ix_audit_entry_tenant_subject", "audit_entry")
    for name, columns in WAYS.items():
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", ["tenant_id", *columns, "at", "seq"])
    op.create_index("ix_audit_seal_to", "audit_seal", ["tenant_id", "to_seq"])


def downgrade() -> None:
    op.drop_index("ix_audit_seal_to", "audit_seal")
    for name in WAYS:
        op.drop_index(f"ix_audit_entry_{name}", "audit_entry")
    op.create_index("ix_audit_entry_tenant_actor", "audit_entry", ["tenant_id", "actor", "seq"])
    op.create_index("ix_audit_entry_tenant_subject", "audit_entry", ["tenant_id", "subject", "seq"])
