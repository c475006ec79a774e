"""What customers keep of a person, for that person: implements the ports of ``privacy``."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.repository import custody, customers, merging
from careline.modules.directory.customers.views import mask_name
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

OURS = frozenset(
    {"id", "tenant_id", "customer_id", "author_id", "recorded_by", "asked_by", "interaction_id", "version"}
)
"""What says nothing of the person: our keys, and who of the staff did something."""


def _erased(code: str, *columns: str) -> Category:
    return Category(code=code, treatment=Treatment.ERASED, columns=columns)


class Custody:
    """A custodian; also says who a customer is now, and what to call them."""

    code = "customers"
    categories: Sequence[Category] = (
        _erased("profile", "party.name", "party.kind", "customer.level", "customer.language", "customer.tags"),
        _erased("search_terms", "customer.terms", "customer_term.term", "dismissed_pair.mark"),
        _erased("lines", "subscription.msisdn", "subscription.brand", "subscription.plan", "subscription.status"),
        _erased("accounts", "billing_account.name", "billing_account.pay_kind"),
        _erased("line_users", "party.name"),
        _erased("contact_points", "contact_point.kind", "contact_point.use", "contact_point.value"),
        _erased("notes", "customer_note.text", "customer_note.earlier"),
        _erased(
            "consents",
            *(f"customer_consent.{column}" for column in ("purpose", "basis", "how", "proof", "proof_version")),
        ),
        _erased("proofs", "assurance_proof.proof", "assurance_proof.level", "assurance_proof.detail"),
        _erased("codes", "one_time_code.code_hash"),
        _erased("passwords", "service_password.sealed_hash", "password_form.purpose", "password_form.outcome"),
    )

    def __init__(self, database: Database) -> None:
        self._database = database

    async def present(self, reading: Reading, customer_id: UUID) -> UUID:
        """Who a customer is now. Raises ``CustomerUnknown``."""
        return await merging.present(reading, customer_id)

    async def masked_names(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, str]:
        """Masked names of those who are there."""
        async with self._database.reading(tenant_id) as reading:
            return {one: view.name_masked for one, view in (await customers.views(reading, ids)).items()}

    async def trace(self, reading: Reading, person: Person) -> Person:
        """With everybody who was merged with them."""
        return person.and_also(Person(customer_ids=tuple(await custody.everybody(reading, person.customer_ids))))

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """Lines in service block nothing here: whoever decides knows whether the contract is to go on."""
        lines = await custody.lines_in_service(reading, person.customer_ids)
        return [Hindrance(code="line-in-service", count=lines, blocks=False)] if lines else []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """All there is in full, but for the names of others who use a line: those are masked."""
        async with self._database.reading(tenant_id) as reading:
            profile = await custody.parties(reading, person.customer_ids)
            users = await custody.line_users(reading, person.customer_ids)
        for row in profile:
            yield ExportRecord(category="profile", values=_plain(row))
        for row in users:
            yield ExportRecord(category="line_users", values={"line": row.msisdn, "name": mask_name(row.name)})
        for category in merging.OWNED:
            async with self._database.reading(tenant_id) as reading:
                found = await custody.rows(reading, category, person.customer_ids)
            for row in found:
                yield ExportRecord(category=category, values=_plain(row))

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Remove the customer; nobody finds them by anything afterwards."""
        return Erased(counts=await custody.remove(tx, person.customer_ids))

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Nothing of customers lies outside the database."""


def _plain(row: Any) -> Mapping[str, object]:
    values: Mapping[str, Any] = row._mapping
    kept: dict[str, object] = msgspec.to_builtins({key: value for key, value in values.items() if key not in OURS})
    return kept
