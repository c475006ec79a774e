"""What the contract suite of ``VoiceEngine`` needs around an engine: callers, phones, sounds, a restart."""

import wave
from pathlib import Path
from typing import Protocol

import msgspec

from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import AgentDial, LegId, VoiceEngine
from tests.support.fake_voice import FakeCaller, FakeLeg, FakePhone, FakeVoice
from tests.support.heard import Heard


class Caller(Protocol):
    """Somebody who called us."""

    leg: LegId

    async def press(self, keys: str) -> None: ...

    async def hang_up(self) -> None: ...

    async def until_ended(self) -> None:
        """Returns when the other side ended the call."""
        ...


class Ring(Protocol):
    """What a phone shows while it rings."""

    @property
    def caller_number(self) -> str: ...

    @property
    def caller_name(self) -> str: ...

    @property
    def call_ref(self) -> str: ...


class Phone(Protocol):
    """An agent's phone."""

    endpoint: str

    async def rings(self) -> Ring: ...

    async def answer(self) -> None: ...

    async def decline(self) -> None: ...

    async def hang_up(self) -> None: ...

    async def until_quiet(self) -> None:
        """Returns when it neither rings nor talks any more, although it did nothing."""
        ...


class VoiceWorld(Protocol):
    """An engine with its surroundings."""

    @property
    def engine(self) -> VoiceEngine: ...

    @property
    def heard(self) -> Heard: ...

    @property
    def folder(self) -> Path:
        """Where sounds and recordings may lie."""
        ...

    async def call(self, called_number: str, caller_number: str | None) -> Caller:
        """Somebody calls, withholding the number when it is None; returns when the arrival was told."""
        ...

    async def phone(self, endpoint: str) -> Phone:
        """A phone that is registered at an endpoint."""
        ...

    async def restart(self) -> Heard:
        """The application dies and comes back with a new listener, which replaces ``heard``."""
        ...


def dial(caller: LegId, endpoint: str, **changes: object) -> AgentDial:
    """What telephony asks for when it rings an agent for a caller."""
    wanted = AgentDial(
        leg=LegId(str(new_id())),
        endpoint=endpoint,
        caller_leg=caller,
        caller_number="138****8000",
        caller_name="张先生",
        call_ref=str(new_id()),
        ring_seconds=20,
    )
    return msgspec.structs.replace(wanted, **changes)


def write_sound(path: Path, seconds: float) -> Path:
    """A silent sound file as prompts are: mono, 16 bit, 8 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * int(8000 * seconds)))
    return path


class _FakeCaller:
    def __init__(self, world: "FakeWorld", caller: FakeCaller) -> None:
        self._world, self._caller = world, caller
        self.leg = caller.leg

    async def press(self, keys: str) -> None:
        await self._caller.press(keys)

    async def hang_up(self) -> None:
        await self._caller.hang_up()

    async def until_ended(self) -> None:
        await self._world.heard.until(lambda: self._caller.ended, f"end of {self.leg}")


class _FakePhone:
    def __init__(self, world: "FakeWorld", phone: FakePhone) -> None:
        self._world, self._phone = world, phone
        self.endpoint = phone.endpoint

    async def rings(self) -> Ring:
        return await self._phone.rings()

    async def answer(self) -> None:
        await self._phone.answer()

    async def decline(self) -> None:
        await self._phone.decline()

    async def hang_up(self) -> None:
        await self._phone.hang_up()

    async def until_quiet(self) -> None:
        def busy() -> FakeLeg | None:
            return self._phone.ringing or self._phone.talking

        await self._world.heard.until(lambda: busy() is None, f"quiet at {self.endpoint}")


class FakeWorld:
    """The surroundings of the fake."""

    def __init__(self, folder: Path) -> None:
        self.engine = FakeVoice()
        self.engine.real_time = True
        self.heard = Heard()
        self.folder = folder

    async def start(self) -> None:
        """Begin to listen."""
        await self.engine.start(self.heard)

    async def call(self, called_number: str, caller_number: str | None) -> Caller:
        return _FakeCaller(self, await self.engine.call(called_number, caller_number=caller_number))

    async def phone(self, endpoint: str) -> Phone:
        return _FakePhone(self, self.engine.phone(endpoint))

    async def restart(self) -> Heard:
        await self.engine.lose_link()
        self.heard = Heard()
        await self.engine.start(self.heard)
        return self.heard
