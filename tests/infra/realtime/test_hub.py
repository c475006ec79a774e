"""Who may follow what, and what reaches whom."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from careline.infra.database.failures import DatabaseUnreachable
from careline.infra.realtime.connection import Connection, Limits, Principal
from careline.infra.realtime.frames import BadFrame, CloseCode
from careline.infra.realtime.hub import Hub
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from tests.support.clock import FakeClock
from tests.support.waiting import until

HERE = TenantId(uuid4())
THERE = TenantId(uuid4())


@pytest.fixture
def hub(clock: FakeClock) -> Hub:
    hub = Hub(clock, Limits(queued_frames=20, kept_per_topic=8, topics=3, connections_per_actor=2))

    async def anybody(_principal: Principal, _topic: str) -> bool:
        return True

    hub.authorise("case", anybody)
    hub.authorise("cases", anybody)
    return hub


def principal(tenant_id: TenantId = HERE, actor_id: UUID | None = None, session: UUID | None = None) -> Principal:
    actor = Actor(tenant_id=tenant_id, kind=ActorKind.USER, id=actor_id or uuid4())
    return Principal(actor=actor, session_id=session)


def joined(hub: Hub, who: Principal | None = None) -> Connection:
    connection = hub.connect(who or principal())
    assert connection is not None
    return connection


async def tell(hub: Hub, connection: Connection, **frame: Any) -> None:
    await hub.handle(connection, json.dumps(frame))


async def heard(connection: Connection) -> list[dict[str, Any]]:
    """Everything that waits for the client now, but for the welcome."""
    await asyncio.sleep(0)
    frames: list[dict[str, Any]] = []
    while (text := connection.take()) is not None:
        frames.append(json.loads(text))
    return [frame for frame in frames if frame["t"] != "welcome"]


async def test_a_follower_hears_the_frames_of_its_topic_in_order(hub: Hub, clock: FakeClock) -> None:
    one, other = joined(hub), joined(hub)
    await tell(hub, one, t="sub", topic="cases", **{"from": None})
    await tell(hub, other, t="sub", topic="case:7", **{"from": None})
    for number in range(3):
        hub.publish(HERE, "cases", "case.changed", {"id": number}, clock.now())

    subbed, *events = await heard(one)
    assert subbed["t"] == "subbed"
    assert [event["data"]["id"] for event in events] == [0, 1, 2]
    assert {event["at"] for event in events} == {"2026-03-02T01:00:00Z"}
    assert [frame["t"] for frame in await heard(other)] == ["subbed"]


async def test_a_topic_of_another_tenant_cannot_even_be_named(hub: Hub, clock: FakeClock) -> None:
    stranger = joined(hub, principal(THERE))
    hub.publish(HERE, "cases", "case.changed", {"id": 1}, clock.now())
    await tell(hub, stranger, t="sub", topic="cases", **{"from": hub.epoch + ":0"})
    hub.publish(HERE, "cases", "case.changed", {"id": 2}, clock.now())

    assert [frame["t"] for frame in await heard(stranger)] == ["subbed"]


async def test_a_topic_without_a_permission_is_refused_and_nothing_of_it_is_heard(hub: Hub, clock: FakeClock) -> None:
    async def nobody(_principal: Principal, _topic: str) -> bool:
        return False

    async def broken(_principal: Principal, _topic: str) -> bool:
        raise RuntimeError("the database is away")

    hub.authorise("agent", nobody)
    hub.authorise("floor", broken)
    connection = joined(hub)
    for topic in ("agent:1", "floor", "unheard:1"):
        await tell(hub, connection, t="sub", topic=topic)
        hub.publish(HERE, topic, "secret", {}, clock.now())

    frames = await heard(connection)
    assert [(frame["t"], frame["code"], frame["topic"]) for frame in frames] == [
        ("err", "topic-refused", "agent:1"),
        ("err", "topic-refused", "floor"),
        ("err", "topic-refused", "unheard:1"),
    ]
    assert connection.is_open


async def test_after_a_cut_the_missed_frames_come_before_the_live_ones(hub: Hub, clock: FakeClock) -> None:
    first = joined(hub)
    await tell(hub, first, t="sub", topic="cases")
    hub.publish(HERE, "cases", "case.changed", {"id": 0}, clock.now())
    position = (await heard(first))[-1]["position"]
    hub.gone(first)
    hub.publish(HERE, "cases", "case.changed", {"id": 1}, clock.now())

    second = joined(hub)
    await tell(hub, second, t="sub", topic="cases", **{"from": position})
    hub.publish(HERE, "cases", "case.changed", {"id": 2}, clock.now())

    subbed, *events = await heard(second)
    assert subbed == {"t": "subbed", "topic": "cases", "position": position}
    assert [event["data"]["id"] for event in events] == [1, 2]


@pytest.mark.parametrize("missed", [9, 40])
async def test_a_cut_that_was_too_long_means_reset(hub: Hub, clock: FakeClock, missed: int) -> None:
    position = hub.position()
    for number in range(missed):
        hub.publish(HERE, "cases", "case.changed", {"id": number}, clock.now())
    connection = joined(hub)
    await tell(hub, connection, t="sub", topic="cases", **{"from": position})
    hub.publish(HERE, "cases", "case.changed", {"id": "live"}, clock.now())

    reset, live = await heard(connection)
    assert reset["t"] == "reset"
    assert live["data"] == {"id": "live"}


async def test_who_missed_much_on_many_topics_is_not_too_slow_because_of_coming_back(clock: FakeClock) -> None:
    hub = Hub(clock, Limits(queued_frames=40, kept_per_topic=8, topics=20))

    async def anybody(_principal: Principal, _topic: str) -> bool:
        return True

    hub.authorise("case", anybody)
    start = hub.position()
    topics = [f"case:{number}" for number in range(18)]
    for topic in topics:
        for number in range(5):
            hub.publish(HERE, topic, "case.changed", {"id": number}, clock.now())
    back = joined(hub)
    for topic in topics:
        await tell(hub, back, t="sub", topic=topic, **{"from": start})

    frames = await heard(back)
    answers = {frame["topic"]: frame["t"] for frame in frames if frame["t"] != "ev"}
    told = {topic: sum(frame["t"] == "ev" for frame in frames if frame["topic"] == topic) for topic in topics}
    assert back.is_open
    assert set(answers) == set(topics)
    assert {(answers[topic], told[topic]) for topic in topics} == {("subbed", 5), ("reset", 0)}


async def test_a_position_of_an_earlier_run_means_reset(hub: Hub) -> None:
    connection = joined(hub)
    await tell(hub, connection, t="sub", topic="cases", **{"from": "another-run:0"})

    assert [frame["t"] for frame in await heard(connection)] == ["reset"]


async def test_who_is_too_slow_is_let_go_and_the_others_hear_on(hub: Hub, clock: FakeClock) -> None:
    slow, quick = joined(hub), joined(hub)
    for connection in (slow, quick):
        await tell(hub, connection, t="sub", topic="cases")
    received = []
    for number in range(40):
        hub.publish(HERE, "cases", "case.changed", {"id": number}, clock.now())
        received += [frame["data"]["id"] for frame in await heard(quick) if frame["t"] == "ev"]

    assert await slow.closed is CloseCode.TOO_SLOW
    assert received == list(range(40))


async def test_a_slow_client_skips_coalesced_frames_and_its_positions_only_grow(hub: Hub, clock: FakeClock) -> None:
    slow = joined(hub)
    await tell(hub, slow, t="sub", topic="cases")
    for number in range(100):
        hub.publish(HERE, "cases", "floor.changed", {"n": number}, clock.now(), coalesce=True)
        if number % 25 == 0:
            hub.publish(HERE, "cases", "case.changed", {"n": number}, clock.now())

    assert slow.is_open
    events = [frame for frame in await heard(slow) if frame["t"] == "ev"]
    assert [event["data"]["n"] for event in events] == [0, 25, 50, 75, 99]
    offsets = [int(event["position"].partition(":")[2]) for event in events]
    assert offsets == sorted(offsets)


async def test_what_its_maker_changes_later_is_told_as_it_was(hub: Hub, clock: FakeClock) -> None:
    connection = joined(hub)
    await tell(hub, connection, t="sub", topic="cases")
    data = {"state": "open"}
    hub.publish(HERE, "cases", "case.changed", data, clock.now())
    data["state"] = "closed"

    assert (await heard(connection))[-1]["data"] == {"state": "open"}


async def test_leaving_a_topic(hub: Hub, clock: FakeClock) -> None:
    connection = joined(hub)
    await tell(hub, connection, t="sub", topic="cases")
    await tell(hub, connection, t="unsub", topic="cases")
    await tell(hub, connection, t="unsub", topic="cases")
    hub.publish(HERE, "cases", "case.changed", {}, clock.now())

    assert [frame["t"] for frame in await heard(connection)] == ["subbed"]
    assert not hub.followed(HERE, "cases")


async def test_a_lost_permission_ends_the_following(hub: Hub, clock: FakeClock) -> None:
    allowed = True

    async def check(_principal: Principal, _topic: str) -> bool:
        return allowed

    hub.authorise("conversation", check)
    connection = joined(hub)
    await tell(hub, connection, t="sub", topic="conversation:1")
    allowed = False
    await hub.recheck(HERE, "conversation:1")
    hub.publish(HERE, "conversation:1", "message.stored", {}, clock.now())

    assert [frame["t"] for frame in await heard(connection)] == ["subbed", "err"]


async def test_numbers_of_topics_and_connections_are_bounded(hub: Hub) -> None:
    who = principal()
    connection = joined(hub, who)
    for number in range(4):
        await tell(hub, connection, t="sub", topic=f"case:{number}")
    joined(hub, who)

    assert [frame["t"] for frame in await heard(connection)] == ["subbed"] * 3 + ["err"]
    assert hub.connect(who) is None
    hub.gone(connection)
    assert hub.connect(who) is not None


async def test_signing_out_ends_the_connections_of_that_session_alone(hub: Hub) -> None:
    user, session = uuid4(), uuid4()
    ended = joined(hub, principal(HERE, user, session))
    same_user = joined(hub, principal(HERE, user, uuid4()))
    same_ids_elsewhere = joined(hub, principal(THERE, user, session))
    hub.disconnect(HERE, session_id=session)

    assert await ended.closed is CloseCode.NOT_SIGNED_IN
    assert [connection.is_open for connection in (same_user, same_ids_elsewhere)] == [True, True]
    hub.disconnect(HERE, actor_id=user)
    assert [connection.is_open for connection in (same_user, same_ids_elsewhere)] == [False, True]


class Typing(msgspec.Struct):
    conversation_id: UUID


async def test_commands_are_checked_done_and_answered(hub: Hub) -> None:
    done: list[tuple[Principal, Typing]] = []

    async def typing(who: Principal, data: Typing) -> dict[str, int]:
        done.append((who, data))
        return {"n": 1}

    async def refuse(_who: Principal, _data: object) -> None:
        raise Conflict("conversation-over", at=3)

    async def fail(_who: Principal, data: object) -> None:
        raise DatabaseUnreachable("a secret, too") if data == {"away": True} else RuntimeError("a secret")

    hub.on_command("typing", Typing, typing)
    hub.on_command("refuse", object, refuse)
    hub.on_command("fail", object, fail)
    connection = joined(hub)
    conversation = uuid4()
    await tell(hub, connection, t="cmd", id="1", name="typing", data={"conversation_id": str(conversation)})
    await tell(hub, connection, t="cmd", id="2", name="typing", data={"conversation_id": "x"})
    await tell(hub, connection, t="cmd", id="3", name="typing")
    await tell(hub, connection, t="cmd", id="4", name="refuse", data={})
    await tell(hub, connection, t="cmd", id="5", name="fail", data={})
    await tell(hub, connection, t="cmd", id="6", name="unknown", data={})
    await tell(hub, connection, t="cmd", id="7", name="fail", data={"away": True})

    assert await heard(connection) == [
        {"t": "ok", "id": "1", "data": {"n": 1}},
        {"t": "err", "id": "2", "code": "command-invalid", "params": {"name": "typing"}},
        {"t": "err", "id": "3", "code": "command-invalid", "params": {"name": "typing"}},
        {"t": "err", "id": "4", "code": "conversation-over", "params": {"at": 3}},
        {"t": "err", "id": "5", "code": "internal-error", "params": {}},
        {"t": "err", "id": "6", "code": "command-unknown", "params": {"name": "unknown"}},
        {"t": "err", "id": "7", "code": "database-unavailable", "params": {}},
    ]
    assert done == [(connection.principal, Typing(conversation))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"sub"',
        "{}",
        '{"t":"nonsense"}',
        '{"t":"sub"}',
        '{"t":"sub","topic":7}',
        '{"t":"sub","topic":"../../etc"}',
        '{"t":"sub","topic":"case:1\\n"}',
        '{"t":"sub","topic":"' + "a" * 500 + '"}',
        '{"t":"sub","topic":"cases","from":7}',
        '{"t":"cmd","id":"","name":"x"}',
        '{"t":"cmd","id":{},"name":"x"}',
        '{"t":"cmd","id":"1","name":"x","data":' + "[" * 5000,
        '{"t":"hello","v":1}',
        '{"t":"sub","topic":"\\ud800"}',
        "\ud800",
        "\x00",
        "[" * 16_000,
    ],
)
async def test_a_malformed_frame_is_refused_and_changes_nothing(hub: Hub, text: str) -> None:
    connection = joined(hub)
    with pytest.raises(BadFrame):
        await hub.handle(connection, text)

    assert await heard(connection) == []
    assert connection.topics == set()


async def test_presence_tells_the_first_and_the_last(hub: Hub) -> None:
    told: list[tuple[TenantId, str, bool]] = []

    async def changed(tenant_id: TenantId, topic: str, present: bool) -> None:
        told.append((tenant_id, topic, present))

    hub.on_presence("case", changed)
    one, two = joined(hub), joined(hub)
    await tell(hub, one, t="sub", topic="case:1")
    await tell(hub, two, t="sub", topic="case:1")
    await tell(hub, two, t="sub", topic="cases")
    await asyncio.sleep(0)
    hub.gone(one)
    await asyncio.sleep(0)
    assert told == [(HERE, "case:1", True)]
    hub.gone(two)
    await hub.close()

    assert told == [(HERE, "case:1", True), (HERE, "case:1", False)]


async def test_presence_is_told_one_after_another_and_ends_with_what_is_true(hub: Hub) -> None:
    told: list[bool] = []
    go_on = asyncio.Event()

    async def changed(_tenant_id: TenantId, _topic: str, present: bool) -> None:
        await go_on.wait()
        told.append(present)
        if len(told) == 2:
            raise RuntimeError("a listener that fails stops nobody")

    hub.on_presence("case", changed)
    connection = joined(hub)
    await tell(hub, connection, t="sub", topic="case:1")
    await asyncio.sleep(0)
    for _ in range(3):  # quick back and forth while the listener is still busy with the first news
        await tell(hub, connection, t="unsub", topic="case:1")
        await tell(hub, connection, t="sub", topic="case:1")
    await tell(hub, connection, t="unsub", topic="case:1")
    go_on.set()
    await until(lambda: len(told) == 2)
    assert told == [True, False]
    await tell(hub, connection, t="sub", topic="case:1")
    await until(lambda: len(told) == 3)

    assert told == [True, False, True]


async def test_names_are_registered_once(hub: Hub) -> None:
    async def check(_principal: Principal, _topic: str) -> bool:
        return True

    with pytest.raises(ValueError, match="case"):
        hub.authorise("case", check)


async def test_flooding_is_counted_by_time(hub: Hub, clock: FakeClock) -> None:
    connection = joined(hub)
    sent = 0
    while connection.may_send():
        sent += 1
    assert sent == hub.limits.frames_burst
    clock.advance(1)

    assert [connection.may_send() for _ in range(21)] == [True] * 20 + [False]
