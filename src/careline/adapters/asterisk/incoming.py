"""From Asterisk's events to ``CallEvents``: which leg, what happened, once, and in the leg's order."""

import asyncio
import logging
import re
from collections.abc import Callable

from careline.adapters.asterisk.away import Away
from careline.adapters.asterisk.causes import end_cause
from careline.adapters.asterisk.lanes import Deliveries
from careline.adapters.asterisk.legs import Leg, Legs
from careline.adapters.asterisk.messages import (
    AriChannel,
    AriEvent,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelHangupRequest,
    ChannelStateChange,
    PlaybackFinished,
    StasisEnd,
    StasisStart,
)
from careline.kernel.clock import Clock
from careline.modules.contact.telephony.ports import (
    CallEvents,
    EndCause,
    InboundCall,
    LegId,
    LegRole,
    LegState,
)

log = logging.getLogger(__name__)

_NUMBER = re.compile(r"^\+?[0-9]{1,20}$")
_KEYS = frozenset("0123456789*#")
_PUBLIC = ("", "none")  # values of the header Privacy (RFC 3323) that hide nothing
_AWAY_SECONDS = 1.0


class Incoming:
    """Keeps ``legs`` true to the events and tells ``events`` what telephony wants to know.

    ``refuse`` sends a caller above the admission cap away; ``ended`` is called for each leg that is gone, ``went_away``
    for a caller whom the safe dialplan took over without us.
    """

    def __init__(
        self,
        node: str,
        legs: Legs,
        away: Away,
        deliveries: Deliveries,
        clock: Clock,
        events: CallEvents,
        *,
        max_calls: int,
        refuse: Callable[[LegId], None],
        ended: Callable[[LegId], None],
        went_away: Callable[[LegId], None],
    ) -> None:
        self._node = node
        self._legs = legs
        self._away = away
        self._deliveries = deliveries
        self._clock = clock
        self._events = events
        self._max_calls = max_calls
        self._refuse = refuse
        self._ended = ended
        self._went_away = went_away

    def on_event(self, event: AriEvent) -> None:
        """Deal with one event."""
        match event:
            case StasisStart(channel=channel, args=["caller", *rest]):
                self._caller_came(channel, [*rest, "", "", "", ""])
            case StasisStart(channel=channel):
                # A leg that we dialled enters when it is answered, and may be commanded from now on.
                if held := self._legs.get(LegId(channel.id)):
                    self.answered(held)
            case ChannelStateChange(channel=channel):
                self._state_changed(LegId(channel.id), channel.state)
            case ChannelDtmfReceived(channel=channel, digit=digit):
                self._key(LegId(channel.id), digit)
            case PlaybackFinished(playback=playback):
                self.sound_over(playback.id, well=playback.state == "done")
            case ChannelDestroyed(channel=channel, cause=cause):
                self._gone(LegId(channel.id), cause)
            case ChannelHangupRequest(channel=channel, cause=cause):
                if held := self._legs.get(LegId(channel.id)):
                    held.hung_up = cause
            case StasisEnd(channel=channel):
                self._left(LegId(channel.id))
            case _:
                log.warning("another application took over our name on node %s", self._node)

    def sound_over(self, name: str, *, well: bool) -> None:
        """Tell the end of a playback of ours, unless it was told before."""
        sound = self._legs.played(name)
        if sound is None or (playback := sound.playback) is None:
            return
        leg, completed = sound.leg.id, well and not sound.stopped
        self._deliveries.put(leg, lambda: self._events.playback_ended(leg, playback, completed=completed))

    def leg_over(self, leg: LegId, cause: EndCause) -> None:
        """Tell the end of a leg, and before it the end of what was played to it, unless it was told before."""
        held = self._legs.get(leg)
        if held is None:
            return
        self._forget(held)
        at = self._clock.now()
        self._deliveries.put(leg, lambda: self._events.leg_ended(leg, cause, at))

    def answered(self, leg: Leg) -> None:
        """Tell that a leg that we dialled is up, unless it was told before."""
        if leg.answered:
            return
        leg.state = LegState.UP
        if leg.dialled:
            at = self._clock.now()
            self._deliveries.put(leg.id, lambda: self._events.leg_answered(leg.id, at))

    def _caller_came(self, channel: AriChannel, args: list[str]) -> None:
        leg, number = LegId(channel.id), channel.caller.number
        trunk, called, presentation, privacy = args[:4]
        self._away.remove(leg)
        if self._legs.get(leg) is not None:
            self.leg_over(leg, EndCause.FAILED)  # it went away and came back before we noticed
        if not _NUMBER.match(called):
            log.warning("a call to what is no number is refused on node %s", self._node)
            self._refuse(leg)
            return
        if self._legs.callers() >= self._max_calls:
            log.warning("node %s is full with %s callers: one more is refused", self._node, self._max_calls)
            self._refuse(leg)
            return
        held = self._legs.add(
            Leg(id=leg, role=LegRole.CALLER, state=LegState.UP if channel.state == "Up" else LegState.SETUP)
        )
        withheld = presentation.startswith("prohib") or privacy not in _PUBLIC or not _NUMBER.match(number)
        call = InboundCall(
            leg=leg,
            node=self._node,
            trunk=trunk,
            called_number=called,
            caller_number=None if withheld else number,
            answered=held.answered,
            arrived_at=self._clock.now(),
        )
        self._deliveries.put(leg, lambda: self._tell_arrival(held, call))

    async def _tell_arrival(self, held: Leg, call: InboundCall) -> None:
        if self._legs.get(held.id) is held:
            await self._events.call_arrived(call)
        # Else they hung up while they waited to be told: no work is done for somebody who has left.

    def _state_changed(self, leg: LegId, state: str) -> None:
        held = self._legs.get(leg)
        if held is None:
            return
        if state == "Up" and not held.dialled:
            held.state = LegState.UP
        elif state == "Ringing" and held.dialled and held.state is LegState.SETUP:
            held.state = LegState.RINGING
            self._deliveries.put(leg, lambda: self._events.leg_ringing(leg))

    def _key(self, leg: LegId, key: str) -> None:
        held = self._legs.get(leg)
        if held is None or held.role is not LegRole.CALLER or key not in _KEYS:
            return
        at = self._clock.now()
        self._deliveries.put(leg, lambda: self._events.key_pressed(leg, key, at))

    def _gone(self, leg: LegId, q850: int) -> None:
        held = self._legs.get(leg)
        if held is not None:
            cause = held.ending or end_cause(q850, dialled=held.dialled, answered=held.answered)
            self.leg_over(leg, cause)
        else:
            self.away_ended(leg)

    def away_ended(self, leg: LegId) -> None:
        """Tell that a caller hung up who was away, unless it was told before."""
        if self._away.remove(leg):
            at = self._clock.now()
            self._deliveries.put(leg, lambda: self._events.leg_ended(leg, EndCause.NORMAL, at))

    def _left(self, leg: LegId) -> None:
        """A leg left the application: it hung up, or it goes on in the dialplan, where it is not ours."""
        held = self._legs.get(leg)
        if held is None:
            return
        if held.hung_up is not None:
            self._gone(leg, held.hung_up)
        else:  # ChannelDestroyed may follow at once and says why
            asyncio.get_running_loop().call_later(_AWAY_SECONDS, self._is_away, held)

    def _is_away(self, leg: Leg) -> None:
        """The keeper sent a caller away before we were back, and what was being played ended only now."""
        if self._legs.get(leg.id) is not leg:
            return
        if leg.role is not LegRole.CALLER:
            self.leg_over(leg.id, EndCause.FAILED)
            return
        self._forget(leg)
        self._away.add(leg.id)
        self._deliveries.put(leg.id, lambda: self._events.leg_away(leg.id))
        self._went_away(leg.id)

    def _forget(self, leg: Leg) -> None:
        self._legs.remove(leg.id)
        for name in list(leg.sounds):
            self.sound_over(name, well=False)
        self._ended(leg.id)
