"""Frozen records that routing hands out."""

import enum
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from careline.kernel.errors import Param
from careline.modules.core.routing.rules import USUAL_REASONS, Overflow, QueueRules, Reason, Relaxation, Strategy

__all__ = ["USUAL_REASONS", "Overflow", "QueueRules", "Reason", "Relaxation", "Strategy"]


class Media(enum.StrEnum):
    """What a work item is carried over; each has its own capacity."""

    VOICE = "voice"
    CHAT = "chat"
    MESSAGE = "message"
    """Left by somebody who does not wait: kept while its queue is closed, and interrupted by what cannot wait."""


class Chosen(enum.StrEnum):
    """The part of the agent state that the agent chooses."""

    OFFLINE = "offline"
    READY = "ready"
    NOT_READY = "not_ready"


class MediumState(enum.StrEnum):
    """The part of the agent state that follows from the work, for each medium."""

    IDLE = "idle"
    RESERVED = "reserved"
    ENGAGED = "engaged"
    AFTER_CONTACT_WORK = "after_contact_work"
    SET_ASIDE = "set_aside"


OneWord = Literal["offline", "ready", "not_ready", "reserved", "engaged", "after_contact_work", "set_aside"]
"""An agent in one word: the work in hand, else what was chosen, else set aside."""


Withheld = Literal["not_ready", "set_aside", "full", "other_media", "not_due"]
"""Why no more of a medium is offered to an agent: they are not ready (or offline), set aside for it, have as many in
hand as they may, or have in hand what shuts it out. ``not_due``: what is due comes (``message_beside_after_s``)."""


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for an assignment; ``code`` is translated with ``params`` (``why.<code>``)."""

    code: str
    params: dict[str, Param]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """Why a contact waits, is offered, or is with ``agent_id``: the person who has, is offered or is waited for.

    ``why`` of what waits says first what it comes to, then who falls out by what, then what changes by itself.
    """

    state: Literal["waiting", "offered", "engaged", "after_contact_work"]
    agent_id: UUID | None
    why: list[Why]


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """A queue and its target: ``target`` is the share (0…1) to be answered within ``target_seconds``."""

    id: UUID
    code: str
    name: str
    media: list[Media]
    target: float
    target_seconds: int
    ring_seconds: int
    wrap_up_seconds: int


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an administrator sets of a queue. ``needs`` are skills with the least proficiency, 1 … 5.

    ``version`` is the one that was looked at: who changes a queue says it, and 0 is said of a new one.
    """

    code: str
    name: str
    media: list[Media]
    needs: list[tuple[str, int]]
    target: float
    target_seconds: int
    ring_seconds: int
    wrap_up_seconds: int
    rules: QueueRules
    version: int


class QueueInFull(msgspec.Struct, frozen=True, kw_only=True):
    """A queue as it is set."""

    id: UUID
    settings: QueueSettings


class DeskView(msgspec.Struct, frozen=True, kw_only=True):
    """A dedicated desk: its agents serve these queues and kinds of customers alone, and are asked first for them.

    An empty list means any.
    """

    id: UUID
    name: str
    queues: list[UUID]
    kinds: list[str]
    version: int


class AgentSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an administrator sets of an agent.

    ``queues`` are those they serve of the ones that they have the skills for, None for all. ``desk_id`` is the
    dedicated desk they sit at. ``version`` is the one that was looked at.
    """

    capacity: dict[str, int]
    skills: dict[str, int]
    queues: list[UUID] | None
    desk_id: UUID | None
    active: bool
    version: int


class AgentInFull(msgspec.Struct, frozen=True, kw_only=True):
    """An agent as they are set."""

    id: UUID
    number: str
    display_name: str
    settings: AgentSettings


class Reasons(msgspec.Struct, frozen=True, kw_only=True):
    """The tenant's reasons of not being ready, in their order; version 0 while they are the usual ones."""

    items: list[Reason]
    version: int


class MediaRules(msgspec.Struct, frozen=True, kw_only=True):
    """How the media share an agent's attention, of all agents of a tenant; version 0 while it is as usual.

    ``call_beside_chats``: who chats may be offered a call, and the other way round. ``message_interrupted_by``: what
    may be offered to who has a left message in hand, which then rests until the other is over; what is not named
    waits until it is done. A left message itself is offered to who has nothing else in hand; when it has waited for
    ``message_beside_after_s`` of open time, or was put off to now, also to who has chats and room for one more of them.
    """

    call_beside_chats: bool = False
    message_interrupted_by: tuple[Media, ...] = (Media.VOICE, Media.CHAT)
    message_beside_after_s: int | None = 1800
    version: int = 0


class Matters(msgspec.Struct, frozen=True, kw_only=True):
    """What of a customer makes a difference in a queue: who served them last, and their kind."""

    last_agent: bool
    kind: bool


class QueueOpening(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a queue takes new items, and when it does next: now while it is open, None when nobody can say."""

    open: bool
    opens_at: datetime | None


class SkillInUse(msgspec.Struct, frozen=True, kw_only=True):
    """A skill, how many agents have it, and the names of the queues that ask for it."""

    code: str
    name: str
    agents: int
    queues: list[str]


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A work item to be put into a queue. ``queue`` is the queue's code. ``priority`` 0 is usual, more is sooner.

    ``preferred_agent_id`` served the customer before, or was asked for; for ``preferred_wait_s`` (None: as the queue
    says) it waits for them alone. An item that comes back keeps its first ``enqueued_at``, or has ``boost_s`` seconds
    of head start. ``again``: the customer had an agent already, who passed them on. ``not_to`` have just let it go.
    ``kind`` is the kind of customer or matter that dedicated desks are kept for, empty for none. ``not_before``: a left
    message is put off until then.
    """

    id: UUID
    interaction_id: UUID
    media: Media
    queue: str
    enqueued_at: datetime
    priority: int = 0
    preferred_agent_id: UUID | None = None
    preferred_wait_s: float | None = None
    boost_s: float = 0.0
    again: bool = False
    not_to: tuple[UUID, ...] = ()
    kind: str = ""
    not_before: datetime | None = None


class QueuePosition(msgspec.Struct, frozen=True, kw_only=True):
    """Where an item stands: ``position`` 1 is next; ``waiting`` counts all in the queue."""

    queue: QueueView
    position: int
    waiting: int
    waited_s: float


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """A reservation of one item for one agent until ``deadline``; ``token`` must come back with the answer."""

    id: UUID
    token: str
    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    queue: QueueView
    made_at: datetime
    deadline: datetime
    waited_s: float
    why: list[Why]


class AssignmentView(msgspec.Struct, frozen=True, kw_only=True):
    """An item in an agent's hands by ``offer_id``: engaged, or in after-contact work until ``wrap_up_deadline``.

    ``parked``: it rests while the agent has in hand what interrupts it, and is theirs again when that is over.
    ``wrap_up_left_s``: the clock of its after-contact work stands for such a reason, and so much is left of its limit.
    """

    item_id: UUID
    interaction_id: UUID
    agent_id: UUID
    media: Media
    queue: QueueView
    since: datetime
    state: MediumState
    wrap_up_deadline: datetime | None = None
    wrap_up_left_s: float | None = None
    offer_id: UUID | None = None
    parked: bool = False


class MediumView(msgspec.Struct, frozen=True, kw_only=True):
    """One medium of one agent: how much is used of how much. ``withheld`` is None while more of it is offered."""

    state: MediumState
    used: int
    limit: int
    withheld: Withheld | None


class AgentStateView(msgspec.Struct, frozen=True, kw_only=True):
    """An agent now. ``state`` is the one word for screens: the chosen state, or the busiest medium's when ready."""

    agent_id: UUID
    chosen: Chosen
    reason: str | None
    state: str
    since: datetime
    media: dict[Media, MediumView]
    assignments: list[AssignmentView]


class AgentInBrief(msgspec.Struct, frozen=True, kw_only=True):
    """An agent as a wall of all of them shows: the one word, since when it is true, and what is in hand."""

    agent_id: UUID
    state: OneWord
    since: datetime
    reason: str | None
    assignments: list[AssignmentView]


class LineNow(msgspec.Struct, frozen=True, kw_only=True):
    """What waits of one medium in a queue at this moment; ``put_off`` of it until a time that an agent has said."""

    media: Media
    waiting: int
    longest_wait_s: float
    put_off: int = 0


class QueueNow(msgspec.Struct, frozen=True, kw_only=True):
    """A queue at this moment. ``agents`` counts the agents who may serve it by their one-word state.

    ``waiting`` and ``longest_wait_s`` are of those who wait for somebody; ``lines`` of each medium that the queue
    takes, left messages too, for which nobody waits.
    """

    queue: QueueView
    waiting: int
    longest_wait_s: float
    lines: list[LineNow]
    agents: dict[str, int]


class WaitingItem(msgspec.Struct, frozen=True, kw_only=True):
    """One who waits in a queue. ``position`` 1 is next; 0 is being offered to an agent at this moment.

    Left messages are counted among each other. ``put_off_until``: an agent has put this one off.
    """

    interaction_id: UUID
    media: Media
    position: int
    enqueued_at: datetime
    moved_up: bool
    put_off_until: datetime | None = None
