"""Flows run: one task for each contact that is with a machine or waits."""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Coroutine, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.failures import why_unusable
from careline.kernel.errors import DomainError
from careline.kernel.events import Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.events import InteractionOpened
from careline.modules.contact.conversations.views import Channel as ContactChannel
from careline.modules.contact.conversations.views import InteractionState
from careline.modules.contact.flows.engine import places
from careline.modules.contact.flows.engine.channel import CustomerGone
from careline.modules.contact.flows.engine.interpreter import Called, FlowRun, StepHandler
from careline.modules.contact.flows.engine.kinds import BUILT_IN_HANDLERS
from careline.modules.contact.flows.engine.steps import CHINESE, Step
from careline.modules.contact.flows.engine.words import in_language
from careline.modules.contact.flows.ports import Speech
from careline.modules.contact.flows.repository import flows as repository
from careline.modules.contact.flows.services.chat_channel import ChatChannel
from careline.modules.contact.flows.services.house import House, Rooms
from careline.modules.contact.flows.services.overflow import Overflows
from careline.modules.contact.flows.services.queueing import Contact, StoredQueueing
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.services.voice_channel import VoiceChannel
from careline.modules.contact.flows.views import PublishedFlow
from careline.modules.contact.telephony.events import CallRecovered
from careline.modules.contact.telephony.facade import CallGone, Telephony
from careline.modules.core.routing.views import Media

logger = logging.getLogger(__name__)

APOLOGY = {
    "zh-CN": "抱歉，系统暂时无法为您服务，请稍后再试，或拨打客服热线。",
    "en": "Sorry, we cannot serve you just now. Please try again later, or call our hotline.",
}
"""What a visitor reads when the flow that should have served them cannot be run."""

TRY_AGAIN_S = (1, 2, 5, 10)
"""How long a flow waits that the database broke, before it is taken up again; from then on always the last."""

LED = (InteractionState.FLOW, InteractionState.QUEUED, InteractionState.TALKING)
"""A flow is with them, or waits for how their waiting or their talk ends."""

Handlers = Mapping[type[Step], StepHandler[Any]]


class FlowRunner:
    """Begins a flow for each contact that opens, and takes up those that a restart left alone."""

    def __init__(
        self,
        database: Database,
        studio: Studio,
        queueing: StoredQueueing,
        rooms: Rooms,
        telephony: Telephony,
        speech: Speech,
        handlers: Handlers,
        overflows: Overflows,
    ) -> None:
        self._database = database
        self._studio = studio
        self._queueing = queueing
        self._rooms = rooms
        self._conversations = rooms.conversations
        self._telephony = telephony
        self._routing = rooms.routing
        self._speech = speech
        self._handlers = {**BUILT_IN_HANDLERS, **handlers}
        self._overflows = overflows
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._interrupted: dict[UUID, FlowRun] = {}

    def __len__(self) -> int:
        """How many contacts are with a machine, wait, or talk."""
        return len(self._tasks)

    def opened(self, event: InteractionOpened, recorded: Recorded) -> None:
        """A contact began. What was left, a flow has asked for: none leads it on."""
        if event.interaction_id in self._tasks:
            return
        if event.channel is ContactChannel.VOICE:
            self._begin(event.interaction_id, self._call(recorded.tenant_id, event.interaction_id))
        elif event.channel is ContactChannel.WEBCHAT:
            chat = self._chat(recorded.tenant_id, event.interaction_id)
            self._begin(event.interaction_id, self._or_word(recorded.tenant_id, event.interaction_id, chat))

    def call_recovered(self, event: CallRecovered, recorded: Recorded) -> None:
        """A caller was found alive after a restart, or comes back from the safe dialplan."""
        before = self._tasks.get(event.call_id)
        again = self._resume_call(recorded.tenant_id, event.call_id, connected=event.connected)
        if before is None:
            self._begin(event.call_id, again)
        else:
            self._begin(event.call_id, _instead(before, again))

    async def resume_chats(self, tenant_id: TenantId) -> None:
        """After a start: chats that were with a machine, wait, or talk get their flow back."""
        for interaction in await self._conversations.open_interactions(tenant_id, ContactChannel.WEBCHAT):
            if interaction.id not in self._tasks:
                chat = self._resume_chat(tenant_id, interaction.id)
                self._begin(interaction.id, self._or_word(tenant_id, interaction.id, chat))

    async def stop(self) -> None:
        """Stop running; contacts stay as they are and are taken up after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, interaction_id: UUID, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"flow:{interaction_id}")
        self._tasks[interaction_id] = task
        task.add_done_callback(lambda ended: self._over(interaction_id, ended))

    def _over(self, interaction_id: UUID, ended: asyncio.Task[None]) -> None:
        if self._tasks.get(interaction_id) is ended:
            del self._tasks[interaction_id]
            self._overflows.forget(interaction_id)
            self._interrupted.pop(interaction_id, None)

    async def _call(self, tenant_id: TenantId, call_id: UUID) -> None:
        async def go() -> None:
            published = await self._studio.in_force(tenant_id, code=self._telephony.entry_flow(call_id))
            contact = await self._contact(tenant_id, call_id, Media.VOICE, published, CHINESE)
            channel = VoiceChannel(contact, self._telephony, self._speech, self._queueing)
            await channel.answer()
            run = self._run(contact, channel)
            await run.run()
            await self._queueing.note(contact, run.journey)

        await self._or_safety(call_id, go())

    async def _resume_call(self, tenant_id: TenantId, call_id: UUID, *, connected: bool) -> None:
        async def go() -> None:
            place = await self._place(tenant_id, call_id)
            if place is None:
                await self._call(tenant_id, call_id)
                return
            published, step, language = place
            contact = await self._contact(tenant_id, call_id, Media.VOICE, published, language, at=step)
            channel = VoiceChannel(contact, self._telephony, self._speech, self._queueing)
            run = self._run(contact, channel)
            if connected or await self._readmit(channel, tenant_id, call_id):
                await run.resume(step)
            else:
                # The agent was lost meanwhile: the caller asks for a person again, at the same step.
                await run.run(step)
            await self._queueing.note(contact, run.journey)

        await self._or_safety(call_id, go())

    async def _readmit(self, channel: VoiceChannel, tenant_id: TenantId, call_id: UUID) -> bool:
        await channel.play_music()
        self._overflows.expect(call_id)
        return await self._routing.readmit(tenant_id, call_id)

    async def _chat(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        published = await self._studio.in_force(tenant_id, channel=ContactChannel.WEBCHAT.value)
        interaction = await self._conversations.interaction(tenant_id, interaction_id)
        language = await self._conversations.language(tenant_id, interaction.conversation_id)
        contact = await self._contact(tenant_id, interaction_id, Media.CHAT, published, language)
        await self._run_chat(contact, None)

    async def _resume_chat(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        run = self._interrupted.pop(interaction_id, None)
        if run is not None:
            contact, step = msgspec.structs.replace(run.subject, language=run.language), run.at
        elif (place := await self._place(tenant_id, interaction_id)) is not None:
            published, step, language = place
            contact = await self._contact(tenant_id, interaction_id, Media.CHAT, published, language, at=step)
        else:
            await self._chat(tenant_id, interaction_id)
            return
        state = (await self._conversations.interaction(tenant_id, interaction_id)).state
        # The queue let go of them, and we died before the flow had heard it or had gone on: they ask again, and hear it
        # now. Who waits in a step of another kind takes that step again.
        let_go = state is InteractionState.QUEUED and not await self._is_in_line(tenant_id, interaction_id)
        await self._run_chat(contact, step, asks_again=let_go or state is InteractionState.FLOW, before=run)

    async def _is_in_line(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """They wait, or somebody has taken them in this moment."""
        waits = await self._routing.is_waiting(tenant_id, interaction_id)
        return waits or self._routing.place(tenant_id, interaction_id) is not None

    async def _run_chat(
        self,
        contact: Contact,
        resume_at: str | None,
        *,
        asks_again: bool = False,
        before: FlowRun | None = None,
    ) -> None:
        """Run it, or go on; what is known from the run ``before``, which the database broke, is still known."""
        channel = ChatChannel(contact, self._conversations, self._queueing)
        run = self._run(contact, channel)
        if before is not None:
            run.journey += before.journey
            run.variables = before.variables
        try:
            await (run.run(resume_at) if resume_at is None or asks_again else run.resume(resume_at))
            await self._queueing.note(contact, run.journey)
        except Exception:
            self._interrupted[contact.interaction_id] = run
            raise
        finally:
            channel.close()

    def _run(self, contact: Contact, channel: VoiceChannel | ChatChannel) -> FlowRun:
        return FlowRun(
            self._studio.read(contact.flow),
            channel,
            House(self._rooms, contact),
            self._handlers,
            language=contact.language,
            subject=contact,
            # Who writes can wait until the database is back, and goes on. Who listens must hear something now.
            passing=_the_database if contact.media is Media.CHAT else _nothing,
            library={
                code: Called(version=known.version, flow=self._studio.read(known))
                for code, known in contact.library.items()
            },
            speaks=self._speech.speaks if contact.media is Media.VOICE else _everything,
            zone=ZoneInfo(contact.time_zone),
        )

    async def _contact(
        self,
        tenant_id: TenantId,
        interaction_id: UUID,
        media: Media,
        flow: PublishedFlow,
        language: str,
        *,
        at: str = "",
    ) -> Contact:
        """A contact with the flows that it may call; those it is in (``at``) in the versions that it began with."""
        library = await self._studio.library(tenant_id, flow, places.read(at).calls)
        return Contact(
            tenant_id=tenant_id,
            interaction_id=interaction_id,
            media=media,
            flow=flow,
            language=language,
            library=library,
            time_zone=(await self._rooms.identity.tenant(tenant_id)).time_zone,
        )

    async def _place(self, tenant_id: TenantId, interaction_id: UUID) -> tuple[PublishedFlow, str, str] | None:
        async with self._database.glance(tenant_id) as reading:
            row = await repository.run_of(reading, interaction_id)
        if row is None:
            return None
        return await self._studio.version(tenant_id, row.flow_id, row.version), row.step, row.language

    async def _or_word(self, tenant_id: TenantId, interaction_id: UUID, work: Awaitable[None]) -> None:
        """Whatever breaks, a visitor is told. Who waits for a person, or has one, is left to them.

        While the database is away nobody can be told anything: when it is back, the flow goes on as after a restart.
        """
        for pause_s in itertools.chain(TRY_AGAIN_S, itertools.repeat(TRY_AGAIN_S[-1])):
            try:
                await self._or_apology(tenant_id, interaction_id, work)
            except Exception as error:
                if why_unusable(error) is None:
                    raise
            else:
                return
            await asyncio.sleep(pause_s)
            work = self._resume_live_chat(tenant_id, interaction_id)

    async def _or_apology(self, tenant_id: TenantId, interaction_id: UUID, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            logger.exception("the flow of chat %s broke", interaction_id)
            if why_unusable(error) is not None:
                raise
            with contextlib.suppress(DomainError):
                interaction = await self._conversations.interaction(tenant_id, interaction_id)
                if interaction.state is InteractionState.FLOW:
                    language = await self._conversations.language(tenant_id, interaction.conversation_id)
                    await self._conversations.post_bot(tenant_id, interaction_id, in_language(APOLOGY, language))
                    await self._conversations.end(tenant_id, interaction_id, by="flow")

    async def _resume_live_chat(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        if (await self._conversations.interaction(tenant_id, interaction_id)).state in LED:
            await self._resume_chat(tenant_id, interaction_id)

    async def _or_safety(self, call_id: UUID, work: Awaitable[None]) -> None:
        """Whatever breaks, the caller is handed on, never left in silence."""
        try:
            await work
        except (CustomerGone, CallGone):
            return
        except Exception:
            logger.exception("the flow of call %s broke; the caller is handed to the safe dialplan", call_id)
            await self._telephony.hand_to_safety(call_id)


def _the_database(error: Exception) -> bool:
    return why_unusable(error) is not None


def _everything(_language: str) -> bool:
    return True


def _nothing(_error: Exception) -> bool:
    return False


async def _instead(before: asyncio.Task[None], again: Awaitable[None]) -> None:
    """What ran knows nothing of where its caller has been: it ends before it is taken up again."""
    before.cancel()
    await asyncio.gather(before, return_exceptions=True)
    await again
