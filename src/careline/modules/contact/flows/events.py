"""What happens in flows. The subject is the interaction's id, of a flow itself the flow's."""

from uuid import UUID

from careline.kernel.events import Event, register


class StepTaken(Event, frozen=True, kw_only=True):
    """A contact went through a step and left it by ``way`` (a key, next, queued, done, lost, end, failed, left …).

    A step of a flow that it called is ``identify/ask-pin``; code and version are those of the flow it began with.
    """

    name = "flows.step-taken"
    interaction_id: UUID
    flow_code: str
    version: int
    step: str
    way: str


class FlowPublished(Event, frozen=True, kw_only=True):
    """A version is in force for new contacts."""

    name = "flows.flow-published"
    flow_id: UUID
    flow_code: str
    version: int


register(StepTaken, FlowPublished)
