"""The fast matcher: pools of cells on one side, pools of groups on the other."""

from itertools import chain
from typing import Any
from uuid import UUID

from careline.modules.core.routing.engine.demand import Group, first_due
from careline.modules.core.routing.engine.masks import Alphabet
from careline.modules.core.routing.engine.matching import Pair
from careline.modules.core.routing.engine.model import Chosen, RoutingConfig, Strategy
from careline.modules.core.routing.engine.state import AgentState, ItemState
from careline.modules.core.routing.engine.supply import BY_IDLE, ORDER_OF, Cell, Peers, Pool, search
from careline.modules.core.routing.engine.tournament import NEVER

_SPARE_GROUPS = 4096
_OFFLINE, _LAST_AGENT, _MOST_SKILLED = Chosen.OFFLINE, Strategy.LAST_AGENT, Strategy.MOST_SKILLED
Ranks = tuple[tuple[Pool, ...], ...]


class Index:
    """Answers as ``Matcher`` says.

    Under load nobody suitable is free and an arriving item costs one look at the root of each of its pools;
    under little load nothing waits and a freed agent costs one look at the root of each of theirs.
    """

    def __init__(self, config: RoutingConfig) -> None:
        self._desks = config.desks
        self._kinds = frozenset(kind for desk in config.desks for kind in desk.kinds)
        self._orders: dict[UUID, set[int]] = {}
        for queue in config.queues:
            drawn = {queue.id}.union(*(step.join for step in queue.relaxation))
            for queue_id in drawn:
                self._orders.setdefault(queue_id, set()).add(ORDER_OF[queue.strategy])
        self._alphabet = Alphabet()
        self._agents: dict[UUID, AgentState] = {}
        self._pools: dict[tuple[UUID, UUID | None], Pool] = {}
        self._peers: dict[object, Peers] = {}
        self._homes: dict[Group, tuple[dict[object, Any], object]] = {}
        self._occupied = 0
        self._turned_away: tuple[ItemState, tuple[Group, Ranks]] | None = None
        """For whom nobody was found last, with their group: the next step is that they wait, in the same command."""

    def put_agent(self, agent: AgentState) -> None:
        """See ``Matcher``."""
        profile = agent.profile
        self._agents[profile.id] = agent
        key = (profile.queues, tuple(sorted(profile.skills.items())), profile.desk)
        before: Peers | None = agent.peers
        if before is not None and before.key == key:
            return
        self._part(agent)
        peers = self._peers.get(key)
        if peers is None:
            peers = Peers(key, self._alphabet.have(profile.skills), self._pools_of(agent))
            self._peers[key] = peers
        peers.members += 1
        agent.peers = peers

    def drop_agent(self, agent: AgentState) -> None:
        """See ``Matcher``."""
        self._part(agent)
        del self._agents[agent.profile.id]

    def update_agent(self, agent: AgentState) -> None:
        """See ``Matcher``."""
        if agent.present is (agent.chosen is _OFFLINE):
            self._come_or_go(agent)
        before: Cell | None = agent.cell
        now: Cell | None = agent.peers.cell(agent.free) if agent.free else None
        if before is now:
            if now is not None:
                now.move(agent)
            return
        if before is not None:
            before.remove(agent)
        if now is not None:
            now.add(agent)
        agent.cell = now

    def add_item(self, item: ItemState) -> None:
        """See ``Matcher``."""
        away = self._turned_away
        group, ranks = away[1] if away is not None and away[0] is item else self._group(item)
        self._turned_away = None
        if not group.size:
            self._occupied += 1
            if group.number not in ranks[0][0].groups:
                _take_places(group, ranks)
        group.add(item)

    def remove_item(self, item: ItemState) -> None:
        """See ``Matcher``."""
        group: Group | None = item.group
        if group is None:
            return
        group.remove(item)
        if not group.size:
            self._occupied -= 1
            if len(self._homes) > 2 * self._occupied + _SPARE_GROUPS:
                self._sweep()

    def can_serve(self, agent: AgentState, item: ItemState) -> bool:
        """See ``Matcher``."""
        group, ranks = self._group(item)
        peers: Peers = agent.peers
        have = peers.mask | (1 << item.room)
        if have & group.need != group.need or agent in item.excluded:
            return False
        return any(pool in peers.pool_set for pool in chain.from_iterable(ranks))

    def best_agent(self, item: ItemState) -> Pair | None:
        """See ``Matcher``."""
        self._turned_away = None
        group, ranks = known = self._group(item)
        strategy, rule = item.queue.settings.strategy, item.queue.rule
        if strategy is _LAST_AGENT:
            preferred = self._agents.get(item.item.preferred_agent) if item.item.preferred_agent else None
            if preferred and preferred.free & (1 << item.room) and self.can_serve(preferred, item):
                return Pair(preferred, item, rule, group.needs)
            strategy, rule = Strategy.LONGEST_IDLE, Strategy.LONGEST_IDLE.value
        by_skill = strategy is _MOST_SKILLED and bool(group.needs)
        for pools in ranks:
            if item.excluded or (by_skill and not group.tiers(self._alphabet)):
                agent = _search_all(pools, ORDER_OF[strategy], group, group.levels if by_skill else 0)
            elif by_skill:
                agent = _most_skilled(pools, group.tiers(self._alphabet))
            else:
                agent = _best_of_all(pools, ORDER_OF[strategy], (group.need,))
            if agent is not None:
                return Pair(agent, item, rule, group.needs)
        self._turned_away = item, known
        return None

    def best_item(self, agent: AgentState) -> Pair | None:
        """See ``Matcher``."""
        if not agent.present:
            self._come_or_go(agent)
        peers: Peers = agent.peers
        found = first_due(peers.ways(agent.free), peers.mask | agent.free, peers.atoms, agent, NEVER)
        return None if found is None else Pair(agent, found.first(), "next-in-line", found.needs)

    def _part(self, agent: AgentState) -> None:
        """Take an agent out of their cell and from among their peers."""
        if agent.cell is not None:
            agent.cell.remove(agent)
            agent.cell = None
        peers: Peers | None = agent.peers
        if peers is not None:
            if agent.present:
                agent.present = False
                peers.go()
            agent.peers = None
            peers.members -= 1
            if not peers.members:
                del self._peers[peers.key]

    def _come_or_go(self, agent: AgentState) -> None:
        agent.present = not agent.present
        if agent.present:
            agent.peers.come()
        else:
            agent.peers.go()

    def _pool(self, queue_id: UUID, desk: UUID | None) -> Pool:
        pool = self._pools.get((queue_id, desk))
        if pool is None:
            orders = self._orders.get(queue_id, {BY_IDLE})
            pool = self._pools[(queue_id, desk)] = Pool(queue_id, desk, orders)
        return pool

    def _pools_of(self, agent: AgentState) -> tuple[Pool, ...]:
        profile = agent.profile
        queues = sorted(queue_id for queue_id in profile.queues if queue_id in self._orders)
        if profile.desk is not None and all(desk.id != profile.desk for desk in self._desks):
            return ()
        return tuple(self._pool(queue_id, profile.desk) for queue_id in queues)

    def _group(self, item: ItemState) -> tuple[Group, Ranks]:
        """The group of an item as it asks now, and its pools by rank. O(needs)."""
        queue, work = item.queue, item.item
        kind = work.kind if work.kind in self._kinds else ""
        excluded = frozenset(item.excluded) if item.excluded else None
        key = (item.room, work.needs, kind, item.steps, excluded)
        known: tuple[Group, Ranks] | None = queue.groups.get(key)
        if known is None:
            stage = queue.stages[item.steps]
            needs = stage.relax(work.needs)
            group = Group(item.room, needs, self._alphabet)
            group.excluded = excluded or frozenset()
            known = queue.groups[key] = group, self._ranks(queue.settings.id, stage.join, kind)
            self._homes[group] = queue.groups, key
        return known

    def _ranks(self, own: UUID, joined: frozenset[UUID], kind: str) -> Ranks:
        """Dedicated desks first, then the queue's own agents, then those of queues that have joined."""
        desks = [self._pool(own, desk.id) for desk in self._desks if desk.serves(own, kind)]
        others = []
        for queue_id in sorted(joined):
            others.append(self._pool(queue_id, None))
            others += [self._pool(queue_id, desk.id) for desk in self._desks if desk.serves(queue_id, kind)]
        return tuple(tuple(pools) for pools in (desks, [self._pool(own, None)], others) if pools)

    def _sweep(self) -> None:
        """Forget the groups that are empty. Amortised: at least as many came since the last time."""
        for group, (home, key) in list(self._homes.items()):
            if not group.size:
                for pool in chain.from_iterable(home.pop(key)[1]):
                    pool.groups.pop(group.number, None)
                    group.unhang(pool.roots[group.room])
                del self._homes[group]


def _take_places(group: Group, ranks: Ranks) -> None:
    """Make a group known to its pools, and hang it where somebody signed in has what it needs."""
    for pool in chain.from_iterable(ranks):
        pool.groups[group.number] = group
        if pool.present.best(group.need) >= 0:
            group.hang(pool.roots[group.room].descend(group.atoms))


def _best_of_all(pools: tuple[Pool, ...], order: int, needs: tuple[int, ...]) -> AgentState | None:
    """The first in order of those in any of the pools who have all of any of the needs."""
    best, found = NEVER, None
    for pool in pools:
        tournament = pool.tournaments[order]
        have = tournament.masks[1]
        for need in needs:
            if have & need != need:
                continue
            leaf = tournament.best(need)
            if leaf >= 0 and tournament.keys[leaf + tournament.size] < best:
                best = tournament.keys[leaf + tournament.size]
                cell = tournament.entrants[leaf]
                found = cell.first(order) if cell is not None else None
    return found


def _most_skilled(pools: tuple[Pool, ...], tiers: tuple[tuple[int, ...], ...]) -> AgentState | None:
    """The highest sum of proficiencies that anybody free has, and the longest idle of those."""
    for tier in tiers:
        agent = _best_of_all(pools, BY_IDLE, tier)
        if agent is not None:
            return agent
    return None


def _search_all(pools: tuple[Pool, ...], order: int, group: Group, levels: int) -> AgentState | None:
    best: tuple[int, int] | None = None
    found = None
    for pool in pools:
        answer = search(pool, order, group.need, levels, group.excluded)
        if answer is not None and (best is None or answer[:2] < best):
            best, found = answer[:2], answer[2]
    return found
