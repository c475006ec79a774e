"""Bringing the tables of a database to what this version of the code needs.

Alembic is imported when there is something to bring: a start that finds everything in place does not wait for it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from careline.infra.database.database import Database
from careline.infra.database.moved import came_from_another_server, settle
from careline.infra.database.row_security import passes_by, unprotected
from careline.kernel.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x43_41_52_45  # the number under which processes that start together wait for each other
_SEE_ALL = text("SELECT set_config('careline.tenant', '*', true)")


class DatabaseTooNew(Unavailable):
    """The database was brought further by a newer version; working on it could spoil what this one does not know."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__("database-too-new", found=found, known=known)

    def __str__(self) -> str:
        return (
            f"the database is at revision {self.params['found']}, and this version of Careline knows none after "
            f"{self.params['known']}: install the newer version again, or restore a backup from before it"
        )


class DatabaseBehind(Unavailable):
    """The database has not got the tables of this version yet."""

    def __init__(self, found: str | None, wanted: str) -> None:
        super().__init__("database-behind", found=found, wanted=wanted)

    def __str__(self) -> str:
        return (
            f"the database is at revision {self.params['found'] or 'none'}, and this version of Careline needs "
            f"{self.params['wanted']}: run `careline migrate`"
        )


class DatabaseUnbound(Unavailable):
    """Tenants are not kept apart by the database: the role passes by the policies, or a table has none."""

    def __init__(self, code: str, role_or_table: str) -> None:
        super().__init__(code, name=role_or_table)

    def __str__(self) -> str:
        if self.code == "database-table-unprotected":
            return f"the table {self.params['name']} has no row-level policy for tenants: it was changed by hand"
        return (
            f"the database role {self.params['name']} passes by row-level security: give Careline a role of its own "
            "that owns the database and is neither superuser nor BYPASSRLS"
        )


class DatabaseMoved(Unavailable):
    """The database was brought here from another server, and what would be written now, nobody would hear of."""

    def __init__(self) -> None:
        super().__init__("database-moved")

    def __str__(self) -> str:
        return "the database came from another server: run `careline migrate`"


class DatabaseUnusable(Unavailable):
    """The database does not answer, refuses us, or is none."""

    def __init__(self, why: str) -> None:
        super().__init__("database-not-answering", why=" ".join(why.split())[:200])


async def migrate(database: Database) -> tuple[str | None, str]:
    """Bring the tables to the newest revision, all steps or none; the revision before and after.

    Raises ``DatabaseTooNew``, ``DatabaseUnbound`` and ``DatabaseUnusable``. Processes that start together wait for
    each other.
    """
    wanted = newest()
    await _found(database)
    if database.dialect == "sqlite":
        async with database.engine.connect() as connection:
            # By hand: the driver would begin a transaction too late, and none for changes of tables.
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            found = await plain.run_sync(_migrate_sqlite, wanted)
    else:
        async with database.engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
            await connection.execute(_SEE_ALL)
            found = await connection.run_sync(_migrate, wanted)
            await connection.run_sync(_require_policies)
            await connection.run_sync(settle)
    return found, wanted


async def check(database: Database) -> None:
    """Refuse to work on tables of another version, or where tenants are not kept apart.

    Raises ``DatabaseTooNew``, ``DatabaseBehind``, ``DatabaseUnbound``, ``DatabaseMoved`` or ``DatabaseUnusable``.
    """
    wanted = newest()
    found = await _found(database)
    _refuse_newer(found, wanted)
    if found != wanted:
        raise DatabaseBehind(found, wanted)
    if database.dialect == "postgresql":
        async with database.engine.connect() as connection:
            await connection.run_sync(_require_policies)
            await connection.execute(_SEE_ALL)
            if await connection.run_sync(came_from_another_server):
                raise DatabaseMoved


async def _found(database: Database) -> str | None:
    """The revision, by the first look at a database. Raises ``DatabaseUnusable``; its words name no password."""
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(revision_of)
    except DBAPIError as error:
        why = str(error.orig)
    except OSError as error:
        why = error.strerror or str(error)
    # Not from within: an error that is kept would keep the connection that failed.
    raise DatabaseUnusable(why)


def newest() -> str:
    """The revision that this version of the code needs: that of the last file, since revisions are numbers in a row."""
    return max(file.name[1:5] for file in (MIGRATIONS / "versions").glob("m*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def config_for(connection: Connection | None, **attributes: Any) -> "Config":
    """Alembic's settings; ``attributes`` reach ``env.py``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "m%%(rev)s_%%(slug)s")
    config.attributes.update(attributes, connection=connection)
    return config


def _migrate_sqlite(connection: Connection, wanted: str) -> str | None:
    # Altering a table means writing it anew, which must not delete what refers to it.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("PRAGMA busy_timeout=10000")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        found = _migrate(connection, wanted)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"the migration left rows in {broken[0]} that refer to nothing")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    return found


def _migrate(connection: Connection, wanted: str) -> str | None:
    found = revision_of(connection)
    _refuse_newer(found, wanted)
    if found != wanted:
        from alembic import command

        command.upgrade(config_for(connection), "head")
    return found


def _require_policies(connection: Connection) -> None:
    role = passes_by(connection)
    if role is not None:
        raise DatabaseUnbound("database-role-unbound", role)
    tables = unprotected(connection)
    if tables:
        raise DatabaseUnbound("database-table-unprotected", ", ".join(tables))


def _refuse_newer(found: str | None, known: str) -> None:
    """Revisions are numbers with leading zeros, so a later one is a greater text."""
    if found is not None and found > known:
        raise DatabaseTooNew(found, known)
