"""A voice engine that may not be there: switched off, not installed, or still starting.

The rest of the house is put together with this one. While no real engine is behind it every command says so, as a
``TransientFailure`` with the reason, or as a ``PermanentFailure`` when it is switched off; all digital work goes on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from careline.adapters.asterisk.assembly import ANNOUNCEMENTS, Voice, open_voice
from careline.adapters.asterisk.recordings import finish_left
from careline.infra.settings.settings import Settings, VoiceMode
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure, DomainError, PermanentFailure, TransientFailure
from careline.modules.contact.telephony.ports import (
    AgentDial,
    BridgeId,
    CallEvents,
    EndCause,
    LegId,
    LegRole,
    LiveSnapshot,
    PlaybackId,
    RecordingSpec,
    VoiceEngine,
)

logger = logging.getLogger(__name__)

Render = Callable[[str, str], Awaitable[Path]]
"""Text and language → sound file."""

RETRY_SECONDS = (1.0, 2.0, 5.0, 15.0)


class StandbyVoice:
    """``VoiceEngine`` in front of the real one. ``reason`` is a kebab-case code: why there is none; None when up."""

    def __init__(self, settings: Settings, clock: Clock, render: Render) -> None:
        self._settings = settings
        self._clock = clock
        self._render = render
        self._voice: Voice | None = None
        self._opening: asyncio.Task[None] | None = None
        self.reason: str | None = "voice-off" if settings.voice is VoiceMode.OFF else "voice-starting"
        self.detail = ""

    @property
    def http_url(self) -> str | None:
        """Where the engine's HTTP server is, for the relay of SIP over WebSocket."""
        return None if self._voice is None else self._voice.http_url

    def begin(self, events: CallEvents) -> None:
        """Start to bring the engine up; returns at once. Trouble that may pass is tried again."""
        if self._settings.voice is not VoiceMode.OFF:
            self._opening = asyncio.create_task(self._open(events), name="voice")

    async def close(self) -> None:
        """Stop the engine, and what it carries."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        voice, self._voice = self._voice, None
        self.reason = "voice-stopped"
        if voice is not None:
            await voice.close(keep_node=False)

    async def _open(self, events: CallEvents) -> None:
        attempt = 0
        while True:
            try:
                await self._bring_up(events)
            except TransientFailure as failure:
                self.reason, self.detail = "voice-not-answering", failure.reason
                logger.warning("the voice engine is not there yet: %s", failure.reason)
            except (AdapterFailure, DomainError) as failure:
                self.reason, self.detail = "voice-not-usable", str(failure)
                logger.error("no voice engine, all digital work goes on: %s", failure)
                return
            except OSError as failure:  # a folder that cannot be written, a disk that is full: somebody may mend it
                self.reason, self.detail = "voice-not-usable", str(failure)
                logger.error("no voice engine yet, all digital work goes on: %s", failure)
            except Exception as failure:
                self.reason, self.detail = "voice-not-usable", type(failure).__name__
                logger.exception("no voice engine yet, all digital work goes on")
            else:
                self.reason, self.detail = None, ""
                return
            await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
            attempt += 1

    async def _bring_up(self, events: CallEvents) -> None:
        """Open the engine and start it. One that does not start is let go of; its node is found by the next try."""
        voice = await open_voice(self._settings, self._clock, await self._announcements())
        assert voice is not None
        self._voice = voice
        try:
            await voice.engine.start(events)
        except Exception:
            self._voice = None
            await voice.close(keep_node=True)
            raise

    async def _announcements(self) -> Mapping[str, Path]:
        """What the safe dialplan says; a tone stands in for what cannot be spoken."""
        spoken = {}
        for name, text in ANNOUNCEMENTS.items():
            try:
                spoken[name] = await self._render(text, "zh-CN")
            except AdapterFailure as failure:
                logger.warning("the announcement %s is not spoken: %s", name, failure.reason)
        return spoken

    def _engine(self) -> VoiceEngine:
        if self._voice is None:
            if self._settings.voice is VoiceMode.OFF:
                raise PermanentFailure("voice-off")
            raise TransientFailure(f"no voice engine ({self.reason})", retry_after=2.0)
        return self._voice.engine

    # -- VoiceEngine ---------------------------------------------------------------------------------------

    async def answer(self, leg: LegId) -> None:
        await self._engine().answer(leg)

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[Path]) -> None:
        await self._engine().play(leg, playback, sounds)

    async def stop_playback(self, playback: PlaybackId) -> None:
        await self._engine().stop_playback(playback)

    async def start_music(self, leg: LegId) -> None:
        await self._engine().start_music(leg)

    async def stop_music(self, leg: LegId) -> None:
        await self._engine().stop_music(leg)

    async def dial_agent(self, dial: AgentDial) -> None:
        await self._engine().dial_agent(dial)

    async def join(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        await self._engine().join(bridge, legs)

    async def set_aside(self, bridge: BridgeId, leg: LegId) -> None:
        await self._engine().set_aside(bridge, leg)

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        await self._engine().destroy_bridge(bridge)

    async def start_recording(self, spec: RecordingSpec) -> None:
        await self._engine().start_recording(spec)

    async def stop_recording(self, recording_id: UUID, leg: LegId) -> None:
        await self._engine().stop_recording(recording_id, leg)

    async def recording_finished(self, recording_id: UUID) -> None:
        await self._engine().recording_finished(recording_id)

    async def finish_recordings(self, untouched_since: datetime) -> int:
        """Also of nodes that there are no more, and while there is no engine."""
        if self._voice is not None:
            return await self._voice.engine.finish_recordings(untouched_since)
        done = 0
        for folder in sorted((self._settings.data / "voice").glob("*/recordings")):
            done += await asyncio.to_thread(finish_left, folder, untouched_since.timestamp())
        return done

    async def hang_up(self, leg: LegId, cause: EndCause = EndCause.NORMAL) -> None:
        await self._engine().hang_up(leg, cause)

    async def hand_to_safety(self, leg: LegId) -> None:
        await self._engine().hand_to_safety(leg)

    async def refuse(self, leg: LegId) -> None:
        await self._engine().refuse(leg)

    async def snapshot(self) -> LiveSnapshot:
        return await self._engine().snapshot()

    async def put_endpoint(self, endpoint: str, secret: str, *, role: LegRole, number: str | None = None) -> None:
        await self._engine().put_endpoint(endpoint, secret, role=role, number=number)

    async def remove_endpoint(self, endpoint: str) -> None:
        await self._engine().remove_endpoint(endpoint)
