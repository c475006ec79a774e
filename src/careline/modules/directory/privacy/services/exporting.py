"""The copy of one's data: made, handed over, and gone after its time."""

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.storage.store import FileStore, Incoming
from careline.kernel.errors import Forbidden, Param, PermanentFailure
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId, system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.errors import CopyGone, RequestUnknown, TooManyCopies
from careline.modules.directory.privacy.repository import requests as repository
from careline.modules.directory.privacy.repository import rules as ruled
from careline.modules.directory.privacy.repository import taken
from careline.modules.directory.privacy.rules import COPY_LASTS, TAKEN_WITHIN
from careline.modules.directory.privacy.services.custodians import Custodians
from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import (
    CopyView,
    ExportFile,
    ExportRecord,
    Person,
    RequestKind,
    RequestView,
)

FORMAT = 1
SEES_ALL = ("history:view", "recording:listen")
"""What reaches as far as a copy does: every contact of a customer, whoever handled it, and its recording."""

LEFTOVER_AFTER = timedelta(hours=1)
"""An archive that no request leads to is being made, or its maker died."""


async def check_sees_all(identity: Identity, actor: Actor) -> None:
    """Pass who may look at everything that a copy may hold. Raises ``Forbidden``."""
    for permission in SEES_ALL:
        if not (await identity.reach(actor, permission)).everybody:
            raise Forbidden("outside-your-scope", permission=permission)


class Exporting:
    """Copies lie sealed in the store, from the first byte on."""

    def __init__(self, database: Database, identity: Identity, store: FileStore, custodians: Custodians) -> None:
        self._database = database
        self._identity = identity
        self._store = store
        self._custodians = custodians

    async def make(self, tenant_id: TenantId, request_id: UUID) -> None:
        """Make the archive of a request. Done again after a fault it begins anew; nothing happens when it is ready."""
        async with self._database.reading(tenant_id) as reading:
            request = await repository.find(reading, request_id)
            if request is None or request.kind is not RequestKind.EXPORT or request.state is not RequestState.RUNNING:
                return
            person = await self._custodians.trace(reading, request.customer_id)
            now = reading.now
        file_id = new_id()
        async with self._store.incoming(tenant_id, file_id) as incoming:
            archive = _Archive(incoming)
            await self._fill(archive, tenant_id, request, person, now)
            await incoming.keep()
        async with self._database.transaction(tenant_id) as tx:
            kept = await repository.change(
                tx,
                request_id,
                RequestState.READY,
                file_id=file_id,
                file_size=archive.size,
                file_sha256=archive.digest,
                expires_at=tx.now + COPY_LASTS,
                done_at=tx.now,
            )
            if kept:
                told: dict[str, Param] = {"size": archive.size, "sha256": archive.digest}
                await self._identity.audit(tx, system_actor(tenant_id), "data-request.copy-made", request_id, told)
        if not kept:
            await self._store.remove(tenant_id, file_id)

    async def open(self, actor: Actor, request_id: UUID) -> tuple[CopyView, AsyncIterator[bytes]]:
        """The archive, to who may have it; that it was taken stands in the audit before the first byte.

        A copy is its customer's and is whole. So it is for those only who may look at all that is in it.

        Raises ``RequestUnknown``, ``CopyGone``, ``Forbidden`` ``outside-your-scope``, and ``TooManyCopies``, which
        stands in the audit, too.
        """
        await check_sees_all(self._identity, actor)
        try:
            return await self._take(actor, request_id)
        except TooManyCopies as refusal:
            await self._identity.audit_read(
                actor, "data-request.copy-refused", request_id, {"max": refusal.params["max"]}
            )
            raise

    async def _take(self, actor: Actor, request_id: UUID) -> tuple[CopyView, AsyncIterator[bytes]]:
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            request = await repository.find(tx, request_id)
            if request is None:
                raise RequestUnknown
            copy = request.copy
            if copy is None or request.state is not RequestState.READY or copy.expires_at <= tx.now:
                raise CopyGone
            if actor.id is not None:
                await self._pace(tx, actor.id, request_id)
            await self._identity.audit(tx, actor, "data-request.copy-taken", request_id, {"sha256": copy.sha256})
        return copy, self._store.read(actor.tenant_id, copy.file_id)

    async def _pace(self, tx: Transaction, taker: UUID, request_id: UUID) -> None:
        """So many different copies a day; the same one as often as it is needed."""
        most = (await ruled.rules(tx)).copies_a_day
        had = await taken.since(tx, taker, tx.now - TAKEN_WITHIN)
        if request_id not in had and len(had) >= most:
            free = sorted(had.values())[len(had) - most] + TAKEN_WITHIN
            raise TooManyCopies(most, (free - tx.now).total_seconds())
        await taken.put(tx, request_id, taker)

    async def expire(self, tenant_id: TenantId) -> None:
        """Remove copies whose time is over, and archives that no request leads to."""
        async with self._database.reading(tenant_id) as reading:
            over = await repository.expired(reading)
            before = reading.now - LEFTOVER_AFTER
        for request in over:
            async with self._database.transaction(tenant_id) as tx:
                await repository.change(tx, request.id, RequestState.EXPIRED, file_id=None)
        kept = await self._store.kept(tenant_id, before=before)
        async with self._database.reading(tenant_id) as reading:
            known = await repository.files(reading)
        for file_id in kept:
            if file_id not in known:
                await self._store.remove(tenant_id, file_id)
        for request in over:
            if request.copy is not None:
                await self._store.remove(tenant_id, request.copy.file_id)

    async def _fill(
        self, archive: "_Archive", tenant_id: TenantId, request: RequestView, person: Person, now: datetime
    ) -> None:
        counts: dict[str, int] = {}
        unreadable: list[str] = []
        for custodian in self._custodians.upwards:
            async for part in custodian.export(tenant_id, person):
                name = f"{custodian.code}/{part.category}"
                counts[name] = counts.get(name, 0) + 1
                if isinstance(part, ExportRecord):
                    await archive.record(name, part)
                elif not await archive.file(name, part):
                    unreadable.append(f"{name}/{part.name}")
        about = {
            "format": FORMAT,
            "request": str(request.id),
            "customer": str(request.customer_id),
            "made_at": now.isoformat(),
            "identified_by": request.assurance,
            "contents": counts,
            "left_out": {
                "unproven_contacts": len(person.unproven),
                "why": "In these contacts nobody proved who spoke; handing them over could show you another's words.",
                "unreadable_files": unreadable,
            },
        }
        await archive.close(msgspec.json.format(msgspec.json.encode(about), indent=2))


class _Archive:
    """A ZIP that is written as it comes: memory holds one record or one piece of a file."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._buffer = _Buffer()
        self._zip = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED)
        self._sha256 = hashlib.sha256()
        self._list: _List | None = None
        self.size = 0

    @property
    def digest(self) -> str:
        """SHA-256 of what was written, in hexadecimal."""
        return self._sha256.hexdigest()

    async def record(self, name: str, part: ExportRecord) -> None:
        """Add to the list of a category, one JSON array for each."""
        if self._list is None or self._list.name != name:
            self._end_list()
            self._list = _List(name, self._zip)
        self._list.add(msgspec.json.encode(part.values))
        await self._pass_on()

    async def file(self, name: str, part: ExportFile) -> bool:
        """Add a file below its category; False when it is not there or damaged: all else is handed over none the less.

        Raises ``TransientFailure``.
        """
        self._end_list()
        info = zipfile.ZipInfo(f"{name}/{part.name}")
        info.compress_type = zipfile.ZIP_STORED  # pictures and sound are packed already
        whole = True
        with self._zip.open(info, "w", force_zip64=True) as out:
            try:
                async for piece in part.content:
                    out.write(piece)
                    await self._pass_on()
            except PermanentFailure:
                whole = False
        await self._pass_on()
        return whole

    async def close(self, about: bytes) -> None:
        """End it, with what it is."""
        self._end_list()
        self._zip.writestr("about.json", about)
        self._zip.close()
        await self._pass_on()

    def _end_list(self) -> None:
        if self._list is not None:
            self._list.end()
            self._list = None

    async def _pass_on(self) -> None:
        content = self._buffer.take()
        if content:
            self._sha256.update(content)
            self.size += len(content)
            await self._incoming.write(content)


class _List:
    """One JSON array that grows."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name = name
        self._out = archive.open(f"{name}.json", "w", force_zip64=True)
        self._first = True

    def add(self, value: bytes) -> None:
        self._out.write((b"[\n" if self._first else b",\n") + value)
        self._first = False

    def end(self) -> None:
        self._out.write(b"\n]\n")
        self._out.close()


class _Buffer(io.RawIOBase):
    """What was written since it was taken last. It cannot seek, so the archive never goes back."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._place = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._place

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self._held += content
        self._place += len(content)
        return len(content)

    def take(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held
