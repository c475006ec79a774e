"""An administrator changes the hotline's flow in the studio, and another one does so at the same time."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import looked_at
from tests.e2e.desk import sign_in
from tests.e2e.running import TENANT, RunningCentre, Staff
from tests.e2e.test_new_number import PASSWORD, command
from tests.support.browser import pictured_if_it_fails
from tests.support.waiting import PATIENCE_S

pytestmark = [pytest.mark.voice, pytest.mark.browser]

HOTLINE = "/studio/flows/hotline"
OTHER = "second"
WORDS = "宽带报障请按一，其他请按二。"


@asynccontextmanager
async def editor(browser: Browser, centre: RunningCentre, login: str) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = await context.new_page()
    page.set_default_timeout(1000 * PATIENCE_S)
    try:
        async with pictured_if_it_fails(page, f"flow-editor-{login}"):
            if login == OTHER:
                await page.goto(f"{centre.address}/")
                for field, value in (("tenant", TENANT), ("login", OTHER), ("password", PASSWORD)):
                    await page.fill(f"#{field}", value)
                await page.keyboard.press("Enter")
                await page.wait_for_url(lambda url: "/sign-in" not in url)
            else:
                await sign_in(page, centre, login)
            yield page
    finally:
        await context.close()


async def in_force(centre: RunningCentre) -> int:
    async with Staff(centre, "sysadmin") as staff:
        return int((await staff.get("/flows/hotline"))["published_version"])


async def write_words(page: Page, step: str, words: str) -> None:
    """Choose a step on the graph and say something else there."""
    await page.locator(f".react-flow__node[data-id={step}]").click()
    await page.get_by_label("说什么，普通话").fill(words)


async def test_a_flow_is_changed_mended_published_and_rolled_back(own_centre: RunningCentre, chromium: Browser) -> None:
    first = await in_force(own_centre)
    async with editor(chromium, own_centre, "sysadmin") as page:
        await page.goto(f"{own_centre.address}/studio/flows")
        await page.get_by_role("link", name="10086 热线").click()
        await expect(page.get_by_role("button", name="0 处要改")).to_be_visible()
        await expect(page.get_by_role("button", name="发布…")).to_be_disabled()

        await write_words(page, "menu", "")
        await expect(page.get_by_role("button", name="1 处要改")).to_be_visible()
        await expect(page.get_by_text("要说的话缺中文").first).to_be_visible()
        await expect(page.get_by_role("button", name="发布…")).to_be_disabled()
        await page.get_by_label("说什么，普通话").fill(WORDS)
        await expect(page.get_by_role("button", name="0 处要改")).to_be_visible()

        # A step without a way to it is a problem of its own, until it is undone.
        await page.get_by_role("button", name="播报", exact=True).click()
        await expect(page.get_by_role("button", name=re.compile("[1-9] 处要改"))).to_be_visible()
        await page.get_by_role("button", name="撤销 Ctrl+Z").click()
        await expect(page.get_by_role("button", name="0 处要改")).to_be_visible()

        # Who leaves is asked first.
        await page.get_by_role("link", name="流程", exact=True).click()
        await page.get_by_role("button", name="留下").click()
        await expect(page.get_by_text("有未保存的修改")).to_be_visible()

        await page.get_by_role("button", name="文字试跑").click()
        await expect(page.get_by_text(WORDS).last).to_be_visible()
        await page.get_by_role("button", name="按 1", exact=True).click()
        await page.get_by_role("button", name="没接通", exact=True).click()
        await expect(page.get_by_label("走过的路").get_by_text("没接通")).to_be_visible()
        await page.get_by_role("button", name="文字试跑").click()

        await page.get_by_role("button", name="发布…").click()
        await expect(page.get_by_label("不同之处").get_by_text("选择业务")).to_be_visible()
        assert await in_force(own_centre) == first, "nothing is published before it is confirmed"
        await page.get_by_label("改了什么，为什么").fill("菜单短一点")
        await page.get_by_role("button", name="发布", exact=True).click()
        await expect(page.get_by_text(f"线上第 {first + 1} 版")).to_be_visible()
        assert await in_force(own_centre) == first + 1

        await page.get_by_role("button", name="版本").click()
        await expect(page.get_by_text("菜单短一点")).to_be_visible()
        await page.get_by_role("button", name="退回这一版").click()
        await page.get_by_role("dialog").last.get_by_role("button", name="退回这一版").click()
        await expect(page.get_by_text(f"线上第 {first} 版")).to_be_visible()
        assert await in_force(own_centre) == first


async def test_of_two_who_write_at_once_neither_loses_anything(own_centre: RunningCentre, chromium: Browser) -> None:
    account = ("user", "create", TENANT, OTHER, "李工", "--role", "system_administrator")
    command(own_centre, *account, "--password-stdin", "--lasting", typed=f"{PASSWORD}\n")
    async with (
        editor(chromium, own_centre, "sysadmin") as mine,
        editor(chromium, own_centre, OTHER) as theirs,
    ):
        for page in (mine, theirs):
            await page.goto(f"{own_centre.address}{HOTLINE}?view=graph")
            await expect(page.get_by_role("button", name="0 处要改")).to_be_visible()
        await write_words(theirs, "welcome", "您好，通话将被录音。")
        await theirs.keyboard.press("Control+s")
        await expect(theirs.get_by_text("已保存")).to_be_visible()

        await write_words(mine, "menu", WORDS)
        await mine.get_by_role("button", name="保存草稿").click()
        dialog = mine.get_by_role("dialog")
        await expect(dialog.get_by_text("李工")).to_be_visible()
        await looked_at(mine, "flow-conflict", (("wide", "light"), ("wide", "dark")))
        await dialog.get_by_role("button", name="合到一起").click()
        await mine.get_by_role("button", name="保存草稿").click()
        await expect(mine.get_by_text("已保存")).to_be_visible()
        async with Staff(own_centre, "sysadmin") as staff:
            steps = (await staff.get("/flows/hotline"))["definition"]["steps"]
        assert steps["menu"]["text"]["zh-CN"] == WORDS
        assert steps["welcome"]["text"]["zh-CN"] == "您好，通话将被录音。"
