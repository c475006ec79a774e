"""What waits: items that ask for the same stand in one group, and the groups of a pool hang in a tree of
needs.

The path from the root to a group names its needs, one bit a step, ascending. An agent goes only down steps
whose bit they have, so they never look at what they cannot serve, however many such items wait. Every node
knows the smallest key below it; going to the smallest first finds the first due without visiting the rest.
"""

from heapq import heapify, heappop, heappush
from itertools import count

from careline.modules.core.routing.engine.masks import Alphabet
from careline.modules.core.routing.engine.model import Needs
from careline.modules.core.routing.engine.state import AgentState, ItemState
from careline.modules.core.routing.engine.tournament import NEVER

_numbers = count()


class Node:
    """A step in a pool's tree of needs. ``best`` is the smallest key of all groups here and below.

    The heap holds all that is right below, and some that is no longer true; with a single one below it is not used.
    """

    __slots__ = ("best", "bit", "children", "groups", "heap", "number", "parent", "root", "top")

    def __init__(self, parent: "Node | None", bit: int) -> None:
        self.parent = parent
        self.root: Node = self if parent is None else parent.root
        self.bit = bit
        self.number = next(_numbers)
        self.best = NEVER
        self.children: dict[int, Node] = {}
        self.groups: dict[int, Group] = {}
        self.heap: list[tuple[int, int, Node | Group]] = []
        self.top: Node | Group = self
        """Where ``best`` is."""

    def descend(self, atoms: tuple[int, ...]) -> "Node":
        """The node at the end of a path, made where it was not yet."""
        node = self
        for bit in atoms:
            child = node.children.get(bit)
            if child is None:
                child = node.children[bit] = Node(node, bit)
            node = child
        return node

    def settle(self, source: "Node | Group") -> bool:
        """Work out ``best`` and ``top`` after ``source`` has changed; whether there is another best now. O(log)."""
        heap = self.heap
        if len(self.groups) + len(self.children) == 1:
            heap.clear()
            top, best = source, source.best
        else:
            if not heap:
                heap.extend((group.best, group.number, group) for group in self.groups.values())
                heap.extend((child.best, child.number, child) for child in self.children.values())
                heapify(heap)
            elif source.best < NEVER:
                heappush(heap, (source.best, source.number, source))
            while heap and heap[0][2].best != heap[0][0]:
                heappop(heap)
            if len(heap) > 2 * (len(self.children) + len(self.groups)) + 64:
                heap[:] = {entry[1]: entry for entry in heap if entry[2].best == entry[0]}.values()
                heapify(heap)
            best, _, top = heap[0] if heap else (NEVER, 0, source)
        self.top = top
        if best == self.best:
            return False
        self.best = best
        return True

    def prune(self) -> None:
        """Take a node without groups and children out, and its parents that become so."""
        node = self
        while node.parent is not None and not node.groups and not node.children:
            del node.parent.children[node.bit]
            node = node.parent


class Group:
    """Waiting items with the same queue, medium, needs, kind, steps and exclusions, in order of their keys.

    ``need`` is the mask of medium and skills; ``levels`` all bits of the skills; ``ranks`` the pools that may
    serve it, best rank first. An item is in the heap as long as it waits; those that left are dropped when
    they come up.
    """

    __slots__ = (
        "atoms",
        "best",
        "excluded",
        "heap",
        "levels",
        "medium",
        "need",
        "needs",
        "nodes",
        "number",
        "size",
        "tiers",
    )

    def __init__(self, medium: int, needs: Needs, alphabet: Alphabet) -> None:
        self.medium = medium
        self.needs = needs
        self.atoms = atoms = alphabet.atoms(needs)
        self.need = (1 << medium) | sum(atoms)
        self.levels = alphabet.levels(needs)
        self.tiers = tuple(tuple(mask | 1 << medium for mask in masks) for masks in alphabet.tiers(needs))
        self.number = next(_numbers)
        self.best = NEVER
        self.excluded: frozenset[AgentState] = frozenset()
        self.nodes: list[Node] = []
        self.heap: list[tuple[int, ItemState]] = []
        self.size = 0

    def hang(self, node: Node) -> None:
        """Take a place in the tree of a pool in which somebody could serve these items. O(needs · log)."""
        self.nodes.append(node)
        node.groups[self.number] = self
        if self.best < NEVER:
            carry_up(node, self)

    def unhang(self, root: Node) -> None:
        """Leave the tree with this root. O(what hangs at the node)."""
        node = next((node for node in self.nodes if node.root is root), None)
        if node is None:
            return
        self.nodes.remove(node)
        del node.groups[self.number]
        node.heap.clear()
        left: list[Node | Group] = [*node.groups.values(), *node.children.values(), node]
        if node.settle(left[0]) and node.parent is not None:
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
    """Let the nodes above know that the smallest key of ``source`` has changed."""
    while node is not None:
        if not node.settle(source):
            return
        source, node = node, node.parent


def first_due(node: Node, mask: int, atoms: tuple[int, ...], agent: AgentState, bound: int) -> "Group | None":
    """The group with the smallest key below ``bound`` that an agent with these skills can serve.

    O(needs · log) when the first of all is one that they can serve. Otherwise as many nodes are visited as
    lead somewhere the agent could go with a smaller key: at each, the fewer of its steps and of the agent's
    bits.
    """
    if node.best >= bound:
        return None
    found: Group | None = None
    first = node.top
    if isinstance(first, Group):
        if agent not in first.excluded:
            return first
    elif first.bit & mask:
        found = first_due(first, mask, atoms, agent, bound)
        if found is not None:
            bound = found.best
            if bound == node.best:
                return found
    for group in node.groups.values():
        if group.best < bound and agent not in group.excluded:
            found, bound = group, group.best
    children = node.children
    if len(children) <= len(atoms):
        open_ways = [child for child in children.values() if child.bit & mask and child.best < bound]
    else:
        open_ways = [children[bit] for bit in atoms if bit in children and children[bit].best < bound]
    if len(open_ways) > 1:
        open_ways.sort(key=best_of)
    for child in open_ways:
        better = first_due(child, mask, atoms, agent, bound)
        if better is not None:
            found, bound = better, better.best
    return found


def best_of(node: Node) -> int:
    """The key to sort nodes by."""
    return node.best
