"""What happens to agents. The subject is the agent's id."""

from uuid import UUID

from careline.kernel.events import Event, register


class AgentChanged(Event, frozen=True, kw_only=True):
    """An agent is new, or its skills, capacity or activity are other ones now."""

    name = "people.agent-changed"
    agent_id: UUID


class SkillAdded(Event, frozen=True, kw_only=True):
    """There is a skill more. The subject is the tenant's id, since a skill is known by its code."""

    name = "people.skill-added"
    code: str


class SkillChanged(Event, frozen=True, kw_only=True):
    """A skill has another name, or is gone. The subject is the tenant's id."""

    name = "people.skill-changed"
    code: str


register(AgentChanged, SkillAdded, SkillChanged)
