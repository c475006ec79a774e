"""Steps that revisions take and alembic does not know."""

from alembic import op

from careline.infra.database.append_only import refuse_changes
from careline.infra.database.row_security import protect


def protect_tenant_rows(table: str) -> None:
    """Put row-level security on a table that was just made; SQLite has one tenant's process only and needs none."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in protect(table):
            op.execute(statement)


def refuse_row_changes(table: str) -> None:
    """Make a table that was just made, or made anew, one that only grows."""
    for statement in refuse_changes(table, op.get_bind().dialect.name):
        op.execute(statement)
