"""The step ``rate`` of a flow: the customer is asked for a score, which a caller presses and a chatter types."""

import asyncio

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
            key = await self._answer(step, run)
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

    async def _answer(self, step: Rate, run: FlowRun) -> str | None:
        """What is pressed or typed. None when nothing is, also because the page's own stars were used meanwhile."""
        with self._ratings.awaited(run.subject.interaction_id) as rated:
            asking = asyncio.ensure_future(run.channel.ask(run.text(step.text), KEYS, step.timeout_s))
            elsewhere = asyncio.ensure_future(rated.wait())
            try:
                await asyncio.wait((asking, elsewhere), return_when=asyncio.FIRST_COMPLETED)
                return asking.result() if asking.done() else None
            finally:
                asking.cancel()
                elsewhere.cancel()
                await asyncio.gather(asking, elsewhere, return_exceptions=True)
