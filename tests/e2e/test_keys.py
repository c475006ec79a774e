"""Keys that are pressed in browsers reach the other side through Asterisk."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import ACCEPT, desk, pick_up
from tests.e2e.running import RunningCentre, Staff
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CALLER = "16036419034"


async def test_what_the_demo_phone_presses_is_the_choice(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(locale="zh-CN")
    phone = await context.new_page()
    await phone.goto(f"{centre.address}/demo-phone")
    await phone.get_by_label("用哪个号码拨打").select_option(CALLER)
    async with desk(chromium, centre, "8022", phone=True) as page, Staff(centre, "8022") as agent:
        await phone.get_by_role("button", name="拨打 10086").click()
        await phone.get_by_role("button", name="1", exact=True).click()  # not enabled before the answer
        await page.wait_for_selector(ACCEPT, timeout=40_000)
        [offer] = (await agent.get("/inbox"))["offers"]
        interaction = await agent.get(f"/interactions/{offer['interaction_id']}")
        assert "选择业务：宽带报障，转人工" in [step["text"] for step in interaction["journey"]]
        await phone.get_by_role("button", name="挂断").click()
        await expect(page.locator(ACCEPT)).to_be_hidden()
    await context.close()


async def test_what_the_agent_presses_is_heard_as_keys(centre: RunningCentre, chromium: Browser) -> None:
    async with await centre.phone() as caller, desk(chromium, centre, "8025", phone=True) as page:
        await pick_up(page, caller, CALLER)
        await expect(page.get_by_role("button", name="保持")).to_be_enabled()
        await page.keyboard.press("Shift+F4")
        for key in "9#":
            await page.get_by_role("group", name="按键").get_by_role("button", name=key, exact=True).click()
        await until(lambda: caller.voice.keys_heard == "9#", "keys")
        await caller.hang_up()
        await page.get_by_label("小结码").click()
        await page.get_by_title("资费咨询").click()
        await page.get_by_role("button", name="完成小结").click()
        await expect(page.get_by_text("手上没有客户")).to_be_visible()
