"""Hears what a running shard must learn: agents, skills, queues and tenants that are new or other ones now."""

from contextlib import suppress
from typing import get_args

from careline.infra.bus.bus import EventBus
from careline.kernel.events import Recorded
from careline.modules.core.hours.events import CalendarChanged
from careline.modules.core.routing.events import (
    DeskChanged,
    MediaRulesChanged,
    QueueAdded,
    QueueChanged,
    ReasonsChanged,
)
from careline.modules.core.routing.repository import ShardLost
from careline.modules.core.routing.services.shards import Shards
from careline.modules.directory.identity.events import TenantFounded, UserChanged
from careline.modules.directory.people.events import AgentChanged, SkillAdded, SkillChanged

Vocabulary = SkillAdded | SkillChanged | CalendarChanged | ReasonsChanged | MediaRulesChanged
Settings = AgentChanged | UserChanged | QueueAdded | QueueChanged | DeskChanged | Vocabulary
"""What a shard decides by."""


class Subscribers:
    """Who has no running shard learns nothing: it reads all when it starts."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    async def heard(self, event: Settings, recorded: Recorded) -> None:
        """Settings of a tenant have changed."""
        if not self._shards.is_running(recorded.tenant_id):
            return
        shard = await self._shards.of(recorded.tenant_id)
        with suppress(ShardLost):
            if isinstance(event, AgentChanged | UserChanged):
                await shard.learn_agent(event.agent_id if isinstance(event, AgentChanged) else event.user_id)
            else:
                await shard.learn_queues()

    async def founded(self, _event: TenantFounded, recorded: Recorded) -> None:
        """A tenant was made while this process runs; of those before, the start knows."""
        await self._shards.of(recorded.tenant_id)


def register(bus: EventBus, subscribers: Subscribers) -> None:
    """Name what is heard."""
    bus.subscribe(
        "routing.learns-settings",
        get_args(Settings),
        subscribers.heard,
        key=lambda _, recorded: recorded.tenant_id,
        from_now=True,
    )
    bus.subscribe("routing.opens-tenants", TenantFounded, subscribers.founded, durable=False)
