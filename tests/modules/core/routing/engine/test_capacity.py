"""What the random walks meet too rarely: limits, weights shared by media, and items held for one agent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium, one_of
from careline.modules.core.routing.engine.effects import ItemWaiting, OfferMade
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.index import Index
from careline.modules.core.routing.engine.model import AgentProfile, Chosen, QueueSettings, RoutingConfig, WorkItem
from tests.support.routing_engine import ONE_CALL_OR_THREE_CHATS

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VOICE, CHAT = one_of(Medium.VOICE.place), one_of(Medium.CHAT.place)
QUEUE = UUID(int=1)
CALL_OR_CHATS = CapacityProfile(
    limits={Medium.VOICE: 1, Medium.CHAT: 3}, weights={Medium.VOICE: 6, Medium.CHAT: 2}, total=6
)


@pytest.mark.parametrize(
    ("in_hand", "call", "chats"),
    [(0, 1, 3), (CHAT, 0, 2), (2 * CHAT, 0, 1), (3 * CHAT, 0, 0), (VOICE, 0, 0)],
)
def test_one_call_or_three_chats_by_weight(in_hand: int, call: int, chats: int) -> None:
    assert CALL_OR_CHATS.left(in_hand, Medium.VOICE.place) == call
    assert CALL_OR_CHATS.left(in_hand, Medium.CHAT.place) == chats


@pytest.mark.parametrize(
    ("in_hand", "fits"),
    [
        ({}, "voice chat message"),
        ({"message": 1}, "voice chat message"),
        ({"message": 2}, "voice chat"),
        ({"voice": 1}, ""),
        ({"voice": 1, "message": 1}, ""),
        ({"chat": 1, "message": 1}, "chat"),
        ({"chat": 1}, "chat message"),
        ({"chat": 3}, ""),
    ],
)
def test_a_letter_may_be_interrupted_and_interrupts_nobody(in_hand: dict[str, int], fits: str) -> None:
    usage = sum(count * one_of(Medium(medium).place) for medium, count in in_hand.items())
    free = ONE_CALL_OR_THREE_CHATS.free_media(usage)
    assert " ".join(medium for medium in ("voice", "chat", "message") if free & (1 << Medium(medium).place)) == fits


class Counted:
    """Ids in order."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = iter(range(100, 1000))

    def offer_id(self) -> UUID:
        return UUID(int=next(self._numbers))

    def token(self) -> str:
        return str(next(self._numbers))


def test_never_one_more_than_the_limit() -> None:
    engine = Engine(RoutingConfig(queues=(QueueSettings(id=QUEUE),)), Counted(), Index)
    two_chats = CapacityProfile(limits={Medium.CHAT: 2})
    engine.put_agent(AgentProfile(id=UUID(int=10), queues=frozenset({QUEUE}), capacity=two_chats), NOW)
    engine.choose(UUID(int=10), Chosen.READY, NOW)
    items = [WorkItem(id=UUID(int=n), medium=Medium.CHAT, queue_id=QUEUE, enqueued_at=NOW) for n in (20, 21, 22)]
    assert [[type(effect) for effect in engine.enqueue(item, NOW)] for item in items] == [
        [OfferMade],
        [OfferMade],
        [ItemWaiting],
    ]


def test_an_item_held_for_an_agent_who_leaves_goes_to_another() -> None:
    engine = Engine(RoutingConfig(queues=(QueueSettings(id=QUEUE, preferred_wait_s=60),)), Counted(), Index)
    one_chat = CapacityProfile(limits={Medium.CHAT: 1})
    known, other = UUID(int=10), UUID(int=11)
    for agent in (known, other):
        engine.put_agent(AgentProfile(id=agent, queues=frozenset({QUEUE}), capacity=one_chat), NOW)
    engine.choose(known, Chosen.READY, NOW)
    busy = WorkItem(id=UUID(int=20), medium=Medium.CHAT, queue_id=QUEUE, enqueued_at=NOW)
    (made,) = engine.enqueue(busy, NOW)
    assert isinstance(made, OfferMade)
    engine.accept(made.offer.id, made.offer.token, NOW)
    engine.choose(other, Chosen.READY, NOW)

    held = WorkItem(id=UUID(int=21), medium=Medium.CHAT, queue_id=QUEUE, enqueued_at=NOW, preferred_agent=known)
    assert [type(effect) for effect in engine.enqueue(held, NOW)] == [ItemWaiting]

    assert engine.holder(held.id) is None
    engine.choose(known, Chosen.OFFLINE, NOW + timedelta(seconds=1))
    assert engine.holder(held.id) == other
