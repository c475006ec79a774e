"""The whole state of an engine as plain records: what a restart needs, and nothing that can be worked out
again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.engine.model import AgentProfile, Chosen, Offer, WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An agent is passed over for a medium until ``until``; None until they say ready again."""

    medium: Medium
    cause: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """An agent with state. ``order`` is the place in which agents were first known and settles ties.

    ``idle_since``: when they last became free of all work, or ready. ``handled_us``: microseconds engaged
    since first known. ``last_served``: serial of the last offer they got, 0 before the first.
    """

    profile: AgentProfile
    order: int
    chosen: Chosen
    reason: str | None
    since: datetime
    idle_since: datetime
    handled_us: int
    last_served: int
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """A work item that the engine holds, waiting unless an offer or an engagement names it.

    ``queue_id`` is where it is now, which after an overflow is not where it came to. ``seq`` settles ties of
    order. ``steps`` relaxation steps were taken; ``attempts`` offers were made. ``excluded``: agents who are
    not offered it until then. ``held_until``: it waits for its preferred agent alone until then. ``asleep_since``:
    it may not be offered since then; ``slept_us``: for how many microseconds it might not before. ``beside``: it has
    waited so long that it is offered beside other work.
    """

    item: WorkItem
    queue_id: UUID
    seq: int
    entered_at: datetime
    steps: int = 0
    attempts: int = 0
    excluded: tuple[tuple[UUID, datetime], ...] = ()
    held_until: datetime | None = None
    asleep_since: datetime | None = None
    slept_us: int = 0
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRecord:
    """An accepted offer: the agent is engaged, or in after-contact work when ``after_contact_since`` is set.

    ``until`` is the limit of after-contact work, None for no limit; ``left_us``: how many microseconds are left of it
    when what interrupts the work is over, None while nothing does.
    """

    offer: Offer
    since: datetime
    after_contact_since: datetime | None = None
    until: datetime | None = None
    left_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything. ``at`` is the latest instant the engine has seen; ``serial``, ``seq`` and ``order`` were
    given last.
    """

    at: datetime
    serial: int = 0
    seq: int = 0
    order: int = 0
    closed: frozenset[UUID] = frozenset()
    agents: tuple[AgentRecord, ...] = ()
    items: tuple[ItemRecord, ...] = ()
    offers: tuple[Offer, ...] = ()
    engagements: tuple[EngagementRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """What waits of one medium in a queue."""

    medium: Medium
    waiting: int
    longest_wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue now. ``longest_wait_s`` is 0 when nothing waits. ``reserved`` items are being offered.

    ``lines`` are of the media of which anything waits, in the order of ``MEDIA``.
    """

    queue_id: UUID
    open: bool
    waiting: int
    longest_wait_s: float
    lines: tuple[LineView, ...]
    reserved: int
    engaged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumView:
    """The derived state of an agent for one medium: in hand, what still fits, and whether set aside.

    ``beside``: one more would fit that has waited long enough to stand beside other work.
    """

    medium: Medium
    reserved: int
    engaged: int
    after_contact: int
    left: int
    beside: bool
    set_aside: str | None
    set_aside_until: datetime | None


class Doing(StrEnum):
    """What an agent does with what they have in hand; of several the first of these."""

    ENGAGED = "engaged"
    RESERVED = "reserved"
    AFTER_CONTACT = "after-contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """An agent now: the chosen state and, for each medium of their capacity, the derived one.

    ``doing`` is None with nothing in hand; ``passed_over``: set aside for every medium of their capacity.
    ``order``, ``handled_us`` and ``last_served`` are as in ``AgentRecord``.
    """

    agent_id: UUID
    order: int
    chosen: Chosen
    reason: str | None
    since: datetime
    idle_since: datetime
    handled_us: int
    last_served: int
    load: int
    doing: Doing | None
    passed_over: bool
    media: tuple[MediumView, ...]
    item_ids: tuple[UUID, ...]


class AgentGlance(NamedTuple):
    """An agent in as few words as a wall of all agents needs; ``since`` is the later of the view's two."""

    agent_id: UUID
    chosen: Chosen
    reason: str | None
    since: datetime
    doing: Doing | None
    passed_over: bool
