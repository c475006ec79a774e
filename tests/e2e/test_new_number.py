"""A centre that was only just made is given a number in the studio, and a telephone that dials it reaches its flow."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.running import RunningCentre
from tests.support.browser import ROOT
from tests.support.waiting import PATIENCE_S, until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

NUMBER = "4008800123"
PASSWORD = "correct horse battery staple"


def command(centre: RunningCentre, *words: str, typed: str = "") -> str:
    """What an operator types beside the running process."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
    program = [sys.executable, "-c", "from careline.entrypoints.cli.app import main; main()", *words]
    environment = known | {"CARELINE_DATA": str(centre.data)}
    ended = subprocess.run(program, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def calls_to(centre: RunningCentre, number: str) -> list[tuple[str, str]]:
    """Tenant and flow of each stored call."""
    with closing(sqlite3.connect(centre.data / "careline.db")) as connection:
        asked = "SELECT t.code, c.entry_flow FROM call c JOIN tenant t ON t.id = c.tenant_id WHERE c.called_number = ?"
        return connection.execute(asked, (number,)).fetchall()


async def test_a_new_centre_is_called_at_the_number_that_it_was_given(
    own_centre: RunningCentre, chromium: Browser
) -> None:
    said = command(own_centre, "tenant", "create", "north", "北方")
    assert "no telephone number yet" in said
    user = ("user", "create", "north", "nadmin", "管理员", "--role", "system_administrator")
    command(own_centre, *user, "--password-stdin", "--lasting", typed=f"{PASSWORD}\n")
    async with await own_centre.phone() as caller:
        await caller.dial(NUMBER, caller_number="13800138000")
        assert await caller.until_status(300) == 480

    context = await chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = await context.new_page()
    page.set_default_timeout(1000 * PATIENCE_S)
    await page.goto(f"{own_centre.address}/")
    for field, value in (("tenant", "north"), ("login", "nadmin"), ("password", PASSWORD)):
        await page.fill(f"#{field}", value)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto(f"{own_centre.address}/studio/numbers")
    await page.get_by_role("button", name="新增号码").click()
    await page.get_by_role("textbox", name="号码", exact=True).fill("10086")
    await page.get_by_role("textbox", name="名称").fill("北方热线")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("这个号码不能用").first).to_be_visible()
    await page.get_by_role("textbox", name="号码", exact=True).fill("400 880 0123")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("link", name=NUMBER)).to_be_visible()
    await expect(page.get_by_text("管理员，").first).to_be_visible()

    async with await own_centre.phone() as caller:
        await caller.dial(NUMBER, caller_number="13800138000")
        assert await caller.until_status(200) == 200
        await until(lambda: calls_to(own_centre, NUMBER) == [("north", "hotline")], "the call of the new centre")
        await caller.hang_up()
    await context.close()
