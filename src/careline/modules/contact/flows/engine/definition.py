"""A flow as data.

``FlowLanguage`` knows the kinds of steps: the five built in and those that were registered. It reads a definition,
says in words what is wrong with one, and gives the JSON Schema (2020-12) that editors check against.
"""

from typing import Annotated, Any, Literal, Union

import msgspec

from careline.kernel.errors import Invalid

Text = dict[str, str]
"""What is said, by language (BCP 47): ``{"zh-CN": "…", "en": "…"}``. ``zh-CN`` is always there."""

CHINESE = "zh-CN"


def in_both(chinese: str, english: str) -> dict[str, str]:
    """A text as a definition has it, in the two languages that Careline is complete in."""
    return {CHINESE: chinese, "en": english}


def in_language(text: Text, language: str) -> str:
    """What to say to whoever reads ``language``: in just it, in its main form (``en`` for ``en-GB``), in Chinese."""
    return text.get(language) or text.get(language.partition("-")[0]) or text[CHINESE]


StepName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]$")]
MAX_STEPS = 200


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every kind of step. ``title`` is what people call it where its contacts are shown."""

    title: Text | None = None

    def ways(self) -> dict[str, str]:
        """Every way out by its label, to the name of the step it leads to."""
        raise LookupError(f"{type(self).__name__} does not say where it leads")

    def texts(self) -> list[Text]:
        """Everything that may be said."""
        return []


class Say(Step, frozen=True, kw_only=True, tag="say", tag_field="kind"):
    """Say something. ``announces: recording`` makes it the announcement that recording needs; it is heard whole."""

    text: Text
    next: StepName
    announces: Literal["recording"] | None = None

    def ways(self) -> dict[str, str]:
        return {"next": self.next}

    def texts(self) -> list[Text]:
        return [self.text]


class Menu(Step, frozen=True, kw_only=True, tag="menu", tag_field="kind"):
    """Ask for one key. After ``attempts`` wrong or missing answers the ``otherwise`` way is taken.

    ``timeout_s``: seconds to wait for a key after the prompt has ended.
    """

    text: Text
    choices: dict[Key, StepName]
    otherwise: StepName
    timeout_s: Annotated[float, msgspec.Meta(ge=1, le=60)] = 6
    attempts: Annotated[int, msgspec.Meta(ge=1, le=5)] = 3
    wrong: Text | None = None

    def ways(self) -> dict[str, str]:
        return {**self.choices, "otherwise": self.otherwise}

    def texts(self) -> list[Text]:
        return [self.text] if self.wrong is None else [self.text, self.wrong]


class Enqueue(Step, frozen=True, kw_only=True, tag="enqueue", tag_field="kind"):
    """Ask for a person. ``next`` is taken when the agent has ended, ``lost`` when nobody could be reached.

    The queue may be unable to keep them: ``closed`` is taken outside its hours, ``message`` when it is set to take a
    message then, ``overflow`` when it is full or they waited too long. A way that is not there is ``overflow``, and
    where that is not there either ``lost``.
    ``text`` is said to a customer who waits already; an agent who answers cuts it short.
    ``record``: record the talk; only after an announcement. ``priority`` 0–9, more is sooner. ``customer_kind`` is what
    dedicated desks are kept for; without it it is the customer's level.
    """

    queue: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    next: StepName
    lost: StepName
    overflow: StepName | None = None
    closed: StepName | None = None
    message: StepName | None = None
    record: bool = False
    priority: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    customer_kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] | None = None
    text: Text | None = None

    def ways(self) -> dict[str, str]:
        led = {"overflow": self.overflow, "closed": self.closed, "message": self.message}
        return {"next": self.next, "lost": self.lost, **{label: to for label, to in led.items() if to is not None}}

    def texts(self) -> list[Text]:
        return [] if self.text is None else [self.text]


class Condition(Step, frozen=True, kw_only=True, tag="condition", tag_field="kind"):
    """Go one way when a fact has one of some values, else the other. A fact that is not known has none."""

    fact: Literal["channel", "language", "customer.brand", "customer.level", "customer.known"]
    is_one_of: Annotated[list[str], msgspec.Meta(min_length=1)]
    then: StepName
    otherwise: StepName

    def ways(self) -> dict[str, str]:
        return {"then": self.then, "otherwise": self.otherwise}


class HangUp(Step, frozen=True, kw_only=True, tag="hang_up", tag_field="kind"):
    """Say good-bye and end the contact."""

    text: Text | None = None

    def ways(self) -> dict[str, str]:
        return {}

    def texts(self) -> list[Text]:
        return [] if self.text is None else [self.text]


BUILT_IN: tuple[type[Step], ...] = (Say, Menu, Enqueue, Condition, HangUp)


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that was read. ``safety`` is where a failed step leads."""

    start: str
    safety: str
    steps: dict[str, Step]


class FlowLanguage:
    """The kinds of steps that this installation knows."""

    def __init__(self, registered: tuple[type[Step], ...] = ()) -> None:
        kinds = BUILT_IN + registered
        union: Any = Union[kinds]  # noqa: UP007 - made at run time from a tuple
        self._type: Any = msgspec.defstruct(
            "FlowDefinition",
            [("start", StepName), ("safety", StepName), ("steps", dict[StepName, union])],
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
        return Flow(start=read.start, safety=read.safety, steps=read.steps)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a definition."""
        schema = msgspec.json.schema(self._type)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _pointer(path: str) -> str:
    """``.steps[...].text`` of an error as ``steps/*/text``."""
    return path.rstrip("`").replace("[...]", "/*").replace(".", "/").lstrip("/")
