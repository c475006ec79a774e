"""Every page, at a desk's and at a phone's size, as axe-core reads it: nothing serious, nothing critical."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.desk import ACCEPT, desk, sign_in
from tests.e2e.running import TENANT, Guest, RunningCentre, Staff
from tests.support.browser import ROOT

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AXE = ROOT / "ui/node_modules/axe-core/axe.min.js"
SCREENS = ROOT / "artifacts/screens"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
GRAVE = ("serious", "critical")
AGENT, SUPERVISOR = "8027", "8001"
SETTLE_MS = 400
"""Longer than any transition: a colour halfway is no finding."""


async def test_sign_in(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page:
        await page.goto(f"{centre.address}/sign-in")
        await page.locator("#password").wait_for()
        await at_both_sizes(page, "sign-in")


async def test_desk_without_and_with_a_chat(centre: RunningCentre, chromium: Browser) -> None:
    async with desk(chromium, centre, AGENT, phone=False) as page, Guest(centre, "王芳") as guest:
        await at_both_sizes(page, "desk-empty")
        await guest.say("上个月的账单好像多了")
        await page.wait_for_selector(ACCEPT)
        await at_both_sizes(page, "desk-offer")
        await page.keyboard.press("F2")
        await expect(page.get_by_role("log")).to_contain_text("账单")
        await at_both_sizes(page, "desk-chat")
        await guest.http.post("/visitor/end")
        await page.get_by_role("button", name="完成小结").wait_for()
        await at_both_sizes(page, "desk-after-contact-work")


async def test_floor(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page:
        await sign_in(page, centre, SUPERVISOR)
        await page.goto(f"{centre.address}/floor")
        await page.get_by_text("套餐与资费").first.wait_for()
        await at_both_sizes(page, "floor")


async def test_cases(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page, Staff(centre, SUPERVISOR) as supervisor:
        wanted = {"type": "fault", "title": "宽带晚上断网", "text": "每晚八点后断，重启光猫能好一会儿。"}
        answer = await supervisor.http.post("/cases", json={**wanted, "customer_id": None, "interaction_id": None})
        assert answer.status_code == 201, answer.text
        await sign_in(page, centre, SUPERVISOR)
        await page.goto(f"{centre.address}/cases")
        await page.get_by_text(wanted["title"]).first.wait_for()
        await at_both_sizes(page, "cases")
        await page.goto(f"{centre.address}/cases/{answer.json()['id']}")
        await page.get_by_text(wanted["text"]).first.wait_for()
        await at_both_sizes(page, "case")


async def test_customers(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page:
        await sign_in(page, centre, SUPERVISOR)
        await page.goto(f"{centre.address}/customers")
        await page.get_by_label("找客户").fill("wxm")
        found = page.get_by_role("link", name="王*敏")
        await found.wait_for()
        await at_both_sizes(page, "customers")
        await found.click()
        await page.get_by_text("动感地带 39 元(亲情副卡)").wait_for()
        await at_both_sizes(page, "customer-record")


@pytest.mark.parametrize(
    ("login", "shown"),
    [
        ("sysadmin", {"users": "陈晓岚", "organisation": "综合服务组"}),
        ("secadmin", {"roles": "现场观察员"}),
        ("auditor", {"audit": "登录"}),
    ],
)
async def test_who_works_here(centre: RunningCentre, chromium: Browser, login: str, shown: dict[str, str]) -> None:
    async with a_page(chromium) as page:
        await sign_in(page, centre, login)
        for path, text in shown.items():
            await page.goto(f"{centre.address}/studio/{path}")
            await page.get_by_text(text).first.wait_for()
            await at_both_sizes(page, f"studio-{path}")


async def test_customer_page(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page:
        await page.goto(f"{centre.address}/chat/{TENANT}")
        await page.get_by_role("button", name="不填，直接问").wait_for()
        await at_both_sizes(page, "chat-start")
        await page.get_by_role("button", name="不填，直接问").click()
        await page.get_by_label("写消息").fill("国际漫游怎么开")
        await page.keyboard.press("Enter")
        await page.get_by_text("国际漫游怎么开").wait_for()
        await at_both_sizes(page, "chat")
        await page.get_by_role("button", name="结束", exact=True).click()
        await at_both_sizes(page, "chat-end")
        await page.get_by_role("button", name="结束服务").click()
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_demo_phone(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page:
        answer = await page.goto(f"{centre.address}/demo-phone")
        assert answer is not None
        assert answer.status == 200
        await page.get_by_role("button").first.wait_for()
        await at_both_sizes(page, "demo-phone")


@asynccontextmanager
async def a_page(browser: Browser) -> AsyncIterator[Page]:
    """A page of somebody who comes for the first time."""
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    page.set_default_timeout(15_000)
    try:
        yield page
    finally:
        await context.close()


async def at_both_sizes(page: Page, name: str) -> None:
    """Look, and let axe look. What it finds is listed by page, rule and element."""
    grave = []
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_timeout(SETTLE_MS)
        SCREENS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SCREENS / f"{name}-{size}.png")
        found = await findings(page)
        grave += [(size, one["id"], node["target"]) for one in found if one["impact"] in GRAVE for node in one["nodes"]]
        sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{name} at {size} scrolls sideways by {sideways} px"
    assert not grave, f"{name}: {grave}"


async def findings(page: Page) -> list[dict[str, Any]]:
    """What axe-core has against the page as it is."""
    assert AXE.is_file(), "axe-core is not there: run `make ui`"
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate("axe.run(document).then(({violations}) => violations)")
    return found
