"""The door to cases."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Forbidden, NotFound
from careline.kernel.paging import Page
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.care.cases.services.changing import CaseService
from careline.modules.care.cases.services.showing import CaseReader
from careline.modules.care.cases.views import (
    AssigneeRef,
    CaseRef,
    CaseState,
    CaseType,
    CaseView,
    CaseWithHistory,
    NewCase,
    Opened,
)


class Cases:
    """Work to be finished for customers."""

    def __init__(self, service: CaseService, reader: CaseReader) -> None:
        self._service = service
        self._reader = reader

    async def open(self, actor: Actor, new: NewCase) -> Opened:
        """Open a case, once under each ``client_id``. Raises ``Invalid`` naming the field, and ``client-id-taken``."""
        return await self._service.open(actor, new)

    async def open_within(self, tx: Transaction, new: NewCase, zone: ZoneInfo) -> CaseRef:
        """Open a case in the caller's transaction, by the system itself; ``zone`` is the tenant's.

        That the customer and the contact are the tenant's is for the caller to know, and that it opens it once: it has
        no ``client_id``. Raises ``Invalid`` naming the field.
        """
        return await self._service.open_within(tx, new, zone)

    async def case(self, actor: Actor, case_id: UUID) -> CaseWithHistory:
        """One case with its history. Raises ``case-not-found``, ``outside-your-scope``."""
        await self._reader.check(actor, case_id, "case:read")
        return await self._reader.case(actor.tenant_id, case_id)

    async def opened(self, actor: Actor, case_id: UUID) -> CaseWithHistory:
        """The same of a case that the actor opened, whatever the actor may read."""
        await self._reader.check(actor, case_id, "case:write")
        return await self._reader.case(actor.tenant_id, case_id)

    async def cases(
        self,
        actor: Actor,
        *,
        states: Collection[CaseState] = (),
        types: Collection[CaseType] = (),
        assignee: str | None = None,
        query: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[CaseView]:
        """A page of cases, the newest first. ``assignee`` is ``me``, ``none`` or an id."""
        return await self._reader.cases(
            actor, states=states, types=types, assignee=assignee, query=query, after=after, limit=limit
        )

    async def of_customer(
        self, actor: Actor, customer_id: UUID, *, after: str | None = None, limit: int = 50
    ) -> Page[CaseView]:
        """A page of one customer's cases, the newest first. Raises ``customer-not-found``."""
        return await self._reader.of_customer(actor, customer_id, after=after, limit=limit)

    async def of_interaction(
        self, actor: Actor, interaction_id: UUID, *, after: str | None = None, limit: int = 50
    ) -> Page[CaseView]:
        """A page of the cases made out of one contact, the newest first. Raises ``interaction-not-found``."""
        return await self._reader.of_interaction(actor, interaction_id, after=after, limit=limit)

    async def assign(self, actor: Actor, case_id: UUID, assignee_id: UUID | None, version: int) -> CaseWithHistory:
        """Give it to an active agent, or to nobody. Raises ``case-changed``, ``case-assignee-unknown``."""
        await self._reader.check(actor, case_id, "case:write")
        await self._service.assign(actor, case_id, assignee_id, version)
        return await self._reader.case(actor.tenant_id, case_id)

    async def move(
        self, actor: Actor, case_id: UUID, to: CaseState, version: int, text: str | None = None
    ) -> CaseWithHistory:
        """Bring it into another state. Raises ``case-changed``, ``case-state-forbids``."""
        await self._reader.check(actor, case_id, "case:write")
        await self._service.move(actor, case_id, to, version, text)
        return await self._reader.case(actor.tenant_id, case_id)

    async def comment(self, actor: Actor, case_id: UUID, text: str) -> CaseWithHistory:
        """Write something about it."""
        await self._reader.check(actor, case_id, "case:write")
        await self._service.comment(actor, case_id, text)
        return await self._reader.case(actor.tenant_id, case_id)

    async def carried(self, tenant_id: TenantId, case_id: UUID) -> CaseWithHistory:
        """A case of a contact, for who has that contact in hand; that they have is for the caller to check."""
        return await self._reader.case(tenant_id, case_id)

    async def carry(self, actor: Actor, case_id: UUID, to: CaseState, text: str | None = None) -> None:
        """A case goes the way of its contact: it is the actor's, and in this state when it can come there.

        That the contact is theirs is for the caller to know. Raises ``case-not-found``.
        """
        await self._service.carry(actor, case_id, to, text)

    async def put_off_within(self, tx: Transaction, actor: Actor, case_id: UUID, until: datetime, text: str) -> None:
        """Note in the caller's transaction that a case is to be gone on with at a time, and why.

        That it is theirs to say is for the caller to know. Raises ``case-not-found``, ``Invalid``.
        """
        await self._service.put_off_within(tx, actor, case_id, until, text)

    async def may_read(self, actor: Actor, case_id: UUID) -> bool:
        """Whether there is such a case, within the actor's reach."""
        try:
            await self._reader.check(actor, case_id, "case:read")
        except (Forbidden, NotFound):
            return False
        return True

    async def assignees(self, actor: Actor) -> list[AssigneeRef]:
        """Who may hold a case, as far as the actor reaches."""
        return await self._reader.assignees(actor)
