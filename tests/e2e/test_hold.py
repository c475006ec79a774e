"""A caller on hold, in a browser on a real line: music for them, silence for their agent, over whatever happens."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.desk import chromium_with, desk, pick_up
from tests.e2e.running import RunningCentre, Staff
from tests.e2e.test_gone import is_loud
from tests.e2e.test_one_call import HEARD, channels_of, quarters, until_closed, write_up
from tests.support.waiting import until
from tests.voice.support.phone import Phone
from tests.voice.support.tones import loudness_of, tone, write_wav

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CALLER = "16036419034"
CALLER_HZ, AGENT_HZ = 600, 1000
SECOND = 8000
ON_HOLD = "保持中，客户在听音乐"


def hears_agent(caller: Phone) -> bool:
    """Within the last half of a second."""
    return loudness_of(caller.voice.heard[-SECOND // 2 :], AGENT_HZ) > HEARD


def hears_music(caller: Phone) -> bool:
    """Something for a second, and nothing of the agent."""
    return is_loud(caller) and loudness_of(caller.voice.heard[-SECOND:], AGENT_HZ) < HEARD / 4


async def on_hold(page: Page, caller: Phone) -> None:
    """Held with the key, and heard to be."""
    await until(partial(hears_agent, caller), "the agent's voice")
    await page.keyboard.press("F8")
    await page.get_by_text(ON_HOLD).wait_for()
    await until(partial(hears_music, caller), "music alone")


async def test_who_is_on_hold_hears_music_and_is_recorded_on(centre: RunningCentre, tmp_path: Path) -> None:
    microphone = write_wav(tmp_path / "microphone.wav", tone(AGENT_HZ, 2.0))
    async with (
        await centre.phone(hertz=CALLER_HZ) as caller,
        chromium_with(f"--use-file-for-fake-audio-capture={microphone}") as browser,
        desk(browser, centre, "8025", phone=True) as page,
        Staff(centre, "8025") as agent,
        Staff(centre, "8001") as supervisor,
    ):
        await pick_up(page, caller, CALLER)
        [entry] = await agent.in_hand("talking")
        await on_hold(page, caller)
        await asyncio.sleep(2)
        assert hears_music(caller)
        await page.keyboard.press("F8")
        await page.get_by_text(ON_HOLD).wait_for(state="detached")
        await until(partial(hears_agent, caller), "the agent's voice")
        await page.keyboard.press("Shift+F8")
        await caller.press("5")
        await write_up(page)
        await caller.until_over(25)

        after = await until_closed(supervisor, entry["interaction_id"])
        kinds = [segment["kind"] for segment in after["segments"]]
        assert (kinds.count("talk"), kinds.count("hold")) == (1, 1)
        answer = await supervisor.http.get(f"/recordings/{after['recording']['id']}/audio")
        left, right = channels_of(answer.content)
        of_both = zip(quarters(left), quarters(right), strict=False)
        held = [said for said, heard in of_both if max(heard) > 1000 and loudness_of(heard, AGENT_HZ) < HEARD / 4]
        assert len(held) >= 4, "seconds of music in what the caller heard"
        assert all(loudness_of(said, CALLER_HZ) > HEARD for said in held), "what the caller said is recorded on"
        assert await centre.channels() == []


async def test_a_hold_goes_on_when_the_application_is_killed(own_centre: RunningCentre, tmp_path: Path) -> None:
    centre = own_centre
    microphone = write_wav(tmp_path / "microphone.wav", tone(AGENT_HZ, 2.0))
    async with (
        await centre.phone(hertz=CALLER_HZ) as caller,
        chromium_with(f"--use-file-for-fake-audio-capture={microphone}") as browser,
        desk(browser, centre, "8025", phone=True) as page,
    ):
        await pick_up(page, caller, CALLER)
        await on_hold(page, caller)
        await asyncio.to_thread(centre.kill)
        caller.voice.heard.clear()
        await asyncio.sleep(10)  # longer than the keeper waits before it looks after the calls
        assert hears_music(caller)
        await asyncio.to_thread(centre.start)
        await page.get_by_text("话机已注册").first.wait_for()
        await expect(page.get_by_text(ON_HOLD)).to_be_visible()
        assert hears_music(caller)
        await page.keyboard.press("F8")
        await until(partial(hears_agent, caller), "the agent's voice")
        await caller.hang_up()
        await expect(page.get_by_text("完成小结")).to_be_visible()


async def test_a_page_that_goes_leaves_a_caller_who_was_on_hold_in_the_queue(
    centre: RunningCentre, tmp_path: Path
) -> None:
    microphone = write_wav(tmp_path / "microphone.wav", tone(AGENT_HZ, 2.0))
    async with (
        await centre.phone(hertz=CALLER_HZ) as caller,
        chromium_with(f"--use-file-for-fake-audio-capture={microphone}") as browser,
        desk(browser, centre, "8025", phone=True) as page,
        Staff(centre, "8025") as agent,
    ):
        await pick_up(page, caller, CALLER)
        [entry] = await agent.in_hand("talking")
        await on_hold(page, caller)
        await page.reload()

        async def waits() -> bool:
            found = await agent.get(f"/interactions/{entry['interaction_id']}")
            stretches = [(one["kind"], one["ended_at"] is None) for one in found["segments"]]
            return ("queue", True) in stretches and ("hold", True) not in stretches

        await until(waits, "place in the queue", every=0.1)
        caller.voice.heard.clear()
        await until(partial(is_loud, caller), "word or music")
        assert not caller.is_over
        await caller.hang_up()
