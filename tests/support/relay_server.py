"""``python -m tests.support.relay_server``: the least that a chat server does, as a yardstick; nothing is kept.

Starlette alone. Whoever opens ``/rt/v1`` says a name and is told the messages of who has it; with ``{"watch": true}``,
every message. ``POST /say`` is a message, of the name that stands where a token would. Prints one
JSON line with the port, and ends when its standard input does.
"""

import asyncio
import json
import socket
import sys

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from careline.infra.web.lines import BOUNDS

watchers: set[WebSocket] = set()
named: dict[str, WebSocket] = {}


async def line(websocket: WebSocket) -> None:
    """Be there, and be told if that was asked for."""
    await websocket.accept()
    try:
        said = json.loads(await websocket.receive_text())
        if said.get("watch"):
            watchers.add(websocket)
        else:
            named[said["name"]] = websocket
        await websocket.send_text('{"t":"subbed"}')
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        watchers.discard(websocket)


async def say(request: Request) -> Response:
    """Pass a message on."""
    body = (await request.body()).decode()
    for hears in (named[request.headers["authorization"].removeprefix("Bearer ")], *watchers):
        await hears.send_text(body)
    return Response(body, status_code=201)


async def main() -> None:
    """Serve until standard input ends."""
    app = Starlette(routes=[Route("/say", say, methods=["POST"]), WebSocketRoute("/rt/v1", line)])
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        **BOUNDS,
        log_level="error",
        lifespan="off",
        access_log=False,
        timeout_keep_alive=600,  # who measures comes in turns, and finds the connections as they were
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    sys.stdout.write(json.dumps({"port": listening.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    uvloop.run(main())
