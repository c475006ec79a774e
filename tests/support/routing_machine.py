"""A machine that gives two engines the same commands: the fast one, and one that looks at everything.

They must say the same, and the laws of routing must hold after every command. In between the fast one is thrown away
and restored from its records.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from careline.kernel.errors import DomainError
from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.effects import Effect, ItemOverflowed, ItemRelaxed, OfferMade
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.giving import RULE
from careline.modules.core.routing.engine.index import Index
from careline.modules.core.routing.engine.model import (
    AgentProfile,
    Chosen,
    Desk,
    Offer,
    QueueSettings,
    RelaxationStep,
    RoutingConfig,
    Strategy,
    WorkItem,
)
from careline.modules.core.routing.engine.records import ItemRecord
from tests.support.linear_matching import LinearMatcher
from tests.support.routing_engine import (
    ONE_CALL,
    ONE_CALL_OR_THREE_CHATS,
    START,
    CountedIds,
    agent_id,
    item_id,
    queue_id,
)
from tests.support.routing_laws import check_laws, next_due
from tests.support.routing_views import check_views

MEDIA = st.sampled_from([Medium.VOICE, Medium.VOICE, Medium.CHAT, Medium.MESSAGE])
SKILLS = ("a", "b", "c")
DESKS = (
    Desk(id=queue_id(900), kinds=frozenset({"gold"})),
    Desk(id=queue_id(901), queues=frozenset({queue_id(1)})),
)
CAPACITIES = (
    ONE_CALL,
    ONE_CALL_OR_THREE_CHATS,
    CapacityProfile(limits={Medium.VOICE: 1, Medium.CHAT: 2, Medium.MESSAGE: 1}),
    CapacityProfile(
        limits={Medium.VOICE: 1, Medium.CHAT: 2, Medium.MESSAGE: 2},
        exclusive=(frozenset({Medium.VOICE, Medium.MESSAGE}), frozenset({Medium.CHAT, Medium.MESSAGE})),
        interrupted_by={Medium.MESSAGE: frozenset({Medium.VOICE})},
    ),
    CapacityProfile(
        limits={Medium.VOICE: 1, Medium.CHAT: 2, Medium.MESSAGE: 1},
        exclusive=(frozenset({Medium.VOICE, Medium.MESSAGE}), frozenset({Medium.CHAT, Medium.MESSAGE})),
        interrupted_by={Medium.MESSAGE: frozenset({Medium.VOICE, Medium.CHAT})},
        beside=frozenset({Medium.CHAT}),
    ),
)
PASSING = st.sampled_from([-7.0, 0.0, 0.0, 0.25, 1.0, 4.0, 10.0, 30.0])
NUMBERS = st.integers(0, 4)
QUEUES = st.integers(1, 3)

needs = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), max_size=2).map(lambda d: tuple(d.items()))
queue_needs = st.sampled_from([(), (), (("a", 2),), (("b", 4), ("c", 1))])
steps = st.lists(
    st.builds(
        lambda by, drop, join: {"lower_by": by, "drop": drop, "join": join},
        st.integers(0, 2),
        st.frozensets(st.sampled_from(SKILLS), max_size=1),
        st.frozensets(QUEUES.map(queue_id), max_size=1),
    ),
    max_size=2,
).map(lambda drawn: tuple(RelaxationStep(after_s=5.0 * (at + 1), **step) for at, step in enumerate(drawn)))


def a_queue(number: int) -> st.SearchStrategy[QueueSettings]:
    """Settings for a queue of the world of three."""
    return st.builds(
        QueueSettings,
        id=st.just(queue_id(number)),
        strategy=st.sampled_from(Strategy),
        needs=queue_needs,
        target_s=st.sampled_from([0.0, 20.0]),
        relaxation=steps,
        offer_timeout_s=st.sampled_from([3.0, 12.0]),
        after_contact_s=st.sampled_from([0.0, 6.0, None]),
        preferred_wait_s=st.sampled_from([0.0, 8.0]),
        max_waiting=st.sampled_from([None, None, 2]),
        max_wait_s=st.sampled_from([None, None, 25.0]),
        overflow_to=st.sampled_from([None, queue_id(1), queue_id(2)]),
        set_aside_s=st.sampled_from([None, 9.0]),
        decline_pause_s=st.sampled_from([0.0, 15.0]),
        patient_target_s=st.sampled_from([None, 60.0]),
        beside_after_s=st.sampled_from([None, 0.0, 8.0]),
    )


configs = st.builds(
    RoutingConfig,
    queues=st.tuples(a_queue(1), a_queue(2), a_queue(3)),
    desks=st.sampled_from([(), DESKS]),
)
profiles = st.builds(
    AgentProfile,
    id=NUMBERS.map(agent_id),
    queues=st.frozensets(QUEUES.map(queue_id), min_size=1, max_size=3),
    capacity=st.sampled_from(CAPACITIES),
    skills=st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5)),
    desk=st.sampled_from([None, None, None, DESKS[0].id, DESKS[1].id]),
)
Answer = list[Effect] | DomainError


class RoutingMachine(RuleBasedStateMachine):
    """See the module. ``fast_matcher`` may be replaced by one with a planted fault."""

    fast_matcher: ClassVar[type[Index]] = Index

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.items = 0
        self.said: list[tuple[Callable[[Engine], list[Effect]], str]] = []
        self.last_serial = 0
        self.patient: set[UUID] = set()
        self.away: list[ItemRecord] = []

    @initialize(config=configs, known=st.lists(profiles, min_size=1, max_size=4))
    def open_the_centre(self, config: RoutingConfig, known: list[AgentProfile]) -> None:
        self.config = self.first_config = config
        self.ids = CountedIds()
        self.fast = Engine(config, self.ids, self.fast_matcher)
        self.slow = Engine(config, CountedIds(), LinearMatcher)
        for profile in {profile.id: profile for profile in known}.values():
            self.say(lambda e, p=profile, at=self.now: e.put_agent(p, at))
            self.say(lambda e, p=profile, at=self.now: e.choose(p.id, Chosen.READY, at))

    def say(self, command: Callable[..., list[Effect]]) -> None:
        """Give a command to both engines; they answer alike, and serials only grow."""
        before = self.fast.snapshot()
        fast, slow = answer(self.fast, command), answer(self.slow, command)
        assert str(fast) == str(slow)
        self.said.append((command, str(fast)))
        after = self.fast.snapshot()
        assert after.at >= before.at, "time went back"
        if isinstance(fast, DomainError):
            assert after == before, "a refused command changed something"
            return
        for effect in fast:
            if isinstance(effect, OfferMade):
                assert effect.offer.serial > self.last_serial
                self.last_serial = effect.offer.serial
                self.check_hours(effect.offer)
            elif isinstance(effect, ItemOverflowed):
                assert effect.item_id not in self.patient, "what nobody waits for was turned away"

    def check_hours(self, offer: Offer) -> None:
        """What nobody waits for is offered while its queue is open, unless a person gives it."""
        if offer.item_id in self.patient and offer.why.rule != RULE:
            assert self.fast.queue_view(offer.queue_id, self.now).open, "offered from a closed queue"
            item = self.fast.item(offer.item_id)
            assert item is not None
            assert item.not_before is None or item.not_before <= offer.made_at, "offered before its time"

    def pass_time(self, seconds: float) -> datetime:
        """The instant of the next command; the clock may stand still or go back."""
        told = self.now + timedelta(seconds=seconds)
        self.now = max(self.now, told)
        return told

    @rule(passed=PASSING)
    def tick(self, passed: float) -> None:
        at = self.pass_time(passed)
        self.say(lambda e: e.tick(at))
        due = self.fast.next_due()
        assert due == self.slow.next_due()
        assert due is None or due > self.fast.snapshot().at

    @rule(profile=profiles, passed=PASSING)
    def put_agent(self, profile: AgentProfile, passed: float) -> None:
        at = self.pass_time(passed)
        known = self.fast.profile(profile.id)
        if known is not None:  # who is made to carry less may have more in hand than allowed, and rightly so
            profile = replace(profile, capacity=known.capacity)
        self.say(lambda e: e.put_agent(profile, at))

    @rule(number=NUMBERS, passed=PASSING)
    def remove_agent(self, number: int, passed: float) -> None:
        at = self.pass_time(passed)
        self.say(lambda e: e.remove_agent(agent_id(number), at))

    @rule(number=NUMBERS, chosen=st.sampled_from([Chosen.READY, Chosen.READY, *Chosen]), passed=PASSING)
    def choose(self, number: int, chosen: Chosen, passed: float) -> None:
        at = self.pass_time(passed)
        self.say(lambda e: e.choose(agent_id(number), chosen, at, reason="meal"))

    @rule(number=NUMBERS, medium=MEDIA, until=st.sampled_from([None, 5.0]), back=st.booleans(), passed=PASSING)
    def set_aside(self, number: int, medium: Medium, until: float | None, back: bool, passed: float) -> None:
        at = self.pass_time(passed)
        end = None if until is None else self.now + timedelta(seconds=until)
        media = frozenset({medium})
        self.say(lambda e: e.set_aside(agent_id(number), media, "phone-gone", at, until=end, take_back=back))

    @rule(number=NUMBERS, medium=MEDIA, passed=PASSING)
    def bring_back(self, number: int, medium: Medium, passed: float) -> None:
        at = self.pass_time(passed)
        self.say(lambda e: e.bring_back(agent_id(number), frozenset({medium}), at))

    @rule(
        medium=MEDIA,
        queue=QUEUES,
        needs=needs,
        priority=st.sampled_from([0, 0, 1, 5]),
        preferred=st.sampled_from([None, None, 0, 1, 2]),
        wait=st.sampled_from([None, 0.0, 6.0]),
        kind=st.sampled_from(["", "gold"]),
        late=st.sampled_from([0.0, 0.0, 90.0]),
        boost=st.sampled_from([0.0, 0.0, 40.0]),
        not_to=st.sampled_from([(), (), (0,), (1, 3)]),
        patient=st.sampled_from([False, False, True]),
        put_off=st.sampled_from([None, None, 7.0, 40.0]),
        passed=PASSING,
    )
    def enqueue(self, passed: float, late: float, preferred: int | None, **drawn: Any) -> None:
        at = self.pass_time(passed)
        self.items += 1
        item = WorkItem(
            id=item_id(self.items),
            medium=drawn["medium"],
            queue_id=queue_id(drawn["queue"]),
            enqueued_at=at - timedelta(seconds=late),
            needs=drawn["needs"],
            priority=drawn["priority"],
            preferred_agent=None if preferred is None else agent_id(preferred),
            preferred_wait_s=drawn["wait"],
            boost_s=drawn["boost"],
            kind=drawn["kind"],
            patient=drawn["patient"],
            not_before=put_off(drawn, at),
            awake_s=30.0 if drawn["patient"] and late else 0.0,
        )
        if item.patient:
            self.patient.add(item.id)
        not_to = tuple(map(agent_id, drawn["not_to"]))
        self.say(lambda e: e.enqueue(item, at, not_to=not_to))

    @precondition(lambda self: self.items)
    @rule(data=st.data(), number=NUMBERS, passed=PASSING)
    def give(self, data: st.DataObject, number: int, passed: float) -> None:
        """A person gives an item to an agent, perhaps in place of what that agent still writes up."""
        at, item = self.pass_time(passed), item_id(data.draw(st.integers(1, self.items)))
        hands = [engaged.offer.id for engaged in self.fast.snapshot().engagements]
        instead_of = data.draw(st.sampled_from([None, *hands]))
        self.say(lambda e: e.give(item, agent_id(number), at, instead_of=instead_of))

    @precondition(lambda self: self.items)
    @rule(data=st.data(), passed=PASSING)
    def withdraw(self, data: st.DataObject, passed: float) -> None:
        at, number = self.pass_time(passed), data.draw(st.integers(1, self.items))
        record = self.fast.item_record(item_id(number))
        self.say(lambda e: e.withdraw(item_id(number), at))
        if record is not None and self.fast.item(item_id(number)) is None:
            self.away.append(record)

    @precondition(lambda self: self.away)
    @rule(data=st.data(), passed=PASSING)
    def readmit(self, data: st.DataObject, passed: float) -> None:
        """Somebody was away for a moment and waits on."""
        at, record = self.pass_time(passed), data.draw(st.sampled_from(self.away))
        self.away.remove(record)
        self.say(lambda e: e.readmit(record, at))
        known = self.fast.item_record(record.item.id)
        if known is not None and record.queue_id == known.queue_id:
            assert known.seq == record.seq, "their place is another one"
            assert record.item.patient or known.entered_at == record.entered_at, "they wait anew"

    @precondition(lambda self: self.items)
    @rule(data=st.data(), queue=st.sampled_from([None, 1, 2]), after=st.booleans(), passed=PASSING)
    def requeue(self, data: st.DataObject, queue: int | None, after: bool, passed: float) -> None:
        at, number = self.pass_time(passed), data.draw(st.integers(1, self.items))
        known = self.fast.item(item_id(number))
        changed = None
        if queue is not None and known is not None:
            changed = replace(known, queue_id=queue_id(queue), enqueued_at=at, needs=(), priority=2, kind="")
        self.say(lambda e: e.requeue(item_id(number), at, changed=changed, after_contact=after))

    @precondition(lambda self: self.fast.snapshot().offers)
    @rule(data=st.data(), what=st.sampled_from(["accept", "accept", "decline", "fail"]), right=st.integers(0, 9))
    def answer_an_offer(self, data: st.DataObject, what: str, right: int) -> None:
        offer = data.draw(st.sampled_from(self.fast.snapshot().offers))
        token, at = offer.token if right else "guessed", self.now
        if what == "accept":
            self.say(lambda e: e.accept(offer.id, token, at))
        elif what == "decline":
            self.say(lambda e: e.decline(offer.id, token, at))
        else:
            self.say(lambda e: e.fail_offer(offer.id, token, "phone-gone", at))
        assert (offer in self.fast.snapshot().offers) == (not right), "a guessed token did something"

    @precondition(lambda self: self.fast.snapshot().offers)
    @rule(data=st.data())
    def all_decline(self, data: st.DataObject) -> None:
        """One after the other lets an item to others; whoever did is not asked again for a while."""
        item, at = data.draw(st.sampled_from(self.fast.snapshot().offers)).item_id, self.now
        for _ in range(3):
            offer = next((offer for offer in self.fast.snapshot().offers if offer.item_id == item), None)
            if offer is not None:
                self.say(lambda e, o=offer: e.decline(o.id, o.token, at))

    @precondition(lambda self: self.fast.snapshot().engagements)
    @rule(data=st.data(), after=st.booleans(), passed=PASSING)
    def finish(self, data: st.DataObject, after: bool, passed: float) -> None:
        at, engaged = self.pass_time(passed), data.draw(st.sampled_from(self.fast.snapshot().engagements))
        self.say(lambda e: e.finish(engaged.offer.item_id, at, after_contact=after))

    @precondition(lambda self: self.fast.snapshot().engagements)
    @rule(data=st.data(), longer=st.booleans(), passed=PASSING)
    def wrap_up(self, data: st.DataObject, longer: bool, passed: float) -> None:
        at, engaged = self.pass_time(passed), data.draw(st.sampled_from(self.fast.snapshot().engagements))
        until = self.now + timedelta(seconds=30)
        if longer:
            self.say(lambda e: e.extend_after_contact(engaged.offer.id, until, at))
        else:
            self.say(lambda e: e.end_after_contact(engaged.offer.id, at))

    @rule(queue=QUEUES, is_open=st.booleans())
    def set_open(self, queue: int, is_open: bool) -> None:
        at = self.now
        self.say(lambda e: e.set_open(queue_id(queue), is_open, at))

    @rule(config=configs)
    def configure(self, config: RoutingConfig) -> None:
        at = self.now
        self.config = config
        self.say(lambda e: e.configure(config, at))

    @rule()
    def die_and_come_back(self) -> None:
        records = self.fast.snapshot()
        due = self.fast.next_due()
        self.fast = Engine.restore(self.config, self.ids, records, self.fast_matcher)
        assert self.fast.snapshot() == records
        assert self.fast.next_due() == due
        check_views(self.fast, self.slow)
        at = self.now
        self.say(lambda e: e.tick(at))
        said, due = self.fast.snapshot(), self.fast.next_due()
        assert [effect for effect in self.fast.resume(at) if not isinstance(effect, ItemRelaxed)] == []
        assert self.fast.snapshot() == said, "to match again what is matched changes nothing"
        assert self.fast.next_due() == due

    @invariant()
    def laws_hold(self) -> None:
        if hasattr(self, "fast"):
            state = self.fast.snapshot()
            check_laws(self.config, state)
            assert self.fast.next_due() == next_due(self.config, state)
            check_views(self.fast, self.slow)

    def teardown(self) -> None:
        """The same commands to a new engine give the same answers."""
        if hasattr(self, "fast"):
            again = Engine(self.first_config, CountedIds(), self.fast_matcher)
            for command, told in self.said:
                assert str(answer(again, command)) == told


def put_off(drawn: dict[str, Any], now: datetime) -> datetime | None:
    """When an item may be offered first."""
    seconds = drawn["put_off"]
    return None if seconds is None or not drawn["patient"] else now + timedelta(seconds=seconds)


def answer(engine: Engine, command: Callable[[Engine], list[Effect]]) -> Answer:
    """What an engine says to a command: effects, or the error it refuses with."""
    try:
        return command(engine)
    except DomainError as refused:
        return refused
