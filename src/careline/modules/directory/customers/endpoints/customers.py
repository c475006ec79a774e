"""HTTP of customers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from careline.infra.http import requires
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.endpoints.merging import add_merging
from careline.modules.directory.customers.endpoints.service_passwords import add_service_passwords
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.schemas.customers import (
    ConsentList,
    ConsentWanted,
    ContactPointWanted,
    CustomerChangeWanted,
    CustomerList,
    CustomerNoteChange,
    CustomerNoteList,
    CustomerNoteWanted,
    CustomerRecord,
    CustomerShown,
    LineUserWanted,
    Revealed,
    RevealWanted,
    TagChangeWanted,
    TagList,
    TagShown,
    TagWanted,
)
from careline.modules.directory.customers.views import CustomerChange, NewConsent, NewContactPoint, Written

Reader = Annotated[Actor, requires("customer:read")]
Writer = Annotated[Actor, requires("customer:write")]
Keeper = Annotated[Actor, requires("customer:manage")]
After = Annotated[str | None, Query(max_length=64)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Seen = Annotated[int, Query(ge=1, le=2**31 - 1, description="The version of the customer that was looked at")]

_AGAIN: dict[int | str, dict[str, Any]] = {
    200: {"model": CustomerRecord, "description": "It was written before, under the same client_id"}
}


def build_router(customers: Customers) -> APIRouter:
    """For whoever serves customers."""
    router = APIRouter(tags=["customers"])

    @router.get("/customers")
    async def find(
        actor: Reader,
        q: Annotated[
            str | None, Query(max_length=400, description="Part of a number, of a name, or how a name sounds")
        ] = None,
        after: After = None,
        limit: Limit = 20,
    ) -> CustomerList:
        """Customers who fit, those first whose number or name begins so; without ``q`` all, the latest first."""
        if q is not None and q.strip():
            return CustomerList.of(await customers.look_up(actor, q, limit=limit))
        return CustomerList.of(await customers.latest(actor.tenant_id, after=after, limit=limit))

    @router.get("/customers/{customer_id}")
    async def customer(customer_id: UUID, actor: Reader) -> CustomerShown:
        """A customer with lines and accounts, masked."""
        return CustomerShown.model_validate(await customers.customer(actor.tenant_id, customer_id))

    @router.post("/customers/{customer_id}/reveal")
    async def reveal(
        customer_id: UUID, wanted: RevealWanted, actor: Annotated[Actor, requires("customer:reveal")]
    ) -> Revealed:
        """A masked value in full; who asked for it stands in the audit."""
        value = await customers.reveal(
            actor,
            customer_id,
            wanted.what,
            wanted.subscription_id,
            contact_point_id=wanted.contact_point_id,
            party_id=wanted.party_id,
        )
        return Revealed(value=value)

    _add_record(router, customers)
    _add_written(router, customers)
    _add_tags(router, customers)
    add_merging(router, customers)
    add_service_passwords(router, customers)
    return router


def _add_record(router: APIRouter, customers: Customers) -> None:
    @router.get("/customers/{customer_id}/record")
    async def record(customer_id: UUID, actor: Reader) -> CustomerRecord:
        """All that is kept of a customer; that it was opened stands in the audit."""
        return CustomerRecord.of(await customers.open_record(actor, customer_id))

    @router.patch("/customers/{customer_id}")
    async def change(customer_id: UUID, wanted: CustomerChangeWanted, actor: Writer) -> CustomerRecord:
        """Change level, language or tags."""
        asked = CustomerChange(
            level=wanted.level,
            language=wanted.language,
            tags=None if wanted.tags is None else tuple(wanted.tags),
        )
        return CustomerRecord.of(await customers.change(actor, customer_id, wanted.version, asked))

    @router.post("/customers/{customer_id}/contact-points", status_code=201)
    async def add_contact_point(customer_id: UUID, wanted: ContactPointWanted, actor: Writer) -> CustomerRecord:
        """Add a way to reach the customer."""
        new = NewContactPoint(kind=wanted.kind, use=wanted.use, value=wanted.value, preferred=wanted.preferred)
        return CustomerRecord.of(await customers.add_contact_point(actor, customer_id, wanted.version, new))

    @router.delete("/customers/{customer_id}/contact-points/{contact_point_id}")
    async def remove_contact_point(
        customer_id: UUID, contact_point_id: UUID, actor: Writer, version: Seen
    ) -> CustomerRecord:
        """Remove a way to reach the customer."""
        return CustomerRecord.of(await customers.remove_contact_point(actor, customer_id, version, contact_point_id))

    @router.post("/customers/{customer_id}/lines/{subscription_id}/users", status_code=201)
    async def add_line_user(
        customer_id: UUID, subscription_id: UUID, wanted: LineUserWanted, actor: Writer
    ) -> CustomerRecord:
        """Say who uses a line."""
        return CustomerRecord.of(
            await customers.add_line_user(actor, customer_id, wanted.version, subscription_id, wanted.name)
        )

    @router.delete("/customers/{customer_id}/lines/{subscription_id}/users/{party_id}")
    async def remove_line_user(
        customer_id: UUID, subscription_id: UUID, party_id: UUID, actor: Writer, version: Seen
    ) -> CustomerRecord:
        """Somebody uses a line no more."""
        return CustomerRecord.of(
            await customers.remove_line_user(actor, customer_id, version, subscription_id, party_id)
        )


def _add_written(router: APIRouter, customers: Customers) -> None:
    @router.get("/customers/{customer_id}/notes")
    async def notes(customer_id: UUID, actor: Reader, after: After = None, limit: Limit = 50) -> CustomerNoteList:
        """What was written about the customer, the latest first; that it was looked at stands in the audit."""
        page = await customers.notes(actor, customer_id, after=after, limit=limit)
        return CustomerNoteList.model_validate(page)

    @router.get("/customers/{customer_id}/consents")
    async def consents(customer_id: UUID, actor: Reader, after: After = None, limit: Limit = 50) -> ConsentList:
        """Every word on the use of the customer's data, the latest first; that it was looked at is audited."""
        page = await customers.consents(actor, customer_id, after=after, limit=limit)
        return ConsentList.model_validate(page)

    @router.post("/customers/{customer_id}/notes", status_code=201, responses=_AGAIN)
    async def write_note(
        customer_id: UUID, wanted: CustomerNoteWanted, actor: Writer, response: Response
    ) -> CustomerRecord:
        """Write something down about the customer."""
        written = await customers.write_note(actor, customer_id, wanted.text, wanted.client_id)
        return _answered(written, response)

    @router.put("/customers/{customer_id}/notes/{note_id}")
    async def rewrite_note(
        customer_id: UUID, note_id: UUID, wanted: CustomerNoteChange, actor: Writer
    ) -> CustomerRecord:
        """Change my own note, within half an hour; what it said before stays with it."""
        return CustomerRecord.of(await customers.rewrite_note(actor, customer_id, note_id, wanted.version, wanted.text))

    @router.post("/customers/{customer_id}/consents", status_code=201, responses=_AGAIN)
    async def record_consent(
        customer_id: UUID, wanted: ConsentWanted, actor: Writer, response: Response
    ) -> CustomerRecord:
        """Write down what the customer agreed to, or agrees to no more."""
        new = NewConsent(
            purpose=wanted.purpose,
            given=wanted.given,
            basis=wanted.basis,
            how=wanted.how,
            proof=wanted.proof,
            proof_version=wanted.proof_version,
            client_id=wanted.client_id,
        )
        return _answered(await customers.record_consent(actor, customer_id, new), response)


def _answered(written: Written, response: Response) -> CustomerRecord:
    if written.again:
        response.status_code = 200
    return CustomerRecord.of(written.record)


def _add_tags(router: APIRouter, customers: Customers) -> None:
    @router.get("/customer-tags")
    async def tags(actor: Reader) -> TagList:
        """The words that customers may be tagged with, and those that are retired."""
        found = await customers.tags(actor.tenant_id)
        return TagList(items=[TagShown.model_validate(tag) for tag in found])

    @router.post("/customer-tags", status_code=201)
    async def add_tag(wanted: TagWanted, actor: Keeper) -> TagShown:
        """Add a word."""
        return TagShown.model_validate(await customers.add_tag(actor, wanted.name))

    @router.put("/customer-tags/{tag_id}")
    async def retire_tag(tag_id: UUID, wanted: TagChangeWanted, actor: Keeper) -> TagShown:
        """Take a word out of use, or back into it."""
        return TagShown.model_validate(await customers.retire_tag(actor, tag_id, retired=wanted.retired))
