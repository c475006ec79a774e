"""Disposition codes become a tree that is kept in the studio, and write-ups remember the way to their leaf."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from careline.infra.database.types import Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = ("name_en", "retired", "version", "queue_ids")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _add("name_en", sa.Text(), "''")
    _add("retired", sa.Boolean(), "0" if sqlite else "false")
    _add("version", sa.Integer(), "1")
    _add("queue_ids", Json, "'[]'")
    with op.batch_alter_table("disposition_code") as batch_op:
        for name, kind in (("name_en", sa.Text()), ("retired", sa.Boolean()), ("version", sa.Integer())):
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch_op.alter_column("queue_ids", existing_type=Json, existing_nullable=False, server_default=None)
    op.add_column("interaction_segment", sa.Column("disposition_path", sa.Text(), nullable=True))
    # A code had one name; until somebody writes the English one, it is called in both languages what it was called.
    op.execute("UPDATE disposition_code SET name_en = name")
    _remember_paths()


def downgrade() -> None:
    with op.batch_alter_table("interaction_segment") as batch_op:
        batch_op.drop_column("disposition_path")
    with op.batch_alter_table("disposition_code") as batch_op:
        for name in ADDED:
            batch_op.drop_column(name)


def _add(name: str, kind: Any, nothing: str) -> None:
    op.add_column("disposition_code", sa.Column(name, kind, nullable=False, server_default=sa.text(nothing)))


def _remember_paths() -> None:
    """What was written up gets the way to its code as the tree is now; codes that are gone stand alone."""
    codes = sa.table(
        "disposition_code",
        sa.column("tenant_id", sa.Uuid()),
        sa.column("code", sa.Text()),
        sa.column("parent", sa.Text()),
    )
    parts = sa.table(
        "interaction_segment",
        sa.column("tenant_id", sa.Uuid()),
        sa.column("disposition", sa.Text()),
        sa.column("disposition_path", sa.Text()),
    )
    connection = op.get_bind()
    connection.execute(
        parts.update().where(parts.c.disposition.is_not(None)).values(disposition_path=parts.c.disposition)
    )
    trees: dict[UUID, dict[str, str | None]] = {}
    for row in connection.execute(sa.select(codes.c.tenant_id, codes.c.code, codes.c.parent)).all():
        trees.setdefault(row.tenant_id, {})[row.code] = row.parent
    for tenant_id, tree in trees.items():
        for code, path in _paths(tree):
            connection.execute(
                parts.update()
                .where(parts.c.tenant_id == tenant_id, parts.c.disposition == code)
                .values(disposition_path=path)
            )


def _paths(tree: Mapping[str, str | None]) -> Iterable[tuple[str, str]]:
    for code in tree:
        way: list[str] = []
        at: str | None = code
        while at is not None and at not in way:
            way.append(at)
            at = tree.get(at)
        yield code, "/".join(reversed(way))
