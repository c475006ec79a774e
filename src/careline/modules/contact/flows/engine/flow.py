"""A flow that was read."""

import msgspec

from careline.modules.contact.flows.engine.assurance import UNKNOWN
from careline.modules.contact.flows.engine.steps import Step


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that was read. ``safety`` is where a failed step leads; ``expects`` are the variables that whoever
    calls it as a sub-flow has set, ``expects_assurance`` how sure they are who speaks."""

    start: str
    safety: str
    steps: dict[str, Step]
    expects: tuple[str, ...] = ()
    expects_assurance: str = UNKNOWN
