"""What the endpoints of conversations take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.kernel.errors import Param
from careline.modules.contact.conversations.rules import MAX_NAME, MAX_NOTE, MAX_SEQ, MAX_TEXT
from careline.modules.contact.conversations.schemas.colleagues import DispositionStep, Note, Transfer, WriteUp
from careline.modules.contact.conversations.states import InteractionState, ParticipantRole
from careline.modules.contact.conversations.views import Author, Channel, MessageKind, SegmentKind
from careline.modules.core.routing.views import Media
from careline.modules.directory.customers.views import Assurance

# Longer than anything that is taken: what is too long by a little is refused by its rule, which names the limit.
Words = Annotated[str, Field(max_length=2 * MAX_TEXT, description=f"1 to {MAX_TEXT} characters; no NUL")]
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ)]


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MessageWanted(_Wanted):
    """Something to be said. ``client_id`` is the sender's own name for it: sending it again stores nothing new."""

    client_id: UUID
    text: Words


class ReadWanted(_Wanted):
    """Everything up to this message was seen."""

    seq: Seq


class OfferAnswer(_Wanted):
    """The token came with the offer."""

    token: Annotated[str, Field(max_length=200)]


class HoldWanted(_Wanted):
    """Whether the caller shall be on hold."""

    held: bool


class WrapUpWanted(_Wanted):
    """How it ended. A draft is kept; what is no draft ends after-contact work and needs a disposition."""

    disposition: Annotated[str | None, Field(max_length=64)] = None
    note: Annotated[str, Field(max_length=2 * MAX_NOTE)] = ""
    draft: bool


TenantCode = Annotated[str, Field(min_length=1, max_length=64)]


class ServiceShown(_Shown):
    """How customers know a centre. ``hotline`` is the number it is called at; null unless it has exactly one.

    ``time_zone`` is an IANA name; times are shown in it wherever the customer is.
    """

    name: str
    hotline: str | None
    time_zone: str


class VisitorWanted(_Wanted):
    """Somebody opens portal or widget. ``msisdn`` is a claim that proves nothing."""

    tenant: TenantCode
    name: Annotated[str | None, Field(max_length=2 * MAX_NAME)] = None
    msisdn: Annotated[str | None, Field(max_length=32)] = None
    locale: Annotated[str, Field(max_length=35)] = "zh-CN"


class VisitorEntered(_Shown):
    """The token goes into ``Authorization: Bearer …`` and the realtime hello; it is shown this once."""

    token: str
    visitor_id: UUID
    conversation_id: UUID | None
    expires_at: datetime


class NamedRef(_Shown):
    """An id with its name."""

    id: UUID
    name: str


class CustomerInBrief(_Shown):
    """Who it seems to be, masked."""

    id: UUID | None
    name_masked: str | None
    number_masked: str | None


class Reason(_Shown):
    """Why an item was offered to this agent: ``why.<code>`` with ``params``."""

    code: str
    params: dict[str, Param]


class Offer(_Shown):
    """A work item reserved for this agent until ``deadline``."""

    id: UUID
    token: str
    item_id: UUID
    interaction_id: UUID
    media: Media
    queue: NamedRef
    customer: CustomerInBrief
    waited_s: float
    deadline: datetime
    ring_s: int
    why: list[Reason]
    transfer: Transfer | None


class InboxEntry(_Shown):
    """A contact in this agent's hands."""

    interaction_id: UUID
    conversation_id: UUID
    media: Media
    state: Literal["talking", "chatting", "answering", "parked", "after_contact_work"]
    customer: CustomerInBrief
    queue: NamedRef
    subject: str | None
    last_text: str | None
    unread: int
    since: datetime
    waiting_for: Literal["customer", "agent"] | None
    waiting_since: datetime | None
    acw_deadline: datetime | None
    acw_left_s: float | None
    transfer: Transfer | None
    held_since: datetime | None


class AskedInEntry(_Shown):
    """A chat of a colleague into which this agent was asked."""

    interaction_id: UUID
    conversation_id: UUID
    customer: CustomerInBrief
    queue: NamedRef | None
    role: ParticipantRole
    asked_by: str | None
    since: datetime


class InboxShown(_Shown):
    """Everything that asks for attention; follow ``agent:{id}`` from ``position``."""

    offers: list[Offer]
    mine: list[InboxEntry]
    asked_in: list[AskedInEntry]
    position: str


class Segment(_Shown):
    """A stretch of an interaction."""

    kind: SegmentKind
    started_at: datetime
    ended_at: datetime | None
    queue_name: str | None
    agent_name: str | None


class Step(_Shown):
    """What a machine did with the customer."""

    at: datetime
    step: str
    text: str


class Recording(_Shown):
    """The recording of a call."""

    id: UUID
    state: Literal["recording", "done"]
    started_at: datetime


class WrapUp(_Shown):
    """How it ended; no ``code`` in a draft without one."""

    code: str | None
    path: list[DispositionStep]
    note: str


class Interaction(_Shown):
    """One contact, in full."""

    id: UUID
    conversation_id: UUID
    channel: Channel
    state: InteractionState
    opened_at: datetime
    ended_at: datetime | None
    closed_at: datetime | None
    assurance: Assurance
    customer: CustomerInBrief | None
    number_masked: str | None
    segments: list[Segment]
    journey: list[Step]
    queue: NamedRef | None
    agent: NamedRef | None
    recording: Recording | None
    disposition: WrapUp | None
    write_ups: list[WriteUp]
    transfers: list[Transfer]
    rating: int | None
    acw_deadline: datetime | None


class Past(_Shown):
    """An earlier contact."""

    id: UUID
    channel: Channel
    state: InteractionState
    opened_at: datetime
    queue: NamedRef | None
    agent_name: str | None
    disposition: WrapUp | None
    rating: int | None


class PastList(_Shown):
    """Newest first; ``next`` as ``after`` gives those before."""

    items: list[Past]
    next: str | None


class AttachmentShown(_Shown):
    """A file that was sent; ``media_type`` is what it is by its content. Where it is, its link says."""

    id: UUID
    media_type: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None


class Link(_Shown):
    """Where a file is until ``expires_at``, for who asked and nobody else. ``path`` begins at the server's root."""

    path: str
    expires_at: datetime


class Message(_Shown):
    """A durable message. A notice has no text: show ``notice.<code>`` with ``params``.

    Of a ``picture``, ``voice`` or ``file`` the text is its name.
    """

    id: UUID
    conversation_id: UUID
    interaction_id: UUID
    seq: int
    client_id: UUID | None
    author: Author
    author_name: str | None
    kind: MessageKind
    text: str
    code: str | None
    params: dict[str, Param] | None
    at: datetime
    attachment: AttachmentShown | None


class MessageList(_Shown):
    """In order; ``next`` is the ``after`` of what follows, null at the end."""

    items: list[Message]
    next: str | None


class ChatMessages(MessageList):
    """What was said in a chat, and up to which number the customer has read it."""

    customer_read: int


class PastContact(_Shown):
    """An earlier contact: all there is of it, what was said in it page by page, what colleagues noted in it.

    ``more_notes``: there are others besides, written later than these.
    """

    interaction: Interaction
    messages: MessageList
    notes: list[Note]
    more_notes: bool


class Wait(_Shown):
    """A wait as it may be told; there is none while nothing is known that would be better than a plain guess."""

    word: Literal["under", "about", "over"]
    minutes: int


class ChatShown(_Shown):
    """A visitor's conversation: none, flow, queued, chatting or ended."""

    conversation_id: UUID | None
    interaction_id: UUID | None
    state: str
    agent_name: str | None
    queue_position: int | None
    last_seq: int
    rating_open: bool
    wait: Wait | None
