"""Tables whose rows the database itself refuses to change or remove, whoever asks.

A model says so by ``__table_args__ = APPEND_ONLY``. Who owns the database can take the triggers away; what was
then done must be found by other means (the seals of the audit).
"""

from typing import Any

from sqlalchemy import MetaData

APPEND_ONLY: dict[str, Any] = {"info": {"append_only": True}}


def append_only_tables(metadata: MetaData) -> list[str]:
    """Names of all tables that only grow."""
    return sorted(table.name for table in metadata.tables.values() if table.info.get("append_only"))


def refuse_changes(table: str, dialect: str) -> list[str]:
    """The statements that put the triggers on a table; for migrations, right after the table is made."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for change in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION careline_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION careline_append_only()",
    ]
