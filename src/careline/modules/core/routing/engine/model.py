"""The nouns of routing: queues, desks, agents, work items and offers, as plain records.

Instants are aware UTC datetimes, durations are seconds. Nothing here knows a tenant: one engine is one shard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from careline.kernel.errors import Invalid
from careline.kernel.records import Record
from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.why import Why

LEVELS = 5
"""Proficiency runs from 1 to this."""
HIGHEST_PRIORITY = 9
MOST_BOOST_S = 86_400.0

Skill = str
"""A skill is named by a stable code or by the text of its id; the engine only compares it."""
Needs = tuple[tuple[Skill, int], ...]
"""Required skills with the least proficiency, 1–5: ``(("broadband", 3), ("english", 1))``."""


class Strategy(StrEnum):
    """Which of the agents who could serve an arriving item gets it."""

    LONGEST_IDLE = "longest-idle"
    MOST_SKILLED = "most-skilled"
    LEAST_OCCUPIED = "least-occupied"
    LAST_AGENT = "last-agent"
    ROUND_ROBIN = "round-robin"


class Chosen(StrEnum):
    """The part of an agent's state that a person chooses."""

    OFFLINE = "offline"
    READY = "ready"
    NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxationStep:
    """What gives way when an item has waited ``after_s`` seconds in its queue. Steps add up in their order.

    ``lower_by`` levels off every least proficiency (never below 1), ``drop`` skills no longer asked for,
    ``join`` queues whose agents may serve it as well.
    """

    after_s: float
    lower_by: int = 0
    drop: frozenset[Skill] = frozenset()
    join: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """A queue with its discipline, targets and limits.

    Order: an item is due ``target_s`` after it came; every level of priority counts as ``priority_step_s``
    seconds of waiting, and so does the customer's boost. The earliest due is served first, in one queue and
    across the queues of an agent. The order of two items never changes while they wait, and nothing can be
    overtaken for longer than the head start that priority and boost give: nothing starves.

    ``needs`` is asked of whoever serves an item of this queue, beside what the item asks for itself.
    ``after_contact_s``: limit of after-contact work; 0 for none, None for no limit. ``preferred_wait_s``: how
    long an item waits for its preferred agent alone, when that agent is signed in. ``max_waiting`` and
    ``max_wait_s``: beyond them an item overflows, into ``overflow_to`` when that is set, out of the engine
    when not. ``decline_pause_s``: how long an item is not offered again to an agent who let it to others.
    ``set_aside_s``: how long an agent who did not answer is passed over; None until they say ready again.
    ``patient_target_s``: what ``target_s`` is for patient items, so that a heap of them does not go before everybody
    who comes; None for the same. ``beside_after_s``: how long a patient message waits before it is also offered beside
    other work (see ``CapacityProfile``); one that was put off to a time does not wait then. None for never.
    """

    id: UUID
    strategy: Strategy = Strategy.LONGEST_IDLE
    needs: Needs = ()
    target_s: float = 20.0
    priority_step_s: float = 60.0
    relaxation: tuple[RelaxationStep, ...] = ()
    offer_timeout_s: float = 20.0
    after_contact_s: float | None = 0.0
    preferred_wait_s: float = 0.0
    max_waiting: int | None = None
    max_wait_s: float | None = None
    overflow_to: UUID | None = None
    decline_pause_s: float = 60.0
    set_aside_s: float | None = None
    patient_target_s: float | None = None
    beside_after_s: float | None = None

    def __post_init__(self) -> None:
        _check_needs(self.needs)
        if self.offer_timeout_s <= 0:
            raise Invalid("offer-timeout-not-positive", field="offer_timeout_s")
        if min(self.target_s, self.priority_step_s, self.preferred_wait_s, self.decline_pause_s) < 0:
            raise Invalid("queue-duration-negative", field="target_s")
        if self.set_aside_s is not None and self.set_aside_s <= 0:
            raise Invalid("set-aside-not-positive", field="set_aside_s")
        after = [step.after_s for step in self.relaxation]
        if any(s <= 0 for s in after) or after != sorted(set(after)):
            raise Invalid("relaxation-steps-not-ascending", field="relaxation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A dedicated desk: its agents serve nothing but these queues and kinds of customer (empty: any)."""

    id: UUID
    queues: frozenset[UUID] = frozenset()
    kinds: frozenset[str] = frozenset()

    def serves(self, queue_id: UUID, kind: str) -> bool:
        """Whether an item of a queue and a kind of customer belongs to this desk."""
        return (not self.queues or queue_id in self.queues) and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingConfig:
    """Everything an administrator sets."""

    queues: tuple[QueueSettings, ...]
    desks: tuple[Desk, ...] = ()

    def __post_init__(self) -> None:
        known = {queue.id for queue in self.queues}
        if len(known) != len(self.queues) or len({desk.id for desk in self.desks}) != len(self.desks):
            raise Invalid("queue-or-desk-twice", field="queues")
        for queue in self.queues:
            joined = {queue_id for step in queue.relaxation for queue_id in step.join}
            unknown = (joined | {queue.overflow_to or queue.id}) - known
            if unknown:
                raise Invalid("queue-unknown", field="queues", queue=str(min(unknown)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """What waits: a call, chat, message, case or hall ticket.

    ``kind`` is the kind of customer or matter that dedicated desks ask for; ``boost_s`` is the head start of
    the customer's level in seconds; ``preferred_wait_s`` overrides the queue's. ``attributes`` are carried,
    never read. ``patient``: nobody is there who waits for it. A queue that is closed or full keeps it, for as long
    as it takes, and offers it when it is open, from ``not_before`` on when that is set.

    While it may not be offered a patient item is asleep: that time counts neither for its order nor for relaxation.
    ``awake_s`` is how long it might have been offered before it came here; all else of its age it slept.
    """

    id: UUID
    medium: Medium
    queue_id: UUID
    enqueued_at: datetime
    needs: Needs = ()
    priority: int = 0
    boost_s: float = 0.0
    preferred_agent: UUID | None = None
    preferred_wait_s: float | None = None
    kind: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    patient: bool = False
    not_before: datetime | None = None
    awake_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.priority <= HIGHEST_PRIORITY:
            raise Invalid("priority-out-of-range", field="priority", most=HIGHEST_PRIORITY)
        if not 0 <= self.boost_s <= MOST_BOOST_S:
            raise Invalid("boost-out-of-range", field="boost_s", most=MOST_BOOST_S)
        _check_needs(self.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProfile:
    """What an agent can do: skills with proficiency 1–5, the queues, how much they carry, their desk."""

    id: UUID
    queues: frozenset[UUID]
    capacity: CapacityProfile
    skills: Mapping[Skill, int] = field(default_factory=dict)
    desk: UUID | None = None

    def __post_init__(self) -> None:
        for skill, level in self.skills.items():
            if not 1 <= level <= LEVELS:
                raise Invalid("proficiency-out-of-range", field=f"skills/{skill}", most=LEVELS)


class Offer(Record, frozen=True, kw_only=True):
    """A reservation of one item for one agent.

    ``serial`` grows by at least one from offer to offer of an engine, across restarts; ``token`` proves to
    accept and decline that the answer belongs to this offer and not to an earlier one.
    """

    id: UUID
    serial: int
    token: str
    item_id: UUID
    agent_id: UUID
    queue_id: UUID
    medium: Medium
    made_at: datetime
    deadline: datetime
    why: Why


class IdSource(Protocol):
    """Where ids and tokens of offers come from: random in the live service, counted in simulation."""

    def offer_id(self) -> UUID:
        """A new id; never one that was given before."""
        ...

    def token(self) -> str:
        """A new secret that nobody outside can guess."""
        ...


def _check_needs(needs: Needs) -> None:
    for skill, level in needs:
        if not 1 <= level <= LEVELS:
            raise Invalid("proficiency-out-of-range", field=f"needs/{skill}", most=LEVELS)
