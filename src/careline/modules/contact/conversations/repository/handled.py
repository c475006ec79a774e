"""Who handled a contact: the agents who talked with the customer, and colleagues and supervisors who joined in."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union

from careline.infra.database.transaction import Reading
from careline.modules.contact.conversations.models import InteractionRow, ParticipantRow, SegmentRow
from careline.modules.contact.conversations.states import ParticipantRole
from careline.modules.contact.conversations.views import InteractionView, SegmentKind

_OVERHEARING = (ParticipantRole.SUPERVISOR_LISTENING.value, ParticipantRole.SUPERVISOR_WHISPERING.value)


async def handled_by(reading: Reading, contacts: Sequence[InteractionView]) -> dict[UUID, set[UUID]]:
    """For each contact that somebody handled, who did. Who only overheard it made it nobody's."""
    ids = [one.id for one in contacts]
    talked = select(SegmentRow.interaction_id, SegmentRow.agent_id.label("user_id")).where(
        SegmentRow.tenant_id == reading.tenant_id,
        SegmentRow.interaction_id.in_(ids),
        SegmentRow.kind == SegmentKind.TALK.value,
        SegmentRow.agent_id.is_not(None),
    )
    beside = select(ParticipantRow.interaction_id, ParticipantRow.user_id).where(
        ParticipantRow.tenant_id == reading.tenant_id,
        # Its index begins with the conversation.
        ParticipantRow.conversation_id.in_({one.conversation_id for one in contacts}),
        ParticipantRow.interaction_id.in_(ids),
        ParticipantRow.role.not_in(_OVERHEARING),
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in (await reading.execute(union(talked, beside))).all():
        found[row.interaction_id].add(row.user_id)
    return found


async def latest_in(reading: Reading, conversation_id: UUID, *, limit: int) -> list[UUID]:
    """The newest contacts of a conversation, the latest first."""
    statement = (
        select(InteractionRow.id)
        .where(InteractionRow.tenant_id == reading.tenant_id, InteractionRow.conversation_id == conversation_id)
        .order_by(InteractionRow.opened_at.desc(), InteractionRow.id.desc())
        .limit(limit)
    )
    return list((await reading.execute(statement)).scalars())
