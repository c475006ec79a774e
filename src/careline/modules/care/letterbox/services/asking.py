"""The step ``take_message`` of a flow: the customer of a chat is asked to leave a message."""

import asyncio

from careline.modules.care.letterbox.services.letters import Letters
from careline.modules.care.letterbox.views import TakeMessage
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel, CustomerLeft, CustomerSaid
from careline.modules.contact.flows.views import FlowRun


class TakeMessageStep:
    """Carries out the step; a ``StepHandler`` of flows."""

    def __init__(self, letters: Letters, conversations: Conversations) -> None:
        self._letters = letters
        self._conversations = conversations

    async def __call__(self, step: TakeMessage, run: FlowRun) -> str:
        """Ask, and wait for a message. After a restart it goes on where it was."""
        if run.channel.kind != Channel.WEBCHAT.value:
            return step.otherwise
        tenant_id, interaction_id = run.subject.tenant_id, run.subject.interaction_id
        with self._letters.awaited(interaction_id) as left:
            asked = await self._letters.is_asked(tenant_id, interaction_id)
            if asked is None:
                await run.channel.keep_place(run.at)
                await run.channel.say(run.text(step.text), interruptible=False)
                interaction = await self._conversations.interaction(tenant_id, interaction_id)
                consent = str(run.text(step.consent))  # plain: it is stored and sent, and needs no voice
                await self._letters.ask(interaction, step.queue, consent, run.language)
            elif not asked:
                return step.next
            waiting = asyncio.ensure_future(self._until_gone(step, run))
            leaving = asyncio.ensure_future(left.wait())
            try:
                await asyncio.wait((waiting, leaving), timeout=step.wait_min * 60, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
                leaving.cancel()
                await asyncio.gather(waiting, leaving, return_exceptions=True)
            return step.next if left.is_set() else step.otherwise

    async def _until_gone(self, step: TakeMessage, run: FlowRun) -> None:
        """Until the customer has left; who writes on is told once that the form is the way."""
        signals = self._conversations.chat_signals(run.subject.interaction_id)
        reminder = step.reminder
        try:
            while not isinstance(signal := await signals.get(), CustomerLeft):
                if isinstance(signal, CustomerSaid) and reminder is not None:
                    await run.channel.say(run.text(reminder), interruptible=False)
                    reminder = None
        finally:
            signals.close()
