"""Internal notes: what those of us in a conversation write for each other. The customer never hears of them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Invalid
from careline.kernel.paging import checked_limit
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import ChatEnded, ClientIdTaken, NotYours
from careline.modules.contact.conversations.events import NoteStored
from careline.modules.contact.conversations.repository import messages, participants, write_ups
from careline.modules.contact.conversations.repository import notes as repository
from careline.modules.contact.conversations.repository.notes import NoteView
from careline.modules.contact.conversations.rules import message_text
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.inviting import (
    INVITED,
    MOST_FOR_ONE_COLLEAGUE,
    MOST_IN_ONE_CHAT,
)
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.participants import Participants
from careline.modules.contact.conversations.states import WRITING_NOTES, ParticipantRole

MOST_MENTIONED = 5


class NoteShown(msgspec.Struct, frozen=True, kw_only=True):
    """A note with names."""

    id: UUID
    conversation_id: UUID
    interaction_id: UUID
    client_id: UUID
    author_id: UUID
    author_name: str | None
    text: str
    mentions: list[str]
    at: datetime


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """The stored note; ``again`` when it had been stored before and this was a repetition."""

    note: NoteView
    again: bool


class Notes:
    """Stores and hands out notes."""

    def __init__(self, database: Database, access: Access, names: Names, present: Participants) -> None:
        self._database = database
        self._access = access
        self._names = names
        self._participants = present

    async def write(
        self, actor: Actor, conversation_id: UUID, client_id: UUID, text: str, mentions: Sequence[UUID]
    ) -> Noted:
        """Write something for colleagues. Who is mentioned and not in the chat yet is asked in as a consultant, unless
        the chat has, or they are in, as many as an invitation allows.

        Raises ``contact-not-yours``, ``chat-ended`` for who is in it no more, ``mentioned-unknown``,
        ``client-id-taken``.
        """
        words = message_text(text)
        called = await self._called(actor.tenant_id, mentions)
        await self._access.conversation(actor, conversation_id)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            again = await self._stored(tx, actor, conversation_id, client_id, words)
            if again is not None:  # also when its writer could write nothing more by now
                return Noted(note=again, again=True)
            interaction_id = await self._place(tx, actor, conversation_id)
            assert actor.id is not None
            note = NoteView(
                id=await repository.next_id(tx, conversation_id),
                conversation_id=conversation_id,
                interaction_id=interaction_id,
                author_id=actor.id,
                client_id=client_id,
                text=words,
                mentions=called,
                at=tx.now,
            )
            stored = await repository.insert_note(tx, note)
            if not stored:
                known = await self._stored(tx, actor, conversation_id, client_id, words)
                if known is None:
                    raise ClientIdTaken(client_id)
                return Noted(note=known, again=True)
            event = NoteStored(
                conversation_id=conversation_id,
                interaction_id=interaction_id,
                note_id=note.id,
                author_id=actor.id,
                mentions=called,
            )
            tx.emit(event, subject=interaction_id)
            await self._ask_in(tx, actor, note)
        return Noted(note=note, again=False)

    async def after(self, actor: Actor, conversation_id: UUID, after: UUID | None, limit: int) -> list[NoteView]:
        """The notes of a conversation in their order, after one of them, as far as this actor reads.

        Raises ``ConversationUnknown`` or ``NotYours``.
        """
        only = await self._access.readable(actor, conversation_id)
        async with self._database.reading(actor.tenant_id) as reading:
            return await repository.after(reading, conversation_id, after, only=only, limit=checked_limit(limit))

    async def find(self, tenant_id: TenantId, note_id: UUID) -> NoteView | None:
        """One note."""
        async with self._database.glance(tenant_id) as reading:
            return await repository.find(reading, note_id)

    async def shown(self, tenant_id: TenantId, note: NoteView) -> NoteShown:
        """A note with names."""
        mentioned = [await self._names.of(tenant_id, one) for one in note.mentions]
        return NoteShown(
            id=note.id,
            conversation_id=note.conversation_id,
            interaction_id=note.interaction_id,
            client_id=note.client_id,
            author_id=note.author_id,
            author_name=await self._names.of(tenant_id, note.author_id),
            text=note.text,
            mentions=[name for name in mentioned if name is not None],
            at=note.at,
        )

    async def _called(self, tenant_id: TenantId, mentions: Sequence[UUID]) -> list[UUID]:
        called = list(dict.fromkeys(mentions))
        if len(called) > MOST_MENTIONED:
            raise Invalid("too-many-mentioned", field="mentions", max=MOST_MENTIONED)
        for one in called:
            if await self._names.agent(tenant_id, one) is None:
                raise Invalid("mentioned-unknown", field="mentions", id=str(one))
        return called

    async def _place(self, tx: Transaction, actor: Actor, conversation_id: UUID) -> UUID:
        """The interaction that a note belongs to: of the chat that goes on, or of what its writer still writes up."""
        if actor.id is None:
            raise NotYours
        conversation = await messages.conversation(tx, conversation_id)
        going_on = None if conversation is None else conversation.interaction_id
        role = await participants.role_of(tx, conversation_id, actor.id)
        if conversation is not None and conversation.agent_id == actor.id:
            role = ParticipantRole.AGENT
        if going_on is not None and role in WRITING_NOTES:
            return going_on
        written_up = await write_ups.under_way(tx, conversation_id, actor.id)
        if written_up is not None:
            return written_up
        raise ChatEnded if role is None else NotYours

    async def _ask_in(self, tx: Transaction, by: Actor, note: NoteView) -> None:
        conversation = await messages.conversation(tx, note.conversation_id)
        if conversation is None or conversation.interaction_id is None:
            return
        there = await participants.present(tx, note.conversation_id)
        room = MOST_IN_ONE_CHAT - sum(one.role in INVITED for one in there)
        known = {by.id, conversation.agent_id, *(one.user_id for one in there)}
        for user_id in [one for one in note.mentions if one not in known][: max(0, room)]:
            elsewhere = sum(one.role in INVITED for one in await participants.of_user(tx, user_id))
            if elsewhere < MOST_FOR_ONE_COLLEAGUE:
                with suppress(ChatEnded):  # in this very moment: there is nothing to ask them into
                    await self._participants.enter_within(
                        tx, by, conversation, user_id, ParticipantRole.CONSULTANT, number=""
                    )

    @staticmethod
    async def _stored(
        tx: Transaction, actor: Actor, conversation_id: UUID, client_id: UUID, words: str
    ) -> NoteView | None:
        """What this writer stored under a client id before; refused when that said something else."""
        if actor.id is None:
            return None
        known = await repository.by_client_id(tx, conversation_id, actor.id, client_id)
        if known is not None and known.text != words:
            raise ClientIdTaken(client_id)
        return known
