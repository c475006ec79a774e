"""A contact is ended by one of those in it, and its agent says how it ended."""

from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import InteractionUnknown, NotYours, StateForbids
from careline.modules.contact.conversations.events import WrappedUp
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.repository import messages, visitors
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.rules import note_text
from careline.modules.contact.conversations.services.moves import close
from careline.modules.contact.conversations.services.progress import Progress
from careline.modules.contact.conversations.states import LIVE, InteractionState
from careline.modules.contact.conversations.views import Channel, DispositionView, EndedBy, InteractionView, SegmentKind
from careline.modules.contact.telephony.facade import Telephony


class Ending:
    """Ends contacts and takes down how they ended. Routing is told by our own events, so a crash loses nothing."""

    def __init__(self, database: Database, progress: Progress, telephony: Telephony) -> None:
        self._database = database
        self._progress = progress
        self._telephony = telephony

    async def by_visitor(self, visitor: VisitorRecord) -> None:
        """The customer ends the chat that goes on; nothing happens when none does."""
        if visitor.conversation_id is None:
            return
        async with self._database.glance(visitor.tenant_id) as reading:
            conversation = await messages.conversation(reading, visitor.conversation_id)
        if conversation is not None and conversation.interaction_id is not None:
            await self._progress.contact_ended(
                visitor.tenant_id, conversation.interaction_id, EndedBy.CUSTOMER, notice="customer-left"
            )

    async def by_agent(self, actor: Actor, interaction_id: UUID) -> None:
        """The agent ends their chat, or their part of a call, whose flow may then ask the caller for a rating."""
        interaction = await self._find(actor.tenant_id, interaction_id)
        if interaction.agent_id is None or interaction.agent_id != actor.id:
            raise NotYours
        if interaction.state is not InteractionState.TALKING:
            return
        if interaction.channel is Channel.VOICE:
            await self._telephony.hang_up_agent(interaction_id)
        else:
            await self._progress.contact_ended(actor.tenant_id, interaction_id, EndedBy.AGENT, notice="agent-left")

    async def by_flow(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """The flow has nothing more to do with the customer. A call is hung up by telephony, which then tells us."""
        interaction = await self._find(tenant_id, interaction_id)
        if interaction.channel is Channel.WEBCHAT and interaction.state in LIVE:
            await self._progress.contact_ended(tenant_id, interaction_id, EndedBy.FLOW, notice="flow-ended")

    async def wrap_up(
        self, actor: Actor, interaction_id: UUID, *, disposition: str | None, note: str, draft: bool
    ) -> None:
        """Keep what the agent has written so far or, when it is no draft, end their after-contact work."""
        words = note_text(note)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            interaction = await repository.find_locked(tx, interaction_id)
            if interaction is None:
                raise InteractionUnknown(interaction_id)
            wrapping = [
                segment
                for segment in await repository.open_segments(tx, interaction_id)
                if segment.kind is SegmentKind.WRAP_UP and segment.agent_id == actor.id
            ]
            talking = interaction.state is InteractionState.TALKING and interaction.agent_id == actor.id
            if actor.id is None or not (wrapping or talking):
                if actor.id is None or not await repository.served_by(tx, interaction.conversation_id, actor.id):
                    raise NotYours
                if not draft and (interaction.disposition, interaction.note) == (disposition, words):
                    return  # said again because the answer was lost
                raise StateForbids("nothing-to-wrap-up", interaction.state)
            if not draft and not wrapping:
                raise StateForbids("contact-not-over", interaction.state)
            if disposition is not None:
                _check_leaf(disposition, await visitors.dispositions(tx))
            kept = msgspec.structs.replace(interaction, disposition=disposition, note=words)
            if draft:
                await repository.save(tx, kept)
                return
            if disposition is None:
                raise Invalid("disposition-missing", field="disposition")
            await repository.end_wrap_up(tx, interaction_id, actor.id, tx.now)
            tx.emit(
                WrappedUp(
                    interaction_id=interaction_id,
                    conversation_id=interaction.conversation_id,
                    channel=interaction.channel,
                    agent_id=actor.id,
                    disposition=disposition,
                ),
                subject=interaction_id,
            )
            if interaction.state is InteractionState.AFTER_CONTACT_WORK:
                await close(tx, kept, tx.now)
            else:
                await repository.save(tx, kept)

    async def _find(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        async with self._database.glance(tenant_id) as reading:
            interaction = await repository.find(reading, interaction_id)
        if interaction is None:
            raise InteractionUnknown(interaction_id)
        return interaction


def _check_leaf(code: str, tree: list[DispositionView]) -> None:
    if all(item.code != code for item in tree):
        raise Invalid("disposition-unknown", field="disposition", disposition=code)
    if any(item.parent == code for item in tree):
        raise Invalid("disposition-not-a-leaf", field="disposition", disposition=code)
