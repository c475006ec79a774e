"""A customer and two agents: declined by one, answered by the other, cut and healed, passed on, written up, rated."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.desk import ACCEPT, OFFER, desk
from tests.e2e.running import TENANT, RunningCentre, Staff
from tests.e2e.test_one_chat import SOON, answer, lines, say, through_a_cut
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENTS = ("8021", "8022")
NOTE = "客户要换 198 的套餐，用量已核对"
SECRET = "他上个月投诉过，注意语气"


async def test_a_chat_is_passed_on_and_each_agent_writes_up(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    visitor = await context.new_page()
    await visitor.goto(f"{centre.address}/chat/{TENANT}")
    await visitor.get_by_role("button", name="开始", exact=True).click()
    async with (
        desk(chromium, centre, AGENTS[0], phone=False) as one,
        desk(chromium, centre, AGENTS[1], phone=False) as other,
        Staff(centre, AGENTS[0]) as staff,
        Staff(centre, AGENTS[1]) as staff_other,
    ):
        before = [(await who.get("/insight/my-shift"))["handled"] for who in (staff, staff_other)]
        await say(visitor, "我想换个流量大一点的套餐")
        declines = await first_offered(one, other)
        takes = other if declines is one else one
        await declines.keyboard.press("Shift+F2")
        await takes.wait_for_selector(ACCEPT, timeout=SOON)
        await takes.keyboard.press("F2")
        await expect(lines(takes)).to_contain_text("流量大", timeout=SOON)
        await through_a_cut(context, visitor, takes)

        await note(takes, SECRET)
        await pass_on(takes, NOTE)
        await expect(lines(visitor)).to_contain_text("正在为您转接", timeout=SOON)
        card = declines.locator(OFFER)
        await expect(card).to_contain_text(NOTE, timeout=SOON)
        await declines.keyboard.press("F2")
        await expect(lines(declines)).to_contain_text(SECRET, timeout=SOON)
        await expect(takes.get_by_text("接手了")).to_be_visible(timeout=SOON)
        await answer(declines, "给您换好了")
        await expect(lines(visitor)).to_contain_text("给您换好了", timeout=SOON)

        await declines.get_by_role("button", name="结束会话").click()
        await declines.get_by_role("dialog").get_by_role("button", name="结束会话").click()
        await visitor.get_by_text("很满意").first.click(force=True, timeout=SOON)
        await visitor.get_by_role("button", name="提交评价").click()
        await expect(visitor.get_by_role("button", name="提交评价")).to_be_hidden(timeout=SOON)
        for page, code in ((declines, "漫游咨询"), (takes, "资费咨询")):
            await write_up(page, code)
        for who, had in zip((staff, staff_other), before, strict=True):
            await counted(who, had + 1)
        assert SECRET not in await visitor.content()
        assert NOTE not in await visitor.content()
    await context.close()


async def first_offered(one: Page, other: Page) -> Page:
    """At whose desk the offer stands."""
    for _ in range(SOON // 100):
        for page in (one, other):
            if await page.locator(ACCEPT).count():
                return page
        await one.wait_for_timeout(100)
    raise AssertionError("nobody was offered the chat")


async def note(agent: Page, text: str) -> None:
    """Written for colleagues only."""
    await agent.keyboard.press("Alt+n")
    await agent.get_by_role("textbox", name="内部备注").fill(text)
    await agent.keyboard.press("Control+Enter")
    await expect(lines(agent)).to_contain_text(text, timeout=SOON)


async def pass_on(agent: Page, text: str) -> None:
    """To the queue that it came from."""
    await agent.keyboard.press("F9")
    drawer = agent.get_by_role("dialog")
    await drawer.get_by_role("radio", name="当前队列").check()
    await drawer.get_by_label("给接手的人留话").fill(text)
    await agent.keyboard.press("Control+Enter")
    await expect(agent.get_by_text("等接手")).to_be_visible(timeout=SOON)


async def write_up(agent: Page, code: str) -> None:
    """The after-contact form."""
    await agent.get_by_label("小结码").click()
    await agent.get_by_title(code).click()
    await agent.get_by_role("button", name="完成小结").click()
    await expect(agent.get_by_text("手上没有客户")).to_be_visible(timeout=SOON)


async def counted(staff: Staff, handled: int) -> None:
    """The figures of a shift are read from the log a moment after the fact."""

    async def is_counted() -> bool:
        return bool((await staff.get("/insight/my-shift"))["handled"] == handled)

    await until(is_counted, f"figure of {handled}", every=0.1)
