"""Agents choose their state, and their desks come and go."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.engine.effects import Effect
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import Chosen as EngineChosen
from careline.modules.core.routing.engine.records import AgentView
from careline.modules.core.routing.services import projection
from careline.modules.core.routing.services.shard import Beside, Shard
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import AgentInBrief, AgentStateView, AssignmentView, Chosen, Media

DESK_GRACE_S = 3.0
"""How long a desk may be away – a page that is loaded anew – before its agent has no offers: a customer rings in
front of an empty chair no longer than this. Nothing is lost by it: who comes back is offered what still waits."""

START_GRACE_S = 20.0
"""The same after a start, when all desks have to find their way back at once (the longest pause of theirs is 15 s)."""

HANDS_GRACE_S = 60.0
"""How long a desk may be away before the chats and left messages of its agent go to others: a browser has been started
anew by then, and a customer has not yet given up. A call needs no such thing, it ends with its phone."""

DESK_AWAY = "desk-away"


class Agents:
    """The chosen and the derived parts of agents' states."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._leaving: dict[tuple[TenantId, UUID], asyncio.TimerHandle] = {}
        self._present: set[tuple[TenantId, UUID]] = set()

    async def choose(
        self,
        tenant_id: TenantId,
        agent_id: UUID,
        chosen: Chosen,
        reason: str | None,
        *,
        beside: Beside | None = None,
        actor: str = "system",
    ) -> AgentStateView:
        """Change the chosen part. Not ready needs one of the tenant's reasons; the others take none."""
        if (chosen is Chosen.NOT_READY) != (reason is not None):
            raise Invalid("reason-needed" if reason is None else "reason-not-wanted", field="reason")
        shard = await self._known(tenant_id, agent_id)
        reasons = [known.code for known in shard.setup.reasons]
        if reason is not None and reason not in reasons:
            raise Invalid("reason-unknown", field="reason", allowed=", ".join(reasons))
        await shard.run(
            lambda engine, now: engine.choose(agent_id, projection.engine_chosen(chosen), now, reason=reason),
            beside=beside,
            actor=actor,
        )
        return self.state(shard, agent_id)

    async def agent_state(self, tenant_id: TenantId, agent_id: UUID) -> AgentStateView:
        """An agent now, or ``NotFound``."""
        return self.state(await self._known(tenant_id, agent_id), agent_id)

    def now(self, tenant_id: TenantId, agent_id: UUID) -> AgentStateView:
        """The same of a shard that runs here, or ``NotFound``."""
        shard = self._shards.running(tenant_id)
        if shard.engine.profile(agent_id) is None:
            raise NotFound("agent-not-found", id=str(agent_id))
        return self.state(shard, agent_id)

    async def agent_states(self, tenant_id: TenantId) -> list[AgentStateView]:
        """Every agent of the tenant, offline ones too."""
        shard = await self._shards.of(tenant_id)
        return [_state(shard, view) for view in shard.engine.agent_views()]

    async def agents_in_brief(self, tenant_id: TenantId, only: Collection[UUID] | None) -> list[AgentInBrief]:
        """Every agent of the tenant, or those of them who are named."""
        shard = await self._shards.of(tenant_id)
        return [
            projection.in_brief(glance, _assignments(shard, glance.agent_id) if glance.doing is not None else [])
            for glance in shard.engine.agent_glances(only)
        ]

    async def presence(self, tenant_id: TenantId, agent_id: UUID, *, present: bool) -> None:
        """The agent's desk has connected, or its last connection is gone."""
        try:
            shard = await self._known(tenant_id, agent_id)
        except NotFound:
            return
        if not present:
            self._present.discard((tenant_id, agent_id))
            self._expect(shard, agent_id, DESK_GRACE_S)
            return
        self._present.add((tenant_id, agent_id))
        self._forget_leaving(tenant_id, agent_id)
        if _media_set_aside(shard.engine, agent_id, DESK_AWAY):
            await shard.run(
                lambda engine, now: engine.bring_back(agent_id, _media_set_aside(engine, agent_id, DESK_AWAY), now)
            )

    async def expect_desks(self, tenant_id: TenantId) -> None:
        """After a start nobody is connected yet: whoever does not come back in time gets no offers."""
        shard = await self._shards.of(tenant_id)
        for view in await self.agent_states(tenant_id):
            waited_for = view.chosen is Chosen.READY or _written(shard, view.agent_id)
            if waited_for and (tenant_id, view.agent_id) not in self._present:
                self._expect(shard, view.agent_id, START_GRACE_S)

    def stop(self) -> None:
        """Forget who was about to be set aside; the next start asks anew."""
        for handle in self._leaving.values():
            handle.cancel()
        self._leaving.clear()

    @staticmethod
    def state(shard: Shard, agent_id: UUID) -> AgentStateView:
        """An agent now, of a shard at hand."""
        return _state(shard, shard.engine.agent_view(agent_id))

    def _expect(self, shard: Shard, agent_id: UUID, within_s: float) -> None:
        """Set the agent aside unless their desk is there in time."""
        self._forget_leaving(shard.tenant_id, agent_id)
        self._leaving[shard.tenant_id, agent_id] = asyncio.get_running_loop().call_later(
            within_s, lambda: self._shards.spawn(self._set_aside(shard, agent_id))
        )

    def _forget_leaving(self, tenant_id: TenantId, agent_id: UUID) -> None:
        waiting = self._leaving.pop((tenant_id, agent_id), None)
        if waiting is not None:
            waiting.cancel()

    async def _set_aside(self, shard: Shard, agent_id: UUID) -> None:
        self._leaving.pop((shard.tenant_id, agent_id), None)

        def away(engine: Engine, now: datetime) -> list[Effect]:
            # The desk may be back by the time that the command may write.
            if engine.profile(agent_id) is None or (shard.tenant_id, agent_id) in self._present:
                return []
            if engine.agent_view(agent_id).chosen is EngineChosen.OFFLINE:
                return []
            # Whoever did not answer stays set aside for that, and is not brought back by a page loaded anew.
            media = _media_set_aside(engine, agent_id, None)
            return engine.set_aside(agent_id, media, DESK_AWAY, now, take_back=True)

        await shard.run(away)
        if _written(shard, agent_id) and (shard.tenant_id, agent_id) not in self._present:
            self._forget_leaving(shard.tenant_id, agent_id)
            self._leaving[shard.tenant_id, agent_id] = asyncio.get_running_loop().call_later(
                HANDS_GRACE_S, lambda: self._shards.spawn(self._let_go(shard, agent_id))
            )

    async def _let_go(self, shard: Shard, agent_id: UUID) -> None:
        """What an agent wrote in whose desk has stayed away is theirs no more. There is nobody to write it up."""
        self._leaving.pop((shard.tenant_id, agent_id), None)
        for item_id in _written(shard, agent_id):

            def let_go(engine: Engine, now: datetime, item_id: UUID = item_id) -> list[Effect]:
                if (shard.tenant_id, agent_id) in self._present:
                    return []
                return engine.finish(item_id, now, after_contact=False)

            with suppress(Conflict, NotFound):  # ended by its customer meanwhile
                await shard.run(let_go)

    async def _known(self, tenant_id: TenantId, agent_id: UUID) -> Shard:
        shard = await self._shards.of(tenant_id)
        if shard.engine.profile(agent_id) is None:
            # Made a moment ago, perhaps by another process.
            await shard.learn_agent(agent_id)
        if shard.engine.profile(agent_id) is None:
            raise NotFound("agent-not-found", id=str(agent_id))
        return shard


def _media_set_aside(engine: Engine, agent_id: UUID, cause: str | None) -> frozenset[Medium]:
    """The media for which an agent is set aside for this cause; None for those that they are not set aside for."""
    return frozenset(medium.medium for medium in engine.agent_view(agent_id).media if medium.set_aside == cause)


def _written(shard: Shard, agent_id: UUID) -> list[UUID]:
    """The items of the chats and left messages that an agent has in hand."""
    mine = shard.ledger.of_agent(agent_id)
    return [item.id for item in mine if item.state == "engaged" and item.media is not Media.VOICE]


def _state(shard: Shard, view: AgentView) -> AgentStateView:
    profile = shard.engine.profile(view.agent_id)
    assert profile is not None
    return projection.agent_state(view, profile, _assignments(shard, view.agent_id))


def _assignments(shard: Shard, agent_id: UUID) -> list[AssignmentView]:
    """What an agent is engaged in or writes up, the oldest first."""
    mine, rules = shard.ledger.of_agent(agent_id), shard.setup.media_rules
    return [
        projection.assignment(item, shard.queues[item.queue_id], agent_id, rests=projection.parked(item, mine, rules))
        for item in mine
        if item.state in projection.IN_HAND
    ]
