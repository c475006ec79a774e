"""A flow tried out as text: the same interpreter, with a customer and a house that are made up.

Whoever tries it writes down what the customer does; the run goes as far as that reaches and says what it waits for.
Nothing leaves the house and nothing is stored.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any, Literal

import msgspec

from careline.modules.contact.flows.engine.assurance import UNKNOWN, surer
from careline.modules.contact.flows.engine.channel import Served, Wanted
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.interpreter import FlowBroken, FlowRun, Library, StepHandler, Way
from careline.modules.contact.flows.engine.kinds import BUILT_IN_HANDLERS
from careline.modules.contact.flows.engine.steps import Enqueue, Step
from careline.modules.contact.flows.engine.typed import typed_key
from careline.modules.contact.flows.engine.values import MASK
from careline.modules.contact.flows.engine.world import BusinessAnswer, BusinessRequest, Load, Opening, Outcome, Proven

MOST_LINES = 1000
MOST_TOLD = 200_000
"""Characters of all lines. Whoever tries out a flow that tells more sees where it came to."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What a made-up business system says to one question."""

    outcome: Outcome = Outcome.OK
    content: Any = None


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What is made up. ``answers`` are the customer's, in order: keys of one entry, on a chat words; empty for none.

    ``business`` are answers of business systems in order, ``passwords`` what comes of each service password that is
    keyed, ``served`` how waiting ends each time, ``ways`` the ways
    that steps of other modules take, by step.
    """

    channel: Literal["voice", "webchat"] = "voice"
    language: str = "zh-CN"
    answers: tuple[str, ...] = ()
    facts: Mapping[str, str] = {}
    queues: Mapping[str, Load] = {}
    calendars: Mapping[str, Opening] = {}
    business: tuple[Answered, ...] = ()
    passwords: tuple[Proven, ...] = ()
    served: tuple[Served, ...] = ()
    ways: Mapping[str, str] = {}


Kind = Literal["said", "asked", "answered", "way", "queued", "asked_business", "consent", "ended", "waits_for"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened at a step: what was said, asked or answered, the way taken, the queue, what is missing.

    What is secret is masked.
    """

    step: str
    kind: Kind
    text: str


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run. ``waits_for`` says what of the scene is missing to go on: answer, business, password, served, way;
    ``lines`` when there are too many of them; None when it ended. ``broken``: even the safety step failed, so a caller
    would be handed on."""

    lines: list[Line]
    variables: dict[str, str]
    language: str
    waits_for: str | None
    broken: bool


class _Missing(BaseException):
    """The scene says no more. No ``Exception``, so that no step takes it for a failure of its own."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Stage:
    """The made-up customer and house of one run."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.lines: list[Line] = []
        self.run: FlowRun | None = None
        self._answers = list(scene.answers)
        self._business = list(scene.business)
        self._served = list(scene.served)
        self._passwords = list(scene.passwords)
        self._assurance = scene.facts.get("contact.assurance", UNKNOWN)
        self._told = 0

    @property
    def kind(self) -> str:
        return self.scene.channel

    def note(self, kind: Kind, text: str) -> None:
        """One thing that happened."""
        self.add("" if self.run is None else self.run.named, kind, text)

    def add(self, step: str, kind: Kind, text: str) -> None:
        """One thing that happened at a step, unless there were too many already."""
        self._told += len(step) + len(text)
        if len(self.lines) >= MOST_LINES or self._told > MOST_TOLD:
            raise _Missing("lines")
        self.lines.append(Line(step=step, kind=kind, text=text))

    # The customer

    def speak(self, language: str) -> None:
        return

    async def say(self, text: str, *, interruptible: bool) -> str | None:
        self.note("said", text)
        return None

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float, *, fresh: bool = False) -> str | None:
        self.note("asked", text)
        given = self._answer()
        self.note("answered", given)
        return (given[:1] if self.kind == "voice" else typed_key(given)) if given else None

    async def collect(self, text: str, wanted: Wanted) -> str | None:
        self.note("asked", text)
        given = self._answer()
        self.note("answered", MASK if wanted.secret and given else given)
        if self.kind != "voice":
            return given or None
        keyed = given.partition(wanted.terminator)[0] if wanted.terminator else given
        return keyed[: wanted.most] or None

    async def enqueue(
        self, step: Enqueue, words: str | None, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        self.note("queued", step.queue)
        if words is not None:
            self.note("said", words)

    async def keep_place(self, step: str) -> None:
        return

    async def until_served(self) -> Served:
        if not self._served:
            raise _Missing("served")
        return self._served.pop(0)

    async def end(self, journey: list[tuple[str, str]]) -> None:
        self.note("ended", "")

    def _answer(self) -> str:
        if not self._answers:
            raise _Missing("answer")
        return self._answers.pop(0)

    # The house

    async def facts(self) -> Mapping[str, str]:
        return {**self.scene.facts, "contact.assurance": self._assurance}

    async def assurance(self) -> str:
        return self._assurance

    async def can_prove(self) -> bool:
        return True

    async def prove(self, keyed: str) -> Proven:
        if not self._passwords:
            raise _Missing("password")
        found = self._passwords.pop(0)
        if found is Proven.RIGHT:
            self._assurance = surer(self._assurance, "service_password")
        return found

    async def load(self, queue: str) -> Load | None:
        return self.scene.queues.get(queue)

    async def opening(self, calendar: str) -> Opening | None:
        return self.scene.calendars.get(calendar)

    async def ask_business(self, request: BusinessRequest) -> BusinessAnswer:
        self.note("asked_business", request.connection)
        if not self._business:
            raise _Missing("business")
        said = self._business.pop(0)
        return BusinessAnswer(outcome=said.outcome, content=said.content)

    async def consent(self, purpose: str, words: str, language: str, *, given: bool) -> None:
        self.note("consent", f"{purpose}: {'yes' if given else 'no'}")

    async def other(self, step: Step, run: FlowRun) -> Way:
        """A step of another module: its texts are said, and it takes the way that was written down for it."""
        for text in step.texts()[:1]:
            self.note("said", run.words(text))
        ways = step.ways()
        way = self.scene.ways.get(run.named) or (next(iter(ways)) if len(ways) == 1 else "")
        if way not in ways:
            raise _Missing("way")
        return Way(way)


class _House:
    """The stage as a ``World``, whose ``ask`` is another one than a channel's."""

    def __init__(self, stage: _Stage) -> None:
        self.facts = stage.facts
        self.load = stage.load
        self.opening = stage.opening
        self.ask = stage.ask_business
        self.consent = stage.consent
        self.assurance = stage.assurance
        self.can_prove = stage.can_prove
        self.prove = stage.prove


async def play(
    flow: Flow,
    scene: Scene,
    *,
    library: Library | None = None,
    speaks: Callable[[str], bool] = lambda _: True,
    zone: tzinfo = UTC,
) -> Played:
    """Run a flow as far as the scene reaches. ``speaks`` and ``zone`` are as in ``FlowRun``."""
    stage = _Stage(scene)
    flows = [flow, *(called.flow for called in (library or {}).values())]
    kinds = {type(step) for one in flows for step in one.steps.values()}
    handlers: dict[type[Step], StepHandler[Any]] = dict.fromkeys(kinds, stage.other)
    run = FlowRun(
        flow,
        stage,
        _House(stage),
        {**handlers, **BUILT_IN_HANDLERS},
        language=scene.language,
        library=library,
        noted=lambda step, way: stage.add(step, "way", way),
        speaks=speaks if scene.channel == "voice" else lambda _: True,
        zone=zone,
    )
    stage.run = run
    waits_for, broken = None, False
    try:
        await run.run()
    except _Missing as missing:
        waits_for = missing.what
        stage.lines.append(Line(step=run.named, kind="waits_for", text=missing.what))
    except FlowBroken:
        broken = True
    return Played(
        lines=stage.lines,
        variables=run.variables.shown(),
        language=run.language,
        waits_for=waits_for,
        broken=broken,
    )
