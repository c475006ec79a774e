"""A customer's record: read with an audit entry, and changed by who saw its present version."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Invalid, NotFound, Param
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit, checked_position
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.directory.customers import rules
from careline.modules.directory.customers.errors import ContactPointKnown, CustomerChanged, CustomerUnknown
from careline.modules.directory.customers.repository import customers, merging, notes, record
from careline.modules.directory.customers.repository.customers import Party
from careline.modules.directory.customers.services.index import TermIndex
from careline.modules.directory.customers.views import (
    ConsentBasis,
    ConsentPurpose,
    ConsentView,
    ConsentWay,
    CustomerChange,
    NewContactPoint,
    NoteView,
    PartyKind,
    RecordView,
)
from careline.modules.directory.identity.facade import Identity

NOTES_FIRST = 20
"""How many notes come with the record; those before them are asked for."""


class Record:
    """Use cases on the record. Notes stand in it in full, so whoever opens it leaves a trace."""

    def __init__(self, database: Database, identity: Identity, index: TermIndex) -> None:
        self._database = database
        self._identity = identity
        self._index = index

    async def open(self, actor: Actor, customer_id: UUID) -> RecordView:
        """The whole record; that it was opened stands in the audit. Raises ``NotFound``."""
        found = await self.read(actor.tenant_id, customer_id)
        await self._identity.audit_read(actor, "customer.record-opened", found.customer.id)
        return found

    async def read(self, tenant_id: TenantId, customer_id: UUID) -> RecordView:
        """The whole record, for who has left a trace already."""
        async with self._database.reading(tenant_id) as reading:
            customer = (await customers.views(reading, [customer_id])).get(customer_id)
            if customer is None:
                raise CustomerUnknown
            customer_id = customer.id  # another than was asked for after a merge
            points = await record.contact_points(reading, customer_id)
            users = await record.line_users(reading, customer_id)
            written = await notes.notes(reading, customer_id, after=None, limit=NOTES_FIRST + 1)
            note_count = await notes.count_notes(reading, customer_id)
            said = await notes.consents_in_force(reading, customer_id)
            consent_count = await notes.count_consents(reading, customer_id)
        noted = await self._noted(tenant_id, written, NOTES_FIRST)
        return RecordView(
            customer=customer,
            contact_points=points,
            line_users=users,
            notes=noted.items,
            note_count=note_count,
            notes_next=noted.next,
            consents=(await self._said(tenant_id, said, len(said))).items,
            consent_count=consent_count,
        )

    async def notes(self, actor: Actor, customer_id: UUID, *, after: str | None, limit: int) -> Page[NoteView]:
        """What was written about a customer, the latest first; that it was looked at stands in the audit."""
        checked_limit(limit)
        async with self._database.reading(actor.tenant_id) as reading:
            customer_id = await merging.present(reading, customer_id)
            found = await notes.notes(reading, customer_id, after=checked_position(after), limit=limit + 1)
        await self._identity.audit_read(actor, "customer.record-opened", customer_id, {"for": "notes"})
        return await self._noted(actor.tenant_id, found, limit)

    async def consents(self, actor: Actor, customer_id: UUID, *, after: str | None, limit: int) -> Page[ConsentView]:
        """Every word on the use of a customer's data, the latest first; that it was looked at stands in the audit."""
        checked_limit(limit)
        async with self._database.reading(actor.tenant_id) as reading:
            customer_id = await merging.present(reading, customer_id)
            found = await notes.consents(reading, customer_id, after=checked_position(after), limit=limit + 1)
        await self._identity.audit_read(actor, "customer.record-opened", customer_id, {"for": "consents"})
        return await self._said(actor.tenant_id, found, limit)

    async def _noted(self, tenant_id: TenantId, found: Sequence[Any], limit: int) -> Page[NoteView]:
        names = await self._identity.names(tenant_id, {row.author_id for row in found})
        items = [_note(row, names) for row in found[:limit]]
        return Page(items=items, next=str(items[-1].id) if len(found) > limit else None)

    async def _said(self, tenant_id: TenantId, found: Sequence[Any], limit: int) -> Page[ConsentView]:
        staff = {row.recorded_by for row in found if row.recorded_by is not None}
        names = await self._identity.names(tenant_id, staff)
        items = [_consent(row, names) for row in found[:limit]]
        return Page(items=items, next=str(items[-1].id) if len(found) > limit else None)

    async def change(self, actor: Actor, customer_id: UUID, version: int, change: CustomerChange) -> None:
        """Change name, level, language or tags. Raises ``Invalid`` naming the field, "customer-changed"."""
        name = None if change.name is None else checked_text(change.name, field="name", max_length=rules.NAME_MAX)
        values: dict[str, Any] = {}
        if change.level is not None:
            values["level"] = change.level.value
        if change.language is not None:
            values["language"] = rules.checked_language(change.language)
        tags = None if change.tags is None else _distinct(change.tags)
        what = sorted([*values, *(["name"] if name is not None else []), *(["tags"] if tags is not None else [])])
        if not what:
            raise Invalid("nothing-to-change", field="level")
        async with self._changing(actor, customer_id, version, values) as tx:
            if tags is not None:
                await _check_tags(tx, customer_id, tags)
                await record.set_tags(tx, customer_id, tags)
            if name is not None:
                await record.rename(tx, customer_id, name)
                await self._index.renew(tx, customer_id)
            await self._audit(tx, actor, "customer.changed", customer_id, {"fields": ", ".join(what)})

    async def add_contact_point(self, actor: Actor, customer_id: UUID, version: int, new: NewContactPoint) -> None:
        """Add a way to reach the customer.

        Raises ``Invalid`` naming the field, "customer-changed", "contact-point-known".
        """
        checked = msgspec.structs.replace(new, value=rules.checked_contact(new.kind, new.value))
        async with self._changing(actor, customer_id, version) as tx:
            if await record.count_contact_points(tx, customer_id) >= rules.CONTACT_POINTS_MAX:
                raise Invalid("too-many-contact-points", field="value", max=rules.CONTACT_POINTS_MAX)
            point_id = new_id()
            if not await record.add_contact_point(tx, customer_id, point_id, checked):
                raise ContactPointKnown("value")
            await self._index.renew(tx, customer_id)
            told: dict[str, Param] = {"id": str(point_id), "kind": new.kind.value}
            await self._audit(tx, actor, "customer.contact-point-added", customer_id, told)

    async def remove_contact_point(self, actor: Actor, customer_id: UUID, version: int, point_id: UUID) -> None:
        """Remove a way to reach the customer. Raises "contact-point-not-found", "customer-changed"."""
        async with self._changing(actor, customer_id, version) as tx:
            if not await record.remove_contact_point(tx, customer_id, point_id):
                raise NotFound("contact-point-not-found")
            await self._index.renew(tx, customer_id)
            await self._audit(tx, actor, "customer.contact-point-removed", customer_id, {"id": str(point_id)})

    async def add_line_user(
        self, actor: Actor, customer_id: UUID, version: int, subscription_id: UUID, name: str
    ) -> None:
        """Say who uses a line. Raises "subscription-not-found", "customer-changed"."""
        called = checked_text(name, field="name", max_length=rules.NAME_MAX)
        async with self._changing(actor, customer_id, version) as tx:
            if not await record.has_line(tx, customer_id, subscription_id):
                raise NotFound("subscription-not-found")
            party = Party(id=new_id(), kind=PartyKind.PERSON, name=called)
            await customers.add_party(tx, party)
            await customers.add_contact_user(tx, subscription_id, party.id)
            await self._index.renew(tx, customer_id)
            told: dict[str, Param] = {"subscription": str(subscription_id), "party": str(party.id)}
            await self._audit(tx, actor, "customer.line-user-added", customer_id, told)

    async def remove_line_user(
        self, actor: Actor, customer_id: UUID, version: int, subscription_id: UUID, party_id: UUID
    ) -> None:
        """Somebody uses a line no more. Raises "line-user-not-found", "customer-changed"."""
        async with self._changing(actor, customer_id, version) as tx:
            if not await record.has_line(tx, customer_id, subscription_id):
                raise NotFound("subscription-not-found")
            if not await record.remove_line_user(tx, subscription_id, party_id):
                raise NotFound("line-user-not-found")
            await self._index.renew(tx, customer_id)
            told: dict[str, Param] = {"subscription": str(subscription_id), "party": str(party_id)}
            await self._audit(tx, actor, "customer.line-user-removed", customer_id, told)

    @asynccontextmanager
    async def _changing(
        self, actor: Actor, customer_id: UUID, version: int, values: dict[str, Any] | None = None
    ) -> AsyncIterator[Transaction]:
        """A transaction in which the record goes from the version that was seen to the next one."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if not await record.move_on(tx, customer_id, version, values or {}):
                now = await record.version(tx, customer_id)
                raise CustomerUnknown if now is None else CustomerChanged(now)
            yield tx

    async def _audit(
        self, tx: Transaction, actor: Actor, action: str, customer_id: UUID, told: dict[str, Param]
    ) -> None:
        await self._identity.audit(tx, actor, action, customer_id, told)


async def _check_tags(tx: Transaction, customer_id: UUID, wanted: list[str]) -> None:
    """A tag is a word of the vocabulary in use; what was given before stays when its word is retired."""
    known = {tag.name for tag in await notes.tags(tx) if not tag.retired}
    had = set((await customers.views(tx, [customer_id]))[customer_id].tags)
    unknown = [tag for tag in wanted if tag not in known | had]
    if unknown:
        raise Invalid("tag-unknown", field="tags", tag=unknown[0])


def _distinct(tags: tuple[str, ...]) -> list[str]:
    if len(tags) > rules.TAGS_MAX:
        raise Invalid("too-many-tags", field="tags", max=rules.TAGS_MAX)
    return list(dict.fromkeys(checked_text(tag, field="tags", max_length=rules.TAG_MAX) for tag in tags))


def _note(row: Any, names: dict[UUID, str]) -> NoteView:
    return NoteView(
        id=row.id,
        author_id=row.author_id,
        author_name=names.get(row.author_id),
        text=row.text,
        created_at=row.created_at,
        changed_at=row.changed_at,
        open_until=row.created_at + rules.NOTE_OPEN_FOR,
        version=row.version,
        earlier=notes.earlier_of(row),
    )


def _consent(row: Any, names: dict[UUID, str]) -> ConsentView:
    return ConsentView(
        id=row.id,
        purpose=ConsentPurpose(row.purpose),
        given=row.given,
        basis=ConsentBasis(row.basis),
        how=ConsentWay(row.how),
        proof=row.proof,
        proof_version=row.proof_version,
        at=row.at,
        recorded_by=None if row.recorded_by is None else names.get(row.recorded_by),
    )
