"""What waits: items that ask for the same stand in one group, and the groups of a pool hang in a tree of
needs.

The path from the root to a group names its needs, one bit a step, ascending. An agent goes only down steps
whose bit they have, so they never look at what they cannot serve, however many such items wait. Every node
knows the smallest key below it; going to the smallest first finds the first due without visiting the rest.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import count

from careline.modules.core.routing.engine.masks import Alphabet
from careline.modules.core.routing.engine.model import Needs
from careline.modules.core.routing.engine.state import AgentState, ItemState
from careline.modules.core.routing.engine.tournament import NEVER

_numbers = count()
_SPARE_ENTRIES = 64


class Node:
    """A step in a pool's tree of needs. ``best`` is the smallest key here and below, ``lead`` whose it is.

    The heap holds everything right below, and some that is no longer true. With a single one below it is not kept.
    """

    __slots__ = ("below", "best", "bit", "children", "groups", "heap", "lead", "number", "parent", "root")

    def __init__(self, parent: "Node | None", bit: int) -> None:
        self.parent = parent
        self.root: Node = self if parent is None else parent.root
        self.bit = bit
        self.number = next(_numbers)
        self.best = NEVER
        self.below = 0
        self.children: dict[int, Node] = {}
        self.groups: dict[int, Group] = {}
        self.heap: list[tuple[int, int, Node | Group]] = []
        self.lead: Group | None = None
        """Whose ``best`` is; of no meaning while that is ``NEVER``."""

    def descend(self, atoms: tuple[int, ...]) -> "Node":
        """The node at the end of a path, made where it was not yet."""
        node = self
        for bit in atoms:
            child = node.children.get(bit)
            if child is None:
                child = node.children[bit] = Node(node, bit)
                node.grow(child)
            node = child
        return node

    def grow(self, source: "Node | Group") -> None:
        """Something has come right below. O(log)."""
        if self.below < 2:
            self.settle()
            return
        self.below += 1
        heappush(self.heap, (source.best, source.number, source))
        if source.best < self.best:
            self.best, self.lead = source.best, source.lead

    def shrink(self) -> None:
        """Something empty has gone from right below. O(1)."""
        self.below -= 1
        if self.below < 2:
            self.settle()

    def settle(self) -> None:
        """Look at all that is right below."""
        self.clear()
        self.below = len(self.heap)
        self.best, self.lead = NEVER, None
        if self.heap:
            self.best, _, first = self.heap[0]
            self.lead = first.lead

    def clear(self) -> None:
        """A heap of all that is right below, without what is no longer true."""
        self.heap = [(group.best, group.number, group) for group in self.groups.values()]
        self.heap += [(child.best, child.number, child) for child in self.children.values()]
        heapify(self.heap)

    def prune(self) -> None:
        """Take a node without groups and children out, and its parents that become so."""
        node = self
        while node.parent is not None and not node.groups and not node.children:
            del node.parent.children[node.bit]
            node = node.parent
            node.shrink()


class Group:
    """Waiting items with the same queue, room, needs, kind, steps and exclusions, in order of their keys.

    ``need`` is the mask of room and skills; ``levels`` all bits of the skills. An item is in the
    heap as long as it waits; those that left are dropped when they come up.

    ``nodes``: its places in the trees of those pools in which somebody signed in has what it needs. Where nobody has,
    it is not in the tree and nobody ever looks at it.
    """

    __slots__ = (
        "_tiers",
        "atoms",
        "best",
        "excluded",
        "heap",
        "lead",
        "levels",
        "need",
        "needs",
        "nodes",
        "number",
        "room",
        "size",
    )

    def __init__(self, room: int, needs: Needs, alphabet: Alphabet) -> None:
        self.room = room
        self.needs = needs
        self.atoms = atoms = alphabet.atoms(needs)
        self.need = (1 << room) | sum(atoms)
        self.levels = alphabet.levels(needs)
        self._tiers: tuple[tuple[int, ...], ...] | None = None
        self.number = next(_numbers)
        self.best = NEVER
        self.lead = self
        self.excluded: frozenset[AgentState] = frozenset()
        self.nodes: list[Node] = []
        self.heap: list[tuple[int, ItemState]] = []
        self.size = 0

    def tiers(self, alphabet: Alphabet) -> tuple[tuple[int, ...], ...]:
        """See ``Alphabet.tiers``; with the room, worked out when first asked for."""
        if self._tiers is None:
            tiers = alphabet.tiers(self.needs)
            self._tiers = tuple(tuple(mask | 1 << self.room for mask in masks) for masks in tiers)
        return self._tiers

    def hang(self, node: Node) -> None:
        """Take a place in the tree of a pool in which somebody could serve these items. O(needs · log)."""
        self.nodes.append(node)
        node.groups[self.number] = self
        before = node.best
        node.grow(self)
        if node.best != before:
            carry_up(node.parent, node)

    def unhang(self, root: Node) -> None:
        """Leave the tree with this root. O(what hangs at the node)."""
        node = next((node for node in self.nodes if node.root is root), None)
        if node is None:
            return
        self.nodes.remove(node)
        del node.groups[self.number]
        before = node.best
        node.settle()
        if node.best != before:
            carry_up(node.parent, node)
        node.prune()

    def hangs_in(self, root: Node) -> bool:
        """Whether the group has a place in the tree with this root."""
        return any(node.root is root for node in self.nodes)

    def add(self, item: ItemState) -> None:
        """An item begins to wait. O(log group), and O(pools · needs · log) when it is the first of the group."""
        self.size += 1
        item.group = self
        heappush(self.heap, (item.key, item))
        if item.key < self.best:
            self._announce(item.key)

    def remove(self, item: ItemState) -> None:
        """An item waits no more. Costs as ``add``."""
        self.size -= 1
        item.group = None
        heap = self.heap
        if item.key == self.best:
            while heap and heap[0][1].group is not self:
                heappop(heap)
            self._announce(heap[0][0] if heap else NEVER)
        if len(heap) > 2 * self.size + 64:
            self.heap = [entry for entry in heap if entry[1].group is self]
            heapify(self.heap)

    def first(self) -> ItemState:
        """The item that is due first; the group must not be empty."""
        return self.heap[0][1]

    def _announce(self, best: int) -> None:
        self.best = best
        for node in self.nodes:
            carry_up(node, self)


def carry_up(node: Node | None, source: Node | Group) -> None:
    """Let the nodes above know that the smallest key of ``source`` has changed. O(needs · log)."""
    while node is not None:
        best = source.best
        if node.below > 1:
            heap = node.heap
            if best < NEVER:
                heappush(heap, (best, source.number, source))
            while heap and heap[0][2].best != heap[0][0]:
                heappop(heap)
            best, _, source = heap[0] if heap else (NEVER, 0, source)
            if len(heap) > 2 * node.below + _SPARE_ENTRIES:
                node.clear()
        if best == node.best:
            return
        node.best, node.lead = best, source.lead
        source, node = node, node.parent


def first_due(ways: Iterable[Node], mask: int, atoms: tuple[int, ...], agent: AgentState, bound: int) -> "Group | None":
    """The group with the smallest key below ``bound`` down these ways that an agent with these bits can serve.

    A way whose bit the agent lacks is left out. One whose first group they can serve is answered at once. Another has
    to be gone into when its key is smaller than any found so far: there, the fewer of its steps and of the agent's bits
    are looked at.
    """
    found: Group | None = None
    shut: list[Node] = []
    for way in ways:
        if way.best < bound and way.bit & mask:
            lead = way.lead
            if lead is not None and lead.need & mask == lead.need and not (lead.excluded and agent in lead.excluded):
                found, bound = lead, way.best
            else:
                shut.append(way)
    if len(shut) > 1:
        shut.sort(key=best_of)
    for way in shut:
        if way.best >= bound:
            break
        for group in way.groups.values():
            if group.best < bound and not (group.excluded and agent in group.excluded):
                found, bound = group, group.best
        children = way.children
        if children:
            few = len(children) <= len(atoms)
            further = children.values() if few else [children[bit] for bit in atoms if bit in children]
            better = first_due(further, mask, atoms, agent, bound)
            if better is not None:
                found, bound = better, better.best
    return found


def best_of(node: Node) -> int:
    """The key to sort nodes by."""
    return node.best
