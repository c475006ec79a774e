"""A customer leaves a computer that others use, in a real browser: nothing of them is kept there."""

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.axe import looked_at
from tests.e2e.running import TENANT, RunningCentre
from tests.e2e.test_unsent import KEPT, SOON, lost, write
from tests.e2e.test_widget_elsewhere import page_with_widget

pytestmark = [pytest.mark.voice, pytest.mark.browser]

WAYS = [("wide", "light"), ("wide", "dark"), ("phone", "dark"), ("phone", "light")]
SECRET = "我的身份证在抽屉里"
REMAINS = """() => [...Object.keys(localStorage), ...Object.values(localStorage)].filter(
  one => /careline\\.(visitor|introduction|left|draft)|王小敏|13800001234|身份证/.test(one))"""


async def nothing_is_left(page: Page) -> None:
    assert await page.evaluate(REMAINS) == []
    assert await page.evaluate(f"({KEPT})()") == []
    assert SECRET not in await page.locator("body").inner_text()


def tokens_of(context: BrowserContext) -> set[str]:
    tokens: set[str] = set()
    context.on("request", lambda one: tokens.add(one.headers.get("authorization", "")))
    return tokens


async def test_nobody_at_the_computer_is_them_any_more(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(SOON)
    tokens = tokens_of(context)
    page, other = await context.new_page(), await context.new_page()
    for tab in (page, other):
        await tab.goto(f"{centre.address}/chat/{TENANT}")
    await page.get_by_label("称呼").fill("王小敏")
    await page.get_by_label("手机号").fill("13800001234")
    await page.get_by_role("button", name="开始").click()
    await write(page, "你好")
    await expect(other.get_by_role("log")).to_contain_text("你好", timeout=SOON)
    await lost(page)
    await write(page, SECRET)
    await expect(page.get_by_text("恢复后自动发出").first).to_be_visible(timeout=SOON)
    await page.get_by_label("写消息").fill("写了一半")

    await page.get_by_role("button", name="离开这台设备").click()
    dialog = page.get_by_role("dialog")
    for words in ("聊天记录", "正在进行的服务会结束", "1 条没有发出去", "写了一半的话也会删除"):
        await expect(dialog).to_contain_text(words)
    await looked_at(page, "leave-device", WAYS)
    await dialog.get_by_role("button", name="先不离开").click()
    await expect(page.get_by_role("log")).to_contain_text(SECRET)
    await page.get_by_role("button", name="离开这台设备").click()
    await dialog.get_by_role("button", name="删除并离开").click()

    await expect(page.get_by_text("已经离开。这台设备上没有留下您的内容。")).to_be_visible(timeout=SOON)
    await expect(page.get_by_role("heading", level=2)).to_be_focused()
    for tab in (page, other):
        await expect(tab.get_by_role("button", name="开始")).to_be_visible(timeout=SOON)
        await nothing_is_left(tab)
    await looked_at(page, "left-device", WAYS)
    async with httpx.AsyncClient(base_url=f"{centre.address}/api/v1") as http:
        for token in tokens - {""}:
            answer = await http.get("/visitor/messages", headers={"Authorization": token})
            assert answer.status_code == 401, "who copied the token is nobody, either"
    await page.reload()
    await expect(page.get_by_label("称呼")).to_have_value("", timeout=SOON)
    await context.close()


async def test_the_widget_is_left_by_keyboard(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(locale="zh-CN")
    context.set_default_timeout(SOON)
    page = await context.new_page()
    async with page_with_widget(centre, centre.site_port) as address:
        await page.goto(address)
        await page.get_by_role("button", name="在线客服").click()
        await expect(page.get_by_role("button", name="离开这台设备")).to_be_hidden()
        await write(page, SECRET)
        await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
        await page.get_by_label("写消息").fill("写了一半")
        await page.get_by_role("button", name="离开这台设备").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="离开这台设备")).to_contain_text("写了一半的话也会删除")
        await page.keyboard.press("Escape")
        await expect(page.get_by_label("写消息")).to_have_value("写了一半")
        await page.get_by_role("button", name="离开这台设备").click()
        await page.get_by_role("button", name="删除并离开").click()
        await expect(page.get_by_role("log")).to_contain_text("已经离开", timeout=SOON)
        await expect(page.get_by_label("写消息")).to_have_value("")
        await expect(page.get_by_label("写消息")).to_be_focused()
        await nothing_is_left(page)
        await write(page, "我是后来的")
        await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
        await expect(page.get_by_role("log")).not_to_contain_text(SECRET)
        await page.get_by_role("button", name="结束").click()
        await page.get_by_role("button", name="确定结束").click()
        await expect(page.get_by_role("log")).to_contain_text("您已结束这次服务", timeout=SOON)
    await context.close()
