"""The crowd as a whole: so many, so long."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import msgspec

from careline.entrypoints.demo.crowd.agents import PlayedAgent
from careline.entrypoints.demo.crowd.customers import Customers
from careline.entrypoints.demo.crowd.door import Refused, Unreachable
from careline.kernel.clock import SystemClock

TENANT = "demo"
MOST_CUSTOMERS = 30
MOST_MINUTES = 120.0
GOOD_BYE_S = 10.0
LAST_WORDS_S = 30.0
"""What was going on at the end has so long to say good-bye."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What the crowd did. ``failed`` says why somebody could not go on, in the order in which it happened."""

    served: int
    handled: int
    failed: list[str]


async def play(
    address: str, *, customers: int, agents: Sequence[tuple[str, str]], seconds: float, hurry: float = 1.0
) -> Done:
    """Let so many customers at once come and go for so long; ``agents`` are logins with passwords.

    ``hurry`` shortens every pause, for tests.
    """
    clock = SystemClock()
    until = clock.monotonic() + seconds
    crowd = [Customers(address, TENANT, place, hurry=hurry) for place in range(customers)]
    staff = [PlayedAgent(address, TENANT, login, password, hurry=hurry) for login, password in agents]
    failed: list[str] = []

    def is_over() -> bool:
        return clock.monotonic() >= until

    def is_late() -> bool:
        # Agents stay a little longer than their customers, who are to be told good-bye.
        return clock.monotonic() >= until + GOOD_BYE_S / hurry

    async def bounded(part: Coroutine[Any, Any, None], who: str) -> None:
        try:
            async with asyncio.timeout(seconds + LAST_WORDS_S):
                await part
        except (Refused, Unreachable, TimeoutError) as error:
            failed.append(f"{who}: {error or 'took too long'}")

    await asyncio.gather(
        *(bounded(one.come_and_go(is_over), f"customer {place}") for place, one in enumerate(crowd)),
        *(bounded(one.serve(is_late), login) for one, (login, _) in zip(staff, agents, strict=True)),
    )
    return Done(served=sum(one.served for one in crowd), handled=sum(one.handled for one in staff), failed=failed)
