"""Colleagues in a conversation: who is in it beside its agent, and how it was passed on, what they note."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from careline.infra.database.migrations.steps import protect_tenant_rows
from careline.infra.database.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED = {
    "interaction_segment": ("disposition", "note"),
    "work_item": ("preferred_wait_s",),
    "contact_fact": ("again",),
    "figure_slot": ("onward",),
}


def upgrade() -> None:
    op.create_table(
        "participant",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=True),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_participant_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_participant_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    op.create_index("ix_participant_conversation", "participant", ["tenant_id", "conversation_id", "left_at"])
    op.create_index("ix_participant_user", "participant", ["tenant_id", "user_id", "left_at"])
    protect_tenant_rows("participant")
    op.create_table(
        "transfer",
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("from_agent_id", sa.Uuid(), nullable=False),
        sa.Column("to_queue_id", sa.Uuid(), nullable=False),
        sa.Column("to_agent_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_transfer_interaction_id_interaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_interaction", "transfer", ["tenant_id", "interaction_id", "begun_at"])
    protect_tenant_rows("transfer")
    op.create_table(
        "internal_note",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_internal_note_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_note")),
        sa.UniqueConstraint(
            "conversation_id",
            "author_id",
            "client_id",
            name=op.f("uq_internal_note_conversation_id_author_id_client_id"),
        ),
    )
    op.create_index("ix_internal_note_conversation", "internal_note", ["tenant_id", "conversation_id", "id"])
    protect_tenant_rows("internal_note")
    op.add_column("interaction_segment", sa.Column("disposition", sa.Text(), nullable=True))
    op.add_column("interaction_segment", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("work_item", sa.Column("preferred_wait_s", sa.Double(), nullable=True))
    _add_number("contact_fact", "again", sa.Boolean(), "0" if op.get_bind().dialect.name == "sqlite" else "false")
    _add_number("figure_slot", "onward", sa.BigInteger(), "0")


def downgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    op.drop_table("internal_note")
    op.drop_table("transfer")
    op.drop_table("participant")


def _add_number(table: str, name: str, kind: sa.types.TypeEngine[Any], nothing: str) -> None:
    """Rows that are there already get ``nothing``, which is what was true of them; new ones name their value."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(nothing)))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
