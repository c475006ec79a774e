"""What this module keeps of people itself: the copies that were made for them, and who asked."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.storage.store import FileStore
from careline.kernel.tenancy import TenantId
from careline.modules.directory.privacy.repository import requests as repository
from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import (
    Category,
    Erased,
    ExportPart,
    ExportRecord,
    Hindrance,
    Person,
    Retention,
    Treatment,
)

READ_AT_ONCE = 200


class Copies:
    """A custodian like all others. A request itself stays: it holds ids, and proves what was done."""

    code = "privacy"
    categories: Sequence[Category] = (Category(code="copies", treatment=Treatment.ERASED, columns=()),)

    def __init__(self, database: Database, store: FileStore) -> None:
        self._database = database
        self._store = store

    async def trace(self, reading: Reading, person: Person) -> Person:
        """It knows nobody by anything but the customer's id."""
        return person

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """None: a copy that is being made is not finished."""
        return []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """When the person asked for what."""
        for customer_id in person.customer_ids:
            after: UUID | None = None
            while True:
                async with self._database.reading(tenant_id) as reading:
                    found = await repository.page(
                        reading, kind=None, states=(), customer_id=customer_id, after=after, limit=READ_AT_ONCE
                    )
                for one in found:
                    told = {"kind": one.kind.value, "state": one.state.value, "asked_at": one.asked_at}
                    yield ExportRecord(category="requests", values=told)
                if len(found) < READ_AT_ONCE:
                    break
                after = found[-1].id

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Copies of somebody who is erased go with them."""
        files = []
        for request in await repository.copies_of(tx, person.customer_ids):
            if request.copy is not None:
                files.append(str(request.copy.file_id))
            await repository.change(tx, request.id, RequestState.EXPIRED, file_id=None)
        return Erased(counts={"copies": len(files)}, leftovers=tuple(files))

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Remove the archives."""
        for one in leftovers:
            await self._store.remove(tenant_id, UUID(one))


class Keeping:
    """Tells customers what stands under their id; implements their port ``Keeper``."""

    async def count(self, reading: Reading, customer_id: UUID) -> dict[str, int]:
        """How many requests there are."""
        return {"data_requests": await repository.count_of(reading, customer_id)}

    async def take_over(self, tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
        """Keep them under the survivor's id."""
        await repository.take_over(tx, absorbed, survivor)
