"""Recordings: announced first, then started, then complete or honestly lost."""

import logging
from pathlib import Path, PurePosixPath
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import AdapterFailure, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.errors import CallGone
from careline.modules.contact.telephony.events import RecordingEnded, RecordingStarted
from careline.modules.contact.telephony.ports import RecordingSpec, VoiceEngine
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.contact.telephony.views import RecordingView

logger = logging.getLogger(__name__)


class Recorder:
    """Starts and ends recordings and finds their files below one folder."""

    def __init__(self, database: Database, engine: VoiceEngine, sessions: CallSessions, folder: Path) -> None:
        self._database = database
        self._engine = engine
        self._sessions = sessions
        self._folder = folder

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
        recording_id = new_id()
        file = PurePosixPath(str(session.tenant_id)) / f"{recording_id}.wav"
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # Stored first: a file that nobody knows of could neither be found nor erased.
            async with self._database.transaction(session.tenant_id) as tx:
                await repository.insert_recording(tx, recording_id, session.call_id, file)
                tx.emit(RecordingStarted(call_id=session.call_id, recording_id=recording_id), subject=session.call_id)
            session.recording_id = recording_id
            spec = RecordingSpec(recording_id=recording_id, leg=session.caller_leg, path=path)
            await self._engine.start_recording(spec)
        except AdapterFailure as failure:
            logger.warning("recording of call %s did not start: %s", session.call_id, failure.reason)
            session.recording_id = None
            await self._store_end(session.tenant_id, session.call_id, recording_id, lost=True)

    async def stop(self, session: CallSession) -> None:
        """End the recording of a call, if there is one. A failure never disturbs the end of the call."""
        recording_id, session.recording_id = session.recording_id, None
        if recording_id is None:
            return
        try:
            await self._engine.stop_recording(recording_id, session.caller_leg)
        except AdapterFailure as failure:
            logger.warning("recording %s did not stop properly: %s", recording_id, failure.reason)
        try:
            await self.close(session.tenant_id, session.call_id, recording_id)
        except OSError:
            logger.exception("the file of recording %s could not be looked at", recording_id)

    async def close(self, tenant_id: TenantId, call_id: UUID, recording_id: UUID) -> None:
        """Store that a recording is over; lost when there is no usable file."""
        view = await self.recording(tenant_id, recording_id)
        lost = not view.path.is_file() or view.path.stat().st_size <= _WAV_HEADER_BYTES
        await self._store_end(tenant_id, call_id, recording_id, lost=lost)

    async def recording(self, tenant_id: TenantId, recording_id: UUID) -> RecordingView:
        """A recording of this tenant, or ``NotFound``."""
        async with self._database.glance(tenant_id) as reading:
            rows = await repository.recordings(reading, recording_id=recording_id)
        if not rows:
            raise NotFound("recording-not-found", id=str(recording_id))
        return self._view(rows[0])

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
            path=self._folder / row.file,
        )

    async def _store_end(self, tenant_id: TenantId, call_id: UUID, recording_id: UUID, *, lost: bool) -> None:
        async with self._database.transaction(tenant_id) as tx:
            if await repository.end_recording(tx, recording_id, state="lost" if lost else "done"):
                tx.emit(RecordingEnded(call_id=call_id, recording_id=recording_id, lost=lost), subject=call_id)


_WAV_HEADER_BYTES = 44
