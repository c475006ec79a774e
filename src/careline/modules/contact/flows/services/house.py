"""The house around the flow of one contact."""

import logging
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from careline.infra.database.database import Database
from careline.kernel.clock import Clock
from careline.kernel.errors import Conflict, DomainError, Invalid, Param, TooMany
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel
from careline.modules.contact.flows.engine.world import BusinessAnswer, BusinessRequest, Load, Opening, Outcome, Proven
from careline.modules.contact.flows.ports import Reply, TookTooLong
from careline.modules.contact.flows.services.connections import Connections
from careline.modules.contact.flows.services.facts import FactFinder
from careline.modules.contact.flows.services.queueing import Contact
from careline.modules.core.hours.facade import Hours
from careline.modules.core.hours.views import CalendarView
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.views import Assurance, ConsentBasis, ConsentPurpose, ConsentWay, NewConsent
from careline.modules.directory.identity.facade import Identity

logger = logging.getLogger(__name__)

_SEPARATE = (ConsentPurpose.VOICE,)


class Rooms(msgspec.Struct, frozen=True, kw_only=True):
    """What a flow may ask of, whoever it runs with."""

    database: Database
    clock: Clock
    facts: FactFinder
    connections: Connections
    conversations: Conversations
    customers: Customers
    routing: Routing
    hours: Hours
    identity: Identity

    async def times(self, tenant_id: TenantId) -> dict[str, str]:
        """The time as the centre's wall shows it."""
        tenant = await self.identity.tenant(tenant_id)
        return clock_facts(self.clock.now(), tenant.time_zone)

    async def opening(self, tenant_id: TenantId, calendar: str) -> Opening | None:
        """How a calendar stands."""
        for view in await self.hours.calendars(tenant_id):
            if view.name == calendar:
                return _opening(view, self.hours.now(view).open_now, self.clock.now())
        return None

    def load(self, tenant_id: TenantId, queue: str) -> Load | None:
        """A queue now."""
        found = next((one for one in self.routing.queues_now(tenant_id) if one.queue.code == queue), None)
        if found is None:
            return None
        wait = self.conversations.expected_wait_at(tenant_id, found.queue.id, found.waiting + 1)
        seconds = None if wait is None else wait.minutes * (30 if wait.word == "under" else 60)
        return Load(waiting=found.waiting, wait_s=seconds, ready=found.agents.get("ready", 0))


class House:
    """A ``World`` for one contact."""

    def __init__(self, rooms: Rooms, contact: Contact) -> None:
        self._rooms = rooms
        self._contact = contact

    async def facts(self) -> Mapping[str, str]:
        """Looked up when somebody asks, not before."""
        contact = self._contact
        known = await self._rooms.facts.of(contact.tenant_id, contact.interaction_id)
        return {**known, **await self._rooms.times(contact.tenant_id)}

    async def load(self, queue: str) -> Load | None:
        """A queue now."""
        return self._rooms.load(self._contact.tenant_id, queue)

    async def opening(self, calendar: str) -> Opening | None:
        """How a calendar stands."""
        return await self._rooms.opening(self._contact.tenant_id, calendar)

    async def ask(self, request: BusinessRequest) -> BusinessAnswer:
        """Ask, and say what came of it. Nothing that was asked or answered is written down."""
        reply, let_through = await self._rooms.connections.ask(self._contact.tenant_id, request)
        if isinstance(reply, Reply) and reply.status < 500:
            # A refusal is an answer of a system that works: nobody is let through for it.
            outcome = Outcome.OK if 200 <= reply.status < 300 else Outcome.FAILED
            return BusinessAnswer(outcome=outcome, content=reply.content)
        why = f"answered {reply.status}" if isinstance(reply, Reply) else type(reply).__name__
        logger.warning("business system %s: %s", request.connection, why)
        if let_through:
            await self._note_let_through(request.connection)
            return BusinessAnswer(outcome=Outcome.LET_THROUGH)
        return BusinessAnswer(outcome=Outcome.TIMED_OUT if isinstance(reply, TookTooLong) else Outcome.FAILED)

    async def assurance(self) -> str:
        """How sure we are now: an agent, or the customer at another step, may have changed it."""
        interaction = await self._rooms.conversations.interaction(self._contact.tenant_id, self._contact.interaction_id)
        return interaction.assurance.value

    async def can_prove(self) -> bool:
        """Whether there is a service password to ask for."""
        return await self._rooms.conversations.has_service_password(
            self._contact.tenant_id, self._contact.interaction_id
        )

    async def prove(self, keyed: str) -> Proven:
        """Compare a service password. The digits go to the directory and stand nowhere else."""
        try:
            right = await self._rooms.conversations.try_service_password(
                self._contact.tenant_id, self._contact.interaction_id, keyed
            )
        except Invalid:
            return Proven.WRONG  # not even as many digits as one has: no guess, and not counted as one
        except (TooMany, Conflict) as refusal:
            logger.warning("call %s may key no more service passwords: %s", self._contact.interaction_id, refusal.code)
            return Proven.REFUSED
        return Proven.RIGHT if right else Proven.WRONG

    async def consent(self, purpose: str, words: str, language: str, *, given: bool) -> None:
        """Written down of whom we are surer than by a number: a number alone changes nothing of anybody's."""
        contact, rooms = self._contact, self._rooms
        interaction = await rooms.conversations.interaction(contact.tenant_id, contact.interaction_id)
        sure = interaction.assurance.satisfies(Assurance.ONE_TIME_CODE)
        if interaction.customer_id is None or not sure:
            return
        known = ConsentPurpose(purpose)
        new = NewConsent(
            purpose=known,
            given=given,
            basis=ConsentBasis.SEPARATE if known in _SEPARATE else ConsentBasis.CONSENT,
            how=ConsentWay.CALL if interaction.channel is Channel.VOICE else ConsentWay.CHAT,
            proof=words,
            proof_version=f"{contact.flow.code} {contact.flow.version}",
        )
        try:
            await rooms.customers.record_consent(system_actor(contact.tenant_id), interaction.customer_id, new)
        except DomainError as refusal:
            logger.error("the consent given in %s is not written down: %s", contact.interaction_id, refusal.code)
            raise

    async def _note_let_through(self, connection: str) -> None:
        contact, rooms = self._contact, self._rooms
        actor = system_actor(contact.tenant_id)
        told: dict[str, Param] = {"connection": connection, "flow": contact.flow.code, "version": contact.flow.version}
        async with rooms.database.transaction(contact.tenant_id, actor=actor.ref) as tx:
            await rooms.identity.audit(tx, actor, "flow.let-through", contact.interaction_id, told)


def clock_facts(now: datetime, time_zone: str) -> dict[str, str]:
    """An instant as a wall of the time zone shows it."""
    wall = now.astimezone(ZoneInfo(time_zone))
    return {
        "time.clock": f"{wall:%H:%M}",
        "time.date": wall.date().isoformat(),
        "time.weekday": str(wall.isoweekday()),
    }


def _opening(view: CalendarView, open_now: bool, now: datetime) -> Opening:
    if open_now:
        return Opening.OPEN
    today = now.astimezone(ZoneInfo(view.calendar.time_zone)).date()
    named = any(one.day == today and one.like is None for one in view.calendar.exceptions)
    return Opening.HOLIDAY if named else Opening.CLOSED
