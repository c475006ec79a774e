"""``python -m tests.support.desk_server <folder> <agents> <waiting>``: desks and a floor, served for measuring.

A process of its own with the server that we ship, on SQLite in the folder. So many agents are known who carry one chat
each, and so many chats wait. Prints one JSON line: the port, for each agent the id and the name by which server and
realtime know them, the same for a supervisor, and the CSRF token of all. At the first line of its standard input the
agents are ready; it ends when that does.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Any, cast

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from careline.infra import garbage
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.realtime.connection import Principal
from careline.infra.realtime.endpoint import realtime_endpoint
from careline.infra.web.app import prepare
from careline.infra.web.lines import BOUNDS
from careline.kernel.clock import SystemClock
from careline.kernel.errors import NotSignedIn
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations import wiring
from careline.modules.core.routing.views import Chosen
from careline.modules.directory.people.views import NewAgent
from careline.modules.insight.analytics import wiring as analytics
from tests.support.clock import FakeClock
from tests.support.contacts import DESK, Contacts
from tests.support.office import CSRF, Office

UNBOUNDED = wiring.Limits(entering_burst=10**9, speaking_burst=10**9)
AT_ONCE = 32


async def main(folder: Path, agents: int, waiting: int) -> None:
    """Serve until standard input ends."""
    clock = cast(FakeClock, SystemClock())  # an office is content with any; what is measured waits for a real one
    database = Database(f"sqlite+aiosqlite:///{folder / 'desk.db'}", clock)
    await schema.migrate(database)
    office = await Office(database, clock).found()
    contacts = Contacts(office, folder, UNBOUNDED)
    below = analytics.Below(identity=office.identity, people=office.people, routing=contacts.routing)
    insight = analytics.build(database, office.bus, office.live, clock, below)
    await contacts.start()
    await insight.start()
    async with office.doors(contacts.module.router()) as doors:
        contacts.doors = doors
        await _fill(contacts, waiting)
    staff = [await _agent(office, number) for number in range(agents)]
    known = [(str(actor.id), _let_in(office, actor)) for actor in (*staff, await office.staff("floor:view"))]

    async def authenticate(websocket: HTTPConnection, name: str | None) -> Principal:
        if name not in office.callers.users:
            raise NotSignedIn("not-signed-in")
        return Principal(actor=office.callers.users[name])

    app = FastAPI(docs_url=None, redoc_url=None)
    for router in (contacts.module.router(), insight.router()):
        app.include_router(router, prefix="/api/v1")
    app.router.routes.append(realtime_endpoint(office.hub, authenticate, clock))
    prepare(app, office.callers)
    listening = socket.create_server(("127.0.0.1", 0))
    server = _server(app)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    garbage.settle()
    _say({"port": listening.getsockname()[1], "agents": known[:-1], "supervisor": known[-1], "csrf": CSRF})
    await asyncio.to_thread(sys.stdin.readline)  # the desks are there
    for actor in staff:
        assert actor.id is not None
        await contacts.routing.choose(actor.tenant_id, actor.id, Chosen.READY, None)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving
    await insight.stop()
    await contacts.stop()
    await office.bus.stop()
    await database.close()
    office.identity.close()


def _server(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        **BOUNDS,
        log_level="error",
        lifespan="off",
        access_log=False,
        timeout_keep_alive=600,  # who measures comes in turns, and finds the connections as they were
    )
    return uvicorn.Server(config)


async def _fill(contacts: Contacts, waiting: int) -> None:
    """So many chats wait for a person."""
    numbers = iter(range(waiting))

    async def ask() -> None:
        for number in numbers:
            visitor = await contacts.visitor(name=f"访客 {number}")
            await contacts.asks_for_a_person(await contacts.opened(visitor))

    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))


async def _agent(office: Office, number: int) -> Actor:
    actor = await office.staff(*DESK, name=f"坐席 {number}")
    assert actor.id is not None
    appointed = NewAgent(user_id=actor.id, number=str(10_000 + number), capacity={"voice": 1, "chat": 1}, skills={})
    await office.people.appoint(system_actor(actor.tenant_id), appointed)
    return actor


def _let_in(office: Office, actor: Actor) -> str:
    """The name by which the server knows this one."""
    return office.callers.headers(actor)["Cookie"].partition("=")[2]


def _say(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
