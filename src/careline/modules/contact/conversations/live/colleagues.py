"""``colleagues:{conversation id}``: what those of us who are in a conversation tell each other. Never for customers."""

from uuid import UUID

from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.kernel.events import Recorded
from careline.kernel.tenancy import ActorKind
from careline.modules.contact.conversations.events import (
    InteractionOpened,
    InteractionStateChanged,
    NoteStored,
    ParticipantsChanged,
    TransferBegun,
    TransferEnded,
)
from careline.modules.contact.conversations.rules import agent_topic, conversation_topic, topic_id
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.notes import Notes

COLLEAGUES_TOPIC = "colleagues"


def colleagues_topic(conversation_id: UUID) -> str:
    """The topic's name, written in the one way in which it is published."""
    return f"{COLLEAGUES_TOPIC}:{conversation_id}"


class ColleagueTopics:
    """Tells who came and went."""

    def __init__(self, hub: Hub, access: Access, notes: Notes) -> None:
        self._notes = notes
        self._hub = hub
        self._access = access

    async def may_follow(self, principal: Principal, topic: str) -> bool:
        """Whoever of us may follow the conversation; a customer never, not even of one's own."""
        conversation_id = topic_id(topic)
        if conversation_id is None or principal.actor.kind is not ActorKind.USER:
            return False
        if "desk:use" not in principal.actor.permissions:
            return False
        return await self._access.may_follow(principal.actor, conversation_id)

    async def participants_changed(self, event: ParticipantsChanged, recorded: Recorded) -> None:
        """Let all who are in it look anew, and send away who is in it no more."""
        tenant_id, topic = recorded.tenant_id, colleagues_topic(event.conversation_id)
        self._hub.publish(tenant_id, topic, "participants.changed", {}, recorded.occurred_at, coalesce=True)
        data = {"interaction_id": event.interaction_id}
        self._hub.publish(tenant_id, agent_topic(event.user_id), "inbox.changed", data, recorded.occurred_at)
        if not event.here:
            await self._hub.recheck(tenant_id, topic)
            await self._hub.recheck(tenant_id, conversation_topic(event.conversation_id))

    async def state_changed(self, event: InteractionStateChanged, recorded: Recorded) -> None:
        """Send away who has finished with it."""
        topic = colleagues_topic(event.conversation_id)
        if self._hub.followed(recorded.tenant_id, topic):
            await self._hub.recheck(recorded.tenant_id, topic)

    def opened(self, event: InteractionOpened, recorded: Recorded) -> None:
        """Who comes into this contact may not read what was noted in the one before it."""
        self._hub.forget(recorded.tenant_id, colleagues_topic(event.conversation_id))

    async def note_stored(self, event: NoteStored, recorded: Recorded) -> None:
        """Hand a note to those who are in the conversation, and call whom it mentions."""
        tenant_id = recorded.tenant_id
        note = await self._notes.find(tenant_id, event.note_id)
        if note is None:
            return
        shown = await self._notes.shown(tenant_id, note)
        topic = colleagues_topic(event.conversation_id)
        self._hub.publish(tenant_id, topic, "note.stored", shown, recorded.occurred_at)
        for user_id in event.mentions:
            if user_id != event.author_id:
                self._hub.publish(tenant_id, agent_topic(user_id), "mentioned", shown, recorded.occurred_at)

    def transfer_changed(self, event: TransferBegun | TransferEnded, recorded: Recorded) -> None:
        """Whoever passed a chat on is told what becomes of it."""
        topic, data = agent_topic(event.from_agent_id), {"interaction_id": event.interaction_id}
        self._hub.publish(recorded.tenant_id, topic, "inbox.changed", data, recorded.occurred_at)
        if isinstance(event, TransferEnded):
            told = {**data, "outcome": event.outcome}
            self._hub.publish(recorded.tenant_id, topic, "transfer.ended", told, recorded.occurred_at)


def register(live: Live, topics: ColleagueTopics) -> None:
    """Name who may follow, and hear what happens."""
    live.hub.authorise(COLLEAGUES_TOPIC, topics.may_follow)
    live.tell(InteractionOpened, topics.opened)
    live.on(ParticipantsChanged, topics.participants_changed)
    live.on(InteractionStateChanged, topics.state_changed)
    live.on(NoteStored, topics.note_stored)
    live.tell(TransferBegun, topics.transfer_changed)
    live.tell(TransferEnded, topics.transfer_changed)
