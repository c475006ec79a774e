"""Recordings: announced first, then started, then complete or honestly lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import AdapterFailure, Conflict, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.errors import CallGone, RecordingUnavailable
from careline.modules.contact.telephony.events import RecordingEnded, RecordingStarted
from careline.modules.contact.telephony.ports import LegId, RecordingSpec, VoiceEngine
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.contact.telephony.services.vault import Vault
from careline.modules.contact.telephony.views import RecordingView

logger = logging.getLogger(__name__)

ENDED_AT_ONCE = 4

ENDS_WITHIN_S = 3.0
"""So long an end of the process waits for recordings that are being ended."""

MOST_LEFT = 200


class Recorder:
    """Starts and ends recordings and gives them out."""

    def __init__(self, database: Database, engine: VoiceEngine, sessions: CallSessions, vault: Vault) -> None:
        self._database = database
        self._engine = engine
        self._sessions = sessions
        self._vault = vault
        self._ending: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(ENDED_AT_ONCE)

    async def allow(self, tx: Transaction, call_id: UUID) -> None:
        """The caller has heard that the call will be recorded. Before this nothing is recorded."""
        session = self._sessions.by_call(call_id)
        if session is None:
            raise CallGone(call_id)
        await repository.allow_recording(tx, call_id)
        tx.on_commit(lambda: setattr(session, "recording_allowed", True))

    async def start(self, session: CallSession) -> None:
        """Record the caller's leg, both directions, if it was announced. A failure never disturbs the call."""
        if not session.recording_allowed or session.recording_id is not None:
            return
        if session.recording_stops is not None:
            await asyncio.wait([session.recording_stops])  # an engine stops a leg's recording, whichever it is
        recording_id = new_id()
        path = self._vault.place(session.tenant_id, recording_id)
        try:
            # Stored first: a file that nobody knows of could neither be found nor erased.
            async with self._database.transaction(session.tenant_id) as tx:
                await repository.insert_recording(tx, recording_id, session.call_id)
                tx.emit(RecordingStarted(call_id=session.call_id, recording_id=recording_id), subject=session.call_id)
            session.recording_id = recording_id
            spec = RecordingSpec(recording_id=recording_id, leg=session.caller_leg, path=path)
            await self._engine.start_recording(spec)
        except AdapterFailure as failure:
            logger.warning("recording of call %s did not start: %s", session.call_id, failure.reason)
            session.recording_id = None
            await self._store_end(session.tenant_id, session.call_id, recording_id, lost=True)

    def stop(self, session: CallSession) -> None:
        """End the recording of a call, if there is one; returns at once. Neither the caller nor what is said to them
        waits for its file, which takes the longer the longer they talked."""
        recording_id, session.recording_id = session.recording_id, None
        if recording_id is None:
            return
        session.recording_stops = asyncio.get_running_loop().create_task(self._stop(recording_id, session.caller_leg))
        ending = self._end(session, recording_id, session.recording_stops)
        task = asyncio.get_running_loop().create_task(ending, name=f"recording {recording_id}")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def settled(self) -> None:
        """Until every recording that was stopped is over."""
        while self._ending:
            await asyncio.wait(list(self._ending))

    async def leave(self) -> None:
        """For an orderly end: what is not done in a few seconds is done after the next start (``end_left``)."""
        if self._ending:
            await asyncio.wait(list(self._ending), timeout=ENDS_WITHIN_S)
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def end_left(self, before: datetime) -> int:
        """End recordings whose call was over before then and that nobody ended: a crash, or a database that was away.
        How many that were."""
        async with self._database.system_reading() as reading:
            left = await repository.left_recordings(reading, before, limit=MOST_LEFT)
        for row in left:
            await self.close(TenantId(row.tenant_id), row.call_id, row.id)
        return len(left)

    async def _stop(self, recording_id: UUID, leg: LegId) -> None:
        try:
            await self._engine.stop_recording(recording_id, leg)
        except AdapterFailure as failure:
            logger.warning("recording %s did not stop properly: %s", recording_id, failure.reason)

    async def _end(self, session: CallSession, recording_id: UUID, stops: "asyncio.Task[None]") -> None:
        """Not many at once: sealing reads and writes every byte of them."""
        try:
            await stops
            async with self._turns:
                await self.close(session.tenant_id, session.call_id, recording_id)
        except Exception:
            # Not for the call to know: ``end_left`` and ``seal_left`` come back to it.
            logger.exception("recording %s could not be ended yet", recording_id)

    async def close(self, tenant_id: TenantId, call_id: UUID, recording_id: UUID) -> None:
        """Seal a recording and store that it is over; lost when there is nothing of it to listen to."""
        try:
            await self._engine.recording_finished(recording_id)
        except AdapterFailure as failure:
            logger.warning("recording %s could not be finished yet: %s", recording_id, failure.reason)
        try:
            lost = not await self._vault.seal(tenant_id, recording_id)
        except (AdapterFailure, OSError):
            # It lies plain until it can be sealed, which is tried again and again; the call goes on to its end.
            logger.exception("recording %s could not be sealed yet", recording_id)
            lost = False
        await self._store_end(tenant_id, call_id, recording_id, lost=lost)

    async def recording(self, tenant_id: TenantId, recording_id: UUID) -> RecordingView:
        """A recording of this tenant, or ``NotFound``."""
        async with self._database.glance(tenant_id) as reading:
            rows = await repository.recordings(reading, recording_id=recording_id)
        if not rows:
            raise NotFound("recording-not-found", id=str(recording_id))
        return self._view(rows[0])

    async def size(self, tenant_id: TenantId, view: RecordingView) -> int:
        """How many bytes of WAV a recording is. Raises ``Conflict`` before it can be listened to, or ``NotFound``."""
        if view.state != "done":
            raise Conflict("recording-not-ready", state=view.state)
        try:
            size = await self._vault.size(tenant_id, view.id)
        except AdapterFailure as failure:
            logger.error("recording %s cannot be opened: %s", view.id, failure.reason)
            raise RecordingUnavailable(view.id) from failure
        if size is None:
            raise NotFound("recording-not-found", id=str(view.id))
        return size

    def content(self, tenant_id: TenantId, recording_id: UUID, *, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of the WAV, each piece checked before it is handed out."""
        return self._vault.read(tenant_id, recording_id, start=start, length=length)

    async def of_call(self, tenant_id: TenantId, call_id: UUID) -> list[RecordingView]:
        """The recordings of a call, oldest first."""
        async with self._database.glance(tenant_id) as reading:
            return [self._view(row) for row in await repository.recordings(reading, call_id=call_id)]

    def _view(self, row: repository.RecordingRecord) -> RecordingView:
        return RecordingView(
            id=row.id,
            call_id=row.call_id,
            state=row.state,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )

    async def _store_end(self, tenant_id: TenantId, call_id: UUID, recording_id: UUID, *, lost: bool) -> None:
        async with self._database.transaction(tenant_id) as tx:
            if await repository.end_recording(tx, recording_id, state="lost" if lost else "done"):
                tx.emit(RecordingEnded(call_id=call_id, recording_id=recording_id, lost=lost), subject=call_id)
