"""The floor: queues and agents as routing has them now, with the figures of today."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

import msgspec

from careline.kernel.clock import Clock
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import AgentInBrief, QueueNow
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import EVERYBODY, Reach
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
    TeamOnFloor,
    WallView,
)

NAMES_KEPT_S = 60.0

AGENTS_KEPT_S = 10.0
"""After so long every agent is looked at again, whatever was heard of them."""


class _Name(msgspec.Struct, frozen=True):
    name: str
    number: str
    team: UUID | None = None
    path: str | None = None


_UNKNOWN = _Name("", "")

Names = Mapping[UUID, _Name]

TOPIC = "floor"
"""Where the floor of all agents is told live; ``floor:<department>`` where a department's is."""


class _Known(msgspec.Struct, frozen=True):
    """What people and departments are called, and where departments are."""

    agents: Names
    teams: dict[UUID, str]
    paths: dict[UUID, str]


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

    def __init__(self, clock: Clock, identity: Identity, routing: Routing, people: People, today: Today) -> None:
        self._clock = clock
        self._identity = identity
        self._routing = routing
        self._people = people
        self._today = today
        self._names: dict[TenantId, tuple[float, _Known]] = {}
        self._agents: dict[TenantId, _Agents] = {}

    async def floor(self, tenant_id: TenantId, *, look_at_all: bool = True, reach: Reach = EVERYBODY) -> FloorView:
        """The floor now. Without ``look_at_all`` an agent of whom nothing was heard is as seen some seconds ago."""
        known = await self._names_of(tenant_id)
        names = known.agents
        counted = await self._today.counted(tenant_id)
        agents = await self._look(tenant_id, names, look_at_all=look_at_all)
        if not reach.everybody:
            # Who follows for hours keeps the department, which may be moved meanwhile.
            path = None if reach.org_unit_id is None else known.paths.get(reach.org_unit_id)
            within = msgspec.structs.replace(reach, path=path)
            agents = [agent for agent in agents if within.covers(agent.id, names.get(agent.id, _UNKNOWN).path)]
        queues = self._routing.queues_now(tenant_id, {agent.id: agent.state for agent in agents})
        there = {agent.team for agent in agents}
        return FloorView(
            at=self._clock.now(),
            topic=topic_of(reach),
            teams=[TeamOnFloor(id=team_id, name=name) for team_id, name in known.teams.items() if team_id in there],
            queues=[_queue(now, counted) for now in queues],
            agents=agents,
            figures=_figures(queues, counted),
        )

    async def wall(self, tenant_id: TenantId) -> WallView:
        """The floor without people."""
        floor = await self.floor(tenant_id, look_at_all=False)
        return WallView(
            at=floor.at,
            name=(await self._identity.tenant(tenant_id)).name,
            queues=floor.queues,
            agents=Counter(agent.state for agent in floor.agents),
            figures=floor.figures,
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

    async def _look(self, tenant_id: TenantId, names: Names, *, look_at_all: bool) -> list[AgentOnFloor]:
        done = await self._today.by_agent(tenant_id)
        known = self._agents.setdefault(tenant_id, _Agents())
        heard_of, known.heard_of = known.heard_of, set()
        now = self._clock.monotonic()
        if look_at_all or known.seen_all_at is None or now - known.seen_all_at > AGENTS_KEPT_S:
            agents = await self._routing.agents_in_brief(tenant_id)
            known.seen, known.seen_all_at = {}, now
        else:
            agents = await self._routing.agents_in_brief(tenant_id, heard_of & known.seen.keys())
        for agent in agents:
            known.seen[agent.agent_id] = _agent(agent, names, done.get(agent.agent_id, _NOTHING))
        return list(known.seen.values())

    async def _names_of(self, tenant_id: TenantId) -> _Known:
        read_at, known = self._names.get(tenant_id, (0.0, None))
        if known is None or self._clock.monotonic() - read_at > NAMES_KEPT_S:
            read_at = self._clock.monotonic()
            agents = await self._people.agents(tenant_id)
            users = await self._identity.users(tenant_id, [agent.id for agent in agents])
            units = {unit.id: unit for unit in await self._identity.org_units(tenant_id)}
            teams = {agent_id: units[user.org_unit_id] for agent_id, user in users.items() if user.org_unit_id in units}
            names = {
                agent.id: _Name(agent.display_name, agent.number, teams[agent.id].id, teams[agent.id].path)
                if agent.id in teams
                else _Name(agent.display_name, agent.number)
                for agent in agents
            }
            known = _Known(
                names,
                {unit.id: unit.name for unit in units.values()},
                {unit.id: unit.path for unit in units.values()},
            )
            self._names[tenant_id] = (read_at, known)
        return known


def topic_of(reach: Reach) -> str | None:
    """Where the floor of this reach is told live; None for one's own."""
    if reach.everybody:
        return TOPIC
    return None if reach.org_unit_id is None else f"{TOPIC}:{reach.org_unit_id}"


_NOTHING = Tally()


def _queue(now: QueueNow, counted: Counted) -> QueueOnFloor:
    tally = counted.get(now.queue.id, Tally())
    level = share(tally.in_time, tally.decided)
    return QueueOnFloor(
        id=now.queue.id,
        name=now.queue.name,
        media=now.queue.media,
        waiting=now.waiting,
        longest_wait_s=now.longest_wait_s,
        lines=now.lines,
        service_level=ServiceLevelView(
            value=level.value, target=now.queue.target, seconds=now.queue.target_seconds, n=level.n
        ),
        asked=tally.decided + tally.waiting,
        answered=tally.answered,
        abandoned=tally.abandoned,
        agents=now.agents,
    )


def _agent(now: AgentInBrief, names: Names, done: Tally) -> AgentOnFloor:
    name = names.get(now.agent_id, _UNKNOWN)
    return AgentOnFloor(
        id=now.agent_id,
        name=name.name,
        number=name.number,
        team=name.team,
        state=now.state,
        since=now.since,
        reason=now.reason,
        on=[
            InHand(
                interaction_id=item.interaction_id,
                media=item.media,
                queue_id=item.queue.id,
                queue_name=item.queue.name,
                since=item.since,
            )
            for item in now.assignments
        ],
        handled=done.handled,
        avg_handle_s=mean_seconds(done.contact_ms + done.acw_ms, done.handled).value,
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
