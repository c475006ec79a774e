"""What cases keep under a customer's id."""

from uuid import UUID

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.care.cases import repository


class Keeping:
    """Tells customers of it; implements their port ``Keeper``."""

    async def count(self, reading: Reading, customer_id: UUID) -> dict[str, int]:
        """How many cases there are."""
        return {"cases": await repository.count_of_customer(reading, customer_id)}

    async def take_over(self, tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
        """Keep them under the survivor's id."""
        await repository.take_over(tx, absorbed, survivor)
