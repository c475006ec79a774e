"""What the engine asks of an index of agents and items: who is the best for an arriving item, which item is
first
for an agent who became free.

There are two that answer alike: ``Index``, which is fast, and in the tests a linear scan, which is obviously
right.
"""

from typing import Protocol
from uuid import UUID

from careline.kernel.records import Record
from careline.modules.core.routing.engine.model import Needs, RoutingConfig
from careline.modules.core.routing.engine.state import AgentState, ItemState


class Pair(Record, frozen=True):
    """An agent for an item. ``needs``: what was asked for after relaxation, for the why."""

    agent: AgentState
    item: ItemState
    rule: str
    needs: Needs


class Matcher(Protocol):
    """Keeps the free agents and the waiting items, and pairs them.

    An agent can serve an item when they are ready and have the medium free, the item does not exclude them,
    they serve its queue or one that has joined it, their desk (if any) serves the queue and kind, and they
    have every needed skill at the level that is left after relaxation.
    """

    def put_agent(self, agent: AgentState) -> None:
        """The profile of an agent is new or has changed. O(queues · skills)."""
        ...

    def drop_agent(self, agent: AgentState) -> None:
        """Forget an agent."""
        ...

    def update_agent(self, agent: AgentState) -> None:
        """What an agent has free, or their place among the others, has changed. O(queues · log agents)."""
        ...

    def add_item(self, item: ItemState) -> None:
        """An item begins to wait for anyone who can serve it. O(needs · log items)."""
        ...

    def remove_item(self, item: ItemState) -> None:
        """An item waits no more. O(needs · log items)."""
        ...

    def can_serve(self, agent: AgentState, item: ItemState) -> bool:
        """Whether an agent could serve the item if they were free: queue, desk, skills and exclusions."""
        ...

    def best_agent(self, item: ItemState) -> Pair | None:
        """The best free agent for an item, by rank (dedicated desk, own queue, joined queue), then by
        strategy.
        """
        ...

    def best_item(self, agent: AgentState) -> Pair | None:
        """The first due of the waiting items that an agent could serve with what they have free."""
        ...


class MatcherFactory(Protocol):
    """Builds an empty matcher for settings."""

    def __call__(self, config: RoutingConfig) -> Matcher: ...


def joined_by(agent: AgentState, item: ItemState) -> UUID | None:
    """The agent's own queue, when they serve the item only because a relaxation step let that queue join."""
    queue = item.queue
    if queue.settings.id in agent.profile.queues:
        return None
    joined = queue.stages[item.steps].join & agent.profile.queues
    return min(joined) if joined else None
