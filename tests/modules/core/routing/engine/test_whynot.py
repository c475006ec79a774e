"""Why nobody gets an item: each agent counted once, at what stands in their way, and what will change by itself."""

from typing import Any

import pytest

from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.engine.model import Chosen, QueueSettings, RelaxationStep
from careline.modules.core.routing.engine.whynot import WhyNot
from tests.support.routing_engine import (
    ONE_CALL,
    ONE_CALL_OR_THREE_CHATS,
    Centre,
    agent_id,
    at,
    call,
    item_id,
    queue_id,
)

FIBRE = (("fibre", 4),)


def a_centre(**more: Any) -> Centre:
    steps = (RelaxationStep(after_s=120, lower_by=2),)
    return Centre(QueueSettings(id=queue_id(1), relaxation=steps, max_wait_s=600, **more))


def asked(centre: Centre, number: int = 1, now: float = 10, **more: Any) -> WhyNot:
    centre.engine.enqueue(call(number, now, **more), at(now))
    return centre.engine.why_not(item_id(number))


def told(why: WhyNot) -> dict[str, Any]:
    return {reason.code: reason.params for reason in why.reasons()}


def test_nobody_serves_the_queue() -> None:
    centre = a_centre()
    centre.agent(1, queues=(2,))
    assert asked(centre).verdict == "nobody-in-queue"


def test_who_carries_none_of_its_medium_is_not_among_those_who_could_have_it() -> None:
    centre = a_centre()
    centre.agent(1, capacity=ONE_CALL)
    assert asked(centre, 1, medium=Medium.CHAT).verdict == "nobody-in-queue"
    centre.agent(2, 11, capacity=ONE_CALL_OR_THREE_CHATS, ready=False)
    why = centre.engine.why_not(item_id(1))
    assert (why.verdict, why.agents, why.busy, why.offline) == ("nobody-signed-in", 1, 0, 1)


def test_nobody_has_the_skill_until_it_is_asked_for_less() -> None:
    centre = a_centre()
    centre.agent(1, skills={"fibre": 3})
    centre.agent(2, skills={"tariff": 5})
    why = asked(centre, needs=FIBRE)
    assert (why.verdict, why.lacking_skill, why.missing) == ("nobody-with-skill", 2, (("fibre", 4, 2),))
    assert told(why)["waits-missing"] == {"skill": "fibre", "level": 4}
    assert told(why)["waits-relaxes"] == {"at": at(130).isoformat()}
    assert told(why)["waits-overflows"] == {"at": at(610).isoformat()}


def test_each_agent_is_counted_once_and_the_last_obstacle_is_what_it_comes_to() -> None:
    centre = a_centre(set_aside_s=300, decline_pause_s=60)
    for number in range(1, 7):
        centre.agent(number, skills={"fibre": 5} if number < 6 else {}, ready=False)
    for number in (1, 2, 3):
        centre.engine.choose(agent_id(number), Chosen.READY, at(1))
    for number in (11, 12):
        centre.engine.enqueue(call(number, 2, needs=FIBRE), at(2))
    centre.serve(11, 3)
    centre.engine.fail_offer(centre.standing(12).id, centre.standing(12).token, "no-answer", at(4))
    centre.serve(12, 5)
    centre.engine.choose(agent_id(4), Chosen.NOT_READY, at(6), reason="meal")
    why = asked(centre, needs=FIBRE)
    counts = (why.busy, why.set_aside, why.not_ready, why.offline, why.lacking_skill, why.declined)
    assert (why.verdict, counts) == ("all-busy", (2, 1, 1, 1, 1, 0))
    assert told(why)["waits-set-aside-until"] == {"n": 1, "at": at(304).isoformat()}
    assert "waits-missing" not in told(why), "somebody has it"


@pytest.mark.parametrize(("choose", "verdict"), [(None, "nobody-signed-in"), (Chosen.NOT_READY, "nobody-ready")])
def test_nobody_is_there(choose: Chosen | None, verdict: str) -> None:
    centre = a_centre()
    centre.agent(1, ready=False)
    if choose is not None:
        centre.engine.choose(agent_id(1), choose, at(1), reason="meal")
    assert asked(centre).verdict == verdict


def test_who_let_it_go_is_asked_again_later() -> None:
    centre = a_centre(decline_pause_s=40)
    centre.agent(1)
    why = asked(centre)
    assert (why.verdict, why.agent, why.until) == ("offered", agent_id(1), at(30))
    assert list(told(why)) == ["waits-offered"]
    offer = centre.standing(1)
    centre.engine.decline(offer.id, offer.token, at(12))
    why = centre.engine.why_not(item_id(1))
    assert (why.verdict, told(why)["waits-declined-until"]) == ("all-declined", {"n": 1, "at": at(52).isoformat()})


def test_it_waits_for_the_agent_of_last_time() -> None:
    centre = a_centre()
    for number in (1, 2):
        centre.agent(number)
    centre.engine.enqueue(call(8, 1), at(1))
    centre.serve(8, 1)
    why = asked(centre, preferred_agent=agent_id(1), preferred_wait_s=25)
    assert (why.verdict, why.agent, why.until) == ("held-for-agent", agent_id(1), at(35))
