"""The place to write stands still, also while what was said is still on its way."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route

from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import Guest, RunningCentre
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]


async def test_the_composer_is_where_it_will_be_before_the_messages_are_there(
    centre: RunningCentre, chromium: Browser
) -> None:
    async with Guest(centre, "赵强") as guest, desk(chromium, centre, "8025", phone=False) as page:
        await guest.say("上个月的账单好像多了")
        await page.wait_for_selector(ACCEPT)
        await page.keyboard.press("F2")
        await page.get_by_role("log").get_by_text("上个月").wait_for()
        later = await top_of_composer(page)
        assert later is not None
        come = asyncio.Event()

        async def hold(route: Route) -> None:
            await come.wait()
            await route.continue_()

        await page.route("**/conversations/*/messages*", hold)
        await page.reload()

        async def in_place() -> bool:
            return await top_of_composer(page) == later

        await until(in_place, "composer in its place", every=0.05)
        come.set()
        await page.get_by_role("log").get_by_text("上个月").wait_for()
        await guest.http.post("/visitor/end")


async def top_of_composer(page: Page) -> float | None:
    """Pixels from the top of the page; None while it is not shown."""
    box = await page.get_by_role("textbox", name="回复客户").bounding_box()
    return None if box is None else box["y"]
