"""What routing and telephony report of an interaction, written down.

Every method may be told the same thing twice, or late, and writes it once.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.events import ContactEnded, TransferEnded
from careline.modules.contact.conversations.repository import chats, transfers, write_ups
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.moves import begin_wrap_up, close, emit_state
from careline.modules.contact.conversations.services.opening import Opening
from careline.modules.contact.conversations.services.participants import all_leave
from careline.modules.contact.conversations.services.signals import SignalBoard
from careline.modules.contact.conversations.states import InteractionState, TransferOutcome, after_contact, may_go
from careline.modules.contact.conversations.views import (
    AgentDone,
    AgentJoined,
    Channel,
    CustomerLeft,
    EndedBy,
    InteractionView,
    SegmentKind,
    SegmentView,
)
from careline.modules.core.routing.events import ItemAssigned, ItemFinished, ItemWrappedUp, WrapUpLimitChanged
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import NewItem

BACK_TO_SAME_S = 300.0
"""How long a left message that lost its agent waits for the same one alone."""


class Progress:
    """Moves interactions on."""

    def __init__(
        self, database: Database, messages: Messages, signals: SignalBoard, opening: Opening, routing: Routing
    ) -> None:
        self._database = database
        self._messages = messages
        self._signals = signals
        self._opening = opening
        self._routing = routing

    async def assigned(self, tenant_id: TenantId, item: ItemAssigned, at: datetime, agent_number: str) -> bool:
        """An agent took it: queue and ring are over, talk begins. The customer of a chat is told who it is.

        False when the customer left in the same moment, so that there is nothing for the agent to do.
        """
        async with self._database.transaction(tenant_id) as tx:
            interaction = await repository.find_locked(tx, item.interaction_id)
            if interaction is None or await repository.has_offer(tx, interaction.id, item.offer_id):
                return interaction is not None
            if not may_go(interaction.state, InteractionState.TALKING):
                return False
            await repository.end_segments(tx, interaction.id, max(item.offered_at, interaction.opened_at))
            talk = SegmentView(kind=SegmentKind.TALK, started_at=at, queue_id=item.queue_id, agent_id=item.agent_id)
            ring = msgspec.structs.replace(talk, kind=SegmentKind.RING, started_at=item.offered_at, ended_at=at)
            stretches = [ring, talk]
            await repository.begin_segments(tx, interaction.id, stretches, offer_id=item.offer_id)
            moved = msgspec.structs.replace(
                interaction,
                state=InteractionState.TALKING,
                queue_id=item.queue_id,
                agent_id=item.agent_id,
                wrap_up_deadline=None,
            )
            await repository.save(tx, moved)
            emit_state(tx, moved)
            await _end_transfer(tx, interaction.id, item.agent_id, at)
            if interaction.channel is Channel.WEBCHAT:
                await chats.attach_chat(tx, interaction.conversation_id, interaction.id, item.agent_id)
                await self._messages.notice(
                    tx, interaction.conversation_id, interaction.id, "agent-joined", {"number": agent_number}
                )
            elif interaction.channel is Channel.MESSAGE:
                await self._answer_in_thread(tx, moved, agent_number)
            tx.on_commit(lambda: self._signals.tell(interaction.id, AgentJoined(agent_id=item.agent_id)))
            return True

    async def _answer_in_thread(self, tx: Transaction, message: InteractionView, agent_number: str | None) -> None:
        """Who has a left message in hand speaks in its conversation, unless a chat goes on there."""
        assert message.agent_id is not None
        if await chats.join_chat(tx, message.conversation_id, message.id, message.agent_id) and agent_number:
            told = {"number": agent_number}
            await self._messages.notice(tx, message.conversation_id, message.id, "message-in-hand", told)

    async def finished(self, tenant_id: TenantId, item: ItemFinished, at: datetime) -> None:
        """Routing let the agent's contact end: after-contact work, perhaps until a deadline.

        Of a call, the caller may still be there, with a flow that asks for a rating or looks for another agent. A chat
        or a left message that nobody has ended waits again.
        """
        async with self._database.transaction(tenant_id) as tx:
            interaction = await repository.find_locked(tx, item.interaction_id)
            if interaction is None or interaction.agent_id != item.agent_id:
                return
            if interaction.state is InteractionState.TALKING:
                if interaction.channel is not Channel.VOICE:
                    await self._back_to_queue(tx, interaction, item)
                else:
                    await begin_wrap_up(tx, interaction, item.wrap_up_deadline, at)
                return
            known = interaction.wrap_up_deadline == item.wrap_up_deadline
            if interaction.state is InteractionState.AFTER_CONTACT_WORK and not known:
                moved = msgspec.structs.replace(interaction, wrap_up_deadline=item.wrap_up_deadline)
                await repository.save(tx, moved)
                emit_state(tx, moved)

    async def _back_to_queue(self, tx: Transaction, interaction: InteractionView, item: ItemFinished) -> None:
        """A chat goes on without its agent, whose desk has stayed away: its customer waits for another one.

        They go before whoever came after their talk began. Nothing happens when they are served again by now. A left
        message keeps its age, and is the same agent's first for a while.
        """
        if self._routing.assignment(tx.tenant_id, interaction.id) is not None:
            return
        queue = next(queue.code for queue in self._routing.queues(tx.tenant_id) if queue.id == item.queue_id)
        left = interaction.channel is Channel.MESSAGE
        if left:
            await chats.detach_chat(tx, interaction.conversation_id, interaction.id)
        else:
            await self._messages.notice(tx, interaction.conversation_id, interaction.id, "agent-away", {})
        await self._opening.enter_queue(tx, interaction.id, queue)
        again = NewItem(
            id=new_id(),
            interaction_id=interaction.id,
            media=item.media,
            queue=queue,
            enqueued_at=interaction.opened_at if left else item.assigned_at,
            preferred_agent_id=item.agent_id if left else None,
            preferred_wait_s=BACK_TO_SAME_S if left else None,
            again=True,
        )
        await self._routing.enqueue(tx, again)

    async def limited(self, tenant_id: TenantId, item: WrapUpLimitChanged) -> None:
        """After-contact work ends at another time than was said."""
        async with self._database.transaction(tenant_id) as tx:
            interaction = await repository.find_locked(tx, item.interaction_id)
            if interaction is None or interaction.agent_id != item.agent_id:
                return
            if interaction.state is InteractionState.AFTER_CONTACT_WORK:
                moved = msgspec.structs.replace(interaction, wrap_up_deadline=item.wrap_up_deadline)
                await repository.save(tx, moved)
                emit_state(tx, moved)

    async def wrapped_up(self, tenant_id: TenantId, item: ItemWrappedUp, at: datetime) -> None:
        """Routing ended after-contact work by its limit; what the agent had drafted stays."""
        async with self._database.transaction(tenant_id) as tx:
            interaction = await repository.find_locked(tx, item.interaction_id)
            if interaction is None or not await repository.end_wrap_up(tx, interaction.id, item.agent_id, at):
                return
            over = interaction.state is InteractionState.AFTER_CONTACT_WORK
            if over and not await write_ups.is_open(tx, interaction.id):
                await close(tx, interaction, at, timed_out=item.timed_out)
            else:
                emit_state(tx, interaction)  # who is done with it hears no more of it

    async def contact_ended(
        self,
        tenant_id: TenantId,
        interaction_id: UUID,
        by: EndedBy,
        *,
        at: datetime | None = None,
        notice: str | None = None,
    ) -> InteractionView | None:
        """The customer's side is over, since ``at``, or just now. Returns the interaction as it was before; None when
        it is unknown."""
        async with self._database.transaction(tenant_id) as tx:
            interaction = await repository.find_locked(tx, interaction_id)
            if interaction is None or interaction.ended_at is not None:
                return interaction
            if notice is not None:
                await self._messages.notice(tx, interaction.conversation_id, interaction.id, notice, {})
            await self._end_contact(tx, interaction, by, at or tx.now)
        return interaction

    async def _end_contact(
        self,
        tx: Transaction,
        interaction: InteractionView,
        by: EndedBy,
        at: datetime,
        deadline: datetime | None = None,
    ) -> None:
        ended = msgspec.structs.replace(interaction, ended_at=at, ended_by=by)
        agent_id = interaction.agent_id if interaction.state is InteractionState.TALKING else None
        if interaction.state is InteractionState.TALKING:
            ended = await begin_wrap_up(tx, ended, deadline, at)
        elif after_contact(interaction.state) is InteractionState.CLOSED:
            await close(tx, ended, interaction.closed_at or at)
        else:
            await repository.save(tx, ended)
        await _end_transfer(tx, interaction.id, None, at)
        if interaction.channel is not Channel.VOICE:
            detached = await chats.detach_chat(tx, interaction.conversation_id, interaction.id)
            if detached or interaction.channel is Channel.WEBCHAT:
                await all_leave(tx, interaction.conversation_id, at)
            # A message that was left here may have been taken while the chat went on.
            message = await chats.message_in_hand(tx, interaction.conversation_id) if detached else None
            if message is not None and message.id != interaction.id:
                await self._answer_in_thread(tx, message, None)
        tx.emit(
            ContactEnded(
                interaction_id=interaction.id,
                conversation_id=interaction.conversation_id,
                channel=interaction.channel,
                by=by,
                customer_id=interaction.customer_id,
                queue_id=interaction.queue_id,
                agent_id=agent_id,
            ),
            subject=interaction.id,
        )
        done = AgentDone(agent_id=agent_id) if by is EndedBy.AGENT and agent_id is not None else CustomerLeft()
        tx.on_commit(lambda: self._signals.tell(interaction.id, done))


async def _end_transfer(tx: Transaction, interaction_id: UUID, taken_by: UUID | None, at: datetime) -> None:
    """Whoever had passed the contact on is told what became of it. Nothing happens when nobody had."""
    transfer = await transfers.under_way(tx, interaction_id)
    if transfer is None:
        return
    outcome = TransferOutcome.LEFT
    if taken_by is not None:
        outcome = TransferOutcome.TAKEN_BACK if taken_by == transfer.from_agent_id else TransferOutcome.ANSWERED
    await transfers.end(tx, transfer.id, outcome, taken_by, at)
    tx.emit(
        TransferEnded(
            interaction_id=interaction_id, from_agent_id=transfer.from_agent_id, outcome=outcome, taken_by=taken_by
        ),
        subject=interaction_id,
    )
