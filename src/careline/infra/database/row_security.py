"""Row-level security on PostgreSQL: a transaction sees its own tenant's rows, even in a query that forgot to ask.

``Database`` sets ``careline.tenant`` for each transaction: a tenant's id, or ``*`` for the system's work across
tenants. Where nothing was set, nothing is seen. The policy is forced, so it also binds the owner of the tables;
only a superuser passes by it, and with such a role Careline refuses to work.
"""

from sqlalchemy import Connection, MetaData, text

POLICY = "of_tenant"

_SEEN = "current_setting('careline.tenant', true) = '*' OR tenant_id::text = current_setting('careline.tenant', true)"


def tenant_tables(metadata: MetaData) -> list[str]:
    """Names of all tables whose rows belong to a tenant."""
    return sorted(table.name for table in metadata.tables.values() if "tenant_id" in table.columns)


def protect(table: str) -> list[str]:
    """The statements that put the policy on a table; for migrations, right after the table is made."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY {POLICY} ON "{table}" USING ({_SEEN}) WITH CHECK ({_SEEN})',
    ]


def unprotected(connection: Connection) -> list[str]:
    """Tables of the database that hold tenants' rows and lack the policy; there should be none."""
    found = connection.execute(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped"
            " LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = :policy"
            " AND p.polcmd = '*' AND p.polpermissive AND p.polwithcheck IS NOT NULL"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema()"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND p.oid IS NOT NULL)"
            " ORDER BY c.relname"
        ),
        {"policy": POLICY},
    )
    return list(found.scalars())


def passes_by(connection: Connection) -> str | None:
    """The name of this role when policies do not bind it: a superuser, or one with BYPASSRLS."""
    found = connection.execute(
        text("SELECT current_user FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)")
    )
    name: str | None = found.scalar_one_or_none()
    return name
