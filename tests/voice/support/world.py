"""The real surroundings of a voice engine: an Asterisk node of its own, with test phones around it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from careline.adapters.asterisk.bundle import AsteriskBundle
from careline.adapters.asterisk.config import Provisioned
from careline.adapters.asterisk.engine import AsteriskVoice
from careline.adapters.asterisk.node import DEMO_TRUNK, NodeAddress, NodePlan
from careline.adapters.asterisk.probe import NodeProbe
from careline.adapters.asterisk.supervisor import VoiceSupervisor
from careline.kernel.clock import SystemClock
from careline.modules.contact.telephony.ports import BridgeId, LegId
from tests.support.heard import Heard
from tests.support.voice_world import Caller, Ring, dial
from tests.support.voice_world import Phone as AnyPhone
from tests.support.waiting import until
from tests.voice.support.ari import Ari
from tests.voice.support.phone import Phone
from tests.voice.support.ports import free_port
from tests.voice.support.tones import tone, write_wav

MUSIC_HZ = 350


@dataclass
class Node:
    """A node that runs."""

    plan: NodePlan
    ready: Provisioned
    supervisor: VoiceSupervisor

    @property
    def server(self) -> tuple[str, int]:
        """Where its SIP is."""
        return self.plan.sip_host, self.plan.sip_port

    @property
    def probe(self) -> NodeProbe:
        """For asking it directly."""
        return NodeProbe(self.ready.keys)

    def voice(self) -> AsteriskVoice:
        """An engine for it, not started."""
        address = NodeAddress.of(self.ready.keys)
        recordings = self.ready.folder / "recordings"
        return AsteriskVoice(self.plan.name, address, SystemClock(), recordings=recordings)

    @property
    def ari(self) -> Ari:
        """For asking it over HTTP for what no engine would."""
        return Ari(self.ready.keys)


def plan_in(folder: Path, **changes: object) -> NodePlan:
    """A plan of a demo node on a free port, its music a short tone, as making the real one takes a second or two."""
    music = folder / "sounds/music/hold.wav"
    music.parent.mkdir(parents=True, exist_ok=True)
    write_wav(music, tone(MUSIC_HZ, 1.0))
    values: dict[str, object] = {
        "name": "test",
        "folder": folder,
        "sip_port": free_port(),
        "rtp_ports": (20000, 29999),
        "trunks": (DEMO_TRUNK,),
    }
    return NodePlan(**(values | changes))  # type: ignore[arg-type]


async def start_node(plan: NodePlan, bundle: AsteriskBundle, *, grace_seconds: float = 6.0) -> Node:
    """Bring a node up."""
    supervisor = VoiceSupervisor(plan, bundle, grace_seconds=grace_seconds)
    return Node(plan, await supervisor.start(), supervisor)


class _RealCaller:
    def __init__(self, phone: Phone, leg: LegId) -> None:
        self.phone, self.leg = phone, leg

    async def press(self, keys: str) -> None:
        await self.phone.press(keys)

    async def hang_up(self) -> None:
        await self.phone.hang_up()

    async def until_ended(self) -> None:
        await self.phone.until_over()


class _RealPhone:
    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.endpoint = phone.name

    async def rings(self) -> Ring:
        return await self.phone.rings()

    async def answer(self) -> None:
        await self.phone.answer()

    async def decline(self) -> None:
        await self.phone.decline()

    async def hang_up(self) -> None:
        await self.phone.hang_up()

    async def until_quiet(self) -> None:
        await self.phone.until_over()


class RealWorld:
    """The surroundings of the real engine, as the contract suite wants them."""

    def __init__(self, node: Node, folder: Path) -> None:
        self.node = node
        self.folder = folder
        self.engine = node.voice()
        self.heard = Heard()
        self.phones: list[Phone] = []

    async def start(self) -> None:
        """Begin to listen."""
        await self.engine.start(self.heard)
        await self.heard.wait("engine_up")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang everything up."""
        for phone in self.phones:
            await phone.close()
        for channel in await self.node.probe.channels():
            await asyncio.to_thread(self.node.ari.request, "DELETE", f"channels/{channel['id']}")
        for bridge in await self.node.probe.ask("bridges"):
            await asyncio.to_thread(self.node.ari.request, "DELETE", f"bridges/{bridge['id']}")
        await until(self.is_empty, "end of every channel")  # else they would count in the next test
        await self.engine.close()

    async def is_empty(self) -> bool:
        """Whether nobody is on the line."""
        return await self.node.probe.channels() == []

    async def caller(self, called: str = "10086", number: str | None = "13800138000", *, hertz: float = 0) -> Phone:
        """Somebody who calls, as a phone; returns when the arrival was told."""
        before = len(self.heard.calls)
        phone = await self.add_phone("caller", hertz)
        await phone.dial(called, caller_number=number)
        await self.heard.until(lambda: len(self.heard.calls) > before, "arrival")
        return phone

    async def answered(self, *, hertz: float = 0) -> tuple[Phone, LegId]:
        """Somebody who calls and was answered."""
        phone = await self.caller(hertz=hertz)
        leg = self.heard.calls[-1].leg
        await self.engine.answer(leg)
        await phone.until_status(200)
        return phone, leg

    async def rung(self, endpoint: str, *, hertz: tuple[float, float] = (0, 0)) -> tuple[Phone, LegId, Phone, LegId]:
        """Somebody who was answered, and an agent's phone that rings for them; ``hertz`` are their tones."""
        agent = await self.agent(endpoint, hertz=hertz[1])
        caller, leg = await self.answered(hertz=hertz[0])
        ask = dial(leg, endpoint, ring_seconds=60)
        await self.engine.dial_agent(ask)
        await agent.rings()
        return caller, leg, agent, ask.leg

    async def talk(self, endpoint: str, *, hertz: tuple[float, float]) -> tuple[Phone, LegId, Phone, LegId]:
        """Two who talk, in a bridge of the caller's name."""
        caller, leg, agent, agent_leg = await self.rung(endpoint, hertz=hertz)
        await agent.answer()
        await self.heard.wait("leg_answered", agent_leg)
        await self.engine.join(BridgeId(f"bridge-{leg}"), [leg, agent_leg])
        return caller, leg, agent, agent_leg

    async def agent(self, endpoint: str, *, hertz: float = 0) -> Phone:
        """A phone at an endpoint."""
        phone = await self.add_phone(endpoint, hertz)
        await asyncio.to_thread(self.node.ari.put_plain_phone, endpoint, phone.uri)
        return phone

    async def add_phone(self, name: str, hertz: float = 0) -> Phone:
        """A phone that is hung up at the end of the test."""
        phone = Phone(self.node.server, name=name, hertz=hertz)
        await phone.open()
        self.phones.append(phone)
        return phone

    async def call(self, called_number: str, caller_number: str | None) -> Caller:
        phone = await self.caller(called_number, caller_number)
        return _RealCaller(phone, self.heard.calls[-1].leg)

    async def phone(self, endpoint: str) -> AnyPhone:
        return _RealPhone(await self.agent(endpoint))

    async def restart(self) -> Heard:
        await self.engine.close()
        self.engine, self.heard = self.node.voice(), Heard()
        await self.start()
        return self.heard
