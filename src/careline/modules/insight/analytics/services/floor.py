"""The floor: queues and agents as routing has them now, with the figures of today."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from careline.kernel.clock import Clock
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import AgentInBrief, QueueNow
from careline.modules.directory.people.facade import People
from careline.modules.insight.analytics.rules import (
    UNITS,
    Figure,
    Tally,
    Value,
    mean_seconds,
    period_figures,
    share,
    window_of,
)
from careline.modules.insight.analytics.services.today import Counted, Today
from careline.modules.insight.analytics.views import (
    AgentOnFloor,
    FigureView,
    FloorView,
    InHand,
    QueueOnFloor,
    ServiceLevelView,
    ShiftView,
)

NAMES_KEPT_S = 60.0

AGENTS_KEPT_S = 10.0
"""After so long every agent is looked at again, whatever was heard of them."""


class _Name(msgspec.Struct, frozen=True):
    name: str
    number: str


_UNKNOWN = _Name("", "")


class _Agents:
    """The agents of a tenant as they were seen last, and those of whom something was heard since."""

    def __init__(self) -> None:
        self.seen: dict[UUID, AgentOnFloor] = {}
        self.seen_all_at: float | None = None
        self.heard_of: set[UUID] = set()


class Floor:
    """Makes the floor's document.

    With every agent looked at it costs some 4 µs an agent; with only those of whom something was heard, some 1 µs.
    To both comes the sum of today's slots, however many contacts they count: some 100 rows a queue.
    ``benchmarks/floor.py`` measures both.
    """

    def __init__(self, clock: Clock, routing: Routing, people: People, today: Today) -> None:
        self._clock = clock
        self._routing = routing
        self._people = people
        self._today = today
        self._names: dict[TenantId, tuple[float, dict[UUID, _Name]]] = {}
        self._agents: dict[TenantId, _Agents] = {}

    async def floor(self, tenant_id: TenantId, *, look_at_all: bool = True) -> FloorView:
        """The floor now. Without ``look_at_all`` an agent of whom nothing was heard is as seen some seconds ago."""
        names = await self._names_of(tenant_id)
        counted = await self._today.counted(tenant_id)
        agents = await self._look(tenant_id, names, look_at_all=look_at_all)
        queues = self._routing.queues_now(tenant_id, {agent.id: agent.state for agent in agents})
        return FloorView(
            at=self._clock.now(),
            queues=[_queue(now, counted) for now in queues],
            agents=agents,
            figures=_figures(queues, counted),
        )

    def heard_of(self, tenant_id: TenantId, agent_id: UUID) -> None:
        """Something has happened to an agent."""
        self._agents.setdefault(tenant_id, _Agents()).heard_of.add(agent_id)

    async def shift(self, tenant_id: TenantId, agent_id: UUID) -> ShiftView:
        """One agent's day so far."""
        done = await self._today.shift(tenant_id, agent_id)
        return ShiftView(
            handled=done.handled,
            avg_handle_s=mean_seconds(done.contact_ms + done.acw_ms, done.handled).value,
            avg_acw_s=mean_seconds(done.acw_ms, done.handled).value,
            csat=done.scores / done.rated if done.rated else None,
            csat_n=done.rated,
        )

    def forget_names(self, tenant_id: TenantId) -> None:
        """Somebody is called otherwise, or is new."""
        self._names.pop(tenant_id, None)
        self._agents.pop(tenant_id, None)

    async def _look(self, tenant_id: TenantId, names: Mapping[UUID, _Name], *, look_at_all: bool) -> list[AgentOnFloor]:
        known = self._agents.setdefault(tenant_id, _Agents())
        heard_of, known.heard_of = known.heard_of, set()
        now = self._clock.monotonic()
        if look_at_all or known.seen_all_at is None or now - known.seen_all_at > AGENTS_KEPT_S:
            agents = await self._routing.agents_in_brief(tenant_id)
            known.seen, known.seen_all_at = {}, now
        else:
            agents = await self._routing.agents_in_brief(tenant_id, heard_of & known.seen.keys())
        for agent in agents:
            known.seen[agent.agent_id] = _agent(agent, names)
        return list(known.seen.values())

    async def _names_of(self, tenant_id: TenantId) -> Mapping[UUID, _Name]:
        read_at, names = self._names.get(tenant_id, (0.0, None))
        if names is None or self._clock.monotonic() - read_at > NAMES_KEPT_S:
            read_at = self._clock.monotonic()
            agents = await self._people.agents(tenant_id)
            names = {agent.id: _Name(agent.display_name, agent.number) for agent in agents}
            self._names[tenant_id] = (read_at, names)
        return names


def _queue(now: QueueNow, counted: Counted) -> QueueOnFloor:
    tally = counted.get(now.queue.id, Tally())
    level = share(tally.in_time, tally.decided)
    return QueueOnFloor(
        id=now.queue.id,
        name=now.queue.name,
        media=now.queue.media,
        waiting=now.waiting,
        longest_wait_s=now.longest_wait_s,
        service_level=ServiceLevelView(
            value=level.value, target=now.queue.target, seconds=now.queue.target_seconds, n=level.n
        ),
        agents=now.agents,
    )


def _agent(now: AgentInBrief, names: Mapping[UUID, _Name]) -> AgentOnFloor:
    name = names.get(now.agent_id, _UNKNOWN)
    return AgentOnFloor(
        id=now.agent_id,
        name=name.name,
        number=name.number,
        state=now.state,
        since=now.since,
        reason=now.reason,
        on=[InHand(media=item.media, queue_name=item.queue.name, since=item.since) for item in now.assignments],
    )


def _figures(queues: list[QueueNow], counted: Counted) -> list[FigureView]:
    waiting = sum(now.waiting for now in queues)
    longest = max((now.longest_wait_s for now in queues if now.waiting), default=0.0)
    values = {
        Figure.WAITING_NOW: Value(waiting, waiting),
        Figure.LONGEST_WAIT: Value(longest, waiting),
        **period_figures(sum(counted.values(), Tally())),
    }
    return [
        FigureView(code=code, value=value.value, unit=UNITS[code], n=value.n, window=window_of(code))
        for code, value in values.items()
    ]
