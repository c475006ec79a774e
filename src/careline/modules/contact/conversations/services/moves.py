"""Steps of an interaction that several use cases take, each within the caller's transaction."""

from datetime import datetime

import msgspec

from careline.infra.database.transaction import Transaction
from careline.modules.contact.conversations.events import InteractionClosed, InteractionStateChanged
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.repository import write_ups
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import InteractionView, SegmentKind, SegmentView


async def begin_wrap_up(
    tx: Transaction, interaction: InteractionView, deadline: datetime | None, at: datetime
) -> InteractionView:
    """End the talk and begin after-contact work."""
    await begin_write_up(tx, interaction, at)
    moved = msgspec.structs.replace(interaction, state=InteractionState.AFTER_CONTACT_WORK, wrap_up_deadline=deadline)
    await repository.save(tx, moved)
    emit_state(tx, moved)
    return moved


async def begin_write_up(tx: Transaction, interaction: InteractionView, at: datetime) -> None:
    """End the talk; its agent writes up from now on what they may have begun to write in it."""
    talks = await repository.open_segments(tx, interaction.id)
    await repository.end_segments(tx, interaction.id, at)
    stretch = SegmentView(
        kind=SegmentKind.WRAP_UP, started_at=at, queue_id=interaction.queue_id, agent_id=interaction.agent_id
    )
    await repository.begin_segments(tx, interaction.id, [stretch])
    drafts = [one for one in talks if one.kind is SegmentKind.TALK and one.note is not None]
    if not drafts:
        return
    for one in await repository.open_segments(tx, interaction.id):
        if one.kind is SegmentKind.WRAP_UP and one.agent_id == interaction.agent_id:
            await write_ups.write(tx, one.id, drafts[-1].disposition, drafts[-1].disposition_path, drafts[-1].note)


async def close(tx: Transaction, interaction: InteractionView, at: datetime, *, timed_out: bool = False) -> None:
    """Nothing is left to do with it. Told once; closing what is closed only stores what else has changed."""
    closed = msgspec.structs.replace(interaction, state=InteractionState.CLOSED, closed_at=at)
    await repository.save(tx, closed)
    if interaction.state is InteractionState.CLOSED:
        return
    await repository.end_segments(tx, interaction.id, at)
    emit_state(tx, closed)
    tx.emit(
        InteractionClosed(
            interaction_id=closed.id,
            conversation_id=closed.conversation_id,
            channel=closed.channel,
            opened_at=closed.opened_at,
            agent_id=closed.agent_id,
            queue_id=closed.queue_id,
            disposition=closed.disposition,
            timed_out=timed_out,
        ),
        subject=closed.id,
    )


def emit_state(tx: Transaction, interaction: InteractionView) -> None:
    """Say where the interaction is now."""
    tx.emit(
        InteractionStateChanged(
            interaction_id=interaction.id,
            conversation_id=interaction.conversation_id,
            channel=interaction.channel,
            state=interaction.state,
            queue_id=interaction.queue_id,
            agent_id=interaction.agent_id,
        ),
        subject=interaction.id,
    )
