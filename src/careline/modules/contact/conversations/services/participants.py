"""Colleagues and supervisors come into a conversation and leave it again."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import ChatEnded, ConversationUnknown, NotPresent
from careline.modules.contact.conversations.events import ParticipantsChanged
from careline.modules.contact.conversations.repository import interactions, messages
from careline.modules.contact.conversations.repository import participants as repository
from careline.modules.contact.conversations.repository.messages import ConversationNow
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.states import (
    COMING,
    SPEAKING,
    UNSEEN_BY_AGENT,
    ParticipantRole,
    speaks,
)
from careline.modules.contact.conversations.views import ParticipantView

Beside = Callable[[Transaction], Awaitable[None]]
"""What is written in the same transaction, an audit entry for one."""


class ParticipantShown(msgspec.Struct, frozen=True, kw_only=True):
    """A participant with name and number; the number is None for who is no agent."""

    user_id: UUID
    name: str | None
    number: str | None
    role: ParticipantRole
    joined_at: datetime


class Participants:
    """The one record of who is in a conversation. Its agent is in it as long as the chat is theirs."""

    def __init__(self, database: Database, names: Names, messages: Messages) -> None:
        self._database = database
        self._names = names
        self._messages = messages

    async def enter(
        self, by: Actor, conversation_id: UUID, user_id: UUID, role: ParticipantRole, beside: Beside | None = None
    ) -> None:
        """Bring somebody into the chat that goes on; who is there already changes the role.

        The customer is told of who may speak to them, and of nobody else. Whether ``by`` may bring them in is for the
        caller to check. Raises ``ConversationUnknown``, ``ChatEnded``; the agent stays what they are.
        """
        if role not in COMING:
            raise ValueError("the agent of a chat is the one to whom routing gives it")
        known = await self._names.agent(by.tenant_id, user_id)
        number = "" if known is None else known.number
        async with self._database.transaction(by.tenant_id, actor=by.ref) as tx:
            conversation = await messages.conversation(tx, conversation_id)
            if conversation is None:
                raise ConversationUnknown(conversation_id)
            if beside is not None:
                await beside(tx)
            await self.enter_within(tx, by, conversation, user_id, role, number=number)

    async def enter_within(
        self,
        tx: Transaction,
        by: Actor,
        conversation: ConversationNow,
        user_id: UUID,
        role: ParticipantRole,
        *,
        number: str,
    ) -> None:
        """As ``enter``, in the caller's transaction; ``number`` is what the customer is told of who speaks."""
        interaction_id = conversation.interaction_id
        if interaction_id is None:
            raise ChatEnded
        # Who enters and who leaves in one moment do so one after another; so does the end of the contact.
        await interactions.find_locked(tx, interaction_id)
        now = await messages.conversation(tx, conversation.id)
        if now is None or now.interaction_id != interaction_id:
            raise ChatEnded
        before = await repository.role_of(tx, conversation.id, user_id)
        if before is role or now.agent_id == user_id:
            return
        participant = ParticipantView(
            conversation_id=conversation.id,
            interaction_id=interaction_id,
            user_id=user_id,
            role=role,
            brought_by=by.id,
            joined_at=tx.now,
        )
        await repository.end(tx, conversation.id, user_id, tx.now)
        await repository.begin(tx, participant)
        if speaks(role) != speaks(before):
            what, params = _told(role if speaks(role) else before, number)
            code = f"{what}-joined" if speaks(role) else f"{what}-left"
            await self._messages.notice(tx, conversation.id, interaction_id, code, params)
        emit(tx, participant, here=True)

    async def leave(self, by: Actor, conversation_id: UUID, user_id: UUID, beside: Beside | None = None) -> None:
        """Somebody goes, or is sent away by ``by``. Raises ``NotPresent``."""
        known = await self._names.agent(by.tenant_id, user_id)
        number = "" if known is None else known.number
        async with self._database.transaction(by.tenant_id, actor=by.ref) as tx:
            there = [one for one in await repository.present(tx, conversation_id) if one.user_id == user_id]
            if not there or not await repository.end(tx, conversation_id, user_id, tx.now):
                raise NotPresent
            if beside is not None:
                await beside(tx)
            if there[0].role in SPEAKING:
                what, params = _told(there[0].role, number)
                await self._messages.notice(tx, conversation_id, there[0].interaction_id, f"{what}-left", params)
            emit(tx, there[0], here=False)

    async def role_of(self, tenant_id: TenantId, conversation_id: UUID, user_id: UUID) -> ParticipantRole | None:
        """As what somebody is in a conversation now; None for who is not."""
        async with self._database.glance(tenant_id) as reading:
            conversation = await messages.conversation(reading, conversation_id)
            if conversation is not None and conversation.agent_id == user_id:
                return ParticipantRole.AGENT
            return await repository.role_of(reading, conversation_id, user_id)

    async def present(self, tenant_id: TenantId, conversation_id: UUID) -> list[ParticipantView]:
        """Who is there now: the agent first, then in the order in which they came."""
        async with self._database.glance(tenant_id) as reading:
            return await present(reading, conversation_id)

    async def shown(self, actor: Actor, conversation_id: UUID) -> list[ParticipantShown]:
        """Who is there now, with names, as far as this actor is told."""
        found = [
            one
            for one in await self.present(actor.tenant_id, conversation_id)
            if one.role not in UNSEEN_BY_AGENT or one.user_id == actor.id or "floor:view" in actor.permissions
        ]
        return [await self._shown(actor.tenant_id, one) for one in found]

    async def _shown(self, tenant_id: TenantId, one: ParticipantView) -> ParticipantShown:
        known = await self._names.agent(tenant_id, one.user_id)
        return ParticipantShown(
            user_id=one.user_id,
            name=await self._names.of(tenant_id, one.user_id),
            number=None if known is None else known.number,
            role=one.role,
            joined_at=one.joined_at,
        )


def _told(role: ParticipantRole | None, number: str) -> tuple[str, dict[str, str]]:
    """As what the customer is told of one who speaks; a supervisor need not have a number."""
    if role is ParticipantRole.SUPERVISOR_JOINED:
        return "supervisor", {}
    return "colleague", {"number": number}


async def present(reading: Reading, conversation_id: UUID) -> list[ParticipantView]:
    """See ``Participants.present``."""
    conversation = await messages.conversation(reading, conversation_id)
    others = await repository.present(reading, conversation_id)
    if conversation is None or conversation.interaction_id is None or conversation.agent_id is None:
        return others
    stretches = await interactions.segments(reading, conversation.interaction_id)
    since = next((one.started_at for one in reversed(stretches) if one.agent_id == conversation.agent_id), reading.now)
    agent = ParticipantView(
        conversation_id=conversation_id,
        interaction_id=conversation.interaction_id,
        user_id=conversation.agent_id,
        role=ParticipantRole.AGENT,
        brought_by=None,
        joined_at=since,
    )
    return [agent, *(one for one in others if one.user_id != agent.user_id)]


async def all_leave(tx: Transaction, conversation_id: UUID, at: datetime) -> None:
    """The contact is over: nobody is in it any more."""
    there = await repository.present(tx, conversation_id)
    if not there:
        return
    await repository.end(tx, conversation_id, None, at)
    for one in there:
        emit(tx, one, here=False)


def emit(tx: Transaction, participant: ParticipantView, *, here: bool) -> None:
    """Say who came or went."""
    shared = msgspec.structs.asdict(participant)
    del shared["joined_at"]
    tx.emit(ParticipantsChanged(**shared, here=here), subject=participant.interaction_id)
