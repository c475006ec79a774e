"""Steps that revisions take and alembic does not know."""

from alembic import op

from careline.infra.database.row_security import protect


def protect_tenant_rows(table: str) -> None:
    """Put row-level security on a table that was just made; SQLite has one tenant's process only and needs none."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in protect(table):
            op.execute(statement)
