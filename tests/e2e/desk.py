"""An agent at the desk, in a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from playwright.async_api import Browser, Page, async_playwright

from tests.e2e.running import NUMBER, TENANT, RunningCentre, Staff
from tests.support.browser import ARGUMENTS, EXECUTABLE, pictured_if_it_fails
from tests.support.waiting import PATIENCE_S
from tests.voice.support.phone import Phone

OFFER = "section[aria-label=新派发]"
ACCEPT = f"{OFFER} button[aria-keyshortcuts=F2]:enabled"


async def sign_in(page: Page, centre: RunningCentre, login: str) -> None:
    """As a person does it."""
    await page.goto(f"{centre.address}/")
    for field, value in (("tenant", TENANT), ("login", login), ("password", centre.password_of(login))):
        await page.fill(f"#{field}", value)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "/sign-in" not in url)


@asynccontextmanager
async def desk(browser: Browser, centre: RunningCentre, login: str, *, phone: bool) -> AsyncIterator[Page]:
    """The desk of an agent who takes work; with ``phone`` it is registered first. In the end the agent is offline."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.on("weberror", lambda error: print(error.error))
    page = await context.new_page()
    page.set_default_timeout(1000 * PATIENCE_S)
    try:
        async with pictured_if_it_fails(page, f"desk-{login}"):
            await sign_in(page, centre, login)
            await page.get_by_text("收件箱").first.wait_for()
            if phone:
                await page.get_by_text("话机已注册").first.wait_for()
            await page.keyboard.press("Control+Shift+1")
            await page.get_by_text("有人来了会出现在这里").wait_for()
            yield page
    finally:
        await context.close()
        with suppress(httpx.TransportError):  # a test may have killed it
            await leave(centre, login)


async def leave(centre: RunningCentre, login: str) -> None:
    """Nothing stays with an agent, so that a test that failed fails no other one."""
    async with Staff(centre, login) as agent:
        await agent.http.put("/agent-state", json={"chosen": "offline", "reason": None})
        for entry in (await agent.get("/inbox"))["mine"]:
            place = f"/interactions/{entry['interaction_id']}"
            await agent.http.post(f"{place}/end")
            form = {"disposition": "consultation-tariff", "note": "", "draft": False}
            await agent.http.put(f"{place}/wrap-up", json=form)


async def pick_up(page: Page, caller: Phone, number: str) -> None:
    """Somebody calls, asks for a person with the key 2, and is answered at this desk."""
    await caller.dial(NUMBER, caller_number=number)
    await caller.until_status(200)
    await caller.press("2")
    await page.wait_for_selector(ACCEPT, timeout=40_000)
    await page.keyboard.press("F2")
    await page.get_by_role("toolbar", name="通话控制").wait_for()


@asynccontextmanager
async def chromium_with(*more: str) -> AsyncIterator[Browser]:
    """A browser with switches of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=[*ARGUMENTS, *more])
        yield browser
        await browser.close()
