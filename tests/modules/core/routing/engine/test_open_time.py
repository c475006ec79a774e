"""Whose clock counts what: left messages age while they may be offered, people by the wall clock, and after-contact
work while nothing interrupts it.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.effects import AfterContactEnded, AfterContactStarted, Effect, ItemRelaxed
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import QueueSettings, RelaxationStep
from tests.modules.core.routing.engine.test_patient import ALL, APART, NIGHT, message
from tests.support.routing_engine import START, Centre, agent_id, at, call, item_id, kinds, offers_in, queue_id

AFTER_S = 60.0
QUICK = settings(max_examples=60, deadline=None)
STRETCHES = st.lists(st.tuples(st.booleans(), st.sampled_from([5.0, 17.0, 40.0, 75.0])), min_size=1, max_size=8)
NEEDS = QueueSettings(
    id=queue_id(1), needs=(("fibre", 3),), relaxation=(RelaxationStep(after_s=AFTER_S, lower_by=2),), target_s=0.0
)


@QUICK
@given(stretches=STRETCHES, is_patient=st.booleans())
def test_needs_give_way_after_open_time_alone_and_those_of_people_by_the_wall_clock(
    stretches: list[tuple[bool, float]], is_patient: bool
) -> None:
    """Opened and closed at chance: the step is taken when the time that counts has passed, and not before."""
    centre = Centre(NEEDS)
    item = message(1) if is_patient else call(1, medium=Medium.CHAT)
    centre.engine.enqueue(item, START)  # type: ignore[arg-type]
    now = counted = 0.0
    taken_at: float | None = None
    for is_open, seconds in stretches:
        centre.engine.set_open(queue_id(1), is_open, at(now))
        counts = is_open or not is_patient
        expected = now + AFTER_S - counted if counts and counted < AFTER_S <= counted + seconds else None
        due, relaxed = centre.engine.next_due(), []
        while due is not None and due <= at(now + seconds):
            relaxed += [due for effect in centre.engine.tick(due) if isinstance(effect, ItemRelaxed)]
            due = centre.engine.next_due()
        if expected is not None and taken_at is None:
            assert relaxed == [at(expected)]
            taken_at = expected
        else:
            assert not relaxed
        now, counted = now + seconds, counted + seconds * counts
    restored = Engine.restore(centre.config, centre.ids, centre.engine.snapshot())
    assert restored.next_due() == centre.engine.next_due()


@QUICK
@given(
    came=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 3)), min_size=2, max_size=6),
    opens=st.integers(601, 40_000),
)
def test_the_night_makes_no_message_older_than_one_of_the_same_morning(came: list[tuple[int, int]], opens: int) -> None:
    """Those of one night are offered by priority, then in the order in which they came, however long the night was."""
    centre = Centre(QueueSettings(id=queue_id(1)))
    centre.engine.set_open(queue_id(1), False, START)
    came.sort()
    for number, (second, priority) in enumerate(came, 1):
        item = call(number, second, medium=Medium.MESSAGE, patient=True, priority=priority)
        centre.engine.enqueue(item, at(second))
    centre.engine.set_open(queue_id(1), True, at(opens))
    wanted = [number for number, _ in sorted(enumerate(came, 1), key=lambda one: (-one[1][1], one[0]))]
    assert [centre.engine.position(item_id(number)) for number in wanted] == list(range(1, len(wanted) + 1))
    first = offers_in(centre.agent(1, opens, capacity=ALL))
    assert first == [(wanted[0], 1)]
    assert centre.standing(wanted[0]).why.waited_s == opens - came[wanted[0] - 1][0], "people are told the truth"


def test_a_heap_of_the_night_does_not_go_before_everybody_who_comes_in_the_morning() -> None:
    """With a target of an hour for messages a chat goes before those that have waited less of open time."""
    alone = CapacityProfile(limits=ALL.limits, exclusive=APART)
    centre = Centre(QueueSettings(id=queue_id(1), target_s=20, patient_target_s=3600))
    centre.agent(1, capacity=alone)
    centre.engine.set_open(queue_id(1), False, START)
    for number in range(1, 6):
        centre.engine.enqueue(message(number), START)  # type: ignore[arg-type]
    centre.engine.set_open(queue_id(1), True, at(NIGHT))
    centre.serve(1, NIGHT)
    centre.engine.enqueue(call(6, NIGHT + 60, medium=Medium.CHAT), at(NIGHT + 60))
    assert offers_in(centre.engine.finish(item_id(1), at(NIGHT + 300))) == [(6, 1)]
    centre.serve(6, NIGHT + 301)
    for number in (7, 8, 9):
        effects = centre.engine.enqueue(call(number, NIGHT + 3590, medium=Medium.CHAT), at(NIGHT + 3590))
        assert bool(offers_in(effects)) is (number < 9)
    for number in (7, 8):
        centre.serve(number, NIGHT + 3600)
        centre.engine.finish(item_id(number), at(NIGHT + 3600))


def test_what_was_put_off_comes_back_in_its_time_to_the_same_agent_first() -> None:
    centre = Centre(QueueSettings(id=queue_id(1)))
    for number in (1, 2):
        centre.agent(number, capacity=ALL)
    more: dict[str, Any] = {"preferred_agent": agent_id(2), "preferred_wait_s": 300.0, "not_before": at(1000)}
    put_off = call(1, medium=Medium.MESSAGE, patient=True, **more)
    assert kinds(centre.engine.enqueue(put_off, at(10))) == ["ItemWaiting"]
    why = centre.engine.why_not(item_id(1))
    assert (why.verdict, why.until) == ("put-off", at(1000))
    restored = Engine.restore(centre.config, centre.ids, centre.engine.snapshot())
    for engine in (centre.engine, restored):
        assert engine.next_due() == at(1000)
        assert engine.tick(at(999)) == []
        assert offers_in(engine.tick(at(1000))) == [(1, 2)]
        assert engine.snapshot().offers[0].why.last_agent


def test_who_put_it_off_and_has_no_room_is_waited_for_and_then_it_is_for_anybody() -> None:
    centre = Centre(QueueSettings(id=queue_id(1)))
    centre.agent(1, capacity=ALL)
    centre.engine.enqueue(call(9, 0), at(0))
    centre.serve(9, 1)
    more: dict[str, Any] = {"preferred_agent": agent_id(1), "preferred_wait_s": 300.0, "not_before": at(1000)}
    centre.engine.enqueue(call(1, medium=Medium.MESSAGE, patient=True, **more), at(10))
    centre.agent(2, 20, capacity=ALL)
    assert kinds(centre.engine.tick(at(1000))) == ["ItemTurned", "ItemHeld"]
    assert centre.engine.why_not(item_id(1)).verdict == "held-for-agent"
    assert offers_in(centre.engine.tick(at(1300))) == [(1, 2)]


def test_put_off_into_the_night_it_waits_for_the_hours() -> None:
    centre = Centre(QueueSettings(id=queue_id(1)))
    centre.agent(1, capacity=ALL)
    centre.engine.enqueue(call(1, medium=Medium.MESSAGE, patient=True, not_before=at(1000)), START)
    centre.engine.set_open(queue_id(1), False, at(500))
    assert centre.engine.next_due() is None
    assert centre.engine.tick(at(1000)) == []
    assert offers_in(centre.engine.set_open(queue_id(1), True, at(2000))) == [(1, 1)]


@QUICK
@given(stretches=STRETCHES)
def test_the_limit_of_after_contact_work_counts_the_time_that_nothing_interrupts(
    stretches: list[tuple[bool, float]],
) -> None:
    centre = Centre(QueueSettings(id=queue_id(1), after_contact_s=AFTER_S), QueueSettings(id=queue_id(2)))
    centre.agent(1, capacity=ALL, queues=(1, 2))
    centre.engine.enqueue(message(1), START)  # type: ignore[arg-type]
    offer = centre.serve(1, 0)
    centre.engine.finish(item_id(1), START)
    now, counted, ended = 0.0, 0.0, None
    for number, (is_interrupted, seconds) in enumerate(stretches, 2):
        if is_interrupted:
            effects = centre.engine.enqueue(call(number, now, queue=2), at(now))
            assert ended or any(is_standing(effect) for effect in effects)
            centre.serve(number, now)
        elif ended is None and counted + seconds >= AFTER_S:
            ended = now + AFTER_S - counted
        restored = Engine.restore(centre.config, centre.ids, centre.engine.snapshot())
        for engine in (restored, centre.engine):
            over = [effect for effect in engine.tick(at(now + seconds)) if isinstance(effect, AfterContactEnded)]
            assert bool(over) is (ended is not None and now < ended <= now + seconds)
        now, counted = now + seconds, counted + seconds * (not is_interrupted)
        if is_interrupted:
            centre.engine.finish(item_id(number), at(now))
    live = centre.engine.snapshot().engagements
    assert [done.offer.id for done in live] == ([] if ended is not None else [offer.id])
    if ended is None:
        assert live[0].until == at(now + AFTER_S - counted)


def is_standing(effect: Effect) -> bool:
    """Whether it says that a clock stands."""
    return isinstance(effect, AfterContactStarted) and effect.until is None and effect.left_us is not None


def test_what_is_over_while_something_interrupts_it_begins_to_count_after_that() -> None:
    centre = Centre(QueueSettings(id=queue_id(1), after_contact_s=AFTER_S))
    centre.agent(1, capacity=ALL)
    centre.engine.enqueue(message(1), START)  # type: ignore[arg-type]
    offer = centre.serve(1, 0)
    centre.engine.enqueue(call(2, 5), at(5))
    centre.serve(2, 6)
    centre.engine.finish(item_id(1), at(10))
    assert centre.engine.next_due() is None
    centre.engine.extend_after_contact(offer.id, at(100), at(10))
    assert centre.engine.next_due() is None, "a longer limit does not set the clock going"
    centre.engine.finish(item_id(2), at(500), after_contact=False)
    assert centre.engine.next_due() == at(590)


@QUICK
@given(
    came=st.lists(
        st.tuples(st.sampled_from([Medium.CHAT, Medium.MESSAGE]), st.integers(0, 7_000)), min_size=2, max_size=8
    )
)
def test_who_does_one_thing_at_a_time_gets_what_is_due_first_of_all_media_also_where_nothing_interrupts(
    came: list[tuple[Medium, int]],
) -> None:
    """So neither messages nor chats wait behind what came more than the difference of their targets after them."""
    targets = {Medium.CHAT: 20, Medium.MESSAGE: 3600}
    centre = Centre(QueueSettings(id=queue_id(1), target_s=20, patient_target_s=3600))
    came.sort(key=lambda one: one[1])
    waiting = {number: second + targets[medium] for number, (medium, second) in enumerate(came, 1)}
    for number, (medium, second) in enumerate(came, 1):
        item = call(number, second, medium=medium, patient=medium is Medium.MESSAGE)
        centre.engine.enqueue(item, at(second))
    one_thing = CapacityProfile(limits={Medium.CHAT: 1, Medium.MESSAGE: 1}, exclusive=APART)
    (offered,) = offers_in(centre.agent(1, 7_000, capacity=one_thing))
    for turn in range(len(came)):
        number, _ = offered
        assert number == min(waiting, key=lambda one: (waiting[one], one))
        centre.serve(number, 7_000 + turn)
        del waiting[number]
        more = offers_in(centre.engine.finish(item_id(number), at(7_000 + turn), after_contact=False))
        assert len(more) == bool(waiting)
        offered = more[0] if more else offered
