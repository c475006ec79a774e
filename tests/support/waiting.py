"""Waiting in tests for what other tasks or processes do."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any


async def until(
    found: Callable[[], Awaitable[Any] | Any], what: str = "what was waited for", *, within: float = 10.0
) -> Any:
    """What ``found`` answers, as soon as that is something."""
    try:
        async with asyncio.timeout(within):
            while True:
                answer = found()
                if isawaitable(answer):
                    answer = await answer
                if answer:
                    return answer
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"no {what} within {within:g} s") from None
