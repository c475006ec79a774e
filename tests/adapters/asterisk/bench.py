"""An engine on a fake node, for the tests of the engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careline.adapters.asterisk.engine import AsteriskVoice
from careline.adapters.asterisk.node import NodeAddress
from careline.kernel.clock import SystemClock
from careline.modules.contact.telephony.ports import (
    AgentDial,
    LegId,
)
from tests.adapters.asterisk.fake_ari import FakeAri, channel
from tests.support import voice_world
from tests.support.heard import Heard

A, B = LegId("leg-a"), LegId("leg-b")


class Bench:
    """An engine on a fake node."""

    def __init__(self, ari: FakeAri, folder: Path) -> None:
        self.ari, self.heard = ari, Heard()
        address = NodeAddress(ari_url=ari.url, ari_user="careline", ari_password="s3cret")
        self.voice = AsteriskVoice("voice-1", address, SystemClock(), recordings=folder, max_calls=3)

    async def arrive(self, leg: LegId, *, number: str = "13800138000", shown: str = "allowed,") -> None:
        args = ["caller", "demo", "10086", *shown.split(",")]
        await self.ari.tell("StasisStart", channel=channel(leg, number=number, CARELINE_ROLE="caller"), args=args)
        await self.heard.wait("call_arrived", leg)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with FakeAri().serving() as ari:
        made = Bench(ari, tmp_path)
        await made.voice.start(made.heard)
        await made.heard.wait("engine_up")
        ari.asked.clear()
        yield made
        await made.voice.close()


def dial(leg: str, caller: LegId = A) -> AgentDial:
    return voice_world.dial(caller, "agent-8021", leg=LegId(leg), call_ref="ref")
