"""An agent's page is reloaded amid a call: the talk is over there and then, and the caller is connected again."""

from functools import partial

import pytest
from playwright.async_api import Browser

from tests.e2e.desk import desk, pick_up
from tests.e2e.running import RunningCentre, Staff
from tests.e2e.test_gone import is_loud
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CALLER = "16036419034"


async def test_a_caller_is_not_left_in_silence(own_centre: RunningCentre, chromium: Browser) -> None:
    centre = own_centre
    async with (
        await centre.phone(hertz=600) as caller,
        desk(chromium, centre, "8025", phone=True) as page,
        Staff(centre, "8025") as agent,
    ):
        await pick_up(page, caller, CALLER)
        [entry] = await agent.in_hand("talking")
        caller.voice.heard.clear()
        await until(partial(is_loud, caller), "beeps of the browser: a talk that is under way")
        await page.reload()
        await agent.in_hand("after_contact_work")

        async def waits_again() -> bool:
            found = await agent.get(f"/interactions/{entry['interaction_id']}")
            return bool(found["segments"][-1]["kind"] == "queue")

        await until(waits_again, "place in the queue", every=0.1)
        assert not caller.is_over
        await caller.hang_up()
