"""The tree of disposition codes: category, reason, detail. Pure.

A code stands where it was put for ever, so the way to it never changes; it is renamed, moved among its siblings and
retired, and what was written up with it keeps its name.
"""

from collections.abc import Mapping, Sequence, Set
from uuid import UUID

import msgspec

MOST_LEVELS = 3
SEPARATOR = "/"


class DispositionView(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the tree. ``parent`` is the code above it; ``name`` is Chinese, ``name_en`` English.

    ``queue_ids`` are the queues whose contacts it and all below it is for; none means all. ``version`` counts changes.
    """

    code: str
    name: str
    name_en: str
    parent: str | None = None
    queue_ids: tuple[UUID, ...] = ()
    retired: bool = False
    version: int = 1


def way_to(code: str, tree: Mapping[str, DispositionView]) -> list[DispositionView]:
    """From the category down to the code itself; empty for a code that nobody knows."""
    way: list[DispositionView] = []
    at = tree.get(code)
    while at is not None and len(way) < MOST_LEVELS:
        way.insert(0, at)
        at = None if at.parent is None else tree.get(at.parent)
    return way


def in_use(code: str, tree: Mapping[str, DispositionView]) -> bool:
    """Whether neither the code nor anything above it is retired."""
    way = way_to(code, tree)
    return bool(way) and not any(one.retired for one in way)


def is_leaf(code: str, tree: Mapping[str, DispositionView]) -> bool:
    """Whether nothing that is in use stands below it."""
    return not any(one.parent == code and not one.retired for one in tree.values())


def may_be_chosen(code: str, tree: Mapping[str, DispositionView]) -> bool:
    """Whether a contact can be written up with it."""
    return in_use(code, tree) and is_leaf(code, tree)


def is_for(code: str, tree: Mapping[str, DispositionView], queues: Set[UUID]) -> bool:
    """Whether contacts of one of these queues are written up with it: no branch that it is in is for other queues only.

    A queue that has nothing of its own may take whatever there is, or its contacts could never be ended.
    """
    return any(
        _meant(code, tree, own) or not any(may_be_chosen(one, tree) and _meant(one, tree, own) for one in tree)
        for own in [{queue} for queue in queues] or [set[UUID]()]
    )


def _meant(code: str, tree: Mapping[str, DispositionView], queues: Set[UUID]) -> bool:
    return all(not one.queue_ids or not queues.isdisjoint(one.queue_ids) for one in way_to(code, tree))


def path_of(way: Sequence[DispositionView]) -> str:
    """The way as it is stored with a write-up: the codes from the category down."""
    return SEPARATOR.join(one.code for one in way)


def along(path: str | None, tree: Mapping[str, DispositionView]) -> list[DispositionView]:
    """The codes of a stored way, those that are known."""
    return [tree[code] for code in (path or "").split(SEPARATOR) if code in tree]


def next_code(parent: str | None, tree: Mapping[str, DispositionView]) -> str:
    """A code for one more below ``parent``, which nobody has."""
    stem = "code" if parent is None else parent
    number = 1 + sum(one.parent == parent for one in tree.values())
    while f"{stem}-{number}" in tree:
        number += 1
    return f"{stem}-{number}"
