"""The application is killed and nobody starts it: Asterisk looks after the callers, whoever they wait for."""

import asyncio
from functools import partial
from typing import Any

import pytest

from careline.adapters.asterisk.dialplan import ALONE
from tests.e2e.running import NUMBER, RunningCentre
from tests.support.waiting import PATIENCE_S, until
from tests.voice.support.phone import Phone

pytestmark = pytest.mark.voice

LOUD = 1000
"""Of 32768: a voice or music is louder, noise is not."""


async def test_who_waits_and_who_calls_hear_the_safe_dialplan(own_centre: RunningCentre) -> None:
    """No agent is there. What is heard in the end, an apology, is heard in tests/voice, where the end comes sooner."""
    async with await own_centre.phone() as waiting, await own_centre.phone() as new:
        await call(waiting)
        await waiting.press("2")
        await asyncio.to_thread(own_centre.kill)
        waiting.voice.heard.clear()

        await call(new)
        assert ALONE in [place_of(channel) for channel in await own_centre.channels()]

        async def all_looked_after() -> bool:
            return {place_of(channel) for channel in await own_centre.channels()} == {ALONE}

        await until(all_looked_after, "safe dialplan for all", within=2 * PATIENCE_S, every=0.2)
        for phone in (waiting, new):
            await until(partial(is_loud, phone), "word or music")
            assert not phone.is_over
            await phone.hang_up()
        await asyncio.to_thread(own_centre.start)


async def call(phone: Phone) -> None:
    """Until it is answered."""
    await phone.dial(NUMBER, caller_number="13900001111")
    await phone.until_status(200)


def is_loud(phone: Phone) -> bool:
    """Whether something was heard within the last second."""
    return max(phone.voice.heard[-8000:], default=0) > LOUD


def place_of(channel: dict[str, Any]) -> str:
    """The context that a channel is in."""
    return str(channel["dialplan"]["context"])
