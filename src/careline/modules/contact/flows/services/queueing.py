"""A flow puts its customer into a queue: one transaction for the segment, the work item, the journey and the place."""

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.clock import Clock
from careline.kernel.errors import Conflict
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.flows.engine.channel import CustomerGone, Served
from careline.modules.contact.flows.engine.interpreter import LEFT
from careline.modules.contact.flows.engine.steps import CHINESE, Enqueue
from careline.modules.contact.flows.events import StepTaken
from careline.modules.contact.flows.repository import flows as repository
from careline.modules.contact.flows.services.facts import FactFinder
from careline.modules.contact.flows.services.overflow import Overflows, first
from careline.modules.contact.flows.views import PublishedFlow
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Media, NewItem

S = TypeVar("S")


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """The customer that a flow runs with. For a call the interaction's id is the call's.

    ``library`` are the flows that it may call, by code, in the versions that were in force when it began;
    ``time_zone`` is the centre's.
    """

    tenant_id: TenantId
    interaction_id: UUID
    media: Media
    flow: PublishedFlow
    language: str
    library: Mapping[str, PublishedFlow] = {}
    time_zone: str = "UTC"


class Queueing(Protocol):
    """What channels need for the end of the machine's part."""

    async def enqueue(
        self, contact: Contact, step: Enqueue, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        """Ask for a person. A restart takes the contact up ``at`` this place."""
        ...

    async def until_left(self, contact: Contact, signal: Coroutine[Any, Any, S]) -> S | Served:
        """The customer's next signal, or how their queue let go of them: then the flow has them back."""
        ...

    async def note(self, contact: Contact, journey: list[tuple[str, str]]) -> None:
        """Store the steps taken since it was last done."""
        ...

    async def keep_place(self, contact: Contact, step: str) -> None:
        """Store where a restart takes the contact up."""
        ...


class StoredQueueing:
    """Queueing in the database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        routing: Routing,
        conversations: Conversations,
        telephony: Telephony,
        facts: FactFinder,
        overflows: Overflows,
    ) -> None:
        self._database = database
        self._facts = facts
        self._overflows = overflows
        self._clock = clock
        self._routing = routing
        self._conversations = conversations
        self._telephony = telephony

    async def enqueue(
        self, contact: Contact, step: Enqueue, at: str, journey: list[tuple[str, str]], *, recording: bool
    ) -> None:
        if await self._routing.is_waiting(contact.tenant_id, contact.interaction_id):
            # They asked before, and the answer to that commit was lost: they have their place.
            async with self._database.transaction(contact.tenant_id) as tx:
                await self._store_journey(tx, contact, journey)
                await repository.store_run(tx, contact.interaction_id, contact.flow, at, contact.language)
            return
        preferred, kind = await self._who_asks(contact, step)
        item = NewItem(
            id=new_id(),
            interaction_id=contact.interaction_id,
            media=contact.media,
            queue=step.queue,
            enqueued_at=self._clock.now(),
            priority=step.priority,
            preferred_agent_id=preferred,
            kind=kind,
        )
        self._overflows.forget(contact.interaction_id)
        self._overflows.expect(contact.interaction_id)
        async with self._database.transaction(contact.tenant_id) as tx:
            await self._conversations.enter_queue(tx, contact.interaction_id, step.queue)
            await self._store_journey(tx, contact, journey)
            await repository.store_run(tx, contact.interaction_id, contact.flow, at, contact.language)
            if recording:
                await self._telephony.allow_recording(tx, contact.interaction_id)
            await self._routing.enqueue(tx, item)

    async def _who_asks(self, contact: Contact, step: Enqueue) -> tuple[UUID | None, str]:
        """The agent of last time and the kind of customer, looked up where the queue makes a difference of it."""
        tenant_id, interaction_id = contact.tenant_id, contact.interaction_id
        matters = self._routing.what_matters(tenant_id, step.queue)
        preferred = await self._conversations.last_agent(tenant_id, interaction_id) if matters.last_agent else None
        if step.customer_kind is not None:
            return preferred, step.customer_kind
        return preferred, await self._facts.kind(tenant_id, interaction_id) if matters.kind else ""

    async def until_left(self, contact: Contact, signal: Coroutine[Any, Any, S]) -> S | Served:
        heard = await first(signal, self._overflows.expect(contact.interaction_id))
        if isinstance(heard, Served):
            self._overflows.forget(contact.interaction_id)
            try:
                async with self._database.transaction(contact.tenant_id) as tx:
                    await self._conversations.back_to_flow(tx, contact.interaction_id)
            except Conflict:
                # They left in the same moment.
                raise CustomerGone from None
        return heard

    async def note(self, contact: Contact, journey: list[tuple[str, str]]) -> None:
        if not journey:
            return
        async with self._database.transaction(contact.tenant_id) as tx:
            await self._store_journey(tx, contact, journey)

    async def keep_place(self, contact: Contact, step: str) -> None:
        async with self._database.transaction(contact.tenant_id) as tx:
            await repository.store_run(tx, contact.interaction_id, contact.flow, step, contact.language)

    async def _store_journey(self, tx: Transaction, contact: Contact, journey: list[tuple[str, str]]) -> None:
        for step, way in journey:
            words = _words(contact, step, way)
            if words:
                await self._conversations.note_step(tx, contact.interaction_id, step, words)
            tx.emit(
                StepTaken(
                    interaction_id=contact.interaction_id,
                    flow_code=contact.flow.code,
                    version=contact.flow.version,
                    step=step,
                    way=way,
                ),
                subject=contact.interaction_id,
            )


def _words(contact: Contact, step: str, way: str) -> str:
    """What an agent reads of a step: its title, and of a choice where it led. Steps without a title are not shown.

    That somebody asked for a person is shown when they did; how their waiting ended is no second step.
    """
    steps, name = _steps_around(contact, step)
    if way == LEFT:
        return ""
    if steps.get(name, {}).get("kind") == "enqueue" and way not in ("queued", "failed"):
        return ""
    title = _title(steps.get(name))
    led_to = _title(steps.get(steps.get(name, {}).get("choices", {}).get(way)))
    return f"{title}：{led_to}" if title and led_to else title


def _steps_around(contact: Contact, step: str) -> tuple[dict[str, Any], str]:
    """The steps of the flow that a step of the journey is of, ``identify/ask-pin``, and its name there."""
    *calls, name = step.split("/")
    steps: dict[str, Any] = contact.flow.definition["steps"]
    for call in calls:
        called = contact.library.get(steps.get(call, {}).get("flow", ""))
        steps = {} if called is None else called.definition["steps"]
    return steps, name


def _title(step: dict[str, Any] | None) -> str:
    return str(((step or {}).get("title") or {}).get(CHINESE, ""))
