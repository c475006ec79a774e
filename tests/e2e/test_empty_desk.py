"""An agent whose browser is gone: the customer who rang there is with the next agent before the ring is over."""

import sqlite3
from contextlib import closing

import msgspec
import pytest
from playwright.async_api import Browser

from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import Guest, RunningCentre

pytestmark = [pytest.mark.voice, pytest.mark.browser]

BEST, NEXT = "8025", "8027"
"""Both answer questions about tariffs, the first one better."""


def last_offer_ended(centre: RunningCentre) -> str:
    """Why the newest offer that is over was not taken."""
    with closing(sqlite3.connect(f"file:{centre.data / 'careline.db'}?mode=ro", uri=True)) as database:
        (payload,) = database.execute(
            "SELECT payload FROM event_log WHERE name = 'routing.offer-ended' ORDER BY position DESC LIMIT 1"
        ).fetchone()
    return str(msgspec.json.decode(payload)["cause"])


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
        await stays.wait_for_selector(ACCEPT)
        assert last_offer_ended(centre) == "withdrawn", "nobody waited until it had rung out"
        await guest.http.post("/visitor/end")
        await stays.wait_for_selector(ACCEPT, state="detached")
