"""A call that its agent passes on: who is let go of, who is rung, and what the flow hears."""

from pathlib import Path
from uuid import UUID

import pytest

from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import LegRole
from careline.modules.contact.telephony.views import Connected, PassedOn
from careline.modules.core.routing.views import Media, NewItem
from tests.modules.contact.telephony.test_restarts import Restart
from tests.support.centre import FAULTS
from tests.support.fake_voice import FakeCaller, FakePhone
from tests.support.hotline import Hotline, talking


@pytest.fixture
def restart(hotline: Hotline, tmp_path: Path) -> Restart:
    return Restart(hotline, tmp_path / "recordings")


@pytest.fixture
def second(hotline: Hotline) -> FakePhone:
    return hotline.voice.phone("agent-test-8022")


async def queued_anew(hotline: Hotline, call: UUID, sender: UUID) -> None:
    """What conversations store when an agent passes a call on, and say to routing."""
    item = NewItem(
        id=new_id(),
        interaction_id=call,
        media=Media.VOICE,
        queue=FAULTS,
        enqueued_at=hotline.centre.clock.now(),
        again=True,
        not_to=(sender,),
    )
    async with hotline.centre.database.transaction(hotline.centre.tenant_id) as tx:
        await hotline.centre.routing.enqueue(tx, item)
    await hotline.centre.routing.release(hotline.centre.tenant_id, call, agent_id=sender)


async def in_a_talk(hotline: Hotline, phone: FakePhone) -> tuple[FakeCaller, UUID, UUID]:
    caller = await talking(hotline, phone, record=True)
    call, sender = hotline.opening.calls[-1].id, hotline.centre.people.known[0].id
    assert isinstance(await hotline.telephony.next_signal(call), Connected)
    return caller, call, sender


async def taken(hotline: Hotline, caller: FakeCaller, second: FakePhone) -> None:
    await second.rings()
    await second.answer()
    await hotline.settled()
    assert second.talking is not None
    assert caller.talks_to == [second.talking.id]


async def test_the_caller_waits_and_the_next_agent_has_them(
    hotline: Hotline, phone: FakePhone, second: FakePhone
) -> None:
    caller, call, sender = await in_a_talk(hotline, phone)
    await queued_anew(hotline, call, sender)
    await hotline.telephony.pass_on(call, sender)
    await hotline.telephony.pass_on(call, sender)
    await hotline.settled()
    assert await hotline.telephony.next_signal(call) == PassedOn(agent_id=sender)
    assert (phone.talking, caller.ended, caller.talks_to) == (None, False, [])
    await hotline.centre.ready(hotline.centre.people.known[1])
    await taken(hotline, caller, second)
    recordings = await hotline.telephony.recordings(hotline.centre.tenant_id, call)
    assert [one.state for one in recordings] == ["done", "recording"], "each talk is a recording of its own"


async def test_an_offer_to_the_next_lets_go_of_who_passed_it_on(
    hotline: Hotline, phone: FakePhone, second: FakePhone
) -> None:
    """As when the process hears of the offer before the agent's request has come so far."""
    caller, call, sender = await in_a_talk(hotline, phone)
    await hotline.centre.ready(hotline.centre.people.known[1])
    await queued_anew(hotline, call, sender)
    await hotline.settled()
    assert phone.talking is None
    assert await hotline.telephony.next_signal(call) == PassedOn(agent_id=sender)
    await hotline.telephony.pass_on(call, sender)
    await taken(hotline, caller, second)


async def test_only_who_talks_is_let_go(hotline: Hotline, phone: FakePhone) -> None:
    caller, call, _ = await in_a_talk(hotline, phone)
    await hotline.telephony.pass_on(call, hotline.centre.people.known[1].id)
    await hotline.telephony.pass_on(new_id(), hotline.centre.people.known[0].id)
    await hotline.settled()
    assert caller.talks_to


async def test_a_caller_on_hold_is_passed_on_as_well(hotline: Hotline, phone: FakePhone, second: FakePhone) -> None:
    caller, call, sender = await in_a_talk(hotline, phone)
    await hotline.telephony.hold(call, sender)
    await queued_anew(hotline, call, sender)
    await hotline.telephony.pass_on(call, sender)
    await hotline.centre.ready(hotline.centre.people.known[1])
    await taken(hotline, caller, second)
    await hotline.telephony.hold(call, hotline.centre.people.known[1].id)
    assert caller.music


async def test_a_process_that_dies_between_the_two_lets_the_agent_go_when_it_is_back(
    hotline: Hotline, phone: FakePhone, second: FakePhone, restart: Restart
) -> None:
    caller, call, sender = await in_a_talk(hotline, phone)
    await queued_anew(hotline, call, sender)
    again = await restart()
    assert [event.connected for event in again.recovered] == [False]  # type: ignore[attr-defined]
    assert phone.talking is None
    assert [one.role for one in (await again.voice.snapshot()).legs] == [LegRole.CALLER]
    await again.centre.routing.readmit(again.centre.tenant_id, call)
    await again.centre.ready(again.centre.people.known[1])
    await again.settled()
    await taken(again, caller, second)
    await again.centre.stop()
