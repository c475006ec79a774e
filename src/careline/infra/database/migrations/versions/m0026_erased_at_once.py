"""Erasing looks through no whole table; copies have a pace, a second pair of eyes and takers."""

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REFERENCE = "fk_customer_term_customer_id_customer"
INDEXES = (
    ("ix_customer_party", "customer", ["party_id"]),
    ("ix_subscription_account", "subscription", ["billing_account_id"]),
    ("ix_contact_user_party", "contact_user", ["party_id"]),
    ("ix_dismissed_pair_other", "dismissed_pair", ["other_id"]),
    ("ix_data_request_kept", "data_request", ["tenant_id", "kept_until"]),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(REFERENCE, "customer_term", type_="foreignkey")
    else:
        _remake_terms(refers=False)
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.add_column("data_request_rules", sa.Column("copies_a_day", sa.Integer(), server_default="10", nullable=False))
    op.add_column(
        "data_request_rules", sa.Column("copies_decided", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "data_copy_taken",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["data_request.id"], name=op.f("fk_data_copy_taken_request_id_data_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "taken_by", name=op.f("pk_data_copy_taken")),
    )
    protect_tenant_rows("data_copy_taken")
    op.create_index("ix_data_copy_taken_by", "data_copy_taken", ["tenant_id", "taken_by", "taken_at"])


def downgrade() -> None:
    op.drop_table("data_copy_taken")
    op.drop_column("data_request_rules", "copies_decided")
    op.drop_column("data_request_rules", "copies_a_day")
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(REFERENCE, "customer_term", "customer", ["customer_id"], ["id"])
    else:
        _remake_terms(refers=True)


def _remake_terms(*, refers: bool) -> None:
    """SQLite changes no table's references: a new one takes the rows, and the name."""
    op.rename_table("customer_term", "older_customer_term")
    reference = sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f(REFERENCE))
    op.create_table(
        "customer_term",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        *([reference] if refers else []),
        sa.PrimaryKeyConstraint("tenant_id", "term", "customer_id", name=op.f("pk_customer_term")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO customer_term (tenant_id, term, customer_id)"
        " SELECT tenant_id, term, customer_id FROM older_customer_term"
    )
    op.drop_table("older_customer_term")
