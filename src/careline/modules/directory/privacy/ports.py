"""What requests need from those who keep personal data. Modules above implement it without knowing of it."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
from careline.modules.directory.privacy.views import (
    Category,
    ContactProof,
    Erased,
    ExportPart,
    Hindrance,
    Person,
    Retention,
)


class Custodian(Protocol):
    """A module that keeps personal data of customers. Bootstrap names them all, those that are asked first first."""

    @property
    def code(self) -> str:
        """Its name, stable: it stands in what was done."""
        ...

    @property
    def categories(self) -> Sequence[Category]:
        """What it keeps, in which columns, and what an erasure does with it."""
        ...

    async def trace(self, reading: Reading, person: Person) -> Person:
        """The person with the ids that this custodian knows of them besides; asked from the bottom up."""
        ...

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """What stands against an erasure now."""
        ...

    def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """Everything kept of the person, in full, bit by bit, category after category."""
        ...

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Remove or redact it within ``tx``. It may be asked again at any time, and finds what is new."""
        ...

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Remove what lies outside the database, after the commit; what is gone already is no error."""
        ...


class Subjects(Protocol):
    """Knows customers by their ids."""

    async def present(self, reading: Reading, customer_id: UUID) -> UUID:
        """Who a customer is now. Raises ``NotFound`` ("customer-not-found")."""
        ...

    async def masked_names(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, str]:
        """Masked names of those who are there."""
        ...


class Contacts(Protocol):
    """Knows how sure a contact was of who speaks."""

    async def proof(self, reading: Reading, interaction_id: UUID, customer_id: UUID) -> ContactProof | None:
        """How sure a contact of this customer was, and when it began; None when it is not theirs."""
        ...

    async def proving(self, reading: Reading, customer_id: UUID, levels: Sequence[str], since: datetime) -> UUID | None:
        """The latest contact of this customer since then that reached one of the levels; None when there is none."""
        ...
