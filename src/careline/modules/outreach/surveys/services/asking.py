"""The step ``rate`` of a flow: the customer is asked for a score with one key."""

from careline.modules.contact.conversations.views import Channel
from careline.modules.contact.flows.views import FlowRun
from careline.modules.outreach.surveys.rules import KEYS
from careline.modules.outreach.surveys.services.rating import Ratings
from careline.modules.outreach.surveys.views import Rate


class RateStep:
    """Carries out the step; a ``StepHandler`` of flows."""

    def __init__(self, ratings: Ratings) -> None:
        self._ratings = ratings

    async def __call__(self, step: Rate, run: FlowRun) -> str:
        """Ask, store and say thanks; whatever comes, the flow goes on. Raises ``CustomerGone`` when they leave."""
        contact = run.subject
        if await self._ratings.rating(contact.tenant_id, contact.interaction_id) is not None:
            return step.next
        for _ in range(step.attempts):
            key = await run.channel.ask(run.text(step.text), KEYS, step.timeout_s)
            if key is None:
                return step.next
            if key in KEYS:
                # Stored before anything more is said: many hang up right after the key.
                await self._ratings.by_flow(
                    contact.tenant_id, contact.interaction_id, Channel(run.channel.kind), int(key)
                )
                if step.thanks is not None:
                    await run.channel.say(run.text(step.thanks), interruptible=False)
                return step.next
        return step.next
