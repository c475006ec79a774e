"""Taking out of the audit what passes a filter: as a file to read or to calculate with, and with a proof beside it.

An extract is what its entry in the audit says: which filter, and before which number. So it can be taken again, and
holds the same entries. Each file that was handed out whole stands in the audit with its digest.
"""

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine import lines, seals
from careline.modules.directory.identity.engine.lines import ExtractFormat
from careline.modules.directory.identity.engine.proof import TAKEN, proof_line
from careline.modules.directory.identity.engine.seals import AuditRecord
from careline.modules.directory.identity.engine.trail import AuditFilter, Extract, SealView
from careline.modules.directory.identity.repository import audit as rows
from careline.modules.directory.identity.repository import audit_pages as pages
from careline.modules.directory.identity.services.audit import AuditTrail, seal_header, view

ASKED = "audit.exported"

BATCH = 500
NAMES_KEPT = 20_000
"""So many names are remembered while a file is written."""

TAKEN_MOST = 200
"""So many files of one extract can be proven."""


class Extracts:
    """Asks for an extract, writes its files and its proof, a batch at a time."""

    def __init__(self, database: Database, trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail

    async def ask(self, actor: Actor, wanted: AuditFilter) -> UUID:
        """Say what shall be taken out; that it was asked for is audited, and is what the files are made from."""
        extract_id = new_id()
        told = {name: value for name, value in msgspec.to_builtins(wanted).items() if value is not None}
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self._trail.record(tx, actor, ASKED, extract_id, told)
        return extract_id

    async def extract(self, actor: Actor, extract_id: UUID) -> Extract:
        """What was asked for by this actor. Raises ``NotFound`` for what was not, or by somebody else."""
        async with self._database.reading(actor.tenant_id) as reading:
            asked = await pages.of_subject(reading, str(extract_id), [ASKED], limit=1)
        if not asked or asked[0].actor != actor.ref:
            raise NotFound("audit-extract-not-found")
        wanted = msgspec.convert(msgspec.json.decode(asked[0].params), AuditFilter)
        return Extract(id=extract_id, before=asked[0].seq, wanted=wanted)

    async def file(self, actor: Actor, extract: Extract, form: ExtractFormat) -> AsyncIterator[bytes]:
        """The file, some entries at a time. Before the last of it is handed out, its digest stands in the audit."""
        whole, size, count = hashlib.sha256(), 0, 0
        held = lines.top(form)
        names: dict[str, str] = {}
        asked: set[UUID] = set()
        async for batch in self._batches(actor, extract):
            if held:
                whole.update(held)
                size += len(held)
                yield held
            views = [view(entry) for entry in batch]
            if len(asked) > NAMES_KEPT:
                asked, names = set(), {}
            new = {found for entry in views for found in rules.ids_in(entry.actor, entry.subject)} - asked
            names |= await self._trail.names_of(actor.tenant_id, new)
            asked |= new
            held = lines.written(batch, names, form)
            count += len(batch)
        whole.update(held)
        told = {"format": form.value, "sha256": whole.hexdigest(), "bytes": size + len(held), "entries": count}
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self._trail.record(tx, actor, TAKEN, extract.id, told)
        yield held

    async def proof(self, actor: Actor, extract: Extract) -> AsyncIterator[bytes]:
        """What proves the files of an extract that were handed out whole so far, as JSON lines."""
        while await self._trail.seal(actor.tenant_id) is not None:
            pass
        yield _line({"kind": "proof", "tenant": str(actor.tenant_id), "extract": str(extract.id)})
        done: set[int] = set()
        async with self._database.reading(actor.tenant_id) as reading:
            told = await pages.of_subject(reading, str(extract.id), [ASKED, TAKEN], limit=TAKEN_MOST)
            sealed = await self._sealed(reading, told, done)
        yield b"".join(_line({"kind": "entry", **_values(entry)}) for entry in told) + sealed
        async for batch in self._batches(actor, extract):
            async with self._database.reading(actor.tenant_id) as reading:
                sealed = await self._sealed(reading, batch, done)
            if sealed:
                yield sealed
        yield _line({"kind": "end", "seals": len(done)})

    async def _batches(self, actor: Actor, extract: Extract) -> AsyncIterator[list[AuditRecord]]:
        """What passes, in readings that end before anything is handed out: who takes long keeps nobody waiting."""
        last: AuditRecord | None = None
        while True:
            async with self._database.reading(actor.tenant_id) as reading:
                batch = await pages.walked(reading, extract.wanted, after=last, below=extract.before, limit=BATCH)
            if not batch:
                return
            yield batch
            last = batch[-1]

    async def _sealed(self, reading: Reading, entries: list[AuditRecord], done: set[int]) -> bytes:
        """The seals over some entries that were not written yet."""
        written: list[bytes] = []
        covered: SealView | None = None
        for seq in sorted(entry.seq for entry in entries):
            if covered is not None and covered.from_seq <= seq <= covered.to_seq:
                continue
            covered = next(iter(await rows.seals_ending_after(reading, seq - 1, limit=1)), None)
            if covered is None or covered.from_seq > seq or covered.number in done:
                continue
            done.add(covered.number)
            written.append(_line(await self._proven(reading, covered)))
        return b"".join(written)

    async def _proven(self, reading: Reading, seal: SealView) -> dict[str, object]:
        before = await rows.seal_numbered(reading, seal.number - 1)
        inside = await rows.entries_after(reading, seal.from_seq - 1, limit=seals.AUDIT_BATCH)
        header = seal_header(str(reading.tenant_id), seal, before)
        return proof_line(header, seal.hash, [one for one in inside if one.seq <= seal.to_seq])


def _values(entry: AuditRecord) -> dict[str, object]:
    return {**msgspec.structs.asdict(entry), "params": msgspec.json.decode(entry.params)}


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
