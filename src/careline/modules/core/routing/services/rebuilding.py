"""A shard from its rows: settings, agents, items in hand, items waiting.

An offer of a call that stood when the process died is taken back without blame: the phone it rang may be gone; so is
one whose time ran out while nobody was there to hear the answer. Waiting calls are parked until telephony has found
their callers alive. Everything else is as it was.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from careline.modules.core.routing.engine import model
from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.records import (
    AgentRecord,
    EngagementRecord,
    ItemRecord,
    SetAside,
    Snapshot,
)
from careline.modules.core.routing.engine.why import Why
from careline.modules.core.routing.repository import Record
from careline.modules.core.routing.rules import QueueRules, weakest_needs
from careline.modules.core.routing.services.ledger import Ledger, LiveItem
from careline.modules.core.routing.services.projection import engine_chosen
from careline.modules.core.routing.services.setup import Setup
from careline.modules.core.routing.views import Chosen, Media, MediaRules, QueueSettings, QueueView
from careline.modules.directory.people.views import AgentView

MESSAGE_TARGET_S = 3_600.0
"""A left message is due after so much open time: until then whoever comes and waits goes before it."""


def queue_view(row: Record) -> QueueView:
    """A queue from its row."""
    return QueueView(
        id=row.id,
        code=row.code,
        name=row.name,
        media=[Media(media) for media in row.media],
        target=row.target,
        target_seconds=row.target_seconds,
        ring_seconds=row.ring_seconds,
        wrap_up_seconds=row.wrap_up_seconds,
    )


def settings_view(row: Record) -> QueueSettings:
    """Everything that is set of a queue, from its row."""
    return QueueSettings(
        code=row.code,
        name=row.name,
        media=[Media(media) for media in row.media],
        needs=[(str(skill), int(level)) for skill, level in row.needs],
        target=row.target,
        target_seconds=row.target_seconds,
        ring_seconds=row.ring_seconds,
        wrap_up_seconds=row.wrap_up_seconds,
        rules=rules_of(row),
        version=row.version,
    )


def rules_of(row: Record) -> QueueRules:
    """How a queue is served, from its row. What an older version did not store is as by default."""
    return msgspec.convert(row.rules, QueueRules)


def config(found: Setup) -> model.RoutingConfig:
    """The engine's settings from what is stored."""
    return model.RoutingConfig(
        queues=tuple(_queue(row, found.media_rules) for row in found.queues),
        desks=tuple(
            model.Desk(id=desk.id, queues=frozenset(desk.queues), kinds=frozenset(desk.kinds)) for desk in found.desks
        ),
    )


def _queue(row: Record, shared: MediaRules) -> model.QueueSettings:
    rules = rules_of(row)
    return model.QueueSettings(
        id=row.id,
        strategy=rules.strategy,
        needs=needs(row),
        target_s=row.target_seconds,
        priority_step_s=rules.priority_step_s,
        relaxation=tuple(
            model.RelaxationStep(
                after_s=step.after_s, lower_by=step.lower_by, drop=frozenset(step.drop), join=frozenset(step.join)
            )
            for step in rules.relaxation
        ),
        offer_timeout_s=row.ring_seconds,
        after_contact_s=row.wrap_up_seconds,
        preferred_wait_s=rules.preferred_wait_s,
        max_waiting=rules.max_waiting,
        max_wait_s=rules.max_wait_s,
        overflow_to=rules.overflow_to,
        decline_pause_s=rules.decline_pause_s,
        set_aside_s=rules.set_aside_s,
        patient_target_s=MESSAGE_TARGET_S,
        beside_after_s=shared.message_beside_after_s,
    )


def needs(queue: Record) -> model.Needs:
    """The skills that every item of a queue asks for."""
    return tuple((str(skill), int(level)) for skill, level in queue.needs)


def profile(agent: AgentView, found: Setup) -> model.AgentProfile:
    """What an agent can do. They serve each queue whose skills they have, or some of these, while they are active.

    Whoever has them only when needs have given way is one of the queue's agents too: the engine asks them then.
    """
    skills, seat = dict(agent.skills), found.seat(agent.id)
    able = (
        row.id
        for row in found.queues
        if (seat.queues is None or row.id in seat.queues)
        and all(skills.get(code, 0) >= level for code, level in weakest_needs(needs(row), rules_of(row)))
    )
    serves = frozenset(able if agent.active else ())
    return model.AgentProfile(
        id=agent.id,
        queues=serves,
        capacity=capacity(agent.capacity, found.media_rules),
        skills=skills,
        desk=seat.desk_id,
    )


def capacity(limits: Mapping[str, int], shared: MediaRules) -> CapacityProfile:
    """How much of each medium at once. One call or some chats, unless the tenant says otherwise.

    A caller has the agent's whole attention. A left message comes to who has nothing else, or, when it has waited
    long, beside chats, and gives way to what may interrupt it.
    """
    apart = [frozenset({Medium.VOICE, Medium.MESSAGE}), frozenset({Medium.CHAT, Medium.MESSAGE})]
    if not shared.call_beside_chats:
        apart.append(frozenset({Medium.VOICE, Medium.CHAT}))
    return CapacityProfile(
        limits={Medium(medium): limit for medium, limit in limits.items()},
        exclusive=tuple(apart),
        interrupted_by={Medium.MESSAGE: frozenset(Medium(media.value) for media in shared.message_interrupted_by)},
        beside=frozenset() if shared.message_beside_after_s is None else frozenset({Medium.CHAT}),
    )


class Rebuilt(msgspec.Struct):
    """What a shard starts from. ``voided`` are items whose offer was taken back, ``arrivals`` those that the engine has
    yet to be told of, ``placed`` the agents whose place among all was not stored.
    """

    snapshot: Snapshot
    ledger: Ledger
    parked: dict[UUID, LiveItem]
    voided: list[Record]
    arrivals: list[LiveItem]
    placed: list[UUID]


def rebuild(
    now: datetime,
    found: Setup,
    agents: list[AgentView],
    states: dict[UUID, Record],
    rows: list[Record],
    alive: frozenset[UUID],
) -> Rebuilt:
    """Everything that a shard knew, from what is stored. Pure.

    ``rows`` come in the order of their numbers. ``alive`` names the interactions whose callers are known to be there:
    they need not be parked.
    """
    rebuilt = Rebuilt(Snapshot(at=now), Ledger(), {}, [], [], [])
    items: list[ItemRecord] = []
    hands: list[Record] = []
    seq = 0
    for row in rows:
        live = _live(row)
        lost_sight = live.media is Media.VOICE and live.interaction_id not in alive
        if row.seq or row.state != "waiting":
            seq = max(seq + 1, row.seq)  # older rows have none, and numbers must differ
            live.parked_as = _item(row, live, seq)
        if row.state == "offered" and (live.media is Media.VOICE or row.deadline <= now):
            rebuilt.voided.append(row)
        elif row.state != "waiting":
            live.offer, live.state = _offer(row), row.state
            hands.append(row)
        if live.offer is None and lost_sight:
            rebuilt.parked[live.interaction_id] = live
        elif live.parked_as is None:
            rebuilt.arrivals.append(live)
        else:
            rebuilt.ledger.add(live)
            if row.state != "after_contact_work":
                items.append(live.parked_as)
            live.parked_as = None
    records = _agents(agents, states, rows, found, now)
    rebuilt.placed = [agent_id for agent_id in records if agent_id not in states or not states[agent_id].place]
    rebuilt.snapshot = Snapshot(
        at=now,
        serial=max((*(row.serial for row in rows), *(row.last_served for row in states.values())), default=0),
        seq=seq,
        order=max((record.order for record in records.values()), default=0),
        agents=tuple(records.values()),
        items=tuple(items),
        offers=tuple(_offer(row) for row in hands if row.state == "offered"),
        engagements=tuple(_engagement(row, _offer(row)) for row in hands if row.state != "offered"),
    )
    return rebuilt


def _item(row: Record, live: LiveItem, seq: int) -> ItemRecord:
    return ItemRecord(
        item=work(live),
        queue_id=row.queue_id,
        seq=seq,
        entered_at=live.entered_at or live.enqueued_at,
        attempts=row.attempts,
        excluded=tuple((UUID(agent_id), datetime.fromisoformat(until)) for agent_id, until in row.excluded),
        held_until=row.held_until,
        asleep_since=row.asleep_since,
        slept_us=row.slept_us or 0,
    )


def _agents(
    agents: list[AgentView], states: dict[UUID, Record], rows: list[Record], found: Setup, now: datetime
) -> dict[UUID, AgentRecord]:
    in_hand: dict[UUID, list[Record]] = {}
    for row in rows:
        if row.agent_id is not None:
            in_hand.setdefault(row.agent_id, []).append(row)
    places = {agent_id: row.place for agent_id, row in states.items() if row.place}
    last = max(places.values(), default=0)
    for agent in agents:
        if agent.id not in places:
            last += 1
            places[agent.id] = last
    return {
        agent.id: _agent(places[agent.id], agent, states.get(agent.id), in_hand.get(agent.id, []), found, now)
        for agent in sorted(agents, key=lambda agent: places[agent.id])
    }


def _engagement(row: Record, offer: model.Offer) -> EngagementRecord:
    return EngagementRecord(
        offer=offer,
        since=row.engaged_at or row.offered_at,
        after_contact_since=row.finished_at,
        until=row.wrap_up_until,
        left_us=row.wrap_up_left_us,
    )


def _agent(
    order: int, agent: AgentView, row: Record | None, in_hand: list[Record], found: Setup, now: datetime
) -> AgentRecord:
    aside = [] if row is None else row.set_aside
    return AgentRecord(
        profile=profile(agent, found),
        order=order,
        chosen=model.Chosen.OFFLINE if row is None else engine_chosen(Chosen(row.chosen)),
        reason=None if row is None else row.reason,
        since=now if row is None else row.since,
        idle_since=now if row is None else row.idle_since,
        handled_us=0 if row is None else row.handled_us,
        last_served=max((0 if row is None else row.last_served, *(item.serial for item in in_hand))),
        set_aside=tuple(
            SetAside(
                medium=Medium(item["medium"]),
                cause=item["cause"],
                until=None if item["until"] is None else datetime.fromisoformat(item["until"]),
            )
            for item in aside
        ),
    )


def _live(row: Record) -> LiveItem:
    return LiveItem(
        id=row.id,
        interaction_id=row.interaction_id,
        media=Media(row.media),
        queue_id=row.queue_id,
        enqueued_at=row.enqueued_at,
        priority=row.priority,
        preferred_agent_id=row.preferred_agent_id,
        preferred_wait_s=row.preferred_wait_s,
        boost_s=row.boost_s or 0.0,
        kind=row.kind,
        entered_at=row.entered_at,
        again=row.again,
        not_to=tuple(UUID(agent_id) for agent_id, _ in row.excluded),
        engaged_at=row.engaged_at,
        finished_at=row.finished_at,
        wrap_up_until=row.wrap_up_until,
        wrap_up_left_us=row.wrap_up_left_us,
        not_before=row.not_before,
        awake_s=row.awake_s or 0.0,
        slept_us=row.slept_us or 0,
    )


def work(item: LiveItem) -> model.WorkItem:
    """What the engine is told of an item. What it needs, its queue says."""
    return model.WorkItem(
        id=item.id,
        medium=Medium(item.media.value),
        queue_id=item.queue_id,
        enqueued_at=item.enqueued_at,
        priority=item.priority,
        preferred_agent=item.preferred_agent_id,
        kind=item.kind,
        boost_s=item.boost_s,
        preferred_wait_s=item.preferred_wait_s,
        patient=item.media is Media.MESSAGE,
        not_before=item.not_before,
        awake_s=item.awake_s,
    )


def _offer(row: Record) -> model.Offer:
    return model.Offer(
        id=row.offer_id,
        serial=row.serial,
        token=row.token,
        item_id=row.id,
        agent_id=row.agent_id,
        queue_id=row.queue_id,
        medium=Medium(row.media),
        made_at=row.offered_at,
        deadline=row.deadline,
        why=msgspec.convert(row.why, Why),
    )
