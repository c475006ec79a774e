"""How long who waits will still wait, for those who may be told. In memory: at first nothing is known."""

from collections import defaultdict
from uuid import UUID

from careline.infra.realtime.live import Live
from careline.kernel.clock import Clock
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.engine.waiting import QueueHistory, in_words
from careline.modules.contact.conversations.views import Wait
from careline.modules.core.routing.events import ItemAssigned, ItemFinished, ItemLeft, ItemMoved, ItemQueued
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Media

WORKS_FOR_S = 1800.0
"""An agent works for a queue for so long after the last contact that they took from it."""

Happened = ItemQueued | ItemAssigned | ItemLeft | ItemMoved | ItemFinished


class _Queue:
    def __init__(self) -> None:
        self.history = QueueHistory()
        self.agents: dict[UUID, float] = {}

    def agents_now(self, now: float) -> int:
        for agent in [agent for agent, at in self.agents.items() if now - at > WORKS_FOR_S]:
            del self.agents[agent]
        return len(self.agents)


class Waits:
    """Watches every queue."""

    def __init__(self, clock: Clock, routing: Routing) -> None:
        self._clock = clock
        self._routing = routing
        self._queues: defaultdict[tuple[TenantId, UUID], _Queue] = defaultdict(_Queue)

    def heard(self, event: Happened, recorded: Recorded) -> None:
        """Something happened in a queue. Who left a message does not wait."""
        if event.media is Media.MESSAGE:
            return
        queue, now = self._queues[recorded.tenant_id, event.queue_id], self._clock.monotonic()
        if isinstance(event, ItemQueued):
            queue.history.entered(event.interaction_id, now, agents=queue.agents_now(now))
        elif isinstance(event, ItemAssigned):
            queue.agents[event.agent_id] = now
            queue.history.taken(event.interaction_id, now)
        elif isinstance(event, ItemLeft):
            queue.history.left(event.interaction_id, now)
        elif isinstance(event, ItemMoved):
            if event.from_queue_id != event.queue_id:
                self._queues[recorded.tenant_id, event.from_queue_id].history.moved_away(event.interaction_id, now)
                # Who has waited elsewhere, or is put first, is no measure for those who come to the end of the queue.
                queue.history.entered(event.interaction_id, now, agents=0)
        else:
            queue.history.handled((recorded.occurred_at - event.assigned_at).total_seconds(), now)

    def at_place(self, tenant_id: TenantId, queue_id: UUID, place: int) -> Wait | None:
        """What to tell who stands at a place of a queue; None while nothing is known that is worth a word."""
        queue = self._queues.get((tenant_id, queue_id))
        seconds = None if queue is None else queue.history.told_s(place, self._clock.monotonic())
        return None if seconds is None else in_words(seconds)

    def of(self, tenant_id: TenantId, interaction_id: UUID) -> Wait | None:
        """What to tell a caller or a visitor who waits; None also when they do not."""
        position = self._routing.position(tenant_id, interaction_id)
        place = None if position is None else self._routing.place(tenant_id, interaction_id)
        return None if position is None or place is None else self.at_place(tenant_id, position.queue.id, place)


def register(live: Live, waits: Waits) -> None:
    """Hear what happens in queues."""
    live.tell(ItemQueued, waits.heard)
    live.tell(ItemAssigned, waits.heard)
    live.tell(ItemLeft, waits.heard)
    live.tell(ItemMoved, waits.heard)
    live.tell(ItemFinished, waits.heard)
