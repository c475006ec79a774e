"""What the desk and the floor ask: how much waits, who is in what, and why nobody gets an item.

Queries change nothing. Those marked O(a) or O(w) are for people, not for every event.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from careline.modules.core.routing.engine.board import Board
from careline.modules.core.routing.engine.capacity import MEDIA, rooms_of
from careline.modules.core.routing.engine.instants import SECOND, from_us, to_us
from careline.modules.core.routing.engine.model import MOST_BOOST_S, AgentProfile, Offer, WorkItem
from careline.modules.core.routing.engine.queues import SEQ_BITS, WAITING, QueueState
from careline.modules.core.routing.engine.rebuild import item_record, take
from careline.modules.core.routing.engine.records import (
    AgentGlance,
    AgentView,
    Doing,
    ItemRecord,
    LineView,
    MediumView,
    QueueView,
    Snapshot,
)
from careline.modules.core.routing.engine.state import AFTER, HELD, RESERVED, AgentState
from careline.modules.core.routing.engine.whynot import WhyNot, explain

_DOING = ((HELD, Doing.ENGAGED), (RESERVED, Doing.RESERVED), (AFTER, Doing.AFTER_CONTACT))


class Floor:
    """The queries of an engine."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def snapshot(self) -> Snapshot:
        """The whole state as plain records, for a restart. O(a + w)."""
        return take(self._board)

    def item_record(self, item_id: UUID) -> ItemRecord | None:
        """The same of one item that waits, is offered or engaged. O(its exclusions)."""
        state = self._board.items.get(item_id.int)
        return None if state is None else item_record(state)

    def offer(self, offer_id: UUID) -> Offer | None:
        """The offer, while it stands. O(1)."""
        hand = self._board.hands.get(offer_id.int)
        return hand.offer if hand is not None and hand.stage == RESERVED else None

    def item(self, item_id: UUID) -> WorkItem | None:
        """The record of an item that waits, is offered or engaged. O(1)."""
        state = self._board.items.get(item_id.int)
        return None if state is None else state.item

    def profile(self, agent_id: UUID) -> AgentProfile | None:
        """What the engine knows an agent can do. O(1)."""
        agent = self._board.agents.get(agent_id)
        return None if agent is None else agent.profile

    def holder(self, item_id: UUID) -> UUID | None:
        """The agent to whom an item is offered or who is engaged in it; None while it waits. O(1)."""
        state = self._board.items.get(item_id.int)
        return None if state is None or state.hand is None else state.hand.offer.agent_id

    def position(self, item_id: UUID) -> int | None:
        """1 for the item that is first in its queue …; None when it does not wait. O(√w), microseconds.

        Patient items are counted among each other: nobody has to wait for them.
        """
        state = self._board.items.get(item_id.int)
        if state is None or state.status != WAITING:
            return None
        return state.queue.keys(patient=state.item.patient).rank(state.key) + 1

    def boost_to_front(self, item_id: UUID, queue_id: UUID) -> float:
        """The head start in seconds with which an item would be the first in a queue, as it waits there now. O(1).

        Never less than the item has, and never more than an item may have. Raises NotFound.
        """
        item, queue = self._board.item(item_id), self._board.queue(queue_id)
        first = queue.keys(patient=item.item.patient).first()
        if first is None or first == item.key:
            return item.item.boost_s
        plain = queue.key(replace(item.item, boost_s=0.0), item.enqueued_us + item.slept_us, item.seq)
        missing = ((plain >> SEQ_BITS) - (first >> SEQ_BITS)) / SECOND + 1.0
        return min(max(missing, item.item.boost_s), MOST_BOOST_S)

    def put_off(self, queue_id: UUID) -> list[datetime]:
        """Until when items that wait in a queue may not be offered; some of these times may be over. O(patient)."""
        return list(self._board.queue(queue_id).put_off.values())

    def queue_view(self, queue_id: UUID, now: datetime) -> QueueView:
        """One queue now. O(log w) amortised. Raises NotFound ``queue-unknown``."""
        queue = self._board.queue(queue_id)
        lines = _lines(queue, to_us(now))
        return QueueView(
            queue_id=queue_id,
            open=queue.open,
            waiting=sum(line.waiting for line in lines),
            longest_wait_s=max((line.longest_wait_s for line in lines), default=0.0),
            lines=lines,
            reserved=queue.reserved,
            engaged=queue.engaged,
        )

    def agent_view(self, agent_id: UUID) -> AgentView:
        """One agent now. O(media + items in hand). Raises NotFound ``agent-unknown``."""
        return _agent_view(self._board.agent(agent_id))

    def agent_views(self) -> Iterator[AgentView]:
        """All agents in the order in which they were first known. O(a)."""
        for agent in self._board.agents.values():
            yield _agent_view(agent)

    def agent_glances(self, only: Collection[UUID] | None = None) -> list[AgentGlance]:
        """All agents, or those known of some, in few words and the order in which they were first known, or named.

        O(agents + items in hand).
        """
        agents = self._board.agents
        if only is None:
            return [_agent_glance(agent) for agent in agents.values()]
        return [_agent_glance(agents[agent_id]) for agent_id in only if agent_id in agents]

    def serving(self, queue_id: UUID) -> list[UUID]:
        """The agents in whose profile a queue stands. O(a)."""
        return [agent_id for agent_id, agent in self._board.agents.items() if queue_id in agent.profile.queues]

    def why_not(self, item_id: UUID) -> WhyNot:
        """Why nobody is getting an item. O(a). Raises NotFound ``item-unknown``."""
        return explain(self._board, self._board.item(item_id))


def _lines(queue: QueueState, now_us: int) -> tuple[LineView, ...]:
    found = []
    for place, line in sorted(queue.lines.items()):
        since = queue.longest_since(place) if line.size else None
        if since is not None:
            waited = max(0, now_us - since) / SECOND
            found.append(LineView(medium=MEDIA[place], waiting=line.size, longest_wait_s=waited))
    return tuple(found)


def _agent_view(agent: AgentState) -> AgentView:
    counts = [[0, 0, 0] for _ in MEDIA]
    items = []
    for _, hand in sorted(agent.in_hand.items()):
        counts[hand.medium][hand.stage] += 1
        items.append(hand.offer.item_id)
    media = []
    for index, medium in enumerate(MEDIA):
        if not agent.capacity.limits.get(medium):
            continue
        cause, until = agent.set_aside.get(index, (None, None))
        media.append(
            MediumView(
                medium=medium,
                reserved=counts[index][RESERVED],
                engaged=counts[index][HELD],
                after_contact=counts[index][AFTER],
                left=agent.capacity.left(agent.usage, index),
                beside=bool(agent.capacity.free_media(agent.usage) & rooms_of(index)),
                set_aside=cause,
                set_aside_until=None if until is None else from_us(until),
            )
        )
    return AgentView(
        agent_id=agent.profile.id,
        order=agent.order,
        chosen=agent.chosen,
        reason=agent.reason,
        since=from_us(agent.since),
        idle_since=from_us(agent.idle_since),
        handled_us=agent.handled_us,
        last_served=agent.last_served,
        load=agent.capacity.load(agent.usage),
        doing=_doing(agent),
        passed_over=_passed_over(agent),
        media=tuple(media),
        item_ids=tuple(items),
    )


def _agent_glance(agent: AgentState) -> AgentGlance:
    return AgentGlance(
        agent.profile.id,
        agent.chosen,
        agent.reason,
        from_us(max(agent.since, agent.idle_since)),
        _doing(agent) if agent.in_hand else None,
        _passed_over(agent) if agent.set_aside else False,
    )


def _doing(agent: AgentState) -> Doing | None:
    stages = {hand.stage for hand in agent.in_hand.values()}
    return next((doing for stage, doing in _DOING if stage in stages), None)


def _passed_over(agent: AgentState) -> bool:
    carried = [medium.place for medium, limit in agent.capacity.limits.items() if limit]
    return bool(carried) and all(agent.set_aside_mask & (1 << place) for place in carried)
