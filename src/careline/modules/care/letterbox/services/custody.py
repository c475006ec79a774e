"""What the letterbox keeps of a person, for that person: implements a port of ``privacy``."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
from careline.modules.care.letterbox import repository
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


class Custody:
    """A custodian. What a message said stands in its case, and in its history why it was put off."""

    code = "letterbox"
    categories: Sequence[Category] = (
        Category(
            code="left_messages",
            treatment=Treatment.ERASED,
            columns=(
                "left_message.reach",
                "left_message.reach_kind",
                "left_message.digest",
                "left_message.put_off_because",
            ),
        ),
    )

    def __init__(self, database: Database) -> None:
        self._database = database

    async def trace(self, reading: Reading, person: Person) -> Person:
        """Contacts and cases say which messages these are."""
        return person

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """None: a message that was left is a case."""
        return []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """How they wanted to be reached, and what they agreed to."""
        async with self._database.reading(tenant_id) as reading:
            found = await repository.left_by(reading, person.proven, ())
        for row in found:
            fields = ("left_at", "reach_kind", "reach", "consent", "number")
            yield ExportRecord(
                category="left_messages", values=msgspec.to_builtins({one: row._mapping[one] for one in fields})
            )

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Forget how to reach them."""
        forgotten = await repository.forget_senders(tx, person.contact_ids, person.case_ids)
        return Erased(counts={"left_messages": forgotten})

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Nothing of the letterbox lies outside the database."""
