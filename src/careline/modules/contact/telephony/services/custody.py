"""What telephony keeps of a person, for that person: implements a port of ``privacy``."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.services.vault import Vault
from careline.modules.directory.privacy.views import (
    Category,
    Erased,
    ExportFile,
    ExportPart,
    ExportRecord,
    Hindrance,
    Kept,
    Person,
    Retention,
    Treatment,
    Why,
)


class Custody:
    """A custodian. A call has the id of its contact."""

    code = "telephony"
    categories: Sequence[Category] = (
        Category(code="calls", treatment=Treatment.ANONYMISED, columns=("call.caller_number",)),
        Category(code="recordings", treatment=Treatment.KEPT_FOR_A_WHILE, columns=()),
    )

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def trace(self, reading: Reading, person: Person) -> Person:
        """Contacts say which calls these are."""
        return person

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """A call that goes on is a contact that goes on."""
        return []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """Calls, and the recordings that can be listened to."""
        async with self._database.reading(tenant_id) as reading:
            calls = await repository.calls(reading, person.proven)
            found = await repository.recordings_of(reading, person.proven)
        for call in calls:
            fields = ("id", "called_number", "caller_number", "arrived_at", "connected_at", "ended_at")
            yield ExportRecord(
                category="calls", values=msgspec.to_builtins({field: getattr(call, field) for field in fields})
            )
        for row in found:
            size = await self._vault.size(tenant_id, row.id) if row.state == "done" else None
            if size is not None:
                content = self._vault.read(tenant_id, row.id, start=0, length=size)
                yield ExportFile(category="recordings", name=f"{row.call_id}-{row.id}.wav", content=content)

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Forget numbers at once, and recordings when their time is over; until then nobody listens to them."""
        calls = await repository.forget_callers(tx, person.contact_ids)
        over: list[UUID] = []
        waiting: list[tuple[UUID, datetime]] = []
        for row in await repository.recordings_of(tx, person.contact_ids):
            until = row.started_at + retention.recording
            if until > tx.now and row.state != "lost":
                waiting.append((row.id, until))
            else:
                over.append(row.id)
        await repository.withhold_recordings(tx, [one for one, _ in waiting])
        await repository.remove_recordings(tx, over)
        kept: tuple[Kept, ...] = ()
        if waiting:
            why, until = Why.RECORDING_RETENTION, min(until for _, until in waiting)
            kept = (Kept(category="recordings", count=len(waiting), why=why, until=until),)
        return Erased(counts={"calls": calls, "recordings": len(over)}, kept=kept, leftovers=tuple(map(str, over)))

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Delete the files of recordings."""
        for one in leftovers:
            # Before recordings were sealed it was the place of a file, which ended in the same id.
            await self._vault.remove(tenant_id, UUID(one.rpartition("/")[2].removesuffix(".wav")))
