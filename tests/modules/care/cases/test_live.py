"""What screens hear of cases, and who may listen."""

import json

from careline.infra.realtime.connection import Connection, Principal
from careline.infra.realtime.hub import Hub
from careline.kernel.tenancy import Actor
from tests.modules.care.cases.conftest import BOTH, Care
from tests.support.office import without_permission


async def follow(hub: Hub, actor: Actor, *topics: str) -> Connection:
    connection = hub.connect(Principal(actor=actor))
    assert connection is not None
    for topic in topics:
        await hub.handle(connection, json.dumps({"t": "sub", "topic": topic, "from": None}))
    return connection


def heard(connection: Connection) -> list[dict[str, object]]:
    """Everything that waits to be sent, of what was told."""
    frames = [json.loads(text) for text in connection._queue.values()]
    return [frame for frame in frames if frame["t"] in ("ev", "err")]


async def test_a_change_is_told_to_the_list_and_to_the_case(care: Care) -> None:
    opened = await care.open()
    screen = await follow(care.office.hub, care.me, "cases", f"case:{opened['id']}")
    await care.doors.post(care.me, f"/cases/{opened['id']}/state", {"state": "in_progress", "version": 1})
    await care.doors.post(care.me, f"/cases/{opened['id']}/comment", {"text": "好"})
    await care.office.bus.settled()
    told = [(one["topic"], one["name"], one["data"]) for one in heard(screen)]
    change = {"id": opened["id"], "version": 2}
    assert (
        told
        == [
            ("cases", "case.changed", {}),
            (f"case:{opened['id']}", "case.changed", change),
        ]
        * 2
    )


async def test_topics_that_are_none_are_refused(care: Care) -> None:
    case_id = str((await care.open())["id"])
    for topic in ("cases:all", "case:1", f"case:{case_id.upper()}", f"case:{case_id}x", "case"):
        screen = await follow(care.office.hub, care.me, topic)
        assert [one["code"] for one in heard(screen)] == ["topic-refused"], topic


async def test_who_may_not_read_cases_hears_nothing(care: Care) -> None:
    opened = await care.open()
    theirs = await care.office.agent(*BOTH, tenant=care.office.other)
    nobody = await follow(care.office.hub, without_permission(care.me, "case:read"), "cases", f"case:{opened['id']}")
    foreign = await follow(care.office.hub, theirs, "cases", f"case:{opened['id']}")
    await care.doors.post(care.me, f"/cases/{opened['id']}/comment", {"text": "好"})
    await care.office.bus.settled()
    assert [one["t"] for one in heard(nobody)] == ["err", "err"]
    assert [one["t"] for one in heard(foreign)] == ["err"], "their own list, and no case of ours"
