"""The legs that we know of, and what is being played to them."""

from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count

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
_NAMES = 2
"""At most so many sounds are with a leg at once: one that was stopped a moment ago, and the next."""


@dataclass
class Leg:
    """A leg that telephony was told of or asked for. ``ending`` is the cause that we ended it with,
    ``hung_up`` the cause (Q.850) of a hang-up that was asked for, by whomever. ``aside``: it is not in ``bridge`` but
    waits beside it, with music."""

    id: LegId
    role: LegRole
    state: LegState = LegState.SETUP
    call_ref: str | None = None
    bridge: BridgeId | None = None
    aside: bool = False
    music: bool = False
    ending: EndCause | None = None
    hung_up: int | None = None
    sounds: "dict[str, Sound]" = field(default_factory=dict)

    @property
    def dialled(self) -> bool:
        """Whether it is a leg that we created."""
        return self.role is LegRole.AGENT

    def stands(self, live: LiveLeg) -> None:
        """Where the node has it."""
        self.bridge, self.aside = live.bridge, live.aside
        self.music = self.music or live.aside

    @property
    def answered(self) -> bool:
        """Whether it is up."""
        return self.state is LegState.UP


@dataclass
class Sound:
    """What is played to a leg, by its name at the node. Without ``playback``: it was begun before our restart."""

    name: str
    leg: Leg
    playback: PlaybackId | None
    stopped: bool = False


class Legs:
    """All legs by id, their playbacks, and the ids that were dialled lately."""

    def __init__(self) -> None:
        self._legs: dict[LegId, Leg] = {}
        self._callers = 0
        self._sounds: dict[str, Sound] = {}
        self._names: dict[PlaybackId, str] = {}
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
        leg = Leg(id=live.leg, role=live.role, state=live.state, call_ref=live.call_ref)
        leg.stands(live)
        return self.add(leg)

    def dial_once(self, leg: LegId) -> bool:
        """Whether this id was not dialled before; it counts as dialled from now on."""
        if leg in self._dialled or leg in self._legs:
            return False
        self._dialled[leg] = None
        if len(self._dialled) > _REMEMBERED:
            self._dialled.popitem(last=False)
        return True

    def playing(self, leg: Leg, playback: PlaybackId) -> Sound:
        """Something is played to a leg. Its name at the node follows from the leg's: see ``inherited``."""
        name = next(name for number in count() if (name := f"{leg.id}-{number}") not in leg.sounds)
        self._names[playback] = name
        return self._plays(Sound(name, leg, playback))

    def inherited(self, leg: Leg) -> list[Sound]:
        """What a process that died may have begun to play to a leg; it counts as playing.

        The node tells nobody what it plays, and does nothing else with the leg before that ends.
        """
        return [self._plays(Sound(f"{leg.id}-{number}", leg, None)) for number in range(_NAMES)]

    def sounds(self) -> list[Sound]:
        """Everything that is played now."""
        return list(self._sounds.values())

    def sound(self, playback: PlaybackId) -> Sound | None:
        """What is played as a playback; None when it is over."""
        return self._sounds.get(self._names.get(playback, ""))

    def played(self, name: str) -> Sound | None:
        """Something is over; None when that is known."""
        sound = self._sounds.pop(name, None)
        if sound is not None:
            sound.leg.sounds.pop(name, None)
            if sound.playback is not None:
                self._names.pop(sound.playback, None)
        return sound

    def _plays(self, sound: Sound) -> Sound:
        self._sounds[sound.name] = sound.leg.sounds[sound.name] = sound
        return sound
