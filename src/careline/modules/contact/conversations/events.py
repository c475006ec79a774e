"""What happens to interactions and conversations. The subject is the interaction's id, of messages the conversation's.

Who the customer is stands here as an id only; numbers, names and what was said do not.
"""

from datetime import datetime
from uuid import UUID

from careline.kernel.events import Event, register
from careline.modules.contact.conversations.states import ParticipantRole, TransferOutcome
from careline.modules.contact.conversations.views import Author, Channel, EndedBy, InteractionState, MessageKind
from careline.modules.directory.customers.views import Assurance, Proof


class InteractionOpened(Event, frozen=True, kw_only=True):
    """A contact began; the entry flow of its called number, or of its channel, is to be run."""

    name = "conversations.interaction-opened"
    interaction_id: UUID
    conversation_id: UUID
    channel: Channel
    assurance: Assurance
    customer_id: UUID | None = None
    called_number: str | None = None


class InteractionStateChanged(Event, frozen=True, kw_only=True):
    """An interaction is in another state now. ``queue_id`` is None while routing alone knows the queue."""

    name = "conversations.interaction-state-changed"
    interaction_id: UUID
    conversation_id: UUID
    channel: Channel
    state: InteractionState
    queue_id: UUID | None = None
    agent_id: UUID | None = None


class ContactEnded(Event, frozen=True, kw_only=True):
    """The customer's side is over. With ``agent_id``, after-contact work begins; without, it is closed as well."""

    name = "conversations.contact-ended"
    interaction_id: UUID
    conversation_id: UUID
    channel: Channel
    by: EndedBy
    customer_id: UUID | None = None
    queue_id: UUID | None = None
    agent_id: UUID | None = None


class WrappedUp(Event, frozen=True, kw_only=True):
    """An agent has said how it ended; routing may give them the next.

    ``path`` is the way to the code in the tree, the codes from the category down joined by slashes; None in events of
    before there was one.
    """

    name = "conversations.wrapped-up"
    interaction_id: UUID
    conversation_id: UUID
    channel: Channel
    agent_id: UUID
    disposition: str
    path: str | None = None


class InteractionClosed(Event, frozen=True, kw_only=True):
    """Nothing is left to do. ``timed_out``: after-contact work was ended by its limit.

    ``agent_id`` is None when no agent was reached; ``queue_id`` is None when no queue was entered or none known.
    """

    name = "conversations.interaction-closed"
    interaction_id: UUID
    conversation_id: UUID
    channel: Channel
    opened_at: datetime
    agent_id: UUID | None = None
    queue_id: UUID | None = None
    disposition: str | None = None
    timed_out: bool = False


class AssuranceRaised(Event, frozen=True, kw_only=True):
    """We are surer who speaks. ``proof`` says by what; ``proof_id`` is the evidence, which the directory keeps."""

    name = "conversations.assurance-raised"
    interaction_id: UUID
    assurance: Assurance
    proof: Proof
    proof_id: UUID


class PasswordFormChanged(Event, frozen=True, kw_only=True):
    """A customer was asked for a service password, has typed one, or is asked no more. What was typed is no fact."""

    name = "conversations.password-form-changed"
    interaction_id: UUID
    agent_id: UUID
    form_id: UUID
    open: bool


class MessageStored(Event, frozen=True, kw_only=True):
    """A message is durable as number ``seq`` of its conversation."""

    name = "conversations.message-stored"
    conversation_id: UUID
    interaction_id: UUID
    seq: int
    author: Author
    kind: MessageKind


class ParticipantsChanged(Event, frozen=True, kw_only=True):
    """Somebody beside the agent is in a conversation from now on (``here``), in another role, or there no more."""

    name = "conversations.participants-changed"
    conversation_id: UUID
    interaction_id: UUID
    user_id: UUID
    role: ParticipantRole
    brought_by: UUID | None
    here: bool


class MessagePutOff(Event, frozen=True, kw_only=True):
    """An agent has put a left message off until a time; they have nothing to write up of it yet."""

    name = "conversations.message-put-off"
    interaction_id: UUID
    conversation_id: UUID
    agent_id: UUID
    until: datetime


class VisitorLeft(Event, frozen=True, kw_only=True):
    """A customer has left the device on which they wrote, and may come back to it no more. Their chat is to end."""

    name = "conversations.visitor-left"
    visitor_id: UUID


class TransferBegun(Event, frozen=True, kw_only=True):
    """An agent has passed a chat on; their part is over, and after-contact work begins. Routing is told by this."""

    name = "conversations.transfer-begun"
    interaction_id: UUID
    conversation_id: UUID
    from_agent_id: UUID
    to_queue_id: UUID
    to_agent_id: UUID | None


class TransferEnded(Event, frozen=True, kw_only=True):
    """A transfer waits no longer. ``taken_by`` is None when the customer left."""

    name = "conversations.transfer-ended"
    interaction_id: UUID
    from_agent_id: UUID
    outcome: TransferOutcome
    taken_by: UUID | None


class NoteStored(Event, frozen=True, kw_only=True):
    """Somebody of ours has written something for colleagues only, and calls those whom it mentions."""

    name = "conversations.note-stored"
    conversation_id: UUID
    interaction_id: UUID
    note_id: UUID
    author_id: UUID
    mentions: list[UUID]


register(MessagePutOff, VisitorLeft)
register(ParticipantsChanged, TransferBegun, TransferEnded, NoteStored)
register(InteractionOpened, InteractionStateChanged, ContactEnded, WrappedUp, InteractionClosed, MessageStored)
register(AssuranceRaised, PasswordFormChanged)
