"""Waiting in tests for what other tasks or processes do."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any


async def until(
    found: Callable[[], Awaitable[Any] | Any], what: str = "answer", *, within: float = 10.0, every: float = 0.005
) -> Any:
    """What ``found`` answers, as soon as that is something. It is asked ``every`` so many seconds."""
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
        raise AssertionError(f"no {what} within {within:g} s") from None
