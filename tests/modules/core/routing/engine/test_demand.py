"""The tree of what waits, worked until every heap in it was cleared many times, against looking at everything."""

import random
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from careline.modules.core.routing.engine.capacity import ALL_ROOMS_MASK, CapacityProfile, Medium
from careline.modules.core.routing.engine.demand import Group, Node, first_due
from careline.modules.core.routing.engine.masks import Alphabet, single_bits
from careline.modules.core.routing.engine.model import AgentProfile, WorkItem
from careline.modules.core.routing.engine.state import AgentState, ItemState
from careline.modules.core.routing.engine.tournament import NEVER

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VOICE = Medium.VOICE.place
SKILLS = "abc"
_numbers = count(1)


def an_item(key: int) -> ItemState:
    work = WorkItem(id=UUID(int=next(_numbers)), medium=Medium.VOICE, queue_id=UUID(int=1), enqueued_at=NOW)
    item = ItemState(work, VOICE, 0, 0)
    item.key = key
    return item


def an_agent() -> AgentState:
    capacity = CapacityProfile(limits={Medium.VOICE: 1})
    return AgentState(AgentProfile(id=UUID(int=9), queues=frozenset(), capacity=capacity), capacity, 1, 0)


def test_the_first_due_is_found_whatever_came_and_went() -> None:
    chance, alphabet, agent = random.Random(5), Alphabet(), an_agent()
    root = Node(None, 1 << VOICE)
    groups: list[Group] = []
    for _ in range(30):
        needs = tuple((skill, chance.randint(1, 2)) for skill in sorted(chance.sample(SKILLS, chance.randint(0, 3))))
        group = Group(VOICE, needs, alphabet)
        group.hang(root.descend(group.atoms))
        groups.append(group)
    abilities = [{skill: chance.randint(1, 2) for skill in chance.sample(SKILLS, size)} for size in (0, 1, 2, 3, 3)]
    masks = [alphabet.have(skills) | ALL_ROOMS_MASK for skills in abilities]
    waiting: list[ItemState] = []
    for turn in range(4_000):
        if len(waiting) < 12 or chance.random() < (0.4 if turn // 1_000 % 2 else 0.9):
            sooner = chance.randrange(1 << 40) if turn // 1_000 % 2 else (1 << 40) - turn * 1_000
            item = an_item((sooner << 20) | turn)
            chance.choice(groups).add(item)
            waiting.append(item)
        else:
            waiting.sort(key=lambda item: item.key, reverse=True)
            item = waiting.pop(chance.choice((-1, -1, chance.randrange(len(waiting)))))
            item.group.remove(item)
        mask = chance.choice(masks)
        found = first_due((root,), mask, single_bits(mask), agent, NEVER)
        servable = [item for item in waiting if item.group.need & mask == item.group.need]
        assert (found.first() if found else None) is min(servable, key=lambda item: item.key, default=None)
