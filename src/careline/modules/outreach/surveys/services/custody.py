"""What surveys keep of a person, for that person: implements a port of ``privacy``."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
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
from careline.modules.outreach.surveys import repository


class Custody:
    """A custodian. Scores stay: figures are made of them, and they carry no person."""

    code = "surveys"
    categories: Sequence[Category] = (
        Category(code="ratings", treatment=Treatment.ANONYMISED, columns=("contact_rating.comment",)),
    )

    def __init__(self, database: Database) -> None:
        self._database = database

    async def trace(self, reading: Reading, person: Person) -> Person:
        """Contacts say which ratings these are."""
        return person

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """None."""
        return []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """What they thought of us."""
        async with self._database.reading(tenant_id) as reading:
            found = await repository.ratings(reading, person.proven)
        for one in found:
            yield ExportRecord(category="ratings", values=msgspec.to_builtins(one))

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Forget the words."""
        return Erased(counts={"ratings": await repository.forget_comments(tx, person.contact_ids)})

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Nothing of surveys lies outside the database."""
