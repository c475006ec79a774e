"""Keeps the terms that customers are found by in step with what is stored of them."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.modules.directory.customers.engine.terms import VERSION, terms_of
from careline.modules.directory.customers.repository import search
from careline.modules.directory.customers.services.readings import readings_of
from careline.modules.directory.identity.facade import Identity

AT_ONCE = 100
"""Customers in one transaction, so that nobody else waits long for their turn to write."""


class TermIndex:
    """Makes a customer's terms anew; whoever changes a number or a name calls it in the same transaction."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def renew(self, tx: Transaction, customer_id: UUID) -> None:
        """Let the customer be found by what is stored of them now."""
        await search.hold(tx, customer_id)
        numbers = await search.numbers_of(tx, customer_id)
        names = await search.names_of(tx, customer_id)
        await search.replace_terms(tx, customer_id, terms_of(numbers, names, readings_of), VERSION)

    async def catch_up(self) -> int:
        """Make the terms of customers that an older version of Careline stored; how many there were."""
        done = 0
        for tenant in await self._identity.tenants():
            while True:
                async with self._database.reading(tenant.id) as reading:
                    behind = await search.without_terms(reading, VERSION, AT_ONCE)
                if not behind:
                    break
                async with self._database.transaction(tenant.id) as tx:
                    for customer_id in sorted(behind):  # all who hold several do so in one order
                        await self.renew(tx, customer_id)
                done += len(behind)
        return done
