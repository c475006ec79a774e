"""Frozen records that analytics hands out. All instants are aware UTC."""

from datetime import datetime
from uuid import UUID

import msgspec

from careline.modules.core.routing.views import LineNow, Media
from careline.modules.insight.analytics.rules import Figure as Figure
from careline.modules.insight.analytics.rules import Unit as Unit


class ServiceLevelView(msgspec.Struct, frozen=True, kw_only=True):
    """The share (0…1) answered within ``seconds`` today, beside its target; None while nothing is decided."""

    value: float | None
    target: float
    seconds: int
    n: int


class QueueOnFloor(msgspec.Struct, frozen=True, kw_only=True):
    """A queue now. ``agents`` counts those who may serve it by their one-word state.

    ``waiting`` and ``longest_wait_s`` are of those who wait for somebody, ``lines`` of each medium, left messages too.
    ``asked``, ``answered`` and ``abandoned`` are of today, counted as the figures of these names are.
    """

    id: UUID
    name: str
    media: list[Media]
    waiting: int
    longest_wait_s: float
    lines: list[LineNow]
    service_level: ServiceLevelView
    asked: int
    answered: int
    abandoned: int
    agents: dict[str, int]


class InHand(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that an agent has in hand."""

    interaction_id: UUID
    media: Media
    queue_id: UUID
    queue_name: str
    since: datetime


class AgentOnFloor(msgspec.Struct, frozen=True, kw_only=True):
    """An agent now. ``team`` is their department; ``handled`` and ``avg_handle_s`` are of today, some seconds old."""

    id: UUID
    name: str
    number: str
    team: UUID | None
    state: str
    since: datetime
    reason: str | None
    on: list[InHand]
    handled: int
    avg_handle_s: float | None


class TeamOnFloor(msgspec.Struct, frozen=True, kw_only=True):
    """A department in which agents are."""

    id: UUID
    name: str


class FigureView(msgspec.Struct, frozen=True, kw_only=True):
    """A figure; ``n`` is how many it was worked out from, ``window`` is now or today in the tenant's zone."""

    code: Figure
    value: float | None
    unit: Unit
    n: int
    window: str


class FloorView(msgspec.Struct, frozen=True, kw_only=True):
    """The floor at one moment, as far as somebody's permission reaches; queues and figures are everybody's.

    ``topic`` is where the same is told live; None where it has to be asked for.
    """

    at: datetime
    topic: str | None
    teams: list[TeamOnFloor]
    queues: list[QueueOnFloor]
    agents: list[AgentOnFloor]
    figures: list[FigureView]


class WallView(msgspec.Struct, frozen=True, kw_only=True):
    """The floor for a screen on a wall: nothing of any single person. ``agents`` counts by the one-word state."""

    at: datetime
    name: str
    queues: list[QueueOnFloor]
    agents: dict[str, int]
    figures: list[FigureView]


class ShiftView(msgspec.Struct, frozen=True, kw_only=True):
    """One agent's day so far. Means are None while there is nothing to work them out from."""

    handled: int
    avg_handle_s: float | None
    avg_acw_s: float | None
    csat: float | None
    csat_n: int


class ContributionView(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a figure was worked out from: as what it counts, and with which value (1, seconds, or a score)."""

    position: int
    at: datetime
    name: str
    subject: UUID
    interaction_id: UUID
    contributes: str
    value: float


class DefinitionView(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure means: ``text_code`` is its translation key, ``version`` changes with the meaning."""

    text_code: str
    version: int
    unit: Unit


class FigureEvents(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the events that make a figure, in the order of the log."""

    items: list[ContributionView]
    next: str | None
    definition: DefinitionView
