"""The laws of routing, told from plain records alone: what must hold after every command, whatever the engine does.

Written from the definitions in the docstrings, not from the code, and looking at everything.
"""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.model import Chosen, Needs, QueueSettings, RoutingConfig
from careline.modules.core.routing.engine.records import AgentRecord, ItemRecord, Snapshot


def check_laws(config: RoutingConfig, state: Snapshot) -> None:
    """Raise AssertionError when a law is broken."""
    one_agent_for_an_item(state)
    never_above_capacity(state)
    no_work_left_lying(config, state)
    sleep_is_kept(state)
    beside_is_earned(config, state)
    clocks_stand(state)


def carried(state: Snapshot) -> dict[UUID, Counter[Medium]]:
    """What each agent has reserved, engaged or in after-contact work."""
    hands: dict[UUID, Counter[Medium]] = {agent.profile.id: Counter() for agent in state.agents}
    for offer in (*state.offers, *(engagement.offer for engagement in state.engagements)):
        hands[offer.agent_id][offer.medium] += 1
    return hands


def in_hands(state: Snapshot) -> list[UUID]:
    """The items that are offered or engaged. Those in after-contact work have left, or wait again."""
    engaged = [e.offer.item_id for e in state.engagements if e.after_contact_since is None]
    return [offer.item_id for offer in state.offers] + engaged


def one_agent_for_an_item(state: Snapshot) -> None:
    """No item is offered or engaged twice, and every offer is of an item that the engine holds."""
    held = in_hands(state)
    assert len(held) == len(set(held)), "an item is with two agents"
    assert set(held) <= {record.item.id for record in state.items}, "an offer of an item that is not there"
    serials = [offer.serial for offer in state.offers] + [e.offer.serial for e in state.engagements]
    assert len(serials) == len(set(serials)), "two offers with one serial"
    assert all(serial <= state.serial for serial in serials), "a serial from the future"


def fits(profile: CapacityProfile, hand: Counter[Medium]) -> bool:
    """Whether what is in hand is within the profile, what may be interrupted left out as the others may crowd it."""
    if any(count > profile.limits.get(medium, 0) for medium, count in hand.items()):
        return False
    firm = {medium: count for medium, count in hand.items() if count and medium not in profile.interrupted_by}
    if sum(profile.weights.get(medium, 0) * count for medium, count in firm.items()) > profile.total:
        return False
    return all(len(group & firm.keys()) <= 1 for group in profile.exclusive)


def takes(profile: CapacityProfile, hand: Counter[Medium], medium: Medium, *, beside: bool = False) -> bool:
    """Whether one more item of a medium fits on top of what is in hand, ``beside`` some of it if need be."""
    if hand[medium] + 1 > profile.limits.get(medium, 0):
        return False
    seen = {m: n for m, n in hand.items() if n and medium not in profile.interrupted_by.get(m, ())}
    weight = profile.weights.get(medium, 0)
    carried = sum(profile.weights.get(m, 0) * n for m, n in seen.items())
    if weight and carried + weight > profile.total:
        return False
    apart = seen.keys() - {medium}
    if not any(medium in group and group & apart for group in profile.exclusive):
        return True
    apart -= {other for other in profile.beside if hand[other] < profile.limits.get(other, 0)}
    return beside and not any(medium in group and group & apart for group in profile.exclusive)


def never_above_capacity(state: Snapshot) -> None:
    """No agent has more in hand than their profile allows."""
    hands = carried(state)
    for agent in state.agents:
        assert fits(agent.profile.capacity, hands[agent.profile.id]), f"{agent.profile.id} is above capacity"


def no_work_left_lying(config: RoutingConfig, state: Snapshot) -> None:
    """Every waiting item that a ready agent with room could serve is offered."""
    hands = carried(state)
    queues = {queue.id: queue for queue in config.queues}
    taken = set(in_hands(state))
    for record in state.items:
        if record.item.id in taken or record.asleep_since is not None:
            continue
        for agent in state.agents:
            if not takes(agent.profile.capacity, hands[agent.profile.id], record.item.medium, beside=record.beside):
                continue
            can = may_serve(config, queues[record.queue_id], record, agent, state.at)
            assert not can, f"{record.item.id} waits although {agent.profile.id} could serve it"


def sleep_is_kept(state: Snapshot) -> None:
    """What may not be offered now is asleep, what may is awake, or about to be; nobody's hands hold what sleeps."""
    taken = set(in_hands(state))
    for record in state.items:
        closed, until = record.queue_id in state.closed, record.item.not_before
        if record.asleep_since is not None:
            assert record.item.patient
            assert record.item.id not in taken
            assert closed or until is not None, "it sleeps although nothing keeps it from being offered"
            assert record.asleep_since <= state.at
        elif record.item.patient and record.item.id not in taken:
            assert not closed, "it waits for somebody although its queue is closed"
            assert until is None or until <= state.at, "it waits for somebody before its time"


def beside_is_earned(config: RoutingConfig, state: Snapshot) -> None:
    """What waits is to stand beside other work only when it has waited for so long."""
    taken, queues = set(in_hands(state)), {queue.id: queue for queue in config.queues}
    for record in state.items:
        if record.beside and record.item.id not in taken and record.asleep_since is None:
            since = beside_from(queues[record.queue_id], record)
            assert since is not None
            assert since <= state.at


def clocks_stand(state: Snapshot) -> None:
    """The clock of after-contact work runs exactly while nothing interrupts it that came into the same hands later."""
    agents = {agent.profile.id: agent.profile for agent in state.agents}
    hands = [*state.offers, *(engagement.offer for engagement in state.engagements)]
    for done in state.engagements:
        by = agents[done.offer.agent_id].capacity.interrupted_by.get(done.offer.medium, frozenset())
        later = [one for one in hands if one.agent_id == done.offer.agent_id and one.serial > done.offer.serial]
        interrupted = any(one.medium in by for one in later)
        assert done.left_us is None or (interrupted and done.until is None), "the clock stands for nothing"
        assert not (interrupted and done.until is not None), "the clock runs while the work is interrupted"


def may_serve(
    config: RoutingConfig, queue: QueueSettings, record: ItemRecord, agent: AgentRecord, now: datetime
) -> bool:
    """Whether an agent with room may be offered a waiting item now."""
    profile, item = agent.profile, record.item
    if agent.chosen is not Chosen.READY or any(aside.medium is item.medium for aside in agent.set_aside):
        return False
    if any(agent_id == profile.id for agent_id, _ in record.excluded):
        return False
    if record.held_until is not None and item.preferred_agent != profile.id:
        return False
    steps = queue.relaxation[: record.steps]
    needs = relaxed(queue, record)
    if any(profile.skills.get(skill, 0) < level for skill, level in needs):
        return False
    serving = ({queue.id} | {joined for step in steps for joined in step.join}) & profile.queues
    if profile.desk is None:
        return bool(serving)
    desk = next((desk for desk in config.desks if desk.id == profile.desk), None)
    if desk is None or (desk.kinds and item.kind not in desk.kinds):
        return False
    return bool(serving & desk.queues if desk.queues else serving)


def next_due(config: RoutingConfig, state: Snapshot) -> datetime | None:
    """When something happens by itself, as the records tell it."""
    taken = set(in_hands(state))
    queues = {queue.id: queue for queue in config.queues}
    due = [offer.deadline for offer in state.offers]
    due += [e.until for e in state.engagements if e.until is not None]
    due += [aside.until for agent in state.agents for aside in agent.set_aside if aside.until is not None]
    for record in state.items:
        if record.item.id in taken:
            continue
        queue = queues[record.queue_id]
        if record.asleep_since is not None:
            if record.item.not_before is not None and record.queue_id not in state.closed:
                due.append(record.item.not_before)
            continue
        due += [until for _, until in record.excluded]
        due += [record.held_until] if record.held_until is not None else []
        due += [record.entered_at + timedelta(seconds=s.after_s) for s in queue.relaxation[record.steps :]]
        beside_at = beside_from(queue, record)
        due += [beside_at] if beside_at is not None and not record.beside else []
        if queue.max_wait_s is not None and not record.item.patient:
            due.append(record.entered_at + timedelta(seconds=queue.max_wait_s))
    return min(due, default=None)


def beside_from(queue: QueueSettings, record: ItemRecord) -> datetime | None:
    """When a message that is awake is offered beside other work too; None for never."""
    item = record.item
    if queue.beside_after_s is None or not item.patient or item.medium is not Medium.MESSAGE:
        return None
    slept = timedelta(microseconds=record.slept_us)
    return item.not_before or item.enqueued_at + slept + timedelta(seconds=queue.beside_after_s)


def relaxed(queue: QueueSettings, record: ItemRecord) -> Needs:
    """What an item still asks for, by its queue and by itself."""
    steps = queue.relaxation[: record.steps]
    lower = sum(step.lower_by for step in steps)
    dropped = {skill for step in steps for skill in step.drop}
    asked = [*queue.needs, *record.item.needs]
    return tuple((skill, max(1, level - lower)) for skill, level in asked if skill not in dropped)
