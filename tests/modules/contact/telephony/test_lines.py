"""An agent's phone in a browser: its page may go in any way, and only who hangs up has ended the talk."""

import asyncio

import pytest

from careline.modules.contact.telephony.ports import EndCause, LegState
from careline.modules.contact.telephony.rules import talk_broke
from careline.modules.contact.telephony.services import lines
from careline.modules.contact.telephony.views import AgentLeft, CallState, Connected
from careline.modules.core.routing.views import Media, MediumState
from tests.support.fake_voice import FakePhone
from tests.support.hotline import Hotline, talking
from tests.support.waiting import PATIENCE_S, until

ENDPOINT, PAGE = "agent-test-8021", "p-1"


@pytest.mark.parametrize(
    ("normal", "asked", "browser", "broke"),
    [
        (True, True, True, False),
        (False, True, True, False),  # the agent asked for the end; how it came about does not matter
        (True, False, True, True),  # a page that goes says goodbye as well
        (False, False, True, True),
        (True, False, False, False),  # a desk telephone was hung up
        (False, False, False, True),
        (True, True, False, False),
        (False, True, False, False),
    ],
)
def test_a_talk_broke_unless_the_agent_wanted_it_over(normal: bool, asked: bool, browser: bool, broke: bool) -> None:
    assert talk_broke(normal=normal, asked=asked, browser=browser) is broke


async def left(hotline: Hotline) -> AgentLeft:
    """How the talk ended, as the flow is told."""
    call = hotline.opening.calls[-1]
    async with asyncio.timeout(PATIENCE_S):
        assert isinstance(await hotline.telephony.next_signal(call.id), Connected)
        found = await hotline.telephony.next_signal(call.id)
    assert isinstance(found, AgentLeft)
    return found


@pytest.fixture
def browser(hotline: Hotline, phone: FakePhone) -> FakePhone:
    """The phone is a page's."""
    hotline.lines.line_opened(ENDPOINT, PAGE)
    return phone


async def test_a_page_that_says_goodbye_has_not_hung_up(hotline: Hotline, browser: FakePhone) -> None:
    caller = await talking(hotline, browser)
    await browser.hang_up()
    assert (await left(hotline)).lost
    assert not caller.ended


async def test_the_agent_hangs_up_by_asking_us(hotline: Hotline, browser: FakePhone) -> None:
    caller = await talking(hotline, browser)
    await hotline.telephony.hang_up_agent(hotline.opening.calls[0].id)
    assert not (await left(hotline)).lost
    assert browser.talking is None
    assert not caller.ended


async def test_that_one_talk_was_hung_up_says_nothing_of_the_next(hotline: Hotline, browser: FakePhone) -> None:
    agent, tenant = hotline.centre.people.known[0], hotline.centre.tenant_id
    first = await talking(hotline, browser)
    await hotline.telephony.hang_up_agent(hotline.opening.calls[0].id)
    assert not (await left(hotline)).lost
    await first.hang_up()
    await hotline.settled()
    await hotline.centre.routing.wrapped_up(tenant, hotline.opening.calls[0].id, agent_id=agent.id)
    await talking(hotline, browser)
    await browser.hang_up()
    assert (await left(hotline)).lost


async def test_a_page_that_goes_without_a_word_leaves_nobody_in_silence(hotline: Hotline, browser: FakePhone) -> None:
    caller = await talking(hotline, browser)
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=True)
    assert (await left(hotline)).lost
    assert browser.talking is None
    assert not caller.ended
    stored = await hotline.telephony.call(hotline.centre.tenant_id, hotline.opening.calls[0].id)
    assert stored.state is CallState.WAITING


async def test_a_page_that_goes_while_it_rings_lets_the_call_to_others(hotline: Hotline, browser: FakePhone) -> None:
    agent = hotline.centre.people.known[0]
    await hotline.voice.call("10086", caller_number="13812346021")
    await hotline.centre.ready(agent)
    await hotline.queue(hotline.opening.calls[0].id)
    await browser.rings()
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=True)
    await until(lambda: browser.ringing is None, "a phone that rings no more")
    await hotline.settled()
    state = await hotline.centre.routing.agent_state(hotline.centre.tenant_id, agent.id)
    assert state.media[Media.VOICE].state is MediumState.SET_ASIDE


async def test_a_page_that_only_lost_its_line_goes_on_talking(
    hotline: Hotline, browser: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes back is the same page; that another one comes says that this one went."""
    monkeypatch.setattr(lines, "COMES_BACK_S", 10 * PATIENCE_S)
    await talking(hotline, browser)
    for _ in range(2):
        hotline.lines.line_closed(ENDPOINT, PAGE, gone=False)
        await asyncio.sleep(0.01)
        hotline.lines.line_opened(ENDPOINT, PAGE)
        await until(lambda: not hotline.lines._ending, "the end of the wait")
        await hotline.settled()
        assert browser.talking is not None
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=False)
    await asyncio.sleep(0.01)
    assert browser.talking is not None, "it is waited for"
    hotline.lines.line_opened(ENDPOINT, "p-2")
    assert (await left(hotline)).lost


async def test_a_page_that_does_not_come_back_is_gone(
    hotline: Hotline, browser: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "COMES_BACK_S", 0.01)
    await talking(hotline, browser)
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=False)
    assert (await left(hotline)).lost


async def test_of_two_browsers_that_are_one_phone_either_may_go(hotline: Hotline, browser: FakePhone) -> None:
    hotline.lines.line_opened(ENDPOINT, "elsewhere")
    await talking(hotline, browser)
    hotline.lines.line_closed(ENDPOINT, "elsewhere", gone=True)
    await until(lambda: not hotline.lines._ending, "the end of the task")
    assert browser.talking is not None
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=True)
    assert (await left(hotline)).lost


async def test_a_page_of_two_lines_has_one_left(hotline: Hotline, browser: FakePhone) -> None:
    """It connected again before we saw that the first line was dead."""
    hotline.lines.line_opened(ENDPOINT, PAGE)
    await talking(hotline, browser)
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=False)
    await until(lambda: not hotline.lines._ending, "the end of the task")
    assert browser.talking is not None


async def test_lines_of_others_and_of_nobody_end_no_talk(hotline: Hotline, browser: FakePhone) -> None:
    await talking(hotline, browser)
    for endpoint in ("agent-test-8022", "agent-of-nobody"):
        hotline.lines.line_opened(endpoint, PAGE)
        hotline.lines.line_closed(endpoint, PAGE, gone=True)
    await until(lambda: not hotline.lines._ending, "the end of the tasks")
    await hotline.settled()
    assert browser.talking is not None


async def test_who_moves_from_the_browser_to_a_desk_telephone_hangs_up_there(
    hotline: Hotline, browser: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the plain goodbye of a phone means is not remembered of another one for the life of the process."""
    monkeypatch.setattr(lines, "COMES_BACK_S", 0.01)
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=True)
    await until(lambda: not hotline.lines.is_browser(ENDPOINT), "a phone that is no browser's any more")
    await talking(hotline, browser)
    await browser.hang_up()
    assert not (await left(hotline)).lost


async def test_a_talk_begun_in_a_browser_is_a_browsers_to_its_end(
    hotline: Hotline, browser: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "COMES_BACK_S", 0.01)
    await talking(hotline, browser)
    await hotline.lines.stop()
    hotline.lines._phones.clear()  # as after the last of its lines closed long ago
    await browser.hang_up()
    assert (await left(hotline)).lost


async def test_a_planned_restart_breaks_no_talk(
    hotline: Hotline, browser: FakePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are sent away with everybody else, and come back to the next run with the talk that they carry."""
    monkeypatch.setattr(lines, "COMES_BACK_S", 0.01)
    await talking(hotline, browser)
    await hotline.lines.stop()
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=False)
    await asyncio.sleep(0.1)
    await hotline.settled()
    assert browser.talking is not None


async def test_the_end_waits_for_no_page(hotline: Hotline, browser: FakePhone, monkeypatch: pytest.MonkeyPatch) -> None:
    """We are stopped: talks are the keeper's to look after."""
    monkeypatch.setattr(lines, "COMES_BACK_S", 10 * PATIENCE_S)
    await talking(hotline, browser)
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=False)
    await asyncio.sleep(0.01)
    await hotline.lines.stop()
    assert browser.talking is not None


async def test_a_leg_that_broke_before_its_line_is_ended_once(hotline: Hotline, browser: FakePhone) -> None:
    await talking(hotline, browser)
    leg = browser.talking
    assert leg is not None
    hotline.voice.end(leg, EndCause.FAILED)
    hotline.lines.line_closed(ENDPOINT, PAGE, gone=True)
    assert (await left(hotline)).lost
    await hotline.settled()
    assert hotline.voice.leg_at(ENDPOINT, LegState.UP) is None
