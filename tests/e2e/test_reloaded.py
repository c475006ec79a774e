"""An agent's page goes amid a call, in whatever way: the talk is over at once, and the caller is connected again.

Only who hangs up has ended it (``test_one_call.py``).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import pytest
from playwright.async_api import Browser, Error, Page

from tests.e2e.desk import ACCEPT, desk, pick_up
from tests.e2e.running import NUMBER, RunningCentre, Staff
from tests.e2e.test_gone import is_loud
from tests.support.waiting import until
from tests.voice.support.phone import Phone

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CALLER = "16036419034"
DEAF_AFTER_ITS_ANSWER = """() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (said) {
        if (/^SIP\\/2.0 200 [^]*\\bCSeq: \\d+ INVITE/.test(said)) this.onmessage = null;
        send.call(this, said);
    };
}"""
"""What comes to the phone stays away from the moment in which it answers: it never hears that its answer arrived."""
DEAD_S = 30
"""After so much silence Asterisk itself takes a phone for dead."""


async def reloaded(page: Page, _agent: Staff) -> None:
    await page.reload()


async def closed(page: Page, _agent: Staff) -> None:
    await page.close()


async def crashed(page: Page, _agent: Staff) -> None:
    """Its process dies, and says nothing."""
    line = await page.context.new_cdp_session(page)
    crash = asyncio.create_task(line.send("Page.crash"))
    await page.wait_for_event("crash")
    crash.cancel()
    with suppress(Error, asyncio.CancelledError):
        await crash


async def signed_out_elsewhere(page: Page, agent: Staff) -> None:
    """Its session ends, and with it the line by which it could say goodbye."""
    await page.evaluate("""async () => {
        const { csrf_token } = await (await fetch('/api/v1/session')).json();
        await fetch('/api/v1/session', { method: 'DELETE', headers: { 'X-CSRF-Token': csrf_token } });
    }""")


@pytest.mark.parametrize("goes", [reloaded, closed, crashed, signed_out_elsewhere])
async def test_a_caller_is_not_left_in_silence(
    centre: RunningCentre, chromium: Browser, goes: Callable[[Page, Staff], Awaitable[None]]
) -> None:
    async with (
        await centre.phone(hertz=600) as caller,
        desk(chromium, centre, "8025", phone=True) as page,
        Staff(centre, "8025") as agent,
    ):
        await pick_up(page, caller, CALLER)
        [entry] = await agent.in_hand("talking")
        caller.voice.heard.clear()
        await until(partial(is_loud, caller), "beeps of the browser: a talk that is under way")
        began = asyncio.get_running_loop().time()
        await goes(page, agent)
        await agent.in_hand("after_contact_work")
        await waits_again(caller, agent, entry["interaction_id"])
        assert asyncio.get_running_loop().time() - began < DEAD_S, "seen by its silence only"


async def test_a_page_that_goes_before_it_knows_that_it_answered(centre: RunningCentre, chromium: Browser) -> None:
    """Its answer is on the way, so it has no talk to say goodbye to."""
    async with (
        await centre.phone(hertz=600) as caller,
        desk(chromium, centre, "8025", phone=True) as page,
        Staff(centre, "8025") as agent,
    ):
        await page.evaluate(DEAF_AFTER_ITS_ANSWER)
        await caller.dial(NUMBER, caller_number=CALLER)
        await caller.until_status(200)
        await caller.press("2")
        await page.wait_for_selector(ACCEPT, timeout=40_000)
        await page.keyboard.press("F2")
        [entry] = await agent.in_hand("talking")
        await page.reload()
        await agent.in_hand("after_contact_work")
        await waits_again(caller, agent, entry["interaction_id"])


async def waits_again(caller: Phone, agent: Staff, interaction_id: str) -> None:
    async def in_the_queue() -> bool:
        found = await agent.get(f"/interactions/{interaction_id}")
        return bool(found["segments"][-1]["kind"] == "queue")

    await until(in_the_queue, "place in the queue", every=0.1)
    assert not caller.is_over
    await caller.hang_up()
