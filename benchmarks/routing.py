"""How many decisions a second the routing engine takes, from 1,000 to 40,000 agents, and how that grows.

A decision is one question answered: which agent gets this arriving item (or that it must wait), or which item this
freed agent gets (or that nothing fits). Making the offer with its reasons, accepting and finishing are in the time.

The centre is a busy one: every agent at work, 2.5 items waiting for each agent (100,000 at the largest). A third of
the agents have a set of skills that nobody else has. In every turn an item arrives and an engaged one is finished.
There is a queue for every 500 agents, eight at the least, and an agent serves one to three of them; ``eight_queues`` is
the largest centre with eight for all; the smallest also has as many waiting as the largest. ``quiet`` has nobody
waiting and half of the agents free. ``distinct_needs`` is the worst that items can do: each asks for up to four skills
at levels that some agent has, so that nearly each is alone of its kind.

Seconds are the processor's: the engine never waits. Each centre is alone in a process of its own, as a server is, and
so is its yardstick; they take turns. In one process with all of the others what it makes anew would lie scattered among
what they have made, which costs it 6 to 9 %.

Who comes and who is done next is drawn before the clock runs: it is the customers' part.

Yardsticks on the same state and the same input: the engine with a matcher that looks at every agent and item, and one
push and pop on a heap with as many entries as there are items waiting, which is the least that keeping order costs.
"""

import math
import multiprocessing
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from multiprocessing.connection import Connection
from statistics import linear_regression, median
from time import process_time
from typing import NamedTuple
from uuid import UUID

from benchmarks.harness import Figure, Measure, Report, compare, interleave, note, print_figure, rate, rounded
from careline.infra import garbage
from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.effects import Effect, OfferMade
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import (
    AgentProfile,
    Chosen,
    Needs,
    QueueSettings,
    RelaxationStep,
    RoutingConfig,
    Strategy,
    WorkItem,
)
from tests.support.linear_matching import LinearMatcher

LIMIT_S = 600
ROUNDS = 5
SECONDS = 1.0
SIZES = (1_000, 5_000, 15_000, 40_000)
QUIET, DISTINCT = 15_000, 5_000
WAITING_PER_AGENT = 2.5
_BESIDE = "looking at every agent and item"
START = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
SKILLS = [f"skill-{number}" for number in range(40)]
CAPACITY = CapacityProfile(limits={Medium.VOICE: 1, Medium.CHAT: 3}, weights={Medium.VOICE: 6, Medium.CHAT: 2}, total=6)


class CountedIds:
    """Ids by counting, some made ahead: to make them is not the engine's work."""

    def __init__(self, begin: int = 0) -> None:
        self._count = begin
        self._ahead: list[UUID] = []

    def make(self, count: int) -> None:
        """So many ids ahead."""
        self._count += count
        self._ahead = [UUID(int=self._count - number) for number in range(count)]

    def offer_id(self) -> UUID:
        if not self._ahead:
            self.make(100)
        return self._ahead.pop()

    def token(self) -> str:
        return "token"


class Centre:
    """A centre at work, and the turns it takes. All randomness comes from ``seed``."""

    def __init__(
        self, agents: int, waiting: int, *, queue_count: int | None = None, seed: int = 7, distinct: bool = False
    ) -> None:
        self.random = random.Random(seed)
        self.distinct = distinct
        self.now = START
        self.items = 0
        self.queues = [UUID(int=1 + number) for number in range(queue_count or max(8, agents // 500))]
        self.config = RoutingConfig(queues=tuple(self._queue(number) for number in range(len(self.queues))))
        self.ids = CountedIds()
        self.engine = Engine(self.config, self.ids)
        self.engaged: list[UUID] = []
        self.skills = {queue: self.random.sample(SKILLS, 5) for queue in self.queues}
        teams = [self._abilities() for _ in range(2 * len(self.queues))]
        self.known: dict[UUID, list[dict[str, int]]] = {queue: [] for queue in self.queues}
        for number in range(agents):
            skills, queues = self._abilities() if number % 3 == 0 else self.random.choice(teams)
            for queue in queues:
                self.known[queue].append(skills)
            profile = AgentProfile(id=UUID(int=(1 << 64) + number), queues=queues, capacity=CAPACITY, skills=skills)
            self.engine.put_agent(profile, self.now)
            self.engine.choose(profile.id, Chosen.READY, self.now)
        self.fill(waiting)

    def fill(self, waiting: int) -> None:
        """Let items come until so many wait, or, with none to wait, until half of the agents are at work."""
        agents = sum(1 for _ in self.engine.agent_views())
        while (self.waiting() < waiting) if waiting else (len(self.engaged) < agents // 2):
            for _ in range(100):
                self.arrive(self._item())

    def waiting(self) -> int:
        """How many wait in all queues."""
        return sum(self.engine.queue_view(queue, self.now).waiting for queue in self.queues)

    def decisions_per_s(self, seconds: float, turns: int) -> float:
        """Turns for so many seconds of the processor, so many at a time. Who comes and who is done is drawn ahead."""
        spent, done = 0.0, 0
        while spent < seconds:
            brought = [(self._item(), self.random.random()) for _ in range(turns)]
            self.ids.make(2 * turns)
            began = process_time()
            for item, chance in brought:
                self.turn(item, chance)
            spent += process_time() - began
            done += 2 * turns
        return done / spent

    def turn(self, item: WorkItem, chance: float) -> None:
        """An item arrives, and one of the engaged, by chance (below 1), is finished: two decisions."""
        self.arrive(item)
        at = int(chance * len(self.engaged))
        self.engaged[at], self.engaged[-1] = self.engaged[-1], self.engaged[at]
        self.accept(self.engine.finish(self.engaged.pop(), item.enqueued_at))

    def arrive(self, item: WorkItem) -> None:
        """A new item; who is offered it accepts."""
        self.accept(self.engine.enqueue(item, item.enqueued_at))

    def accept(self, effects: list[Effect]) -> None:
        """Every offer is accepted at once."""
        for effect in effects:
            if isinstance(effect, OfferMade):
                offer = effect.offer
                self.engine.accept(offer.id, offer.token, self.now)
                self.engaged.append(offer.item_id)

    def twin(self) -> "Centre":
        """The same centre at the same moment, with the engine that looks at everything."""
        twin = object.__new__(Centre)
        twin.__dict__ |= self.__dict__
        twin.random = random.Random()
        twin.random.setstate(self.random.getstate())
        twin.engaged = list(self.engaged)
        twin.ids = CountedIds(1 << 90)
        twin.engine = Engine.restore(self.config, twin.ids, self.engine.snapshot(), LinearMatcher)
        return twin

    def _queue(self, number: int) -> QueueSettings:
        return QueueSettings(
            id=self.queues[number],
            strategy=list(Strategy)[number % len(Strategy)],
            target_s=20.0 if number % 3 else 60.0,
            relaxation=(
                RelaxationStep(after_s=3600, lower_by=1),
                RelaxationStep(after_s=7200, join=frozenset({self.queues[(number + 1) % len(self.queues)]})),
            ),
        )

    def _abilities(self) -> tuple[dict[str, int], frozenset[UUID]]:
        """One to three queues, most of their skills, and now and then one more."""
        queues = self.random.sample(self.queues, self.random.randint(1, 3))
        known = {skill for queue in queues for skill in self.skills[queue] if self.random.random() < 0.8}
        if self.random.random() < 0.3:
            known.add(self.random.choice(SKILLS))
        return {skill: self.random.randint(1, 5) for skill in sorted(known)}, frozenset(queues)

    def _needs(self, queue: UUID) -> Needs:
        if self.distinct:
            able = self.random.choice(self.known[queue])
            chosen = self.random.sample(sorted(able), min(4, len(able)))
            return tuple((skill, self.random.randint(1, able[skill])) for skill in chosen)
        count = self.random.choice((0, 1, 1, 1, 2))
        return tuple((skill, self.random.randint(1, 4)) for skill in self.random.sample(self.skills[queue], count))

    def _item(self) -> WorkItem:
        self.items += 1
        self.now += timedelta(milliseconds=2)
        queue = self.random.choice(self.queues)
        return WorkItem(
            id=UUID(int=(1 << 80) + self.items),
            medium=Medium.VOICE if self.random.random() < 0.7 else Medium.CHAT,
            queue_id=queue,
            enqueued_at=self.now,
            needs=self._needs(queue),
            priority=self.random.choice((0, 0, 0, 1, 3)),
        )


def heap_pairs(entries: int) -> Callable[[], int]:
    """One push and one pop on a heap that holds so many entries."""
    chance = random.Random(3)
    heap = [(number, number) for number in range(max(entries, 1))]
    last = len(heap)

    def pair() -> int:
        nonlocal last
        for _ in range(100):
            last += 1
            heappush(heap, (last + chance.randrange(1000), last))
            heappop(heap)
        return 100

    return pair


class Size(NamedTuple):
    """What a centre is made of; see ``Centre``."""

    agents: int
    waiting: int
    queue_count: int | None = None
    distinct: bool = False


class Apart:
    """A centre in a process of its own, or its twin that looks at everything."""

    def __init__(self, size: Size, *, twin: bool) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._line, there = spawning.Pipe()
        self._process = spawning.Process(target=_measure_when_asked, args=(there, size, twin), daemon=True)
        self._process.start()
        there.close()

    def wait(self) -> None:
        """Until everybody has signed in."""
        self._line.recv()

    def decisions_per_s(self, seconds: float, turns: int) -> float:
        """See ``Centre``."""
        self._line.send((seconds, turns))
        value: float = self._line.recv()
        return value

    def end(self) -> None:
        """Nothing more will be asked."""
        self._line.close()
        self._process.join()


def _measure_when_asked(line: Connection, size: Size, twin: bool) -> None:
    """What a process of ``Apart`` does, until nobody is there to ask."""
    centre = Centre(size.agents, size.waiting, queue_count=size.queue_count, distinct=size.distinct)
    if twin:
        centre = centre.twin()
    garbage.settle()  # as the server does
    try:
        line.send(None)
        while True:
            line.send(centre.decisions_per_s(*line.recv()))
    except (EOFError, BrokenPipeError):
        line.close()


def _sizes() -> dict[str, Size]:
    """Every centre that is measured, by the name of its figure."""
    found = {f"agents_{agents}": Size(agents, int(agents * WAITING_PER_AGENT)) for agents in SIZES}
    most, waiting = SIZES[-1], int(SIZES[-1] * WAITING_PER_AGENT)
    found[f"eight_queues.agents_{most}"] = Size(most, waiting, queue_count=8)
    found[f"waiting_{waiting}.agents_{SIZES[0]}"] = Size(SIZES[0], waiting)
    found[f"quiet.agents_{QUIET}"] = Size(QUIET, 0)
    found[f"distinct_needs.agents_{DISTINCT}"] = Size(DISTINCT, int(DISTINCT * WAITING_PER_AGENT), distinct=True)
    return found


def run(report: Report) -> None:
    """All figures of routing. The sizes take turns too, so that a busy moment does not pass for growth."""
    centres: dict[str, Apart] = {}
    contenders: dict[str, Measure] = {
        "heap": partial(rate, heap_pairs(int(SIZES[-1] * WAITING_PER_AGENT)), SECONDS / 2, clock=process_time)
    }
    for name, size in _sizes().items():
        note(f"routing: {name}: {size.agents} agents sign in")
        beside = f"{name}, looking at everything"
        centres[name], centres[beside] = Apart(size, twin=False), Apart(size, twin=True)
        centres[name].wait()
        centres[beside].wait()
        contenders[name] = partial(centres[name].decisions_per_s, SECONDS, 100)
        contenders[beside] = partial(centres[beside].decisions_per_s, SECONDS / 5, 1)
    measured = interleave(contenders, ROUNDS)
    for apart in centres.values():
        apart.end()
    for name in _sizes():
        slow = measured[f"{name}, looking at everything"]
        figure = compare(f"routing.decisions_per_s.{name}", "decisions/s", measured[name], _BESIDE, slow)
        report(figure)
        pairs = median(measured["heap"]) / median(measured[name])
        note(f"{name}: a decision costs as much as {pairs:.0f} times a push and a pop on the heap")
    report(growth({agents: 1 / median(measured[f"agents_{agents}"]) for agents in SIZES}))


def growth(costs: dict[int, float]) -> Figure:
    """The exponent b of cost ~ agents^b over all sizes, beside the one that the logarithm would have on them."""
    exponent = _exponent(costs)
    logarithm = _exponent({agents: math.log(agents) for agents in costs})
    return Figure(
        name="routing.growth_exponent",
        value=rounded(exponent),
        unit="b in cost ~ agents^b",
        yardstick=f"cost ~ log(agents): {rounded(logarithm):g}",
        ratio=rounded(exponent / logarithm),
        rounds=ROUNDS,
    )


def _exponent(costs: dict[int, float]) -> float:
    """The slope of log(cost) over log(agents) by least squares."""
    return linear_regression([math.log(n) for n in costs], [math.log(cost) for cost in costs.values()]).slope


if __name__ == "__main__":
    run(print_figure)
