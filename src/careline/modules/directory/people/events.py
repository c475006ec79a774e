"""What happens to agents. The subject is the agent's id."""

from uuid import UUID

from careline.kernel.events import Event, register


class AgentChanged(Event, frozen=True, kw_only=True):
    """An agent is new, or its skills, capacity or activity are other ones now."""

    name = "people.agent-changed"
    agent_id: UUID


register(AgentChanged)
