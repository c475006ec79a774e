"""Agents choose their state, and their desks come and go."""

import asyncio
from uuid import UUID

from careline.kernel.errors import Invalid, NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.engine.capacity import MEDIA
from careline.modules.core.routing.engine.records import AgentView
from careline.modules.core.routing.services import projection
from careline.modules.core.routing.services.shard import Shard
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import AgentStateView, Chosen

REASONS = frozenset({"break", "meal", "training", "meeting"})

DESK_GRACE_S = 20.0
"""How long a desk may be away – a page reload, a tunnel – before its agent gets no more offers."""

DESK_AWAY = "desk-away"


class Agents:
    """The chosen and the derived parts of agents' states."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._leaving: dict[tuple[TenantId, UUID], asyncio.TimerHandle] = {}

    async def choose(self, tenant_id: TenantId, agent_id: UUID, chosen: Chosen, reason: str | None) -> AgentStateView:
        """Change the chosen part. Not ready needs one of ``REASONS``; the others take none."""
        if (chosen is Chosen.NOT_READY) != (reason is not None):
            raise Invalid("reason-needed" if reason is None else "reason-not-wanted", field="reason")
        if reason is not None and reason not in REASONS:
            raise Invalid("reason-unknown", field="reason", allowed=", ".join(sorted(REASONS)))
        shard = await self._known(tenant_id, agent_id)
        await shard.run(
            lambda engine, now: engine.choose(agent_id, projection.engine_chosen(chosen), now, reason=reason)
        )
        return self.state(shard, agent_id)

    async def agent_state(self, tenant_id: TenantId, agent_id: UUID) -> AgentStateView:
        """An agent now, or ``NotFound``."""
        return self.state(await self._known(tenant_id, agent_id), agent_id)

    async def agent_states(self, tenant_id: TenantId) -> list[AgentStateView]:
        """Every agent of the tenant, offline ones too."""
        shard = await self._shards.of(tenant_id)
        return [_state(shard, view) for view in shard.engine.agent_views()]

    async def presence(self, tenant_id: TenantId, agent_id: UUID, *, present: bool) -> None:
        """The agent's desk has connected, or its last connection is gone."""
        shard = await self._shards.of(tenant_id)
        if shard.engine.profile(agent_id) is None:
            return
        waiting = self._leaving.pop((tenant_id, agent_id), None)
        if waiting is not None:
            waiting.cancel()
        if present:
            if any(medium.set_aside == DESK_AWAY for medium in shard.engine.agent_view(agent_id).media):
                await shard.run(lambda engine, now: engine.bring_back(agent_id, frozenset(MEDIA), now))
            return
        self._leaving[tenant_id, agent_id] = asyncio.get_running_loop().call_later(
            DESK_GRACE_S, lambda: self._shards.spawn(self._set_aside(shard, agent_id))
        )

    async def expect_desks(self, tenant_id: TenantId) -> None:
        """After a start nobody is connected yet: whoever does not come back in time gets no offers."""
        for view in await self.agent_states(tenant_id):
            if view.chosen is Chosen.READY:
                await self.presence(tenant_id, view.agent_id, present=False)

    def stop(self) -> None:
        """Forget who was about to be set aside; the next start asks anew."""
        for handle in self._leaving.values():
            handle.cancel()
        self._leaving.clear()

    @staticmethod
    def state(shard: Shard, agent_id: UUID) -> AgentStateView:
        """An agent now, of a shard at hand."""
        return _state(shard, shard.engine.agent_view(agent_id))

    async def _set_aside(self, shard: Shard, agent_id: UUID) -> None:
        self._leaving.pop((shard.tenant_id, agent_id), None)
        if shard.engine.profile(agent_id) is not None:
            await shard.run(lambda engine, now: engine.set_aside(agent_id, frozenset(MEDIA), DESK_AWAY, now))

    async def _known(self, tenant_id: TenantId, agent_id: UUID) -> Shard:
        shard = await self._shards.of(tenant_id)
        if shard.engine.profile(agent_id) is None:
            raise NotFound("agent-not-found", id=str(agent_id))
        return shard


def _state(shard: Shard, view: AgentView) -> AgentStateView:
    assignments = [
        projection.assignment(item, shard.queues[item.queue_id], view.agent_id)
        for item in shard.ledger.of_agent(view.agent_id)
        if item.state in ("engaged", "after_contact_work")
    ]
    profile = shard.engine.profile(view.agent_id)
    assert profile is not None
    return projection.agent_state(view, profile, assignments)
