"""Everything that stands under a customer's id."""

from uuid import UUID

from sqlalchemy import func, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import ConversationRow, InteractionRow, VisitorRow


async def count(reading: Reading, customer_id: UUID) -> int:
    """How many contacts a customer had."""
    statement = select(func.count()).where(
        InteractionRow.tenant_id == reading.tenant_id, InteractionRow.customer_id == customer_id
    )
    return int((await reading.execute(statement)).scalar_one())


async def take_over(tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
    """Let what is one customer's be another's."""
    await tx.execute(
        update(InteractionRow)
        .where(InteractionRow.tenant_id == tx.tenant_id, InteractionRow.customer_id == absorbed)
        .values(customer_id=survivor)
    )
    await tx.execute(
        update(ConversationRow)
        .where(ConversationRow.tenant_id == tx.tenant_id, ConversationRow.customer_id == absorbed)
        .values(customer_id=survivor)
    )
    await tx.execute(
        update(VisitorRow)
        .where(VisitorRow.tenant_id == tx.tenant_id, VisitorRow.customer_id == absorbed)
        .values(customer_id=survivor)
    )
