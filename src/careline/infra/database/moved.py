"""A log that came from another PostgreSQL server, by ``pg_dump`` or by replication.

Each server counts its transactions by itself. Where the log came from a server that had counted further, what happens
here would stand before it, and behind the cursors of those who read it: nobody would hear of it.
"""

import logging

from sqlalchemy import Connection, bindparam, text, update

from careline.infra.database.models import CursorRow, EventRow

logger = logging.getLogger(__name__)

# In one statement, hence in one snapshot: whatever was written here and is seen was written before ``here``.
_PLACES = text(
    "SELECT GREATEST((SELECT max(xid) FROM event_log), (SELECT max(xid) FROM event_cursor)) AS last,"
    " pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS here"
)


def came_from_another_server(connection: Connection) -> bool:
    """Whether something in the log cannot have been written here. For a transaction that sees all tenants."""
    return _ahead(connection) is not None


def settle(connection: Connection) -> None:
    """Move such a log, and the cursors with it, below all that is written here; its order stays."""
    last = _ahead(connection)
    if last is None:
        return
    logger.warning("the database came from another server: the places of its event log are moved below this one's")
    for table in (EventRow, CursorRow):
        connection.execute(update(table).values(xid=table.xid - bindparam("by")), {"by": last})


def _ahead(connection: Connection) -> int | None:
    """The last place of the log, when this server has not counted so far."""
    found = connection.execute(_PLACES).one()
    return found.last if found.last is not None and found.last >= found.here else None
