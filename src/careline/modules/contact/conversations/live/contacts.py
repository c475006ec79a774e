"""What desks and customers hear: ``agent:{id}`` for one agent, ``conversation:{id}`` for both sides of a chat."""

from typing import Annotated
from uuid import UUID

import msgspec

from careline.infra.http import Visitor
from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.kernel.errors import NotFound
from careline.kernel.events import Recorded
from careline.kernel.tenancy import ActorKind, TenantId
from careline.modules.contact.conversations.events import (
    InteractionOpened,
    InteractionStateChanged,
    MessageStored,
    PasswordFormChanged,
)
from careline.modules.contact.conversations.rules import (
    AGENT_TOPIC,
    CONVERSATION_TOPIC,
    MAX_SEQ,
    agent_topic,
    conversation_topic,
    topic_id,
)
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.marks import Marks
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.places import Places
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Author, Channel
from careline.modules.contact.telephony.events import CallConnected, CallEnded, RecordingEnded, RecordingStarted
from careline.modules.core.routing.events import (
    AgentStateChanged,
    ItemAssigned,
    ItemFinished,
    ItemLeft,
    ItemMoved,
    ItemQueued,
    ItemWrappedUp,
    OfferEnded,
    OfferMade,
)
from careline.modules.core.routing.facade import Routing


class Typing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Command ``typing``. A visitor has one conversation and names none."""

    conversation_id: UUID | None = None


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Command ``read``: everything up to ``seq`` was seen."""

    seq: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
    conversation_id: UUID | None = None


OnAgent = AgentStateChanged | OfferMade | OfferEnded | ItemFinished | ItemWrappedUp


class DeskTopics:
    """``agent:{id}``, for that agent only; whoever follows it is at their desk."""

    def __init__(self, hub: Hub, routing: Routing, desk: Desk, access: Access) -> None:
        self._hub = hub
        self._routing = routing
        self._desk = desk
        self._access = access

    async def may_follow(self, principal: Principal, topic: str) -> bool:
        """One's own desk."""
        actor = principal.actor
        return (
            actor.kind is ActorKind.USER
            and actor.id is not None
            and "desk:use" in actor.permissions
            and topic == agent_topic(actor.id)
        )

    async def present(self, tenant_id: TenantId, topic: str, present: bool) -> None:
        """The desk's first connection came, or its last one went."""
        agent_id = topic_id(topic)
        if agent_id is not None:
            await self._routing.presence(tenant_id, agent_id, present=present)

    async def offer_made(self, event: OfferMade, recorded: Recorded) -> None:
        """Show the offer, unless it is over by now."""
        offer = self._routing.offer(recorded.tenant_id, event.offer_id)
        cards = [] if offer is None else await self._desk.offer_cards(recorded.tenant_id, [offer])
        if cards and self._routing.offer(recorded.tenant_id, event.offer_id) is not None:
            self._tell(recorded, event.agent_id, "offer.made", cards[0])

    def offer_ended(self, event: OfferEnded, recorded: Recorded) -> None:
        """Take the offer away."""
        self._tell(recorded, event.agent_id, "offer.gone", {"id": event.offer_id, "cause": event.cause})

    def inbox_changed(
        self, event: ItemAssigned | ItemFinished | ItemWrappedUp | PasswordFormChanged, recorded: Recorded
    ) -> None:
        """What the agent has in hand is not the same any more, or what is known of it."""
        self._tell(recorded, event.agent_id, "inbox.changed", {"interaction_id": event.interaction_id})

    def interaction_changed(self, event: InteractionStateChanged, recorded: Recorded) -> None:
        """The contact in the agent's hands is in another state, and that is stored."""
        if event.agent_id is not None:
            self._tell(recorded, event.agent_id, "inbox.changed", {"interaction_id": event.interaction_id})

    def agent_state_changed(self, event: OnAgent, recorded: Recorded) -> None:
        """The agent's own state, as ``GET /agent-state`` gives it; also when only what is in hand has changed."""
        try:
            view = self._routing.agent_now(recorded.tenant_id, event.agent_id)
        except NotFound:
            return
        data = msgspec.structs.asdict(view)
        del data["assignments"]
        self._tell(recorded, event.agent_id, "agent_state.changed", data)

    def call_connected(self, event: CallConnected, recorded: Recorded) -> None:
        """The agent's call was connected."""
        data = {"interaction_id": event.call_id, "state": "connected", "recording": False}
        self._tell(recorded, event.agent_id, "call.changed", data)

    async def call_changed(self, event: CallEnded | RecordingStarted | RecordingEnded, recorded: Recorded) -> None:
        """The agent's call is recorded or not, or is over."""
        agent_id = await self._access.agent_of(recorded.tenant_id, event.call_id)
        if agent_id is not None:
            data = {
                "interaction_id": event.call_id,
                "state": "ended" if isinstance(event, CallEnded) else "connected",
                "recording": isinstance(event, RecordingStarted),
            }
            self._tell(recorded, agent_id, "call.changed", data)

    def _tell(self, recorded: Recorded, agent_id: UUID, name: str, data: object) -> None:
        self._hub.publish(recorded.tenant_id, agent_topic(agent_id), name, data, recorded.occurred_at)


class ChatTopics:
    """``conversation:{id}``, for its visitor, its agent and who may watch the floor."""

    def __init__(
        self,
        hub: Hub,
        access: Access,
        desk: Desk,
        messages: Messages,
        visitors: Visitors,
        marks: Marks,
        routing: Routing,
        places: Places,
    ) -> None:
        self._hub = hub
        self._routing = routing
        self._places = places
        self._access = access
        self._desk = desk
        self._messages = messages
        self._visitors = visitors
        self._marks = marks

    async def may_follow(self, principal: Principal, topic: str) -> bool:
        """One's own conversation, on either side."""
        actor, conversation_id = principal.actor, topic_id(topic)
        if conversation_id is None or actor.id is None:
            return False
        if actor.kind is ActorKind.CUSTOMER:
            return await self._visitors.conversation_of(actor.tenant_id, actor.id) == conversation_id
        return await self._access.may_follow(actor, conversation_id)

    async def message_stored(self, event: MessageStored, recorded: Recorded) -> None:
        """Hand a durable message to both sides, and let the agent's inbox know that the customer wrote."""
        tenant_id = recorded.tenant_id
        fresh = await self._messages.stored(tenant_id, event.conversation_id, event.seq)
        if fresh is None:
            return
        shown = await self._desk.shown(tenant_id, fresh.message)
        topic = conversation_topic(event.conversation_id)
        self._hub.publish(tenant_id, topic, "message.stored", shown, recorded.occurred_at)
        if event.author is Author.CUSTOMER and fresh.agent_id is not None:
            # The number tells a message that is new from one that the desk has called its agent for already.
            data = {"interaction_id": event.interaction_id, "said": event.seq}
            desk = agent_topic(fresh.agent_id)
            self._hub.publish(tenant_id, desk, "inbox.changed", data, recorded.occurred_at, coalesce=True)

    async def present(self, tenant_id: TenantId, topic: str, present: bool) -> None:
        """Somebody looks at a conversation, or nobody any more: only who looks is told their place in a queue."""
        conversation_id = topic_id(topic)
        if conversation_id is None:
            return
        waiting = await self._visitors.waiting_in(tenant_id, conversation_id) if present else None
        if waiting is not None and waiting.queue_id is not None:
            self._places.waits(tenant_id, conversation_id, waiting.id, waiting.queue_id)
        else:
            self._places.leaves(conversation_id)

    def queue_moved(
        self, event: ItemQueued | OfferMade | OfferEnded | ItemLeft | ItemMoved, recorded: Recorded
    ) -> None:
        """Places in a queue have changed."""
        if isinstance(event, ItemMoved):
            self._places.moved(recorded.tenant_id, event.from_queue_id)
        if not isinstance(event, OfferEnded):
            self._places.moved(recorded.tenant_id, event.queue_id)
            return
        back = self._routing.position(recorded.tenant_id, event.interaction_id)
        if back is not None:
            self._places.moved(recorded.tenant_id, back.queue.id)

    async def state_changed(self, event: InteractionStateChanged | InteractionOpened, recorded: Recorded) -> None:
        """Tell both sides where the chat is, and send away who may not read on."""
        topic = conversation_topic(event.conversation_id)
        if isinstance(event, InteractionOpened):
            # Who comes into this contact may not read the one before it.
            self._hub.forget(recorded.tenant_id, topic)
        if not self._hub.followed(recorded.tenant_id, topic):
            return
        if event.channel is Channel.WEBCHAT:
            self._keep_place(event, recorded)
        data = await self._visitors.state_shown(recorded.tenant_id, event.interaction_id)
        if data is not None:
            self._hub.publish(recorded.tenant_id, topic, "conversation.state", data, recorded.occurred_at)
        await self._hub.recheck(recorded.tenant_id, topic)

    def _keep_place(self, event: InteractionStateChanged | InteractionOpened, recorded: Recorded) -> None:
        queue_id = None
        if isinstance(event, InteractionStateChanged) and event.state is InteractionState.QUEUED:
            queue_id = event.queue_id
        if queue_id is not None:
            self._places.waits(recorded.tenant_id, event.conversation_id, event.interaction_id, queue_id)
        else:
            self._places.leaves(event.conversation_id)

    async def typing(self, principal: Principal, data: Typing) -> None:
        """Command ``typing``."""
        actor = principal.actor
        if actor.kind is ActorKind.CUSTOMER and actor.id is not None:
            await self._marks.visitor_types(Visitor(tenant_id=actor.tenant_id, id=actor.id))
        elif data.conversation_id is not None:
            await self._marks.agent_types(actor, data.conversation_id)

    async def read(self, principal: Principal, data: Read) -> None:
        """Command ``read``."""
        actor = principal.actor
        if actor.kind is ActorKind.CUSTOMER and actor.id is not None:
            await self._marks.visitor_read(Visitor(tenant_id=actor.tenant_id, id=actor.id), data.seq)
        elif data.conversation_id is not None:
            await self._marks.agent_read(actor, data.conversation_id, data.seq)


def _of_a_chat(event: InteractionStateChanged | InteractionOpened) -> bool:
    return event.channel in (Channel.WEBCHAT, Channel.MESSAGE)


def register(live: Live, desks: DeskTopics, chats: ChatTopics) -> None:
    """Name who may follow, hear what happens, and take the small commands."""
    hub = live.hub
    hub.authorise(AGENT_TOPIC, desks.may_follow)
    hub.authorise(CONVERSATION_TOPIC, chats.may_follow)
    hub.on_presence(AGENT_TOPIC, desks.present)
    hub.on_presence(CONVERSATION_TOPIC, chats.present)
    hub.on_command("typing", Typing, chats.typing)
    hub.on_command("read", Read, chats.read)
    live.on(OfferMade, desks.offer_made)
    live.tell(OfferEnded, desks.offer_ended)
    live.tell(ItemAssigned, desks.inbox_changed)
    live.tell(ItemFinished, desks.inbox_changed)
    live.tell(ItemWrappedUp, desks.inbox_changed)
    live.tell(PasswordFormChanged, desks.inbox_changed)
    # An accepted offer has ended, too: these are all at which there is more or less in an agent's hands.
    live.tell(AgentStateChanged, desks.agent_state_changed)
    live.tell(OfferMade, desks.agent_state_changed)
    live.tell(OfferEnded, desks.agent_state_changed)
    live.tell(ItemFinished, desks.agent_state_changed)
    live.tell(ItemWrappedUp, desks.agent_state_changed)
    live.tell(InteractionStateChanged, desks.interaction_changed)
    live.tell(CallConnected, desks.call_connected)
    live.on(CallEnded, desks.call_changed)
    live.on(RecordingStarted, desks.call_changed)
    live.on(RecordingEnded, desks.call_changed)
    live.on(MessageStored, chats.message_stored)
    live.on(InteractionStateChanged, chats.state_changed, wanted=_of_a_chat)
    live.on(InteractionOpened, chats.state_changed, wanted=_of_a_chat)
    live.tell(ItemQueued, chats.queue_moved)
    live.tell(OfferMade, chats.queue_moved)
    live.tell(OfferEnded, chats.queue_moved)
    live.tell(ItemLeft, chats.queue_moved)
    live.tell(ItemMoved, chats.queue_moved)
