"""The application is killed amid ten chats and ten calls: nothing acknowledged is lost, nobody is left in the air."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page

from careline.entrypoints.demo.staff import AGENTS
from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import NUMBER, Guest, RunningCentre, Staff
from tests.support import waiting
from tests.voice.support.phone import Phone

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CHATS = CALLS = 10
IN_PROMPTS = 3
"""Calls that come so late that they still hear their first prompt when the process dies."""
DOWN_S = 2.0
POLITE_WITHIN_S = 90
TALKER, RINGER, CHATTER = "8025", "8026", "8027"
CHATS_IN_HAND = 3
DISPOSITION = "other-silent"


async def test_nothing_acknowledged_is_lost_and_every_call_ends_well(
    own_centre: RunningCentre, chromium: Browser
) -> None:
    centre = own_centre
    async with (
        desk(chromium, centre, TALKER, phone=True) as talker,
        desk(chromium, centre, RINGER, phone=True) as ringer,
        desk(chromium, centre, CHATTER, phone=True) as chatter,
        ten_phones(centre) as phones,
        ten_guests(centre) as guests,
        asyncio.TaskGroup() as visiting,
    ):
        await ringer.keyboard.press("Control+Shift+3")
        await chatter.keyboard.press("Control+Shift+3")
        await talk_with(talker, phones[0])
        stop = asyncio.Event()
        talking = [visiting.create_task(talk_on(guest, stop)) for guest in guests]
        await until(all_said_more(guests, [1] * CHATS), "second message of every visitor")
        await chatter.keyboard.press("Control+Shift+1")
        await take_chats(chatter, centre)
        for phone in phones[1:-IN_PROMPTS]:
            await call(phone)
        await ringer.keyboard.press("Control+Shift+1")
        await ringer.wait_for_selector(ACCEPT, timeout=40_000)
        for phone in phones[-IN_PROMPTS:]:
            await call(phone)
        assert not any(phone.is_over for phone in phones)

        await asyncio.to_thread(centre.kill)
        before = [len(guest.acknowledged) for guest in guests]
        await asyncio.sleep(DOWN_S)
        await asyncio.to_thread(centre.start)
        desks = {TALKER: talker, RINGER: ringer, CHATTER: chatter}
        async with all_signed_in(centre, *desks) as agents, asyncio.TaskGroup() as serving:
            tasks = [serving.create_task(serve(desks[login], agent)) for login, agent in agents.items()]
            tasks.append(serving.create_task(choose_again(phones)))
            await until(all_said_more(guests, before), "message of every visitor after the restart")
            stop.set()
            await asyncio.gather(*talking)
            await until(lambda: are_over(phones), "polite end of every call", POLITE_WITHIN_S)
            for guest in guests:
                assert await guest.own_words() == guest.acknowledged
                await guest.http.post("/visitor/end")
            await until(lambda: lines_are_empty(centre), "end of every channel")
            await until(lambda: nothing_in_hand(*agents.values()), "empty inbox")
            for task in tasks:
                task.cancel()
        await nobody_is_stuck(centre)
        assert calls_stored(centre) == {"ended": CALLS}, "each caller has been in one call, which is over"
    assert "Traceback" not in centre.said


async def talk_with(page: Page, phone: Phone) -> None:
    """Call, and be answered at a desk."""
    await call(phone)
    await page.wait_for_selector(ACCEPT, timeout=40_000)
    await page.keyboard.press("F2")
    await page.get_by_role("toolbar", name="通话控制").wait_for()


async def take_chats(page: Page, centre: RunningCentre) -> None:
    """Answer as many chats as an agent may have."""
    async with Staff(centre, CHATTER) as agent:
        await until(lambda: takes(page, agent, CHATS_IN_HAND), "chats with an agent")


@asynccontextmanager
async def all_signed_in(centre: RunningCentre, *logins: str) -> AsyncIterator[dict[str, Staff]]:
    """The agents over HTTP, beside their desks."""
    async with AsyncExitStack() as stack:
        yield {login: await stack.enter_async_context(Staff(centre, login)) for login in logins}


def calls_stored(centre: RunningCentre) -> dict[str, int]:
    """How many calls there are in each state."""
    with closing(sqlite3.connect(f"file:{centre.data / 'careline.db'}?mode=ro", uri=True)) as database:
        return dict(database.execute("SELECT state, count(*) FROM call GROUP BY state").fetchall())


@asynccontextmanager
async def ten_phones(centre: RunningCentre) -> AsyncIterator[list[Phone]]:
    """Callers, each with a tone of its own."""
    phones = [await centre.phone(hertz=300 + 50 * place) for place in range(CALLS)]
    try:
        yield phones
    finally:
        for phone in phones:
            await phone.close()


@asynccontextmanager
async def ten_guests(centre: RunningCentre) -> AsyncIterator[list[Guest]]:
    """Visitors who opened the page and have said nothing yet."""
    guests = [Guest(centre, f"客户{place}") for place in range(CHATS)]
    try:
        for guest in guests:
            await guest.enter()
        yield guests
    finally:
        for guest in guests:
            await guest.http.aclose()


async def call(phone: Phone) -> None:
    """Dial, and choose ahead of the menu."""
    await phone.dial(NUMBER, caller_number=f"13900{phone.port:06}")
    await phone.until_status(200)
    await phone.press("2")


async def choose_again(phones: list[Phone]) -> None:
    """Callers who hear the menu once more answer it once more; the question at the end takes the same key."""
    while True:
        await asyncio.gather(*(phone.press("2") for phone in phones if not phone.is_over))
        await asyncio.sleep(3)


async def talk_on(guest: Guest, stop: asyncio.Event) -> None:
    """Say one thing after another, each again and again under one name until it is stored."""
    number = 0
    while not stop.is_set():
        client_id = str(uuid4())
        while not await guest.try_to_say(f"{guest.name}第{number}句", client_id):
            await asyncio.sleep(0.2)
        number += 1
        await asyncio.sleep(0.2)


async def serve(page: Page, agent: Staff) -> None:
    """What an agent does all day: take what is offered, end calls, write up what is over, and be ready again."""
    while True:
        await takes(page, agent, 0)
        inbox = await agent.get("/inbox")
        for entry in inbox["mine"]:
            path = f"/interactions/{entry['interaction_id']}"
            if entry["state"] in ("talking", "chatting"):
                await agent.http.post(f"{path}/end")
            elif entry["state"] == "after_contact_work":
                wanted = {"disposition": DISPOSITION, "note": "", "draft": False}
                await agent.http.put(f"{path}/wrap-up", json=wanted)
        if not inbox["offers"] and not inbox["mine"]:
            await agent.http.put("/agent-state", json={"chosen": "ready"})
        await asyncio.sleep(0.5)


def all_said_more(guests: list[Guest], than: list[int]) -> Callable[[], Awaitable[bool]]:
    """Whether every visitor has more stored than before."""

    async def told() -> bool:
        return all(len(guest.acknowledged) > past for guest, past in zip(guests, than, strict=True))

    return told


async def are_over(phones: list[Phone]) -> bool:
    """Whether the other side ended every call."""
    return all(phone.is_over for phone in phones)


async def lines_are_empty(centre: RunningCentre) -> bool:
    """Whether Asterisk has no channel."""
    return await centre.channels() == []


async def takes(page: Page, agent: Staff, number: int) -> bool:
    """Take what is offered; whether the agent serves that many."""
    if await page.locator(ACCEPT).count():
        await page.keyboard.press("F2")
    return len((await agent.get("/inbox"))["mine"]) >= number


async def nothing_in_hand(*agents: Staff) -> bool:
    """Whether the agents are done."""
    inboxes = [await agent.get("/inbox") for agent in agents]
    return not any(inbox["mine"] or inbox["offers"] for inbox in inboxes)


async def until(true: Callable[[], Awaitable[bool]], what: str, within: float = 2 * waiting.PATIENCE_S) -> None:
    """Until something is so that a running centre is asked for."""
    await waiting.until(true, what, within=within, every=0.1)


async def nobody_is_stuck(centre: RunningCentre) -> None:
    """No agent has anything reserved or engaged."""
    for login in AGENTS:
        async with Staff(centre, login) as agent:
            state = await agent.get("/agent-state")
            assert {medium: now["used"] for medium, now in state["media"].items()} == {
                "voice": 0,
                "chat": 0,
                "message": 0,
            }, login
