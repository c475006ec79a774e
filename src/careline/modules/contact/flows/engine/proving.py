"""The step in which a caller proves who they are."""

from typing import Annotated, ClassVar

import msgspec

from careline.modules.contact.flows.engine.channel import Wanted
from careline.modules.contact.flows.engine.interpreter import FlowRun, Way
from careline.modules.contact.flows.engine.steps import Seconds, Step, StepName, Text
from careline.modules.contact.flows.engine.world import Proven

DIGITS = 6


class ServicePassword(Step, frozen=True, kw_only=True, tag="service_password", tag_field="kind"):
    """Ask a caller for the service password of the line they call from; who keys it rightly is known by it afterwards.

    The six digits are compared by the directory and reach nothing else. ``passed`` is taken when they were right, and
    at once by who is known so well already. ``refused`` is taken after ``attempts`` wrong ones, when there were too
    many in this contact, and while the line has to wait after others. ``otherwise`` is taken when there is nothing to
    ask for (no customer's line, or one without a password), when nothing was keyed, and in a chat, which cannot hide
    what is typed in it. ``wrong`` is said before it is asked for again.
    """

    channels: ClassVar[frozenset[str] | None] = frozenset({"voice"})

    text: Text
    passed: StepName
    refused: StepName
    otherwise: StepName
    wrong: Text | None = None
    timeout_s: Seconds = 6
    between_s: Seconds = 4
    attempts: Annotated[int, msgspec.Meta(ge=1, le=3)] = 3

    def ways(self) -> dict[str, str]:
        return {"passed": self.passed, "refused": self.refused, "otherwise": self.otherwise}

    def texts(self) -> list[Text]:
        return [self.text] if self.wrong is None else [self.text, self.wrong]

    def proves(self) -> dict[str, str]:
        return {"passed": "service_password"}


async def ask_service_password(step: ServicePassword, run: FlowRun) -> Way:
    """Carry it out."""
    if await run.is_assured("service_password"):
        return Way("passed")
    if run.channel.kind != "voice" or not await run.world.can_prove():
        return Way("otherwise")
    prompt = run.words(step.text)
    wanted = Wanted(
        most=DIGITS,
        terminator="#",
        timeout_s=step.timeout_s,
        between_s=step.between_s,
        interruptible=True,
        secret=True,
    )
    keyed = False
    for attempt in range(step.attempts):
        given = await run.channel.collect(prompt, wanted)
        if given is None:
            continue
        keyed = True
        proven = await run.world.prove(given)
        if proven is Proven.RIGHT:
            return Way("passed")
        if proven is Proven.REFUSED:
            return Way("refused")
        if step.wrong is not None and attempt + 1 < step.attempts:
            await run.channel.say(run.words(step.wrong), interruptible=False)
    return Way("refused" if keyed else "otherwise")
