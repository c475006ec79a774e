"""The legs that we know of, and what is being played to them."""

from collections import OrderedDict
from dataclasses import dataclass, field

from careline.modules.contact.telephony.ports import (
    BridgeId,
    EndCause,
    LegId,
    LegRole,
    LegState,
    LiveLeg,
    PlaybackId,
)

_REMEMBERED = 20_000


@dataclass
class Leg:
    """A leg that telephony was told of or asked for. ``ending`` is the cause that we ended it with,
    ``hung_up`` the cause (Q.850) of a hang-up that was asked for, by whomever."""

    id: LegId
    role: LegRole
    state: LegState = LegState.SETUP
    call_ref: str | None = None
    bridge: BridgeId | None = None
    music: bool = False
    ending: EndCause | None = None
    hung_up: int | None = None
    playbacks: set[PlaybackId] = field(default_factory=set)

    @property
    def dialled(self) -> bool:
        """Whether it is a leg that we created."""
        return self.role is LegRole.AGENT

    @property
    def answered(self) -> bool:
        """Whether it is up."""
        return self.state is LegState.UP


class Legs:
    """All legs by id, their playbacks, and the ids that were dialled lately."""

    def __init__(self) -> None:
        self._legs: dict[LegId, Leg] = {}
        self._callers = 0
        self._stopped: set[PlaybackId] = set()
        self._target: dict[PlaybackId, Leg] = {}
        self._dialled: OrderedDict[LegId, None] = OrderedDict()

    def all(self) -> list[Leg]:
        """Every leg, oldest first."""
        return list(self._legs.values())

    def get(self, leg: LegId) -> Leg | None:
        """A leg, if it is there."""
        return self._legs.get(leg)

    def callers(self) -> int:
        """How many callers there are."""
        return self._callers

    def add(self, leg: Leg) -> Leg:
        """A leg is there."""
        self.remove(leg.id)
        self._legs[leg.id] = leg
        self._callers += leg.role is LegRole.CALLER
        return leg

    def remove(self, leg: LegId) -> Leg | None:
        """A leg is gone; None when it was gone before."""
        held = self._legs.pop(leg, None)
        if held is not None:
            self._callers -= held.role is LegRole.CALLER
        return held

    def adopt(self, live: LiveLeg) -> Leg:
        """A leg that the node holds and that we did not know, of the time before our restart."""
        leg = Leg(id=live.leg, role=live.role, state=live.state, call_ref=live.call_ref, bridge=live.bridge)
        return self.add(leg)

    def dial_once(self, leg: LegId) -> bool:
        """Whether this id was not dialled before; it counts as dialled from now on."""
        if leg in self._dialled or leg in self._legs:
            return False
        self._dialled[leg] = None
        if len(self._dialled) > _REMEMBERED:
            self._dialled.popitem(last=False)
        return True

    def playing(self, leg: Leg, playback: PlaybackId) -> None:
        """Something is played to a leg."""
        leg.playbacks.add(playback)
        self._target[playback] = leg

    def playbacks(self) -> list[PlaybackId]:
        """Everything that is played now."""
        return list(self._target)

    def stopping(self, playback: PlaybackId) -> Leg | None:
        """We stop a playback; returns the leg that it is played to, None when it is over."""
        leg = self._target.get(playback)
        if leg is not None:
            self._stopped.add(playback)
        return leg

    def played(self, playback: PlaybackId) -> tuple[Leg, bool] | None:
        """A playback is over: its leg, and whether it was let play to the end; None when that is known."""
        leg = self._target.pop(playback, None)
        if leg is None:
            return None
        leg.playbacks.discard(playback)
        stopped = playback in self._stopped
        self._stopped.discard(playback)
        return leg, not stopped
