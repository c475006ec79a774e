"""A flow as data.

``FlowLanguage`` knows the kinds of steps: those built in and those that were registered. It reads a definition,
says in words what is wrong with one, and gives the JSON Schema (2020-12) that editors check against.
"""

from typing import Any, Union

import msgspec

from careline.kernel.errors import Invalid
from careline.modules.contact.flows.engine.steps import BUILT_IN, Step, StepName, Variable

MAX_STEPS = 200


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that was read. ``safety`` is where a failed step leads; ``expects`` are the variables that whoever
    calls it as a sub-flow has set."""

    start: str
    safety: str
    steps: dict[str, Step]
    expects: tuple[str, ...] = ()


class FlowLanguage:
    """The kinds of steps that this installation knows."""

    def __init__(self, registered: tuple[type[Step], ...] = ()) -> None:
        kinds = BUILT_IN + registered
        self.channels = {kind: kind.channels for kind in registered if kind.channels is not None}
        union: Any = Union[kinds]  # noqa: UP007 - made at run time from a tuple
        self._type: Any = msgspec.defstruct(
            "FlowDefinition",
            [
                ("start", StepName),
                ("safety", StepName),
                ("steps", dict[StepName, union]),
                ("expects", tuple[Variable, ...], ()),
            ],
            frozen=True,
            kw_only=True,
            forbid_unknown_fields=True,
        )
        self._type.__doc__ = "A flow: where it starts, where a failed step leads, and its steps by name."

    def read(self, definition: object) -> Flow:
        """The flow that a definition (decoded JSON) describes. Raises ``Invalid`` naming the place that is wrong."""
        try:
            read = msgspec.convert(definition, self._type)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$")
            raise Invalid("flow-not-readable", field=_pointer(path), problem=message) from None
        if len(read.steps) > MAX_STEPS:
            raise Invalid("flow-too-long", field="steps", max=MAX_STEPS)
        return Flow(start=read.start, safety=read.safety, steps=read.steps, expects=read.expects)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a definition."""
        schema = msgspec.json.schema(self._type)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _pointer(path: str) -> str:
    """``.steps[...].text`` of an error as ``steps/*/text``."""
    return path.rstrip("`").replace("[...]", "/*").replace(".", "/").lstrip("/")
