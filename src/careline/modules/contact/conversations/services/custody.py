"""What conversations keep of a person, for that person: implements the ports of ``privacy``."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.realtime.hub import Hub
from careline.infra.storage.store import FileStore
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.repository import custody
from careline.modules.directory.privacy.views import (
    Category,
    ContactProof,
    Erased,
    ExportFile,
    ExportPart,
    ExportRecord,
    Hindrance,
    Person,
    Retention,
    Treatment,
)

DOUBTFUL = frozenset({"none", "claimed"})
"""Levels at which nobody proved anything: whoever claims somebody's number could have said this."""

READ_AT_ONCE = 500
"""Messages that an export holds in memory."""

TOPICS = ("conversation", "colleagues")
FILE, TOPIC = "file:", "topic:"
_CONTACT = ("id", "channel", "opened_at", "ended_at", "assurance", "number", "called_number", "disposition", "note")
_SAID = ("author", "kind", "text", "code", "params", "at")


class Custody:
    """A custodian; also says how sure a contact was of who spoke."""

    code = "conversations"
    categories: Sequence[Category] = (
        Category(
            code="contacts",
            treatment=Treatment.ANONYMISED,
            columns=("interaction.number", "interaction.note"),
        ),
        Category(code="messages", treatment=Treatment.ERASED, columns=("message.text", "message.params")),
        Category(code="files", treatment=Treatment.ERASED, columns=()),
        Category(
            code="notes",
            treatment=Treatment.ERASED,
            columns=("internal_note.text", "internal_note.mentions", "interaction_segment.note", "transfer.note"),
        ),
        Category(
            code="visitors",
            treatment=Treatment.ERASED,
            columns=("visitor.token_hash", "visitor.name", "visitor.number", "visitor.locale"),
        ),
    )

    def __init__(self, database: Database, store: FileStore, hub: Hub) -> None:
        self._database = database
        self._store = store
        self._hub = hub

    async def proof(self, reading: Reading, interaction_id: UUID, customer_id: UUID) -> ContactProof | None:
        """How sure a contact of this customer was of who spoke, and when it began; None when it is not theirs."""
        row = await custody.proof(reading, interaction_id, customer_id)
        return None if row is None else ContactProof(level=row.assurance, at=row.opened_at)

    async def proving(self, reading: Reading, customer_id: UUID, levels: Sequence[str], since: datetime) -> UUID | None:
        """The latest contact of this customer since then that reached one of the levels."""
        return await custody.proving(reading, customer_id, levels, since)

    async def trace(self, reading: Reading, person: Person) -> Person:
        """With their contacts and the threads of these."""
        found = await custody.contacts_of(reading, person.customer_ids)
        return person.and_also(
            Person(
                customer_ids=(),
                contact_ids=tuple(row.id for row in found),
                unproven=tuple(row.id for row in found if row.assurance in DOUBTFUL),
                conversation_ids=tuple({row.conversation_id: None for row in found}),
            )
        )

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """A contact that is not wrapped up."""
        live = await custody.live_count(reading, person.contact_ids)
        return [Hindrance(code="live-contact", count=live)] if live else []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """Contacts, what was said and sent in them, what was noted; of doubtful ones no more than that they were."""
        proven = frozenset(person.proven)
        async with self._database.reading(tenant_id) as reading:
            contacts = await custody.contacts(reading, person.contact_ids)
            threads = list({row.conversation_id: None for row in contacts if row.id in proven})
            visitors = await custody.visitors(reading, person.customer_ids, threads)
        for row in contacts:
            doubtful = row.id not in proven
            fields = ("id", "channel", "opened_at", "ended_at", "assurance") if doubtful else _CONTACT
            yield ExportRecord(category="contacts", values=_plain(row, fields) | {"left_out": doubtful})
        for row in visitors:
            yield ExportRecord(category="visitors", values=_plain(row, ("name", "number", "locale", "created_at")))
        sent: list[tuple[UUID, str]] = []
        for thread in threads:
            async with self._database.reading(tenant_id) as reading:
                files = await custody.files(reading, thread)
            async for row in self._said(tenant_id, thread):
                if row.interaction_id not in proven:
                    continue
                told = _plain(row, _SAID) | {"contact": str(row.interaction_id)}
                if row.seq in files:
                    name = f"{files[row.seq]}{PurePosixPath(row.text).suffix}"  # made harmless when it came in
                    sent.append((files[row.seq], name))
                    told["file"] = f"files/{name}"
                yield ExportRecord(category="messages", values=told)
        async for note in self._notes(tenant_id, person):
            yield note
        for file_id, name in sent:
            yield ExportFile(category="files", name=name, content=self._store.read(tenant_id, file_id))

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Empty the messages, remove files, notes and visitors; contacts stay, as nobody's, for the figures."""
        counts, files = await custody.silence(tx, person.contact_ids)
        counts |= await custody.let_go(tx, person.customer_ids, person.contact_ids, person.conversation_ids)
        topics = [f"{TOPIC}{one}" for one in person.conversation_ids] if any(counts.values()) else []
        return Erased(counts=counts, leftovers=(*(f"{FILE}{one}" for one in files), *topics))

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Remove files from the store, and what is remembered for screens that were cut off."""
        for one in leftovers:
            if one.startswith(FILE):
                await self._store.remove(tenant_id, UUID(one.removeprefix(FILE)))
            elif one.startswith(TOPIC):
                for prefix in TOPICS:
                    self._hub.forget(tenant_id, f"{prefix}:{one.removeprefix(TOPIC)}")

    async def _said(self, tenant_id: TenantId, conversation_id: UUID) -> AsyncIterator[Any]:
        """The messages of a thread, some at once: it goes on for years."""
        after = 0
        while True:
            async with self._database.reading(tenant_id) as reading:
                some = await custody.messages(reading, conversation_id, after=after, limit=READ_AT_ONCE)
            for row in some:
                yield row
            if len(some) < READ_AT_ONCE:
                return
            after = some[-1].seq

    async def _notes(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        for contact_id in person.proven:
            async with self._database.reading(tenant_id) as reading:
                found = await custody.notes(reading, contact_id)
            for row in found:
                yield ExportRecord(category="notes", values=_plain(row, ("text", "at")) | {"contact": str(contact_id)})


def _plain(row: Any, fields: Sequence[str]) -> dict[str, Any]:
    values: Mapping[str, Any] = row._mapping
    found: dict[str, Any] = msgspec.to_builtins({field: values[field] for field in fields})
    return found
