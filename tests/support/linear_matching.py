"""The obviously right matcher: looks at every agent and every item, and keeps no books of its own."""

from uuid import UUID

from careline.modules.core.routing.engine.matching import Pair
from careline.modules.core.routing.engine.model import Needs, RoutingConfig, Strategy
from careline.modules.core.routing.engine.state import AgentState, ItemState


class LinearMatcher:
    """Answers as ``Matcher`` says, by looking at everything. O(agents · queues) and O(items · needs)."""

    def __init__(self, config: RoutingConfig) -> None:
        self._desks = {desk.id: desk for desk in config.desks}
        self._agents: dict[UUID, AgentState] = {}
        self._items: dict[UUID, ItemState] = {}

    def put_agent(self, agent: AgentState) -> None:
        self._agents[agent.profile.id] = agent

    def drop_agent(self, agent: AgentState) -> None:
        del self._agents[agent.profile.id]

    def update_agent(self, agent: AgentState) -> None:
        pass

    def add_item(self, item: ItemState) -> None:
        self._items[item.item.id] = item

    def remove_item(self, item: ItemState) -> None:
        self._items.pop(item.item.id, None)

    def can_serve(self, agent: AgentState, item: ItemState) -> bool:
        return self._rank(agent, item) is not None

    def best_agent(self, item: ItemState) -> Pair | None:
        strategy = item.queue.settings.strategy
        needs = _needs(item)
        preferred = item.item.preferred_agent if strategy is Strategy.LAST_AGENT else None
        best: tuple[tuple[int, ...], AgentState] | None = None
        for agent in self._agents.values():
            if not agent.free & (1 << item.medium):
                continue
            rank = self._rank(agent, item)
            if rank is None:
                continue
            if agent.profile.id == preferred:
                return Pair(agent, item, "last-agent", needs)
            key: tuple[int, ...]
            if strategy is Strategy.LEAST_OCCUPIED:
                key = (rank, agent.load_key())
            elif strategy is Strategy.ROUND_ROBIN:
                key = (rank, agent.round_key())
            elif strategy is Strategy.MOST_SKILLED:
                key = (rank, -sum(agent.profile.skills[skill] for skill, _ in needs), agent.idle_key())
            else:
                key = (rank, agent.idle_key())
            if best is None or key < best[0]:
                best = key, agent
        if best is None:
            return None
        rule = Strategy.LONGEST_IDLE if strategy is Strategy.LAST_AGENT else strategy
        return Pair(best[1], item, rule.value, needs)

    def best_item(self, agent: AgentState) -> Pair | None:
        best: ItemState | None = None
        for item in self._items.values():
            if best is not None and best.key < item.key:
                continue
            if agent.free & (1 << item.medium) and self._rank(agent, item) is not None:
                best = item
        return None if best is None else Pair(agent, best, "next-in-line", _needs(best))

    def _rank(self, agent: AgentState, item: ItemState) -> int | None:
        """0 at a dedicated desk for it, 1 in its own queue, 2 in a joined queue; None when they cannot serve
        it.
        """
        profile, own = agent.profile, item.queue.settings.id
        if agent in item.excluded:
            return None
        if any(profile.skills.get(skill, 0) < level for skill, level in _needs(item)):
            return None
        ranks = []
        for queue_id in profile.queues & (item.queue.stages[item.steps].join | {own}):
            if profile.desk is None:
                ranks.append(1 if queue_id == own else 2)
            elif profile.desk in self._desks and self._desks[profile.desk].serves(queue_id, item.item.kind):
                ranks.append(0 if queue_id == own else 2)
        return min(ranks, default=None)


def _needs(item: ItemState) -> Needs:
    return item.queue.stages[item.steps].relax(item.item.needs)
