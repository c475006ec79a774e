"""What a flow may do with a call."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from careline.kernel.ids import new_id
from careline.modules.contact.telephony.errors import CallGone
from careline.modules.contact.telephony.ports import EndCause, LegGone, PlaybackId, VoiceEngine
from careline.modules.contact.telephony.services.sessions import CallSession, CallSessions
from careline.modules.contact.telephony.views import PlaybackEnded, Signal


class CallControl:
    """Commands for one call, refused with ``CallGone`` when its caller has left."""

    def __init__(self, engine: VoiceEngine, sessions: CallSessions) -> None:
        self._engine = engine
        self._sessions = sessions

    async def answer(self, call_id: UUID) -> None:
        """Answer the caller."""
        with self._present(call_id) as session:
            await self._engine.answer(session.caller_leg)

    async def play(self, call_id: UUID, sounds: Sequence[Path]) -> PlaybackId:
        """Play sounds to the caller; ``PlaybackEnded`` with this id follows once.

        At once to a caller who talks by now: nothing is played into a talk.
        """
        playback = PlaybackId(str(new_id()))
        with self._present(call_id) as session:
            if session.connected:
                session.signals.put_nowait(PlaybackEnded(playback=playback, completed=False))
            else:
                await self._engine.play(session.caller_leg, playback, sounds)
        return playback

    async def stop(self, playback: PlaybackId) -> None:
        """Stop what is played."""
        await self._engine.stop_playback(playback)

    async def music(self, call_id: UUID, *, on: bool) -> None:
        """Start or stop the music that a waiting caller hears. Who talks by now has none."""
        with self._present(call_id) as session:
            if not session.connected:
                leg = session.caller_leg
                await (self._engine.start_music(leg) if on else self._engine.stop_music(leg))

    async def hang_up(self, call_id: UUID, *, by: str) -> None:
        """End the call. ``by`` says who wanted it: flow or agent. Nothing happens when it is over."""
        session = self._sessions.by_call(call_id)
        if session is None:
            return
        session.ending_by = by
        await self._engine.hang_up(session.caller_leg)

    async def hang_up_agent(self, call_id: UUID) -> None:
        """The agent hangs up: end their side only; the caller stays, and the flow goes on with them."""
        session = self._sessions.by_call(call_id)
        if session is not None and session.agent_leg is not None:
            session.hung_up = True
            await self._engine.hang_up(session.agent_leg, EndCause.NORMAL)

    async def next_signal(self, call_id: UUID) -> Signal:
        """What happens next with the call, in order. One flow at a time listens."""
        return await self._session(call_id).signals.get()

    def entry_flow(self, call_id: UUID) -> str:
        """The code of the flow that the call's number leads to."""
        return self._session(call_id).entry_flow

    async def hand_to_safety(self, call_id: UUID) -> None:
        """The safe dialplan takes the caller over."""
        session = self._sessions.by_call(call_id)
        if session is not None:
            session.ending_by = "safety"
            await self._engine.hand_to_safety(session.caller_leg)

    @contextmanager
    def _present(self, call_id: UUID) -> Iterator[CallSession]:
        try:
            yield self._session(call_id)
        except LegGone:
            # They hung up while the command was on its way.
            raise CallGone(call_id) from None

    def _session(self, call_id: UUID) -> CallSession:
        session = self._sessions.by_call(call_id)
        if session is None:
            raise CallGone(call_id)
        return session
