"""The worst names there can be, in everything that calls a customer, a colleague or a queue by name while work goes on:
offers, the system's notifications, passing on, asking in, and what tells that it was done."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import SIZES
from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import Guest, RunningCentre, Staff
from tests.e2e.trap import OF_A_QUEUE, TURNS, trapped, unsprung, worst_name

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENT, COLLEAGUE = "8025", "8026"
QUEUES_NAME, COLLEAGUES_NAME = worst_name(60), worst_name(100)
ELSEWHERE = """
    document.hasFocus = () => false
    window.dispatchEvent(new Event('blur'))
    window.told = []
    window.Notification = class {
        static permission = 'granted'
        constructor(title, {body, tag}) { told.push(title, body, tag) }
        close() {}
    }"""
"""Its agent looks at another window, and the system is asked to call them."""


async def test_names_are_words_wherever_work_is_handed_on(centre: RunningCentre, chromium: Browser) -> None:
    async with (
        worst_names(centre) as names,
        desk(chromium, centre, AGENT, phone=False) as mine,
        trapped(mine.context),
        Guest(centre, worst_name(40)) as guest,
    ):
        await guest.say("我想换套餐")
        await mine.wait_for_selector(ACCEPT)
        await seen(mine)
        await mine.keyboard.press("F2")
        await mine.get_by_role("log").get_by_text("我想换套餐").wait_for()
        async with desk(chromium, centre, COLLEAGUE, phone=False) as theirs, trapped(theirs.context):
            await theirs.evaluate(f"() => {{{ELSEWHERE}}}")
            await asked_in(mine, names["colleague"])
            await seen(theirs)
            await passed_on(mine, names["queue"])
            await expect(mine.get_by_text(names["queue"]).first).to_be_visible()
            await theirs.wait_for_selector(ACCEPT)
            await seen(theirs)
            await theirs.wait_for_function("told.length > 0")
            told: list[str] = await theirs.evaluate("told")
            assert any(names["queue"] in line for line in told), told
            assert not any(re.search(TURNS, line) for line in told), told
            await theirs.keyboard.press("F2")
            await theirs.get_by_role("log").get_by_text("我想换套餐").wait_for()
            await seen(theirs)
            await seen(mine)
            await guest.http.post("/visitor/end")


async def asked_in(page: Page, name: str) -> None:
    """Somebody comes into the chat by the drawer, and stands in its bar."""
    await page.keyboard.press("Shift+F9")
    drawer = page.get_by_role("dialog")
    await expect(drawer.get_by_text(name).first).to_be_visible()
    await seen(page)
    await drawer.get_by_role("listitem").filter(has_text=name).get_by_role("button", name="请教").click()
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("group", name="会话里的同事").get_by_text(name)).to_be_visible()
    await seen(page)


async def passed_on(page: Page, name: str) -> None:
    """The chat goes to a queue by the drawer."""
    await page.keyboard.press("F9")
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("radio").filter(visible=True).first.wait_for()
    await seen(page)
    await drawer.get_by_text(name).first.click()
    await drawer.get_by_role("button", name="转接").click()
    await expect(drawer).to_be_hidden()


async def seen(page: Page) -> None:
    """Nothing of a name came to life, and none makes the page or a drawer wider than the screen."""
    for width, height in SIZES.values():
        await page.set_viewport_size({"width": width, "height": height})
        await unsprung(page)
        assert await page.evaluate(TOO_WIDE) == [], width
    width, height = SIZES["wide"]
    await page.set_viewport_size({"width": width, "height": height})


TOO_WIDE = """[document.documentElement, ...document.querySelectorAll('[role=dialog], .ant-drawer-body')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => `${one.className} ${one.scrollWidth}`)"""


@asynccontextmanager
async def worst_names(centre: RunningCentre) -> AsyncIterator[dict[str, str]]:
    """A queue for everybody and a colleague are called so while this lasts."""
    async with Staff(centre, "sysadmin") as keeper:
        other = (await keeper.get("/queues"))["items"][0]
        queue = {key: other[key] for key in OF_A_QUEUE} | {"code": "worst", "name": QUEUES_NAME, "needs": []}
        made = await keeper.http.post("/queues", json=queue)
        assert made.is_success, made.text
        (user,) = (await keeper.get("/users", q=COLLEAGUE))["items"]
        kept = user["display_name"]
        renamed = await renames(keeper, user["id"], COLLEAGUES_NAME)
        shown = {"queue": made.json()["name"], "colleague": renamed["display_name"]}
        assert not any(re.search(TURNS, name) for name in shown.values()), shown
        try:
            yield shown
        finally:
            await renames(keeper, user["id"], kept)
            closed = made.json() | {"rules": made.json()["rules"] | {"closed": True}}
            wanted = {key: closed[key] for key in (*OF_A_QUEUE, "name", "needs", "version")}
            answer = await keeper.http.put(f"/queues/{closed['id']}", json=wanted)
            assert answer.is_success, answer.text


async def renames(keeper: Staff, user_id: str, name: str) -> dict[str, Any]:
    """Call somebody otherwise."""
    version = (await keeper.get(f"/users/{user_id}"))["version"]
    answer = await keeper.http.patch(f"/users/{user_id}", json={"display_name": name, "version": version})
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found
