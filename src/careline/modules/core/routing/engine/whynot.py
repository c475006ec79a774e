"""Why nobody gets an item now: what stands in the way of each agent, and what will change by itself and when.

Worked out when somebody asks, by looking at every agent; no decision looks here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from careline.modules.core.routing.engine.board import Board
from careline.modules.core.routing.engine.capacity import BESIDE
from careline.modules.core.routing.engine.instants import from_us
from careline.modules.core.routing.engine.model import Chosen, Needs
from careline.modules.core.routing.engine.queues import ENGAGED, OFFERED, WAITING
from careline.modules.core.routing.engine.state import AgentState, ItemState
from careline.modules.core.routing.engine.why import Param, Reason

NOTHING, SKILL, OFFLINE, NOT_READY, SET_ASIDE, BUSY, DECLINED = range(7)
"""The first obstacle of an agent."""
VERDICTS = (
    "nobody-in-queue",
    "nobody-with-skill",
    "nobody-signed-in",
    "nobody-ready",
    "all-set-aside",
    "all-busy",
    "all-declined",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Why nobody is getting an item: how the agents of its queues fall out, each counted once at the first obstacle.

    Who carries none of its medium is not among them.

    ``verdict``: ``offered`` · ``engaged`` · ``queue-closed`` · ``put-off`` · ``held-for-agent`` · ``nobody-in-queue``
    · ``nobody-with-skill`` · ``nobody-signed-in`` · ``nobody-ready`` · ``all-set-aside`` · ``all-busy``
    · ``all-declined`` – the last obstacle that any agent reached. ``missing``: for each skill asked for, the level and
    how many agents of the queues lack it. ``agent``: to whom it is offered, or for whom it is held, until ``until``;
    what is put off is so until then.
    ``back_at``: when the first who is set aside is so no more by itself, ``asked_again_at``: when the first who let it
    go may be asked again. ``relaxes_at``: when it asks for less; ``beside_at``: when it is offered beside other work
    too; ``overflows_at``: when its queue keeps it no longer.
    """

    item_id: UUID
    verdict: str
    agents: int
    lacking_skill: int
    offline: int
    not_ready: int
    set_aside: int
    busy: int
    declined: int
    missing: tuple[tuple[str, int, int], ...] = ()
    agent: UUID | None = None
    until: datetime | None = None
    back_at: datetime | None = None
    asked_again_at: datetime | None = None
    relaxes_at: datetime | None = None
    beside_at: datetime | None = None
    overflows_at: datetime | None = None

    def reasons(self) -> tuple[Reason, ...]:
        """The reasons for people: what it comes to, who falls out by what, and what happens by itself. Times are RFC
        3339; ``agent`` is an id.
        """
        told = [Reason(f"waits-{self.verdict}", _filled(agent=self.agent, until=self.until))]
        if self.verdict in ("offered", "engaged", "queue-closed", "put-off"):
            return tuple(told)
        told += [
            Reason("waits-missing", {"skill": skill, "level": level})
            for skill, level, lacking in self.missing
            if lacking and lacking == self.agents
        ]
        counts: tuple[tuple[str, int, datetime | None], ...] = (
            ("busy", self.busy, None),
            ("declined", self.declined, self.asked_again_at),
            ("set-aside", self.set_aside, self.back_at),
            ("not-ready", self.not_ready, None),
            ("offline", self.offline, None),
            ("lacking", self.lacking_skill, None),
        )
        for name, count, at in counts:
            if count:
                code = f"waits-{name}" if at is None else f"waits-{name}-until"
                told.append(Reason(code, {"n": count, **_filled(at=at)}))
        for name, at in (
            ("relaxes", self.relaxes_at),
            ("beside", self.beside_at),
            ("overflows", self.overflows_at),
        ):
            if at is not None:
                told.append(Reason(f"waits-{name}", _filled(at=at)))
        return tuple(told)


def explain(board: Board, item: ItemState) -> WhyNot:
    """Look at every agent for one item. O(a)."""
    queue, stage = item.queue, item.queue.stages[item.steps]
    needs = stage.relax(item.item.needs)
    fallen: list[list[AgentState]] = [[] for _ in VERDICTS]
    takers = (agent for agent in board.agents.values() if agent.capacity.limits.get(item.item.medium))
    concerned = [agent for agent in takers if _in_pools(board, agent, item, stage.join)]
    for agent in concerned:
        fallen[_obstacle(agent, item, needs)].append(agent)
    waits = item.status == WAITING and not item.asleep
    relaxes = item.entered_us + stage.next_us if waits and stage.next_us is not None else None
    most = None if item.item.patient else queue.max_wait_us
    overflows = item.entered_us + most if waits and most is not None else None
    held = item.item.preferred_agent if waits and item.held_until is not None else None
    offer = item.hand.offer if item.hand is not None else None
    aside = (agent.set_aside[item.medium][1] for agent in fallen[SET_ASIDE])
    return WhyNot(
        item_id=item.item.id,
        verdict=_verdict(item, fallen, len(concerned)),
        agents=len(concerned),
        lacking_skill=len(fallen[SKILL]),
        offline=len(fallen[OFFLINE]),
        not_ready=len(fallen[NOT_READY]),
        set_aside=len(fallen[SET_ASIDE]),
        busy=len(fallen[BUSY]),
        declined=len(fallen[DECLINED]),
        missing=tuple((skill, level, _lacking(concerned, skill, level)) for skill, level in needs),
        agent=held if offer is None else offer.agent_id,
        until=_until(item, held) if offer is None else offer.deadline,
        back_at=_instant(_earliest(aside)),
        asked_again_at=_instant(_earliest(item.excluded[agent] for agent in fallen[DECLINED])),
        relaxes_at=_instant(relaxes),
        beside_at=_instant(item.beside_us if waits and item.room != BESIDE else None),
        overflows_at=_instant(overflows),
    )


def _in_pools(board: Board, agent: AgentState, item: ItemState, joined: frozenset[UUID]) -> bool:
    serves = agent.profile.queues & (joined | {item.queue.settings.id})
    if agent.profile.desk is None:
        return bool(serves)
    desk = board.desks.get(agent.profile.desk)
    return desk is not None and any(desk.serves(queue_id, item.item.kind) for queue_id in serves)


def _obstacle(agent: AgentState, item: ItemState, needs: Needs) -> int:
    skills = agent.profile.skills
    if any(skills.get(skill, 0) < level for skill, level in needs):
        return SKILL
    if agent.chosen is not Chosen.READY:
        return OFFLINE if agent.chosen is Chosen.OFFLINE else NOT_READY
    if agent.set_aside_mask & (1 << item.medium):
        return SET_ASIDE
    if not agent.free & (1 << item.room):
        return BUSY
    return DECLINED if agent in item.excluded else NOTHING


def _verdict(item: ItemState, fallen: list[list[AgentState]], concerned: int) -> str:
    if item.status == OFFERED:
        return "offered"
    if item.status == ENGAGED:
        return "engaged"
    if item.asleep:
        return "put-off" if item.queue.open else "queue-closed"
    if item.held_until is not None:
        return "held-for-agent"
    return VERDICTS[max((at for at in range(len(fallen)) if fallen[at]), default=0) if concerned else 0]


def _lacking(agents: list[AgentState], skill: str, level: int) -> int:
    return sum(agent.profile.skills.get(skill, 0) < level for agent in agents)


def _until(item: ItemState, held: UUID | None) -> datetime | None:
    """Until when it is kept for somebody, or put off."""
    if item.asleep:
        return item.item.not_before
    return _instant(item.held_until if held else None)


def _earliest(instants: Iterable[int | None]) -> int | None:
    return min((at for at in instants if at is not None), default=None)


def _instant(at: int | None) -> datetime | None:
    return None if at is None else from_us(at)


def _filled(**values: UUID | datetime | None) -> dict[str, Param]:
    """What is known of these, as text."""
    known = ((name, value) for name, value in values.items() if value is not None)
    return {name: value.isoformat() if isinstance(value, datetime) else str(value) for name, value in known}
