"""Finding customers by part of a number, a name, or how a name sounds."""

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.paging import checked_limit, checked_position
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.engine.terms import Kind, words_of
from careline.modules.directory.customers.repository import customers, search
from careline.modules.directory.customers.views import FoundCustomer, FoundCustomers

MOST_FOUND = 50
"""Whoever finds more has to say more: nobody reads a hundred customers to find one."""


class Search:
    """Masked customers only. Who is shown them leaves a trace when one alone was found (``Traces``)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, tenant_id: TenantId, query: str, *, limit: int) -> FoundCustomers:
        """Customers who have every word of the query, those first whose number or name begins with it.

        ``more`` tells that there are others whom only a longer query would show. Raises ``Invalid`` (``search-…``).
        """
        words = words_of(query)
        wanted = min(checked_limit(limit), MOST_FOUND)
        digits = next((word.text for word in words if word.kind is Kind.NUMBER), None)

        async def question(reading: Reading) -> FoundCustomers:
            hits = await search.find(reading, words, wanted + 1)
            shown = hits.ids[:wanted]
            views = await customers.views(reading, shown) if shown else {}
            lines = await search.lines_with(reading, shown, digits) if digits is not None and shown else {}
            items = [
                FoundCustomer(customer=views[one], subscription_id=lines.get(one)) for one in shown if one in views
            ]
            return FoundCustomers(items=items, more=hits.cut or len(hits.ids) > wanted)

        return await self._database.ask(tenant_id, question)

    async def latest(self, tenant_id: TenantId, *, after: str | None, limit: int) -> FoundCustomers:
        """All customers, those stored last first; ``next`` goes on."""
        wanted = checked_limit(limit)
        async with self._database.reading(tenant_id) as reading:
            ids = await search.latest(reading, after=checked_position(after), limit=wanted + 1)
            shown = ids[:wanted]
            views = await customers.views(reading, shown)
        items = [FoundCustomer(customer=views[one]) for one in shown if one in views]
        return FoundCustomers(items=items, next=str(shown[-1]) if len(ids) > wanted else None)
