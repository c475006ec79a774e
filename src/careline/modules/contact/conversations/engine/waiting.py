"""The wait that a place in a queue will take, and whether it is worth telling.

Not from handling times and heads: agents serve several queues, carry several chats and go to lunch, and nobody tells a
queue so. It is taken from what can be seen of the queue itself: how often, lately, somebody who waited was taken
(``rate``), and how readily people give up (``hazard``, for each who waits). Whoever stands at place ``p`` is served
after ``p`` steps, of which the one with ``k`` before it comes at ``rate + k · hazard``:

    wait = Σ 1 / (rate + k · hazard),  k = 0 … p - 1

Both are counted over the time in which somebody waited, the past weighing half after ``HALF_LIFE_S``. So a queue in
which nobody has waited for long knows nothing, and says nothing.

Each guess is kept until its customer is served, beside the plain one (place × mean handling time ÷ agents), and the
guess is told only while it has lately been nearer to the truth than that one, and near enough to be of use
(docs/adr/0017-expected-waits.md).
"""

import math
from collections import deque
from collections.abc import Hashable

import msgspec

HALF_LIFE_S = 900.0
ENOUGH_TAKEN = 4.0
"""So many, weighed by age, must have been taken for a rate to mean anything."""

JUDGED = 40
ENOUGH_JUDGED = 8
NEAR_ENOUGH = 0.6
"""The mean error over the mean wait, of the guesses that were judged lately."""

LONGEST_S = 3600.0


class Guess(msgspec.Struct, frozen=True):
    """What was guessed when somebody came, for the time until they are served; None where there was none."""

    ours_s: float
    plain_s: float | None


class _Waiting(msgspec.Struct):
    since: float
    guess: Guess | None = None


class Judged(msgspec.Struct, frozen=True):
    """A guess and what became of it: the errors, and the wait, in seconds."""

    ours_s: float
    plain_s: float
    wait_s: float


class QueueHistory:
    """What one queue has lately done. Told of everything that happens in it, in order; time never goes back."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, _Waiting] = {}
        self._at: float | None = None
        self._taken = 0.0
        self._gone = 0.0
        self._busy_s = 0.0
        self._waited_s = 0.0
        self._handled = 0.0
        self._handling_s = 0.0
        self._judged: deque[Judged] = deque(maxlen=JUDGED)

    def entered(self, who: Hashable, now: float, *, agents: int) -> None:
        """Somebody came in. ``agents``: who works for the queue now, for the plain guess."""
        self._pass(now)
        if who in self._waiting:
            return
        place = len(self._waiting) + 1
        ours = self.guess_s(place)
        guess = None if ours is None else Guess(ours, self._plain_s(place, agents))
        self._waiting[who] = _Waiting(now, guess)

    def taken(self, who: Hashable, now: float) -> None:
        """An agent has taken them; the guess of when they came is judged."""
        self._pass(now)
        waiting = self._waiting.pop(who, None)
        if waiting is None:
            return  # came before we began to look: how long they waited was not counted either
        self._taken += 1
        guess, wait = waiting.guess, now - waiting.since
        if guess is not None and guess.plain_s is not None:
            self._judged.append(Judged(abs(guess.ours_s - wait), abs(guess.plain_s - wait), wait))

    def left(self, who: Hashable, now: float) -> None:
        """They gave up, or the queue could not keep them."""
        self._pass(now)
        if self._waiting.pop(who, None) is not None:
            self._gone += 1

    def moved_away(self, who: Hashable, now: float) -> None:
        """They wait in another queue now: this one has neither served nor lost them."""
        self._pass(now)
        self._waiting.pop(who, None)

    def handled(self, seconds: float, now: float) -> None:
        """An agent is done with a contact of this queue."""
        self._pass(now)
        self._handled += 1
        self._handling_s += seconds

    def guess_s(self, place: int) -> float | None:
        """The wait of who stands at ``place`` (1 is next), told or not; None where nothing is known."""
        if self._taken < ENOUGH_TAKEN or self._busy_s <= 0:
            return None
        rate = self._taken / self._busy_s
        hazard = self._gone / self._waited_s if self._waited_s > 0 else 0.0
        if hazard <= 0:
            return place / rate
        # The sum, as the integral that it is nearly, so that a place of a thousand costs what one of two costs.
        near = min(place, 50)
        wait = sum(1 / (rate + k * hazard) for k in range(near))
        if place > near:
            wait += math.log((rate + (place - 0.5) * hazard) / (rate + (near - 0.5) * hazard)) / hazard
        return wait

    def told_s(self, place: int, now: float) -> float | None:
        """The wait to tell who stands at ``place``; None while it would be no better than the plain guess."""
        self._pass(now)
        guess = self.guess_s(place)
        return guess if guess is not None and guess <= LONGEST_S and self.is_trusted else None

    @property
    def is_trusted(self) -> bool:
        """Whether the guesses have lately been nearer than the plain ones, and near enough."""
        if len(self._judged) < ENOUGH_JUDGED:
            return False
        ours = sum(one.ours_s for one in self._judged)
        plain = sum(one.plain_s for one in self._judged)
        return ours < plain and ours <= NEAR_ENOUGH * sum(one.wait_s for one in self._judged)

    def _plain_s(self, place: int, agents: int) -> float | None:
        return place * self._handling_s / self._handled / agents if self._handled >= 1 and agents > 0 else None

    def _pass(self, now: float) -> None:
        """Let time pass: what was seen fades, and while somebody waits it is counted."""
        before = self._at
        if before is not None and now <= before:
            return
        self._at = now
        if before is None:
            return
        passed = now - before
        fading = 0.5 ** (passed / HALF_LIFE_S)
        # Of the time that passed just now, the beginning has faded already.
        counted = HALF_LIFE_S / math.log(2) * (1 - fading)
        for name in ("_taken", "_gone", "_busy_s", "_waited_s", "_handled", "_handling_s"):
            setattr(self, name, getattr(self, name) * fading)
        if self._waiting:
            self._busy_s += counted
            self._waited_s += counted * len(self._waiting)


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """A wait in words that promise no more than is known: under, about or over so many minutes."""

    word: str
    minutes: int


def in_words(seconds: float) -> Wait:
    """To the minute up to five, to five minutes up to thirty: nobody knows it any better."""
    minutes = seconds / 60
    if minutes < 1:
        return Wait(word="under", minutes=1)
    if minutes < 5.5:
        return Wait(word="about", minutes=max(1, round(minutes)))
    if minutes < 32.5:
        return Wait(word="about", minutes=max(5, 5 * round(minutes / 5)))
    return Wait(word="over", minutes=30)
