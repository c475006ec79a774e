"""Waiting for what must not be left half done."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def uninterrupted(work: Awaitable[T]) -> T:
    """Wait for ``work`` to its end, also when the waiting task is cancelled; then be cancelled.

    For a commit, or a thread that uses a connection: giving the connection to the next one in the middle of it would
    spoil both.
    """
    task = asyncio.ensure_future(work)
    interruption: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as cancelled:
            interruption = cancelled
    if interruption is not None:
        if not task.cancelled():
            task.exception()  # marks it as seen: who waited is told of the cancellation instead
        raise interruption
    return task.result()
