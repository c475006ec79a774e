"""Runs one flow with one customer, step by step."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any, Protocol, TypeVar

import msgspec

from careline.modules.contact.flows.engine import places
from careline.modules.contact.flows.engine.assurance import UNKNOWN, satisfies
from careline.modules.contact.flows.engine.channel import Channel, CustomerGone, Served
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.steps import (
    CHINESE,
    Enqueue,
    HangUp,
    Return,
    Step,
    SubFlow,
    Text,
    every_way,
)
from careline.modules.contact.flows.engine.values import Variables
from careline.modules.contact.flows.engine.words import Words, chosen
from careline.modules.contact.flows.engine.world import World

logger = logging.getLogger(__name__)

S = TypeVar("S", bound=Step, contravariant=True)

MOST_STEPS = 500
"""Steps that one contact may take; a flow that goes round longer is broken and leads to its safety step."""

DEEPEST = 5
"""Sub-flows within each other."""


LEFT = "left"
"""The way, in a journey, of who is gone."""

NOT_ASSURED = "not_assured"
"""The way, in a journey, of a step that failed because we are not sure enough who speaks."""


class FlowBroken(Exception):
    """The flow, and its safety step too, could not be carried out; the customer needs another way."""


class NotAssured(Exception):
    """We are not as sure who speaks as a step needs."""


class Way(msgspec.Struct, frozen=True):
    """A way out of a step by its label: two of them may lead to the same step."""

    label: str


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that others call, in the version that this contact runs."""

    version: int
    flow: Flow


Library = Mapping[str, Called]

Noted = Callable[[str, str], None]
"""Is told of each step and the way that it took."""


class StepHandler(Protocol[S]):
    """Carries out one kind of step."""

    async def __call__(self, step: S, run: "FlowRun") -> str | Way | None:
        """The way it takes, or the name of the step to go to; None when the contact is over."""
        ...


class _Frame(msgspec.Struct):
    """A flow that is being run. ``call`` is the step that called it, with the version."""

    flow: Flow
    call: tuple[str, int] | None = None
    used_safety: bool = False


class FlowRun:
    """One customer in one flow. ``journey`` collects ``(step, way taken)`` until the channel stores it.

    A step of a sub-flow is ``identify/ask-pin`` in the journey. ``library`` holds the flows that may be called.
    ``speaks``: whether there is a voice for a language; ``zone`` is the one in which dates and times are told.
    Failures that are ``passing`` lead to no safety step: they are raised, and the customer is taken up later at ``at``.
    """

    def __init__(
        self,
        flow: Flow,
        channel: Channel,
        world: World,
        handlers: Mapping[type[Step], StepHandler[Any]],
        *,
        language: str = CHINESE,
        subject: Any = None,
        passing: Callable[[Exception], bool] = lambda _: False,
        library: Library | None = None,
        noted: Noted | None = None,
        speaks: Callable[[str], bool] = lambda _: True,
        zone: tzinfo = UTC,
    ) -> None:
        self.channel = channel
        self.world = world
        self.language = language
        self.subject = subject
        self.variables = Variables()
        self.recording_announced = False
        self.recording_refused = False
        self.journey: list[tuple[str, str]] = []
        self._library = library or {}
        self._noted_elsewhere = noted
        self._speaks = speaks
        self._zone = zone
        self._handlers = handlers
        self._passing = passing
        self._frames = [_Frame(flow=flow)]
        self._step = flow.start

    @property
    def flow(self) -> Flow:
        """The flow whose step is being taken."""
        return self._frames[-1].flow

    @property
    def at(self) -> str:
        """Where a restart is to take this contact up: for ``Channel.keep_place`` and ``resume``."""
        calls = tuple(frame.call for frame in self._frames if frame.call is not None)
        return places.written(places.Place(calls=calls, step=self._step))

    @property
    def named(self) -> str:
        """The step that is being taken, as it stands in the journey."""
        return "".join(f"{frame.call[0]}/" for frame in self._frames if frame.call is not None) + self._step

    async def run(self, start: str | None = None) -> None:
        """Go from ``start`` (a place, else the beginning) to the end. Returns when the contact is over or the
        customer has left.

        Raises ``FlowBroken`` when even the safety step failed.
        """
        name = self._go_to(start)
        for _ in range(2):
            for _ in range(MOST_STEPS):
                try:
                    following = await self._take(name)
                except CustomerGone:
                    self.note(self.named, LEFT)
                    return
                if following is None:
                    return
                name = following
            name = self._give_up(f"more than {MOST_STEPS} steps")
        raise FlowBroken(f"more than {2 * MOST_STEPS} steps")

    async def resume(self, place: str) -> None:
        """Take up a customer who was put into a queue by the enqueue step of ``place`` before a restart."""
        name = self._go_to(place)
        step = self.flow.steps[name]
        if not isinstance(step, Enqueue):
            await self.run()
            return
        self._step = name
        try:
            way = await after_waiting(step, self)
        except CustomerGone:
            self.note(self.named, LEFT)
            return
        calls = [frame.call for frame in self._frames if frame.call is not None]
        await self.run(places.written(places.Place(calls=tuple(calls), step=every_way(step)[way.label])))

    def words(self, text: Text) -> Words:
        """What to say in this run's language, its gaps filled. Raises ``NotSet``, ``Unreadable``, ``TooLong``."""
        template, language = chosen(text, self.language, self._speaks)
        aloud = self.channel.kind == "voice"
        return Words(self.variables.fill(template, language=language, aloud=aloud, zone=self._zone), language)

    def text(self, text: Text) -> Words:
        """As ``words``."""
        return self.words(text)

    async def is_assured(self, needed: str) -> bool:
        """Whether we are as sure who speaks as that."""
        return needed == UNKNOWN or satisfies(await self.world.assurance(), needed)

    def note(self, step: str, way: str) -> None:
        """A step was left by a way."""
        self.journey.append((step, way))
        if self._noted_elsewhere is not None:
            self._noted_elsewhere(step, way)

    def use_language(self, language: str) -> None:
        """Go on in another language."""
        self.language = language
        self.channel.speak(language)

    def _go_to(self, place: str | None) -> str:
        """Begin at a place; at the beginning where there is none, or when it is no more to be found."""
        root = self._frames[0].flow
        self._frames = self._frames[:1]
        if place is None:
            return root.start
        known = places.read(place)
        for name, version in known.calls:
            step = self.flow.steps.get(name)
            called = self._library.get(step.flow) if isinstance(step, SubFlow) else None
            if called is None or called.version != version:
                self._frames = self._frames[:1]
                return root.start
            self._frames.append(_Frame(flow=called.flow, call=(name, version)))
        if known.step not in self.flow.steps:
            self._frames = self._frames[:1]
            return root.start
        return known.step

    def _give_up(self, reason: str) -> str:
        """The outermost flow's safety step."""
        logger.error("a flow took %s", reason)
        self.note(self.named, "failed")
        self._frames = self._frames[:1]
        if self._frames[0].used_safety:
            raise FlowBroken(reason)
        self._frames[0].used_safety = True
        return self.flow.safety

    async def _take(self, name: str) -> str | None:
        """Carry out one step; the one that follows, in the flow that is then on top."""
        self._step = name
        step = self.flow.steps[name]
        if isinstance(step, SubFlow):
            return self._call(name, step)
        try:
            if isinstance(step, Return):
                return await self._return(step)
            if not await self.is_assured(step.needed()):
                raise NotAssured(f"{step.needed()} is needed")
            target = await self._handlers[type(step)](step, self)
        except (CustomerGone, FlowBroken):
            raise
        except Exception as error:
            if self._passing(error):
                raise
            # A trace may show what is secret, and says nothing of who is not known well enough.
            traced = not (self.variables.secretive or isinstance(error, NotAssured))
            logger.error("flow step %s failed: %s", name, type(error).__name__, exc_info=traced)
            return self._after_failure(name, step, error)
        return self._noted(name, step, target)

    def _noted(self, name: str, step: Step, target: str | Way | None) -> str | None:
        ways = every_way(step)
        if isinstance(target, Way):
            label, target = target.label, ways[target.label]
        else:
            label = next((label for label, to in ways.items() if to == target), "")
        if not isinstance(step, Enqueue | HangUp):
            self.note(self.named, label)
        return target

    def _after_failure(self, name: str, step: Step, error: Exception) -> str:
        """The step's own way for it, else the safety step; when that failed too, out of the sub-flow."""
        self.note(self.named, NOT_ASSURED if isinstance(error, NotAssured) else "failed")
        frame = self._frames[-1]
        if step.failed is not None:
            return step.failed
        if not frame.used_safety:
            frame.used_safety = True
            return frame.flow.safety
        if len(self._frames) == 1:
            raise FlowBroken(f"{name}: {type(error).__name__}") from error
        return self._back("failed")

    def _call(self, name: str, step: SubFlow) -> str:
        called = self._library.get(step.flow)
        if called is None or len(self._frames) > DEEPEST:
            logger.error("flow step %s calls %s, which is not there or too deep", name, step.flow)
            self.note(self.named, "failed")
            return step.failed
        self._frames.append(_Frame(flow=called.flow, call=(name, called.version)))
        return called.flow.start

    async def _return(self, step: Return) -> str | None:
        self.note(self.named, step.outcome or "next")
        if len(self._frames) > 1:
            return self._back(step.outcome or "next")
        journey, self.journey = self.journey, []
        await self.channel.end(journey)
        return None

    def _back(self, outcome: str) -> str:
        """Out of a sub-flow, by the way that its step has for the outcome."""
        frame = self._frames.pop()
        assert frame.call is not None, "only a called flow is left"
        self._step = frame.call[0]
        step = self.flow.steps[self._step]
        assert isinstance(step, SubFlow), "only such a step calls"
        ways = every_way(step)
        label = outcome if outcome in ways else "next"
        self.note(self.named, label)
        return ways[label]


async def after_waiting(step: Enqueue, run: FlowRun) -> Way:
    """The way that waiting for a person took."""
    served = await run.channel.until_served()
    run.note(run.named, served.value)
    if served is Served.DONE:
        return Way("next")
    ways = step.ways()
    return Way(next(label for label in (served.value, "overflow", "lost") if label in ways))
