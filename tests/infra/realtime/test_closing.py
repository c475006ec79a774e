"""The hub sends everybody away for a restart, and who watches them go hears of it first."""

from uuid import uuid4

from careline.infra.realtime.connection import Limits, Principal
from careline.infra.realtime.hub import Hub
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from tests.support.clock import FakeClock


async def test_whoever_must_not_take_it_for_their_going_is_told_before_everybody_is_sent_away(clock: FakeClock) -> None:
    hub = Hub(clock, Limits())
    one = hub.connect(Principal(actor=Actor(tenant_id=TenantId(uuid4()), kind=ActorKind.USER, id=uuid4())))
    assert one is not None
    open_then: list[bool] = []

    async def told() -> None:
        open_then.append(one.is_open)

    hub.on_close(told)
    await hub.close()
    assert (open_then, one.is_open) == ([True], False)
