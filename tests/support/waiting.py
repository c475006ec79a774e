"""Waiting in tests for what other tasks or processes do.

A test waits for a state, never for a time: what is there at once is seen at once, and a machine that is slow or busy
only takes longer. ``PATIENCE_S`` is no expectation but the point at which nobody believes any more that it will come.
"""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

PATIENCE_S = 30.0


async def until(
    found: Callable[[], Awaitable[Any] | Any], what: str = "answer", *, within: float = PATIENCE_S, every: float = 0.005
) -> Any:
    """What ``found`` answers, as soon as that is something. It is asked ``every`` so many seconds."""
    answer: Any = None
    try:
        async with asyncio.timeout(within):
            while True:
                answer = found()
                if isawaitable(answer):
                    answer = await answer
                if answer:
                    return answer
                await asyncio.sleep(every)
    except TimeoutError:
        raise AssertionError(f"no {what} within {within:g} s, but {answer!r}") from None
