"""What the endpoint of the simulator takes and gives."""

from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.flows.engine.simulating import Played, Scene

Short = Annotated[str, Field(max_length=200)]
Few = Field(max_length=50)


class QueueInScene(BaseModel):
    """A queue that is made up."""

    model_config = ConfigDict(extra="forbid")

    waiting: Annotated[int, Field(ge=0)] = 0
    wait_s: int | None = None
    ready: Annotated[int, Field(ge=0)] = 0


class BusinessInScene(BaseModel):
    """An answer of a business system that is made up."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["ok", "failed", "timed_out", "let_through"] = "ok"
    content: Any = None


class SceneWanted(BaseModel):
    """What is made up.

    ``answers`` are the customer's, in order: the keys of one entry, in a chat words; an empty one is silence.
    ``business`` are answers of business systems, ``passwords`` what comes of service passwords that are keyed,
    ``served`` how waiting for a person ends, each in order. ``ways`` are taken by steps of other modules, by step.
    ``facts`` are what conditions know, ``time.clock`` (09:30) too.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Literal["voice", "webchat"] = "voice"
    language: Annotated[str, Field(max_length=20)] = "zh-CN"
    answers: Annotated[list[Short], Field(max_length=200)] = []
    facts: Annotated[dict[Short, Short], Few] = {}
    queues: Annotated[dict[Short, QueueInScene], Few] = {}
    calendars: Annotated[dict[Short, Literal["open", "closed", "holiday"]], Few] = {}
    business: Annotated[list[BusinessInScene], Field(max_length=50)] = []
    passwords: Annotated[list[Literal["right", "wrong", "refused"]], Field(max_length=50)] = []
    served: Annotated[list[Literal["done", "lost", "overflow", "closed", "message"]], Field(max_length=50)] = []
    ways: Annotated[dict[Short, Short], Few] = {}

    def scene(self) -> Scene:
        """As the simulator takes it."""
        return msgspec.convert(self.model_dump(), Scene)


class SimulationWanted(BaseModel):
    """A flow to be tried out: a ``definition`` as it is edited, or a ``version`` of the flow ``code``, else its newest.

    ``code`` names the flow also where a definition is given.
    """

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=40)] = ""
    version: int | None = None
    definition: dict[str, Any] | None = Field(default=None, description="See the JSON Schema at /flow-schema")
    scene: SceneWanted = SceneWanted()


class LineShown(BaseModel):
    """One thing that happened at a step: what was said, asked or answered, a way taken, a queue, what is missing."""

    model_config = ConfigDict(from_attributes=True)

    step: str
    kind: Literal["said", "asked", "answered", "way", "queued", "asked_business", "consent", "ended", "waits_for"]
    text: str


class Simulation(BaseModel):
    """How it went. ``waits_for`` says what of the scene is missing to go on (answer, business, password, served, way),
    or that it became too long (lines); null when it ended. ``broken``: even the safety step failed, so that a caller
    would be handed on. Secrets are masked."""

    model_config = ConfigDict(from_attributes=True)

    lines: list[LineShown]
    variables: dict[str, str]
    language: str
    waits_for: str | None
    broken: bool

    @classmethod
    def of(cls, played: Played) -> "Simulation":
        """From the simulator's record."""
        return cls.model_validate(played)
