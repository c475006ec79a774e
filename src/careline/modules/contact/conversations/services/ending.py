"""A contact is ended by one of those in it, and its agent says how it ended."""

from collections.abc import Set
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.engine.dispositions import (
    DispositionView,
    in_use,
    is_for,
    is_leaf,
    may_be_chosen,
    path_of,
    way_to,
)
from careline.modules.contact.conversations.errors import InteractionUnknown, NotYours, StateForbids
from careline.modules.contact.conversations.events import WrappedUp
from careline.modules.contact.conversations.repository import dispositions, messages, write_ups
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.repository.interactions import OpenSegment
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.rules import note_text
from careline.modules.contact.conversations.services.moves import close, emit_state
from careline.modules.contact.conversations.services.progress import Progress
from careline.modules.contact.conversations.states import LIVE, InteractionState
from careline.modules.contact.conversations.views import Channel, EndedBy, InteractionView, SegmentKind
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
            notice = "message-handled" if interaction.channel is Channel.MESSAGE else "agent-left"
            await self._progress.contact_ended(actor.tenant_id, interaction_id, EndedBy.AGENT, notice=notice)

    async def elsewhere(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """A left message is seen to by somebody to whom it was not offered; who has it in hand keeps it."""
        interaction = await self._find(tenant_id, interaction_id)
        if interaction.channel is Channel.MESSAGE and interaction.state is InteractionState.QUEUED:
            await self._progress.contact_ended(tenant_id, interaction_id, EndedBy.SYSTEM)

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
            part = await _part_of(tx, interaction, actor)
            if part is None:
                await self._refuse(tx, actor, interaction, (disposition, words), draft=draft)
                return
            if not draft and part.kind is not SegmentKind.WRAP_UP:
                raise StateForbids("contact-not-over", interaction.state)
            if disposition is None and not draft:
                raise Invalid("disposition-missing", field="disposition")
            path = None
            if disposition is not None:
                tree = await dispositions.tree(tx)
                queues = {one for one in (interaction.queue_id, part.queue_id) if one is not None}
                usable = may_be_chosen(disposition, tree) and is_for(disposition, tree, queues)
                if draft and disposition in tree and not usable:
                    disposition = None  # changed while they write: it is refused at the end, and no word is lost
                else:
                    path = _path_to(disposition, tree, queues)
            await write_ups.write(tx, part.id, disposition, path, words)
            kept = interaction
            if interaction.agent_id in (actor.id, None):
                # The contact ended as its last agent says; what those before them said stands with their parts.
                kept = msgspec.structs.replace(interaction, disposition=disposition, note=words)
                await repository.save(tx, kept)
            if not draft and disposition is not None and actor.id is not None:
                await _finish(tx, kept, actor.id, disposition, path)

    @staticmethod
    async def _refuse(
        tx: Transaction, actor: Actor, interaction: InteractionView, said: tuple[str | None, str], *, draft: bool
    ) -> None:
        """There is nothing for this one to write up; only who says again what is stored is not told so."""
        if actor.id is None or not await repository.served_by(tx, interaction.conversation_id, actor.id):
            raise NotYours
        mine = [one for one in await write_ups.of(tx, interaction.id) if one.agent_id == actor.id]
        if draft or not mine or (mine[-1].code, mine[-1].note) != said:
            raise StateForbids("nothing-to-wrap-up", interaction.state)

    async def _find(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        async with self._database.glance(tenant_id) as reading:
            interaction = await repository.find(reading, interaction_id)
        if interaction is None:
            raise InteractionUnknown(interaction_id)
        return interaction


async def _part_of(tx: Transaction, interaction: InteractionView, actor: Actor) -> OpenSegment | None:
    """The part that an agent has to write up, or talks in; None when they have none."""
    mine = [one for one in await repository.open_segments(tx, interaction.id) if one.agent_id == actor.id]
    for kind in (SegmentKind.WRAP_UP, SegmentKind.TALK):
        found = [one for one in mine if one.kind is kind]
        if found and actor.id is not None:
            return found[-1]
    return None


async def _finish(
    tx: Transaction, interaction: InteractionView, agent_id: UUID, disposition: str, path: str | None
) -> None:
    """The agent's part is written up; the contact is closed with the last one."""
    await repository.end_wrap_up(tx, interaction.id, agent_id, tx.now)
    tx.emit(
        WrappedUp(
            interaction_id=interaction.id,
            conversation_id=interaction.conversation_id,
            channel=interaction.channel,
            agent_id=agent_id,
            disposition=disposition,
            path=path,
        ),
        subject=interaction.id,
    )
    over = interaction.state is InteractionState.AFTER_CONTACT_WORK
    if over and not await write_ups.is_open(tx, interaction.id):
        await close(tx, interaction, tx.now)
    else:
        emit_state(tx, interaction)  # who is done with it hears no more of it


def _path_to(code: str, tree: dict[str, DispositionView], queues: Set[UUID]) -> str:
    if not in_use(code, tree):
        raise Invalid("disposition-unknown", field="disposition", disposition=code)
    if not is_leaf(code, tree):
        raise Invalid("disposition-not-a-leaf", field="disposition", disposition=code)
    if not is_for(code, tree, queues):
        raise Invalid("disposition-of-other-queues", field="disposition", disposition=code)
    return path_of(way_to(code, tree))
