"""A call on hold: the agent asks for it, telephony does it and reports it, and it is a stretch within the talk."""

from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import InteractionUnknown, NotYours, StateForbids
from careline.modules.contact.conversations.repository import holds
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.services.moves import emit_state
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel, SegmentKind, SegmentView
from careline.modules.contact.telephony.events import CallHeld, CallResumed
from careline.modules.contact.telephony.facade import Telephony


class Holding:
    """Asks for holds, and writes them down."""

    def __init__(self, database: Database, telephony: Telephony) -> None:
        self._database = database
        self._telephony = telephony

    async def set(self, actor: Actor, interaction_id: UUID, *, held: bool) -> None:
        """Put the caller on hold, or take them back. Raises ``NotYours``, ``StateForbids`` or ``CallGone``."""
        async with self._database.glance(actor.tenant_id) as reading:
            interaction = await repository.find(reading, interaction_id)
        if interaction is None:
            raise InteractionUnknown(interaction_id)
        if actor.id is None or interaction.agent_id != actor.id:
            raise NotYours
        if interaction.channel is not Channel.VOICE or interaction.state is not InteractionState.TALKING:
            raise StateForbids("no-talk-to-hold", interaction.state)
        if held:
            await self._telephony.hold(interaction_id, actor.id)
        else:
            await self._telephony.resume(interaction_id, actor.id)

    async def changed(self, tenant_id: TenantId, event: CallHeld | CallResumed, at: datetime) -> None:
        """Telephony reports; told twice, it is written once."""
        async with self._database.transaction(tenant_id) as tx:
            interaction = await repository.find_locked(tx, event.call_id)
            if interaction is None or interaction.agent_id != event.agent_id:
                return
            if interaction.state is not InteractionState.TALKING:
                return
            if isinstance(event, CallResumed):
                await holds.end(tx, interaction.id, at)
            elif not await holds.has(tx, interaction.id, at):
                stretch = SegmentView(
                    kind=SegmentKind.HOLD, started_at=at, queue_id=interaction.queue_id, agent_id=event.agent_id
                )
                await repository.begin_segments(tx, interaction.id, [stretch])
            emit_state(tx, interaction)
