"""The application around a voice node, in this process: for what is counted or listened to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from careline.adapters.asterisk.node import read_keys
from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.demo.seed import ensure_demo
from careline.infra.settings.settings import load
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.core.routing.views import Chosen
from careline.modules.directory.people.views import AgentView
from tests.support.browser import ROOT
from tests.support.house import CHEAP
from tests.support.waiting import until
from tests.voice.support.ari import Ari
from tests.voice.support.phone import Phone
from tests.voice.support.ports import free_port


@asynccontextmanager
async def demo_with_voice(folder: Path) -> AsyncIterator[Careline]:
    """The demo as ``careline serve`` puts it together, on an Asterisk of its own."""
    values = {"CARELINE_DATA": str(folder / "var"), "CARELINE_DEMO": "1", "CARELINE_SIP_PORT": str(free_port())}
    settings = load(values, checkout=ROOT)
    prepare_data_folder(settings)
    careline = await build(settings, cost=CHEAP)
    try:
        await careline.migrate()
        await ensure_demo(careline)
        await careline.start()
        await until_voice(careline)
        yield careline
    finally:
        await careline.stop()


async def until_voice(careline: Careline) -> None:
    """Until calls are taken."""

    async def ready() -> bool:
        return (await careline.states())["voice"].ready

    await until(ready, "voice", within=60)


async def add_straight_number(careline: Careline, tenant_id: TenantId, number: str, queue: str) -> None:
    """A number whose callers are queued at once."""
    flow = {
        "start": "person",
        "safety": "end",
        "steps": {
            "person": {"kind": "enqueue", "queue": queue, "next": "end", "lost": "end"},
            "end": {"kind": "hang_up"},
        },
    }
    actor = system_actor(tenant_id)
    await careline.flows.facade.create(actor, "straight", "直接排队", flow)
    await careline.flows.facade.publish(actor, "straight")
    async with careline.database.transaction(tenant_id) as tx:
        await careline.telephony.facade.add_number(tx, number, "straight")


async def ready_agent(careline: Careline, number: str) -> tuple[TenantId, AgentView]:
    """An agent of the demo who takes calls from now on, and their tenant."""
    tenant = await careline.identity.facade.tenant_by_code("demo")
    assert tenant is not None
    [agent] = [one for one in await careline.people.facade.agents(tenant.id) if one.number == number]
    await careline.routing.facade.choose(tenant.id, agent.id, Chosen.READY, None)
    return tenant.id, agent


async def plug_in(careline: Careline, endpoint: str, phone: Phone) -> None:
    """A test's phone in place of an agent's browser phone."""
    keys = read_keys(careline.settings.data / "voice/voice-1")
    assert keys is not None
    await asyncio.to_thread(Ari(keys).put_plain_phone, endpoint, phone.uri)


def server_of(careline: Careline) -> tuple[str, int]:
    """Where its SIP is."""
    return "127.0.0.1", careline.settings.sip_port
