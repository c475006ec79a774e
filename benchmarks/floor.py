"""What the floor costs: 500 agents, 80 queues, 250 contacts in hand, a day's figures and its 20,000 contacts.

One request at a time through the whole HTTP application, in one process and without a socket: every agent is looked at,
and the sums of today are read from the database, since the request before was more than a second ago. The yardstick is
the same answer, made ahead, behind the same door. ``live`` is what is made at most twice a second while somebody looks,
with 20 agents heard of since and the sums at hand, beside encoding it.

Milliseconds are the processor's: nothing here waits for anything but it. How late a screen is, with all that waits on
purpose, is measured by ``desk``.
"""

import asyncio
import gc
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import Annotated, Any, cast

import msgspec
import uvloop
from fastapi import APIRouter
from sqlalchemy import insert
from starlette.responses import Response

from benchmarks.harness import Measure, Report, compare, interleave, note, print_figure
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.http import requires
from careline.infra.realtime.live import Live
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.core.routing.views import Chosen, Media
from careline.modules.insight.analytics import wiring
from careline.modules.insight.analytics.models import ContactFactRow, FigureSlotRow
from careline.modules.insight.analytics.rules import COUNTS
from tests.support.centre import FAULTS, Centre, StaticPeople
from tests.support.clock import START, FakeClock
from tests.support.office import Office

LIMIT_S = 120
ROUNDS = 5
REQUESTS = 40
AGENTS = 500
QUEUES = 80
CONTACTS = 20_000
IN_HAND = 250
HEARD_OF = 20
SLOTS = 60
READ_ANEW_S = 1.5


class Supervised:
    """A centre at work, and what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self._clock = FakeClock(START + timedelta(hours=8))
        self._database = Database(f"sqlite+aiosqlite:///{folder / 'floor.db'}", self._clock)
        self._people = StaticPeople()
        self._open = AsyncExitStack()
        self.made_ahead = b""

    async def open(self) -> None:
        """Agents sign in, contacts are taken, and the day has its sums."""
        await schema.migrate(self._database)
        self._office = office = await Office(self._database, self._clock).found()
        for number in range(AGENTS):
            self._people.add(str(8000 + number), skills=((FAULTS, 1 + number % 5),))
        self._centre = Centre(office.database, office.clock, self._people, office.tenant.id)
        below = wiring.Below(identity=office.identity, people=cast(Any, self._people), routing=self._centre.routing)
        self._module = wiring.build(
            office.database, self._centre.bus, Live(self._centre.bus, office.hub), office.clock, below
        )
        async with self._database.transaction(office.tenant.id) as tx:
            for number in range(QUEUES):
                code = FAULTS if number == 0 else f"queue-{number}"
                await self._centre.routing.add_queue(
                    tx, code=code, name=f"队列 {number}", media=[Media.VOICE, Media.CHAT], needs=[(FAULTS, 1)]
                )
        await self._centre.start(make_queues=False)
        await self._module.start()
        self._supervisor = await office.staff("floor:view")
        await self._work()
        await self._count()
        self._doors = await self._open.enter_async_context(office.doors(self._module.router(), self._ready()))
        self.made_ahead = (await self._doors.get(self._supervisor, "/floor")).content

    async def close(self) -> None:
        """Give everything back."""
        await self._open.aclose()
        await self._module.stop()
        await self._centre.stop()
        self._office.identity.close()
        await self._database.close()

    async def _work(self) -> None:
        """A quarter of the agents is offline; of the others, some have a contact in hand."""
        routing, tenant_id = self._centre.routing, self._office.tenant.id
        for agent in self._people.known[: AGENTS * 3 // 4]:
            await routing.choose(tenant_id, agent.id, Chosen.READY, None)
        for _ in range(IN_HAND):
            item = await self._centre.ask()
            offer = self._centre.offer_of(item)
            await routing.accept(tenant_id, offer.offer_id, agent_id=offer.agent_id, token=None)

    async def _count(self) -> None:
        now = self._clock.now().replace(minute=0)
        tenant_id = self._office.tenant.id
        rows = [
            {"tenant_id": tenant_id, "queue_id": queue.id, "slot_at": now - timedelta(minutes=15 * (1 + at))}
            | dict.fromkeys(COUNTS, 1 + at)
            for queue in self._centre.routing.queues(tenant_id)
            for at in range(SLOTS)
        ]
        async with self._database.transaction(tenant_id) as tx:
            await tx.execute(insert(FigureSlotRow), rows)
            await tx.execute(insert(ContactFactRow), [self._handled(number) for number in range(CONTACTS)])

    def _handled(self, number: int) -> dict[str, Any]:
        """A contact that was handled an hour ago."""
        agents = self._people.known
        at = self._clock.now() - timedelta(hours=1)
        return {
            "tenant_id": self._office.tenant.id,
            "item_id": new_id(),
            "interaction_id": new_id(),
            "media": "chat",
            "queue_id": new_id(),
            "state": "wrapped_up",
            "agent_id": agents[number % len(agents)].id,
            "asked_at": at,
            "asked_position": number,
            "target_ms": 20_000,
            "wrapped_up_at": at,
            "wrapped_up_position": number,
            "contact_ms": 300_000,
            "acw_ms": 30_000,
        }

    async def get(self, path: str) -> float:
        """The median cost of an answer, in ms."""
        costs = []
        for _ in range(REQUESTS):
            self._clock.advance(READ_ANEW_S)
            began = process_time()
            answer = await self._doors.get(self._supervisor, path)
            costs.append((process_time() - began) * 1000)
            if len(answer.content) < len(self.made_ahead) // 2:
                raise RuntimeError(f"that was no floor: {answer.text[:200]}")
        return median(costs)

    async def live(self) -> float:
        """The median time of making the document that is told live, in ms."""
        analytics, tenant_id = self._module.facade, self._office.tenant.id
        times = []
        for turn in range(REQUESTS):
            for agent in self._people.known[turn : turn + HEARD_OF]:
                analytics.heard_of(tenant_id, agent.id)
            began = process_time()
            await analytics.floor(tenant_id, look_at_all=False)
            times.append((process_time() - began) * 1000)
        return median(times)

    async def encoding(self) -> float:
        """The median time of encoding it, in ms."""
        floor = await self._module.facade.floor(self._office.tenant.id)
        times = []
        for _ in range(REQUESTS):
            began = process_time()
            msgspec.json.encode(floor)
            times.append((process_time() - began) * 1000)
        return median(times)

    def _ready(self) -> APIRouter:
        router = APIRouter()

        @router.get("/made-ahead")
        async def made_ahead(_actor: Annotated[Actor, requires("floor:view")]) -> Response:
            return Response(self.made_ahead, media_type="application/json")

        return router


def run(report: Report) -> None:
    """All figures of the floor."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        centre = Supervised(Path(folder))
        note(f"floor: {AGENTS} agents sign in and {IN_HAND} contacts are taken")
        runner.run(centre.open())
        contenders: dict[str, Measure] = {
            "floor": lambda: runner.run(centre.get("/floor")),
            "made ahead": lambda: runner.run(centre.get("/made-ahead")),
            "live": lambda: runner.run(centre.live()),
            "encoding": lambda: runner.run(centre.encoding()),
        }
        for contender in contenders.values():
            contender()
        gc.collect()
        gc.freeze()  # as the server does
        times = interleave(contenders, ROUNDS)
        gc.unfreeze()
        runner.run(centre.close())
    size = f"agents_{AGENTS}"
    report(compare(f"floor.get_ms.{size}", "ms", times["floor"], "the same answer made ahead", times["made ahead"]))
    report(compare(f"floor.live_ms.{size}", "ms", times["live"], "encoding it", times["encoding"]))


if __name__ == "__main__":
    run(print_figure)
