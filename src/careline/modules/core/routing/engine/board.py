"""Everything the engine knows at an instant: agents, items, offers, engagements, queues, and what is due.

The board keeps the books; ``Dealer`` decides, ``Engine`` takes commands.
"""

from datetime import datetime
from uuid import UUID

from careline.kernel.errors import NotFound
from careline.modules.core.routing.engine.capacity import CapacityProfile
from careline.modules.core.routing.engine.instants import EPOCH, to_us
from careline.modules.core.routing.engine.model import Desk, QueueSettings, RoutingConfig
from careline.modules.core.routing.engine.queues import WAITING, QueueState
from careline.modules.core.routing.engine.state import AFTER, RESERVED, AgentState, InHand, ItemState
from careline.modules.core.routing.engine.timers import AFTER_CONTACT, ITEM, OFFER, Entry, Timers


class Board:
    """The books. ``now_us`` never goes back, whatever instants the commands bring."""

    def __init__(self, config: RoutingConfig) -> None:
        self.config = config
        self.now_us = 0
        self.now = EPOCH
        self.serial = 0
        self.seq = 0
        self.order = 0
        self.queues: dict[UUID, QueueState] = {q.id: QueueState(q) for q in config.queues}
        self.desks: dict[UUID, Desk] = {desk.id: desk for desk in config.desks}
        self.agents: dict[UUID, AgentState] = {}
        self.items: dict[int, ItemState] = {}
        self.hands: dict[int, InHand] = {}
        """What agents have in hand, by the offer: reserved, engaged or in after-contact work.

        Both are kept by the ``int`` of the id: a ``UUID`` hashes itself in Python, which was a thirtieth of a decision.
        """
        self.timers = Timers(self._is_live)
        self._capacities: dict[str, CapacityProfile] = {}

    def advance(self, now: datetime) -> None:
        """Let time go on to ``now``; an earlier instant changes nothing."""
        if now > self.now:
            self.now_us = to_us(now)
            self.now = now

    def agent(self, agent_id: UUID) -> AgentState:
        """The agent, or NotFound."""
        agent = self.agents.get(agent_id)
        if agent is None:
            raise NotFound("agent-unknown", agent=str(agent_id))
        return agent

    def item(self, item_id: UUID) -> ItemState:
        """The item, or NotFound."""
        item = self.items.get(item_id.int)
        if item is None:
            raise NotFound("item-unknown", item=str(item_id))
        return item

    def queue(self, queue_id: UUID) -> QueueState:
        """The queue, or NotFound."""
        queue = self.queues.get(queue_id)
        if queue is None or queue.removed:
            raise NotFound("queue-unknown", queue=str(queue_id))
        return queue

    def queue_or_remnant(self, queue_id: UUID) -> QueueState:
        """The queue, or what stands for one that was removed while items were still in it."""
        queue = self.queues.get(queue_id)
        if queue is None:
            queue = self.queues[queue_id] = QueueState(QueueSettings(id=queue_id), removed=True)
        return queue

    def capacity_of(self, profile: CapacityProfile) -> CapacityProfile:
        """One shared object for equal profiles, so that what it has worked out serves all agents."""
        key = repr(
            (
                sorted(profile.limits.items()),
                sorted(profile.weights.items()),
                profile.total,
                sorted(sorted(group) for group in profile.exclusive),
                sorted((medium, sorted(by)) for medium, by in profile.interrupted_by.items()),
            )
        )
        return self._capacities.setdefault(key, profile)

    def count_levels(self, agent: AgentState, by: int) -> None:
        """An agent signs in (+1) or out (−1): keep count of who has which level of what in each of their
        queues.
        """
        for queue_id in agent.profile.queues:
            queue = self.queues.get(queue_id)
            if queue is not None:
                for skill, level in agent.profile.skills.items():
                    queue.count_level(skill, level, by)

    def watch(self, item: ItemState) -> None:
        """Set the timer of a waiting item to the next thing that happens to it by itself."""
        due = item.next_due()
        if due is not None and due != item.due:
            self.timers.push(due, ITEM, item.seq, item)
        item.due = due

    def _is_live(self, entry: Entry) -> bool:
        due, kind, number, subject = entry
        if kind == OFFER:
            assert isinstance(subject, InHand)
            return subject.stage == RESERVED
        if kind == ITEM:
            assert isinstance(subject, ItemState)
            return subject.status == WAITING and subject.due == due
        if kind == AFTER_CONTACT:
            assert isinstance(subject, InHand)
            return subject.stage == AFTER and subject.until == due
        assert isinstance(subject, AgentState)
        noted = subject.set_aside.get(number & 7)
        return noted is not None and noted[1] == due
