"""Restart and re-configuration: the board to plain records and back, and everything matched anew."""

from careline.modules.core.routing.engine.board import Board
from careline.modules.core.routing.engine.capacity import BESIDE, MEDIA, rooms_of
from careline.modules.core.routing.engine.dealing import Dealer
from careline.modules.core.routing.engine.effects import Effect, OfferEnd, OverflowCause
from careline.modules.core.routing.engine.instants import from_us, to_us
from careline.modules.core.routing.engine.model import Chosen, RoutingConfig, WorkItem
from careline.modules.core.routing.engine.queues import ENGAGED, OFFERED, WAITING, QueueState
from careline.modules.core.routing.engine.records import (
    AgentRecord,
    EngagementRecord,
    ItemRecord,
    SetAside,
    Snapshot,
)
from careline.modules.core.routing.engine.state import AFTER, HELD, RESERVED, AgentState, InHand, ItemState
from careline.modules.core.routing.engine.timers import AFTER_CONTACT, OFFER, SET_ASIDE


def take(board: Board) -> Snapshot:
    """See ``Engine.snapshot``."""
    hands = sorted(board.hands.values(), key=lambda hand: hand.offer.serial)
    return Snapshot(
        at=from_us(board.now_us),
        serial=board.serial,
        seq=board.seq,
        order=board.order,
        closed=frozenset(queue.settings.id for queue in board.queues.values() if not queue.open),
        agents=tuple(agent_record(agent) for agent in board.agents.values()),
        items=tuple(item_record(item) for item in board.items.values()),
        offers=tuple(hand.offer for hand in hands if hand.stage == RESERVED),
        engagements=tuple(engagement_record(hand) for hand in hands if hand.stage != RESERVED),
    )


def agent_record(agent: AgentState) -> AgentRecord:
    """An agent as a plain record."""
    return AgentRecord(
        profile=agent.profile,
        order=agent.order,
        chosen=agent.chosen,
        reason=agent.reason,
        since=from_us(agent.since),
        idle_since=from_us(agent.idle_since),
        handled_us=agent.handled_us,
        last_served=agent.last_served,
        set_aside=tuple(
            SetAside(medium=MEDIA[at], cause=cause, until=None if until is None else from_us(until))
            for at, (cause, until) in sorted(agent.set_aside.items())
        ),
    )


def item_record(item: ItemState) -> ItemRecord:
    """An item as a plain record."""
    return ItemRecord(
        item=item.item,
        queue_id=item.queue.settings.id,
        seq=item.seq,
        entered_at=from_us(item.entered_us),
        steps=item.steps,
        attempts=item.attempts,
        excluded=tuple(
            (agent.profile.id, from_us(until))
            for agent, until in sorted(item.excluded.items(), key=lambda pair: pair[0].order)
        ),
        held_until=None if item.held_until is None else from_us(item.held_until),
        asleep_since=None if item.since_us is None else from_us(item.since_us),
        slept_us=item.slept_us,
        beside=item.room == BESIDE,
    )


def engagement_record(engagement: InHand) -> EngagementRecord:
    """An accepted offer as a plain record."""
    after, until = engagement.after_since, engagement.until
    return EngagementRecord(
        offer=engagement.offer,
        since=from_us(engagement.since),
        after_contact_since=None if after is None else from_us(after),
        until=None if until is None else from_us(until),
        left_us=engagement.left_us,
    )


def load(board: Board, dealer: Dealer, snapshot: Snapshot) -> None:
    """Fill an empty board from records. See ``Engine.restore``."""
    board.advance(snapshot.at)
    board.serial, board.seq, board.order = snapshot.serial, snapshot.seq, snapshot.order
    for queue_id in snapshot.closed:
        board.queue_or_remnant(queue_id).open = False
    for record in sorted(snapshot.agents, key=lambda record: record.order):
        _load_agent(board, dealer, record)
    for item in snapshot.items:
        _load_item(board, item)
    for offer in snapshot.offers:
        state = board.items[offer.item_id.int]
        hand = InHand(offer, board.agents[offer.agent_id], state, state.queue)
        state.hand, state.status = hand, OFFERED
        state.queue.reserved += 1
        board.hands[offer.id.int] = hand
        hand.agent.take(hand)
        board.timers.push(to_us(offer.deadline), OFFER, offer.serial, hand)
    for engaged in snapshot.engagements:
        _load_engagement(board, engaged)
    for state in board.items.values():
        if state.status == WAITING:
            dealer.wait_as_recorded(state)
    for agent in board.agents.values():
        agent.settle()
        dealer.matcher.update_agent(agent)


def rematch(board: Board, dealer: Dealer, config: RoutingConfig, *, decide_anew: bool = True) -> list[Effect]:
    """Put settings in place and match everything anew. See ``Engine.configure``, and ``Engine.resume`` for
    ``decide_anew``.
    """
    effects: list[Effect] = []
    waiting = sorted((i for i in board.items.values() if i.status == WAITING), key=lambda i: i.seq)
    closed = {queue.settings.id for queue in board.queues.values() if not queue.open and not queue.removed}
    board.config = config
    board.desks = {desk.id: desk for desk in config.desks}
    board.queues = {queue.id: QueueState(queue) for queue in config.queues}
    for queue in board.queues.values():
        queue.open = queue.settings.id not in closed
    for agent in board.agents.values():
        if agent.chosen is not Chosen.OFFLINE:
            board.count_levels(agent, +1)
        agent.held.clear()
        agent.cell = agent.peers = None
        agent.present = False
        dealer.matcher.put_agent(agent)
        dealer.matcher.update_agent(agent)
    for item in board.items.values():
        item.group = None
        item.queue = board.queue_or_remnant(item.queue.settings.id)
        item.steps = min(item.steps, len(item.queue.stages) - 1)
        if item.status == OFFERED:
            item.queue.reserved += 1
        elif item.status == ENGAGED:
            item.queue.engaged += 1
        if item.hand is not None:
            item.hand.queue = item.queue
    homeless = [item for item in board.items.values() if item.status == OFFERED and item.queue.removed]
    for item in homeless:
        assert item.hand is not None
        agent = item.hand.agent
        dealer.end_offer(item.hand, OfferEnd.ITEM_MOVED, effects)
        agent.settle()
        dealer.matcher.update_agent(agent)
    for item in waiting:
        item.rank()
        item.due = None
    for item in sorted(waiting, key=lambda i: i.key):
        if item.queue.removed:
            dealer.overflow(item, OverflowCause.QUEUE_REMOVED, effects)
        elif decide_anew:
            dealer.enter_again(item, effects)
        else:
            dealer.match_again(item, effects)
    for item in homeless:
        dealer.overflow(item, OverflowCause.QUEUE_REMOVED, effects)
    return effects


def _load_agent(board: Board, dealer: Dealer, record: AgentRecord) -> None:
    profile = record.profile
    agent = AgentState(profile, board.capacity_of(profile.capacity), record.order, to_us(record.since))
    agent.chosen, agent.reason = record.chosen, record.reason
    agent.idle_since = to_us(record.idle_since)
    agent.handled_us, agent.last_served = record.handled_us, record.last_served
    board.agents[profile.id] = agent
    if agent.chosen is not Chosen.OFFLINE:
        board.count_levels(agent, +1)
    for noted in record.set_aside:
        medium = noted.medium.place
        until = None if noted.until is None else to_us(noted.until)
        agent.set_aside[medium] = (noted.cause, until)
        agent.set_aside_mask |= rooms_of(medium)
        if until is not None:
            board.timers.push(until, SET_ASIDE, agent.order * 8 + medium, agent)
    dealer.matcher.put_agent(agent)


def item_state(board: Board, record: ItemRecord) -> ItemState:
    """An item from its record, in no book yet. Exclusions of agents who are not known any more are dropped."""
    work = record.item
    item = ItemState(work, work.medium.place, to_us(work.enqueued_at), record.seq)
    item.slept_us = record.slept_us
    item.since_us = None if record.asleep_since is None else to_us(record.asleep_since)
    item.enter(board.queue_or_remnant(record.queue_id), to_us(record.entered_at))
    item.steps = min(record.steps, len(item.queue.stages) - 1)
    item.attempts = record.attempts
    if record.beside:
        item.room = BESIDE
    item.excluded = {
        board.agents[agent_id]: to_us(until) for agent_id, until in record.excluded if agent_id in board.agents
    }
    item.held_until = None if record.held_until is None else to_us(record.held_until)
    return item


def _load_item(board: Board, record: ItemRecord) -> None:
    item = item_state(board, record)
    item.status = WAITING
    board.items[record.item.id.int] = item


def _load_engagement(board: Board, record: EngagementRecord) -> None:
    """An engagement is of an item that the engine holds; after-contact work may be of one that is long gone."""
    offer, after = record.offer, record.after_contact_since
    queue = board.queue_or_remnant(offer.queue_id)
    if after is None:
        item = board.items[offer.item_id.int]
    else:
        known = WorkItem(id=offer.item_id, medium=offer.medium, queue_id=offer.queue_id, enqueued_at=offer.made_at)
        item = ItemState(known, offer.medium.place, to_us(offer.made_at), 0)
    hand = InHand(offer, board.agents[offer.agent_id], item, queue)
    hand.since = to_us(record.since)
    board.hands[offer.id.int] = hand
    hand.agent.take(hand)
    if after is None:
        hand.stage = HELD
        item.hand, item.status = hand, ENGAGED
        queue.engaged += 1
        return
    hand.stage = AFTER
    hand.after_since = to_us(after)
    hand.left_us = record.left_us
    if record.until is not None:
        hand.until = to_us(record.until)
        board.timers.push(hand.until, AFTER_CONTACT, offer.serial, hand)
