"""A supervisor in somebody's chat: reads along, whispers to its agent, joins in, takes it over, and leaves.

Who is in a conversation as what, conversations knows (``ParticipantRole``); here it is decided who may come.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, Param
from careline.kernel.tenancy import Actor, ActorKind, TenantId, system_actor
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel, InteractionView, ParticipantRole, ParticipantView
from careline.modules.contact.supervision.views import Presence, Watched
from careline.modules.directory.identity.facade import Identity

MAY_LISTEN = "floor:listen"

ROLES = {
    Presence.LISTENING: ParticipantRole.SUPERVISOR_LISTENING,
    Presence.WHISPERING: ParticipantRole.SUPERVISOR_WHISPERING,
    Presence.JOINED: ParticipantRole.SUPERVISOR_JOINED,
}


class Listening:
    """Each coming and going is audited in the transaction in which it is done."""

    def __init__(self, conversations: Conversations, identity: Identity) -> None:
        self._conversations = conversations
        self._identity = identity

    async def come(self, actor: Actor, interaction_id: UUID, presence: Presence) -> Watched:
        """Be in a chat from now on, or in another way than before.

        The customer hears of who joins and of nobody else. Raises ``NotFound``, ``Conflict`` ``chat-ended``,
        ``Forbidden`` ``outside-your-scope``, ``Invalid`` ``listening-to-oneself``.
        """
        interaction = await self._within_reach(actor, interaction_id)
        assert actor.id is not None
        told = self._telling(actor, f"chat.{presence.value}", interaction_id)
        await self._conversations.bring(actor, interaction.conversation_id, actor.id, ROLES[presence], beside=told)
        return Watched(interaction_id=interaction_id, conversation_id=interaction.conversation_id, presence=presence)

    async def leave(self, actor: Actor, interaction_id: UUID) -> None:
        """Be there no more. Raises ``Conflict`` ``participant-not-present``."""
        interaction = await self._conversations.interaction(actor.tenant_id, interaction_id)
        if actor.id is not None:
            told = self._telling(actor, "chat.left", interaction_id)
            await self._conversations.send_away(actor, interaction.conversation_id, actor.id, beside=told)

    async def take_over(self, actor: Actor, interaction_id: UUID) -> None:
        """Have the chat passed on to oneself: it is offered to the supervisor's own desk before all others.

        Its agent writes up their part. Raises as ``come``, and ``transfer-agent-away`` for who is no agent or not
        ready.
        """
        await self._within_reach(actor, interaction_id)
        told = self._telling(actor, "chat.taken-over", interaction_id)
        await self._conversations.pass_on(actor, interaction_id, agent_id=actor.id, beside=told)

    async def send_away_out_of_reach(self, tenant_id: TenantId) -> None:
        """Who listens and reaches the agent no more, since one of them is elsewhere by now, is there no more."""
        there = await self._conversations.present_as(tenant_id, list(ROLES.values()))
        for one in there:
            if await self._still_reaches(tenant_id, one):
                continue
            told = self._telling(system_actor(tenant_id), "chat.left", one.interaction_id, supervisor=str(one.user_id))
            with suppress(Conflict):  # gone by themselves meanwhile
                by = system_actor(tenant_id)
                await self._conversations.send_away(by, one.conversation_id, one.user_id, beside=told)

    async def _still_reaches(self, tenant_id: TenantId, one: ParticipantView) -> bool:
        user = await self._identity.user(tenant_id, one.user_id)
        interaction = await self._conversations.interaction(tenant_id, one.interaction_id)
        if user is None or not user.active:
            return False
        if interaction.agent_id is None:
            return True  # it waits for its next agent
        supervisor = Actor(tenant_id=tenant_id, kind=ActorKind.USER, id=one.user_id)
        try:
            await self._identity.check_reach(supervisor, interaction.agent_id, MAY_LISTEN)
        except Forbidden:
            return False
        return True

    def _telling(
        self, actor: Actor, action: str, interaction_id: UUID, **params: Param
    ) -> Callable[[Transaction], Awaitable[None]]:
        async def tell(tx: Transaction) -> None:
            await self._identity.audit(tx, actor, action, interaction_id, params)

        return tell

    async def _within_reach(self, actor: Actor, interaction_id: UUID) -> InteractionView:
        interaction = await self._conversations.interaction(actor.tenant_id, interaction_id)
        if interaction.channel is not Channel.WEBCHAT:
            raise Invalid("listening-to-chats-only", field="interaction_id")
        there = await self._conversations.participants(actor.tenant_id, interaction.conversation_id)
        agent = next((one.user_id for one in there if one.role is ParticipantRole.AGENT), None)
        if agent is None or interaction.agent_id != agent:
            raise Conflict("chat-ended")
        if actor.id is None or agent == actor.id:
            raise Invalid("listening-to-oneself", field="interaction_id")
        await self._identity.check_reach(actor, agent, MAY_LISTEN)
        return interaction
