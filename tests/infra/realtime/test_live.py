"""From a committed fact to the screen that follows its topic."""

import json
from uuid import uuid4

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.kernel.events import Recorded
from careline.kernel.tenancy import Actor, ActorKind
from tests.infra.facts import OTHER, TENANT, Ended, Happened, do
from tests.support.clock import FakeClock


async def test_a_committed_fact_reaches_its_followers(database: Database, clock: FakeClock) -> None:
    bus, hub = EventBus(database), Hub(clock)
    live = Live(bus, hub)
    database.on_committed(bus.publish)

    async def anybody(_principal: Principal, _topic: str) -> bool:
        return True

    async def tell(event: Happened, recorded: Recorded) -> None:
        if event.number == 2:
            raise RuntimeError("one screen less")
        hub.publish(recorded.tenant_id, "cases", "case.changed", {"n": event.number}, recorded.occurred_at)

    async def tell_end(_event: Ended, _recorded: Recorded) -> None:
        raise AssertionError("nothing ended")

    hub.authorise("cases", anybody)
    live.on(Happened, tell)
    live.on(Ended, tell_end)
    await bus.start()
    here, there = (
        hub.connect(Principal(actor=Actor(tenant_id=tenant, kind=ActorKind.USER, id=uuid4())))
        for tenant in (TENANT, OTHER)
    )
    assert here is not None
    assert there is not None
    for connection in (here, there):
        await hub.handle(connection, '{"t":"sub","topic":"cases"}')
    subject = uuid4()
    for number in range(1, 5):
        await do(database, number, subject=subject)
    await bus.settled()
    await bus.stop()

    assert [json.loads(text).get("data") for text in here._queue.values()] == [None, None, {"n": 1}, {"n": 3}, {"n": 4}]
    assert len(there._queue) == 2
