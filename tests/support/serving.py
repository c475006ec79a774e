"""A real HTTP server in the test's own event loop, on a free port of the loopback address."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from careline.entrypoints.web.serve import bind
from careline.infra.web.lines import BOUNDS


@asynccontextmanager
async def serving(
    app: Any, listening: socket.socket | None = None, *, ping_s: float = 20, answer_s: float = 20
) -> AsyncIterator[str]:
    """Serve an ASGI application with the server we ship; yields ``127.0.0.1:<port>``.

    Who is connected is asked every ``ping_s`` whether they are still there, and has ``answer_s`` to answer.
    """
    async with served(app, listening, ping_s=ping_s, answer_s=answer_s) as (address, _):
        yield address


@asynccontextmanager
async def served(
    app: Any, listening: socket.socket | None = None, *, ping_s: float = 20, answer_s: float = 20
) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """As ``serving``; yields the server too, whose ``server_state.connections`` are its open lines."""
    listening = listening or bind("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False, **BOUNDS)
    config.ws_ping_interval, config.ws_ping_timeout = ping_s, answer_s
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.005)
        yield f"127.0.0.1:{listening.getsockname()[1]}", server
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
        listening.close()
