"""What a conversation takes on the disk, on both databases, when all of it is over.

Each is a whole one: a visitor comes, asks for a person and waits, an agent is offered it and takes it, both write, the
agent ends it and writes it up; messages, segments, the journey, offers, every fact in the log and the audit are there.
A database grows by whole pages, so the growth over many conversations is shared among them. The yardstick is the words
that were said.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import uvloop

from benchmarks.chat import TEXT
from benchmarks.harness import Figure, Report, note, print_figure, rounded
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations import wiring
from tests.support.clock import FakeClock
from tests.support.contacts import Contacts
from tests.support.office import Office
from tests.support.postgres import running_cluster

LIMIT_S = 300
BEFORE = 20
CONVERSATIONS = 100
MESSAGES = 20
UNBOUNDED = wiring.Limits(entering_burst=10**9, speaking_burst=10**9)


@asynccontextmanager
async def centre(address: str, folder: Path) -> AsyncIterator[Contacts]:
    """An empty centre that takes chats."""
    clock = FakeClock()
    database = Database(address, clock)
    await schema.migrate(database)
    office = await Office(database, clock).found()
    contacts = Contacts(office, folder, UNBOUNDED)
    await contacts.start()
    try:
        async with office.doors(contacts.router()) as doors:
            contacts.doors = doors
            yield contacts
    finally:
        await contacts.stop()
        await office.bus.stop()
        await database.close()
        office.identity.close()


async def conversation(contacts: Contacts, agent: Actor, name: str) -> None:
    """One from the first word to the last fact. Raises ``RuntimeError`` when something was not stored."""
    visitor = await contacts.visitor(name=name)
    chat = await contacts.chat(agent, visitor, TEXT)
    for number in range(1, MESSAGES):
        if number % 2:
            said = await contacts.replies(agent, chat.conversation_id, TEXT)
        else:
            said = await contacts.says(visitor, TEXT)
        if said.status_code != 201:
            raise RuntimeError(f"a message was not stored: {said.text}")
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", {})
    written = await contacts.wraps_up(agent, chat)
    if written.status_code != 204:
        raise RuntimeError(f"a chat was not written up: {written.text}")


async def growth(address: str, folder: Path, size: Callable[[], int]) -> float:
    """Bytes a conversation, in a database that has some already."""
    async with centre(address, folder) as contacts:
        agent = await contacts.agent()
        for number in range(BEFORE):
            await conversation(contacts, agent, f"访客 {number}")
        before = size()
        for number in range(CONVERSATIONS):
            await conversation(contacts, agent, f"访客 {BEFORE + number}")
        return (size() - before) / CONVERSATIONS


def size_of_file(file: Path) -> int:
    """What SQLite has of pages, those that wait in its log with them."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        ((pages,), (size,)) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    return int(pages) * int(size)


def run(report: Report) -> None:
    """The bytes of a conversation on SQLite and on PostgreSQL."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster() as cluster,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        file, name = Path(folder) / "stored.db", cluster.create()
        databases: dict[str, tuple[str, Callable[[], int]]] = {
            "sqlite": (f"sqlite+aiosqlite:///{file}", lambda: size_of_file(file)),
            "postgresql": (cluster.url(name), lambda: int(cluster.execute(f"SELECT pg_database_size('{name}')"))),
        }
        for kind, (address, size) in databases.items():
            note(f"stored: {CONVERSATIONS} conversations of {MESSAGES} messages on {kind}")
            report(_figure(kind, runner.run(growth(address, Path(folder) / kind, size))))


def _figure(kind: str, grown: float) -> Figure:
    words = MESSAGES * len(TEXT.encode())
    return Figure(
        name=f"stored.bytes_a_conversation.{kind}.messages_{MESSAGES}",
        value=rounded(grown),
        unit="bytes",
        yardstick=f"its words alone: {words} bytes",
        ratio=rounded(grown / words),
        rounds=1,
    )


if __name__ == "__main__":
    run(print_figure)
