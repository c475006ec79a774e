"""Pure rules on agents: numbers, endpoints, levels and capacities that make sense."""

import re
from collections.abc import Mapping

from careline.kernel.errors import Invalid

MOST = {"voice": 1, "chat": 10, "message": 5}
"""What one person can carry at once, of each media there is."""

_NUMBER = re.compile(r"[0-9]{3,8}\Z")
_SKILL = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")


def endpoint_name(tenant_code: str, number: str) -> str:
    """The name of an agent's voice endpoint, one in the whole installation: ``agent-demo-8021``."""
    return f"agent-{tenant_code}-{number}"


def checked_number(number: str) -> str:
    """An agent's number: 3 to 8 digits."""
    if not _NUMBER.match(number):
        raise Invalid("agent-number-not-usable", field="number", min=3, max=8)
    return number


def checked_skill_code(code: str) -> str:
    """A skill's code."""
    if not _SKILL.match(code):
        raise Invalid("skill-code-not-usable", field="code", allowed="a-z 0-9 _")
    return code


def checked_levels(skills: Mapping[str, int]) -> dict[str, int]:
    """Proficiencies 1 … 5; 5 is the best."""
    if any(not 1 <= level <= 5 for level in skills.values()):
        raise Invalid("skill-level-out-of-range", field="skills", min=1, max=5)
    return dict(skills)


def checked_capacity(capacity: Mapping[str, int]) -> dict[str, int]:
    """How much of each media at once; a media that is not named is 0."""
    for media, limit in capacity.items():
        if media not in MOST:
            raise Invalid("media-unknown", field="capacity", allowed=", ".join(MOST))
        if not 0 <= limit <= MOST[media]:
            raise Invalid("capacity-out-of-range", field=f"capacity/{media}", min=0, max=MOST[media])
    return {media: capacity.get(media, 0) for media in MOST}
