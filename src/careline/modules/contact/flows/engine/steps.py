"""The kinds of steps that are built in."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec

from careline.modules.contact.flows.engine.assurance import PERSONAL, UNKNOWN, Needed

LONGEST_TEXT = 1500
"""Characters of a text as it is written; with its gaps filled it may be a little longer, see ``values``."""

MOST_OF_A_KIND = 50
"""Entries that one step may have of a kind: variables that it sets, outcomes that it knows."""

LANGUAGE_TAG = r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$"
LanguageTag = Annotated[str, msgspec.Meta(pattern=LANGUAGE_TAG, max_length=35)]
Text = Annotated[dict[LanguageTag, Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]], msgspec.Meta(max_length=20)]
"""What is said, by language (BCP 47): ``{"zh-CN": "…", "en": "…"}``. ``zh-CN`` is always there.

``{balance|amount}`` is a gap for a variable, read as money; see ``reading/formats`` for the others.
"""

CHINESE = "zh-CN"

PATH = r"^(?!.*%2[eE])(/(?!\.\.?(?:[/?]|$))[^\s#\\/]*)*$"
"""A path below a connection's, out of which no ``..`` leads."""


def in_both(chinese: str, english: str) -> dict[str, str]:
    """A text as a definition has it, in the two languages that Careline is complete in."""
    return {CHINESE: chinese, "en": english}


StepName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Variable = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]$")]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Template = Annotated[str, msgspec.Meta(max_length=500)]
Attempts = Annotated[int, msgspec.Meta(ge=1, le=5)]
Seconds = Annotated[float, msgspec.Meta(ge=1, le=60)]


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every kind of step. ``title`` is what people call it where its contacts are shown.

    ``failed`` is where it leads when it cannot be carried out; without it that is the flow's safety step.
    """

    channels: ClassVar[frozenset[str] | None] = None
    """The channels on which it can do what it is for; None for all."""

    title: Text | None = None
    failed: StepName | None = None

    def ways(self) -> dict[str, str]:
        """Every way out by its label, to the name of the step it leads to."""
        raise LookupError(f"{type(self).__name__} does not say where it leads")

    def texts(self) -> list[Text]:
        """Everything that may be said."""
        return []

    def templates(self) -> list[str]:
        """Everything else that may have gaps, and goes to no customer."""
        return []

    def sets(self) -> dict[str, tuple[str, ...]]:
        """By the label of a way, the variables that are set whenever it is taken."""
        return {}

    def needed(self) -> str:
        """How sure we must be who speaks before it is carried out."""
        return UNKNOWN

    def proves(self) -> dict[str, str]:
        """By the label of a way, how sure we are who speaks whenever it is taken."""
        return {}


def every_way(step: Step) -> dict[str, str]:
    """The ways of a step, and the one it takes when it fails."""
    return step.ways() if step.failed is None else {**step.ways(), "failed": step.failed}


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
    choices: Annotated[dict[Key, StepName], msgspec.Meta(max_length=12)]
    otherwise: StepName
    timeout_s: Seconds = 6
    attempts: Attempts = 3
    wrong: Text | None = None

    def ways(self) -> dict[str, str]:
        return {**self.choices, "otherwise": self.otherwise}

    def texts(self) -> list[Text]:
        return [self.text] if self.wrong is None else [self.text, self.wrong]


class Collect(Step, frozen=True, kw_only=True, tag="collect", tag_field="kind"):
    """Ask for several keys, in a chat for typed words, and keep them in the variable ``into``.

    ``what`` says how they are checked and kept: ``digits``; ``date`` (eight keys, kept as ISO 8601); ``amount`` (yuan,
    ``*`` is the point); ``msisdn`` (a mobile number); ``check_digit`` (ISO/IEC 7812). ``min_length`` and
    ``max_length`` count digits. Entry ends with ``terminator``, with the last digit there can be, or when nothing
    is keyed for ``between_s``. After ``attempts`` wrong or missing entries the ``otherwise`` way is taken.

    ``secret``: what is keyed goes to business systems and nowhere else. A chat cannot hide what is typed in it, and
    takes ``otherwise`` at once.
    """

    text: Text
    into: Variable
    next: StepName
    otherwise: StepName
    what: Literal["digits", "date", "amount", "msisdn", "check_digit"] = "digits"
    min_length: Annotated[int, msgspec.Meta(ge=1, le=32)] = 1
    max_length: Annotated[int, msgspec.Meta(ge=1, le=32)] = 20
    terminator: Literal["#", "*"] | None = "#"
    timeout_s: Seconds = 6
    between_s: Seconds = 4
    attempts: Attempts = 3
    interruptible: bool = True
    secret: bool = False
    wrong: Text | None = None

    def ways(self) -> dict[str, str]:
        return {"next": self.next, "otherwise": self.otherwise}

    def texts(self) -> list[Text]:
        return [self.text] if self.wrong is None else [self.text, self.wrong]

    def sets(self) -> dict[str, tuple[str, ...]]:
        return {"next": (self.into,)}


class Set(Step, frozen=True, kw_only=True, tag="set", tag_field="kind"):
    """Give variables values: words, with gaps for other variables and for facts (``{customer.level}``).

    A fact that is not known is empty. ``language`` (BCP 47) is what is spoken from here on. ``needs`` is as for a
    business call; without it, ``customer.brand`` and ``customer.level`` need one.
    """

    next: StepName
    values: Annotated[dict[Variable, Template], msgspec.Meta(max_length=MOST_OF_A_KIND)] = {}
    language: LanguageTag | None = None
    needs: Needed | None = None

    def ways(self) -> dict[str, str]:
        return {"next": self.next}

    def templates(self) -> list[str]:
        return list(self.values.values())

    def sets(self) -> dict[str, tuple[str, ...]]:
        return {"next": tuple(self.values)}

    def needed(self) -> str:
        owned = any(f"{{{fact}" in template for template in self.values.values() for fact in PERSONAL_FACTS)
        return self.needs or (PERSONAL if owned else UNKNOWN)


class Enqueue(Step, frozen=True, kw_only=True, tag="enqueue", tag_field="kind"):
    """Ask for a person. ``next`` is taken when the agent has ended, ``lost`` when nobody could be reached.

    The queue may be unable to keep them: ``closed`` is taken outside its hours, ``message`` when it is set to take a
    message then, ``overflow`` when it is full or they waited too long. A way that is not there is ``overflow``, and
    where that is not there either ``lost``.
    ``text`` is said to a customer who waits already; an agent who answers cuts it short.
    ``record``: record the talk; only after an announcement. ``priority`` 0–9, more is sooner. ``customer_kind`` is what
    dedicated desks are kept for; without it it is the customer's level.
    """

    queue: Code
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


FACTS = (
    "channel",
    "language",
    "customer.brand",
    "customer.level",
    "customer.known",
    "contact.assurance",
    "caller.number",
    "time.clock",
    "time.date",
    "time.weekday",
)
"""``time.clock`` is ``09:30``, ``time.date`` ISO 8601, ``time.weekday`` 1 (Monday) to 7, all in the centre's zone."""

PERSONAL_FACTS = ("customer.brand", "customer.level")
"""Facts that tell something of whom the number belongs to, once they are said. Conditions may go by them."""

FactName = Literal[
    "channel",
    "language",
    "customer.brand",
    "customer.level",
    "customer.known",
    "contact.assurance",
    "caller.number",
    "time.clock",
    "time.date",
    "time.weekday",
    "queue.waiting",
    "queue.wait_s",
    "queue.ready",
]
Bound = float | Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Condition(Step, frozen=True, kw_only=True, tag="condition", tag_field="kind"):
    """Go one way when a ``fact`` or a ``variable`` has one of some values, or lies between two, else the other.

    ``at_least`` and ``at_most`` compare numbers, times (``09:30``) and dates; both bounds belong to it. What is not
    known has no value and goes the other way. Facts of a queue need its code in ``queue``: how many wait, the
    seconds that a newcomer would wait, and how many agents are ready.
    """

    then: StepName
    otherwise: StepName
    fact: FactName | None = None
    variable: Variable | None = None
    queue: Code | None = None
    is_one_of: (
        Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(min_length=1, max_length=200)] | None
    ) = None
    at_least: Bound | None = None
    at_most: Bound | None = None

    def ways(self) -> dict[str, str]:
        return {"then": self.then, "otherwise": self.otherwise}


class HoursStep(Step, frozen=True, kw_only=True, tag="hours", tag_field="kind"):
    """Go by business hours: ``calendar`` is the name of one. ``holiday`` is taken when it is closed on a day that the
    calendar names; without that way it is ``closed``."""

    calendar: Code
    open: StepName
    closed: StepName
    holiday: StepName | None = None

    def ways(self) -> dict[str, str]:
        named = {} if self.holiday is None else {"holiday": self.holiday}
        return {"open": self.open, "closed": self.closed, **named}


class BusinessCall(Step, frozen=True, kw_only=True, tag="business_call", tag_field="kind"):
    """Ask a business system over HTTP by the named ``connection``, which knows address and secret.

    ``path`` goes behind the connection's address; gaps in it are quoted. ``body`` is sent as JSON, gaps in its texts
    filled; secret variables may stand there and nowhere else. ``take`` puts fields of the JSON answer into
    variables: ``{"balance": "account.balance"}``; a field that is missing makes the call fail. ``ok`` is taken for
    a status of 200 to 299, ``timed_out`` when nothing came in ``timeout_s``, else ``not_ok``. When the system fails
    and the connection lets through then, ``let_through`` is taken; without it ``ok``, but ``not_ok`` where something
    was to be put into variables.

    ``needs`` is how sure we must be who speaks; a contact that is not so sure fails here, and nothing is asked. A call
    that takes something needs ``one_time_code`` unless it says something else.
    """

    connection: Code
    ok: StepName
    not_ok: StepName
    timed_out: StepName | None = None
    let_through: StepName | None = None
    method: Literal["GET", "POST", "PUT"] = "POST"
    path: Annotated[str, msgspec.Meta(max_length=300, pattern=PATH)] = ""
    body: dict[str, Any] | None = None
    take: Annotated[
        dict[Variable, Annotated[str, msgspec.Meta(pattern=r"^[^.\s]+(\.[^.\s]+)*$", max_length=200)]],
        msgspec.Meta(max_length=MOST_OF_A_KIND),
    ] = {}
    timeout_s: Annotated[float, msgspec.Meta(ge=0.2, le=30)] = 5
    needs: Needed | None = None

    def ways(self) -> dict[str, str]:
        led = {"timed_out": self.timed_out, "let_through": self.let_through}
        return {"ok": self.ok, "not_ok": self.not_ok, **{label: to for label, to in led.items() if to is not None}}

    def templates(self) -> list[str]:
        return [self.path]

    def sets(self) -> dict[str, tuple[str, ...]]:
        return {"ok": tuple(self.take)}

    def needed(self) -> str:
        return self.needs or (PERSONAL if self.take else UNKNOWN)


class SubFlow(Step, frozen=True, kw_only=True, tag="sub_flow", tag_field="kind"):
    """Run another published flow and come back. Its version is the one in force when the contact began.

    It comes back by a step ``return`` with an outcome, which is one of ``outcomes`` or else goes on at ``next``.
    ``failed`` is taken when there is no such flow or it broke. Variables are shared.
    """

    flow: Code
    next: StepName
    failed: StepName
    outcomes: Annotated[dict[StepName, StepName], msgspec.Meta(max_length=MOST_OF_A_KIND)] = {}

    def ways(self) -> dict[str, str]:
        return {**self.outcomes, "next": self.next}


class Return(Step, frozen=True, kw_only=True, tag="return", tag_field="kind"):
    """Go back to the flow that this one was called by. Where there is none, the contact ends."""

    outcome: StepName | None = None

    def ways(self) -> dict[str, str]:
        return {}


class Consent(Step, frozen=True, kw_only=True, tag="consent", tag_field="kind"):
    """Ask whether the customer agrees to a use of their data, and write the answer down for whom we are sure of.

    ``recording``: the talk is recorded only when they agreed; asking is also the announcement. Without an answer
    nothing is written down and ``otherwise`` is taken, and the talk is not recorded.
    """

    text: Text
    purpose: Literal["marketing", "personalisation", "research", "voice"]
    agreed: StepName
    refused: StepName
    otherwise: StepName
    yes: Key = "1"
    no: Key = "2"
    recording: bool = False
    timeout_s: Seconds = 6
    attempts: Attempts = 2

    def ways(self) -> dict[str, str]:
        return {"agreed": self.agreed, "refused": self.refused, "otherwise": self.otherwise}

    def texts(self) -> list[Text]:
        return [self.text]


class HangUp(Step, frozen=True, kw_only=True, tag="hang_up", tag_field="kind"):
    """Say good-bye and end the contact."""

    text: Text | None = None

    def ways(self) -> dict[str, str]:
        return {}

    def texts(self) -> list[Text]:
        return [] if self.text is None else [self.text]
