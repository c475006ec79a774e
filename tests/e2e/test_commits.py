"""What a call costs on its way to an agent, counted where it is paid: in the application on its own Asterisk."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from careline.adapters.asterisk.node import read_keys
from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.demo.seed import ensure_demo
from careline.infra.database.transaction import Transaction
from careline.infra.settings.settings import load
from careline.kernel.events import Recorded
from careline.kernel.tenancy import system_actor
from careline.modules.core.routing.views import Chosen
from tests.e2e.running import NUMBER, TENANT
from tests.support.browser import ROOT
from tests.support.house import CHEAP
from tests.voice.support.ari import Ari
from tests.voice.support.phone import Phone
from tests.voice.support.ports import free_udp_port

pytestmark = pytest.mark.voice

AGENT = "8025"
STRAIGHT = "10010"
"""A number whose callers are queued at once."""
CALLER = "16036419034"
MOST = 3
"""One that stores the call, one that queues it, one that offers it."""


class Count:
    """The use cases that a process commits from now on, each as the facts that it told.

    What the system does across tenants beside them – the projection of figures, the places in the log – is not counted:
    no call waits for it, and a caller who listens to a prompt gives it time.
    """

    def __init__(self, careline: Careline) -> None:
        self.use_cases: list[list[str]] = []
        self._finished = careline.database.finished
        careline.database.finished = self._note  # type: ignore[method-assign]

    def _note(self, tx: Transaction, recorded: Sequence[Recorded]) -> None:
        with suppress(LookupError):
            assert tx.tenant_id
            self.use_cases.append([type(item.event).__name__ for item in recorded])
        self._finished(tx, recorded)


class AgentPhone(Phone):
    """Notes what was committed by the moment in which its INVITE comes."""

    def __init__(self, server: tuple[str, int], name: str, count: Count) -> None:
        super().__init__(server, name=name)
        self.committed: list[list[str]] | None = None
        self._count = count

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if data.startswith(b"INVITE ") and self.committed is None:
            self.committed = list(self._count.use_cases)
        super().datagram_received(data, addr)


@pytest.fixture
async def careline(tmp_path: Path) -> AsyncIterator[Careline]:
    """The demo with voice, as ``careline serve`` puts it together, in this process."""
    values = {"CARELINE_DATA": str(tmp_path / "var"), "CARELINE_DEMO": "1", "CARELINE_SIP_PORT": str(free_udp_port())}
    settings = load(values, checkout=ROOT)
    prepare_data_folder(settings)
    careline = await build(settings, cost=CHEAP)
    try:
        await careline.migrate()
        await ensure_demo(careline)
        await add_straight_number(careline)
        await careline.start()
        async with asyncio.timeout(60):
            while not (await careline.states())["voice"].ready:
                await asyncio.sleep(0.05)
        yield careline
    finally:
        await careline.stop()


async def add_straight_number(careline: Careline) -> None:
    """A number whose flow does nothing but queue."""
    tenant = await careline.identity.facade.tenant_by_code(TENANT)
    assert tenant is not None
    flow = {
        "start": "person",
        "safety": "end",
        "steps": {
            "person": {"kind": "enqueue", "queue": "tariff", "next": "end", "lost": "end"},
            "end": {"kind": "hang_up"},
        },
    }
    actor = system_actor(tenant.id)
    await careline.flows.facade.create(actor, "straight", "直接排队", flow)
    await careline.flows.facade.publish(actor, "straight")
    async with careline.database.transaction(tenant.id) as tx:
        await careline.telephony.facade.add_number(tx, STRAIGHT, "straight")


async def test_three_commits_at_most_from_invite_to_agent_invite(careline: Careline) -> None:
    tenant = await careline.identity.facade.tenant_by_code(TENANT)
    assert tenant is not None
    [agent] = [one for one in await careline.people.facade.agents(tenant.id) if one.number == AGENT]
    await careline.routing.facade.choose(tenant.id, agent.id, Chosen.READY, None)
    count = Count(careline)
    for number, key in ((STRAIGHT, ""), (NUMBER, "2")):
        committed = await committed_by_a_call(careline, agent.endpoint, count, number, key)
        assert len(committed) <= MOST, committed
        assert "CallArrived" in committed[0]
        assert "OfferMade" in committed[-1], "what rings is stored before it rings"


async def committed_by_a_call(
    careline: Careline, endpoint: str, count: Count, number: str, key: str
) -> list[list[str]]:
    """From the caller's INVITE until the agent's phone has its own."""
    keys = read_keys(careline.settings.data / "voice/voice-1")
    assert keys is not None
    server = ("127.0.0.1", careline.settings.sip_port)
    async with Phone(server, name="caller") as caller, AgentPhone(server, endpoint, count) as phone:
        await caller.open()
        await phone.open()
        await asyncio.to_thread(Ari(keys).put_plain_phone, endpoint, phone.uri)
        await careline.bus.settled()
        count.use_cases.clear()
        await caller.dial(number, caller_number=CALLER)
        if key:
            await caller.until_status(200, 10)
            await caller.press(key)
        await phone.rings(40)
        await caller.hang_up()
        await phone.until_over()
    assert phone.committed is not None
    return phone.committed
