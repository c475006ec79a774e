"""How each of the built-in steps is carried out."""

import logging
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from careline.modules.contact.flows.engine.channel import Wanted
from careline.modules.contact.flows.engine.interpreter import FlowRun, StepHandler, Way, after_waiting
from careline.modules.contact.flows.engine.keyed import understood
from careline.modules.contact.flows.engine.reading.formats import Unreadable
from careline.modules.contact.flows.engine.steps import (
    Bound,
    BusinessCall,
    Collect,
    Condition,
    Consent,
    Enqueue,
    HangUp,
    HoursStep,
    Menu,
    Say,
    Set,
    Step,
    Text,
)
from careline.modules.contact.flows.engine.values import NotSet, TooLong, gaps
from careline.modules.contact.flows.engine.words import Words
from careline.modules.contact.flows.engine.world import BusinessRequest, Outcome

logger = logging.getLogger(__name__)

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CLOCK_OR_DAY = re.compile(r"\d\d:\d\d\Z|\d{4}-\d\d-\d\d\Z")


LONGEST_BODY = 65_536
"""Characters that one business call may send in the texts of its body."""


class NothingKnown(Exception):
    """The house knows no calendar or queue of this name."""


async def _say(step: Say, run: FlowRun) -> Way:
    await run.channel.say(run.words(step.text), interruptible=step.announces is None)
    if step.announces == "recording":
        run.recording_announced = True
    return Way("next")


async def _menu(step: Menu, run: FlowRun) -> Way:
    keys = frozenset(step.choices)
    prompt = run.words(step.text)
    for _ in range(step.attempts):
        key = await run.channel.ask(prompt, keys, step.timeout_s)
        if key in step.choices:
            return Way(str(key))
        if key is not None and step.wrong is not None:
            await run.channel.say(run.words(step.wrong), interruptible=False)
    return Way("otherwise")


def cannot(step: Step, channel: str) -> bool:
    """Whether a built-in step cannot do on a channel what it is for; it takes the way for having got nothing then."""
    return isinstance(step, Collect) and step.secret and channel != "voice"


async def _collect(step: Collect, run: FlowRun) -> Way:
    if cannot(step, run.channel.kind):
        return Way("otherwise")
    prompt = run.words(step.text)
    # A date that is keyed has eight digits, whatever else the step says of lengths.
    most = {"date": 8, "msisdn": 14, "amount": 15}.get(step.what, step.max_length)
    wanted = Wanted(
        most=most,
        terminator=None if step.what == "amount" and step.terminator == "*" else step.terminator,
        timeout_s=step.timeout_s,
        between_s=step.between_s,
        interruptible=step.interruptible,
        secret=step.secret,
    )
    for _ in range(step.attempts):
        given = await run.channel.collect(prompt, wanted)
        value = None if given is None else understood(given, step.what, step.min_length, step.max_length)
        if value is not None:
            run.variables.put(step.into, value, secret=step.secret)
            return Way("next")
        if given is not None and step.wrong is not None:
            await run.channel.say(run.words(step.wrong), interruptible=False)
    return Way("otherwise")


async def _set(step: Set, run: FlowRun) -> Way:
    asked = any("." in gap.name for template in step.templates() for gap in gaps(template))
    facts = await run.world.facts() if asked else {}
    filled = {
        name: run.variables.fill(template, facts=facts, language=run.language) for name, template in step.values.items()
    }
    for name, value in filled.items():
        run.variables.put(name, value)
    if step.language is not None:
        run.use_language(step.language)
    return Way("next")


async def _condition(step: Condition, run: FlowRun) -> Way:
    value = await _value(step, run)
    fits = value is not None and _is_among(value, step) and _is_between(value, step.at_least, step.at_most)
    return Way("then" if fits else "otherwise")


async def _value(step: Condition, run: FlowRun) -> str | None:
    if step.variable is not None:
        return run.variables.known(step.variable)
    if step.fact == "channel":
        return run.channel.kind
    if step.fact == "language":
        main = run.language.partition("-")[0]
        return next((one for one in step.is_one_of or [] if one in (run.language, main)), run.language)
    if step.fact is not None and step.fact.startswith("queue."):
        load = await run.world.load(step.queue or "")
        if load is None:
            raise NothingKnown(f"queue {step.queue}")
        number = {"queue.waiting": load.waiting, "queue.wait_s": load.wait_s, "queue.ready": load.ready}[step.fact]
        return None if number is None else str(number)
    return None if step.fact is None else (await run.world.facts()).get(step.fact)


def _is_among(value: str, step: Condition) -> bool:
    return step.is_one_of is None or value in step.is_one_of


def _is_between(value: str, low: Bound | None, high: Bound | None) -> bool:
    return (low is None or _order(value, low) in (0, 1)) and (high is None or _order(value, high) in (0, -1))


def _order(value: str, bound: Bound) -> int | None:
    """-1, 0 or 1: below, at or above; None when the two cannot be compared."""
    text = str(bound)
    if _CLOCK_OR_DAY.match(value) and _CLOCK_OR_DAY.match(text) and len(value) == len(text):
        return (value > text) - (value < text)
    try:
        one, other = Decimal(value), Decimal(text)
    except InvalidOperation:
        return None
    return None if one.is_nan() or other.is_nan() else (one > other) - (one < other)


async def _hours(step: HoursStep, run: FlowRun) -> Way:
    opening = await run.world.opening(step.calendar)
    if opening is None:
        raise NothingKnown(f"calendar {step.calendar}")
    return Way(opening.value if opening.value in step.ways() else "closed")


async def _business_call(step: BusinessCall, run: FlowRun) -> Way:
    request = BusinessRequest(
        connection=step.connection,
        method=step.method,
        path=_path(step.path, run),
        body=None if step.body is None else _Body(run).of(step.body),
        timeout_s=step.timeout_s,
    )
    answer = await run.world.ask(request)
    ways = step.ways()
    if answer.outcome is Outcome.OK:
        taken = {name: _field(answer.content, field) for name, field in step.take.items()}
        missing = [name for name, value in taken.items() if value is None]
        if missing:
            logger.error("the answer of %s has no %s", step.connection, ", ".join(missing))
            return Way("not_ok")
        for name, value in taken.items():
            run.variables.put(name, str(value))
        return Way("ok")
    if answer.outcome is Outcome.LET_THROUGH:
        without = "not_ok" if step.take else "ok"
        return Way("let_through" if "let_through" in ways else without)
    return Way("timed_out" if answer.outcome is Outcome.TIMED_OUT and "timed_out" in ways else "not_ok")


def _path(template: str, run: FlowRun) -> str:
    """Gaps quoted, so that no value can lead to another path."""
    if any("." in gap.name or gap.form != "text" for gap in gaps(template)):
        raise NotSet("a path takes variables as they are")
    return run.variables.fill(template, quote=_part_of_a_path)


def _part_of_a_path(value: str) -> str:
    if not value.strip("."):
        raise NotSet("a value is no part of a path")
    return _quoted(value)


def _quoted(value: str) -> str:
    """A value as a part of a path (RFC 3986, section 2.3): whatever is not unreserved becomes ``%xx``."""
    return "".join(char if char in _UNRESERVED else "".join(f"%{byte:02X}" for byte in char.encode()) for char in value)


class _Body:
    """What is sent, its gaps filled: no more than ``LONGEST_BODY`` in all."""

    def __init__(self, run: FlowRun) -> None:
        self._run = run
        self._left = LONGEST_BODY

    def of(self, content: Any) -> Any:
        """A part of it. Raises as ``Variables.fill``."""
        if isinstance(content, str):
            return self._counted(self._run.variables.fill(content, language=self._run.language, secrets=True))
        if isinstance(content, dict):
            return {name: self.of(one) for name, one in content.items()}
        if isinstance(content, list):
            return [self.of(one) for one in content]
        return content

    def _counted(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise TooLong(f"a body of more than {LONGEST_BODY} characters")
        return text


def _field(content: Any, field: str) -> str | None:
    """A value of the answer by its dotted name; None when it is not there or no single value."""
    for part in field.split("."):
        if isinstance(content, dict):
            content = content.get(part)
        elif isinstance(content, list) and part.isdigit() and int(part) < len(content):
            content = content[int(part)]
        else:
            return None
    if isinstance(content, bool):
        return "yes" if content else "no"
    return str(content) if isinstance(content, str | int | float) else None


async def _consent(step: Consent, run: FlowRun) -> Way:
    words = run.words(step.text)
    if step.recording:
        run.recording_announced, run.recording_refused = True, True
    for _ in range(step.attempts):
        # A key from before the words were heard agrees to nothing.
        key = await run.channel.ask(words, frozenset({step.yes, step.no}), step.timeout_s, fresh=True)
        if key in (step.yes, step.no):
            given = key == step.yes
            if step.recording:
                run.recording_refused = not given
            await run.world.consent(step.purpose, words, words.language, given=given)
            return Way("agreed" if given else "refused")
    return Way("otherwise")


def _words_if_any(text: Text | None, run: FlowRun) -> Words | None:
    """What is said beside something that matters more: when it cannot be read, it is left out."""
    try:
        return None if text is None else run.words(text)
    except (NotSet, Unreadable, TooLong) as error:
        logger.error("flow step %s says nothing: %s", run.named, error)
        return None


async def _enqueue(step: Enqueue, run: FlowRun) -> Way:
    words = _words_if_any(step.text, run)
    run.note(run.named, "queued")
    recording = step.record and run.recording_announced and not run.recording_refused
    journey, run.journey = run.journey, []
    await run.channel.enqueue(step, words, run.at, journey, recording=recording)
    return await after_waiting(step, run)


async def _hang_up(step: HangUp, run: FlowRun) -> None:
    words = _words_if_any(step.text, run)
    if words is not None:
        await run.channel.say(words, interruptible=False)
    run.note(run.named, "end")
    journey, run.journey = run.journey, []
    await run.channel.end(journey)


HANDLERS: dict[type[Step], StepHandler[Any]] = {
    Say: _say,
    Menu: _menu,
    Collect: _collect,
    Set: _set,
    Condition: _condition,
    HoursStep: _hours,
    BusinessCall: _business_call,
    Consent: _consent,
    Enqueue: _enqueue,
    HangUp: _hang_up,
}
