"""``python -m tests.e2e.pictures``: take the pictures of the README anew, from a demo that runs for it alone.

Needs what the browser tests need (`make tools ui`). Look at what was taken before it is committed.
"""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page

from careline.entrypoints.demo.crowd.running import play
from tests.e2e.desk import ACCEPT, chromium_with, desk, sign_in
from tests.e2e.running import NUMBER, TENANT, Guest, RunningCentre
from tests.support.browser import ROOT
from tests.support.waiting import until

IMAGES = ROOT / "docs/images"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
AGENT, SUPERVISOR, CALLER = "8025", "8001", "16036419034"
CROWD, CROWD_S = ("8022", "8023", "8024", "8026", "8027", "8028"), 36.0
GUESTS = (
    ("刘晨洋", "16037734450", "下周去日本，国际漫游怎么开？"),
    ("李明辉", "16039517788", "我想换个流量大一点的套餐"),
)
TALKER = ("王小敏", "16038126021", "我的账单比上个月多了 30 块，怎么回事？")
BILL = (
    ("王女士您好，8025 为您服务。上月 18 日加了一个 30 元的流量包。", "我没有订过什么包啊"),
    ("查到了，是到期自动续订的，这个月没有用过，我给您关掉。", "好的，那退给我吗？"),
)
"""What the agent says to her, and what she answers."""
ANY_SITE = "--disable-features=LocalNetworkAccessChecks"
"""The page that carries the widget in the picture is made up, and comes from no address."""
WHISPER = "没用过的可以全额退，直接退就行"
SHOP = """<!doctype html><meta name="viewport" content="width=device-width"><title>示例商城</title>
<body style="margin:0;font:16px/1.6 sans-serif;color:#222"><div style="background:#0b5c8a;color:#fff;padding:20px">
<b>示例商城</b></div><div style="padding:20px"><h2>畅享套餐 129 元</h2>
<p>60 GB 流量，1000 分钟通话，家人共享。</p></div>"""
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
            async with chromium_with(ANY_SITE) as browser:
                await demo_phone(browser, centre)
                async with desk(browser, centre, AGENT, phone=True) as agent:
                    await chat(browser, centre, agent)
                    await call(centre, agent)
                    await three_chats(browser, centre, agent)
                await widget(browser, centre)
                await setting_up(browser, centre)
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


async def call(centre: RunningCentre, agent: Page) -> None:
    """The desk during a call."""
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
    await agent.keyboard.press("Shift+F8")
    await write_up(agent)
    await caller.close()


async def three_chats(browser: Browser, centre: RunningCentre, agent: Page) -> None:
    """The desk with as many chats as it may have, on a floor that is busy, and a supervisor in one of them."""
    async with AsyncExitStack() as stack:
        for name, number, words in (*GUESTS, TALKER):
            guest = await stack.enter_async_context(Guest(centre, name, number))
            await guest.say(words)
            await agent.wait_for_selector(ACCEPT)
            await agent.keyboard.press("F2")
            await agent.get_by_role("log").get_by_text(words).wait_for()
        for said, answered in BILL:
            await agent.get_by_role("textbox", name="回复客户").fill(said)
            await agent.keyboard.press("Control+Enter")
            await until(partial(has_come, guest, said), "answer")
            await guest.say(answered)
            await agent.get_by_role("log").get_by_text(answered).wait_for()
        crowd = asyncio.create_task(a_crowd(centre))
        context = await fresh(browser, DESK)
        floor = await context.new_page()
        await sign_in(floor, centre, SUPERVISOR)
        await floor.goto(f"{centre.address}/floor")
        await floor.wait_for_timeout(CROWD_S * 1000 * 0.7)
        await take(floor, "floor")
        await floor.get_by_text("罗子明").first.click()
        await floor.get_by_role("button", name="旁听").last.click()
        await floor.get_by_title("耳语").click()
        await floor.get_by_role("textbox", name="内部备注").fill(WHISPER)
        await floor.keyboard.press("Control+Enter")
        await floor.get_by_role("log").get_by_text(WHISPER).wait_for()
        await take(floor, "floor-listening")
        await take(agent, "desk-chats")
        await crowd
        await context.close()


async def a_crowd(centre: RunningCentre) -> None:
    """Others chat, and others answer."""
    agents = [(login, centre.password_of(login)) for login in CROWD]
    await play(centre.address, customers=9, agents=agents, seconds=CROWD_S, hurry=3.0)


async def has_come(guest: Guest, words: str) -> bool:
    """Whether a customer has this."""
    return words in (await guest.http.get("/visitor/messages")).text


async def widget(browser: Browser, centre: RunningCentre) -> None:
    """The widget on the phone of somebody who reads another site's page."""
    context = await fresh(browser, PHONE)
    page = await context.new_page()
    site = f"http://127.0.0.1:{centre.site_port}/"
    script = f'<script src="{centre.address}/widget.js" data-tenant="{TENANT}"></script>'
    await page.route(site, lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=SHOP + script))
    await page.goto(site)
    await page.get_by_role("button", name="在线客服").click()
    await page.get_by_label("写消息").fill("这个套餐包含 5G 吗？")
    await page.keyboard.press("Enter")
    await page.get_by_role("log").get_by_text("我是自动应答").wait_for()
    await take(page, "widget-phone")
    await page.get_by_role("button", name="结束").click()
    await page.get_by_role("button", name="确定结束").click()
    await context.close()


async def setting_up(browser: Browser, centre: RunningCentre) -> None:
    """A customer's record, the studio where the widget gets its look, and a flow."""
    context = await fresh(browser, DESK)
    page = await context.new_page()
    await sign_in(page, centre, SUPERVISOR)
    await page.goto(f"{centre.address}/customers?q=wxm")
    await page.get_by_role("link", name="王*敏").first.click()
    await page.get_by_text("全球通畅享 198 元").first.wait_for()
    await take(page, "customer-record")
    await context.close()
    context = await fresh(browser, DESK)
    page = await context.new_page()
    await sign_in(page, centre, "sysadmin")
    await page.goto(f"{centre.address}/studio/widget")
    await page.wait_for_load_state("networkidle")
    await take(page, "studio")
    await flow_tried(page, centre.address)
    await context.close()


async def flow_tried(page: Page, address: str) -> None:
    """The hotline's flow, tried out as far as a queue."""
    await page.goto(f"{address}/studio/flows/hotline?step=menu")
    await page.get_by_role("button", name="文字试跑").click()
    await page.get_by_role("button", name="按 1", exact=True).click()
    await page.get_by_role("group", name="排队怎么结束").wait_for()
    await page.get_by_role("button", name="看全图").click()
    await take(page, "flow-editor")


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
