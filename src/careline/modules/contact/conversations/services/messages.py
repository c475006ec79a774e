"""What is said in a conversation: stored once, in order, before anybody is told."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.telemetry.load import Load, Overloaded
from careline.kernel.errors import DomainError, NotSignedIn, Param
from careline.kernel.ids import new_id
from careline.kernel.paging import checked_limit
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.contact.conversations.errors import ChatEnded, ClientIdTaken, ConversationUnknown, NotYours
from careline.modules.contact.conversations.events import MessageStored
from careline.modules.contact.conversations.repository import interactions, participants, visitors
from careline.modules.contact.conversations.repository import messages as repository
from careline.modules.contact.conversations.repository.files import FileRecord, insert_file
from careline.modules.contact.conversations.repository.messages import Numbered
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.rules import message_text
from careline.modules.contact.conversations.services.fresh import FreshMessage, FreshMessages
from careline.modules.contact.conversations.services.opening import Opening
from careline.modules.contact.conversations.services.signals import SignalBoard
from careline.modules.contact.conversations.states import InteractionState, speaks
from careline.modules.contact.conversations.views import (
    Attachment,
    Author,
    CustomerLeft,
    CustomerSaid,
    EndedBy,
    MessageKind,
    MessageView,
)


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """The stored message; ``again`` when it had been stored before and this was a repetition."""

    message: MessageView
    again: bool


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to say: words, or a file under its name, which lies in the store already."""

    text: str
    kind: MessageKind = MessageKind.TEXT
    attachment: Attachment | None = None

    @property
    def words(self) -> str:
        """What a flow may take for an answer: the name of a file is none."""
        return self.text if self.attachment is None else ""

    def is_same(self, known: MessageView) -> bool:
        """Whether this was stored before: the same words, or the same bytes under the same name."""
        digest = None if self.attachment is None else self.attachment.digest
        known_digest = None if known.attachment is None else known.attachment.digest
        return (known.kind, known.text, known_digest) == (self.kind, self.text, digest)


class _NotNow(Exception):
    """Nothing is stored now: this side has used the client id already, or has no chat. Undoes the transaction."""


class Messages:
    """Stores and hands out messages."""

    def __init__(
        self, database: Database, opening: Opening, signals: SignalBoard, fresh: FreshMessages, load: Load
    ) -> None:
        self._database = database
        self._opening = opening
        self._signals = signals
        self._fresh = fresh
        self._load = load

    async def from_visitor(self, visitor: VisitorRecord, client_id: UUID, text: str) -> Sent:
        """The customer says something. Opens the conversation, or a new interaction of it, when none goes on.

        What a flow has asked for after the agent has left is no new interaction. Raises ``Overloaded`` instead of
        opening one while everything is late.
        """
        return await self.visitor_says(visitor, client_id, Saying(text=message_text(text)))

    async def visitor_says(self, visitor: VisitorRecord, client_id: UUID, saying: Saying) -> Sent:
        """As ``from_visitor``, with what was made ready to be stored."""
        await self.check_admitted(visitor, saying.words)
        actor = Actor(tenant_id=visitor.tenant_id, kind=ActorKind.CUSTOMER, id=visitor.id)
        conversation_id = visitor.conversation_id
        try:
            async with self._database.transaction(visitor.tenant_id, actor=actor.ref) as tx:
                if conversation_id is None:
                    conversation_id = await self._conversation_of(tx, visitor)
                numbered = await _number(tx, conversation_id)
                interaction_id = numbered.interaction_id or self._signals.answered(conversation_id, saying.words)
                if interaction_id is None:
                    interaction_id = await self._open_chat(tx, conversation_id, visitor)
                message = _said(tx, conversation_id, interaction_id, numbered, Author.CUSTOMER, visitor.id, saying)
                message = msgspec.structs.replace(message, client_id=client_id)
                await self._store(tx, message, numbered.agent_id)
                said = CustomerSaid(text=saying.words, seq=message.seq)
                tx.on_commit(lambda: self._signals.tell(message.interaction_id, said))
        except _NotNow:
            known = await self._known(actor, conversation_id, Author.CUSTOMER, client_id, saying)
            if known is None:
                raise NotSignedIn("visitor-unknown") from None
            return known
        return Sent(message=message, again=False)

    async def from_agent(self, actor: Actor, conversation_id: UUID, client_id: UUID, text: str) -> Sent:
        """The agent of the chat, or who has joined it, says something. Raises ``chat-ended`` when they are in none."""
        return await self.agent_says(actor, conversation_id, client_id, Saying(text=message_text(text)))

    async def agent_says(self, actor: Actor, conversation_id: UUID, client_id: UUID, saying: Saying) -> Sent:
        """As ``from_agent``, with what was made ready to be stored."""
        try:
            async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
                numbered = await _number(tx, conversation_id)
                interaction_id = numbered.interaction_id
                if interaction_id is None or not await _may_speak(tx, conversation_id, numbered, actor):
                    raise _NotNow
                message = _said(tx, conversation_id, interaction_id, numbered, Author.AGENT, actor.id, saying)
                message = msgspec.structs.replace(message, client_id=client_id)
                await self._store(tx, message, numbered.agent_id)
        except _NotNow:
            # Also when the chat is over: what was stored before its end is answered in the same way as then.
            known = await self._known(actor, conversation_id, Author.AGENT, client_id, saying)
            if known is None:
                raise await self._refusal(actor, conversation_id) from None
            return known
        return Sent(message=message, again=False)

    async def from_bot(self, tenant_id: TenantId, interaction_id: UUID, text: str) -> MessageView:
        """A flow says something to the customer, also after the agent has left and has written it up.

        Raises ``chat-ended``.
        """
        words = message_text(text)
        async with self._database.transaction(tenant_id) as tx:
            interaction = await interactions.find(tx, interaction_id)
            if interaction is None:
                raise ChatEnded
            if interaction.state is InteractionState.CLOSED and interaction.ended_by is not EndedBy.AGENT:
                raise ChatEnded
            numbered = await _number(tx, interaction.conversation_id)
            if numbered.interaction_id not in (interaction_id, None):
                raise ChatEnded
            saying = Saying(text=words)
            message = _said(tx, interaction.conversation_id, interaction_id, numbered, Author.BOT, None, saying)
            await self._store(tx, message, numbered.agent_id)
        return message

    async def notice(
        self, tx: Transaction, conversation_id: UUID, interaction_id: UUID, code: str, params: Mapping[str, Param]
    ) -> MessageView:
        """Put into the thread what happened, as a code for the screens to translate."""
        numbered = await _number(tx, conversation_id)
        said = _said(tx, conversation_id, interaction_id, numbered, Author.SYSTEM, None, Saying(text=""))
        message = msgspec.structs.replace(said, kind=MessageKind.NOTICE, code=code, params=dict(params))
        await self._store(tx, message, numbered.agent_id)
        return message

    async def after(
        self,
        tenant_id: TenantId,
        conversation_id: UUID,
        seq: int,
        limit: int,
        *,
        only: Collection[UUID] | None = None,
    ) -> list[MessageView]:
        """The messages after a number, in order, at most ``limit``; with ``only``, those of these contacts."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.after(reading, conversation_id, seq, only=only, limit=checked_limit(limit))

    async def before(
        self,
        tenant_id: TenantId,
        conversation_id: UUID,
        seq: int,
        limit: int,
        *,
        only: Collection[UUID] | None = None,
    ) -> list[MessageView]:
        """The last messages before a number, in order, at most ``limit``; with ``only``, those of these contacts."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.before(reading, conversation_id, seq, only=only, limit=checked_limit(limit))

    async def read_by_customer(self, tenant_id: TenantId, conversation_id: UUID) -> int:
        """Up to which number the customer has read."""
        async with self._database.glance(tenant_id) as reading:
            found = await repository.conversation(reading, conversation_id)
        return 0 if found is None else found.customer_read

    async def read(self, tenant_id: TenantId, conversation_id: UUID, side: Author, seq: int) -> bool:
        """A side has read up to a number; False when that was known, or there is no such number."""
        async with self._database.transaction(tenant_id) as tx:
            return await repository.mark_read(tx, conversation_id, side, seq)

    async def stored(self, tenant_id: TenantId, conversation_id: UUID, seq: int) -> FreshMessage | None:
        """A message that an event told of: from memory when it was stored here a moment ago, else from its table."""
        fresh = self._fresh.take(conversation_id, seq)
        if fresh is not None:
            return fresh
        async with self._database.glance(tenant_id) as reading:
            message = await repository.by_seq(reading, conversation_id, seq)
            conversation = await repository.conversation(reading, conversation_id)
        if message is None or conversation is None:
            return None
        return FreshMessage(message=message, agent_id=conversation.agent_id)

    async def check_admitted(self, visitor: VisitorRecord, words: str) -> None:
        """Whether something may be begun now. Raises ``Overloaded`` while everything is late."""
        if self._load.is_high and not await self._goes_on(visitor, words) and not self._load.admits():
            raise Overloaded

    async def _goes_on(self, visitor: VisitorRecord, words: str) -> bool:
        """Whether a message begins nothing new; seen without a turn to write, of which there are too few just now."""
        if visitor.conversation_id is None:
            return False
        async with self._database.glance(visitor.tenant_id) as reading:
            conversation = await repository.conversation(reading, visitor.conversation_id)
        begun = conversation is not None and conversation.interaction_id is not None
        return begun or self._signals.answered(visitor.conversation_id, words) is not None

    async def _open_chat(self, tx: Transaction, conversation_id: UUID, visitor: VisitorRecord) -> UUID:
        """A new interaction. The flow that still asked about the one before has its answer: the customer goes on.

        Raises ``NotSignedIn`` for who has left meanwhile: nobody would be in it.
        """
        if not await visitors.stays(tx, visitor):
            raise NotSignedIn("not-signed-in")
        asked = self._signals.asked(conversation_id)
        if asked is not None:
            tx.on_commit(lambda: self._signals.tell(asked, CustomerLeft()))
        return await self._opening.open_chat(
            tx, conversation_id, customer_id=visitor.customer_id, number=visitor.number
        )

    async def _conversation_of(self, tx: Transaction, visitor: VisitorRecord) -> UUID:
        """The visitor's conversation, made now unless another tab was faster."""
        conversation_id = new_id()
        if await visitors.give_conversation(tx, visitor.id, conversation_id):
            customer_id = await self._opening.customer_now(tx, visitor.customer_id)
            await interactions.insert_conversation(tx, conversation_id, customer_id)
            return conversation_id
        known = await visitors.find(tx, visitor.id)
        if known is None or known.conversation_id is None:
            raise NotSignedIn("visitor-unknown")
        return known.conversation_id

    async def _store(self, tx: Transaction, message: MessageView, agent_id: UUID | None) -> None:
        if not await repository.insert_message(tx, message):
            raise _NotNow
        if message.attachment is not None:
            sent = message.attachment
            record = FileRecord(id=sent.id, conversation_id=message.conversation_id, seq=message.seq, size=sent.size)
            await insert_file(tx, record)
        tx.emit(
            MessageStored(
                conversation_id=message.conversation_id,
                interaction_id=message.interaction_id,
                seq=message.seq,
                author=message.author,
                kind=message.kind,
            ),
            subject=message.conversation_id,
        )
        tx.on_commit(lambda: self._fresh.put(FreshMessage(message=message, agent_id=agent_id)))

    async def _known(
        self, actor: Actor, conversation_id: UUID | None, author: Author, client_id: UUID, saying: Saying
    ) -> Sent | None:
        """What this side stored under a client id before; refused when that was something else."""
        if conversation_id is None:
            return None
        # In a transaction although it only looks: what another one has stored may not be durable yet, and is when
        # this one ends. Until then nobody may be told that it was stored.
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = await repository.by_client_id(tx, conversation_id, author, client_id)
        if known is None:
            return None
        if not saying.is_same(known) or known.author_id != actor.id:
            raise ClientIdTaken(client_id)
        return Sent(message=known, again=True)

    async def _refusal(self, actor: Actor, conversation_id: UUID) -> DomainError:
        """Why an agent's message is not taken: it is not their chat, or not any more."""
        async with self._database.glance(actor.tenant_id) as reading:
            if actor.id is not None and await interactions.served_by(reading, conversation_id, actor.id):
                return ChatEnded()
        return NotYours()


async def _number(tx: Transaction, conversation_id: UUID) -> Numbered:
    numbered = await repository.next_number(tx, conversation_id)
    if numbered is None:
        raise ConversationUnknown(conversation_id)
    return numbered


async def _may_speak(tx: Transaction, conversation_id: UUID, numbered: Numbered, actor: Actor) -> bool:
    """Whether the chat is this agent's, or they are in it to speak; only of who is not its agent more is read."""
    if actor.id is None:
        return False
    if numbered.agent_id == actor.id:
        return True
    return speaks(await participants.role_of(tx, conversation_id, actor.id))


def _said(
    tx: Transaction,
    conversation_id: UUID,
    interaction_id: UUID,
    numbered: Numbered,
    author: Author,
    author_id: UUID | None,
    saying: Saying,
) -> MessageView:
    return MessageView(
        id=new_id(),
        conversation_id=conversation_id,
        interaction_id=interaction_id,
        seq=numbered.seq,
        author=author,
        kind=saying.kind,
        text=saying.text,
        at=tx.now,
        author_id=author_id,
        attachment=saying.attachment,
    )
