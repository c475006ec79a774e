"""An agent passes a call, a chat or a left message on to a queue or to a colleague; what is no call they may take back
while nobody has it.

The chat waits from then on as one that its customer has asked for, ahead of whoever came after them; whom it is meant
for is asked first and, when they do not take it, so are the others of the queue. It is in a queue or in hands at every
moment, and all of it is stored: a restart changes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Invalid
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import (
    CannotTake,
    ChatEnded,
    InteractionUnknown,
    NoTransfer,
    NotYours,
    StateForbids,
)
from careline.modules.contact.conversations.events import TransferBegun
from careline.modules.contact.conversations.repository import chats, interactions
from careline.modules.contact.conversations.repository import transfers as repository
from careline.modules.contact.conversations.repository.messages import conversation as conversation_now
from careline.modules.contact.conversations.repository.transfers import TransferView
from careline.modules.contact.conversations.rules import note_text
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.moves import begin_write_up
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.offers import Offers
from careline.modules.contact.conversations.services.opening import Opening
from careline.modules.contact.conversations.services.participants import Beside
from careline.modules.contact.conversations.services.targets import Targets
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel, InboxItem, InteractionView
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Media, NewItem, QueueView

FOR_ONE_S = 60.0
"""How long a chat that was meant for one agent waits for them alone while they have no room."""

MOST_HEAD_START_S = 86_400.0

MEDIA = {Channel.VOICE: Media.VOICE, Channel.WEBCHAT: Media.CHAT, Channel.MESSAGE: Media.MESSAGE}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Where a contact shall go: to the queue of this code, or to this agent."""

    queue: str | None
    agent_id: UUID | None
    note: str


class Transfers:
    """Passes calls, chats and left messages on."""

    def __init__(
        self,
        database: Database,
        routing: Routing,
        opening: Opening,
        messages: Messages,
        names: Names,
        targets: Targets,
        offers: Offers,
        telephony: Telephony,
    ) -> None:
        self._database = database
        self._routing = routing
        self._opening = opening
        self._messages = messages
        self._names = names
        self._targets = targets
        self._offers = offers
        self._telephony = telephony

    async def begin(
        self,
        by: Actor,
        interaction_id: UUID,
        wanted: Wanted,
        *,
        only_own: bool = True,
        beside: Beside | None = None,
    ) -> None:
        """Pass a contact on. Its agent's part ends; they write it up as their queue says.

        Raises ``NotYours``, ``ChatEnded``, ``transfer-under-way`` (another click was quicker),
        ``transfer-not-of-a-call`` (somebody else's), and of the target ``transfer-agent-away``,
        ``transfer-queue-empty``, ``transfer-to-oneself``, ``queue-unknown``.
        """
        note = note_text(wanted.note)
        media = MEDIA[await self._check(by, interaction_id, only_own=only_own)]
        queue = await self._queue_for(by.tenant_id, interaction_id, wanted, media)
        number = None
        if wanted.agent_id is not None:
            known = await self._names.agent(by.tenant_id, wanted.agent_id)
            number = "" if known is None else known.number
        async with self._database.transaction(by.tenant_id, actor=by.ref) as tx:
            interaction = await interactions.find_locked(tx, interaction_id)
            if interaction is None:
                raise InteractionUnknown(interaction_id)
            sender = await _sender(tx, interaction, by, only_own=only_own)
            if sender == wanted.agent_id:
                raise CannotTake("transfer-to-oneself", "agent_id")
            notice = "passed-on-to-queue" if number is None else "passed-on-to-agent"
            params = {"queue": queue.name} if number is None else {"number": number}
            if await _speaks(tx, interaction):
                if interaction.channel is Channel.MESSAGE:
                    notice = f"message-{notice}"
                await self._messages.notice(tx, interaction.conversation_id, interaction_id, notice, params)
            if interaction.channel is not Channel.VOICE:  # of a call, entering the queue does it
                await begin_write_up(tx, interaction, tx.now)
            if interaction.channel is Channel.MESSAGE:
                await chats.detach_chat(tx, interaction.conversation_id, interaction_id)
            await self._opening.enter_queue(tx, interaction_id, queue.code)
            await self._store(tx, interaction, sender, queue, wanted.agent_id, note, by)
            if beside is not None:
                await beside(tx)
        if interaction.channel is Channel.VOICE:
            # Stored first: who is let go of has their place. Should we die here, the next offer lets go of the agent.
            await self._telephony.pass_on(interaction_id, sender)

    async def take_back(self, actor: Actor, interaction_id: UUID) -> InboxItem:
        """The sender has the chat again. Raises ``transfer-answered``, or ``no-transfer``."""
        async with self._database.glance(actor.tenant_id) as reading:
            transfer = await repository.under_way(reading, interaction_id)
        if transfer is None or actor.id is None or transfer.from_agent_id != actor.id:
            raise NoTransfer("no-transfer", interaction_id)
        await self._not_of_a_call(actor.tenant_id, interaction_id)
        # Said to routing already by the event, unless this is quicker.
        await self._routing.release(actor.tenant_id, interaction_id, agent_id=actor.id)
        try:
            given = await self._routing.give(actor.tenant_id, interaction_id, agent_id=actor.id)
        except Conflict as refused:
            if refused.code in ("item-engaged", "item-not-waiting"):
                raise NoTransfer("transfer-answered", interaction_id) from None
            raise
        return await self._offers.given(actor.tenant_id, given)

    async def _not_of_a_call(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        async with self._database.glance(tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
        if interaction is not None and interaction.channel is Channel.VOICE:
            raise StateForbids("transfer-not-of-a-call", interaction.state)

    async def _check(self, by: Actor, interaction_id: UUID, *, only_own: bool) -> Channel:
        """Tell nobody anything of a contact that is not theirs, not even why it could not be passed on."""
        async with self._database.glance(by.tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
            if interaction is None:
                raise InteractionUnknown(interaction_id)
            if only_own and (by.id is None or not await interactions.served(reading, interaction_id, by.id)):
                raise NotYours
        return interaction.channel

    async def _queue_for(self, tenant_id: TenantId, interaction_id: UUID, wanted: Wanted, media: Media) -> QueueView:
        """The queue that a contact goes through. Raises when nobody there could take it."""
        if (wanted.queue is None) == (wanted.agent_id is None):
            raise Invalid("transfer-needs-one-target", field="queue")
        held = self._routing.assignment(tenant_id, interaction_id)
        if wanted.queue is not None:
            return await self._targets.queue(tenant_id, wanted.queue, None if held is None else held.agent_id, media)
        assert wanted.agent_id is not None
        own = None if held is None else held.queue.id
        return await self._targets.queue_of(tenant_id, wanted.agent_id, own, media)

    async def _store(
        self,
        tx: Transaction,
        interaction: InteractionView,
        sender: UUID,
        queue: QueueView,
        to_agent: UUID | None,
        note: str,
        by: Actor,
    ) -> None:
        transfer = TransferView(
            id=new_id(),
            interaction_id=interaction.id,
            from_agent_id=sender,
            to_queue_id=queue.id,
            to_agent_id=to_agent,
            note=note,
            begun_at=tx.now,
            taken_over=to_agent is not None and to_agent == by.id,
        )
        await repository.insert_transfer(tx, transfer)
        left = interaction.channel is Channel.MESSAGE  # it keeps its age; a chat has it as a head start
        item = NewItem(
            id=new_id(),
            interaction_id=interaction.id,
            media=MEDIA[interaction.channel],
            queue=queue.code,
            enqueued_at=interaction.opened_at if left else tx.now,
            preferred_agent_id=to_agent,
            preferred_wait_s=None if to_agent is None else FOR_ONE_S,
            boost_s=0.0 if left else _head_start(interaction, tx.now),
            again=True,
            not_to=(sender,),
        )
        await self._routing.enqueue(tx, item)
        begun = TransferBegun(
            interaction_id=interaction.id,
            conversation_id=interaction.conversation_id,
            from_agent_id=sender,
            to_queue_id=queue.id,
            to_agent_id=to_agent,
        )
        tx.emit(begun, subject=interaction.id)


async def _sender(tx: Transaction, interaction: InteractionView, by: Actor, *, only_own: bool) -> UUID:
    """The agent who has the chat, if it may be passed on."""
    if interaction.channel is Channel.VOICE and not only_own:
        raise StateForbids("transfer-not-of-a-call", interaction.state)
    if interaction.state is InteractionState.TALKING and interaction.agent_id is not None:
        if only_own and interaction.agent_id != by.id:
            raise NotYours
        return interaction.agent_id
    if await repository.under_way(tx, interaction.id) is not None:
        raise NoTransfer("transfer-under-way", interaction.id)
    raise ChatEnded


async def _speaks(tx: Transaction, interaction: InteractionView) -> bool:
    """Whether the contact is what goes on in its conversation, so that its customer reads what becomes of it."""
    if interaction.channel is not Channel.MESSAGE:
        return interaction.channel is Channel.WEBCHAT
    now = await conversation_now(tx, interaction.conversation_id)
    return now is not None and now.interaction_id == interaction.id


def _head_start(interaction: InteractionView, now: datetime) -> float:
    """Who has come before others goes before them: as if they had waited since they came."""
    waited: timedelta = now - interaction.opened_at
    return min(MOST_HEAD_START_S, max(0.0, waited.total_seconds()))
