"""``python -m tests.e2e.pictures``: take the pictures of the README anew, from a demo that runs for it alone.

Needs what the browser tests need (`make tools ui`). Look at what was taken before it is committed.
"""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page

from tests.e2e.desk import ACCEPT, chromium_with, desk, sign_in
from tests.e2e.running import NUMBER, TENANT, RunningCentre
from tests.support.browser import ROOT

IMAGES = ROOT / "docs/images"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
AGENT, WATCHING, CALLER = "8025", "8026", "16036419034"
TALK = (
    ("agent", "您好，8025 为您服务。您每个月大约用多少流量？"),
    ("guest", "大概 40 GB，出差的时候会到 55 GB"),
    ("agent", "神州行 79 元含 40 GB，每月多 20 元，不签合约，随时可以改回来。您看要不要换？"),
    ("guest", "可以，什么时候生效？"),
)


async def main() -> None:
    """Every picture, in the order in which a day would bring them."""
    with tempfile.TemporaryDirectory() as folder:
        centre = RunningCentre(Path(folder) / "var")
        centre.start()
        try:
            async with chromium_with() as browser:
                await demo_phone(browser, centre)
                async with desk(browser, centre, AGENT, phone=True) as agent:
                    await chat(browser, centre, agent)
                    await call(browser, centre, agent)
        finally:
            centre.stop()


async def demo_phone(browser: Browser, centre: RunningCentre) -> None:
    """In the menu of the hotline."""
    context = await fresh(browser, PHONE)
    page = await context.new_page()
    await page.goto(f"{centre.address}/demo-phone")
    await page.get_by_role("button", name=f"拨打 {NUMBER}").click()
    await page.get_by_role("button", name="2", exact=True).click(timeout=15_000)
    await take(page, "demo-phone")
    await page.get_by_role("button", name="挂断").click()
    await context.close()


async def chat(browser: Browser, centre: RunningCentre, agent: Page) -> None:
    """A customer's page in the middle of a talk, which then is over and written up."""
    context = await fresh(browser, PHONE)
    guest = await context.new_page()
    await guest.goto(f"{centre.address}/chat/{TENANT}")
    await guest.get_by_label("称呼（选填）").fill("李明辉")
    await guest.get_by_role("button", name="开始", exact=True).click()
    await guest.get_by_label("写消息").fill("我想换个流量大一点的套餐")
    await guest.keyboard.press("Enter")
    await agent.wait_for_selector(ACCEPT)
    await agent.keyboard.press("F2")
    for who, words in TALK:
        page, label, key = (agent, "回复客户", "Control+Enter") if who == "agent" else (guest, "写消息", "Enter")
        await page.get_by_role("textbox", name=label).fill(words)
        await page.keyboard.press(key)
        await guest.get_by_role("log").get_by_text(words).wait_for()
    await take(guest, "customer-chat")
    await agent.get_by_role("button", name="结束会话").click()
    await agent.get_by_role("dialog").get_by_role("button", name="结束会话").click()
    await guest.get_by_text("很满意").first.click(force=True)
    await guest.get_by_role("button", name="提交评价").click()
    await write_up(agent)
    await context.close()


async def call(browser: Browser, centre: RunningCentre, agent: Page) -> None:
    """The desk during a call, and the floor with one who talks, one who is ready and a queue that waits for nobody."""
    caller = await centre.phone(hertz=500)
    await caller.dial(NUMBER, caller_number=CALLER)
    await caller.until_status(200, 10)
    await caller.press("2")
    await agent.wait_for_selector(ACCEPT, timeout=40_000)
    await agent.keyboard.press("F2")
    await agent.get_by_role("button", name="建工单").click()
    drawer = agent.get_by_role("dialog")
    await drawer.get_by_label("标题").fill("想换大流量套餐，问生效时间")
    await drawer.get_by_label("内容").fill("每月用 40 GB，问 79 元套餐何时生效。")
    await drawer.get_by_role("button", name="建单").click()
    await drawer.wait_for(state="hidden")
    await agent.get_by_label("备注").fill("问 79 元套餐，月底前回电说明生效时间")
    await agent.wait_for_timeout(7_000)  # the note of success goes, and the talk is long enough to be one
    await take(agent, "desk-call")
    context = await fresh(browser, DESK)
    floor = await context.new_page()
    await sign_in(floor, centre, "8001")
    async with desk(browser, centre, WATCHING, phone=False):
        await floor.goto(f"{centre.address}/floor")
        await floor.get_by_text("套餐与资费").first.wait_for()
        await take(floor, "floor")
    await agent.keyboard.press("Shift+F8")
    await write_up(agent)
    await context.close()
    await caller.close()


async def write_up(agent: Page) -> None:
    """The after-contact form."""
    await agent.get_by_label("小结码").click()
    await agent.get_by_title("资费咨询").click()
    await agent.get_by_role("button", name="完成小结").click()
    await agent.get_by_text("手上没有客户").wait_for()


async def fresh(browser: Browser, size: dict[str, int]) -> BrowserContext:
    """A browser of its own size."""
    return await browser.new_context(viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN")


async def take(page: Page, name: str) -> None:
    """Once nothing moves any more."""
    await page.wait_for_timeout(1_000)
    await page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
