"""Who may see a contact: who is or was in it, who is offered it, and of what it is about, who may watch the floor.

What is said is for those who are in it. A supervisor comes into a chat (``floor:listen``), which the audit tells.
"""

from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import ConversationUnknown, InteractionUnknown, NotYours
from careline.modules.contact.conversations.repository import chats, interactions, messages, participants
from careline.modules.contact.conversations.services.reached import Reached
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.facade import Routing

WATCH = "floor:view"


class Access:
    """Checks before anything is shown; what another tenant has does not exist."""

    def __init__(self, database: Database, routing: Routing, reached: Reached) -> None:
        self._database = database
        self._routing = routing
        self.reached = reached

    async def interaction(self, actor: Actor, interaction_id: UUID) -> InteractionView:
        """An interaction that this actor may see. Raises ``InteractionUnknown`` or ``NotYours``."""
        async with self._database.glance(actor.tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
            if interaction is None:
                raise InteractionUnknown(interaction_id)
            served = actor.id is not None and (
                await interactions.served(reading, interaction_id, actor.id)
                or await participants.was_in(reading, interaction_id, actor.id)
            )
        if not (served or self._offered(actor, interaction_id) or await self._watches(actor, interaction)):
            raise NotYours
        return interaction

    async def readable(self, actor: Actor, conversation_id: UUID) -> frozenset[UUID] | None:
        """As ``conversation``, and tells of which of its contacts this actor reads the words; None: of all."""
        await self.conversation(actor, conversation_id)
        return await self.reached.readable(actor, conversation_id)

    async def conversation(self, actor: Actor, conversation_id: UUID) -> None:
        """Pass who may read this conversation: who was in its latest interaction, and who still wraps one up.

        So may who has a message in hand that was left here. Raises ``ConversationUnknown`` or ``NotYours``.
        """
        async with self._database.glance(actor.tenant_id) as reading:
            latest = await chats.latest_of(reading, conversation_id)
            if latest is None:
                raise ConversationUnknown(conversation_id)
            left = [one for one in await chats.left_in(reading, conversation_id) if _is_open(one, latest)]
            mine = actor.id is not None and (
                await interactions.served(reading, latest.id, actor.id)
                or any([await interactions.served(reading, one.id, actor.id) for one in left])
                or await interactions.wraps_up(reading, conversation_id, actor.id)
                or await participants.was_in(reading, latest.id, actor.id)
            )
        if not (mine or any(self._offered(actor, one.id) for one in (latest, *left))):
            raise NotYours

    async def may_follow(self, actor: Actor, conversation_id: UUID) -> bool:
        """Whether this actor may hear what comes: who has finished with it reads what was, and hears no more."""
        async with self._database.glance(actor.tenant_id) as reading:
            conversation = await messages.conversation(reading, conversation_id)
            if conversation is None or actor.id is None:
                return False
            if conversation.agent_id == actor.id:
                return True
            if await interactions.wraps_up(reading, conversation_id, actor.id):
                return True
            if await participants.role_of(reading, conversation_id, actor.id) is not None:
                return True
            left = [one.id for one in await chats.left_in(reading, conversation_id)]
        going_on = [] if conversation.interaction_id is None else [conversation.interaction_id]
        return any(self._offered(actor, one) for one in (*going_on, *left))

    async def agent_of(self, tenant_id: TenantId, interaction_id: UUID) -> UUID | None:
        """The agent of an interaction; None when it has none or is unknown."""
        async with self._database.glance(tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
        return None if interaction is None else interaction.agent_id

    async def serves_now(self, actor: Actor, conversation_id: UUID) -> bool:
        """Whether the chat that goes on is this agent's."""
        async with self._database.glance(actor.tenant_id) as reading:
            conversation = await messages.conversation(reading, conversation_id)
        return conversation is not None and conversation.agent_id is not None and conversation.agent_id == actor.id

    async def _watches(self, actor: Actor, interaction: InteractionView) -> bool:
        """Whether it may be watched; what goes on and has no agent is nobody's yet, and everybody's to watch."""
        if WATCH not in actor.permissions:
            return False
        if interaction.agent_id is None and interaction.ended_at is None:
            return True
        return bool(await self.reached.those(actor, WATCH, [interaction]))

    def _offered(self, actor: Actor, interaction_id: UUID) -> bool:
        if actor.id is None:
            return False
        # Between an accepted offer and our own row of it the desk may ask already.
        taken = self._routing.assignment(actor.tenant_id, interaction_id)
        if taken is not None and taken.agent_id == actor.id:
            return True
        offers = self._routing.offers_of(actor.tenant_id, actor.id)
        return any(offer.interaction_id == interaction_id for offer in offers)


def _is_open(left: InteractionView, latest: InteractionView) -> bool:
    """Whether a left message is not done, or is the last thing that was in its conversation."""
    return left.state is not InteractionState.CLOSED or left.opened_at >= latest.opened_at
