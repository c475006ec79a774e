"""``python -m tools.new_migration "add the language of a customer"``: write the next revision from the models.

The models are compared with a throw-away SQLite database that all revisions so far were run on. Read what was
written before it is committed: a rename looks like one column gone and another one come.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.tables import METADATA


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 when the models need no revision."""
    parser = argparse.ArgumentParser(prog="python -m tools.new_migration", description="Write the next revision.")
    parser.add_argument("message", help="what it changes, in one line")
    options = parser.parse_args(arguments)
    written = asyncio.run(_write(options.message))
    if written is None:
        print("the models and the revisions agree: nothing to write", file=sys.stderr)
        return 1
    for step in (("format", "--quiet"), ("check", "--fix", "--quiet"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(written)], check=False)
    print(written)
    return 0


async def _write(message: str) -> Path | None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/empty.db", SystemClock())
        try:
            await schema.migrate(database)
            async with database.engine.connect() as connection:
                return await connection.run_sync(_compare, message)
        finally:
            await database.close()


def _compare(connection: Connection, message: str) -> Path | None:
    current = schema.revision_of(connection)
    number = f"{int(current or 0) + 1:04}"
    config = schema.config_for(connection, metadata=METADATA)
    script = command.revision(config, message, autogenerate=True, rev_id=number)
    if script is None or isinstance(script, list):
        return None
    written = Path(script.path)
    if script.module.upgrade.__code__.co_code == _nothing.__code__.co_code:
        written.unlink()
        return None
    return written


def _nothing() -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
