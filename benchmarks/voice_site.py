"""A site to call at: Asterisk, the application on it, and agents' phones played by SIPp; nothing leaves loopback.

Three numbers lead to the same agents' phones on the same Asterisk: through Careline, through ``app_queue``, and by a
plain ``Dial``. Callers send no media, the flow neither speaks nor records. Every agent's desk is open and hears of its
calls, and one screen shows the floor; their frames are made and taken, and go over no wire.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec

from careline import bootstrap
from careline.adapters.asterisk.bundle import locate_bundle
from careline.bootstrap import Careline
from careline.infra import garbage
from careline.infra.realtime.connection import Connection, Principal
from careline.infra.settings import settings as settings_of
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, TenantId, system_actor
from careline.modules.core.routing.views import Chosen, Media
from careline.modules.directory.identity.views import NewTenant, NewUser
from careline.modules.directory.people.views import NewAgent
from tests.support.house import CHEAP
from tests.voice.support.application import add_straight_number, until_voice
from tests.voice.support.sipp import Sipp
from tests.voice.support.world import Node, plan_in, start_node

ROOT = Path(__file__).parents[1]
AGENTS = 200
FIRST_AGENT = 8000

CARELINE, APP_QUEUE, PLAIN_DIAL = "10086", "70001", "70002"
"""The numbers to call, by who distributes the call."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, running."""

    node: Node
    careline: Careline
    tenant: TenantId
    agents: Sipp
    folder: Path

    async def call(self, number: str, callers: list[str], *, rate: float, hold_ms: int, within: float) -> Sipp:
        """Let callers call at a rate and stay for a while; returns when they have all gone, or had to."""
        calling = Sipp("caller", self.folder, server=self.node.server)
        await calling.start(numbers=callers, called=number, calls=len(callers), rate=rate, hold_ms=hold_ms)
        try:
            await calling.finished(within=within)
        except TimeoutError:
            await calling.stop()
            for channel in await self.node.probe.channels():
                await asyncio.to_thread(self.node.ari.request, "DELETE", f"channels/{channel['id']}")
        return calling

    async def quiet(self, within: float = 10.0) -> bool:
        """Wait until no call is left and every agent is free again; False when that took too long."""
        try:
            async with asyncio.timeout(within):
                while await self.node.probe.channels() or not await self._all_ready():
                    await asyncio.sleep(0.1)
                await self.careline.bus.settled()
        except TimeoutError:
            return False
        return True

    async def _all_ready(self) -> bool:
        states = await self.careline.routing.facade.agent_states(self.tenant)
        return all(state.chosen is Chosen.READY and not state.assignments for state in states)

    def cpu_s(self) -> tuple[float, float]:
        """Seconds of the processor so far: Asterisk's, and this process's, which carries the application."""
        times = os.times()
        return _cpu_s_of(self.node), times.user + times.system


@asynccontextmanager
async def open_site(folder: Path) -> AsyncIterator[Site]:
    """Bring everything up, and take it down again."""
    node = await start_node(plan_in(folder / "node"), locate_bundle(ROOT / ".tools"))
    agents = Sipp("agent", folder)
    careline = await bootstrap.build(_settings(folder, node), cost=CHEAP)
    try:
        await agents.start()
        names = await _prepare(careline)
        await asyncio.to_thread(_put_yardsticks, node, names, agents.port)
        tenant = await careline.identity.facade.tenant_by_code("bench")
        assert tenant is not None
        await careline.start()
        await until_voice(careline)
        for agent in await careline.people.facade.agents(tenant.id):
            await careline.routing.facade.choose(tenant.id, agent.id, Chosen.READY, None)
        await _open_screens(careline, tenant.id)
        garbage.settle()
        yield Site(node=node, careline=careline, tenant=tenant.id, agents=agents, folder=folder)
    finally:
        await careline.stop()
        await agents.stop()
        await node.supervisor.stop()


async def _open_screens(careline: Careline, tenant: TenantId) -> None:
    """A desk for each agent and one floor, which take what they are told."""
    watcher = Principal(actor=_actor(tenant, new_id(), "floor:view"))
    desks = [
        (Principal(actor=_actor(tenant, agent.id, "desk:use")), f"agent:{agent.id}")
        for agent in await careline.people.facade.agents(tenant)
    ]
    for principal, topic in [(watcher, "floor"), *desks]:
        connection = careline.hub.connect(principal)
        assert connection is not None
        await careline.hub.handle(connection, msgspec.json.encode({"t": "sub", "topic": topic}).decode())
        assert connection.topics == {topic}
        connection.listen(partial(_look, connection))


def _look(connection: Connection) -> None:
    while connection.take() is not None:
        pass


def _actor(tenant: TenantId, user_id: UUID, permission: str) -> Actor:
    return Actor(tenant_id=tenant, kind=ActorKind.USER, id=user_id, permissions=frozenset({permission}))


def _settings(folder: Path, node: Node) -> settings_of.Settings:
    keys = node.ready.keys
    ami = f"{keys.ami_user}:{keys.ami_secret}@127.0.0.1:{keys.ami_port}"
    url = keys.ari_url.replace("://", f"://{keys.ari_user}:{keys.ari_password}@")
    values = {
        "CARELINE_DATA": str(folder / "data"),
        "CARELINE_VOICE": "external",
        "CARELINE_ASTERISK_URL": f"{url}?ami={ami}",
        "CARELINE_TOOLS": str(ROOT / ".tools"),
    }
    settings = settings_of.load(values, checkout=folder)
    bootstrap.prepare_data_folder(settings)
    return settings


async def _prepare(careline: Careline) -> list[str]:
    """A tenant with a number, a flow, a queue and its agents; returns the agents' endpoints."""
    await careline.migrate()
    identity, people = careline.identity.facade, careline.people.facade
    tenant = await identity.found_tenant(NewTenant(code="bench", name="Bench"))
    actor = system_actor(tenant.id)
    await people.add_skill(actor, "talk", "Talk")
    endpoints = []
    for index in range(AGENTS):
        number = str(FIRST_AGENT + index)
        user = await identity.create_user(actor, NewUser(login=number, display_name=number))
        new = NewAgent(user_id=user.id, number=number, capacity={"voice": 1}, skills={"talk": 3})
        endpoints.append((await people.appoint(actor, new)).endpoint)
    async with careline.database.transaction(tenant.id) as tx:
        await careline.routing.facade.add_queue(
            tx, code="bench", name="Bench", media=[Media.VOICE], needs=[("talk", 1)], wrap_up_seconds=0
        )
    await careline.routing.facade.open_tenant(tenant.id)
    await add_straight_number(careline, tenant.id, CARELINE, "bench")
    await careline.routing.facade.stop()
    return endpoints


def _put_yardsticks(node: Node, endpoints: list[str], port: int) -> None:
    """Plain phones for all agents, and the two other ways to them."""
    for endpoint in endpoints:
        node.ari.put_plain_phone(endpoint, f"sip:{endpoint}@127.0.0.1:{port}")
    etc = node.ready.folder / "etc"
    stem = endpoints[0].removesuffix(str(FIRST_AGENT))
    # A leading 1 keeps the last four digits from being read as octal; 10000 is a multiple of the number of agents.
    chosen = f"{stem}$[{FIRST_AGENT} + (1${{CALLERID(num):-4}} % {AGENTS})]"
    with (etc / "extensions.conf").open("a") as file:
        file.write(f"""
[trunk-demo](+)
exten => {APP_QUEUE},1,Answer(,i)
 same => n,Queue(bench,c,,,20)
 same => n,Hangup()
exten => {PLAIN_DIAL},1,Dial(PJSIP/{chosen},20)
 same => n,Hangup()
""")
    members = "".join(f"member => PJSIP/{endpoint}\n" for endpoint in endpoints)
    (etc / "queues.conf").write_text(
        "[general]\nautofill=yes\nshared_lastcall=no\n[bench]\nstrategy=rrmemory\nringinuse=no\nwrapuptime=0\n"
        f"timeout=15\nretry=1\nmusicclass=careline\n{members}"
    )
    for module in ("pbx_config", "app_queue"):
        assert node.ari.request("PUT", f"asterisk/modules/{module}.so") == 204, f"{module} was not read anew"


def _cpu_s_of(node: Node) -> float:
    """Of the process that listens on the node's folder, found by its command line."""
    wanted = str(node.ready.folder / "etc" / "asterisk.conf").encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if wanted in (entry / "cmdline").read_bytes().split(b"\0"):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return 0.0
