"""One chat between two browsers: offered, taken, cut in the middle, healed, ended and rated."""

import asyncio

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import TENANT, RunningCentre, Staff

pytestmark = [pytest.mark.voice, pytest.mark.browser]

SOON = 15_000
"""Milliseconds within which a page that was cut off is itself again."""


async def test_a_chat_goes_on_through_a_cut_and_is_rated(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    visitor = await context.new_page()
    await visitor.goto(f"{centre.address}/chat/{TENANT}")
    await visitor.get_by_label("称呼（选填）").fill("李明")
    await visitor.get_by_role("button", name="开始", exact=True).click()
    async with desk(chromium, centre, "8025", phone=False) as agent:
        await say(visitor, "我想换个流量大一点的套餐")
        await agent.wait_for_selector(ACCEPT, timeout=SOON)
        await agent.keyboard.press("F2")
        await expect(lines(agent)).to_contain_text("我想换个流量大一点的套餐", timeout=SOON)
        await answer(agent, "您每个月用多少？")
        await expect(lines(visitor)).to_contain_text("您每个月用多少？", timeout=SOON)

        said = ["大概四十", "有时五十", "出差更多", "还在吗", "我等着"]
        answered = ["我看看", "有两种", "一种六十", "一种一百", "都给您说"]
        await context.set_offline(True)
        for mine, theirs in zip(said, answered, strict=True):
            await say(visitor, mine)
            await answer(agent, theirs)
        await expect(lines(agent)).to_contain_text(answered[-1])
        assert said[0] not in await lines(agent).inner_text()
        await context.set_offline(False)

        for page in (visitor, agent):
            await expect(lines(page)).to_contain_text(said[-1], timeout=SOON)
            await expect(lines(page)).to_contain_text(answered[-1], timeout=SOON)
            assert await spoken(page, said) == said
            assert await spoken(page, answered) == answered
        assert await spoken(visitor, said + answered) == await spoken(agent, said + answered)

        await agent.get_by_role("button", name="结束会话").click()
        await agent.get_by_role("dialog").get_by_role("button", name="结束会话").click()
        await visitor.get_by_text("很满意").first.click(force=True, timeout=SOON)
        await visitor.get_by_role("button", name="提交评价").click()
        await expect(visitor.get_by_role("button", name="提交评价")).to_be_hidden(timeout=SOON)
        await finish(agent)
    await counted_once(centre)
    await context.close()


def lines(page: Page) -> Locator:
    """The conversation on a page."""
    return page.get_by_role("log")


async def say(visitor: Page, text: str) -> None:
    """As the visitor."""
    await visitor.get_by_label("写消息").fill(text)
    await visitor.keyboard.press("Enter")


async def answer(agent: Page, text: str) -> None:
    """As the agent."""
    await agent.get_by_label("回复客户").fill(text)
    await agent.keyboard.press("Control+Enter")


async def spoken(page: Page, among: list[str]) -> list[str]:
    """Which of these lines a page shows, as often and in the order in which it does; what follows is their fate."""
    shown = (await lines(page).inner_text()).splitlines()
    return [text for line in shown for text in among if line.strip().startswith(text)]


async def finish(agent: Page) -> None:
    """The after-contact form."""
    await agent.get_by_label("结果").click()
    await agent.get_by_title("资费咨询").click()
    await agent.get_by_role("button", name="完成小结").click()
    await expect(agent.get_by_text("手上没有客户")).to_be_visible()


async def counted_once(centre: RunningCentre) -> None:
    """The agent has nothing in hand any more."""
    async with Staff(centre, "8025") as agent, asyncio.timeout(5):
        while (await agent.get("/inbox"))["mine"]:
            await asyncio.sleep(0.1)
