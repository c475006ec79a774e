"""``python -m tests.support.chat_server <folder> <visitors>``: the customer's side of chat, served for measuring.

A process of its own with the server that we ship, on SQLite in the folder. Prints one JSON line, the address and a
visitor token for each visitor, each of whom has said a first word; ends when its standard input does.
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

from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.http import UserSession, Visitor
from careline.infra.web.app import prepare
from careline.kernel.errors import NotSignedIn
from careline.modules.contact.conversations import wiring
from careline.modules.contact.conversations.facade import Conversations
from tests.support.clock import FakeClock
from tests.support.contacts import Contacts
from tests.support.office import Office

UNBOUNDED = wiring.Limits(entering_burst=10**9, speaking_burst=10**9)


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
    async with office.doors(contacts.module.router()) as doors:
        contacts.doors = doors
        tokens = []
        for number in range(visitors):
            body = {"tenant": "demo", "name": f"访客 {number}", "msisdn": None, "locale": "zh-CN"}
            tokens.append((await doors.post(None, "/visitor", body)).json()["token"])
            await contacts.opened(await contacts.conversations.visitor_of(tokens[-1]))
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(contacts.module.router(), prefix="/api/v1")
    prepare(app, VisitorsOnly(contacts.conversations))
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    sys.stdout.write(json.dumps({"port": listening.getsockname()[1], "tokens": tokens}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving
    await contacts.stop()
    await office.bus.stop()
    await database.close()
    office.identity.close()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2])))
