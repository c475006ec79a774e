"""Pages in the middle of work, at a desk's and a phone's size, as axe-core reads them: nothing serious or critical."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import SIZES, a_page, at_both_sizes, looked_at
from tests.e2e.desk import ACCEPT, desk, sign_in
from tests.e2e.running import TENANT, Guest, RunningCentre
from tests.e2e.trap import NAME, WORDS, unsprung

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENT, AGENTS_NAME = "8027", "宋明哲"
SUPERVISOR, SUPERVISORS_NAME = "8001", "周文静"
CUSTOMERS_NUMBER = "16038126021"
PROOFS = ("验证码核验", "核对资料", "服务密码核验")
WHISPER = f"先道歉，再查账单 {WORDS}"


async def test_desk_without_and_with_a_chat_that_is_listened_to(centre: RunningCentre, chromium: Browser) -> None:
    async with desk(chromium, centre, AGENT, phone=False) as page, Guest(centre, NAME, CUSTOMERS_NUMBER) as guest:
        await at_both_sizes(page, "desk-empty")
        await guest.say(f"上个月的账单好像多了 {WORDS}")
        await page.wait_for_selector(ACCEPT)
        await at_both_sizes(page, "desk-offer")
        await page.keyboard.press("F2")
        await expect(page.get_by_role("log")).to_contain_text("账单")
        await looked_at_ways_to_prove(page)
        async with a_page(chromium) as floor:
            await listen(floor, centre)
            await expect(page.get_by_role("log")).to_contain_text(WHISPER)
            await expect(page.get_by_text(SUPERVISORS_NAME).first).to_be_visible()
            await at_both_sizes(floor, "floor-listening")
            await at_both_sizes(page, "desk-chat")
            await unharmed(page, floor)
        await expect(page.get_by_role("group", name="会话里的同事")).to_have_count(0)
        assert WHISPER not in str((await guest.http.get("/visitor/messages")).json())
        await guest.http.post("/visitor/end")
        await page.get_by_role("button", name="完成小结").wait_for()
        await at_both_sizes(page, "desk-after-contact-work")


async def looked_at_ways_to_prove(page: Page) -> None:
    """Each card by which the agent makes sure who speaks; on a phone they are behind a button."""
    width, height = SIZES["wide"]
    await page.set_viewport_size({"width": width, "height": height})
    for number, way in enumerate(PROOFS):
        await page.get_by_role("button", name=way).click()
        await looked_at(page, f"desk-prove-{number}", (("wide", "dark"), ("wide", "light")))
        await page.get_by_role("button", name="收起").last.click()


async def unharmed(*pages: Page) -> None:
    """What was said stands there as it was written, and has done nothing."""
    for page in pages:
        await expect(page.get_by_role("log")).to_contain_text(f"账单好像多了 {WORDS}")
        await unsprung(page)


async def listen(floor: Page, centre: RunningCentre) -> None:
    """A supervisor comes into the chat on the floor, and whispers. Whoever closes the page has left."""
    await sign_in(floor, centre, SUPERVISOR)
    await floor.goto(f"{centre.address}/floor")
    await floor.get_by_role("button", name=AGENTS_NAME).click()
    await floor.get_by_role("button", name="旁听").click()
    await expect(floor.get_by_role("log")).to_contain_text("账单")
    await expect(floor.get_by_role("textbox", name="内部备注")).to_have_count(0)
    await floor.get_by_title("耳语").click()
    await floor.get_by_role("textbox", name="内部备注").fill(WHISPER)
    await floor.keyboard.press("Control+Enter")


async def test_customer_page(centre: RunningCentre, chromium: Browser) -> None:
    async with a_page(chromium) as page:
        await page.goto(f"{centre.address}/chat/{TENANT}")
        await page.get_by_role("button", name="不填，直接问").wait_for()
        await at_both_sizes(page, "chat-start")
        await page.get_by_role("button", name="不填，直接问").click()
        await page.get_by_label("写消息").fill(f"账单好像多了 {WORDS}")
        await page.keyboard.press("Enter")
        await unharmed(page)
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
