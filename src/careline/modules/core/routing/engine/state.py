"""The engine's own mutable notes of agents, items and what is in hand. They never leave it; records do."""

from typing import Any

from careline.modules.core.routing.engine.capacity import BESIDE, MEDIA, ONE_OF, CapacityProfile, Medium
from careline.modules.core.routing.engine.instants import seconds_us, to_us
from careline.modules.core.routing.engine.model import AgentProfile, Chosen, Offer, WorkItem
from careline.modules.core.routing.engine.queues import GONE, QueueState

RESERVED, HELD, AFTER, DONE = range(4)
ORDER_BITS = 24
"""An agent's order fills the low bits of every key, so that no two agents ever tie."""
_CARRYING = 1 << 100
_HANDLED_BITS = 50
_READY = Chosen.READY
"""To read a member from its enumeration costs as much as all else that ``settle`` does."""


class ItemState:
    """An item: where it is (``status``), its static ``key``, and how far its needs gave way (``steps``).

    ``room``: its medium, or ``BESIDE`` when it has waited long enough to stand beside other work.
    ``since_us``: since when it is asleep, None while it is not; ``slept_us``: how long it has slept before.
    """

    __slots__ = (
        "attempts",
        "due",
        "enqueued_us",
        "entered_us",
        "excluded",
        "group",
        "hand",
        "held_until",
        "item",
        "key",
        "medium",
        "queue",
        "room",
        "seq",
        "since_us",
        "slept_us",
        "status",
        "steps",
    )

    def __init__(self, item: WorkItem, medium: int, enqueued_us: int, seq: int) -> None:
        self.item = item
        self.medium = self.room = medium
        self.enqueued_us = enqueued_us
        self.seq = seq
        self.queue: QueueState
        self.key = 0
        self.entered_us = 0
        self.since_us: int | None = None
        self.slept_us = 0
        self.status = GONE
        self.steps = 0
        self.attempts = 0
        self.excluded: dict[AgentState, int] = {}
        self.held_until: int | None = None
        self.due: int | None = None
        self.hand: InHand | None = None
        self.group: Any = None
        """Where the matcher keeps the item while it waits; nobody else looks."""

    def __lt__(self, other: "ItemState") -> bool:
        """Asked by heaps of two with one key: an item that is back, and what is left of it from before."""
        return False

    def enter(self, queue: QueueState, at: int) -> None:
        """Come into a queue: stages and limits count from ``at``; the wait counts from the first arrival."""
        self.queue = queue
        self.entered_us = at
        self.steps = 0
        self.rank()

    def begin(self, now: int) -> None:
        """It is new here and patient. What nobody could have been offered it in before was sleep."""
        self.slept_us = max(0, now - self.enqueued_us - seconds_us(self.item.awake_s))

    def rank(self) -> None:
        """Work out the key anew, after anything it is made of has changed."""
        self.key = self.queue.key(self.item, self.enqueued_us + self.slept_us, self.seq)

    def must_sleep(self, now: int) -> bool:
        """Whether it waits for its queue to open, or for its own time."""
        if not self.item.patient:
            return False
        return not self.queue.open or (self.not_before_us or 0) > now

    @property
    def not_before_us(self) -> int | None:
        """When it may be offered first."""
        until = self.item.not_before
        return None if until is None else to_us(until)

    @property
    def beside_us(self) -> int | None:
        """When it is offered beside other work too, None for never. It is awake when this is asked."""
        after, work = self.queue.beside_us, self.item
        if after is None or not work.patient or work.medium is not Medium.MESSAGE:
            return None
        return self.not_before_us or self.enqueued_us + self.slept_us + after

    def find_room(self, now: int) -> None:
        """Ask for less room when it has waited long enough. It is in no book when this is called."""
        due = self.beside_us if self.item.patient else None
        self.room = self.medium if due is None or due > now else BESIDE

    @property
    def asleep(self) -> bool:
        """Whether it is not to be offered for now."""
        return self.since_us is not None

    def turn(self, now: int) -> bool:
        """Fall asleep, or wake up; whether it woke. It is in no book when this is called.

        What it slept is as if it had not been: it entered later, and came later, by so much.
        """
        if self.must_sleep(now):
            if self.since_us is None:
                self.since_us = now
            return False
        return self.wake(now)

    def wake(self, now: int) -> bool:
        """Be asleep no more, whatever the hours say: somebody takes it, or another queue does."""
        if self.since_us is None:
            return False
        nap = max(0, now - self.since_us)
        self.since_us = None
        self.slept_us += nap
        self.entered_us += nap
        self.rank()
        return True

    def next_due(self) -> int | None:
        """When something happens to the waiting item by itself: relaxed, overflowed, held or excluded no
        more, awake, or beside other work.
        """
        if self.since_us is not None:
            return self.not_before_us if self.queue.open else None
        due = self.held_until
        for until in self.excluded.values():
            if due is None or until < due:
                due = until
        queue = self.queue
        further = queue.stages[self.steps].next_us
        if further is not None:
            at = self.entered_us + further
            if due is None or at < due:
                due = at
        if self.item.patient:
            beside = None if self.room == BESIDE else self.beside_us
            if beside is not None and (due is None or beside < due):
                due = beside
        elif queue.max_wait_us is not None:
            at = self.entered_us + queue.max_wait_us
            if due is None or at < due:
                due = at
        return due


class InHand:
    """An item in an agent's hands, from the offer until the agent's room is given back.

    ``stage``: RESERVED by an offer that stands, HELD by an agent who is engaged in it, AFTER: in after-contact
    work since ``after_since`` until ``until``, or DONE. ``queue`` is the queue it was offered from. ``left_us`` is
    what is left of a limit whose clock stands, because something else interrupts the after-contact work.
    """

    __slots__ = ("after_since", "agent", "item", "left_us", "medium", "offer", "queue", "since", "stage", "until")

    def __init__(self, offer: Offer, agent: "AgentState", item: ItemState, queue: QueueState) -> None:
        self.offer = offer
        self.agent = agent
        self.item = item
        self.queue = queue
        self.medium = item.medium
        self.stage = RESERVED
        self.since = 0
        self.after_since: int | None = None
        self.until: int | None = None
        self.left_us: int | None = None


class AgentState:
    """An agent: profile, chosen state, what is in hand (``usage``) and what may be offered (``free``, a media
    mask).
    """

    __slots__ = (
        "capacity",
        "cell",
        "chosen",
        "free",
        "handled_us",
        "held",
        "idle_since",
        "in_hand",
        "last_served",
        "order",
        "peers",
        "present",
        "profile",
        "reason",
        "set_aside",
        "set_aside_mask",
        "since",
        "stamp",
        "usage",
    )

    def __init__(self, profile: AgentProfile, capacity: CapacityProfile, order: int, now: int) -> None:
        self.profile = profile
        self.capacity = capacity
        self.order = order
        self.chosen = Chosen.OFFLINE
        self.reason: str | None = None
        self.since = now
        self.idle_since = now
        self.handled_us = 0
        self.last_served = 0
        self.usage = 0
        self.free = 0
        self.set_aside: dict[int, tuple[str, int | None]] = {}
        self.set_aside_mask = 0
        self.in_hand: dict[int, InHand] = {}
        """By the serial of the offer."""
        self.held: dict[int, ItemState] = {}
        """Items that wait for this agent alone, by key."""
        self.peers: Any = None
        self.cell: Any = None
        self.stamp = 0
        self.present = False
        """These four are the matcher's notes; nobody else looks."""

    def settle(self) -> None:
        """Work out ``free`` after any change. O(1)."""
        if self.chosen is _READY:
            self.free = self.capacity.free_media(self.usage) & ~self.set_aside_mask
        else:
            self.free = 0

    def take(self, hand: InHand) -> None:
        """Reserve room for one item."""
        self.usage += ONE_OF[hand.medium]
        self.in_hand[hand.offer.serial] = hand
        self.settle()

    def give_back(self, hand: InHand) -> None:
        """Free the room of one item. The agent gets nothing new before ``settle``."""
        self.usage -= ONE_OF[hand.medium]
        del self.in_hand[hand.offer.serial]
        self.free = 0

    def has_room(self, item: ItemState) -> bool:
        """Whether the item fits on top of what is in hand, whatever they chose and are set aside for."""
        return bool(self.capacity.free_media(self.usage) & (1 << item.room))

    def is_interrupted(self, work: InHand) -> bool:
        """Whether something interrupts work that is, or rang: who sees to that lets the other ring.

        What was in hand before it does not: beside that it was put.
        """
        medium = MEDIA[work.medium]
        return any(
            hand.offer.serial > work.offer.serial and self.capacity.interrupts(MEDIA[hand.medium], medium)
            for hand in self.in_hand.values()
        )

    def idle_key(self) -> int:
        """Longest idle first; who carries something comes after all who do not, longest since their last
        offer first.
        """
        if self.usage:
            return _CARRYING | (self.last_served << ORDER_BITS) | self.order
        return (self.idle_since << ORDER_BITS) | self.order

    def load_key(self) -> int:
        """Smallest share of capacity in hand first, then least time engaged so far."""
        load = self.capacity.load(self.usage) if self.usage else 0
        return (((load << _HANDLED_BITS) | self.handled_us) << ORDER_BITS) | self.order

    def round_key(self) -> int:
        """Whose last offer is longest ago."""
        return (self.last_served << ORDER_BITS) | self.order
