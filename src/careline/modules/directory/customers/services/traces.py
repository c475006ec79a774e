"""That somebody looked for one person and found them, for the audit."""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.views import FoundCustomers
from careline.modules.directory.identity.facade import Identity

ONCE_IN = timedelta(minutes=10)
"""Who types on, or looks again, looks for the same person still: one entry says it."""
REMEMBERED = 10_000


class Traces:
    """A search that leaves one customer says who has which number or name, masked as it may be: it leaves a trace.

    What was typed is personal and written nowhere. A process that starts anew begins anew: an
    entry more, never one less.
    """

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity
        self._left: OrderedDict[tuple[UUID | None, UUID], datetime] = OrderedDict()

    async def leave(self, actor: Actor, found: FoundCustomers) -> None:
        """Write an audit entry when exactly one customer was found, before they are shown."""
        if len(found.items) != 1 or found.more:
            return
        customer_id = found.items[0].customer.id
        async with self._database.glance(actor.tenant_id) as reading:
            now = reading.now
        key = (actor.id, customer_id)
        before = self._left.get(key)
        if before is not None and timedelta(0) <= now - before < ONCE_IN:
            return
        await self._identity.audit_read(actor, "customer.found", customer_id)
        self._left[key] = now
        self._left.move_to_end(key)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
