"""How PostgreSQL looks for rows: the statements that were run, and which of them go through a table.

Tables of tests are small, and a small one is gone through whatever indexes it has. So the planner is told that going
through and sorting are dear: what it does all the same, it has no index for.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event, text

from careline.infra.database.database import Database

Run = tuple[str, Any]

DEAR = ("enable_seqscan", "enable_bitmapscan", "enable_sort")


@contextmanager
def running(database: Database) -> Iterator[list[Run]]:
    """The statements that are run within the block, with their parameters."""
    heard: list[Run] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            heard.append((statement, parameters[0] if many else parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


async def planned(database: Database, runs: list[Run]) -> dict[str, list[Mapping[str, Any]]]:
    """By statement, the steps of its plan."""
    plans: dict[str, list[Mapping[str, Any]]] = {}

    def explain(connection: Connection) -> None:
        for setting in DEAR:
            connection.execute(text(f"SET LOCAL {setting} = off"))
        for statement, parameters in runs:
            if statement not in plans:
                found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
                plan = json.loads(found) if isinstance(found, str) else found
                plans[statement] = list(_steps(plan[0]["Plan"], None))

    async with database.engine.connect() as connection:
        await connection.run_sync(explain)
        await connection.rollback()
    return plans


def _steps(step: Mapping[str, Any], table: str | None) -> Iterator[Mapping[str, Any]]:
    table = step.get("Relation Name", table)
    yield {**step, "Relation Name": table}
    for below in step.get("Plans", ()):
        yield from _steps(below, table)
