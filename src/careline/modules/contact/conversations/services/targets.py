"""Who could take what an agent wants to pass on: queues with what waits in them, agents with what they carry."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from careline.kernel.errors import Invalid
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import CannotTake
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import (
    AgentStateView,
    Chosen,
    LineNow,
    Media,
    MediumView,
    OneWord,
    QueueNow,
    QueueView,
    Withheld,
)
from careline.modules.directory.people.facade import People
from careline.modules.directory.people.views import AgentView

MOST_SHOWN = 30

REACHABLE: frozenset[Withheld | None] = frozenset({None, "full", "other_media", "not_due"})
"""Who takes no more for now gets it as soon as they have room; who is away does not."""


class ColleagueShown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could be asked; ``state`` is the one word of routing."""

    id: UUID
    name: str
    number: str
    state: str


class QueueTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A queue; ``ready`` of its ``signed_in`` agents could take a chat at once. ``own``: the chat came from it."""

    code: str
    name: str
    waiting: int
    longest_wait_s: float
    signed_in: int
    ready: int
    own: bool


class AgentTarget(msgspec.Struct, frozen=True, kw_only=True):
    """An agent; ``withheld`` says why they take no more chats just now. The chat would go through ``queue_name``."""

    id: UUID
    name: str
    number: str
    state: OneWord
    used: int
    limit: int
    withheld: Withheld | None
    queue_name: str


class TargetList(msgspec.Struct, frozen=True, kw_only=True):
    """Those who fit a search, the readiest first; ``more`` agents fit and are not listed."""

    queues: list[QueueTarget]
    agents: list[AgentTarget]
    more: int


class Targets:
    """Looks at routing as it is now. Nothing is kept."""

    def __init__(self, routing: Routing, people: People) -> None:
        self._routing = routing
        self._people = people

    async def listed(self, actor: Actor, interaction_id: UUID, search: str, media: Media = Media.CHAT) -> TargetList:
        """Whom an agent may choose; ``search`` is a part of a name, a number or a queue's name."""
        tenant_id, wanted = actor.tenant_id, search.strip().lower()
        held = self._routing.assignment(tenant_id, interaction_id)
        own = None if held is None else held.queue.id
        states = {state.agent_id: state for state in await self._routing.agent_states(tenant_id)}
        found = [
            target
            for agent in await self._people.agents(tenant_id)
            if agent.active and agent.id != actor.id and _fits(wanted, agent.display_name, agent.number)
            if (target := self._agent(tenant_id, agent, states.get(agent.id), own, media)) is not None
        ]
        found.sort(key=lambda one: (_readiness(one.withheld), one.used / max(1, one.limit), one.number))
        return TargetList(
            queues=self._queues(actor, wanted, own, list(states.values()), media),
            agents=found[:MOST_SHOWN],
            more=max(0, len(found) - MOST_SHOWN),
        )

    async def colleagues(self, actor: Actor, search: str) -> list[ColleagueShown]:
        """Agents who are signed in and could be asked, by number; ``search`` is a part of a name or a number."""
        wanted = search.strip().lower()
        fitting = {
            agent.id: agent
            for agent in await self._people.agents(actor.tenant_id)
            if agent.active and agent.id != actor.id and _fits(wanted, agent.display_name, agent.number)
        }
        brief = {one.agent_id: one for one in await self._routing.agents_in_brief(actor.tenant_id, list(fitting))}
        return [
            ColleagueShown(id=agent.id, name=agent.display_name, number=agent.number, state=brief[agent.id].state)
            for agent in fitting.values()
            if agent.id in brief and brief[agent.id].state != "offline"
        ][:MOST_SHOWN]

    async def is_signed_in(self, tenant_id: TenantId, agent_id: UUID) -> bool:
        """Whether an agent is there to be asked."""
        return (await self._routing.agent_state(tenant_id, agent_id)).chosen is not Chosen.OFFLINE

    async def queue(self, tenant_id: TenantId, code: str, sender: UUID | None, media: Media = Media.CHAT) -> QueueView:
        """A queue that takes the medium and has somebody beside the sender signed in.

        Raises ``queue-unknown`` or ``transfer-queue-empty``.
        """
        queue = next((queue for queue in self._routing.queues(tenant_id) if queue.code == code), None)
        if queue is None or media not in queue.media:
            raise Invalid("queue-unknown", field="queue", queue=code)
        counts = self._signed_in(tenant_id, await self._routing.agent_states(tenant_id), sender, media)
        if queue.id not in counts:
            raise CannotTake("transfer-queue-empty", "queue", queue=queue.name)
        return queue

    async def queue_of(
        self, tenant_id: TenantId, agent_id: UUID, own: UUID | None, media: Media = Media.CHAT
    ) -> QueueView:
        """The queue through which an agent gets a contact: the one it came from if they serve it.

        Raises ``agent-not-found``, or ``transfer-agent-away`` when they cannot be reached.
        """
        agent = await self._people.agent(tenant_id, agent_id)
        state = await self._routing.agent_state(tenant_id, agent_id)
        queue = self._through(tenant_id, agent_id, own, media)
        medium = state.media.get(media)
        if queue is None or medium is None or medium.withheld not in REACHABLE:
            raise CannotTake("transfer-agent-away", "agent_id", name=agent.display_name)
        return queue

    def _signed_in(
        self, tenant_id: TenantId, states: Sequence[AgentStateView], but: UUID | None, media: Media
    ) -> dict[UUID, list[int]]:
        """For each queue that has any: how many agents are signed in, and how many could take a chat at once."""
        counts: dict[UUID, list[int]] = {}
        for state in states:
            medium = state.media.get(media)
            if state.agent_id == but or state.chosen is Chosen.OFFLINE or medium is None:
                continue
            for queue_id in self._routing.queues_of(tenant_id, state.agent_id):
                count = counts.setdefault(queue_id, [0, 0])
                count[0] += 1
                count[1] += medium.withheld is None
        return counts

    def _queues(
        self, actor: Actor, wanted: str, own: UUID | None, states: Sequence[AgentStateView], media: Media
    ) -> list[QueueTarget]:
        counts = self._signed_in(actor.tenant_id, states, actor.id, media)
        return [
            QueueTarget(
                code=now.queue.code,
                name=now.queue.name,
                waiting=before.waiting,
                longest_wait_s=before.longest_wait_s,
                signed_in=counts.get(now.queue.id, [0, 0])[0],
                ready=counts.get(now.queue.id, [0, 0])[1],
                own=now.queue.id == own,
            )
            for now in self._routing.queues_now(actor.tenant_id)
            for before in [_line(now, media)]
            if media in now.queue.media and _fits(wanted, now.queue.name, now.queue.code)
        ]

    def _agent(
        self, tenant_id: TenantId, agent: AgentView, state: AgentStateView | None, own: UUID | None, media: Media
    ) -> AgentTarget | None:
        """None for who is not signed in, or could never take the medium."""
        medium: MediumView | None = None if state is None else state.media.get(media)
        if state is None or medium is None or state.chosen is Chosen.OFFLINE or not medium.limit:
            return None
        queue = self._through(tenant_id, agent.id, own, media)
        if queue is None:
            return None
        return AgentTarget(
            id=agent.id,
            name=agent.display_name,
            number=agent.number,
            state=state.state,  # type: ignore[arg-type]  # the words of ``OneWord``
            used=medium.used,
            limit=medium.limit,
            withheld=medium.withheld,
            queue_name=queue.name,
        )

    def _through(self, tenant_id: TenantId, agent_id: UUID, own: UUID | None, media: Media) -> QueueView | None:
        served = self._routing.queues_of(tenant_id, agent_id)
        fit = [one for one in self._routing.queues(tenant_id) if one.id in served and media in one.media]
        return next((one for one in fit if one.id == own), fit[0] if fit else None)


def _line(now: QueueNow, media: Media) -> QueueNow | LineNow:
    """What waits before it: people before people, left messages before left messages."""
    if media is not Media.MESSAGE:
        return now
    return next((line for line in now.lines if line.media is media), now)


def _fits(wanted: str, *names: str) -> bool:
    return not wanted or any(wanted in name.lower() for name in names)


def _readiness(withheld: Withheld | None) -> int:
    if withheld is None:
        return 0
    return 1 if withheld in REACHABLE else 2
