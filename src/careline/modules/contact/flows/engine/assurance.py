"""How sure we are who speaks, as flows need to know it. The words are those of the directory; a test compares them."""

from typing import Literal

LEVELS = (
    "none",
    "claimed",
    "caller_number",
    "agent_checked",
    "one_time_code",
    "service_password",
    "real_name",
)
"""The least sure first."""

Needed = Literal["none", "caller_number", "agent_checked", "one_time_code", "service_password"]
"""What a step may need."""

UNKNOWN = "none"
PERSONAL = "one_time_code"
"""What is needed to be told what is somebody's own, unless a step says something else: a number discloses nothing."""


def satisfies(level: str, needed: str) -> bool:
    """Whether one is at least as sure as the other. What nobody knows is not sure at all."""
    return needed == UNKNOWN or (level in LEVELS and LEVELS.index(level) >= LEVELS.index(needed))


def surer(one: str, other: str) -> str:
    """The surer of two."""
    return one if satisfies(one, other) else other
