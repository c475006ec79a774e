"""Made-up days of a chat centre: who comes, who works, who gives up, and how long each really waited."""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from careline.modules.contact.conversations.engine.waiting import QueueHistory

HOUR = 3600.0


@dataclass(frozen=True)
class Day:
    """A kind of day. ``arrivals`` an hour and ``agents`` by the hour of a working day of eight; times in seconds."""

    name: str
    arrivals: tuple[float, ...]
    agents: tuple[int, ...]
    handling_s: float = 480
    at_once: int = 3
    patience_s: float = 900
    shared: float = 1.0
    """The share of the agents' places that this queue gets; the rest another queue takes, of which it knows nothing."""


@dataclass
class Told:
    """What somebody would have been told on coming, and what came true."""

    at: float
    place: int
    ours_s: float | None
    plain_s: float | None
    shown: bool
    wait_s: float | None = None


@dataclass
class Centre:
    """One queue, some agents with several chats each, and a clock."""

    day: Day
    random: random.Random
    history: QueueHistory = field(default_factory=QueueHistory)
    told: list[Told] = field(default_factory=list)

    def run(self) -> "Centre":
        """Live through the day."""
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = 0
        self._now = 0.0
        self._queue: deque[int] = deque()
        self._by_number: dict[int, Told] = {}
        self._busy = 0
        self._handled: list[float] = []
        self._at(0, self._arrival)
        end = len(self.day.arrivals) * HOUR
        while self._events:
            self._now, _, happen = heapq.heappop(self._events)
            if self._now > end:
                break
            happen()
        return self

    @property
    def _hour(self) -> int:
        return min(int(self._now / HOUR), len(self.day.arrivals) - 1)

    @property
    def _room(self) -> int:
        return int(self.day.agents[self._hour] * self.day.at_once * self.day.shared)

    def _at(self, when: float, happen: Callable[[], None]) -> None:
        self._turn += 1
        heapq.heappush(self._events, (when, self._turn, happen))

    def _arrival(self) -> None:
        self._at(self._now + self.random.expovariate(self.day.arrivals[self._hour] / HOUR), self._arrival)
        number, agents = len(self.told), self.day.agents[self._hour]
        place = len(self._queue) + 1
        mean = sum(self._handled[-50:]) / len(self._handled[-50:]) if self._handled else None
        told = Told(
            at=self._now,
            place=place,
            ours_s=self.history.guess_s(place),
            plain_s=None if mean is None or not agents else place * mean / agents,
            shown=self.history.told_s(place, self._now) is not None,
        )
        self.told.append(told)
        self._by_number[number] = told
        self.history.entered(number, self._now, agents=agents)
        self._queue.append(number)
        self._at(self._now + self.random.expovariate(1 / self.day.patience_s), lambda: self._gives_up(number))
        self._serve()

    def _gives_up(self, number: int) -> None:
        if number in self._queue:
            self._queue.remove(number)
            self.history.left(number, self._now)

    def _serve(self) -> None:
        while self._queue and self._busy < self._room:
            number = self._queue.popleft()
            self._busy += 1
            told = self._by_number[number]
            told.wait_s = self._now - told.at
            self.history.taken(number, self._now)
            length = self.random.lognormvariate(0, 0.6) * self.day.handling_s / 1.197
            self._at(self._now + length, lambda length=length: self._done(length))  # type: ignore[misc]

    def _done(self, length: float) -> None:
        self._busy -= 1
        self._handled.append(length)
        self.history.handled(length, self._now)
        self._serve()


DAYS = (
    Day("steady and busy", (90,) * 8, (4,) * 8),
    Day("lunch", (80, 90, 110, 90, 70, 90, 90, 80), (4, 5, 5, 2, 3, 5, 5, 4)),
    Day("a fault at ten", (40, 60, 200, 220, 120, 60, 50, 40), (4,) * 8),
    Day("small", (11,) * 8, (2,) * 8, at_once=1),
    Day("shared agents", (60,) * 8, (6,) * 8, shared=0.45),
    Day("impatient", (140,) * 8, (4,) * 8, patience_s=240),
    Day("one at a time", (30,) * 8, (4,) * 8, at_once=1),
)


def days(day: Day, *, seeds: int) -> Iterator[Centre]:
    """The same kind of day with different luck."""
    for seed in range(seeds):
        yield Centre(day, random.Random(f"{day.name} {seed}")).run()
