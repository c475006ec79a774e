"""``python -m tests.support.chat_server <folder> <visitors>``: chat with realtime, served for measuring.

A process of its own with the server that we ship, on SQLite in the folder. Prints one JSON line: the port, for each
visitor a token and the conversation that their first word has opened, and the token of a ``watcher`` who listens to
every conversation. Ends when its standard input does.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from careline.infra import garbage
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.http import UserSession, Visitor
from careline.infra.realtime.connection import Principal
from careline.infra.realtime.endpoint import realtime_endpoint
from careline.infra.web.app import prepare
from careline.infra.web.lines import BOUNDS
from careline.kernel.errors import NotSignedIn
from careline.modules.contact.conversations import wiring
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.states import ParticipantRole
from tests.support.clock import FakeClock
from tests.support.contacts import Contacts
from tests.support.office import Office

UNBOUNDED = wiring.Limits(entering_burst=10**9, speaking_burst=10**9)
AT_ONCE = 64
WATCHER = "the-watcher"
LISTENING = ParticipantRole.SUPERVISOR_LISTENING


class VisitorsOnly:
    """An authenticator for a server that no staff uses."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def user(self, request: HTTPConnection) -> UserSession:
        raise NotSignedIn("not-signed-in")

    async def visitor(self, request: HTTPConnection) -> Visitor:
        return await self._conversations.visitor_of(request.headers.get("authorization", "").removeprefix("Bearer "))


async def main(folder: Path, visitors: int) -> None:
    """Serve until standard input ends."""
    clock = FakeClock()  # stands still, which no message minds
    database = Database(f"sqlite+aiosqlite:///{folder / 'chat.db'}", clock)
    await schema.migrate(database)
    office = await Office(database, clock).found()
    contacts = Contacts(office, folder, UNBOUNDED)
    await contacts.start()
    garbage.settle()  # as the server does, before anybody comes
    async with office.doors(contacts.module.router()) as doors:
        contacts.doors = doors
        numbers = iter(range(visitors))
        entered: list[tuple[str, str]] = []

        supervisor = await office.staff("floor:listen")
        listener = supervisor.id
        assert listener is not None

        async def enter() -> None:
            for number in numbers:
                body = {"tenant": "demo", "name": f"访客 {number}", "msisdn": None, "locale": "zh-CN"}
                token = (await doors.post(None, "/visitor", body)).json()["token"]
                opened = await contacts.opened(await contacts.conversations.visitor_of(token))
                await contacts.conversations.bring(supervisor, opened.conversation_id, listener, LISTENING)
                entered.append((token, str(opened.conversation_id)))

        await asyncio.gather(*(enter() for _ in range(AT_ONCE)))

    async def authenticate(websocket: HTTPConnection, token: str | None) -> Principal:
        if token == WATCHER:
            return Principal(actor=supervisor)
        return Principal(actor=(await contacts.conversations.visitor_of(token or "")).actor)

    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(contacts.module.router(), prefix="/api/v1")
    app.router.routes.append(realtime_endpoint(office.hub, authenticate, clock))
    prepare(app, VisitorsOnly(contacts.conversations))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, **BOUNDS, log_level="error", lifespan="off", access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    _say({"port": listening.getsockname()[1], "visitors": entered, "watcher": WATCHER})
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving
    await contacts.stop()
    await office.bus.stop()
    await database.close()
    office.identity.close()


def _say(said: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2])))
