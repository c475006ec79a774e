"""A message left outside the hours: kept until the queue opens, offered, interrupted by a chat, answered and done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.desk import ACCEPT, OFFER, desk
from tests.e2e.running import TENANT, RunningCentre, Staff
from tests.e2e.test_one_chat import answer, finish
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENT, ADMINISTRATOR, SUPERVISOR = "8027", "sysadmin", "8001"
QUEUE = "tariff"
SOON = 30_000


async def test_a_left_message_is_offered_when_the_queue_opens(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    visitor = await context.new_page()
    async with Staff(centre, ADMINISTRATOR) as boss, closed(boss) as opens:
        await leaves_a_message(centre, visitor)
        async with desk(chromium, centre, AGENT, phone=False) as agent, Staff(centre, SUPERVISOR) as supervisor:
            floor = await supervisor.get("/floor")
            assert message_line(floor)["waiting"] == 1
            assert await agent.locator(OFFER).count() == 0, "offered while the queue is closed"
            await opens()
            await expect(agent.locator(OFFER)).to_contain_text("留言", timeout=SOON)
            await agent.locator(ACCEPT).wait_for(timeout=SOON)
            await agent.keyboard.press("F2")
            letter = agent.get_by_role("region", name="客户留言")
            await expect(letter).to_contain_text("想改成 59 元的套餐", timeout=SOON)
            await expect(letter).to_contain_text("138****6021")
            await answer(agent, "已经改好了，下月生效")
            await expect(visitor.get_by_role("log")).to_contain_text("已经改好了，下月生效", timeout=SOON)
            await interrupted(chromium, centre, agent)
            await agent.get_by_role("button", name="处理完了").click()
            await agent.get_by_role("dialog").get_by_role("button", name="处理完了").click()
            await expect(visitor.get_by_role("log")).to_contain_text("您的留言已处理", timeout=SOON)
            async with Staff(centre, AGENT) as staff:
                (done,) = await staff.in_hand("after_contact_work")
                left = await staff.get(f"/interactions/{done['interaction_id']}/left-message")
            await finish(agent)
            await is_resolved(supervisor, left["case_id"])
            assert message_line(await supervisor.get("/floor"))["waiting"] == 0
    await context.close()


@asynccontextmanager
async def closed(boss: Staff) -> AsyncIterator[Any]:
    """The queue of chats is closed by hand; what opens it again, which happens in the end anyway."""
    (queue,) = [one for one in (await boss.get("/queues"))["items"] if one["code"] == QUEUE]
    path = f"/queues/{queue['id']}"

    async def be(*, closed: bool) -> None:
        now = await boss.get(path)
        wanted = {name: value for name, value in now.items() if name not in ("id", "code")}
        wanted["rules"] = {**now["rules"], "closed": closed}
        answer = await boss.http.put(path, json=wanted)
        assert answer.status_code == 200, answer.text

    async def opens() -> None:
        await be(closed=False)

    await be(closed=True)
    try:
        yield opens
    finally:
        await be(closed=False)


async def leaves_a_message(centre: RunningCentre, visitor: Page) -> None:
    """As a customer does who comes too late."""
    await visitor.goto(f"{centre.address}/chat/{TENANT}")
    await visitor.get_by_label("称呼（选填）").fill("周敏")
    await visitor.get_by_role("button", name="开始", exact=True).click()
    await visitor.get_by_label("写消息").fill("有人吗")
    await visitor.keyboard.press("Enter")
    await visitor.get_by_label("想说的事").fill("想改成 59 元的套餐", timeout=SOON)
    await visitor.get_by_label("怎么联系您").fill("138 1234 6021")
    await visitor.get_by_role("checkbox").check()
    await visitor.get_by_role("button", name="提交留言").click()
    await expect(visitor.get_by_role("log")).to_contain_text("留言收到了", timeout=SOON)


async def interrupted(browser: Browser, centre: RunningCentre, agent: Page) -> None:
    """Another customer's chat is offered to who has the message in hand; it rests, and is theirs again."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    other = await context.new_page()
    await other.goto(f"{centre.address}/chat/{TENANT}")
    await other.get_by_role("button", name="开始", exact=True).click()
    await other.get_by_label("写消息").fill("查一下流量")
    await other.keyboard.press("Enter")
    await expect(agent.locator(OFFER)).to_contain_text("手上的留言可以先放一放", timeout=SOON)
    await agent.locator(ACCEPT).wait_for(timeout=SOON)
    await agent.keyboard.press("F2")
    await expect(agent.get_by_role("button", name="先放着")).to_be_visible(timeout=SOON)
    await agent.get_by_role("button", name="结束会话").click()
    await agent.get_by_role("dialog").get_by_role("button", name="结束会话").click()
    await agent.get_by_label("小结码").click()
    await agent.get_by_title("资费咨询").click()
    await agent.get_by_role("button", name="完成小结").click()
    await expect(agent.get_by_role("region", name="客户留言")).to_be_visible(timeout=SOON)
    await context.close()


def message_line(floor: dict[str, Any]) -> dict[str, Any]:
    """What the floor says of left messages in the queue."""
    (queue,) = [queue for queue in floor["queues"] if queue["name"] == "套餐与资费"]
    (line,) = [line for line in queue["lines"] if line["media"] == "message"]
    return dict(line)


async def is_resolved(supervisor: Staff, case_id: str) -> None:
    """The case went the way of its message."""

    async def resolved() -> bool:
        return bool((await supervisor.get(f"/cases/{case_id}"))["state"] == "resolved")

    await until(resolved, "the case that is resolved", every=0.1)
