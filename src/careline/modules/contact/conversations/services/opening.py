"""A contact begins, is led through a flow and asks for a person."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from careline.infra.database.transaction import Transaction
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import InteractionUnknown, StateForbids
from careline.modules.contact.conversations.events import InteractionOpened
from careline.modules.contact.conversations.repository import chats
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.services.moves import begin_wrap_up, emit_state
from careline.modules.contact.conversations.services.reached import Reached
from careline.modules.contact.conversations.states import InteractionState, may_go
from careline.modules.contact.conversations.views import Channel, InteractionView, SegmentKind, SegmentView
from careline.modules.contact.telephony.views import CallView
from careline.modules.core.routing.views import QueueView
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.views import Assurance

Queues = Callable[[TenantId], list[QueueView]]


class Opening:
    """Opens interactions; implements telephony's ``CallOpening``."""

    def __init__(self, customers: Customers, queues: Queues, reached: Reached) -> None:
        self._customers = customers
        self._queues = queues
        self.reached = reached

    async def check_reach(self, actor: Actor, permission: str, call_id: UUID) -> None:
        """Pass who may do this with a call, which belongs to those who handled it. Raises ``outside-your-scope``."""
        await self.reached.check(actor, permission, call_id)

    async def call_opened(self, tx: Transaction, call: CallView) -> None:
        """Open the interaction of a call in the transaction that stores the call.

        Its customer is looked up by the caller's number, which shows the agent whom to expect and proves nothing.
        """
        customer_id, assurance = None, Assurance.NONE
        if call.caller_number is not None:
            line = await self._customers.line_within(tx, call.caller_number)
            customer_id = None if line is None else line.customer_id
            assurance = Assurance.CALLER_NUMBER
        conversation_id = new_id()
        await repository.insert_conversation(tx, conversation_id, customer_id)
        await self._open(
            tx,
            InteractionView(
                id=call.id,
                tenant_id=call.tenant_id,
                conversation_id=conversation_id,
                channel=Channel.VOICE,
                state=InteractionState.FLOW,
                assurance=assurance,
                opened_at=call.arrived_at,
                customer_id=customer_id,
                number=call.caller_number,
                called_number=call.called_number,
            ),
        )

    async def customer_now(self, tx: Transaction, customer_id: UUID | None) -> UUID | None:
        """Who a customer is now: a visitor may have been told apart before two customers turned out to be one."""
        return None if customer_id is None else await self._customers.present(tx, customer_id)

    async def open_chat(
        self, tx: Transaction, conversation_id: UUID, *, customer_id: UUID | None, number: str | None
    ) -> UUID:
        """Open an interaction of a visitor's conversation; its id."""
        customer_id = await self.customer_now(tx, customer_id)
        interaction = InteractionView(
            id=new_id(),
            tenant_id=tx.tenant_id,
            conversation_id=conversation_id,
            channel=Channel.WEBCHAT,
            state=InteractionState.FLOW,
            assurance=Assurance.NONE if number is None else Assurance.CLAIMED,
            opened_at=tx.now,
            customer_id=customer_id,
            number=number,
        )
        await self._open(tx, interaction)
        await chats.attach_chat(tx, conversation_id, interaction.id, None)
        return interaction.id

    async def open_message(self, tx: Transaction, asked_in: InteractionView, queue_code: str) -> UUID:
        """Open the interaction of a message that was left in a chat, which waits in a queue at once; its id."""
        queue_id = next((queue.id for queue in self._queues(tx.tenant_id) if queue.code == queue_code), None)
        interaction = InteractionView(
            id=new_id(),
            tenant_id=tx.tenant_id,
            conversation_id=asked_in.conversation_id,
            channel=Channel.MESSAGE,
            state=InteractionState.QUEUED,
            assurance=asked_in.assurance,
            opened_at=tx.now,
            customer_id=await self.customer_now(tx, asked_in.customer_id),
            number=asked_in.number,
            queue_id=queue_id,
        )
        await self._open(tx, interaction)
        return interaction.id

    async def enter_queue(self, tx: Transaction, interaction_id: UUID, queue_code: str) -> None:
        """The customer asked for a person; joins the transaction that puts the item into routing's queue."""
        interaction = await repository.find_locked(tx, interaction_id)
        if interaction is None:
            raise InteractionUnknown(interaction_id)
        if not may_go(interaction.state, InteractionState.QUEUED):
            raise StateForbids("interaction-not-queueable", interaction.state)
        if interaction.state is InteractionState.TALKING and interaction.channel is Channel.VOICE:
            # The flow knows already that the agent is lost; routing's word of it is still on its way to us.
            interaction = await begin_wrap_up(tx, interaction, None, tx.now)
        queue_id = next((queue.id for queue in self._queues(tx.tenant_id) if queue.code == queue_code), None)
        await self._go(tx, interaction, InteractionState.QUEUED, SegmentKind.QUEUE, queue_id)

    async def back_to_flow(self, tx: Transaction, interaction_id: UUID) -> None:
        """The customer waits no longer and the flow goes on with them: nobody is there, or the queue is full."""
        interaction = await repository.find_locked(tx, interaction_id)
        if interaction is None:
            raise InteractionUnknown(interaction_id)
        if not may_go(interaction.state, InteractionState.FLOW):
            raise StateForbids("interaction-not-waiting", interaction.state)
        await self._go(tx, interaction, InteractionState.FLOW, SegmentKind.FLOW, interaction.queue_id)

    async def note_step(self, tx: Transaction, interaction_id: UUID, step: str, text: str) -> None:
        """Add to the journey what the flow did, in the flow's own words; never what was said or keyed."""
        await repository.insert_step(tx, interaction_id, step, text)

    async def _open(self, tx: Transaction, interaction: InteractionView) -> None:
        await repository.insert_interaction(tx, interaction)
        kind = SegmentKind.QUEUE if interaction.state is InteractionState.QUEUED else SegmentKind.FLOW
        first = SegmentView(kind=kind, started_at=interaction.opened_at, queue_id=interaction.queue_id)
        await repository.begin_segments(tx, interaction.id, [first])
        tx.emit(
            InteractionOpened(
                interaction_id=interaction.id,
                conversation_id=interaction.conversation_id,
                channel=interaction.channel,
                assurance=interaction.assurance,
                customer_id=interaction.customer_id,
                called_number=interaction.called_number,
            ),
            subject=interaction.id,
        )

    async def _go(
        self,
        tx: Transaction,
        interaction: InteractionView,
        state: InteractionState,
        kind: SegmentKind,
        queue_id: UUID | None,
    ) -> None:
        """The customer's side goes on in another way; an agent's after-contact work of before goes on beside it."""
        moved = msgspec.structs.replace(interaction, state=state, queue_id=queue_id, agent_id=None)
        await repository.save(tx, moved)
        await repository.end_segments(tx, interaction.id, tx.now)
        segment = SegmentView(kind=kind, started_at=tx.now, queue_id=queue_id if kind is SegmentKind.QUEUE else None)
        await repository.begin_segments(tx, interaction.id, [segment])
        if interaction.channel is Channel.WEBCHAT:
            await chats.attach_chat(tx, interaction.conversation_id, interaction.id, None)
        emit_state(tx, moved)
