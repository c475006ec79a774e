"""While everything is late, new callers are turned away before any work is done for them; those inside go on."""

from tests.support.fake_voice import FakePhone
from tests.support.hotline import NUMBER, Hotline, talking


async def test_a_new_caller_is_refused_and_nothing_is_stored(hotline: Hotline) -> None:
    hotline.load.is_high = True
    commits = hotline.centre.database.commits
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    await hotline.settled()

    assert caller.ended
    assert not caller.answered
    assert not hotline.voice.in_safety(caller.leg)
    assert hotline.opening.calls == []
    assert hotline.centre.database.commits == commits
    assert hotline.load.turned_away == 1
    hotline.load.is_high = False
    again = await hotline.voice.call(NUMBER, caller_number="13812346021")
    assert not again.ended
    assert len(hotline.opening.calls) == 1


async def test_who_is_inside_goes_on(hotline: Hotline, phone: FakePhone) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number=None)
    hotline.voice.strand(caller.leg)
    await hotline.settled()
    hotline.load.is_high = True
    await hotline.voice.bring_back(caller.leg)
    await hotline.settled()

    assert not caller.ended, "the safe dialplan kept them company for a moment"
    assert hotline.load.turned_away == 0


async def test_who_was_answered_before_is_no_newcomer(hotline: Hotline) -> None:
    caller = await hotline.voice.call(NUMBER, caller_number=None)
    await hotline.telephony.answer(hotline.opening.calls[0].id)
    await hotline.telephony.hand_to_safety(hotline.opening.calls[0].id)
    await hotline.settled()
    hotline.load.is_high = True
    again = await hotline.voice.hand_over(caller.leg)
    await hotline.settled()

    assert not again.ended, "they were told that they will be served"
    assert len(hotline.opening.calls) == 2
    assert hotline.load.turned_away == 0


async def test_a_talk_goes_on(hotline: Hotline, phone: FakePhone) -> None:
    caller = await talking(hotline, phone)
    hotline.load.is_high = True
    await hotline.settled()

    assert not caller.ended
