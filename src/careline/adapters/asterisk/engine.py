"""``VoiceEngine`` on Asterisk: what telephony asks of a leg becomes requests over the ARI link, in the leg's order."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from careline.adapters.asterisk import dialplan, endpoints
from careline.adapters.asterisk.ami import AmiLink
from careline.adapters.asterisk.away import Away
from careline.adapters.asterisk.bridges import Bridges
from careline.adapters.asterisk.causes import q850
from careline.adapters.asterisk.client import AriLink, expect
from careline.adapters.asterisk.incoming import Incoming
from careline.adapters.asterisk.lanes import Deliveries, Turns
from careline.adapters.asterisk.legs import Leg, Legs, Sound
from careline.adapters.asterisk.messages import EVENT_TYPES, AriEvent, StasisStart
from careline.adapters.asterisk.node import MAX_CALLS, NodeAddress
from careline.adapters.asterisk.recordings import Recorded, Recordings
from careline.adapters.asterisk.snapshot import ask_snapshot
from careline.kernel.clock import Clock
from careline.kernel.errors import AdapterFailure, PermanentFailure, TransientFailure
from careline.modules.contact.telephony.ports import (
    AgentDial,
    BridgeId,
    CallEvents,
    EndCause,
    LegGone,
    LegId,
    LegRole,
    LegState,
    LiveSnapshot,
    PlaybackId,
    RecordingSpec,
)

log = logging.getLogger(__name__)

_SETTLE_SECONDS = 0.1


class AsteriskVoice(Recorded):
    """One voice node. ``start`` before anything else; it does not wait for the link, ``engine_up`` tells of it.

    ``recordings`` is a folder that Asterisk can write to under the same path.
    """

    def __init__(
        self, node: str, address: NodeAddress, clock: Clock, *, recordings: Path, max_calls: int = MAX_CALLS
    ) -> None:
        self.node = node
        self._clock = clock
        self._max_calls = max_calls
        self._legs = Legs()
        self._turns = Turns()
        self._deliveries = Deliveries(self._not_dealt_with)
        self._link = AriLink(
            address.ari_url,
            address.ari_user,
            address.ari_password,
            application=dialplan.APPLICATION,
            listener=self,
            beat_variable=dialplan.VARIABLE_BEAT,
        )
        self._away = Away(self._link)
        self._bridges = Bridges(self._link, self._legs)
        ami = None
        if address.ami_port is not None:
            ami = AmiLink(address.ami_host, address.ami_port, address.ami_user, address.ami_secret)
        self._recordings = Recordings(ami, recordings)
        self._incoming: Incoming | None = None
        self._events: CallEvents | None = None
        self._held: list[AriEvent] | None = []
        self._told_up = False
        self._running: asyncio.Task[None] | None = None
        self._asides: set[asyncio.Task[None]] = set()

    async def start(self, events: CallEvents) -> None:
        """Begin to keep the link and to tell ``events``."""
        self._events = events
        self._incoming = Incoming(
            self.node,
            self._legs,
            self._away,
            self._deliveries,
            self._clock,
            events,
            max_calls=self._max_calls,
            refuse=lambda leg: self._aside(self._send_away(leg, dialplan.REFUSE)),
            ended=self._recordings.leg_ended,
            went_away=lambda leg: self._aside(self._watch(leg)),
        )
        self._running = asyncio.create_task(self._link.run(), name=f"voice node {self.node}")

    async def close(self) -> None:
        """Let go of the node; its calls go on by the safe dialplan."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._recordings.close()
        await self._deliveries.close()

    @property
    def is_up(self) -> bool:
        """Whether commands can be carried out now."""
        return self._told_up

    # -- VoiceEngine ---------------------------------------------------------------------------------------

    async def answer(self, leg: LegId) -> None:
        await self._leg_command(leg, "POST", "answer")

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[Path]) -> None:
        if not sounds:
            raise PermanentFailure("play needs at least one sound")
        media = [f"sound:{sound.absolute().with_suffix('')}" for sound in sounds]
        async with self._turns.of([leg]):
            held = self._held_leg(leg)
            sound = self._legs.playing(held, playback)
            try:
                path = f"channels/{quote(leg, safe='')}/play/{quote(sound.name, safe='')}"
                expect(await self._link.request("POST", path, body={"media": media}), leg)
            except AdapterFailure:
                self._legs.played(sound.name)  # refused: the caller of play is told by this, not by an event
                raise

    async def stop_playback(self, playback: PlaybackId) -> None:
        if sound := self._legs.sound(playback):
            sound.stopped = True
            async with self._turns.of([sound.leg.id]):
                await self._cut(sound)

    async def start_music(self, leg: LegId) -> None:
        async with self._turns.of([leg]):
            await self._request_of(leg, "POST", "moh", mohClass=dialplan.APPLICATION)
            self._held_leg(leg).music = True

    async def stop_music(self, leg: LegId) -> None:
        async with self._turns.of([leg]):
            await self._quiet(self._held_leg(leg))

    async def dial_agent(self, dial: AgentDial) -> None:
        self._held_leg(dial.caller_leg)
        self._needs_link()
        if not self._legs.dial_once(dial.leg):
            raise PermanentFailure(f"leg {dial.leg} was dialled already")
        async with self._turns.of([dial.leg]):
            self._legs.add(Leg(id=dial.leg, role=LegRole.AGENT, call_ref=dial.call_ref))
            try:
                await self._originate(dial)
            except AdapterFailure:
                self._legs.remove(dial.leg)
                self._aside(self._drop(dial.leg))  # an answer that came too late does not ring on
                raise

    async def join(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        async with self._turns.of(legs):
            held = [self._held_leg(leg) for leg in legs]
            # Asterisk would put nobody into a bridge before it has played all it was asked to.
            sounds = [sound for leg in held for sound in leg.sounds.values()]
            await asyncio.gather(*(self._quiet(leg) for leg in held), *(self._cut(sound) for sound in sounds))
            await self._bridges.join(bridge, held)

    async def set_aside(self, bridge: BridgeId, leg: LegId) -> None:
        async with self._turns.of([leg]):
            await self._bridges.set_aside(bridge, self._held_leg(leg))

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        for leg in await self._bridges.destroy(bridge):
            with contextlib.suppress(LegGone):
                async with self._turns.of([leg.id]):
                    await self._bridges.forget(leg)
                    await self._quiet(leg)

    async def start_recording(self, spec: RecordingSpec) -> None:
        async with self._turns.of([spec.leg]):
            self._held_leg(spec.leg)
            await self._recordings.start(spec)

    async def hang_up(self, leg: LegId, cause: EndCause = EndCause.NORMAL) -> None:
        async with self._turns.of([leg]):
            held = self._legs.get(leg)
            if held is not None and held.ending is None:
                held.ending = cause
            await self._drop(leg, cause)

    async def hand_to_safety(self, leg: LegId) -> None:
        await self._let_go(leg, EndCause.FAILED, dialplan.ALONE, "fault")

    async def refuse(self, leg: LegId) -> None:
        await self._let_go(leg, EndCause.BUSY, dialplan.REFUSE, "start")

    async def snapshot(self) -> LiveSnapshot:
        return await ask_snapshot(self._link, self.node)

    async def put_endpoint(self, endpoint: str, secret: str, *, role: LegRole, number: str | None = None) -> None:
        async with self._turns.of([f"endpoint {endpoint}"]):
            await endpoints.put_endpoint(self._link, endpoint, secret, role=role, number=number)

    async def remove_endpoint(self, endpoint: str) -> None:
        async with self._turns.of([f"endpoint {endpoint}"]):
            await endpoints.remove_endpoint(self._link, endpoint)

    # -- LinkListener --------------------------------------------------------------------------------------

    async def link_up(self) -> None:
        assert self._events is not None
        await self._only_our_events()
        snapshot = await self.snapshot()
        await asyncio.sleep(_SETTLE_SECONDS)  # lets the arrivals come that the snapshot already contains
        arriving = {
            LegId(event.channel.id) for event in self._held or [] if isinstance(event, StasisStart) and event.args
        }
        legs = [leg for leg in snapshot.legs if leg.leg not in arriving]
        away = await self._away.begin(snapshot.away)
        snapshot = msgspec.structs.replace(snapshot, legs=legs, away=sorted(arriving | away))
        await self._catch_up(snapshot)
        self._told_up = True
        log.info("voice node %s is up with %s legs", self.node, len(legs))
        events = self._events
        self._deliveries.put(f"node {self.node}", lambda: events.engine_up(snapshot))
        held, self._held = self._held or [], None
        for event in held:
            self._take(event)

    async def link_down(self, reason: str) -> None:
        self._held = []
        if not self._told_up:
            return
        self._told_up = False
        log.warning("voice node %s is down: %s", self.node, reason)
        events = self._events
        assert events is not None
        self._deliveries.put(f"node {self.node}", lambda: events.engine_down(self.node, reason))

    def on_event(self, event: AriEvent) -> None:
        if self._held is not None:
            self._held.append(event)
        else:
            self._take(event)

    # -- inside --------------------------------------------------------------------------------------------

    def _take(self, event: AriEvent) -> None:
        assert self._incoming is not None
        self._incoming.on_event(event)

    async def _only_our_events(self) -> None:
        allowed = [{"type": name} for name in EVENT_TYPES]
        path = f"applications/{dialplan.APPLICATION}/eventFilter"
        expect(await self._link.request("PUT", path, body={"allowed": allowed}), dialplan.APPLICATION)

    async def _catch_up(self, snapshot: LiveSnapshot) -> None:
        """Make our legs those of the snapshot, telling what ended or was answered while the link was lost."""
        assert self._incoming is not None
        live = {leg.leg: leg for leg in snapshot.legs}
        for held in self._legs.all():
            if held.id in snapshot.away:
                self._legs.remove(held.id)  # the snapshot tells it
            elif held.id not in live:
                self._incoming.leg_over(held.id, held.ending or EndCause.NORMAL)
            else:
                held.stands(live[held.id])
                if live[held.id].state is LegState.UP:
                    self._incoming.answered(held)
        for sound in self._legs.sounds():
            answer = await self._link.request("GET", f"playbacks/{quote(sound.name, safe='')}")
            if answer.status == 404:
                self._incoming.sound_over(sound.name, well=False)
        adopted = [self._legs.adopt(leg) for leg in snapshot.legs if self._legs.get(leg.leg) is None]
        alone = [leg for leg in adopted if leg.role is LegRole.CALLER and leg.bridge is None]
        await asyncio.gather(*(self._cut(sound) for leg in alone for sound in self._legs.inherited(leg)))
        if cut_off := self._recordings.salvage(set(live)):
            log.warning("recordings that were cut off are being finished: %s", len(cut_off))

    async def _watch(self, leg: LegId) -> None:
        assert self._incoming is not None
        if not await self._away.watch(leg):
            self._incoming.away_ended(leg)

    def _needs_link(self) -> None:
        if not self._told_up:
            raise TransientFailure(f"no link to voice node {self.node}", retry_after=1.0)

    def _held_leg(self, leg: LegId) -> Leg:
        held = self._legs.get(leg)
        if held is None:
            self._needs_link()
            raise LegGone(f"leg {leg} is gone")
        return held

    async def _leg_command(self, leg: LegId, method: str, verb: str, **query: str | int) -> None:
        async with self._turns.of([leg]):
            self._held_leg(leg)
            await self._request_of(leg, method, verb, **query)

    async def _request_of(self, leg: LegId, method: str, verb: str, **query: str | int) -> None:
        path = f"channels/{quote(leg, safe='')}/{verb}"
        expect(await self._link.request(method, path, query or None), leg)

    async def _cut(self, sound: Sound) -> None:
        assert self._incoming is not None
        sound.stopped = True
        answer = await self._link.request("DELETE", f"playbacks/{quote(sound.name, safe='')}")
        if answer.status == 404:
            self._incoming.sound_over(sound.name, well=False)
        elif not answer.good:
            raise TransientFailure(f"playback was not stopped: {answer.reason()}")

    async def _quiet(self, leg: Leg) -> None:
        if leg.music:
            await self._request_of(leg.id, "DELETE", "moh")
            leg.music = False

    async def _originate(self, dial: AgentDial) -> None:
        """Ring an agent's phone with one request. It enters the application when it is answered.

        The caller's channel is named as originator for its codecs only; what the phone shows stands in the variables.
        """
        assert self._incoming is not None
        variables = {
            "PJSIP_HEADER(add,X-Call-Ref)": dial.call_ref,
            "CONNECTEDLINE(num,i)": dial.caller_number,
            "CONNECTEDLINE(name,i)": dial.caller_name,
            "CONNECTEDLINE(pres,i)": "allowed",
            dialplan.VARIABLE_ROLE: LegRole.AGENT.value,
            dialplan.VARIABLE_REFERENCE: dial.call_ref,
        }
        body = {
            "endpoint": f"PJSIP/{dial.endpoint}",
            "app": dialplan.APPLICATION,
            "appArgs": LegRole.AGENT.value,
            "originator": dial.caller_leg,
            "timeout": dial.ring_seconds,
            "variables": variables,
        }
        answer = await self._link.request("POST", f"channels/{quote(dial.leg, safe='')}", body=body)
        if answer.status == 409:
            raise PermanentFailure(f"leg {dial.leg} exists already")
        if answer.status == 500:  # no such endpoint, or nobody registered there
            self._incoming.leg_over(dial.leg, EndCause.UNREACHABLE)
            return
        expect(answer, dial.leg)

    async def _drop(self, leg: LegId, cause: EndCause = EndCause.NORMAL) -> None:
        query = {"reason_code": q850(cause)}
        answer = await self._link.request("DELETE", f"channels/{quote(leg, safe='')}", query)
        if not answer.good and answer.status != 404:
            raise TransientFailure(f"leg {leg} was not ended: {answer.reason()}")

    async def _send_away(self, leg: LegId, context: str, label: str = "start") -> None:
        query = {"context": context, "extension": "s", "label": label}
        await self._request_of(leg, "POST", "continue", **query)

    async def _let_go(self, leg: LegId, cause: EndCause, context: str, label: str) -> None:
        """The dialplan goes on with a caller, who is not ours any more."""
        assert self._incoming is not None
        async with self._turns.of([leg]):
            if self._legs.get(leg) is None:
                self._needs_link()
                return
            with contextlib.suppress(LegGone):
                await self._send_away(leg, context, label)
            self._incoming.leg_over(leg, cause)

    def _not_dealt_with(self, lane: str) -> None:
        """An event of a leg was not dealt with: nobody is left in silence."""
        held = self._legs.get(LegId(lane))
        if held is None or held.bridge is not None:
            return
        if held.role is LegRole.CALLER:
            self._aside(self.hand_to_safety(held.id))
        else:
            self._aside(self._drop(held.id, EndCause.FAILED))

    def _aside(self, doing: Coroutine[None, None, None]) -> None:
        async def carefully() -> None:
            with contextlib.suppress(AdapterFailure):
                await doing

        task = asyncio.get_running_loop().create_task(carefully())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
