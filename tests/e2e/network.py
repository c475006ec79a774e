"""A network as on a train: slow, late, and gone for moments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from playwright.async_api import CDPSession, Page

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 30_000}
"""Slow 3G, in milliseconds and bytes a second."""

GONE = {**SLOW, "offline": True}
GONE_S, THERE_S, LONGER = 0.4, 0.6, 1.5
"""A tunnel, the way to the next one, and how much longer the way after that is: in the end all comes through."""


@asynccontextmanager
async def on_a_train(page: Page) -> AsyncIterator[None]:
    """This page's network for as long as this lasts. How it falls together with what is done is left to chance."""
    line = await page.context.new_cdp_session(page)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", SLOW)
    tunnels = asyncio.create_task(_through_tunnels(line))
    try:
        yield
    finally:
        tunnels.cancel()
        with suppress(asyncio.CancelledError):
            await tunnels
        whole = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await line.send("Network.emulateNetworkConditions", whole)
        await line.detach()


async def _through_tunnels(line: CDPSession) -> None:
    there = THERE_S
    while True:
        await line.send("Network.emulateNetworkConditions", GONE)
        await asyncio.sleep(GONE_S)
        await line.send("Network.emulateNetworkConditions", SLOW)
        await asyncio.sleep(there)
        there *= LONGER
