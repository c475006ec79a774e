"""Messages left outside the hours: kept until the queue opens, offered, put off, passed on and taken back, interrupted
by a chat, answered, done and rated.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import at_both_sizes
from tests.e2e.desk import ACCEPT, OFFER, desk, leave
from tests.e2e.running import TENANT, RunningCentre, Staff
from tests.e2e.test_one_chat import answer, finish
from tests.e2e.test_passed_on import pass_on
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENT, COLLEAGUE, ADMINISTRATOR, SUPERVISOR = "8027", "8025", "sysadmin", "8001"
QUEUE, LATER = "tariff", "请下午再打给我"
SOON = 30_000


async def test_a_left_message_is_offered_when_the_queue_opens(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    visitor = await context.new_page()
    async with Staff(centre, ADMINISTRATOR) as boss, closed(boss) as opens:
        await someone_else_leaves_a_message(centre, chromium)
        await leaves_a_message(centre, visitor, "想改成 59 元的套餐")
        async with desk(chromium, centre, AGENT, phone=False) as agent, Staff(centre, SUPERVISOR) as supervisor:
            floor = await supervisor.get("/floor")
            assert message_line(floor)["waiting"] == 2
            assert await agent.locator(OFFER).count() == 0, "offered while the queue is closed"
            await opens()
            await expect(agent.locator(OFFER)).to_contain_text("留言", timeout=SOON)
            await agent.locator(ACCEPT).wait_for(timeout=SOON)
            await agent.keyboard.press("F2")
            letter = agent.get_by_role("region", name="客户留言")
            await expect(letter).to_contain_text(LATER, timeout=SOON)
            put_off = await puts_it_off(centre, agent)
            await agent.locator(ACCEPT).wait_for(timeout=SOON)
            await agent.keyboard.press("F2")
            await expect(letter).to_contain_text("想改成 59 元的套餐", timeout=SOON)
            await expect(letter).to_contain_text("138****6021")
            await passed_on_and_taken_back(centre, agent, supervisor)
            await answer(agent, "已经改好了，下月生效")
            await expect(visitor.get_by_role("log")).to_contain_text("已经改好了，下月生效", timeout=SOON)
            await interrupted(chromium, centre, agent)
            await agent.get_by_role("button", name="处理完了").click()
            await agent.get_by_role("dialog").get_by_role("button", name="处理完了").click()
            await expect(visitor.get_by_role("log")).to_contain_text("您的留言已处理", timeout=SOON)
            await visitor.get_by_text("很满意").first.wait_for(timeout=SOON)
            await at_both_sizes(visitor, "left-message-rated")
            await visitor.get_by_text("很满意").first.click(force=True)
            await visitor.get_by_role("button", name="提交评价").click()
            await expect(visitor.get_by_role("button", name="提交评价")).to_be_hidden(timeout=SOON)
            async with Staff(centre, AGENT) as staff:
                await resolves(staff, put_off)
                (done,) = await staff.in_hand("after_contact_work")
                left = await staff.get(f"/interactions/{done['interaction_id']}/left-message")
            await finish(agent)
            await is_resolved(supervisor, left["case_id"])
            await until(lambda: nothing_waits(supervisor), "the queue without messages", every=0.1)
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


async def someone_else_leaves_a_message(centre: RunningCentre, browser: Browser) -> None:
    """Of somebody who is not waited for."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    await leaves_a_message(centre, await context.new_page(), LATER)
    await context.close()


async def puts_it_off(centre: RunningCentre, agent: Page) -> str:
    """To half an hour later, with a reason; the id of its case."""
    async with Staff(centre, AGENT) as staff:
        (entry,) = await staff.in_hand("answering")
        await agent.get_by_role("button", name="稍后处理").click()
        dialog = agent.get_by_role("dialog")
        await dialog.get_by_label("为什么").fill("客户在开会")
        await at_both_sizes(agent, "left-message-put-off")
        await agent.set_viewport_size({"width": 1440, "height": 900})
        await dialog.get_by_role("button", name="改期").click()
        await expect(dialog).to_be_hidden(timeout=SOON)
        left = await staff.get(f"/interactions/{entry['interaction_id']}/left-message")
        return str(left["case_id"])


async def passed_on_and_taken_back(centre: RunningCentre, agent: Page, supervisor: Staff) -> None:
    """To a colleague's queue, who is at lunch; it waits there beside the one that is put off."""
    async with Staff(centre, COLLEAGUE) as colleague:
        answer = await colleague.http.put("/agent-state", json={"chosen": "not_ready", "reason": "meal"})
        assert answer.status_code == 200, answer.text
        try:
            await pass_on(agent, "客户想改套餐")
            line = message_line(await supervisor.get("/floor"))
            assert (line["waiting"], line["put_off"]) == (2, 1)
            await agent.get_by_role("button", name="收回").click()
            await expect(agent.get_by_role("button", name="处理完了")).to_be_visible(timeout=SOON)
        finally:
            await leave(centre, COLLEAGUE)


async def resolves(staff: Staff, case_id: str) -> None:
    """In the list, so that nothing of it is left to others."""
    case = await staff.get(f"/cases/{case_id}")
    wanted = {"state": "resolved", "version": case["version"], "text": "已联系"}
    answer = await staff.http.post(f"/cases/{case_id}/state", json=wanted)
    assert answer.status_code == 200, answer.text


async def nothing_waits(supervisor: Staff) -> bool:
    return bool(message_line(await supervisor.get("/floor"))["waiting"] == 0)


async def leaves_a_message(centre: RunningCentre, visitor: Page, text: str) -> None:
    """As a customer does who comes too late."""
    await visitor.goto(f"{centre.address}/chat/{TENANT}")
    await visitor.get_by_label("称呼（选填）").fill("周敏")
    await visitor.get_by_role("button", name="开始", exact=True).click()
    await visitor.get_by_label("写消息").fill("有人吗")
    await visitor.keyboard.press("Enter")
    await visitor.get_by_label("想说的事").fill(text, timeout=SOON)
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
