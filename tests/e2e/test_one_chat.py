"""One chat between two browsers: offered, taken, cut in the middle, healed, on a bad network, ended and rated."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from tests.e2e.desk import ACCEPT, desk, sign_in
from tests.e2e.figures import counted
from tests.e2e.network import on_a_train
from tests.e2e.running import TENANT, RunningCentre, Staff

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENT, SUPERVISOR = "8025", "8001"
SOON = 30_000
"""Milliseconds within which a page that was cut off is itself again."""
PATIENCE = 45_000
"""Milliseconds within which what is said comes through between two tunnels."""


async def test_a_chat_goes_on_through_a_cut_and_is_rated(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    visitor = await context.new_page()
    await visitor.goto(f"{centre.address}/chat/{TENANT}")
    await visitor.get_by_label("称呼（选填）").fill("李明")
    await visitor.get_by_role("button", name="开始", exact=True).click()
    async with (
        desk(chromium, centre, AGENT, phone=False) as agent,
        floor(chromium, centre) as wall,
        Staff(centre, AGENT) as staff,
        Staff(centre, SUPERVISOR) as supervisor,
    ):
        before = await handled_on(wall)
        await say(visitor, "我想换个流量大一点的套餐")
        await agent.wait_for_selector(ACCEPT, timeout=SOON)
        await agent.keyboard.press("F2")
        await expect(lines(agent)).to_contain_text("我想换个流量大一点的套餐", timeout=SOON)
        [entry] = await staff.in_hand("chatting")
        await answer(agent, "您每个月用多少？")
        await expect(lines(visitor)).to_contain_text("您每个月用多少？", timeout=SOON)
        await through_a_cut(context, visitor, agent)
        await through_tunnels(visitor, agent)

        await agent.get_by_role("button", name="结束会话").click()
        await agent.get_by_role("dialog").get_by_role("button", name="结束会话").click()
        await visitor.get_by_text("很满意").first.click(force=True, timeout=SOON)
        await visitor.get_by_role("button", name="提交评价").click()
        await expect(visitor.get_by_role("button", name="提交评价")).to_be_hidden(timeout=SOON)
        assert await handled_on(wall) == before, "who writes up is not done with it yet"
        await finish(agent)
        assert (await staff.get("/inbox"))["mine"] == []
        await expect(tile(wall)).to_have_text(re.compile(rf"接待\s*{before + 1}\b"), timeout=SOON)
        await counted_once(supervisor, wall, entry["interaction_id"])
    await context.close()


async def through_a_cut(context: BrowserContext, visitor: Page, agent: Page) -> None:
    """The visitor's network is gone while both write; then both pages show all of it once, in one order."""
    said = ["大概四十", "有时五十", "出差更多", "还在吗", "我等着"]
    answered = ["我看看", "有两种", "一种六十", "一种一百", "都给您说"]
    await context.set_offline(True)
    for mine, theirs in zip(said, answered, strict=True):
        await say(visitor, mine)
        await answer(agent, theirs)
    await expect(lines(agent)).to_contain_text(answered[-1])
    assert said[0] not in await lines(agent).inner_text()
    await expect(visitor.get_by_text("恢复后自动发出").last).to_be_visible(timeout=SOON)
    await context.set_offline(False)
    for page in (visitor, agent):
        await expect(lines(page)).to_contain_text(said[-1], timeout=SOON)
        await expect(lines(page)).to_contain_text(answered[-1], timeout=SOON)
        assert await spoken(page, said) == said
        assert await spoken(page, answered) == answered
    assert await spoken(visitor, said + answered) == await spoken(agent, said + answered)


async def through_tunnels(visitor: Page, agent: Page) -> None:
    """The visitor's network is slow and comes and goes: nothing is lost, doubled or out of order, nor typed in vain.

    A heavy file in the middle is overtaken by nothing.
    """
    said = ["进隧道了", "又出来了", "有声音吗", "一会儿一断"]
    heavy = FilePayload(name="账单.txt", mimeType="text/plain", buffer="流量费 一元\n".encode() * 900)
    answered = ["听得见", "您慢慢说", "都收到了", "不急"]
    async with on_a_train(visitor):
        for mine, theirs in zip(said, answered, strict=True):
            await say(visitor, mine)
            await answer(agent, theirs)
            if mine == said[1]:
                await visitor.locator("input[type=file]").first.set_input_files([heavy])
        await visitor.get_by_label("写消息").fill("写到一半")
        await expect(lines(agent)).to_contain_text(said[-1], timeout=PATIENCE)
    for page in (visitor, agent):
        await expect(lines(page)).to_contain_text(answered[-1], timeout=PATIENCE)
        assert await spoken(page, said) == said
        assert await spoken(page, answered) == answered
        places = [(await lines(page).inner_text()).find(part) for part in (said[1], "账单.txt", said[2])]
        assert -1 not in places, places
        assert places == sorted(places), places
    await expect(visitor.get_by_text("恢复后自动发出")).to_have_count(0)
    await expect(visitor.get_by_label("写消息")).to_have_value("写到一半")
    await say(visitor, "说完了")
    await expect(lines(agent)).to_contain_text("说完了", timeout=SOON)


@asynccontextmanager
async def floor(browser: Browser, centre: RunningCentre) -> AsyncIterator[Page]:
    """The floor on a wall, which nobody touches."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = await context.new_page()
    await sign_in(page, centre, SUPERVISOR)
    await page.goto(f"{centre.address}/floor")
    await tile(page).wait_for()
    yield page
    await context.close()


def tile(wall: Page) -> Locator:
    """The figure of the contacts that were handled today."""
    return wall.get_by_role("button", name=re.compile(r"^接待\s*\d"))


async def handled_on(wall: Page) -> int:
    """What stands there."""
    shown = re.search(r"接待\s*(\d+)", await tile(wall).inner_text())
    assert shown is not None
    return int(shown[1])


def lines(page: Page) -> Locator:
    """The conversation on a page."""
    return page.get_by_role("log")


async def say(visitor: Page, text: str) -> None:
    """As the visitor."""
    await visitor.get_by_label("写消息").fill(text)
    await visitor.keyboard.press("Enter")


async def answer(agent: Page, text: str) -> None:
    """As the agent."""
    await agent.get_by_role("textbox", name="回复客户").fill(text)
    await agent.keyboard.press("Control+Enter")


async def spoken(page: Page, among: list[str]) -> list[str]:
    """Which of these lines a page shows, as often and in the order in which it does; what follows is their fate."""
    shown = (await lines(page).inner_text()).splitlines()
    return [text for line in shown for text in among if line.strip().startswith(text)]


async def finish(agent: Page) -> None:
    """The after-contact form."""
    await agent.get_by_label("小结码").click()
    await agent.get_by_title("资费咨询").click()
    await agent.get_by_role("button", name="完成小结").click()
    await expect(agent.get_by_text("手上没有客户")).to_be_visible()


async def counted_once(supervisor: Staff, wall: Page, interaction_id: str) -> None:
    """The figures of today have the chat, each by the event that made it so; the wall leads to it."""
    handled = await counted(supervisor, "handled_today", interaction_id)
    assert (handled["name"], handled["contributes"]) == ("routing.item-wrapped-up", "handled")
    rated = await counted(supervisor, "csat_today", interaction_id)
    assert (rated["name"], rated["value"]) == ("surveys.rated", 5)
    await tile(wall).click()
    await expect(wall.get_by_role("dialog").get_by_title(interaction_id)).to_have_count(1)
