"""Frozen records that people hands out."""

from uuid import UUID

import msgspec


class SkillView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that agents can do; ``code`` is what queues ask for."""

    code: str
    name: str


class AgentView(msgspec.Struct, frozen=True, kw_only=True):
    """One who answers customers. ``id`` is the user's.

    ``endpoint`` is the voice endpoint; ``capacity`` maps media to how many at once; ``skills`` are
    (code, level 1 … 5) by code; 5 is the best. ``active`` is False when the user or the agent is not.
    """

    id: UUID
    number: str
    display_name: str
    endpoint: str
    capacity: dict[str, int]
    skills: list[tuple[str, int]]
    active: bool


class NewAgent(msgspec.Struct, frozen=True, kw_only=True):
    """A user to be made an agent."""

    user_id: UUID
    number: str
    capacity: dict[str, int]
    skills: dict[str, int]


class AgentChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent shall be from now on; ``skills`` and ``capacity`` replace what was, ``active`` None leaves it."""

    capacity: dict[str, int]
    skills: dict[str, int]
    active: bool | None = True
