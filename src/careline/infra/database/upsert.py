"""``INSERT … ON CONFLICT``, which SQLAlchemy keeps in two dialects that agree on what we use of it."""

from typing import Any

from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from careline.infra.database.transaction import Transaction


def insert_or(tx: Transaction, table: Any) -> SqliteInsert | PostgresInsert:
    """An insert into a table that knows ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""
    return postgres_insert(table) if tx.dialect == "postgresql" else sqlite_insert(table)
