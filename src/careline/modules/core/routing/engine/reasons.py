"""Why an offer is made, from what the decision looked at."""

from careline.modules.core.routing.engine.capacity import BESIDE, MEDIUM_NAMES
from careline.modules.core.routing.engine.instants import SECOND
from careline.modules.core.routing.engine.matching import Pair, joined_by
from careline.modules.core.routing.engine.why import SkillMatch, Why


def why_of(now_us: int, pair: Pair, usage: int) -> Why:
    """The facts of a pair, of an agent who carries ``usage`` before it."""
    agent, item = pair.agent, pair.item
    skills, highest = agent.profile.skills, item.queue.highest
    waited, idle = now_us - item.enqueued_us, 0 if usage else now_us - agent.idle_since
    return Why(
        rule=pair.rule,
        medium=MEDIUM_NAMES[item.medium],
        waited_s=waited // SECOND if waited > 0 else 0,
        idle_s=idle // SECOND if idle > 0 else 0,
        load=agent.capacity.load(usage) if usage else 0,
        skills=tuple(
            [SkillMatch(skill, skills[skill], skills[skill] >= highest.get(skill, 0)) for skill, _ in pair.needs]
        )
        if pair.needs
        else (),
        relaxed=item.steps,
        last_agent=item.item.preferred_agent is not None and item.item.preferred_agent == agent.profile.id,
        desk=agent.profile.desk,
        joined=joined_by(agent, item) if item.steps else None,
        left=agent.capacity.left(usage, item.medium) - 1,
        attempt=item.attempts,
        interrupts=agent.capacity.interrupted(usage, item.medium) if usage else (),
        beside=agent.capacity.put_beside(usage) if usage and item.room == BESIDE else (),
    )
