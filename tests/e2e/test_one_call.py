"""One call, from the dialled number to the finished form, heard on both sides, and counted once."""

import asyncio
import io
import wave
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.desk import chromium_with, desk, pick_up
from tests.e2e.figures import counted
from tests.e2e.running import RunningCentre, Staff
from tests.support.waiting import PATIENCE_S
from tests.voice.support.tones import loudness_of, tone, write_wav

pytestmark = [pytest.mark.voice, pytest.mark.browser]

CALLER = "16036419034"
"""A customer of the demo, so that the case has somebody."""
CALLER_HZ, AGENT_HZ = 600, 1000
TALK_S = 3.0
HEARD = 0.05
"""Of full scale: a tone of 0.4 that went through a codec is far above, what is not there far below."""


async def test_a_call_reaches_an_agent_is_recorded_on_both_sides_and_becomes_a_case(
    centre: RunningCentre, tmp_path: Path
) -> None:
    microphone = write_wav(tmp_path / "microphone.wav", tone(AGENT_HZ, 2.0))
    async with (
        await centre.phone(hertz=CALLER_HZ) as caller,
        chromium_with(f"--use-file-for-fake-audio-capture={microphone}") as browser,
        desk(browser, centre, "8025", phone=True) as page,
        Staff(centre, "8025") as agent,
        Staff(centre, "8001") as supervisor,
    ):
        before = await case_numbers(supervisor)
        await pick_up(page, caller, CALLER)
        [entry] = await agent.in_hand("talking")
        await asyncio.sleep(TALK_S)

        await page.keyboard.press("Shift+F8")
        await asyncio.sleep(1)
        await caller.press("5")  # ahead of the question, as regular callers do
        await write_up(page)
        await caller.until_over(25)

        after = await until_closed(supervisor, entry["interaction_id"])
        written = after["disposition"]
        assert (after["rating"], written["code"], written["note"]) == (5, "consultation-tariff", "问了套餐，已答复")
        assert [step["name"] for step in written["path"]] == ["咨询", "资费咨询"]
        assert [segment["kind"] for segment in after["segments"]].count("talk") == 1
        await heard_on_both_sides(supervisor, after["recording"]["id"])
        lies_sealed(centre, after["recording"]["id"])
        assert len(await case_numbers(supervisor) - before) == 1
        history = await supervisor.get(f"/customers/{entry['customer']['id']}/interactions", limit=200)
        assert [past["id"] for past in history["items"]].count(entry["interaction_id"]) == 1
        await counted_once(supervisor, entry["interaction_id"])
        assert await centre.channels() == []


async def counted_once(supervisor: Staff, interaction_id: str) -> None:
    """The floor's figures of today have the call, each by the event that made it so."""
    handled = await counted(supervisor, "handled_today", interaction_id)
    assert (handled["name"], handled["contributes"]) == ("routing.item-wrapped-up", "handled")
    rated = await counted(supervisor, "csat_today", interaction_id)
    assert (rated["name"], rated["value"]) == ("surveys.rated", 5)


async def case_numbers(supervisor: Staff) -> set[str]:
    """Of every case."""
    return {case["number"] for case in (await supervisor.get("/cases", limit=200))["items"]}


async def write_up(page: Page) -> None:
    """A case out of the call, then the form that ends it."""
    await page.get_by_role("button", name="建工单").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("标题").fill("想换大流量套餐")
    await drawer.get_by_label("内容").fill("客户每月用 40 GB，问有没有合适的套餐。")
    await drawer.get_by_role("button", name="建单").click()
    await expect(drawer).to_be_hidden()
    await page.get_by_label("小结码").click()
    await page.get_by_title("资费咨询").click()
    await page.get_by_label("备注").fill("问了套餐，已答复")
    await page.get_by_role("button", name="完成小结").click()
    await expect(page.get_by_text("手上没有客户")).to_be_visible()


async def until_closed(supervisor: Staff, interaction_id: str) -> dict[str, Any]:
    """The interaction once nothing is open about it, the recording included."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found: dict[str, Any] = await supervisor.get(f"/interactions/{interaction_id}")
            recorded = found["recording"] is not None and found["recording"]["state"] == "done"
            if recorded and found["closed_at"] is not None:
                return found
            await asyncio.sleep(0.2)


async def heard_on_both_sides(supervisor: Staff, recording_id: str) -> None:
    """Left only the caller's tone, right only the agent's, each for most of the talk."""
    answer = await supervisor.http.get(f"/recordings/{recording_id}/audio")
    assert answer.status_code == 200, answer.text
    left, right = channels_of(answer.content)
    for own, own_hz, other_hz in ((left, CALLER_HZ, AGENT_HZ), (right, AGENT_HZ, CALLER_HZ)):
        loudest = [(loudness_of(part, own_hz), loudness_of(part, other_hz)) for part in quarters(own)]
        with_own = sum(mine > HEARD and mine > 4 * theirs for mine, theirs in loudest)
        assert with_own >= 4 * (TALK_S - 1), loudest
        assert not any(theirs > HEARD for _, theirs in loudest), loudest


def lies_sealed(centre: RunningCentre, recording_id: str) -> None:
    """Nothing of it can be played without us, neither whole nor as the samples that it was made of."""
    files = [path for path in centre.data.rglob(f"*{recording_id}*") if path.is_file()]
    assert [path.suffix for path in files] == [".sealed"], files
    assert b"RIFF" not in files[0].read_bytes()[:4096]


def channels_of(wav: bytes) -> tuple[list[int], list[int]]:
    """Left and right."""
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        data = memoryview(file.readframes(file.getnframes())).cast("h")
    return list(data[0::2]), list(data[1::2])


def quarters(samples: list[int]) -> list[list[int]]:
    """Quarters of a second."""
    return [samples[at : at + 2000] for at in range(0, len(samples) - 1999, 2000)]
