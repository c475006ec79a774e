"""Frozen records that conversations hand out. All instants are aware UTC."""

import enum
from datetime import datetime
from uuid import UUID

import msgspec

from careline.kernel.errors import Param
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.engine.waiting import Wait as Wait
from careline.modules.contact.conversations.states import InteractionState as InteractionState
from careline.modules.contact.conversations.states import ParticipantRole as ParticipantRole
from careline.modules.contact.conversations.states import TransferOutcome
from careline.modules.core.routing.views import Media, Why
from careline.modules.directory.customers.views import Assurance


class Channel(enum.StrEnum):
    """The way a contact comes in. A ``message`` was left: its customer need not be there when it is answered."""

    VOICE = "voice"
    WEBCHAT = "webchat"
    MESSAGE = "message"


class SegmentKind(enum.StrEnum):
    """What a stretch of an interaction was spent with."""

    FLOW = "flow"
    QUEUE = "queue"
    RING = "ring"
    TALK = "talk"
    HOLD = "hold"
    WRAP_UP = "wrap_up"


class Author(enum.StrEnum):
    """Which side a message comes from."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
    BOT = "bot"


class MessageKind(enum.StrEnum):
    """``text`` was said by somebody; ``notice`` tells what happened, as a code that the screen translates.

    ``picture``, ``voice`` and ``file`` were sent by somebody: the text is the file's name, and there is an attachment.
    """

    TEXT = "text"
    NOTICE = "notice"
    PICTURE = "picture"
    VOICE = "voice"
    FILE = "file"


SAID = (MessageKind.TEXT, MessageKind.PICTURE, MessageKind.VOICE, MessageKind.FILE)
"""What comes from a person, or from a machine in their place."""


class EndedBy(enum.StrEnum):
    """Who ended the contact with the customer."""

    CUSTOMER = "customer"
    AGENT = "agent"
    FLOW = "flow"
    SYSTEM = "system"


class InteractionView(msgspec.Struct, frozen=True, kw_only=True):
    """One contact over one channel. ``number`` is personal: the caller's, or what a visitor claims to have.

    ``customer_id`` is whom the number or the claim points to; ``assurance`` says how far that may be trusted.
    ``queue_id`` and ``agent_id`` are the last ones. ``ended_at`` is when the customer's side was over, ``closed_at``
    when after-contact work was over too. ``called_number`` is ours, of a call.
    """

    id: UUID
    tenant_id: TenantId
    conversation_id: UUID
    channel: Channel
    state: InteractionState
    assurance: Assurance
    opened_at: datetime
    customer_id: UUID | None = None
    number: str | None = None
    called_number: str | None = None
    queue_id: UUID | None = None
    agent_id: UUID | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    closed_at: datetime | None = None
    wrap_up_deadline: datetime | None = None
    disposition: str | None = None
    note: str | None = None


class SegmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of an interaction; ``ended_at`` is None while it lasts."""

    kind: SegmentKind
    started_at: datetime
    ended_at: datetime | None = None
    queue_id: UUID | None = None
    agent_id: UUID | None = None


class JourneyStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine did with the customer: ``step`` is the kind of step, ``text`` the flow's own words for it."""

    at: datetime
    step: str
    text: str


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was sent; its name is the message's text. ``media_type`` is what it is by its content.

    ``size`` in bytes; ``width`` and ``height`` of a picture in pixels; ``duration_ms`` of a voice message, as its
    sender's browser measured it. ``digest`` is the SHA-256 of the content, in hexadecimal digits.
    """

    id: UUID
    media_type: str
    size: int
    digest: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A stored message. ``seq`` counts from 1 without gaps within the conversation.

    ``text`` is as it was sent, not escaped; a notice has ``code`` and ``params``. ``client_id`` is the sender's own.
    """

    id: UUID
    conversation_id: UUID
    interaction_id: UUID
    seq: int
    author: Author
    kind: MessageKind
    text: str
    at: datetime
    client_id: UUID | None = None
    author_id: UUID | None = None
    code: str | None = None
    params: dict[str, Param] | None = None
    attachment: Attachment | None = None


class ParticipantView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of ours in a conversation since ``joined_at``. ``brought_by`` asked them to come."""

    conversation_id: UUID
    interaction_id: UUID
    user_id: UUID
    role: ParticipantRole
    brought_by: UUID | None
    joined_at: datetime


class TransferShown(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer with names. ``to_agent_name`` is None when it went to a queue; ``taken_over``: they fetched it."""

    from_name: str | None
    to_queue_name: str | None
    to_agent_name: str | None
    note: str
    begun_at: datetime
    ended_at: datetime | None
    outcome: TransferOutcome | None
    taken_by_name: str | None
    taken_over: bool


class DispositionStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way from a category down to the code that an agent chose; ``name`` is Chinese."""

    code: str
    name: str
    name_en: str


class WriteUpShown(msgspec.Struct, frozen=True, kw_only=True):
    """The same with the agent's name."""

    agent_name: str | None
    code: str | None
    path: list[DispositionStep]
    note: str


class CustomerSaid(msgspec.Struct, frozen=True, kw_only=True):
    """The customer of a chat wrote something."""

    text: str
    seq: int


class AgentJoined(msgspec.Struct, frozen=True, kw_only=True):
    """The customer of a chat has an agent now."""

    agent_id: UUID


class AgentDone(msgspec.Struct, frozen=True, kw_only=True):
    """The agent ended the chat; the customer may still be there."""

    agent_id: UUID


class CustomerLeft(msgspec.Struct, frozen=True, kw_only=True):
    """The customer ended the chat. The last signal of an interaction, as is ``AgentDone``."""


ChatSignal = CustomerSaid | AgentJoined | AgentDone | CustomerLeft
"""What a running flow is told about its chat, in the order it happened. In memory only."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """An id with the name that screens show for it."""

    id: UUID
    name: str


class CustomerBrief(msgspec.Struct, frozen=True, kw_only=True):
    """Who it seems to be, masked. All None when nobody knows; ``id`` None when only a name or number was given."""

    id: UUID | None
    name_masked: str | None
    number_masked: str | None


class OfferCard(msgspec.Struct, frozen=True, kw_only=True):
    """An offer as its agent sees it. ``ring_s`` is how long it stood open at first, ``waited_s`` until it was made."""

    id: UUID
    token: str
    item_id: UUID
    interaction_id: UUID
    media: Media
    queue: Named
    customer: CustomerBrief
    waited_s: float
    deadline: datetime
    ring_s: int
    why: list[Why]
    transfer: TransferShown | None = None


class InboxItem(msgspec.Struct, frozen=True, kw_only=True):
    """A contact in an agent's hands. ``state``: talking, chatting, answering, parked (a left message, which rests
    while its agent has something in hand that cannot wait) or after_contact_work.
    ``waiting_for`` says whose turn it is in a chat, ``waiting_since`` since when; ``subject`` is what the flow learned
    last. ``transfer``: what became of it when passed on. ``acw_left_s``: seconds left while the clock is stopped.
    """

    interaction_id: UUID
    conversation_id: UUID
    media: Media
    state: str
    customer: CustomerBrief
    queue: Named
    since: datetime
    subject: str | None = None
    last_text: str | None = None
    unread: int = 0
    waiting_for: str | None = None
    waiting_since: datetime | None = None
    acw_deadline: datetime | None = None
    acw_left_s: float | None = None
    transfer: TransferShown | None = None
    held_since: datetime | None = None


class AskedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A chat of somebody else into which an agent was asked, by whom, since when and as what."""

    interaction_id: UUID
    conversation_id: UUID
    customer: CustomerBrief
    queue: Named | None
    role: ParticipantRole
    asked_by: str | None
    since: datetime


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that asks for an agent's attention. ``position``: follow the agent's topic from there."""

    offers: list[OfferCard]
    mine: list[InboxItem]
    asked_in: list[AskedIn]
    position: str


class SegmentShown(msgspec.Struct, frozen=True, kw_only=True):
    """A segment with names instead of ids."""

    kind: SegmentKind
    started_at: datetime
    ended_at: datetime | None
    queue_name: str | None
    agent_name: str | None


class RecordingShown(msgspec.Struct, frozen=True, kw_only=True):
    """The recording of a call."""

    id: UUID
    state: str
    started_at: datetime


class WrapUpShown(msgspec.Struct, frozen=True, kw_only=True):
    """How it ended, as far as the agent has said; ``code`` is None in a draft without one."""

    code: str | None
    path: list[DispositionStep]
    note: str


class InteractionDetail(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to see of an interaction. ``disposition`` is the reader's own while they have a part to write up."""

    id: UUID
    conversation_id: UUID
    channel: Channel
    state: InteractionState
    opened_at: datetime
    ended_at: datetime | None
    closed_at: datetime | None
    assurance: Assurance
    customer: CustomerBrief | None
    number_masked: str | None
    segments: list[SegmentShown]
    journey: list[JourneyStep]
    queue: Named | None
    agent: Named | None
    recording: RecordingShown | None
    disposition: WrapUpShown | None
    write_ups: list[WriteUpShown]
    transfers: list[TransferShown]
    rating: int | None
    acw_deadline: datetime | None


class PastInteraction(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier contact, as much of it as a list needs."""

    id: UUID
    channel: Channel
    state: InteractionState
    opened_at: datetime
    queue: Named | None
    agent_name: str | None
    disposition: WrapUpShown | None
    rating: int | None


class AttachmentShown(msgspec.Struct, frozen=True, kw_only=True):
    """A file as both sides see it; where it is for a while, they ask."""

    id: UUID
    media_type: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None


class FileLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file is until ``expires_at``, for who asked and nobody else. ``path`` begins at the server's root."""

    path: str
    expires_at: datetime


class MessageShown(msgspec.Struct, frozen=True, kw_only=True):
    """A message as both sides see it. ``author_name`` is the agent's; a customer's name stands with the customer."""

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
    attachment: AttachmentShown | None = None
