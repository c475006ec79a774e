"""How much of each medium an agent carries at once: "one call or three chats; an e-mail may be interrupted".

The amount in hand is a *usage*: one integer with eight bits for each medium (``MEDIA`` order), so that equal
loads are equal integers and every answer of a profile is looked up, not computed again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from careline.kernel.errors import Invalid


class Medium(StrEnum):
    """What kind of attention a work item takes."""

    VOICE = "voice"
    CHAT = "chat"
    MESSAGE = "message"
    CASE = "case"
    HALL_TICKET = "hall-ticket"

    place: int
    """Where it stands in ``MEDIA``; also its bit in a mask of media."""


MEDIA: tuple[Medium, ...] = tuple(Medium)
for _place, _medium in enumerate(MEDIA):
    _medium.place = _place
MEDIUM_NAMES: tuple[str, ...] = tuple(medium.value for medium in MEDIA)
ONE_OF: tuple[int, ...] = tuple(1 << (8 * index) for index in range(len(MEDIA)))
"""See ``one_of``."""
BESIDE = len(MEDIA)
"""The room of a message that has waited long: beside chats too. One bit more than the media in a mask of rooms."""
ROOMS = len(MEDIA) + 1
ALL_ROOMS_MASK = (1 << ROOMS) - 1
_MESSAGE = Medium.MESSAGE.place
_MOST_AT_ONCE = 100


def one_of(medium_index: int) -> int:
    """The usage of a single item of a medium; add it to take, subtract it to give back."""
    return ONE_OF[medium_index]


def rooms_of(medium_index: int) -> int:
    """Mask of the rooms into which items of a medium come."""
    return 1 << medium_index | (1 << BESIDE if medium_index == _MESSAGE else 0)


def count_in(usage: int, medium_index: int) -> int:
    """How many items of a medium a usage holds."""
    return (usage >> (8 * medium_index)) & 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityProfile:
    """What one agent may carry.

    - ``limits``: most items of each medium at once; a medium that is not named is never offered.
    - ``weights`` and ``total``: the sum of weights in hand never exceeds ``total``. With total 6, voice 6 and
      chat 2 an agent carries one call or three chats. A medium without a weight costs nothing.
    - ``exclusive``: groups of media of which only one may be in hand at a time.
    - ``interrupted_by``: for a medium that may be interrupted, the media that may do so. An item of one of these is
      offered as if nothing that it interrupts were in hand; what may be interrupted is itself offered only into what is
      really left.
    - ``beside``: the media beside which a message is offered that has waited long (``BESIDE``), although a group says
      otherwise: while one more of what they have in hand of these would be within its limit.

    Items that are reserved, engaged or in after-contact work are all in hand.
    """

    limits: Mapping[Medium, int]
    weights: Mapping[Medium, int] = field(default_factory=dict)
    total: int = 1
    exclusive: tuple[frozenset[Medium], ...] = ()
    interrupted_by: Mapping[Medium, frozenset[Medium]] = field(default_factory=dict)
    beside: frozenset[Medium] = frozenset()
    _free: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _left: dict[tuple[int, int], int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _load: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for medium, limit in self.limits.items():
            if not 0 <= limit <= _MOST_AT_ONCE:
                raise Invalid("capacity-limit-out-of-range", field=f"limits/{medium}", most=_MOST_AT_ONCE)
        for medium, weight in self.weights.items():
            if weight < 0:
                raise Invalid("capacity-weight-negative", field=f"weights/{medium}")

    def free_media(self, usage: int) -> int:
        """Bit mask of the media of which one more item fits, and of ``BESIDE``. O(1) after the first time."""
        known = self._free.get(usage)
        if known is None:
            known = 0
            for index in range(len(MEDIA)):
                if self._fits(usage, index):
                    known |= 1 << index
            if known & (1 << _MESSAGE) or self._fits(usage, _MESSAGE, self._beside_now(usage)):
                known |= 1 << BESIDE
            self._free[usage] = known
        return known

    def left(self, usage: int, medium_index: int) -> int:
        """How many more items of one medium fit on top of a usage. O(1) after the first time."""
        known = self._left.get((usage, medium_index))
        if known is None:
            known, full = 0, usage
            while self.free_media(full) & (1 << medium_index):
                full += one_of(medium_index)
                known += 1
            self._left[(usage, medium_index)] = known
        return known

    def load(self, usage: int) -> int:
        """Share of the capacity in hand, in thousandths: the larger of weight and count shares. O(1) as above."""
        known = self._load.get(usage)
        if known is None:
            known = self._load[usage] = self._share(usage)
        return known

    def interrupts(self, medium: Medium, other: Medium) -> bool:
        """Whether an item of a medium may interrupt work of another one."""
        by = self.interrupted_by.get(other)
        return by is not None and medium in by

    def interrupted(self, usage: int, medium_index: int) -> tuple[str, ...]:
        """The names of what of a usage an item of a medium interrupts."""
        if not self.interrupted_by:
            return ()
        medium = MEDIA[medium_index]
        held = [other for at, other in enumerate(MEDIA) if count_in(usage, at)]
        return tuple(other.value for other in held if self.interrupts(medium, other))

    def put_beside(self, usage: int) -> tuple[str, ...]:
        """The names of what of a usage a message stands beside that has no room of its own."""
        if self.free_media(usage) & (1 << _MESSAGE):
            return ()
        return tuple(medium.value for medium in sorted(self.beside) if count_in(usage, medium.place))

    def _beside_now(self, usage: int) -> frozenset[Medium]:
        """Beside what a message may stand now."""
        return frozenset(m for m in self.beside if count_in(usage, m.place) < self.limits.get(m, 0))

    def _share(self, usage: int) -> int:
        by_weight = self._weight(usage, range(len(MEDIA))) / self.total if self.total else 0.0
        by_count = 0.0
        for index, medium in enumerate(MEDIA):
            count = count_in(usage, index)
            if count:
                by_count = max(by_count, count / max(self.limits.get(medium, 0), 1))
        return round(1000 * min(max(by_weight, by_count), 1.0))

    def _fits(self, usage: int, index: int, beside: frozenset[Medium] = frozenset()) -> bool:
        medium = MEDIA[index]
        if count_in(usage, index) >= self.limits.get(medium, 0):
            return False
        counted = [at for at in range(len(MEDIA)) if not self.interrupts(medium, MEDIA[at])]
        weight = self.weights.get(medium, 0)
        if weight and self._weight(usage, counted) + weight > self.total:
            return False
        for group in self.exclusive:
            others = group - beside
            if medium in group and any(at != index and MEDIA[at] in others and count_in(usage, at) for at in counted):
                return False
        return True

    def _weight(self, usage: int, counted: range | list[int]) -> int:
        return sum(self.weights.get(MEDIA[at], 0) * count_in(usage, at) for at in counted)
