"""What concerns every topic of a kind, whoever follows which."""

from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from tests.infra.realtime.test_hub import HERE, THERE, joined, principal, tell
from tests.infra.realtime.test_hub import hub as hub


async def test_all_of_a_kind_are_asked_again_and_no_others(hub: Hub) -> None:
    asked: list[str] = []
    lost = set[str]()

    async def check(_principal: Principal, topic: str) -> bool:
        asked.append(topic)
        return topic not in lost or len(asked) <= 3

    hub.authorise("thing", check)
    hub.authorise("things", check)
    here, there = joined(hub), joined(hub, principal(THERE))
    for topic in ("thing:1", "things"):
        await tell(hub, here, t="sub", topic=topic, **{"from": None})
    await tell(hub, there, t="sub", topic="thing:1", **{"from": None})
    lost.add("thing:1")

    await hub.recheck_kind(HERE, "thing")
    assert asked[3:] == ["thing:1"]
    assert (here.topics, there.topics) == ({"things"}, {"thing:1"})
