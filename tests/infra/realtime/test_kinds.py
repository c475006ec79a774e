"""Asking again who may follow: of a topic, also while somebody is about to follow it, and of every one of a kind."""

import asyncio

from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from tests.infra.realtime.test_hub import HERE, THERE, heard, joined, principal, tell
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


async def test_what_is_lost_between_being_asked_for_and_followed_is_not_followed(hub: Hub) -> None:
    allowed, asked, go_on = True, asyncio.Event(), asyncio.Event()

    async def check(_principal: Principal, _topic: str) -> bool:
        seen = allowed  # as a reading that has begun sees it
        asked.set()
        await go_on.wait()
        return seen

    hub.authorise("conversation", check)
    connection = joined(hub)
    subscribing = asyncio.create_task(tell(hub, connection, t="sub", topic="conversation:1"))
    await asked.wait()
    allowed = False
    await hub.recheck(HERE, "conversation:1")
    go_on.set()
    await subscribing

    assert connection.topics == set()
    assert (await heard(connection))[-1]["code"] == "topic-refused"
