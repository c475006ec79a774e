"""An agent whose browser is gone: the customer who rang there is with the next agent before the ring is over."""

import time

import pytest
from playwright.async_api import Browser

from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import Guest, RunningCentre

pytestmark = [pytest.mark.voice, pytest.mark.browser]

BEST, NEXT = "8025", "8027"
"""Both answer questions about tariffs, the first one better."""
RING_S = 20


async def test_a_chat_at_a_closed_browser_goes_to_the_next_desk(centre: RunningCentre, chromium: Browser) -> None:
    async with (
        Guest(centre, "赵强") as guest,
        desk(chromium, centre, NEXT, phone=False) as stays,
        desk(chromium, centre, BEST, phone=False) as goes,
    ):
        await guest.say("上个月的账单好像多了")
        await goes.wait_for_selector(ACCEPT)
        assert not await stays.locator(ACCEPT).count()
        await goes.context.close()
        closed = time.monotonic()
        await stays.wait_for_selector(ACCEPT)
        assert time.monotonic() - closed < RING_S / 2
        await guest.http.post("/visitor/end")
        await stays.wait_for_selector(ACCEPT, state="detached")
