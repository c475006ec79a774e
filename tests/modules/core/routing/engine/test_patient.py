"""What nobody waits for: kept while its queue is closed, offered when it opens, in no line with people."""

from datetime import timedelta

import pytest

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.effects import ItemWaiting
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import QueueSettings
from tests.support.routing_engine import START, Centre, agent_id, at, call, item_id, kinds, offers_in, queue_id

APART = (
    frozenset({Medium.VOICE, Medium.CHAT}),
    frozenset({Medium.VOICE, Medium.MESSAGE}),
    frozenset({Medium.CHAT, Medium.MESSAGE}),
)
ALL = CapacityProfile(
    limits={Medium.VOICE: 1, Medium.CHAT: 3, Medium.MESSAGE: 1},
    exclusive=APART,
    interrupted_by={Medium.MESSAGE: frozenset({Medium.VOICE, Medium.CHAT})},
)
NIGHT = timedelta(hours=9).total_seconds()


def message(number: int, seconds: float = 0) -> object:
    return call(number, seconds, medium=Medium.MESSAGE, patient=True)


def night(**more: object) -> Centre:
    """A closed queue with two messages, and an agent who has stayed on."""
    centre = Centre(QueueSettings(id=queue_id(1), max_waiting=1, max_wait_s=60, **more))  # type: ignore[arg-type]
    centre.agent(1, capacity=ALL)
    centre.engine.set_open(queue_id(1), False, START)
    for number in (1, 2):
        effects = centre.engine.enqueue(message(number), at(number))  # type: ignore[arg-type]
        assert [type(effect) for effect in effects] == [ItemWaiting]
    return centre


def test_it_outlasts_every_limit_of_its_queue_and_is_offered_at_opening_the_oldest_first() -> None:
    centre = night()
    assert centre.engine.tick(at(NIGHT)) == []
    assert centre.engine.why_not(item_id(1)).verdict == "queue-closed"
    view = centre.engine.queue_view(queue_id(1), at(NIGHT))
    assert [(line.medium, line.waiting, line.longest_wait_s) for line in view.lines] == [(Medium.MESSAGE, 2, NIGHT)]
    assert offers_in(centre.engine.set_open(queue_id(1), True, at(NIGHT))) == [(1, 1)]
    assert centre.standing(1).why.waited_s == NIGHT
    assert centre.engine.set_open(queue_id(1), True, at(NIGHT)) == []
    assert centre.engine.position(item_id(2)) == 1


def test_closing_lets_an_offer_stand_and_keeps_what_comes_back_of_it() -> None:
    centre = night()
    centre.engine.set_open(queue_id(1), True, at(NIGHT))
    offer = centre.standing(1)
    assert kinds(centre.engine.set_open(queue_id(1), False, at(NIGHT))) == ["ItemTurned"], "the other one sleeps again"
    assert centre.engine.offer(offer.id) == offer
    assert not offers_in(centre.engine.decline(offer.id, offer.token, at(NIGHT + 1)))
    assert not offers_in(centre.agent(2, NIGHT + 2, capacity=ALL))
    restored = Engine.restore(centre.config, centre.ids, centre.engine.snapshot())
    assert restored.snapshot() == centre.engine.snapshot()
    assert offers_in(restored.set_open(queue_id(1), True, at(NIGHT + 3))) == [(1, 2), (2, 1)]


def test_people_do_not_stand_behind_it_and_are_not_turned_away_for_it() -> None:
    centre = night()
    centre.engine.set_open(queue_id(1), True, at(NIGHT))
    centre.serve(1, NIGHT)
    for number, medium in ((3, Medium.CHAT), (4, Medium.CHAT), (5, Medium.CHAT)):
        (offered,) = offers_in(centre.engine.enqueue(call(number, NIGHT, medium=medium), at(NIGHT)))
        assert offered == (number, 1)
        assert centre.standing(number).why.interrupts == ("message",)
    centre.engine.enqueue(call(6, NIGHT, medium=Medium.CHAT), at(NIGHT))
    assert (centre.engine.position(item_id(6)), centre.engine.position(item_id(2))) == (1, 1)


@pytest.mark.parametrize("interrupted_by", [frozenset(), frozenset({Medium.VOICE})])
def test_only_what_may_interrupt_it_does(interrupted_by: frozenset[Medium]) -> None:
    centre = night()
    capacity = CapacityProfile(limits=ALL.limits, exclusive=APART, interrupted_by={Medium.MESSAGE: interrupted_by})
    centre.agent(1, NIGHT, capacity=capacity)
    centre.engine.set_open(queue_id(1), True, at(NIGHT))
    centre.serve(1, NIGHT)
    assert not offers_in(centre.engine.enqueue(call(3, NIGHT, medium=Medium.CHAT), at(NIGHT)))
    centre.engine.withdraw(item_id(3), at(NIGHT))
    came = offers_in(centre.engine.enqueue(call(4, NIGHT), at(NIGHT)))
    assert came == ([(4, 1)] if interrupted_by else [])


def test_who_answers_what_interrupts_it_has_not_missed_it() -> None:
    centre = night()
    centre.engine.set_open(queue_id(1), True, at(NIGHT))
    assert offers_in(centre.engine.enqueue(call(3, NIGHT + 1), at(NIGHT + 1))) == [(3, 1)]
    centre.serve(3, NIGHT + 2)
    effects = centre.engine.tick(at(NIGHT + 20))
    assert kinds(effects) == ["OfferEnded", "ItemWaiting"], "it rings no more, and nobody is set aside for it"
    assert offers_in(centre.engine.finish(item_id(3), at(NIGHT + 60))) == [(1, 1)]


def test_who_answers_nothing_is_set_aside_for_all_that_rang() -> None:
    centre = night()
    centre.engine.set_open(queue_id(1), True, at(NIGHT))
    centre.engine.enqueue(call(3, NIGHT), at(NIGHT))
    centre.engine.tick(at(NIGHT + 20))
    centre.engine.tick(at(NIGHT + 40))
    view = centre.engine.agent_view(agent_id(1))
    aside = {medium.medium: medium.set_aside for medium in view.media}
    assert (aside[Medium.VOICE], aside[Medium.MESSAGE]) == ("no-answer", "no-answer")
