"""A call is passed on from one desk to another over a real line: who hears whom, and who has it."""

from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.desk import ACCEPT, chromium_with, desk, pick_up
from tests.e2e.running import RunningCentre, Staff
from tests.e2e.test_gone import is_loud
from tests.e2e.test_one_call import HEARD
from tests.support.waiting import until
from tests.voice.support.phone import Phone
from tests.voice.support.tones import loudness_of, tone, write_wav

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CALLER = "16036419034"
FIRST_HZ, SECOND_HZ = 1000, 1500
FIRST, SECOND = "8025", "8026"
SECOND_OF_SOUND = 8000
NOTE = "客户问套餐，已核对身份"


def hears(caller: Phone, hertz: float) -> bool:
    """This one within the last half of a second, and not the other."""
    heard = caller.voice.heard[-SECOND_OF_SOUND // 2 :]
    other = FIRST_HZ if hertz == SECOND_HZ else SECOND_HZ
    return loudness_of(heard, hertz) > HEARD and loudness_of(heard, other) < HEARD / 4


def hears_neither(caller: Phone) -> bool:
    """Something for a second, and no agent."""
    heard = caller.voice.heard[-SECOND_OF_SOUND:]
    return is_loud(caller) and all(loudness_of(heard, hertz) < HEARD / 4 for hertz in (FIRST_HZ, SECOND_HZ))


async def pass_on(page: Page, number: str) -> None:
    """To a colleague, by keys as far as there are any."""
    await page.keyboard.press("F9")
    drawer = page.get_by_role("dialog", name="转接电话")
    await drawer.get_by_label("找队列、姓名、工号").fill(number)
    await drawer.get_by_role("radio").and_(drawer.locator("[value^=agent]")).click()
    await drawer.get_by_label("给接手的人留话").fill(NOTE)
    await drawer.get_by_role("button", name="转接").click()
    await expect(drawer).to_be_hidden()


async def test_a_call_is_passed_on_to_a_colleague(centre: RunningCentre, tmp_path: Path) -> None:
    first_voice = write_wav(tmp_path / "first.wav", tone(FIRST_HZ, 2.0))
    second_voice = write_wav(tmp_path / "second.wav", tone(SECOND_HZ, 2.0))
    async with (
        await centre.phone(hertz=600) as caller,
        chromium_with(f"--use-file-for-fake-audio-capture={first_voice}") as one,
        chromium_with(f"--use-file-for-fake-audio-capture={second_voice}") as two,
        desk(one, centre, FIRST, phone=True) as first,
        Staff(centre, FIRST) as sender,
        Staff(centre, SECOND) as taker,
    ):
        await pick_up(first, caller, CALLER)
        [entry] = await sender.in_hand("talking")
        await until(partial(hears, caller, FIRST_HZ), "the first agent's voice")
        async with desk(two, centre, SECOND, phone=True) as second:
            await pass_on(first, SECOND)
            await second.wait_for_selector(ACCEPT, timeout=40_000)
            await until(partial(hears_neither, caller), "music while the colleague is rung")
            await sender.in_hand("after_contact_work")
            await expect(first.get_by_text("已转给")).to_be_visible()
            await expect(first.get_by_role("button", name="收回")).to_be_hidden()
            assert not caller.is_over

            await second.keyboard.press("F2")
            await until(partial(hears, caller, SECOND_HZ), "the second agent's voice")
            [taken] = await taker.in_hand("talking")
            assert taken["interaction_id"] == entry["interaction_id"]
            await expect(second.get_by_text(NOTE)).to_be_visible()
            await second.keyboard.press("F8")
            await until(partial(hears_neither, caller), "music on hold with the second agent")
            await caller.hang_up()
            await taker.in_hand("after_contact_work")
            await until_silent(centre)


async def until_silent(centre: RunningCentre) -> None:
    """No channel is left."""

    async def silent() -> bool:
        return await centre.channels() == []

    await until(silent, "end of every channel", every=0.2)
