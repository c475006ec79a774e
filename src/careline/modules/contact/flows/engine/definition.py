"""A flow as data.

``FlowLanguage`` knows the kinds of steps: those built in and those that were registered. It reads a definition,
says in words what is wrong with one, and gives the JSON Schema (2020-12) that editors check against.
"""

import json
import re
from typing import Annotated, Any, Union

import msgspec

from careline.kernel.errors import Invalid
from careline.modules.contact.flows.engine.assurance import UNKNOWN, Needed
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.kinds import BUILT_IN
from careline.modules.contact.flows.engine.steps import BusinessCall, Step, StepName, Variable

MAX_STEPS = 200
MAX_VARIABLES = 100
"""Variables of one flow."""

LONGEST = 400_000
"""Characters of a definition as JSON."""

LONGEST_BODY = 10_000
"""Characters of JSON that one business call may send, its gaps not filled."""

_STEP_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")


class FlowLanguage:
    """The kinds of steps that this installation knows."""

    def __init__(self, registered: tuple[type[Step], ...] = ()) -> None:
        kinds = BUILT_IN + registered
        self.channels = {kind: kind.channels for kind in kinds if kind.channels is not None}
        union: Any = Union[kinds]  # noqa: UP007 - made at run time from a tuple
        self._step: Any = union
        self._type: Any = msgspec.defstruct(
            "FlowDefinition",
            [
                ("start", StepName),
                ("safety", StepName),
                ("steps", dict[StepName, union]),
                ("expects", Annotated[tuple[Variable, ...], msgspec.Meta(max_length=MAX_VARIABLES)], ()),
                ("expects_assurance", Needed, UNKNOWN),
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
            problem, field = _told(error)
            raise Invalid("flow-not-readable", field=self._named(definition, field), problem=problem) from None
        flow = Flow(
            start=read.start,
            safety=read.safety,
            steps=read.steps,
            expects=read.expects,
            expects_assurance=read.expects_assurance,
        )
        _check_size(flow, definition)
        return flow

    def _named(self, definition: object, field: str) -> str:
        """The place with the step's own name, which the reader does not tell: the first step that reads no better."""
        steps = definition.get("steps") if isinstance(definition, dict) else None
        if not field.startswith("steps/*") or not isinstance(steps, dict):
            return field
        for name, step in steps.items():
            try:
                msgspec.convert(step, self._step)
            except msgspec.ValidationError as error:
                if isinstance(name, str) and _STEP_NAME.match(name):
                    return "/".join(part for part in ("steps", name, _told(error)[1]) if part)
                return field
        return field

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a definition."""
        schema = msgspec.json.schema(self._type)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _check_size(flow: Flow, definition: object) -> None:
    """Raises ``Invalid`` for what would take too much to check or to try out."""
    if len(flow.steps) > MAX_STEPS:
        raise Invalid("flow-too-long", field="steps", max=MAX_STEPS)
    for name, step in flow.steps.items():
        if isinstance(step, BusinessCall) and step.body is not None and _length(step.body) > LONGEST_BODY:
            raise Invalid("flow-body-too-long", field=f"steps/{name}/body", max=LONGEST_BODY)
    if _length(definition) > LONGEST:
        raise Invalid("flow-too-large", field="steps", max=LONGEST)
    variables = set(flow.expects)
    for name, step in flow.steps.items():
        for names in step.sets().values():
            variables.update(names)
        if len(variables) > MAX_VARIABLES:
            raise Invalid("flow-too-many-variables", field=f"steps/{name}", max=MAX_VARIABLES)


def _length(content: object) -> int:
    """Characters of JSON."""
    return len(json.dumps(content, ensure_ascii=False))


def _told(error: msgspec.ValidationError) -> tuple[str, str]:
    """What is wrong, and the place."""
    message, _, path = str(error).partition(" - at `$")
    return message, _pointer(path)


def _pointer(path: str) -> str:
    """``.steps[...].text`` of an error as ``steps/*/text``."""
    return path.rstrip("`").replace("[...]", "/*").replace(".", "/").lstrip("/")
