"""Runs one flow with one customer, step by step."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from careline.modules.contact.flows.engine.channel import Channel, CustomerGone, Served
from careline.modules.contact.flows.engine.definition import (
    CHINESE,
    Condition,
    Enqueue,
    Flow,
    HangUp,
    Menu,
    Say,
    Step,
    Text,
    in_language,
)

logger = logging.getLogger(__name__)

S = TypeVar("S", bound=Step, contravariant=True)

MOST_STEPS = 500
"""Steps that one contact may take; a flow that goes round longer is broken and leads to its safety step."""

Facts = Callable[[], Awaitable[Mapping[str, str]]]


class FlowBroken(Exception):
    """The flow, and its safety step too, could not be carried out; the customer needs another way."""


class StepHandler(Protocol[S]):
    """Carries out one kind of step."""

    async def __call__(self, step: S, run: "FlowRun") -> str | None:
        """The name of the step to go to, or None when the contact is over."""
        ...


class FlowRun:
    """One customer in one flow. ``journey`` collects ``(step, way taken)`` until the channel stores it.

    Failures that are ``passing`` lead to no safety step: they are raised, and the customer is taken up later at ``at``.
    """

    def __init__(
        self,
        flow: Flow,
        channel: Channel,
        facts: Facts,
        handlers: Mapping[type[Step], StepHandler[Any]],
        *,
        language: str = CHINESE,
        subject: Any = None,
        passing: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        self.flow = flow
        self.channel = channel
        self.facts = facts
        self.language = language
        self.subject = subject
        self.recording_announced = False
        self.journey: list[tuple[str, str]] = []
        self.at = flow.start
        self._handlers = {**BUILT_IN_HANDLERS, **handlers}
        self._passing = passing
        self._used_safety = False

    async def run(self, start: str | None = None) -> None:
        """Go from ``start`` to the end. Returns when the contact is over or the customer has left.

        Raises ``FlowBroken`` when even the safety step failed.
        """
        name: str | None = start or self.flow.start
        for _ in range(MOST_STEPS):
            if name is None:
                return
            self.at = name
            try:
                name = await self._take(name)
            except CustomerGone:
                return
        await self.run_safety(f"more than {MOST_STEPS} steps")

    async def resume(self, name: str) -> None:
        """Take up a customer who was put into a queue by the enqueue step ``name`` before a restart."""
        step = self.flow.steps.get(name)
        if not isinstance(step, Enqueue):
            await self.run()
            return
        self.at = name
        self.recording_announced = step.record
        try:
            following = await _after_waiting(step, self)
        except CustomerGone:
            return
        await self.run(following)

    async def run_safety(self, reason: str) -> None:
        """Leave the normal way."""
        if self._used_safety:
            raise FlowBroken(reason)
        self._used_safety = True
        self.journey.append((self.at, "failed"))
        await self.run(self.flow.safety)

    def text(self, text: Text) -> str:
        """What to say in this run's language; Chinese when there is none in it."""
        return in_language(text, self.language)

    async def _take(self, name: str) -> str | None:
        step = self.flow.steps[name]
        try:
            target = await self._handlers[type(step)](step, self)
        except CustomerGone:
            raise
        except FlowBroken:
            raise
        except Exception as error:
            if self._passing(error):
                raise
            logger.exception("flow step %s failed", name)
            if self._used_safety:
                raise FlowBroken(f"{name}: {type(error).__name__}") from error
            self._used_safety = True
            self.journey.append((name, "failed"))
            return self.flow.safety
        if not isinstance(step, Enqueue | HangUp):
            way = next((label for label, to in step.ways().items() if to == target), "")
            self.journey.append((name, way))
        return target


async def _say(step: Say, run: FlowRun) -> str | None:
    await run.channel.say(run.text(step.text), interruptible=step.announces is None)
    if step.announces == "recording":
        run.recording_announced = True
    return step.next


async def _menu(step: Menu, run: FlowRun) -> str | None:
    keys = frozenset(step.choices)
    prompt = run.text(step.text)
    for _ in range(step.attempts):
        key = await run.channel.ask(prompt, keys, step.timeout_s)
        if key in step.choices:
            return step.choices[key]
        if key is not None and step.wrong is not None:
            await run.channel.say(run.text(step.wrong), interruptible=False)
    return step.otherwise


async def _condition(step: Condition, run: FlowRun) -> str | None:
    if step.fact == "channel":
        value: str | None = run.channel.kind
    elif step.fact == "language":
        value = next((one for one in step.is_one_of if one in (run.language, run.language.partition("-")[0])), None)
    else:
        value = (await run.facts()).get(step.fact)
    return step.then if value in step.is_one_of else step.otherwise


async def _enqueue(step: Enqueue, run: FlowRun) -> str | None:
    run.journey.append((run.at, "queued"))
    recording = step.record and run.recording_announced
    journey, run.journey = run.journey, []
    words = None if step.text is None else run.text(step.text)
    await run.channel.enqueue(step, words, journey, recording=recording)
    return await _after_waiting(step, run)


async def _after_waiting(step: Enqueue, run: FlowRun) -> str:
    served = await run.channel.until_served()
    run.journey.append((run.at, served.value))
    if served is Served.DONE:
        return step.next
    ways = step.ways()
    return ways.get(served.value, step.overflow or step.lost)


async def _hang_up(step: HangUp, run: FlowRun) -> str | None:
    if step.text is not None:
        await run.channel.say(run.text(step.text), interruptible=False)
    run.journey.append((run.at, "end"))
    journey, run.journey = run.journey, []
    await run.channel.end(journey)
    return None


BUILT_IN_HANDLERS: dict[type[Step], StepHandler[Any]] = {
    Say: _say,
    Menu: _menu,
    Condition: _condition,
    Enqueue: _enqueue,
    HangUp: _hang_up,
}
