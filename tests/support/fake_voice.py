# house: allow file-size – the whole port of a voice engine stands in one fake, with its callers and phones
"""A voice engine in memory, with callers and phones that a test plays.

It keeps the promises of ``VoiceEngine``: events are delivered later than the command that caused them, in order for
each leg and independently between legs; a command for a leg that is gone raises ``LegGone``. It passes the same
contract suite as the real one. Typical use::

    voice = FakeVoice()
    await voice.start(telephony_events)
    phone = voice.phone("agent-8021")
    caller = await voice.call("10086", caller_number="13800138000")
    await caller.press("1")
    ring = await phone.rings()
    await phone.answer()
    await caller.hang_up()

Sounds end at once unless ``voice.hold_playbacks`` is set (then ``voice.finish_playbacks(leg)`` ends them) or
``voice.real_time`` is (then they last as long as the WAV file says).
"""

import asyncio
import wave
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from careline.kernel.clock import Clock, SystemClock
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import (
    AgentDial,
    BridgeId,
    CallEvents,
    EndCause,
    InboundCall,
    LegGone,
    LegId,
    LegRole,
    LegState,
    LiveLeg,
    LiveSnapshot,
    PlaybackId,
    RecordingSpec,
)
from tests.support.waiting import PATIENCE_S


@dataclass
class FakeLeg:
    """A leg as the fake holds it. ``commands`` are the names of what was done to it, in order."""

    id: LegId
    role: LegRole
    state: LegState
    call_ref: str | None = None
    dial: AgentDial | None = None
    music: bool = False
    bridge: BridgeId | None = None
    aside: bool = False
    commands: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    recordings: dict[UUID, RecordingSpec] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None
    ended: EndCause | None = None


@dataclass
class _Playing:
    leg: LegId
    timer: asyncio.TimerHandle | None = None


class FakeCaller:
    """A caller that a test plays. ``leg`` is the id that telephony was told."""

    def __init__(self, voice: "FakeVoice", leg: FakeLeg) -> None:
        self._voice = voice
        self._leg = leg
        self.leg = leg.id

    @property
    def answered(self) -> bool:
        """Whether we answered."""
        return self._leg.state is LegState.UP

    @property
    def ended(self) -> bool:
        """Whether the call is over, whoever ended it."""
        return self._leg.ended is not None

    @property
    def heard(self) -> list[str]:
        """The names (without suffix) of the sounds played to this caller so far."""
        return self._leg.heard

    @property
    def music(self) -> bool:
        """Whether music on hold plays."""
        return self._leg.music

    @property
    def talks_to(self) -> list[LegId]:
        """The other legs in the same bridge."""
        if self._leg.aside:
            return []
        return [one for one in self._voice.in_bridge(self._leg.bridge) if one != self.leg]

    async def press(self, keys: str) -> None:
        """Press keys; returns when telephony has dealt with them."""
        for key in keys:
            self._voice.tell_key(self._leg, key)
        await self._voice.settle()

    async def hang_up(self) -> None:
        """Hang up; returns when telephony has dealt with it."""
        self._voice.end(self._leg, EndCause.NORMAL)
        await self._voice.settle()


class FakePhone:
    """An agent's phone that a test plays: it rings until it is answered, declined or given up."""

    def __init__(self, voice: "FakeVoice", endpoint: str) -> None:
        self._voice = voice
        self.endpoint = endpoint
        self.answers_at_once = False

    @property
    def ringing(self) -> FakeLeg | None:
        """The leg that rings this phone now."""
        return self._voice.leg_at(self.endpoint, LegState.RINGING)

    @property
    def talking(self) -> FakeLeg | None:
        """The leg that this phone answered and that is still up."""
        return self._voice.leg_at(self.endpoint, LegState.UP)

    async def rings(self, within: float = PATIENCE_S) -> AgentDial:
        """Wait until it rings and say what it shows."""
        deadline = asyncio.get_running_loop().time() + within
        while self.ringing is None or self.ringing.dial is None:
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"{self.endpoint} does not ring; legs: {list(self._voice.legs.values())}")
            await asyncio.sleep(0.001)
        return self.ringing.dial

    async def answer(self) -> None:
        """Answer what rings."""
        self._voice.answer_phone(self._ringing())
        await self._voice.settle()

    async def decline(self) -> None:
        """Reject what rings."""
        self._voice.end(self._ringing(), EndCause.REJECTED)
        await self._voice.settle()

    async def give_up(self) -> None:
        """The ringing time is over."""
        self._voice.end(self._ringing(), EndCause.NO_ANSWER)
        await self._voice.settle()

    async def hang_up(self) -> None:
        """End the talk."""
        leg = self.talking
        assert leg is not None, f"{self.endpoint} has no call to hang up"
        self._voice.end(leg, EndCause.NORMAL)
        await self._voice.settle()

    def _ringing(self) -> FakeLeg:
        leg = self.ringing
        assert leg is not None, f"{self.endpoint} does not ring"
        return leg


class FakeVoice:
    """``VoiceEngine`` in memory; see the module's text."""

    def __init__(self, *, node: str = "voice-1", clock: Clock | None = None) -> None:
        self.node = node
        self.legs: dict[LegId, FakeLeg] = {}
        self.bridges: set[BridgeId] = set()
        self.endpoints: dict[str, tuple[str, LegRole, str | None]] = {}
        self.commands: list[tuple[str, LegId | None]] = []
        self.safe: set[LegId] = set()
        self.away: dict[LegId, FakeLeg] = {}
        self.failures: list[BaseException] = []
        self.hold_playbacks = False
        self.real_time = False
        self.finishing: asyncio.Event | None = None
        self._clock = clock or SystemClock()
        self._events: CallEvents | None = None
        self._phones: dict[str, FakePhone] = {}
        self._playing: dict[PlaybackId, _Playing] = {}
        self._seen: set[LegId] = set()
        self._known: set[LegId] = set()
        self._arrivals: dict[LegId, InboundCall] = {}
        self._lanes: dict[LegId, deque[Callable[[], Awaitable[None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # -- the test's side -----------------------------------------------------------------------------------

    async def start(self, events: CallEvents) -> None:
        """Begin (again, after a restart of the application) to tell ``events``; the snapshot comes first."""
        self._events = events
        self._known = set(self.legs)
        await events.engine_up(await self.snapshot())

    async def lose_link(self, reason: str = "link lost") -> None:
        """The link breaks: commands fail, nothing is told, the calls go on."""
        events, self._events = self._events, None
        if events is not None:
            await events.engine_down(self.node, reason)

    async def regain_link(self, events: CallEvents) -> None:
        """The link is back: the legs that ended meanwhile are told, then the snapshot."""
        for leg in sorted(self._known - set(self.legs) - set(self.away)):
            self._known.discard(leg)
            await events.leg_ended(leg, EndCause.NORMAL, self._now())
        await self.start(events)

    async def call(
        self, called_number: str = "10086", *, caller_number: str | None = "13800138000", trunk: str = "demo"
    ) -> FakeCaller:
        """A caller rings us; returns when telephony has dealt with the arrival."""
        leg = FakeLeg(LegId(f"caller-{new_id()}"), LegRole.CALLER, LegState.SETUP)
        self.legs[leg.id] = leg
        self._seen.add(leg.id)
        call = InboundCall(
            leg=leg.id,
            node=self.node,
            trunk=trunk,
            called_number=called_number,
            caller_number=caller_number,
            answered=False,
            arrived_at=self._now(),
        )
        self._arrivals[leg.id] = call
        self._tell(leg.id, lambda events: events.call_arrived(call))
        await self.settle()
        return FakeCaller(self, leg)

    def strand(self, leg: LegId) -> None:
        """The safe dialplan begins to keep a caller company, in most cases while the link is lost."""
        held = self.away[leg] = self.legs.pop(leg)
        held.music, held.bridge = False, None
        self._tell(leg, lambda events: events.leg_away(leg))

    async def bring_back(self, leg: LegId) -> None:
        """The safe dialplan hands a caller over again."""
        self.legs[leg] = self.away.pop(leg)
        call = self._arrivals[leg]
        self._tell(leg, lambda events: events.call_arrived(call))
        await self.settle()

    async def hand_over(self, leg: LegId) -> FakeCaller:
        """The safe dialplan hands over a caller whom we gave it: answered by now."""
        self.safe.discard(leg)
        held = self.legs[leg] = FakeLeg(leg, LegRole.CALLER, LegState.UP)
        call = msgspec.structs.replace(self._arrivals[leg], answered=True, arrived_at=self._now())
        self._tell(leg, lambda events: events.call_arrived(call))
        await self.settle()
        return FakeCaller(self, held)

    def in_safety(self, leg: LegId) -> bool:
        """Whether the safe dialplan has taken the leg over."""
        return leg in self.safe

    def is_gone(self, leg: LegId) -> bool:
        """Whether the leg is over, or no longer ours."""
        return leg not in self.legs

    def leave_stranger(self, role: LegRole) -> LegId:
        """A leg that no application knows, as a crash may leave one."""
        leg = FakeLeg(LegId(str(new_id())), role, LegState.UP, None)
        self.legs[leg.id] = leg
        return leg.id

    def phone(self, endpoint: str) -> FakePhone:
        """The phone at an endpoint, registered from now on."""
        return self._phones.setdefault(endpoint, FakePhone(self, endpoint))

    def unplug(self, endpoint: str) -> None:
        """The phone is no longer registered."""
        self._phones.pop(endpoint, None)

    def finish_playbacks(self, leg: LegId) -> None:
        """What plays to a leg comes to its end."""
        self._playbacks_over(leg, completed=True)

    async def settle(self, *, turns: int = 5) -> None:
        """Wait until everything that was told has been dealt with, and what that caused as well.

        Raises what a handler of ``CallEvents`` raised, so that no test passes over a failure. Called from within a
        handler it returns at once.
        """
        if asyncio.current_task() in self._tasks:
            return
        for _ in range(turns):
            while self._tasks:
                await asyncio.wait(self._tasks)
            await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)

    def in_bridge(self, bridge: BridgeId | None) -> list[LegId]:
        """The legs in a bridge."""
        there = [leg for leg in self.legs.values() if bridge is not None and leg.bridge == bridge]
        return [leg.id for leg in there if not leg.aside]

    def leg_at(self, endpoint: str, state: LegState) -> FakeLeg | None:
        """The leg at a phone in a state."""
        for leg in self.legs.values():
            if leg.dial is not None and leg.dial.endpoint == endpoint and leg.state is state:
                return leg
        return None

    def tell_key(self, leg: FakeLeg, key: str) -> None:
        """A key was pressed."""
        if leg.ended is None:
            at = self._now()
            self._tell(leg.id, lambda events: events.key_pressed(leg.id, key, at))

    def answer_phone(self, leg: FakeLeg) -> None:
        """The phone of a leg is picked up."""
        if leg.timer is not None:
            leg.timer.cancel()
        leg.state = LegState.UP
        at = self._now()
        self._tell(leg.id, lambda events: events.leg_answered(leg.id, at))

    def end(self, leg: FakeLeg, cause: EndCause) -> None:
        """A leg ends, and what plays to it and is recorded of it with it."""
        if leg.ended is not None:
            return
        leg.ended = cause
        if leg.timer is not None:
            leg.timer.cancel()
        (self.legs if leg.id in self.legs else self.away).pop(leg.id)
        self._playbacks_over(leg.id, completed=False)
        for spec in leg.recordings.values():
            _write_silence(spec.path)
        at = self._now()
        if self._events is not None:
            self._known.discard(leg.id)
        self._tell(leg.id, lambda events: events.leg_ended(leg.id, cause, at))

    # -- VoiceEngine ---------------------------------------------------------------------------------------

    async def answer(self, leg: LegId) -> None:
        self._command("answer", leg).state = LegState.UP

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[Path]) -> None:
        held = self._command("play", leg)
        if not sounds:
            raise PermanentFailure("play needs at least one sound")
        held.heard.extend(sound.stem for sound in sounds)
        playing = self._playing[playback] = _Playing(leg)
        if self.real_time:
            self._later(playing, sum(_seconds(sound) for sound in sounds), playback)
        elif not self.hold_playbacks:
            self._playback_over(playback, completed=True)

    async def stop_playback(self, playback: PlaybackId) -> None:
        self._linked()
        self._playback_over(playback, completed=False)

    async def start_music(self, leg: LegId) -> None:
        self._command("start_music", leg).music = True

    async def stop_music(self, leg: LegId) -> None:
        self._command("stop_music", leg).music = False

    async def dial_agent(self, dial: AgentDial) -> None:
        self._linked()
        self.commands.append(("dial_agent", dial.leg))
        if dial.leg in self._seen:
            raise PermanentFailure(f"leg {dial.leg} exists already")
        self._seen.add(dial.leg)
        self._known.add(dial.leg)
        leg = FakeLeg(dial.leg, LegRole.AGENT, LegState.SETUP, call_ref=dial.call_ref, dial=dial)
        self.legs[dial.leg] = leg
        phone = self._phones.get(dial.endpoint)
        if phone is None:
            self.end(leg, EndCause.UNREACHABLE)
            return
        leg.state = LegState.RINGING
        self._tell(leg.id, lambda events: events.leg_ringing(leg.id))
        if phone.answers_at_once:
            self.answer_phone(leg)
            return
        loop = asyncio.get_running_loop()
        leg.timer = loop.call_later(dial.ring_seconds, self.end, leg, EndCause.NO_ANSWER)

    async def join(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        self._linked()
        for leg in legs:
            if leg not in self.legs:
                raise LegGone(f"leg {leg} is gone")
        self.bridges.add(bridge)
        for leg in legs:
            held = self._command("join", leg)
            held.bridge, held.aside, held.music = bridge, False, False
            self._playbacks_over(leg, completed=False)

    async def set_aside(self, bridge: BridgeId, leg: LegId) -> None:
        held = self._command("set_aside", leg)
        held.bridge, held.aside, held.music = bridge, True, True

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        self._linked()
        self.bridges.discard(bridge)
        for leg in self.legs.values():
            if leg.bridge == bridge:
                leg.bridge = None
                if leg.aside:
                    leg.aside = leg.music = False

    async def start_recording(self, spec: RecordingSpec) -> None:
        self._command("start_recording", spec.leg).recordings[spec.recording_id] = spec

    async def stop_recording(self, recording_id: UUID, leg: LegId) -> None:
        self._linked()
        held = self.legs.get(leg)
        if held is not None and (spec := held.recordings.pop(recording_id, None)) is not None:
            held.commands.append("stop_recording")
            _write_silence(spec.path)

    async def recording_finished(self, recording_id: UUID) -> None:
        self._linked()
        if self.finishing is not None:
            await self.finishing.wait()

    async def finish_recordings(self, untouched_since: datetime) -> int:
        return 0

    async def hang_up(self, leg: LegId, cause: EndCause = EndCause.NORMAL) -> None:
        self._linked()
        self.commands.append(("hang_up", leg))
        held = self.legs.get(leg)
        if held is not None:
            held.commands.append("hang_up")
            self.end(held, cause)

    async def hand_to_safety(self, leg: LegId) -> None:
        self._linked()
        held = self.legs.get(leg)
        if held is not None:
            self.safe.add(leg)
            self.end(held, EndCause.FAILED)

    async def refuse(self, leg: LegId) -> None:
        self._linked()
        held = self.legs.get(leg)
        if held is not None:
            self.end(held, EndCause.BUSY)

    async def snapshot(self) -> LiveSnapshot:
        self._linked()
        legs = [
            LiveLeg(
                leg=one.id, role=one.role, state=one.state, call_ref=one.call_ref, bridge=one.bridge, aside=one.aside
            )
            for one in self.legs.values()
        ]
        return LiveSnapshot(node=self.node, legs=legs, bridges=sorted(self.bridges), away=sorted(self.away))

    async def put_endpoint(self, endpoint: str, secret: str, *, role: LegRole, number: str | None = None) -> None:
        self._linked()
        self.endpoints[endpoint] = (secret, role, number)

    async def remove_endpoint(self, endpoint: str) -> None:
        self._linked()
        self.endpoints.pop(endpoint, None)
        self._phones.pop(endpoint, None)

    # -- inside --------------------------------------------------------------------------------------------

    def _linked(self) -> None:
        if self._events is None:
            raise TransientFailure(f"no link to voice node {self.node}", retry_after=1.0)

    def _command(self, name: str, leg: LegId) -> FakeLeg:
        self._linked()
        self.commands.append((name, leg))
        held = self.legs.get(leg)
        if held is None:
            raise LegGone(f"leg {leg} is gone")
        held.commands.append(name)
        return held

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    def _later(self, playing: _Playing, seconds: float, playback: PlaybackId) -> None:
        loop = asyncio.get_running_loop()
        playing.timer = loop.call_later(seconds, lambda: self._playback_over(playback, completed=True))

    def _playbacks_over(self, leg: LegId, *, completed: bool) -> None:
        for playback in [one for one, playing in self._playing.items() if playing.leg == leg]:
            self._playback_over(playback, completed=completed)

    def _playback_over(self, playback: PlaybackId, *, completed: bool) -> None:
        playing = self._playing.pop(playback, None)
        if playing is None:
            return
        if playing.timer is not None:
            playing.timer.cancel()
        self._tell(playing.leg, lambda events: events.playback_ended(playing.leg, playback, completed=completed))

    def _tell(self, leg: LegId, what: Callable[[CallEvents], Awaitable[None]]) -> None:
        """Put an event on its leg's lane, if the link is there."""
        events = self._events
        if events is None:
            return
        if leg in self.legs:
            self._known.add(leg)
        lane = self._lanes.get(leg)
        if lane is None:
            lane = self._lanes[leg] = deque()
            task = asyncio.get_running_loop().create_task(self._drain(leg, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append(lambda: what(events))

    async def _drain(self, leg: LegId, lane: deque[Callable[[], Awaitable[None]]]) -> None:
        while lane:
            try:
                await lane.popleft()()
            except Exception as failure:  # noqa: BLE001 - kept for settle(), which raises it in the test
                self.failures.append(failure)
        del self._lanes[leg]


def _seconds(sound: Path) -> float:
    with wave.open(str(sound)) as file:
        return float(file.getnframes() / file.getframerate())


def _write_silence(path: Path) -> None:
    """A tenth of a second of nothing in two channels, as a recording would look."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(4 * 800))
