"""Where recordings lie: sealed, each under a key of its own. Plain is only what has just been finished."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.storage.keys import sync_folder
from careline.infra.storage.store import FileMissing, FileStore
from careline.kernel.errors import AdapterFailure
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository

logger = logging.getLogger(__name__)

PIECE = 256 * 1024
_WAV_HEADER_BYTES = 44


class Vault:
    """Seals what a voice engine has recorded and gives it out again.

    ``plain`` is the folder into which engines finish recordings, outside of what is backed up; ``earlier`` one in
    which a version before this kept them. A plain file goes only when its sealed copy is durable, and whatever a
    crash leaves is sealed by ``seal_left``: sealing again what was sealed already does no harm.
    """

    def __init__(self, database: Database, store: FileStore, plain: Path, earlier: Path) -> None:
        self._database = database
        self._store = store
        self._plain = plain
        self._earlier = earlier
        self._turns: dict[UUID, asyncio.Lock] = {}

    def place(self, tenant_id: TenantId, recording_id: UUID) -> Path:
        """Where an engine finishes a recording; its folder is there."""
        path = self._plain / str(tenant_id) / f"{recording_id}.wav"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    async def seal(self, tenant_id: TenantId, recording_id: UUID) -> bool:
        """Seal a finished recording and take the plain one away; False when there is none to listen to.

        Raises ``TransientFailure`` when it cannot be kept now; the plain one stays then, for another try.
        """
        async with self._turn(recording_id):
            for folder in (self._plain, self._earlier):
                path = folder / str(tenant_id) / f"{recording_id}.wav"
                if await asyncio.to_thread(path.is_file):
                    return await self._seal(tenant_id, recording_id, path)
        return await self.size(tenant_id, recording_id) is not None

    async def size(self, tenant_id: TenantId, recording_id: UUID) -> int | None:
        """How many bytes a sealed recording has as a WAV; None when there is none."""
        try:
            return await self._store.size(tenant_id, recording_id)
        except FileMissing:
            return None

    def read(self, tenant_id: TenantId, recording_id: UUID, *, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of the WAV."""
        return self._store.read(tenant_id, recording_id, start=start, length=length)

    async def remove(self, tenant_id: TenantId, recording_id: UUID) -> None:
        """Delete a recording, sealed and plain."""
        async with self._turn(recording_id):
            for folder in (self._plain, self._earlier):
                path = folder / str(tenant_id) / f"{recording_id}.wav"
                await asyncio.to_thread(path.unlink, missing_ok=True)
            await self._store.remove(tenant_id, recording_id)

    async def seal_left(self) -> int:
        """Seal whatever lies plain although its call is over; how many recordings that were."""
        sealed = 0
        for folder in (self._plain, self._earlier):
            for path in await asyncio.to_thread(lambda here: sorted(here.glob("*/*.wav")), folder):
                try:
                    sealed += await self._seal_one(TenantId(UUID(path.parent.name)), UUID(path.stem))
                except ValueError:
                    logger.warning("no recording of ours: %s", path.name)
                except (AdapterFailure, OSError):
                    logger.exception("recording %s lies plain still", path.stem)
        return sealed

    async def _seal_one(self, tenant_id: TenantId, recording_id: UUID) -> bool:
        async with self._database.reading(tenant_id) as reading:
            rows = await repository.recordings(reading, recording_id=recording_id)
        if not rows:  # erased while it was being finished
            await self.remove(tenant_id, recording_id)
            return False
        if rows[0].state == "recording" or not await self.seal(tenant_id, recording_id):
            return False
        async with self._database.transaction(tenant_id) as tx:
            await repository.find_recording(tx, recording_id)
        return True

    async def _seal(self, tenant_id: TenantId, recording_id: UUID, path: Path) -> bool:
        usable = (await asyncio.to_thread(path.stat)).st_size > _WAV_HEADER_BYTES
        if usable:
            await self._store.remove(tenant_id, recording_id)  # what a crash left halfway
            async with self._store.incoming(tenant_id, recording_id) as incoming:
                async for piece in _content(path):
                    await incoming.write(piece)
                await incoming.keep()
        await asyncio.to_thread(_take_away, path)
        return usable

    @asynccontextmanager
    async def _turn(self, recording_id: UUID) -> AsyncIterator[None]:
        """One at a time does something with a recording."""
        turn = self._turns.setdefault(recording_id, asyncio.Lock())
        try:
            async with turn:
                yield
        finally:
            if not turn.locked():
                self._turns.pop(recording_id, None)


async def _content(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


def _take_away(path: Path) -> None:
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
