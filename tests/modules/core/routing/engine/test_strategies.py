"""Each of the five ways to choose among the agents who could serve an item, and the reason that it gives."""

import pytest

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.model import QueueSettings, Strategy
from tests.support.routing_engine import Centre, agent_id, at, call, item_id, offers_in, queue_id

THREE_CHATS = CapacityProfile(limits={Medium.CHAT: 3})


def a_centre(strategy: Strategy) -> Centre:
    return Centre(QueueSettings(id=queue_id(1), strategy=strategy))


def rule_of(centre: Centre, number: int) -> str:
    return centre.standing(number).why.rule


def test_longest_idle_is_who_has_done_nothing_for_longest() -> None:
    centre = a_centre(Strategy.LONGEST_IDLE)
    for number in (1, 2, 3):
        centre.agent(number, number)
    assert offers_in(centre.engine.enqueue(call(1, 10), at(10))) == [(1, 1)]
    centre.serve(1, 10)
    centre.engine.finish(item_id(1), at(20))
    assert offers_in(centre.engine.enqueue(call(2, 30), at(30))) == [(2, 2)]
    assert offers_in(centre.engine.enqueue(call(3, 30), at(30))) == [(3, 3)]
    assert offers_in(centre.engine.enqueue(call(4, 30), at(30))) == [(4, 1)]
    assert rule_of(centre, 4) == "longest-idle"


def test_most_skilled_is_who_is_best_at_what_is_asked_for_and_idle_for_longest_among_the_best() -> None:
    centre = a_centre(Strategy.MOST_SKILLED)
    for number, level in ((1, 2), (2, 4), (3, 5), (4, 5)):
        centre.agent(number, number, skills={"fibre": level, "english": 6 - level})
    told = [offers_in(centre.engine.enqueue(call(n, 10, needs=(("fibre", 1),)), at(10)))[0] for n in (1, 2, 3, 4)]
    assert told == [(1, 3), (2, 4), (3, 2), (4, 1)]
    assert rule_of(centre, 1) == "most-skilled"
    assert [match.highest for match in centre.standing(1).why.skills] == [True]
    assert [match.highest for match in centre.standing(4).why.skills] == [False]


def test_least_occupied_is_who_has_least_in_hand_and_then_who_has_worked_least() -> None:
    centre = a_centre(Strategy.LEAST_OCCUPIED)
    for number in (1, 2):
        centre.agent(number, capacity=THREE_CHATS)
    chats = [call(number, 10, medium=Medium.CHAT) for number in range(1, 7)]
    assert [offers_in(centre.engine.enqueue(chat, at(10)))[0] for chat in chats[:3]] == [(1, 1), (2, 2), (3, 1)]
    assert rule_of(centre, 3) == "least-occupied"
    for number in (1, 2, 3):
        centre.serve(number, 10)
    for number, ended in ((2, 40), (1, 100), (3, 100)):
        centre.engine.finish(item_id(number), at(ended))
    assert offers_in(centre.engine.enqueue(chats[3], at(200))) == [(4, 2)], "30 seconds are less than 180"


def test_the_last_agent_is_who_served_the_customer_before_when_they_are_free() -> None:
    centre = a_centre(Strategy.LAST_AGENT)
    for number in (1, 2):
        centre.agent(number, number)
    assert offers_in(centre.engine.enqueue(call(1, 10, preferred_agent=agent_id(2)), at(10))) == [(1, 2)]
    assert rule_of(centre, 1) == "last-agent"
    assert offers_in(centre.engine.enqueue(call(2, 10, preferred_agent=agent_id(2)), at(10))) == [(2, 1)]
    assert rule_of(centre, 2) == "longest-idle"


def test_round_robin_goes_round_however_long_anybody_is_idle() -> None:
    centre = a_centre(Strategy.ROUND_ROBIN)
    for number in (1, 2, 3):
        centre.agent(number, number)
    served = []
    for number, lasts in enumerate((50, 1, 1, 1, 1), start=1):
        now = 100.0 * number
        ((_, agent),) = offers_in(centre.engine.enqueue(call(number, now), at(now)))
        centre.serve(number, now)
        centre.engine.finish(item_id(number), at(now + lasts))
        served.append(agent)
    assert served == [1, 2, 3, 1, 2]
    centre.engine.enqueue(call(9, 900), at(900))
    assert rule_of(centre, 9) == "round-robin"


@pytest.mark.parametrize("strategy", Strategy)
def test_who_becomes_free_gets_what_is_due_first_in_every_strategy(strategy: Strategy) -> None:
    centre = a_centre(strategy)
    for number, priority in ((1, 0), (2, 3), (3, 0)):
        centre.engine.enqueue(call(number, number, priority=priority), at(number))
    assert offers_in(centre.agent(1, 10)) == [(2, 1)]
    assert rule_of(centre, 2) == "next-in-line"
