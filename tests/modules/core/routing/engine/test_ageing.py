"""The order of service, told without looking at how the engine keeps it: who waits is served, whoever else comes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.effects import Effect, OfferMade
from careline.modules.core.routing.engine.model import HIGHEST_PRIORITY, QueueSettings, Strategy, WorkItem
from careline.modules.core.routing.engine.queues import SEQ_BITS, QueueState
from tests.support.routing_engine import Centre, at, call, item_id, queue_id

STEP_S, MOST_BOOST_S, LATER_TARGET_S = 30.0, 90.0, 60.0
HEAD_START_S = HIGHEST_PRIORITY * STEP_S + MOST_BOOST_S + LATER_TARGET_S
"""The most that anybody may be put before whoever came earlier: by priority, by level and by the queue's target."""
QUICK = settings(max_examples=80, deadline=None, derandomize=True, database=None)
HUNT = settings(QUICK, max_examples=400, phases=[Phase.generate])


class Asked(NamedTuple):
    """A caller: how long after the one before, where, how urgent, and whether an agent gets free after it."""

    gap_s: float
    queue: int
    priority: int
    boost_s: float
    medium: Medium
    served: bool


ENDS = Asked(0.0, 1, 0, 0.0, Medium.VOICE, served=True)
"""Nobody comes any more, and the agent gets free."""
ONE_OF_ANY = CapacityProfile(
    limits={Medium.VOICE: 1, Medium.CHAT: 1, Medium.MESSAGE: 1},
    weights={Medium.VOICE: 1, Medium.CHAT: 1, Medium.MESSAGE: 1},
)
callers = st.lists(
    st.builds(
        Asked,
        gap_s=st.sampled_from([0.0, 1.0, 25.0, 40.0]),
        queue=st.integers(1, 2),
        priority=st.sampled_from([0, 0, 1, HIGHEST_PRIORITY]),
        boost_s=st.sampled_from([0.0, 0.0, MOST_BOOST_S]),
        medium=st.sampled_from([Medium.VOICE, Medium.CHAT, Medium.MESSAGE]),
        served=st.booleans(),
    ),
    min_size=20,
    max_size=60,
)


def play(asked: list[Asked], strategy: Strategy) -> None:
    """One agent serves both queues, one contact at a time whatever its medium.

    Raises ``AssertionError`` when somebody is overtaken who must not be.
    """
    centre = Centre(
        QueueSettings(id=queue_id(1), strategy=strategy, target_s=0.0, priority_step_s=STEP_S),
        QueueSettings(id=queue_id(2), strategy=strategy, target_s=LATER_TARGET_S, priority_step_s=STEP_S),
    )
    centre.agent(1, queues=(1, 2), capacity=ONE_OF_ANY)
    waiting: dict[int, tuple[float, Asked]] = {}
    in_hand: int | None = None
    now = 0.0

    def take(effects: list[Effect]) -> None:
        nonlocal in_hand
        for effect in effects:
            if isinstance(effect, OfferMade):
                in_hand = effect.offer.item_id.int - item_id(0).int
                centre.engine.accept(effect.offer.id, effect.offer.token, at(now))
                came, one = waiting.pop(in_hand)
                for earlier, other in waiting.values():
                    assert came <= earlier + HEAD_START_S, "somebody starves"
                    alike = (other.queue, other.priority, other.boost_s) == (one.queue, one.priority, one.boost_s)
                    assert not alike or came <= earlier, "one of the same kind who came later was first"

    for number, one in enumerate([*asked, *([ENDS] * len(asked))], start=1):
        now += one.gap_s
        if number <= len(asked):
            waiting[number] = now, one
            item = call(number, now, queue=one.queue, priority=one.priority, boost_s=one.boost_s, medium=one.medium)
            take(centre.engine.enqueue(item, at(now)))
        if one.served and in_hand is not None:
            done, in_hand = in_hand, None
            take(centre.engine.finish(item_id(done), at(now)))
    assert not waiting, "somebody was never served although the agent was free"


@QUICK
@given(callers, st.sampled_from(Strategy))
def test_nobody_is_overtaken_for_longer_than_the_head_start(asked: list[Asked], strategy: Strategy) -> None:
    play(asked, strategy)


def test_an_endless_stream_of_the_most_urgent_does_not_starve_the_least() -> None:
    centre = Centre(QueueSettings(id=queue_id(1), target_s=0.0, priority_step_s=STEP_S))
    centre.agent(1)
    centre.engine.enqueue(call(1), at(0))
    centre.serve(1, 0)
    centre.engine.enqueue(call(2, 1), at(1))
    urgent = 3
    while centre.engine.holder(item_id(2)) is None:
        now = 10.0 * urgent
        assert now < HEAD_START_S + 20, "the least urgent starves"
        centre.engine.enqueue(call(urgent, now, priority=HIGHEST_PRIORITY), at(now))
        held = next(one.offer.item_id for one in centre.engine.snapshot().engagements)
        centre.engine.finish(held, at(now))
        for offer in centre.engine.snapshot().offers:
            centre.engine.accept(offer.id, offer.token, at(now))
        urgent += 1
    assert urgent > 10, "the most urgent went first for as long as their head start"


def _by_priority_alone(self: QueueState, item: WorkItem, enqueued_us: int, seq: int) -> int:
    return ((HIGHEST_PRIORITY - item.priority) << 100) | seq


def _latest_first(self: QueueState, item: Any, enqueued_us: int, seq: int) -> int:
    return (((1 << 60) - enqueued_us) << SEQ_BITS) | seq


def _boosted_for_ever(key: Callable[..., int]) -> Callable[..., int]:
    return lambda self, item, *rest: key(self, item, *rest) >> (60 if item.boost_s else 0)


@pytest.mark.parametrize(
    "broken",
    [_by_priority_alone, _latest_first, _boosted_for_ever(QueueState.key)],
    ids=["priority", "latest", "boost"],
)
def test_an_order_that_starves_is_found(broken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueueState, "key", broken)
    with pytest.raises(AssertionError):
        HUNT(given(callers, st.sampled_from(Strategy))(play))()
