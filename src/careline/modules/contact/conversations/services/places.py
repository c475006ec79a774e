"""Who waits in a chat is told how their place moves, at a cost that stays small when thousands wait.

A queue counts its moves: each changes any one place by one at most. So a place needs no look before as many moves have
passed as would make a difference to the customer: one for the first ten, a tenth of it further back. Whoever waits at
place p is looked at some 10·ln p times until they are first, however many wait behind them; and in one round, once a
second at most, no more than ``MOST_A_ROUND`` are looked at, the others in the next one.
"""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from uuid import UUID

from careline.infra.realtime.hub import Hub
from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.rules import conversation_topic
from careline.modules.contact.conversations.views import Wait

ROUND_S = 1.0
MOST_A_ROUND = 500
NEAR = 10
"""Up to here every step counts."""

PlaceOf = Callable[[TenantId, UUID], int | None]
"""1 for the interaction that is next …; None when it does not wait, or not yet. Raises ``NotFound`` meanwhile."""

WaitAt = Callable[[TenantId, UUID, int], Wait | None]
"""How long who stands at this place of a queue will still wait, as far as it can be told."""

QueueKey = tuple[TenantId, UUID]


class _Place:
    __slots__ = ("conversation_id", "interaction_id", "queue", "told")

    def __init__(self, conversation_id: UUID, interaction_id: UUID, queue: QueueKey) -> None:
        self.conversation_id = conversation_id
        self.interaction_id = interaction_id
        self.queue = queue
        self.told: int | None = None


class _Moves:
    """The moves of one queue, and by how many of them each place is to be looked at again."""

    def __init__(self) -> None:
        self.count = 0
        self.due: list[tuple[int, int, _Place]] = []

    def push(self, place: _Place, after: int, turn: int) -> None:
        heappush(self.due, (self.count + after, turn, place))

    def pop(self) -> _Place | None:
        return heappop(self.due)[2] if self.is_due else None

    @property
    def is_due(self) -> bool:
        return bool(self.due) and self.due[0][0] <= self.count


class Places:
    """The places of those who wait and look; what nobody follows is not kept."""

    def __init__(self, hub: Hub, clock: Clock, place_of: PlaceOf, wait_at: WaitAt, *, round_s: float = ROUND_S) -> None:
        self._hub = hub
        self._clock = clock
        self._place_of = place_of
        self._wait_at = wait_at
        self._round_s = round_s
        self._places: dict[UUID, _Place] = {}
        self._moves: dict[QueueKey, _Moves] = {}
        self._turn = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many are told."""
        return len(self._places)

    def waits(self, tenant_id: TenantId, conversation_id: UUID, interaction_id: UUID, queue_id: UUID) -> None:
        """Tell a conversation from now on where this interaction of it stands, beginning within a round."""
        known = self._places.get(conversation_id)
        if known is not None and (known.interaction_id, known.queue) == (interaction_id, (tenant_id, queue_id)):
            return
        place = self._places[conversation_id] = _Place(conversation_id, interaction_id, (tenant_id, queue_id))
        self._look_again(place, after=0)

    def leaves(self, conversation_id: UUID) -> None:
        """It waits no longer, or nobody looks."""
        self._places.pop(conversation_id, None)

    def moved(self, tenant_id: TenantId, queue_id: UUID) -> None:
        """One came into a queue, went out of it, or came back."""
        moves = self._moves.get((tenant_id, queue_id))
        if moves is not None:
            moves.count += 1
            self._arm(moves)

    def _look_again(self, place: _Place, *, after: int) -> None:
        self._turn += 1
        moves = self._moves.setdefault(place.queue, _Moves())
        moves.push(place, after, self._turn)
        self._arm(moves)

    def _arm(self, moves: _Moves) -> None:
        if self._timer is None and moves.is_due:
            self._timer = asyncio.get_running_loop().call_later(self._round_s, self._round)

    def _round(self) -> None:
        self._timer = None
        left = MOST_A_ROUND
        for queue, moves in list(self._moves.items()):
            while left and (place := moves.pop()) is not None:
                if self._places.get(place.conversation_id) is place:
                    left -= 1
                    self._look(place)
            if not moves.due:
                del self._moves[queue]
        for moves in self._moves.values():
            self._arm(moves)

    def _look(self, place: _Place) -> None:
        try:
            now = self._place_of(place.queue[0], place.interaction_id)
        except NotFound:
            now = None  # routing is being rebuilt
        if now is None:
            self._look_again(place, after=1)
            return
        if place.told is None or abs(now - place.told) >= _step(min(now, place.told)):
            place.told = now
            self._tell(place)
        self._look_again(place, after=max(1, _step(now) - abs(now - place.told)))

    def _tell(self, place: _Place) -> None:
        wait = None if place.told is None else self._wait_at(*place.queue, place.told)
        data = {"interaction_id": place.interaction_id, "queue_position": place.told, "wait": wait}
        topic = conversation_topic(place.conversation_id)
        self._hub.publish(place.queue[0], topic, "queue.position", data, self._clock.now(), coalesce=True)


def _step(place: int) -> int:
    """By how much a place must change to be worth a word."""
    return 1 if place <= NEAR else place // NEAR
