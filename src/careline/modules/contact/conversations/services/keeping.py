"""What conversations keep under a customer's id: contacts, their threads, and visitors who said a number of theirs."""

from uuid import UUID

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.repository import keeping


class Keeping:
    """Tells customers of it; implements their port ``Keeper``."""

    async def count(self, reading: Reading, customer_id: UUID) -> dict[str, int]:
        """How many contacts there were."""
        return {"interactions": await keeping.count(reading, customer_id)}

    async def take_over(self, tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
        """Keep it under the survivor's id."""
        await keeping.take_over(tx, absorbed, survivor)
