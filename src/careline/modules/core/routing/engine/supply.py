"""Who is free: agents who are alike stand in one cell, and the cells of a pool hold a tournament.

- ``Peers``: agents equal in queues, skills and desk. What any of them can serve, all of them can.
- ``Cell``: the peers who have the same media free; only their order tells them apart.
- ``Pool``: the agents of one queue at one desk (or at none), for as many orders as strategies ask for.
"""

from collections.abc import Collection
from heapq import heapify, heappop, heappush
from uuid import UUID

from careline.modules.core.routing.engine.capacity import ALL_ROOMS_MASK, ROOMS
from careline.modules.core.routing.engine.demand import Group, Node
from careline.modules.core.routing.engine.masks import single_bits
from careline.modules.core.routing.engine.model import Strategy
from careline.modules.core.routing.engine.state import AgentState
from careline.modules.core.routing.engine.tournament import NEVER, Tournament

BY_IDLE, BY_LOAD, BY_ROUND = range(3)
ORDER_OF = {
    Strategy.LONGEST_IDLE: BY_IDLE,
    Strategy.MOST_SKILLED: BY_IDLE,
    Strategy.LAST_AGENT: BY_IDLE,
    Strategy.LEAST_OCCUPIED: BY_LOAD,
    Strategy.ROUND_ROBIN: BY_ROUND,
}
"""Most skilled compares levels first and idle time after."""
_KEY_OF = (AgentState.idle_key, AgentState.load_key, AgentState.round_key)
_Entry = tuple[int, int, AgentState]
_SPARE_ENTRIES = 32


class Pool:
    """The agents of one queue at one desk.

    ``tournaments`` of the free, by order; ``present``, of all who are signed in. ``roots`` of what waits and can be
    served, by room; ``groups``: all that waits for this pool, servable or not.
    """

    __slots__ = ("desk", "groups", "present", "queue_id", "roots", "tournaments")

    def __init__(self, queue_id: UUID, desk: UUID | None, orders: Collection[int]) -> None:
        self.queue_id = queue_id
        self.desk = desk
        self.tournaments: dict[int, Tournament[Cell]] = {order: Tournament() for order in sorted(orders)}
        self.present: Tournament[Peers] = Tournament()
        self.groups: dict[int, Group] = {}
        self.roots = [Node(None, 1 << room) for room in range(ROOMS)]


class Peers:
    """Agents equal in queues, skills and desk: ``members`` of them, ``present`` of these signed in."""

    __slots__ = ("_ways", "atoms", "cells", "key", "mask", "members", "pool_set", "pools", "present")

    def __init__(self, key: object, mask: int, pools: tuple[Pool, ...]) -> None:
        self.key = key
        self.mask = mask
        self.atoms = single_bits(mask)
        self.pools = pools
        self.pool_set = frozenset(pools)
        self.members = 0
        self.present = 0
        self.cells: dict[int, Cell] = {}
        self._ways: dict[int, tuple[Node, ...]] = {}

    def ways(self, free: int) -> tuple[Node, ...]:
        """The roots of what waits for these media in one of the pools. O(1) after the first time."""
        known = self._ways.get(free)
        if known is None:
            known = self._ways[free] = tuple(root for pool in self.pools for root in pool.roots if root.bit & free)
        return known

    def cell(self, free: int) -> "Cell":
        """The cell of those with these media free."""
        cell = self.cells.get(free)
        if cell is None:
            cell = self.cells[free] = Cell(self.mask | free, self.pools)
        return cell

    def come(self) -> None:
        """One more is signed in. With the first, what only they can serve finds its place in the trees.

        O(1), and O(groups of the pools) for the first.
        """
        self.present += 1
        if self.present > 1:
            return
        able = self.mask | ALL_ROOMS_MASK
        for pool in self.pools:
            pool.present.put(self, 0, able)
            for group in pool.groups.values():
                root = pool.roots[group.room]
                if able & group.need == group.need and not group.hangs_in(root):
                    group.hang(root.descend(group.atoms))

    def go(self) -> None:
        """One signs out. With the last, what only they could serve leaves the trees. Costs as ``come``."""
        self.present -= 1
        if self.present:
            return
        able = self.mask | ALL_ROOMS_MASK
        for pool in self.pools:
            pool.present.drop(self)
            for group in pool.groups.values():
                if able & group.need == group.need and pool.present.best(group.need) < 0:
                    group.unhang(pool.roots[group.room])


class Cell:
    """Peers with the same media free, in every order that one of their pools needs.

    An agent leaves by raising their stamp: entries with an old one are dropped when they come up or outnumber
    the rest. ``add`` and ``remove`` cost O(log cell), and O(pools · log pool) when the first of the cell
    changes.
    """

    __slots__ = ("_heaps", "_tournaments", "mask", "size")

    def __init__(self, mask: int, pools: tuple[Pool, ...]) -> None:
        self.mask = mask
        self.size = 0
        self._heaps: dict[int, list[_Entry]] = {}
        self._tournaments: dict[int, list[Tournament[Cell]]] = {}
        for pool in pools:
            for order, tournament in pool.tournaments.items():
                self._tournaments.setdefault(order, []).append(tournament)
                self._heaps.setdefault(order, [])

    def add(self, agent: AgentState) -> None:
        """An agent becomes free in this way."""
        self.size += 1
        for order, heap in self._heaps.items():
            key = _KEY_OF[order](agent)
            first = heap[0][0] if heap else NEVER
            heappush(heap, (key, agent.stamp, agent))
            if key < first:
                self._announce(order, key)

    def remove(self, agent: AgentState) -> None:
        """An agent is no longer free in this way."""
        agent.stamp += 1
        self.size -= 1
        for order, heap in self._heaps.items():
            if heap[0][2] is agent:
                self._announce(order, _first_key(heap))
            if len(heap) > 2 * self.size + _SPARE_ENTRIES:
                _clear(heap)

    def move(self, agent: AgentState) -> None:
        """An agent stays free in this way, and their place among the others may be another."""
        agent.stamp += 1
        for order, heap in self._heaps.items():
            first = heap[0][0]
            heappush(heap, (_KEY_OF[order](agent), agent.stamp, agent))
            best = _first_key(heap)
            if best != first:
                self._announce(order, best)
            if len(heap) > 2 * self.size + _SPARE_ENTRIES:
                _clear(heap)

    def first(self, order: int) -> AgentState:
        """The agent who is first; the cell must not be empty."""
        return self._heaps[order][0][2]

    def first_except(self, order: int, excluded: Collection[AgentState]) -> tuple[int, AgentState] | None:
        """Key and agent of the first who is not excluded. O(excluded · log cell)."""
        heap = self._heaps[order]
        passed: list[_Entry] = []
        found = None
        while heap and found is None:
            entry = heap[0]
            if entry[2].stamp == entry[1]:
                if entry[2] not in excluded:
                    found = entry[0], entry[2]
                    break
                passed.append(entry)
            heappop(heap)
        for entry in passed:
            heappush(heap, entry)
        return found

    def _announce(self, order: int, key: int) -> None:
        if key < NEVER:
            for tournament in self._tournaments[order]:
                tournament.put(self, key, self.mask)
        else:
            for tournament in self._tournaments[order]:
                tournament.drop(self)


def _first_key(heap: list[_Entry]) -> int:
    """The smallest key that still holds, ``NEVER`` when there is none; what no longer holds is dropped before it."""
    while heap and heap[0][2].stamp != heap[0][1]:
        heappop(heap)
    return heap[0][0] if heap else NEVER


def _clear(heap: list[_Entry]) -> None:
    """Drop all that no longer holds."""
    heap[:] = [entry for entry in heap if entry[2].stamp == entry[1]]
    heapify(heap)


def search(
    pool: Pool, order: int, need: int, levels: int, excluded: Collection[AgentState]
) -> tuple[int, int, AgentState] | None:
    """The best agent by (highest sum of proficiencies in ``levels``, key) who is not excluded, with both.

    The sum comes negated, so that smaller is better, as with keys. The union of masks bounds the sum from
    above. Visits only subtrees that could hold a better agent than the best one yet found.
    """
    tournament = pool.tournaments[order]
    keys, masks, size = tournament.keys, tournament.masks, tournament.size
    if not tournament.has(need):
        return None
    frontier: list[tuple[int, int, int, AgentState | None]] = [(0, 0, 1, None)]
    while frontier:
        score, key, at, agent = heappop(frontier)
        if agent is not None:
            return score, key, agent
        if at >= size:
            cell = tournament.entrants[at - size]
            found = None if cell is None else cell.first_except(order, excluded)
            if found is not None:
                heappush(frontier, (score, found[0], at, found[1]))
            continue
        for child in (2 * at, 2 * at + 1):
            mask = masks[child]
            if mask & need == need:
                heappush(frontier, (-(mask & levels).bit_count(), keys[child], child, None))
    return None
