"""``INSERT … ON CONFLICT``, which SQLAlchemy keeps in two dialects that agree on what we use of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Transaction


def insert_or(tx: Transaction, table: Any) -> SqliteInsert | PostgresInsert:
    """An insert into a table that knows ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""
    return postgres_insert(table) if tx.dialect == "postgresql" else sqlite_insert(table)


def prepared_upsert(
    table: Any, *, key: Sequence[str], changes: Callable[[SqliteInsert | PostgresInsert], Mapping[str, Any]]
) -> dict[str, Prepared]:
    """An insert that changes the row which has the ``key`` already, built once, by dialect.

    ``changes`` makes the new values of the statement, whose ``excluded`` is the row that was to be inserted.
    """
    inserts: dict[str, SqliteInsert | PostgresInsert] = {
        "sqlite": sqlite_insert(table),
        "postgresql": postgres_insert(table),
    }
    return {
        dialect: Prepared(one.on_conflict_do_update(index_elements=list(key), set_=dict(changes(one))))
        for dialect, one in inserts.items()
    }
