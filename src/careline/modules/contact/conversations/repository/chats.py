"""What goes on in a conversation: its chat, with whom, and the messages that were left there."""

from uuid import UUID

from sqlalchemy import bindparam, select, update

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import ConversationRow, InteractionRow, MessageRow
from careline.modules.contact.conversations.repository import interactions
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Author, Channel, EndedBy, InteractionView

_LEFT = InteractionRow.channel == Channel.MESSAGE.value
_OF_CONVERSATION = select(InteractionRow.__table__).where(
    InteractionRow.tenant_id == bindparam("of_tenant"), InteractionRow.conversation_id == bindparam("of_conversation")
)
_NEWEST_FIRST = (InteractionRow.opened_at.desc(), InteractionRow.id.desc())
_LATEST = Prepared(_OF_CONVERSATION.where(~_LEFT).order_by(*_NEWEST_FIRST).limit(1))
_LEFT_HERE = Prepared(_OF_CONVERSATION.where(_LEFT).order_by(*_NEWEST_FIRST).limit(10))


async def latest_of(reading: Reading, conversation_id: UUID) -> InteractionView | None:
    """The newest interaction of a conversation in which its customer was there: no left message."""
    key = {"of_tenant": reading.tenant_id, "of_conversation": conversation_id}
    row = (await reading.run(_LATEST, key)).one_or_none()
    return None if row is None else interactions.view_of(row)


async def left_in(reading: Reading, conversation_id: UUID) -> list[InteractionView]:
    """The left messages of a conversation, the newest first; old ones are left out."""
    key = {"of_tenant": reading.tenant_id, "of_conversation": conversation_id}
    return [interactions.view_of(row) for row in (await reading.run(_LEFT_HERE, key)).all()]


async def answered_in(reading: Reading, conversation_id: UUID) -> InteractionView | None:
    """The left message that was answered last, in words in its conversation, if no chat was there after that."""
    latest = await latest_of(reading, conversation_id)
    for left in await left_in(reading, conversation_id):
        by_agent = left.ended_at is not None and left.ended_by is EndedBy.AGENT
        if not by_agent or (latest is not None and _later(latest, left)):
            continue
        said = select(MessageRow.id).where(
            MessageRow.tenant_id == reading.tenant_id,
            MessageRow.conversation_id == conversation_id,
            MessageRow.author == Author.AGENT.value,
            MessageRow.interaction_id == left.id,
        )
        if (await reading.execute(said.limit(1))).first() is not None:
            return left
    return None


def _later(chat: InteractionView, left: InteractionView) -> bool:
    """Whether a chat goes on, or ended after a left message was seen to."""
    assert left.ended_at is not None
    return chat.ended_at is None or chat.ended_at > left.ended_at


async def attach_chat(tx: Transaction, conversation_id: UUID, interaction_id: UUID, agent_id: UUID | None) -> None:
    """Say which chat goes on in a conversation, and with whom."""
    await tx.execute(
        update(ConversationRow)
        .where(ConversationRow.tenant_id == tx.tenant_id, ConversationRow.id == conversation_id)
        .values(interaction_id=interaction_id, agent_id=agent_id)
    )


async def join_chat(tx: Transaction, conversation_id: UUID, interaction_id: UUID, agent_id: UUID) -> bool:
    """Say with whom a conversation goes on in which no chat does; False when one does."""
    joining = (
        update(ConversationRow)
        .where(
            ConversationRow.tenant_id == tx.tenant_id,
            ConversationRow.id == conversation_id,
            ConversationRow.interaction_id.is_(None),
        )
        .values(interaction_id=interaction_id, agent_id=agent_id)
    )
    return (await tx.execute(joining)).rowcount == 1


async def message_in_hand(tx: Transaction, conversation_id: UUID) -> InteractionView | None:
    """A left message of a conversation that an agent has in hand, the newest of several."""
    found = [one for one in await left_in(tx, conversation_id) if one.state is InteractionState.TALKING]
    return found[0] if found else None


async def detach_chat(tx: Transaction, conversation_id: UUID, interaction_id: UUID) -> bool:
    """No chat goes on any more, unless another one has begun; False then."""
    detaching = (
        update(ConversationRow)
        .where(
            ConversationRow.tenant_id == tx.tenant_id,
            ConversationRow.id == conversation_id,
            ConversationRow.interaction_id == interaction_id,
        )
        .values(interaction_id=None, agent_id=None)
    )
    return (await tx.execute(detaching)).rowcount == 1
