"""What the endpoints of analytics give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from careline.modules.core.routing.views import Media, OneWord
from careline.modules.insight.analytics.views import Figure, Unit


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="forbid")


class ServiceLevelShown(_Shown):
    """The share answered within ``seconds`` today, beside its target; null while nothing is decided."""

    value: float | None
    target: float
    seconds: int
    n: int


class LineShown(_Shown):
    """What waits of one medium in a queue; ``put_off`` of it until a time that an agent has said."""

    media: Media
    waiting: int
    longest_wait_s: float
    put_off: int


class QueueShown(_Shown):
    """A queue now; ``agents`` counts those who may serve it by their one-word state. Counts of calls are of today.

    ``waiting`` and ``longest_wait_s`` are of those who wait for somebody; ``lines`` of each medium, left messages too.
    """

    id: UUID
    name: str
    media: list[Media]
    waiting: int
    longest_wait_s: float
    lines: list[LineShown]
    service_level: ServiceLevelShown
    asked: int
    answered: int
    abandoned: int
    agents: dict[OneWord, int]


class InHandShown(_Shown):
    """A contact that an agent has in hand."""

    interaction_id: UUID
    media: Media
    queue_id: UUID
    queue_name: str
    since: datetime


class AgentShownOnFloor(_Shown):
    """An agent now; ``state`` is the one word for screens. ``handled`` and ``avg_handle_s`` are of today."""

    id: UUID
    name: str
    number: str
    team: UUID | None
    state: OneWord
    since: datetime
    reason: str | None
    on: list[InHandShown]
    handled: int
    avg_handle_s: float | None


class TeamShown(_Shown):
    """A department in which agents are."""

    id: UUID
    name: str


class FigureShown(_Shown):
    """A figure; ``n`` is how many it was worked out from. Its events are at ``/insight/figures/{code}/events``."""

    code: Figure
    value: float | None
    unit: Unit
    n: int
    window: Literal["now", "today"]


class FloorShown(_Shown):
    """The floor at one moment, as far as the permission reaches. ``topic`` is where the same is told live; null where
    it has to be asked for.
    """

    at: datetime
    topic: str | None
    teams: list[TeamShown]
    queues: list[QueueShown]
    agents: list[AgentShownOnFloor]
    figures: list[FigureShown]


class WallShown(_Shown):
    """The floor for a screen on a wall: nothing of any single person. ``agents`` counts by the one-word state."""

    at: datetime
    name: str
    queues: list[QueueShown]
    agents: dict[OneWord, int]
    figures: list[FigureShown]


class ServingShown(_Shown):
    """The agents who may serve a queue, by what they can do."""

    agents: list[UUID]


class ShiftShown(_Shown):
    """My day so far; means are null while there is nothing to work them out from."""

    handled: int
    avg_handle_s: float | None
    avg_acw_s: float | None
    csat: float | None
    csat_n: int


class ContributionShown(_Shown):
    """An event that a figure was worked out from; ``value`` is 1, seconds, or a score."""

    position: int
    at: datetime
    name: str
    subject: UUID
    interaction_id: UUID
    contributes: str
    value: float


class DefinitionShown(_Shown):
    """What a figure means."""

    text_code: str
    version: int
    unit: Unit


class FigureEventsShown(_Shown):
    """Events in the order of the log; ``next`` goes into ``after``."""

    items: list[ContributionShown]
    next: str | None
    definition: DefinitionShown
